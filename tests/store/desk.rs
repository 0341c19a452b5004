//! A data folder opened in this process, and the three independent counts over it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::Result;
use chrono::NaiveDate;
use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::class::NationalClass;
use kaiin::domain::count::Members;
use kaiin::domain::count::sources::as_one_source;
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::day::day_number;
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::finding::Finding;
use kaiin::domain::grouping::Dimension;
use kaiin::domain::ids::{PhysicianId, RegistrationNumber};
use kaiin::domain::layout::FileKind;
use kaiin::domain::map_count::{members_of_bodies, members_on_map};
use kaiin::error::Failure;
use kaiin::service::intake::import::{ImportOptions, ImportSummary, Silent, TakenBackReport, import_files, take_back};
use kaiin::service::keep::Workspace;
use kaiin::service::known::map::MapChoice;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::questions::answer::{CountAnswer, CountRow};
use kaiin::service::questions::count::count;
use kaiin::service::questions::question::Question;
use kaiin::stats::frames::{class_of_key, count_by};
use kaiin::store::KnownFinding;
use tempfile::TempDir;

use super::home::{Database, Home};
use crate::cli::prepared::{copy_folder, prepared};
use crate::cli::program::NOW;
use crate::cli::samples::{Figures, Sample};

/// An opened data folder with an inbox beside it.
pub struct Desk {
    folder: TempDir,
    pub workspace: Workspace,
    // After the workspace: nobody may be connected any more when it goes.
    database: Option<Database>,
}

impl Desk {
    /// A desk on the embedded store.
    pub async fn new() -> Self {
        Self::on(Home::Sqlite).await
    }

    /// A desk on either store.
    pub async fn on(home: Home) -> Self {
        Self::over(home.database()).await
    }

    /// A desk on the embedded store that has taken in a sample.
    pub async fn of(sample: &Sample) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        copy_folder(&prepared(sample).folder.join("kaiin-data"), &data);
        Self { workspace: open(&data, None).await, folder, database: None }
    }

    /// A desk on a database of the server, or on the embedded store.
    pub async fn over(database: Option<Database>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let workspace = open(&folder.path().join("data"), database.as_ref()).await;
        Self { folder, workspace, database }
    }

    /// The store once more, as another program would open it; on a server with a data folder of its own.
    pub async fn visitor(&self) -> Visitor {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let data = match &self.database {
            Some(_) => folder.path().to_path_buf(),
            None => self.folder.path().join("data"),
        };
        let workspace = open(&data, self.database.as_ref()).await;
        Visitor { workspace, _folder: folder }
    }

    /// Saves a file beside the data folder.
    pub fn save(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).expect("the temporary folder can be written");
        path
    }

    /// Takes in files whatever they ask.
    pub async fn import(&self, paths: &[PathBuf]) -> Result<Vec<ImportSummary>> {
        self.import_from(None, None, paths).await
    }

    /// The same from a source with a name of its own.
    pub async fn import_as(&self, source: &str, paths: &[PathBuf]) -> Result<Vec<ImportSummary>> {
        self.import_from(Some(source.into()), None, paths).await
    }

    /// The same under a day.
    pub async fn import_as_of(&self, paths: &[PathBuf], known_at: NaiveDate) -> Result<Vec<ImportSummary>> {
        self.import_from(None, Some(known_at), paths).await
    }

    async fn import_from(
        &self,
        source: Option<String>,
        known_at: Option<NaiveDate>,
        paths: &[PathBuf],
    ) -> Result<Vec<ImportSummary>> {
        let lock = self.workspace.lock_for_writing().await.expect("nobody else writes here");
        let (accept_drop, accept_change) = (Some("test".to_owned()), Some("test".to_owned()));
        let options = ImportOptions { known_at, source, accept_drop, accept_change, ..ImportOptions::default() };
        let run = import_files(&self.workspace, &lock, paths, &options, &Silent).await;
        run.failures.into_iter().next().map_or(Ok(run.summaries), |(_, error)| Err(error))
    }

    /// Takes the newest import of its source back.
    pub async fn take_back(&self, which: &str) -> Result<TakenBackReport> {
        let lock = self.workspace.lock_for_writing().await.expect("nobody else writes here");
        take_back(&self.workspace, &lock, which, "試験", false).await
    }

    /// The number of rows of every table.
    pub async fn tables(&self) -> BTreeMap<String, i64> {
        let mut whole = self.workspace.store.look().await.expect("the store can be read");
        let counts = whole.row_counts().await.expect("the store can be read");
        counts.into_iter().map(|(table, n)| (table.to_owned(), i64::try_from(n).expect("few rows"))).collect()
    }

    /// The findings as known at a day, with registration numbers in place of the ids of this store.
    pub async fn findings(&self, known_at: NaiveDate) -> Vec<String> {
        let store = &self.workspace.store;
        let found = store.findings(KnownAt(known_at)).await.expect("the store can be read");
        let mut ids: Vec<_> = found.iter().map(|known| known.finding.physician).collect();
        ids.dedup();
        let persons = store.persons(&ids, KnownAt(known_at)).await.expect("the store can be read");
        let numbers: BTreeMap<_, _> = persons.iter().map(|person| (person.physician, person.number)).collect();
        let mut out: Vec<String> = found
            .iter()
            .map(|KnownFinding { finding, known_from, .. }| {
                let Finding { code, association, date_before, date_after, row, .. } = finding;
                let number = numbers.get(&finding.physician);
                format!("{known_from} {code:?} {number:?} {association:?} {date_before:?} {date_after:?} {row:?}")
            })
            .collect();
        out.sort();
        out
    }

    /// The person of a number, if already known at a day.
    pub async fn physician(&self, number: RegistrationNumber, known_at: NaiveDate) -> Option<PhysicianId> {
        let mut ids = BTreeSet::new();
        let store = &self.workspace.store;
        let all = store.each_person(|person| {
            ids.insert(person.physician);
        });
        all.await.expect("the store can be read");
        let ids: Vec<PhysicianId> = ids.into_iter().collect();
        let persons = store.persons(&ids, KnownAt(known_at)).await.expect("the store can be read");
        persons.iter().find(|person| person.number == number).map(|person| person.physician)
    }

    /// What is known at the newest export, ready for the three counts.
    pub async fn ledger(&self) -> Ledger {
        let vintage = Vintage::open(&self.workspace, None).await.expect("an export was taken in");
        let mut versions = Vec::new();
        self.workspace.store.each_version(|version| versions.push(version)).await.expect("the store can be read");
        let imports = self.workspace.store.imports().await.expect("the store can be read");
        let exports = imports.iter().filter(|import| import.kind == FileKind::Members && import.stands());
        let exports = exports.map(|import| ExportDay {
            source: import.source,
            day: import.known_on,
            kept_days: import.ended_rows_kept_days,
        });
        Ledger { vintage, versions, exports: exports.collect(), told_by_all: RefCell::default() }
    }
}

