//! Months whose papers have been made: whether an import changes what was answered then (R34). A newer export never
//! does, for its own day is later than the known-at of the papers.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::Inspected;
use super::headline::tried_timeline;
use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::day::day_number;
use crate::domain::reach::ExportDay;
use crate::service::Workspace;
use crate::service::published::{done_periods, papers};
use crate::service::speaking::export_days;
use crate::stats::Counts;
use crate::stats::passing::Passing;
use crate::store::{Import, NewImport};
use crate::timeline::Timeline;

/// Answers that were given, with the months and papers that gave them.
pub(super) struct GivenOut {
    associations: Associations,
    /// Exports of members before the file.
    exports: Vec<ExportDay>,
    answers: Vec<Answer>,
}

struct Answer {
    as_of: NaiveDate,
    known_at: NaiveDate,
    names: BTreeSet<String>,
    before: Counts,
}

impl GivenOut {
    /// The answers that a file of this day could change, as they are now. The store is read before an import holds it.
    pub(super) async fn before(workspace: &Workspace, new: &NewImport) -> Result<Option<Self>> {
        let done = done_periods(workspace).await?;
        let mut pairs: BTreeMap<(NaiveDate, NaiveDate), BTreeSet<String>> = BTreeMap::new();
        for paper in papers(workspace)? {
            if done.contains(&paper.period) && new.known_on <= paper.known_at {
                pairs.entry((paper.as_of, paper.known_at)).or_default().insert(paper.name);
            }
        }
        if pairs.is_empty() {
            return Ok(None);
        }
        let associations = workspace.store.associations().await?;
        let imports = workspace.store.imports().await?;
        let timeline = workspace.timeline(&imports).await?;
        let answers = pairs.into_iter().map(|((as_of, known_at), names)| {
            let before = counted(workspace, &timeline, &associations, (as_of, known_at))?;
            Ok(Answer { as_of, known_at, names, before })
        });
        let answers = answers.collect::<Result<_>>()?;
        Ok(Some(Self { associations, exports: export_days(&imports), answers }))
    }

    /// What changes with all that the import has written so far: days and papers; empty for nothing.
    pub(super) async fn changed(
        &self,
        workspace: &Workspace,
        import: &mut Import,
        file: &Inspected<'_>,
    ) -> Result<Vec<String>> {
        let (_folder, timeline) = tried_timeline(workspace, import, file, &self.exports).await?;
        let mut out = Vec::new();
        for Answer { as_of, known_at, names, before } in &self.answers {
            let after = counted(workspace, &timeline, &self.associations, (*as_of, *known_at))?;
            if after.cells != before.cells {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                out.push(format!("{as_of}: {}", names.join("、")));
            }
        }
        Ok(out)
    }
}

fn counted(
    workspace: &Workspace,
    timeline: &Timeline,
    associations: &Associations,
    (as_of, known_at): (NaiveDate, NaiveDate),
) -> Result<Counts> {
    let (known_at, rule) = (KnownAt(known_at), workspace.config.withdrawal_day_rule);
    let stored = Passing { timeline, associations, known_at, rule, keep: |_| true };
    stored.count_on(day_number(as_of)).context("counting for a month that is done")
}
