//! What codes mean: bodies, what they were called when, and classes.

use anyhow::Result;
use chrono::NaiveDate;

use super::tables::{ExportFolder, prefecture_key};
use super::written::ExportedTable;
use crate::domain::association::{Association, AssociationSpan, Associations};
use crate::domain::class::NationalClass;
use crate::domain::day::{day_number, next_day};
use crate::domain::grouping::ClassGroup;
use crate::stats::known_segments::FOREVER;
use crate::timeline::{ExchangeColumn, ExchangeColumns};

/// 1600-01-01, which stands for no first day: no body is so old, and the calendar of every engine reaches back to it.
const ALWAYS: i32 = -135_140;

/// Writes the tables `bodies`, `body_names` and `classes`.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_bodies(folder: &ExportFolder, associations: &Associations) -> Result<[ExportedTable; 3]> {
    let bodies: Vec<(usize, &Association)> = associations.iter().enumerate().collect();
    let successors: Vec<String> = associations.iter().map(|body| body.successors.join(" ")).collect();
    let names: Vec<(&str, &AssociationSpan)> =
        associations.iter().flat_map(|body| body.spans.iter().map(|span| (body.code.as_str(), span))).collect();
    Ok([
        folder.write_table("bodies", &bodies, |rows| of_bodies(rows, &successors))?,
        folder.write_table("body_names", &names, of_names)?,
        folder.write_table("classes", &NationalClass::ALL, of_classes)?,
    ])
}

fn of_bodies<'c>(rows: &[(usize, &'c Association)], successors: &'c [String]) -> ExchangeColumns<'c> {
    let text = |value: fn(&'c Association) -> &'c str| texts(rows.iter().map(|(_, body)| value(body)));
    vec![
        ("body", text(|body| &body.code)),
        ("tier", text(|body| body.tier.code())),
        ("prefecture", text(|body| prefecture_key(&body.prefecture))),
        ("sort_order", orders(rows.iter().map(|(rank, _)| *rank))),
        ("name", text(|body| &body.name)),
        ("short_name", text(|body| &body.short_name)),
        ("kind", text(|body| &body.kind)),
        ("parent", text(|body| body.parent.as_deref().unwrap_or_default())),
        ("exists_from", days(rows.iter().map(|(_, body)| first_day(body.valid_from)))),
        ("exists_before", days(rows.iter().map(|(_, body)| day_after(body.valid_to)))),
        ("successors", texts(rows.iter().map(|(rank, _)| successors[*rank].as_str()))),
    ]
}

fn of_names<'c>(rows: &[(&'c str, &'c AssociationSpan)]) -> ExchangeColumns<'c> {
    let text = |value: fn(&'c AssociationSpan) -> &'c str| texts(rows.iter().map(|(_, span)| value(span)));
    vec![
        ("body", texts(rows.iter().map(|(code, _)| *code))),
        ("valid_from", days(rows.iter().map(|(_, span)| first_day(span.valid_from)))),
        ("valid_before", days(rows.iter().map(|(_, span)| day_after(span.valid_to)))),
        ("name", text(|span| &span.name)),
        ("short_name", text(|span| &span.short_name)),
        ("kind", text(|span| &span.kind)),
        ("parent", text(|span| span.parent.as_deref().unwrap_or_default())),
    ]
}

fn of_classes(rows: &[NationalClass]) -> ExchangeColumns<'static> {
    let text = |value: fn(NationalClass) -> &'static str| texts(rows.iter().map(|class| value(*class)));
    vec![
        ("class", text(NationalClass::code)),
        ("label", text(NationalClass::label)),
        ("class_group", text(|class| ClassGroup::of(class).code())),
        ("class_group_label", text(|class| ClassGroup::of(class).label())),
        ("sort_order", orders(rows.iter().map(|class| usize::from(class.index())))),
    ]
}

fn texts<'c>(values: impl Iterator<Item = &'c str>) -> ExchangeColumn<'c> {
    ExchangeColumn::Text(values.collect())
}

fn days(values: impl Iterator<Item = i32>) -> ExchangeColumn<'static> {
    ExchangeColumn::Days(values.collect())
}

fn orders(values: impl Iterator<Item = usize>) -> ExchangeColumn<'static> {
    ExchangeColumn::Number(values.map(|value| i32::try_from(value).unwrap_or(i32::MAX)).collect())
}

fn first_day(first: Option<NaiveDate>) -> i32 {
    first.map_or(ALWAYS, day_number)
}

fn day_after(last: Option<NaiveDate>) -> i32 {
    last.map_or(FOREVER, |last| day_number(next_day(last)).min(FOREVER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn no_first_day_is_a_day_before_all_bodies() {
        assert_eq!(ALWAYS, day_number(day("1600-01-01")));
    }
}
