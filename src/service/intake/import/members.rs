//! Taking in member exports: read, plan, ask the drift guard, store.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::earlier::{day_before, is_of_source, refuse_older};
use super::first_export::ask_about_the_first;
use super::guard::months_between;
use super::headline::Headline;
use super::inspected::Inspected;
use super::lists::write_list;
use super::options::{ImportOptions, ImportProgress};
use super::questions::{Questions, ask_about_the_day, n_people};
use super::summary::{ImportStatus, ImportSummary, Imported};
use super::tally::{refuse_rejects, summarise};
use super::{guard, plan, removed};
use crate::domain::association::Associations;
use crate::domain::problem::{Hint, Problem};
use crate::error::Failure;
use crate::ingest::members::{MemberRows, read_members};
use crate::service::keep::Workspace;
use crate::service::keep::learnt::Learnt;
use crate::store::{Changes, Import, ImportRecord, NewImport};

pub(super) async fn import(
    workspace: &Workspace,
    file: &Inspected<'_>,
    new: &mut NewImport,
    imports: &[ImportRecord],
    options: &ImportOptions,
    progress: &dyn ImportProgress,
) -> Result<Imported> {
    let associations = workspace.store.associations().await?;
    if associations.is_empty() {
        return Err(Failure::input(Problem::MasterMissing, &file.file_name, "").into());
    }
    refuse_older(imports, new)?;
    let vocabulary = &workspace.vocabulary;
    let hear = |n| progress.rows_read(n);
    let mut read = read_members(&file.path, &file.scan, &file.columns, &associations, vocabulary, file.known_on, &hear)
        .map_err(|error| Failure::from_ingest(error, &file.file_name))?;
    removed::leave_out(workspace, &mut read, file).await?;
    let mut summary = summarise(file, new, &read.tally, options);
    for code in workspace.vocabulary.schemes.unknown_bodies(&associations) {
        let hint = Hint { code: "WHY-016", words: vec![code.to_string()] };
        summary.note(Problem::SchemeBodyUnknown, None, Some(hint));
    }
    // Before anything is decided: whoever is refused for the sake of rejects needs the list most.
    write_list(workspace, file, &read.tally, options, &mut summary);
    refuse_rejects(workspace, &read.tally, &summary, options.atomic)?;
    let mut questions = Questions::default();
    ask_about_the_day(&mut questions, file, &read);
    let day_before = day_before(imports, new);
    if day_before.is_none() && !imports.iter().any(|import| is_of_source(import, new) && import.stands()) {
        ask_about_the_first(&mut questions, file, &read, &associations);
    }
    progress.storing();
    let ask = Ask { file, options, day_before };
    let learnt = store(workspace, read, new, &associations, (&ask, questions), &mut summary).await?;
    Ok(Imported { summary, learnt })
}

/// What the questions of a file depend on.
struct Ask<'a> {
    file: &'a Inspected<'a>,
    options: &'a ImportOptions,
    day_before: Option<NaiveDate>,
}

async fn store(
    workspace: &Workspace,
    read: MemberRows,
    new: &mut NewImport,
    associations: &Associations,
    (ask, mut questions): (&Ask<'_>, Questions),
    summary: &mut ImportSummary,
) -> Result<Option<Learnt>> {
    let options = ask.options;
    // The store is read before the import holds it.
    let before = if options.dry_run { Some(Headline::before(workspace, new.known_on).await?) } else { None };
    let mut import = workspace.store.start_import(new).await.context("starting the import")?;
    let (limits, schemes) = (&workspace.config.import, &workspace.vocabulary.schemes);
    summary.replaces = import.replaces();
    let mut drift = None;
    if import.replaces() {
        // A file that takes the place of another is compared with that one first: on the first day of a source
        // nothing else could tell that it is cut off, or another prefecture's.
        let standing = standing(&mut import).await?;
        let (people, told) = (n_people(&read.rows), standing.n_people());
        if people < told {
            questions.ask(Problem::FewerPeople, format!("{told} → {people}"));
        }
        let planned = plan::plan(read.rows.clone(), &standing, associations, schemes, new.known_on);
        drift = guard::drift(&planned.presence, associations, limits, 0);
        import.take_back_replaced().await?;
    }
    let standing = standing(&mut import).await?;
    let planned = plan::plan(read.rows, &standing, associations, schemes, new.known_on);
    let next_ids = standing.next_ids;
    drop(standing);
    let months = ask.day_before.map_or(0, |day| months_between(day, new.known_on));
    drift = drift.or_else(|| guard::drift(&planned.presence, associations, limits, months));
    if let Some((problem, detail)) = drift {
        questions.ask(problem, detail);
    }
    summary.stays = planned.stays;
    summary.findings = planned.changes.new_findings.iter().fold(BTreeMap::new(), |mut counts, finding| {
        *counts.entry(finding.code.code()).or_default() += 1;
        counts
    });
    let source = import.source();
    finish(workspace, import, &planned.changes, (ask.file, options, questions), before, summary).await?;
    // What was taken back for it is not among the changes.
    let is_all = summary.status == ImportStatus::Stored && !summary.replaces;
    let follows = new.follows.clone().filter(|_| is_all);
    Ok(follows.map(|before| Learnt::new(before, (source, new.known_on), next_ids, planned.changes)))
}

/// Asks what is to be asked, and stores what was planned unless something is.
pub(super) async fn finish(
    workspace: &Workspace,
    mut import: Import,
    changes: &Changes,
    (file, options, questions): (&Inspected<'_>, &ImportOptions, Questions),
    before: Option<Headline>,
    summary: &mut ImportSummary,
) -> Result<()> {
    // Nothing is written for a file that cannot be stored anyway.
    if let Err(question) = questions.refuse_open(file, options) {
        import.abandon().await?;
        return Err(question);
    }
    let Some(before) = before else {
        return import.commit(changes).await.context("storing the import");
    };
    import.apply(changes).await.context("trying the import")?;
    summary.headline = Some(before.after_import(workspace, &mut import, file).await?);
    import.abandon().await?;
    summary.status = ImportStatus::DryRun;
    Ok(())
}

async fn standing(import: &mut Import) -> Result<plan::Stored> {
    Ok(plan::Stored {
        stays: import.standing().await?,
        persons: import.stored_persons().await?,
        findings: import.stored_findings().await?,
        next_ids: import.next_ids().await?,
    })
}
