//! The headline figures before and after an import that is only tried (`--dry-run`, A9): members by tier on the day
//! of the file, counted the way every other figure is.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use super::inspected::Inspected;
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::coverage::ExportDay;
use crate::domain::day::day_number;
use crate::domain::export_days::ExportDays;
use crate::domain::layout::FileKind;
use crate::files::NewFolder;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::{export_days, is_export};
use crate::service::known::totals::{Totals, totals};
use crate::stats::stream_count::StreamCount;
use crate::store::Import;
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
        let exports = imports.iter().filter(|import| import.kind != FileKind::Associations && import.stands());
        // What the file says is known from its day on, or together with whatever is newer.
        let known_at = KnownAt(exports.map(|import| import.known_on).max().map_or(as_of, |newest| newest.max(as_of)));
        let associations = workspace.store.associations().await?;
        let before = if imports.iter().any(is_export) {
            let timeline = workspace.timeline(&imports).await?;
            count(workspace, &timeline, &associations, as_of, known_at)?
        } else {
            Totals::default()
        };
        Ok(Self { as_of, known_at, associations, exports: export_days(&imports), before })
    }

    /// Counts again with what the import has written and not yet made durable.
    pub(super) async fn after_import(
        self,
        workspace: &Workspace,
        import: &mut Import,
        file: &Inspected<'_>,
    ) -> Result<HeadlineEffect> {
        let (_folder, timeline) = tried_timeline(workspace, import, file, &self.exports).await?;
        let after = count(workspace, &timeline, &self.associations, self.as_of, self.known_at)?;
        Ok(HeadlineEffect { as_of: self.as_of, before: self.before, after })
    }
}

/// A timeline with what an import has written and not yet made durable, in a folder that goes with it. `exports` are those
/// before the file.
async fn tried_timeline(
    workspace: &Workspace,
    import: &mut Import,
    file: &Inspected<'_>,
    exports: &[ExportDay],
) -> Result<(NewFolder, Timeline)> {
    let folder = NewFolder::within(workspace.folder(), workspace.readers())?;
    let files = TimelineFiles::of_head(folder.path(), "tried");
    let mut writer = TimelineWriter::create(&files).context("writing the timeline")?;
    import.each_version(|version| writer.push(&version)).await?;
    import.each_application(|version: ApplicationVersion| writer.push_application(version)).await?;
    import.each_adjustment(|version: AdjustmentVersion| writer.push_adjustment(version)).await?;
    writer.finish().context("writing the timeline")?;
    let exports = ExportDays::new(&with_file(exports, import, file));
    Ok((folder, Timeline::open(&files, exports)?))
}

/// The exports of members with that of the file, which is then the newest of its day.
fn with_file(exports: &[ExportDay], import: &Import, file: &Inspected<'_>) -> Vec<ExportDay> {
    let mut out = exports.to_vec();
    if file.layout.kind == FileKind::Members {
        let kept_days = file.layout.ended_rows_kept_days;
        let tried = ExportDay { source: import.source(), day: file.known_on, kept_days };
        out.retain(|export| (export.source, export.day) != (tried.source, tried.day));
        out.push(tried);
    }
    out
}

fn count(
    workspace: &Workspace,
    timeline: &Timeline,
    associations: &Associations,
    as_of: NaiveDate,
    known_at: KnownAt,
) -> Result<Totals> {
    let rule = workspace.config.withdrawal_day_rule;
    let stored = StreamCount { timeline, associations, known_at, rule, keep: |_| true };
    Ok(totals(associations, &stored.count_on(day_number(as_of))?))
}
