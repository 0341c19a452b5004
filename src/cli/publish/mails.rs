//! Mails to recipients: what left, what did not, and what to do.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::stages::label;
use crate::cli::context::Context;
use crate::cli::output;
use crate::clock::tokyo;
use crate::domain::distribution::DeliveryState;
use crate::domain::mail::Mail;
use crate::messages::Lang;
use crate::service::publish::{DistributionManifest, Mailed, Overview, RecipientMail, why_not_mailed};

/// What became of the mails of a run. What did not leave goes to standard error, with the remedy.
pub(super) fn mailed(context: &Context, mailed: &Mailed) {
    let (sent, there, waiting, unsent) = (mailed.sent, mailed.there, mailed.waiting, mailed.unsent.len());
    match context.lang {
        Lang::Ja => say!(
            "メールを {sent} 通送りました（前に送ったもの {there}、まだ送らないもの {waiting}、送れなかったもの {unsent}）"
        ),
        Lang::En => say!("sent {sent} mails ({there} had left, {waiting} wait, {unsent} did not leave)"),
    }
    for one in &mailed.unsent {
        let state = label(one.mail.state, context.lang);
        let text = output::failure_text(&one.failure, context.lang);
        eprintln!("{} {}（{state}）{}\n  {text}", one.mail.recipient, one.name, again(&one.mail, context.lang));
    }
    if let Some(failure) = &mailed.stopped {
        eprintln!("{}", output::failure_text(failure, context.lang));
    }
}

/// When a mail may be tried again, where it waits for that.
fn again(mail: &Mail, lang: Lang) -> String {
    let Some(at) = mail.next_at else { return String::new() };
    let at = at.with_timezone(&tokyo()).format("%m-%d %H:%M");
    match lang {
        Lang::Ja => format!(" {at} から、もう一度送れます"),
        Lang::En => format!(" may be tried again from {at} on (Japan)"),
    }
}

/// As JSON, what became of the mails of a run.
pub(super) fn mailed_json(mailed: &Mailed) -> Value {
    let unsent: Vec<Value> = mailed
        .unsent
        .iter()
        .map(|one| {
            let mut row = mail_json(&one.mail, &one.name);
            row["reason"] = json!(one.failure.code);
            row
        })
        .collect();
    let stopped = mailed.stopped.as_ref().map(|failure| json!({ "code": failure.code, "detail": failure.detail }));
    json!({
        "sent": mailed.sent,
        "there": mailed.there,
        "waiting": mailed.waiting,
        "unsent": unsent,
        "stopped": stopped,
    })
}

/// As JSON, one mail.
pub(super) fn mail_json(mail: &Mail, name: &str) -> Value {
    json!({
        "recipient": mail.recipient,
        "name": name,
        "address": mail.address,
        "message_id": mail.message_id,
        "state": mail.state.code(),
        "attempts": mail.attempts,
        "changed_at": mail.changed_at,
        "next_at": mail.next_at,
        "detail": mail.detail,
    })
}

/// How many mails of a distribution stand how, those that are not sent one by one, and what to do with each kind.
pub(super) fn mails(context: &Context, found: &Overview, name: impl Fn(&str) -> String) {
    let lang = context.lang;
    let mut states: BTreeMap<DeliveryState, usize> = BTreeMap::new();
    for mail in &found.mails {
        *states.entry(mail.state).or_default() += 1;
    }
    let states: Vec<String> = states.iter().map(|(state, n)| format!("{} {n}", mail_label(*state, lang))).collect();
    match lang {
        Lang::Ja => say!("メール: {}", states.join("、")),
        Lang::En => say!("mails: {}", states.join(", ")),
    }
    let lacking: Vec<&Mail> = found.mails.iter().filter(|mail| mail.state != DeliveryState::Sent).collect();
    if lacking.is_empty() {
        return;
    }
    let row = |mail: &&Mail| {
        let state = format!("{}{}", mail_label(mail.state, lang), again(mail, lang));
        vec![mail.recipient.clone(), name(&mail.recipient), mail.address.clone(), state, mail.detail.clone()]
    };
    let rows: Vec<Vec<String>> = lacking.iter().map(row).collect();
    let headings = match lang {
        Lang::Ja => ["コード", "医師会", "メールアドレス", "状態", "理由"],
        Lang::En => ["code", "body", "address", "state", "reason"],
    };
    output::table(&headings.map(str::to_string), &rows, &[false; 5]);
    let mut told: Vec<&str> = Vec::new();
    for failure in lacking.iter().filter_map(|mail| why_not_mailed(mail)) {
        if !told.contains(&failure.code) {
            told.push(failure.code);
            let text = crate::messages::message(failure.code, lang, &failure.detail);
            say!("{} {}", failure.code, text.remedy);
        }
    }
}

/// The state of a mail: it is sent, where papers are delivered.
fn mail_label(state: DeliveryState, lang: Lang) -> &'static str {
    if lang == Lang::Ja { state.mail_label() } else { state.code() }
}

/// To how many addresses mails go, who has none, and the words of the first.
pub(super) fn words(context: &Context, manifest: &DistributionManifest) {
    let n_mails: usize = manifest.recipients.iter().map(|to| to.addresses.len()).sum();
    let silent: Vec<String> = manifest
        .recipients
        .iter()
        .filter(|to| to.addresses.is_empty())
        .map(|to| format!("{} {}", to.code, to.name))
        .collect();
    match context.lang {
        Lang::Ja => say!("メール {n_mails} 通（アドレスのない配布先 {}）", silent.len()),
        Lang::En => say!("{n_mails} mails ({} recipients have no address)", silent.len()),
    }
    if !silent.is_empty() {
        say!("  {}", silent.join("、"));
    }
    let first = manifest.recipients.iter().find(|to| !to.addresses.is_empty());
    let Some((to, Ok(Some(mail)))) = first.map(|to| (to, RecipientMail::of(manifest, to))) else { return };
    match context.lang {
        Lang::Ja => say!("メールの文（{}）:", to.name),
        Lang::En => say!("words of the mail to {}:", to.name),
    }
    for line in [mail.subject.as_str(), ""].into_iter().chain(mail.text.lines()) {
        say!("{}", format!("  {line}").trim_end());
    }
}
