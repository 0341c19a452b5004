//! What makes a master a tree (R30): local bodies under their prefecture, prefectures under the national body, names and
//! prefectures that stand for one body at a time.

use std::collections::HashMap;

use super::fault::{MasterError, MasterFault, told};
use super::gather::Places;
use super::{Association, AssociationSpan, Associations, Tier};
use crate::domain::text::body_name_key;

/// Checks what R30 asks of a master that is sound otherwise. The first fault in official order is told.
pub(super) fn check_tree(all: &Associations, places: &Places) -> Result<(), MasterError> {
    for (body, rows) in all.iter().zip(places) {
        check_kind(all, body, rows)?;
        check_prefecture(body, rows)?;
    }
    let mut met: Named<'_> = HashMap::new();
    for (body, rows) in all.iter().zip(places) {
        for (span, row) in body.spans.iter().zip(rows) {
            check_parent(all, body, span, *row)?;
            check_name(body, span, *row, &mut met)?;
        }
    }
    Ok(())
}

/// Who had a name of a tier and prefecture, and when.
type Named<'a> = HashMap<(Tier, &'a str, String), Vec<(&'a Association, super::Lifetime)>>;

/// One national body, and one for each prefecture: a figure by prefecture would be that of two bodies.
fn check_kind(all: &Associations, body: &Association, rows: &[usize]) -> Result<(), MasterError> {
    if body.tier == Tier::Local {
        return Ok(());
    }
    let others = all.of_tier(body.tier).take_while(|other| other.code != body.code);
    let mut same = others.filter(|other| other.prefecture == body.prefecture);
    match same.find(|other| share_days(other.lifetime(), body.lifetime())) {
        Some(other) => {
            let detail = format!("{} / {}", other.code, body.code);
            Err(told(MasterFault::SecondOfItsKind, body, rows[0], detail))
        }
        None => Ok(()),
    }
}

fn share_days(one: super::Lifetime, other: super::Lifetime) -> bool {
    let begins_in_time = |first: super::Lifetime, second: super::Lifetime| match (first.last, second.first) {
        (Some(last), Some(first)) => first <= last,
        _ => true,
    };
    begins_in_time(one, other) && begins_in_time(other, one)
}

/// The national body is of no prefecture; every other has one, which a prefectural body says in its code as well.
fn check_prefecture(body: &Association, rows: &[usize]) -> Result<(), MasterError> {
    let detail = |expected: &str| format!("{}: {} ≠ {expected}", body.code, shown(&body.prefecture));
    let expected = match body.tier {
        Tier::National => String::new(),
        Tier::Prefectural => in_code(body).unwrap_or_else(|| body.prefecture.clone()),
        Tier::Local => body.prefecture.clone(),
    };
    if body.prefecture != expected {
        return Err(told(MasterFault::PrefectureDiffers, body, rows[0], detail(&shown(&expected))));
    }
    if body.prefecture.is_empty() && body.tier == Tier::Prefectural {
        return Err(told(MasterFault::PrefectureDiffers, body, rows[0], detail("01–47")));
    }
    Ok(())
}

fn shown(prefecture: &str) -> String {
    if prefecture.is_empty() { "–".into() } else { prefecture.into() }
}

/// The prefecture that a code begins with: 11-001 and P11 say 11.
fn in_code(body: &Association) -> Option<String> {
    let code = body.code.strip_prefix('P').unwrap_or(&body.code);
    let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
    let is_short = !digits.is_empty() && digits.len() <= 2;
    is_short.then(|| format!("{digits:0>2}"))
}

fn check_parent(all: &Associations, body: &Association, span: &AssociationSpan, row: usize) -> Result<(), MasterError> {
    let Some(parent) = span.parent.as_ref().and_then(|code| all.by_code(code)) else { return Ok(()) };
    let is_fitting = match body.tier {
        Tier::National => false,
        Tier::Prefectural => parent.tier == Tier::National,
        Tier::Local => matches!(parent.tier, Tier::Prefectural | Tier::Local),
    };
    if !is_fitting {
        let detail = format!("{} {} → {} {}", body.code, body.tier.label(), parent.code, parent.tier.label());
        return Err(told(MasterFault::ParentOfWrongTier, body, row, detail));
    }
    if body.tier == Tier::Local && body.prefecture != parent.prefecture {
        // Two of the three say the same: code, 都道府県コード, 上位コード. The third is the cell to mend.
        let is_elsewhere = in_code(body).as_ref() == Some(&body.prefecture);
        let fault = if is_elsewhere { MasterFault::ParentElsewhere } else { MasterFault::PrefectureDiffers };
        let detail =
            format!("{}: {} ≠ {} {}", body.code, shown(&body.prefecture), parent.code, shown(&parent.prefecture));
        return Err(told(fault, body, row, detail));
    }
    Ok(())
}

/// Bodies that a paper of one prefecture would print under one name.
fn check_name<'a>(
    body: &'a Association,
    span: &AssociationSpan,
    row: usize,
    met: &mut Named<'a>,
) -> Result<(), MasterError> {
    for name in [&span.name, &span.short_name] {
        let others = met.entry((body.tier, &body.prefecture, body_name_key(name))).or_default();
        let days = super::Lifetime { first: span.valid_from, last: span.valid_to };
        let twin = others.iter().find(|(other, when)| other.id != body.id && share_days(*when, days));
        if let Some((twin, _)) = twin {
            return Err(told(MasterFault::NameTwice, body, row, format!("{} / {} {name}", twin.code, body.code)));
        }
        others.push((body, days));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::MasterRow;
    use super::*;
    use crate::written::{local, row, with_top};

    fn of(code: &str, tier: Tier, parent: &str, prefecture: &str) -> MasterRow {
        MasterRow { prefecture: prefecture.into(), ..row(code, tier, code, parent, ["", ""], &[]) }
    }

    fn elsewhere(rows: Vec<MasterRow>) -> Vec<MasterRow> {
        let tokyo = row("P13", Tier::Prefectural, "東京都", "JMA", ["", ""], &[]);
        with_top([vec![tokyo], rows].concat())
    }

    #[rstest]
    #[case::other_prefecture(with_top(vec![of("11-001", Tier::Local, "P11", "12")]), MasterFault::PrefectureDiffers, 2)]
    #[case::no_prefecture(with_top(vec![of("11-001", Tier::Local, "P11", "")]), MasterFault::PrefectureDiffers, 2)]
    #[case::code_without_a_prefecture(with_top(vec![of("X1", Tier::Local, "P11", "12")]), MasterFault::PrefectureDiffers, 2)]
    #[case::prefecture_and_its_code(with_top(vec![of("P12", Tier::Prefectural, "JMA", "13")]), MasterFault::PrefectureDiffers, 2)]
    #[case::parent_elsewhere(elsewhere(vec![of("11-001", Tier::Local, "P13", "11")]), MasterFault::ParentElsewhere, 3)]
    #[case::local_under_national(with_top(vec![of("11-001", Tier::Local, "JMA", "11")]), MasterFault::ParentOfWrongTier, 2)]
    #[case::prefecture_under_local(with_top(vec![of("11-001", Tier::Local, "P11", "11"), of("P12", Tier::Prefectural, "11-001", "12")]), MasterFault::ParentOfWrongTier, 3)]
    #[case::prefecture_under_prefecture(with_top(vec![of("P12", Tier::Prefectural, "P11", "12")]), MasterFault::ParentOfWrongTier, 2)]
    #[case::second_national(with_top(vec![of("JMA2", Tier::National, "", "")]), MasterFault::SecondOfItsKind, 2)]
    #[case::second_of_a_prefecture(with_top(vec![of("Q11", Tier::Prefectural, "JMA", "11")]), MasterFault::SecondOfItsKind, 2)]
    #[case::one_name(with_top(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "甲", ["", ""], &[])]), MasterFault::NameTwice, 3)]
    #[case::one_name_for_a_day(with_top(vec![local("11-001", "甲", ["", "2025-04-01"], &[]), local("11-002", "甲", ["2025-04-01", ""], &[])]), MasterFault::NameTwice, 3)]
    fn master_that_is_no_tree_is_refused(
        #[case] rows: Vec<MasterRow>,
        #[case] expected: MasterFault,
        #[case] place: usize,
    ) {
        assert!(Associations::new(rows.clone()).is_ok(), "a master of an older store is read");
        let error = Associations::tree(rows).expect_err("it is no tree");
        assert_eq!((error.fault, error.row), (expected, place), "{error}");
    }

    #[rstest]
    #[case::wards(with_top(vec![of("11-100", Tier::Local, "P11", "11"), of("11-101", Tier::Local, "11-100", "11"), of("11-102", Tier::Local, "11-101", "11")]))]
    #[case::one_name_after_the_other(with_top(vec![local("11-001", "甲", ["", "2025-03-31"], &["11-002"]), local("11-002", "甲", ["2025-04-01", ""], &[])]))]
    #[case::one_name_in_two_prefectures(elsewhere(vec![local("11-001", "中央", ["", ""], &[]), row("13-001", Tier::Local, "中央", "P13", ["", ""], &[])]))]
    #[case::code_of_another_pattern(with_top(vec![of("X-7", Tier::Local, "P11", "11"), of("1104", Tier::Local, "P11", "11")]))]
    #[case::name_and_short_name_alike(with_top(vec![MasterRow { span: AssociationSpan { short_name: "甲医師会".into(), ..local("11-001", "甲", ["", ""], &[]).span }, ..local("11-001", "甲", ["", ""], &[]) }]))]
    fn tree_of_any_depth_is_a_master(#[case] rows: Vec<MasterRow>) {
        assert!(Associations::tree(rows.clone()).is_ok(), "{:?}", Associations::tree(rows).err());
    }

    /// Fifty bodies over one another, the national one among them, and one more.
    #[test]
    fn tree_has_a_greatest_depth() {
        let wards = |n: usize| {
            let above = |nth: usize| if nth == 0 { "P11".into() } else { format!("X{}", nth - 1) };
            with_top((0..n).map(|nth| of(&format!("X{nth}"), Tier::Local, &above(nth), "11")).collect())
        };
        assert!(Associations::tree(wards(48)).is_ok());
        let error = Associations::tree(wards(49)).expect_err("it is too deep");
        assert_eq!((error.fault, error.code.as_str()), (MasterFault::TooDeep, "X48"), "{error}");
    }
}
