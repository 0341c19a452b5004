//! Where meetings lie, and what is wrong with one, in words.

use std::path::PathBuf;

use crate::error::{Detail, Failure};
use crate::messages::{Lang, message_of};
use crate::service::intake::giving::{Told, told_of_failure, without_commands};
use crate::service::keep::meetings_root::meetings_root;
use crate::web::pages::Shown;

/// The folder in which those of the meetings lie.
pub(in crate::web) fn root(shown: &Shown) -> PathBuf {
    meetings_root(&shown.folder, &shown.config.jobs)
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
