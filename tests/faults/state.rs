//! What an office holds, as far as a command may change it: rows, answers, files.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use serde_json::Value;

use super::shim::temporary;
use crate::cli::program::{Office, State as Rows};

/// Files by their path in the office; folders end with `/` and hold no bytes.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// Answers by the bytes of the store, and of its timelines and the settings: a question costs a process, and most disturbances leave one of a
/// few states. What a log beside the store holds is part of its bytes.
pub type Asked = RefCell<HashMap<(Tree, Tree), (Rows, Value)>>;

/// Everything at once.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub files: Tree,
    pub rows: Rows,
    /// `kaiin jobs list`.
    pub jobs: Value,
}

impl State {
    /// Reads the files, then asks the program, which makes a timeline where none is.
    pub fn of(office: &Office) -> Self {
        let files = files_of(office);
        let jobs = office.run("--json jobs list").stdout;
        let mut jobs: Value = serde_json::from_str(&jobs).unwrap_or_default();
        for job in jobs.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
            // A disturbed attempt is one more, and it is right that it is counted.
            job.remove("attempts");
        }
        Self { files, rows: office.state(), jobs }
    }

    /// Whether a command has done its work when it has left this: timelines are made again by whoever asks.
    pub fn is_as_good_as(&self, other: &Self) -> bool {
        let kept = |files: &Tree| -> Tree {
            let is_kept = |path: &str| !is_half_written(path) && !is_of_timeline(path);
            files.iter().filter(|(path, _)| is_kept(path)).map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
        };
        (&self.rows, &self.jobs) == (&other.rows, &other.jobs) && kept(&self.files) == kept(&other.files)
    }

    /// As [`State::of`], and leaves the office as it is: whoever looks may mend what a kill has left. `asked` holds what was
    /// answered before over the same bytes.
    pub fn seen_from_afar(office: &Office, asked: &Asked) -> Self {
        if office.database().is_some() {
            return Self::of(office);
        }
        let files = files_of(office);
        let is_asked = |path: &str| is_of_timeline(path) || path.ends_with(".toml");
        let asked_of = files.clone().into_iter().filter(|(path, _)| is_asked(path)).collect();
        let bytes = (store_of(office), asked_of);
        if let Some((rows, jobs)) = asked.borrow().get(&bytes) {
            return Self { files, rows: rows.clone(), jobs: jobs.clone() };
        }
        let state = Self::of(&office.copy());
        asked.borrow_mut().insert(bytes, (state.rows.clone(), state.jobs.clone()));
        state
    }
}

/// All files of an office but the store, whose bytes say nothing by themselves, the lock, and the record of what is handed out: it
/// tells of each run, also of one that is run again.
pub fn files_of(office: &Office) -> Tree {
    let mut files = Tree::new();
    read(office.folder(), "", &mut files);
    let is_record = |path: &str| path.starts_with("kaiin-data/handed-out.");
    files.retain(|path, _| !path.starts_with("tmp/") && !is_of_store(path) && !is_record(path));
    files
}

/// The store with its logs; what SQLite shares between processes and writes anew is none of it.
fn store_of(office: &Office) -> Tree {
    let mut files = Tree::new();
    read(office.folder(), "", &mut files);
    files.retain(|path, _| is_of_store(path) && !path.ends_with("-shm"));
    files
}

/// A projection of the store; questions make it again.
pub fn is_of_timeline(path: &str) -> bool {
    path.starts_with("kaiin-data/timeline/")
}

fn is_of_store(path: &str) -> bool {
    let name = path.strip_prefix("kaiin-data/").unwrap_or_default();
    name.starts_with("kaiin.sqlite") || name == "kaiin.lock"
}

fn read(folder: &Path, above: &str, files: &mut Tree) {
    for entry in std::fs::read_dir(folder).expect("the office can be read") {
        let entry = entry.expect("the office can be read");
        let path = format!("{above}{}", without_identity(&entry.file_name().to_string_lossy()));
        if entry.path().is_dir() {
            let path = format!("{path}/");
            read(&entry.path(), &path, files);
            files.insert(path, Vec::new());
        } else {
            let bytes = std::fs::read(entry.path()).expect("the office can be read");
            let is_of_sums = path.starts_with("kaiin-data/timeline/sums-")
                || (path.starts_with("kaiin-data/timeline/changes-") && path.ends_with(".txt"));
            files.insert(path, if is_of_sums { without_identity_in(&bytes) } else { bytes });
        }
    }
}

