//! Readers while imports go on: nothing fails, and every answer is that of one state of the store.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rstest::rstest;

use super::program::{Office, Run};
use super::samples::Sample;
use crate::store::home::Home;

/// Calls for each import.
const CALLS_FOR_AN_IMPORT: usize = 20;

/// Processes that ask at the same time.
const READERS: usize = 3;

/// Questions; the first is asked far more often than the others.
const QUESTIONS: [&str; 4] = [
    "--json count --as-of 2025-01-31 --by tier,association,class,sex",
    "--json series --from 2024-12 --to 2025-03 --by tier,association",
    "--json audit mamis-difference",
    "--json explain --association JMA --as-of 2025-01-31 --from 2024-12-31",
];

/// Of so many calls one is another question.
const OTHERS_IN: usize = 6;

/// People of one body; each further file has one more of them, another birth date and no new body.
fn export(nth: usize) -> String {
    let mut text = "医籍登録番号,氏名,性別,生年月日,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n"
        .to_owned();
    for person in 0..300 + nth {
        let (number, class, day) = (100_000 + person, ["A①", "A②(B)", "B"][person % 3], 1 + person % 28);
        let joined = format!("2001-04-{day:02}");
        let cells = format!("浦和医師会,{class},{joined},,在籍,埼玉県医師会,{class},{joined},,{class},{joined},");
        writeln!(text, "{number},架空　例,男,1970-01-{day:02},{cells}").expect("a text takes more text");
    }
    text
}

/// An office that holds the files and has taken in the first of them.
fn office(home: Home, n: usize) -> Office {
    let office = Office::on(home);
    let sample = Sample::cases();
    for nth in 0..=n {
        office.save(&name(nth), export(nth));
    }
    office.import(&format!("{} {}", sample.files[0].display(), name(0)));
    office
}

/// A new day for every other file; the files between take the place of that of their day.
fn name(nth: usize) -> String {
    let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 31).expect("a day") + chrono::Days::new(nth as u64 / 2);
    format!("members_{day}_{nth}.csv")
}

fn asked(office: &Office, question: &str) -> String {
    let run = office.run(question);
    assert!(matches!(run.exit, Some(0 | 1)) && run.stderr.is_empty(), "{question}: {:?} {}", run.exit, run.stderr);
    run.stdout
}

fn take_in(office: &Office, nth: usize) {
    let file = name(nth);
    let run = Run::of(office.program().args(["--json", "import", &file]));
    assert_eq!(run.exit, Some(0), "{file}: {}", run.stderr);
}

/// `KAIIN_READS=1000` asks at least so often; the suite is content with less.
#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn readers_during_imports_get_the_answers_of_a_head_that_was(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let calls = std::env::var("KAIIN_READS").map_or(60, |n| n.parse().expect("KAIIN_READS is a number"));
    let imports = calls / CALLS_FOR_AN_IMPORT;
    // Undisturbed, in another office: every answer that there can be.
    let twin = office(Home::Sqlite, imports);
    let mut expected: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for nth in 0..=imports {
        if nth > 0 {
            take_in(&twin, nth);
        }
        for question in QUESTIONS {
            expected.entry(question).or_default().insert(asked(&twin, question));
        }
    }
    assert!(expected[QUESTIONS[0]].len() > imports / 2, "the answers differ");
    let office = office(home, imports);
    let (asked_so_far, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let reader = || {
            while !is_over.load(Ordering::SeqCst) || asked_so_far.load(Ordering::SeqCst) < calls {
                let nth = asked_so_far.fetch_add(1, Ordering::SeqCst);
                let other = if nth % OTHERS_IN == 0 { nth / OTHERS_IN % QUESTIONS.len() } else { 0 };
                let answer = asked(&office, QUESTIONS[other]);
                assert!(expected[QUESTIONS[other]].contains(&answer), "{} of no head: {answer}", QUESTIONS[other]);
            }
        };
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(reader)).collect();
        let writer = scope.spawn(|| (1..=imports).for_each(|nth| take_in(&office, nth)));
        let written = writer.join();
        is_over.store(true, Ordering::SeqCst);
        let read: Vec<_> = readers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        assert!(written.is_ok() && read.iter().all(Result::is_ok), "somebody failed");
    });
    crate::figures::say(&format!("{} calls during {imports} imports", asked_so_far.load(Ordering::SeqCst)));
    assert_eq!(asked(&office, QUESTIONS[0]), asked(&twin, QUESTIONS[0]), "both end with the same");
}
