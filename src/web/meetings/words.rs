//! Where meetings lie, and what is wrong with one, in words.

use std::path::Path;

use crate::error::{Detail, Failure};
use crate::messages::{Lang, message_of};
use crate::service::intake::giving::{Told, told_of_failure, without_commands};

/// Folder of the meetings, as the command line has it.
pub(in crate::web) const MEETINGS_FOLDER: &str = "meetings";

pub(super) fn root() -> &'static Path {
    Path::new(MEETINGS_FOLDER)
}

/// Something that is wrong in the folder of a meeting, with its sheet and cell.
pub(super) fn told_of_detail(detail: &Detail) -> Told {
    let message = message_of(detail.code, Lang::Ja, &detail.words);
    let place = [detail.file.as_str(), detail.key.as_str()].join(" ").trim().to_string();
    Told { code: detail.code.to_string(), place, text: message.text, remedy: without_commands(&message.remedy) }
}

/// Why something came to nothing, and what of it is wrong where.
pub(super) fn told_of(failure: &Failure) -> Vec<Told> {
    std::iter::once(told_of_failure(failure)).chain(failure.details.iter().map(told_of_detail)).collect()
}
