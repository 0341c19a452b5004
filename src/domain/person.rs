//! What is known about a physician as a person (医師): texts exactly as they came.

use super::ids::RegistrationNumber;
use chrono::{Datelike, NaiveDate};

use super::ids::PhysicianId;

/// Sex as reported (性別).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Not given or not understood (不明).
    Unknown,
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// All values in printing order.
    pub const ALL: [Self; 3] = [Self::Male, Self::Female, Self::Unknown];

    /// Machine code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "不明",
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// Stored number. Never reorder.
    pub fn index(self) -> u8 {
        self as u8
    }

    /// The value of a stored number.
    pub fn from_index(index: u8) -> Option<Self> {
        [Self::Unknown, Self::Male, Self::Female].get(usize::from(index)).copied()
    }
}

/// The texts of a person. Empty means not given; nothing is normalised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonTexts {
    /// 氏名, exactly as it came: 髙, 𠮷 and variation selectors included.
    pub name: String,
    /// 氏名カナ, exactly as it came.
    pub kana: String,
    /// 卒業年月, exactly as it came.
    pub graduated: String,
    /// 施設名.
    pub facility: String,
    /// 施設業務.
    pub duty: String,
}

/// A person as one export shows them. The texts are packed into one string: an export of 340,000 rows is held
/// in memory while it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    packed: Box<str>,
    /// 性別.
    pub sex: Sex,
    /// 生年月日; `None` when missing or not a date.
    pub born_on: Option<NaiveDate>,
}

/// A control character that the ingest refuses in cells, so it can divide the packed texts.
const DIVIDER: char = '\u{1f}';

impl Person {
    /// Packs the texts of a person. A divider inside a text (which the ingest refuses) would be dropped.
    pub fn new(texts: &PersonTexts, sex: Sex, born_on: Option<NaiveDate>) -> Self {
        let fields = [&texts.name, &texts.kana, &texts.graduated, &texts.facility, &texts.duty];
        let mut packed = String::with_capacity(fields.iter().map(|field| field.len() + 1).sum());
        for (i, field) in fields.into_iter().enumerate() {
            if i > 0 {
                packed.push(DIVIDER);
            }
            packed.extend(field.chars().filter(|c| *c != DIVIDER));
        }
        Self { packed: packed.into_boxed_str(), sex, born_on }
    }

    /// 施設業務 as it came.
    pub fn duty(&self) -> &str {
        self.packed.rsplit(DIVIDER).next().unwrap_or_default()
    }

    /// The texts again.
    pub fn texts(&self) -> PersonTexts {
        let mut parts = self.packed.split(DIVIDER).map(str::to_string);
        let mut next = || parts.next().unwrap_or_default();
        PersonTexts { name: next(), kana: next(), graduated: next(), facility: next(), duty: next() }
    }
}

/// What the timeline keeps of a person: nothing that names anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAttributes {
    /// The person.
    pub physician: PhysicianId,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub born_on: Option<NaiveDate>,
    /// 施設業務 as it came.
    pub duty: String,
    /// First day of the description, inclusive.
    pub known_from: NaiveDate,
    /// First day of the next one.
    pub known_until: Option<NaiveDate>,
}

/// Age in whole years on a day; somebody born on 29 February is a year older from 1 March in common years.
pub fn age_on(born_on: NaiveDate, day: NaiveDate) -> i32 {
    let had_birthday = (day.month(), day.day()) >= (born_on.month(), born_on.day());
    day.year() - born_on.year() - i32::from(!had_birthday)
}

/// Age band (年齢階級) in ten years, machine code: under30, 30s … 80s, 90plus, unknown.
pub fn age_band(born_on: Option<NaiveDate>, day: NaiveDate) -> &'static str {
    match born_on.map(|born_on| age_on(born_on, day)) {
        None => "unknown",
        Some(..30) => "under30",
        Some(30..40) => "30s",
        Some(40..50) => "40s",
        Some(50..60) => "50s",
        Some(60..70) => "60s",
        Some(70..80) => "70s",
        Some(80..90) => "80s",
        Some(90..) => "90plus",
    }
}

/// Age bands in printing order.
pub const AGE_BANDS: [&str; 9] = ["under30", "30s", "40s", "50s", "60s", "70s", "80s", "90plus", "unknown"];

/// A person as known on a day, for lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// Surrogate id.
    pub physician: PhysicianId,
    /// Registration number.
    pub number: RegistrationNumber,
    /// The description.
    pub person: Person,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_texts_come_back() {
        let texts = PersonTexts {
            name: "辻\u{E0100}𠮷　鷗".into(), facility: "架空医院".into(), ..Default::default()
        };
        assert_eq!(Person::new(&texts, Sex::Female, None).texts(), texts);
    }

    #[test]
    fn leap_day_birthday_counts_from_first_march() {
        let born = NaiveDate::from_ymd_opt(1960, 2, 29).expect("a leap day");
        let day = |m, d| NaiveDate::from_ymd_opt(2025, m, d).expect("a day");
        assert_eq!((age_on(born, day(2, 28)), age_on(born, day(3, 1))), (64, 65));
    }
}
