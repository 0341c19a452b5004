//! Groups of 施設業務: what a physician does at the facility. The words are data (`reports/duties.toml`).
//!
//! This module does not know the exports; it sorts the text that one of them showed.

use std::collections::BTreeMap;

use super::class::NationalClass;
use super::class_scheme::spelling_key;

/// Group of a 施設業務, in printing order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyGroup {
    /// Founder of a hospital (病院開設者).
    HospitalFounder,
    /// Founder of a clinic (診療所開設者).
    ClinicFounder,
    /// Manager of a facility founded by others (管理者).
    Manager,
    /// Employed physician (勤務医).
    Employed,
    /// Trainee (研修医).
    Trainee,
    /// Anything else (その他).
    Other,
    /// Not given, or a word that nobody mapped (不明).
    Unknown,
}

impl DutyGroup {
    /// All groups in printing order.
    pub const ALL: [Self; 7] = [
        Self::HospitalFounder,
        Self::ClinicFounder,
        Self::Manager,
        Self::Employed,
        Self::Trainee,
        Self::Other,
        Self::Unknown,
    ];

    /// Machine name, also the key in `reports/duties.toml`.
    pub fn code(self) -> &'static str {
        match self {
            Self::HospitalFounder => "hospital_founder",
            Self::ClinicFounder => "clinic_founder",
            Self::Manager => "manager",
            Self::Employed => "employed",
            Self::Trainee => "trainee",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::HospitalFounder => "病院開設者",
            Self::ClinicFounder => "診療所開設者",
            Self::Manager => "管理者",
            Self::Employed => "勤務医",
            Self::Trainee => "研修医",
            Self::Other => "その他",
            Self::Unknown => "不明",
        }
    }

    /// Place in [`Self::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::HospitalFounder => 0,
            Self::ClinicFounder => 1,
            Self::Manager => 2,
            Self::Employed => 3,
            Self::Trainee => 4,
            Self::Other => 5,
            Self::Unknown => 6,
        }
    }

    /// The group of a machine name; 不明 is not one that a word can be mapped to.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| *group != Self::Unknown && group.code() == code)
    }
}

/// Where a member of class A① stands in its breakdown (A①内訳), in the order of the survey form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Founder {
    /// 病院開設者.
    Hospital,
    /// 診療所開設者.
    Clinic,
    /// 管理者.
    Manager,
    /// その他: any other duty.
    Other,
    /// 不明: no duty, or one that nobody mapped.
    Unknown,
}

impl Founder {
    /// All places in the order of the form.
    pub const ALL: [Self; 5] = [Self::Hospital, Self::Clinic, Self::Manager, Self::Other, Self::Unknown];

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

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hospital => "hospital_founder",
            Self::Clinic => "clinic_founder",
            Self::Manager => "manager",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hospital => "病院開設者",
            Self::Clinic => "診療所開設者",
            Self::Manager => "管理者",
            Self::Other => "その他",
            Self::Unknown => "不明",
        }
    }

    /// Place in [`Self::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::Hospital => 0,
            Self::Clinic => 1,
            Self::Manager => 2,
            Self::Other => 3,
            Self::Unknown => 4,
        }
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
