//! What tests write down: days, and masters of a few bodies. Compiled for tests only, in each package that has some.

use chrono::NaiveDate;

use crate::domain::association::{AssociationSpan, Associations, MasterRow, Tier};
use crate::domain::ids::AssociationId;

/// A day in a test.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

/// A row: code, tier, name, parent, span of days, successors. The prefecture is the first part of the code.
pub(crate) fn row(code: &str, tier: Tier, name: &str, parent: &str, span: [&str; 2], successors: &[&str]) -> MasterRow {
    let date = |text: &str| (!text.is_empty()).then(|| day(text));
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    MasterRow {
        id: AssociationId(digits.parse().unwrap_or_default()),
        code: code.into(),
        tier,
        prefecture: digits.chars().take(2).collect(),
        span: AssociationSpan {
            kind: "地域".into(),
            name: format!("{name}医師会"),
            short_name: name.into(),
            aliases: vec![],
            parent: (!parent.is_empty()).then(|| parent.into()),
            position: digits.get(2..).and_then(|rest| rest.parse().ok()).unwrap_or(1),
            valid_from: date(span[0]),
            valid_to: date(span[1]),
        },
        successors: successors.iter().map(ToString::to_string).collect(),
    }
}

/// JMA, P11 and the local rows of a test.
pub(crate) fn with_top(locals: Vec<MasterRow>) -> Vec<MasterRow> {
    let mut rows = vec![
        row("JMA", Tier::National, "日本", "", ["", ""], &[]),
        row("P11", Tier::Prefectural, "埼玉県", "JMA", ["", ""], &[]),
    ];
    rows.extend(locals);
    rows
}

pub(crate) fn local(code: &str, name: &str, span: [&str; 2], successors: &[&str]) -> MasterRow {
    row(code, Tier::Local, name, "P11", span, successors)
}

/// A small master: two prefectures, 岩槻 with the alias 岩槻区, and two bodies called 中央.
pub(crate) fn sample_rows() -> Vec<MasterRow> {
    let rows = [
        ("JMA", Tier::National, "日本医師会", "日医", "", None, "", 1),
        ("P13", Tier::Prefectural, "東京都医師会", "東京都", "", Some("JMA"), "13", 13),
        ("P11", Tier::Prefectural, "埼玉県医師会", "埼玉県", "", Some("JMA"), "11", 11),
        ("13-001", Tier::Local, "中央医師会", "中央", "", Some("P13"), "13", 1),
        ("11-002", Tier::Local, "岩槻医師会", "岩槻", "岩槻区", Some("P11"), "11", 27),
        ("11-001", Tier::Local, "浦和医師会", "浦和", "", Some("P11"), "11", 1),
        ("11-003", Tier::Local, "中央医師会", "中央", "", Some("P11"), "11", 30),
    ];
    rows.into_iter()
        .zip(1..)
        .map(|((code, tier, name, short, alias, parent, prefecture, position), id)| MasterRow {
            id: AssociationId(id),
            code: code.into(),
            tier,
            prefecture: prefecture.into(),
            span: AssociationSpan {
                kind: "地域".into(),
                name: name.into(),
                short_name: short.into(),
                aliases: if alias.is_empty() { vec![] } else { vec![alias.into()] },
                parent: parent.map(Into::into),
                position,
                valid_from: None,
                valid_to: None,
            },
            successors: vec![],
        })
        .collect()
}

pub(crate) fn sample() -> Associations {
    Associations::new(sample_rows()).expect("the sample master is sound")
}
