//! Counting ten million stays: makes a timeline of invented numbers, and answers one command a line with seconds.
//! `benches/stays` drives it beside DuckDB.
//!
//! `make FOLDER STAYS` writes `enrolments-bench.parquet` and its fellows. `serve FOLDER` loads it and reads from standard
//! input: `cold DAY`, `count DAY`, `series FIRST LAST` (month ends) of the scan, `build`, `summed DAY`, `earlier DAY` (before half of the
//! ends were known) and `summed-series FIRST LAST` of the change points, each answered by seconds and a sum that another program can
//! compare. Numbers stand for bodies; nobody is behind a physician.

#![expect(clippy::print_stdout, reason = "the driver reads standard output")]

use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use chrono::NaiveDate;
use kaiin::domain::as_of::{KnownAt, WithdrawalDayRule, month_ends};
use kaiin::domain::association::{AssociationSpan, Associations, BodySet, MasterRow, Tier};
use kaiin::domain::class::NationalClass;
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::day::{date_of, day_number};
use kaiin::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use kaiin::domain::export_days::ExportDays;
use kaiin::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
use kaiin::stats::change_points::{Cells, ChangeIndex, change_points};
use kaiin::stats::stream_count::StreamCount;
use kaiin::stats::{Counts, Memberships};
use kaiin::timeline::{Timeline, TimelineFiles, TimelineWriter};

/// Local bodies of each of 47 prefectures.
const LOCAL: i32 = 19;

/// 1986-01-01 and 2025-12-31 as day numbers: stays begin between them.
const FIRST: i32 = 5844;
const LAST: i32 = 20453;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", folder, stays] => make(Path::new(folder), stays.parse().expect("a number of stays")),
        ["serve", folder] => serve(Path::new(folder)),
        // `cargo test --benches` starts it without words.
        _ => println!("stays make FOLDER STAYS | stays serve FOLDER"),
    }
}

/// The national body, 47 prefectural ones, and 19 local ones below each.
fn associations() -> Associations {
    let mut rows = vec![body(0, Tier::National, "JMA".into(), "", None)];
    for prefecture in 1..=47 {
        let (code, above) = (format!("{prefecture:02}"), format!("P{prefecture:02}"));
        rows.push(body(prefecture, Tier::Prefectural, above.clone(), &code, Some("JMA".into())));
        for nth in 1..=LOCAL {
            let id = 47 + (prefecture - 1) * LOCAL + nth;
            rows.push(body(id, Tier::Local, format!("{code}-{nth:03}"), &code, Some(above.clone())));
        }
    }
    Associations::new(rows).expect("the bodies fit together")
}

fn body(id: i32, tier: Tier, code: String, prefecture: &str, parent: Option<String>) -> MasterRow {
    let name = format!("架空{code}");
    let span = AssociationSpan {
        kind: "地域".into(),
        short_name: name.clone(),
        name,
        aliases: Vec::new(),
        parent,
        position: id,
        valid_from: None,
        valid_to: None,
    };
    MasterRow { id: AssociationId(id), code, tier, prefecture: prefecture.into(), span, successors: Vec::new() }
}

/// The next number of a splitmix64 sequence, below `n`.
fn draw(state: &mut u64, n: i32) -> i32 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let high = (mixed ^ (mixed >> 31)) >> 33;
    i32::try_from(high % u64::from(n.unsigned_abs())).expect("below n")
}

/// Physicians with three stays each, of all tiers; six in ten are over. One stay in twenty has two versions.
fn make(folder: &Path, stays: i32) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let files = TimelineFiles::of_head(folder, "bench");
    let mut writer = TimelineWriter::create(&files).expect("the folder can be written");
    let mut state = 20_251_231;
    for physician in 0..stays / 3 {
        let prefecture = 1 + draw(&mut state, 47);
        let local = 47 + (prefecture - 1) * LOCAL + 1 + draw(&mut state, LOCAL);
        let joined = FIRST + draw(&mut state, LAST - FIRST);
        let left = (draw(&mut state, 10) < 6).then(|| joined + draw(&mut state, 12_000)).filter(|left| *left < LAST);
        let class = u8::try_from(draw(&mut state, 5)).expect("one of five");
        let twice = draw(&mut state, 20) == 0;
        for (nth, association) in [0, prefecture, local].into_iter().enumerate() {
            let id = physician * 3 + i32::try_from(nth).expect("one of three");
            let version = version(id, physician, association, class, (joined, left));
            if twice && left.is_some() {
                let mut before = version.clone();
                before.facts.left_on = None;
                before.known_until = date_of(LAST);
                writer.push(&before);
                writer.push(&EnrolmentVersion { known_from: date_of(LAST).expect("a day"), ..version });
            } else {
                writer.push(&version);
            }
        }
    }
    writer.finish().expect("the folder can be written");
}

