//! The change points of the store: opened where they are whole, made anew from the timeline where they are not.
//!
//! They answer what the scan of the timeline answers, sooner. The scan stays the judge: whatever is written was compared with
//! it first, on days on which figures change hands.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result};
use chrono::{Datelike, Months, NaiveDate};

use crate::domain::as_of::{KnownAt, WithdrawalDayRule, month_ends};
use crate::domain::association::{Associations, BodySet, Tier};
use crate::domain::day::{date_of, day_number, next_day};
use crate::error::{Failure, FailureKind};
use crate::service::keep::current_exports::{export_days, telling_days};
use crate::service::keep::head::head_of;
use crate::service::keep::{KeptTimeline, Workspace};
use crate::service::known::kept_coverage::{coverage, differing_coverage};
use crate::stats::change_points::{Cells, ChangeIndex, SummedDay, change_points, summed_days};
use crate::stats::{Counts, Memberships};
use crate::store::ImportRecord;
use crate::timeline::{ChangeTable, SumFault, Timeline};

/// Years before the newest known day whose turn of the year is compared with the scan.
const YEARS_JUDGED: i32 = 3;

/// The change points of all that was known up to a day, under one reading of 退会日.
#[derive(Debug)]
pub(in crate::service) struct Changes {
    table: ChangeTable,
    cells: Arc<Cells>,
    newest: NaiveDate,
    rule: WithdrawalDayRule,
    /// All of them in memory, once somebody asks much.
    index: KeptIndex,
}

/// The change points of a head in memory, for all who ask it. They are read when they are first needed.
#[derive(Debug, Clone, Default)]
pub(in crate::service) struct KeptIndex(Arc<OnceLock<ChangeIndex>>);

impl Changes {
    /// Opens the change points of a store head, which all `imports` together are. What is missing is made; what is damaged, or
    /// stands for another reading of 退会日 only, is made anew and said. `None` where they cannot be kept, or are not what the scan
    /// says: then the scan answers.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(in crate::service) fn opened(
        workspace: &Workspace,
        timeline: &KeptTimeline,
        associations: &Associations,
        imports: &[ImportRecord],
    ) -> Result<Option<Self>> {
        let rule = workspace.config.withdrawal_day_rule;
        let Some(newest) = telling_days(imports).pop() else { return Ok(None) };
        let (cells, head) = (Arc::new(Cells::new(associations)), head_of(imports));
        let numbering = cells.names().to_string();
        let file = |rule: WithdrawalDayRule| workspace.change_file(&head, rule, &numbering);
        let notice = match file(rule).open() {
            Ok(table) => return Ok(Some(Self { table, cells, newest, rule, index: KeptIndex::default() })),
            Err(SumFault::Damaged(path)) => {
                Some(Failure::new(FailureKind::Environment, "ENV-030", path.display().to_string()))
            }
            Err(SumFault::Absent) => {
                let mut others = WithdrawalDayRule::ALL.into_iter().filter(|other| *other != rule);
                let is_changed = others.any(|other| file(other).open().is_ok());
                is_changed.then(|| Failure::new(FailureKind::Environment, "ENV-058", rule.label()))
            }
        };
        if !workspace.keeps_prepared() {
            return Ok(None);
        }
        let timeline = timeline.get()?;
        let found = change_points(timeline, associations, &cells, KnownAt(newest), rule);
        let Some(found) = found.context("reading the timeline")? else { return Ok(None) };
        let index = ChangeIndex::new(found, cells);
        if let Some(difference) = difference(&index, timeline, associations, rule, &judged_known_days(imports))? {
            workspace.notice(Failure::new(FailureKind::Bug, "ENV-059", difference));
            return Ok(None);
        }
        let (found, cells) = index.into_parts();
        if let Err(error) = file(rule).write(found) {
            tracing::warn!(%error, "change points could not be written; every stay is looked at instead");
            return Ok(None);
        }
        let Ok(table) = file(rule).open() else { return Ok(None) };
        notice.into_iter().for_each(|notice| workspace.notice(notice));
        Ok(Some(Self { table, cells, newest, rule, index: KeptIndex::default() }))
    }

    /// All figures of some days, ascending, as known at another under a reading of 退会日; `None` where these change points do not
    /// tell it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::service) fn sums(
        &self,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        days: &[NaiveDate],
    ) -> Result<Option<Vec<SummedDay>>> {
        if known_at.0 > self.newest || rule != self.rule {
            return Ok(None);
        }
        let days: Vec<i32> = days.iter().copied().map(day_number).collect();
        Ok(Some(match self.index.0.get() {
            Some(index) => days.iter().map(|day| index.on(known_at, *day)).collect(),
            None => summed_days(&self.table, &self.cells, known_at, &days).context("reading the change points")?,
        }))
    }

    /// From here on figures come from memory: from what is kept there for the same head and reading of 退会日.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::service) fn keep_in(&mut self, kept: &KeptIndex) -> Result<()> {
        self.index = kept.clone();
        self.index().map(drop)
    }

    /// Whether figures come from memory.
    pub(in crate::service) fn is_kept(&self) -> bool {
        self.index.0.get().is_some()
    }

    fn index(&self) -> Result<&ChangeIndex> {
        if self.index.0.get().is_none() {
            let read = ChangeIndex::read(&self.table, self.cells.clone()).context("reading the change points")?;
            // Another thread may have read them meanwhile; they are the same.
            let _ = self.index.0.set(read);
        }
        self.index.0.get().context("change points were read above")
    }

    /// The same of one day, for whoever asks about many known-ats: all change points are read once, and kept.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::service) fn sum_kept(
        &self,
        known_at: KnownAt,
        rule: WithdrawalDayRule,
        day: NaiveDate,
    ) -> Result<Option<SummedDay>> {
        if known_at.0 > self.newest || rule != self.rule {
            return Ok(None);
        }
        Ok(Some(self.index()?.on(known_at, day_number(day))))
    }
}

