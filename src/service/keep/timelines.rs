//! What a data folder keeps beside the store: timelines, made anew where they are not what they should be, and what the
//! office should hear of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::export_days::ExportDays;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, Readers, TEMPORARY, Unfinished, make_folder};
use crate::input;
use crate::service::keep::current_exports::export_days;
use crate::service::keep::head::head_of;
use crate::service::keep::kept_timeline::KeptTimeline;
use crate::service::keep::learnt::{Fresh, Learnt};
use crate::service::keep::notices::{Closing, Notices};
use crate::service::keep::workspace::Workspace;
use crate::store::ImportRecord;
use crate::timeline::{ChangeFile, SumFault, Timeline, TimelineError, TimelineFiles, TimelineWriter};

impl Workspace {
    /// Keeps something that the office should hear of, and that stops nothing.
    pub(in crate::service) fn notice(&self, notice: Failure) {
        self.notices.add(notice);
    }

    /// What the office should hear of since this was last asked.
    pub fn notices(&self) -> Notices {
        self.notices.clone()
    }

    /// What closes the store when all is done, whoever has the workspace by then.
    pub fn closing(&self) -> Closing {
        let (store, checked) = (self.store.clone(), self.checked.clone());
        Closing { store, checked, place: self.place(), notices: self.notices() }
    }

    /// Files of timelines, of whatever head, that are not what was written.
    pub(in crate::service) fn damaged_timelines(&self) -> Vec<PathBuf> {
        let folder = self.folder.join("timeline");
        let names =
            fs::read_dir(&folder).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut heads: Vec<String> =
            names.filter_map(|name| Some(name.strip_prefix("sums-")?.strip_suffix(".txt")?.to_string())).collect();
        heads.sort();
        let damaged = |head: &String| match TimelineFiles::of_head(&folder, head).check() {
            Err(SumFault::Damaged(path)) => Some(path),
            Ok(()) | Err(SumFault::Absent) => None,
        };
        heads.iter().filter_map(damaged).collect()
    }

    /// The file of the timeline of the head that is not what the store gives now; `None` also where there is no timeline.
    pub(in crate::service) async fn differing_timeline(&self) -> Result<Option<PathBuf>> {
        let imports = self.store.imports().await?;
        let (head, elsewhere) = (head_of(&imports), NewFolder::elsewhere()?);
        let files = self.timeline_files(&head);
        if files.check().is_err() {
            return Ok(None);
        }
        let anew = TimelineFiles::of_head(elsewhere.path(), &files.head);
        self.write_timeline(&anew, &head).await?;
        let pairs = files.tables().into_iter().zip(anew.tables());
        let same = |(one, other): &(&Path, &Path)| matches!((input::read_whole(one), input::read_whole(other)), (Ok(a), Ok(b)) if a == b);
        Ok(pairs.into_iter().find(|pair| !same(pair)).map(|(path, _)| path.to_path_buf()))
    }

    /// The timeline of the store head, which all `imports` together are; written anew when its file is missing or not one
    /// of ours.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn timeline(&self, imports: &[ImportRecord]) -> Result<Timeline> {
        let head = &head_of(imports);
        let exports = ExportDays::new(&export_days(imports));
        let files = self.timeline_files(head);
        let damaged = match files.check() {
            Ok(()) => match Timeline::open(&files, exports.clone()) {
                // An import has put another one in its place this moment.
                Err(TimelineError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => None,
                // What was written whole and cannot be read is of an older version, or may not be read by this account.
                Err(TimelineError::Parquet { path, .. } | TimelineError::Io { path, .. }) => Some(path),
                Ok(timeline) => return Ok(timeline),
            },
            Err(SumFault::Damaged(path)) => Some(path),
            Err(SumFault::Absent) => None,
        };
        let made = self.made_timeline(files, head, exports).await?;
        if let Some(path) = damaged {
            self.notice(Failure::new(FailureKind::Environment, "ENV-030", path.display().to_string()));
        }
        Ok(made)
    }

    /// The same, which is looked at when it is first needed and not made anew then.
    pub(in crate::service) fn waiting_timeline(&self, imports: &[ImportRecord]) -> KeptTimeline {
        KeptTimeline::waiting(self.timeline_files(&head_of(imports)), ExportDays::new(&export_days(imports)))
    }

    /// Writes a timeline and opens it; in a folder of its own where the data folder cannot be written.
    async fn made_timeline(&self, files: TimelineFiles, head: &str, exports: ExportDays) -> Result<Timeline> {
        const NOT_WRITTEN: [&str; 4] = ["ENV-002", "ENV-003", "ENV-006", "ENV-012"];
        let files = match self.write_timeline(&files, head).await {
            Ok(()) => files,
            Err(error) if NOT_WRITTEN.contains(&Failure::of(&error).code) => {
                let files = TimelineFiles::of_head(self.elsewhere()?, head);
                self.write_timeline(&files, head).await?;
                files
            }
            Err(error) => return Err(error),
        };
        Timeline::open(&files, exports).context("reading the timeline")
    }

    /// A folder that goes with this workspace.
    fn elsewhere(&self) -> Result<&Path> {
        if self.elsewhere.get().is_none() {
            // Another thread may have made one meanwhile; either will do.
            let made = NewFolder::elsewhere();
            let _ = self.elsewhere.set(made.context("making a folder for a timeline")?);
        }
        Ok(self.elsewhere.get().context("the folder was made above")?.path())
    }

    /// Writes the timeline of a new head and removes those of older heads, the one before it apart.
    ///
    /// # Errors
    /// When the store cannot be read or the file cannot be written.
    pub async fn refresh_timeline(&self, head: &str) -> Result<()> {
        self.refresh_timeline_by(head, None).await
    }

