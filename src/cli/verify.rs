//! `kaiin verify`.

use std::process::ExitCode;

use anyhow::Result;

use super::context::Context;
use super::output;
use crate::domain::printed_number::thousands;
use crate::error::FailureKind;
use crate::messages::{Lang, message_of};
use crate::service::keep::folders::{Finding, State};
use crate::service::questions::verify::{Verification, verify};

pub(super) async fn run(context: &Context) -> Result<ExitCode> {
    let found = verify(&context.workspace).await?;
    if context.json {
        output::json(&found)?;
    } else {
        show(&found, context.lang);
        tell(&found.findings, context.lang);
    }
    Ok(exit_of(&found.findings))
}

fn show(found: &Verification, lang: Lang) {
    let rows = thousands(i64::try_from(found.rows).unwrap_or(i64::MAX));
    let Verification { head, entries, snapshots, papers, distributions, files, .. } = found;
    match lang {
        Lang::Ja => {
            say!("連鎖: {head}（{entries} 件）");
            say!(
                "確かめたもの: 台帳 {rows} 行、固定した在籍 {snapshots} 件、帳票 {papers} 件、配布 {distributions} 件、ファイル {files} 件"
            );
            say!(
                "{}",
                if found.well {
                    "すべて、作ったときのままです"
                } else {
                    "次のものは、作ったときのままと言えません"
                }
            );
        }
        Lang::En => {
            say!("chain: {head} ({entries} entries)");
            say!(
                "verified: {rows} rows of the store, {snapshots} snapshots, {papers} papers, {distributions} distributions, {files} files"
            );
            say!(
                "{}",
                if found.well {
                    "everything is as it was made"
                } else {
                    "these cannot be said to be as they were made"
                }
            );
        }
    }
}

/// 0 when everything is as it was made; where something cannot be read and nothing else is wrong, that of the environment:
/// nobody knows whether it was changed.
pub(super) fn exit_of(findings: &[Finding]) -> ExitCode {
    if findings.is_empty() {
        return ExitCode::SUCCESS;
    }
    let is_unknown = findings.iter().all(|finding| finding.state == State::Unreadable);
    let kind = if is_unknown { FailureKind::Environment } else { FailureKind::Data };
    ExitCode::from(kind.exit_code())
}

/// What is not as it was, each with what to do.
pub(super) fn tell(findings: &[Finding], lang: Lang) {
    for finding in findings {
        let text = message_of(finding.code, lang, &finding.words);
        eprintln!("{} {}\n  {}", finding.code, text.text, text.remedy);
    }
}
