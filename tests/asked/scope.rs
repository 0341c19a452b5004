//! Nobody sees what is not theirs: random viewers ask random questions, and no foreign row comes back.

use std::collections::BTreeSet;

use kaiin::domain::association::{Association, Associations, Tier};
use kaiin::domain::document::Table;
use kaiin::service::asked::{Answer, Bodies, Extent, Outcome, Viewer, answer_csv};

use super::chance::{Chance, times};
use super::site::Site;
use crate::cli::samples::Sample;

fn viewer(chance: &mut Chance, associations: &Associations) -> Viewer {
    let below: Vec<&Association> = associations.iter().filter(|body| body.tier != Tier::National).collect();
    let prefectures: Vec<&str> = associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
    let codes: BTreeSet<String> = match chance.below(4) {
        0 => BTreeSet::from([chance.one_of(&below).code.clone()]),
        1 => {
            let prefecture = *chance.one_of(&prefectures);
            below.iter().filter(|body| body.prefecture == prefecture).map(|body| body.code.clone()).collect()
        }
        2 => below.iter().filter(|_| chance.is(50)).map(|body| body.code.clone()).collect(),
        _ => BTreeSet::new(),
    };
    Viewer { bodies: Bodies::Only(codes), national: chance.is(10), persons: chance.is(70) }
}

fn query(chance: &mut Chance, associations: &Associations) -> String {
    let bodies: Vec<&Association> = associations.iter().collect();
    let prefectures: Vec<&str> = associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
    let mut out = format!("on={}", chance.day("2025-04-01", 400));
    match chance.below(5) {
        0 => {}
        1 | 2 => out.push_str(&format!("&prefecture={}", chance.one_of(&prefectures))),
        _ => out.push_str(&format!("&body={}", chance.one_of(&bodies).code)),
    }
    if chance.is(30) {
        out.push_str(&format!("&tier={}", chance.one_of(&Tier::ALL).code()));
    }
    if chance.is(70) {
        let by = ["association", "prefecture", "association&by=kind", "class", "sex", "age_band", "association,class"];
        out.push_str(&format!("&by={}", chance.one_of(&by)));
    }
    if chance.is(20) {
        out.push_str("&class=B");
    }
    out
}

#[test]
fn no_foreign_row_comes_back() {
    let site = Site::of(&Sample::three_prefectures());
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let mut chance = Chance::new(20_260_201);
    let (mut n_answered, mut n_refused, mut n_others) = (0, 0, 0);
    for _ in 0..times(400) {
        let (viewer, query) = (viewer(&mut chance, &associations), query(&mut chance, &associations));
        match site.ask(&query, &viewer, Extent::Whole) {
            Outcome::Answered(answer) => {
                n_answered += 1;
                is_own(&answer, &viewer, &associations).unwrap_or_else(|told| panic!("{query} {viewer:?}: {told}"));
            }
            outcome if outcome.status() == 403 => n_refused += 1,
            Outcome::Faulty(_) => n_others += 1,
            Outcome::Unasked => panic!("{query} is asked"),
        }
    }
    assert!(n_answered > 30 && n_refused > 100, "{n_answered} {n_refused} {n_others}");
}

/// Every tier, row and person of an answer is the viewer's.
fn is_own(answer: &Answer, viewer: &Viewer, associations: &Associations) -> Result<(), String> {
    let codes = |table: &Table| -> Vec<String> { table.rows.iter().filter_map(|row| row.code.clone()).collect() };
    let mut told: Vec<String> = answer.breakdown.iter().flat_map(codes).collect();
    told.extend(answer.persons.iter().flat_map(|(table, _)| codes(table)));
    for code in told {
        let body = associations.by_code(&code).ok_or_else(|| format!("{code} is no body"))?;
        if !viewer.sees(body) {
            return Err(format!("{code} is told"));
        }
    }
    if answer.figures.iter().any(|(tier, ..)| *tier == Tier::National) && !viewer.national {
        return Err("the national tier is told".into());
    }
    if viewer.persons {
        return Ok(());
    }
    if answer.persons.is_some() {
        return Err("persons are told".into());
    }
    let small = ["joined", "moved_in", "left", "moved_out", "died"];
    if answer.changes.columns.iter().any(|column| small.contains(&column.key.as_str())) {
        return Err("movements of few are told".into());
    }
    let broken = answer.breakdown.iter().flat_map(|table| &table.columns);
    let numbers = ["tier", "association", "prefecture", "kind", "code", "memberships"];
    match broken.into_iter().find(|column| !numbers.contains(&column.key.as_str())) {
        Some(column) => Err(format!("{} is told", column.key)),
        None => Ok(()),
    }
}

fn only(codes: &[&str]) -> Viewer {
    let codes = codes.iter().map(|code| (*code).to_string()).collect();
    Viewer { bodies: Bodies::Only(codes), national: false, persons: true }
}

/// The refusal is the same whether anything is known of the body or not, and whatever the day is.
#[test]
fn refusal_tells_nothing() {
    let site = Site::of(&Sample::three_prefectures());
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let own = associations.of_tier(Tier::Local).next().expect("there is a body").code.clone();
    let viewer = only(&[&own]);
    let mut refusals = BTreeSet::new();
    for body in associations.iter().filter(|body| body.code != own) {
        for on in ["2025-12-01", "1900-01-01", "2099-01-01"] {
            let query = format!("on={on}&body={}", body.code);
            assert_eq!(site.ask(&query, &viewer, Extent::Page).status(), 403, "{query}");
            refusals.insert(format!("{:?}", site.faults(&query, &viewer)));
        }
    }
    assert_eq!(refusals.len(), 1, "{refusals:?}");
}

#[test]
fn whoever_names_nothing_asks_for_what_is_theirs() {
    let site = Site::of(&Sample::saitama());
    let answered = |viewer: &Viewer| match site.ask("on=2025-12-01", viewer, Extent::Page) {
        Outcome::Answered(answer) => answer.sentences.join(" "),
        other => panic!("{other:?}"),
    };
    assert!(answered(&only(&["11-001"])).contains("浦和医師会の会員は"));
    let associations = site.block_on(site.workspace.store.associations()).expect("the store can be read");
    let saitama: Vec<&str> =
        associations.iter().filter(|body| body.prefecture == "11").map(|body| body.code.as_str()).collect();
    let said = answered(&only(&saitama));
    assert!(said.contains("埼玉県の郡市区等医師会の会員は") && !said.contains("日本医師会"), "{said}");
    let faults = site.faults("on=2025-12-01", &only(&["11-001", "11-002"]));
    assert_eq!(faults[0].code, "ASK-022");
}

#[test]
fn numbers_alone_are_shown_without_what_points_at_people() {
    let site = Site::of(&Sample::saitama());
    let viewer = Viewer { persons: false, ..Viewer::of_everything() };
    for query in ["class=B", "by=class", "by=sex", "by=age_band", "by=association,class"] {
        let query = format!("on=2025-12-01&prefecture=11&{query}");
        assert_eq!(site.ask(&query, &viewer, Extent::Page).status(), 403, "{query}");
    }
    let Outcome::Answered(answer) = site.ask("on=2025-12-01&prefecture=11&by=association", &viewer, Extent::Page)
    else {
        panic!("bodies may be seen")
    };
    assert!(answer.breakdown.is_some() && answer.persons.is_none());
    let file = String::from_utf8(answer_csv(&answer).expect("a file")).expect("UTF-8");
    let page = site.page("on=2025-12-01&prefecture=11&by=association", &viewer);
    for text in [file, page] {
        assert!(!text.contains("医籍登録番号") && !text.contains("死亡"), "no persons, no few");
    }
}
