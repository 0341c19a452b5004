//! The world in which every story plays: the exports of ten years, made once, and the papers of every month as a run makes
//! them that nothing disturbs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};

use super::site::Site;
use crate::cli::prepared::of_this_run;
use crate::cli::program::Office;
use crate::publish::office::files;

/// The first month, and how many there are. They hold leap days, ends of fiscal years and a merger.
pub const FIRST_MONTH: &str = "2024-01";
pub const N_MONTHS: usize = 120;

/// A paper of a month: its folder, from that of the month on, with everything in it.
pub type Paper = BTreeMap<String, Vec<u8>>;

pub struct World {
    folder: PathBuf,
    /// As-of days.
    pub months: Vec<NaiveDate>,
    /// The definition of the paper that is handed out.
    pub definition: String,
}

/// Months between two meetings.
const MEETING_EVERY: usize = 5;

pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(World::make);
    &WORLD
}

/// An instant by the clock of Tokyo.
pub fn tokyo(day: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = day.and_hms_opt(hour, minute, 0).expect("a time of the day");
    local.and_utc() - TimeDelta::hours(9)
}

impl World {
    fn make() -> Self {
        let folder = of_this_run().join("simulated-world");
        let office = Office::new();
        let out = folder.display();
        let run = office.run(&format!(
            "synth --physicians 40 --prefectures 11 --bodies 4 --from {FIRST_MONTH} --to 2033-12 --out {out}"
        ));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        let definition = office.run("reports show monthly-statistics").stdout;
        let first: NaiveDate = format!("{FIRST_MONTH}-01").parse().expect("a day");
        let ends = (1..).map(|nth| first + Months::new(nth) - TimeDelta::days(1));
        Self { folder, months: ends.take(N_MONTHS).collect(), definition }
    }

    /// Days of meetings: some weeks after the end of a month.
    pub fn meetings(&self) -> impl Iterator<Item = NaiveDate> {
        self.months.iter().step_by(MEETING_EVERY).map(|day| *day + TimeDelta::days(22))
    }

    /// The calendar of meetings as the office keeps it.
    pub fn calendar(&self) -> String {
        let rows: Vec<String> = self.meetings().map(|day| format!("{day},郡市医師会長会議\n")).collect();
        format!("開催日,会議名\n{}", rows.concat())
    }

    /// Years of which a survey of 1 December is made within the first months, each with the time at which it is due.
    pub fn surveys(&self, n_months: usize) -> Vec<(String, DateTime<Utc>)> {
        let is_december = |day: &&NaiveDate| day.month() == 12;
        let due = |day: &NaiveDate| (day.year().to_string(), tokyo(*day + TimeDelta::days(20), 6, 0));
        self.months[..n_months].iter().filter(is_december).map(due).collect()
    }

    pub fn master(&self) -> Vec<u8> {
        self.read("associations.csv")
    }

    /// What the office exports at the end of a month: names and bytes, the members last.
    pub fn exports(&self, month: usize) -> Vec<(String, Vec<u8>)> {
        let names = ["applications", "members"].map(|kind| format!("{kind}_{}.csv", self.months[month]));
        names.map(|name| (name.clone(), self.read(&name))).into()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(name)).expect("it was made")
    }

    /// The time at which the papers of a month are due.
    pub fn cut_off(&self, month: usize) -> DateTime<Utc> {
        tokyo(self.months[month] + TimeDelta::days(5), 6, 0)
    }

    /// The papers of the first months and their surveys by period, each made in its time from exports that came in theirs.
    pub fn undisturbed(&self, n_months: usize) -> BTreeMap<String, BTreeMap<String, Paper>> {
        let mut site = Site::new(self, n_months);
        let mut out = BTreeMap::new();
        site.runtime().block_on(async {
            for month in 0..n_months {
                for (name, bytes) in self.exports(month) {
                    site.drop_into_inbox(&name, &bytes);
                }
                let told = site.ring(self.cut_off(month)).await.expect("nothing disturbs it");
                let period = self.period(month);
                assert!(told.done.contains(&period), "{period}: {:?}", told.done);
                out.insert(period.clone(), papers(&site.data(), &period));
            }
            // The survey of the last December is due after its papers.
            let last = self.months[n_months - 1] + TimeDelta::days(40);
            site.ring(tokyo(last, 6, 0)).await.expect("nothing disturbs it");
            for (period, _) in self.surveys(n_months) {
                out.insert(period.clone(), papers(&site.data(), &period));
            }
            site.close().await;
        });
        out
    }

    pub fn period(&self, month: usize) -> String {
        self.months[month].format("%Y-%m").to_string()
    }
}

/// The papers of a month by the names of their folders.
pub fn papers(data: &Path, period: &str) -> BTreeMap<String, Paper> {
    let mut out: BTreeMap<String, Paper> = BTreeMap::new();
    for (name, bytes) in files(&data.join("papers").join(period)) {
        let (folder, file) = name.split_once('/').expect("a paper has a folder of its own");
        out.entry(folder.to_owned()).or_default().insert(file.to_owned(), bytes);
    }
    out
}
