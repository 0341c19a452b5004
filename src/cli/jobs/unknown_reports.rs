//! A warning of reports that the settings name and nobody defines.

use crate::cli::context::Context;
use crate::jobs;
use crate::messages::{Lang, message, message_of};

/// Names reports of the settings that are not there before the run that will lack them.
pub(super) fn warn_of_reports(context: &Context) {
    if let Some(failure) = jobs::unknown_reports(&context.workspace).filter(|_| !context.json) {
        let text = message(failure.code, context.lang, &failure.detail);
        let label = if context.lang == Lang::Ja { "注意" } else { "warning" };
        let meant: String =
            failure.details.iter().filter_map(|one| one.meant.as_deref()).fold(String::new(), |all, word| {
                all + &message_of("DEF-099", context.lang, &[word.to_string()]).text + " "
            });
        eprintln!("{label} {}: {}\n  {meant}{}", failure.code, text.text, text.remedy);
    }
}
