//! Moving files out of the inbox, and the texts beside them: names that fit, also where a mark makes them longer.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crash::{self, CrashPoint};
use crate::error::Failure;
use crate::files::{Readers, make_folder_like_above, move_file};
use crate::ingest::export_day_of;
use crate::messages::{Lang, message, message_of};
use crate::service::intake::import::{is_question, name_of};
use crate::service::keep::export::write_file;
use crate::service::keep::head::sha256_of;

/// What stands at the end of the name of the text beside a file that is refused or asks.
const REASON: &str = ".理由.txt";

/// Bytes, and on Windows units of UTF-16, that every file system takes in a name.
const MOST: usize = 255;

/// Letters at the end of a name that are kept when it is cut: where the day usually stands.
const LAST: usize = 12;

/// Digits of the hash in a name that was cut.
const HASH_DIGITS: usize = 6;

/// Whether a name is that of a text beside a file.
pub(super) fn is_reason(name: &str) -> bool {
    name.ends_with(REASON)
}

/// The text beside a file.
pub(in crate::service) fn reason_of(path: &Path) -> PathBuf {
    path.with_file_name(fitting(&name_of(path), REASON))
}

/// Removes the text beside a file; one that is gone already needs no removing.
pub(super) fn remove_reason(path: &Path) {
    let _ = fs::remove_file(reason_of(path));
}

/// Writes why a file is refused, or what it asks.
pub(super) fn write_reason(target: &Path, failure: &Failure) -> Result<(), Failure> {
    let text = format!("{}\r\n", reason_lines(failure).join("\r\n"));
    // It tells of no person, and whoever dropped the file must be able to read it.
    write_file(&reason_of(target), text.as_bytes(), Readers::ByUmask).map_err(|error| Failure::of(&error))
}

/// Why a file is refused, or what it asks; the first line tells it.
pub(super) fn reason_lines(failure: &Failure) -> Vec<String> {
    let text = message(failure.code, Lang::Ja, &failure.detail);
    let place = failure.row.map(|row| format!("{row}行目 ")).unwrap_or_default();
    let column = failure.column.as_ref().map(|column| format!("{column}列 ")).unwrap_or_default();
    let mut lines = vec![format!("{} {place}{column}{}", failure.code, text.text), text.remedy];
    for detail in &failure.details {
        let text = message_of(detail.code, Lang::Ja, &detail.words);
        lines.extend([format!("{} {}", detail.code, text.text), text.remedy]);
    }
    if is_question(failure) {
        lines.push("このファイルがいらなければ、消してください。".into());
    }
    lines
}

/// Why something could not be moved, as it stands in a sentence.
pub(super) fn why(failure: &Failure) -> String {
    format!("{} {}", failure.code, message(failure.code, Lang::Ja, &failure.detail).text)
}

/// Moves a file into a folder, under a name that nothing there has.
pub(super) fn move_into(path: &Path, folder: &Path) -> Result<(), Failure> {
    move_to(path, &free_name(path, folder)?)?;
    crash::reach(CrashPoint::FileMoved);
    Ok(())
}

/// A name in a folder that nothing has: a corrected file of the same name must not take the place of the one before it.
pub(super) fn free_name(path: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    make_folder_like_above(folder).map_err(|source| Failure::from_writing(&source, &folder.display().to_string()))?;
    let name = name_of(path);
    let free = (1..)
        .map(|nth| if nth == 1 { name.clone() } else { fitting(&format!("{nth}_{name}"), "") })
        .map(|name| folder.join(name))
        .find(|target| target.symlink_metadata().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound));
    free.ok_or_else(|| Failure::not_writable(&folder.display().to_string()))
}

/// Moves a file, also to another file system; it is then in one place only.
pub(super) fn move_to(path: &Path, target: &Path) -> Result<(), Failure> {
    move_file(path, target).map_err(|source| Failure::from_writing(&source, &target.display().to_string()))
}

/// A name with something behind it in as many bytes as a name may have. What is too long loses letters in the middle, and
/// keeps its beginning, its ending, and the day that it tells.
fn fitting(name: &str, behind: &str) -> String {
    let whole = format!("{name}{behind}");
    if whole.len() <= MOST {
        return whole;
    }
    let (stem, end) = match name.rfind('.').filter(|at| *at > 0 && name.len() - at <= 8) {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let tells = export_day_of(stem);
    let hash = &sha256_of(&[name])[..HASH_DIGITS];
    let letters: Vec<char> = stem.chars().collect();
    let last: String = letters[letters.len().saturating_sub(LAST)..].iter().collect();
    let mut n_kept = letters.len();
    loop {
        let first: String = letters[..n_kept].iter().collect();
        let candidates = [format!("{first}…{last}_x{hash}"), format!("{first}…_x{hash}")];
        let fits = |stem: &&String| stem.len() + end.len() + behind.len() <= MOST;
        // Cutting may leave a part of a date that is another date.
        if let Some(stem) = candidates.iter().filter(fits).find(|stem| n_kept == 0 || export_day_of(stem) == tells) {
            return format!("{stem}{end}{behind}");
        }
        n_kept = n_kept.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("members_2025-12-31.csv", "", "members_2025-12-31.csv")]
    #[case::reason("members_2025-12-31.csv", REASON, "members_2025-12-31.csv.理由.txt")]
    fn name_that_fits_stays_as_it_is(#[case] name: &str, #[case] behind: &str, #[case] expected: &str) {
        assert_eq!(fitting(name, behind), expected);
    }

    /// 80 kana and a date fit as they are, and no longer with a mark or a reason.
    #[rstest]
    #[case::day_at_the_end("会", 76, "2025-12-31.csv", "2_")]
    #[case::day_before("2025-12-31", 1, "", "2_")]
    #[case::era_day("会", 70, "_令和7年12月31日.xlsx", "12_")]
    #[case::no_day("会", 83, ".csv", "2_")]
    fn long_name_keeps_its_day_its_beginning_and_its_ending(
        #[case] first: &str,
        #[case] times: usize,
        #[case] last: &str,
        #[case] before: &str,
    ) {
        let name = format!("{before}{}{last}", first.repeat(times));
        let name = if last.is_empty() { format!("{name}{}.csv", "会".repeat(78)) } else { name };
        let stem = |name: &str| export_day_of(name.rsplit_once('.').expect("an ending").0);
        for behind in ["", REASON] {
            let short = fitting(&name, behind);
            assert!(short.len() <= MOST && short.ends_with(behind), "{short}");
            let short = short.strip_suffix(behind).expect("it is there");
            assert_eq!(stem(short), stem(&name), "{short}");
            assert_eq!(short.rsplit_once('.').expect("an ending").1, name.rsplit_once('.').expect("an ending").1);
            assert!(short.starts_with(before), "{short}");
        }
        assert_ne!(fitting(&name, REASON), fitting(&format!("{before}{name}"), REASON));
    }
}
