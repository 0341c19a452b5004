//! What an approver looks at, and who does not have its papers.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::mails::{mail_json, mails, words};
use super::stages::{as_json, label, shown, stage};
use crate::cli::context::Context;
use crate::cli::output;
use crate::domain::distribution::{Delivery, DeliveryState};
use crate::domain::mail::MailAddress;
use crate::domain::printed_number::thousands;
use crate::messages::{Lang, message};
use crate::service::publish::{Difference, Overview, overview, overviews, write_lacking};

/// What an approver should see: who is new, who is missing, what has changed strikingly, and three papers to open.
pub(super) fn show(context: &Context, found: &Overview) -> Result<ExitCode> {
    if context.json {
        output::json(&overview_json(found))?;
        return Ok(ExitCode::SUCCESS);
    }
    say!("{}", stage(&found.distribution, context.lang));
    let Some(manifest) = &found.manifest else {
        let text = message("PUB-005", context.lang, &found.distribution.folder);
        eprintln!("PUB-005 {}\n  {}", text.text, text.remedy);
        return Ok(ExitCode::from(1));
    };
    let (n, members) = (manifest.recipients.len(), thousands(found.members.0));
    let before = found.members.1.map(thousands);
    match (context.lang, before) {
        (Lang::Ja, Some(before)) => say!("配布先 {n} 医師会、会員 {members} 人（前回 {before} 人）"),
        (Lang::Ja, None) => say!("配布先 {n} 医師会、会員 {members} 人（前回はありません）"),
        (Lang::En, Some(before)) => say!("{n} recipients with {members} members ({before} the last time)"),
        (Lang::En, None) => say!("{n} recipients with {members} members (there was none before)"),
    }
    if let Some(difference) = &found.difference {
        show_difference(difference, context.lang);
    }
    if manifest.mail.is_some() {
        words(context, manifest);
    }
    match context.lang {
        Lang::Ja => say!("承認の前に開いて見る帳票:"),
        Lang::En => say!("papers to open before approving:"),
    }
    found.samples.iter().for_each(|one| say!("  {}  {}", one.name, shown(&one.file)));
    Ok(ExitCode::SUCCESS)
}

fn overview_json(found: &Overview) -> Value {
    let difference = found.difference.as_ref().map(|one| {
        json!({
            "number": one.number,
            "new": one.new,
            "missing": one.missing,
            "readdressed": one.readdressed,
            "striking": one.striking,
        })
    });
    let samples: Vec<Value> =
        found.samples.iter().map(|one| json!({ "name": one.name, "file": shown(&one.file) })).collect();
    let mut out = json!({
        "distribution": as_json(&found.distribution),
        "recipients": found.manifest.as_ref().map(|one| one.recipients.len()),
        "members": found.members.0,
        "members_before": found.members.1,
        "difference": difference,
        "samples": samples,
    });
    if let Some(manifest) = found.manifest.as_ref().filter(|manifest| manifest.mail.is_some()) {
        let to: Vec<&MailAddress> = manifest.recipients.iter().flat_map(|to| &to.addresses).collect();
        out["mail"] = json!({ "words": manifest.mail, "to": to });
    }
    out
}

/// What is other than the last time, each kind on a line; what did not occur is not said.
fn show_difference(one: &Difference, lang: Lang) {
    let words = match lang {
        Lang::Ja => {
            ["前回はなかった配布先", "前回だけの配布先", "宛名の変わった配布先", "会員数が1割を超えて変わった配布先"]
        }
        Lang::En => [
            "new recipients",
            "recipients of the last time only",
            "readdressed recipients",
            "members changed by more than 10 %",
        ],
    };
    let named = |of: &[(String, String)]| of.iter().map(|(code, name)| format!("{code} {name}")).collect();
    let striking = one.striking.iter().map(|(code, name, then, now)| format!("{code} {name} {then}→{now}")).collect();
    let lists: [Vec<String>; 4] = [named(&one.new), named(&one.missing), named(&one.readdressed), striking];
    for (word, list) in words.iter().zip(lists).filter(|(_, list)| !list.is_empty()) {
        say!("{word}（{}）: {}", list.len(), list.join("、"));
    }
}

