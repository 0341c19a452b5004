//! Lists whose names and sources come from memory are those of the store, to the byte.

use kaiin::service::asked::{Viewer, answer_csv};

use super::chance::{Chance, times};
use super::site::Site;
use crate::cli::program::Office;
use crate::cli::samples::Sample;

fn compare(asked: (&Site, &Site), seed: u64) {
    let (store, memory) = asked;
    let vintage = memory.block_on(memory.kept.vintage(&memory.workspace, None)).expect("something is known");
    memory.block_on(vintage.take_at_hand(&memory.workspace)).expect("the store can be read");
    let associations = store.block_on(store.workspace.store.associations()).expect("the store can be read");
    let codes: Vec<&str> = associations.iter().map(|body| body.code.as_str()).collect();
    let mut chance = Chance::new(seed);
    let mut n_persons = 0;
    for _ in 0..times(20) {
        let known = if chance.is(20) { "&known=2025-10-31" } else { "" };
        let query = format!("on={}&body={}{known}", chance.day("2025-09-01", 150), chance.one_of(&codes));
        let viewer = Viewer::of_everything();
        let page = store.page(&query, &viewer);
        assert!(page == memory.page(&query, &viewer), "{query}: {page}");
        if !page.contains("class=\"said\"") {
            continue;
        }
        let [one, other] = [store, memory].map(|site| site.answer(&query));
        let files = [&one, &other].map(|answer| answer_csv(answer).expect("a file"));
        assert!(files[0] == files[1], "{query}");
        n_persons += one.persons.map_or(0, |(list, _)| list.rows.len());
    }
    assert!(n_persons > 200, "{n_persons}");
}

#[test]
fn names_and_sources_from_memory_are_those_of_the_store() {
    for (seed, sample) in [(1, Sample::saitama()), (2, Sample::three_prefectures())] {
        compare((&Site::of(&sample), &Site::of(&sample)), seed);
    }
}

/// A replaced file leaves copies, and what was taken back speaks no more.
#[test]
fn replaced_and_taken_back_files_are_told_alike() {
    let sample = Sample::saitama();
    let paths: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    let office = Office::new();
    office.import(&paths[..4].join(" "));
    let file = paths[3].rsplit('/').next().expect("a file has a name");
    assert_eq!(office.run(&format!("import --take-back {file} --reason 差し替え")).exit, Some(0));
    let text = std::fs::read(&paths[3]).expect("the sample can be read");
    let end = text.len() - text.iter().rev().skip(1).position(|byte| *byte == b'\n').expect("it has lines") - 1;
    office.save("members_2025-11-30.csv", &text[..end]);
    office.import("members_2025-11-30.csv");
    office.import(&paths[4]);
    compare((&Site::at(&office), &Site::at(&office)), 3);
}
