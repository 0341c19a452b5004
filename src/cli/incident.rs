//! `kaiin incident`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::context::Context;
use super::dates::{date_arg, short_tokyo_text};
use super::handed_out::list;
use super::output;
use crate::domain::distribution::DeliveryState;
use crate::domain::printed_number::thousands;
use crate::error::Failure;
use crate::messages::{Lang, message};
use crate::service::incident::{By, Delivered, Incident, KnownPaper, Persons, Traced, What, trace};
use crate::service::keep::handed_out::HandedOut;

#[derive(Debug, Args)]
pub(super) struct IncidentArgs {
    /// ファイル、フォルダ、または（ファイルが手元になければ）名前
    #[arg(value_name = "FILE", required_unless_present = "list")]
    files: Vec<PathBuf>,
    /// 持ち出しの記録（いつ、誰が、どの命令か画面で、何人分を、どのファイルに）を、新しいものから示す
    #[arg(long, conflicts_with = "files")]
    list: bool,
    /// この日から（その日を含む）の持ち出しだけ
    #[arg(long, value_name = "DATE", value_parser = date_arg, requires = "list", conflicts_with = "files")]
    from: Option<NaiveDate>,
    /// この日まで（その日を含む）の持ち出しだけ
    #[arg(long, value_name = "DATE", value_parser = date_arg, requires = "list", conflicts_with = "files")]
    to: Option<NaiveDate>,
}

pub(super) async fn run(context: &Context, args: &IncidentArgs) -> Result<ExitCode> {
    if args.list {
        return list(context, (args.from, args.to));
    }
    let found = trace(&context.workspace, &args.files).await?;
    let is_unknown = found.files.is_empty() || found.files.iter().any(|file| file.by == By::Nothing);
    if context.json {
        output::json(&as_json(&found, context.lang))?;
    } else {
        // Files of one paper are told together.
        found.files.chunk_by(is_of_one_paper).for_each(|files| show(files, context.lang));
        say!("{}", summary(&found, context.lang));
        if !found.gaps.is_empty() {
            tell(context.lang, "INC-004", &shortened(&found.gaps), "");
        }
    }
    Ok(ExitCode::from(u8::from(is_unknown)))
}

/// The first few of many.
fn shortened(all: &[String]) -> String {
    const TOLD: usize = 3;
    let first = all.iter().take(TOLD).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > TOLD { format!("{first} … {}", all.len()) } else { first }
}

fn tell(lang: Lang, code: &str, detail: &str, margin: &str) {
    let text = message(code, lang, detail);
    say!("{margin}{code} {}", text.text);
    if !text.remedy.is_empty() {
        say!("{margin}  {}", text.remedy);
    }
}

/// Whether two files are known by their content as files of one paper, and nobody else has one of them.
fn is_of_one_paper(one: &Traced, other: &Traced) -> bool {
    let recipients = |file: &Traced| -> Vec<(u32, String)> {
        file.delivered.iter().map(|one| (one.distribution.number, one.code.clone())).collect()
    };
    paper_of(one).is_some_and(|subject| paper_of(other) == Some(subject)) && recipients(one) == recipients(other)
}

fn paper_of(file: &Traced) -> Option<&str> {
    match file.known.as_slice() {
        [(_, What::Paper(paper), _)] if file.by == By::Content => Some(&paper.subject),
        _ => None,
    }
}

/// What is known of one file, or of several of one paper: what it is, who stands in it, who has it.
fn show(files: &[Traced], lang: Lang) {
    files.iter().for_each(|file| say!("{}", file.asked));
    // Of the files of a paper the one in which most persons stand.
    let persons = |file: &&Traced| file.known.iter().map(|(_, _, persons)| persons.least).max();
    let Some(file) = files.iter().max_by_key(persons) else { return };
    match (&file.failure, file.by) {
        (Some(failure), _) => tell(lang, "INC-002", &why(failure, lang), "  "),
        (None, By::Nothing) if file.sha256.is_some() => tell(lang, "INC-001", "", "  "),
        (None, By::Nothing) => tell(lang, "INC-007", "", "  "),
        (None, By::Name) => tell(lang, "INC-003", "", "  "),
        (None, By::Content) => {}
    }
    file.resembles.iter().for_each(|one| tell(lang, one.code, &one.place, "  "));
    for (name, what, persons) in &file.known {
        say!("  {}", what_text(what, name, lang));
        say!("    {}", persons_text(persons, lang));
    }
    if file.by != By::Nothing {
        delivered(&file.delivered, lang);
        taken(&file.taken, lang);
    }
}

