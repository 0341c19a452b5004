//! What was handed out (持ち出しの記録): who took persons or papers out, when, by which command or page, and which files those were.
//!
//! A file in the data folder to which lines are added and nothing else (`handed-out.jsonl`), so that nobody who asks waits for whoever writes
//! the store, and a backup takes it along. Each line has the SHA-256 of the one before, and a file beside it (`handed-out.head`) has the
//! number of bytes and the SHA-256 of the newest: a line that was edited, taken out or put in is found, and a file that was cut off or
//! removed. No name of a member stands in it. Start reading at [`note`].

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::files::names::name_of;
use crate::files::{Readers, make_file, sha256_hex};
use crate::input;

/// Name of the file.
pub const HANDED_OUT: &str = "handed-out.jsonl";

/// Name of the file beside it.
pub const HANDED_OUT_HEAD: &str = "handed-out.head";

/// Bytes that are read at once from the end, while its last line is looked for.
const STEP: u64 = 4_096;

/// Something that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOut {
    /// When.
    pub at: DateTime<Utc>,
    /// To whom: an account as 佐藤（h.sato）, or the user of the machine.
    pub who: String,
    /// The command or the page.
    pub what: String,
    /// How many persons it names or describes at most; `None` where that is not known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub persons: Option<u64>,
    /// Files, where it was any.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<HandedFile>,
    /// The delivery that it is a part of, where a recipient took what was sent to it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub delivery: Option<HandedDelivery>,
}

impl HandedOut {
    /// Whether it was taken from a page, by its address, and not written by a command.
    pub fn is_of_page(&self) -> bool {
        self.what.starts_with('/')
    }
}

/// A file that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedFile {
    /// Its name, without a folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl HandedFile {
    /// A file of a name and its bytes.
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        Self { name: name.to_string(), sha256: sha256_hex(bytes) }
    }

    /// A file that is written somewhere.
    pub fn at(path: &Path, bytes: &[u8]) -> Self {
        Self::of(&name_of(path), bytes)
    }

    /// A file that lies somewhere; `None` where it cannot be read.
    pub fn lying(path: &Path) -> Option<Self> {
        Some(Self::at(path, &input::read_whole(path).ok()?))
    }
}

/// A delivery of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HandedDelivery {
    /// Number of the distribution.
    pub distribution: u32,
    /// Code of the recipient.
    pub recipient: String,
    /// Id of the report.
    pub report: String,
    /// SHA-256 of what was approved: a number may come again where an older store was put back.
    pub manifest_sha256: String,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    entry: HandedOut,
    /// SHA-256 of the line before as it stands, without its end; of nothing for the first.
    previous: String,
}

/// The whole record.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Handing {
    /// What can be read, in order.
    pub entries: Vec<HandedOut>,
    /// Numbers of lines that do not follow the line before, from 1: something was edited, taken out or put in there. One behind the
    /// last where lines are missing at the end.
    pub broken: Vec<usize>,
    /// Numbers of lines that are none: a machine stopped while they were written.
    pub torn: Vec<usize>,
}

/// How far the file goes.
struct Head {
    /// Bytes up to the end of the newest line.
    size: u64,
    /// SHA-256 of the newest line, without its end.
    sha256: String,
}

impl Head {
    fn text(&self) -> String {
        format!("{} {}\n", self.size, self.sha256)
    }

    /// Writes it in its place, emptied first: whoever hands out leaves nothing behind that somebody else would have to clear away.
    fn write(&self, path: &Path, readers: Readers) -> std::io::Result<()> {
        make_file(path, readers)?;
        let mut file = OpenOptions::new().write(true).truncate(true).open(path)?;
        file.write_all(self.text().as_bytes())?;
        file.sync_data()
    }

    /// `None` where there is none, or it was not written to its end.
    fn read(folder: &Path) -> Option<Self> {
        let text = input::read_text(&folder.join(HANDED_OUT_HEAD)).ok()?;
        let (size, sha256) = text.strip_suffix('\n')?.split_once(' ')?;
        Some(Self { size: size.parse().ok()?, sha256: sha256.to_string() })
    }

    /// Whether the line that was the newest stands where it ended.
    fn is_in(&self, record: &mut (impl Read + Seek)) -> std::io::Result<bool> {
        if record.seek(SeekFrom::End(0))? < self.size {
            return Ok(false);
        }
        let (line, is_ended) = last_line(record, self.size)?;
        Ok(is_ended && sha256_hex(&line) == self.sha256)
    }
}

/// The file of a data folder.
fn place(folder: &Path) -> PathBuf {
    folder.join(HANDED_OUT)
}

