//! The difference to what MAMIS shows, by body and person by person (R15).

use anyhow::Result;

use super::withdrawals::numbered;
use super::{Desk, Variant};
use crate::domain::association::Tier;
use crate::domain::claim::{Claim, Figure};
use crate::domain::difference::{DifferenceCause, DifferencePerson, DifferenceTerms};
use crate::domain::document::{Block, Cell, Column, LabelledText, Row, Table, thousands};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::{era_date, short_era_date, signed_count};
use crate::domain::proof::{Identity, Proof};
use crate::service::audit::{self, DifferenceAudit};

/// Id of the list of people, which stands in internal papers only.
pub(super) const PEOPLE: &str = "mamis-difference-people";

/// The table of terms and the list of people.
pub(super) async fn difference(desk: &Desk<'_>) -> Result<Vec<Block>> {
    if !desk.has_bodies_of(Tier::Local) {
        return Ok(Vec::new());
    }
    let all = desk.knowledge.answers.difference.get_or((), || audit::mamis_difference(desk.knowledge))?;
    let audit = all.within(|body| desk.ask().keeps(body));
    let basis = vec![
        LabelledText::new("基準日", era_date(audit.export_day)),
        LabelledText::new("知識時点", short_era_date(desk.knowledge.known_at.0)),
        LabelledText::new("退会日の扱い", desk.knowledge.rule.label()),
        LabelledText::new("単位", "人（郡市区等）"),
    ];
    // Rows of bodies that are no more, where an export still holds some.
    let reorganised = audit.total.bodies_not_there != 0;
    let columns = columns(reorganised);
    let term_cells = |name: Cell, terms: &DifferenceTerms| {
        let mut cells = term_cells(name, terms);
        if reorganised {
            cells.insert(4, Cell::Count(terms.bodies_not_there));
        }
        cells
    };
    // A body whose terms cancel out is listed too: two people stand behind its 0.
    let differs = |terms: &DifferenceTerms| {
        (terms.withdrawals_ahead, terms.joins_ahead, terms.not_shown) != (0, 0, 0)
            || (terms.corrected, terms.bodies_not_there, terms.remainder) != (0, 0, 0)
    };
    let differing: Vec<&(AssociationId, DifferenceTerms)> =
        audit.bodies.iter().filter(|(_, terms)| differs(terms)).collect();
    let mut rows: Vec<Row> =
        differing.iter().map(|(body, terms)| Row::body(term_cells(desk.body_name(*body), terms))).collect();
    let same = audit.bodies.len() - rows.len();
    if same > 0 {
        let mut sum = DifferenceTerms::default();
        audit.bodies.iter().filter(|(_, terms)| !differs(terms)).for_each(|(_, terms)| sum.add(terms));
        rows.push(Row::body(term_cells(Cell::text(format!("差のない {same} 医師会")), &sum)));
    }
    rows.push(Row::total(term_cells(Cell::text("合計"), &audit.total)));
    let lead = lead(&audit.total);
    let law = if reorganised { " － 廃止等の医師会の行" } else { "" };
    let table = Table {
        id: "mamis-difference".into(),
        title: "MAMISの表示との差異".into(),
        basis: basis.clone(),
        columns,
        proof: proof(desk, &audit, &differing, rows.len()),
        rows,
        empty_text: "※件数 0 件".into(),
        notes: vec![
            "MAMISは、退会日が先の退会も承認された時点で会員から除き、入会日が先の入会も承認された時点で会員に加える。"
                .into(),
            format!(
                "会員数 ＝ MAMISの表示 ＋ 退会日未到来 － 入会日未到来{law} ＋ 出力に見えない ± 申請・調整 ＋ 残差。残差は 0 でなければならない。"
            ),
        ],
    };
    Ok(vec![Block::Paragraph(lead), Block::Table(table), people(desk, &audit, basis).await?])
}

/// Terms that count persons, with their cause: the list has as many of each. 申請・調整 has two signs.
const LISTED: [(&str, DifferenceCause); 4] = [
    ("withdrawals_ahead", DifferenceCause::WithdrawalAhead),
    ("joins_ahead", DifferenceCause::JoinAhead),
    ("not_shown", DifferenceCause::NotShown),
    ("bodies_not_there", DifferenceCause::BodyNotThere),
];

/// Persons behind a term, as a figure that table and list share.
fn persons(desk: &Desk<'_>, audit: &DifferenceAudit, of: DifferenceCause) -> Figure {
    let all = desk.members(Tier::Local).on(audit.export_day).but("mamis-difference");
    all.part("cause", cause(of))
}

/// The law, and which figures the table shares: members of the bodies that stand first, of all in the last row, and the
/// persons behind the terms.
fn proof(
    desk: &Desk<'_>,
    audit: &DifferenceAudit,
    differing: &[&(AssociationId, DifferenceTerms)],
    n_rows: usize,
) -> Proof {
    let (last, reorganised) = (n_rows - 1, audit.total.bodies_not_there != 0);
    let members = desk.members(Tier::Local).on(audit.export_day);
    let of_body = |(row, (body, _)): (usize, &&(AssociationId, DifferenceTerms))| {
        Some((row, members.of_body(desk.knowledge.associations.get(*body)?)))
    };
    let bodies = differing.iter().enumerate().filter_map(of_body);
    let lines: Vec<(usize, Figure)> = bodies.chain([(last, members.clone())]).collect();
    let mut proof = law_of(reorganised).claiming(lines, |line| vec![("ours".to_string(), line.clone())]);
    let printed = LISTED.into_iter().filter(|(_, one)| reorganised || *one != DifferenceCause::BodyNotThere);
    proof.claims.extend(printed.map(|(key, one)| Claim::cell(last, key, persons(desk, audit, one))));
    proof
}