/// Another program at the same store.
pub struct Visitor {
    pub workspace: Workspace,
    _folder: TempDir,
}

async fn open(data: &Path, database: Option<&Database>) -> Workspace {
    let clock = Clock::Fixed(NOW.parse().expect("an instant"));
    let mut config = Config::default();
    config.store.url = database.map(Database::url);
    Workspace::open(data, config, clock).await.expect("the data folder opens")
}

/// The same facts read two ways: the timeline, and the versions of the store.
pub struct Ledger {
    pub vintage: Vintage,
    pub versions: Vec<EnrolmentVersion>,
    /// In the order in which they were taken in.
    pub exports: Vec<ExportDay>,
    /// Worked out once for each known-at.
    told_by_all: RefCell<Option<(KnownAt, Rc<Vec<EnrolmentVersion>>)>>,
}

impl Ledger {
    /// Looks from another day, under another reading of 退会日.
    pub fn look_from(&mut self, known_at: NaiveDate, rule: WithdrawalDayRule) {
        self.vintage.look_from(KnownAt(known_at), rule).expect("the timeline is read");
    }

    /// What `kaiin count` answers; `None` before the first fact, where it refuses: nobody is known of (R7).
    pub fn told(&self, as_of: NaiveDate, question: &Question) -> Option<CountAnswer> {
        match count(&self.vintage, AsOf(as_of), question) {
            Ok(answer) => Some(answer),
            Err(error) if error.downcast_ref::<Failure>().is_some_and(|failure| failure.code == "QRY-010") => None,
            Err(error) => panic!("the question is sound: {error:#}"),
        }
    }

    /// What `kaiin count` answers.
    pub fn answer(&self, as_of: NaiveDate) -> CountAnswer {
        count(&self.vintage, AsOf(as_of), &by_association_and_class()).expect("the question is sound")
    }

    /// Memberships that the newest exports no longer show (R6); none before the first fact.
    pub fn told_not_shown(&self, as_of: NaiveDate) -> i64 {
        self.told(as_of, &by_association_and_class()).map_or(0, |answer| answer.not_shown)
    }

    /// The answer by attributes of the persons.
    pub fn by_person(&self, as_of: NaiveDate) -> Vec<CountRow> {
        let by = vec![Dimension::Sex, Dimension::AgeBand, Dimension::Duty];
        let question = Question { by, ..by_association_and_class() };
        count(&self.vintage, AsOf(as_of), &question).expect("the question is sound").rows
    }

    /// The columns of the timeline, counted by the kernel.
    pub fn by_kernel(&self, as_of: NaiveDate) -> Figures {
        self.by_kernel_on(as_of, MapChoice::AsOf)
    }

