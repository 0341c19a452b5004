//! What was kept, changed behind the program's back: `kaiin verify` names each thing, and no figure comes out wrong in
//! silence.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::program::{Office, Run};
use super::samples::Sample;

const QUESTION: &str = "count --as-of 2025-03-31 --by tier,association,class,sex";

/// An office with two snapshots, two papers of its months and one elsewhere.
fn office() -> Office {
    let (office, _) = Sample::cases().taken_in();
    let settings = "[jobs]\nfirst_month = \"2025-03\"\nreports = [\"member-counts\"]\n";
    office.save("kaiin-data/kaiin.toml", settings);
    for arguments in
        ["jobs tick --now 2025-06-10T00:00:00Z", "report member-counts --as-of 2025-03-31 --out elsewhere --format csv"]
    {
        let run = office.run(arguments);
        assert_eq!(run.exit, Some(0), "{arguments}: {}", run.stderr);
    }
    let run = office.run("--json verify");
    assert_eq!(run.exit, Some(0), "{}{}", run.stdout, run.stderr);
    office
}

fn folders(at: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> =
        fs::read_dir(at).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    out.sort();
    out
}

/// Codes and states that `kaiin verify` tells, without the places.
#[track_caller]
fn told(office: &Office) -> Vec<(String, String)> {
    let run = office.run("--json verify");
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no answer: {run:?}"));
    let findings = answer["findings"].as_array().expect("a list").clone();
    assert_eq!(run.exit, Some(i32::from(!findings.is_empty())), "{findings:?}");
    assert_eq!(answer["well"], json!(findings.is_empty()));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut out: Vec<_> = findings.iter().map(|one| (text(&one["code"]), text(&one["state"]))).collect();
    out.dedup();
    out
}

#[track_caller]
fn assert_told(office: &Office, code: &str, state: &str) {
    assert_eq!(told(office), [(code.to_owned(), state.to_owned())]);
}

#[test]
fn snapshots_that_were_touched_are_named() {
    let office = office();
    let root = office.data().join("snapshots");
    let all = folders(&root);
    let (one, other) = (&all[0], &all[1]);
    let kept = office.folder().join("kept");
    let put_back = || {
        let _ = fs::remove_dir_all(one);
        fs::create_dir(one).expect("a folder can be made");
        for name in ["manifest.json", "memberships.parquet"] {
            fs::copy(kept.join(name), one.join(name)).expect("a file can be copied");
        }
    };
    fs::rename(one, &kept).expect("a folder can be moved");
    assert_told(&office, "SNP-005", "missing");
    assert_eq!(office.run("snapshot verify").exit, Some(1));
    put_back();
    assert_eq!(told(&office), []);

    let manifest = one.join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("it was written");
    let edited = text.replacen("\"memberships\": ", "\"memberships\": 1", 1);
    assert_ne!(edited, text);
    fs::write(&manifest, edited).expect("it can be written");
    assert!(told(&office).contains(&("SNP-008".into(), "changed".into())), "totals were edited");
    for damaged in ["{", ""] {
        fs::write(&manifest, damaged).expect("it can be written");
        assert_told(&office, "SNP-007", "changed");
        let list = office.run("snapshot list");
        assert_eq!(list.exit, Some(0), "{}", list.stderr);
        assert!(list.stderr.contains("SNP-007") && list.stderr.contains("manifest.json"), "{}", list.stderr);
    }
    fs::remove_file(&manifest).expect("it can be removed");
    assert_told(&office, "SNP-005", "missing");
    put_back();

    // Data and hash exchanged together, as somebody would who knows how it is made.
    for name in ["manifest.json", "memberships.parquet"] {
        fs::copy(other.join(name), one.join(name)).expect("a file can be copied");
    }
    assert_told(&office, "SNP-009", "swapped");
    put_back();
    fs::copy(other.join("memberships.parquet"), one.join("memberships.parquet")).expect("a file can be copied");
    assert_told(&office, "SNP-004", "changed");
    put_back();
    fs::write(one.join("note.txt"), "x").expect("it can be written");
    assert_told(&office, "SNP-013", "added");
    put_back();
    let added = root.join("snapshot=2025-03-31_2025-03-31_0_last_member_day");
    fs::create_dir(&added).expect("a folder can be made");
    fs::copy(one.join("manifest.json"), added.join("manifest.json")).expect("a file can be copied");
    assert_told(&office, "SNP-010", "added");
}

#[test]
fn papers_that_were_touched_are_named_wherever_they_lie() {
    let office = office();
    let month = office.data().join("papers/2025-03/member-counts_2025-03-31");
    let elsewhere = office.folder().join("elsewhere/member-counts_2025-03-31");
    for paper in [&month, &elsewhere] {
        let csv = folders(paper).into_iter().find(|path| path.extension() == Some("csv".as_ref())).expect("a table");
        let bytes = fs::read(&csv).expect("it was written");
        fs::write(&csv, [bytes.as_slice(), b"x"].concat()).expect("it can be written");
        assert_told(&office, "SNP-015", "changed");
        fs::remove_file(&csv).expect("it can be removed");
        assert_told(&office, "SNP-014", "missing");
        fs::write(&csv, &bytes).expect("it can be written");

        let manifest = paper.join("manifest.json");
        let text = fs::read(&manifest).expect("it was written");
        let edited =
            String::from_utf8(text.clone()).expect("a text").replacen("\"complete\": true", "\"complete\": false", 1);
        fs::write(&manifest, edited).expect("it can be written");
        assert_told(&office, "SNP-016", "changed");
        fs::write(&manifest, "[").expect("it can be written");
        assert_told(&office, "SNP-007", "changed");
        fs::write(&manifest, &text).expect("it can be written");

        let away = office.folder().join("away");
        fs::rename(paper, &away).expect("a folder can be moved");
        assert_told(&office, "SNP-014", "missing");
        fs::rename(&away, paper).expect("a folder can be moved");
        assert_eq!(told(&office), []);
    }
    let added = office.data().join("papers/2025-03/other_2025-03-31");
    fs::create_dir(&added).expect("a folder can be made");
    assert_told(&office, "SNP-018", "added");
}

