//! The papers of the audits: what others see of them, and the same paper as a workbook.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::codes;
use crate::cli::program::Office;

const PAPERS: [&str; 4] = ["withdrawal-audit", "transfer-audit", "tier-consistency", "mamis-difference"];

/// Headings that only the office itself sees.
const INTERNAL: [&str; 5] = ["氏名", "退会理由", "申請者", "承認者", "医籍登録番号"];

fn report(office: &Office, name: &str, options: &str) {
    let run = office.run(&format!("report {name} --as-of 2025-12-31 --out papers {options}"));
    assert_eq!(run.exit, Some(0), "{name}: {}", run.stderr);
}

/// The sheets of a paper: name, and cells by row.
fn sheets(office: &Office, folder: &str) -> BTreeMap<String, Vec<Vec<Data>>> {
    let path = office.folder().join(format!("papers/{folder}/{folder}.xlsx"));
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(names.first().map(String::as_str), Some("目次"));
    let rows = |book: &mut Xlsx<_>, name: &str| {
        book.worksheet_range(name).expect("a sheet").rows().map(<[Data]>::to_vec).collect()
    };
    names
        .into_iter()
        .map(|name| {
            let rows = rows(&mut book, &name);
            (name, rows)
        })
        .collect()
}

#[test]
fn paper_for_others_has_counts_only() {
    let office = codes::office();
    for name in PAPERS {
        // Somebody of this world is 退会 without a day: the difference law does not hold, and only a draft is made.
        let draft = if name == "mamis-difference" { "--draft" } else { "" };
        report(&office, name, &format!("--variant external --format csv,html,xlsx {draft}"));
        let suffix = if draft.is_empty() { "_external" } else { "_external_draft" };
        let folder = format!("{name}_2025-12-31{suffix}");
        let page = std::fs::read_to_string(office.folder().join(format!("papers/{folder}/{folder}.html")));
        let page = page.expect("the page is written");
        assert!(!page.contains("試験　太郎") && !page.contains("3000"), "{name} names somebody");
        for (sheet, rows) in sheets(&office, &folder) {
            let cells = rows.iter().flatten().map(ToString::to_string);
            for cell in cells {
                assert!(
                    !cell.contains("試験　太郎") && !INTERNAL.contains(&&*cell)
                        || cell == "退会理由" && sheet.starts_with("02"),
                    "{name} {sheet}: {cell}"
                );
            }
        }
    }
}

#[test]
fn workbook_of_a_paper_lists_its_sheets_and_keeps_types() {
    let office = codes::office();
    report(&office, "withdrawal-audit", "--format xlsx");
    let sheets = sheets(&office, "withdrawal-audit_2025-12-31");
    let contents: Vec<String> = sheets["目次"].iter().map(|row| row[0].to_string()).collect();
    for name in sheets.keys().filter(|name| *name != "目次") {
        // Those of tables by their number, for their title stands beside it.
        let listed = name.split(' ').next().unwrap_or_default();
        assert!(contents.iter().any(|one| one == listed), "{name} is not in the contents");
    }
    let rows = &sheets["04 退会・転出・死亡した者（退会日の順）"];
    assert_eq!(rows[0][0].to_string(), "退会・転出・死亡した者（退会日の順）");
    assert!(rows.iter().any(|row| row[0].to_string().starts_with("基準日")), "the dates stand above");
    let headings = rows.iter().position(|row| row[0] == "No.").expect("headings");
    let first = &rows[headings + 1];
    assert!(matches!(first[0], Data::Float(n) if (n - 1.0).abs() < f64::EPSILON), "{first:?}");
    assert!(matches!(first[1], Data::DateTime(_)), "{first:?}");
    let states = &sheets["01 退会・転出・死亡の状態別件数"];
    let number = |row: &Vec<Data>| match row[1] {
        Data::Float(n) => n,
        ref other => panic!("{other:?} is no number"),
    };
    let heading = states.iter().position(|row| row[0] == "状態").expect("headings");
    let sum: f64 = states[heading + 1..heading + 7].iter().map(number).sum();
    assert!((sum - number(&states[heading + 7])).abs() < f64::EPSILON, "{states:?}");
}

#[test]
fn same_paper_twice_is_the_same_workbook() {
    let office = codes::office();
    let made = [0, 1].map(|_| {
        report(&office, "tier-consistency", "--format xlsx");
        std::fs::read(office.folder().join("papers/tier-consistency_2025-12-31/tier-consistency_2025-12-31.xlsx"))
            .expect("the file is written")
    });
    assert!(made[0] == made[1]);
}

#[test]
fn paper_of_one_body_tells_of_that_body() {
    let office = codes::office();
    report(&office, "transfer-audit", "--association 11-003 --format csv");
    let folder = office.folder().join("papers/transfer-audit_11-003_2025-12-31");
    let summary = std::fs::read_to_string(folder.join("01_県内異動・県外異動と、その他の移動の区分別件数.csv"))
        .expect("the table is written");
    assert!(summary.contains("合計,0,"), "nobody moved to or from it in December: {summary}");
}
