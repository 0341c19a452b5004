//! What follows from all that was told of a person: stays, classes, transfers; and what was filed, decided and noticed.

use anyhow::Result;
use chrono::NaiveDate;

use super::found::Found;
use super::sight::Sight;
use super::tables::{Places, day_cell, day_text};
use crate::domain::application::Application;
use crate::domain::association::Tier;
use crate::domain::cell::Cell;
use crate::domain::document::{Column, Row, Table};
use crate::domain::enrolment::{KnownStay, ReportedBy};
use crate::domain::ids::AssociationId;
use crate::domain::membership::Segment;
use crate::domain::pairing::transfers_of_person;
use crate::domain::transfer::{StayToPair, Transfer, TransferKind};
use crate::messages::{Lang, message};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::service::questions::explain::{Source, written};

/// Stays, classes and transfers, in this order.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub(super) async fn stays_and_classes(
    workspace: &Workspace,
    vintage: &Vintage,
    sight: &Sight,
    found: &Found,
    places: &Places<'_>,
) -> Result<[Table; 3]> {
    let chosen = vintage.timeline()?.chosen(&[found.physician], vintage.known_at, vintage.rule)?;
    let stays: Vec<KnownStay> = chosen.stays.into_iter().filter(|stay| sight.has(stay.association)).collect();
    let mut written = written(workspace, vintage, &stays, &chosen.speakers).await?;
    let rank = |body: AssociationId| vintage.associations.rank(body);
    written.sort_by_key(|(stay, _)| (rank(stay.association), stay.joined_on, stay.enrolment));
    let mut segments: Vec<Segment> =
        chosen.segments.into_iter().filter(|segment| sight.has(segment.association)).collect();
    segments.sort_by_key(|segment| (rank(segment.association), segment.starts_on));
    let transfers = transfers(vintage, &stays);
    Ok([stays_table(vintage, &written, places), classes_table(&segments, places), transfers_table(&transfers, places)])
}

fn stays_table(vintage: &Vintage, written: &[(KnownStay, Source)], places: &Places<'_>) -> Table {
    let row = |(stay, source): &(KnownStay, Source)| {
        let file = source.file.clone().unwrap_or_default();
        let at = source.row.map_or(file.clone(), |row| format!("{file} {row}行目"));
        let teller = ReportedBy::from_code(source.reported_by).map_or("", ReportedBy::label);
        Row::body(vec![
            places.tier(stay.association),
            places.body(stay.association),
            day_cell(stay.joined_on),
            day_cell(stay.left_on),
            Cell::text(stay.class.label()),
            Cell::text(state(stay, vintage)),
            Cell::text(stay.reason.label()),
            Cell::text(if at.is_empty() { String::new() } else { format!("{teller} {at}") }),
        ])
    };
    let columns = vec![
        Column::text("tier", "階層", 5),
        Column::text("body", "医師会", 7),
        Column::text("joined_on", "入会日", 8),
        Column::text("left_on", "退会日", 8),
        Column::text("class", "会員区分", 5),
        Column::text("state", "状態", 6),
        Column::text("reason", "退会の理由", 6),
        Column::text("source", "根拠（ファイルと行）", 16),
    ];
    let mut table = places.table("stays", "在籍", columns, written.iter().map(row).collect());
    table.notes.push(format!("状態は知識時点の日のもの。退会日の扱い：{}。", vintage.rule.label()));
    table
}

/// How a stay stands on the day that is known from.
fn state(stay: &KnownStay, vintage: &Vintage) -> &'static str {
    let day = vintage.known_at.0;
    let ended_on = stay.left_on.map(|left| vintage.rule.ended_on(left));
    match (stay.joined_on, ended_on) {
        (None, _) => "申請中",
        (Some(joined), _) if joined > day => "入会の予定",
        (_, Some(end)) if end <= day => "終了",
        (_, Some(_)) => "在籍（退会の予定）",
        (_, None) if stay.rows_shown == 0 => "在籍（最新の出力に見えない）",
        (_, None) => "在籍",
    }
}

