//! A world in files, and the same world put into a store without them.

use std::collections::BTreeMap;
use std::path::Path;

use super::{WORLD, answer, filled};
use crate::cli::program::Office;
use crate::store::home::{Home, skips_without_server};

/// Names and bytes of the files that a run wrote.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let file = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("the file can be read"))
    };
    entries.map(file).collect()
}

#[test]
fn same_seed_writes_the_same_bytes() {
    let office = Office::new();
    for (folder, seed) in [("a", 7), ("b", 7), ("c", 8)] {
        let small = "--physicians 200 --prefectures 11,13 --from 2025-01 --to 2025-04";
        office.json(&format!("synth --out {folder} --seed {seed} {small}"));
    }
    let of = |folder: &str| files(&office.folder().join(folder));
    assert_eq!(of("a").len(), 9);
    assert_eq!(of("a"), of("b"));
    assert_ne!(of("a"), of("c"));
    assert!(of("a").keys().all(|name| !name.starts_with('.')), "no file under way stays behind");
}

/// The bytes of a seed are a contract: benches, tests and figures in documents are made from them. Whoever changes the
/// generator on purpose changes this number.
#[test]
fn bytes_of_a_seed_never_change() {
    let office = Office::new();
    office.json("synth --out a --seed 1 --physicians 120 --prefectures 26 --from 2025-01 --to 2025-03");
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (name, bytes) in files(&office.folder().join("a")) {
        for byte in name.bytes().chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    assert_eq!(format!("{hash:016x}"), "78518a7f6ff51350");
}

/// Counts and series at several known-at, and audits, of the world from files and of the filled one; the last months
/// of a third are files again.
#[test]
fn filled_store_answers_as_imported_files() {
    let by_files = Office::new();
    by_files.json(&format!("synth --out files {WORLD}"));
    let imported = take_in(&by_files);
    let summaries = imported.as_array().expect("one summary for each file");
    assert!(summaries.iter().all(|one| one["rejected_rows"] == 0), "no row of a world is rejected");
    let by_store = filled(WORLD);
    let by_both = filled(&format!("{WORLD} --files-from 2025-10 --out files"));
    take_in(&by_both);
    for office in [&by_store, &by_both] {
        for arguments in questions() {
            assert_eq!(answer(&by_files, &arguments), answer(office, &arguments), "{arguments}");
        }
    }
}

/// Takes in all files of the folder `files`.
fn take_in(office: &Office) -> serde_json::Value {
    let names: Vec<String> =
        files(&office.folder().join("files")).into_keys().map(|name| format!("files/{name}")).collect();
    office.import(&names.join(" "))
}

fn questions() -> Vec<String> {
    let counted = [
        ("2024-01-31", "2024-01-31"),
        ("2024-06-15", "2024-06-30"),
        ("2024-06-15", "2025-12-31"),
        ("2025-03-31", "2025-04-30"),
        ("2025-04-01", "2025-04-30"),
        ("2025-12-31", "2025-12-31"),
        ("2026-03-31", "2025-12-31"),
    ];
    let counts = counted.map(|(as_of, known_at)| {
        format!("count --as-of {as_of} --known-at {known_at} --by association,class,sex,age_band,duty")
    });
    let series = ["2024-08-31", "2025-12-31"]
        .map(|known_at| format!("series --from 2023-10 --to 2026-03 --known-at {known_at} --by association,class"));
    counts.into_iter().chain(series).collect()
}

/// The draft of a world is an embedded store; it is moved to wherever the facts are kept.
#[test]
fn filled_server_answers_as_filled_file() {
    if skips_without_server() {
        return;
    }
    let world = "--fill --physicians 150 --prefectures 11 --from 2025-06 --to 2025-12";
    let [file, server] = [Office::new(), Office::on(Home::Postgres)];
    for office in [&file, &server] {
        office.json(&format!("synth {world}"));
    }
    let question = "count --as-of 2025-12-01 --by association,class";
    assert_eq!(file.json(question), server.json(question));
}
