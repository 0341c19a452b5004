//! Delegates by dated rules, with how far the next change is (代議員定数の見込み, D6).

use anyhow::Result;
use chrono::{Datelike, NaiveDate};

use super::context::PaperContext;
use crate::definitions;
use crate::domain::association::{Association, Tier};
use crate::domain::cell::Cell;
use crate::domain::comparison::Comparison;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::Figure;
use crate::domain::seats::{Electors, SeatRule, SeatTable, Seats};
use crate::domain::table_check::TableCheck;
use crate::error::{Failure, FailureKind};
use crate::stats::Counts;

/// Somebody this close to a change of seats is named above the table: about as many as move in a month.
const CLOSE: i64 = 10;

/// The members of one electing body on the days of the table.
struct Electing {
    name: String,
    figure: Figure,
    /// As-of day, the day a year earlier, the next 1 December.
    members: [i64; 3],
    /// Whether the exports reach the day a year earlier (R7).
    is_covered_before: bool,
}

/// One table for each house of delegates that the paper's bodies elect. A house that the master does not have is refused.
pub(super) fn tables(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    definitions::check_seats(&paper.workspace.definitions, &paper.vintage.associations)?;
    let mut blocks = Vec::new();
    for table in &paper.workspace.statistics.seats {
        blocks.extend(of_house(paper, table)?);
    }
    Ok(blocks)
}

/// The next 1 December after a day.
fn next_survey(day: NaiveDate) -> NaiveDate {
    let of_year = |year: i32| NaiveDate::from_ymd_opt(year, 12, 1).unwrap_or(NaiveDate::MAX);
    let this = of_year(day.year());
    if this > day { this } else { of_year(day.year() + 1) }
}

fn of_house(paper: &PaperContext<'_>, table: &SeatTable) -> Result<Vec<Block>> {
    let day = paper.as_of.0;
    let (before, next) = (paper.earlier(Comparison::Year), next_survey(day));
    let electing = electing(paper, table, [day, before, next])?;
    if electing.is_empty() {
        return Ok(Vec::new());
    }
    let rule = rule_on(table, day)?;
    let rule_before = table.rule_on(before);
    // A rule that ends before the next survey says nothing about it.
    let rule_next = table.rule_on(next);
    let mut rows = Vec::with_capacity(electing.len() + 1);
    let unknown = without_prefecture(paper, table, [day, before, next])?;
    let figures = lines(paper, table, &electing, unknown.is_some());
    let mut close = Vec::new();
    let (mut seats, mut seats_next) = (0, 0);
    let mut change = Some(0_i64);
    for one in &electing {
        let now = rule.seats(one.members[0]);
        let earlier =
            rule_before.filter(|_| one.is_covered_before).map(|rule| now.seats - rule.seats(one.members[1]).seats);
        let ahead = rule_next.map(|rule| rule.seats(one.members[2]).seats);
        close.extend(warning(&one.name, now));
        seats += now.seats;
        seats_next += ahead.unwrap_or_default();
        change = change.zip(earlier).map(|(sum, n)| sum + n);
        rows.push(Row::body(vec![
            Cell::text(one.name.clone()),
            Cell::Count(one.members[0]),
            Cell::Count(now.seats),
            earlier.map_or(Cell::NotApplicable, Cell::Difference),
            Cell::Count(now.until_next),
            now.until_loss.map_or(Cell::NotApplicable, Cell::Count),
            Cell::Count(one.members[2]),
            ahead.map_or(Cell::NotApplicable, Cell::Count),
        ]));
    }
    if let Some([now, _, ahead]) = unknown {
        let mut cells = vec![Cell::text("不明"), Cell::Count(now)];
        // A column that has no values has none here either; in one that adds up nobody is 0.
        let nothing = |has_values: bool| if has_values { Cell::Blank } else { Cell::NotApplicable };
        cells.extend([Cell::Blank, nothing(change.is_some()), Cell::Blank, Cell::Blank]);
        cells.extend([Cell::Count(ahead), nothing(rule_next.is_some())]);
        rows.push(Row::body(cells));
    }
    // Counted apart from the rows: the gate compares the two.
    let [all, _, all_next] = totals(paper, table, [day, before, next])?;
    rows.push(Row::total(vec![
        Cell::text("合計"),
        Cell::Count(all),
        Cell::Count(seats),
        change.map_or(Cell::NotApplicable, Cell::Difference),
        Cell::NotApplicable,
        Cell::NotApplicable,
        Cell::Count(all_next),
        rule_next.map_or(Cell::NotApplicable, |_| Cell::Count(seats_next)),
    ]));
    let lead = if close.is_empty() {
        format!("{}：定数の変わり目まで {CLOSE} 人以内のところはない。", table.name)
    } else {
        format!("{}：定数の変わり目が近い。{}。", table.name, close.join("、"))
    };
    Ok(vec![Block::Paragraph(lead), Block::Table(paper_table(paper, table, rule, rows, figures, next))])
}

