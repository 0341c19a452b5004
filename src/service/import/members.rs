//! Taking in member exports: read, plan, ask the drift guard, store.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::headline::Headline;
use super::summary::{ImportStatus, ImportSummary};
use super::{
    ImportOptions, ImportProgress, Inspected, guard, plan, refuse_older, refuse_rejects, summarise, write_list,
};
use crate::domain::association::Associations;
use crate::domain::problem::{Hint, Problem};
use crate::error::Failure;
use crate::ingest::members::{MemberRows, read_members};
use crate::service::Workspace;
use crate::store::{Import, ImportRecord, NewImport};

pub(super) async fn import(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    imports: &[ImportRecord],
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<ImportSummary> {
    let associations = workspace.store.associations().await?;
    if associations.is_empty() {
        return Err(Failure::input(Problem::MasterMissing, &file.file_name, "").into());
    }
    refuse_older(imports, new)?;
    let vocabulary = &workspace.vocabulary;
    let hear = |n| progress.rows_read(n);
    let read = read_members(&file.path, &file.scan, &file.columns, &associations, vocabulary, file.known_on, &hear)
        .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    let mut summary = summarise(file, new, &read.tally, options);
    for code in workspace.vocabulary.schemes.unknown_bodies(&associations) {
        let hint = Hint { code: "WHY-016", words: vec![code.to_string()] };
        summary.note(Problem::SchemeBodyUnknown, None, Some(hint));
    }
    // Before anything is decided: whoever is refused for the sake of rejects needs the list most.
    write_list(workspace, file, &read.tally, options, &mut summary);
    refuse_rejects(workspace, &read.tally, &summary, options.atomic)?;
    progress.storing();
    store(workspace, read, new, &associations, options, &mut summary).await?;
    Ok(summary)
}

async fn store(
    workspace: &Workspace,
    read: MemberRows,
    new: &mut NewImport,
    associations: &Associations,
    options: &ImportOptions,
    summary: &mut ImportSummary,
) -> Result<()> {
    // The store is read before the import holds it.
    let before = if options.dry_run { Some(Headline::before(workspace, new.known_on).await?) } else { None };
    let mut import = workspace.store.start_import(new).await.context("starting the import")?;
    let limits = &workspace.config.import;
    summary.replaces = import.replaces();
    let mut drift = None;
    if import.replaces() {
        // A file that takes the place of another is compared with that one first: on the first day of a source
        // nothing else could tell that it is cut off, or another prefecture's.
        let standing = standing(&mut import).await?;
        let planned =
            plan::plan(read.rows.clone(), &standing, associations, &workspace.vocabulary.schemes, new.known_on);
        drift = guard::drift(&planned.presence, associations, limits);
        import.take_back_replaced().await?;
    }
    let standing = standing(&mut import).await?;
    let planned = plan::plan(read.rows, &standing, associations, &workspace.vocabulary.schemes, new.known_on);
    drop(standing);
    drift = drift.or_else(|| guard::drift(&planned.presence, associations, limits));
    summary.stays = planned.stays;
    summary.findings = planned.changes.new_findings.iter().fold(BTreeMap::new(), |mut counts, finding| {
        *counts.entry(finding.code.code()).or_default() += 1;
        counts
    });
    if let (None, Some((problem, detail))) = (&options.accept_drop, drift) {
        import.abandon().await?;
        return Err(Failure::input(problem, &new.file_name, detail).into());
    }
    if let Some(before) = before {
        import.apply(&planned.changes).await.context("trying the import")?;
        summary.headline = Some(before.after_import(workspace, &mut import).await?);
        import.abandon().await?;
        summary.status = ImportStatus::DryRun;
        return Ok(());
    }
    import.commit(&planned.changes).await.context("storing the import")?;
    drop(planned);
    Ok(())
}

async fn standing(import: &mut Import) -> Result<plan::Standing> {
    Ok(plan::Standing {
        stays: import.standing().await?,
        persons: import.standing_persons().await?,
        findings: import.standing_findings().await?,
        next_ids: import.next_ids().await?,
    })
}
