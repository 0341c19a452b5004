//! `kaiin init`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;

use super::context::Context;
use super::global::{Global, read_config};
use super::output;
use crate::messages::Lang;
use crate::service::keep::init;
use crate::service::keep::unit::{Served, UNIT, unit};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// 代わりに、kaiin serve を systemd で動かす単位（kaiin.service）を出す
    #[arg(long)]
    systemd: bool,
    /// 画面に出さず、このフォルダに書く
    #[arg(long, value_name = "DIR", requires = "systemd")]
    out: Option<PathBuf>,
}

impl InitArgs {
    /// Whether only a unit is asked for, for which nothing need be there.
    pub(super) fn is_of_unit(&self) -> bool {
        self.systemd
    }
}

/// Prints or writes the unit for the data folder and the settings in force.
pub(super) fn write_unit(global: &Global, args: &InitArgs) -> Result<ExitCode> {
    let (config, program) = (read_config(global)?, std::env::current_exe().context("looking for the program")?);
    let served = Served { program: &program, data: &global.data, settings: global.config.as_deref(), config: &config };
    let text = unit(&served)?;
    let Some(out) = &args.out else {
        output::bytes(text.as_bytes());
        return Ok(ExitCode::SUCCESS);
    };
    let paths = init::write_plain(out, &[(UNIT.to_string(), text.into_bytes())])?;
    if global.json {
        output::json(&paths)?;
        return Ok(ExitCode::SUCCESS);
    }
    for path in paths {
        let word = if Lang::from(global.lang) == Lang::Ja { "書きました" } else { "written" };
        eprintln!("{}: {word}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

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
