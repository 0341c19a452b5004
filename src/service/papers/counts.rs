//! Figures of the day: bodies × class, tiers, grid, trend.

use anyhow::Result;
use chrono::NaiveDate;

use super::cells::{axis_from, rate};
use super::context::PaperContext;
use super::pictures::Pictured;
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::class::NationalClass;
use crate::domain::comparison::{Comparison, NowAndBefore};
use crate::domain::document::{Block, Column, Grid, GridItem, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::Metric;
use crate::domain::printed_figure::Figure;
use crate::domain::printed_number::thousands;
use crate::domain::table_check::{Identity, TableCheck};
use crate::stats::Counts;

/// Months of the trend, the as-of month included.
const TREND_MONTHS: usize = 13;

/// Bodies to a row of the grid, as the papers of the field have it.
const GRID_PER_ROW: usize = 8;

/// Counts of the day and of the one that 前月比 looks at, both at the same known-at, with the classes that are printed.
struct TwoDays {
    now: Counts,
    before: Counts,
    before_day: NaiveDate,
    classes: Vec<NationalClass>,
}

fn two_days(paper: &PaperContext<'_>) -> Result<TwoDays> {
    let figures = paper.figures()?;
    let before_day = paper.earlier(Comparison::Month);
    let now = figures.counts_on(paper.as_of.0)?;
    let before = figures.counts_on(before_day)?;
    let unknown = usize::from(NationalClass::Unknown.index());
    let has_unknown = now.cells.iter().any(|cells| cells[unknown] != 0);
    let classes =
        NationalClass::ALL.into_iter().filter(|class| has_unknown || *class != NationalClass::Unknown).collect();
    Ok(TwoDays { now, before, before_day, classes })
}

/// A line of counts, body or sum: by class, and all classes beside those of the earlier day.
#[derive(Clone)]
struct ClassLine {
    cells: [i64; NationalClass::COUNT],
    all: NowAndBefore,
}

impl ClassLine {
    fn of(paper: &PaperContext<'_>, days: &TwoDays, rank: usize, body: &Association) -> Self {
        let is_covered = paper.covers_body(body, days.before_day);
        let before = is_covered.then(|| days.before.cells[rank].iter().sum());
        let cells = days.now.cells[rank];
        Self { cells, all: NowAndBefore { now: cells.iter().sum(), before } }
    }

    fn sum<'l>(lines: impl Iterator<Item = &'l Self>) -> Self {
        let mut out = Self { cells: [0; NationalClass::COUNT], all: NowAndBefore::NOBODY };
        for line in lines {
            out.cells.iter_mut().zip(line.cells).for_each(|(sum, n)| *sum += n);
            out.all += line.all;
        }
        out
    }

    /// Cells by class and their total.
    fn count_cells(&self, days: &TwoDays) -> Vec<Cell> {
        let of_classes = days.classes.iter().map(|class| Cell::Count(self.cells[usize::from(class.index())]));
        of_classes.chain([Cell::Count(self.all.now)]).collect()
    }
}

fn class_columns(days: &TwoDays) -> Vec<Column> {
    days.classes
        .iter()
        .map(|class| Column::number(&class.code().to_ascii_lowercase(), class.label(), 4))
        .chain([Column::number("total", "計", 4)])
        .collect()
}

/// The figures of a line: its classes, their total, and the change of that.
fn class_figures(days: &TwoDays, line: &Figure) -> Vec<(String, Figure)> {
    let classes = days.classes.iter().map(|class| (class.code().to_ascii_lowercase(), line.of_class(*class)));
    let whole = [("total".to_string(), line.clone()), ("change".to_string(), line.since(days.before_day))];
    classes.chain(whole).collect()
}

