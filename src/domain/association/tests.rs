//! What must hold of any master, and one of several times.

use rstest::rstest;

use super::*;
use crate::written::{day, local, row, sample, sample_rows, with_top};

/// 11-001 甲 and 11-002 乙 merge to 11-003 丙 on 2025-04-01; 11-004 丁 divides into 11-005 and 11-006 on the same day;
/// 11-007 is renamed.
pub(crate) fn through_time() -> Associations {
    let rows = with_top(vec![
        local("11-001", "甲", ["", "2025-03-31"], &["11-003"]),
        local("11-002", "乙", ["2000-01-01", "2025-03-31"], &["11-003"]),
        local("11-003", "丙", ["2025-04-01", ""], &[]),
        local("11-004", "丁", ["", "2025-03-31"], &["11-005", "11-006"]),
        local("11-005", "東", ["2025-04-01", ""], &[]),
        local("11-006", "西", ["2025-04-01", ""], &[]),
        local("11-007", "旧", ["", "2025-03-31"], &[]),
        local("11-007", "新", ["2025-04-01", ""], &[]),
    ]);
    Associations::new(rows).expect("the master is sound")
}

#[test]
fn order_is_official_not_alphabetical() {
    let all = sample();
    let codes: Vec<_> = all.iter().map(|body| body.code.as_str()).collect();
    assert_eq!(codes, ["11-001", "11-002", "11-003", "13-001", "P11", "P13", "JMA"]);
}

#[test]
fn names_match_full_short_and_alias_with_or_without_suffix() {
    let all = sample();
    for name in ["岩槻医師会", "岩槻", "岩槻区", "岩槻区医師会"] {
        assert_eq!(all.by_name(Tier::Local, name).map(|body| body.code.as_str()), Ok("11-002"));
    }
    assert_eq!(all.by_name(Tier::Local, "岩"), Err(NameMiss::Unknown));
    assert_eq!(all.by_name(Tier::Local, "中央医師会"), Err(NameMiss::Ambiguous));
    assert_eq!(all.by_name(Tier::Prefectural, "埼玉県").map(|body| body.code.as_str()), Ok("P11"));
}

fn fault_of(rows: Vec<MasterRow>) -> (MasterFault, usize) {
    let error = Associations::new(rows).expect_err("the master contradicts itself");
    (error.fault, error.row)
}

#[test]
fn parent_that_is_missing_is_refused() {
    let mut rows = sample_rows();
    rows.retain(|row| row.code != "P13");
    assert_eq!(fault_of(rows).0, MasterFault::UnknownParent);
}

#[test]
fn circle_of_parents_is_refused() {
    let mut rows = sample_rows();
    rows[0].span.parent = Some("P11".into());
    assert_eq!(fault_of(rows).0, MasterFault::Circle);
}