fn classes_table(segments: &[Segment], places: &Places<'_>) -> Table {
    let row = |segment: &Segment| {
        Row::body(vec![
            places.body(segment.association),
            Cell::text(segment.class.label()),
            Cell::text(day_text(segment.starts_on)),
            day_cell(segment.ended_on.and_then(|end| end.pred_opt())),
        ])
    };
    let columns = vec![
        Column::text("body", "医師会", 7),
        Column::text("class", "会員区分", 6),
        Column::text("from", "初日", 8),
        Column::text("to", "最後の日", 8),
    ];
    let mut table = places.table("classes", "会員として数える日と区分", columns, segments.iter().map(row).collect());
    table.notes.push("最後の日がないものは、続いています。".into());
    table
}

/// The transfers among the stays that are seen; what happened elsewhere takes no part.
fn transfers(vintage: &Vintage, stays: &[KnownStay]) -> Vec<Transfer> {
    let tier_of = |body: AssociationId| vintage.associations.get(body).map(|body| body.tier);
    let mut out = Vec::new();
    for tier in Tier::ALL {
        let of_tier = stays.iter().filter(|stay| tier_of(stay.association) == Some(tier));
        let of_tier: Vec<StayToPair> = of_tier.filter_map(|stay| StayToPair::of(stay, &vintage.associations)).collect();
        let found = transfers_of_person(&of_tier, &vintage.associations, vintage.known_at, vintage.rule);
        // Whether an exit is followed by an entry out of sight is not told.
        out.extend(found.into_iter().filter(|transfer| transfer.kind != TransferKind::NowhereSeen));
    }
    out
}

fn transfers_table(transfers: &[Transfer], places: &Places<'_>) -> Table {
    let end = |end: Option<(AssociationId, NaiveDate)>| match end {
        Some((body, day)) => [places.body(body), Cell::text(day_text(day))],
        None => [Cell::Blank, Cell::Blank],
    };
    let row = |transfer: &Transfer| {
        let mut cells = vec![Cell::text(transfer.kind.label())];
        cells.extend(end(transfer.exit));
        cells.extend(end(transfer.entry));
        cells.push(transfer.gap_days.map_or(Cell::Blank, Cell::Difference));
        Row::body(cells)
    };
    let columns = vec![
        Column::text("kind", "種類", 6),
        Column::text("exit", "出た医師会", 7),
        Column::text("left_on", "退会日", 8),
        Column::text("entry", "入った医師会", 7),
        Column::text("joined_on", "入会日", 8),
        Column::number("gap", "間の日数", 4),
    ];
    places.table("transfers", "異動", columns, transfers.iter().map(row).collect())
}

/// What was filed (届出), each version with the day on which it was learnt.
pub(super) fn applications(found: &Found, places: &Places<'_>) -> Table {
    let mut versions: Vec<_> = found.told.applications.iter().collect();
    versions.sort_by_key(|version| (version.known_from, version.application.number.clone(), version.row));
    let rows = versions.iter().map(|version| {
        let one = &version.application;
        Row::body(vec![
            Cell::text(day_text(version.known_from)),
            Cell::text(&*one.number),
            Cell::text(one.kind.label()),
            places.body(one.association),
            Cell::text(one.status.label()),
            Cell::text(one.filer.label()),
            day_cell(one.applied_on),
            day_cell(one.effective_on),
            day_cell(one.approved_on),
            day_cell(one.cancelled_on),
            Cell::text(content(one)),
            places.row(version.import, Some(version.row)),
        ])
    });
    let columns = vec![
        Column::text("day", "分かった日", 8),
        Column::text("number", "申請番号", 6),
        Column::text("kind", "申請種別", 5),
        Column::text("body", "医師会", 6),
        Column::text("status", "状態", 5),
        Column::text("filer", "申請者", 4),
        Column::text("applied_on", "申請日", 8),
        Column::text("effective_on", "適用日", 8),
        Column::text("approved_on", "承認日", 8),
        Column::text("cancelled_on", "取消日", 8),
        Column::text("content", "内容", 10),
        Column::text("source", "ファイルと行", 14),
    ];
    let rows = rows.collect();
    places.table("applications", "届出（申請・承認・取消し）", columns, rows)
}

