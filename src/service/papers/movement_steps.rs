//! The changes of a period in a sentence and a picture: from 期首 over what was added and taken away to 期末.

use super::context::PaperContext;
use super::request::Variant;
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::Block;
use crate::domain::japanese_date::era_month;
use crate::domain::metric::Metric;
use crate::domain::printed_number::thousands;
use crate::domain::roll_forward::{FlowRow, RollForward};

/// A picture of steps with fewer changes, or of fewer members, says no more than its sentence.
const FEWEST_CHANGES: usize = 2;
const FEWEST_CHANGED: u64 = 10;

/// The local bodies of the paper together; `None` where the exports do not reach the opening day.
fn local_row(paper: &PaperContext<'_>, found: &RollForward) -> Option<FlowRow> {
    let is_reached = paper.covers(Tier::Local, found.opened_on, |_| true);
    let keep = |body: &Association| body.tier == Tier::Local && paper.keeps(body);
    is_reached.then(|| found.sum(&paper.vintage.associations, keep))
}

/// The sentence above the tables: made from the numbers, so that it cannot contradict them.
pub(super) fn lead(paper: &PaperContext<'_>, found: &RollForward) -> Option<String> {
    let row = local_row(paper, found)?;
    let change = match row.closing - row.opening {
        0 => format!("会員数は期首と同じ {} 人である", thousands(row.closing)),
        n => {
            let way = if n > 0 { "増えて" } else { "減って" };
            let (opening, by) = (thousands(row.opening), thousands(n.abs()));
            format!("会員数は期首の {opening} 人から {by} 人{way}、{} 人となった", thousands(row.closing))
        }
    };
    let (plus, minus) = (thousands(row.entries()), thousands(row.exits()));
    let (entries, exits) = (Metric::Entries.name(), Metric::Exits.name());
    let month = era_month(paper.period.from);
    Some(format!("{month}は、郡市区等で{entries} {plus} 人、{exits} {minus} 人があり、{change}。"))
}

/// The changes of the local bodies of the paper as a picture. In papers for others exits stand together.
pub(super) fn steps_of_period(paper: &PaperContext<'_>, found: &RollForward) -> Option<Block> {
    let row = local_row(paper, found)?;
    let (metrics, marks): (Vec<_>, Vec<_>) = steps(&row, paper.variant == Variant::External)?.into_iter().unzip();
    let members = paper.members(Tier::Local);
    let figure = |metric: Metric| match metric {
        Metric::Opening => members.on(found.opened_on),
        Metric::Closing => members.on(found.closed_on),
        change => members.on(found.closed_on).since(found.opened_on).but(change.id()),
    };
    let (title, basis) = ("期間の増減（郡市区等）", paper.basis_of_period("人（延べ）"));
    Some(Block::Chart(Chart {
        axis_from: foot_of_steps(&marks),
        claims: metrics.into_iter().map(figure).collect(),
        ..Chart::new("roll-forward-steps", title, basis, ChartShape::Steps, marks)
    }))
}

/// From the opening to the closing of a period, each with what it is; `joined` puts exits together, and entries. Nothing
/// where there are hardly any changes.
fn steps(row: &FlowRow, joined: bool) -> Option<Vec<(Metric, ChartMark)>> {
    let changes = if joined {
        vec![(Metric::Entries, row.entries()), (Metric::Exits, -row.exits())]
    } else {
        vec![
            (Metric::Joined, row.joined),
            (Metric::MovedIn, row.moved_in),
            (Metric::Left, -row.left),
            (Metric::MovedOut, -row.moved_out),
            (Metric::Died, -row.died),
        ]
    };
    let rest = [(Metric::Reorganised, row.reorganised()), (Metric::Corrected, row.corrected())];
    let changes: Vec<(Metric, i64)> = changes.into_iter().chain(rest).filter(|(_, n)| *n != 0).collect();
    let n_changed: u64 = changes.iter().map(|(_, n)| n.unsigned_abs()).sum();
    if changes.len() < FEWEST_CHANGES || n_changed < FEWEST_CHANGED {
        return None;
    }
    let change = |(metric, n): (Metric, i64)| {
        let is_taken_away = matches!(metric, Metric::Left | Metric::MovedOut | Metric::Died | Metric::Exits);
        (metric, ChartMark { is_taken_away, ..ChartMark::new(metric.name(), Cell::Difference(n)) })
    };
    let ends = [(Metric::Opening, row.opening), (Metric::Closing, row.closing)];
    let [opening, closing] = ends.map(|(metric, n)| (metric, ChartMark::count(metric.name(), n)));
    Some(std::iter::once(opening).chain(changes.into_iter().map(change)).chain([closing]).collect())
}

/// A round value below all levels of some steps, near enough that each of them can be seen.
fn foot_of_steps(marks: &[ChartMark]) -> i64 {
    let mut level = 0;
    let mut levels = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let value = mark.number().unwrap_or(0);
        level = if at == 0 || at + 1 == marks.len() { value } else { level + value };
        levels.push(level);
    }
    let low = levels.iter().copied().min().unwrap_or(0);
    let high = levels.iter().copied().max().unwrap_or(0);
    let step = if high - low >= 100 { 100 } else { 10 };
    // A level that is not far from zero stands on it.
    if low < 3 * (high - low) { 0 } else { (low - (high - low).max(1)) / step * step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_from_opening_to_closing() {
        let row = FlowRow { opening: 2_741, joined: 3, left: 9, died: 5, closing: 2_730, ..FlowRow::default() };
        let printed = |marks: Vec<(Metric, ChartMark)>| -> Vec<String> {
            marks.iter().map(|(_, mark)| format!("{} {}", mark.label, mark.printed())).collect()
        };
        let made = steps(&row, false).expect("three changes");
        let marks: Vec<ChartMark> = made.iter().map(|(_, mark)| mark.clone()).collect();
        assert_eq!(foot_of_steps(&marks), 2_710);
        assert_eq!(printed(made), ["期首 2,741", "入会 +3", "退会 ▲9", "死亡 ▲5", "期末 2,730"]);
        let joined = printed(steps(&row, true).expect("two changes"));
        assert_eq!(joined[1..3], ["入会・転入 計 +3", "退会・転出・死亡 計 ▲14"]);
        let few =
            |joined, left| FlowRow { opening: 100, joined, left, closing: 100 + joined - left, ..FlowRow::default() };
        assert!(steps(&few(5, 5), false).is_some());
        assert!(steps(&few(5, 4), false).is_none() && steps(&few(12, 0), false).is_none());
    }
}