#[rstest]
#[case::one_day_shared(vec![local("11-001", "甲", ["", "2025-04-01"], &[]), local("11-001", "乙", ["2025-04-01", ""], &[])], MasterFault::SpansOverlap)]
#[case::both_open(vec![local("11-001", "甲", ["", ""], &[]), local("11-001", "乙", ["2025-04-01", ""], &[])], MasterFault::SpansOverlap)]
#[case::same_span(vec![local("11-001", "甲", ["", ""], &[]), local("11-001", "乙", ["", ""], &[])], MasterFault::DuplicateCode)]
#[case::one_day_without(vec![local("11-001", "甲", ["", "2025-03-30"], &[]), local("11-001", "乙", ["2025-04-01", ""], &[])], MasterFault::SpansGap)]
#[case::reversed(vec![local("11-002", "甲", ["", ""], &[]), local("11-001", "乙", ["2025-04-01", "2025-03-31"], &[])], MasterFault::SpanReversed)]
#[case::other_tier(vec![local("11-001", "甲", ["", "2025-03-31"], &[]), row("11-001", Tier::Prefectural, "乙", "JMA", ["2025-04-01", ""], &[])], MasterFault::TierOrPrefectureDiffers)]
#[case::successor_unknown(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", "2025-03-31"], &["11-009"])], MasterFault::UnknownSuccessor)]
#[case::successor_above(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", "2025-03-31"], &["P11"])], MasterFault::SuccessorOfOtherKind)]
#[case::successor_without_end(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", ""], &["11-001"])], MasterFault::SuccessorWithoutEnd)]
#[case::successor_begins_a_day_late(vec![local("11-001", "甲", ["2025-04-02", ""], &[]), local("11-002", "乙", ["", "2025-03-31"], &["11-001"])], MasterFault::SuccessorNotThere)]
#[case::successor_ends_with_it(vec![local("11-001", "甲", ["", "2025-03-31"], &[]), local("11-002", "乙", ["", "2025-03-31"], &["11-001"])], MasterFault::SuccessorNotThere)]
#[case::successor_of_itself(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", "2025-03-31"], &["11-002"])], MasterFault::SuccessorCircle)]
#[case::successors_in_a_circle(vec![local("11-001", "甲", ["", "2025-04-30"], &["11-002"]), local("11-002", "乙", ["", "2025-03-31"], &["11-001"])], MasterFault::SuccessorCircle)]
#[case::parent_begins_later(vec![local("11-001", "甲", ["2025-04-01", ""], &[]), row("11-002", Tier::Local, "乙", "11-001", ["2025-03-31", ""], &[])], MasterFault::ParentNotThere)]
#[case::parent_ends_earlier(vec![local("11-001", "甲", ["", "2025-03-31"], &[]), row("11-002", Tier::Local, "乙", "11-001", ["", ""], &[])], MasterFault::ParentNotThere)]
fn contradiction_is_refused_at_its_row(#[case] locals: Vec<MasterRow>, #[case] fault: MasterFault) {
    let (found, row) = fault_of(with_top(locals));
    assert_eq!(found, fault);
    // Behind JMA and P11; of the two rows of a case the second is wrong, save in a circle.
    assert_eq!(row, if fault == MasterFault::SuccessorCircle && row == 2 { 2 } else { 3 });
}

/// 甲 under 乙 until the end of March, 乙 under 甲 from April: no circle on any day. One day earlier it is one.
#[rstest]
#[case::in_turn("2025-03-31", "2025-04-01", true)]
#[case::one_day_together("2025-04-01", "2025-04-01", false)]
fn tree_may_turn_round_but_never_on_one_day(#[case] last: &str, #[case] first: &str, #[case] sound: bool) {
    let after = |text: &str| day(text).succ_opt().expect("a day").to_string();
    let before = |text: &str| day(text).pred_opt().expect("a day").to_string();
    let rows = with_top(vec![
        row("11-001", Tier::Local, "甲", "11-002", ["", last], &[]),
        row("11-001", Tier::Local, "甲", "P11", [&after(last), ""], &[]),
        row("11-002", Tier::Local, "乙", "P11", ["", &before(first)], &[]),
        row("11-002", Tier::Local, "乙", "11-001", [first, ""], &[]),
    ]);
    let made = Associations::new(rows);
    assert_eq!(made.as_ref().map_err(|error| error.fault).err(), (!sound).then_some(MasterFault::Circle));
}

#[test]
fn order_of_rows_does_not_matter() {
    let mut rows =
        with_top(vec![local("11-001", "新", ["2025-04-01", ""], &[]), local("11-001", "旧", ["", "2025-03-31"], &[])]);
    let forth = Associations::new(rows.clone()).expect("sound");
    rows.reverse();
    let back = Associations::new(rows).expect("sound");
    assert_eq!(forth.iter().collect::<Vec<_>>(), back.iter().collect::<Vec<_>>());
    assert_eq!(forth.by_code("11-001").map(|body| (body.spans.len(), body.name.as_str())), Some((2, "新医師会")));
}

#[rstest]
#[case::day_before("2025-03-31", "旧")]
#[case::day_of("2025-04-01", "新")]
#[case::long_after("2100-01-01", "新")]
fn renamed_body_has_the_name_of_the_day(#[case] on: &str, #[case] name: &str) {
    let all = through_time();
    let id = all.by_code("11-007").expect("it is there").id;
    assert_eq!(all.short_name_on(id, day(on)), name);
    for any in ["旧", "新医師会"] {
        assert_eq!(all.by_name(Tier::Local, any).map(|body| body.id), Ok(id));
    }
}