/// Local bodies × class, with sums of each prefecture where there are several.
pub(super) fn member_table(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let days = two_days(paper)?;
    let bodies = lines_of(paper, &days, Tier::Local);
    // Counted over all bodies of the tier, not over the lines: the gate compares the two.
    let all = whole_of(paper, &days, Tier::Local);
    let total = all.all.now;
    let mut columns = vec![Column::number("number", "No.", 2), Column::text("association", "郡市区等医師会", 8)];
    columns.extend(class_columns(&days));
    columns.push(Column::number("share", Metric::Share.name(), 4));
    columns.push(Column::number("change", Metric::MonthChange.name(), 4));
    let line_cells = |number: Cell, name: &str, line: &ClassLine| {
        let mut cells = vec![number, Cell::text(name)];
        cells.extend(line.count_cells(&days));
        cells.extend([rate(line.all.now, total), line.all.difference_cell()]);
        cells
    };
    let members = paper.members(Tier::Local);
    let (mut rows, mut figures) = (Vec::new(), Vec::new());
    let several = bodies.windows(2).any(|pair| pair[0].0.prefecture != pair[1].0.prefecture);
    for group in bodies.chunk_by(|a, b| a.0.prefecture == b.0.prefecture) {
        let mut number = 0;
        for (body, line) in group {
            // Bodies of the area are numbered in official order; universities and the like stand unnumbered.
            let is_area = is_area_on(paper, body);
            number += i64::from(is_area);
            let cell = if is_area { Cell::Count(number) } else { Cell::Blank };
            let cells = line_cells(cell, &body.span_on(paper.as_of.0).short_name, line);
            rows.push(Row::body(cells).coded(&body.code));
            figures.push(members.of_body(body));
        }
        if several {
            let name = prefecture_name(paper, group[0].0);
            let sum = ClassLine::sum(group.iter().map(|(_, line)| line));
            rows.push(Row::subtotal(line_cells(Cell::Blank, &format!("{name} 計"), &sum)));
            figures.push(members.part(Dimension::Prefecture.code(), &group[0].0.prefecture));
        }
    }
    rows.push(Row::total(line_cells(Cell::Blank, "合計", &all)));
    figures.push(members);
    let mut notes = vec!["郡市区等の在籍数。兼務は医師会ごとに数える。構成割合は合計に対する百分率（小数第2位を四捨五入）。端数処理のため合計が100にならない場合がある。▲は減。".to_string()];
    notes.push(format!("前月比は {} との差（同じ知識時点）。", era_date(days.before_day)));
    notes.extend(paper.uncovered_note(days.before_day, "前月比"));
    notes.extend(ended_note(paper, bodies.iter().map(|(body, _)| *body)));
    notes.extend(paper.source_notes(days.now.not_shown[Tier::Local.index()])?);
    let table = Table {
        id: "member-counts".into(),
        title: "医師会別・会員区分別".into(),
        basis: paper.basis_on_day("人（延べ）、構成割合は％"),
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        proof: lines_add_up(&days).claiming((0..).zip(figures), |line| class_figures(&days, line)),
        notes,
    };
    Ok(vec![Block::Table(table)])
}

/// A tier as a whole, whatever lines are printed of it.
fn whole_of(paper: &PaperContext<'_>, days: &TwoDays, tier: Tier) -> ClassLine {
    let bodies = paper.vintage.associations.iter().enumerate();
    let bodies = bodies.filter(|(_, body)| body.tier == tier && paper.keeps(body));
    ClassLine::sum(bodies.map(|(rank, body)| ClassLine::of(paper, days, rank, body)).collect::<Vec<_>>().iter())
}

/// Class columns add up to the total of each row.
fn classes_add_up(days: &TwoDays) -> Identity {
    let keys: Vec<String> = days.classes.iter().map(|class| class.code().to_ascii_lowercase()).collect();
    Identity::new("total", keys.iter().map(String::as_str), [])
}

/// Lines add up to sums in every column of counts.
fn lines_add_up(days: &TwoDays) -> TableCheck {
    let keys: Vec<String> = days.classes.iter().map(|class| class.code().to_ascii_lowercase()).collect();
    TableCheck::additive(keys.iter().map(String::as_str).chain(["total", "change"])).with(classes_add_up(days))
}

/// Bodies of a tier in the official order of the day: those that exist on it, and those that have ended since the day
/// it is compared with, without whom the changes would not add up.
fn lines_of<'a>(paper: &'a PaperContext<'_>, days: &TwoDays, tier: Tier) -> Vec<(&'a Association, ClassLine)> {
    let associations = &paper.vintage.associations;
    let order = associations.order_on(paper.as_of.0);
    let mut found: Vec<(usize, &Association, ClassLine)> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == tier && paper.keeps(body))
        .map(|(rank, body)| (order[rank], body, ClassLine::of(paper, days, rank, body)))
        .filter(|(_, body, line)| {
            body.exists_on(paper.as_of.0) || line.all.now != 0 || line.all.before.unwrap_or_default() != 0
        })
        .collect();
    found.sort_by_key(|(place, ..)| *place);
    found.into_iter().map(|(_, body, line)| (body, line)).collect()
}

/// Whether a body counts as one of the area on the day of the paper.
fn is_area_on(paper: &PaperContext<'_>, body: &Association) -> bool {
    body.exists_on(paper.as_of.0) && body.span_on(paper.as_of.0).kind == "地域"
}

