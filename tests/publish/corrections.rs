//! 訂正版: to exactly those who have another version.

use serde_json::json;

use super::office::{PREPARE, SETTINGS, approved, delivered, files, office, states};
use crate::reports::pdf_tools::page_texts;

/// One member of 川口市医師会 has left already: its paper alone says something else.
const ADJUSTMENT: &str = "調整番号,調整種別,医籍登録番号,医師会名,新しい日付,退会理由,理由,承認者\n\
                          T1,退会,152335,川口市医師会,2025-11-15,本人希望,届出の遅れ,事務局長\n";

#[test]
fn who_has_the_same_paper_gets_nothing() {
    let office = approved();
    office.json("publish send 1");
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("PUB-004")));
}

/// Of a report without figures of others, one paper says something else; the store behind all of them has another head.
#[test]
fn paper_that_says_something_else_goes_to_its_recipient_alone() {
    let office = office();
    office
        .save("kaiin-data/kaiin.toml", SETTINGS.replace("[distribution]", "[distribution]\nreports = [\"movements\"]"));
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office.json("publish send 1");
    let first = files(&delivered(&office, 1));
    office.save("調整_2025-12-31.csv", ADJUSTMENT);
    // The papers that recipients have say something else by now: a person is told of each.
    office.import("調整_2025-12-31.csv --accept-change --accept-drop --reason 届出の遅れ");
    let made = office.json(PREPARE);
    assert_eq!((&made["recipients"], &made["unchanged"]), (&json!(1), &json!(2)));
    office.json("publish approve 2 --by 承認者");
    office.json("publish send 2");
    assert_eq!(states(&office, 2).into_iter().collect::<Vec<_>>(), [("11-002".into(), "sent".into())]);
    let second = files(&delivered(&office, 2));
    assert!(
        second.keys().any(|name| name.starts_with("002_川口市医師会/") && name.ends_with("_R7.11.30_第2版.pdf")),
        "{:?}",
        second.keys()
    );
    let letter: String = page_texts(&second["002_川口市医師会/送付状.pdf"]).concat();
    let letter: String = letter.chars().filter(|c| !c.is_whitespace()).collect();
    assert!(letter.contains("訂正版の送付について") && letter.contains("第1版に代わるもの"), "{letter}");
    assert_eq!(files(&delivered(&office, 1)), first, "what was delivered stays");
}
