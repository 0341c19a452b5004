//! What every command needs: the data folder, the language, and the form of what goes to standard output.

use clap::ValueEnum;

use crate::messages::Lang;
use crate::service::keep::Workspace;

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
}
