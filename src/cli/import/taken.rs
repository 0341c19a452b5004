//! `kaiin import --list` and `kaiin import --take-back`.

use std::process::ExitCode;

use anyhow::Result;

use super::summary::show_changed_months;
use crate::cli::context::Context;
use crate::cli::output;
use crate::clock::tokyo;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::intake::import;
use crate::service::intake::import::{ListedImport, TakenBackReport};

/// Papers that are named on screen; `--json` names all.
const SHOWN_PAPERS: usize = 20;

pub(super) async fn list(context: &Context) -> Result<ExitCode> {
    let imports = import::list(&context.workspace).await?;
    if context.json {
        output::json(&imports)?;
        return Ok(ExitCode::SUCCESS);
    }
    let headings = match context.lang {
        Lang::Ja => ["番号", "種類", "源", "出力日", "行", "取込み", "状態", "ファイル"],
        Lang::En => ["id", "kind", "source", "export day", "rows", "taken in", "state", "file"],
    };
    let rows: Vec<Vec<String>> = imports.iter().map(|import| row(import, context.lang)).collect();
    let right = [true, false, false, false, true, false, false, false];
    output::table(&headings.map(String::from), &rows, &right);
    Ok(ExitCode::SUCCESS)
}

fn row(import: &ListedImport, lang: Lang) -> Vec<String> {
    let kind = if lang == Lang::Ja { import.kind_label } else { import.kind };
    vec![
        import.id.to_string(),
        kind.into(),
        import.source.clone(),
        import.known_at.to_string(),
        thousands(i64::from(import.rows)),
        import.imported_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string(),
        state(import, lang),
        import.file.clone(),
    ]
}

/// The state as people read it, with the reason of what was taken back.
fn state(import: &ListedImport, lang: Lang) -> String {
    let word = match (import.state, lang) {
        ("stands", Lang::Ja) => "有効",
        ("replaced", Lang::Ja) => "置換え済み",
        ("taken_back", Lang::Ja) => "取消",
        ("taken_back", Lang::En) => "taken back",
        (code, _) => code,
    };
    let mut out = import.reason.as_ref().map_or_else(|| word.to_string(), |reason| format!("{word}（{reason}）"));
    if let Some(day) = import.file_removed_on {
        out += &match lang {
            Lang::Ja => format!("（原本は {day} に消去）"),
            Lang::En => format!(" (file removed on {day})"),
        };
    }
    out
}

pub(super) async fn take_back(context: &Context, which: &str, reason: &str, accepts_change: bool) -> Result<ExitCode> {
    let workspace = &context.workspace;
    let lock = workspace.lock_for_writing().await?;
    let report = import::take_back(workspace, &lock, which, reason, accepts_change).await?;
    if context.json {
        output::json(&report)?;
    } else {
        tell(&report, context.lang);
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(report: &TakenBackReport, lang: Lang) {
    let TakenBackReport { import, papers, months, .. } = report;
    match lang {
        Lang::Ja => eprintln!(
            "{}: 取り消しました（番号 {}、{}、出力日 {}）。前に分かっていたことに戻りました",
            import.file, import.id, import.kind_label, import.known_at
        ),
        Lang::En => eprintln!(
            "{}: taken back (id {}, {}, {}); what was known before speaks again",
            import.file, import.id, import.kind, import.known_at
        ),
    }
    show_changed_months(&report.changed_months, lang);
    if papers.is_empty() {
        return;
    }
    let months: Vec<&str> = months.iter().map(String::as_str).collect();
    match lang {
        Lang::Ja => eprintln!(
            "  この取込みから作った資料があります（{}）。作り直して、配布先に知らせてください",
            months.join("、")
        ),
        Lang::En => {
            eprintln!("  papers were made from it ({}); make them anew and tell who received them", months.join(", "));
        }
    }
    for paper in papers.iter().take(SHOWN_PAPERS) {
        eprintln!("    {paper}");
    }
    if papers.len() > SHOWN_PAPERS {
        eprintln!("    … +{}", papers.len() - SHOWN_PAPERS);
    }
}