/// The figures of the lines: electing bodies, those without a prefecture, all.
fn lines(paper: &PaperContext<'_>, table: &SeatTable, electing: &[Electing], has_unknown: bool) -> Vec<Figure> {
    let all = electors(paper, table);
    let unknown = has_unknown.then(|| all.part(Dimension::Prefecture.code(), "unknown"));
    // Of local bodies the house is one prefecture, which other tables of the paper have no line for.
    let all = (table.electors == Electors::NationalByPrefecture).then_some(all);
    electing.iter().map(|one| one.figure.clone()).chain(unknown).chain(all).collect()
}

/// Says how close a change of seats is, when it is close.
fn warning(name: &str, now: Seats) -> Option<String> {
    let up = (now.until_next <= CLOSE).then(|| format!("{name} はあと {} 人で 1 人増", now.until_next));
    up.or_else(|| {
        let loss = now.until_loss.filter(|loss| *loss <= CLOSE)?;
        Some(format!("{name} はあと {loss} 人減ると 1 人減"))
    })
}

/// Whoever elects, as a figure.
fn electors(paper: &PaperContext<'_>, table: &SeatTable) -> Figure {
    paper.members(match table.electors {
        Electors::NationalByPrefecture => Tier::National,
        Electors::LocalByBody => Tier::Local,
    })
}

fn paper_table(
    paper: &PaperContext<'_>,
    table: &SeatTable,
    rule: &SeatRule,
    rows: Vec<Row>,
    figures: Vec<Figure>,
    next: NaiveDate,
) -> Table {
    let who = match table.electors {
        Electors::NationalByPrefecture => "日医会員",
        Electors::LocalByBody => "郡市区等会員",
    };
    let ahead = format!("{}（確定分）", short_era_date(next));
    let mut notes = vec![sentences(&[Metric::Seats, Metric::UntilNextSeat, Metric::UntilSeatLoss])];
    notes.push(format!(
        "規則：会員 {} 人に 1 人、端数は{}、最低 {} 人。出典：{}",
        rule.members_per_seat,
        rule.remainder.label(),
        rule.minimum,
        rule.source
    ));
    notes.push(format!("{} の数は、承認済みの入退会だけを見込んだもの。新たな入退会は含まない。", era_date(next)));
    if table.electors == Electors::NationalByPrefecture {
        notes.push("都道府県は、その日に在籍する都道府県医師会（なければ郡市区等医師会）による。".to_string());
    }
    Table {
        id: format!("seats-{}", table.id),
        title: format!("{}の定数", table.name),
        basis: paper.basis_on_day("人"),
        columns: vec![
            Column::text("electing", if who == "日医会員" { "都道府県" } else { "医師会" }, 7),
            Column::number("members", who, 4),
            Column::number("seats", Metric::Seats.name(), 4),
            Column::number("change", "対前年", 4),
            Column::number("until_next", Metric::UntilNextSeat.name(), 4),
            Column::number("until_loss", Metric::UntilSeatLoss.name(), 4),
            Column::number("members_next", who, 4).in_group(&ahead),
            Column::number("seats_next", "定数", 3).in_group(&ahead),
        ],
        rows,
        proof: TableCheck::additive(["members", "seats", "change", "members_next", "seats_next"])
            .claiming((0..).zip(figures), |line| {
                vec![("members".to_string(), line.clone()), ("members_next".to_string(), line.on(next))]
            }),
        empty_text: "※件数 0 件".into(),
        notes,
    }
}

