//! Every cell of the answer keys, counted three ways: by the kernel, by polars and by the slow definition.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use kaiin::domain::as_of::WithdrawalDayRule;
use kaiin::domain::ids::RegistrationNumber;
use rstest::rstest;
use serde_json::Value;

use super::desk::Desk;
use super::home::Home;
use crate::cli::samples::Sample;

#[rstest]
#[case::saitama(Sample::saitama())]
#[case::three_prefectures(Sample::three_prefectures())]
#[case::cases(Sample::cases())]
#[tokio::test]
async fn three_ways_of_counting_meet_the_key(
    #[case] sample: Sample,
    #[values(Home::Sqlite, Home::Postgres)] home: Home,
) {
    if home.is_skipped() {
        return;
    }
    let desk = Desk::on(home).await;
    desk.import(&sample.files).await.expect("the sample is taken in");
    let mut ledger = desk.ledger().await;
    for answer in &sample.answers {
        ledger.look_from(answer.known_at, WithdrawalDayRule::LastMemberDay);
        let pair = format!("as of {}, known at {}", answer.as_of, answer.known_at);
        assert_eq!(ledger.by_kernel(answer.as_of), answer.figures, "kernel, {pair}");
        assert_eq!(ledger.by_polars(answer.as_of), answer.figures, "polars, {pair}");
        assert_eq!(ledger.by_reference(answer.as_of), answer.figures, "reference, {pair}");
    }
}

/// The other reading of 退会日 has no key; the three ways still agree, and the day itself no longer counts.
#[rstest]
#[case::three_prefectures(Sample::three_prefectures())]
#[case::cases(Sample::cases())]
#[tokio::test]
async fn three_ways_agree_when_the_withdrawal_day_does_not_count(#[case] sample: Sample) {
    let desk = Desk::of(&sample).await;
    let mut ledger = desk.ledger().await;
    let mut differs = false;
    for answer in &sample.answers {
        ledger.look_from(answer.known_at, WithdrawalDayRule::FirstNonMemberDay);
        let counted = ledger.by_kernel(answer.as_of);
        differs |= counted != answer.figures;
        assert_eq!(ledger.by_polars(answer.as_of), counted, "polars, as of {}", answer.as_of);
        assert_eq!(ledger.by_reference(answer.as_of), counted, "reference, as of {}", answer.as_of);
    }
    assert!(differs, "no withdrawal fell on a day that was asked for");
}

/// One stay of the key of `cases`: body, class, first and last day, both inclusive.
struct Expected {
    body: (String, String, String),
    from: NaiveDate,
    to: NaiveDate,
}

impl Expected {
    fn read(value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().expect("a text").to_owned();
        let to = value["to"].as_str().map_or(NaiveDate::MAX, |to| to.parse().expect("a date"));
        let body = (text("tier"), text("association"), text("class"));
        Self { body, from: text("from").parse().expect("a date"), to }
    }

    /// The eve, the first day, the last day and the day after.
    fn edges(&self) -> impl Iterator<Item = NaiveDate> {
        let day = Days::new(1);
        [self.from.checked_sub_days(day), Some(self.from), Some(self.to), self.to.checked_add_days(day)]
            .into_iter()
            .flatten()
            .filter(|day| *day < NaiveDate::MAX)
    }
}

/// The totals could be right by accident: each of the twenty persons is looked at alone, around every edge.
#[rstest]
#[tokio::test]
async fn every_awkward_person_is_counted_where_the_key_says(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let sample = Sample::cases();
    let desk = Desk::on(home).await;
    desk.import(&sample.files).await.expect("the sample is taken in");
    let mut ledger = desk.ledger().await;
    let cases = sample.key["cases"].as_array().expect("cases is a list");
    assert_eq!(cases.len(), 20);
    for case in cases {
        let number = case["医籍登録番号"].as_str().and_then(|number| number.parse().ok()).expect("a number");
        for (known_at, expected) in case["expect"].as_object().expect("expect is an object") {
            let known_at = known_at.parse().expect("a date");
            ledger.look_from(known_at, WithdrawalDayRule::LastMemberDay);
            let person = desk.physician(RegistrationNumber(number), known_at).await;
            let expected: Vec<Expected> = expected.as_array().expect("a list").iter().map(Expected::read).collect();
            let days: BTreeSet<NaiveDate> = expected.iter().flat_map(Expected::edges).chain([known_at]).collect();
            for day in days {
                let covers = |stay: &&Expected| stay.from <= day && day <= stay.to;
                let wanted: BTreeSet<_> = expected.iter().filter(covers).map(|stay| stay.body.clone()).collect();
                let counted = person.map_or_else(BTreeSet::new, |person| ledger.of_person(person, day));
                assert_eq!(counted, wanted, "{number} on {day}, known at {known_at}: {}", case["case"]);
            }
        }
    }
}
