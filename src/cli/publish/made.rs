//! What was made or delivered, and what comes next.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::mails::{mailed, mailed_json};
use super::stages::shown;
use crate::cli::context::Context;
use crate::cli::output;
use crate::messages::{Lang, message};
use crate::service::publish::{Made, Sent};

/// What was made, what could not be, and what comes next.
pub(super) fn prepared(context: &Context, made: &Made) -> Result<ExitCode> {
    let manifest = &made.manifest;
    let number = manifest.number;
    let exit = ExitCode::from(u8::from(!manifest.missing.is_empty()));
    let n_mails: usize = manifest.recipients.iter().map(|to| to.addresses.len()).sum();
    let n_mails_only = manifest.recipients.iter().filter(|to| to.delivered.is_some()).count();
    if context.json {
        let missing: Vec<Value> = manifest
            .missing
            .iter()
            .map(|one| json!({ "area": one.area, "report": one.title, "code": one.code }))
            .collect();
        let mut out = json!({
            "number": number,
            "recipients": manifest.recipients.len(),
            "unchanged": made.n_there,
            "missing": missing,
            "sha256": made.distribution.manifest_sha256,
        });
        if manifest.mail.is_some() {
            out["mails"] = json!(n_mails);
            out["mails_only"] = json!(n_mails_only);
        }
        output::json(&out)?;
        return Ok(exit);
    }
    let n = manifest.recipients.len();
    let n_corrections =
        manifest.recipients.iter().filter(|to| to.papers.iter().any(|one| one.has_edition.is_some())).count();
    match context.lang {
        Lang::Ja => {
            say!(
                "第{number}回の配布を作りました: {n} 医師会（うち訂正版 {n_corrections}、変わらないので配らない {}）",
                made.n_there
            );
            say!("次は、kaiin publish show {number} で内容を見て、別の人が kaiin publish approve {number} --by 氏名");
        }
        Lang::En => {
            say!(
                "distribution {number} was made: {n} bodies ({n_corrections} corrections; {} have the same papers)",
                made.n_there
            );
            say!(
                "next: look at kaiin publish show {number}; another person runs kaiin publish approve {number} --by NAME"
            );
        }
    }
    if manifest.mail.is_some() {
        match context.lang {
            Lang::Ja => say!("メールは {n_mails} 通です（うち、帳票は届いていてメールだけの医師会 {n_mails_only}）"),
            Lang::En => say!("{n_mails} mails ({n_mails_only} bodies have the papers and lack the mail only)"),
        }
    }
    for one in &manifest.missing {
        let text = message(&one.code, context.lang, &one.detail);
        eprintln!("{} {}: {} {}\n  {}", one.area, one.title, one.code, text.text, text.remedy);
    }
    Ok(exit)
}

/// What was delivered, and who does not have it.
pub(super) fn delivered(context: &Context, sent: &Sent) -> Result<ExitCode> {
    let are_mails_left = sent.mailed.as_ref().is_some_and(|one| one.waiting + one.unsent.len() > 0);
    let exit = ExitCode::from(u8::from(!sent.unsent.is_empty() || are_mails_left));
    if context.json {
        let unsent: Vec<Value> = sent
            .unsent
            .iter()
            .map(|one| json!({ "code": one.code, "name": one.name, "state": one.state.code(), "reason": one.failure.code, "detail": one.failure.detail }))
            .collect();
        let mut out = json!({
            "sent": sent.sent.len(),
            "there": sent.there,
            "unsent": unsent,
            "folder": shown(&sent.folder),
        });
        if let Some(mailed) = &sent.mailed {
            out["mail"] = mailed_json(mailed);
        }
        output::json(&out)?;
        return Ok(exit);
    }
    let (n, there, folder) = (sent.sent.len(), sent.there, shown(&sent.folder));
    match context.lang {
        Lang::Ja => {
            say!("{n} 医師会に配りました（前に配ったもの {there}、配れなかったもの {}）: {folder}", sent.unsent.len());
        }
        Lang::En => say!("sent to {n} bodies ({there} had it, {} did not get it): {folder}", sent.unsent.len()),
    }
    for one in &sent.unsent {
        eprintln!(
            "{} {}（{}）\n  {}",
            one.code,
            one.name,
            one.state.label(),
            output::failure_text(&one.failure, context.lang)
        );
    }
    if let Some(of_run) = &sent.mailed {
        mailed(context, of_run);
    }
    Ok(exit)
}
