//! The program on either store: the same answers to the byte, and nothing mixed up between them.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rstest::rstest;
use serde_json::Value;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::program::{Office, Run};
use super::samples::Sample;
use crate::store::home::{Database, Home, skips_without_server};
use crate::worlds::worlds;

/// Questions about samples and worlds alike.
const QUESTIONS: [&str; 9] = [
    "count --as-of 2025-05-15 --by tier,association,class",
    "count --as-of 2025-05-15 --by tier,sex,age_band,duty --zeros",
    "count --as-of 2024-04-01 --tier local --by prefecture",
    "series --from 2024-01 --to 2025-12 --by tier,association,class",
    "audit withdrawals --from 2024-01-01 --to 2025-12-31",
    "audit transfers --from 2024-01-01 --to 2025-12-31",
    "audit mamis-difference",
    "explain --association JMA --as-of 2025-05-15 --from 2025-03-31",
    "explain --association JMA --as-of 2025-05-15 --class B",
];

/// What the program says to the same words in two offices, which must be the same to the byte.
#[track_caller]
fn same(offices: &[Office; 2], arguments: &str) -> Run {
    let [one, other] = offices.each_ref().map(|office| office.run(&format!("--json {arguments}")));
    assert_eq!((one.exit, &one.stdout), (other.exit, &other.stdout), "{arguments}");
    assert_eq!(one.stderr, other.stderr, "{arguments}");
    one
}

fn offices() -> [Office; 2] {
    [Office::on(Home::Sqlite), Office::on(Home::Postgres)]
}

#[rstest]
#[case::three_prefectures(Sample::three_prefectures())]
#[case::cases(Sample::cases())]
fn both_stores_answer_the_same_bytes_on_a_sample(#[case] sample: Sample) {
    if skips_without_server() {
        return;
    }
    let offices = offices();
    for office in &offices {
        office.import(&sample.paths());
    }
    for question in QUESTIONS {
        same(&offices, question);
    }
    for answer in &sample.answers {
        let (as_of, known_at) = (answer.as_of, answer.known_at);
        let run = same(&offices, &format!("count --as-of {as_of} --known-at {known_at} --by tier,association,class"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
    }
    // Head of the chain and number of rows: the facts have the same sums on both.
    let newest = format!("import --take-back {} --reason test", sample.files.len());
    for arguments in ["verify", newest.as_str(), "snapshot take --as-of 2025-03-31", "verify"] {
        assert_eq!(same(&offices, arguments).exit, Some(0), "{arguments}");
    }
}

#[test]
fn both_stores_answer_the_same_bytes_on_a_random_world() {
    if skips_without_server() {
        return;
    }
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    // Worlds differ in size; one with several exports has more to tell.
    let world = (0..100)
        .map(|_| worlds().new_tree(&mut runner).expect("worlds are drawn without refusing any").current())
        .find(|world| world.exports().len() >= 4)
        .expect("one world in seven has so many exports");
    let offices = offices();
    for office in &offices {
        office.save("associations.csv", world.master_csv());
    }
    assert_eq!(same(&offices, "import associations.csv").exit, Some(0));
    for export in world.exports() {
        let name = format!("members_{}.csv", export.day);
        offices.iter().for_each(|office| office.save(&name, &export.bytes));
        let run = same(&offices, &format!("import {name} --accept-drop --reason test"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        for question in QUESTIONS {
            same(&offices, question);
        }
        assert_eq!(same(&offices, "verify").exit, Some(0));
    }
}

/// The timelines of two stores lie in one folder, and their heads may even be equal.
#[test]
fn folder_used_with_two_stores_answers_from_the_right_one() {
    if skips_without_server() {
        return;
    }
    let sample = Sample::cases();
    let office = Office::on(Home::Postgres);
    let embedded = |arguments: &str| {
        let mut command = office.program();
        command.env_remove("KAIIN_STORE_URL").arg("--json").args(arguments.split_whitespace());
        Run::of(&mut command)
    };
    let question = "count --as-of 2025-03-31 --by tier,association,class";
    office.import(&sample.paths());
    let on_server = office.json(question);
    let refused = embedded(question);
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(4), &Value::from("STO-010")));
    let copied = office.run("store copy --from postgres --to sqlite");
    assert_eq!(copied.exit, Some(0), "{}", copied.stderr);
    assert_eq!(embedded(question).stdout, office.run(&format!("--json {question}")).stdout);
    assert_eq!(embedded("import --take-back 4 --reason test").exit, Some(0));
    let embedded: Value = serde_json::from_str(&embedded(question).stdout).expect("an answer");
    assert_ne!(embedded["known_at"], on_server["known_at"]);
    assert_eq!(office.json(question), on_server);
}

#[test]
fn second_writer_on_another_machine_waits_in_vain_and_readers_do_not() {
    if skips_without_server() {
        return;
    }
    let sample = Sample::cases();
    let office = Office::on(Home::Postgres);
    office.import(&sample.paths());
    let before = office.state();
    office.save("kaiin-data/kaiin.toml", "[store]\nwait_seconds = 1\n");
    let database = office.database().expect("the office has a database");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let mut other = runtime.block_on(async {
        let mut other = PgConnection::connect_with(&database.options()).await.expect("the test server answers");
        for statement in ["BEGIN", "SELECT scope FROM writer WHERE scope = 'office' FOR UPDATE"] {
            sqlx::query(statement).execute(&mut other).await.expect("nobody else writes");
        }
        other
    });
    office.save("members_2025-06-30.csv", std::fs::read(&sample.files[3]).expect("the sample can be read"));
    let refused = office.run("--json import members_2025-06-30.csv");
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(4), &Value::from("ENV-001")));
    assert_eq!(office.state(), before);
    runtime.block_on(async {
        sqlx::query("ROLLBACK").execute(&mut other).await.expect("the test server answers");
        other.close().await.expect("the connection closes");
    });
    assert_eq!(office.import("members_2025-06-30.csv")[0]["status"], "stored");
}

