//! Canaries in every personal cell of files that are damaged in many ways: none of them may reach a screen, whatever is
//! asked about the file, in text, in JSON, in either language and in the log.

use rstest::rstest;

use super::people::{NEXT, cells, edited, office, text};
use super::program::Run;
use super::refusal::assert_names_nobody;

/// Sixty persons without headings.
fn without_headings() -> Vec<u8> {
    edited(|cells| drop(cells.remove(0)))
}

/// Two of seventeen headings, above persons.
fn with_two_headings() -> Vec<u8> {
    edited(|cells| cells[0][2..].iter_mut().for_each(String::clear))
}

/// A person in the place of some headings.
fn half_a_person() -> Vec<u8> {
    edited(|cells| {
        let person = cells[1].clone();
        cells[0][..6].clone_from_slice(&person[..6]);
    })
}

/// Known headings, and behind them a person.
fn person_behind_the_headings() -> Vec<u8> {
    edited(|cells| {
        let person = cells[1].clone();
        cells.iter_mut().for_each(|row| row.extend(person[..1].iter().chain(&person[3..4]).cloned()));
    })
}

/// Numbers, names and days in each other's columns.
fn shifted() -> Vec<u8> {
    edited(|cells| cells[1..].iter_mut().for_each(|row| row.rotate_right(1)))
}

/// A birthday in the columns of the stay, and a name in those of the body and the class.
fn persons_in_other_columns() -> Vec<u8> {
    edited(|cells| {
        for row in &mut cells[1..] {
            (row[5], row[6], row[9]) = (row[1].clone(), row[1].clone(), row[1].clone());
            row[10] = row[2].clone();
        }
    })
}

fn undecodable() -> Vec<u8> {
    [text(&cells()).as_bytes(), b"910099,\xFF\xFF\n"].concat()
}

/// The last row is cut off.
fn cut() -> Vec<u8> {
    let mut bytes = text(&cells()).into_bytes();
    bytes.truncate(bytes.len() - 60);
    bytes
}

#[rstest]
#[case::without_headings(without_headings())]
#[case::with_two_headings(with_two_headings())]
#[case::half_a_person(half_a_person())]
#[case::person_behind_the_headings(person_behind_the_headings())]
#[case::shifted(shifted())]
#[case::persons_in_other_columns(persons_in_other_columns())]
#[case::undecodable(undecodable())]
#[case::cut(cut())]
#[case::another_kind(text(&cells()[1..]).replace(',', ";").into_bytes())]
#[case::tabs(text(&cells()).replace(',', "\t").into_bytes())]
fn damaged_export_shows_nobody(#[case] bytes: Vec<u8>) {
    let office = office();
    office.save(NEXT, &bytes);
    for command in [
        "import",
        "import --dry-run --accept-drop --accept-change --reason 試験",
        "import --layout mamis-members-wide",
        "import --layout association-master",
        "import --layout applications",
        "import --explain-layout",
        "import --explain-layout --layout mamis-members-wide",
    ] {
        for more in ["", "--json", "--lang en"] {
            let mut program = office.program();
            let arguments = format!("{command} {NEXT} {more}");
            let run = Run::of(program.env("KAIIN_LOG", "kaiin=trace").args(arguments.split_whitespace()));
            // An instant may have any digits.
            let without_instant = |line: &str| match line.split_once("Z ") {
                Some((instant, rest)) if instant.starts_with("20") => rest.to_string(),
                _ => line.to_string(),
            };
            let stderr = run.stderr.lines().map(without_instant).collect::<Vec<_>>().join("\n");
            let run = Run { stderr, ..run };
            assert_names_nobody(&run);
            assert_ne!(run.exit, Some(70), "{run:?}");
        }
    }
}

/// What is shown instead says where to look.
#[test]
fn person_in_the_place_of_headings_is_told_by_kind_and_length() {
    let office = office();
    office.save(NEXT, without_headings());
    let run = office.run(&format!("import --explain-layout {NEXT}"));
    assert_eq!(run.exit, Some(3), "{run:?}");
    for part in ["〔数字6桁〕", "〔文字5字〕", "〔カナ6字〕", "〔日付〕"] {
        assert!(run.stdout.contains(part), "{part}: {}", run.stdout);
    }
    // A new heading beside known ones is what the office needs to see.
    office.save(NEXT, edited(|cells| cells.iter_mut().for_each(|row| row.push("会員番号".into()))));
    let run = office.run(&format!("import --explain-layout {NEXT}"));
    assert!(run.stdout.contains("会員番号"), "{run:?}");
}
