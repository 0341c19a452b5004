//! 異動 of the audit beside 転入 and 転出 of the roll-forward: one pairing (R20), counted by other days.

use chrono::NaiveDate;
use rstest::rstest;
use serde_json::Value;

use crate::cli::program::Office;
use crate::cli::samples::Sample;

fn answer(office: &Office, arguments: &str) -> Value {
    let run = office.run(&format!("--json {arguments}"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{arguments}: {}", run.stderr))
}

/// How many moves of some kinds have a date between two days, both inclusive, by what stands under `key`.
fn n(moves: &[Value], kinds: &[&str], key: &str, (from, to): (&str, &str)) -> usize {
    let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
    let is_within = |one: &Value| one[key].as_str().is_some_and(|text| (day(from)..=day(to)).contains(&day(text)));
    moves.iter().filter(|one| kinds.contains(&one["kind"].as_str().expect("a kind")) && is_within(one)).count()
}

/// The audit lists a pair where either of its days lies in the period. 転入 books its entry on the 入会日; 転出 books its exit
/// on the day after the 退会日, and with it those who moved nowhere that is seen (転出後未入会). The reason of an exit does not
/// matter. So December has, of local bodies: 異動, 転入, 転出.
#[rstest]
#[case::saitama(Sample::saitama(), [12, 12, 13])]
#[case::three_prefectures(Sample::three_prefectures(), [14, 13, 15])]
fn transfers_and_bookings_differ_by_their_days_alone(#[case] sample: Sample, #[case] expected: [usize; 3]) {
    let (office, _) = sample.taken_in();
    let december = ("2025-12-01", "2025-12-31");
    let listed = answer(&office, "audit transfers --from 2025-12-01 --to 2025-12-31");
    let listed = listed["findings"].as_array().expect("a list");
    let paired = ["within_prefecture", "across_prefectures"];
    let n_listed = listed.iter().filter(|one| paired.contains(&one["kind"].as_str().expect("a kind"))).count();
    // From the day before on: an exit of 30 November is booked on 1 December.
    let around = answer(&office, "audit transfers --from 2025-11-30 --to 2025-12-31");
    let around = around["findings"].as_array().expect("a list");
    let entered = n(around, &paired, "joined_on", december);
    let kinds = ["within_prefecture", "across_prefectures", "nowhere_seen"];
    let left = n(around, &kinds, "left_on", ("2025-11-30", "2025-12-30"));
    assert_eq!([n_listed, entered, left], expected);

    let rows = answer(&office, "movements --from 2025-12");
    let rows = rows["rows"].as_array().expect("a list");
    let booked = |key: &str| {
        let local = rows.iter().filter(|row| row["tier"] == "local");
        local.map(|row| usize::try_from(row[key].as_u64().expect("a count")).expect("small")).sum::<usize>()
    };
    assert_eq!([booked("moved_in"), booked("moved_out")], [entered, left]);
}