fn why(failure: &Failure, lang: Lang) -> String {
    format!("{} {}", failure.code, message(failure.code, lang, &failure.detail).text)
}

fn what_text(what: &What, name: &str, lang: Lang) -> String {
    match (what, lang) {
        (What::Paper(paper), _) => paper_text(paper, name, lang),
        (What::LedgerFile(place), Lang::Ja) => format!("月次の帳票です: {place}（フォルダはもうありません）"),
        (What::LedgerFile(place), Lang::En) => format!("a paper of a month: {place} (its folder is gone)"),
        (What::Letter, Lang::Ja) => format!("{name}（配布した帳票に添えたもの）です"),
        (What::Letter, Lang::En) => format!("the letter beside papers that were sent ({name})"),
        (What::Distribution(n), Lang::Ja) => format!("第{n}回の配布の目録です"),
        (What::Distribution(n), Lang::En) => format!("what goes to whom of distribution {n}"),
        (What::Snapshot(one), Lang::Ja) => {
            format!(
                "固定した在籍です: {}（基準日 {}、知識時点 {}、{} 行）",
                one.id, one.as_of, one.known_at, one.n_rows
            )
        }
        (What::Snapshot(one), Lang::En) => {
            format!(
                "frozen memberships: {} (as of {}, known at {}, rows: {})",
                one.id, one.as_of, one.known_at, one.n_rows
            )
        }
        (What::Import(one), Lang::Ja) => {
            let at = short_tokyo_text(one.imported_at);
            format!(
                "取り込んだファイルです: {}（出力日 {}、取込み {at}、{} 行）",
                one.file_name, one.known_on, one.n_rows
            )
        }
        (What::Import(one), Lang::En) => {
            let at = short_tokyo_text(one.imported_at);
            format!(
                "a file that was taken in: {} (export of {}, taken in {at}, rows: {})",
                one.file_name, one.known_on, one.n_rows
            )
        }
        (What::HandedOut(one), Lang::Ja) if one.is_of_page() => {
            format!("{name}: 画面（{}）から取ったものです", one.what)
        }
        (What::HandedOut(one), Lang::En) if one.is_of_page() => format!("{name}: taken from the page {}", one.what),
        (What::HandedOut(one), Lang::Ja) => format!("{name}: kaiin {} で書き出したものです", one.what),
        (What::HandedOut(one), Lang::En) => format!("{name}: written by kaiin {}", one.what),
        (What::Lying(path), Lang::Ja) => format!("データフォルダにあるファイルの写しです: {}", path.display()),
        (What::Lying(path), Lang::En) => format!("a copy of a file of the data folder: {}", path.display()),
    }
}

fn paper_text(paper: &KnownPaper, name: &str, lang: Lang) -> String {
    let of = &paper.manifest;
    let is_internal = of.variant == "internal";
    let variant = match (lang, is_internal) {
        (Lang::Ja, true) => "内部（氏名あり）",
        (Lang::Ja, false) => "外部配布用",
        (Lang::En, _) => of.variant.as_str(),
    };
    let draft = match (lang, of.draft) {
        (_, false) => "",
        (Lang::Ja, true) => "下書き",
        (Lang::En, true) => "draft",
    };
    let parts = [variant, paper.area.as_str(), draft].into_iter().filter(|part| !part.is_empty());
    let (edition, title, place) = (of.edition, &paper.title, paper.folder.join(name).display().to_string());
    let (as_of, known_at, issued_on) = (&of.as_of, &of.known_at, &of.issued_on);
    match lang {
        Lang::Ja => {
            let parts = parts.collect::<Vec<_>>().join("、");
            format!(
                "帳票です: {title} 第{edition}版（{parts}、基準日 {as_of}、知識時点 {known_at}、発行日 {issued_on}）\n    {place}"
            )
        }
        Lang::En => {
            let parts = parts.collect::<Vec<_>>().join(", ");
            format!(
                "a paper: {title} edition {edition} ({parts}, as of {as_of}, known at {known_at}, issued {issued_on})\n    {place}"
            )
        }
    }
}

