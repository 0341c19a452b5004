//! An office that tells a few bodies of their papers by mail.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::Value;

use super::office::{PREPARE, SETTINGS, office};
use super::smtp::Server;
use crate::cli::prepared::{copy_folder, of_this_run};
use crate::cli::program::{Office, Run};

/// Recipients with their addresses.
pub const ROWS: [(&str, &str); 5] = [
    ("11-001", "urawa@example.jp"),
    ("11-002", "kawaguchi@example.jp"),
    ("11-003", "omiya@example.jp"),
    ("11-004", "kawagoe@example.jp"),
    ("11-005", "kumagaya@example.jp"),
];

/// Who has the second mail of a run, and so the second connection.
pub const SECOND: &str = "11-002";

/// A day after [`crate::cli::program::NOW`]: whatever waits to be tried again may be.
pub const NEXT_DAY: &str = "2026-02-02T00:00:00Z";

/// Settings for a server of the tests.
pub fn settings(port: u16) -> String {
    format!(
        "{SETTINGS}[mail]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nfrom = \"jimu@pref.example.jp\"\n\
         timeout_seconds = 1\npause_milliseconds = 0\n"
    )
}

/// Writes the file of recipients with addresses.
pub fn save_addressed(office: &Office, rows: &[(&str, &str)]) {
    let rows: Vec<String> = rows.iter().map(|(code, address)| format!("{code},,,,,{address}\n")).collect();
    office.save(
        "kaiin-data/配布先.csv",
        format!("医師会コード,宛名,担当,開始日,終了日,メールアドレス\n{}", rows.concat()),
    );
}

/// An office with recipients that have addresses, and nothing made.
pub fn addressed(port: u16) -> Office {
    let office = office();
    office.save("kaiin-data/kaiin.toml", settings(port));
    save_addressed(&office, &ROWS);
    office
}

/// An office with an approved distribution to five bodies. The port of the server is no part of what is approved.
pub fn approved_for(server: &Server) -> Office {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let office = addressed(1);
        office.json(PREPARE);
        office.json("publish approve 1 --by 承認者");
        let folder = of_this_run().join("approved-with-mails");
        copy_folder(office.folder(), &folder);
        folder
    });
    let office = Office::copy_of(made);
    office.save("kaiin-data/kaiin.toml", settings(server.port));
    office
}

/// Runs the program at a time, with JSON.
pub fn at(office: &Office, now: &str, arguments: &str) -> Run {
    Run::of(office.program().env("KAIIN_NOW", now).arg("--json").args(arguments.split_whitespace()))
}

/// What a run printed.
pub fn printed(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"))
}

/// A mail as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub state: String,
    pub attempts: u64,
    pub waits: bool,
    pub detail: String,
}

/// The mails of a distribution by address.
pub fn mails(office: &Office, number: u32) -> BTreeMap<String, Row> {
    let status = printed(&office.run(&format!("--json publish status {number}")));
    let rows = status["mails"].as_array().expect("mails");
    let text = |value: &Value| value.as_str().expect("a text").to_string();
    let row = |row: &Value| {
        let of = Row {
            state: text(&row["state"]),
            attempts: row["attempts"].as_u64().expect("a number"),
            waits: !row["next_at"].is_null(),
            detail: text(&row["detail"]),
        };
        (text(&row["address"]), of)
    };
    rows.iter().map(row).collect()
}

/// The address of a recipient.
pub fn address(code: &str) -> &'static str {
    ROWS.iter().find(|(one, _)| *one == code).expect("a recipient of the tests").1
}