/// Makes the change points of what was taken in, unless nobody can be counted, and keeps how far the exports reach.
///
/// # Errors
/// When the store or its timeline cannot be read.
pub(in crate::service) async fn refresh_prepared(workspace: &Workspace) -> Result<()> {
    let imports = workspace.store.imports().await?;
    let associations = workspace.store.associations().await?;
    let timeline = workspace.timeline(&imports).await?.into();
    Changes::opened(workspace, &timeline, &associations, &imports)?;
    let (exports, head) = (export_days(&imports), head_of(&imports));
    let told = (KnownAt(telling_days(&imports).pop().unwrap_or_default()), exports.as_slice());
    coverage(workspace, &head, &timeline, &associations, told).map(drop)
}

/// The file of change points, whatever the reading of 退会日, or of coverage, that is not what the timeline gives now; `None` also
/// where there is none.
///
/// # Errors
/// When the store or its timeline cannot be read.
pub(in crate::service) async fn differing_prepared(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let imports = workspace.store.imports().await?;
    let Some(newest) = telling_days(&imports).pop() else { return Ok(None) };
    let head = head_of(&imports);
    // Nothing is made here.
    if !workspace.is_timeline_whole(&head) {
        return Ok(None);
    }
    let associations = workspace.store.associations().await?;
    let timeline = workspace.timeline(&imports).await?;
    for rule in WithdrawalDayRule::ALL {
        let cells = Arc::new(Cells::new(&associations));
        let file = workspace.change_file(&head, rule, cells.names());
        let table = match file.open() {
            Ok(table) => table,
            Err(SumFault::Absent) => continue,
            Err(SumFault::Damaged(path)) => return Ok(Some(path)),
        };
        let anew = change_points(&timeline, &associations, &cells, KnownAt(newest), rule);
        let written = ChangeIndex::read(&table, cells).context("reading the change points")?;
        if anew.context("reading the timeline")?.as_ref() != Some(&written.into_parts().0) {
            return Ok(Some(file.all()[0].to_path_buf()));
        }
    }
    differing_coverage(workspace, &head, &timeline, &associations, &export_days(&imports))
}

/// The newest day on which something was learnt, and the one before it.
fn judged_known_days(imports: &[ImportRecord]) -> Vec<NaiveDate> {
    let mut days = telling_days(imports);
    days.split_off(days.len().saturating_sub(2))
}

/// How sums are counted.
type Counting<'c> = &'c dyn Fn(&SummedDay) -> Option<Counts>;

