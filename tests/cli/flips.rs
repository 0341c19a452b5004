//! Flipped bits anywhere in what is kept: no figure comes out wrong in silence, `kaiin verify` notices each, and what can
//! be made anew is.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection};

use super::program::Office;
use super::samples::Sample;

const QUESTION: &str = "count --as-of 2025-03-31 --by tier,association,class,sex";

/// The next number of a splitmix64 sequence.
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Every value of every table of facts and of the chain, or nothing where it cannot be read.
fn contents(store: &Path) -> Option<BTreeMap<String, Vec<String>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let read = async {
        let options = SqliteConnectOptions::new().filename(store).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let tables: Vec<(String, String)> =
            sqlx::query_as("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
                .fetch_all(&mut connection)
                .await?;
        let mut out = BTreeMap::new();
        // Of the ledger of months the files are proved; the rest changes and is not chained. What the database and the program
        // keep about themselves is no fact.
        let own = [
            "delivery",
            "distribution",
            "job_run",
            "job_version",
            "job_paper",
            "job_revision",
            "mail",
            "paper_home",
            "_sqlx_",
            "sqlite_",
            "store_",
            "writer",
        ];
        for (name, sql) in tables.into_iter().filter(|(name, _)| !own.iter().any(|own| name.starts_with(own))) {
            let mut rows = vec![sql.clone()];
            if sql.starts_with("CREATE TABLE") {
                let columns: Vec<String> =
                    sqlx::query_scalar(AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{name}')")))
                        .fetch_all(&mut connection)
                        .await?;
                let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
                let rows_of = format!("SELECT {} FROM \"{name}\" NOT INDEXED", quoted.join(" || '|' || "));
                rows.extend(sqlx::query_scalar::<_, String>(AssertSqlSafe(rows_of)).fetch_all(&mut connection).await?);
            }
            out.insert(name, rows);
        }
        connection.close().await?;
        Ok::<_, sqlx::Error>(out)
    };
    runtime.block_on(read).ok()
}

#[derive(Debug, Default)]
struct Tally {
    flips: u32,
    right: u32,
    refused: u32,
    noticed: u32,
    /// Flips in bytes of the store that hold no fact: every value of every table of facts is as it was.
    without_effect: u32,
    /// Timelines that the next count made anew.
    made_anew: u32,
}

/// A data folder with everything that is kept, and what is right to say of it.
struct Kept {
    office: Office,
    answer: Value,
    contents: BTreeMap<String, Vec<String>>,
    /// Files by kind.
    groups: [(&'static str, Vec<PathBuf>); 4],
}

fn kept() -> Kept {
    let (office, _) = Sample::cases().taken_in();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nfirst_month = \"2025-03\"\nreports = [\"member-counts\"]\n");
    let run = office.run("jobs tick --now 2025-06-10T00:00:00Z");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let answer = office.json(QUESTION);
    assert_eq!(office.run("verify").exit, Some(0));
    let head = office.json("store status")["head"].as_str().expect("a head").to_owned();
    assert!(!head.is_empty());
    let contents = contents(&office.data().join("kaiin.sqlite")).expect("the store can be read");
    let of = |name: &str| files(&office.data().join(name));
    let timeline = of("timeline").into_iter().filter(|path| path.to_string_lossy().contains(&head)).collect();
    let groups = [
        ("store", vec![office.data().join("kaiin.sqlite")]),
        ("timeline", timeline),
        ("snapshots", of("snapshots")),
        ("papers", of("papers")),
    ];
    Kept { office, answer, contents, groups }
}

/// `KAIIN_FLIPS=500` flips so many bits; `KAIIN_SEED` draws others.
#[test]
fn no_flipped_bit_changes_a_figure_in_silence() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |n| n.parse().expect("it is a number"));
    let (flips, seed) = (number("KAIIN_FLIPS", 40), number("KAIIN_SEED", 11));
    let mut state = seed;
    let kept = kept();
    let mut by_kind: BTreeMap<&str, Tally> = BTreeMap::new();
    for nth in 0..flips {
        let (kind, files) = &kept.groups[usize::try_from(nth).expect("few") % kept.groups.len()];
        let pick = |state: &mut u64, n: usize| usize::try_from(draw(state) % n as u64).expect("it is below n");
        let path = files[pick(&mut state, files.len())].strip_prefix(kept.office.folder()).expect("it lies in it");
        let office = kept.office.copy();
        let path = office.folder().join(path);
        let mut bytes = fs::read(&path).expect("it was written");
        let (at, bit) = (pick(&mut state, bytes.len()), pick(&mut state, 8));
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).expect("it can be written");
        let place = format!("seed {seed} flip {nth}: bit {bit} of byte {at} of {}", path.display());
        by_kind.entry(kind).or_default().look(&kept, &office, (kind, &path, &place));
    }
    crate::figures::say(&format!("seed {seed}: {by_kind:#?}"));
}

