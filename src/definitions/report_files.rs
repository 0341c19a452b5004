//! Which files of the folder are reports, and the reports that are shipped.

use serde::Deserialize;

pub(super) const SHIPPED: [(&str, &str); 11] = [
    ("december-survey.toml", include_str!("../../reports/december-survey.toml")),
    ("mamis-difference.toml", include_str!("../../reports/mamis-difference.toml")),
    ("meeting-gunshi-kaicho.toml", include_str!("../../reports/meeting-gunshi-kaicho.toml")),
    ("meeting-rijikai.toml", include_str!("../../reports/meeting-rijikai.toml")),
    ("member-counts.toml", include_str!("../../reports/member-counts.toml")),
    ("monthly-statistics.toml", include_str!("../../reports/monthly-statistics.toml")),
    ("movements.toml", include_str!("../../reports/movements.toml")),
    ("tier-consistency.toml", include_str!("../../reports/tier-consistency.toml")),
    ("transfer-audit.toml", include_str!("../../reports/transfer-audit.toml")),
    ("withdrawal-audit.toml", include_str!("../../reports/withdrawal-audit.toml")),
    ("withdrawal-watch.toml", include_str!("../../reports/withdrawal-watch.toml")),
];

/// Files of the definitions folder that are no reports.
pub(super) const NOT_REPORTS: [&str; 7] = [
    "vocabulary.toml",
    "kaiin.toml",
    "class-schemes.toml",
    "duties.toml",
    "gaiji.toml",
    "seats.toml",
    "denominators.toml",
];

/// What tells a report from a layout and from a file that is neither.
#[derive(Deserialize)]
pub(super) struct Kind {
    pub(super) kind: Option<String>,
}

/// Names that a file directly in the folder can have, besides those of new reports.
pub(super) fn known() -> Vec<String> {
    let reports = SHIPPED.iter().map(|(name, _)| *name);
    let mut all: Vec<String> = NOT_REPORTS.into_iter().chain(reports).map(str::to_string).collect();
    all.sort();
    all
}
