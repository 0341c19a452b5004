//! Statistics of the day beside the tables of the definitions: overview, month ends, years, funnel.

use anyhow::Result;
use chrono::NaiveDate;

use super::context::PaperContext;
use super::table_figures::TableFigures;
use crate::domain::as_of::{AsOf, is_month_end, month_end, month_ends, months_before};
use crate::domain::association::Tier;
use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::class::NationalClass;
use crate::domain::comparison::{Comparison, NowAndBefore};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::PrintedFigure;
use crate::domain::printed_number::thousands;
use crate::domain::report::{TableSpec, TableUnit};
use crate::domain::streak::{Streak, streak};
use crate::domain::table_check::{Identity, TableCheck};
use crate::stats::Counts;

/// Month ends of the series, the month of the as-of day included: a year and the month before it.
const SERIES_MONTHS: usize = 13;

/// Years looked back at; a paper shows no more than a board can read.
const MOST_YEARS: u32 = 10;

const NONE: &str = "※件数 0 件";

/// Name of a tier as the tables print it.
fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Local => "郡市区等医師会",
        Tier::Prefectural => "都道府県医師会",
        Tier::National => "日本医師会",
    }
}

/// A table that nobody prints: the whole of a tier on its days.
fn whole(tier: Tier, unit: TableUnit) -> TableSpec {
    TableSpec {
        id: String::new(),
        title: String::new(),
        tier,
        unit,
        rows: Dimension::Class,
        columns: None,
        metrics: vec![Metric::MonthChange, Metric::YearChange, Metric::FiscalChange],
        subtotals: false,
        chart: None,
        notes: Vec::new(),
    }
}

/// What one tier says about itself.
struct TierLine {
    tier: Tier,
    memberships: TableFigures,
    heads: i64,
}

impl TierLine {
    fn of(paper: &PaperContext<'_>, tier: Tier) -> Result<Self> {
        let figures = paper.figures()?;
        let memberships = figures.of_table(&whole(tier, TableUnit::Memberships));
        let heads = figures.of_table(&whole(tier, TableUnit::Heads)).total();
        Ok(Self { tier, memberships, heads })
    }

    fn compared(&self, comparison: Comparison) -> NowAndBefore {
        NowAndBefore { now: self.memberships.total(), before: self.memberships.total_before(comparison) }
    }

    fn cells(&self) -> Vec<Cell> {
        let mut cells =
            vec![Cell::text(tier_name(self.tier)), Cell::Count(self.memberships.total()), Cell::Count(self.heads)];
        for compared in Comparison::BESIDE_ROWS.map(|comparison| self.compared(comparison)) {
            cells.extend([compared.difference_cell(), compared.rate_cell()]);
        }
        cells
    }
}

/// The three tiers with what they are compared with, and sentences made from the numbers.
pub(super) fn overview(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let tiers: Vec<TierLine> = Tier::ALL
        .into_iter()
        .filter(|tier| paper.has_bodies_of(*tier))
        .map(|tier| TierLine::of(paper, tier))
        .collect::<Result<_>>()?;
    let mut blocks: Vec<Block> = tiers.iter().map(|line| Block::Paragraph(sentence(line))).collect();
    let mut columns = vec![
        Column::text("tier", "階層", 8),
        Column::number("memberships", Metric::Memberships.name(), 5),
        Column::number("heads", Metric::Heads.name(), 5),
    ];
    let metrics = [
        Metric::MonthChange,
        Metric::MonthRate,
        Metric::YearChange,
        Metric::YearRate,
        Metric::FiscalChange,
        Metric::FiscalRate,
    ];
    for (nth, metric) in metrics.into_iter().enumerate() {
        let group = metrics[nth / 2 * 2].name();
        let title = if nth % 2 == 0 { "人" } else { "率" };
        columns.push(Column::number(metric.id(), title, 4).in_group(group));
    }
    let mut notes = vec![sentences(&[&[Metric::Memberships, Metric::Heads], metrics.as_slice()].concat())];
    notes.extend(paper.uncovered_notes(Comparison::BESIDE_ROWS.into_iter()));
    // Of the first tier of the paper: somebody who is not shown is missing in all of hers.
    notes.extend(paper.source_notes(tiers.first().map_or(0, |line| line.memberships.not_shown()))?);
    blocks.push(Block::Table(Table {
        id: "overview".into(),
        title: "階層別の概況".into(),
        basis: paper.basis_on_day("人。率は％"),
        columns,
        rows: tiers.iter().map(|line| Row::body(line.cells())).collect(),
        proof: TableCheck::default().claiming((0..).zip(tiers.iter().map(|line| paper.members(line.tier))), |line| {
            let changes = [Metric::MonthChange, Metric::YearChange, Metric::FiscalChange];
            let days = Comparison::BESIDE_ROWS.map(|comparison| paper.earlier(comparison));
            let changes = changes.iter().zip(days).map(|(metric, day)| (metric.id().to_string(), line.since(day)));
            let heads = line.but(Metric::Heads.id());
            changes.chain([("memberships".to_string(), line.clone()), ("heads".to_string(), heads)]).collect()
        }),
        empty_text: NONE.into(),
        notes,
    }));
    Ok(blocks)
}

