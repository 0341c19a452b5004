//! Two servers on one store: whoever lost the right to write publishes nothing, and papers are written in one folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, FromRow};

use super::jobs::{DAYS, export, files};
use super::program::{Office, Run};
use super::samples::Sample;
use crate::store::home::{Database, Home, skips_without_server};

const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\"]\n[store]\nwait_seconds = 60\n";

/// After the times of the first months.
const NOW: &str = "2025-02-10T00:00:00Z";
const MONTHS: [&str; 2] = ["2024-12", "2025-01"];

/// Two data folders on one store.
const FOLDERS: [&str; 2] = ["kaiin-data", "other-data"];

/// An office on the server whose first months are due; nothing was made yet.
fn office() -> Office {
    let office = Office::on(Home::Postgres);
    let sample = Sample::cases();
    office.import(&sample.files[0].display().to_string());
    for (nth, day) in DAYS.iter().enumerate().take(MONTHS.len()) {
        let name = format!("members_{day}.csv");
        office.save(&name, export(nth));
        office.import(&name);
    }
    for folder in FOLDERS {
        std::fs::create_dir_all(office.folder().join(folder)).expect("the temporary folder can be written");
        office.save(&format!("{folder}/kaiin.toml"), SETTINGS);
    }
    office
}

/// Lets both data folders be one, as a network drive is one whose locks do not reach from machine to machine.
#[cfg(unix)]
fn share(office: &Office) {
    for folder in FOLDERS {
        office.save(&format!("{folder}/kaiin.id"), "one\n");
    }
    for shared in ["papers", "snapshots"] {
        let target = office.data().join(shared);
        std::fs::create_dir_all(&target).expect("the temporary folder can be written");
        let link = office.folder().join(FOLDERS[1]).join(shared);
        std::os::unix::fs::symlink(target, link).expect("the temporary folder takes links");
    }
}

