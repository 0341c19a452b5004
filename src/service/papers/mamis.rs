//! The difference to what MAMIS shows, by body and person by person (R15).

use std::collections::BTreeSet;

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::association::Tier;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::difference::{DifferenceCause, DifferencePerson, DifferenceTerms, Sign, Term};
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::{Metric, sentences};
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::printed_number::signed_count;
use crate::domain::printed_number::thousands;
use crate::domain::stored_state::StateContradiction;
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::audit;
use crate::service::audit::DifferenceAudit;

/// The terms of one body.
type BodyTerms = (AssociationId, DifferenceTerms);

/// The terms that are printed; the remainder has a column of its own.
fn terms_of_law() -> impl Iterator<Item = Term> {
    DifferenceCause::ALL.into_iter().filter(|cause| *cause != DifferenceCause::Unexplained).map(DifferenceCause::term)
}

/// Whether a term is printed on every day: the two for which the law exists.
fn is_always_printed(term: &Term) -> bool {
    matches!(term.cause, DifferenceCause::WithdrawalAhead | DifferenceCause::JoinAhead)
}

/// The terms that say something about these people; what says nothing is not printed.
fn printed(audit: &DifferenceAudit) -> Vec<Term> {
    let is_behind = |term: &Term| audit.people.iter().any(|person| person.cause == term.cause);
    terms_of_law().filter(|term| is_always_printed(term) || is_behind(term)).collect()
}

/// The table of terms and the list of people.
pub(super) fn law_and_people(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let Some(audit) = audited(paper)? else { return Ok(Vec::new()) };
    let mut blocks = law_of_bodies(paper, &audit);
    blocks.push(people(paper, &audit)?);
    Ok(blocks)
}

/// The table of terms alone, for others.
pub(super) fn law(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    Ok(audited(paper)?.map_or_else(Vec::new, |audit| law_of_bodies(paper, &audit)))
}

/// The difference of the bodies of the paper; `None` where none of them is local.
fn audited(paper: &PaperContext<'_>) -> Result<Option<DifferenceAudit>> {
    if !paper.has_bodies_of(Tier::Local) {
        return Ok(None);
    }
    let all = audit::mamis_difference(paper.vintage)?;
    Ok(Some(all.within(|body| paper.ask().keeps(body))))
}

/// The lines under the titles: the day is that of the export (R15).
fn basis(paper: &PaperContext<'_>, audit: &DifferenceAudit) -> Vec<LabelledText> {
    vec![
        LabelledText::new("基準日", era_date(audit.export_day)),
        LabelledText::new("知識時点", short_era_date(paper.vintage.known_at.0)),
        LabelledText::new("退会日の扱い", paper.vintage.rule.label()),
        LabelledText::new("単位", "人（郡市区等）"),
    ]
}

fn law_of_bodies(paper: &PaperContext<'_>, audit: &DifferenceAudit) -> Vec<Block> {
    let terms = printed(audit);
    // A body whose terms cancel out is listed too: two people stand behind its 0.
    let with_people: BTreeSet<AssociationId> = audit.people.iter().map(|person| person.stay.association).collect();
    let differs = |line: &&BodyTerms| with_people.contains(&line.0);
    let (differing, same): (Vec<&BodyTerms>, Vec<&BodyTerms>) = audit.bodies.iter().partition(differs);
    let row = |name: Cell, of: &DifferenceTerms| term_cells(&terms, name, of);
    let rows = differing.iter().map(|(body, of)| Row::body(row(paper.body_name(*body), of))).collect();
    let mut rows: Vec<Row> = paper.coded(rows, differing.iter().map(|(body, _)| Some(*body)));
    if !same.is_empty() {
        let mut sum = DifferenceTerms::default();
        same.iter().for_each(|(_, of)| sum.add(of));
        rows.push(Row::body(row(Cell::text(format!("差のない{}医師会", same.len())), &sum)));
    }
    rows.push(Row::total(row(Cell::text("合計"), &audit.total)));
    let lead = lead(&audit.total);
    let table = Table {
        id: "mamis-difference".into(),
        title: "MAMISの表示との差異".into(),
        basis: basis(paper, audit),
        columns: columns(&terms),
        proof: proof(paper, audit, &terms, &differing, rows.len()),
        rows,
        empty_text: "※件数 0 件".into(),
        notes: notes(&terms).into_iter().chain(rejected(paper)).collect(),
    };
    vec![Block::Paragraph(lead), Block::Table(table)]
}

