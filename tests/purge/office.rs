//! A small office over four exports: one person leaves in October and is gone from the list in November, two others a month later.
//! Of these one may be the same person as somebody else.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::cli::people::{Cells, cells, master, text};
use crate::cli::program::{Office, Run};
use crate::store::home::Home;

/// Days of the exports.
pub const DAYS: [&str; 4] = ["2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"];

/// What is personal of who leaves first. The number has four bytes wherever a database keeps it, so that its bytes are met by
/// nothing else.
pub const NUMBER: u32 = 918_273_645;
pub const TEXTS: [&str; 3] = ["鶯谷　架空", "ウグイスダニ", "鶯谷架空診療所"];

/// Both settings, so short that both leavers go.
pub const BOTH: &str = "[retention]\nraw_files_days = 20\npersons_days = 20\n";

/// The export of a day.
pub fn export(nth: usize) -> Cells {
    let mut cells = cells();
    cells[1][0] = NUMBER.to_string();
    for (column, canary) in [1, 2, 4].into_iter().zip(TEXTS) {
        cells[1][column] = canary.into();
    }
    // Everybody else may be one person with somebody of the same kana and birth day (FND-020).
    cells[2][2] = "ウグイスヤマ".into();
    let leave = |cells: &mut Cells, row: usize, day: &str| {
        for column in [8, 13, 16] {
            cells[row][column] = day.into();
        }
        cells[row][9] = "退会".into();
    };
    match nth {
        0 => {}
        1 => leave(&mut cells, 1, "2025-10-15"),
        2 => {
            leave(&mut cells, 2, "2025-11-20");
            leave(&mut cells, 3, "2025-11-20");
            cells.remove(1);
        }
        _ => drop(cells.drain(1..4)),
    }
    cells
}

pub fn name_of(nth: usize) -> String {
    format!("members_{}.csv", DAYS[nth])
}

/// The office after all exports, each with its copy in the archive of the inbox, with settings.
pub fn office(home: Home, settings: &str) -> Office {
    let office = Office::on(home);
    office.save("associations.csv", master());
    office.import("associations.csv");
    for nth in 0..DAYS.len() {
        office.save(&name_of(nth), text(&export(nth)));
        office.import(&name_of(nth));
        archive(&office, nth);
    }
    // Files carry the time of the machine; in this office it is February.
    for list in files(&office.data().join("rejects")) {
        age(&list, "2026-02-01");
    }
    set(&office, settings);
    office
}

/// Puts an export where the inbox puts what it has taken in.
pub fn archive(office: &Office, nth: usize) {
    let taken = office.data().join("inbox/taken");
    fs::create_dir_all(&taken).expect("the temporary folder can be written");
    fs::copy(office.folder().join(name_of(nth)), taken.join(name_of(nth))).expect("the file can be copied");
}

pub fn set(office: &Office, settings: &str) {
    office.save("kaiin-data/kaiin.toml", settings);
}

/// Gives a file the time of a day.
pub fn age(path: &Path, day: &str) {
    let instant: DateTime<Utc> = format!("{day}T03:00:00Z").parse().expect("a day");
    let file = File::options().write(true).open(path).expect("the file is there");
    file.set_modified(SystemTime::from(instant)).expect("its time can be set");
}

/// Purges, which must succeed.
#[track_caller]
pub fn purge(office: &Office) -> Value {
    office.json("purge --confirm --reason 保存年限")
}

/// Runs the program at another time.
pub fn run_at(office: &Office, now: &str, arguments: &str) -> Run {
    Run::of(office.program().env("KAIIN_NOW", now).args(arguments.split_whitespace()))
}

/// What `kaiin verify` finds, which is nothing when all is well.
#[track_caller]
pub fn findings(office: &Office) -> Vec<Value> {
    let run = office.run("--json verify");
    let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("no answer: {run:?}"));
    answer["findings"].as_array().expect("a list").clone()
}

/// All files of a folder and below it.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        match path.is_dir() {
            true => out.extend(files(&path)),
            false => out.push(path),
        }
    }
    out.sort();
    out
}