fn sentence(line: &TierLine) -> String {
    let mut text = format!(
        "{}の会員数は {} 人（実人数 {} 人）",
        tier_name(line.tier),
        thousands(line.memberships.total()),
        thousands(line.heads)
    );
    let parts: Vec<String> = Comparison::BESIDE_ROWS
        .into_iter()
        .filter_map(|comparison| Some(format!("{}{}", comparison.label(), line.compared(comparison).words()?)))
        .collect();
    if !parts.is_empty() {
        text += &format!("。{}", parts.join("、"));
    }
    text + "。"
}

/// One line of a series: a day with its counts by class.
struct SeriesLine {
    day: NaiveDate,
    classes: [i64; NationalClass::COUNT],
}

impl SeriesLine {
    fn total(&self) -> i64 {
        self.classes.iter().sum()
    }
}

impl PaperContext<'_> {
    /// Whether the paper is about any body of a tier; of the national one also where it is about a prefecture (R23).
    pub(super) fn has_bodies_of(&self, tier: Tier) -> bool {
        let wanted = if tier == Tier::National { Tier::Prefectural } else { tier };
        self.vintage.associations.iter().any(|body| body.tier == wanted && self.keeps(body))
    }

    /// The counts of a tier on days that the exports reach, ascending.
    fn series(&self, tier: Tier, days: Vec<NaiveDate>) -> Result<Vec<SeriesLine>> {
        let figures = self.figures()?;
        let counted: Vec<Counts> = match tier {
            Tier::National => figures.national_series(&days)?,
            Tier::Local | Tier::Prefectural => figures.series(&days)?,
        };
        let bodies = match tier {
            Tier::National => self.area.bodies.clone(),
            Tier::Local | Tier::Prefectural => self.area.bodies.of_tier(&self.vintage.associations, tier),
        };
        let sum = |counts: &Counts| {
            let mut classes = [0; NationalClass::COUNT];
            for cells in bodies.ranks().map(|rank| &counts.cells[rank]) {
                classes.iter_mut().zip(cells).for_each(|(sum, n)| *sum += n);
            }
            classes
        };
        Ok(days.into_iter().zip(&counted).map(|(day, counts)| SeriesLine { day, classes: sum(counts) }).collect())
    }

    fn reached(&self, days: impl Iterator<Item = NaiveDate>) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = days.take_while(|day| self.reaches(*day) || *day == self.as_of.0).collect();
        days.reverse();
        days
    }

    /// The table of a series, by class where anybody is of that class.
    fn series_table(&self, id: &str, title: String, tier: Tier, lines: &[SeriesLine], change: Metric) -> Block {
        let classes: Vec<NationalClass> = NationalClass::ALL
            .into_iter()
            .filter(|class| {
                *class != NationalClass::Unknown
                    || lines.iter().any(|line| line.classes[usize::from(class.index())] != 0)
            })
            .collect();
        let mut columns = vec![Column::centred("day", "基準日", 5)];
        columns
            .extend(classes.iter().map(|class| Column::number(&class.code().to_ascii_lowercase(), class.label(), 4)));
        columns.extend([
            Column::number("total", "計", 4),
            Column::number("change", change.name(), 4),
            Column::number("rate", Metric::SeriesRate.name(), 4),
        ]);
        let mut before: Option<i64> = None;
        let rows = lines.iter().map(|line| {
            let mut cells = vec![Cell::Date(line.day)];
            cells.extend(classes.iter().map(|class| Cell::Count(line.classes[usize::from(class.index())])));
            cells.push(Cell::Count(line.total()));
            let compared = NowAndBefore { now: line.total(), before: before.replace(line.total()) };
            cells.extend([compared.difference_cell(), compared.rate_cell()]);
            Row::body(cells)
        });
        let rows: Vec<Row> = rows.collect();
        let mut proof = TableCheck::default().claiming(
            (0..).zip(lines.iter().map(|line| self.members(tier).on(line.day))),
            |line| {
                let of_class = |class: &NationalClass| (class.code().to_ascii_lowercase(), line.of_class(*class));
                classes.iter().map(of_class).chain([("total".to_string(), line.clone())]).collect()
            },
        );
        proof.claims.extend(lines.windows(2).zip(1..).map(|(pair, row)| {
            PrintedFigure::cell(row, "change", self.members(tier).on(pair[1].day).since(pair[0].day))
        }));
        let keys: Vec<String> = classes.iter().map(|class| class.code().to_ascii_lowercase()).collect();
        let mut notes = vec![sentences(&[Metric::Memberships])];
        notes.push("増減と増減率は上の行との差と、上の行に対する百分率。すべて同じ知識時点の数。".to_string());
        Block::Table(Table {
            id: id.into(),
            title,
            basis: self.basis_on_day(&format!("人（延べ）、{}。率は％", tier_name(tier))),
            columns,
            rows,
            proof: proof.with(Identity::new("total", keys.iter().map(String::as_str), [])),
            empty_text: NONE.into(),
            notes,
        })
    }
}

