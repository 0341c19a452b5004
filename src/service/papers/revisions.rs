//! Which past figures are told otherwise than a month before, and why (改定, R17).

use anyhow::Result;
use chrono::NaiveDate;

use super::context::PaperContext;
use crate::domain::as_of::{is_month_end, month_before, month_end};
use crate::domain::association::{Association, Tier};
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::revision::{RevisedMember, Revision, RevisionCause, RevisionRow};
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::known::revision::{first_firm, known_a_month_before, revisions};

/// Month ends that are looked back at.
const MONTHS: usize = 12;

/// The month ends of the last year and the bodies behind the newest of them.
pub(super) fn tables(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let exports = paper.vintage.export_days();
    let Some(known_before) = known_a_month_before(paper.vintage, &exports) else {
        return Ok(vec![Block::Notes(vec![
            "改定：知識時点より前の出力がないため、過去の数字はまだ改定されていない。".into(),
        ])]);
    };
    let days = month_ends_before(paper, known_before);
    let found = revisions(paper.vintage, &days, known_before)?;
    let telling = paper.vintage.telling_days();
    let mut words = Vec::with_capacity(days.len());
    for revision in found.iter() {
        let first = first_firm(paper.vintage, revision.as_of, paper.workspace.config.figures.final_after_days);
        words.push(what_happened(paper, revision, first, known_before, &telling));
    }
    let mut out = vec![month_table(paper, &found, &words, known_before)];
    out.extend(found.last().map(|newest| body_table(paper, newest)));
    Ok(out)
}

/// What became of a figure since the paper before: 改定 where it was final and is another one now, 速報の更新 where it was not
/// final yet.
fn what_happened(
    paper: &PaperContext<'_>,
    revision: &Revision,
    first_firm: Option<NaiveDate>,
    known_before: NaiveDate,
    telling: &[NaiveDate],
) -> &'static str {
    let local = |body: &Association| body.tier == Tier::Local && paper.keeps(body);
    let is_here = |member: &RevisedMember| paper.vintage.associations.get(member.change.association).is_some_and(local);
    if !revision.people.iter().any(is_here) {
        return "変更なし";
    }
    // Final before anything else was learnt: what was learnt since came after it.
    let was_final = first_firm.is_some_and(|first| !telling.iter().any(|day| known_before < *day && *day <= first));
    if was_final { "改定" } else { "速報の更新" }
}

/// Month ends up to the as-of day that were past and within reach at the earlier known-at, ascending.
fn month_ends_before(paper: &PaperContext<'_>, known_before: NaiveDate) -> Vec<NaiveDate> {
    let mut day = paper.as_of.0.min(known_before);
    if !is_month_end(day) {
        day = month_end(month_before(day));
    }
    let ends = std::iter::successors(Some(day), |day| Some(month_before(*day))).take(MONTHS);
    let mut days: Vec<NaiveDate> = ends.take_while(|day| paper.reaches(*day)).collect();
    days.reverse();
    days
}

fn basis(paper: &PaperContext<'_>, known_before: NaiveDate, day: Option<NaiveDate>) -> Vec<LabelledText> {
    let known_at = paper.vintage.known_at.0;
    let mut out: Vec<LabelledText> = day.map(|day| LabelledText::new("基準日", era_date(day))).into_iter().collect();
    out.extend([
        LabelledText::new("知識時点", format!("{} → {}", short_era_date(known_before), short_era_date(known_at))),
        LabelledText::new("退会日の扱い", paper.vintage.rule.label()),
        LabelledText::new("単位", "人（延べ、郡市区等）"),
    ]);
    out
}

/// Figure before, causes, figure now.
fn columns(first: Column) -> Vec<Column> {
    let mut out = vec![first, Column::number("before", "前回", 5)];
    out.extend(RevisionCause::ALL.map(|cause| Column::number(cause.code(), cause.label(), 4).in_group("原因別の増減")));
    out.extend([Column::number("after", "今回", 5), Column::number("revision", Metric::Revision.name(), 4)]);
    out
}

fn cells(first: Cell, row: &RevisionRow) -> Vec<Cell> {
    let mut out = vec![first, Cell::Count(row.before)];
    out.extend(row.causes.map(Cell::Difference));
    out.extend([Cell::Count(row.after), Cell::Difference(row.revision())]);
    out
}

fn identity() -> Identity {
    Identity::new("after", std::iter::once("before").chain(RevisionCause::ALL.map(RevisionCause::code)), [])
}

/// The figures of a line: members as known at two days, and why they differ.
fn figures(now: &Figure, known_before: NaiveDate) -> Vec<(String, Figure)> {
    let before = Figure { known_at: known_before, ..now.clone() };
    let members = [("before".to_string(), before), ("after".to_string(), now.clone())];
    members.into_iter().chain(changes(now, known_before)).collect()
}

