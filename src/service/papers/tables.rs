//! Tables of the definitions: figures by one or two dimensions, each with the sentences of the catalogue.

use anyhow::Result;

use super::cells::rate;
use super::context::PaperContext;
use super::pictures::Pictured;
use super::table_figures::{Group, TableFigures};
use crate::domain::as_of::KnownAt;
use crate::domain::association::Tier;
use crate::domain::cell::Cell;
use crate::domain::class::NationalClass;
use crate::domain::comparison::{Comparison, NowAndBefore};
use crate::domain::denominator::{Denominator, NATIONWIDE};
use crate::domain::document::{Block, Column, Row, RowKind, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::Figure;
use crate::domain::report::{TableChart, TableSpec, TableUnit};
use crate::domain::table_check::{Identity, TableCheck};

/// Id of the denominator of 組織率.
pub(super) const PHYSICIANS: &str = "physicians";

/// A line of a table: its cells by column, and their whole beside that of earlier days.
#[derive(Debug, Clone)]
struct TableLine {
    cells: Vec<i64>,
    now: i64,
    /// On the days of [`Comparison::BESIDE_ROWS`].
    before: [Option<i64>; 3],
    physicians: Option<i64>,
    /// Whether the exports reach the as-of day; only in drafts they may not.
    is_covered: bool,
}

impl TableLine {
    fn compared(&self, comparison: Comparison) -> NowAndBefore {
        let mut days = Comparison::BESIDE_ROWS.into_iter().zip(self.before);
        let before = days.find(|(one, _)| *one == comparison).and_then(|(_, before)| before);
        NowAndBefore { now: self.now, before }
    }

    /// A figure of the as-of day; … where a 0 would only mean that nothing is known.
    fn count(&self, n: i64) -> Cell {
        if n == 0 && !self.is_covered { Cell::NotApplicable } else { Cell::Count(n) }
    }

    fn add(&mut self, other: &Self) {
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, n)| *sum += n);
        self.now += other.now;
        self.is_covered &= other.is_covered;
        for (sum, n) in self.before.iter_mut().zip(other.before) {
            *sum = sum.zip(n).map(|(sum, n)| sum + n);
        }
    }

    /// The figure of a metric; `None` for those that do not stand beside rows.
    fn metric(&self, metric: Metric, total: i64) -> Option<Cell> {
        let compared = metric.comparison().map(|comparison| self.compared(comparison));
        match metric {
            Metric::Share => Some(rate(self.now, total)),
            Metric::YearBefore => compared.map(|one| one.before.map_or(Cell::NotApplicable, Cell::Count)),
            Metric::MonthChange | Metric::YearChange | Metric::FiscalChange => {
                compared.map(NowAndBefore::difference_cell)
            }
            Metric::MonthRate | Metric::YearRate | Metric::FiscalRate => compared.map(NowAndBefore::rate_cell),
            Metric::OrganisationRate => Some(self.physicians.map_or(Cell::NotApplicable, |n| rate(self.now, n))),
            _ => None,
        }
    }
}

/// Builds a table of the definitions; nothing where the paper is about no body of its tier: a 0 would say otherwise.
pub(super) fn table(paper: &PaperContext<'_>, spec: &TableSpec) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(spec.tier) {
        return Ok(Vec::new());
    }
    let figures = paper.figures()?.of_table(spec);
    let physicians = paper.physicians();
    let metrics: Vec<Metric> =
        spec.metrics.iter().copied().filter(|metric| !matches!(metric, Metric::Memberships | Metric::Heads)).collect();
    let total = figures.total();
    let cells = |label: &str, line: &TableLine| {
        let counts = line.cells.iter().map(|n| line.count(*n)).chain([line.count(line.now)]);
        let rest = metrics.iter().filter_map(|metric| line.metric(*metric, total));
        std::iter::once(Cell::text(label)).chain(counts).chain(rest).collect::<Vec<Cell>>()
    };
    let rows = rows(paper, spec, &figures, physicians, &cells);
    let mut notes = spec.notes.clone();
    let count = match spec.unit {
        TableUnit::Memberships => Metric::Memberships,
        TableUnit::Heads => Metric::Heads,
    };
    notes.extend(spec.columns.into_iter().chain([spec.rows]).filter_map(Dimension::note).map(str::to_string));
    notes.push(sentences(&[&[count], metrics.as_slice()].concat()));
    notes.extend(paper.uncovered_notes(spec.comparisons()));
    if metrics.contains(&Metric::OrganisationRate) {
        notes.push(paper.denominator_note(physicians));
    }
    notes.extend(paper.source_notes(figures.not_shown())?);
    let table = Table {
        id: spec.id.clone(),
        title: spec.title.clone(),
        basis: paper.basis_on_day(&unit(spec, &metrics)),
        columns: columns(spec, &figures, &metrics),
        proof: claims(paper, spec, &figures, &metrics, &rows),
        rows,
        empty_text: "※件数 0 件".into(),
        notes,
    };
    let chart = chart(spec, &figures, &table);
    Ok(std::iter::once(Block::Table(table)).chain(chart).collect())
}