fn rule_on(table: &SeatTable, day: NaiveDate) -> Result<&SeatRule> {
    let detail = || format!("{} {}", table.name, era_date(day));
    table.rule_on(day).ok_or_else(|| Failure::new(FailureKind::Usage, "RPT-007", detail()).into())
}

/// Members of the paper on the days by place in official order, national ones at their prefecture (R23).
fn counted(paper: &PaperContext<'_>, table: &SeatTable, days: [NaiveDate; 3]) -> Result<[Counts; 3]> {
    let mut sorted: Vec<NaiveDate> = days.to_vec();
    sorted.sort_unstable();
    let figures = paper.figures()?;
    let counted: Vec<Counts> = match table.electors {
        Electors::NationalByPrefecture => figures.national_series(&sorted)?,
        Electors::LocalByBody => figures.series(&sorted)?,
    };
    Ok(days.map(|day| counted[sorted.partition_point(|other| *other < day)].clone()))
}

/// National members who belong to no prefecture on the days (R23); they elect nobody and have a line of their own.
fn without_prefecture(paper: &PaperContext<'_>, table: &SeatTable, days: [NaiveDate; 3]) -> Result<Option<[i64; 3]>> {
    if table.electors != Electors::NationalByPrefecture {
        return Ok(None);
    }
    let national = paper.vintage.associations.iter().position(|body| body.tier == Tier::National);
    let Some(rank) = national else { return Ok(None) };
    let found = counted(paper, table, days)?.map(|counts| counts.cells[rank].iter().sum::<i64>());
    Ok((found != [0; 3]).then_some(found))
}

/// All electing members of the paper on the days.
fn totals(paper: &PaperContext<'_>, table: &SeatTable, days: [NaiveDate; 3]) -> Result<[i64; 3]> {
    let associations = &paper.vintage.associations;
    let house = associations.by_code(&table.body);
    let elects = |body: &Association| match table.electors {
        Electors::NationalByPrefecture => true,
        Electors::LocalByBody => body.tier == Tier::Local && is_of_house(house, body),
    };
    let sum = |counts: Counts| -> i64 {
        let of_bodies = associations.iter().zip(&counts.cells).filter(|(body, _)| elects(body));
        of_bodies.flat_map(|(_, cells)| cells).sum()
    };
    Ok(counted(paper, table, days)?.map(sum))
}

fn is_of_house(house: Option<&Association>, body: &Association) -> bool {
    house.is_some_and(|house| house.prefecture == body.prefecture)
}

/// Electing bodies in official order. Whoever belongs to no prefecture elects nobody; the table has a line for them.
fn electing(paper: &PaperContext<'_>, table: &SeatTable, days: [NaiveDate; 3]) -> Result<Vec<Electing>> {
    let associations = &paper.vintage.associations;
    let counted = counted(paper, table, days)?;
    let house = associations.by_code(&table.body);
    let order = associations.order_on(paper.as_of.0);
    let elects = |body: &Association| match table.electors {
        Electors::NationalByPrefecture => body.tier == Tier::Prefectural,
        Electors::LocalByBody => body.tier == Tier::Local && is_of_house(house, body),
    };
    let mut found: Vec<(usize, Electing)> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| paper.keeps(body) && body.exists_on(paper.as_of.0) && elects(body))
        .map(|(rank, body)| {
            let members = std::array::from_fn(|at| counted[at].cells[rank].iter().sum::<i64>());
            let tier = match table.electors {
                Electors::NationalByPrefecture => Tier::National,
                Electors::LocalByBody => Tier::Local,
            };
            let is_covered_before = paper.vintage.is_tier_covered(tier, rank, days[1]);
            let name = body.span_on(paper.as_of.0).short_name.clone();
            let figure = electors(paper, table).of_body(body);
            (order[rank], Electing { name, figure, members, is_covered_before })
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    Ok(found.into_iter().map(|(_, one)| one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::day_before("2025-11-30", "2025-12-01")]
    #[case::on_the_day("2025-12-01", "2026-12-01")]
    #[case::year_end("2025-12-31", "2026-12-01")]
    fn next_survey_lies_after_the_day(#[case] day: &str, #[case] expected: &str) {
        let day: NaiveDate = day.parse().expect("a day");
        assert_eq!(next_survey(day).to_string(), expected);
    }
}
