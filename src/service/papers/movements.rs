//! The roll-forward of the period (R16): by tier, by body, by class. Every line must balance, or nothing is published.

use anyhow::{Context, Result};

use super::context::PaperContext;
use super::movement_steps::{lead, steps_of_period};
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::class::NationalClass;
use crate::domain::document::{Block, Column, Row, RowKind, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::roll_forward::{FlowRow, RollForward};
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::known::flows::roll_forwards;

/// What a column of the roll-forward is in its sum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InSum {
    /// Added.
    Plus,
    /// Taken away.
    Minus,
    /// The sum.
    Closing,
    /// The difference of closing and opening; it stands beside the sum.
    Change,
}

/// A column of the roll-forward with its cells.
struct FlowColumn {
    key: &'static str,
    metric: Metric,
    weight: u16,
    /// The heading above it, and its own where that is not the name of the metric.
    group: &'static str,
    title: Option<&'static str>,
    in_sum: InSum,
    cell: fn(&FlowRow) -> Cell,
}

/// All columns in printing order. 区分変更 changes no sum over classes; only the table by class has it.
const COLUMNS: [FlowColumn; 12] = [
    FlowColumn::new("opening", Metric::Opening, 5, InSum::Plus, |row| Cell::Count(row.opening)),
    FlowColumn::new("joined", Metric::Joined, 3, InSum::Plus, |row| Cell::Count(row.joined)).within("増"),
    FlowColumn::new("moved_in", Metric::MovedIn, 3, InSum::Plus, |row| Cell::Count(row.moved_in)).within("増"),
    FlowColumn::new("left", Metric::Left, 3, InSum::Minus, |row| Cell::Count(row.left)).within("減"),
    FlowColumn::new("moved_out", Metric::MovedOut, 3, InSum::Minus, |row| Cell::Count(row.moved_out)).within("減"),
    FlowColumn::new("died", Metric::Died, 3, InSum::Minus, |row| Cell::Count(row.died)).within("減"),
    FlowColumn::new("class_in", Metric::ClassChanged, 3, InSum::Plus, |row| Cell::Count(row.class_in)).titled("＋"),
    FlowColumn::new("class_out", Metric::ClassChanged, 3, InSum::Minus, |row| Cell::Count(row.class_out)).titled("－"),
    FlowColumn::new("reorganised", Metric::Reorganised, 4, InSum::Plus, |row| Cell::Difference(row.reorganised())),
    FlowColumn::new("corrected", Metric::Corrected, 3, InSum::Plus, |row| Cell::Difference(row.corrected())),
    FlowColumn::new("closing", Metric::Closing, 5, InSum::Closing, |row| Cell::Count(row.closing)),
    FlowColumn::new("change", Metric::PeriodChange, 4, InSum::Change, |row| row.compared().difference_cell()),
];

impl FlowColumn {
    const fn new(key: &'static str, metric: Metric, weight: u16, in_sum: InSum, cell: fn(&FlowRow) -> Cell) -> Self {
        Self { key, metric, weight, group: "", title: None, in_sum, cell }
    }

    const fn within(self, group: &'static str) -> Self {
        Self { group, ..self }
    }

    const fn titled(self, title: &'static str) -> Self {
        Self { title: Some(title), ..self }
    }

    /// Whether it is one of the two of 区分変更.
    fn is_of_classes(&self) -> bool {
        self.metric == Metric::ClassChanged
    }

    fn column(&self) -> Column {
        match self.title {
            Some(title) => Column::number(self.key, title, self.weight).in_group(self.metric.name()),
            None => Column::number(self.key, self.metric.name(), self.weight).in_group(self.group),
        }
    }

    /// Its cell; where the exports do not reach the opening day only 期末 is known.
    fn cell(&self, row: &FlowRow, is_covered: bool) -> Cell {
        if is_covered || self.in_sum == InSum::Closing { (self.cell)(row) } else { Cell::NotApplicable }
    }

    /// The figure that it is of a line, where other tables may print it too.
    fn figure(&self, members: &Figure, found: &RollForward) -> Option<Figure> {
        let change = members.on(found.closed_on).since(found.opened_on);
        match self.in_sum {
            InSum::Closing => Some(members.on(found.closed_on)),
            InSum::Change => Some(change),
            _ if self.metric == Metric::Opening => Some(members.on(found.opened_on)),
            _ => (!self.is_of_classes()).then(|| change.but(self.metric.id())),
        }
    }
}

