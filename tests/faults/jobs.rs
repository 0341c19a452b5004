//! The clock: files of the inbox are taken in, moved or refused, and the month is published.

use rstest::rstest;

use super::disturb;
use super::scene::Scene;
use crate::cli::people::{NEXT, cells, edited, master, text};
use crate::cli::program::Office;
use crate::store::home::Home;

const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\", \"withdrawal-audit\"]\n";

/// An office that has published September, with the export of October and a file that is none in its inbox.
fn office(home: Home) -> Office {
    let office = Office::on(home);
    std::fs::create_dir_all(office.data().join("inbox")).expect("the temporary folder can be written");
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    office.save("associations.csv", master());
    office.import("associations.csv");
    office.save("kaiin-data/inbox/members_2025-09-30.csv", text(&cells()));
    let run = office.run("jobs tick --now 2025-10-05T06:00:00+09:00");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let next = edited(|cells| {
        cells[2][8] = "2025-10-20".into();
        cells[3][7] = "未定".into();
    });
    office.save(&format!("kaiin-data/inbox/{NEXT}"), next);
    office.save("kaiin-data/inbox/members_2025-08-31.csv", "見出し,だけ\n1,2\n");
    office
}

#[rstest]
#[case::sqlite(Home::Sqlite, "tick")]
#[case::postgres(Home::Postgres, "tick on PostgreSQL")]
fn tick_with_a_month_in_the_inbox(#[case] home: Home, #[case] name: &'static str) {
    if home.is_skipped() {
        return;
    }
    let tick = "jobs tick --now 2025-11-05T06:00:00+09:00";
    // The refused file needs a person; at the next ring it lies there no more.
    disturb(&Scene { exit: 1, is_told_enough: true, is_store_known: true, ..Scene::new(name, office(home), tick) });
}
