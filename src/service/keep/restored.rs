//! That a data folder was restored from a backup, and whether a person has confirmed that it may go on from there.
//!
//! What happened between the backup and its restoring is in no store: papers may have been handed out, mails sent. So a restored
//! folder carries a mark, `restored.json`, until somebody has looked and said why it may go on. Whatever leaves the program
//! asks for that mark. The life of a data folder has a name, its generation; a restored folder begins another life.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::drawn::{drawn_id, id_in_file};
use crate::clock::tokyo;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, Readers, remove, write_new};
use crate::input;

/// The mark.
pub const MARK: &str = "restored.json";

/// Holds the name of the life of a data folder.
pub const GENERATION: &str = "kaiin.generation";

/// What the mark says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// Name of the folder of the backup.
    pub backup: String,
    /// SHA-256 of its manifest.
    pub backup_sha256: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was restored.
    pub restored_at: DateTime<Utc>,
    /// The life that it was made of.
    pub from_generation: String,
    /// The life that began with its restoring.
    pub generation: String,
    /// Version of the program that restored it.
    pub program: String,
}

/// The name of the life of a data folder, drawn when it is first asked for. The caller holds the write lock.
///
/// # Errors
/// When the folder cannot be read or written.
pub(in crate::service) fn generation(folder: &Path, readers: Readers) -> Result<String, Failure> {
    id_in_file(&folder.join(GENERATION), readers)
}

/// Begins another life in a folder that is being restored; `told` says from which backup.
///
/// # Errors
/// When the folder cannot be written.
pub(in crate::service) fn begin_generation(folder: &NewFolder, told: Restored) -> Result<Restored> {
    let told = Restored { generation: drawn_id(), ..told };
    folder.write(Path::new(GENERATION), format!("{}\n", told.generation).as_bytes())?;
    let mut text = serde_json::to_vec_pretty(&told)?;
    text.push(b'\n');
    folder.write(Path::new(MARK), &text)?;
    Ok(told)
}

/// What should be heard of a restored folder that nobody has confirmed.
pub(in crate::service) fn unconfirmed(folder: &Path) -> Option<Failure> {
    // Asked by every command: one look at one name.
    let mark = folder.join(MARK);
    let is_marked = fs::symlink_metadata(&mark).is_ok();
    is_marked.then(|| Failure::new(FailureKind::Data, "BAK-016", mark.display().to_string()))
}

/// Records why a restored folder may go on, and takes its mark away. Returns the name of the file that holds both. The caller holds
/// the write lock.
///
/// # Errors
/// [`Failure`] BAK-017 where there is no mark; when the folder cannot be read or written.
pub fn confirm(folder: &Path, readers: Readers, now: DateTime<Utc>, reason: &str) -> Result<String> {
    let mark = folder.join(MARK);
    if fs::symlink_metadata(&mark).is_err() {
        return Err(Failure::usage("BAK-017", folder.display().to_string()).into());
    }
    let bytes = input::read_whole(&mark).with_context(|| format!("reading {}", mark.display()))?;
    // A mark that was damaged can be confirmed as well; what is left of it is kept.
    let restored: Value =
        serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
    let text = json!({ "restored": restored, "confirmed_at": now, "reason": reason });
    let name = free_name(folder, &format!("restored-confirmed_{}", instant_in_name(now)), ".json");
    let text = format!("{}\n", serde_json::to_string_pretty(&text)?);
    let refused = |source: std::io::Error| Failure::from_writing(&source, &folder.join(&name).display().to_string());
    // The reason first: whoever is killed in between has the mark still, and confirms once more.
    write_new(&folder.join(&name), text.as_bytes(), readers).map_err(refused)?;
    remove(&mark).map_err(refused)?;
    Ok(name)
}

/// An instant as it stands in names of files: the time in Japan, without signs that some systems refuse.
pub(in crate::service) fn instant_in_name(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d_%H%M%S").to_string()
}

/// A name that nothing in a folder has: the wished one, else with a number.
pub(in crate::service) fn free_name(folder: &Path, wished: &str, end: &str) -> String {
    let is_free = |name: &String| fs::symlink_metadata(folder.join(name)).is_err();
    let first = format!("{wished}{end}");
    if is_free(&first) {
        return first;
    }
    (2_u32..).map(|nth| format!("{wished}_{nth}{end}")).find(is_free).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_goes_when_its_reason_is_kept() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let now = "2026-01-31T15:00:00Z".parse().expect("an instant");
        let place = folder.path();
        assert!(unconfirmed(place).is_none());
        let refused = confirm(place, Readers::Owner, now, "見た").expect_err("there is no mark");
        assert_eq!(Failure::of(&refused).code, "BAK-017");
        for (text, expected) in [
            ("{\"backup\": \"kaiin-backup_1\"}", "restored-confirmed_2026-02-01_000000.json"),
            ("damaged mark", "restored-confirmed_2026-02-01_000000_2.json"),
        ] {
            fs::write(place.join(MARK), text).expect("it can be written");
            assert_eq!(unconfirmed(place).expect("it is marked").code, "BAK-016");
            let name = confirm(place, Readers::Owner, now, "見た").expect("it can be confirmed");
            assert_eq!(name, expected);
            let kept = fs::read_to_string(place.join(&name)).expect("it is there");
            assert!(kept.contains("見た") && kept.contains(&text[2..8]) && unconfirmed(place).is_none(), "{kept}");
        }
    }
}
