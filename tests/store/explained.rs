//! Explanations of figures: opening and events make the closing, which is the count and as long as its list.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use kaiin::domain::as_of::{Period, WithdrawalDayRule};
use kaiin::domain::class::NationalClass;
use kaiin::domain::ids::RegistrationNumber;
use kaiin::domain::roll_forward::{Flow, FlowRow};
use kaiin::service::questions::explain::{AskedFigure, Explanation, explain};
use kaiin::service::questions::movements::{MovementRow, movements};
use kaiin::service::questions::question::Question;

use super::desk::{Desk, Ledger, by_association_and_class};
use crate::cli::samples::Sample;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

async fn explained(desk: &Desk, ledger: &Ledger, figure: AskedFigure) -> Explanation {
    explain(&desk.workspace, &ledger.vintage, figure).await.expect("the figure can be explained")
}

#[tokio::test]
async fn opening_and_events_make_the_count_of_every_body_and_class() {
    let sample = Sample::cases();
    let desk = Desk::of(&sample).await;
    let mut ledger = desk.ledger().await;
    for (from, to, known_at) in [
        ("2025-02-28", "2025-03-31", "2025-03-31"),
        ("2025-03-31", "2025-04-30", "2025-05-31"),
        ("2025-03-10", "2025-05-15", "2025-04-30"),
        ("2000-01-01", "2026-01-01", "2025-05-31"),
    ] {
        ledger.look_from(day(known_at), WithdrawalDayRule::LastMemberDay);
        let (opened, closed) = (ledger.by_kernel(day(from)), ledger.by_kernel(day(to)));
        let bodies: Vec<_> = ledger.vintage.associations.iter().cloned().collect();
        for body in &bodies {
            for class in NationalClass::ALL.into_iter().map(Some).chain([None]) {
                let figure = AskedFigure { association: body.id, class, opened_on: day(from), as_of: day(to) };
                let found = explained(&desk, &ledger, figure).await;
                let cell = |figures: &crate::cli::samples::Figures| -> i64 {
                    let of_body = |(_, code, of): &(String, String, String)| {
                        *code == body.code && class.is_none_or(|class| class.code() == of.as_str())
                    };
                    figures.rows.iter().filter(|(key, _)| of_body(key)).map(|(_, n)| n).sum()
                };
                let what = format!("{} {class:?}, {from} to {to}, known at {known_at}", body.code);
                let effects: i64 = found.events.iter().map(|event| event.effect).sum();
                assert_eq!((found.opening, found.closing), (cell(&opened), cell(&closed)), "{what}");
                assert_eq!(found.opening + effects, found.closing, "{what}");
                assert_eq!(i64::try_from(found.members.len()), Ok(found.closing), "{what}");
            }
        }
    }
}

/// What an explanation calls a movement is what `kaiin movements` counts: line by line, kind by kind, with both halves of
/// a pair a known number of days apart.
#[tokio::test]
async fn events_are_the_movements_of_every_body_and_class() {
    let sample = Sample::three_prefectures();
    let desk = Desk::of(&sample).await;
    let ledger = desk.ledger().await;
    let vintage = &ledger.vintage;
    let period = Period { from: day("2025-04-01"), to: day("2025-12-31") };
    let question = Question { zeros: true, ..by_association_and_class() };
    let told = movements(vintage, period, &question).expect("the question is sound");
    let (mut n_pairs, mut n_moved) = (0, 0);
    for body in vintage.associations.iter() {
        for class in NationalClass::ALL {
            let figure =
                AskedFigure { association: body.id, class: Some(class), opened_on: told.opened_on, as_of: period.to };
            let found = explained(&desk, &ledger, figure).await;
            let keys = [body.code.as_str(), class.code()];
            let is_row = |row: &&MovementRow| row.keys.0.iter().map(|(_, value)| value.as_str()).eq(keys);
            let row = told.rows.iter().find(is_row).expect("every body and class has a row");
            assert_eq!(found.flows, row.flows, "{keys:?}");
            let mut summed = FlowRow { opening: found.opening, closing: found.closing, ..FlowRow::default() };
            for event in &found.events {
                if event.class_before == Some(class) {
                    summed.book_out(event.kind);
                }
                if event.class_after == Some(class) {
                    summed.book_in(event.kind);
                }
                if matches!(event.kind, Flow::MovedIn | Flow::MovedOut) {
                    n_moved += 1;
                    let gap = event.other.and_then(|other| other.gap_days);
                    n_pairs += i64::from(gap.is_some_and(|gap| gap.abs() <= 90));
                }
            }
            assert_eq!(summed, row.flows, "{keys:?}");
        }
    }
    assert!(n_pairs > 10 && n_moved >= n_pairs, "{n_pairs} of {n_moved}");
}

