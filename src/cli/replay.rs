//! `kaiin report --replay`: whether a paper comes out as it was.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::context::Context;
use super::output;
use crate::messages::Lang;
use crate::service::papers::Replayed;
use crate::service::{meetings, papers};

/// Changed cells that are told on the screen.
const MOST_TOLD: usize = 20;

pub(super) async fn run(context: &Context, path: &Path) -> Result<ExitCode> {
    let (folder, manifest) = papers::manifest_of(path)?;
    let replayed = match manifest.meeting.clone() {
        Some(note) => meetings::replay(&context.workspace, (&folder, &manifest), &note, None).await?,
        None => papers::replay(&context.workspace, (&folder, &manifest), None).await?,
    };
    if context.json {
        output::json(&as_json(&replayed))?;
    } else {
        show(context, &replayed);
    }
    Ok(if replayed.is_same() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn show(context: &Context, replayed: &Replayed) {
    let is_ja = context.lang == Lang::Ja;
    if replayed.is_same() {
        match is_ja {
            true => say!("同じものができました（{} ファイル、一字も違いません）", replayed.same.len()),
            false => say!("the same paper came out: {} files, every byte", replayed.same.len()),
        }
        return;
    }
    match is_ja {
        true => say!("同じものはできませんでした（{}）", replayed.different.join("、")),
        false => say!("another paper came out ({})", replayed.different.join(", ")),
    }
    for (what, before, now) in &replayed.others {
        say!("  {what}: {before} → {now}");
    }
    for cell in replayed.cells.iter().take(MOST_TOLD) {
        let (before, after) = (cell.before.as_deref().unwrap_or("－"), cell.after.as_deref().unwrap_or("－"));
        say!("  {}　{}　{}: {before} → {after}", cell.table, cell.row, cell.column);
    }
    if replayed.cells.len() > MOST_TOLD {
        match is_ja {
            true => say!("  ほか（計 {} か所）", replayed.cells.len()),
            false => say!("  and more ({} in all)", replayed.cells.len()),
        }
    }
}

fn as_json(replayed: &Replayed) -> serde_json::Value {
    let cells = replayed.cells.iter().map(|cell| {
        json!({
            "table": cell.table,
            "row": cell.row,
            "column": cell.column,
            "before": cell.before,
            "after": cell.after,
        })
    });
    let others =
        replayed.others.iter().map(|(what, before, now)| json!({ "what": what, "before": before, "now": now }));
    json!({
        "folder": replayed.folder.display().to_string(),
        "same": replayed.same,
        "different": replayed.different,
        "cells": cells.collect::<Vec<_>>(),
        "others": others.collect::<Vec<_>>(),
    })
}
