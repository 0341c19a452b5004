//! Ten years of an office in which much goes wrong: machines stop, clocks are wrong, files come late, halved or twice, disks and
//! servers are gone, and people change their minds. The same seed tells the same story.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use kaiin::crash::CrashPoint;
use kaiin::domain::distribution::{DeliveryState, Stage};
use kaiin::domain::ledger::JobState;
use kaiin::domain::signature::Signature;
use kaiin::error::Failure;
use kaiin::jobs::TickReport;
use kaiin::service::keep::ledger;
use kaiin::service::publish::{self, Found, Settled};

use super::site::{CONTACTS, Site};
use super::world::World;
use crate::ingest::random::Random;
use crate::publish::smtp::{Act, Point};

/// Who looks at what was made.
const APPROVER: &str = "承認者";

/// What a story has come to.
#[derive(Default)]
pub struct Told {
    /// How often the program ended at each place.
    pub crashes: BTreeMap<CrashPoint, usize>,
    /// How often something else happened.
    pub events: BTreeMap<&'static str, usize>,
    /// How often a ring said that a period was done.
    pub done: BTreeMap<(String, String), usize>,
}

pub struct Story<'w> {
    pub world: &'w World,
    pub site: Site,
    pub told: Told,
    random: Random,
    pub now: DateTime<Utc>,
    end: DateTime<Utc>,
    pub n_months: usize,
    /// The next month whose exports come, and when.
    coming: (usize, DateTime<Utc>),
    /// Whether half of the next file has come already.
    is_halved: bool,
    /// Until when nobody approves anything.
    away_until: DateTime<Utc>,
    /// Whether a month was made once more, and nobody has rung since.
    is_made_anew: bool,
    /// What stands in the way, until it is moved aside.
    blocked: Option<(PathBuf, PathBuf)>,
    /// What was seen in the folders of recipients.
    seen: BTreeMap<String, (u64, SystemTime)>,
}

impl<'w> Story<'w> {
    pub fn new(world: &'w World, seed: u64, n_months: usize) -> Self {
        let mut random = Random(seed);
        for _ in 0..8 {
            random.next();
        }
        let begins = world.cut_off(0) - TimeDelta::days(20);
        Self {
            world,
            site: Site::new(world, n_months),
            told: Told::default(),
            now: begins,
            end: world.cut_off(n_months - 1) + TimeDelta::days(3),
            n_months,
            coming: (0, world.cut_off(0) - TimeDelta::days(4)),
            is_halved: false,
            away_until: begins,
            is_made_anew: false,
            blocked: None,
            seen: BTreeMap::new(),
            random,
        }
    }

    /// For whoever wants to follow a story: `KAIIN_TELL=1` with `--nocapture`.
    fn tell(&self, what: impl Fn() -> String) {
        if std::env::var_os("KAIIN_TELL").is_some() {
            let line = format!("{} {}\n", self.now.format("%Y-%m-%dT%H:%M:%S"), what());
            std::io::stderr().write_all(line.as_bytes()).expect("standard error can be written");
        }
    }

    fn happens(&mut self, what: &'static str, percent: usize) -> bool {
        let happens = self.random.below(100) < percent;
        if happens {
            self.tell(|| what.to_owned());
            *self.told.events.entry(what).or_default() += 1;
        }
        happens
    }

    /// Plays the story to its end, and then until nothing moves any more.
    pub async fn play(&mut self) {
        while self.now < self.end {
            let pause = self.pause();
            self.now += pause;
            self.receive();
            self.trouble().await;
            self.ring().await;
            self.act(false).await;
            self.watch();
        }
        self.come_to_rest().await;
    }

    /// How long nothing happens.
    fn pause(&mut self) -> TimeDelta {
        let seconds = |n: usize| TimeDelta::seconds(i64::try_from(n).expect("a few years"));
        if self.happens("downtime", 1) {
            return seconds(self.random.below(400 * 86_400));
        }
        match self.random.below(10) {
            // To the second at which a month is due, or the one before or after it.
            0..3 => {
                let due = (0..self.world.months.len()).map(|month| self.world.cut_off(month));
                let next = due.into_iter().find(|at| *at > self.now + TimeDelta::seconds(1)).unwrap_or(self.end);
                next - self.now + TimeDelta::seconds(1) - seconds(self.random.below(3))
            }
            3..5 => seconds(600 + self.random.below(7_200)),
            _ => seconds(3_600 + self.random.below(8 * 86_400)),
        }
    }

