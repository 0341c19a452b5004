//! What an invented world has to come to: members of the national body on a day, all, by class, and of A① by 施設業務.
//!
//! Where the numbers come from and how a world is brought to them is not known here.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::class::NationalClass;

/// Counts of one day, tier national. What is not named is left as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthTarget {
    /// The day (基準日).
    pub day: NaiveDate,
    /// All members.
    pub total: Option<u32>,
    /// Members by class; never [`NationalClass::Unknown`].
    pub classes: BTreeMap<NationalClass, u32>,
    /// A① by 施設業務: 病院開設者, 診療所開設者, 管理者, その他.
    pub a1: Option<[u32; 4]>,
}

/// Keys of [`SynthTarget::a1`] in files and messages.
pub const A1_KEYS: [&str; 4] = ["hospital_founder", "clinic_founder", "manager", "other"];

/// The classes that a target can name.
pub const CLASSES: [NationalClass; 5] =
    [NationalClass::A1, NationalClass::A2B, NationalClass::A2C, NationalClass::B, NationalClass::C];

impl SynthTarget {
    /// Members of A①, as named or as the sum of its 施設業務.
    pub fn a1_total(&self) -> Option<u32> {
        let of_duties = self.a1.map(|duties| duties.iter().sum());
        self.classes.get(&NationalClass::A1).copied().or(of_duties)
    }

    /// All members, where the target says how many: as named, or as the sum of all five classes.
    pub fn whole(&self) -> Option<u32> {
        let of_class = |class: &NationalClass| match class {
            NationalClass::A1 => self.a1_total(),
            other => self.classes.get(other).copied(),
        };
        self.total.or_else(|| CLASSES.iter().map(of_class).sum())
    }

    /// The first thing that does not fit together: key and why; `None` when all does.
    pub fn contradiction(&self) -> Option<(&'static str, String)> {
        let of_duties: Option<u64> = self.a1.map(|duties| duties.iter().copied().map(u64::from).sum());
        if let (Some(class), Some(duties)) = (self.classes.get(&NationalClass::A1), of_duties)
            && u64::from(*class) != duties
        {
            return Some(("a1", format!("{duties} ≠ A1 {class}")));
        }
        let named: Vec<u32> = CLASSES
            .iter()
            .filter_map(|class| match class {
                NationalClass::A1 => self.a1_total(),
                other => self.classes.get(other).copied(),
            })
            .collect();
        let sum: u64 = named.iter().copied().map(u64::from).sum();
        match self.total.map(u64::from) {
            Some(total) if sum > total => Some(("total", format!("{total} < {sum}"))),
            Some(total) if named.len() == CLASSES.len() && sum != total => Some(("total", format!("{total} ≠ {sum}"))),
            _ if u32::try_from(sum).is_err() => Some(("total", sum.to_string())),
            _ => None,
        }
    }
}