impl Tally {
    /// Asks and verifies after a flip.
    fn look(&mut self, kept: &Kept, office: &Office, (kind, path, place): (&str, &Path, &str)) {
        self.flips += 1;
        let verified = office.run("--json verify");
        let is_noticed = verified.exit != Some(0);
        let run = office.run(&format!("--json {QUESTION}"));
        match (run.exit, serde_json::from_str::<Value>(&run.stdout)) {
            (Some(0), Ok(answer)) => {
                assert_eq!(answer, kept.answer, "{place}: a wrong figure in silence\n{}", run.stderr);
                self.right += 1;
            }
            (Some(4), _) => self.refused += 1,
            _ => panic!("{place}: {run:?}"),
        }
        if is_noticed {
            self.noticed += 1;
        } else {
            assert_eq!(kind, "store", "{place}: not noticed\n{}", verified.stdout);
            assert_eq!(contents(path).as_ref(), Some(&kept.contents), "{place}: something changed and nobody noticed");
            self.without_effect += 1;
        }
        if kind == "timeline" {
            // How far the exports reached by an earlier day is made anew for whoever asks as known at that day.
            let name = path.file_name().expect("a name").to_string_lossy();
            if let Some(day) = name.strip_prefix("coverage-").and_then(|rest| rest.get(..10)) {
                let run = office.run(&format!("--json {QUESTION} --known-at {day}"));
                assert_eq!(run.exit, Some(0), "{place}: {}", run.stderr);
            }
            let again = office.run("--json verify");
            assert_eq!(again.exit, Some(0), "{place}: not made anew\n{}", again.stdout);
            self.made_anew += 1;
        }
    }
}

/// A store whose last import stands in its log alone, as after a program that was killed: the log is copied while somebody else
/// reads, so that nobody can have moved it into the file.
fn unclosed() -> (Office, [Value; 2]) {
    let sample = Sample::cases();
    let office = Office::new();
    let files: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    office.import(&files[..3].join(" "));
    let before = office.json(QUESTION);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let (copy, answer) = runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let mut reader = SqliteConnection::connect_with(&options).await.expect("the store opens");
        for statement in ["BEGIN", "SELECT count(*) FROM import"] {
            sqlx::query(statement).execute(&mut reader).await.expect("the store can be read");
        }
        office.import(&files[3]);
        let copy = office.copy();
        let answer = office.json(QUESTION);
        reader.close().await.expect("the store closes");
        (copy, answer)
    });
    assert!(copy.data().join("kaiin.sqlite-wal").is_file(), "the last import is in the log");
    // What a killed program leaves: nothing beside file and log.
    drop(fs::remove_file(copy.data().join("kaiin.sqlite-shm")));
    drop(fs::remove_dir_all(copy.data().join("timeline")));
    assert_ne!(before, answer);
    (copy, [before, answer])
}

