//! A pinned address gives the same bytes whatever is taken in later, and says so where it cannot.

use kaiin::service::asked::{AskedText, Extent, Outcome, Viewer, answer_csv, answer_workbook};

use super::site::Site;
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// Questions that stand for what an office asks.
const QUESTIONS: [&str; 4] = [
    "on=R7.9.30&body=浦和&by=class",
    "on=前月末&prefecture=埼玉県&by=association",
    "on=2025-09-01&prefecture=11&tier=national",
    "on=2025-09-15&body=11-002&class=B&by=sex",
];

fn bytes(site: &Site, query: &str) -> [Vec<u8>; 3] {
    let answer = site.answer(query);
    let page = site.page(query, &Viewer::of_everything());
    [page.into_bytes(), answer_csv(&answer).expect("a file"), answer_workbook(&answer).expect("a workbook")]
}

#[test]
fn same_bytes_after_three_more_imports() {
    let sample = Sample::saitama();
    let paths: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    let office = Office::new();
    office.import(&paths[..2].join(" "));
    let site = Site::at(&office);
    let pinned: Vec<String> = QUESTIONS.iter().map(|query| site.answer(query).links.pinned).collect();
    let before: Vec<[Vec<u8>; 3]> = pinned.iter().map(|query| bytes(&site, query)).collect();
    let newest: Vec<String> = QUESTIONS.iter().map(|query| site.answer(query).links.newest).collect();
    drop(site);
    for path in &paths[2..] {
        office.import(path);
    }
    let site = Site::at(&office);
    for ((pinned, before), newest) in pinned.iter().zip(&before).zip(&newest) {
        assert!(bytes(&site, pinned) == *before, "{pinned} gives other bytes");
        let answer = site.answer(newest);
        assert_eq!(answer.known_at.to_string(), "2025-12-31", "{newest} asks what is known now");
    }
}

/// Another file of the pinned day changes what was known then: the page says so before it answers.
#[test]
fn changed_past_is_told() {
    let sample = Sample::saitama();
    let paths: Vec<String> = sample.files.iter().map(|path| path.display().to_string()).collect();
    let office = Office::new();
    office.import(&paths[..3].join(" "));
    let query = "on=2025-10-31&body=浦和";
    let answer = Site::at(&office).answer(query);
    assert!(answer.notices.is_empty());
    let file = paths[2].rsplit('/').next().expect("a file has a name");
    let taken_back = office.run(&format!("import --take-back {file} --reason 差し替え"));
    assert_eq!(taken_back.exit, Some(0), "{}", taken_back.stderr);
    office.import(&paths[3]);
    let site = Site::at(&office);
    match site.ask(&answer.links.pinned, &Viewer::of_everything(), Extent::Page) {
        Outcome::Answered(answer) => assert_eq!(answer.notices[0].code, "ASK-040"),
        Outcome::Faulty(faults) => panic!("{faults:?}"),
        Outcome::Unasked => panic!("it is asked"),
    }
}

#[test]
fn answer_number_tells_the_answer() {
    let site = Site::of(&Sample::saitama());
    let answer = site.answer("on=2025-12-01&body=浦和");
    let codes = |query: &str| site.answer(query).notices.iter().map(|notice| notice.code).collect::<Vec<_>>();
    // However it is asked, the same answer has the same number.
    let number = answer.number.to_lowercase().replace('-', "");
    assert_eq!(codes(&format!("on=R7.12.1&body=11-001&known=2025-12-31&number={number}")), ["ASK-041"]);
    assert_eq!(codes(&format!("{}&number={}", answer.links.pinned, answer.number)), ["ASK-041"]);
    for other in ["on=2025-12-02&body=浦和", "on=2025-12-01&body=大宮", "on=2025-12-01&body=浦和&known=2025-11-30"]
    {
        assert_eq!(codes(&format!("{other}&number={}", answer.number)), ["ASK-042"], "{other}");
    }
}

#[test]
fn pinned_address_is_the_whole_question() {
    let site = Site::of(&Sample::saitama());
    let answer = site.answer("on=前月末&body=浦和医師会&class=B&by=性別&by=association");
    let text = AskedText::of_query(&answer.links.pinned);
    assert_eq!((text.on.as_str(), text.body.as_str(), text.class.as_str()), ("2026-01-31", "11-001", "B"));
    assert_eq!((text.known, text.by), (vec!["2025-12-31".to_string()], vec!["sex".to_string(), "association".into()]));
    assert!(!text.head.is_empty());
}
