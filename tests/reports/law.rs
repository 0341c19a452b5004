//! The difference law on exports as they really are (R15): rows whose state contradicts their days, rows that stand twice,
//! days in the wrong order. Every paper is made, each contradiction is a line, and nothing is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::Days;
use kaiin::domain::cell::Cell;
use kaiin::domain::difference::DifferenceCause;
use kaiin::domain::document::RowKind;
use kaiin::service::audit::{DifferenceAudit, mamis_difference};
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperFormat, PaperRequest, Variant, build, publish};
use rstest::rstest;

use super::samples::{REPORTS, day, paper, request, table};
use crate::audits::plain::{Bodies, Member, members};
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

const DAY: &str = "2025-12-31";

/// A row of a member file, cell by cell.
#[derive(Debug, Clone)]
struct Line(Vec<String>);

/// Places of cells in the sample: 医籍登録番号, 入会日, 退会日, 会員状態, 最終更新日時.
const NUMBER: usize = 0;
const JOINED: usize = 12;
const LEFT: usize = 13;
const STATE: usize = 22;
const UPDATED: usize = 23;

/// Whether a row counts on the day of the export, by its days.
fn is_in_force(row: &Member) -> bool {
    row.joined.is_some_and(|joined| joined <= day(DAY)) && row.left.is_none_or(|left| day(DAY) <= left)
}

/// Which term of the law a row belongs to by itself, said from the ruling.
fn term(row: &Member) -> Option<(DifferenceCause, i64)> {
    use DifferenceCause::{Contradiction, JoinAhead, WithdrawalAhead};
    match (row.status.as_str(), is_in_force(row)) {
        ("在籍", true) => row.left.is_some_and(|left| left > day(DAY)).then_some((Contradiction, 0)),
        ("在籍", false) if row.joined.is_some_and(|joined| joined > day(DAY)) => Some((JoinAhead, -1)),
        ("在籍", false) => Some((Contradiction, -1)),
        ("退会", true) if row.left.is_some() => Some((WithdrawalAhead, 1)),
        (_, true) => Some((Contradiction, 1)),
        (_, false) => None,
    }
}

/// A member file of the sample, with its heading line.
fn lines(path: &Path) -> (String, Vec<Line>) {
    let bytes = std::fs::read(path).expect("the sample can be read");
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
    let mut all = text.lines();
    let heading = all.next().expect("a heading").to_string();
    (heading, all.map(|line| Line(line.split(',').map(str::to_string).collect())).collect())
}

fn file(heading: &str, lines: &[Line]) -> String {
    let rows: String = lines.iter().map(|line| line.0.join(",") + "\n").collect();
    format!("\u{feff}{heading}\n{rows}")
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("53 bits") % n
    }

    fn day(&mut self, from: &str, days: usize) -> String {
        let days = Days::new(self.below(days).try_into().expect("few"));
        (day(from) + days).to_string()
    }
}

/// Makes a row contradict itself in one of many ways; what is returned stands beside it.
fn spoil(line: &mut Line, kind: usize, dice: &mut Dice) -> Option<Line> {
    match kind {
        0 => line.0[STATE] = "申請中".into(),
        1 => line.0[STATE] = "退会".into(),
        2 => line.0[STATE] = String::new(),
        3 => line.0[STATE] = "休会中".into(),
        4 => line.0[LEFT] = dice.day("2025-07-01", 180),
        5 => line.0[LEFT] = dice.day("2025-12-31", 120),
        6 => line.0[JOINED] = String::new(),
        7 => line.0[JOINED] = dice.day("2026-01-01", 60),
        // Days in the wrong order: the row is rejected, with its reason.
        8 => line.0[LEFT] = "1950-01-01".into(),
        9 => return Some(line.clone()),
        10 => {
            let mut other = line.clone();
            other.0[JOINED] = dice.day("2024-01-01", 300);
            return Some(other);
        }
        _ => {
            let mut other = line.clone();
            (other.0[JOINED], other.0[STATE]) = (dice.day("2024-01-01", 300), "退会".into());
            other.0[LEFT] = dice.day("2025-10-01", 200);
            return Some(other);
        }
    }
    None
}

