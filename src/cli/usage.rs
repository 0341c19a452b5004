//! Wrong arguments: what clap found, as a failure with texts of our own in both languages.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Command, CommandFactory};

use super::{Cli, NotADate, NotAnInstant};
use crate::error::{Detail, Failure};

/// The failure of wrong arguments; `words` are those of the command line without the name of the program.
pub(super) fn failure(error: &Error, words: &[String]) -> Failure {
    let source = error.source();
    let date = source.and_then(|source| source.downcast_ref()).map(|NotADate(text)| ("QRY-006", text));
    let instant = source.and_then(|source| source.downcast_ref()).map(|NotAnInstant(text)| ("QRY-012", text));
    if let Some((code, text)) = date.or(instant) {
        let name = said(error, ContextKind::InvalidArg);
        let name = name.split_whitespace().next().unwrap_or_default();
        let details = if code == "QRY-006" { Detail::why_no_date(text).into_iter().collect() } else { Box::default() };
        return Failure { details, ..Failure::usage(code, format!("{name} {text}").trim_start()) };
    }
    Failure::wrong_arguments(&help_of(&Cli::command(), words), detail(error))
}

fn detail(error: &Error) -> Detail {
    use ContextKind as Kind;
    let arg = said(error, Kind::InvalidArg);
    let value = said(error, Kind::InvalidValue);
    let (code, words, meant) = match error.kind() {
        ErrorKind::MissingRequiredArgument => ("USE-101", vec![arg], None),
        ErrorKind::InvalidValue if value.is_empty() => ("USE-103", vec![arg], None),
        ErrorKind::InvalidValue => {
            ("USE-102", vec![arg, value, said(error, Kind::ValidValue)], Some(Kind::SuggestedValue))
        }
        ErrorKind::UnknownArgument => ("USE-104", vec![arg], Some(Kind::SuggestedArg)),
        ErrorKind::InvalidSubcommand => {
            ("USE-105", vec![said(error, Kind::InvalidSubcommand)], Some(Kind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand => ("USE-106", vec![said(error, Kind::ValidSubcommand)], None),
        ErrorKind::ArgumentConflict if said(error, Kind::PriorArg) == arg => ("USE-108", vec![arg], None),
        ErrorKind::ArgumentConflict => ("USE-107", vec![arg, said(error, Kind::PriorArg)], None),
        ErrorKind::ValueValidation => ("USE-109", vec![arg, value], None),
        _ => ("USE-110", vec![first_lines(error)], None),
    };
    let meant = meant.and_then(|kind| match error.get(kind) {
        Some(ContextValue::Strings(all)) => all.first().cloned(),
        Some(ContextValue::String(one)) => Some(one.clone()),
        _ => None,
    });
    Detail { meant, ..Detail::of_words(code, words) }
}

/// What clap tells of a kind, several things divided by commas; empty where it tells nothing.
fn said(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        _ => String::new(),
    }
}

/// The sentence of clap itself; usage and tips come after an empty line.
fn first_lines(error: &Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_string()
}

/// The call for help of the command that the words name, as far as they name one.
fn help_of(program: &Command, words: &[String]) -> String {
    let mut command = program;
    let mut names = vec![program.get_name()];
    for word in words {
        let Some(next) = command.find_subcommand(word) else { continue };
        command = next;
        names.push(next.get_name());
    }
    format!("{} --help", names.join(" "))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::no_command("--lang en", "kaiin --help")]
    #[case::command("--lang en count --as-of", "kaiin count --help")]
    #[case::command_of_a_command("jobs run --colour", "kaiin jobs run --help")]
    #[case::unknown("recount", "kaiin --help")]
    fn help_of_the_command_is_named(#[case] words: &str, #[case] expected: &str) {
        let words: Vec<String> = words.split(' ').map(str::to_string).collect();
        assert_eq!(help_of(&Cli::command(), &words), expected);
    }
}
