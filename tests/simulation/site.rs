//! The office of a story: its data folder, the server that rings there, and a mail server.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::crash::{ANY, CrashPoint, PLAN};
use kaiin::jobs::{self, TickReport};
use kaiin::service::keep::Workspace;
use tokio::runtime::Runtime;

use super::world::{FIRST_MONTH, World};
use crate::cli::program::{Office, Run};
use crate::faults::shim;
use crate::publish::smtp::Server;

/// Those who get papers, with their addresses.
const TO: [(&str, &str); 2] = [("11-001", "one@example.jp"), ("11-004", "four@example.jp")];

/// Where backups go, beside the data folder.
const ELSEWHERE: &str = "elsewhere";

/// Whom recipients may ask, by the words of the settings.
pub const CONTACTS: [&str; 2] = ["事務局 見本係", "事務局 総務課"];

/// A definition of the office, from the data folder on.
const DEFINITION: &str = "definitions/monthly-statistics.toml";

/// Months of a story in which routines still come each month.
pub const LONG: usize = 24;

/// The calendar of meetings, beside the data folder.
const CALENDAR: &str = "meetings/会議の予定.csv";

/// Code of signal 6, which ends a program at once.
const ABORTED: Option<i32> = None;

pub struct Site {
    office: Office,
    clock: &'static AtomicI64,
    /// The server that runs, until it is stopped.
    workspace: Option<Workspace>,
    pub mails: Server,
    /// Whether it is of so many months that routines come seldom.
    is_long: bool,
    runtime: Arc<Runtime>,
}

impl Site {
    pub fn new(world: &World, n_months: usize) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (office, mails) = (Office::new(), Server::start());
        for folder in ["kaiin-data/inbox", "kaiin-data/definitions", ELSEWHERE, "meetings"] {
            std::fs::create_dir_all(office.folder().join(folder)).expect("a folder can be made");
        }
        office.save(CALENDAR, world.calendar());
        let out = Self {
            office,
            clock: Box::leak(Box::new(AtomicI64::new(0))),
            workspace: None,
            mails,
            is_long: n_months > LONG,
            runtime: Arc::new(runtime),
        };
        out.say(CONTACTS[0]);
        out.address("");
        out.drop_into_inbox("associations.csv", &world.master());
        out
    }

    pub fn runtime(&self) -> Arc<Runtime> {
        self.runtime.clone()
    }

    pub fn folder(&self) -> &Path {
        self.office.folder()
    }

    pub fn data(&self) -> PathBuf {
        self.office.data()
    }

    pub fn elsewhere(&self) -> PathBuf {
        self.folder().join(ELSEWHERE)
    }

    /// Writes the file of recipients, with a person to whom papers go.
    pub fn address(&self, person: &str) {
        let rows: Vec<String> = TO.iter().map(|(code, mail)| format!("{code},,{person},,,{mail}\n")).collect();
        let head = "医師会コード,宛名,担当,開始日,終了日,メールアドレス\n";
        self.office.save("kaiin-data/配布先.csv", format!("{head}{}", rows.concat()));
    }

    /// Writes the settings, with whom recipients may ask.
    pub fn say(&self, contact: &str) {
        self.office.save("kaiin-data/kaiin.toml", settings(self.mails.port, contact, self.is_long));
    }

    /// Writes a definition of the office for the paper that is handed out, or takes it away.
    pub fn define(&self, definition: Option<&str>) {
        let place = self.data().join(DEFINITION);
        match definition {
            Some(text) => self.office.save(&format!("kaiin-data/{DEFINITION}"), text),
            None if place.exists() => std::fs::remove_file(place).expect("it can be removed"),
            None => {}
        }
    }

    /// Puts a file into the inbox. It has a time to come: that of this machine is old in a later year of a story, so that purge would
    /// remove it where it was refused, in the same ring and before anybody could look at it.
    pub fn drop_into_inbox(&self, name: &str, bytes: &[u8]) {
        let mut file = std::fs::File::create(self.data().join("inbox").join(name)).expect("the inbox takes it");
        file.write_all(bytes).and_then(|()| file.set_modified(time_to_come())).expect("the inbox takes it");
    }

    fn set_clock(&self, now: DateTime<Utc>) {
        self.clock.store(now.timestamp_millis(), Ordering::SeqCst);
    }

    /// What the server that runs has open, at a time.
    pub async fn at(&mut self, now: DateTime<Utc>) -> Result<&Workspace> {
        self.set_clock(now);
        if self.workspace.is_none() {
            self.workspace = Some(self.start().await?);
        }
        Ok(self.workspace.as_ref().expect("it was started"))
    }

    async fn start(&self) -> Result<Workspace> {
        let config = Config::read(&self.data().join("kaiin.toml"), jobs::faults)?;
        Workspace::open(&self.data(), config, Clock::Moved(self.clock)).await
    }

    /// One ring of the server that runs.
    pub async fn ring(&mut self, now: DateTime<Utc>) -> Result<TickReport> {
        ring_of(self.at(now).await?).await
    }

    /// One ring of another server on the same folder.
    pub async fn ring_of_another(&mut self, now: DateTime<Utc>) -> Result<TickReport> {
        self.set_clock(now);
        let other = self.start().await?;
        let told = ring_of(&other).await;
        other.store.clone().close().await?;
        told
    }

    /// The server is stopped in order.
    pub async fn close(&mut self) {
        if let Some(workspace) = self.workspace.take() {
            workspace.store.clone().close().await.expect("a store can be closed");
        }
    }

    /// Runs the program at a time; the server does not run meanwhile.
    pub async fn run(&mut self, now: DateTime<Utc>, arguments: &str) -> Run {
        self.close().await;
        Run::of(self.program(now).args(arguments.split_whitespace()))
    }

    /// Runs the program until the n-th place at which it may end, and says which one that was, if it came so far.
    pub async fn crash(&mut self, now: DateTime<Utc>, arguments: &str, nth: usize) -> Option<CrashPoint> {
        self.close().await;
        let mut program = self.program(now);
        program.args(arguments.split_whitespace()).env(PLAN, format!("{ANY}:{nth}"));
        let run = Run::of(&mut program);
        let is_last = |point: &&CrashPoint| run.stderr.trim_end().ends_with(point.name());
        (run.exit == ABORTED).then(|| *CrashPoint::ALL.iter().find(is_last).expect("it says where it ends"))
    }

    /// Runs the program on a disk that refuses everything from the n-th change on.
    pub async fn run_on_bad_disk(&mut self, now: DateTime<Utc>, arguments: &str, (nth, error): (usize, &str)) -> Run {
        self.close().await;
        let mut program = self.program(now);
        program.args(arguments.split_whitespace());
        shim::refuse_from(&mut program, &self.office, (nth, error));
        Run::of(&mut program)
    }

    fn program(&self, now: DateTime<Utc>) -> std::process::Command {
        let mut program = self.office.program();
        program.env("KAIIN_NOW", now.to_rfc3339_opts(SecondsFormat::Secs, true)).arg("--json");
        program
    }

    /// Everything that was delivered, by name: how long it is, and when it was written.
    pub fn delivered(&self) -> BTreeMap<String, (u64, SystemTime)> {
        let mut out = BTreeMap::new();
        let top = self.data().join("distribution/delivered");
        let mut folders = vec![top.clone()];
        while let Some(folder) = folders.pop() {
            // Nothing is delivered yet, or a file is in the way.
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for entry in entries.map(|entry| entry.expect("the folder can be read")) {
                let (path, of) = (entry.path(), entry.metadata().expect("it is there"));
                if of.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(&top).expect("it is below").to_string_lossy().into_owned();
                out.insert(name, (of.len(), of.modified().expect("files have times")));
            }
        }
        out
    }
}