/// 200 rows of the sample that contradict themselves, each in its way.
fn with_contradictions(lines: &mut Vec<Line>, seed: u64) -> usize {
    let mut dice = Dice(seed);
    let mut n_rows: BTreeMap<String, usize> = BTreeMap::new();
    lines.iter().for_each(|line| *n_rows.entry(line.0[NUMBER].clone()).or_default() += 1);
    let is_plain = |line: &Line| line.0[STATE] == "在籍" && line.0[LEFT].is_empty() && n_rows[&line.0[NUMBER]] == 1;
    let plain: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| is_plain(line)).map(|(at, _)| at).collect();
    let mut chosen = BTreeSet::new();
    while chosen.len() < 200 {
        chosen.insert(plain[dice.below(plain.len())]);
    }
    for (nth, at) in chosen.iter().enumerate() {
        let beside = spoil(&mut lines[*at], nth % 12, &mut dice);
        lines.extend(beside);
    }
    // The order of rows says nothing.
    for at in (1..lines.len()).rev() {
        lines.swap(at, dice.below(at + 1));
    }
    chosen.len()
}

/// Makes a paper and writes it, which must succeed.
async fn made(desk: &Desk, request: &PaperRequest) {
    let (document, vintage) =
        build(&desk.workspace, request).await.unwrap_or_else(|error| panic!("{}: {error:#}", request.name));
    let out = tempfile::tempdir().expect("a folder");
    publish(&document, &vintage, request, &[PaperFormat::Csv], out.path())
        .unwrap_or_else(|error| panic!("{}: {error:#}", request.name));
}

fn law(vintage: &Vintage) -> Arc<DifferenceAudit> {
    let audit = mamis_difference(vintage).expect("the timeline can be read");
    assert!(audit.bodies.iter().all(|(_, terms)| terms.remainder() == 0));
    audit
}

/// Effects of the people behind a cause.
fn effects(audit: &DifferenceAudit, cause: DifferenceCause) -> Vec<i64> {
    let mut out: Vec<i64> =
        audit.people.iter().filter(|person| person.cause == cause).map(|person| person.effect).collect();
    out.sort_unstable();
    out
}

#[tokio::test]
async fn two_hundred_contradictions_stop_no_paper() {
    let sample = Sample::saitama();
    let newest = sample.files.last().expect("an export");
    let (heading, mut all) = lines(newest);
    let seed = std::env::var("KAIIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_251_231);
    assert_eq!(with_contradictions(&mut all, seed), 200);
    let desk = Desk::new().await;
    let export = desk.save("members_2025-12-31.csv", file(&heading, &all).as_bytes());
    desk.import(&[sample.files[0].clone(), export.clone()]).await.expect("no contradiction refuses a file");
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let audit = law(&vintage);
    // The file, read again by a reader that shares no code with the program.
    let rows = members(&export, &Bodies::read(&sample.files[0]));
    let n_active = rows.iter().filter(|row| row.status == "在籍").count();
    assert_eq!(usize::try_from(audit.total.source_count), Ok(n_active), "rows whose stored cell says 在籍");
    // Who stands twice with one 入会日 stands in one line of the law; all other rows have a term of their own or none.
    let pair = |row: &Member| (row.number.clone(), row.body.clone());
    let stays: BTreeMap<_, &Member> = rows.iter().map(|row| ((pair(row), row.joined), row)).collect();
    for cause in [DifferenceCause::WithdrawalAhead, DifferenceCause::JoinAhead, DifferenceCause::Contradiction] {
        let of_cause = stays.values().filter_map(|row| term(row)).filter(|(own, _)| *own == cause);
        let mut expected: Vec<i64> = of_cause.map(|(_, effect)| effect).collect();
        expected.sort_unstable();
        assert_eq!(effects(&audit, cause), expected, "{cause:?}");
    }
    let in_force: BTreeSet<_> = rows.iter().filter(|row| is_in_force(row)).map(pair).collect();
    assert_eq!(usize::try_from(audit.total.ours), Ok(in_force.len()));
    let explained: i64 =
        audit.people.iter().filter(|one| one.cause != DifferenceCause::DoubleRow).map(|one| one.effect).sum();
    let n_double = audit.total.source_count + explained - audit.total.ours;
    let double_rows = effects(&audit, DifferenceCause::DoubleRow);
    assert_eq!(
        (audit.total.figure(DifferenceCause::DoubleRow), i64::try_from(double_rows.len())),
        (n_double, Ok(n_double))
    );
    assert!(n_double > 20 && effects(&audit, DifferenceCause::Contradiction).len() > 100);
    for name in REPORTS {
        made(&desk, &request(name, DAY, DAY)).await;
    }
    let first = Area::Association("11-001".into());
    for name in ["member-counts", "withdrawal-audit", "meeting-rijikai"] {
        made(&desk, &PaperRequest { variant: Variant::External, ..request(name, DAY, DAY) }).await;
        made(&desk, &PaperRequest { area: first.clone(), ..request(name, DAY, DAY) }).await;
    }
}

const FOUND: &str = "tests/fixtures/found/state-contradicts-dates";

fn found() -> (std::path::PathBuf, String, Vec<Line>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOUND);
    let text = std::fs::read_to_string(folder.join("members_2025-12-31.csv")).expect("the case can be read");
    let mut all = text.trim_start_matches('\u{feff}').lines();
    let heading = all.next().expect("a heading").to_string();
    (
        folder.join("associations.csv"),
        heading,
        all.map(|line| Line(line.split(',').map(str::to_string).collect())).collect(),
    )
}

