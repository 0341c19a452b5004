//! The program killed at any moment of an import: the file is in the store as a whole, or not at all.

use std::fmt::Write as _;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::program::{Office, State};
use super::samples::Sample;
use crate::store::home::Home;

/// Of so many kills one comes after the import was seen in the store; the others come at shares of the undisturbed
/// time.
const ONE_SEEN_IN: u32 = 5;

/// Short imports have few moments to be killed in.
const LEAST: Duration = Duration::from_secs(2);

const FILE: &str = "members_2025-10-31.csv";

/// Invented people of one body, all tiers beside it.
fn export(n: u32) -> String {
    let mut text = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n"
        .to_owned();
    for nth in 0..n {
        let (number, class, day) = (100_000 + nth, ["A①", "A②(B)", "B"][nth as usize % 3], 1 + nth % 28);
        let (upper, joined) = ("埼玉県医師会", format!("2001-04-{day:02}"));
        let cells = format!("浦和医師会,{class},{joined},,在籍,{upper},{class},{joined},,{class},{joined},");
        writeln!(text, "{number},架空　例,{cells}").expect("a text takes more text");
    }
    text
}

/// An office that knows a small export and holds a big one.
fn office(home: Home, n: u32) -> Office {
    let office = Office::on(home);
    let sample = Sample::cases();
    office.save("members_2025-09-30.csv", export(60));
    office.import(&format!("{} members_2025-09-30.csv", sample.files[0].display()));
    office.save(FILE, export(n));
    office
}

fn start(office: &Office) -> Child {
    let mut command = office.program();
    command.args(["import", FILE]).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program can be started")
}

/// The end of a child that was told to end; `None` code when the kill came in time.
fn kill(mut child: Child) -> ExitStatus {
    // A child that has ended cannot be killed any more, which is no failure of this test.
    let _ = child.kill();
    child.wait().expect("the child was started here")
}

/// Watches the store of an office from a connection of its own.
struct Watch {
    runtime: tokio::runtime::Runtime,
    store: Watched,
}

enum Watched {
    File(SqlitePool),
    Server(PgPool),
}

impl Watch {
    fn new(office: &Office) -> Self {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
        let store = match office.database() {
            Some(database) => {
                let pool = PgPoolOptions::new().max_connections(1);
                let pool = runtime.block_on(pool.connect_with(database.options()));
                Watched::Server(pool.expect("the test server answers"))
            }
            None => {
                let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
                let pool = SqlitePoolOptions::new().max_connections(1);
                Watched::File(runtime.block_on(pool.connect_with(options)).expect("the store opens"))
            }
        };
        Self { runtime, store }
    }

    fn imports(&self) -> i64 {
        let statement = "SELECT count(*) FROM import";
        let n = match &self.store {
            Watched::File(pool) => self.runtime.block_on(sqlx::query_scalar(statement).fetch_one(pool)),
            Watched::Server(pool) => self.runtime.block_on(sqlx::query_scalar(statement).fetch_one(pool)),
        };
        n.expect("the store can be read meanwhile")
    }

    /// Waits until the import of the child is in the store or the child has ended.
    fn wait_for_commit(&self, child: &mut Child, before: i64) {
        while self.imports() == before && child.try_wait().expect("the child was started here").is_none() {
            std::thread::yield_now();
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        match &self.store {
            Watched::File(pool) => self.runtime.block_on(pool.close()),
            Watched::Server(pool) => self.runtime.block_on(pool.close()),
        }
    }
}

/// An undisturbed import: how long it takes, how much of that comes after the commit, and what it leaves behind.
fn undisturbed(office: &Office) -> (Duration, Duration, State) {
    let watch = Watch::new(office);
    let before = watch.imports();
    let begin = Instant::now();
    let mut child = start(office);
    watch.wait_for_commit(&mut child, before);
    let committed = begin.elapsed();
    let ended = child.wait().expect("the child was started here");
    let took = begin.elapsed();
    drop(watch);
    assert_eq!(ended.code(), Some(0), "an undisturbed import is stored");
    (took, took - committed, office.state())
}

/// An office whose import takes long enough on this machine.
fn measured(home: Home) -> (Office, (Duration, Duration, State)) {
    let mut n = 20_000;
    loop {
        let office = office(home, n);
        let run = undisturbed(&office.copy());
        if run.0 >= LEAST {
            return (office, run);
        }
        n = n * 3 / 2;
    }
}

/// `KAIIN_KILLS=50` kills at so many moments; the suite is content with fewer.
#[rstest]
#[case::sqlite(Home::Sqlite, 20)]
#[case::postgres(Home::Postgres, 10)]
fn killed_import_is_whole_or_nothing(#[case] home: Home, #[case] kills: u32) {
    if home.is_skipped() {
        return;
    }
    let kills = std::env::var("KAIIN_KILLS").map_or(kills, |n| n.parse().expect("KAIIN_KILLS is a number"));
    let seen = kills.div_ceil(ONE_SEEN_IN);
    let timed = kills - seen;
    let (office, (took, after_commit, whole)) = measured(home);
    let nothing = office.state();
    assert_ne!(nothing, whole);
    let (mut n_whole, mut n_nothing, mut killed_after_commit) = (0, 0, 0);
    for nth in 0..kills {
        let office = office.copy();
        let mut child;
        if let Some(nth) = nth.checked_sub(timed) {
            let watch = Watch::new(&office);
            let before = watch.imports();
            child = start(&office);
            watch.wait_for_commit(&mut child, before);
            std::thread::sleep(after_commit * nth / seen);
        } else {
            child = start(&office);
            std::thread::sleep(took * nth / timed);
        }
        let in_time = kill(child).code().is_none();
        let left = office.state();
        assert!(left == nothing || left == whole, "kill {nth} left neither: {left:?}\n{nothing:?}\n{whole:?}");
        let is_whole = left == whole;
        n_whole += u32::from(is_whole);
        n_nothing += u32::from(!is_whole);
        killed_after_commit += u32::from(is_whole && in_time);
        // A whole import again takes its time: the first and the last of the timed kills and all later ones speak for
        // the others.
        if is_whole || nth == 0 || nth + 1 == timed {
            assert_eq!(office.run(&format!("import {FILE}")).exit, Some(0), "the next import after kill {nth}");
            assert_eq!(office.state(), whole, "after kill {nth} and the next import");
        }
    }
    assert!(n_whole > 0 && n_nothing > 0, "{n_whole} whole, {n_nothing} with nothing");
    assert!(killed_after_commit > 0, "no kill came between the commit and the end");
}