    /// As [`Self::by_kernel`], on a map of bodies.
    pub fn by_kernel_on(&self, as_of: NaiveDate, map: MapChoice) -> Figures {
        let question = Question { map, ..by_association_and_class() };
        let Some(answer) = self.told(as_of, &question) else { return Figures::default() };
        let rows = answer.rows.iter().map(|row| {
            let keys: Vec<&str> = row.keys.0.iter().map(|(_, value)| value.as_str()).collect();
            ((row.tier.to_owned(), keys[0].to_owned(), keys[1].to_owned()), row.memberships)
        });
        let totals = answer.totals;
        let heads = [totals.local.heads, totals.prefectural.heads, totals.national.heads];
        Figures { rows: rows.collect(), heads: heads_by_tier(heads) }
    }

    /// The tiers, bodies and classes of one person on a day, from the columns of the timeline.
    pub fn of_person(&self, person: PhysicianId, day: NaiveDate) -> BTreeSet<(String, String, String)> {
        let vintage = &self.vintage;
        let memberships = vintage.memberships(|_| true).expect("the timeline is read");
        let bodies: Vec<_> = vintage.associations.iter().collect();
        let rows = memberships.rows_on(day_number(day)).filter(|row| memberships.physician[*row] == person.0);
        rows.map(|row| {
            let rank = usize::try_from(memberships.rank[row]).expect("a place in the master");
            let class = NationalClass::from_index(memberships.class[row]).expect("a stored class");
            key(bodies[rank].tier.code(), &bodies[rank].code, class)
        })
        .collect()
    }

    /// The columns of the timeline, grouped by polars.
    pub fn by_polars(&self, as_of: NaiveDate) -> Figures {
        let vintage = &self.vintage;
        let memberships = vintage.memberships(|_| true).expect("the timeline is read");
        let by = [Dimension::Association, Dimension::Class];
        let (grouped, heads) =
            count_by(&memberships, &memberships, &vintage.associations, None, day_number(as_of), &by)
                .expect("frames can be grouped");
        let codes: Vec<&str> = vintage.associations.iter().map(|body| body.code.as_str()).collect();
        let rows = grouped.iter().map(|group| {
            let rank: usize = group.keys[0].parse().expect("the key of a body is its place");
            let class = class_of_key(&group.keys[1]);
            (key(group.tier.code(), codes[rank], class), group.memberships)
        });
        Figures { rows: rows.collect(), heads: heads_by_tier(heads) }
    }

    /// The versions of the store, counted by the slow definition.
    pub fn by_reference(&self, as_of: NaiveDate) -> Figures {
        let Vintage { associations, known_at, rule, .. } = &self.vintage;
        self.figures(members_of_bodies(&self.told_by_all(), associations, AsOf(as_of), *known_at, *rule))
    }

    /// As [`Self::by_reference`], on today's map.
    pub fn by_reference_on_map(&self, as_of: NaiveDate) -> Figures {
        let Vintage { associations, known_at, rule, .. } = &self.vintage;
        let map_on = known_at.0.max(as_of);
        self.figures(members_on_map(&self.told_by_all(), associations, AsOf(as_of), *known_at, *rule, map_on))
    }

    /// What all sources together have told (R26).
    pub fn told_by_all(&self) -> Rc<Vec<EnrolmentVersion>> {
        let known_at = self.vintage.known_at;
        let mut told = self.told_by_all.borrow_mut();
        match &*told {
            Some((on, versions)) if *on == known_at => Rc::clone(versions),
            _ => {
                let versions = Rc::new(as_one_source(&self.versions, &self.exports, known_at));
                *told = Some((known_at, Rc::clone(&versions)));
                versions
            }
        }
    }

    fn figures(&self, counted: Members) -> Figures {
        let mut out = Figures::default();
        let mut heads: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
        for ((association, class), persons) in counted {
            let body = self.vintage.associations.get(association).expect("facts name bodies of the master");
            heads.entry(body.tier.code()).or_default().extend(persons.iter().copied());
            out.rows.insert(key(body.tier.code(), &body.code, class), as_number(persons.len()));
        }
        out.heads = heads.into_iter().map(|(tier, persons)| (tier.to_owned(), as_number(persons.len()))).collect();
        out
    }
}

/// Everything, by body and class.
pub fn by_association_and_class() -> Question {
    let by = vec![Dimension::Association, Dimension::Class];
    Question { by, tier: None, prefecture: None, association: None, below: false, map: MapChoice::AsOf, zeros: false }
}

fn key(tier: &str, association: &str, class: NationalClass) -> (String, String, String) {
    (tier.to_owned(), association.to_owned(), class.code().to_owned())
}

fn heads_by_tier(heads: [i64; 3]) -> BTreeMap<String, i64> {
    let named = ["local", "prefectural", "national"].into_iter().zip(heads);
    named.filter(|(_, n)| *n > 0).map(|(tier, n)| (tier.to_owned(), n)).collect()
}

fn as_number(n: usize) -> i64 {
    i64::try_from(n).expect("few persons")
}