/// Makes the file where there is none, so that it belongs to whoever serves and not to whoever hands out first.
///
/// # Errors
/// [`Failure`] when the data folder cannot be written.
pub fn begin(folder: &Path, readers: Readers) -> Result<(), Failure> {
    let path = place(folder);
    make_file(&path, readers).map_err(|source| Failure::from_writing(&source, &path.display().to_string()))
}

/// Adds what is about to be handed out, durably: nothing leaves before.
///
/// # Errors
/// [`Failure`] when the data folder cannot be written.
pub fn note(folder: &Path, readers: Readers, entry: HandedOut) -> Result<(), Failure> {
    let path = place(folder);
    added(&path, readers, entry).map_err(|source| Failure::from_writing(&source, &path.display().to_string()))
}

fn added(path: &Path, readers: Readers, entry: HandedOut) -> std::io::Result<()> {
    make_file(path, readers)?;
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    // Goes with the file; others wait for the time of one line.
    file.lock()?;
    let size = file.seek(SeekFrom::End(0))?;
    let (last, is_ended) = last_line(&mut file, size)?;
    let head = path.parent().and_then(Head::read);
    let previous = match head {
        // What is missing stays missing: this line follows the one that was the newest, whatever stands there now.
        Some(head) if !head.is_in(&mut file)? => head.sha256,
        _ => sha256_hex(&last),
    };
    let line = Line { entry, previous };
    let mut bytes = if is_ended { Vec::new() } else { vec![b'\n'] };
    serde_json::to_writer(&mut bytes, &line)?;
    bytes.push(b'\n');
    file.seek(SeekFrom::End(0))?;
    if let Err(error) = file.write_all(&bytes).and_then(|()| file.sync_data()) {
        // Nothing leaves, so that nothing is told. What cannot be taken back stays as a line too many.
        let _ = file.set_len(size);
        return Err(error);
    }
    let line = bytes.split(|byte| *byte == b'\n').find(|line| !line.is_empty()).unwrap_or_default();
    let head = Head { size: size + u64::try_from(bytes.len()).unwrap_or_default(), sha256: sha256_hex(line) };
    // It never goes ahead of the lines; one that is not there, half written or behind them finds less.
    if let Err(error) = head.write(&path.with_file_name(HANDED_OUT_HEAD), readers) {
        tracing::warn!(%error, "how far the record of what was handed out goes could not be written");
    }
    Ok(())
}

/// The last line of the first bytes of a file, and whether it has its end. Of none it is an empty one that is ended.
fn last_line(file: &mut (impl Read + Seek), size: u64) -> std::io::Result<(Vec<u8>, bool)> {
    let mut tail: Vec<u8> = Vec::new();
    let mut from = size;
    while from > 0 {
        let begin = from.saturating_sub(STEP);
        file.seek(SeekFrom::Start(begin))?;
        let mut piece = Vec::new();
        Read::by_ref(file).take(from - begin).read_to_end(&mut piece)?;
        piece.extend_from_slice(&tail);
        (tail, from) = (piece, begin);
        let body = tail.strip_suffix(b"\n").unwrap_or(&tail);
        if let Some(at) = body.iter().rposition(|byte| *byte == b'\n') {
            return Ok((body[at + 1..].to_vec(), tail.ends_with(b"\n")));
        }
    }
    let is_ended = tail.is_empty() || tail.ends_with(b"\n");
    Ok((tail.strip_suffix(b"\n").unwrap_or(&tail).to_vec(), is_ended))
}

/// Everything that was handed out; nothing where nothing was.
///
/// # Errors
/// [`Failure`] when the file cannot be read.
pub fn handing(folder: &Path) -> Result<Handing, Failure> {
    // Before the lines: it is never ahead of them.
    let head = Head::read(folder);
    let mut bytes = Vec::new();
    if let Some(mut file) = opened(folder)? {
        file.read_to_end(&mut bytes).map_err(|source| unreadable(folder, &source))?;
    }
    let mut out = read(&bytes);
    let is_whole = match head {
        Some(head) => head.is_in(&mut Cursor::new(&bytes)).map_err(|source| unreadable(folder, &source))?,
        None => true,
    };
    if !is_whole && out.broken.is_empty() {
        out.broken.push(out.entries.len() + out.torn.len() + 1);
    }
    Ok(out)
}

/// What recipients took of a distribution, in order.
///
/// # Errors
/// [`Failure`] when the file cannot be read.
pub fn taken_of(folder: &Path, distribution: u32) -> Result<Vec<HandedOut>, Failure> {
    let Some(file) = opened(folder)? else { return Ok(Vec::new()) };
    // As a line has it: whatever stands in quotes has them marked.
    let wanted = format!("\"delivery\":{{\"distribution\":{distribution},");
    let mut out = Vec::new();
    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(|source| unreadable(folder, &source))?;
        if String::from_utf8_lossy(&line).contains(&wanted) {
            out.extend(serde_json::from_slice::<Line>(&line).map(|line| line.entry));
        }
    }
    Ok(out)
}