#[test]
fn copy_through_the_command_line_answers_the_same() {
    if skips_without_server() {
        return;
    }
    let sample = Sample::cases();
    let (office, _) = sample.taken_in();
    let database = Database::new();
    let to = |office: &Office, arguments: &str| {
        let mut command = office.program();
        command.env("KAIIN_STORE_URL", database.url().reveal()).args(arguments.split_whitespace());
        Run::of(&mut command)
    };
    let copied = to(&office, "--json store copy --from sqlite --to postgres");
    assert_eq!(copied.exit, Some(0), "{}", copied.stderr);
    let report: Value = serde_json::from_str(&copied.stdout).expect("a report");
    assert_eq!(report["equal_counts"], 100);
    let question = "--json count --as-of 2025-05-15 --by tier,association,class";
    assert_eq!(to(&office, question).stdout, office.run(question).stdout);
    let again = to(&office, "--json store copy --from sqlite --to postgres");
    assert_eq!((again.exit, &again.error()["error"]["code"]), (Some(2), &Value::from("STO-001")));

    let back = Office::new();
    assert_eq!(to(&back, "store copy --from postgres --to sqlite").exit, Some(0));
    assert_eq!(back.run(question).stdout, office.run(question).stdout);
    let status = office.json("store status");
    assert_eq!((&status["kind"], &status["head"]), (&"sqlite".into(), &report["head"]));
    assert_eq!(status["tables"], back.json("store status")["tables"]);
}

#[rstest]
#[case::nobody_there("postgres://kaiin:geheim@localhost:1/kaiin?host=/nowhere", "ENV-009")]
#[case::no_port("postgres://kaiin:geheim@localhost:port/kaiin", "ENV-009")]
#[case::other_database("mysql://kaiin:geheim@localhost/kaiin", "CFG-001")]
fn address_that_leads_nowhere_is_refused_without_its_password(#[case] url: &str, #[case] code: &str) {
    let office = Office::new();
    // A store with nothing in it is not copied anywhere.
    office.import(&Sample::cases().files[0].display().to_string());
    for arguments in ["count --as-of 2025-05-15", "store status", "store copy --from sqlite --to postgres"] {
        let mut command = office.program();
        command.env("KAIIN_STORE_URL", url).env("KAIIN_LOG", "trace").arg("--json").args(arguments.split(' '));
        let run = Run::of(&mut command);
        assert!(run.stderr.contains(&format!("\"code\":\"{code}\"")), "{arguments}: {}", run.stderr);
        assert!(!run.stderr.contains("geheim") && !run.stdout.contains("geheim"), "{}", run.stderr);
    }
    office.save("wrong.toml", format!("[store]\nurl = \"{url}\"\nwait = 1\n"));
    let run = office.run("--config wrong.toml count --as-of 2025-05-15");
    assert!(run.stderr.contains("CFG-001") && !run.stderr.contains("geheim"), "{}", run.stderr);
    let run = office.run(&format!("--json store copy --from {} --to sqlite", url.replace("://", ":/")));
    assert!(run.stderr.contains("STO-004") && !run.stderr.contains("geheim"), "{}", run.stderr);
}