/// What index and scan say differently, looked at from some days; `None` where they agree.
fn difference(
    index: &ChangeIndex,
    timeline: &Timeline,
    associations: &Associations,
    rule: WithdrawalDayRule,
    known_days: &[NaiveDate],
) -> Result<Option<String>> {
    for known_at in known_days.iter().copied().map(KnownAt) {
        let memberships = Memberships::project(timeline, associations, known_at, rule, |_| true);
        let memberships = memberships.context("reading the timeline")?;
        let days: Vec<i32> = judged_days(known_at.0).into_iter().map(day_number).collect();
        let sums: Vec<SummedDay> = days.iter().map(|day| index.on(known_at, *day)).collect();
        let everything = BodySet::all(associations);
        let home = judged_prefecture(associations, known_at);
        let own = memberships.kept(|rank| home.has(rank));
        let national = memberships.national_by_prefecture(associations);
        let compared: [(&Memberships, Counting<'_>); 3] = [
            (&memberships, &|sums| sums.counts(&everything)),
            (&own, &|sums| sums.counts(&home)),
            (&national, &|sums| Some(sums.national_by_prefecture(&everything))),
        ];
        for (scanned, counted) in compared {
            for ((day, sums), scanned) in days.iter().zip(&sums).zip(scanned.count_series(&days)) {
                let counted = counted(sums).unwrap_or_default();
                if counted != scanned {
                    let day = date_of(*day).unwrap_or_default();
                    let cell = differing(associations, &counted, &scanned);
                    return Ok(Some(format!("{day}, known at {}: {cell}", known_at.0)));
                }
            }
        }
    }
    Ok(None)
}

/// The bodies of one prefecture: another one with each day.
fn judged_prefecture(associations: &Associations, known_at: KnownAt) -> BodySet {
    let homes: Vec<&str> = associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
    let nth = usize::try_from(day_number(known_at.0)).unwrap_or_default().checked_rem(homes.len());
    let home = nth.map(|nth| homes[nth]);
    BodySet::of(associations, |body| Some(body.prefecture.as_str()) == home)
}

/// The month ends of a year up to a day and the days after them, and the last and first days of older years of account.
fn judged_days(newest: NaiveDate) -> Vec<NaiveDate> {
    let from = newest.checked_sub_months(Months::new(12)).unwrap_or(newest);
    let year_ends = (1..=YEARS_JUDGED).filter_map(|n| NaiveDate::from_ymd_opt(newest.year() - n, 3, 31));
    let mut days: Vec<NaiveDate> = month_ends(from, newest).into_iter().chain(year_ends).collect();
    days.extend(days.clone().into_iter().map(next_day));
    days.push(newest);
    days.sort_unstable();
    days.dedup();
    days
}

/// The first cell in which two counts differ, or the tier whose heads do.
fn differing(associations: &Associations, counted: &Counts, scanned: &Counts) -> String {
    for ((body, ours), theirs) in associations.iter().zip(&counted.cells).zip(&scanned.cells) {
        if ours != theirs {
            return format!("{} {ours:?} ≠ {theirs:?}", body.code);
        }
    }
    format!("{:?} ≠ {:?}", (counted.heads, counted.not_shown), (scanned.heads, scanned.not_shown))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::class::NationalClass;
    use crate::domain::coverage::ExportDay;
    use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
    use crate::domain::export_days::ExportDays;
    use crate::domain::ids::{EnrolmentId, PhysicianId, SourceId};
    use crate::timeline::{ChangeColumns, TimelineFiles, TimelineWriter};
    use crate::written::{day, local, row, with_top};

    const EXPORT: &str = "2025-09-30";

    fn version(nth: i64, body: &Associations, joined: &str) -> EnrolmentVersion {
        EnrolmentVersion {
            enrolment: EnrolmentId(nth),
            source: SourceId(1),
            physician: PhysicianId(nth),
            association: body.by_code("13-001").expect("in the master").id,
            facts: StayFacts {
                wished_on: None,
                joined_on: Some(day(joined)),
                left_on: None,
                class: NationalClass::A1,
                class_text: None,
                reason: WithdrawalReason::None,
                reason_text: None,
                status: SourceStatus::Unknown,
            },
            class_from: None,
            rows_shown: 1,
            known_from: day(EXPORT),
            known_until: None,
        }
    }

    /// One change point too many, too few or elsewhere is a difference that names the cell; the right ones are none.
    #[test]
    fn index_that_is_wrong_is_found_out() {
        // The day of the export has the second prefecture compared.
        let others = [
            ("P13", Tier::Prefectural, "東京都", "JMA"),
            ("13-001", Tier::Local, "乙", "P13"),
            ("13-002", Tier::Local, "丙", "P13"),
        ];
        let others = others.map(|(code, tier, name, above)| row(code, tier, name, above, ["", ""], &[]));
        let rows = std::iter::once(local("11-001", "甲", ["", ""], &[])).chain(others);
        let master = Associations::new(with_top(rows.collect())).expect("sound");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let files = TimelineFiles::of_head(folder.path(), "head");
        let mut writer = TimelineWriter::create(&files).expect("the folder can be written");
        writer.push(&version(1, &master, "2020-04-01"));
        writer.push(&version(2, &master, "2025-04-02"));
        writer.finish().expect("the folder can be written");
        let exports = ExportDays::new(&[ExportDay { source: SourceId(1), day: day(EXPORT), kept_days: 0 }]);
        let timeline = Timeline::open(&files, exports).expect("it was written");
        let rule = WithdrawalDayRule::LastMemberDay;
        let found = change_points(&timeline, &master, &Cells::new(&master), KnownAt(day(EXPORT)), rule);
        let found = found.expect("it can be read").expect("it is small");
        let told = |changes: ChangeColumns| {
            let index = ChangeIndex::new(changes, Arc::new(Cells::new(&master)));
            difference(&index, &timeline, &master, rule, &[day(EXPORT)]).expect("it can be read")
        };
        assert_eq!(told(found.clone()), None);
        for nth in 0..found.day.len() {
            let mut more = found.clone();
            more.change[nth] += 1;
            let mut later = found.clone();
            later.day[nth] += 40;
            assert!(told(more).is_some(), "{nth} of {found:?}");
            // Older days are compared at the turn of the year of account only.
            let is_recent = found.day[nth] > day_number(day("2025-01-01"));
            assert_eq!(told(later).is_some(), is_recent, "{nth} of {found:?}");
        }
    }
}