/// The columns of tables by tier and body.
fn flow_columns() -> impl Iterator<Item = &'static FlowColumn> {
    COLUMNS.iter().filter(|column| !column.is_of_classes())
}

/// A line of a table: its labels, its numbers, and which figure it is.
struct FlowLine {
    kind: RowKind,
    /// Of the association that it is about.
    code: Option<String>,
    labels: Vec<Cell>,
    row: FlowRow,
    is_covered: bool,
    figure: Figure,
}

/// A table of the period.
struct FlowTable<'t> {
    id: &'t str,
    title: &'t str,
    labels: Vec<Column>,
    columns: Vec<&'static FlowColumn>,
    lines: Vec<FlowLine>,
    /// Columns that add up downwards; tiers do not.
    is_additive: bool,
    /// What the sentence above it says.
    claims: Vec<PrintedFigure>,
    notes: Vec<String>,
}

impl FlowTable<'_> {
    /// The finished table. Lines whose opening day is out of reach have …; where all have there are none: without any
    /// opening a table says less than its sentence.
    fn block(self, paper: &PaperContext<'_>, found: &RollForward) -> Block {
        let is_reached = self.lines.iter().any(|line| line.is_covered) || paper.reaches_opening();
        let (rows, proof) = if is_reached { (self.rows(), self.proof(found)) } else { Default::default() };
        let mut notes = self.notes;
        notes.extend(paper.uncovered_note(paper.opened_on(), "その異動").filter(|_| is_reached));
        Block::Table(Table {
            id: self.id.into(),
            title: self.title.into(),
            basis: paper.basis_of_period("人"),
            columns: self.labels.into_iter().chain(self.columns.iter().map(|column| column.column())).collect(),
            rows,
            empty_text: if is_reached {
                "該当なし".into()
            } else {
                format!("期首（{}）に出力が及ばないため、表示しない。", era_date(paper.opened_on()))
            },
            notes,
            proof,
        })
    }

    fn rows(&self) -> Vec<Row> {
        let cells = |line: &FlowLine| {
            let numbers = self.columns.iter().map(|column| column.cell(&line.row, line.is_covered));
            line.labels.iter().cloned().chain(numbers).collect()
        };
        self.lines.iter().map(|line| Row { kind: line.kind, cells: cells(line), code: line.code.clone() }).collect()
    }

    /// Every line balances (R16), and its cells are what other tables say.
    fn proof(&self, found: &RollForward) -> TableCheck {
        let keys = |in_sum: InSum| self.columns.iter().filter(move |one| one.in_sum == in_sum).map(|one| one.key);
        let summed = self.columns.iter().filter(|one| self.is_additive && one.in_sum != InSum::Change);
        let identity = Identity::new("closing", keys(InSum::Plus), keys(InSum::Minus));
        let sums = TableCheck::additive(summed.map(|one| one.key)).with(identity);
        let proof = TableCheck { claims: self.claims.clone(), ..sums };
        proof.claiming((0..).zip(self.lines.iter().map(|line| line.figure.clone())), |members| {
            let figure = |one: &&FlowColumn| Some((one.key.to_string(), one.figure(members, found)?));
            self.columns.iter().filter_map(figure).collect()
        })
    }
}

/// What is counted where; under the first table of the roll-forward.
fn rule_notes(paper: &PaperContext<'_>) -> Vec<String> {
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
        "同じ医師会を退会して入り直した者の入会は、転入でなく入会に数え、退会は退会理由による。取消し・訂正で過去の数字が変わった分は、改定の表に示す。".into(),
    ];
    if !paper.vintage.associations.national().is_some_and(|body| paper.keeps(body)) {
        notes.push("日本医師会は、この範囲の表に含まない。".into());
    }
    notes
}