    /// What the office exports comes into the inbox, in its order.
    fn receive(&mut self) {
        self.mend_files();
        while self.coming.0 < self.n_months && self.coming.1 <= self.now {
            let (month, at) = self.coming;
            let exports = self.world.exports(month);
            if !self.is_halved && month > 0 && self.happens("half a file", 6) {
                let (name, bytes) = exports.last().expect("there are members");
                self.site.drop_into_inbox(name, &half(bytes));
                self.is_halved = true;
                self.coming.1 += TimeDelta::days(1);
                continue;
            }
            if self.happens("a file of another kind", 4) {
                self.site.drop_into_inbox("メモ.csv", "覚え書き,1\n".as_bytes());
            }
            self.is_halved = false;
            self.tell(|| format!("exports of {}", self.world.period(month)));
            for (name, bytes) in exports {
                self.site.drop_into_inbox(&name, &bytes);
            }
            let late =
                if self.happens("a late file", 12) { self.random.below(60 * 24) } else { self.random.below(120) };
            let next = self.world.cut_off((month + 1).min(self.world.months.len() - 1)) - TimeDelta::days(5);
            let hours = TimeDelta::hours(i64::try_from(late).expect("days"));
            self.coming = (month + 1, at.max(next + hours));
        }
    }

    /// Somebody has read what stands beside files that ask or were refused: the half one goes, and what a wrong clock has met comes
    /// once more.
    fn mend_files(&self) {
        let inbox = self.site.data().join("inbox");
        for (folder, name) in ["確認待ち", "refused"].iter().flat_map(|folder| {
            let folder = inbox.join(folder);
            names(&folder).into_iter().map(move |name| (folder.clone(), name))
        }) {
            std::fs::remove_file(folder.join(&name)).expect("it can be removed");
            let come = (0..self.coming.0).flat_map(|month| self.world.exports(month));
            for (whole, bytes) in come.filter(|(whole, _)| name.ends_with(whole)) {
                self.tell(|| format!("{whole} once more"));
                self.site.drop_into_inbox(&whole, &bytes);
            }
        }
    }

    /// What the surroundings do.
    async fn trouble(&mut self) {
        if let Some((from, to)) = self.blocked.take_if(|_| self.random.below(3) == 0) {
            put_back(&from, &to);
        }
        if self.blocked.is_none() && self.happens("a disk that is away", 4) {
            self.block(self.site.elsewhere());
        } else if self.blocked.is_none() && self.happens("a folder that cannot be written", 4) {
            self.block(self.site.data().join("distribution/delivered"));
        }
        if self.happens("a broken mail server", 20) {
            self.break_mails();
        }
        if self.happens("a clock that is behind", 3) {
            let minutes = i64::try_from(1 + self.random.below(400 * 24 * 60)).expect("days");
            let rung = self.site.ring(self.now - TimeDelta::minutes(minutes)).await;
            // It is refused where files were taken in since; else nothing may be done twice, which is looked at in the end.
            self.hear(rung, &["JOB-022"]).await;
        }
        if self.happens("a clock that is ahead", 2) {
            let minutes = i64::try_from(1 + self.random.below(400 * 24 * 60)).expect("days");
            let rung = self.site.ring(self.now + TimeDelta::minutes(minutes)).await;
            self.hear(rung, &[]).await;
        }
        if self.happens("another server", 6) {
            let skew = TimeDelta::minutes(i64::try_from(self.random.below(120)).expect("minutes"));
            let rung = self.site.ring_of_another(self.now - skew).await;
            self.hear(rung, &["JOB-022"]).await;
        }
        if self.happens("a database that is gone", 2) {
            self.lose_database().await;
        }
        if self.happens("a disk that is full or cannot be written", 5) {
            self.refuse_disk().await;
        }
        if self.happens("a database of before", 3) {
            self.bring_back_database().await;
        }
    }