#[test]
fn name_of_two_bodies_is_told_apart_by_the_day() {
    let all = Associations::new(with_top(vec![
        local("11-001", "川口", ["", "2025-03-31"], &["11-002"]),
        local("11-002", "川口", ["2025-04-01", ""], &[]),
    ]));
    let all = all.expect("sound");
    let on = |text: &str| all.by_name_on(Tier::Local, "川口医師会", day(text)).map(|body| body.code.as_str());
    assert_eq!((on("2025-03-31"), on("2025-04-01")), (Ok("11-001"), Ok("11-002")));
    assert_eq!(all.by_name(Tier::Local, "川口").err(), Some(NameMiss::Ambiguous));
}

#[test]
fn bodies_of_a_day_are_those_that_exist_on_it() {
    let all = through_time();
    let on = |text: &str| -> Vec<&str> {
        all.on(day(text)).into_iter().filter(|body| body.tier == Tier::Local).map(|body| body.code.as_str()).collect()
    };
    assert_eq!(on("1999-12-31"), ["11-001", "11-004", "11-007"]);
    assert_eq!(on("2025-03-31"), ["11-001", "11-002", "11-004", "11-007"]);
    assert_eq!(on("2025-04-01"), ["11-003", "11-005", "11-006", "11-007"]);
}

#[rstest]
#[case::before_the_merger("11-001", "2025-03-31", "Stands 11-001")]
#[case::after_the_merger("11-001", "2025-04-01", "Stands 11-003")]
#[case::after_the_division("11-004", "2025-04-01", "Divided 11-004")]
#[case::not_backwards("11-003", "2025-03-31", "Stands 11-003")]
fn merger_is_followed_and_division_is_not(#[case] code: &str, #[case] on: &str, #[case] expected: &str) {
    let all = through_time();
    let id = all.by_code(code).expect("it is there").id;
    let name = |id| all.get(id).map_or("", |body| body.code.as_str());
    let told = match all.place_on(id, day(on)).expect("it is there") {
        Place::Stands(id) => format!("Stands {}", name(id)),
        Place::Divided(id) => format!("Divided {}", name(id)),
        Place::Dissolved(id) => format!("Dissolved {}", name(id)),
    };
    assert_eq!(told, expected);
}

#[rstest]
#[case::inside("2025-01-01", "2025-02-01", Some(("2025-01-01", "2025-02-01")))]
#[case::open("2025-01-01", "", Some(("2025-01-01", "2025-04-01")))]
#[case::begun_before("1990-01-01", "", Some(("2000-01-01", "2025-04-01")))]
#[case::over_before("1990-01-01", "2000-01-01", None)]
#[case::begun_after("2025-04-01", "", None)]
#[case::last_day("2025-03-31", "", Some(("2025-03-31", "2025-04-01")))]
fn days_outside_the_lifetime_do_not_count(#[case] from: &str, #[case] to: &str, #[case] kept: Option<(&str, &str)>) {
    let all = through_time();
    let lifetime = all.by_code("11-002").expect("it is there").lifetime();
    let found = lifetime.clamp(day(from), (!to.is_empty()).then(|| day(to)));
    assert_eq!(found, kept.map(|(from, to)| (day(from), Some(day(to)))));
}

#[test]
fn tree_of_four_levels_is_walked_as_of_the_day() {
    let all = Associations::new(with_top(vec![
        local("11-010", "横浜市", ["", ""], &[]),
        row("11-011", Tier::Local, "鶴見区", "11-010", ["", "2025-03-31"], &[]),
        row("11-011", Tier::Local, "鶴見区", "P11", ["2025-04-01", ""], &[]),
    ]));
    let all = all.expect("sound");
    let (city, ward) = (all.by_code("11-010").expect("there").id, all.by_code("11-011").expect("there").id);
    let codes = |on: &str| all.chain_on(ward, day(on)).iter().map(|body| body.code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes("2025-03-31"), ["11-011", "11-010", "P11", "JMA"]);
    assert_eq!(codes("2025-04-01"), ["11-011", "P11", "JMA"]);
    assert!(all.is_below_on(ward, city, day("2025-03-31")) && !all.is_below_on(ward, city, day("2025-04-01")));
}