/// The chart that the definition asks for, where it says more than the table.
fn chart(spec: &TableSpec, figures: &TableFigures, table: &Table) -> Option<Block> {
    let pictured = Pictured::new(table);
    match spec.chart? {
        TableChart::Bars => pictured.bars("total", &format!("{}別の会員数", spec.rows.label())),
        TableChart::Map(metric) => {
            let codes: Vec<&str> = figures.rows.iter().map(|group| group.key.as_str()).collect();
            pictured.map(metric, &codes)
        }
    }
}

fn unit(spec: &TableSpec, metrics: &[Metric]) -> String {
    let of = match spec.unit {
        TableUnit::Memberships => Metric::Memberships,
        TableUnit::Heads => Metric::Heads,
    };
    let of = of.definition().unit.label();
    let tier = match spec.tier {
        Tier::Local => "郡市区等",
        Tier::Prefectural => "都道府県",
        Tier::National => "日本医師会",
    };
    let percent = metrics.iter().any(|metric| metric.definition().base.is_some());
    format!("{of}、{tier}{}", if percent { "。率は％" } else { "" })
}

fn columns(spec: &TableSpec, figures: &TableFigures, metrics: &[Metric]) -> Vec<Column> {
    let mut columns = vec![Column::text("group", spec.rows.label(), 8)];
    let group = spec.columns.map_or("", Dimension::label);
    let of_groups = figures.columns.iter();
    columns.extend(of_groups.map(|one| Column::number(&one.key.to_ascii_lowercase(), &one.label, 4).in_group(group)));
    let name = match (figures.columns.is_empty(), spec.unit) {
        (false, _) => "計",
        (true, TableUnit::Memberships) => Metric::Memberships.name(),
        (true, TableUnit::Heads) => Metric::Heads.name(),
    };
    columns.push(Column::number("total", name, 4));
    columns.extend(metrics.iter().map(|metric| Column::number(metric.id(), metric.name(), 4)));
    columns
}

/// Memberships add up in both directions; heads in neither.
fn proof(spec: &TableSpec, figures: &TableFigures, metrics: &[Metric]) -> TableCheck {
    if spec.unit == TableUnit::Heads {
        return TableCheck::default();
    }
    let keys: Vec<String> = figures.columns.iter().map(|one| one.key.to_ascii_lowercase()).collect();
    let differences = [Metric::MonthChange, Metric::YearBefore, Metric::YearChange, Metric::FiscalChange];
    let summed = metrics.iter().filter(|metric| differences.contains(metric)).map(|metric| metric.id());
    let proof = TableCheck::additive(keys.iter().map(String::as_str).chain(["total"]).chain(summed));
    if keys.is_empty() { proof } else { proof.with(Identity::new("total", keys.iter().map(String::as_str), [])) }
}

/// The promises of the sums, and which figures the cells are that other tables may print.
fn claims(
    paper: &PaperContext<'_>,
    spec: &TableSpec,
    figures: &TableFigures,
    metrics: &[Metric],
    rows: &[Row],
) -> TableCheck {
    let what = match spec.unit {
        TableUnit::Memberships => Metric::Memberships,
        TableUnit::Heads => Metric::Heads,
    };
    let mut all = paper.members(spec.tier).but(what.id());
    if [Some(spec.rows), spec.columns].contains(&Some(Dimension::Founder)) {
        all = all.of_class(NationalClass::A1);
    }
    let groups: Vec<Figure> = figures.rows.iter().map(|group| of_group(&all, spec, spec.rows, group)).collect();
    // Body rows stand in the order of the groups; each subtotal follows the bodies of its prefecture.
    let mut nth = 0;
    let lines = rows.iter().enumerate().filter_map(|(at, row)| {
        let figure = match row.kind {
            RowKind::Body => {
                nth += 1;
                groups.get(nth - 1).cloned()
            }
            RowKind::Subtotal => {
                let prefecture = &figures.rows.get(nth.checked_sub(1)?)?.prefecture;
                Some(all.part(Dimension::Prefecture.code(), prefecture))
            }
            RowKind::Total => Some(all.clone()),
        };
        Some((at, figure?))
    });
    proof(spec, figures, metrics).claiming(lines.collect::<Vec<_>>(), |line| {
        let of_columns = spec.columns.into_iter().flat_map(|dimension| {
            let of_group =
                move |group: &Group| (group.key.to_ascii_lowercase(), of_group(line, spec, dimension, group));
            figures.columns.iter().map(of_group)
        });
        let compared =
            metrics.iter().filter_map(|metric| Some((metric.id().to_string(), compared(line, *metric, paper)?)));
        of_columns.chain([("total".to_string(), line.clone())]).chain(compared).collect()
    })
}