/// As the bell does it: the lock is held for one ring.
async fn ring_of(workspace: &Workspace) -> Result<TickReport> {
    let lock = workspace.lock_for_writing().await?;
    let told = jobs::tick(workspace, &lock).await;
    workspace.settle().await?;
    told
}

/// When the routines come: key of the settings, name in the ledger, hour and minute, day of the month, and the months in a story of
/// ten years. What reads everything that there is takes longer with each year, so that it comes seldom there.
pub const ROUTINES: [(&str, &str, &str, u32, &[u32]); 4] = [
    ("verify_at", "verify", "0 3", 10, &[4]),
    ("backup_at", "backup", "30 1", 20, &[1, 7]),
    ("purge_at", "purge", "0 4", 15, &[2, 5, 8, 11]),
    ("watch_at", "watch", "0 8", 25, &[3, 6, 9, 12]),
];

/// Later than any story.
fn time_to_come() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(80 * 366 * 86_400)
}

fn settings(port: u16, contact: &str, is_long: bool) -> String {
    let months = |of: &[u32]| of.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let routines: Vec<String> = ROUTINES
        .iter()
        .map(|(key, _, time, day, of)| {
            let months = if is_long { months(of) } else { "*".into() };
            format!("{key} = \"0 {time} {day} {months} *\"\n")
        })
        .collect();
    let routines = routines.concat();
    format!(
        "definitions = \"definitions\"\n[jobs]\nsettle_seconds = 0\nfirst_month = \"{FIRST_MONTH}\"\nreports = [\"member-counts\"]\ndistribute = true\n\
         {routines}backup_to = \"../{ELSEWHERE}\"\nbackups_kept = 2\n\
         survey_at = \"0 0 6 20 1 *\"\n\
         survey_reports = [\"member-counts\"]\nmeetings = \"../{CALENDAR}\"\n[retention]\nraw_files_days = 60\npersons_days = 400\n\
         [distribution]\nrecipients = \"配布先.csv\"\ncontact = [\"{contact}\"]\nformats = [\"csv\"]\n\
         [mail]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"jimu@pref.example.jp\"\n\
         timeout_seconds = 1\npause_milliseconds = 0\n"
    )
}
