//! What commands hand out, and the record of it (持ち出しの記録).

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;

use super::context::Context;
use super::dates::short_tokyo_text;
use super::output;
use crate::clock::tokyo_day;
use crate::domain::printed_number::thousands;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, message};
use crate::service::keep::handed_out::{self, HandedFile, HandedOut, handing};
use crate::service::papers::Published;

impl Context {
    /// Notes what a command is about to hand out: how many persons at most, and the files it writes. Where that cannot be noted it is
    /// told, and goes on: whoever may run the program may read the data folder as well.
    pub(super) fn hands_out(&self, what: &str, persons: Option<usize>, files: Vec<HandedFile>) {
        let persons = persons.and_then(|n| u64::try_from(n).ok());
        let (at, who) = (self.workspace.clock.now(), who());
        let entry = HandedOut { at, who, what: what.to_string(), persons, files, delivery: None };
        if let Err(failure) = handed_out::note(self.workspace.folder(), self.workspace.readers(), entry) {
            let why = message(failure.code, self.lang, &output::spoken(&failure.detail, self.lang)).text;
            let detail = format!("{}: {} {why}", handed_out::HANDED_OUT, failure.code);
            output::notice(&Failure::new(FailureKind::Environment, "INC-020", detail), self.lang, self.json);
        }
    }

    /// Notes drafts, of which no chain tells.
    pub(super) fn hands_out_drafts<'p>(&self, what: &str, drafts: impl Iterator<Item = &'p Published>) {
        let files = drafts.flat_map(|draft| &draft.files);
        // One that cannot be read a moment after it was written is gone again.
        let files = files.filter_map(|path| HandedFile::lying(path));
        self.hands_out(what, None, files.collect());
    }
}

/// The user of this machine as it is called, with its number, which nobody chooses; behind sudo also who that was.
fn who() -> String {
    let said = |name: &str| std::env::var(name).ok().filter(|user| !user.is_empty());
    let (user, number) = (["USER", "LOGNAME", "USERNAME"].into_iter().find_map(said), user_number());
    let shown = match (&user, number) {
        (Some(user), Some(number)) => format!("{user}（uid {number}）"),
        (Some(user), None) => user.clone(),
        (None, Some(number)) => format!("uid {number}"),
        (None, None) => "-".into(),
    };
    match said("SUDO_USER") {
        Some(behind) if number == Some(0) && user.as_ref() != Some(&behind) => format!("{shown}、sudo {behind}"),
        _ => shown,
    }
}

/// The number under which this process runs, where the system tells.
#[cfg(unix)]
fn user_number() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").ok().map(|process| process.uid())
}

#[cfg(not(unix))]
fn user_number() -> Option<u32> {
    None
}

/// What was handed out, the newest first.
pub(super) fn list(context: &Context, (from, to): (Option<NaiveDate>, Option<NaiveDate>)) -> Result<ExitCode> {
    let is_asked = |one: &HandedOut| {
        let day = tokyo_day(one.at);
        from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
    };
    let record = handing(context.workspace.folder())?;
    let mut entries = record.entries;
    entries.retain(is_asked);
    entries.reverse();
    for line in &record.broken {
        let failure = Failure::new(FailureKind::Data, "STO-024", format!("{}:{line}", handed_out::HANDED_OUT));
        output::notice(&failure, context.lang, context.json);
    }
    let exit = ExitCode::from(u8::from(!record.broken.is_empty()));
    if context.json {
        output::json(&entries)?;
        return Ok(exit);
    }
    if entries.is_empty() {
        match (context.lang, from.or(to)) {
            (Lang::Ja, None) => say!("持ち出しの記録はありません"),
            (Lang::Ja, Some(_)) => say!("その間の持ち出しの記録はありません"),
            (Lang::En, None) => say!("nothing was handed out"),
            (Lang::En, Some(_)) => say!("nothing was handed out in that time"),
        }
        return Ok(exit);
    }
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    let headings = match context.lang {
        Lang::Ja => ["日時", "誰が", "命令・画面", "人数", "ファイル"],
        Lang::En => ["time", "who", "command or page", "persons", "files"],
    };
    output::table(&headings.map(str::to_string), &rows, &[false, false, false, true, false]);
    Ok(exit)
}

fn row(one: &HandedOut) -> Vec<String> {
    let persons = one.persons.map(|n| thousands(i64::try_from(n).unwrap_or(i64::MAX)));
    let files: Vec<&str> = one.files.iter().map(|file| file.name.as_str()).collect();
    let of = one.delivery.as_ref().map(|of| format!("（第{}回 {}）", of.distribution, of.recipient));
    let what = format!("{}{}", one.what, of.unwrap_or_default());
    vec![short_tokyo_text(one.at), one.who.clone(), what, persons.unwrap_or_default(), files.join(", ")]
}
