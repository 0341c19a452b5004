//! The people behind the movements of the period: one list for each column of the roll-forward, as long as it.
//!
//! Lists go by 退会日, columns by the first day that no longer counts; the difference is a printed line (R16).

use anyhow::Result;

use super::cells::{NAMES_ELSEWHERE, numbered};
use super::context::PaperContext;
use super::people::People;
use crate::domain::association::Tier;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::ids::AssociationId;
use crate::domain::printed_figure::PrintedFigure;
use crate::domain::roll_forward::{Booking, Flow, FlowRow};
use crate::domain::table_check::{Listed, TableCheck};
use crate::service::known::flows::ListedMovements;

/// A list: id, title, kinds, whether they are exits.
struct Spec {
    id: &'static str,
    title: &'static str,
    flows: &'static [Flow],
    day: &'static str,
}

const LISTS: [Spec; 7] = [
    Spec { id: "joined", title: "入会者", flows: &[Flow::Joined], day: "入会日" },
    Spec { id: "moved-in", title: "転入者", flows: &[Flow::MovedIn], day: "入会日" },
    Spec { id: "left", title: "退会者（転出・死亡を除く）", flows: &[Flow::Left], day: "退会日" },
    Spec { id: "moved-out", title: "転出者", flows: &[Flow::MovedOut], day: "退会日" },
    Spec { id: "died", title: "死亡", flows: &[Flow::Died], day: "退会日" },
    Spec { id: "class-changes", title: "区分変更", flows: &[Flow::ClassChanged], day: "変更日" },
    Spec {
        id: "other-movements", title: "組織変更・訂正", flows: &[Flow::Reorganised, Flow::Corrected], day: "日"
    },
];

/// A column of the roll-forward beside its list.
pub(super) struct ColumnAndList {
    /// The column.
    pub(super) column: i64,
    /// In the column; the 退会日 lies before the period.
    pub(super) before: i64,
    /// In the list; booked after the period.
    pub(super) after: i64,
}

impl ColumnAndList {
    fn listed(&self) -> i64 {
        self.column - self.before + self.after
    }

    fn line(&self) -> String {
        let Self { column, before, after } = self;
        let listed = self.listed();
        format!("一覧 {listed} 件 ＝ 計上 {column} 件 － 退会日が期間の前 {before} 件 ＋ 計上が期間の後 {after} 件。")
    }
}

/// Lists by name.
pub(super) fn lists(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let movements = ListedMovements::of(paper.vintage, paper.period)?;
    let listed = paper.listed(&movements);
    let people = paper.people()?;
    let mut out = Vec::new();
    for spec in &LISTS {
        let compared = paper.column_and_list(&movements, spec.flows);
        let of_list: Vec<&Booking> =
            listed.iter().copied().filter(|booking| spec.flows.contains(&booking.flow)).collect();
        // Mergers and adjustments are rare; their list is printed where there is something in it.
        let is_rare = spec.flows.contains(&Flow::Reorganised);
        if !is_rare || !of_list.is_empty() || compared.listed() != 0 {
            out.push(list(paper, spec, &of_list, &compared, &people));
        }
    }
    Ok(out)
}

impl PaperContext<'_> {
    /// Local movements of the paper as lists have them.
    fn listed<'m>(&self, movements: &'m ListedMovements) -> Vec<&'m Booking> {
        movements.listed().into_iter().filter(|booking| self.is_local_and_kept(booking.association)).collect()
    }

    fn is_local_and_kept(&self, id: AssociationId) -> bool {
        self.vintage.associations.get(id).is_some_and(|body| body.tier == Tier::Local && self.keeps(body))
    }

    /// What the columns of some kinds say, and by how much a list by 退会日 differs.
    pub(super) fn column_and_list(&self, movements: &ListedMovements, flows: &[Flow]) -> ColumnAndList {
        let associations = &self.vintage.associations;
        let keep = |body: &crate::domain::association::Association| body.tier == Tier::Local && self.keeps(body);
        let row = movements.roll_forward.sum(associations, keep);
        let count = |bookings: &mut dyn Iterator<Item = &Booking>| {
            let n = bookings
                .filter(|booking| flows.contains(&booking.flow) && self.is_local_and_kept(booking.association))
                .count();
            i64::try_from(n).unwrap_or(i64::MAX)
        };
        ColumnAndList {
            column: flows.iter().map(|flow| n_movements(&row, *flow)).sum(),
            before: count(&mut movements.listed_before()),
            after: count(&mut movements.booked_after.iter()),
        }
    }
}

/// How many people a kind of movement concerns. A corrected class is one movement out and one in.
fn n_movements(row: &FlowRow, flow: Flow) -> i64 {
    match flow {
        Flow::ClassChanged => row.class_in,
        Flow::Reorganised => row.reorganised_in + row.reorganised_out,
        Flow::Corrected => row.corrected_in + row.corrected_out,
        _ => row.get(flow),
    }
}