/// How many persons, and how that is known.
fn persons_text(persons: &Persons, lang: Lang) -> String {
    let how = message(persons.code, lang, "").text;
    let n = |n: usize| thousands(i64::try_from(n).unwrap_or(i64::MAX));
    let count = match (persons.least, persons.most, lang) {
        (_, None, Lang::Ja) => "不明".to_string(),
        (_, None, Lang::En) => "not known".to_string(),
        (least, Some(most), Lang::Ja) if least == most => format!("{} 人", n(most)),
        (least, Some(most), Lang::En) if least == most => n(most),
        (0, Some(most), Lang::Ja) => format!("最大 {} 人", n(most)),
        (0, Some(most), Lang::En) => format!("at most {}", n(most)),
        (least, Some(most), Lang::Ja) => format!("{}～{} 人", n(least), n(most)),
        (least, Some(most), Lang::En) => format!("{} to {}", n(least), n(most)),
    };
    match lang {
        Lang::Ja => format!("載っている人: {count}。{how}"),
        Lang::En => format!("persons: {count}; {how}"),
    }
}

/// Who was to get it, by distribution.
fn delivered(all: &[Delivered], lang: Lang) {
    if all.is_empty() {
        match lang {
            Lang::Ja => say!("    配布の台帳にはありません（手で渡したものは、台帳に載りません）"),
            Lang::En => say!("    no distribution has it (what was handed over by hand is in no ledger)"),
        }
        return;
    }
    let has_left = all.iter().filter(|one| one.state.is_some_and(DeliveryState::may_be_there)).count();
    match lang {
        Lang::Ja => say!("    配布先 {}（うち届いた、または届いたかもしれないもの {has_left}）", all.len()),
        Lang::En => say!("    recipients: {} (have it, or may have it: {has_left})", all.len()),
    }
    let mut number = 0;
    for one in all {
        if one.distribution.number != number {
            number = one.distribution.number;
            say!("    {}", distribution_text(one, lang));
        }
        let state = match (one.state, lang) {
            (Some(state), Lang::Ja) => state.label(),
            (Some(state), Lang::En) => state.code(),
            (None, Lang::Ja) => "不明",
            (None, Lang::En) => "not known",
        };
        let at = one.changed_at.map_or_else(String::new, short_tokyo_text);
        say!("      {} {}  {state}  {at}  {}", one.code, one.name, one.place.display());
    }
}

/// Who took it by a command or a page.
fn taken(all: &[HandedOut], lang: Lang) {
    for one in all {
        let (at, who, what) = (short_tokyo_text(one.at), &one.who, &one.what);
        match lang {
            Lang::Ja => say!("    持ち出し {at}  {who}  {what}"),
            Lang::En => say!("    taken {at} by {who} ({what})"),
        }
    }
}

/// Who made and approved it, and whether it was withdrawn since: what had left then stays where it is.
fn distribution_text(one: &Delivered, lang: Lang) -> String {
    let of = &one.distribution;
    let (n, made) = (of.number, format!("{} {}", of.maker, short_tokyo_text(of.made_at)));
    let approved = of.approved_at.map(|at| format!("{} {}", of.approver, short_tokyo_text(at)));
    let is_withdrawn = of.voided_at.is_some();
    match lang {
        Lang::Ja => {
            let approved = approved.map_or_else(|| "未承認".to_string(), |by| format!("承認 {by}"));
            format!("第{n}回（作成 {made}、{approved}{}）", if is_withdrawn { "、取りやめ" } else { "" })
        }
        Lang::En => {
            let approved = approved.map_or_else(|| "not approved".to_string(), |by| format!("approved by {by}"));
            format!("distribution {n} (made by {made}, {approved}{})", if is_withdrawn { ", withdrawn" } else { "" })
        }
    }
}

