//! Files cut off at every 5 %, bombs, and files that random damage has once broken the program with.

use std::path::Path;

use rstest::rstest;

use super::counter::{Counter, bad, in_a_runtime};
use super::fuzz::read_as_far_as_possible;
use super::zips::{inflated, lying};

fn good() -> Vec<u8> {
    std::fs::read(bad().join("workbook/deflated.xlsx")).expect("the corpus can be read")
}

/// A part of a file is refused, or is a whole file of fewer rows: nothing else.
#[rstest]
#[case::text("encoding/cp932.csv", &["IMP-201", "IMP-202", "IMP-204", "IMP-205", "IMP-207", "IMP-208", "IMP-209"])]
#[case::text_with_quotes("structure/all-cells-quoted.csv", &["IMP-201", "IMP-202", "IMP-204", "IMP-205", "IMP-207", "IMP-208", "IMP-209"])]
#[case::stored_workbook("workbook/plain.xlsx", &["IMP-201", "IMP-209", "IMP-232", "IMP-233"])]
#[case::deflated_workbook("workbook/deflated.xlsx", &["IMP-201", "IMP-209", "IMP-232", "IMP-233"])]
fn part_of_a_file_is_refused_by_name(#[case] name: &str, #[case] codes: &[&str]) {
    in_a_runtime(async {
        let whole = std::fs::read(bad().join(name)).expect("the corpus can be read");
        let counter = Counter::new().await;
        let before = counter.tables().await;
        for part in 0..20 {
            let path = counter.save("part.csv", &whole[..whole.len() * part / 20]);
            match counter.copy().await.hand_in(&path).await {
                Ok(summary) => assert!(summary.rows < 3 && name.ends_with(".csv"), "{part} of 20: {summary:?}"),
                Err(error) => {
                    let failure = kaiin::error::Failure::of(&error);
                    assert!(codes.contains(&failure.code), "{part} of 20: {failure:?}");
                }
            }
        }
        assert_eq!(counter.tables().await, before);
    });
}

/// Small files that inflate to what no export is.
#[rstest]
#[case::styles("xl/styles.xml", 9 << 20)]
#[case::list_of_sheets("xl/workbook.xml", 9 << 20)]
#[case::relations("xl/_rels/workbook.xml.rels", 9 << 20)]
#[case::texts("xl/sharedStrings.xml", 257 << 20)]
fn bomb_is_refused_before_it_is_read(#[case] part: &str, #[case] size: usize) {
    let bomb = inflated(&good(), part, size, b' ');
    assert!(bomb.len() < size / 500, "{} bytes", bomb.len());
    in_a_runtime(async {
        let counter = Counter::new().await;
        let refusal = counter.refusal(&counter.save("bomb.xlsx", &bomb)).await;
        assert_eq!((refusal.code, refusal.kind.exit_code()), ("IMP-236", 3), "{refusal:?}");
        // What the headers claim is not asked.
        let refusal = counter.refusal(&counter.save("bomb.xlsx", &lying(&bomb))).await;
        assert!(["IMP-232", "IMP-236"].contains(&refusal.code), "{refusal:?}");
    });
}

/// All parts together may hold two gibibytes: a sheet of blanks behind a good one.
#[test]
fn sheet_without_end_is_refused() {
    let bomb = inflated(&good(), "xl/worksheets/sheet1.xml", (2 << 30) + 1, b' ');
    in_a_runtime(async {
        let counter = Counter::new().await;
        let refusal = counter.refusal(&counter.save("bomb.xlsx", &bomb)).await;
        assert_eq!((refusal.code, refusal.kind.exit_code()), ("IMP-236", 3), "{refusal:?}");
    });
}

/// A name of two bodies: only a master of several prefectures has one.
#[test]
fn body_of_two_is_ambiguous() {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let master = std::fs::read_to_string(bad().join("master.csv")).expect("the corpus can be read");
        let more =
            "P99,都道府県,地域,検証県医師会,検証県,,JMA,99,99\n99-001,郡市区等,地域,試験市医師会,試験市,,P99,99,1\n";
        counter.hand_in(&counter.save("master.csv", (master + more).as_bytes())).await.expect("the master is good");
        let list = std::fs::read_to_string(bad().join("encoding/utf8.csv")).expect("the corpus can be read");
        let list = list.replacen("98-001", "", 1);
        counter.hand_in(&counter.save("members.csv", list.as_bytes())).await.expect("two of three are good");
        assert_eq!(counter.row_problems().await, ["2 J IMP-006"]);
    });
}

/// An export of forty people in force, each under a change.
fn forty(change: impl Fn(&str) -> String) -> String {
    let list = std::fs::read_to_string(bad().join("encoding/utf8.csv")).expect("the corpus can be read");
    let lines: Vec<&str> = list.lines().collect();
    let people = (0..40).map(|nth| change(&lines[1].replace("990001", &(991_000 + nth).to_string())));
    std::iter::once(lines[0].to_owned()).chain(people).map(|line| line + "\n").collect()
}

async fn second_export_is_refused(change: impl Fn(&str) -> String) -> &'static str {
    let counter = Counter::new().await;
    let first = counter.save("first.csv", forty(str::to_owned).as_bytes());
    counter.hand_in(&first).await.expect("the first export is good");
    counter.refusal(&counter.save("second.csv", forty(change).as_bytes())).await.code
}

#[test]
fn class_of_everybody_at_once_is_asked_about() {
    in_a_runtime(async {
        assert_eq!(second_export_is_refused(|line| line.replace(",B,", ",C,")).await, "IMP-224");
    });
}

#[test]
fn withdrawal_of_everybody_at_once_is_asked_about() {
    in_a_runtime(async {
        let left = |line: &str| line.replace("2004-05-01,,", "2004-05-01,2025-08-31,").replace("在籍", "退会");
        assert_eq!(second_export_is_refused(left).await, "IMP-225");
    });
}

/// Files that random damage made, each of which broke the program once.
#[test]
fn damage_that_was_found_is_borne() {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found");
    for entry in std::fs::read_dir(found).expect("the files can be read") {
        let path = entry.expect("the files can be read").path();
        // Folders are cases of other tests.
        if path.is_file() {
            read_as_far_as_possible(&path);
        }
    }
}