/// Runs statements on the file of a store, as somebody with a database tool would.
pub fn edit(office: &Office, statements: &[&'static str]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite")).foreign_keys(false);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("the store opens");
        for statement in statements {
            sqlx::query(*statement).execute(&mut connection).await.expect("it can be done");
        }
        connection.close().await.expect("the connection closes");
    });
}

#[test]
fn facts_that_were_edited_are_named_and_nothing_is_made_of_them() {
    let office = office();
    let right = office.json(QUESTION);
    for (statement, code) in [
        ("UPDATE enrolment SET class = 1 - (class > 0) WHERE id = (SELECT min(id) FROM enrolment)", "STO-012"),
        ("DELETE FROM enrolment WHERE id = (SELECT max(id) FROM enrolment)", "STO-012"),
        ("UPDATE enrolment SET known_until = known_until + 1 WHERE closed_by IS NOT NULL", "STO-012"),
        ("UPDATE physician_version SET name = '別人' WHERE id = 1", "STO-012"),
        (
            "INSERT INTO finding (source_id, code, physician_id, import_id, known_from)
          SELECT source_id, code, physician_id, import_id, known_from FROM finding LIMIT 1",
            "STO-012",
        ),
        ("UPDATE association_version SET tier = 1 WHERE id = (SELECT max(id) FROM association_version)", "STO-012"),
        ("UPDATE import SET n_rejected = n_rejected + 1 WHERE id = 2", "STO-012"),
        ("UPDATE chain SET subject = '9' WHERE nth = 2", "STO-013"),
        ("DELETE FROM chain WHERE nth = 2", "STO-013"),
        ("UPDATE chain SET content = hash WHERE kind = 'paper'", "STO-013"),
    ] {
        let office = office.copy();
        edit(&office, &[statement]);
        let found = told(&office);
        assert!(found.iter().any(|(found, _)| found == code), "{statement}: {found:?}");
        let run = office.run(&format!("--json {QUESTION}"));
        let answer: Option<Value> = serde_json::from_str(&run.stdout).ok();
        assert!(run.exit == Some(4) || answer == Some(right.clone()), "{statement}: {run:?}");
        for arguments in ["report member-counts --as-of 2025-04-30 --out new", "snapshot take --as-of 2025-05-31"] {
            assert_eq!(office.run(arguments).exit, Some(4), "{statement}: {arguments}");
        }
        assert!(!office.folder().join("new").exists(), "{statement}");
        // A timeline that is gone is not made of facts that were edited.
        fs::remove_dir_all(office.data().join("timeline")).expect("it is there");
        let run = office.run(&format!("--json {QUESTION}"));
        assert_eq!(run.exit, Some(4), "{statement}: {run:?}");
        assert!(!run.stderr.contains("別人"), "names are not told");
    }
}

/// Take-backs and files that take the place of others change ends of rows: the chain goes with them.
#[test]
fn chain_goes_with_taking_back_and_replacing() {
    let sample = Sample::cases();
    let (office, _) = sample.taken_in();
    for arguments in [
        "import --take-back 4 --reason 試し".to_owned(),
        "import --take-back 3 --reason 試し".into(),
        format!("import {} {}", sample.files[2].display(), sample.files[3].display()),
        "import --take-back 6 --reason 試し".into(),
    ] {
        let run = office.run(&arguments);
        assert_eq!(run.exit, Some(0), "{arguments}: {}", run.stderr);
        assert_eq!(told(&office), [], "{arguments}");
    }
    edit(
        &office,
        &["UPDATE enrolment SET known_until = NULL, closed_by = NULL
                     WHERE id = (SELECT min(id) FROM enrolment WHERE closed_by IS NOT NULL)"],
    );
    let refused: Run = office.run("--json import --take-back 5 --reason 試し");
    assert_eq!(
        (refused.exit, &refused.error()["error"]["code"]),
        (Some(4), &json!("STO-012")),
        "it would hide the edit"
    );
}

/// A store of before the chain is taken over as it is, which is told once.
#[test]
fn store_without_a_chain_is_taken_over_and_says_so() {
    let office = office();
    edit(&office, &["DELETE FROM chain_sum", "DELETE FROM chain"]);
    let run = office.run("--json verify");
    assert!(run.stderr.contains("STO-015"), "{}", run.stderr);
    let again = office.run("--json verify");
    assert!(!again.stderr.contains("STO-015"), "{}", again.stderr);
    let answer: Value = serde_json::from_str(&again.stdout).expect("an answer");
    assert_eq!(answer["snapshots"], json!(3), "snapshots that are what they say are taken over as well");
    office.json("import --take-back 4 --accept-change --reason 試し");
    edit(&office, &["UPDATE enrolment SET class = 5 - class WHERE id = 1"]);
    assert!(told(&office).contains(&("STO-012".into(), "changed".into())));
}

#[test]
fn hash_in_the_ledger_of_months_is_compared_with_the_file() {
    let office = office();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let changed = runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let pool = sqlx::SqlitePool::connect_with(options).await.expect("the store opens");
        let changed = sqlx::query("UPDATE job_file SET sha256 = 'x' WHERE name LIKE '%.csv'").execute(&pool).await;
        pool.close().await;
        changed.expect("the statement runs").rows_affected()
    });
    assert!(changed > 0);
    assert_told(&office, "STO-019", "changed");
}
