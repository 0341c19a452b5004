//! What counts can be broken down by, and the fixed groups of each breakdown in printing order.
//!
//! Bodies, prefectures and kinds of body come from the master of the day; this module does not know it. It counts
//! nothing.

use super::class::NationalClass;
use super::class_scheme::spelling_key;
use super::coded::coded;
use super::duty::{DutyGroup, Founder};
use super::person::{AGE_BANDS, Sex};

coded! {
    /// What a count can be broken down by, besides the tier that is always there.
    ///
    /// The machine code is the key in JSON and the word after `--by`, the name a heading.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Dimension {
        /// Prefecture code of the body; of a national membership the prefecture of R23.
        Prefecture = "prefecture" / "都道府県",
        /// The body.
        Association = "association" / "医師会",
        /// Kind of the body on the day (種別).
        Kind = "kind" / "医師会の種別",
        /// Class.
        Class = "class" / "会員区分",
        /// Group of classes as the press has them (開業医等, 勤務医, 研修医).
        ClassGroup = "class_group" / "会員区分群",
        /// Breakdown of class A① (A①内訳); other classes have none.
        Founder = "a1" / "A①内訳",
        /// Sex of the person as known then.
        Sex = "sex" / "性別",
        /// Age band of the person on the as-of day.
        AgeBand = "age_band" / "年齢階級",
        /// 施設業務 as the exports write it, as known then.
        Duty = "duty" / "施設業務",
        /// Group of the 施設業務.
        DutyGroup = "duty_group" / "業務別",
    }
}

impl Dimension {
    /// What the groups are, where their names do not say it.
    pub fn note(self) -> Option<&'static str> {
        match self {
            Self::ClassGroup => Some("開業医等は A①、勤務医は A②(B) と B、研修医は A②(C) と C。"),
            Self::Founder => Some("A①内訳は、知識時点に知られている施設業務による。"),
            Self::DutyGroup => Some("業務別は、知識時点に知られている施設業務による。"),
            _ => None,
        }
    }

    /// The dimension that a word names: the machine name, the heading as printed, or another word for it. Width, case
    /// and blanks do not matter.
    pub fn from_word(word: &str) -> Option<Self> {
        let key = spelling_key(word);
        Self::ALL.into_iter().find(|dimension| {
            let names =
                [dimension.code(), dimension.label()].into_iter().chain(dimension.other_words().iter().copied());
            names.map(spelling_key).any(|name| name == key)
        })
    }

    /// Other words that mean the dimension and nothing else.
    fn other_words(self) -> &'static [&'static str] {
        match self {
            Self::Prefecture => &["県", "県別", "都道府県別", "都道府県医師会"],
            Self::Association => &["医師会別", "郡市区等医師会", "郡市区医師会"],
            Self::Kind => &["種別"],
            Self::Class => &["区分", "会員区分別", "区分別"],
            Self::ClassGroup => &["区分群"],
            Self::Founder => &["A①の内訳", "A1内訳"],
            Self::Sex => &["男女", "男女別"],
            Self::AgeBand => &["年齢", "年代", "年齢別", "年代別"],
            Self::Duty => &["業務"],
            Self::DutyGroup => &["業務群"],
        }
    }

    /// Whether it needs attributes of the person beside the membership.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Founder | Self::Sex | Self::AgeBand | Self::Duty | Self::DutyGroup)
    }

    /// Whether it follows from the body alone.
    pub fn is_of_body(self) -> bool {
        matches!(self, Self::Prefecture | Self::Association | Self::Kind)
    }

    /// Machine name and printed name of each group, in printing order; `None` where the master or the exports say.
    pub fn groups(self) -> Option<Vec<(&'static str, &'static str)>> {
        match self {
            Self::Prefecture | Self::Association | Self::Kind | Self::Duty => None,
            Self::Class => Some(NationalClass::ALL.map(|one| (one.code(), one.label())).to_vec()),
            Self::ClassGroup => Some(ClassGroup::ALL.map(|one| (one.code(), one.label())).to_vec()),
            Self::Founder => Some(Founder::ALL.map(|one| (one.code(), one.label())).to_vec()),
            Self::Sex => Some(Sex::ALL.map(|one| (one.code(), one.label())).to_vec()),
            Self::AgeBand => Some(AGE_BANDS.map(|code| (code, age_band_label(code))).to_vec()),
            Self::DutyGroup => Some(DutyGroup::ALL.map(|one| (one.code(), one.label())).to_vec()),
        }
    }
}

/// Printed name of an age band.
fn age_band_label(code: &str) -> &'static str {
    match code {
        "under30" => "30歳未満",
        "30s" => "30～39歳",
        "40s" => "40～49歳",
        "50s" => "50～59歳",
        "60s" => "60～69歳",
        "70s" => "70～79歳",
        "80s" => "80～89歳",
        "90plus" => "90歳以上",
        _ => "不明",
    }
}

coded! {
    /// Groups of classes as the press has them.
    ///
    /// They stand in printing order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ClassGroup {
        /// A①: founders, managers and the like (開業医等).
        Founders = "founders" / "開業医等",
        /// A②(B) and B (勤務医).
        Employed = "employed" / "勤務医",
        /// A②(C) and C (研修医).
        Trainees = "trainees" / "研修医",
        /// A class that nobody mapped (不明).
        Unknown = "unknown" / "不明",
    }
}

impl ClassGroup {
    /// The group of a class.
    pub fn of(class: NationalClass) -> Self {
        match class {
            NationalClass::A1 => Self::Founders,
            NationalClass::A2B | NationalClass::B => Self::Employed,
            NationalClass::A2C | NationalClass::C => Self::Trainees,
            NationalClass::Unknown => Self::Unknown,
        }
    }

    /// Place in [`Self::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dimensions_come_back_by_their_codes() {
        for dimension in Dimension::ALL {
            assert_eq!(Dimension::from_code(dimension.code()), Some(dimension));
        }
        assert_eq!(Dimension::from_code("faculty"), None);
    }

    #[test]
    fn word_means_one_dimension() {
        for (word, expected) in [
            ("区分", Some(Dimension::Class)),
            ("会員区分", Some(Dimension::Class)),
            ("医師会", Some(Dimension::Association)),
            ("都道府県", Some(Dimension::Prefecture)),
            (" Ａｇｅ_band ", Some(Dimension::AgeBand)),
            ("A①内訳", Some(Dimension::Founder)),
            ("会員", None),
            ("", None),
        ] {
            assert_eq!(Dimension::from_word(word), expected, "{word}");
        }
        let words = |one: Dimension| [one.code(), one.label()].into_iter().chain(one.other_words().iter().copied());
        for dimension in Dimension::ALL {
            for word in words(dimension) {
                assert_eq!(Dimension::from_word(word), Some(dimension), "{word}");
            }
        }
    }

    #[test]
    fn groups_of_classes_follow_the_press() {
        let of = |code: &str| NationalClass::from_code(code).map(ClassGroup::of);
        assert_eq!(of("B"), Some(ClassGroup::Employed));
        assert_eq!(of("A2C"), Some(ClassGroup::Trainees));
        assert_eq!(of("A1"), Some(ClassGroup::Founders));
    }
}