/// The law, and what its terms are.
fn notes(terms: &[Term]) -> Vec<String> {
    let in_law: Vec<String> =
        terms.iter().map(|term| format!(" {} {}", term.sign.label(), term.metric.name())).collect();
    let metrics = terms.iter().map(|term| term.metric).chain([Metric::MamisShown, Metric::Remainder]);
    vec![
        format!("会員数 ＝ MAMISの表示{} ＋ 残差。ここにない項はすべて 0。", in_law.concat()),
        sentences(&metrics.collect::<Vec<Metric>>()),
    ]
}

/// Rows that could not be taken in: who compares with the screen of MAMIS finds them there.
fn rejected(paper: &PaperContext<'_>) -> Option<String> {
    let basis = paper.vintage.basis();
    let whose = if paper.area.code.is_none() { "" } else { "全出力の" };
    (basis.rejected_active_rows > 0).then(|| {
        format!(
            "{whose}取込不可の行のうち在籍の {} 行は、MAMISの表示にも会員数にも含まない。MAMISの画面の人数には含まれる。",
            basis.rejected_active_rows
        )
    })
}

/// A term, as a figure that table and list share.
fn figure(paper: &PaperContext<'_>, audit: &DifferenceAudit, term: &Term) -> Figure {
    paper.members(Tier::Local).on(audit.export_day).but(term.metric.id())
}

/// The law, and which figures the table shares: members of the bodies that stand first, of all in the last row, and the
/// persons behind the terms.
fn proof(
    paper: &PaperContext<'_>,
    audit: &DifferenceAudit,
    terms: &[Term],
    differing: &[&BodyTerms],
    n_rows: usize,
) -> TableCheck {
    let last = n_rows - 1;
    let members = paper.members(Tier::Local).on(audit.export_day);
    let of_body =
        |(row, (body, _)): (usize, &&BodyTerms)| Some((row, members.of_body(paper.vintage.associations.get(*body)?)));
    let bodies = differing.iter().enumerate().filter_map(of_body);
    let lines: Vec<(usize, Figure)> = bodies.chain([(last, members.clone())]).collect();
    let mut proof = law_of(terms).claiming(lines, |line| vec![("ours".to_string(), line.clone())]);
    proof.claims.extend(terms.iter().map(|term| PrintedFigure::cell(last, term.key, figure(paper, audit, term))));
    proof
}

/// The law holds in every row, and every term adds up over the bodies.
fn law_of(terms: &[Term]) -> TableCheck {
    let keys = terms.iter().map(|term| term.key).chain(["source", "remainder", "ours"]);
    // Without the remainder: it is whatever makes the law true, and must be 0 (R15).
    let (minus, plus): (Vec<Term>, Vec<Term>) = terms.iter().partition(|term| term.sign == Sign::Minus);
    let plus = plus.iter().map(|term| term.key).chain(["source"]);
    let law = Identity::new("ours", plus, minus.iter().map(|term| term.key));
    TableCheck::additive(keys).with(law).with(Identity::new("remainder", [], []))
}

/// What MAMIS shows and what dates say, in one sentence.
fn lead(total: &DifferenceTerms) -> String {
    let (shown, ours) = (thousands(total.source_count), thousands(total.ours));
    let shown = format!("MAMISの表示（会員状態が在籍）は {shown} 人で、日付で数えた会員数");
    match total.ours - total.source_count {
        0 => format!("{shown}と同じである。"),
        n if n > 0 => format!("{shown} {ours} 人より {} 人少ない。", thousands(n)),
        n => format!("{shown} {ours} 人より {} 人多い。", thousands(-n)),
    }
}

