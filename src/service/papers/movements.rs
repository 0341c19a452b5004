//! The roll-forward of the period (R16): by tier, by body, by class. Every line must balance, or nothing is published.

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::Desk;
use crate::domain::association::{Association, Tier};
use crate::domain::class::NationalClass;
use crate::domain::document::{Block, Cell, Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::roll_forward::{FlowRow, RollForward};
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::known::flows::roll_forwards;

/// What the sentence above the tables calls all entries, and all exits (R32).
const ENTRIES: &str = "入会・転入 計";
const EXITS: &str = "退会・転出・死亡 計";

/// Columns that add up downwards.
const ADDITIVE: [&str; 9] =
    ["opening", "joined", "moved_in", "left", "moved_out", "died", "reorganised", "corrected", "closing"];

impl Desk<'_> {
    /// Whether exports reach back to the opening day of the period (R7).
    pub(super) fn reaches_opening(&self) -> bool {
        self.reaches(self.opened_on())
    }

    /// The opening day: the one before the period.
    pub(super) fn opened_on(&self) -> NaiveDate {
        self.period.from.pred_opt().unwrap_or(self.period.from)
    }

    /// Whether exports reach back to the opening day in all bodies of the paper that `keep` accepts.
    fn reaches_opening_of(&self, keep: impl Fn(&Association) -> bool) -> bool {
        let bodies = self.vintage.associations.iter().enumerate();
        let mut asked = bodies.filter(|(_, body)| keep(body) && self.keeps(body));
        asked.all(|(rank, _)| self.vintage.is_covered(rank, self.opened_on()))
    }

    /// A table of the period; lines whose opening day is out of reach have …, and where all have there are none.
    fn roll_table(
        &self,
        id: &str,
        title: &str,
        columns: Vec<Column>,
        rows: Vec<Row>,
        proof: TableCheck,
        notes: Vec<String>,
    ) -> Block {
        // Without any opening a table says less than its sentence.
        let opening = columns.iter().position(|column| column.key == "opening");
        let opens =
            |row: &Row| opening.and_then(|at| row.cells.get(at)).is_some_and(|cell| *cell != Cell::NotApplicable);
        let has_figures = rows.iter().any(opens);
        let reached = has_figures || self.reaches_opening();
        let mut notes = notes;
        notes.extend(self.uncovered_note(self.opened_on(), "その異動").filter(|_| reached));
        Block::Table(Table {
            id: id.into(),
            title: title.into(),
            basis: self.basis_of_period("人"),
            columns,
            rows: if reached { rows } else { Vec::new() },
            empty_text: if reached {
                "該当なし".into()
            } else {
                format!("期首（{}）に出力が及ばないため、表示しない。", era_date(self.opened_on()))
            },
            notes,
            proof: if reached { proof } else { TableCheck::default() },
        })
    }
}

/// Opening to closing, without 区分変更, which changes no sum over classes.
fn flow_columns() -> Vec<Column> {
    let column = |key: &str, metric: Metric, weight: u16| Column::number(key, metric.name(), weight);
    vec![
        column("opening", Metric::Opening, 5),
        column("joined", Metric::Joined, 3).in_group("増"),
        column("moved_in", Metric::MovedIn, 3).in_group("増"),
        column("left", Metric::Left, 3).in_group("減"),
        column("moved_out", Metric::MovedOut, 3).in_group("減"),
        column("died", Metric::Died, 3).in_group("減"),
        column("reorganised", Metric::Reorganised, 4),
        column("corrected", Metric::Corrected, 3),
        column("closing", Metric::Closing, 5),
        Column::number("change", "増減", 4),
    ]
}

