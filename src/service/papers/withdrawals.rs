//! Withdrawals: planned, of the period by state, changed, and members who vanished.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::cells::{numbered, reason_label};
use super::context::PaperContext;
use super::movement_lists::ColumnAndList;
use super::people::People;
use super::request::Variant;
use crate::domain::audit::withdrawal_state::WithdrawalState;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::cell::Cell;
use crate::domain::class::NationalClass;
use crate::domain::document::{Block, Column, Row, Table};
use crate::domain::enrolment::{ReportedBy, WithdrawalReason};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::era_month;
use crate::domain::metric::Metric;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::printed_number::signed_count;
use crate::domain::roll_forward::Flow;
use crate::domain::table_check::{Identity, TableCheck};
use crate::service::audit::{AuditContext, WithdrawalAudit, of_paper};
use crate::service::known::flows::ListedMovements;

const NONE: &str = "※件数 0 件";

impl PaperContext<'_> {
    /// What the audits of this paper are made from.
    pub(super) fn ask(&self) -> AuditContext<'_> {
        AuditContext {
            vintage: self.vintage,
            proxy_reasons: &self.workspace.config.audit.proxy_reasons,
            as_of: self.as_of,
            period: self.period,
            area: &self.area,
        }
    }

    /// Withdrawals of a state that figures count, as a figure that table and lists share.
    fn counted_in(&self, state: WithdrawalState) -> Figure {
        self.counted_withdrawals().part("state", state.code())
    }

    /// Withdrawals of a state that figures do not count: nobody approved them, or they were taken back.
    pub(super) fn open_in(&self, state: WithdrawalState) -> Figure {
        self.cases(Metric::OpenWithdrawals).part("state", state.code())
    }

    /// The state in which the paper tells a withdrawal: deaths one by one are not for others (R37).
    pub(super) fn told_state(&self, one: &Withdrawal) -> WithdrawalState {
        match self.variant {
            Variant::Internal => one.state,
            Variant::External => one.state_without_reason(self.as_of, self.vintage.rule),
        }
    }

    /// Withdrawals that end a membership, as such a figure.
    fn counted_withdrawals(&self) -> Figure {
        self.cases(Metric::CountedWithdrawals)
    }

    /// The withdrawals of the paper, narrowed once.
    pub(super) fn withdrawal_audit(&self) -> Result<&WithdrawalAudit> {
        if self.withdrawals.get().is_none() {
            // Nobody else sets it: a context belongs to one paper.
            let _ = self.withdrawals.set(of_paper::withdrawals(&self.ask())?);
        }
        self.withdrawals.get().context("withdrawals were narrowed above")
    }

    pub(super) fn body_name(&self, id: AssociationId) -> Cell {
        Cell::text(self.vintage.associations.short_name_on(id, self.as_of.0))
    }

    /// A table about the period of the paper.
    pub(super) fn table(
        &self,
        id: &str,
        title: String,
        columns: Vec<Column>,
        rows: Vec<Row>,
        notes: Vec<String>,
        proof: TableCheck,
    ) -> Block {
        Block::Table(Table {
            id: id.into(),
            title,
            basis: self.basis_of_period("件"),
            columns,
            rows,
            empty_text: NONE.into(),
            notes,
            proof,
        })
    }
}

/// Members whose withdrawal day is known and has not passed (未来日退会予定).
pub(super) fn planned(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let stays = of_paper::planned(&paper.ask())?;
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::centred("left_on", "退会日", 5),
        Column::text("association", "郡市区等医師会", 8),
        Column::text("name", "氏名", 8),
        Column::text("class", "会員区分", 4),
        Column::text("reason", "退会理由", 5),
    ];
    let rows = numbered(stays.iter().map(|stay| {
        vec![
            Cell::date(stay.left_on),
            paper.body_name(stay.association),
            people.name(stay.physician),
            Cell::text(stay.class.label()),
            Cell::text(stay.reason.label()),
        ]
    }));
    let rows = paper.coded(rows, stays.iter().map(|stay| Some(stay.association)));
    let n = rows.len();
    let notes =
        vec![format!("基準日に会員で、退会日が届いている者 {n} 人。退会日までは会員として数える。退会日の順。")];
    let table = Table {
        id: "planned-withdrawals".into(),
        title: "退会・転出・死亡の予定（退会日が基準日以後の会員）".into(),
        basis: paper.basis_on_day("人"),
        columns,
        rows,
        empty_text: NONE.into(),
        proof: TableCheck::default(),
        notes,
    };
    Ok(vec![Block::Table(table)])
}