/// Says which of the bodies have ended, when, and what took their place.
fn ended_note<'a>(paper: &PaperContext<'_>, bodies: impl Iterator<Item = &'a Association>) -> Option<String> {
    let day = paper.as_of.0;
    let associations = &paper.vintage.associations;
    let ended: Vec<String> = bodies
        .filter_map(|body| {
            let last = body.valid_to.filter(|last| *last < day)?;
            let successors: Vec<&str> =
                associations.successors(body).map(|body| body.span_on(day).short_name.as_str()).collect();
            let went =
                if successors.is_empty() { String::new() } else { format!("、後継 {}", successors.join("・")) };
            Some(format!("{}（{}まで{went}）", body.span_on(day).short_name, era_date(last)))
        })
        .collect();
    (!ended.is_empty()).then(|| format!("前月との間に合併・廃止された医師会：{}。", ended.join("、")))
}

fn prefecture_name(paper: &PaperContext<'_>, body: &Association) -> String {
    let above = paper.vintage.associations.prefectural_above(body.id);
    above.map_or(String::new(), |above| above.span_on(paper.as_of.0).short_name.clone())
}

/// The three tiers × class, with heads.
pub(super) fn tier_table(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let days = two_days(paper)?;
    let mut columns = vec![Column::text("tier", "階層", 8)];
    columns.extend(class_columns(&days));
    columns.push(Column::number("heads", Metric::Heads.name(), 4));
    columns.push(Column::number("change", Metric::MonthChange.name(), 4));
    let local = Row::body(whole_tier(paper, &days, Tier::Local, "郡市区等医師会 計"));
    let mut lines = vec![(local, paper.members(Tier::Local))];
    lines.extend(prefectural_lines(paper, &days));
    lines.extend(national_line(paper, &days)?);
    let (rows, figures): (Vec<Row>, Vec<Figure>) = lines.into_iter().unzip();
    // Of several prefectures only their sum has heads.
    let is_one = |figure: &Figure| figure.parts.len() == 1;
    let columns_of = |line: &Figure| {
        let heads = is_one(line).then(|| ("heads".to_string(), line.but(Metric::Heads.id())));
        class_figures(&days, line).into_iter().chain(heads).collect()
    };
    let proof = TableCheck::default().with(classes_add_up(&days)).claiming((0..).zip(figures), columns_of);
    let mut notes = vec!["実人数は同じ人を一度だけ数えた人数。前月比は計の差。".to_string()];
    notes.extend(paper.source_notes(days.now.not_shown.iter().sum())?);
    let table = Table {
        id: "tiers".into(),
        title: "階層別・会員区分別".into(),
        basis: paper.basis_on_day("人"),
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        proof,
        notes,
    };
    let parts: Vec<String> = days.classes.iter().map(|class| class.code().to_ascii_lowercase()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let picture = Pictured::new(&table).stack("total", &parts, "階層別の会員区分の内訳");
    Ok(std::iter::once(Block::Table(table)).chain(picture).collect())
}

/// The cells of a line of the table of tiers.
fn tier_cells(days: &TwoDays, name: &str, line: &ClassLine, heads: Cell) -> Vec<Cell> {
    let mut cells = vec![Cell::text(name)];
    cells.extend(line.count_cells(days));
    cells.extend([heads, line.all.difference_cell()]);
    cells
}

/// The line of all bodies of a tier, with its heads.
fn whole_tier(paper: &PaperContext<'_>, days: &TwoDays, tier: Tier, name: &str) -> Vec<Cell> {
    let sum = ClassLine::sum(lines_of(paper, days, tier).iter().map(|(_, line)| line));
    tier_cells(days, name, &sum, Cell::Count(days.now.heads[tier.index()]))
}

/// Prefectural bodies, with their sum where there are several.
fn prefectural_lines(paper: &PaperContext<'_>, days: &TwoDays) -> Vec<(Row, Figure)> {
    let members = paper.members(Tier::Prefectural);
    let lines = lines_of(paper, days, Tier::Prefectural);
    if let [(body, _)] = lines.as_slice() {
        let name = &body.span_on(paper.as_of.0).name;
        return vec![(Row::body(whole_tier(paper, days, Tier::Prefectural, name)), members)];
    }
    let of_body = |(body, line): &(&Association, ClassLine)| {
        let name = &body.span_on(paper.as_of.0).name;
        (Row::body(tier_cells(days, name, line, Cell::Blank)).coded(&body.code), members.of_body(body))
    };
    let mut out: Vec<(Row, Figure)> = lines.iter().map(of_body).collect();
    if !out.is_empty() {
        out.push((Row::subtotal(whole_tier(paper, days, Tier::Prefectural, "都道府県医師会 計")), members));
    }
    out
}

/// The national members: all, or those of the prefectures of the paper (R23).
fn national_line(paper: &PaperContext<'_>, days: &TwoDays) -> Result<Option<(Row, Figure)>> {
    let members = paper.members(Tier::National);
    if paper.area.code.is_none() {
        return Ok(Some((Row::body(whole_tier(paper, days, Tier::National, "日本医師会")), members)));
    }
    if !paper.has_bodies_of(Tier::National) {
        return Ok(None);
    }
    let (line, heads) = national_of_area(paper, days)?;
    Ok(Some((Row::body(tier_cells(days, "日本医師会（この範囲）", &line, Cell::Count(heads))), members)))
}

/// The national members of the prefectures of a paper (R23), with their heads.
fn national_of_area(paper: &PaperContext<'_>, days: &TwoDays) -> Result<(ClassLine, i64)> {
    let counted = paper.figures()?.national_series(&[days.before_day, paper.as_of.0])?;
    let (before, now) = (&counted[0], &counted[1]);
    let sum = |counts: &Counts, class: usize| counts.cells.iter().map(|cells| cells[class]).sum::<i64>();
    let cells: [i64; NationalClass::COUNT] = std::array::from_fn(|class| sum(now, class));
    let is_covered = paper.covers(Tier::National, days.before_day, |_| true);
    let before = is_covered.then(|| (0..NationalClass::COUNT).map(|class| sum(before, class)).sum());
    let all = NowAndBefore { now: cells.iter().sum(), before };
    Ok((ClassLine { cells, all }, now.heads[Tier::National.index()]))
}

/// Bodies of the area with their counts, wrapped.
pub(super) fn member_grid(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let days = two_days(paper)?;
    let mut bodies = lines_of(paper, &days, Tier::Local);
    bodies.retain(|(body, _)| body.exists_on(paper.as_of.0));
    let area: Vec<&(&Association, ClassLine)> = bodies.iter().filter(|(body, _)| is_area_on(paper, body)).collect();
    let total: i64 = area.iter().map(|(_, line)| line.all.now).sum();
    let items = area
        .iter()
        .map(|(body, line)| GridItem {
            name: body.span_on(paper.as_of.0).short_name.clone(),
            text: thousands(line.all.now),
            values: vec![line.all.now],
            code: Some(body.code.clone()),
        })
        .collect();
    let claims = area.iter().map(|(body, _)| paper.members(Tier::Local).of_body(body)).collect();
    let others = bodies.len() - area.len();
    let mut notes = vec![format!("{} 医師会の合計 {} 人。", area.len(), thousands(total))];
    if others > 0 {
        notes.push(format!("大学など地域以外の {others} 医師会を除く。"));
    }
    Ok(vec![Block::Grid(Grid {
        id: "member-grid".into(),
        title: "郡市医師会別会員数（一覧）".into(),
        basis: paper.basis_on_day("人"),
        per_row: GRID_PER_ROW,
        name_heading: "郡市医師会".into(),
        value_headings: vec!["会員数".into()],
        items,
        notes,
        claims,
    })])
}

/// Month ends up to the as-of day that the exports reach.
pub(super) fn trend(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let ends = paper.month_ends_back().take(TREND_MONTHS);
    let mut days: Vec<NaiveDate> = ends.filter(|day| *day == paper.as_of.0 || paper.reaches(*day)).collect();
    days.reverse();
    // One month is no course of anything: the tables say it.
    if days.len() < 2 {
        return Ok(Vec::new());
    }
    let totals: Vec<i64> = paper
        .figures()?
        .series(&days)?
        .iter()
        .map(|counts| counts.memberships(&paper.vintage.associations, Tier::Local))
        .collect();
    let (first, last) = (totals[0], totals[totals.len() - 1]);
    let change = crate::domain::printed_number::signed_count(last - first);
    let note = format!("{}から{}までに {change} 人。", era_date(days[0]), era_date(paper.as_of.0));
    let marks = days.iter().zip(&totals).map(|(day, n)| ChartMark::count(short_era_date(*day), *n)).collect();
    let (title, shape) = ("会員数の推移（郡市区等、各月末）", ChartShape::of_days(days.len()));
    Ok(vec![Block::Chart(Chart {
        axis_from: axis_from(&totals),
        notes: vec![note],
        claims: days.iter().map(|day| paper.members(Tier::Local).on(*day)).collect(),
        ..Chart::new("trend", title, paper.basis_on_day("人"), shape, marks)
    })])
}