    /// Puts a folder aside, and a file in its place.
    fn block(&mut self, folder: PathBuf) {
        let aside = folder.with_extension("aside");
        if folder.is_dir() {
            std::fs::rename(&folder, &aside).expect("it can be renamed");
            std::fs::write(&folder, "").expect("it can be written");
            self.blocked = Some((aside, folder));
        }
    }

    fn break_mails(&mut self) {
        const POINTS: [Point; 7] =
            [Point::Greeting, Point::Ehlo, Point::Mail, Point::Rcpt, Point::Data, Point::Content, Point::Dot];
        const ACTS: [Act; 3] = [Act::Close, Act::Say("451 later"), Act::Say("550 no")];
        let script: Vec<_> = (1..=1 + self.random.below(3))
            .map(|nth| (nth, *self.random.pick(&POINTS), *self.random.pick(&ACTS)))
            .collect();
        self.site.mails.script(script);
    }

    /// The database is not where it was for one ring: that is said, nothing is made in its place, and nothing leaves.
    async fn lose_database(&mut self) {
        self.site.close().await;
        let (from, aside) = (self.site.data(), self.site.folder().join("lost"));
        std::fs::create_dir_all(&aside).expect("a folder can be made");
        let moved: Vec<_> = names(&from).into_iter().filter(|name| name.starts_with("kaiin.sqlite")).collect();
        // Before the first file there is nothing to lose.
        if !from.join("timeline").is_dir() {
            return;
        }
        let before = self.site.delivered();
        for name in &moved {
            std::fs::rename(from.join(name), aside.join(name)).expect("it can be renamed");
        }
        let run = self.site.run(self.now, "jobs tick").await;
        assert_ne!(run.exit, Some(0), "the database is gone: {}", run.stdout);
        assert!(run.stderr.contains("STO-010"), "{}", run.stderr);
        assert_eq!(self.site.delivered(), before);
        for name in &moved {
            std::fs::rename(aside.join(name), from.join(name)).expect("it can be renamed");
        }
    }

    /// From some change on the disk refuses everything, for one ring. Whatever comes of it is said, and the program does not fall.
    async fn refuse_disk(&mut self) {
        const ERRORS: [&str; 3] = ["ENOSPC", "EIO", "EACCES"];
        let nth = 1 + self.random.below(400);
        let error = *self.random.pick(&ERRORS);
        let run = self.site.run_on_bad_disk(self.now, "jobs tick", (nth, error)).await;
        assert!(matches!(run.exit, Some(0..=4)), "{error} from {nth}: {:?} {}", run.exit, run.stderr);
    }

    /// Somebody puts a database of some time ago back, and takes it away again after a ring, at which nothing leaves: something has
    /// left since, of which that database does not know.
    async fn bring_back_database(&mut self) {
        self.site.close().await;
        let data = self.site.data();
        let (now, kept) = (self.site.folder().join("now"), self.site.folder().join("kept"));
        let stored = |folder: &Path| -> Vec<String> {
            names(folder).into_iter().filter(|name| name.starts_with("kaiin.sqlite")).collect()
        };
        let copy = |from: &Path, to: &Path| {
            std::fs::create_dir_all(to).expect("a folder can be made");
            for name in stored(to) {
                std::fs::remove_file(to.join(name)).expect("it can be removed");
            }
            for name in stored(from) {
                std::fs::copy(from.join(&name), to.join(name)).expect("it can be copied");
            }
        };
        let mark = |folder: &Path| std::fs::read(folder.join("sent.json")).ok();
        let sent = data.join("distribution");
        if kept.is_dir() && self.blocked.is_none() && mark(&sent) != mark(&kept) {
            copy(&data, &now);
            copy(&kept, &data);
            let made = || ["papers", "snapshots"].map(|top| folders(&data.join(top))).into_iter().flatten();
            let (before, taken, known) = (self.site.delivered(), self.taken(), made().collect::<BTreeSet<_>>());
            let waiting = names(&data.join("inbox"));
            let run = self.site.run(self.now, "jobs tick").await;
            assert!(matches!(run.exit, Some(0..=4)), "{:?} {}", run.exit, run.stderr);
            // What it has made goes with it, as verify asks for (SNP-010, SNP-018): the other one does not know it.
            for folder in made().filter(|folder| !known.contains(folder)) {
                // It may have gone with the one above it.
                let _ = std::fs::remove_dir_all(folder);
            }
            let is_there = |name: &&String| !name.contains(".送付前_");
            let after = self.site.delivered();
            assert!(before.keys().filter(is_there).eq(after.keys().filter(is_there)), "it has delivered something");
            assert_eq!(self.taken(), taken, "it has sent a mail");
            copy(&now, &data);
            // What the other one has taken in comes once more: after a long downtime that is more than the newest.
            for month in 0..self.coming.0 {
                for (name, bytes) in self.world.exports(month) {
                    if month + 3 >= self.coming.0 || waiting.contains(&name) {
                        self.site.drop_into_inbox(&name, &bytes);
                    }
                }
            }
        }
        copy(&data, &kept);
        if let Some(bytes) = mark(&sent) {
            std::fs::write(kept.join("sent.json"), bytes).expect("it can be written");
        }
    }

