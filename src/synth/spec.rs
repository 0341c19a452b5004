//! What kind of world is asked for, checked once: size, area, span, targets.

use chrono::NaiveDate;

use super::names::PREFECTURES;
use crate::domain::as_of::{month_end, month_start};
use crate::domain::day::day_number;
use crate::domain::synth_target::SynthTarget;

/// Registration numbers have six digits, and people join throughout the span.
const MOST_PHYSICIANS: u32 = 500_000;

/// The code of a local body has three digits within its prefecture, and divisions need some of them.
const MOST_BODIES_OF_A_PREFECTURE: u32 = 900;

/// The longest span in years.
const MOST_YEARS: i32 = 30;

/// What kind of world is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Members at the beginning; those who join later come on top. Targets may ask for more.
    pub physicians: u32,
    /// Codes of prefectures from 1 to 47, ascending; never empty.
    pub prefectures: Vec<u8>,
    /// Local bodies at the beginning.
    pub bodies: u32,
    /// Day of the first export, a month end.
    pub first_export: NaiveDate,
    /// Day of the last export, a month end.
    pub last_export: NaiveDate,
    /// Decides everything that is drawn.
    pub seed: u64,
    /// Totals to come to, by day, with the place of each in its file.
    pub targets: Vec<(usize, SynthTarget)>,
    /// How many days an export still shows a row after it ended (R7).
    pub ended_rows_kept_days: u32,
}

/// Why a world cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SynthError {
    /// No prefecture has this code.
    #[error("no prefecture {0}")]
    PrefectureUnknown(String),
    /// The last month is before the first.
    #[error("{0}: the span is reversed")]
    SpanReversed(String),
    /// A number is outside its range; the option and the range.
    #[error("{option}: {range}")]
    OutOfRange {
        /// The option.
        option: &'static str,
        /// What it may be.
        range: String,
    },
    /// A target cannot be met: key and why.
    #[error("{key}: {why}")]
    Target {
        /// Key of the file, such as `target[0].A1`.
        key: String,
        /// Why.
        why: String,
    },
}

/// What somebody wishes, before it is checked.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Members at the beginning; by default as many as the first target needs, else 10,000.
    pub physicians: Option<u32>,
    /// Codes divided by commas, or `all`.
    pub prefectures: String,
    /// Local bodies; by default 900 for the whole country.
    pub bodies: Option<u32>,
    /// A day of the first month.
    pub from: NaiveDate,
    /// A day of the last month.
    pub to: NaiveDate,
    /// Decides everything that is drawn.
    pub seed: u64,
    /// Totals to come to.
    pub targets: Vec<SynthTarget>,
    /// How many days an export still shows a row after it ended (R7).
    pub ended_rows_kept_days: u32,
}

impl Spec {
    /// Checks a wish.
    ///
    /// # Errors
    /// [`SynthError`] naming the option or the key of the target file.
    pub fn of(wish: Wish) -> Result<Self, SynthError> {
        let prefectures = prefectures(&wish.prefectures)?;
        let (first_export, last_export) = (month_end(wish.from), month_end(wish.to));
        if last_export < first_export {
            let span = format!("{} > {}", month(first_export), month(last_export));
            return Err(SynthError::SpanReversed(span));
        }
        if day_number(last_export) - day_number(first_export) > MOST_YEARS * 366 {
            return Err(SynthError::OutOfRange {
                option: "--to",
                range: format!("{MOST_YEARS} 年以内, {MOST_YEARS} years"),
            });
        }
        let targets = targets(wish.targets, first_export, last_export)?;
        let physicians = wish.physicians.unwrap_or_else(|| needed(&targets));
        within("--physicians", physicians, 1, MOST_PHYSICIANS)?;
        let least = u32::try_from(prefectures.len()).unwrap_or(u32::MAX);
        let bodies = wish.bodies.unwrap_or_else(|| usual_bodies(&prefectures));
        within("--bodies", bodies, least, least.saturating_mul(MOST_BODIES_OF_A_PREFECTURE))?;
        let ended_rows_kept_days = wish.ended_rows_kept_days;
        let seed = wish.seed;
        Ok(Self { physicians, prefectures, bodies, first_export, last_export, seed, targets, ended_rows_kept_days })
    }
}

/// A month as people write it.
fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

fn within(option: &'static str, n: u32, least: u32, most: u32) -> Result<(), SynthError> {
    if (least..=most).contains(&n) {
        return Ok(());
    }
    Err(SynthError::OutOfRange { option, range: format!("{least}～{most}") })
}

fn prefectures(text: &str) -> Result<Vec<u8>, SynthError> {
    if text.trim() == "all" {
        return Ok((1..=47).collect());
    }
    let mut out = Vec::new();
    for part in text.split(',').map(str::trim) {
        let code: Option<u8> = part.parse().ok().filter(|code| (1..=47).contains(code));
        out.push(code.ok_or_else(|| SynthError::PrefectureUnknown(part.to_string()))?);
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// The share of the country that an area has, of 900 bodies, and never fewer than four for a prefecture.
fn usual_bodies(prefectures: &[u8]) -> u32 {
    let size = |code: &u8| PREFECTURES.get(usize::from(*code) - 1).map_or(0, |(_, size)| *size);
    let whole: u32 = PREFECTURES.iter().map(|(_, size)| size).sum();
    let part: u32 = prefectures.iter().map(size).sum();
    let least = u32::try_from(prefectures.len()).unwrap_or(u32::MAX).saturating_mul(4);
    (900 * part / whole).max(least)
}

/// Members at the beginning for the first target that says how many there are: most members of the lower tiers are
/// members of the national one.
fn needed(targets: &[(usize, SynthTarget)]) -> u32 {
    match targets.iter().find_map(|(_, target)| target.whole()) {
        Some(total) => u32::try_from(u64::from(total) * 100 / 93).unwrap_or(u32::MAX).max(1),
        None => 10_000,
    }
}

fn targets(
    targets: Vec<SynthTarget>,
    first_export: NaiveDate,
    last_export: NaiveDate,
) -> Result<Vec<(usize, SynthTarget)>, SynthError> {
    let mut out: Vec<(usize, SynthTarget)> = targets.into_iter().enumerate().collect();
    out.sort_by_key(|(_, target)| target.day);
    for pair in out.windows(2) {
        if pair[0].1.day == pair[1].1.day {
            let key = format!("target[{}].day", pair[1].0);
            return Err(SynthError::Target { key, why: pair[1].1.day.to_string() });
        }
    }
    for (nth, target) in &out {
        let first = month_start(first_export);
        if target.day < first || target.day > last_export {
            let why = format!("{} ∉ {first}～{last_export}", target.day);
            return Err(SynthError::Target { key: format!("target[{nth}].day"), why });
        }
        if let Some((key, why)) = target.contradiction() {
            return Err(SynthError::Target { key: format!("target[{nth}].{key}"), why });
        }
        if target.whole().is_some_and(|whole| whole > MOST_PHYSICIANS) {
            let why = format!("> {MOST_PHYSICIANS}");
            return Err(SynthError::Target { key: format!("target[{nth}].total"), why });
        }
    }
    Ok(out)
}