/// Takes in the found case with its rows changed.
async fn desk_of(change: impl FnOnce(&mut Vec<Line>)) -> Desk {
    let (master, heading, mut all) = found();
    change(&mut all);
    let desk = Desk::new().await;
    let export = desk.save("members_2025-12-31.csv", file(&heading, &all).as_bytes());
    desk.import(&[master, export]).await.expect("the file is taken in");
    desk
}

/// The neighbours of the found case: each kind of row alone beside the others, and the nearest one that is in order.
#[rstest]
#[case::in_order("2015-04-01", "", "在籍", &[], 0)]
#[case::on_the_last_day("2015-04-01", "2025-12-31", "在籍", &[], 0)]
#[case::left_in_order("2015-04-01", "2025-12-30", "退会", &[], 0)]
#[case::pending_in_order("", "", "申請中", &[], 0)]
#[case::pending_ahead("2026-01-01", "", "申請中", &[], 0)]
#[case::join_ahead("2026-01-01", "", "在籍", &[(DifferenceCause::JoinAhead, -1)], 0)]
#[case::active_after_end("2015-04-01", "2025-12-30", "在籍", &[(DifferenceCause::Contradiction, -1)], 1)]
#[case::active_before_end("2015-04-01", "2026-01-01", "在籍", &[(DifferenceCause::Contradiction, 0)], 1)]
#[case::active_without_joining("", "", "在籍", &[(DifferenceCause::Contradiction, -1)], 1)]
#[case::blank_in_force("2015-04-01", "", "", &[(DifferenceCause::Contradiction, 1)], 1)]
#[case::unknown_word("2015-04-01", "", "休会", &[(DifferenceCause::Contradiction, 1)], 1)]
#[case::pending_with_end("2015-04-01", "2026-03-31", "申請中", &[(DifferenceCause::Contradiction, 1)], 1)]
#[tokio::test]
async fn every_kind_of_contradiction_is_one_line_and_one_warning(
    #[case] joined: &str,
    #[case] left: &str,
    #[case] state: &str,
    #[case] expected: &[(DifferenceCause, i64)],
    #[case] n_warnings: usize,
) {
    let (master, heading, all) = found();
    let mut row = all[0].clone();
    (row.0[JOINED], row.0[LEFT], row.0[STATE]) = (joined.into(), left.into(), state.into());
    // Beside it a plain one: a file with nobody in it would say nothing.
    let mut plain = all[4].clone();
    plain.0[NUMBER] = "299999".into();
    let desk = Desk::new().await;
    let export = desk.save("members_2025-12-31.csv", file(&heading, &[row, plain]).as_bytes());
    let summaries = desk.import(&[master, export]).await.expect("the file is taken in");
    let told = serde_json::to_value(&summaries).expect("a summary is JSON").to_string();
    assert_eq!(told.contains("IMP-127"), n_warnings > 0, "{told}");
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let audit = law(&vintage);
    let lines: Vec<_> = audit.people.iter().map(|person| (person.cause, person.effect)).collect();
    assert_eq!(lines, expected);
    made(&desk, &request("mamis-difference", DAY, DAY)).await;
}

