//! What a run of a job knows of papers: which of those in its folder the ledger has.

use std::collections::BTreeSet;
use std::path::Path;

use super::manifest::Manifest;

/// A run of a job that publishes papers into a folder.
#[derive(Debug, Clone)]
pub struct Run {
    /// Job and period, the same for every attempt; it stands in the manifests of its papers.
    pub name: String,
    /// Folders of the editions that the ledger has, without their path.
    pub recorded: BTreeSet<String>,
}

impl Run {
    /// Whether an edition was put in place by an attempt that ended before the ledger knew of it.
    pub(super) fn has_lost(&self, folder: &Path, manifest: &Manifest) -> bool {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        manifest.run.as_ref() == Some(&self.name) && !self.recorded.contains(name.as_ref())
    }
}