    /// The same by what the newest import has learnt, where that is known.
    ///
    /// # Errors
    /// As [`Self::refresh_timeline`].
    pub(in crate::service) async fn refresh_timeline_by(&self, head: &str, learnt: Option<Learnt>) -> Result<()> {
        let files = self.timeline_files(head);
        let is_made = match learnt {
            Some(learnt) => self.follow_timeline(&files, head, learnt).await?,
            None => false,
        };
        if !is_made {
            self.write_timeline(&files, head).await?;
        }
        remove_old(&self.timelines, &files)
    }

    /// The files of a head of this store: a folder may have been used with another one.
    pub(super) fn timeline_files(&self, head: &str) -> TimelineFiles {
        let files = TimelineFiles::of_head(&self.timelines, &format!("{head}-{}", self.identity));
        TimelineFiles { readers: self.readers(), ..files }
    }

    /// Whether it is worth working out what later questions would be answered from: not in a copy that is thrown away, and not for
    /// a reader who cannot write it down.
    pub(in crate::service) fn keeps_prepared(&self) -> bool {
        self.timelines.starts_with(&self.folder) && may_write(&self.timelines, self.readers()).is_ok()
    }

    /// Whether the timeline of a head of this store is there as it was written.
    pub(in crate::service) fn is_timeline_whole(&self, head: &str) -> bool {
        self.timeline_files(head).check().is_ok()
    }

    /// The file of change points of a head of this store; `cells` names the numbering of figures.
    pub(in crate::service) fn change_file(&self, head: &str, rule: WithdrawalDayRule, cells: &str) -> ChangeFile {
        ChangeFile::of_head(&self.timelines, &format!("{head}-{}", self.identity), rule.code(), cells, self.readers())
    }

    /// Where the coverage as known at an export day is kept for a head of this store.
    pub(in crate::service) fn coverage_file(&self, head: &str, day: NaiveDate) -> PathBuf {
        self.timelines.join(format!("coverage-{day}-{head}-{}.txt", self.identity))
    }

    async fn write_timeline(&self, files: &TimelineFiles, head: &str) -> Result<()> {
        self.check_facts().await?;
        let mut writer = self.begin_timeline(files)?;
        self.store.each_version(|version| writer.push(&version)).await?;
        self.store.each_person(|person| writer.push_person(person)).await?;
        self.store.each_application(|version| writer.push_application(version)).await?;
        self.store.each_adjustment(|version| writer.push_adjustment(version)).await?;
        self.finish_timeline(writer, head).await
    }

    /// Writes the timeline that follows an import from what that has learnt; `false` where it cannot be made so, and is made from
    /// the store, which says why if there is a why.
    async fn follow_timeline(&self, files: &TimelineFiles, head: &str, learnt: Learnt) -> Result<bool> {
        let Ok(Some(fresh)) = Fresh::read(self, learnt).await else { return Ok(false) };
        // From here on the comparison has the store, and this the processor.
        let check = self.begin_checking_facts().await?;
        let written = self.begin_timeline(files).and_then(|mut writer| {
            fresh.write(&mut writer)?;
            Ok(writer)
        });
        check.passed().await?;
        match written {
            Ok(writer) => self.finish_timeline(writer, head).await.map(|()| true),
            Err(error) => {
                tracing::info!(error = format!("{error:#}"), "the timeline before this one cannot be carried on");
                Ok(false)
            }
        }
    }

    fn begin_timeline(&self, files: &TimelineFiles) -> Result<TimelineWriter> {
        let folder = files.all()[0].parent().unwrap_or(&self.folder);
        may_write(folder, self.readers())
            .map_err(|source| Failure::from_writing(&source, &folder.display().to_string()))?;
        TimelineWriter::create(files).context("writing the timeline")
    }

    async fn finish_timeline(&self, writer: TimelineWriter, head: &str) -> Result<()> {
        // Readers hold no lock: another machine may have stored an import in between.
        self.check_head(head).await?;
        writer.finish().context("writing the timeline")
    }
}

/// Makes a folder unless it is there, and tries whether it can be written.
fn may_write(folder: &Path, readers: Readers) -> std::io::Result<()> {
    make_folder(folder, readers)?;
    Unfinished::beside(&folder.join("tried"), readers).map(drop)
}

/// Removes the files of older heads but of the newest of them: a reader that began before this import may still open its
/// files.
fn remove_old(folder: &Path, files: &TimelineFiles) -> Result<()> {
    let mut others: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A reader may be writing one this moment.
        let is_unfinished = entry.file_name().to_string_lossy().starts_with(TEMPORARY);
        if is_unfinished || is_of_head(&entry.path(), &files.head) {
            continue;
        }
        // One that has gone meanwhile needs no removing.
        let Ok(modified) = entry.metadata().and_then(|metadata| metadata.modified()) else { continue };
        others.push((modified, entry.path()));
    }
    others.sort();
    let head_of = |path: &PathBuf| {
        let name = path.file_stem()?.to_str()?;
        name.strip_prefix("sums-").map(str::to_string)
    };
    let newest = others.iter().rev().find_map(|(_, path)| head_of(path));
    others.retain(|(_, path)| newest.as_ref().is_none_or(|newest| !is_of_head(path, newest)));
    for (_, path) in others {
        // A reader of another system may hold it; it goes with the next import.
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// Whether a file is named after a head.
fn is_of_head(path: &Path, head: &str) -> bool {
    path.file_stem().is_some_and(|name| name.to_string_lossy().ends_with(&format!("-{head}")))
}
