//! The columns of a file of adjustments, and what each kind of adjustment asks for.

use std::collections::BTreeMap;

use crate::domain::adjustment::AdjustmentKind;
use crate::domain::coded::coded;

coded! {
    /// A column of the file, in the order of its template; the printed name is the heading.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum AdjustmentColumn {
        /// The office's own number.
        Number = "number" / "調整番号",
        /// What is decided.
        Kind = "kind" / "調整種別",
        /// Who.
        Person = "person" / "医籍登録番号",
        /// Code of the body.
        BodyCode = "body_code" / "医師会コード",
        /// Name of the body.
        BodyName = "body" / "医師会名",
        /// 入会日 of the stay.
        StayJoinedOn = "stay_joined_on" / "対象入会日",
        /// The day that is decided.
        NewDay = "new_day" / "新しい日付",
        /// The class that is decided.
        NewClass = "new_class" / "新しい会員区分",
        /// Why she withdrew.
        Reason = "reason" / "退会理由",
        /// The number that is given up.
        OtherPerson = "other_person" / "統合元番号",
        /// The finding that was looked at.
        Finding = "finding" / "要確認コード",
        /// Whether it is taken back.
        State = "state" / "状態",
        /// Why it is decided.
        Why = "why" / "理由",
        /// Who approved it.
        Approver = "approver" / "承認者",
    }
}

impl AdjustmentColumn {
    /// The columns that somebody fills in for a kind, in the order in which they are asked for; the body by name or code in one.
    pub fn asked_by(kind: AdjustmentKind) -> Vec<Self> {
        let own: &[Self] = match kind {
            AdjustmentKind::Left => &[Self::BodyName, Self::StayJoinedOn, Self::NewDay, Self::Reason],
            AdjustmentKind::StillMember | AdjustmentKind::NeverMember | AdjustmentKind::Reopened => {
                &[Self::BodyName, Self::StayJoinedOn]
            }
            AdjustmentKind::Joined => &[Self::BodyName, Self::NewDay, Self::NewClass],
            AdjustmentKind::JoinedDay => &[Self::BodyName, Self::StayJoinedOn, Self::NewDay],
            AdjustmentKind::Class => &[Self::BodyName, Self::StayJoinedOn, Self::NewClass, Self::NewDay],
            AdjustmentKind::SamePerson => &[Self::OtherPerson],
            AdjustmentKind::Acknowledged => &[Self::Finding, Self::BodyName],
        };
        let mut columns = vec![Self::Person];
        columns.extend(own);
        columns.extend([Self::Why, Self::Approver]);
        columns
    }

    /// Whether a kind cannot do without it.
    pub fn is_needed_by(self, kind: AdjustmentKind) -> bool {
        match self {
            Self::BodyName => kind.needs_body(),
            Self::StayJoinedOn | Self::Reason | Self::BodyCode | Self::State => false,
            _ => true,
        }
    }

    /// The column at a letter of Excel.
    pub(super) fn at_letter(letter: &str) -> Option<Self> {
        let [letter] = letter.as_bytes() else { return None };
        Self::ALL.get(usize::from(letter.checked_sub(b'A')?)).copied()
    }
}

/// Cells of one row by column; those that are left out are blank.
pub(super) type Cells = BTreeMap<AdjustmentColumn, String>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::keep::init::ADJUSTMENTS;

    #[test]
    fn columns_are_those_of_the_template() {
        let template = std::str::from_utf8(ADJUSTMENTS).expect("it is UTF-8");
        let headings: Vec<&str> = template.trim_start_matches('\u{FEFF}').trim_end().split(',').collect();
        assert_eq!(AdjustmentColumn::ALL.map(AdjustmentColumn::label).to_vec(), headings);
        assert_eq!(AdjustmentColumn::at_letter("A"), Some(AdjustmentColumn::Number));
        assert_eq!(AdjustmentColumn::at_letter("N"), Some(AdjustmentColumn::Approver));
        assert_eq!(["", "O", "AA", "1"].map(AdjustmentColumn::at_letter), [None; 4]);
    }

    #[test]
    fn every_kind_asks_for_what_it_needs() {
        for kind in AdjustmentKind::ALL {
            let asked = AdjustmentColumn::asked_by(kind);
            let has = |column| asked.contains(&column);
            assert!(!kind.needs_day() || has(AdjustmentColumn::NewDay), "{kind:?}");
            assert!(!kind.needs_body() || has(AdjustmentColumn::BodyName), "{kind:?}");
        }
    }
}