/// Tiers, bodies and classes of the period.
pub(super) fn roll_forward_tables(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let found = roll_forwards(paper.vintage, &[paper.opened_on(), paper.period.to])?;
    let found = found.first().context("two days have one period between them")?;
    let lead = lead(paper, found);
    let claims = lead.as_ref().map(|_| {
        let of_period = paper.members(Tier::Local).on(found.closed_on).since(found.opened_on);
        [Metric::Entries, Metric::Exits].map(|metric| PrintedFigure::lead(metric.name(), of_period.but(metric.id())))
    });
    let claims = claims.into_iter().flatten().collect();
    let tables = match paper.only_body() {
        // The lines of its tier and of itself would say what the sum of its classes says.
        Some(_) => vec![FlowTable { claims, notes: rule_notes(paper), ..class_table(paper, found) }],
        None => {
            let tiers = FlowTable { claims, ..tier_table(paper, found) };
            vec![tiers, body_table(paper, found), class_table(paper, found)]
        }
    };
    let mut blocks: Vec<Block> = lead.map(Block::Paragraph).into_iter().collect();
    let mut tables = tables.into_iter().map(|table| table.block(paper, found));
    // What changed in a sentence and a small table; its picture and the details follow.
    blocks.extend(tables.next());
    blocks.extend(steps_of_period(paper, found));
    blocks.extend(tables);
    Ok(blocks)
}

/// Tiers; of several prefectures each, and their sum.
fn tier_table(paper: &PaperContext<'_>, found: &RollForward) -> FlowTable<'static> {
    let has_any = |tier: Tier| paper.vintage.associations.of_tier(tier).any(|body| paper.keeps(body));
    let mut lines = Vec::new();
    if has_any(Tier::Local) {
        lines.push(whole_tier(paper, found, Tier::Local, "郡市区等医師会 計"));
    }
    let prefectural = lines_of(paper, found, Tier::Prefectural);
    let several = prefectural.len() > 1;
    lines.extend(prefectural.into_iter().map(|(body, row)| FlowLine {
        kind: RowKind::Body,
        code: Some(body.code.clone()),
        labels: vec![Cell::text(body.span_on(found.closed_on).name.clone())],
        row,
        is_covered: paper.covers_body(body, found.opened_on),
        figure: paper.members(Tier::Prefectural).of_body(body),
    }));
    if several {
        lines.push(whole_tier(paper, found, Tier::Prefectural, "都道府県医師会 計"));
    }
    if has_any(Tier::National) {
        lines.push(whole_tier(paper, found, Tier::National, "日本医師会"));
    }
    FlowTable {
        id: "roll-forward-tiers",
        title: "階層別の異動",
        labels: vec![Column::text("tier", "階層", 8)],
        columns: flow_columns().collect(),
        lines,
        is_additive: false,
        claims: Vec::new(),
        notes: rule_notes(paper),
    }
}

/// The line of all bodies of a tier.
fn whole_tier(paper: &PaperContext<'_>, found: &RollForward, tier: Tier, name: &str) -> FlowLine {
    FlowLine {
        kind: RowKind::Body,
        code: None,
        labels: vec![Cell::text(name)],
        row: found.sum(&paper.vintage.associations, |body| body.tier == tier && paper.keeps(body)),
        is_covered: paper.covers(tier, found.opened_on, |_| true),
        figure: paper.members(tier),
    }
}

/// Bodies of a tier in the official order of the closing day with their sums: those that exist on it, and those that
/// had members or movements in the period.
fn lines_of<'a>(paper: &'a PaperContext<'_>, found: &RollForward, tier: Tier) -> Vec<(&'a Association, FlowRow)> {
    let associations = &paper.vintage.associations;
    let order = associations.order_on(found.closed_on);
    let mut lines: Vec<(usize, &Association, FlowRow)> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == tier && paper.keeps(body))
        .map(|(rank, body)| (order[rank], body, found.of_body(rank)))
        .filter(|(_, body, row)| body.exists_on(found.closed_on) || !row.is_empty())
        .collect();
    lines.sort_by_key(|(place, ..)| *place);
    lines.into_iter().map(|(_, body, row)| (body, row)).collect()
}

