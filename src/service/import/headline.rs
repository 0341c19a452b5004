//! The headline figures before and after an import that is only tried (`--dry-run`, A9): members by tier on the day
//! of the file, counted the way every other figure is.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::day::day_number;
use crate::domain::export_days::ExportDays;
use crate::domain::layout::FileKind;
use crate::domain::reach::ExportDay;
use crate::service::Workspace;
use crate::service::query::{Totals, totals};
use crate::service::speaking::export_days;
use crate::stats::passing::Passing;
use crate::store::{Import, NewImport};
use crate::timeline::{Timeline, TimelineFiles, TimelineWriter};

/// Figures before an import.
pub(super) struct Headline {
    as_of: NaiveDate,
    known_at: KnownAt,
    associations: Associations,
    /// Exports of members so far, in the order in which they were taken in.
    exports: Vec<ExportDay>,
    before: Totals,
}

/// The effect of an import on the headline figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HeadlineEffect {
    /// The day counted for: the day of the file.
    pub as_of: NaiveDate,
    /// Totals by tier without the file; zeros before the first export.
    pub before: Totals,
    /// Totals by tier with it.
    pub after: Totals,
}

impl Headline {
    /// Counts what is stored, for the day of the file.
    pub(super) async fn before(workspace: &Workspace, as_of: NaiveDate) -> Result<Self> {
        let imports = workspace.store.imports().await?;
        let exports = imports.iter().filter(|import| import.kind != FileKind::Associations);
        // What the file says is known from its day on, or together with whatever is newer.
        let known_at = KnownAt(exports.map(|import| import.known_on).max().map_or(as_of, |newest| newest.max(as_of)));
        let associations = workspace.store.associations().await?;
        let before = if imports.iter().any(|import| import.kind == FileKind::Members) {
            let timeline = workspace.timeline(&imports).await?;
            count(workspace, &timeline, &associations, as_of, known_at)?
        } else {
            Totals::default()
        };
        Ok(Self { as_of, known_at, associations, exports: export_days(&imports), before })
    }

    /// The same when the file is an export of members, which is then the newest of its day.
    pub(super) fn with_export(mut self, import: &Import, file: &NewImport) -> Self {
        let tried = ExportDay { source: import.source(), day: file.known_on, kept_days: file.ended_rows_kept_days };
        self.exports.retain(|export| (export.source, export.day) != (tried.source, tried.day));
        self.exports.push(tried);
        self
    }

    /// Counts again with what the import has written and not yet made durable.
    pub(super) async fn after_import(self, workspace: &Workspace, import: &mut Import) -> Result<HeadlineEffect> {
        let folder = tempfile::Builder::new().prefix(".kaiin-").tempdir_in(workspace.folder())?;
        let files = TimelineFiles::of_head(folder.path(), "tried");
        let mut writer = TimelineWriter::create(&files).context("writing the timeline")?;
        import.each_version(|version| writer.push(&version)).await?;
        import.each_application(|version: ApplicationVersion| writer.push_application(version)).await?;
        import.each_adjustment(|version: AdjustmentVersion| writer.push_adjustment(version)).await?;
        writer.finish().context("writing the timeline")?;
        let timeline = Timeline::open(files, ExportDays::new(&self.exports))?;
        let after = count(workspace, &timeline, &self.associations, self.as_of, self.known_at)?;
        Ok(HeadlineEffect { as_of: self.as_of, before: self.before, after })
    }
}

fn count(
    workspace: &Workspace,
    timeline: &Timeline,
    associations: &Associations,
    as_of: NaiveDate,
    known_at: KnownAt,
) -> Result<Totals> {
    let rule = workspace.config.withdrawal_day_rule;
    let stored = Passing { timeline, associations, known_at, rule, keep: |_| true };
    Ok(totals(associations, &stored.count_on(day_number(as_of))?))
}