fn content(one: &Application) -> String {
    let class = one.class.map(|class| format!("新しい区分 {}", class.label()));
    let reason = Some(one.reason.label()).filter(|label| !label.is_empty()).map(|label| format!("理由 {label}"));
    let note = Some(&*one.note).filter(|note| !note.is_empty()).map(|note| format!("備考 {note}"));
    class.into_iter().chain(reason).chain(note).collect::<Vec<_>>().join("、")
}

/// What the office decided (調整).
pub(super) fn adjustments(found: &Found, places: &Places<'_>) -> Table {
    let mut versions: Vec<_> = found.told.adjustments.iter().collect();
    versions.sort_by_key(|version| (version.known_from, version.adjustment.number.clone(), version.row));
    let rows = versions.iter().map(|version| {
        let one = &version.adjustment;
        Row::body(vec![
            Cell::text(day_text(version.known_from)),
            Cell::text(&*one.number),
            Cell::text(if one.is_revoked {
                format!("{}の取消し", one.kind.label())
            } else {
                one.kind.label().into()
            }),
            one.association.map_or(Cell::Blank, |body| places.body(body)),
            day_cell(one.day),
            Cell::text(one.class.map_or("", |class| class.label())),
            Cell::text(&*one.why),
            Cell::text(&*one.approver),
            places.row(version.import, Some(version.row)),
        ])
    });
    let columns = vec![
        Column::text("day", "分かった日", 8),
        Column::text("number", "調整番号", 6),
        Column::text("kind", "調整種別", 6),
        Column::text("body", "医師会", 6),
        Column::text("decided", "日付", 8),
        Column::text("class", "区分", 5),
        Column::text("why", "理由", 12),
        Column::text("approver", "承認者", 6),
        Column::text("source", "ファイルと行", 14),
    ];
    let rows = rows.collect();
    places.table("adjustments", "調整", columns, rows)
}

/// What imports noticed (要確認).
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn findings(
    workspace: &Workspace,
    vintage: &Vintage,
    sight: &Sight,
    found: &Found,
    places: &Places<'_>,
) -> Result<Table> {
    let bodies: Vec<AssociationId> = found.told.bodies().into_iter().collect();
    let mut all = match sight.is_whole() {
        true => workspace.store.findings(vintage.known_at).await?,
        false => workspace.store.findings_in(&bodies, vintage.known_at).await?,
    };
    all.retain(|known| found.numbers.contains(&known.finding.physician));
    all.sort_by_key(|known| (known.known_from, known.finding));
    let rows = all.iter().map(|known| {
        let one = &known.finding;
        Row::body(vec![
            Cell::text(day_text(known.known_from)),
            Cell::text(one.code.code()),
            Cell::text(message(one.code.code(), Lang::Ja, "").text),
            one.association.map_or(Cell::Blank, |body| places.body(body)),
            day_cell(one.date_before),
            day_cell(one.date_after),
            places.row(known.import, one.row),
        ])
    });
    let columns = vec![
        Column::text("day", "分かった日", 8),
        Column::text("code", "番号", 5),
        Column::text("text", "気づいたこと", 20),
        Column::text("body", "医師会", 6),
        Column::text("before", "前の日付", 8),
        Column::text("after", "後の日付", 8),
        Column::text("source", "ファイルと行", 14),
    ];
    let rows = rows.collect();
    Ok(places.table("findings", "要確認として残されたこと", columns, rows))
}
