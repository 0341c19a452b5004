//! Boundary days, days ahead and days before everything, on a store of its own.

use kaiin::domain::cell::Cell;
use kaiin::service::asked::{Answer, Viewer};

use super::site::Site;
use crate::cli::people::{cells, text};
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// An office whose export shows, in 浦和, persons with these days of joining and leaving beside the thirty others.
fn office(persons: &[(&str, &str)]) -> Office {
    let office = Office::new();
    let mut rows = cells();
    for (nth, (joined, left)) in persons.iter().enumerate() {
        let mut row = rows[1].clone();
        row[0] = (910_500 + nth).to_string();
        row[1] = format!("架空林　境{nth}");
        (row[7], row[8]) = ((*joined).to_string(), (*left).to_string());
        row[9] = if left.is_empty() { "在籍".into() } else { "退会".into() };
        (row[10], row[11], row[12], row[14], row[15]) = Default::default();
        rows.push(row);
    }
    office.save("associations.csv", std::fs::read(&Sample::saitama().files[0]).expect("the master is there"));
    office.save("members_2025-09-30.csv", text(&rows));
    office.import("associations.csv members_2025-09-30.csv");
    office
}

fn number(site: &Site, on: &str) -> i64 {
    let answer = site.answer(&format!("on={on}&body=11-001"));
    let (_, n, _) = answer.figures[0];
    let n = n.expect("the day is reached");
    assert_eq!(i64::try_from(answer.persons.expect("persons may be seen").0.rows.len()), Ok(n), "{on}");
    n
}

#[test]
fn boundary_days_count_as_the_rule_says() {
    let people = [
        ("2025-04-01", ""),           // Joins on the first day of a fiscal year.
        ("2010-04-01", "2025-03-31"), // Leaves on the last.
        ("2024-02-29", ""),           // Joins on a leap day.
        ("2025-05-05", "2025-05-05"), // Joins and leaves on one day.
        ("2025-06-01", "2025-06-15"),
    ];
    let site = Site::at(&office(&people));
    let base = number(&site, "2025-07-01") - 2;
    // Of the extra persons: the one of the leap day, and the others on their days.
    for (on, n) in [
        ("2025-03-30", 2),
        ("2025-03-31", 2),
        ("2025-04-01", 2),
        ("R7.4.2", 2),
        ("2025-05-04", 2),
        ("2025-05-05", 3),
        ("2025-05-06", 2),
        ("2025-05-31", 2),
        ("2025-06-01", 3),
        ("2025-06-15", 3),
        ("2025-06-16", 2),
        ("2024-02-28", 1),
        ("2024-02-29", 2),
        ("2024-03-01", 2),
    ] {
        assert_eq!(number(&site, on) - base, n, "{on}");
    }
}

/// What stands in the table of changes.
fn change(answer: &Answer, row: usize, key: &str) -> String {
    let at = answer.changes.columns.iter().position(|column| column.key == key).expect("the column is there");
    answer.changes.rows[row].cells[at].display()
}

#[test]
fn change_is_made_of_its_movements() {
    let site = Site::at(&office(&[("2025-09-10", ""), ("2010-04-01", "2025-09-14"), ("2025-09-05", "2025-09-20")]));
    let answer = site.answer("on=2025-09-30&body=浦和");
    let told = ["opening", "joined", "left", "closing", "change"].map(|key| change(&answer, 0, key));
    let n = answer.figures[0].1.expect("the day is reached");
    assert_eq!(told, [n.to_string(), "2".into(), "2".into(), n.to_string(), "0".into()]);
    assert!(answer.changes.rows[0].cells.contains(&Cell::text("前月（令和7年8月31日）")));
}

#[test]
fn day_ahead_is_planned() {
    let site = Site::of(&Sample::saitama());
    let answer = site.answer("on=今年度末&prefecture=11");
    assert_eq!((answer.firmness, answer.on.to_string().as_str()), ("予定", "2026-03-31"));
    assert!(answer.sentences[0].contains("となる予定です"), "{}", answer.sentences[0]);
    assert!(answer.facts.iter().any(|fact| fact.text.contains("逆に書いていないか")), "swapped days are thought of");
}

#[test]
fn firmness_follows_the_backlog() {
    let site = Site::of(&Sample::saitama());
    let of = |query: &str| site.answer(query).firmness;
    assert_eq!(of("on=2025-12-31&body=11-001"), "速報");
    assert!(["確報", "改定"].contains(&of("on=2025-10-01&body=11-001")));
}

#[test]
fn day_that_no_export_reaches_is_told() {
    let site = Site::of(&Sample::saitama());
    let faults = site.faults("on=1900-01-01&prefecture=11", &Viewer::of_everything());
    assert_eq!(faults[0].code, "ASK-030");
}

#[test]
fn store_with_nothing_says_so() {
    let office = Office::new();
    let site = Site::at(&office);
    let faults = site.faults("on=2025-12-01", &Viewer::of_everything());
    assert_eq!(faults[0].code, "ASK-032");
    let page = site.page("on=2025-12-01", &Viewer::of_everything());
    assert!(page.contains("会員一覧がまだ取り込まれていません"));
    // A master alone is not an export.
    office.save("associations.csv", std::fs::read(&Sample::saitama().files[0]).expect("the master is there"));
    office.import("associations.csv");
    let faults = Site::at(&office).faults("on=2025-12-01&body=11-001", &Viewer::of_everything());
    assert_eq!(faults[0].code, "ASK-032");
}

#[test]
fn days_to_know_from_stand_beside_each_other() {
    let site = Site::of(&Sample::saitama());
    let answer = site.answer("on=2025-10-31&body=11-001&known=2025-10-31&known=2025-11-30&known=最新");
    let table = answer.compared.expect("three days are compared");
    assert_eq!(table.rows.len(), 3);
    let figure = |nth: usize| match table.rows[nth].cells[2] {
        Cell::Count(n) => n,
        ref other => panic!("a number: {other:?}"),
    };
    for nth in [1, 2] {
        assert_eq!(table.rows[nth].cells[4], Cell::Difference(figure(nth) - figure(nth - 1)));
    }
    assert_eq!(Some(figure(2)), answer.figures[0].1, "the newest is the answer");
    let alone = site.answer("on=2025-10-31&body=11-001&known=2025-10-31");
    assert_eq!(alone.figures[0].1, Some(figure(0)));
    assert_eq!(alone.compared, None);
}