fn of_group(all: &Figure, spec: &TableSpec, dimension: Dimension, group: &Group) -> Figure {
    match dimension {
        // A prefectural body is its prefecture, in tables by body as well.
        Dimension::Association if spec.tier == Tier::Prefectural => {
            all.part(Dimension::Prefecture.code(), &group.prefecture)
        }
        other => all.part(other.code(), &group.key),
    }
}

/// The figure of a metric beside a line, for counts and their differences. Rates follow from these.
fn compared(line: &Figure, metric: Metric, paper: &PaperContext<'_>) -> Option<Figure> {
    let day = paper.earlier(metric.comparison()?);
    match metric {
        Metric::YearBefore => Some(line.on(day)),
        Metric::MonthChange | Metric::YearChange | Metric::FiscalChange => Some(line.since(day)),
        _ => None,
    }
}

fn rows(
    paper: &PaperContext<'_>,
    spec: &TableSpec,
    figures: &TableFigures,
    physicians: Option<&Denominator>,
    cells: &dyn Fn(&str, &TableLine) -> Vec<Cell>,
) -> Vec<Row> {
    let of_row = |row: usize, group: &Group| TableLine {
        cells: (0..figures.columns.len()).map(|column| figures.cell(row, column)).collect(),
        now: figures.row(row),
        before: Comparison::BESIDE_ROWS.map(|comparison| figures.row_before(comparison, row)),
        physicians: physicians.and_then(|one| one.values.get(&group.prefecture).copied()),
        is_covered: figures.is_covered(row),
    };
    let lines: Vec<(&Group, TableLine)> =
        figures.rows.iter().enumerate().map(|(row, group)| (group, of_row(row, group))).collect();
    let several = lines.windows(2).any(|pair| pair[0].0.prefecture != pair[1].0.prefecture);
    let mut out = Vec::with_capacity(lines.len() + 1);
    for of_prefecture in lines.chunk_by(|a, b| a.0.prefecture == b.0.prefecture) {
        out.extend(of_prefecture.iter().map(|(group, line)| {
            let row = Row::body(cells(&group.label, line));
            if spec.rows == Dimension::Association { row.coded(&group.key) } else { row }
        }));
        // Heads of bodies do not add up to those of their prefecture, so there is no sum of them.
        if spec.subtotals && several && spec.unit == TableUnit::Memberships {
            let mut sum = of_prefecture[0].1.clone();
            of_prefecture[1..].iter().for_each(|(_, line)| sum.add(line));
            let name = paper.prefecture_label(&of_prefecture[0].0.prefecture);
            out.push(Row::subtotal(cells(&format!("{name} 計"), &sum)));
        }
    }
    let whole = TableLine {
        cells: (0..figures.columns.len()).map(|column| figures.column_total(column)).collect(),
        now: figures.total(),
        before: Comparison::BESIDE_ROWS.map(|comparison| figures.total_before(comparison)),
        physicians: physicians.and_then(|one| paper.physicians_of_all(one, &figures.rows)),
        is_covered: figures.is_whole_covered(),
    };
    out.push(Row::total(cells("合計", &whole)));
    out
}

impl PaperContext<'_> {
    /// The edition of the physician statistics that speaks for the paper.
    pub(super) fn physicians(&self) -> Option<&Denominator> {
        let denominators = &self.workspace.statistics.denominators;
        denominators.edition(PHYSICIANS, self.as_of, KnownAt(self.vintage.known_at.0))
    }

    /// The physicians of all rows together: of the whole country when the paper holds all prefectures of it, else the sum of
    /// those of the rows, if each is known.
    fn physicians_of_all(&self, one: &Denominator, rows: &[Group]) -> Option<i64> {
        let codes: Vec<&String> = rows.iter().map(|group| &group.prefecture).filter(|code| !code.is_empty()).collect();
        if codes.len() == 47 {
            return one.values.get(NATIONWIDE).copied();
        }
        codes.into_iter().map(|code| one.values.get(code).copied()).sum()
    }

    /// Where the denominator comes from, or that there is none.
    pub(super) fn denominator_note(&self, physicians: Option<&Denominator>) -> String {
        match physicians {
            Some(one) => format!(
                "{}の出典：{}（{}現在、{}公表）。値のない都道府県の率は … とした。",
                one.name,
                one.source,
                era_date(one.as_of),
                era_date(one.published_on)
            ),
            None => "医師数の統計がこの知識時点では公表されていないため、組織率は … とした。".to_string(),
        }
    }

    /// The name of a prefecture on the day.
    pub(super) fn prefecture_label(&self, code: &str) -> String {
        let associations = &self.vintage.associations;
        let above = associations.of_tier(Tier::Prefectural).find(|body| body.prefecture == code);
        above.map_or(String::new(), |body| body.span_on(self.as_of.0).short_name.clone())
    }
}