/// Local bodies, with sums of each prefecture where there are several.
fn body_table(paper: &PaperContext<'_>, found: &RollForward) -> FlowTable<'static> {
    let bodies = lines_of(paper, found, Tier::Local);
    let several = bodies.windows(2).any(|pair| pair[0].0.prefecture != pair[1].0.prefecture);
    let members = paper.members(Tier::Local);
    let mut lines = Vec::new();
    for group in bodies.chunk_by(|a, b| a.0.prefecture == b.0.prefecture) {
        lines.extend(group.iter().map(|(body, row)| FlowLine {
            kind: RowKind::Body,
            code: Some(body.code.clone()),
            labels: vec![Cell::text(body.span_on(found.closed_on).short_name.clone())],
            row: *row,
            is_covered: paper.covers_body(body, found.opened_on),
            figure: members.of_body(body),
        }));
        if several {
            lines.push(prefecture_line(paper, found, group));
        }
    }
    let all = FlowLine { kind: RowKind::Total, ..whole_tier(paper, found, Tier::Local, "合計") };
    let n_class_changes = all.row.class_in;
    if !lines.is_empty() {
        lines.push(all);
    }
    FlowTable {
        id: "roll-forward-associations",
        title: "医師会別の異動",
        labels: vec![Column::text("association", "郡市区等医師会", 8)],
        columns: flow_columns().collect(),
        lines,
        is_additive: true,
        claims: Vec::new(),
        notes: (n_class_changes != 0)
            .then(|| format!("区分変更 {n_class_changes} 件は、医師会の合計を変えない（会員区分別の表にある）。"))
            .into_iter()
            .collect(),
    }
}

/// The sum of the local bodies of a prefecture.
fn prefecture_line(paper: &PaperContext<'_>, found: &RollForward, group: &[(&Association, FlowRow)]) -> FlowLine {
    let prefecture = &group[0].0.prefecture;
    let above = paper.vintage.associations.prefectural_above(group[0].0.id);
    let name = above.map_or(String::new(), |above| above.span_on(found.closed_on).short_name.clone());
    FlowLine {
        kind: RowKind::Subtotal,
        code: None,
        labels: vec![Cell::text(format!("{name} 計"))],
        row: group.iter().map(|(_, row)| *row).sum(),
        is_covered: paper.covers(Tier::Local, found.opened_on, |body| body.prefecture == *prefecture),
        figure: paper.members(Tier::Local).part(Dimension::Prefecture.code(), prefecture),
    }
}

/// Classes of each tier.
fn class_table(paper: &PaperContext<'_>, found: &RollForward) -> FlowTable<'static> {
    FlowTable {
        id: "roll-forward-classes",
        title: "会員区分別の異動",
        labels: vec![Column::text("tier", "階層", 6), Column::text("class", "会員区分", 4)],
        columns: COLUMNS.iter().collect(),
        lines: Tier::ALL.into_iter().flat_map(|tier| class_lines(paper, found, tier)).collect(),
        is_additive: true,
        claims: Vec::new(),
        notes: vec![
            sentences(&[Metric::ClassChanged]),
            "＋は新しい区分の増、－は前の区分の減。計では増と減が等しい。".into(),
        ],
    }
}

/// The classes of a tier and their sum; nothing where the paper has no body of it.
fn class_lines(paper: &PaperContext<'_>, found: &RollForward, tier: Tier) -> Vec<FlowLine> {
    let associations = &paper.vintage.associations;
    let keep = |body: &Association| body.tier == tier && paper.keeps(body);
    if !associations.iter().any(keep) {
        return Vec::new();
    }
    let by_class = found.by_class(associations, keep);
    let is_covered = paper.covers(tier, found.opened_on, |_| true);
    let classes = NationalClass::ALL.into_iter().zip(by_class);
    // Unknown classes are shown where there are any, and never dropped (R9).
    let shown = classes.filter(|(class, row)| *class != NationalClass::Unknown || !row.is_empty());
    let mut lines: Vec<FlowLine> = shown
        .map(|(class, row)| FlowLine {
            kind: RowKind::Body,
            code: None,
            labels: vec![Cell::text(tier.label()), Cell::text(class.label())],
            row,
            is_covered,
            figure: paper.members(tier).of_class(class),
        })
        .collect();
    lines.push(FlowLine {
        kind: RowKind::Subtotal,
        code: None,
        labels: vec![Cell::text(format!("{} 計", tier.label())), Cell::text("")],
        row: by_class.into_iter().sum(),
        is_covered,
        figure: paper.members(tier),
    });
    lines
}