/// The law holds in every row, and every term adds up over the bodies.
fn law_of(reorganised: bool) -> Proof {
    let mut keys = vec!["source", "withdrawals_ahead", "joins_ahead", "not_shown", "corrected", "remainder", "ours"];
    let mut minus = vec!["joins_ahead"];
    if reorganised {
        keys.push("bodies_not_there");
        minus.push("bodies_not_there");
    }
    // Without the remainder: it is whatever makes the law true, and must be 0 (R15).
    let plus = ["source", "withdrawals_ahead", "not_shown", "corrected"];
    Proof::additive(keys).with(Identity::new("ours", plus, minus)).with(Identity::new("remainder", [], []))
}

/// What MAMIS shows and what dates say, in one sentence.
fn lead(total: &DifferenceTerms) -> String {
    format!(
        "MAMISの表示（会員状態が在籍）は {} 人、日付で数えた会員数は {} 人である。",
        thousands(total.source_count),
        thousands(total.ours)
    )
}

/// The columns of the law; one more on a day with rows of bodies that are not there.
fn columns(reorganised: bool) -> Vec<Column> {
    let mut columns = vec![
        Column::text("association", "郡市区等医師会", 8),
        Column::number("source", "MAMISの表示", 5),
        Column::number("withdrawals_ahead", "＋退会日未到来", 5),
        Column::number("joins_ahead", "－入会日未到来", 5),
        Column::number("not_shown", "＋出力に見えない", 5),
        Column::number("corrected", "±申請・調整", 4),
        Column::number("remainder", "残差", 3),
        Column::number("ours", "会員数", 4),
    ];
    if reorganised {
        columns.insert(4, Column::number("bodies_not_there", "－廃止等の医師会", 5));
    }
    columns
}

fn term_cells(name: Cell, terms: &DifferenceTerms) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(terms.source_count),
        Cell::Count(terms.withdrawals_ahead),
        Cell::Count(terms.joins_ahead),
        Cell::Count(terms.not_shown),
        Cell::Difference(terms.corrected),
        Cell::Difference(terms.remainder),
        Cell::Count(terms.ours),
    ]
}

async fn people(desk: &Desk<'_>, audit: &DifferenceAudit, basis: Vec<LabelledText>) -> Result<Block> {
    let found: &[DifferencePerson] = &audit.people;
    let names = desk.people(found.iter().map(|person| person.stay.physician)).await?;
    let mut columns = vec![
        Column::number("number", "No.", 2),
        Column::text("cause", "差の理由", 8),
        Column::text("association", "郡市区等医師会", 7),
    ];
    columns.extend(desk.name_column());
    columns.extend([
        Column::centred("joined_on", "入会日", 5),
        Column::centred("left_on", "退会日", 5),
        Column::number("effect", "差", 2),
    ]);
    let mut rows = numbered(found.iter().map(|person| {
        let mut cells = vec![Cell::text(cause(person.cause)), desk.body_name(person.stay.association)];
        if desk.variant == Variant::Internal {
            cells.push(names.name(person.stay.physician));
        }
        cells.extend([
            Cell::date(person.stay.joined_on),
            Cell::date(person.stay.left_on),
            Cell::Difference(person.effect),
        ]);
        cells
    }));
    // The terms of the table are what the law counts, the rows are the persons it names.
    let is_printed = |one: &DifferenceCause| *one != DifferenceCause::BodyNotThere || audit.total.bodies_not_there != 0;
    let causes = LISTED.into_iter().map(|(_, one)| one).filter(is_printed);
    let claims = causes.map(|one| Claim::rows("cause", cause(one), persons(desk, audit, one))).collect();
    let difference = audit.total.ours - audit.total.source_count;
    let mut notes =
        vec![format!("{} 人、差の合計 {}（会員数 － MAMISの表示）。", rows.len(), signed_count(difference))];
    if !rows.is_empty() {
        let mut total = vec![Cell::Blank; columns.len()];
        total[1] = Cell::text("合計");
        if let Some(last) = total.last_mut() {
            *last = Cell::Difference(difference);
        }
        rows.push(Row::total(total));
    }
    notes.extend(desk.variant_notes());
    Ok(Block::Table(Table {
        id: PEOPLE.into(),
        title: "差異のある者".into(),
        basis,
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        proof: Proof { claims, ..Proof::additive(["effect"]) },
        notes,
    }))
}

/// Printed cause.
fn cause(cause: DifferenceCause) -> &'static str {
    match cause {
        DifferenceCause::WithdrawalAhead => "退会承認済・退会日未到来",
        DifferenceCause::JoinAhead => "入会承認済・入会日未到来",
        DifferenceCause::NotShown => "在籍のまま出力に見えない",
        DifferenceCause::Corrected => "申請・調整（出力に反映されていない）",
        DifferenceCause::BodyNotThere => "廃止・新設前の医師会の行",
        DifferenceCause::Unexplained => "会員状態が日付と合わない、または同じ行が複数",
    }
}
