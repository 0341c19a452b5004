//! The fields of an adjustment, in the words of its kind.

use crate::domain::adjustment::AdjustmentKind;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::service::intake::adjusting::{AdjustmentColumn, ColumnFault, Typed};
use crate::service::intake::giving::Told;
use crate::web::kept_forms::ADJUST;
use crate::web::route::Fields;

/// Letters of a field.
const MOST_LETTERS: usize = 200;

/// A field as it is shown.
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) value: String,
    pub(super) is_needed: bool,
    pub(super) most_letters: usize,
    /// What can be chosen; none where it is written.
    pub(super) options: Vec<(&'static str, &'static str)>,
    /// Whether bodies are suggested.
    pub(super) has_bodies: bool,
    pub(super) wrong: Vec<Told>,
}

impl FieldView {
    /// The fields of some columns, with what was written and what is wrong with it.
    pub(super) fn of(
        columns: &[AdjustmentColumn],
        kind: AdjustmentKind,
        typed: &Typed,
        faults: &[ColumnFault],
    ) -> Vec<Self> {
        let field = |column: &AdjustmentColumn| {
            let wrong = faults.iter().filter(|fault| fault.column == Some(*column)).map(|fault| fault.told.clone());
            let (label, hint) = worded(*column, kind);
            Self {
                name: name(*column),
                label,
                hint,
                value: typed.get(column).cloned().unwrap_or_default(),
                is_needed: column.is_needed_by(kind),
                most_letters: MOST_LETTERS,
                options: options(*column),
                has_bodies: *column == AdjustmentColumn::BodyName,
                wrong: wrong.collect(),
            }
        };
        columns.iter().map(field).collect()
    }
}

/// Faults that stand at none of the fields that are shown.
pub(super) fn of_whole(columns: &[AdjustmentColumn], faults: &[ColumnFault]) -> Vec<Told> {
    let is_elsewhere = |fault: &&ColumnFault| fault.column.is_none_or(|column| !columns.contains(&column));
    faults.iter().filter(is_elsewhere).map(|fault| fault.told.clone()).collect()
}

/// What was written into the fields of some columns, without letters that no cell holds.
pub(super) fn typed(columns: &[AdjustmentColumn], form: &Fields) -> Typed {
    let text = |column: AdjustmentColumn| {
        let letters = form.get(&name(column)).chars().filter(|letter| !letter.is_control());
        letters.take(MOST_LETTERS).collect::<String>()
    };
    columns.iter().map(|column| (*column, text(*column))).collect()
}

fn name(column: AdjustmentColumn) -> String {
    format!("{ADJUST}{}", column.code())
}

fn options(column: AdjustmentColumn) -> Vec<(&'static str, &'static str)> {
    match column {
        AdjustmentColumn::NewClass => NationalClass::ALL
            .into_iter()
            .filter(|class| *class != NationalClass::Unknown)
            .map(|class| (class.code(), class.label()))
            .collect(),
        AdjustmentColumn::Reason => WithdrawalReason::ALL
            .into_iter()
            .filter(|reason| *reason != WithdrawalReason::None)
            .map(|reason| (reason.code(), reason.label()))
            .collect(),
        _ => Vec::new(),
    }
}

/// Label and hint of a column.
fn worded(column: AdjustmentColumn, kind: AdjustmentKind) -> (&'static str, &'static str) {
    let day = "R7.12.31、2025-12-31 など";
    match (column, kind) {
        (AdjustmentColumn::Person, AdjustmentKind::SamePerson) => ("残す医籍登録番号", ""),
        (AdjustmentColumn::BodyName, _) => ("医師会", "名称、別名、コード（よみで書くと候補を示します）"),
        (AdjustmentColumn::StayJoinedOn, _) => {
            ("対象の在籍の入会日", "会員一覧にある入会日。その医師会での在籍が一つだけなら、空欄でかまいません")
        }
        (AdjustmentColumn::NewDay, AdjustmentKind::Left) => ("退会日", day),
        (AdjustmentColumn::NewDay, AdjustmentKind::Joined) => ("入会日", day),
        (AdjustmentColumn::NewDay, AdjustmentKind::JoinedDay) => ("正しい入会日", day),
        (AdjustmentColumn::NewDay, AdjustmentKind::Class) => ("この会員区分になった日", day),
        (AdjustmentColumn::NewClass, _) => ("会員区分", ""),
        (AdjustmentColumn::Reason, _) => ("退会理由", "分からなければ、空欄のままにします"),
        (AdjustmentColumn::OtherPerson, _) => ("使わなくする医籍登録番号", ""),
        (AdjustmentColumn::Finding, _) => ("要確認コード", "FND-005 など。資料と会員ひとりの記録にあります"),
        (AdjustmentColumn::Why, _) => ("理由", "資料と台帳に残ります。例: 12月3日に電話で確かめた"),
        (AdjustmentColumn::Approver, _) => ("承認者", "だれが決めたか。役職で書いてかまいません。例: 事務局長"),
        (other, _) => (other.label(), ""),
    }
}

/// What a kind is for, in a sentence.
pub(super) fn explained(kind: AdjustmentKind) -> &'static str {
    match kind {
        AdjustmentKind::Left => "どの出力にもない退会日を決める。最新の出力に記載のない会員が、退会していたとき",
        AdjustmentKind::StillMember => "最新の出力に記載がないが、在籍は続いている",
        AdjustmentKind::NeverMember => "その在籍は、はじめからなかった。二重になっている行の片方など",
        AdjustmentKind::Joined => "どの出力にもない在籍を加える",
        AdjustmentKind::JoinedDay => "出力の入会日が違っている",
        AdjustmentKind::Reopened => "出力の退会日は誤りで、在籍は続いている",
        AdjustmentKind::Class => "ある日からの会員区分を決める",
        AdjustmentKind::SamePerson => "二つの医籍登録番号が、同じ人のものだった",
        AdjustmentKind::Acknowledged => "要確認の件を見て、このままでよいと分かった。人数は変わらない",
    }
}
