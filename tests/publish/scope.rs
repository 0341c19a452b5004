//! Nothing of another body leaves: a planted row stops its recipient, and names itself.

use std::path::Path;

use serde_json::json;

use super::office::{PREPARE, TO, delivered, files, office, save_recipients, stage};

fn has_foreign(found: &Path) -> bool {
    let names = ["浦和", "川口市", "大宮"];
    files(found).iter().any(|(name, bytes)| {
        let own = names.iter().find(|one| name.contains(*one)).expect("a folder of a recipient");
        let text = String::from_utf8_lossy(bytes);
        names.iter().any(|other| other != own && text.contains(other))
    })
}

#[test]
fn every_delivered_file_tells_of_its_recipient_alone() {
    let office = office();
    let settings = super::office::SETTINGS.replace("[distribution]", "[distribution]\nformats = [\"csv\"]");
    office.save("kaiin-data/kaiin.toml", settings);
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office.json("publish send 1");
    assert!(TO.iter().all(|(_, place)| delivered(&office, 1).join(place).exists()));
    assert!(!has_foreign(&delivered(&office, 1)));
}

/// A definition that names one body in the papers of all: whoever is named gets its paper, nobody else does.
#[test]
fn word_of_another_body_stops_the_approval_and_names_itself() {
    let office = office();
    office.json("reports copy monthly-statistics");
    let path = office.data().join("definitions/monthly-statistics.toml");
    let text = std::fs::read_to_string(&path).expect("the definition was copied");
    let leaking = text.replace("年齢階級別・性別の実人数", "年齢階級別・性別の実人数（川口市医師会）");
    assert_ne!(text, leaking);
    std::fs::write(&path, leaking).expect("it can be written");
    office.json(PREPARE);
    let run = office.run("--json publish approve 1 --by 承認者");
    let error = &run.error()["error"];
    assert_eq!((run.exit, &error["code"]), (Some(1), &json!("PUB-008")), "{}", run.stderr);
    let message = error["message"].as_str().expect("a text");
    assert!(message.contains("11-001 浦和医師会: 会員統計月報_R7.11.30.pdf: 川口市医師会"), "{message}");
    assert_eq!(stage(&office, 1), "voided");
    assert!(!delivered(&office, 1).exists());
    save_recipients(&office, &["11-002,,,,".to_string()]);
    office.json(PREPARE);
    office.json("publish approve 2 --by 承認者");
}