/// What a line adds up: the revision and its causes.
fn changes(now: &Figure, known_before: NaiveDate) -> Vec<(String, Figure)> {
    let revision = now.but(Metric::Revision.id()).part("known_before", &known_before.to_string());
    let of_cause = |cause: RevisionCause| (cause.code().to_string(), revision.part("cause", cause.code()));
    RevisionCause::ALL.into_iter().map(of_cause).chain([("revision".to_string(), revision.clone())]).collect()
}

fn local(paper: &PaperContext<'_>, revision: &Revision) -> RevisionRow {
    let keep = |body: &Association| body.tier == Tier::Local && paper.keeps(body);
    revision.sum(&paper.vintage.associations, keep)
}

fn month_table(paper: &PaperContext<'_>, found: &[Revision], words: &[&'static str], known_before: NaiveDate) -> Block {
    let mut columns = columns(Column::centred("as_of", "基準日", 5));
    columns.push(Column::centred("status", "今回の変化", 5));
    let final_after = paper.workspace.config.figures.final_after_days;
    let lines = (0..).zip(found.iter().map(|revision| paper.members(Tier::Local).on(revision.as_of.0)));
    let proof = TableCheck::default().with(identity()).claiming(lines, |line| figures(line, known_before));
    let rows = found
        .iter()
        .zip(words)
        .map(|(revision, word)| {
            let mut cells = cells(Cell::Date(revision.as_of.0), &local(paper, revision));
            cells.push(Cell::text(*word));
            Row::body(cells)
        })
        .collect();
    Block::Table(Table {
        id: "revisions".into(),
        title: "過去の月末の改定".into(),
        basis: basis(paper, known_before, None),
        columns,
        rows,
        empty_text: "※出力の及ぶ過去の月末がない。".into(),
        notes: vec![
            sentences(&[Metric::Revision]),
            "前回は前月の知識時点、今回は今月の知識時点による、同じ基準日の会員数。".into(),
            format!(
                "今回の変化：確報（基準日から {final_after} 日が過ぎた数）が変わったものは改定、それまでのものは速報の更新。"
            ),
        ],
        proof,
    })
}

fn body_table(paper: &PaperContext<'_>, revision: &Revision) -> Block {
    let associations = &paper.vintage.associations;
    let day = revision.as_of.0;
    let order = associations.order_on(day);
    let mut lines: Vec<(usize, &Association, RevisionRow)> = associations
        .iter()
        .enumerate()
        .filter(|(_, body)| body.tier == Tier::Local && paper.keeps(body))
        .map(|(rank, body)| (order[rank], body, revision.of_body(rank)))
        .filter(|(_, _, row)| row.causes.iter().any(|n| *n != 0))
        .collect();
    lines.sort_by_key(|(place, ..)| *place);
    let mut rows: Vec<Row> = lines
        .iter()
        .map(|(_, body, row)| Row::body(cells(Cell::text(body.span_on(day).short_name.clone()), row)).coded(&body.code))
        .collect();
    let n_others = associations
        .iter()
        .filter(|body| body.tier == Tier::Local && paper.keeps(body) && body.exists_on(day))
        .count()
        .saturating_sub(rows.len());
    let mut sum = RevisionRow::default();
    lines.iter().for_each(|(_, _, row)| sum += *row);
    let (all, known_before) = (paper.members(Tier::Local).on(day), revision.known_before.0);
    let of_bodies = lines.iter().map(|(_, body, _)| all.of_body(body));
    let mut proof = TableCheck::default().claiming((0..).zip(of_bodies), |line| figures(line, known_before));
    if !rows.is_empty() {
        // Bodies without a revision are left out: the changes of all are here, the members are not.
        let of_all = changes(&all, known_before).into_iter();
        proof.claims.extend(of_all.map(|(key, figure)| PrintedFigure::cell(rows.len(), &key, figure)));
        rows.push(Row::total(cells(Cell::text("合計"), &sum)));
    }
    let additive = ["before", "after", "revision"].into_iter().chain(RevisionCause::ALL.map(RevisionCause::code));
    Block::Table(Table {
        id: "revisions-by-association".into(),
        title: format!("{} 現在の改定（医師会別）", short_era_date(day)),
        basis: basis(paper, revision.known_before.0, Some(day)),
        columns: columns(Column::text("association", "郡市区等医師会", 7)),
        rows,
        empty_text: "※改定のあった医師会はない。".into(),
        notes: (n_others > 0).then(|| format!("改定のなかった{n_others}医師会を除く。")).into_iter().collect(),
        proof: TableCheck { claims: proof.claims, ..TableCheck::additive(additive).with(identity()) },
    })
}