/// The figures of a line: members on two days, what happened between them, and the difference.
fn flow_figures(members: &Figure, opened_on: NaiveDate, closed_on: NaiveDate) -> Vec<(String, Figure)> {
    let change = members.on(closed_on).since(opened_on);
    let movements = [
        ("joined", Metric::Joined),
        ("moved_in", Metric::MovedIn),
        ("left", Metric::Left),
        ("moved_out", Metric::MovedOut),
        ("died", Metric::Died),
        ("reorganised", Metric::Reorganised),
        ("corrected", Metric::Corrected),
    ];
    let movements = movements.map(|(key, metric)| (key, change.but(metric.id())));
    let days = [("opening", members.on(opened_on)), ("closing", members.on(closed_on)), ("change", change)];
    days.into_iter().chain(movements).map(|(key, figure)| (key.to_string(), figure)).collect()
}

/// The cells of a line; where the exports do not reach its opening day only 期末 is known.
fn flow_cells(row: &FlowRow, is_covered: bool) -> Vec<Cell> {
    let closing = Cell::Count(row.closing);
    let of_period = [
        Cell::Count(row.opening),
        Cell::Count(row.joined),
        Cell::Count(row.moved_in),
        Cell::Count(row.left),
        Cell::Count(row.moved_out),
        Cell::Count(row.died),
        Cell::Difference(row.reorganised()),
        Cell::Difference(row.corrected()),
        Cell::Difference(row.closing - row.opening),
    ];
    let mut cells = if is_covered { of_period.to_vec() } else { vec![Cell::NotApplicable; of_period.len()] };
    cells.insert(cells.len() - 1, closing);
    cells
}

fn identity() -> Identity {
    let plus = ["opening", "joined", "moved_in", "reorganised", "corrected"];
    Identity::new("closing", plus, ["left", "moved_out", "died"])
}

fn labelled(name: &str, row: &FlowRow, is_covered: bool) -> Vec<Cell> {
    std::iter::once(Cell::text(name)).chain(flow_cells(row, is_covered)).collect()
}

/// What is counted where; under the first table of the roll-forward.
fn rule_notes(desk: &Desk<'_>) -> Vec<String> {
    let metrics = [
        Metric::Opening,
        Metric::Joined,
        Metric::MovedIn,
        Metric::Left,
        Metric::MovedOut,
        Metric::Died,
        Metric::Reorganised,
        Metric::Corrected,
        Metric::Closing,
    ];
    let mut notes = vec![
        "期末 ＝ 期首 ＋ 入会 ＋ 転入 － 退会 － 転出 － 死亡 ± 区分変更 ± 組織変更 ± 訂正。どの医師会・区分でも一致する。".into(),
        sentences(&metrics),
        "同じ医師会への退会・入会は組にしない。取消し・訂正で過去の数字が変わった分は、改定の表に示す。".into(),
    ];
    if !desk.vintage.associations.national().is_some_and(|body| desk.keeps(body)) {
        notes.push("日本医師会は、この範囲の表に含まない。".into());
    }
    notes
}

/// Tiers, bodies and classes of the period.
pub(super) fn roll_forward_tables(desk: &Desk<'_>) -> Result<Vec<Block>> {
    let found = roll_forwards(desk.vintage, &[desk.opened_on(), desk.period.to])?;
    let found = found.first().context("two days have one period between them")?;
    let lead = lead(desk, found);
    let claims = lead.as_ref().map(|_| {
        let of_period = desk.members(Tier::Local).on(found.closed_on).since(found.opened_on);
        [PrintedFigure::lead(ENTRIES, of_period.but("entries")), PrintedFigure::lead(EXITS, of_period.but("exits"))]
    });
    let claims = claims.into_iter().flatten().collect();
    let tables = [tier_table(desk, found, claims), body_table(desk, found), class_table(desk, found)];
    Ok(lead.map(Block::Paragraph).into_iter().chain(tables).collect())
}

/// The sentence above the tables: made from the numbers, so that it cannot contradict them.
fn lead(desk: &Desk<'_>, found: &RollForward) -> Option<String> {
    let row = found.sum(&desk.vintage.associations, |body| body.tier == Tier::Local && desk.keeps(body));
    if !desk.reaches_opening_of(|body| body.tier == Tier::Local) {
        return None;
    }
    let change = match row.closing - row.opening {
        0 => "増減はない".to_string(),
        n if n > 0 => format!("{n} 人の増加である"),
        n => format!("{} 人の減少である", -n),
    };
    let (plus, minus) = (row.joined + row.moved_in, row.left + row.moved_out + row.died);
    Some(format!("期間中に、郡市区等で{ENTRIES} {plus} 人、{EXITS} {minus} 人があり、{change}。"))
}

