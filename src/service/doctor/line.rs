//! What is said of each thing that a server needs.

use std::fmt::Display;

use chrono::{DateTime, Utc};

use crate::clock::tokyo;
use crate::domain::coded::coded;
use crate::error::{Detail, Failure};

coded! {
    /// A thing that a server needs, in the order in which they are told. Programs know it by its code.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Subject {
        /// 設定: `kaiin.toml`.
        Settings = "settings",
        /// 定義: reports, packs, layouts and words.
        Definitions = "definitions",
        /// データフォルダ.
        DataFolder = "data_folder",
        /// ディスク: the room on it.
        Disk = "disk",
        /// 時計.
        Clock = "clock",
        /// 時間帯 of the machine.
        TimeZone = "time_zone",
        /// 台帳: the store.
        Store = "store",
        /// 予定: the scheduled work.
        Schedule = "schedule",
        /// 受け取り口: the inbox.
        Inbox = "inbox",
        /// メール: the server that takes them.
        Mail = "mail",
        /// 書体, and which characters they lack.
        Fonts = "fonts",
        /// 外字: the table of the office.
        Gaiji = "gaiji",
    }
}

coded! {
    /// How something stands; the worst last.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum State {
        /// In order.
        Well = "ok",
        /// A person should look (注意).
        Attention = "warning",
        /// It does not work (NG).
        Broken = "ng",
    }
}

/// One sentence: its code, what the text of the code leaves open, and what is wrong one by one. None names a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How bad it is.
    pub state: State,
    /// Code of text and remedy in `messages`.
    pub code: &'static str,
    /// What the text leaves open.
    pub words: Vec<String>,
    /// What is wrong one by one.
    pub details: Box<[Detail]>,
}

impl Told {
    /// That something is in order.
    pub fn well(code: &'static str, words: &[&dyn Display]) -> Self {
        Self::new(State::Well, code, words)
    }

    /// That a person should look at something.
    pub fn attention(code: &'static str, words: &[&dyn Display]) -> Self {
        Self::new(State::Attention, code, words)
    }

    /// That something does not work.
    pub fn broken(code: &'static str, words: &[&dyn Display]) -> Self {
        Self::new(State::Broken, code, words)
    }

    /// That something does not work, as its failure says.
    pub fn failed(failure: &Failure) -> Self {
        let place = failure.file.iter().filter(|_| failure.detail.is_empty());
        let word = place.chain([&failure.detail]).next().cloned().unwrap_or_default();
        Self { details: failure.details.clone(), ..Self::broken(failure.code, &[&word]) }
    }

    fn new(state: State, code: &'static str, words: &[&dyn Display]) -> Self {
        let words = words.iter().map(ToString::to_string).collect();
        Self { state, code, words, details: Box::default() }
    }
}

/// Everything that is said of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of what.
    pub subject: Subject,
    /// The sentences; never empty.
    pub told: Vec<Told>,
}

impl Line {
    /// Of one sentence.
    pub fn of(subject: Subject, told: Told) -> Self {
        Self { subject, told: vec![told] }
    }

    /// How it stands: as the worst that is said of it.
    pub fn state(&self) -> State {
        self.told.iter().map(|told| told.state).max().unwrap_or(State::Well)
    }
}

/// An instant as the office reads it, in Asia/Tokyo.
pub fn minute(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string()
}
