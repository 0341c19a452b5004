//! `kaiin layouts`, and `kaiin reports copy`: what an office may change, as files of its own.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;

use super::global::{Global, read_config, settings_path};
use super::output;
use crate::messages::Lang;
use crate::service::keep::definition_files;
use crate::service::keep::definition_files::{LayoutFields, Settings, Written, no_layout};

#[derive(Debug, Subcommand)]
pub(super) enum LayoutsCommand {
    /// レイアウトの一覧。名前を付けると、その項目と見出し
    List {
        /// レイアウトの名前（例 mamis-members-wide）
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// ファイルの見出しが変わったとき、新しい見出しを読めるようにする
    AddHeading {
        /// 項目=新しい見出し。項目は今の見出しか項目名（例 郡市区等入会日=入会年月日、local_joined_on=入会年月日）
        #[arg(value_name = "FIELD", required = true)]
        pairs: Vec<String>,
        /// このレイアウトだけ（省略時は、その項目のある会員一覧のレイアウトすべて）
        #[arg(long, value_name = "NAME")]
        layout: Option<String>,
    },
}

pub(super) fn run(global: &Global, command: &LayoutsCommand) -> Result<ExitCode> {
    let config = read_config(global)?;
    match command {
        LayoutsCommand::List { name } => list(global, &definition_files::layouts(&config)?, name.as_deref())?,
        LayoutsCommand::AddHeading { pairs, layout } => {
            let path = settings_path(global);
            let settings = Settings { path: &path, config: &config };
            told(global, &definition_files::add_headings(settings, layout.as_deref(), pairs)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Copies a shipped definition, or lists what can be copied.
pub(super) fn copy(global: &Global, name: Option<&str>) -> Result<ExitCode> {
    let Some(name) = name else { return copies(global) };
    let config = read_config(global)?;
    let path = settings_path(global);
    told(global, &definition_files::copy(Settings { path: &path, config: &config }, name)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a shipped definition.
pub(super) fn show(name: &str) -> Result<ExitCode> {
    output::bytes(definition_files::find(name)?.text.as_bytes());
    Ok(ExitCode::SUCCESS)
}

fn copies(global: &Global) -> Result<ExitCode> {
    let all = definition_files::copies();
    if global.json {
        let rows: Vec<_> =
            all.iter().map(|one| json!({ "name": one.name, "title": one.title, "path": one.path })).collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let headings = match Lang::from(global.lang) {
        Lang::Ja => ["名前", "表題", "ファイル"],
        Lang::En => ["name", "title", "file"],
    };
    let rows: Vec<Vec<String>> = all.into_iter().map(|one| vec![one.name, one.title, one.path]).collect();
    output::table(&headings.map(String::from), &rows, &[false; 3]);
    Ok(ExitCode::SUCCESS)
}

/// Says what was written and what to do next.
fn told(global: &Global, written: &Written) -> Result<()> {
    if global.json {
        return output::json(written);
    }
    let is_japanese = Lang::from(global.lang) == Lang::Ja;
    for file in &written.files {
        eprintln!("{file}: {}", if is_japanese { "書きました" } else { "written" });
    }
    if let Some(settings) = &written.settings {
        let text = if is_japanese {
            "definitions にそのフォルダを書きました"
        } else {
            "names the folder under definitions"
        };
        eprintln!("{settings}: {text}");
    }
    for heading in &written.already {
        eprintln!("{heading}: {}", if is_japanese { "すでに読めます" } else { "is read already" });
    }
    if !written.files.is_empty() {
        let text = if is_japanese {
            "ファイルを直したら、kaiin reports check で確かめてください。見出しの読み方は kaiin import --explain-layout ファイル名 で見られます"
        } else {
            "prove changes with kaiin reports check; kaiin import --explain-layout FILE shows how headings are read"
        };
        eprintln!("  {text}");
    }
    Ok(())
}

fn list(global: &Global, all: &[LayoutFields], name: Option<&str>) -> Result<()> {
    let names: Vec<String> = all.iter().map(|one| one.layout.clone()).collect();
    let chosen: Vec<&LayoutFields> = match name {
        None => all.iter().collect(),
        Some(name) => {
            let found = all.iter().find(|one| one.layout == name);
            vec![found.ok_or_else(|| no_layout(name, &names))?]
        }
    };
    if global.json {
        return output::json(&chosen);
    }
    let lang = Lang::from(global.lang);
    match (chosen.as_slice(), name) {
        ([one], Some(_)) => fields_table(one, lang),
        _ => layouts_table(&chosen, lang),
    }
    Ok(())
}

/// The fields of one layout.
fn fields_table(layout: &LayoutFields, lang: Lang) {
    let required = if lang == Lang::Ja { "必要" } else { "required" };
    let row = |field: &definition_files::LayoutField| {
        let needed = if field.required { required } else { "" };
        vec![field.headings.join("、"), field.field.clone(), needed.to_string()]
    };
    let headings = if lang == Lang::Ja { ["見出し", "項目名", ""] } else { ["headings", "field", ""] };
    let rows: Vec<Vec<String>> = layout.fields.iter().map(row).collect();
    output::table(&headings.map(String::from), &rows, &[false; 3]);
}

/// All layouts, a line each.
fn layouts_table(layouts: &[&LayoutFields], lang: Lang) {
    let headings = if lang == Lang::Ja { ["名前", "種類", "項目の数"] } else { ["name", "kind", "fields"] };
    let kind = |one: &LayoutFields| if lang == Lang::Ja { one.kind_label } else { one.kind }.to_string();
    let row = |one: &&LayoutFields| vec![one.layout.clone(), kind(one), one.fields.len().to_string()];
    let rows: Vec<Vec<String>> = layouts.iter().map(row).collect();
    output::table(&headings.map(String::from), &rows, &[false; 3]);
}