/// The columns of the law.
fn columns(terms: &[Term]) -> Vec<Column> {
    let mut columns =
        vec![Column::text("association", "郡市区等医師会", 8), Column::number("source", Metric::MamisShown.name(), 5)];
    let heading = |term: &Term| format!("{}{}", term.sign.label(), term.metric.name());
    columns.extend(terms.iter().map(|term| Column::number(term.key, &heading(term), 5)));
    columns.extend([
        Column::number("remainder", Metric::Remainder.name(), 3),
        Column::number("ours", Metric::Memberships.name(), 4),
    ]);
    columns
}

fn term_cells(terms: &[Term], name: Cell, of: &DifferenceTerms) -> Vec<Cell> {
    let values = terms.iter().map(|term| match term.sign {
        Sign::Plus | Sign::Minus => Cell::Count(of.figure(term.cause)),
        Sign::Either => Cell::Difference(of.figure(term.cause)),
    });
    let ends = [Cell::Difference(of.remainder()), Cell::Count(of.ours)];
    [name, Cell::Count(of.source_count)].into_iter().chain(values).chain(ends).collect()
}

fn people(paper: &PaperContext<'_>, audit: &DifferenceAudit) -> Result<Block> {
    let found: &[DifferencePerson] = &audit.people;
    let names = paper.people()?;
    let contradicts = found.iter().any(|person| person.contradiction.is_some());
    let columns = people_columns(contradicts);
    let mut rows = numbered(found.iter().map(|person| {
        let mut cells = vec![
            Cell::text(person.cause.term().label),
            paper.body_name(person.stay.association),
            names.name(person.stay.physician),
        ];
        if contradicts {
            cells.push(Cell::text(person.contradiction.map_or("", StateContradiction::label)));
        }
        cells.extend([
            Cell::date(person.stay.joined_on),
            Cell::date(person.stay.left_on),
            Cell::Difference(person.effect),
        ]);
        cells
    }));
    rows = paper.coded(rows, found.iter().map(|person| Some(person.stay.association)));
    // The terms of the table are what the law counts, the rows are the persons it names.
    let terms = printed(audit);
    let claims = terms.iter().map(|term| {
        let figure = figure(paper, audit, term);
        match term.sign {
            Sign::Plus | Sign::Minus => PrintedFigure::rows("cause", term.label, figure),
            // Its people count one more or one less.
            Sign::Either => PrintedFigure::sum("effect", ("cause", term.label), figure),
        }
    });
    let claims = claims.collect();
    let difference = audit.total.difference();
    let n_persons = found.iter().map(|person| person.stay.physician).collect::<BTreeSet<_>>().len();
    let notes = vec![format!(
        "{} 件（{n_persons} 人）、差の合計 {}（会員数 － MAMISの表示）。",
        rows.len(),
        signed_count(difference)
    )];
    if !rows.is_empty() {
        let mut total = vec![Cell::Blank; columns.len()];
        total[1] = Cell::text("合計");
        if let Some(last) = total.last_mut() {
            *last = Cell::Difference(difference);
        }
        rows.push(Row::total(total));
    }
    Ok(Block::Table(Table {
        id: "mamis-difference-people".into(),
        title: "差異のある者".into(),
        basis: basis(paper, audit),
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        proof: TableCheck { claims, ..TableCheck::additive(["effect"]) },
        notes,
    }))
}

/// The columns of the list; what contradicts what only where something does.
fn people_columns(contradicts: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::text("cause", "差の理由", 8),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
    ];
    columns.extend(contradicts.then(|| Column::text("contradiction", "食い違い", 8)));
    columns.extend([
        Column::centred("joined_on", "入会日", 5),
        Column::centred("left_on", "退会日", 5),
        Column::number("effect", "差", 2),
    ]);
    columns
}