/// The promises of a table, and which figures its lines are.
fn claiming(proof: TableCheck, lines: Vec<Figure>, found: &RollForward) -> TableCheck {
    proof.claiming((0..).zip(lines), |line| flow_figures(line, found.opened_on, found.closed_on))
}

fn tier_table(desk: &Desk<'_>, found: &RollForward, lead: Vec<PrintedFigure>) -> Block {
    let associations = &desk.vintage.associations;
    let sum = |tier: Tier| found.sum(associations, |body| body.tier == tier && desk.keeps(body));
    let is_there = |tier: Tier| associations.of_tier(tier).any(|body| desk.keeps(body));
    let line = |name: &str, tier: Tier| {
        Row::body(labelled(name, &sum(tier), desk.reaches_opening_of(|body| body.tier == tier)))
    };
    let (mut rows, mut figures) = (Vec::new(), Vec::new());
    if is_there(Tier::Local) {
        rows.push(line("郡市区等医師会 計", Tier::Local));
        figures.push(desk.members(Tier::Local));
    }
    let prefectural = lines_of(desk, found, Tier::Prefectural);
    let several = prefectural.len() > 1;
    rows.extend(prefectural.iter().map(|(body, row)| {
        let is_covered = desk.reaches_opening_of(|other| other.id == body.id);
        Row::body(labelled(&body.span_on(found.closed_on).name, row, is_covered))
    }));
    figures.extend(prefectural.iter().map(|(body, _)| desk.members(Tier::Prefectural).of_body(body)));
    if several {
        rows.push(line("都道府県医師会 計", Tier::Prefectural));
        figures.push(desk.members(Tier::Prefectural));
    }
    if is_there(Tier::National) {
        rows.push(line("日本医師会", Tier::National));
        figures.push(desk.members(Tier::National));
    }
    let mut columns = vec![Column::text("tier", "階層", 8)];
    columns.extend(flow_columns());
    desk.roll_table(
        "roll-forward-tiers",
        "階層別の異動",
        columns,
        rows,
        claiming(TableCheck { claims: lead, ..TableCheck::default().with(identity()) }, figures, found),
        rule_notes(desk),
    )
}

/// Bodies of a tier in the official order of the closing day with their sums: those that exist on it, and those that
/// had members or movements in the period.
fn lines_of<'a>(desk: &'a Desk<'_>, found: &RollForward, tier: Tier) -> Vec<(&'a Association, FlowRow)> {
    let associations = &desk.vintage.associations;
    let order = associations.order_on(found.closed_on);
    let mut lines: Vec<(usize, &Association, FlowRow)> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == tier && desk.keeps(body))
        .map(|(rank, body)| (order[rank], body, found.of_body(rank)))
        .filter(|(_, body, row)| body.exists_on(found.closed_on) || !row.is_empty())
        .collect();
    lines.sort_by_key(|(place, ..)| *place);
    lines.into_iter().map(|(_, body, row)| (body, row)).collect()
}

