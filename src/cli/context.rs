//! What every command needs: the data folder, the language, and the form of what goes to standard output.

use clap::ValueEnum;

use super::output;
use crate::error::{Failure, FailureKind};
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::keep::handed_out::{self, HandedFile, HandedOut};

/// Format of data on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Table,
    Csv,
    Json,
}

/// What every command needs.
pub(super) struct Context {
    pub(super) workspace: Workspace,
    pub(super) lang: Lang,
    pub(super) json: bool,
}

impl Context {
    pub(super) fn format(&self, asked: Option<Format>) -> Format {
        match asked {
            _ if self.json => Format::Json,
            Some(format) => format,
            None => Format::Table,
        }
    }

    /// Notes what a command is about to hand out: how many persons at most, and the files it writes. Where that cannot be noted it is
    /// told, and goes on: whoever may run the program may read the data folder as well.
    pub(super) fn hands_out(&self, what: &str, persons: Option<usize>, files: Vec<HandedFile>) {
        let persons = persons.and_then(|n| u64::try_from(n).ok());
        let (at, who) = (self.workspace.clock.now(), who());
        let entry = HandedOut { at, who, what: what.to_string(), persons, files, delivery: None };
        if let Err(failure) = handed_out::note(self.workspace.folder(), self.workspace.readers(), entry) {
            let detail = failure.detail.to_string();
            output::notice(&Failure::new(FailureKind::Environment, "INC-020", detail), self.lang, self.json);
        }
    }
}

/// The user of this machine, and on whose behalf.
fn who() -> String {
    let said = |name: &str| std::env::var(name).ok().filter(|user| !user.is_empty());
    let user = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(said);
    let number = user_number();
    let user = user.or_else(|| number.map(|number| format!("uid {number}"))).unwrap_or_else(|| "-".into());
    match said("SUDO_USER") {
        Some(behind) if behind != user => format!("{user}（sudo {behind}）"),
        _ => user,
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
