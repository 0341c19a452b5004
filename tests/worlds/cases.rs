//! The twenty awkward persons of the sample `cases`, told as stays, against the counts of its answer key.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::draw::day;
use super::history::{Class, Local, Person, Stay, Tier, View, count};
use super::upper::settle;

/// One person a line, stays divided by `;`: body, then what the exports of 2025-03-31, 04-30 and 05-31 show, `·` for
/// nothing, `?` for a pending 入会日.
const PERSONS: [&str; 20] = [
    "11-001 2010-04-01..B 2010-04-11..B 2010-04-11..B",
    "11-001 2005-04-01..2025-03-31A1 2005-04-01..2025-03-31A1 2005-04-01..2025-03-31A1",
    "11-001 2001-06-01..2025-06-30B 2001-06-01..B 2001-06-01..B",
    "11-001 2001-06-01..2025-05-15B 2001-06-01..2025-05-20B 2001-06-01..2025-05-20B",
    "11-001 2001-04-01..2024-12-31B 2001-04-01..2024-12-31B 2001-04-01..2024-12-31B; 11-001 · 2025-04-10..B 2025-04-10..B",
    "11-001 2008-08-01..B · 2008-08-01..B",
    "11-001 2000-04-01..2025-03-15B · ·; 11-001 · · 2025-05-01..B",
    "11-001 · 2025-04-15..2025-04-15B 2025-04-15..2025-04-15B",
    "11-001 1999-04-01..B 1999-04-01..2025-04-10B 1999-04-01..2025-04-10B; 11-001 · 2025-04-10..B 2025-04-10..B",
    "11-001 2023-04-01..C 2023-04-01..B 2023-04-01..B",
    "11-001 1988-05-01..B 1988-05-01..B 1988-05-01..B",
    "11-001 1999-04-01..A1 1999-04-01..2025-04-05A1 1999-04-01..2025-04-05A1; 13-001 · 2025-04-15..A1 2025-04-15..A1; \
     P11 1999-04-01..A1 1999-04-01..2025-04-05A1 1999-04-01..2025-04-05A1; P13 · 2025-04-15..A1 2025-04-15..A1; \
     JMA 1999-05-01..A1 1999-05-01..A1 1999-05-01..A1",
    "11-001 2010-04-01..B 2010-04-01..2025-04-10B 2010-04-01..2025-04-10B; 11-003 · 2025-04-11..B 2025-04-11..B; \
     P11 2010-04-01..B 2010-04-01..B 2010-04-01..B",
    "11-003 2015-01-01..unknown 2015-01-01..unknown 2015-01-01..unknown",
    "11-003 ?..B ?..B 2025-05-20..B",
    "11-003 2003-04-01..A1 2003-04-01..A1 2003-04-01..A1; P11 2003-04-01..A1 · ·; JMA 2003-04-01..A1 · ·",
    "11-003 2025-04-20..B 2025-04-20..B 2025-04-20..B",
    "11-003 2011-01-11..B 2011-01-11..B 2011-01-11..B",
    "11-001 2025-02-01..B · ·; 11-003 · 2025-02-01..B 2025-02-01..B",
    "11-001 2012-04-01..B 2012-04-01..B 2012-04-01..B; 13-001 2012-04-01..B 2012-04-01..B 2012-04-01..B",
];

/// Known at, as of, counts, heads (local, prefectural, national): copied from `cases/answers.json`.
const ANSWERS: [(&str, &str, &str, [u64; 3]); 10] = [
    (
        "2025-03-31",
        "2025-03-31",
        "11-001:A1=2 11-001:B=9 11-001:C=1 11-003:A1=1 11-003:B=1 11-003:unknown=1 13-001:B=1 JMA:A1=2 P11:A1=2 P11:B=1",
        [15, 3, 2],
    ),
    (
        "2025-03-31",
        "2025-07-01",
        "11-001:A1=1 11-001:B=7 11-001:C=1 11-003:A1=1 11-003:B=2 11-003:unknown=1 13-001:B=1 JMA:A1=2 P11:A1=2 P11:B=1",
        [13, 3, 2],
    ),
    (
        "2025-04-30",
        "2025-04-06",
        "11-001:B=9 11-001:C=1 11-003:A1=1 11-003:B=2 11-003:unknown=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1",
        [13, 2, 2],
    ),
    (
        "2025-04-30",
        "2025-04-10",
        "11-001:B=10 11-001:C=1 11-003:A1=1 11-003:B=2 11-003:unknown=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1",
        [14, 2, 2],
    ),
    (
        "2025-04-30",
        "2025-04-15",
        "11-001:B=10 11-001:C=1 11-003:A1=1 11-003:B=3 11-003:unknown=1 13-001:A1=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1 P13:A1=1",
        [16, 3, 2],
    ),
    (
        "2025-04-30",
        "2025-04-29",
        "11-001:B=9 11-001:C=1 11-003:A1=1 11-003:B=4 11-003:unknown=1 13-001:A1=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1 P13:A1=1",
        [16, 3, 2],
    ),
    (
        "2025-04-30",
        "2025-04-30",
        "11-001:B=10 11-003:A1=1 11-003:B=4 11-003:unknown=1 13-001:A1=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1 P13:A1=1",
        [16, 3, 2],
    ),
    (
        "2025-05-31",
        "2025-04-05",
        "11-001:A1=1 11-001:B=9 11-001:C=1 11-003:A1=1 11-003:B=2 11-003:unknown=1 13-001:B=1 JMA:A1=2 P11:A1=2 P11:B=1",
        [14, 3, 2],
    ),
    (
        "2025-05-31",
        "2025-05-18",
        "11-001:B=11 11-003:A1=1 11-003:B=4 11-003:unknown=1 13-001:A1=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1 P13:A1=1",
        [17, 3, 2],
    ),
    (
        "2025-05-31",
        "2025-05-31",
        "11-001:B=10 11-003:A1=1 11-003:B=5 11-003:unknown=1 13-001:A1=1 13-001:B=1 JMA:A1=2 P11:A1=1 P11:B=1 P13:A1=1",
        [17, 3, 2],
    ),
];