/// Of a log that is damaged SQLite takes what stands before the damage: an answer is that of what was known then, with the day
/// of that knowledge, and it is told that the last import may be gone. Where the very last page of the log is damaged, it looks as
/// if the program had been stopped before the end.
#[test]
fn flips_in_the_log_of_an_unclosed_store_give_no_wrong_figure() {
    let number = |name: &str, usual: u64| std::env::var(name).map_or(usual, |n| n.parse().expect("it is a number"));
    let (flips, seed) = (number("KAIIN_FLIPS", 40) / 4, number("KAIIN_SEED", 11));
    let mut state = seed;
    let (prepared, [before, after]) = unclosed();
    assert_eq!(prepared.copy().json(QUESTION), after, "nothing is lost without damage");
    let (mut right, mut earlier, mut refused, mut noticed) = (0, 0, 0, 0);
    let last_page = 24 + 4096;
    for nth in 0..flips {
        let office = prepared.copy();
        let path = office.data().join("kaiin.sqlite-wal");
        let mut bytes = fs::read(&path).expect("it was written");
        let n = bytes.len() as u64;
        let (at, bit) = (usize::try_from(draw(&mut state) % n).expect("below"), draw(&mut state) % 8);
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).expect("it can be written");
        let place = format!("seed {seed} flip {nth}: bit {bit} of byte {at} of {n}");
        let run = office.run(&format!("--json {QUESTION}"));
        match (run.exit, serde_json::from_str::<Value>(&run.stdout)) {
            (Some(0), Ok(answer)) if answer == after => right += 1,
            (Some(0), Ok(answer)) => {
                assert_eq!(answer, before, "{place}: a wrong figure in silence\n{}", run.stderr);
                earlier += 1;
                let is_noticed = run.stderr.contains("STO-020");
                assert!(is_noticed || at + last_page >= bytes.len(), "{place}: lost in silence\n{}", run.stderr);
                noticed += u32::from(is_noticed);
            }
            (Some(4), _) => refused += 1,
            _ => panic!("{place}: {run:?}"),
        }
    }
    let told = format!("{right} right, {earlier} of before ({noticed} told), {refused} refused");
    crate::figures::say(&format!("seed {seed}: {flips} flips in the log: {told}"));
}

/// What was lost with a damaged log is told once, by whatever command opens the store first, and can be taken in again. A log that
/// a killed program has left is no damage.
#[test]
fn lost_import_of_a_damaged_log_is_told_and_taken_in_again() {
    let (prepared, [before, after]) = unclosed();
    let log = |office: &Office| office.data().join("kaiin.sqlite-wal");
    let sound = prepared.copy().run(&format!("--json {QUESTION}"));
    assert!(!sound.stderr.contains("STO-020"), "{sound:?}");
    let cut = prepared.copy();
    let bytes = fs::read(log(&cut)).expect("it was written");
    fs::write(log(&cut), &bytes[..bytes.len() / 2]).expect("it can be written");
    let run = cut.run(&format!("--json {QUESTION}"));
    assert!(run.exit == Some(0) && !run.stderr.contains("STO-020"), "it was never finished: {run:?}");

    for (name, at) in [("the head", 20), ("the middle", bytes.len() / 2)] {
        let office = prepared.copy();
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        fs::write(log(&office), &bytes).expect("it can be written");
        let run = office.run(QUESTION);
        assert_eq!(run.exit, Some(0), "{name}: {run:?}");
        assert!(run.stderr.contains("注意 STO-020") && run.stderr.contains("kaiin.sqlite-wal"), "{name}: {run:?}");
        let run = office.run(&format!("--json {QUESTION}"));
        assert_eq!(serde_json::from_str::<Value>(&run.stdout).expect("JSON"), before, "{name}");
        assert!(!run.stderr.contains("STO-020"), "{name}: {run:?}");
        office.import(&Sample::cases().files[3].display().to_string());
        assert_eq!(office.json(QUESTION), after, "{name}");
        assert_eq!(office.run("verify").exit, Some(0), "{name}");
    }
}
