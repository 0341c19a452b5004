//! `kaiin init`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::messages::Lang;
use crate::service::keep::init;

pub(super) fn run(context: &Context) -> Result<ExitCode> {
    let files = init::init(context.workspace.folder())?;
    if context.json {
        let rows: Vec<_> = files
            .iter()
            .map(|(path, is_new)| json!({ "file": path.display().to_string(), "written": is_new }))
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    for (path, is_new) in files {
        let word = match (is_new, context.lang) {
            (true, Lang::Ja) => "作りました",
            (false, Lang::Ja) => "すでにあります（そのままにしました）",
            (true, Lang::En) => "written",
            (false, Lang::En) => "is there already (left as it is)",
        };
        eprintln!("{}: {word}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
