//! The workbook of the rows to mend, for whoever looks at a file on a page.

use std::path::Path;

use anyhow::Result;

use super::check::{options, path_of};
use super::given::Given;
use super::report::Verdict;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::input;
use crate::service::intake::import::{ImportOptions, LISTS, workbook_to_mend};
use crate::service::keep::Workspace;

/// The workbook of a file with its name: the one that the import has written, or else one that is made now. `None` where there is
/// nothing to mend, or the file is gone.
///
/// # Errors
/// When the file cannot be read or the workbook cannot be made.
pub async fn workbook(workspace: &Workspace, given: &Given, nth: usize) -> Result<Option<(String, Vec<u8>)>> {
    let file = &given.files[nth];
    if file.verdict() == Some(Verdict::Stored) {
        let written = file.report.as_ref().and_then(|report| report.workbook.as_deref()).map(Path::new);
        let Some(name) = written.map(name_of) else { return Ok(None) };
        let refused = |source: std::io::Error| Failure::from_io(&source, &name);
        let bytes = input::read_whole(&workspace.folder().join(LISTS).join(&name)).map_err(refused)?;
        return Ok(Some((name, bytes)));
    }
    let Ok(path) = path_of(workspace, given, nth).await? else { return Ok(None) };
    let day = file.report.as_ref().and_then(|report| report.day);
    let options = ImportOptions { known_at: file.known_at.or(day), ..options(file) };
    workbook_to_mend(workspace, &path, &options).await
}