fn summary(found: &Incident, lang: Lang) -> String {
    let of = |by: By| found.files.iter().filter(|file| file.by == by).count();
    let [content, name, nothing] = [By::Content, By::Name, By::Nothing].map(of);
    let most = found.most_persons.map(|most| thousands(i64::try_from(most).unwrap_or(i64::MAX)));
    match (lang, most) {
        (Lang::Ja, Some(most)) => {
            format!("台帳にあるもの {content}、名前だけ {name}、ないもの {nothing}。合わせて最大 {most} 人")
        }
        (Lang::Ja, None) => {
            format!("台帳にあるもの {content}、名前だけ {name}、ないもの {nothing}。合わせて何人かは分かりません")
        }
        (Lang::En, Some(most)) => {
            format!("known {content}, by name alone {name}, not known {nothing}; at most {most} persons")
        }
        (Lang::En, None) => {
            format!("known {content}, by name alone {name}, not known {nothing}; how many persons is not known")
        }
    }
}

/// The schema that scripts rely on: texts are for people and may change.
fn as_json(found: &Incident, lang: Lang) -> Value {
    json!({
        "files": found.files.iter().map(|file| file_json(file, lang)).collect::<Vec<_>>(),
        "most_persons": found.most_persons,
        "gaps": found.gaps,
    })
}

fn file_json(file: &Traced, lang: Lang) -> Value {
    let by = match file.by {
        By::Content => "content",
        By::Name => "name",
        By::Nothing => "nothing",
    };
    let known: Vec<Value> =
        file.known.iter().map(|(name, what, persons)| known_json((name, what, persons), lang)).collect();
    let resembles: Vec<Value> = file
        .resembles
        .iter()
        .map(|one| json!({ "code": one.code, "place": one.place, "text": message(one.code, lang, &one.place).text }))
        .collect();
    json!({
        "asked": file.asked,
        "sha256": file.sha256,
        "known_by": by,
        "known": known,
        "delivered": file.delivered.iter().map(delivered_json).collect::<Vec<_>>(),
        "taken": file.taken,
        "resembles": resembles,
        "error": file.failure.as_ref().map(|failure| why(failure, lang)),
    })
}

fn known_json((name, what, persons): (&str, &What, &Persons), lang: Lang) -> Value {
    let mut out = match what {
        What::Paper(paper) => {
            let of = &paper.manifest;
            json!({
                "kind": "paper", "report": of.report, "edition": of.edition, "variant": of.variant, "area": of.area,
                "title": paper.title, "draft": of.draft, "as_of": of.as_of, "known_at": of.known_at, "issued_on": of.issued_on,
                "folder": paper.subject,
            })
        }
        What::LedgerFile(place) => json!({ "kind": "paper_of_ledger", "place": place }),
        What::Letter => json!({ "kind": "letter" }),
        What::Distribution(number) => json!({ "kind": "distribution", "number": number }),
        What::Snapshot(one) => json!({
            "kind": "snapshot", "id": one.id, "as_of": one.as_of, "known_at": one.known_at, "rows": one.n_rows,
        }),
        What::Import(one) => json!({
            "kind": "import", "number": one.id.0, "file": one.file_name, "known_on": one.known_on,
            "imported_at": one.imported_at, "rows": one.n_rows, "rejected": one.n_rejected, "stands": one.stands(),
        }),
        What::HandedOut(one) => json!({ "kind": "handed_out", "what": one.what }),
        What::Lying(path) => json!({ "kind": "copy", "place": path.display().to_string() }),
    };
    out["name"] = json!(name);
    out["persons"] = json!({
        "least": persons.least, "most": persons.most, "code": persons.code,
        "text": message(persons.code, lang, "").text,
    });
    out
}

fn delivered_json(one: &Delivered) -> Value {
    let of = &one.distribution;
    json!({
        "distribution": of.number,
        "recipient": one.code,
        "name": one.name,
        "state": one.state.map(DeliveryState::code),
        "changed_at": one.changed_at,
        "place": one.place.display().to_string(),
        "maker": of.maker,
        "made_at": of.made_at,
        "approver": of.approver,
        "approved_at": of.approved_at,
        "void_reason": of.void_reason,
    })
}