/// A person twice in one body: counted once, the second row is a term of its own, and the table prints it.
#[rstest]
#[case::same_row(|_: &mut Line| {}, 1)]
#[case::other_day(|line: &mut Line| line.0[JOINED] = "2018-04-01".into(), 1)]
#[case::other_state_of_one_day(|line: &mut Line| line.0[STATE] = "退会".into(), 0)]
#[case::ended_before(|line: &mut Line| (line.0[JOINED], line.0[LEFT], line.0[STATE]) =
    ("2001-04-01".into(), "2010-03-31".into(), "退会".into()), 0)]
#[tokio::test]
async fn person_shown_twice_counts_once(#[case] change: fn(&mut Line), #[case] n_double: usize) {
    let desk = desk_of(|all| {
        let mut second = all[0].clone();
        change(&mut second);
        all.push(second);
    })
    .await;
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let audit = law(&vintage);
    assert_eq!((audit.total.ours, effects(&audit, DifferenceCause::DoubleRow).len()), (6, n_double));
    let document = paper(&desk, &request("mamis-difference", DAY, DAY)).await;
    let has_column = table(&document, "mamis-difference").columns.iter().any(|column| column.key == "double_rows");
    assert_eq!(has_column, n_double > 0);
    for name in ["monthly-statistics", "member-counts", "meeting-rijikai"] {
        made(&desk, &request(name, DAY, DAY)).await;
    }
}

/// A row that lost its 入会日 hides the stay that earlier exports showed: it is not shown any more, and still counts.
#[tokio::test]
async fn contradiction_over_an_earlier_export_leaves_nothing_over() {
    let (master, heading, all) = found();
    let desk = Desk::new().await;
    let plain: Vec<Line> = all
        .iter()
        .cloned()
        .map(|mut line| {
            (line.0[LEFT], line.0[STATE]) = (String::new(), "在籍".into());
            // No cell of an export is newer than its day (R24).
            line.0[UPDATED] = "2025-11-20 10:00:00".into();
            line
        })
        .collect();
    let before = desk.save("members_2025-11-30.csv", file(&heading, &plain).as_bytes());
    let mut now = all;
    (now[0].0[JOINED], now[4].0[STATE]) = (String::new(), "申請中".into());
    let export = desk.save("members_2025-12-31.csv", file(&heading, &now).as_bytes());
    desk.import(&[master, before, export]).await.expect("the files are taken in");
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let audit = law(&vintage);
    let terms = audit.total;
    assert_eq!(
        (terms.ours, terms.figure(DifferenceCause::NotShown), terms.figure(DifferenceCause::WithdrawalAhead)),
        (6, 1, 1)
    );
    assert_eq!(effects(&audit, DifferenceCause::Contradiction), [-1, 0, 1, 1, 1]);
    for name in REPORTS {
        made(&desk, &request(name, DAY, DAY)).await;
    }
}

/// The law as it is printed: the terms of the day, each contradiction with what contradicts what.
#[tokio::test]
async fn table_prints_the_terms_that_say_something() {
    let desk = desk_of(|_| {}).await;
    let document = paper(&desk, &request("mamis-difference", DAY, DAY)).await;
    let terms = table(&document, "mamis-difference");
    let keys: Vec<&str> = terms.columns.iter().map(|column| column.key.as_str()).collect();
    let expected = ["association", "source", "withdrawals_ahead", "joins_ahead", "contradictions", "remainder", "ours"];
    assert_eq!(keys, expected);
    let total = terms.rows.last().expect("a total");
    let numbers =
        [Cell::Count(3), Cell::Count(1), Cell::Count(0), Cell::Difference(2), Cell::Difference(0), Cell::Count(6)];
    assert_eq!((total.kind, &total.cells[1..]), (RowKind::Total, &numbers[..]));
    let people = table(&document, "mamis-difference-people");
    let at = people.columns.iter().position(|column| column.key == "contradiction").expect("the column is there");
    let told: Vec<String> =
        people.rows.iter().map(|row| row.cells[at].display()).filter(|text| !text.is_empty()).collect();
    assert_eq!(told, ["申請中だが日付では在籍", "退会だが退会日がない", "在籍だが退会日が先にある"]);
}
