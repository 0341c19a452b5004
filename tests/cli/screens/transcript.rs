//! Runs of the program written down as a person sees them, and compared with the file that keeps them.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::cli::program::{Office, Run};

/// Set to write the files anew; what has changed is then read in the difference of the change.
const WRITE: &str = "KAIIN_WRITE_SCREENS";

/// Runs in one office, one after the other.
pub struct Transcript<'a> {
    office: &'a Office,
    text: String,
}

/// Where the files lie, one for each subject.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/screens")
}

impl<'a> Transcript<'a> {
    pub fn of(office: &'a Office) -> Self {
        Self { office, text: String::new() }
    }

    /// Runs the program and writes down the words, what it printed, what it said beside that, and its exit code.
    pub fn run(&mut self, arguments: &str) -> &mut Self {
        // Help is as wide as a terminal says, and a hundred columns without one.
        let run = Run::of(self.office.program().env_remove("COLUMNS").args(arguments.split_whitespace()));
        let exit = run.exit.expect("the program ends by itself");
        writeln!(self.text, "$ kaiin {arguments}\n{}", run.stdout).expect("a text takes more text");
        if !run.stderr.is_empty() {
            writeln!(self.text, "(standard error)\n{}", run.stderr).expect("a text takes more text");
        }
        writeln!(self.text, "(exit {exit})\n").expect("a text takes more text");
        self
    }

    /// Compares what was written down with the file of a subject.
    ///
    /// # Panics
    /// When they differ, with the first lines that do.
    #[track_caller]
    pub fn assert_kept(&self, subject: &str) {
        let path = folder().join(format!("{subject}.txt"));
        let text = masked(&self.text, &self.office.folder().display().to_string());
        if std::env::var_os(WRITE).is_some() {
            std::fs::create_dir_all(folder()).expect("the folder can be made");
            std::fs::write(&path, &text).expect("the file can be written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == text, "{}: {}\n{WRITE}=1 writes it anew", path.display(), first_difference(&kept, &text));
    }
}

/// Takes out what differs from run to run, and nothing else: the folder of the office, and hashes, which must have one
/// of the lengths that hashes have. Signs take the place of the digits, so that columns stay in line.
fn masked(text: &str, folder: &str) -> String {
    let text = text.replace(folder, "<folder>");
    let mut out = String::new();
    for part in pieces(&text) {
        // Shorter ones are numbers and days.
        if part.len() < 16 || !part.bytes().all(is_hex) {
            out.push_str(part);
            continue;
        }
        assert!([16, 32, 64].contains(&part.len()), "no hash is so long: {part}");
        out.extend(std::iter::repeat_n('#', part.len()));
    }
    out
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// A text cut where runs of hexadecimal digits begin and end.
fn pieces(text: &str) -> Vec<&str> {
    let mut ends: Vec<usize> = (1..text.len())
        .filter(|at| text.is_char_boundary(*at) && is_hex(text.as_bytes()[at - 1]) != is_hex(text.as_bytes()[*at]))
        .collect();
    ends.push(text.len());
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| &text[start..*end]).collect()
}

/// The first line that differs, and how it stood.
fn first_difference(kept: &str, text: &str) -> String {
    let (kept, text): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), text.lines().collect());
    let nth = (0..kept.len().max(text.len())).find(|nth| kept.get(*nth) != text.get(*nth)).unwrap_or(kept.len());
    let told = |lines: &[&str]| {
        lines.get(nth..).unwrap_or_default().iter().take(5).map(|line| format!("\n    {line}")).collect::<String>()
    };
    format!("line {} is\n{}\n\n  and was kept as\n{}", nth + 1, told(&text), told(&kept))
}

/// A file that no test compares with anything would tell of a screen that nobody sees.
#[test]
fn every_kept_screen_is_compared() {
    let tests = include_str!("mod.rs");
    let there = std::fs::read_dir(folder()).expect("the folder can be read");
    let there = there.map(|entry| entry.expect("the folder can be read").file_name().into_string());
    let there: Vec<String> = there.map(|name| name.expect("a plain name")).collect();
    assert!(there.len() > 10, "{there:?}");
    for name in there {
        let subject = name.strip_suffix(".txt").unwrap_or_else(|| panic!("{name} is no screen"));
        assert!(tests.contains(&format!(".assert_kept(\"{subject}\")")), "nothing is compared with {name}");
    }
}

#[test]
fn hashes_and_the_folder_are_masked_and_nothing_else() {
    let text = "台帳 0123456789abcdef 在籍 7609 2025-12-01_0123456789abcdef_x 1234567890 /tmp/a/kaiin-data facade";
    let expected =
        "台帳 ################ 在籍 7609 2025-12-01_################_x 1234567890 <folder>/kaiin-data facade";
    assert_eq!(masked(text, "/tmp/a"), expected);
}

#[test]
#[should_panic(expected = "no hash is so long")]
fn hash_of_another_length_is_no_hash() {
    masked("台帳 0123456789abcdef0", "/tmp/a");
}

#[test]
fn difference_is_shown_where_it_begins() {
    let told = first_difference("a\nb\nc\n", "a\nb\nd\n");
    assert_eq!(told, "line 3 is\n\n    d\n\n  and was kept as\n\n    c");
}