/// How the month ends went: a run of several months, or the change of the last one.
fn months_in_words(streak: Streak, totals: &[i64]) -> String {
    let [.., before, now] = *totals else { return streak.text("か月") };
    let step = NowAndBefore { now, before: Some(before) }.words().unwrap_or_default();
    if streak.length == 1 { format!("前月末{step}") } else { format!("前月末{step}、{}", streak.text("か月")) }
}

/// Month ends by class, with how long they have gone one way.
pub(super) fn month_series(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let tier = if paper.has_bodies_of(Tier::Local) { Tier::Local } else { Tier::Prefectural };
    let lines = paper.series(tier, paper.reached(paper.month_ends_back().take(SERIES_MONTHS)))?;
    // Only month ends that have passed say how the months went.
    let is_past = |line: &&SeriesLine| is_month_end(line.day) && line.day <= paper.vintage.known_at.0;
    let past: Vec<&SeriesLine> = lines.iter().filter(is_past).collect();
    let totals: Vec<i64> = past.iter().map(|line| line.total()).collect();
    let title = format!("月末会員数の推移（{}）", tier_name(tier));
    let mut blocks = Vec::new();
    blocks.extend(streak(&totals).zip(past.last()).map(|(streak, last)| {
        Block::Paragraph(format!("{}の会員数は、{}。", era_date(last.day), months_in_words(streak, &totals)))
    }));
    blocks.push(paper.series_table("month-series", title, tier, &lines, Metric::MonthEndChange));
    let exports = paper.vintage.export_days();
    blocks.extend(missing_months_note(&exports, paper.vintage.known_at.0).map(|note| Block::Notes(vec![note])));
    Ok(blocks)
}

/// Names the months in which no export was taken in, from the first export to known-at; what happened in them was learnt
/// from the next one.
fn missing_months_note(exports: &[NaiveDate], known_at: NaiveDate) -> Option<String> {
    let first = exports.iter().min()?;
    let has_export = |end: &NaiveDate| exports.iter().any(|day| month_end(*day) == *end);
    let months: Vec<String> = month_ends(*first, known_at)
        .into_iter()
        .filter(|end| *end <= known_at && !has_export(end))
        .map(|end| short_era_date(end).rsplit_once('.').map_or(String::new(), |(month, _)| month.to_string()))
        .collect();
    (!months.is_empty()).then(|| {
        format!("出力の取込みがない月：{}。これらの月の異動は、次の出力で知られた日から数に入る。", months.join("、"))
    })
}

