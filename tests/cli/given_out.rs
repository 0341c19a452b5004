//! Papers that were given out and a change that may concern them: those that cannot be compared ask and say why, and those of
//! `kaiin report` are named beside those of the months.

use std::fs;

use rstest::rstest;
use serde_json::{Value, json};

use super::asking::{NOW, export, import};
use super::program::{Office, Run};
use super::revisions::{LIST, accepted, applications, due, office_with_november};
use super::taken_back::run_at;

const LATE: &str = "applications_2025-11-29.csv";
const PAPER: &str = "papers/2025-11/own_2025-11-30";

/// An office whose November has a report of a definition of its own.
fn office_with_a_definition() -> (Office, std::path::PathBuf) {
    let office = super::asking::office();
    assert_eq!(office.run("reports copy member-counts").exit, Some(0));
    let folder = office.data().join("definitions");
    let text = fs::read_to_string(folder.join("member-counts.toml")).expect("the copy");
    fs::remove_file(folder.join("member-counts.toml")).expect("the copy");
    let own = text.replacen("\"member-counts\"", "\"own\"", 1).replacen("会員数報告", "わが会の会員数", 1);
    fs::write(folder.join("own.toml"), own).expect("a definition");
    office.save("kaiin-data/kaiin.toml", "definitions = \"definitions\"\n[jobs]\nreports = [\"own\"]\n");
    assert_eq!(import(&office, LIST, &export(60, ""), &[]).exit, Some(0));
    let ring = office.run("--json jobs tick --now 2025-12-05T06:00:00+09:00");
    assert!(ring.stdout.contains("\"done\":[\"2025-11\"]"), "{}{}", ring.stdout, ring.stderr);
    (office, folder.join("own.toml"))
}

