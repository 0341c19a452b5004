//! Groups of 施設業務: what a physician does at the facility. The words are data (`reports/duties.toml`).
//!
//! This module does not know the exports; it sorts the text that one of them showed.

use std::collections::BTreeMap;

use super::class::NationalClass;
use super::class_scheme::spelling_key;
use super::coded::coded;

coded! {
    /// Group of a 施設業務, in printing order.
    ///
    /// The machine code is also the key in `reports/duties.toml`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum DutyGroup {
        /// Founder of a hospital (病院開設者).
        HospitalFounder = "hospital_founder" / "病院開設者",
        /// Founder of a clinic (診療所開設者).
        ClinicFounder = "clinic_founder" / "診療所開設者",
        /// Manager of a facility founded by others (管理者).
        Manager = "manager" / "管理者",
        /// Employed physician (勤務医).
        Employed = "employed" / "勤務医",
        /// Trainee (研修医).
        Trainee = "trainee" / "研修医",
        /// Anything else (その他).
        Other = "other" / "その他",
        /// Not given, or a word that nobody mapped (不明).
        Unknown = "unknown" / "不明",
    }
}

impl DutyGroup {
    /// Place in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

coded! {
    /// Where a member of class A① stands in its breakdown (A①内訳), in the order of the survey form.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Founder {
        /// 病院開設者.
        Hospital = "hospital_founder" / "病院開設者",
        /// 診療所開設者.
        Clinic = "clinic_founder" / "診療所開設者",
        /// 管理者.
        Manager = "manager" / "管理者",
        /// その他: any other duty.
        Other = "other" / "その他",
        /// 不明: no duty, or one that nobody mapped.
        Unknown = "unknown" / "不明",
    }
}

impl Founder {
    /// The place of a membership; `None` unless its class is A①.
    pub fn of(class: NationalClass, duty: DutyGroup) -> Option<Self> {
        if class != NationalClass::A1 {
            return None;
        }
        Some(match duty {
            DutyGroup::HospitalFounder => Self::Hospital,
            DutyGroup::ClinicFounder => Self::Clinic,
            DutyGroup::Manager => Self::Manager,
            DutyGroup::Employed | DutyGroup::Trainee | DutyGroup::Other => Self::Other,
            DutyGroup::Unknown => Self::Unknown,
        })
    }

    /// Place in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Words of 施設業務 and their groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DutyWords(BTreeMap<String, DutyGroup>);

impl DutyWords {
    /// Takes in spellings; width, case and blanks do not matter.
    pub fn new(words: impl IntoIterator<Item = (String, DutyGroup)>) -> Self {
        Self(words.into_iter().map(|(word, group)| (spelling_key(&word), group)).collect())
    }

    /// The group of a text; 不明 for a blank one and for a word that nobody mapped.
    pub fn group(&self, text: &str) -> DutyGroup {
        self.0.get(&spelling_key(text)).copied().unwrap_or(DutyGroup::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter_and_unmapped_is_unknown() {
        let words = DutyWords::new([("診療所開設者".to_string(), DutyGroup::ClinicFounder)]);
        assert_eq!(words.group(" 診療所開設者　"), DutyGroup::ClinicFounder);
        assert_eq!(words.group("産業医"), DutyGroup::Unknown);
        assert_eq!(words.group(""), DutyGroup::Unknown);
    }

    #[test]
    fn only_a1_has_a_breakdown() {
        assert_eq!(Founder::of(NationalClass::B, DutyGroup::ClinicFounder), None);
        assert_eq!(Founder::of(NationalClass::A1, DutyGroup::Employed), Some(Founder::Other));
        assert_eq!(Founder::of(NationalClass::A1, DutyGroup::Unknown), Some(Founder::Unknown));
    }
}