    /// One ring, of a server that may be started anew, or end at some place.
    async fn ring(&mut self) {
        if self.happens("a restart", 15) {
            self.site.close().await;
        }
        if std::mem::take(&mut self.is_made_anew) {
            self.end_somewhere("jobs tick", 2).await;
        } else if self.happens("a plan to end", 35) {
            self.end_somewhere("jobs tick", 24).await;
        }
        let rung = self.site.ring(self.now).await;
        self.hear(rung, &[]).await;
    }

    /// Lets the program end at one of the first places that it comes past.
    async fn end_somewhere(&mut self, arguments: &str, most: usize) {
        let nth = 1 + self.random.below(most);
        let point = self.site.crash(self.now, arguments, nth).await;
        self.tell(|| format!("{arguments} ended at {point:?}"));
        if let Some(point) = point {
            *self.told.crashes.entry(point).or_default() += 1;
        }
    }

    /// Whatever a ring tells of a period stands in the ledger as well.
    async fn hear(&mut self, rung: anyhow::Result<TickReport>, refusals: &[&str]) {
        let told = match rung {
            Ok(told) => told,
            Err(error) => {
                let failure = Failure::of(&error);
                assert!(refusals.contains(&failure.code), "at {}: {} {}", self.now, failure.code, failure.detail);
                return;
            }
        };
        self.tell(|| {
            let left: Vec<_> =
                told.notes.iter().map(|note| (&note.name, note.state, note.code, &note.detail)).collect();
            format!("{} taken, {:?} done, {:?} wait, {left:?}", told.taken, told.done, told.waiting)
        });
        let now = self.now;
        let workspace = self.site.at(now).await.expect("the data folder opens");
        let rows = ledger::runs(workspace).await.expect("the ledger can be read");
        let row = |job: &str, period: &str| {
            rows.iter().find(|run| (run.job.as_str(), run.period.as_str()) == (job, period)).expect("it has a row")
        };
        for one in &told.others {
            let row = row(&one.job, &one.period);
            assert_eq!(row.state, one.state, "{} {} at {now}", one.job, one.period);
            assert!(row.note.starts_with(one.told.code), "{} {}: {}", one.job, one.period, row.note);
        }
        for (period, failure) in &told.failed {
            let row = row("monthly-papers", period);
            assert!(matches!(row.state, JobState::Failed | JobState::Partial), "{period}: {:?}", row.state);
            assert!(!row.note.is_empty(), "{period} has failed with {} and does not say so", failure.code);
        }
        let months = told.done.iter().map(|period| ("monthly-papers".to_owned(), period.clone()));
        let others = told.others.iter().filter(|one| one.state == JobState::Done && one.is_new);
        for key in months.chain(others.map(|one| (one.job.clone(), one.period.clone()))) {
            *self.told.done.entry(key).or_default() += 1;
        }
    }