/// Who asks about a few bodies is told of them alone, from the persons who have anything to do with them: the lines are those that
/// everybody is told.
#[tokio::test]
async fn movements_of_few_bodies_are_those_of_all() {
    let sample = Sample::three_prefectures();
    let desk = Desk::of(&sample).await;
    let (everybody, few) = (desk.ledger().await, desk.ledger().await);
    let mut n_moved = 0;
    for (from, to) in [("2025-04-01", "2025-12-31"), ("2025-12-01", "2025-12-01"), ("1990-01-01", "2027-03-31")] {
        let period = Period { from: day(from), to: day(to) };
        let question = Question { zeros: true, ..by_association_and_class() };
        let all = movements(&everybody.vintage, period, &question).expect("the question is sound");
        for body in everybody.vintage.associations.iter() {
            let asked = Question { association: Some(body.code.clone()), ..question.clone() };
            let told = movements(&few.vintage, period, &asked).expect("the question is sound");
            let of_body = |row: &&MovementRow| row.keys.0.iter().any(|(_, value)| *value == body.code);
            let expected: Vec<&MovementRow> = all.rows.iter().filter(of_body).collect();
            assert_eq!(told.rows.iter().collect::<Vec<_>>(), expected, "{} {from} {to}", body.code);
            assert_eq!(told.unbalanced, []);
            n_moved += told.rows.iter().map(|row| row.flows.moved_in).sum::<i64>();
        }
    }
    assert!(n_moved > 10, "{n_moved}");
}

/// File and row hold the number of the person, when one opens the file and looks.
#[tokio::test]
async fn file_and_row_of_a_member_hold_the_member() {
    let sample = Sample::cases();
    let desk = Desk::of(&sample).await;
    let ledger = desk.ledger().await;
    let mut persons = BTreeMap::new();
    let read = |path| std::fs::read_to_string(path).expect("the sample can be read");
    let text: String = sample.files[1..].iter().map(read).collect();
    let numbers: BTreeSet<u32> = text.lines().filter_map(|line| line.split(',').next()?.parse().ok()).collect();
    for number in numbers {
        let known_at = ledger.vintage.known_at.0;
        if let Some(id) = desk.physician(RegistrationNumber(number), known_at).await {
            persons.insert(id, number);
        }
    }
    let folder = sample.files[0].parent().unwrap_or(Path::new("."));
    let mut n_looked_at = 0;
    for body in ledger.vintage.associations.iter().cloned().collect::<Vec<_>>() {
        let (opened_on, as_of) = (day("2025-03-31"), day("2025-05-31"));
        let figure = AskedFigure { association: body.id, class: None, opened_on, as_of };
        for member in explained(&desk, &ledger, figure).await.members {
            let (Some(file), Some(row)) = (&member.source.file, member.source.row) else { continue };
            let text = std::fs::read_to_string(folder.join(file)).expect("the file is one of the sample");
            let line = text.lines().nth(usize::try_from(row).expect("a row") - 1).expect("the file has the row");
            let number = line.split(',').next().map(|cell| cell.trim_start_matches('0'));
            assert_eq!(number, persons.get(&member.physician).map(u32::to_string).as_deref(), "{file} row {row}");
            n_looked_at += 1;
        }
    }
    assert!(n_looked_at > 15, "{n_looked_at}");
}

const ADDED: &str = "調整番号,調整種別,医籍登録番号,医師会名,新しい日付,新しい会員区分,理由,承認者
T1,在籍追加,300001,浦和医師会,2025-04-01,B,試験,試験
T2,在籍追加,300002,浦和医師会,2025-05-01,C,試験,試験
";

/// Two persons whom only adjustments tell: each is explained by her own row.
#[tokio::test]
async fn added_stays_of_two_persons_are_explained_apart() {
    let sample = Sample::cases();
    let desk = Desk::of(&sample).await;
    let path = desk.save("adjustments_2025-06-10.csv", ADDED.as_bytes());
    desk.import(&[path]).await.expect("the adjustments are taken in");
    let ledger = desk.ledger().await;
    let body = ledger.vintage.associations.by_code("11-001").expect("浦和").id;
    let figure = AskedFigure { association: body, class: None, opened_on: day("2025-03-31"), as_of: day("2025-06-10") };
    let members = explained(&desk, &ledger, figure).await.members;
    let mut told: Vec<_> = members
        .iter()
        .filter(|member| member.source.reported_by == "adjustment")
        .map(|member| (member.class, member.stay.joined_on, member.source.row))
        .collect();
    told.sort_unstable();
    let expected =
        [(NationalClass::B, Some(day("2025-04-01")), Some(2)), (NationalClass::C, Some(day("2025-05-01")), Some(3))];
    assert_eq!(told, expected);
}