pub(super) async fn list(context: &Context) -> Result<ExitCode> {
    let all = overviews(&context.workspace).await?;
    if context.json {
        let rows: Vec<Value> = all
            .iter()
            .map(|(one, states)| {
                let states: serde_json::Map<String, Value> =
                    states.iter().map(|(state, n)| (state.code().to_string(), json!(n))).collect();
                let mut row = as_json(one);
                row["deliveries"] = Value::Object(states);
                row
            })
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        let text = message("PUB-041", context.lang, &context.workspace.place());
        say!("{}\n  {}", text.text, text.remedy);
    }
    for (one, states) in &all {
        let states: Vec<String> =
            states.iter().map(|(state, n)| format!("{} {n}", label(*state, context.lang))).collect();
        say!("{}  {}", stage(one, context.lang), states.join("、"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Who does not have its papers, by name; who has, by number; the same as a paper in a folder. Exit code 1 while somebody does not.
pub(super) async fn status(context: &Context, number: Option<u32>, out: Option<&Path>) -> Result<ExitCode> {
    let found = &overview(&context.workspace, number).await?;
    let written = out.map_or(Ok(Vec::new()), |folder| write_lacking(&context.workspace, found, folder))?;
    let lacking = found.lacking();
    let n_sent = found.deliveries.len() - lacking.len();
    let is_mail_lacking = found.mails.iter().any(|mail| mail.state != DeliveryState::Sent);
    let exit = ExitCode::from(u8::from(!lacking.is_empty() || is_mail_lacking));
    let name = |code: &str| {
        let of = found.manifest.as_ref().and_then(|manifest| manifest.recipients.iter().find(|to| to.code == code));
        of.map_or_else(String::new, |to| to.name.clone())
    };
    if context.json {
        let mut out = status_json(found, name);
        if !written.is_empty() {
            out["files"] = written.iter().map(|path| json!(shown(path))).collect();
        }
        output::json(&out)?;
        return Ok(exit);
    }
    say!("{}", stage(&found.distribution, context.lang));
    match context.lang {
        Lang::Ja => say!("配布済み {n_sent}、届いていない {}", lacking.len()),
        Lang::En => say!("sent {n_sent}, not there {}", lacking.len()),
    }
    match (found.fetched.len(), context.lang) {
        (0, _) => {}
        (n, Lang::Ja) => say!("画面で受け取られたもの {n}"),
        (n, Lang::En) => say!("taken by a page {n}"),
    }
    let rows: Vec<Vec<String>> = lacking
        .iter()
        .map(|one| {
            let state = label(one.state, context.lang).to_string();
            vec![
                one.recipient.clone(),
                name(&one.recipient),
                one.report.clone(),
                one.edition.to_string(),
                state,
                one.detail.clone(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let headings = match context.lang {
            Lang::Ja => ["コード", "医師会", "帳票", "版", "状態", "理由"],
            Lang::En => ["code", "body", "report", "edition", "state", "reason"],
        };
        output::table(&headings.map(str::to_string), &rows, &[false, false, false, true, false, false]);
    }
    if !found.mails.is_empty() {
        mails(context, found, name);
    }
    written.iter().for_each(|path| say!("{}", shown(path)));
    Ok(exit)
}

/// All papers and mails of a distribution.
fn status_json(found: &Overview, name: impl Fn(&str) -> String) -> Value {
    let fetched = |one: &Delivery| found.fetched.get(&(one.recipient.clone(), one.report.clone()));
    let rows: Vec<Value> = found
        .deliveries
        .iter()
        .map(|one| {
            json!({
                "recipient": one.recipient,
                "name": name(&one.recipient),
                "report": one.report,
                "edition": one.edition,
                "state": one.state.code(),
                "place": one.place,
                "attempts": one.attempts,
                "changed_at": one.changed_at,
                "detail": one.detail,
                "fetched_at": fetched(one).map(|by| by.at),
                "fetched_by": fetched(one).map(|by| by.by.as_str()),
            })
        })
        .collect();
    let mut out = json!({ "distribution": as_json(&found.distribution), "deliveries": rows });
    if !found.mails.is_empty() {
        let rows: Vec<Value> = found.mails.iter().map(|mail| mail_json(mail, &name(&mail.recipient))).collect();
        out["mails"] = json!(rows);
    }
    out
}