#[track_caller]
fn assert_says(run: &Run, words: &[&str], silent: &[&str]) {
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    for word in silent {
        assert!(!run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

/// A paper whose definition is broken, or gone, can be made on neither side: nobody knows whether the change concerns it.
#[rstest]
#[case::broken(Some("kind = \"report\"\nid = \"own\"\ntitel = \"x\"\n"), "own.toml")]
#[case::gone(None, "RPT-001")]
fn paper_that_cannot_be_made_asks_and_says_why(#[case] text: Option<&str>, #[case] reason: &str) {
    let (office, definition) = office_with_a_definition();
    let sound = fs::read_to_string(&definition).expect("the definition");
    match text {
        Some(text) => fs::write(&definition, text).expect("a definition"),
        None => fs::remove_file(&definition).expect("a definition"),
    }
    let late = applications("2025-11-20");
    for more in [vec![], vec!["--dry-run"]] {
        let asked = import(&office, LATE, &late, &more);
        assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
        assert_says(&asked, &["IMP-274", "2025-11", "IMP-304", PAPER, reason, "--accept-change"], &["IMP-292"]);
    }
    assert_says(&import(&office, LATE, &late, &["--lang", "en"]), &["could not be compared", PAPER, reason], &[]);
    let run = accepted(&office, LATE, &late);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(due(&office), [PAPER], "it waits to be made once more");
    fs::write(&definition, sound).expect("a definition");
    let back = run_at(&office, NOW, &["import", "--take-back", LATE, "--reason", "試し"]);
    assert_eq!(back.exit, Some(0), "the paper says again what is known: {}", back.stderr);
    assert_eq!(due(&office), Vec::<String>::new());
}

/// A paper that can be made on one side only: what cannot be made any more is named with the reason; what can be made again is
/// compared with what was given out.
#[test]
fn paper_that_can_be_made_on_one_side_only_is_told() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let paper = "papers/2025-11/member-counts_2025-11-30";
    let back = ["import", "--take-back", LIST, "--reason", "試し"];
    let asked = run_at(&office, NOW, &back);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    assert_says(&asked, &["IMP-292", "60 → 0", "IMP-305", paper, "QRY-003"], &["IMP-304"]);
    assert_eq!(run_at(&office, NOW, &[&back[..], &["--accept-change"]].concat()).exit, Some(0));
    let fewer = import(&office, LIST, &export(58, ""), &["--dry-run"]);
    assert_eq!(fewer.exit, Some(3), "{}", fewer.stderr);
    assert_says(&fewer, &["IMP-292", "0 → 58", paper], &["IMP-304", "IMP-305"]);
    let same = import(&office, LIST, &export(60, ""), &[]);
    assert_eq!(same.exit, Some(0), "the paper is right as it stands: {}", same.stderr);
    assert_eq!(due(&office), Vec::<String>::new());
}

/// Without the file that holds what its tables said it cannot be compared with anything.
#[test]
fn paper_without_its_content_that_could_not_be_made_before_asks() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let paper = "papers/2025-11/member-counts_2025-11-30";
    let back = ["import", "--take-back", LIST, "--reason", "試し", "--accept-change"];
    assert_eq!(run_at(&office, NOW, &back).exit, Some(0));
    fs::remove_file(office.data().join(paper).join("content.json")).expect("it was written");
    let asked = import(&office, LIST, &export(60, ""), &[]);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    assert_says(&asked, &["IMP-304", paper, "QRY-003"], &["IMP-292"]);
}

#[track_caller]
fn report(office: &Office, arguments: &str) {
    let run = office.run(&format!("report member-counts --as-of 2025-11-30 --format csv {arguments}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
}

fn office_without_months() -> Office {
    let office = super::asking::office();
    assert_eq!(import(&office, LIST, &export(60, ""), &[]).exit, Some(0));
    office
}

/// Papers of `kaiin report`, wherever they lie, are named as those of the months are; made once more, only the new edition is.
#[test]
fn change_names_papers_of_report_that_stand() {
    let office = office_without_months();
    report(&office, "--out given");
    report(&office, "--out trials --draft");
    let asked = import(&office, LATE, &applications("2025-11-20"), &[]);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    let given = "given/member-counts_2025-11-30";
    assert_says(&asked, &["IMP-274", "IMP-306", "60 → 59", given], &["IMP-292", "trials"]);
    let run = accepted(&office, LATE, &applications("2025-11-20"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_says(&run, &["要改定", given, "kaiin report"], &["jobs rerun"]);
    report(&office, "--out given");
    let back = ["import", "--take-back", LATE, "--reason", "試し"];
    let asked = run_at(&office, NOW, &back);
    assert_says(&asked, &["IMP-306", "59 → 60", "given/member-counts_2025-11-30_v2"], &[]);
    let taken = run_at(&office, NOW, &[&back[..], &["--accept-change", "--json"]].concat());
    let told: Value = serde_json::from_str(&taken.stdout).expect("a report");
    assert_eq!(told["changed_months"][0]["period"], json!(null));
    assert!(told["papers"].to_string().contains(given), "what was made from it is named: {told}");
}

/// A paper whose folder is gone is counted where there is a question, and is none by itself.
#[test]
fn paper_whose_folder_is_gone_is_counted_and_asks_nothing() {
    let office = office_without_months();
    report(&office, "--out given");
    report(&office, "--out elsewhere");
    fs::rename(office.folder().join("elsewhere"), office.folder().join("moved")).expect("it can be moved");
    let asked = import(&office, LATE, &applications("2025-11-20"), &[]);
    assert_says(&asked, &["IMP-306", "IMP-307", "elsewhere/member-counts_2025-11-30"], &[]);
    fs::rename(office.folder().join("given"), office.folder().join("moved too")).expect("it can be moved");
    let run = import(&office, LATE, &applications("2025-11-20"), &[]);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
}

/// Of many papers the first few are named.
#[test]
fn question_about_many_papers_stays_readable() {
    let office = office_without_months();
    for nth in 0..8 {
        report(&office, &format!("--out given{nth}"));
    }
    let asked = import(&office, LATE, &applications("2025-11-20"), &[]);
    assert_says(&asked, &["given0/", "given4/", "… +3"], &["given5/"]);
}
