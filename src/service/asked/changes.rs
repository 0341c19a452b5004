//! Why it is another number than a month and a year ago: the movements between, as `kaiin movements` books them.

use anyhow::Result;
use chrono::NaiveDate;

use super::figures::{is_unknown, number_on};
use super::resolve::Asked;
use super::scope::TierScope;
use super::veil::{Place, Veil};
use super::viewer::Viewer;
use crate::domain::as_of::AsOf;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::comparison::Comparison;
use crate::domain::document::{Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::{Metric, sentences};
use crate::domain::roll_forward::FlowRow;
use crate::domain::table_check::TableCheck;
use crate::service::known::vintage::Vintage;
use crate::service::questions::movements::{MovementAnswer, MovementRow, movements_since};

/// A part of a change: key, metric, value.
type Movement = (&'static str, Metric, fn(&FlowRow) -> i64);

/// What a change is made of.
const MOVEMENTS: [Movement; 8] = [
    ("joined", Metric::Joined, |flows| flows.joined),
    ("moved_in", Metric::MovedIn, |flows| flows.moved_in),
    ("left", Metric::Left, |flows| flows.left),
    ("moved_out", Metric::MovedOut, |flows| flows.moved_out),
    ("died", Metric::Died, |flows| flows.died),
    ("class_changed", Metric::ClassChanged, FlowRow::class_changed),
    ("reorganised", Metric::Reorganised, FlowRow::reorganised),
    ("corrected", Metric::Corrected, FlowRow::corrected),
];

/// The movements that are always printed; the others only where there are any.
const ALWAYS: usize = 5;

/// What the number is compared with.
const COMPARISONS: [Comparison; 2] = [Comparison::Month, Comparison::Year];

/// One line of the table.
struct Line {
    tier: &'static str,
    before: &'static str,
    opened_on: NaiveDate,
    opening: Option<i64>,
    closing: Option<i64>,
    flows: Option<FlowRow>,
}

/// The table of changes. `closing` are the numbers of the tiers on the day itself.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn changes(
    vintage: &Vintage,
    asked: &Asked,
    tiers: &[(&TierScope, Option<i64>)],
    (viewer, veil): (&Viewer, Option<&Veil<'_>>),
) -> Result<Table> {
    let mut lines = Vec::new();
    for (scope, closing) in tiers {
        match veil {
            None => lines.extend(known_lines(vintage, asked, scope, *closing)?),
            Some(veil) => {
                for comparison in COMPARISONS {
                    lines.push(veiled_line(vintage, asked, scope, *closing, comparison, veil)?);
                }
            }
        }
    }
    let told: Vec<usize> = (0..MOVEMENTS.len()).filter(|nth| viewer.persons && is_told(*nth, &lines)).collect();
    let mut columns = vec![
        Column::text("tier", "階層", 6),
        Column::text("before", "比べる日", 10),
        Column::number("opening", Metric::Opening.name(), 5),
    ];
    columns.extend(told.iter().map(|nth| Column::number(MOVEMENTS[*nth].0, MOVEMENTS[*nth].1.name(), 4)));
    columns.push(Column::number("closing", Metric::Closing.name(), 5));
    columns.push(Column::number("change", Metric::PeriodChange.name(), 5));
    Ok(Table {
        id: "changes".into(),
        title: "前月・前年同月からの増減".into(),
        basis: vec![
            LabelledText::new("基準日", era_date(asked.on)),
            LabelledText::new("知識時点", era_date(vintage.known_at.0)),
            LabelledText::new("単位", "人（延べ）"),
        ],
        columns,
        rows: lines.iter().map(|line| row(line, &told)).collect(),
        empty_text: "※件数 0 件".into(),
        notes: notes(&lines, &told, viewer),
        proof: TableCheck::default(),
    })
}

fn is_told(nth: usize, lines: &[Line]) -> bool {
    nth < ALWAYS || lines.iter().filter_map(|line| line.flows.as_ref()).any(|flows| MOVEMENTS[nth].2(flows) != 0)
}

fn known_lines(
    vintage: &Vintage,
    asked: &Asked,
    scope: &TierScope,
    closing: Option<i64>,
) -> Result<[Line; COMPARISONS.len()]> {
    let mut lines = COMPARISONS.map(|comparison| {
        let (tier, before, opened_on) = (scope.tier.label(), comparison.label(), comparison.day(AsOf(asked.on)));
        Line { tier, before, opened_on, opening: None, closing, flows: None }
    });
    // National members of a prefecture come and go with other bodies too: their movements are not booked there (R23).
    if scope.national_home.is_some() {
        for line in &mut lines {
            line.opening = number_on(vintage, asked, scope, line.opened_on)?;
        }
        return Ok(lines);
    }
    let by: Vec<Dimension> = asked.class.map(|_| Dimension::Class).into_iter().collect();
    let mut days: Vec<NaiveDate> = lines.iter().map(|line| line.opened_on).collect();
    days.sort_unstable();
    let answers = match movements_since(vintage, &days, asked.on, &scope.question(by)) {
        Err(error) if is_unknown(&error) => return Ok(lines),
        answers => answers?,
    };
    for answer in answers {
        let answer = match answer {
            Err(error) if is_unknown(&error) => continue,
            answer => answer?,
        };
        let flows = row_of(&answer, asked).filter(|_| answer.complete && closing.is_some());
        for line in lines.iter_mut().filter(|line| line.opened_on == answer.opened_on) {
            (line.opening, line.flows) = (flows.map(|flows| flows.opening), flows);
        }
    }
    Ok(lines)
}

/// A line with what may be told to whoever sees numbers only: no movements, and days before only where they may be asked about.
fn veiled_line(
    vintage: &Vintage,
    asked: &Asked,
    scope: &TierScope,
    closing: Option<i64>,
    comparison: Comparison,
    veil: &Veil<'_>,
) -> Result<Line> {
    let opened_on = comparison.day(AsOf(asked.on));
    let told = veil.told(scope.tier, Place::of(asked), opened_on);
    let opening = match told {
        // It may be known in part only.
        Some(told) => number_on(vintage, asked, scope, opened_on)?.map(|_| told),
        None => None,
    };
    let (tier, before) = (scope.tier.label(), comparison.label());
    Ok(Line { tier, before, opened_on, opening, closing, flows: None })
}

/// The line of the tier, or of the class that is asked for.
fn row_of(answer: &MovementAnswer, asked: &Asked) -> Option<FlowRow> {
    let Some(class) = asked.class else { return answer.totals.first().map(|row| row.flows) };
    let of_class = |row: &&MovementRow| row.keys.0.iter().any(|(_, value)| value == class.code());
    // Nobody was ever of the class in the period.
    Some(answer.rows.iter().find(of_class).map_or_else(FlowRow::default, |row| row.flows))
}

fn row(line: &Line, told: &[usize]) -> Row {
    let count = |n: Option<i64>| n.map_or(Cell::NotApplicable, Cell::Count);
    let mut cells = vec![
        Cell::text(line.tier),
        Cell::text(format!("{}（{}）", line.before, era_date(line.opened_on))),
        count(line.opening),
    ];
    cells.extend(told.iter().map(|nth| match &line.flows {
        // What a class, a body or an adjustment gives or takes has a sign of its own.
        Some(flows) if *nth >= ALWAYS => Cell::Difference(MOVEMENTS[*nth].2(flows)),
        flows => count(flows.as_ref().map(MOVEMENTS[*nth].2)),
    }));
    cells.push(count(line.closing));
    let change = line.closing.zip(line.opening).map(|(closing, opening)| closing - opening);
    cells.push(change.map_or(Cell::NotApplicable, Cell::Difference));
    Row::body(cells)
}

fn notes(lines: &[Line], told: &[usize], viewer: &Viewer) -> Vec<String> {
    let metrics: Vec<Metric> = told.iter().map(|nth| MOVEMENTS[*nth].1).collect();
    let mut notes = Vec::new();
    if !metrics.is_empty() {
        notes.push(
            "期首 ＋ 入会 ＋ 転入 － 退会 － 転出 － 死亡（± ほかの列）＝ 期末。期首は比べる日の人数。".to_string(),
        );
        notes.push(sentences(&metrics));
    }
    if lines.iter().any(|line| line.opening.is_none()) {
        notes.push(match viewer.persons {
            true => "… は、その日まで出力が及ばず、分からないもの。".into(),
            false => "… は、分からないものか、少人数の保護のため示さないもの。".into(),
        });
    }
    if viewer.persons && lines.iter().any(|line| line.flows.is_none() && line.opening.is_some()) {
        notes.push("都道府県ごとの日医会員は、異動の内訳を出さない（属する都道府県が変わるため）。".into());
    }
    if !viewer.persons {
        notes.push("人数だけを見るアカウントのため、異動の内訳は示さない。".into());
    }
    notes
}
