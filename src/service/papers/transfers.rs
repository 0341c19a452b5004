//! Movements between local bodies (R20).

use anyhow::Result;
use chrono::NaiveDate;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::audit::{AuditCode, AuditSeverity};
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::era_month;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::table_check::TableCheck;
use crate::domain::transfer::TransferKind;
use crate::service::audit::{PersonTransfer, of_paper};

impl PaperContext<'_> {
    fn transfers(&self, kinds: &[TransferKind]) -> Result<Vec<PersonTransfer>> {
        let mut found = of_paper::transfers(&self.ask())?.transfers;
        found.retain(|one| kinds.contains(&one.transfer.kind));
        Ok(found)
    }

    /// Movements of a kind, as a figure that table and lists share.
    fn transfers_of(&self, kind: TransferKind) -> Figure {
        self.cases(Metric::Transfers).part("kind", kind.code())
    }

    /// Prefecture and body, since movements cross prefectures; the name is that of the day.
    pub(super) fn full_body_name(&self, id: AssociationId, day: NaiveDate) -> String {
        let associations = &self.vintage.associations;
        let name = associations.short_name_on(id, day);
        let several = associations.of_tier(crate::domain::association::Tier::Prefectural).nth(1).is_some();
        match associations.prefectural_above(id) {
            Some(above) if several => format!("{}・{name}", above.span_on(day).short_name),
            _ => name.to_string(),
        }
    }

    fn half(&self, half: Option<(AssociationId, NaiveDate)>) -> [Cell; 2] {
        match half {
            Some((body, day)) => [Cell::text(self.full_body_name(body, day)), Cell::Date(day)],
            None => [Cell::NotApplicable, Cell::NotApplicable],
        }
    }

    fn transfer_table(&self, id: &str, title: &str, kinds: &[TransferKind], notes: Vec<String>) -> Result<Vec<Block>> {
        let found = self.transfers(kinds)?;
        let people = self.people()?;
        let columns = vec![
            Column::number("number", "No.", 2),
            Column::text("kind", "区分", 5),
            Column::text("name", "氏名", 8),
            Column::text("left", "医師会", 7).in_group("転出元"),
            Column::centred("left_on", "退会日", 5).in_group("転出元"),
            Column::text("entered", "医師会", 7).in_group("転入先"),
            Column::centred("joined_on", "入会日", 5).in_group("転入先"),
            Column::text("gap", "間", 5),
            Column::text("severity", "確認", 4),
        ];
        let claim = |kind: &TransferKind| PrintedFigure::rows("kind", kind.label(), self.transfers_of(*kind));
        let claims = kinds.iter().map(claim).collect();
        let rows = numbered(found.iter().map(|one| {
            let mut cells = vec![Cell::text(one.transfer.kind.label()), people.name(one.physician)];
            cells.extend(self.half(one.transfer.exit));
            cells.extend(self.half(one.transfer.entry));
            cells.push(gap(one));
            cells.push(Cell::text(asks_for(one.code)));
            cells
        }));
        Ok(vec![Block::Table(Table {
            id: id.into(),
            title: title.into(),
            basis: self.basis_of_period("件"),
            columns,
            rows,
            empty_text: "※件数 0 件".into(),
            proof: TableCheck { claims, ..TableCheck::default() },
            notes,
        })])
    }
}

/// How the two dates meet; nothing to say where one is missing.
fn gap(one: &PersonTransfer) -> Cell {
    match (one.code, one.days_between) {
        (AuditCode::TransferSameDay, _) => Cell::text("同日"),
        (_, None) => Cell::NotApplicable,
        (_, Some(0)) => Cell::text("連続"),
        (_, Some(days)) if days > 0 => Cell::Text(format!("空白 {days}日")),
        (_, Some(days)) => Cell::Text(format!("重複 {}日", -days)),
    }
}

/// What a person should do about it; nothing for what is in order.
fn asks_for(code: AuditCode) -> &'static str {
    match code.severity() {
        AuditSeverity::Information => "",
        AuditSeverity::Attention if code == AuditCode::NowhereSeenYet => "待ち",
        other => other.label(),
    }
}

/// How many movements there are, and how the two dates of each meet.
#[derive(Default)]
struct ByGap {
    all: i64,
    touching: i64,
    apart: i64,
    overlapping: i64,
    needing_person: i64,
}

impl ByGap {
    fn of<'m>(movements: impl Iterator<Item = &'m PersonTransfer>) -> Self {
        let mut out = Self::default();
        for one in movements {
            out.all += 1;
            out.needing_person += i64::from(one.code.severity() == AuditSeverity::Person);
            match one.days_between {
                Some(0) => out.touching += 1,
                Some(1..) => out.apart += 1,
                Some(_) => out.overlapping += 1,
                None => {}
            }
        }
        out
    }

    /// The cells of a line; … for the dates where `has_both` denies that the line is of pairs of them.
    fn cells(&self, name: &str, has_both: bool) -> Vec<Cell> {
        let of_pairs = [self.touching, self.apart, self.overlapping];
        let of_pairs = of_pairs.map(|n| if has_both { Cell::Count(n) } else { Cell::NotApplicable });
        let [touching, apart, overlapping] = of_pairs;
        vec![Cell::text(name), Cell::Count(self.all), touching, apart, overlapping, Cell::Count(self.needing_person)]
    }
}

