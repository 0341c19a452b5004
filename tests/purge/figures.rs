//! Every figure of every day as known at any other is after a purge what it was.

use rstest::rstest;
use serde_json::Value;

use super::office::{BOTH, findings, office, purge, run_at, set};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::store::home::Home;

/// After all days of the samples, by years.
const MUCH_LATER: &str = "2031-02-01T00:00:00Z";

/// What tells of one person, which is what goes.
const PERSONAL: [&str; 3] = ["name", "kana", "registration_number"];

fn without_names(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|key, _| !PERSONAL.contains(&key.as_str()));
            members.values_mut().for_each(without_names);
        }
        Value::Array(items) => items.iter_mut().for_each(without_names),
        _ => {}
    }
}

/// Answers at many pairs of days, with what is refused.
pub fn answers(office: &Office, known_at: &[&str], as_of: &[&str]) -> Vec<String> {
    let mut questions = vec!["movements --from 2025-10 --to 2025-12 --known-at 2025-12-31".to_string()];
    for known_at in known_at {
        for day in as_of {
            questions.push(format!("count --as-of {day} --known-at {known_at} --by tier,association,class,age_band"));
            questions.push(format!("count --as-of {day} --known-at {known_at} --by sex,duty"));
        }
        questions.push(format!("series --from 2025-09 --to 2025-12 --known-at {known_at}"));
        questions.push(format!("audit withdrawals --known-at {known_at}"));
        questions.push(format!("explain 浦和 --as-of {} --known-at {known_at}", as_of[0]));
    }
    let mut out = Vec::new();
    for question in questions {
        let run = office.run(&format!("--json {question}"));
        let mut answer: Value = serde_json::from_str(&run.stdout).unwrap_or(Value::Null);
        without_names(&mut answer);
        // Of what is refused the code must be the same; what is answered may come with the notice that the file is gone.
        let mut parts = run.stderr.split('"');
        let code = parts.find(|part| run.exit != Some(0) && part.len() == 7 && part.contains('-')).unwrap_or_default();
        out.push(format!("{question}: {:?} {code} {answer}", run.exit));
    }
    out
}

#[rstest]
fn figures_of_a_small_office_stay(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, BOTH);
    let snapshot = office.run("snapshot take --as-of 2025-10-14");
    assert_eq!(snapshot.exit, Some(0), "{}", snapshot.stderr);
    let paper = office.run("report member-counts --as-of 2025-09-30 --out elsewhere --format csv");
    assert_eq!(paper.exit, Some(0), "{}", paper.stderr);
    let known_at = super::office::DAYS;
    let as_of = ["2025-10-15", "2025-09-30", "2025-10-16", "2025-11-20", "2025-11-21", "2025-12-31"];
    let before = answers(&office, &known_at, &as_of);
    assert!(before.iter().filter(|answer| answer.contains("Some(0)")).count() > 40, "{before:#?}");
    let report = purge(&office);
    assert_eq!(report["number"], 1);
    assert_eq!(report["persons"].as_array().map(Vec::len), Some(2), "{report}");
    assert_eq!(answers(&office, &known_at, &as_of), before);
    assert_eq!(findings(&office), [] as [Value; 0]);
    let again = purge(&office);
    assert_eq!((&again["number"], again["files"].as_array().map(Vec::len)), (&Value::Null, Some(0)));
    assert_eq!(findings(&office), [] as [Value; 0]);
}

#[rstest]
#[case::saitama(Sample::saitama(), &["2025-10-31", "2025-12-31"], &["2025-09-30", "2025-10-10", "2025-12-31"])]
#[case::three_prefectures(
    Sample::three_prefectures(),
    &["2025-11-30", "2025-12-31"],
    &["2025-09-30", "2025-10-10", "2025-12-31"]
)]
fn figures_of_the_samples_stay(#[case] sample: Sample, #[case] known_at: &[&str], #[case] as_of: &[&str]) {
    let (office, _) = sample.taken_in();
    set(&office, "[retention]\npersons_days = 30\n");
    let before = answers(&office, known_at, as_of);
    let run = run_at(&office, MUCH_LATER, "--json purge --confirm --reason 保存年限");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("an answer");
    assert!(report["persons"].as_array().is_some_and(|days| !days.is_empty()), "{}: {report}", sample.name);
    assert_eq!(answers(&office, known_at, as_of), before, "{}", sample.name);
    assert_eq!(findings(&office), [] as [Value; 0]);
}
