//! That nothing is skipped in silence, and that scripts/test fails when anything is.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use super::{AXE, CHROMIUM, DUCKDB, SKIPPED, is_skipped_without, said};
use crate::cli::encrypted::PROGRAMS;
use crate::store::home::SERVER;

/// Tests that need a server in every case.
const ALWAYS: [&str; 19] = [
    "cli::encrypted::server_is_proved_and_a_refusal_names_its_cause",
    "cli::stores::both_stores_answer_the_same_bytes_on_a_random_world",
    "cli::stores::both_stores_answer_the_same_bytes_on_a_sample",
    "cli::stores::copy_through_the_command_line_answers_the_same",
    "cli::stores::folder_used_with_two_stores_answers_from_the_right_one",
    "cli::stores::second_writer_on_another_machine_waits_in_vain_and_readers_do_not",
    "cli::two_servers::cut_connections_publish_nothing_twice_and_lose_nothing",
    "cli::two_servers::papers_of_one_ledger_are_written_in_one_folder",
    "faults::server::import_into_a_server",
    "store::contract::both_stores_tell_the_same",
    "store::contract::settings_of_the_server_change_no_answer",
    "store::moving::copy_holds_everything_with_its_history",
    "store::moving::store_that_holds_anything_is_no_target",
    "store::schema::every_column_of_the_server_is_listed_with_its_type",
    "store::schema::months_of_an_older_program_become_versions_on_the_server",
    "store::writers::failures_of_a_server_are_told_apart",
    "store::writers::new_store_may_be_opened_by_several_at_once",
    "store::writers::right_to_write_is_waited_for_and_given_up_in_time",
    "synth::filled::filled_server_answers_as_filled_file",
];

/// This test binary, without a server, DuckDB and a browser.
fn without_server() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the test binary is a file"));
    command.env_remove(SERVER).env_remove(PROGRAMS).env_remove(DUCKDB).env_remove(SKIPPED);
    command.env_remove(CHROMIUM).env_remove(AXE);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("programs write UTF-8")
}

/// The names of all tests.
fn all_tests() -> BTreeSet<String> {
    let output = without_server().arg("--list").output().expect("the test binary can be started");
    text(&output.stdout).lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect()
}

/// Every test that names the server among its cases, and those that always need one.
fn tests_of_the_server() -> BTreeSet<String> {
    let names = all_tests();
    let is_case =
        |name: &str, of: &str| name.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    for one in ALWAYS {
        assert!(names.iter().any(|name| is_case(name, one)), "no such test: {one}");
    }
    let needs = |name: &String| name.to_lowercase().contains("postgres") || ALWAYS.iter().any(|one| is_case(name, one));
    names.into_iter().filter(needs).collect()
}

/// Runs tests that need what is not there; each says so, and passes.
#[track_caller]
fn all_are_skipped(expected: &BTreeSet<String>, said: &str) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let list = folder.path().join("skipped");
    let mut command = without_server();
    let output = command.env(SKIPPED, &list).arg("--exact").args(expected).output().expect("it can be started");
    let (printed, told) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{printed}{told}");
    let told: BTreeSet<String> = told.lines().filter_map(|line| line.strip_prefix(said)).map(str::to_owned).collect();
    assert_eq!(told, *expected, "on standard error");
    let listed = std::fs::read_to_string(list).expect("the list was written");
    assert_eq!(listed.lines().map(str::to_owned).collect::<BTreeSet<_>>(), *expected, "in the list");
}

#[test]
fn every_test_of_the_server_says_that_it_is_skipped_without_one() {
    let expected = tests_of_the_server();
    assert!(expected.len() > 40, "{expected:?}");
    all_are_skipped(&expected, said(SERVER));
}

#[test]
fn every_test_of_the_browser_says_that_it_is_skipped_without_it() {
    let expected: BTreeSet<String> = all_tests().into_iter().filter(|name| name.contains("::chromium_")).collect();
    assert!(expected.len() > 2, "{expected:?}");
    all_are_skipped(&expected, said(CHROMIUM));
}

#[test]
fn every_test_of_duckdb_says_that_it_is_skipped_without_it() {
    let expected: BTreeSet<String> = all_tests().into_iter().filter(|name| name.contains("::duckdb_")).collect();
    assert!(expected.len() > 5, "{expected:?}");
    all_are_skipped(&expected, said(DUCKDB));
}

/// scripts/test with a cargo that stands for a run of the tests: it writes a text into the list of skipped ones.
fn script(folder: &Path, listed: &str) -> Output {
    let cargo = folder.join("cargo");
    std::fs::write(&cargo, format!("#!/bin/sh\nprintf '{listed}' >>\"${SKIPPED}\"\n")).expect("it can be written");
    let made = Command::new("chmod").arg("+x").arg(&cargo).status().expect("chmod is there");
    assert!(made.success());
    let path = std::env::var("PATH").expect("PATH is set");
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/test"));
    // Where a server is named, the script starts none, and it asks nothing of a Python, browser or axe that is named.
    command.env("PATH", format!("{}:{path}", folder.display())).env(SERVER, "postgres://nobody@localhost/nothing");
    command.env(DUCKDB, "python3").env(CHROMIUM, "chromium").env(AXE, "axe.min.js");
    command.output().expect("the script can be started")
}

#[test]
fn script_fails_when_a_test_was_skipped() {
    if is_skipped_without(PROGRAMS) {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let clean = script(folder.path(), "");
    assert_eq!(clean.status.code(), Some(0), "{}", text(&clean.stderr));
    let skipped = script(folder.path(), "store::one\\nstore::other\\n");
    let said = text(&skipped.stderr);
    assert_eq!(skipped.status.code(), Some(1), "{said}");
    assert!(
        said.ends_with("scripts/test: tests were skipped, so nothing is proved:\nstore::one\nstore::other\n"),
        "{said}"
    );
}
