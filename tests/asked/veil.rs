//! What number-only askers are told lets nobody compute what they are not: all answers that they may have are asked for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kaiin::domain::association::Tier;
use kaiin::service::asked::{Answer, Bodies, Extent, Outcome, Viewer, answer_csv};

use super::site::Site;
use crate::cli::samples::Sample;

fn numbers() -> Viewer {
    Viewer { persons: false, ..Viewer::of_everything() }
}

fn told(site: &Site, query: &str) -> Answer {
    match site.ask(query, &numbers(), Extent::Whole) {
        Outcome::Answered(answer) => *answer,
        other => panic!("{query} is answered: {other:?}"),
    }
}

/// The number of a tier; `None` where it is masked.
fn number(answer: &Answer, tier: Tier) -> Option<i64> {
    answer.figures.iter().find(|(other, ..)| *other == tier).and_then(|(_, n, _)| *n)
}

const DAYS: [&str; 5] = ["2025-09-30", "2025-10-31", "2025-11-30", "2025-12-01", "2025-12-31"];

/// Of each body, prefecture and the whole on each day that may be asked about: no small number, no two that differ by a small one,
/// no sum that tells a masked part; and each number that is shown is the one that everybody else gets.
#[test]
fn no_answers_tell_together_what_each_of_them_does_not() {
    let site = Site::of(&Sample::three_prefectures());
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let prefectures: Vec<&str> = associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
    let mut of_place: BTreeMap<String, Vec<Option<i64>>> = BTreeMap::new();
    let (mut n_masked, mut n_shown) = (0, 0);
    for day in DAYS {
        let whole = number(&told(&site, &format!("on={day}&tier=local")), Tier::Local);
        of_place.entry("whole".into()).or_default().push(whole);
        let mut masked_prefectures = i64::from(whole.is_none());
        for prefecture in &prefectures {
            let query = format!("on={day}&tier=local&prefecture={prefecture}&by=association");
            let answer = told(&site, &query);
            let n = number(&answer, Tier::Local);
            of_place.entry((*prefecture).to_string()).or_default().push(n);
            masked_prefectures += i64::from(n.is_none());
            let table = answer.breakdown.as_ref().expect("it was asked for");
            let mut masked = i64::from(n.is_none());
            for row in &table.rows {
                let Some(code) = &row.code else { continue };
                let cell = row.cells.last().expect("the number").display().replace(',', "");
                let own = number(&told(&site, &format!("on={day}&body={code}")), Tier::Local);
                assert_eq!(
                    cell,
                    own.map_or("x".to_string(), |n| n.to_string()),
                    "{code} {day}: both ways say the same"
                );
                if let Some(own) = own.filter(|_| day == DAYS[4]) {
                    let whole = site.answer(&format!("on={day}&body={code}"));
                    assert_eq!(number(&whole, Tier::Local), Some(own), "{code} {day}");
                }
                masked += i64::from(own.is_none());
                n_masked += i64::from(own.is_none());
                n_shown += i64::from(own.is_some());
                of_place.entry(code.clone()).or_default().push(own);
            }
            assert_ne!(masked, 1, "{prefecture} {day}: one masked number is what is left of the others");
        }
        assert_ne!(masked_prefectures, 1, "{day}");
    }
    for (place, answers) in &of_place {
        let shown: Vec<i64> = answers.iter().flatten().copied().collect();
        assert!(shown.iter().all(|n| *n == 0 || *n >= 3), "{place}: {answers:?}");
        let differ = |one: &i64| shown.iter().all(|other| (one - other).abs() == 0 || (one - other).abs() >= 3);
        assert!(shown.iter().all(differ), "{place}: {answers:?}");
    }
    assert!(n_masked > 10 && n_shown > 50, "{n_masked} {n_shown}");
}

/// What is masked stands nowhere in an answer, its files and its page; neither does what would tell it.
#[test]
fn masked_number_stands_nowhere() {
    let site = Site::of(&Sample::three_prefectures());
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let mut n_masked = 0;
    for body in associations.of_tier(Tier::Local) {
        let query = format!("on=2025-12-31&body={}", body.code);
        let Outcome::Answered(answer) = site.ask(&query, &numbers(), Extent::Page) else { continue };
        if number(&answer, Tier::Local).is_some() {
            continue;
        }
        n_masked += 1;
        let n = number(&site.answer(&query), Tier::Local).expect("it is known");
        let file = String::from_utf8(answer_csv(&answer).expect("a file")).expect("UTF-8");
        let page = site.page(&query, &numbers());
        for text in [&file, &page] {
            assert!(!text.contains(&format!("{n} 人")) && text.contains("示しません（x）"), "{n}: {text}");
        }
        assert_eq!(answer.changes.rows.iter().filter(|row| row.cells.last().expect("a change").is_number()).count(), 0);
        assert!(answer.mamis.is_none() && answer.persons.is_none() && answer.compared.is_none());
    }
    assert!(n_masked > 0);
}

#[test]
fn other_days_and_other_times_to_know_from_are_refused() {
    let site = Site::of(&Sample::saitama());
    let fault = |query: &str| site.faults(query, &numbers()).first().map(|fault| fault.code);
    for day in ["2025-12-30", "2025-12-02", "2025-08-31", "2026-03-31", "2099-12-01"] {
        assert_eq!(fault(&format!("on={day}&body=11-001")), Some("ASK-050"), "{day}");
    }
    for known in ["2025-11-30", "2025-12-30", "2025-11-30&known=2025-12-31"] {
        assert_eq!(fault(&format!("on=2025-10-31&body=11-001&known={known}")), Some("ASK-051"), "{known}");
    }
    assert_eq!(fault("on=2025-12-01&body=11-001&by=kind"), Some("ASK-021"), "other sums would tell of masked ones");
    let newest = told(&site, "body=11-001");
    assert_eq!(newest.on, "2025-12-31".parse::<NaiveDate>().expect("a day"), "nothing is the newest day");
    let pinned = told(&site, &newest.links.pinned);
    assert_eq!((pinned.number, pinned.figures), (newest.number, newest.figures));
    let one = Viewer { bodies: Bodies::Only(["11-001".to_string()].into()), national: false, persons: false };
    let Outcome::Answered(alone) = site.ask("body=11-001&on=2025-12-31", &one, Extent::Page) else { panic!("it may") };
    assert_eq!(number(&alone, Tier::Local), number(&told(&site, "body=11-001&on=2025-12-31"), Tier::Local));
}
