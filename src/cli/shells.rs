//! `kaiin completion` and `kaiin man`: what shells and readers of manuals are told, made from the arguments themselves.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use serde_json::json;

use super::global::Global;
use super::output;
use crate::messages::Lang;
use crate::service::keep::init::write_plain;

#[derive(Debug, Args)]
pub(super) struct CompletionArgs {
    /// シェル
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// 書き出すフォルダ（なければ作る。同じ名前のファイルは置き換える）
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Prints the completion of a shell.
pub(super) fn completion(command: Command, args: &CompletionArgs) -> ExitCode {
    let mut command = command;
    let name = command.get_name().to_string();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    output::bytes(&script);
    ExitCode::SUCCESS
}

/// Writes a page for each command.
pub(super) fn man(command: Command, global: &Global, args: &ManArgs) -> Result<ExitCode> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut pages = Vec::new();
    gather(&command, &mut pages)?;
    let paths = write_plain(&args.out, &pages)?;
    if global.json {
        output::json(&json!({ "folder": args.out.display().to_string(), "pages": paths.len() }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let out = args.out.display();
    match Lang::from(global.lang) {
        Lang::Ja => eprintln!("{out}: マニュアルを {} ページ書きました（man -l {out}/kaiin.1）", paths.len()),
        Lang::En => eprintln!("{out}: {} pages written (man -l {out}/kaiin.1)", paths.len()),
    }
    Ok(ExitCode::SUCCESS)
}

fn gather(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for one in command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help") {
        gather(one, pages)?;
    }
    let page = Man::new(command.clone()).manual("kaiin").source(concat!("kaiin ", env!("CARGO_PKG_VERSION")));
    let mut bytes = Vec::new();
    page.render(&mut bytes).with_context(|| format!("writing the page of {}", command.get_name()))?;
    pages.push((page.get_filename(), bytes));
    Ok(())
}
