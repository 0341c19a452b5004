//! Who they are: the list behind the number, always as long as the number (C4).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};

use super::figures::{TierFigure, by_body};
use super::pages::PersonPages;
use super::resolve::Asked;
use super::scope::TierScope;
use crate::domain::association::Association;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Column, Row, Table};
use crate::domain::enrolment::ReportedBy;
use crate::domain::ids::PhysicianId;
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::thousands;
use crate::domain::table_check::TableCheck;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::service::questions::explain::{ListedFigure, ListedPart, Member, Source, listed};

/// Which part of the list is wanted, as places from 0; the end is exclusive.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The list of a question, or a part of it.
pub(super) struct PersonList {
    pub(super) table: Table,
    pub(super) pages: PersonPages,
    /// Who stands in the rows.
    pub(super) keys: Vec<PhysicianId>,
}

/// One body with the number of its members.
struct Part<'a> {
    scope: &'a TierScope,
    body: &'a Association,
    n: usize,
}

/// A member with the place in the list.
struct Placed<'a> {
    at: usize,
    body: &'a Association,
    member: Member,
}

/// The list of a question, or a part of it.
///
/// # Errors
/// When the store or the timeline cannot be read, or the list is not as long as the number: a defect.
pub(super) async fn persons(
    workspace: &Workspace,
    vintage: &Vintage,
    asked: &Asked,
    tiers: &[(&TierScope, &TierFigure)],
    slice: Slice,
) -> Result<PersonList> {
    let parts = parts(vintage, asked, tiers)?;
    let total: usize = parts.iter().map(|part| part.n).sum();
    let told: i64 = tiers.iter().filter_map(|(_, figure)| figure.memberships).sum();
    ensure!(i64::try_from(total)? == told, "{total} members stand behind the figure {told}");
    let mut placed = Vec::new();
    let mut at = 0;
    for part in &parts {
        let (from, to) = (slice.from.max(at), slice.to.min(at + part.n));
        if from < to {
            let figure = ListedFigure {
                association: part.body.id,
                class: asked.class,
                national_home: part.scope.national_home.as_deref(),
                as_of: asked.on,
            };
            let ListedPart { n, members } = listed(workspace, vintage, figure, from - at..to - at).await?;
            let all_there = (n, members.len()) == (part.n, to - from);
            ensure!(all_there, "{n} members, {} of them listed, stand behind the figure {}", members.len(), part.n);
            let of_part = members.into_iter().enumerate();
            placed.extend(of_part.map(|(nth, member)| Placed { at: from + nth, body: part.body, member }));
        }
        at += part.n;
    }
    let rows = rows(workspace, vintage, asked, &placed).await?;
    let pages = PersonPages { total, from: slice.from.min(total), shown: rows.len(), page: asked.page };
    let keys = placed.iter().map(|one| one.member.physician).collect();
    Ok(PersonList { table: table(vintage, asked, tiers, rows, total), pages, keys })
}

fn parts<'a>(vintage: &'a Vintage, asked: &Asked, tiers: &[(&'a TierScope, &TierFigure)]) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    for (scope, figure) in tiers {
        if figure.memberships.is_none() {
            continue;
        }
        for (code, n) in by_body(vintage, asked, scope)? {
            let body = vintage.associations.by_code(&code);
            parts.extend(body.map(|body| Ok(Part { scope, body, n: usize::try_from(n)? })));
        }
    }
    parts.into_iter().collect()
}

async fn rows(workspace: &Workspace, vintage: &Vintage, asked: &Asked, placed: &[Placed<'_>]) -> Result<Vec<Row>> {
    let known = called(workspace, vintage, placed).await?;
    let row = |one: &Placed<'_>| {
        let Member { physician, class, stay, source } = &one.member;
        let (number, name) = known.get(physician).cloned().unwrap_or_default();
        let n = i64::try_from(one.at + 1).unwrap_or(i64::MAX);
        let row = Row::body(vec![
            Cell::Count(n),
            Cell::text(one.body.tier.label()),
            Cell::text(one.body.span_on(asked.on).short_name.as_str()),
            Cell::text(number),
            Cell::text(name),
            Cell::text(class.label()),
            Cell::date(stay.joined_on),
            Cell::date(stay.left_on),
            Cell::text(place(source)),
        ]);
        row.coded(one.body.code.as_str())
    };
    Ok(placed.iter().map(row).collect())
}

/// Number and name of each person in a list.
async fn called(
    workspace: &Workspace,
    vintage: &Vintage,
    placed: &[Placed<'_>],
) -> Result<BTreeMap<PhysicianId, (String, String)>> {
    let ids: BTreeSet<PhysicianId> = placed.iter().map(|one| one.member.physician).collect();
    if let Some(at_hand) = vintage.at_hand() {
        let known = ids.into_iter().filter_map(|id| Some((id, at_hand.called(id)?)));
        return Ok(known.map(|(id, (number, name))| (id, (number.to_string(), name.to_string()))).collect());
    }
    let ids: Vec<PhysicianId> = ids.into_iter().collect();
    let known = workspace.store.persons(&ids, vintage.known_at).await?;
    Ok(known.into_iter().map(|one| (one.physician, (one.number.to_string(), one.person.texts().name))).collect())
}

/// File and row that say so.
fn place(source: &Source) -> String {
    let Some(file) = &source.file else { return String::new() };
    let who = match ReportedBy::from_code(source.reported_by) {
        Some(ReportedBy::Application) => "申請 ",
        Some(ReportedBy::Adjustment) => "調整 ",
        _ => "",
    };
    match source.row {
        Some(row) => format!("{who}{file} {row}行目"),
        None => format!("{who}{file}（最新の出力には見えない）"),
    }
}

fn table(vintage: &Vintage, asked: &Asked, tiers: &[(&TierScope, &TierFigure)], rows: Vec<Row>, total: usize) -> Table {
    Table {
        id: "persons".into(),
        title: format!("名簿（全 {} 行）", thousands(i64::try_from(total).unwrap_or(i64::MAX))),
        basis: vec![
            LabelledText::new("基準日", era_date(asked.on)),
            LabelledText::new("知識時点", era_date(vintage.known_at.0)),
            LabelledText::new("単位", "医師会ごとに一人一行"),
        ],
        columns: vec![
            Column::number("nth", "番", 3),
            Column::text("tier", "階層", 5),
            Column::text("body", "医師会", 8),
            Column::text("number", "医籍登録番号", 6),
            Column::text("name", "氏名", 10),
            Column::text("class", "会員区分", 5),
            Column::centred("joined_on", "入会日", 5),
            Column::centred("left_on", "退会日", 5),
            Column::text("source", "根拠（ファイルと行）", 16),
        ],
        rows,
        empty_text: "※件数 0 件".into(),
        notes: tiers.iter().filter_map(|(_, figure)| agreement(figure)).collect(),
        proof: TableCheck::default(),
    }
}

/// How the list agrees with the number where somebody counts in several bodies.
fn agreement(figure: &TierFigure) -> Option<String> {
    let (n, heads) = (figure.memberships?, figure.heads?);
    (n != heads).then(|| {
        format!(
            "{}の名簿は {} 行で、会員数（延べ）と同じ。実人数 {} 人より {} 多いのは、二つ以上の医師会の会員が医師会ごとに一行となるため。",
            figure.tier.label(),
            thousands(n),
            thousands(heads),
            thousands(n - heads)
        )
    })
}
