//! Settings of what is kept, and for how long.

use serde::Deserialize;

use crate::domain::fault::Fault;

/// How long is kept what tells of single persons (保存期間). Nothing is removed but by `kaiin purge`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RetentionConfig {
    /// Days for which files with rows of members are kept; without it for ever.
    pub raw_files_days: Option<u32>,
    /// Days for which it is known who those were who have left; without it for ever.
    pub persons_days: Option<u32>,
}

/// Most days that anything can be kept for without being kept for ever: a hundred years.
const MOST_DAYS: u32 = 36_500;

impl RetentionConfig {
    /// Whether everything is kept for ever.
    pub(super) fn is_unset(&self) -> bool {
        self.raw_files_days.is_none() && self.persons_days.is_none()
    }

    /// What no type can tell, by key. Whoever writes 0 may mean never as well as at once.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, Fault)> {
        let days = [("retention.raw_files_days", self.raw_files_days), ("retention.persons_days", self.persons_days)];
        let days = days.into_iter().filter_map(|(key, days)| Some((key, days?)));
        let outside = days.filter(|(_, days)| !(1..=MOST_DAYS).contains(days));
        outside.map(|(key, days)| (key, Fault::Outside(days.into(), 1, MOST_DAYS.into())))
    }
}