/// The file, which nobody adds to meanwhile; `None` where there is none.
fn opened(folder: &Path) -> Result<Option<File>, Failure> {
    match File::open(place(folder)).and_then(|file| file.lock_shared().map(|()| file)) {
        Ok(file) => Ok(Some(file)),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unreadable(folder, &source)),
    }
}

fn unreadable(folder: &Path, source: &std::io::Error) -> Failure {
    Failure::from_io(source, &place(folder).display().to_string())
}

fn read(bytes: &[u8]) -> Handing {
    let mut out = Handing::default();
    let mut before: &[u8] = b"";
    // A machine that stops leaves a line without its end behind, which the next one follows: any other that is none was written by
    // somebody.
    let mut open: Option<usize> = None;
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let lines = body.split(|byte| *byte == b'\n').filter(|_| !bytes.is_empty());
    for (number, text) in (1..).zip(lines) {
        match serde_json::from_slice::<Line>(text) {
            Ok(line) => {
                if line.previous != sha256_hex(before) {
                    out.broken.push(number);
                }
                out.entries.push(line.entry);
                open = None;
            }
            Err(_) => {
                out.broken.extend(open.replace(number));
                out.torn.push(number);
            }
        }
        before = text;
    }
    out.broken.extend(open.filter(|_| bytes.ends_with(b"\n")));
    out.broken.sort_unstable();
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn entry(nth: usize) -> HandedOut {
        HandedOut {
            at: "2025-12-08T01:12:00Z".parse().expect("an instant"),
            who: format!("佐藤{nth}（h.sato）"),
            what: "audit withdrawals".into(),
            persons: Some(u64::try_from(nth).expect("a number")),
            files: vec![HandedFile::of("監査.csv", b"a")],
            delivery: None,
        }
    }

    fn folder(n: usize) -> tempfile::TempDir {
        let out = tempfile::tempdir().expect("a folder");
        for nth in 0..n {
            note(out.path(), Readers::Owner, entry(nth)).expect("it is noted");
        }
        out
    }

    fn lines(folder: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(folder.join(HANDED_OUT)).expect("it is there");
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn what_was_noted_is_read_in_its_order() {
        let none = folder(0);
        assert_eq!(handing(none.path()).expect("there is none"), Handing::default());
        let some = folder(40);
        let read = handing(some.path()).expect("it can be read");
        assert_eq!(read.entries, (0..40).map(entry).collect::<Vec<_>>());
        assert_eq!((read.broken, read.torn), (Vec::new(), Vec::new()));
    }

    /// Longer than what is read at once from the end.
    #[test]
    fn long_line_is_followed() {
        let folder = folder(1);
        let files = (0..500).map(|nth| HandedFile::of(&format!("{nth}.pdf"), b"b")).collect();
        note(folder.path(), Readers::Owner, HandedOut { files, ..entry(1) }).expect("it is noted");
        note(folder.path(), Readers::Owner, entry(2)).expect("it is noted");
        assert_eq!(handing(folder.path()).expect("it can be read").broken, Vec::<usize>::new());
    }

    #[rstest]
    #[case::edited(|lines: &mut Vec<String>| lines[2] = lines[2].replace("佐藤2", "鈴木2"), &[4])]
    #[case::taken_out(|lines: &mut Vec<String>| { lines.remove(2); }, &[3])]
    #[case::put_in(|lines: &mut Vec<String>| lines.insert(2, lines[0].clone()), &[3, 4])]
    #[case::swapped(|lines: &mut Vec<String>| lines.swap(1, 2), &[2, 3, 4])]
    #[case::first_taken_out(|lines: &mut Vec<String>| { lines.remove(0); }, &[1])]
    #[case::last_taken_out(|lines: &mut Vec<String>| { lines.pop(); }, &[6])]
    #[case::last_edited(|lines: &mut Vec<String>| lines[5] = lines[5].replace("佐藤5", "鈴木5"), &[7])]
    #[case::all_taken_out(|lines: &mut Vec<String>| lines.clear(), &[1])]
    #[case::last_made_illegible(|lines: &mut Vec<String>| lines[5] = "x".into(), &[6])]
    #[case::all_made_illegible(|lines: &mut Vec<String>| lines.iter_mut().for_each(|line| *line = "x".into()), &[1, 2, 3, 4, 5, 6])]
    fn edits_are_found(#[case] edit: fn(&mut Vec<String>), #[case] expected: &[usize]) {
        let folder = folder(6);
        let mut all = lines(folder.path());
        edit(&mut all);
        let text: String = all.iter().map(|line| format!("{line}\n")).collect();
        std::fs::write(folder.path().join(HANDED_OUT), text).expect("it can be written");
        assert_eq!(handing(folder.path()).expect("it can be read").broken, expected);
    }

    /// A machine may stop while it is written.
    #[rstest]
    #[case::half(40)]
    #[case::nothing(0)]
    fn half_a_head_accuses_nobody(#[case] size: usize) {
        let folder = folder(2);
        let path = folder.path().join(HANDED_OUT_HEAD);
        let text = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, &text[..size]).expect("it can be written");
        assert_eq!(handing(folder.path()).expect("it can be read").broken, Vec::<usize>::new());
        note(folder.path(), Readers::Owner, entry(2)).expect("it is noted");
        assert!(Head::read(folder.path()).is_some());
    }

    /// Also once something more was noted.
    #[rstest]
    #[case::removed(|path: &Path| std::fs::remove_file(path).expect("it is there"), 1)]
    #[case::emptied(|path: &Path| std::fs::write(path, "").expect("it is there"), 1)]
    #[case::cut_off(|path: &Path| {
        let text = std::fs::read_to_string(path).expect("it is there");
        std::fs::write(path, format!("{}\n", text.lines().next().expect("a line"))).expect("it is there");
    }, 2)]
    #[case::cut_within_a_line(|path: &Path| {
        let bytes = std::fs::read(path).expect("it is there");
        std::fs::write(path, &bytes[..bytes.len() - 20]).expect("it is there");
    }, 3)]
    fn file_that_is_not_all_there_is_missed(#[case] damage: fn(&Path), #[case] line: usize) {
        let folder = folder(2);
        damage(&folder.path().join(HANDED_OUT));
        assert_eq!(handing(folder.path()).expect("it can be read").broken, [line]);
        for nth in 2..4 {
            note(folder.path(), Readers::Owner, entry(nth)).expect("it is noted");
            assert_eq!(handing(folder.path()).expect("it can be read").broken, [line]);
        }
    }

    #[test]
    fn what_recipients_took_is_found_by_its_distribution() {
        let folder = folder(2);
        let taken = |distribution: u32| HandedOut {
            delivery: Some(HandedDelivery {
                distribution,
                recipient: "11-001".into(),
                report: "monthly-statistics".into(),
                manifest_sha256: "0".into(),
            }),
            ..entry(1)
        };
        let forged = HandedOut { what: r#""delivery":{"distribution":1,"#.into(), ..entry(1) };
        for one in [taken(1), taken(11), forged, taken(1)] {
            note(folder.path(), Readers::Owner, one).expect("it is noted");
        }
        assert_eq!(taken_of(folder.path(), 1).expect("it can be read"), [taken(1), taken(1)]);
        assert_eq!(taken_of(folder.path(), 2).expect("it can be read"), []);
    }

    /// A machine that stops has not written how far the file goes.
    #[rstest]
    #[case::within_the_line(20, &[3])]
    #[case::without_its_end(1, &[])]
    fn line_that_was_not_finished_is_no_edit(#[case] cut: usize, #[case] torn: &[usize]) {
        let folder = folder(2);
        let (path, head) = (folder.path().join(HANDED_OUT), folder.path().join(HANDED_OUT_HEAD));
        let before = std::fs::read(&head).expect("it is there");
        note(folder.path(), Readers::Owner, entry(2)).expect("it is noted");
        let bytes = std::fs::read(&path).expect("it is there");
        std::fs::write(&path, &bytes[..bytes.len() - cut]).expect("it can be written");
        std::fs::write(&head, before).expect("it can be written");
        note(folder.path(), Readers::Owner, entry(3)).expect("it is noted");
        let read = handing(folder.path()).expect("it can be read");
        assert_eq!((read.broken.as_slice(), read.torn.as_slice()), (&[][..], torn));
        assert_eq!(read.entries.last(), Some(&entry(3)));
    }

    #[test]
    fn many_at_once_lose_no_line() {
        let folder = folder(0);
        std::thread::scope(|scope| {
            for nth in 0..8 {
                let path = folder.path();
                scope.spawn(move || (0..20).for_each(|_| note(path, Readers::Owner, entry(nth)).expect("it is noted")));
            }
        });
        let read = handing(folder.path()).expect("it can be read");
        assert_eq!((read.entries.len(), read.broken), (160, Vec::new()));
    }
}
