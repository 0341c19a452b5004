//! Settings of scheduled work.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::business_days::{BusinessCalendar, ClosedDay};
use crate::domain::fault::Fault;

/// Most days before a meeting on which something can be due.
const MOST_DAYS_BEFORE: u32 = 366;

/// Scheduled work.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobsConfig {
    /// When the monthly job runs: cron line with seconds, in Asia/Tokyo, in which 3B is the third business day. The first time after the end of a month
    /// is the run of that month.
    pub monthly_at: String,
    /// When the bell rings: cron line with seconds. Each ring looks at the ledger and does what is due.
    pub bell: String,
    /// First month the monthly job is responsible for, such as 2025-09; without it the month of the first export.
    pub first_month: Option<String>,
    /// Folder whose files the job takes in; relative to the data folder.
    pub inbox: PathBuf,
    /// Folder for the papers; relative to the data folder.
    pub papers: PathBuf,
    /// Reports written for each month.
    pub reports: Vec<String>,
    /// How long a file must have stood still before it is taken in, in seconds.
    pub settle_seconds: u64,
    /// Whether the papers of a month are prepared for the associations once it is made, and sent once they are approved.
    pub distribute: bool,
    /// Days after the time of a month until somebody should have answered its questions and approved its distribution.
    pub approve_within_days: u32,
    /// When the data folder is backed up: cron line with seconds, at most once a day. Never where there is none.
    pub backup_at: Option<String>,
    /// Folder for these backups, on another disk.
    pub backup_to: Option<PathBuf>,
    /// How many of these backups are kept; older ones are removed once a newer one is whole.
    pub backups_kept: u32,
    /// When everything is compared with the chain (`kaiin verify`): as `backup_at`.
    pub verify_at: Option<String>,
    /// When what was kept long enough is removed (`kaiin purge`): as `backup_at`, with `[retention]`.
    pub purge_at: Option<String>,
    /// When the paper of coming and overdue withdrawals is made (見回り): as `backup_at`.
    pub watch_at: Option<String>,
    /// When the papers of the survey of 1 December are made (会員数調査): cron line with seconds, exactly once a year.
    pub survey_at: Option<String>,
    /// Reports written for each survey.
    pub survey_reports: Vec<String>,
    /// The calendar of meetings (会議の予定), relative to the data folder; the folders of meetings are made beside it. The clock makes none
    /// without it.
    pub meetings: Option<PathBuf>,
    /// Days before a meeting on which its folder is made.
    pub meeting_folder_days: u32,
    /// Days before a meeting on which a draft of its pack is made.
    pub meeting_draft_days: u32,
    /// Days on which the office is closed, beside Saturdays, Sundays and days off by law; schedules by business days pass them over.
    pub closed_days: Vec<ClosedDay>,
    /// Days on which it works whatever else is said.
    pub open_days: Vec<NaiveDate>,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            monthly_at: "0 0 6 5 * *".into(),
            bell: "0 */10 * * * *".into(),
            first_month: None,
            inbox: "inbox".into(),
            papers: "papers".into(),
            reports: vec!["member-counts".into(), "withdrawal-audit".into(), "transfer-audit".into()],
            settle_seconds: 2,
            distribute: false,
            approve_within_days: 5,
            backup_at: None,
            backup_to: None,
            backups_kept: 14,
            verify_at: None,
            purge_at: None,
            watch_at: None,
            survey_at: None,
            survey_reports: vec!["december-survey".into()],
            meetings: None,
            meeting_folder_days: 30,
            meeting_draft_days: 7,
            // Offices follow the closing days of public ones (行政機関の休日に関する法律, 昭和63年法律第91号, 1条1項3号); 1 January is a
            // day off by law.
            closed_days: [(12, 29), (12, 30), (12, 31), (1, 2), (1, 3)]
                .map(|(month, day)| ClosedDay::EveryYear(month, day))
                .to_vec(),
            open_days: Vec::new(),
        }
    }
}

impl JobsConfig {
    /// The days on which the office works.
    pub fn calendar(&self) -> BusinessCalendar {
        BusinessCalendar { closed: self.closed_days.clone(), open: self.open_days.clone() }
    }

    /// What no type can tell, by key; of the cron lines `crate::jobs` tells.
    pub(super) fn faults(&self) -> Vec<(&'static str, Fault)> {
        let mut out = Vec::new();
        if self.backup_at.is_some() && self.backup_to.is_none() {
            out.push(("jobs.backup_at", Fault::OneNeeded(&["jobs.backup_to"])));
        }
        for (key, days) in [
            ("jobs.meeting_folder_days", self.meeting_folder_days),
            ("jobs.meeting_draft_days", self.meeting_draft_days),
        ] {
            if days > MOST_DAYS_BEFORE {
                out.push((key, Fault::Outside(days.into(), 0, MOST_DAYS_BEFORE.into())));
            }
        }
        if self.backups_kept == 0 {
            out.push(("jobs.backups_kept", Fault::Below(0, 1)));
        }
        out
    }
}
