//! What taking an import back would do, before somebody decides: tried in a copy of the store.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::headline::HeadlineEffect;
use super::removed;
use super::taking_back::{ListedImport, changed_by, listed, made_from, refuse, refuse_needed_master, taking};
use crate::domain::layout::FileKind;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::head::head_of;
use crate::service::keep::removed_files::removed_on;
use crate::service::known::totals::{Totals, totals};
use crate::service::known::vintage::Vintage;
use crate::service::papers::revisions_due::{ChangedMonth, Trial};
use crate::store::ImportRecord;

/// The reason in the copy, where the store wants one too.
const TRIED: &str = "試し";

/// What taking an import back would do.
#[derive(Debug)]
pub struct TriedTakingBack {
    /// The import as it is listed.
    pub import: ListedImport,
    /// Head of the store that this holds of.
    pub head: String,
    /// Why it cannot be taken back; then nothing below is worked out.
    pub refused: Option<Failure>,
    /// Members on the day of the file, with the import and without it.
    pub headline: Option<HeadlineEffect>,
    /// Papers that were made from it, relative to the data folder.
    pub papers: Vec<String>,
    /// Months of the ledger with such papers.
    pub months: BTreeSet<String>,
    /// Months that are done of which papers would say something else.
    pub changed_months: Vec<ChangedMonth>,
}

/// Tries to take an import back; `None` where there is none of this id.
///
/// # Errors
/// When the store or the papers cannot be read, or a copy cannot be written.
pub async fn try_taking_back(workspace: &Workspace, id: i64) -> Result<Option<TriedTakingBack>> {
    let imports = workspace.store.imports().await?;
    let Some(import) = imports.iter().find(|import| import.id.0 == id) else { return Ok(None) };
    let (papers, months) = made_from(workspace, import).await?;
    let mut out = TriedTakingBack {
        import: listed(import, &removed_on(workspace).await?),
        head: head_of(&imports),
        refused: refused(workspace, &imports, import).await?,
        headline: None,
        papers,
        months,
        changed_months: Vec::new(),
    };
    if out.refused.is_none() {
        out.changed_months = changed_by(workspace, import, &taking(workspace, &imports, import, TRIED)).await?.days;
        out.headline = Some(headline(workspace, &imports, import).await?);
    }
    Ok(Some(out))
}

/// Why it cannot be taken back.
async fn refused(workspace: &Workspace, imports: &[ImportRecord], import: &ImportRecord) -> Result<Option<Failure>> {
    let told = |error: anyhow::Error| error.downcast::<Failure>().map(Some);
    if let Err(error) = refuse(imports, import) {
        return told(error);
    }
    if let Err(error) = removed::refuse(workspace, import).await {
        return told(error);
    }
    if import.kind == FileKind::Associations
        && let Err(error) = refuse_needed_master(workspace, import).await
    {
        return told(error);
    }
    Ok(None)
}

async fn headline(workspace: &Workspace, imports: &[ImportRecord], import: &ImportRecord) -> Result<HeadlineEffect> {
    let as_of = import.known_on;
    let before = members(workspace, as_of).await;
    let trial = Trial::of(workspace).await?;
    let taking = taking(workspace, imports, import, TRIED);
    let taken = trial.workspace.store.take_back(&taking).await.context("taking the import back in a copy");
    let after = members(&trial.workspace, as_of).await;
    trial.workspace.store.clone().close().await?;
    taken?;
    Ok(HeadlineEffect { as_of, before, after })
}

/// Members on a day as far as is known; before the first export nobody is.
async fn members(workspace: &Workspace, as_of: NaiveDate) -> Totals {
    let Ok(vintage) = Vintage::open(workspace, None).await else { return Totals::default() };
    let counted = vintage.count_on(|_| true, as_of);
    counted.map_or_else(|_| Totals::default(), |counts| totals(&vintage.associations, &counts))
}