    /// What people do; in the end only what lets everything come to rest.
    async fn act(&mut self, is_ending: bool) {
        let now = self.now;
        if !is_ending && self.happens("other words for the recipients", 6) {
            let person = format!("担当{}", self.random.below(3));
            self.site.address(&person);
        }
        if !is_ending && self.happens("other words in the settings", 4) {
            let nth = self.random.below(CONTACTS.len());
            self.site.say(CONTACTS[nth]);
            self.site.close().await;
        }
        if !is_ending && self.happens("another definition", 4) {
            let text = self.world.definition.replace("会員統計月報", "会員統計の月報");
            self.site.define((self.random.below(2) == 0).then_some(text.as_str()));
        }
        if !is_ending && !self.told.done.is_empty() && self.happens("a month made once more", 6) {
            self.make_once_more().await;
        }
        if !is_ending && self.happens("a holiday", 5) {
            self.away_until = now + TimeDelta::days(40);
        }
        let is_away = !is_ending && now < self.away_until;
        let workspace = self.site.at(now).await.expect("the data folder opens");
        let known = publish::overviews(workspace).await.expect("the ledger can be read");
        for (one, states) in known.into_iter().map(|(one, states)| (one, states.into_keys().collect::<BTreeSet<_>>())) {
            match one.stage() {
                Stage::Prepared if is_away => {}
                Stage::Prepared if !is_ending && self.happens("somebody who takes time", 40) => {}
                Stage::Prepared if !is_ending && self.happens("somebody who says no", 3) => {
                    self.withdraw(one.number).await;
                }
                Stage::Prepared => self.approve(one.number, is_ending).await,
                Stage::Approved if states.contains(&DeliveryState::Uncertain) => self.settle_folders(one.number).await,
                _ => {}
            }
        }
        self.settle_mails().await;
    }

    async fn make_once_more(&mut self) {
        // Mostly the newest, whose distribution may not have left.
        let done: Vec<_> =
            self.told.done.keys().filter(|(job, _)| job == "monthly-papers").rev().take(2).cloned().collect();
        if !done.is_empty() {
            let (_, period) = self.random.pick(&done).clone();
            let run = self.site.run(self.now, &format!("jobs rerun {period} --reason 訂正")).await;
            self.is_made_anew = true;
            // Exit 1: it says that something waits for a person.
            assert!(matches!(run.exit, Some(0 | 1)), "{period}: {}", run.stderr);
        }
    }

    async fn withdraw(&mut self, number: u32) {
        let workspace = self.site.at(self.now).await.expect("the data folder opens");
        let lock = workspace.lock_for_writing().await.expect("nobody else writes");
        publish::withdraw(workspace, number, "見直し").await.expect("it waits for approval");
        drop(lock);
    }

    async fn approve(&mut self, number: u32, is_ending: bool) {
        let now = self.now;
        if !is_ending && self.happens("an approval that ends", 15) {
            self.end_somewhere(&format!("publish approve {number} --by {APPROVER}"), 2).await;
        }
        let workspace = self.site.at(now).await.expect("the data folder opens");
        let lock = workspace.lock_for_writing().await.expect("nobody else writes");
        let approver = Signature::of_words(APPROVER);
        if let Err(error) = publish::approve(workspace, (number, None), &approver, || ()).await {
            // It was approved before the end, or something has changed since it was made.
            let failure = Failure::of(&error);
            let expected = ["PUB-014", "PUB-005", "PUB-006", "PUB-007"];
            assert!(expected.contains(&failure.code), "{} {}", failure.code, failure.detail);
        }
        drop(lock);
    }

    /// Somebody looks whether a folder is there.
    async fn settle_folders(&mut self, number: u32) {
        let now = self.now;
        let (data, workspace) = (self.site.data(), self.site.at(now).await.expect("the data folder opens"));
        let lock = workspace.lock_for_writing().await.expect("nobody else writes");
        for one in workspace.store.deliveries().await.expect("the ledger can be read") {
            if one.distribution == number && one.state == DeliveryState::Uncertain {
                let delivered = data.join("distribution/delivered");
                let is_there = names(&delivered).iter().any(|name| delivered.join(name).join(&one.place).is_dir());
                let found = if is_there { Found::Arrived } else { Found::NotArrived };
                let settled = Settled { recipient: &one.recipient, address: None, found };
                publish::settle(workspace, number, settled, (APPROVER, "見て確かめた")).await.expect("it is uncertain");
                break;
            }
        }
        drop(lock);
    }

