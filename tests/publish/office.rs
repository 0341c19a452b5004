//! An office of the sample prefecture that distributes to a few bodies.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// Bodies of the sample that get papers here, in official order, with their folders.
pub const TO: [(&str, &str); 3] =
    [("11-001", "001_浦和医師会"), ("11-002", "002_川口市医師会"), ("11-003", "003_大宮医師会")];

/// The settings: a PDF and a workbook of one report for those of a file.
pub const SETTINGS: &str = "[distribution]\nrecipients = \"配布先.csv\"\ncontact = [\"事務局 見本係\"]\n";

pub const PREPARE: &str = "publish prepare --as-of 2025-11-30 --known-at 2025-12-31 --issued-on 2026-01-10 --by 作成係";

/// An office with the sample, three recipients and nothing made.
pub fn office() -> Office {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    save_recipients(&office, &TO.map(|(code, _)| format!("{code},,,,")));
    office
}

/// Writes the file of recipients.
pub fn save_recipients(office: &Office, rows: &[String]) {
    let text = format!("医師会コード,宛名,担当,開始日,終了日\n{}\n", rows.join("\n"));
    office.save("kaiin-data/配布先.csv", text);
}

/// An office in which the first distribution is approved.
pub fn approved() -> Office {
    let office = office();
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office
}

/// Where a distribution is delivered.
pub fn delivered(office: &Office, number: u32) -> PathBuf {
    office.data().join(format!("distribution/delivered/2025-11-30_第{number}回"))
}

/// All files below a folder with their bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(folder).expect("it is below").to_string_lossy().into_owned();
            out.insert(name, std::fs::read(&path).expect("the file can be read"));
        }
    }
    out
}

/// State of each recipient of a distribution.
pub fn states(office: &Office, number: u32) -> BTreeMap<String, String> {
    let run = office.run(&format!("--json publish status {number}"));
    let status: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let rows = status["deliveries"].as_array().expect("deliveries");
    let text = |value: &Value| value.as_str().expect("a text").to_string();
    rows.iter().map(|row| (text(&row["recipient"]), text(&row["state"]))).collect()
}

/// Stage of a distribution.
pub fn stage(office: &Office, number: usize) -> String {
    let all = office.json("publish list");
    let rows = all.as_array().expect("distributions");
    let found = rows.iter().find(|row| row["number"] == number).expect("the number is there");
    found["stage"].as_str().expect("a text").to_string()
}

/// Does something to the database behind the program's back.
pub fn execute(office: &Office, statement: &'static str) {
    on_database(office, async |store| {
        sqlx::query(statement).execute(store).await.expect("the statement is sound");
    });
}

/// How many rows of a table there are of each value of a column.
pub fn counted(office: &Office, statement: &'static str) -> BTreeMap<String, i64> {
    on_database(office, async |store| {
        let rows: Vec<(String, i64)> =
            sqlx::query_as(statement).fetch_all(store).await.expect("the statement is sound");
        rows.into_iter().collect()
    })
}

fn on_database<T>(office: &Office, with: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let mut store = SqliteConnection::connect_with(&options).await.expect("the store is there");
        let out = with(&mut store).await;
        store.close().await.expect("it can be closed");
        out
    })
}
