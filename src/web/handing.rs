//! Files that a page hands out: their kind, their name, and whether a browser shows or keeps them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use tokio::task::spawn_blocking;

use super::answer::Answer;
use super::route::Visit;
use crate::domain::signature::Signature;
use crate::service::keep::handed_out::{self, HandedDelivery, HandedFile, HandedOut};
use crate::service::keep::workspace::readers_of;

/// Files that are remembered as noted: more begin anew.
const REMEMBERED: usize = 10_000;

/// Whose account has had which file since the program was started: pages of it that are looked at one by one are noted once.
#[derive(Debug, Default)]
pub(super) struct Handed(Mutex<BTreeSet<(String, String)>>);

impl Handed {
    /// Remembers a file, and says whether it was remembered already.
    fn again(&self, login: &str, sha256: &str) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.clear();
        }
        !all.insert((login.to_string(), sha256.to_string()))
    }
}

/// What is handed out beside its bytes.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Persons that it names, where that is known.
    pub(super) persons: Option<usize>,
    /// What was sent to a recipient, who takes it now.
    pub(super) delivery: Option<HandedDelivery>,
    /// Whether it is a piece of a file of which all pieces are noted as one.
    pub(super) is_piece: bool,
}

/// Notes what is about to leave (持ち出しの記録).
///
/// # Errors
/// [`Failure`](crate::error::Failure) when it cannot be noted: then nothing leaves.
pub(super) async fn note(visit: &Visit, name: &str, bytes: &[u8], noted: Noted) -> Result<()> {
    let account = &visit.entered.account;
    let file = HandedFile::of(name, bytes);
    let (shown, is_again) = (&visit.asked.pages.shown, visit.asked.pages.handed.again(&account.login, &file.sha256));
    if noted.is_piece && is_again {
        return Ok(());
    }
    let entry = HandedOut {
        at: shown.clock.now(),
        who: Signature::of_account(&account.name, &account.login).signed(),
        what: visit.asked.path.to_string(),
        persons: noted.persons.and_then(|n| u64::try_from(n).ok()),
        files: vec![file],
        delivery: noted.delivery,
    };
    let (folder, readers) = (shown.folder.clone(), readers_of(&shown.config));
    Ok(spawn_blocking(move || handed_out::note(&folder, readers, entry)).await.context("noting what leaves")??)
}

/// A file under its name. A browser shows a PDF itself; everything else is kept, pages too: nothing that was made elsewhere runs
/// as a page of ours.
pub(super) fn file(name: &str, bytes: Vec<u8>) -> Result<Answer> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let (kind, shown) = match ending {
        "pdf" => ("application/pdf", "inline"),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        "csv" => ("text/csv; charset=utf-8", "attachment"),
        "html" => ("text/html; charset=utf-8", "attachment"),
        _ => ("application/octet-stream", "attachment"),
    };
    let disposition = HeaderValue::from_str(&disposition(shown, name))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok(Answer::from((headers, bytes).into_response()))
}

/// RFC 6266: the name in UTF-8, and one in ASCII for whoever does not read that.
fn disposition(shown: &str, name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    let ascii: String = name.chars().map(|letter| if plain(letter) { letter } else { '_' }).collect();
    format!("{shown}; filename=\"{ascii}\"; filename*=UTF-8''{}", of_header(name))
}

/// The letters of RFC 5987 as they are, all others in hexadecimal; a blank is no plus here.
fn of_header(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    name.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A size as people read it.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_024 => format!("{bytes} バイト"),
        1_024..1_048_576 => format!("{} KB", bytes.div_ceil(1_024)),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes % (1 << 20)) * 10) >> 20),
    }
}

/// What a link to a file says of it.
pub(super) fn label(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, "pdf")) => "PDF".into(),
        Some((_, "xlsx")) => "Excel".into(),
        Some((_, "html")) => "HTML".into(),
        Some((stem, "csv")) => format!("CSV {stem}"),
        _ => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("a-1.pdf", "inline; filename=\"a-1.pdf\"; filename*=UTF-8''a-1.pdf")]
    #[case::japanese("月報 1.pdf", "inline; filename=\"___1.pdf\"; filename*=UTF-8''%E6%9C%88%E5%A0%B1%201.pdf")]
    #[case::quotes(
        "a\"b';\r\nX: y.pdf",
        "inline; filename=\"a_b____X__y.pdf\"; filename*=UTF-8''a%22b%27%3B%0D%0AX%3A%20y.pdf"
    )]
    fn name_of_a_file_stays_within_its_header(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(disposition("inline", name), expected);
        assert!(file(name, Vec::new()).is_ok());
    }

    #[rstest]
    #[case(0, "0 バイト")]
    #[case(1_023, "1023 バイト")]
    #[case(1_024, "1 KB")]
    #[case(1_048_575, "1024 KB")]
    #[case(1_572_864, "1.5 MB")]
    fn size_is_read_by_people(#[case] bytes: usize, #[case] expected: &str) {
        assert_eq!(size(bytes), expected);
    }
}