    /// Somebody asks whether a mail has come.
    async fn settle_mails(&mut self) {
        let taken = self.taken();
        let now = self.now;
        let workspace = self.site.at(now).await.expect("the data folder opens");
        let lock = workspace.lock_for_writing().await.expect("nobody else writes");
        for mail in workspace.store.mails().await.expect("the ledger can be read") {
            let is_stuck = mail.state == DeliveryState::Failed && mail.next_at.is_none();
            if mail.state == DeliveryState::Uncertain || is_stuck {
                let is_there = taken.contains_key(&mail.message_id);
                let found = if is_there { Found::Arrived } else { Found::NotArrived };
                let settled = Settled { recipient: &mail.recipient, address: Some(&mail.address), found };
                let said = publish::settle(workspace, mail.distribution, settled, (APPROVER, "電話で確かめた")).await;
                said.expect("it waits for somebody");
            }
        }
        drop(lock);
    }

    /// How often the mail server has taken each mail.
    pub fn taken(&self) -> BTreeMap<String, usize> {
        let mut out = BTreeMap::new();
        for letter in self.site.mails.letters().into_iter().filter(|one| !one.is_refused) {
            let text = String::from_utf8_lossy(&letter.bytes).into_owned();
            let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: ")).expect("each mail has one");
            *out.entry(id.trim().trim_matches(['<', '>']).to_owned()).or_default() += 1;
        }
        out
    }

    /// What a recipient has is never changed and never taken away.
    fn watch(&mut self) {
        if self.blocked.is_some() {
            return;
        }
        let now = self.site.delivered();
        for (name, was) in &self.seen {
            assert_eq!(now.get(name), Some(was), "{name} is another at {}", self.now);
        }
        self.seen = now.into_iter().filter(|(name, _)| !name.contains(".送付前_")).collect();
    }

    /// All is well again, and people do what they are asked to.
    async fn come_to_rest(&mut self) {
        if let Some((from, to)) = self.blocked.take() {
            put_back(&from, &to);
        }
        self.site.mails.script([]);
        self.now = self.now.max(self.coming.1) + TimeDelta::days(1);
        self.receive();
        let mut before = String::new();
        for _ in 0..80 {
            self.now += TimeDelta::hours(7);
            self.receive();
            let rung = self.site.ring(self.now).await;
            self.hear(rung, &[]).await;
            self.act(true).await;
            self.watch();
            let after = self.state().await;
            if after == before && self.coming.0 == self.n_months {
                return;
            }
            before = after;
        }
        panic!("nothing comes to rest: {before}");
    }

    /// What may still move.
    async fn state(&mut self) -> String {
        let now = self.now;
        let workspace = self.site.at(now).await.expect("the data folder opens");
        let rows = ledger::runs(workspace).await.expect("the ledger can be read");
        let open = rows.iter().filter(|run| !matches!(run.state, JobState::Done | JobState::Skipped));
        // What fails for good is tried again and again.
        let rows: Vec<_> = open.map(|run| (&run.job, &run.period, run.state, &run.note)).collect();
        let mails = workspace.store.mails().await.expect("the ledger can be read");
        let known = publish::overviews(workspace).await.expect("the ledger can be read");
        format!("{rows:?} {mails:?} {known:?}")
    }
}

/// The first half of the lines of a file.
fn half(bytes: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    lines[..lines.len().div_ceil(2)].concat()
}

/// Removes what is in the way of a folder, and puts it where it was.
fn put_back(from: &Path, to: &Path) {
    if to.is_file() {
        std::fs::remove_file(to).expect("it can be removed");
    }
    std::fs::rename(from, to).expect("it can be renamed");
}

/// All folders below one.
fn folders(top: &Path) -> BTreeSet<PathBuf> {
    let (mut out, mut waiting) = (BTreeSet::new(), vec![top.to_path_buf()]);
    while let Some(folder) = waiting.pop() {
        let below = names(&folder).into_iter().map(|name| folder.join(name)).filter(|path| path.is_dir());
        let below: Vec<PathBuf> = below.collect();
        out.extend(below.iter().cloned());
        waiting.extend(below);
    }
    out
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut out: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    out.sort();
    out
}
