//! Cells, rows and words that several parts print alike.

use crate::domain::cell::Cell;
use crate::domain::document::Row;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::rounding::percent_tenths;

/// Says in a paper for others why names are missing.
pub(super) const NAMES_ELSEWHERE: &str = "氏名と個別の理由は内部資料にのみ記載。";

/// Numbers the rows from 1 in front of their cells.
pub(super) fn numbered(rows: impl Iterator<Item = Vec<Cell>>) -> Vec<Row> {
    rows.zip(1..)
        .map(|(cells, number)| Row::body(std::iter::once(Cell::Count(number)).chain(cells).collect()))
        .collect()
}

pub(super) fn reason_label(reason: WithdrawalReason) -> &'static str {
    if reason == WithdrawalReason::None { "記載なし" } else { reason.label() }
}

/// A rate in tenths of a percent, … where there is no base.
pub(super) fn rate(part: i64, whole: i64) -> Cell {
    percent_tenths(part, whole).map_or(Cell::NotApplicable, Cell::PercentTenths)
}

/// A round value below all bars, so that changes of one per cent can be seen; 0 for small numbers.
pub(super) fn axis_from(totals: &[i64]) -> i64 {
    let low = totals.iter().copied().min().unwrap_or_default();
    let high = totals.iter().copied().max().unwrap_or_default();
    let margin = (high - low).max(low / 50);
    let step = if low >= 1000 { 100 } else { 10 };
    if low < 100 { 0 } else { ((low - margin) / step * step).max(0) }
}
