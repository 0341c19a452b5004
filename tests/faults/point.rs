//! What a program does to a disk or a server, one point each, and what can go wrong there.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Command;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// Its number in the run, from 1: among those on the disk, or among those sent with the same words.
    pub number: usize,
    /// Such as `write` or `rename`.
    pub call: String,
    /// Path in the folder of the office; `socket` for what is sent to a server.
    pub path: String,
    /// Where a file is renamed to; the words of what is sent; else empty.
    pub other: String,
}

/// What is done to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The process ends before the call.
    Kill,
    /// It ends when half of the bytes are written.
    KillHalf,
    /// It ends after the call.
    KillAfter,
    /// What is sent arrives, and no answer comes.
    Cut,
    /// The connection breaks before anything is sent.
    Broken,
    /// The call fails once.
    Once(Error),
    /// The call fails and so do all after it, but for those that give space back on a full disk.
    From(Error),
}

/// An error of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Error {
    /// The disk is full.
    Space,
    /// The disk is broken.
    Device,
    /// A permission is missing.
    Permission,
}

impl Error {
    pub const ALL: [Self; 3] = [Self::Space, Self::Device, Self::Permission];

    fn name(self) -> &'static str {
        match self {
            Self::Space => "ENOSPC",
            Self::Device => "EIO",
            Self::Permission => "EACCES",
        }
    }
}

impl Fault {
    /// Whether the process is ended from outside.
    pub fn is_kill(self) -> bool {
        matches!(self, Self::Kill | Self::KillHalf | Self::KillAfter)
    }

    /// Hands the fault to the shim.
    pub fn tell(self, command: &mut Command) {
        let name = match self {
            Self::Kill => "kill",
            Self::KillHalf => "half",
            Self::KillAfter => "after",
            Self::Cut => "cut",
            // On a connection every error is one of the connection.
            Self::Broken => Error::Device.name(),
            Self::Once(error) | Self::From(error) => error.name(),
        };
        command.env("KAIIN_FAULT_DO", name);
        if matches!(self, Self::From(_)) {
            command.env("KAIIN_FAULT_ON", "1");
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(error) => write!(f, "{} once", error.name()),
            Self::From(error) => write!(f, "{} from here on", error.name()),
            other => write!(f, "{other:?}"),
        }
    }
}

impl Point {
    /// Whether another run's point is this one.
    pub fn is_same(&self, other: &Self) -> bool {
        self.number == other.number && self.kind() == other.kind()
    }

    /// Hands its place to the shim.
    pub fn tell(&self, command: &mut Command) {
        command.env("KAIIN_FAULT_AT", self.number.to_string());
        if self.is_sent() {
            command.env("KAIIN_FAULT_WORDS", &self.other);
        }
    }

    pub fn is_sent(&self) -> bool {
        self.path == "socket"
    }

    /// Whether it is about the store in the data folder or its lock.
    pub fn is_of_store(&self) -> bool {
        self.path.starts_with("kaiin-data/kaiin.")
    }

    /// The name without what differs from run to run and from file to file: kind of call and kind of file.
    pub fn kind(&self) -> String {
        if self.is_sent() {
            // A statement is told from another by its first words.
            let words: Vec<&str> = self.other.split(' ').take(4).collect();
            return format!("send {}", words.join(" "));
        }
        let kinds = [&self.path, &self.other].map(|path| kind_of(path));
        format!("{} {}", self.call, kinds.join(" ")).trim_end().to_owned()
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = if self.other.is_empty() { "" } else { " → " };
        write!(f, "{} {} {}{arrow}{}", self.number, self.call, self.path, self.other)
    }
}

/// A path in which everything is one sign that differs from run to run or from paper to paper: names of chance, days,
/// heads, names of papers, and of the tables in them but for how they end; so are the tables of an export.
fn kind_of(path: &str) -> String {
    let mut parts: Vec<String> = path.split('/').map(kind_of_name).collect();
    // An export is made beside its folder.
    if parts[0] == ".kaiin-*" && parts.len() > 1 {
        let name = parts.pop().unwrap_or_default();
        let end = name.rsplit_once('.').map(|(_, end)| format!(".{end}")).filter(|_| !name.starts_with(".kaiin-"));
        return format!(".kaiin-*/*{}", end.unwrap_or_default());
    }
    if parts.iter().any(|part| part == "papers")
        && let Some(end) = parts.last().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end.to_owned())
        && let Some(name) = parts.last_mut()
        && !name.starts_with(".kaiin-")
        && !name.ends_with(".json")
    {
        *name = format!("*.{end}");
    }
    parts.join("/")
}

fn kind_of_name(name: &str) -> String {
    if name.starts_with(".kaiin-") {
        return ".kaiin-*".to_owned();
    }
    let is_hash = |part: &str| part.len() >= 16 && part.chars().all(|c| c.is_ascii_hexdigit());
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let parts = name.split_inclusive(['-', '_', '.', '=']).map(|part| {
        let (word, end) = part.split_at(part.trim_end_matches(['-', '_', '.', '=']).len());
        format!("{}{end}", if is_hash(word) || is_number(word) { "#" } else { word })
    });
    parts.collect()
}

/// Reads what the shim has noted, in the order of the calls.
pub fn points_of(log: &str) -> Vec<Point> {
    // Threads note in any order what they have numbered in order.
    let mut noted: Vec<(usize, Point)> = log.lines().map(point_of).collect();
    noted.sort_by_key(|(place, _)| *place);
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut points: Vec<Point> = noted.into_iter().map(|(_, point)| point).collect();
    for point in &mut points {
        let counted = if point.is_sent() { point.other.clone() } else { String::new() };
        let number = numbers.entry(counted).or_default();
        *number += 1;
        point.number = *number;
    }
    points
}

fn point_of(line: &str) -> (usize, Point) {
    let mut parts = line.split('\t');
    let mut next = || parts.next().unwrap_or_else(|| panic!("the shim noted {line:?}")).to_owned();
    let place = next().parse().expect("the shim notes a number first");
    (place, Point { number: 0, call: next(), path: next(), other: next() })
}

#[test]
fn kind_forgets_chance_and_days() {
    for (path, expected) in [
        ("kaiin-data/kaiin.sqlite-wal", "kaiin-data/kaiin.sqlite-wal"),
        ("kaiin-data/timeline/.kaiin-x3Fg0a", "kaiin-data/timeline/.kaiin-*"),
        ("papers/.kaiin-1yTg4P/03_trend.csv", "papers/.kaiin-*/*.csv"),
        (".kaiin-x3Fg0a/segments/tier=local", ".kaiin-*/*"),
        (".kaiin-x3Fg0a/changes/part-0.parquet", ".kaiin-*/*.parquet"),
        ("snapshots/snapshot=2025-09-30_2025-10-31_3b6e283d99027a0d_last", "snapshots/snapshot=#-#-#_#-#-#_#_last"),
    ] {
        assert_eq!(kind_of(path), expected);
    }
}
