//! Whether what was restored is what was backed up: verified as `kaiin verify` does, and asked the same questions.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::answers::ask_again;
use super::manifest::BackupManifest;
use crate::domain::chain_kind::ChainKind;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::folders::{Finding, State};
use crate::service::keep::head::head_of;
use crate::service::questions::verify::{Verification, verify};
use crate::store::ChainScope;

/// What was proved of a restored data folder.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// Rows of facts.
    pub(super) rows: u64,
    /// Imports.
    pub(super) imports: usize,
    /// Entries of the chain.
    pub(super) chain_entries: usize,
    /// Snapshots of the chain.
    pub(super) snapshots: usize,
    /// Papers of the chain that lie in the data folder.
    pub(super) papers: usize,
    /// Questions with the same answer.
    pub(super) answers_equal: usize,
    /// What is not as it was.
    pub(super) findings: Vec<Finding>,
}

/// Proves an opened workspace over restored files.
///
/// # Errors
/// None: what cannot be read is a finding.
pub(super) async fn prove(workspace: &Workspace, manifest: &BackupManifest) -> Proof {
    let mut proof = Proof::default();
    match verify(workspace).await {
        Ok(found) => proof.take(found, workspace.folder()),
        Err(error) => proof.findings.push(unproved(&error)),
    }
    if let Err(error) = proof.compare(workspace, manifest).await {
        proof.findings.push(unproved(&error));
    }
    proof
}

impl Proof {
    fn take(&mut self, found: Verification, folder: &Path) {
        self.rows = found.rows;
        self.chain_entries = found.entries;
        self.snapshots = found.snapshots;
        let of_copy = found.findings.into_iter().filter(|finding| !is_elsewhere(finding, folder));
        self.findings.extend(of_copy.map(|finding| shortened(finding, folder)));
    }

    async fn compare(&mut self, workspace: &Workspace, manifest: &BackupManifest) -> Result<()> {
        let imports = workspace.store.imports().await?;
        self.imports = imports.len();
        let chain = workspace.store.check_chain(ChainScope::Links).await?;
        let of_papers = chain.entries.iter().filter(|entry| entry.kind == ChainKind::Paper.code());
        let subjects: BTreeSet<&str> = of_papers.map(|entry| entry.subject.as_str()).collect();
        self.papers = subjects.into_iter().filter(|subject| !Path::new(subject).is_absolute()).count();
        let pairs = [
            ("imports", manifest.imports.to_string(), imports.len().to_string()),
            ("head", manifest.head.clone(), head_of(&imports)),
            ("chain", manifest.chain_head.clone(), chain.head().to_string()),
            ("chain entries", manifest.chain_entries.to_string(), chain.entries.len().to_string()),
        ];
        for (name, told, found) in pairs {
            if told != found {
                let what = format!("{name}: {told} → {found}");
                self.findings.push(Finding::new("BAK-014", State::Changed, what));
            }
        }
        let differing = ask_again(workspace, &manifest.answers).await?;
        self.answers_equal = manifest.answers.asked.len() - differing.len();
        self.findings.extend(differing.into_iter().map(|what| Finding::new("BAK-013", State::Changed, what)));
        Ok(())
    }
}

/// That a restored data folder cannot be opened or read, with the code that says why.
pub(super) fn unproved(error: &anyhow::Error) -> Finding {
    let failure = Failure::of(error);
    Finding::new("BAK-019", State::Changed, failure.to_string())
}

/// Whether a finding is about a paper outside of the data folder: where that lies is no matter of this copy.
fn is_elsewhere(finding: &Finding, folder: &Path) -> bool {
    let is_of_file = finding.code.starts_with("SNP-") || finding.code == "STO-019";
    is_of_file && !Path::new(&finding.place).starts_with(folder)
}

/// The same with places from the data folder on: the one that it was restored to is gone when this is read.
fn shortened(finding: Finding, folder: &Path) -> Finding {
    let prefix = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
    let short = |text: String| text.replace(&prefix, "");
    Finding { place: short(finding.place), words: finding.words.into_iter().map(short).collect(), ..finding }
}