fn by_reason(reasons: impl Iterator<Item = WithdrawalReason>) -> BTreeMap<WithdrawalReason, i64> {
    let mut out = BTreeMap::new();
    for reason in reasons {
        *out.entry(reason).or_default() += 1;
    }
    out
}

/// What the ledger counts: every exit, told by its 退会日. 退会 alone is a word of the roll-forward (R32).
const FILED: &str = "退会・転出・死亡の届出";

/// Withdrawals of the period by state and by reason, and how late they became known.
pub(super) fn summary(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    Ok(vec![Block::Paragraph(lead(paper, audit)), states(paper, audit), reasons(paper, audit)?, lags(paper, audit)])
}

/// What was filed, what nobody decided yet, and what is odd; what did not occur is not said.
fn lead(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> String {
    let n_of = |state: WithdrawalState| audit.withdrawals.iter().filter(|one| paper.told_state(one) == state).count();
    let n_deaths = audit.counted().filter(|one| one.state == WithdrawalState::Death).count();
    let deaths = if n_deaths == 0 { String::new() } else { format!("（うち死亡{n_deaths}件）") };
    let (month, n) = (era_month(paper.period.from), audit.counted().count());
    let mut text = format!("{month}の{FILED}は {n} 件{deaths}である。");
    let open = [WithdrawalState::Pending, WithdrawalState::Overdue, WithdrawalState::Cancelled];
    if let Some(open) = listed(open.map(|state| (state.label(), n_of(state), "件"))) {
        text += &format!("ほかに、{open}がある。");
    }
    text += &open_deaths(paper, audit);
    let odd = [("退会日の変更", audit.changed.len(), "件"), ("最新の出力に記載のない会員", audit.vanished.len(), "人")];
    if let Some(odd) = listed(odd) {
        text += &format!("また、{odd}がある。");
    }
    text
}

/// Deaths that were filed and not approved: they are no 保留 and no 承認漏れ (R22), and still members.
fn open_deaths(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> String {
    let told_apart = audit.withdrawals.iter().filter(|one| paper.told_state(one) == WithdrawalState::Death);
    let open: Vec<&Withdrawal> = told_apart.filter(|one| one.is_open()).collect();
    if open.is_empty() {
        return String::new();
    }
    let without_reason = |one: &&&Withdrawal| one.state_without_reason(paper.as_of, paper.vintage.rule);
    let n_past = open.iter().filter(|one| without_reason(one) == WithdrawalState::Overdue).count();
    let past =
        if n_past == 0 { String::new() } else { format!("（うち死亡日を過ぎたもの {n_past} 件）") };
    format!("死亡の届出で承認されていないものが {} 件{past}あり、会員として数えている。", open.len())
}

/// Names with their counts, without those that are 0.
fn listed<const N: usize>(counts: [(&str, usize, &str); N]) -> Option<String> {
    let told = counts.iter().filter(|(_, n, _)| *n != 0).map(|(name, n, unit)| format!("{name} {n} {unit}"));
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join("、"))
}

fn count(n: usize) -> Cell {
    Cell::Count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Each withdrawal in exactly one of six states (R22).
fn states(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> Block {
    let cells = |name: &str, of: &[&Withdrawal], meaning: &str| {
        let n_counted = of.iter().filter(|one| one.counts()).count();
        let numbers = [of.len(), n_counted, of.len() - n_counted].map(count);
        [Cell::text(name)].into_iter().chain(numbers).chain([Cell::text(meaning)]).collect::<Vec<Cell>>()
    };
    let tells_deaths = paper.variant == Variant::Internal;
    let states = WithdrawalState::ALL.into_iter().filter(|state| tells_deaths || *state != WithdrawalState::Death);
    let row = |state: WithdrawalState| {
        let of_state: Vec<&Withdrawal> =
            audit.withdrawals.iter().filter(|one| paper.told_state(one) == state).collect();
        Row::body(cells(state.label(), &of_state, meaning(state)))
    };
    let mut rows: Vec<Row> = states.map(row).collect();
    rows.push(Row::total(cells("合計", &audit.withdrawals.iter().collect::<Vec<_>>(), "")));
    let columns = vec![
        Column::text("state", "状態", 6),
        Column::number("withdrawals", "届出の件数", 4),
        Column::number("counted", "承認済", 3).in_group("うち"),
        Column::number("open", "未承認・取消", 4).in_group("うち"),
        Column::text("meaning", "意味", 22),
    ];
    let of_deaths = if tells_deaths {
        "死亡は、未承認でも死亡とする。"
    } else {
        "死亡も、ほかの届出と同じに数える。"
    };
    let notes = vec![
        "会員一覧と申請を合わせ、一件の届出を一つの状態にだけ数えた。退会日（申請では適用日）が期間内のもの。"
            .to_string(),
        format!("未承認のものは、適用日が期間の外のものと適用日不明のものも含む。{of_deaths}"),
    ];
    // With deaths among them the states are other figures than those of the lists.
    let told_alike = WithdrawalState::ALL.into_iter().enumerate().filter(|_| tells_deaths);
    let claims = told_alike.flat_map(|(row, state)| {
        [
            PrintedFigure::cell(row, "counted", paper.counted_in(state)),
            PrintedFigure::cell(row, "open", paper.open_in(state)),
        ]
    });
    let total = PrintedFigure::cell(rows.len() - 1, "counted", paper.counted_withdrawals());
    let claims = claims.chain([total, PrintedFigure::lead(FILED, paper.counted_withdrawals())]).collect();
    let proof = TableCheck { claims, ..TableCheck::additive(["withdrawals", "counted", "open"]) };
    let proof = proof.with(Identity::new("withdrawals", ["counted", "open"], []));
    paper.table("withdrawal-states", "退会・転出・死亡の状態別件数".into(), columns, rows, notes, proof)
}

fn meaning(state: WithdrawalState) -> &'static str {
    match state {
        WithdrawalState::Ahead => "退会日が先。退会日までは会員",
        WithdrawalState::Past => "退会日を過ぎた",
        WithdrawalState::Pending => "申請中で、適用日が先。承認までは会員",
        WithdrawalState::Overdue => "申請中のまま適用日を過ぎた。会員として数えている",
        WithdrawalState::Cancelled => "承認の後に取り消された。再入会ではない",
        WithdrawalState::Death => "理由が死亡のもの（日付を問わない）",
    }
}

fn reasons(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> Result<Block> {
    let reasons = by_reason(audit.counted().map(|one| one.reason));
    let mut rows: Vec<Row> =
        reasons.iter().map(|(reason, n)| Row::body(vec![Cell::text(reason_label(*reason)), Cell::Count(*n)])).collect();
    let mut proof = TableCheck::additive(["withdrawals"]);
    if !rows.is_empty() {
        proof.claims.push(PrintedFigure::cell(rows.len(), "withdrawals", paper.counted_withdrawals()));
        rows.push(Row::total(vec![Cell::text("合計"), count(audit.counted().count())]));
    }
    let columns = vec![
        Column::text("reason", "退会理由", 8),
        Column::number("withdrawals", Metric::CountedWithdrawals.name(), 5),
    ];
    let mut notes = vec!["承認済の退会・転出・死亡。合併・分割で閉じた在籍（組織変更）は含まない。".to_string()];
    notes.extend(beside_movements(paper, audit)?);
    let only_applied = |one: &&Withdrawal| one.stay.is_some_and(|stay| stay.told.left_on == ReportedBy::Application);
    let only_applied = audit.counted().filter(only_applied).count();
    if only_applied > 0 {
        notes.push(format!("うち申請だけで分かったもの {only_applied} 件（会員一覧にまだ退会日がない）。"));
    }
    notes.extend(paper.adjustment_note()?);
    Ok(paper.table("withdrawal-summary", "退会・転出・死亡の理由別件数".into(), columns, rows, notes, proof))
}

/// From what the roll-forward books to what the ledger lists, in one line (R16, R32).
fn beside_movements(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> Result<Option<String>> {
    if !paper.reaches_opening() {
        return Ok(None);
    }
    let movements = ListedMovements::of(paper.vintage, paper.period)?;
    let ColumnAndList { column, before, after } =
        paper.column_and_list(&movements, &[Flow::Left, Flow::MovedOut, Flow::Died]);
    let listed = i64::try_from(audit.counted().count())?;
    let rest = match listed - (column - before + after) {
        0 => String::new(),
        n => format!(" ± 二重の行・訂正・組織変更等 {}", signed_count(n)),
    };
    Ok(Some(format!(
        "届出 {listed} 件（退会日による） ＝ 異動の表の退会・転出・死亡 計 {column} 件（計上日による） － 退会日が期間の前 {before} 件 ＋ 計上が期間の後 {after} 件{rest}。理由が転出でも死亡でもなく、他の医師会に移った者は、異動の表では転出。"
    )))
}

/// How late withdrawals became known (E1).
fn lags(paper: &PaperContext<'_>, audit: &WithdrawalAudit) -> Block {
    let lags = audit.lags();
    let days = |days: Option<i64>| days.map_or(Cell::NotApplicable, Cell::Count);
    let row = Row::body(vec![
        count(lags.n),
        count(lags.n - lags.n_late),
        count(lags.n_late),
        days(lags.median_days),
        days(lags.longest_days),
        count(lags.n_over_30),
    ]);
    let columns = vec![
        Column::number("known", "判明日の分かるもの", 6),
        Column::number("in_time", "退会日までに判明", 6),
        Column::number("late", "退会日の後に判明", 6),
        Column::number("median_days", "遅れの中央値（日）", 6),
        Column::number("longest_days", "遅れの最大（日）", 6),
        Column::number("over_30", "30日を超えたもの", 6),
    ];
    let notes = vec![
        "遅れは、退会日から、退会日を初めて伝えたファイルの日まで。中央値と最大は、退会日の後に判明したもの。"
            .to_string(),
        "最初の出力にすでに退会日のあったものは、いつ分かったか知れないので除く。".to_string(),
    ];
    let proof = TableCheck::default().with(Identity::new("known", ["in_time", "late"], []));
    paper.table("withdrawal-lags", "退会・転出・死亡の判明までの日数".into(), columns, vec![row], notes, proof)
}

fn withdrawal_columns() -> Vec<Column> {
    vec![
        Column::number("number", "No.", 2),
        Column::centred("left_on", "退会日", 5),
        Column::text("association", "郡市区等医師会", 7),
        Column::text("name", "氏名", 8),
        Column::text("class", "会員区分", 4),
        Column::text("state", "状態", 6),
        Column::text("reason", "退会理由", 5),
        Column::centred("known_from", "判明した日", 5),
        Column::number("lag_days", "遅れ（日）", 4),
    ]
}

fn withdrawal_cells(paper: &PaperContext<'_>, people: &People, withdrawal: &Withdrawal) -> Vec<Cell> {
    vec![
        Cell::date(withdrawal.left_on),
        paper.body_name(withdrawal.association),
        people.name(withdrawal.physician),
        Cell::text(withdrawal.class().map_or("", NationalClass::label)),
        Cell::text(withdrawal.state.label()),
        Cell::text(withdrawal.reason.label()),
        Cell::Date(withdrawal.recorded_on),
        withdrawal.lag_days.filter(|days| *days > 0).map_or(Cell::Blank, Cell::Count),
    ]
}

/// Withdrawals of the period, one by one.
pub(super) fn list(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = paper.withdrawal_audit()?;
    let counted: Vec<&Withdrawal> = audit.counted().collect();
    let people = paper.people()?;
    let rows = numbered(counted.iter().map(|withdrawal| withdrawal_cells(paper, &people, withdrawal)));
    let rows = paper.coded(rows, counted.iter().map(|withdrawal| Some(withdrawal.association)));
    let deaths = counted.iter().filter(|one| one.state == WithdrawalState::Death).count();
    let notes = vec![
        format!("合計 {} 件（うち死亡 {deaths} 件）。退会日の順。", rows.len()),
        "遅れは退会日の後に分かったものにだけ示す。".to_string(),
    ];
    let mut claims = vec![PrintedFigure::length(paper.counted_withdrawals())];
    let states = WithdrawalState::ALL.into_iter().filter(|state| state.can_count());
    claims.extend(states.map(|state| PrintedFigure::rows("state", state.label(), paper.counted_in(state))));
    let proof = TableCheck { claims, ..TableCheck::default() };
    Ok(vec![paper.table(
        "withdrawals",
        "退会・転出・死亡した者（退会日の順）".into(),
        withdrawal_columns(),
        rows,
        notes,
        proof,
    )])
}
