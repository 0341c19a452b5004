//! Stopped at any moment and gone on with: nobody gets anything twice, nobody nothing, and where nobody can say, a person is
//! asked.

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;

use super::office::{SETTINGS, approved, delivered, execute, files, save_recipients, states};
use crate::cli::program::Office;

const BEGUN: &str = "UPDATE delivery SET state = 'sending', attempts = 1 WHERE recipient = '11-002'";

/// The process died after the rename and before its record.
#[test]
fn delivery_that_has_left_is_found_in_its_place() {
    let office = approved();
    office.json("publish send 1");
    let before = files(&delivered(&office, 1));
    execute(&office, BEGUN);
    let sent = office.json("publish send 1");
    assert_eq!((&sent["sent"], &sent["there"]), (&json!(1), &json!(2)));
    assert_eq!(files(&delivered(&office, 1)), before);
}

/// The process died after the record of its intent and before the rename.
#[test]
fn delivery_that_has_not_left_leaves_now() {
    let office = approved();
    office.json("publish send 1");
    let before = files(&delivered(&office, 1));
    let folder = delivered(&office, 1);
    std::fs::rename(folder.join("002_川口市医師会"), folder.join(".送付前_002_川口市医師会")).expect("it is there");
    execute(&office, BEGUN);
    assert_eq!(office.json("publish send 1")["sent"], 1);
    assert_eq!(files(&delivered(&office, 1)), before);
}

/// Somebody took the folder, or the rename never happened and its folder was cleared away: nobody can say.
#[test]
fn delivery_of_which_nobody_can_say_waits_for_a_person() {
    let office = approved();
    office.json("publish send 1");
    std::fs::remove_dir_all(delivered(&office, 1).join("002_川口市医師会")).expect("it is there");
    execute(&office, BEGUN);
    for _ in 0..2 {
        let run = office.run("--json publish send 1");
        assert_eq!(run.exit, Some(1), "{}", run.stderr);
        assert!(run.stdout.contains("PUB-022"), "{}", run.stdout);
        assert_eq!(states(&office, 1)["11-002"], "uncertain");
        assert!(!delivered(&office, 1).join("002_川口市医師会").exists(), "it never leaves again by itself");
    }
    let sure = office.run("--json publish settle 1 11-001 --arrived --by 係 --reason 電話");
    assert_eq!((sure.exit, &sure.error()["error"]["code"]), (Some(2), &json!("PUB-021")));
    office.run("publish settle 1 11-002 --not-arrived --by 係 --reason 電話で確かめた");
    assert_eq!(office.json("publish send 1")["sent"], 1);
    assert!(states(&office, 1).values().all(|state| state == "sent"));
}

/// What somebody else has put there is not taken for ours, nor overwritten.
#[test]
fn folder_of_somebody_else_is_left_alone() {
    let office = approved();
    let place = delivered(&office, 1).join("002_川口市医師会");
    std::fs::create_dir_all(&place).expect("it can be made");
    std::fs::write(place.join("覚書.txt"), "ほかの人のもの").expect("it can be written");
    let run = office.run("--json publish send 1");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stdout.contains("PUB-023"), "{}", run.stdout);
    assert_eq!(files(&place).len(), 1);
    let states = states(&office, 1);
    assert_eq!((states["11-001"].as_str(), states["11-002"].as_str()), ("sent", "uncertain"));
}

/// Killed at random moments and begun again until it is done: the same files as without, each once.
#[test]
fn killed_sending_ends_as_an_undisturbed_one() {
    let with_all = || {
        let office = approved_for_all();
        let began = Instant::now();
        (office, began)
    };
    let (undisturbed, began) = with_all();
    undisturbed.json("publish send 1");
    let (expected, whole) = (files(&delivered(&undisturbed, 1)), began.elapsed());
    let (office, _) = with_all();
    let mut n_killed = 0_u32;
    for share in [1_u32, 2, 3, 4, 5, 6, 7, 8] {
        let mut child = office.program();
        let mut child = child
            .args(["publish", "send", "1"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        std::thread::sleep((whole * share / 12).max(Duration::from_millis(20)));
        let _ = child.kill();
        n_killed += u32::from(child.wait().expect("it was started here").code().is_none());
    }
    assert!(n_killed > 2, "too fast to be killed: {whole:?}");
    let last = office.run("publish send 1");
    assert_eq!(last.exit, Some(0), "{}", last.stderr);
    assert_eq!(files(&delivered(&office, 1)), expected);
    assert!(states(&office, 1).values().all(|state| state == "sent"));
}

/// All bodies of the prefecture, as CSV.
fn approved_for_all() -> Office {
    let office = super::office::office();
    office.save("kaiin-data/kaiin.toml", SETTINGS.replace("recipients = \"配布先.csv\"", "formats = [\"csv\"]"));
    save_recipients(&office, &["11-001,,,,".to_string()]);
    office.json(super::office::PREPARE);
    office.json("publish approve 1 --by 承認者");
    office
}
