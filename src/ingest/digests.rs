//! Fingerprints of persons, so that exports can be compared without names and spellings (R14).

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::normalise::fold;
use crate::domain::person::{PersonTexts, Sex};
use crate::domain::text::compose_marks;

/// Fingerprints of a person, so that a comparison needs neither names nor spellings (R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonDigests {
    /// Of all normalised attributes.
    pub all: i64,
    /// Of the kana name alone (R11).
    pub kana: i64,
}

impl PersonDigests {
    /// Fingerprints over the normalised attributes: kana without width and blanks, 卒業年月 as digits.
    pub fn of(texts: &PersonTexts, sex: Sex, born_on: Option<NaiveDate>) -> Self {
        let kana_key = fold(&texts.kana);
        let mut all = Sha256::new();
        for part in [&texts.name, &kana_key, &year_month_key(&texts.graduated), &texts.facility, &texts.duty] {
            // A Mac writes が as か and its mark: the same name in another spelling.
            all.update(compose_marks(part).as_bytes());
            all.update([0]);
        }
        all.update([sex.index()]);
        all.update(born_on.map(|day| day.to_string()).unwrap_or_default());
        Self { all: first_eight(&all.finalize()), kana: first_eight(&Sha256::digest(kana_key)) }
    }
}

/// 2009-03, 2007年3月 and ２００７／０３ meet as 2009-3, 2007-3; anything else is compared as it is.
fn year_month_key(text: &str) -> String {
    let key = fold(text);
    let mut numbers = key.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(year), Some(month), None) if year.len() == 4 => format!("{year}-{}", month.trim_start_matches('0')),
        _ => key,
    }
}

fn first_eight(bytes: &[u8]) -> i64 {
    let mut out = [0; 8];
    out.copy_from_slice(&bytes[..8]);
    i64::from_be_bytes(out)
}