fn list(
    paper: &PaperContext<'_>,
    spec: &Spec,
    bookings: &[&Booking],
    compared: &ColumnAndList,
    people: &People,
) -> Block {
    let is_pair = spec.flows.iter().any(|flow| matches!(flow, Flow::MovedIn | Flow::MovedOut));
    let is_exit = spec.flows.iter().any(|flow| matches!(flow, Flow::Left | Flow::MovedOut));
    let is_rare = spec.flows.contains(&Flow::Reorganised);
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("day", spec.day, 5),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
        Column::text("class", "会員区分", 6),
    ];
    if is_rare {
        columns.push(Column::text("kind", "種別", 4));
    }
    if is_pair {
        let title = if spec.flows.contains(&Flow::MovedIn) { "転入元" } else { "転出先" };
        columns.push(Column::text("other", title, 7));
    }
    if is_exit {
        columns.push(Column::text("reason", "退会理由", 5));
    }
    let rows = numbered(bookings.iter().map(|booking| {
        let mut cells = vec![
            Cell::Date(booking.listed_on),
            paper.body_name(booking.association),
            people.name(booking.physician),
            Cell::text(class_text(booking)),
        ];
        if is_rare {
            cells.push(Cell::text(booking.flow.label()));
        }
        if is_pair {
            cells.push(
                booking.other.map_or(Cell::NotApplicable, |id| Cell::text(paper.full_body_name(id, booking.day))),
            );
        }
        if is_exit {
            cells.push(Cell::text(booking.reason.label()));
        }
        cells
    }));
    let rows = paper.coded(rows, bookings.iter().map(|booking| Some(booking.association)));
    let note = match compared {
        // Entries and changes are booked on their own day.
        ColumnAndList { column, before: 0, after: 0 } => format!("一覧 {column} 件 ＝ 計上 {column} 件。"),
        _ => compared.line(),
    };
    Block::Table(Table {
        id: spec.id.into(),
        title: spec.title.into(),
        basis: paper.basis_of_period("件"),
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        notes: vec![note],
        proof: TableCheck { listed: listed(compared, bookings, spec), ..TableCheck::default() },
    })
}

/// The promise of the length. A class corrected by an adjustment stands in two columns and is one person, so the list of
/// corrections is promised by its effects.
fn listed(compared: &ColumnAndList, bookings: &[&Booking], spec: &Spec) -> Option<Listed> {
    let both = bookings
        .iter()
        .filter(|booking| booking.flow == Flow::Corrected && booking.before.is_some() && booking.after.is_some())
        .count();
    let figure = compared.listed() - i64::try_from(both).unwrap_or_default();
    Some(Listed { figure, what: spec.title.to_string() })
}

fn class_text(booking: &Booking) -> String {
    match (booking.before, booking.after) {
        (Some(before), Some(after)) => format!("{} → {}", before.label(), after.label()),
        (before, after) => before.or(after).map_or(String::new(), |class| class.label().to_string()),
    }
}

/// Movements by kind, for others: as booked, and as the lists of the internal paper have them.
pub(super) fn numbers(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let movements = ListedMovements::of(paper.vintage, paper.period)?;
    let listed = paper.listed(&movements);
    let rows: Vec<Row> = Flow::ALL
        .into_iter()
        .map(|flow| {
            let compared = paper.column_and_list(&movements, &[flow]);
            let n = listed.iter().filter(|booking| booking.flow == flow).count();
            Row::body(vec![
                Cell::text(flow.label()),
                Cell::Count(compared.column),
                Cell::Count(i64::try_from(n).unwrap_or(i64::MAX)),
            ])
        })
        .collect();
    let notes = vec![
        "郡市区等医師会の異動。計上は会員でなくなった最初の日（入会は入会日）により、一覧は退会日による。".to_string(),
        NAMES_ELSEWHERE.to_string(),
    ];
    Ok(vec![Block::Table(Table {
        id: "movement-numbers".into(),
        title: "異動の件数".into(),
        basis: paper.basis_of_period("件"),
        columns: vec![
            Column::text("kind", "種別", 6),
            Column::number("booked", "計上", 4),
            Column::number("listed", "退会日による一覧", 6),
        ],
        rows,
        empty_text: "※件数 0 件".into(),
        notes,
        proof: TableCheck { claims: booked(paper), ..TableCheck::default() },
    })])
}

/// The column of movements as booked is that of the roll-forward, where that has one number for them.
fn booked(paper: &PaperContext<'_>) -> Vec<PrintedFigure> {
    if !paper.reaches_opening() {
        return Vec::new();
    }
    let of_period = paper.members(Tier::Local).on(paper.period.to).since(paper.opened_on());
    let is_one_number = |flow: &Flow| !matches!(flow, Flow::ClassChanged | Flow::Reorganised | Flow::Corrected);
    let flows = Flow::ALL.into_iter().enumerate().filter(|(_, flow)| is_one_number(flow));
    flows.map(|(row, flow)| PrintedFigure::cell(row, "booked", of_period.but(flow.metric().id()))).collect()
}