fn body_table(desk: &Desk<'_>, found: &RollForward) -> Block {
    let lines = lines_of(desk, found, Tier::Local);
    let several = lines.windows(2).any(|pair| pair[0].0.prefecture != pair[1].0.prefecture);
    let members = desk.members(Tier::Local);
    let (mut rows, mut figures) = (Vec::new(), Vec::new());
    for group in lines.chunk_by(|a, b| a.0.prefecture == b.0.prefecture) {
        rows.extend(group.iter().map(|(body, row)| {
            let is_covered = desk.reaches_opening_of(|other| other.id == body.id);
            Row::body(labelled(&body.span_on(found.closed_on).short_name, row, is_covered))
        }));
        figures.extend(group.iter().map(|(body, _)| members.of_body(body)));
        if several {
            let above = desk.vintage.associations.prefectural_above(group[0].0.id);
            let name = above.map_or(String::new(), |above| above.span_on(found.closed_on).short_name.clone());
            let sum: FlowRow = group.iter().map(|(_, row)| *row).sum();
            let is_here = |body: &Association| body.tier == Tier::Local && body.prefecture == group[0].0.prefecture;
            rows.push(Row::subtotal(labelled(&format!("{name} 計"), &sum, desk.reaches_opening_of(is_here))));
            figures.push(members.part(Dimension::Prefecture.code(), &group[0].0.prefecture));
        }
    }
    let all = found.sum(&desk.vintage.associations, |body| body.tier == Tier::Local && desk.keeps(body));
    if !rows.is_empty() {
        let is_covered = desk.reaches_opening_of(|body| body.tier == Tier::Local);
        rows.push(Row::total(labelled("合計", &all, is_covered)));
        figures.push(members);
    }
    let mut columns = vec![Column::text("association", "郡市区等医師会", 8)];
    columns.extend(flow_columns());
    let notes = vec![format!("区分変更 {} 件は、医師会の合計を変えない（会員区分別の表にある）。", all.class_in)];
    let proof = claiming(TableCheck::additive(ADDITIVE).with(identity()), figures, found);
    desk.roll_table("roll-forward-associations", "医師会別の異動", columns, rows, proof, notes)
}

fn class_table(desk: &Desk<'_>, found: &RollForward) -> Block {
    let associations = &desk.vintage.associations;
    let (mut rows, mut figures) = (Vec::new(), Vec::new());
    for tier in Tier::ALL {
        let keep = |body: &Association| body.tier == tier && desk.keeps(body);
        if !associations.iter().any(keep) {
            continue;
        }
        let by_class = found.by_class(associations, keep);
        let is_covered = desk.reaches_opening_of(keep);
        for (class, row) in NationalClass::ALL.into_iter().zip(by_class) {
            // Unknown classes are shown where there are any, and never dropped (R9).
            if class != NationalClass::Unknown || !row.is_empty() {
                rows.push(Row::body(class_cells((tier.label(), class.label()), &row, is_covered)));
                figures.push(desk.members(tier).of_class(class));
            }
        }
        let sum: FlowRow = by_class.into_iter().sum();
        rows.push(Row::subtotal(class_cells((&format!("{} 計", tier.label()), ""), &sum, is_covered)));
        figures.push(desk.members(tier));
    }
    let mut columns = vec![Column::text("tier", "階層", 6), Column::text("class", "会員区分", 4)];
    let (before, after) = (flow_columns(), flow_columns());
    columns.extend(before.into_iter().take(6));
    columns.push(Column::number("class_in", "＋", 3).in_group(Metric::ClassChanged.name()));
    columns.push(Column::number("class_out", "－", 3).in_group(Metric::ClassChanged.name()));
    columns.extend(after.into_iter().skip(6));
    let plus = ["opening", "joined", "moved_in", "class_in", "reorganised", "corrected"];
    let minus = ["left", "moved_out", "died", "class_out"];
    let proof = TableCheck::additive(ADDITIVE.into_iter().chain(["class_in", "class_out"]))
        .with(Identity::new("closing", plus, minus));
    let proof = claiming(proof, figures, found);
    let notes =
        vec![sentences(&[Metric::ClassChanged]), "＋は新しい区分の増、－は前の区分の減。計では増と減が等しい。".into()];
    desk.roll_table("roll-forward-classes", "会員区分別の異動", columns, rows, proof, notes)
}

fn class_cells((tier, class): (&str, &str), row: &FlowRow, is_covered: bool) -> Vec<Cell> {
    let flows = flow_cells(row, is_covered);
    let count = |n: i64| if is_covered { Cell::Count(n) } else { Cell::NotApplicable };
    let class_changes = [count(row.class_in), count(row.class_out)];
    let (before, after) = flows.split_at(6);
    [Cell::text(tier), Cell::text(class)].iter().chain(before).chain(&class_changes).chain(after).cloned().collect()
}