fn version(
    id: i32,
    physician: i32,
    association: i32,
    class: u8,
    (joined, left): (i32, Option<i32>),
) -> EnrolmentVersion {
    EnrolmentVersion {
        enrolment: EnrolmentId(id.into()),
        source: SourceId(1),
        physician: PhysicianId(physician.into()),
        association: AssociationId(association),
        facts: StayFacts {
            wished_on: None,
            joined_on: date_of(joined),
            left_on: left.and_then(date_of),
            class: NationalClass::from_index(class).expect("one of five"),
            class_text: None,
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Unknown,
        },
        class_from: None,
        rows_shown: 1,
        known_from: date_of(LAST - 100).expect("a day"),
        known_until: None,
    }
}

fn serve(folder: &Path) {
    let associations = associations();
    let files = || TimelineFiles::of_head(folder, "bench");
    let known_at = KnownAt(date_of(LAST).expect("a day"));
    let rule = WithdrawalDayRule::LastMemberDay;
    let export = |day: i32| ExportDay { source: SourceId(1), day: date_of(day).expect("a day"), kept_days: 0 };
    let exports = ExportDays::new(&[export(LAST - 100), export(LAST)]);
    let open = || Timeline::open(&files(), exports.clone()).expect("the timeline was made before");
    let build = || {
        let found = change_points(&open(), &associations, &Cells::new(&associations), known_at, rule);
        ChangeIndex::new(found.expect("it can be read").expect("it is not too large"), Cells::new(&associations).into())
    };
    let index = build();
    let everything = BodySet::all(&associations);
    let summed = |known_at: KnownAt, day: i32| index.on(known_at, day).counts(&everything).expect("all bodies");
    let warm = Memberships::project(&open(), &associations, known_at, rule, |_| true).expect("it can be read");
    println!("ready {}", warm.len());
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("the driver writes text");
        let day = |text: &str| -> NaiveDate { text.parse().expect("a day as 2025-12-31") };
        let started = Instant::now();
        let counts = match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["cold", on] => {
                let (timeline, associations) = (&open(), &associations);
                let passing = StreamCount { timeline, associations, known_at, rule, keep: |_| true };
                vec![passing.count_on(day_number(day(on))).expect("it can be read")]
            }
            ["count", on] => vec![warm.count_on(day_number(day(on)))],
            ["series", first, last] => {
                let days: Vec<i32> = month_ends(day(first), day(last)).into_iter().map(day_number).collect();
                warm.count_series(&days)
            }
            ["build"] => {
                drop(build());
                Vec::new()
            }
            ["summed", on] => vec![summed(known_at, day_number(day(on)))],
            ["earlier", on] => {
                vec![summed(KnownAt(date_of(LAST - 1).expect("a day")), day_number(day(on)))]
            }
            ["summed-series", first, last] => {
                let days = month_ends(day(first), day(last)).into_iter().map(day_number);
                days.map(|day| summed(known_at, day)).collect()
            }
            _ => return,
        };
        println!("seconds {}", started.elapsed().as_secs_f64());
        println!("sum {}", sum(&counts));
    }
}

/// A number that another program comes to as well when every cell is the same: each count times a weight of its body,
/// class and day.
fn sum(counts: &[Counts]) -> i64 {
    let mut out = 0;
    for (day, counts) in (1..).zip(counts) {
        for (body, cells) in (1..).zip(&counts.cells) {
            for (class, n) in (1..).zip(cells) {
                out += n * (body * 7 + class) * day;
            }
        }
    }
    out
}
