//! The table of memberships, in folders by tier and prefecture.

use anyhow::Result;

use super::tables::{ExportFolder, prefecture_key};
use super::written::ExportedTable;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::stats::known_segments::{KnownSegment, SegmentsOfPlace};
use crate::timeline::{ExchangeColumn, ExchangeColumns};

/// Writes all memberships. Where nobody is a member of anything there is one file without rows.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_segments(
    folder: &ExportFolder,
    associations: &Associations,
    all: &[SegmentsOfPlace],
) -> Result<ExportedTable> {
    let nothing = [SegmentsOfPlace { tier: Tier::National, prefecture: String::new(), segments: Vec::new() }];
    let codes: Vec<&str> = associations.iter().map(|body| body.code.as_str()).collect();
    let mut files = Vec::new();
    for SegmentsOfPlace { tier, prefecture, segments } in if all.is_empty() { &nothing } else { all } {
        let below = format!("segments/tier={}/prefecture={}", tier.code(), prefecture_key(prefecture));
        files.extend(folder.write_part(&below, segments, |rows| columns(rows, &codes))?);
    }
    Ok(ExportedTable { name: "segments", files })
}

fn columns<'c>(rows: &[KnownSegment], codes: &[&'c str]) -> ExchangeColumns<'c> {
    let days = |day: fn(&KnownSegment) -> i32| ExchangeColumn::Days(rows.iter().map(day).collect());
    vec![
        ("physician_id", ExchangeColumn::Id(rows.iter().map(|row| row.physician).collect())),
        ("body", ExchangeColumn::Text(rows.iter().map(|row| codes[row.rank as usize]).collect())),
        ("class", ExchangeColumn::Text(rows.iter().map(|row| class_code(row.class)).collect())),
        ("starts_on", days(|row| row.starts)),
        ("ends_before", days(|row| row.ends)),
        ("known_from", days(|row| row.known_from)),
        ("known_before", days(|row| row.known_before)),
    ]
}

/// The code of a class by its stored number.
pub(super) fn class_code(class: u8) -> &'static str {
    NationalClass::from_index(class).unwrap_or(NationalClass::Unknown).code()
}