/// A name without the part that every new store draws for itself: 32 hexadecimal letters in the names of timelines.
fn without_identity(name: &str) -> String {
    let is_identity = |part: &str| part.len() == 32 && part.chars().all(|c| c.is_ascii_hexdigit());
    let parts = name.split_inclusive(['-', '.']).map(|part| {
        let (word, end) = part.split_at(part.trim_end_matches(['-', '.']).len());
        format!("{}{end}", if is_identity(word) { "store" } else { word })
    });
    parts.collect()
}

/// The sums of a timeline or of change points without the lines that name the store: the second one and the hash of them all.
/// Whether they fit is asked by every question.
fn without_identity_in(sums: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(sums);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(' ')).collect();
    lines.join("\n").into_bytes()
}

/// What a command that has ended must not leave: half-written files, logs of a store that is closed, temporary files.
pub fn leftovers(office: &Office) -> Vec<String> {
    let mut files = Tree::new();
    read(office.folder(), "", &mut files);
    let is_left = |path: &String| {
        let in_tmp = path.strip_prefix("tmp/").is_some_and(|below| !below.is_empty());
        in_tmp || is_half_written(path) || ["-wal", "-shm", "-journal"].iter().any(|end| path.ends_with(end))
    };
    let _ = temporary(office);
    files.into_keys().filter(is_left).map(|path| without_chance(&path)).collect()
}

/// A path without the letters of chance in the name of a temporary file.
fn without_chance(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with(".kaiin-") && part.len() == ".kaiin-".len() + 6 { ".kaiin-*" } else { part })
        .collect();
    parts.join("/")
}

/// Whether a path shows by its name that nobody may read it yet.
pub fn is_half_written(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with(".kaiin-"))
}

/// What is neither old nor new: files with other bytes, folders with a manifest that lack files.
pub fn halves(now: &Tree, before: &Tree, after: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, bytes) in now.iter().filter(|(path, _)| !is_half_written(path)) {
        let is_known = |tree: &Tree| tree.get(path) == Some(bytes);
        if !is_known(before) && !is_known(after) {
            let is_new = !before.contains_key(path) && !after.contains_key(path);
            wrong.push(format!("{path} {}", if is_new { "is in neither" } else { "is as in neither" }));
        }
    }
    let folders: BTreeSet<&str> = papers(after).into_iter().chain(papers(before)).collect();
    for folder in folders {
        let held = |tree: &Tree| -> BTreeSet<String> {
            let is_in = |path: &&String| path.starts_with(folder) && !is_half_written(path);
            tree.keys().filter(is_in).cloned().collect()
        };
        let found = held(now);
        // Further formats come beside what was there, and are not of the paper until its manifest names them.
        let manifest = format!("{folder}manifest.json");
        let is_growing = before.contains_key(&manifest)
            && before.get(&manifest) == now.get(&manifest)
            && found.is_superset(&held(before));
        if !found.is_empty() && found != held(after) && !is_growing {
            wrong.push(format!("{folder} is half: {found:?}"));
        }
    }
    wrong
}

/// The folders that appear whole: papers and snapshots.
fn papers(tree: &Tree) -> BTreeSet<&str> {
    tree.keys().filter_map(|path| path.strip_suffix("manifest.json")).collect()
}

/// Where the files of the inbox are, by name, with what was put before a name that was taken gone.
pub fn places_in_inbox<'a>(tree: &'a Tree, name: &str) -> Vec<&'a String> {
    let end = format!("/{name}");
    let is_it = |path: &&String| path.starts_with("kaiin-data/inbox/") && path.ends_with(&end);
    tree.keys().filter(is_it).collect()
}

/// How two trees differ, for people.
pub fn difference(found: &Tree, expected: &Tree) -> Vec<String> {
    let paths: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let told = paths.into_iter().filter_map(|path| match (found.get(path), expected.get(path)) {
        // Left-overs are told apart.
        (Some(_), None) if is_half_written(path) => None,
        (Some(_), None) => Some(format!("{path} is too much")),
        (None, Some(_)) => Some(format!("{path} is missing")),
        (one, other) => (one != other).then(|| format!("{path} is another")),
    });
    told.collect()
}