#[test]
fn cases_are_counted_as_their_answer_key_says() {
    let people: Vec<Person> = PERSONS.iter().map(|line| person(line)).collect();
    let exports = [day(2025, 3, 31), day(2025, 4, 30), day(2025, 5, 31)];
    for (known_at, as_of, counts, heads) in ANSWERS {
        let truth = count(&people, &exports, date(as_of), date(known_at));
        let counted: BTreeMap<String, u64> =
            truth.rows.iter().map(|((_, body, class), n)| (format!("{body}:{class}"), *n)).collect();
        let expected = counts.split(' ').map(|cell| cell.split_once('=').unwrap());
        let expected: BTreeMap<String, u64> = expected.map(|(key, n)| (key.to_owned(), n.parse().unwrap())).collect();
        assert_eq!(counted, expected, "as of {as_of}, known at {known_at}");
        assert_eq!(Tier::ALL.map(|tier| truth.heads[tier.name()]), heads, "as of {as_of}, known at {known_at}");
    }
}

/// 200009 leaves and re-joins on one day with another class: the later stay gives the class of the shared day (R1).
#[test]
fn shared_day_counts_once_with_the_class_of_the_later_stay() {
    let people = [person("11-001 1999-04-01..2025-04-10B; 11-001 2025-04-10..A1")];
    let classes = [9, 10, 11].map(|d| {
        let truth = count(&people, &[day(2025, 4, 30)], day(2025, 4, d), day(2025, 4, 30));
        truth.rows.into_iter().map(|((_, _, class), n)| (class, n)).collect::<Vec<_>>()
    });
    assert_eq!(classes, [("B", 1), ("A1", 1), ("A1", 1)].map(|(class, n)| vec![(class.to_owned(), n)]));
}

/// 200013: after the move the row of the new body is the one in force (R8).
#[test]
fn row_in_force_on_the_export_day_speaks() {
    let old = view("2010-04-01..2025-04-10B").unwrap();
    let new = view("2025-04-11..B").unwrap();
    assert_eq!(settle(old, new, day(2025, 4, 30)), Some(1));
    assert_eq!(settle(old, new, day(2025, 4, 10)), Some(0));
    let later = view("2025-05-11..B").unwrap();
    assert_eq!(settle(old, later, day(2025, 4, 30)), Some(1), "neither in force: the latest 入会日");
    let both = view("2025-04-01..B").unwrap();
    assert_eq!(settle(old, both, day(2025, 4, 5)), None, "both in force: no rule");
}

#[test]
fn nobody_is_known_before_the_first_export() {
    let truth = count(&[person(PERSONS[0])], &[day(2025, 3, 31)], day(2025, 3, 30), day(2025, 3, 30));
    assert!(truth.rows.is_empty());
    assert_eq!(truth.heads["local"], 0);
}

fn person(line: &str) -> Person {
    let (locals, upper) = line.split(';').map(stay).partition::<Vec<Stay>, _>(|stay| stay.tier == Tier::Local);
    let locals = locals.into_iter().map(|stay| Local { stay, carries: Vec::new() }).collect();
    let person = Person { story: "case", locals, upper, looks: 0 };
    // 200009 tells a shared day; the others are the same with and without the leave to overlap.
    assert!(person.is_unambiguous(true), "{line}");
    person
}

fn stay(text: &str) -> Stay {
    let mut words = text.split_whitespace();
    let body = words.next().unwrap().to_owned();
    let tier = match body.as_str() {
        "JMA" => Tier::National,
        code if code.starts_with('P') => Tier::Prefectural,
        _ => Tier::Local,
    };
    Stay { tier, body, views: words.map(view).collect() }
}

fn view(word: &str) -> Option<View> {
    let (joined, rest) = word.split_once("..")?;
    let joined = (joined != "?").then(|| date(joined));
    let (left, class) = if rest.starts_with('2') { (Some(date(&rest[..10])), &rest[10..]) } else { (None, rest) };
    let classes = [Class::A1, Class::A2B, Class::A2C, Class::B, Class::C, Class::Unknown];
    let class = classes.into_iter().find(|known| known.name() == class).unwrap();
    Some(View { joined, left, class })
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
