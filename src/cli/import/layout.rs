//! `kaiin import --explain-layout`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use crate::cli::context::Context;
use crate::cli::output;
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::intake::import::{LayoutReport, explain_layout};

/// One report for each file; the first file that would be refused decides the exit code.
pub(super) fn explain_layouts(context: &Context, files: &[PathBuf], layout: Option<&str>) -> Result<ExitCode> {
    let mut reports = Vec::with_capacity(files.len());
    let mut refused = None;
    for path in files {
        let mut report = explain_layout(&context.workspace, path, layout)?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(problem) = report.problem.take() {
            refused = refused.or(Some(Failure::from_ingest(problem.into(), &file)));
        }
        if !context.json {
            show_layout(&file, &report, context.lang);
        }
        reports.push(report);
    }
    if context.json {
        output::json(&reports)?;
    }
    match refused {
        Some(failure) => Err(failure.into()),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn show_layout(file: &str, report: &LayoutReport, lang: Lang) {
    let kind = report.kind.label();
    match lang {
        Lang::Ja => say!("{file}: {}（{kind}）", report.layout),
        Lang::En => say!("{file}: {} ({})", report.layout, report.kind.code()),
    }
    let (missing, required, unused) = match lang {
        Lang::Ja => ("なし", "必要", "使わない"),
        Lang::En => ("missing", "required", "ignored"),
    };
    let headings: Vec<String> = match lang {
        Lang::Ja => ["列", "見出し", "項目", ""].map(String::from).to_vec(),
        Lang::En => ["column", "heading", "field", ""].map(String::from).to_vec(),
    };
    let mut rows: Vec<Vec<String>> = report
        .fields
        .iter()
        .map(|place| {
            let accepted = place.accepted.first().cloned().unwrap_or_default();
            vec![
                place.column.clone().unwrap_or_else(|| missing.into()),
                place.heading.clone().unwrap_or_default(),
                accepted,
                if place.is_required { required.into() } else { String::new() },
            ]
        })
        .collect();
    rows.extend(
        report
            .ignored
            .iter()
            .map(|ignored| vec![ignored.column.clone(), ignored.heading.clone(), String::new(), unused.to_string()]),
    );
    output::table(&headings, &rows, &[false; 4]);
}
