//! `kaiin verify`: everything that was kept, compared with the chain.
//!
//! The store with its chain, the timeline with the store, snapshots and papers with their manifests and those with the
//! chain. Nothing is changed. What cannot be read is told as that and never as changed.

use crate::service::keep::folders::{Finding, FolderCheck, State, snapshots};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::domain::chain_kind::ChainKind;
use crate::service::keep::Workspace;
use crate::service::keep::chain::words_of;
use crate::service::keep::folders::papers;
use crate::service::keep::handed_out::{HANDED_OUT, handing};
use crate::service::keep::snapshot_folders::sha256_of_file;
use crate::service::known::change_points::differing_prepared;
use crate::store::{ChainEntry, ChainFault, ChainScope, DistributionFault, differing};

/// What came of a walk over everything.
#[derive(Debug, Clone, Serialize)]
pub struct Verification {
    /// Whether everything is as it was.
    pub well: bool,
    /// Hash of the newest entry of the chain: whoever notes it can prove later that nothing before it was changed.
    pub head: String,
    /// Entries of the chain.
    pub entries: usize,
    /// Rows of facts.
    pub rows: u64,
    /// Snapshots in the chain.
    pub snapshots: usize,
    /// Papers in the chain.
    pub papers: usize,
    /// Distributions.
    pub distributions: usize,
    /// Files of snapshots and papers that were read.
    pub files: usize,
    /// What is not as it was.
    pub findings: Vec<Finding>,
}

/// Walks over everything.
///
/// # Errors
/// When the store cannot be read at all.
pub async fn verify(workspace: &Workspace) -> Result<Verification> {
    workspace.begin_chain().await?;
    let mut findings = store_faults(workspace).await;
    let check = workspace.store.check_chain(ChainScope::All).await?;
    let are_facts_well = check.faults.is_empty();
    findings.extend(check.faults.iter().map(finding_of));
    findings.extend(timeline_faults(workspace, are_facts_well).await?);
    let (of_snapshots, of_papers) =
        (of_kind(&check.entries, ChainKind::Snapshot), of_kind(&check.entries, ChainKind::Paper));
    let (mut n_files, mut touched) = (0, BTreeSet::new());
    for check in snapshots(workspace, &of_snapshots).await?.into_iter().chain(papers(workspace, &of_papers)?) {
        n_files += check.n_files;
        if !check.findings.is_empty() {
            touched.insert(check.folder);
        }
        findings.extend(check.findings);
    }
    findings.extend(ledger_faults(workspace, &touched).await?);
    let (distributions, deliveries) = (workspace.store.distributions().await?, workspace.store.deliveries().await?);
    findings.extend(differing(&check.entries, &distributions, &deliveries).iter().map(finding_of_distribution));
    findings.extend(handing_faults(workspace));
    Ok(Verification {
        well: findings.is_empty(),
        head: check.head().to_string(),
        entries: check.entries.len(),
        rows: check.n_rows,
        snapshots: of_snapshots.len(),
        papers: of_papers.len(),
        distributions: distributions.len(),
        files: n_files,
        findings,
    })
}

/// The same of snapshots alone, each with what is not as it was.
///
/// # Errors
/// As [`verify`].
pub async fn verify_snapshots(workspace: &Workspace) -> Result<Vec<FolderCheck>> {
    workspace.begin_chain().await?;
    let entries = workspace.store.check_chain(ChainScope::Links).await?.entries;
    snapshots(workspace, &of_kind(&entries, ChainKind::Snapshot)).await
}

/// The newest entry about each folder, by folder.
fn of_kind(entries: &[ChainEntry], kind: ChainKind) -> Vec<ChainEntry> {
    let mut newest = std::collections::BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind == kind.code()) {
        newest.insert(entry.subject.clone(), entry.clone());
    }
    newest.into_values().collect()
}

/// What the database finds wrong in its own file.
async fn store_faults(workspace: &Workspace) -> Vec<Finding> {
    let told = match workspace.store.integrity().await {
        Ok(told) => told,
        Err(error) => vec![error.to_string()],
    };
    told.into_iter().map(|line| Finding::new("STO-014", State::Changed, line)).collect()
}

fn finding_of(fault: &ChainFault) -> Finding {
    let state = match fault {
        ChainFault::Unrecorded { .. } => State::Added,
        ChainFault::Unreadable { .. } => State::Unreadable,
        ChainFault::Rows { told, found: 0, .. } if *told > 0 => State::Missing,
        ChainFault::Entry { .. } | ChainFault::Rows { .. } => State::Changed,
    };
    let code = if matches!(fault, ChainFault::Entry { .. }) { "STO-013" } else { "STO-012" };
    Finding::new(code, state, words_of(fault))
}

fn finding_of_distribution(fault: &DistributionFault) -> Finding {
    let state = match (fault.is_told, fault.is_there) {
        (true, false) => State::Missing,
        (false, _) => State::Added,
        (true, true) => State::Changed,
    };
    Finding::new("STO-023", state, format!("{} {}", fault.kind.code(), fault.subject))
}

/// Places at which the record of what was handed out does not go on from the line before.
fn handing_faults(workspace: &Workspace) -> Vec<Finding> {
    let place = workspace.folder().join(HANDED_OUT).display().to_string();
    match handing(workspace.folder()) {
        Ok(record) => {
            let lines = record.broken.iter();
            lines.map(|line| Finding::new("STO-024", State::Changed, format!("{place}:{line}"))).collect()
        }
        Err(_) => vec![Finding::new("STO-025", State::Unreadable, place)],
    }
}

/// Files of months that are not what the ledger of months says. What was touched is told already, each folder as a whole.
async fn ledger_faults(workspace: &Workspace, touched: &BTreeSet<PathBuf>) -> Result<Vec<Finding>> {
    let mut out = Vec::new();
    for file in workspace.store.job_files().await? {
        let place = workspace.place_of_subject(&file.name);
        let is_reported = place.ancestors().any(|above| touched.contains(above));
        if !is_reported && sha256_of_file(&place).is_ok_and(|found| found != file.sha256) {
            out.push(Finding::new("STO-019", State::Changed, place.display().to_string()));
        }
    }
    Ok(out)
}

/// Timelines and change points that are not what was written, or not what the store says now. They are made anew when they are asked for next.
async fn timeline_faults(workspace: &Workspace, are_facts_well: bool) -> Result<Vec<Finding>> {
    let place = |path: &Path| path.display().to_string();
    let mut out: Vec<Finding> =
        workspace.damaged_timelines().iter().map(|path| Finding::new("ENV-032", State::Changed, place(path))).collect();
    if are_facts_well && out.is_empty() {
        let differing = workspace.differing_timeline().await?;
        out.extend(differing.map(|path| Finding::new("ENV-032", State::Changed, place(&path))));
    }
    if are_facts_well && out.is_empty() {
        let differing = differing_prepared(workspace).await?;
        out.extend(differing.map(|path| Finding::new("ENV-032", State::Changed, place(&path))));
    }
    Ok(out)
}