fn tick(office: &Office, folder: &str) -> Child {
    let mut command = office.program();
    command.args(["--json", "--data", folder, "jobs", "tick", "--now", NOW]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started")
}

/// Months that a tick says it has finished; none where it could not go on.
fn done(run: &Run) -> Vec<String> {
    let told: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
    told["done"].as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Ends every connection that holds a row of writers.
const CUT: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND state LIKE 'idle in transaction%' AND query LIKE 'SELECT fence FROM writer%'";

#[derive(Debug, FromRow, PartialEq, Eq, PartialOrd, Ord)]
struct Recorded {
    period: String,
    version: i64,
    state: String,
    name: String,
    sha256: String,
}

const LEDGER: &str = "SELECT r.period, v.version, r.state, f.name, f.sha256
     FROM job_run r JOIN job_version v USING (job, period) JOIN job_file f USING (job, period, version)
     ORDER BY 1, 2, 4";

/// Numbers that look random and are the same every time.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// What a trial came to: connections that were cut, and ticks that were ended by it.
#[derive(Debug, Default)]
struct Tally {
    cuts: i64,
    ended: usize,
}

fn trial(office: &Office, runtime: &tokio::runtime::Runtime, mut draw: Draw) -> Tally {
    let database = office.database().expect("the office has a database");
    let mut cutter = runtime.block_on(PgConnection::connect_with(&database.options())).expect("the server answers");
    let mut children: Vec<Child> = FOLDERS.iter().map(|folder| tick(office, folder)).collect();
    let mut tally = Tally::default();
    let wanted = 1 + i64::try_from(draw.below(3)).expect("a small number");
    while children.iter_mut().any(|child| child.try_wait().expect("a child").is_none()) {
        std::thread::sleep(Duration::from_millis(1 + draw.below(250)));
        if tally.cuts < wanted {
            let cut: i64 =
                runtime.block_on(sqlx::query_scalar(CUT).fetch_one(&mut cutter)).expect("the server answers");
            tally.cuts += cut;
        }
    }
    let ended = children.into_iter().map(|child| Run::from(child.wait_with_output().expect("a child")));
    let mut runs: Vec<Run> = ended.collect();
    tally.ended = runs.iter().filter(|run| run.exit != Some(0)).count();
    for run in &runs {
        let known = ["ENV-001", "ENV-008", "ENV-047", "ENV-048", "JOB-004"];
        let said = run.exit == Some(0) || known.iter().any(|code| run.stderr.contains(code));
        assert!(said, "{:?} {} {}", run.exit, run.stdout, run.stderr);
    }
    // What was not finished is finished by the next ring, by whichever server.
    let folder = FOLDERS[usize::from(draw.below(2) == 1)];
    runs.push(Run::from(tick(office, folder).wait_with_output().expect("a child")));
    assert_eq!(runs[2].exit, Some(0), "{}", runs[2].stderr);
    let mut finished: BTreeMap<String, usize> = BTreeMap::new();
    runs.iter().flat_map(done).for_each(|period| *finished.entry(period).or_default() += 1);
    assert!(finished.values().all(|times| *times == 1), "published twice: {finished:?}");
    let rows: Vec<Recorded> = runtime.block_on(sqlx::query_as(LEDGER).fetch_all(&mut cutter)).expect("readable");
    runtime.block_on(cutter.close()).expect("the connection closes");
    assert_consistent(office, &rows);
    tally
}

/// Every month is done once, and its folder holds what the ledger says and nothing else.
fn assert_consistent(office: &Office, rows: &[Recorded]) {
    let periods: BTreeSet<(&str, i64, &str)> =
        rows.iter().map(|row| (row.period.as_str(), row.version, row.state.as_str())).collect();
    let expected: Vec<(&str, i64, &str)> = MONTHS.iter().map(|month| (*month, 1, "done")).collect();
    assert_eq!(periods.into_iter().collect::<Vec<_>>(), expected);
    for row in rows {
        let bytes =
            std::fs::read(office.data().join(&row.name)).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert_eq!(kaiin_sha256(&bytes), row.sha256, "{}", row.name);
    }
    let recorded: BTreeSet<&str> = rows.iter().filter_map(|row| row.name.strip_prefix("papers/")).collect();
    let there = files(&office.data().join("papers"));
    let there: BTreeSet<&str> =
        there.keys().map(String::as_str).filter(|name| !name.contains("content.json")).collect();
    let recorded: BTreeSet<&str> = recorded.into_iter().filter(|name| !name.contains("content.json")).collect();
    assert_eq!(there, recorded, "papers in the folder and in the ledger");
}

fn kaiin_sha256(bytes: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("bytes");
    std::fs::write(&path, bytes).expect("the temporary folder can be written");
    kaiin::service::keep::snapshot_folders::sha256_of_file(&path).expect("the file can be read")
}

/// `KAIIN_CUTS=100` makes so many trials; the suite is content with fewer.
#[cfg(unix)]
#[test]
fn cut_connections_publish_nothing_twice_and_lose_nothing() {
    if skips_without_server() {
        return;
    }
    let trials = std::env::var("KAIIN_CUTS").map_or(4, |n| n.parse().expect("KAIIN_CUTS is a number"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let prepared = office();
    let mut tally = Tally::default();
    for nth in 0..trials {
        let office = prepared.copy();
        share(&office);
        let one = trial(&office, &runtime, Draw(nth * 7919 + 17));
        tally = Tally { cuts: tally.cuts + one.cuts, ended: tally.ended + one.ended };
    }
    let Tally { cuts, ended } = tally;
    crate::figures::say(&format!("{trials} trials: {cuts} connections cut, {ended} ticks ended by it"));
    assert!(tally.cuts > 0, "nothing was cut");
}

/// Name of the export of the first month.
fn first_export() -> String {
    format!("members_{}.csv", DAYS[0])
}

/// The export of the first month without its last person.
fn one_person_less() -> String {
    let text = export(0);
    let n_lines = text.lines().count() - 1;
    text.lines().take(n_lines).fold(String::new(), |all, line| all + line + "\n")
}

/// An office whose first month has its export; nothing was made yet.
fn first_month(home: Home) -> Office {
    let office = Office::on(home);
    office.import(&Sample::cases().files[0].display().to_string());
    office.save(&first_export(), export(0));
    office.import(&first_export());
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    office
}

/// What a lost run has put in place is recorded when it says the same. Another one is never changed: it may have been handed
/// out, so the paper is the next edition and says how it differs.
#[rstest]
#[case::the_same(false)]
#[case::another(true)]
fn paper_that_was_put_in_place_and_not_recorded_stays_as_it_is(
    #[case] is_other: bool,
    #[values(Home::Sqlite, Home::Postgres)] home: Home,
) {
    if home.is_skipped() {
        return;
    }
    let (office, name) = (first_month(home), first_export());
    let now = "2025-01-10T00:00:00Z";
    assert_eq!(office.run(&format!("--json jobs tick --now {now}")).exit, Some(0));
    let papers = office.data().join("papers");
    let before = files(&papers);
    forget(&office);
    if is_other {
        // A file of the same day with one person less, as if it had been stored between the two attempts.
        office.save(&name, one_person_less());
        let asked = format!("import {name} --accept-drop --reason 試験");
        let _ = office.run(&asked);
        let accepted = office.run(&format!("--json import {name} --accept-change --reason 試験"));
        assert!(accepted.exit == Some(0) || accepted.exit == Some(2), "{}", accepted.stderr);
    }
    let again = office.run(&format!("--json jobs tick --now {now}"));
    assert_eq!(again.exit, Some(0), "{}", again.stderr);
    let after = files(&papers);
    for (name, bytes) in &before {
        assert_eq!(after.get(name), Some(bytes), "{name} was handed out");
    }
    let added: BTreeSet<&str> =
        after.keys().filter(|name| !before.contains_key(*name)).filter_map(|name| folder_of(name)).collect();
    let second = "2024-12/member-counts_2024-12-31_v2";
    assert_eq!(added, if is_other { BTreeSet::from([second]) } else { BTreeSet::new() });
    if is_other {
        let manifest: Value = serde_json::from_slice(&after[&format!("{second}/manifest.json")]).expect("a manifest");
        assert_eq!((&manifest["edition"], &manifest["compared_with"]), (&json!(2), &json!("member-counts_2024-12-31")));
    }
    assert_eq!(office.run(&format!("--json jobs tick --now {now}")).exit, Some(0));
    assert_eq!(files(&papers), after, "and nothing more is made");
}

/// A damaged paper that was not recorded does not stop the month, and nothing is read from it.
#[test]
fn damaged_paper_that_was_not_recorded_is_left_alone() {
    let office = first_month(Home::Sqlite);
    let tick = "--json jobs tick --now 2025-01-10T00:00:00Z";
    assert_eq!(office.run(tick).exit, Some(0));
    forget(&office);
    office.save("kaiin-data/papers/2024-12/member-counts_2024-12-31/content.json", "{");
    let papers = office.data().join("papers");
    let before = files(&papers);
    let again = office.run(tick);
    assert_eq!(again.exit, Some(0), "{}", again.stderr);
    let after = files(&papers);
    assert!(before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)), "it was changed");
    let manifest = &after["2024-12/member-counts_2024-12-31_v2/manifest.json"];
    let manifest: Value = serde_json::from_slice(manifest).expect("a manifest");
    assert_eq!((&manifest["edition"], &manifest["compared_with"]), (&json!(2), &Value::Null));
}

/// A store of before is put back after papers were made: what was handed out stays, to the byte, for both of them.
#[test]
fn older_store_that_is_put_back_changes_no_paper() {
    let office = Office::new();
    let sample = Sample::cases();
    office.import(&sample.files[0].display().to_string());
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    let store = office.data().join("kaiin.sqlite");
    let [older, newer] = ["older.sqlite", "newer.sqlite"].map(|name| office.folder().join(name));
    std::fs::copy(&store, &older).expect("the store can be kept");
    let tick = "--json jobs tick --now 2025-01-10T00:00:00Z";
    let name = first_export();
    office.save(&name, export(0));
    office.import(&name);
    assert_eq!(office.run(tick).exit, Some(0));
    let papers = office.data().join("papers");
    let handed_out = files(&papers);
    std::fs::rename(&store, &newer).expect("the store can be kept");
    std::fs::copy(&older, &store).expect("the older store can be put back");
    office.save(&name, one_person_less());
    office.import(&name);
    let again = office.run(tick);
    assert_eq!(again.exit, Some(0), "{}", again.stderr);
    let both = files(&papers);
    assert!(handed_out.iter().all(|(name, bytes)| both.get(name) == Some(bytes)), "a paper was changed");
    assert!(both.contains_key("2024-12/member-counts_2024-12-31_v2/manifest.json"), "{:?}", both.keys());
    let told = |office: &Office| -> BTreeSet<String> {
        let verified = office.run("--json verify");
        let codes = verified.stdout.split('"').filter(|part| part.starts_with("SNP-")).map(str::to_owned);
        codes.collect()
    };
    let unknown = BTreeSet::from(["SNP-010".to_owned(), "SNP-018".to_owned()]);
    assert_eq!(told(&office), unknown, "only what the other one has made");
    std::fs::rename(&newer, &store).expect("the newer store can be put back");
    assert_eq!(told(&office), unknown, "only what the older one has made");
    assert_eq!(office.run(tick).exit, Some(0));
    assert_eq!(files(&papers), both, "nothing more is made");
}

/// The folder of a paper within that of all.
fn folder_of(name: &str) -> Option<&str> {
    name.rsplit_once('/')
        .map(|(folder, _)| folder)
        .filter(|folder| !folder.ends_with("/cp932") && !folder.ends_with("/machine"))
}

/// Takes the papers of all months out of the ledger, as if their run had ended before it recorded them.
fn forget(office: &Office) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let statements = [
        "DELETE FROM job_file",
        "DELETE FROM job_paper",
        "UPDATE job_version SET finished_at = NULL",
        "UPDATE job_run SET state = 'failed', finished_at = NULL",
    ];
    runtime.block_on(async {
        match office.database() {
            Some(database) => run_on_server(database, &statements).await,
            None => run_on_file(&office.data().join("kaiin.sqlite"), &statements).await,
        }
    });
}

async fn run_on_server(database: &Database, statements: &[&'static str]) {
    let mut connection = PgConnection::connect_with(&database.options()).await.expect("the server answers");
    for statement in statements {
        sqlx::query(*statement).execute(&mut connection).await.expect("the ledger can be written");
    }
    connection.close().await.expect("the connection closes");
}

async fn run_on_file(path: &Path, statements: &[&'static str]) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = sqlx::sqlite::SqliteConnection::connect_with(&options).await.expect("the store opens");
    for statement in statements {
        sqlx::query(*statement).execute(&mut connection).await.expect("the ledger can be written");
    }
    connection.close().await.expect("the connection closes");
}

/// Papers of one ledger are written in one folder, until a person moves them.
#[test]
fn papers_of_one_ledger_are_written_in_one_folder() {
    if skips_without_server() {
        return;
    }
    let office = office();
    let in_other = |arguments: &str| office.run(&format!("--json --data {} {arguments}", FOLDERS[1]));
    let early = format!("jobs tick --now {}", "2025-01-10T00:00:00Z");
    let late = format!("jobs tick --now {NOW}");
    assert_eq!(office.run(&format!("--json {early}")).exit, Some(0));
    // A month that is due is refused there and waits for the folder where papers are written.
    let refused = in_other(&late);
    assert_eq!(refused.exit, Some(2), "{} {}", refused.stdout, refused.stderr);
    let told: Value = serde_json::from_str(&refused.stdout).expect("a tick reports in JSON");
    assert!(told["failed"][0][1].as_str().is_some_and(|text| text.contains("JOB-020")), "{told}");
    let by_hand = in_other("jobs rerun 2024-12 --reason 試験");
    assert_eq!((by_hand.exit, &by_hand.error()["error"]["code"]), (Some(2), &Value::from("JOB-020")));
    assert!(by_hand.stderr.contains("kaiin-data"), "the place is named: {}", by_hand.stderr);
    assert!(!office.folder().join(FOLDERS[1]).join("papers").exists());
    let moved = in_other("jobs move-here --reason 試験");
    let moved: Value = serde_json::from_str(&moved.stdout).expect("what was moved");
    assert_eq!(moved["folders_lacking"], 1);
    assert_eq!(in_other(&late).exit, Some(0));
    assert!(office.folder().join(FOLDERS[1]).join("papers/2025-01").exists());
    let back = office.run("--json jobs rerun 2024-12 --reason 試験");
    assert_eq!((back.exit, &back.error()["error"]["code"]), (Some(2), &Value::from("JOB-020")));
    assert_eq!(office.run("jobs move-here").exit, Some(2), "a reason is asked for");
}
