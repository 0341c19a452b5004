//! Where the inbox of a data folder is.

use std::path::PathBuf;

use crate::service::keep::Workspace;

/// The inbox that the settings name.
pub(in crate::service) fn inbox_of(workspace: &Workspace) -> PathBuf {
    workspace.folder().join(&workspace.config.jobs.inbox)
}