/// The same day of each year: sentence, chart and table.
pub(super) fn year_series(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::National) {
        return Ok(vec![Block::Paragraph(
            "この範囲には、日本医師会の会員数の表はない（都道府県ごとか全体で作る）。".into(),
        )]);
    }
    let days = (0..=MOST_YEARS).map(|years| months_before(paper.as_of.0, years * 12));
    let lines = paper.series(Tier::National, paper.reached(days))?;
    let totals: Vec<i64> = lines.iter().map(SeriesLine::total).collect();
    let mut blocks = vec![Block::Paragraph(survey_sentence(paper.as_of, &totals))];
    // One year is no course of anything: the sentence and the table say it.
    if lines.len() > 1 {
        blocks.push(year_trend(paper, &lines, &totals));
    }
    blocks.push(paper.series_table(
        "year-series",
        "会員総数の推移".into(),
        Tier::National,
        &lines,
        Metric::SurveyChange,
    ));
    Ok(blocks)
}

fn year_trend(paper: &PaperContext<'_>, lines: &[SeriesLine], totals: &[i64]) -> Block {
    let marks = lines.iter().map(|line| ChartMark::count(short_era_date(line.day), line.total())).collect();
    let (basis, shape) = (paper.basis_on_day("人（延べ）、日本医師会"), ChartShape::of_days(lines.len()));
    Block::Chart(Chart {
        axis_from: super::cells::axis_from(totals),
        notes: vec!["出力の及ぶ年だけを示す。".to_string()],
        claims: lines.iter().map(|line| paper.members(Tier::National).on(line.day)).collect(),
        ..Chart::new("year-trend", "会員総数の推移", basis, shape, marks)
    })
}

/// The sentence of the survey: never says an increase where there is none.
fn survey_sentence(as_of: AsOf, totals: &[i64]) -> String {
    let total = totals.last().copied().unwrap_or_default();
    let head = format!("{}現在の会員総数は {} 人", era_date(as_of.0), thousands(total));
    let compared = NowAndBefore { now: total, before: totals.len().checked_sub(2).map(|at| totals[at]) };
    let (Some(streak), Some(change)) = (streak(totals), compared.difference()) else {
        return format!("{head}である（前年の数は出力が及ばない）。");
    };
    let way = if change > 0 { "増" } else { "減" };
    let (name, n) = (Metric::SurveyChange.name(), thousands(change.abs()));
    match change {
        0 => format!("{head}で、前年と同数である（{}）。", streak.text("年")),
        _ => format!("{head}で、{name} {n} 人の{way}、{}となった。", streak.text("年")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(totals: &[i64]) -> String {
        survey_sentence(AsOf("2021-12-01".parse().expect("a day")), totals)
    }

    #[test]
    fn months_without_an_export_are_named() {
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day") };
        let exports = [day("2025-09-30"), day("2025-12-31")];
        let note = missing_months_note(&exports, day("2025-12-31")).expect("two months are missing");
        assert!(note.contains("R7.10、R7.11。"), "{note}");
        assert_eq!(missing_months_note(&exports[..1], day("2025-10-15")), None);
        assert!(missing_months_note(&exports[..1], day("2025-10-31")).is_some());
    }

    #[test]
    fn sentence_of_the_survey_follows_the_numbers() {
        assert_eq!(
            said(&[172_763, 173_328, 173_895]),
            "令和3年12月1日現在の会員総数は 173,895 人で、対前年 567 人の増、少なくとも2年連続の増加となった。"
        );
        assert!(said(&[174_000, 173_895]).contains("105 人の減、減少となった"));
        assert!(said(&[173_895, 173_895]).contains("前年と同数"));
        assert!(said(&[173_895]).contains("出力が及ばない"));
    }
}
