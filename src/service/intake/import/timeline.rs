//! The timeline of what was taken in, and its change points.

use crate::domain::layout::FileKind;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::head::head_of;
use crate::service::keep::learnt::Learnt;
use crate::service::known::change_points::refresh_prepared;

/// Writes both after the last commit, unless there is nobody to count. The imports stand even when that fails: saying
/// otherwise would be wrong, and the next question writes the timeline or says why it cannot. `learnt` is what the newest import has
/// changed, where the timeline before it may tell of the rest.
pub(super) async fn refresh_timeline(workspace: &Workspace, learnt: Option<Learnt>) {
    let refreshed = async {
        let imports = workspace.store.imports().await?;
        match imports.iter().all(|import| import.kind == FileKind::Associations) {
            true => Ok(()),
            false => {
                workspace.refresh_timeline_by(&head_of(&imports), learnt).await?;
                refresh_prepared(workspace).await
            }
        }
    };
    if let Err(error) = refreshed.await {
        let failure = Failure::of(&error);
        // What was stored before is damaged: that is news for whoever imports.
        match failure.code.starts_with("STO-01") {
            true => workspace.notice(failure),
            false => tracing::warn!(
                error = format!("{error:#}"),
                "the import is stored, but its timeline or its change points could not be written"
            ),
        }
    }
}
