//! What is already certain about the next twelve months (D9): approved events, and what was filed beside them.

use anyhow::Result;

use super::cells::axis_from;
use super::context::PaperContext;
use super::request::Variant;
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::japanese_date::short_era_date;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::Figure;
use crate::domain::roll_forward::FlowRow;
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::audit::PendingWithdrawal;
use crate::service::audit::certain_future::{CertainFuture, certain_future};

/// The months ahead as a table and as bars.
pub(super) fn table_and_bars(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let future = certain_future(paper.vintage, paper.as_of)?;
    let keep = |body: &Association| body.tier == Tier::Local && paper.keeps(body);
    let sums: Vec<FlowRow> = future.months.iter().map(|month| month.sum(&paper.vintage.associations, keep)).collect();
    let mut blocks = vec![table(paper, &future, &sums)];
    if paper.only_body().is_none() {
        blocks.push(bars(paper, &future, &sums));
    }
    Ok(blocks)
}

fn table(paper: &PaperContext<'_>, future: &CertainFuture, sums: &[FlowRow]) -> Block {
    let rows = future
        .months
        .iter()
        .zip(sums)
        .map(|(month, row)| {
            let is_pending_then = |day: chrono::NaiveDate| month.opened_on < day && day <= month.closed_on;
            let n_pending = pending(paper, future).filter(|day| is_pending_then(*day)).count();
            Row::body(vec![
                Cell::Date(month.closed_on),
                Cell::Count(row.opening),
                Cell::Count(row.entries()),
                Cell::Count(row.left),
                Cell::Count(row.moved_out),
                Cell::Count(row.died),
                Cell::Difference(row.reorganised() + row.corrected()),
                Cell::Count(row.closing),
                Cell::Count(i64::try_from(n_pending).unwrap_or(i64::MAX)),
            ])
        })
        .collect();
    let columns = vec![
        Column::centred("month_end", "月末", 5),
        Column::number("opening", "月初", 5),
        Column::number("joined", "入会・転入予定", 4),
        Column::number("left", Metric::Left.name(), 3).in_group("減の予定"),
        Column::number("moved_out", Metric::MovedOut.name(), 3).in_group("減の予定"),
        Column::number("died", Metric::Died.name(), 3).in_group("減の予定"),
        Column::number("other", "組織変更等", 4),
        Column::number("closing", "見込み", 5),
        Column::number("pending", "（別掲）保留", 5),
    ];
    let identity = Identity::new("closing", ["opening", "joined", "other"], ["left", "moved_out", "died"]);
    let last = future.months.last().map_or(paper.as_of.0, |month| month.closed_on);
    let n_later = pending(paper, future).filter(|day| *day > last).count();
    let mut notes = vec![
        "基準日の後の日付で承認されている異動だけによる。ほかに何も起きないとしたときの人数で、予測ではない。".into(),
        "保留は、届け出られてまだ承認されていない退会・転出。会員でなくなる日の月に数える（適用日が月末日なら翌月）。見込みには入れない。".into(),
    ];
    let n_undated = pending_of(paper, future).filter(|filed| filed.ends_on.is_none()).count();
    if n_undated > 0 {
        notes.push(format!("このほか適用日不明の保留 {n_undated} 件。"));
    }
    if n_later > 0 {
        notes.push(format!("このほか {} より後の保留 {n_later} 件。", short_era_date(last)));
    }
    Block::Table(Table {
        id: "certain-future".into(),
        title: "今後12か月の確定している異動（郡市区等）".into(),
        basis: paper.basis_on_day("人（延べ）"),
        columns,
        rows,
        empty_text: "該当なし".into(),
        notes,
        proof: claimed(paper, future).with(identity),
    })
}

/// The figures of each month: members at its ends, exits between them.
fn claimed(paper: &PaperContext<'_>, future: &CertainFuture) -> TableCheck {
    let members = paper.members(Tier::Local);
    let months = future.months.iter().map(|month| members.on(month.closed_on).since(month.opened_on));
    TableCheck::default().claiming((0..).zip(months), |month| {
        let exits = [("left", Metric::Left), ("moved_out", Metric::MovedOut), ("died", Metric::Died)];
        let exits = exits.map(|(key, metric)| (key, month.but(metric.id())));
        let opening = members.on(month.since.unwrap_or(month.on));
        let days = [("opening", opening), ("closing", members.on(month.on))];
        days.into_iter().chain(exits).map(|(key, figure)| (key.to_string(), figure)).collect()
    })
}

/// Days of filed withdrawals of the bodies of the paper.
fn pending<'f>(paper: &'f PaperContext<'_>, future: &'f CertainFuture) -> impl Iterator<Item = chrono::NaiveDate> + 'f {
    pending_of(paper, future).filter_map(|filed| filed.ends_on)
}

/// Filed withdrawals of the bodies of the paper: those that its ledger calls 保留, so that no difference of the two tells deaths
/// to others (R37).
fn pending_of<'f>(
    paper: &'f PaperContext<'_>,
    future: &'f CertainFuture,
) -> impl Iterator<Item = &'f PendingWithdrawal> + 'f {
    future.pending.iter().filter(|filed| {
        let body = paper.vintage.associations.get(filed.association);
        let is_told = paper.variant == Variant::External || !filed.is_death;
        is_told && body.is_some_and(|body| body.tier == Tier::Local && paper.keeps(body))
    })
}

fn bars(paper: &PaperContext<'_>, future: &CertainFuture, sums: &[FlowRow]) -> Block {
    let first = sums.first().map(|row| (short_era_date(paper.as_of.0), row.opening));
    let months = future.months.iter().zip(sums).map(|(month, row)| (short_era_date(month.closed_on), row.closing));
    let marks: Vec<(String, i64)> = first.clone().into_iter().chain(months).collect();
    let totals: Vec<i64> = marks.iter().map(|(_, n)| *n).collect();
    let days = first.map(|_| paper.as_of.0).into_iter().chain(future.months.iter().map(|month| month.closed_on));
    let claims: Vec<Figure> = days.map(|day| paper.members(Tier::Local).on(day)).collect();
    let marks: Vec<ChartMark> = marks.into_iter().map(|(label, n)| ChartMark::count(label, n)).collect();
    let (title, shape) = ("確定している異動による会員数（郡市区等、各月末）", ChartShape::of_days(marks.len()));
    Block::Chart(Chart {
        axis_from: axis_from(&totals),
        notes: vec!["承認済の増減だけを反映した人数。".into()],
        claims,
        ..Chart::new("certain-future-bars", title, paper.basis_on_day("人（延べ）"), shape, marks)
    })
}