/// Movements of the period by kind.
pub(super) fn summary(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let found = of_paper::transfers(&paper.ask())?.transfers;
    let all = ByGap::of(found.iter());
    let mut rows: Vec<Row> = TransferKind::ALL
        .into_iter()
        .map(|kind| {
            let of_kind = ByGap::of(found.iter().filter(|one| one.transfer.kind == kind));
            Row::body(of_kind.cells(kind.label(), kind.is_paired()))
        })
        .collect();
    rows.push(Row::total(all.cells("合計", false)));
    let n = found.iter().filter(|one| one.transfer.kind.is_paired()).count();
    let odd = all.needing_person;
    // The two kinds that are 異動 of a person; the table has others beside them (R32).
    let paired = Metric::PairedTransfers.name();
    let needing = match odd {
        0 => "確認を要するものはない。".to_string(),
        _ => format!("兼務・転出後未入会等を含めて、{odd} 件の確認を要する。"),
    };
    let lead = format!("{}の{paired}は {n} 件である。{needing}", era_month(paper.period.from));
    let columns = vec![
        Column::text("kind", "区分", 7),
        Column::number("movements", "件数", 4),
        Column::number("touching", "連続", 4).in_group("退会日と入会日の間"),
        Column::number("gaps", "空白あり", 4).in_group("退会日と入会日の間"),
        Column::number("overlaps", "重複・同日", 4).in_group("退会日と入会日の間"),
        Column::number("needs_person", "うち要確認", 4),
    ];
    let notes = vec![
        "退会と入会が90日以内のものを一人ずつ近い順に組み合わせた（理由は問わない）。期間は退会日か入会日で見る。"
            .to_string(),
        "転出後未入会は、退会理由が転出で、他の医師会への入会が見えないもの。90日を過ぎるまでは待ちとし、要確認に含めない。"
            .to_string(),
        "… は該当する値がないもの。".to_string(),
    ];
    let kinds = TransferKind::ALL.into_iter().enumerate();
    let claims = kinds.map(|(row, kind)| PrintedFigure::cell(row, "movements", paper.transfers_of(kind)));
    let claims = claims.chain([PrintedFigure::lead(paired, paper.cases(Metric::PairedTransfers))]).collect();
    let proof = TableCheck { claims, ..TableCheck::additive(["movements", "needs_person"]) };
    let title = "県内異動・県外異動と、その他の移動の区分別件数";
    let table = paper.table("transfer-summary", title.into(), columns, rows, notes, proof);
    Ok(vec![Block::Paragraph(lead), table])
}

/// Paired movements of the period.
pub(super) fn paired(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let kinds = [TransferKind::WithinPrefecture, TransferKind::AcrossPrefectures];
    let between = match paper.vintage.rule {
        WithdrawalDayRule::LastMemberDay => "間は 入会日 － 退会日 － 1。",
        WithdrawalDayRule::FirstNonMemberDay => "間は 入会日 － 退会日。",
    };
    let notes = vec![format!("{between}空白の日は会員でなく、重複の日は両方で数える。")];
    let mut blocks = paper.transfer_table("transfers", "県内異動・県外異動", &kinds, notes)?;
    blocks.extend(reorganised(paper)?);
    Ok(blocks)
}

/// 組織変更, apart from the movements of persons; nothing in periods without one.
fn reorganised(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let kinds = [TransferKind::Reorganised];
    if paper.transfers(&kinds)?.is_empty() {
        return Ok(Vec::new());
    }
    let notes = vec![
        "合併・分割によるもので、入会・退会・異動に含めない。旧医師会は有効終了日まで、新医師会はその翌日から数える。"
            .to_string(),
        "転入先のないものは、後継の医師会の出力に見えない者。入会漏れでないか確かめること。".to_string(),
    ];
    paper.transfer_table("reorganised", "組織変更", &kinds, notes)
}

/// 転出後未入会 and needless pairs.
pub(super) fn unmatched(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let kinds = [TransferKind::NowhereSeen, TransferKind::Needless];
    let notes = vec![
        "異動先の入会漏れ、または異動届で足りる退会・入会でないか確かめること。".to_string(),
        "待ちは、退会日から90日を過ぎていないもの。".to_string(),
    ];
    paper.transfer_table("unmatched-transfers", "転出後未入会・不要な退会入会", &kinds, notes)
}

/// 兼務.
pub(super) fn concurrent(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let notes =
        vec!["他の医師会に在籍したまま入会したもの。在籍数は医師会ごとに、実人数は一度だけ数える。".to_string()];
    paper.transfer_table("concurrent-entries", "兼務となる入会", &[TransferKind::Concurrent], notes)
}
