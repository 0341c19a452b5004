//! The office reader's test: each audit of the samples, opened in a spreadsheet, has every finding that a plain reading of
//! the sample files gives, and no other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::expect::{Expected, Span};
use super::exported::{Line, export, written_down};
use super::plain::{Bodies, Filed, Member, applications, members};
use super::world::World;
use super::{expect, moves};
use crate::cli::program::Office;
use crate::cli::samples::Sample;

/// A sample taken in by the program, and the same files read plainly.
struct Both {
    office: Office,
    exports: Vec<(NaiveDate, Vec<Member>)>,
    filed: Vec<(NaiveDate, Vec<Filed>)>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(path)
}

/// The day in the name of a file.
fn day_of(path: &Path) -> NaiveDate {
    let name = path.file_stem().and_then(|name| name.to_str()).expect("names are UTF-8");
    day(name.rsplit('_').next().expect("a day ends the name"))
}

impl Both {
    fn of(sample: &Sample, filed: &[&str]) -> Self {
        let (office, _) = sample.taken_in();
        let bodies = Bodies::read(&sample.files[0]);
        let exports = sample.files[1..].iter().map(|path| (day_of(path), members(path, &bodies))).collect();
        let paths: Vec<PathBuf> = filed.iter().map(|path| fixture(path)).collect();
        for path in &paths {
            office.import(path.to_str().expect("paths are UTF-8"));
        }
        let filed = paths.iter().map(|path| (day_of(path), applications(path, &bodies))).collect();
        Self { office, exports, filed }
    }

    fn world(&self, known_at: NaiveDate) -> World {
        World::at(&self.exports, &self.filed, known_at)
    }

    /// The worlds of all exports up to a day.
    fn worlds(&self, known_at: NaiveDate) -> BTreeMap<NaiveDate, World> {
        let days = self.exports.iter().map(|(day, _)| *day).filter(|day| *day <= known_at);
        days.map(|day| (day, self.world(day))).collect()
    }

    fn export(&self, kind: &str, span: Span, known_at: NaiveDate) -> Vec<Line> {
        let (from, to) = span;
        export(&self.office, &format!("{kind} --from {from} --to {to} --known-at {known_at}"))
    }

    /// Compares each audit, and says how many findings there are of each.
    #[track_caller]
    fn compare(&self, span: Span, known_at: NaiveDate) -> BTreeMap<&'static str, usize> {
        let world = self.world(known_at);
        // The samples show ended rows for 200 days.
        let horizon = self.exports[0].0.checked_sub_days(chrono::Days::new(200)).expect("a day");
        let mut n = BTreeMap::new();
        let mut check = |kind: &'static str, other: Option<&str>, days: [Option<&str>; 2], expected: Vec<Expected>| {
            let lines = self.export(kind, span, known_at);
            let found: Vec<Expected> = lines.iter().map(|line| written_down(line, other, days)).collect();
            assert_same(kind, &expected, &found);
            n.insert(kind, found.len());
            lines
        };
        let both = [Some("退会日"), Some("入会日")];
        check("withdrawals", None, both, expect::withdrawals(&world, span, known_at));
        check("transfers", Some("転入先コード"), both, moves::transfers(&world, span));
        check("mamis-difference", None, both, expect::difference(&world));
        let days = [Some("適用日"), Some("再び見えた日")];
        check("proxy", Some("再び見えた医師会コード"), days, expect::proxy(&world, span));
        let days = [Some("欠けた初日"), Some("戻った日")];
        check("tiers", Some("下位の医師会コード"), days, moves::tiers(&world, span, horizon));
        let (late, figures): (Vec<Expected>, Vec<Vec<String>>) =
            expect::late(&self.worlds(known_at), span).into_iter().unzip();
        let lines = check("late", None, [Some("退会日・入会日"), None], late.clone());
        assert_figures(&lines, &late, &figures);
        n
    }
}

/// None missing, none wrong.
#[track_caller]
fn assert_same(kind: &str, expected: &[Expected], found: &[Expected]) {
    let sorted = |lines: &[Expected]| {
        let mut lines = lines.to_vec();
        lines.sort();
        lines
    };
    let (expected, found) = (sorted(expected), sorted(found));
    let missing: Vec<_> = expected.iter().filter(|line| !found.contains(line)).collect();
    let wrong: Vec<_> = found.iter().filter(|line| !expected.contains(line)).collect();
    assert!(missing.is_empty() && wrong.is_empty(), "{kind}: missing {missing:#?}, wrong {wrong:#?}");
    assert_eq!(expected, found, "{kind}: a finding stands more than once");
}

/// The figures that a late change changes stand beside it with their numbers before and after.
#[track_caller]
fn assert_figures(lines: &[Line], expected: &[Expected], figures: &[Vec<String>]) {
    for (line, figures) in expected.iter().zip(figures) {
        let found = lines.iter().find(|one| written_down(one, None, [Some("退会日・入会日"), None]) == *line);
        let detail = &found.expect("compared before")["補足"];
        assert!(figures.iter().all(|figure| detail.contains(figure)), "{figures:?} in {detail}");
        assert_eq!(detail.matches('→').count(), figures.len(), "{detail}");
    }
}

const AUTUMN: (&str, &str) = ("2025-09-01", "2025-12-31");

fn span((from, to): (&str, &str)) -> Span {
    (day(from), day(to))
}

#[test]
fn every_finding_of_the_sample_of_saitama_stands_in_its_file() {
    let both = Both::of(&Sample::saitama(), &["saitama/applications_2025-12-31.csv"]);
    let n = both.compare(span(AUTUMN), day("2025-12-31"));
    let expected = [
        ("late", 148),
        ("mamis-difference", 28),
        ("proxy", 40),
        ("tiers", 15),
        ("transfers", 61),
        ("withdrawals", 204),
    ];
    assert_eq!(n, BTreeMap::from(expected));
    // The month of a paper, and what was known a month before.
    both.compare(span(("2025-12-01", "2025-12-31")), day("2025-12-31"));
    both.compare(span(("2025-11-01", "2025-11-30")), day("2025-11-30"));
}

#[test]
fn every_finding_of_the_sample_of_three_prefectures_stands_in_its_file() {
    let filed = ["three-prefectures/applications_2025-09-30.csv", "three-prefectures/applications_2025-12-31.csv"];
    let both = Both::of(&Sample::three_prefectures(), &filed);
    let n = both.compare(span(AUTUMN), day("2025-12-31"));
    let expected =
        [("late", 76), ("mamis-difference", 20), ("proxy", 18), ("tiers", 14), ("transfers", 53), ("withdrawals", 135)];
    assert_eq!(n, BTreeMap::from(expected));
    both.compare(span(("2025-10-01", "2025-10-31")), day("2025-10-31"));
}

#[test]
fn every_finding_of_the_awkward_persons_stands_in_its_file() {
    let both = Both::of(&Sample::cases(), &[]);
    for known_at in ["2025-04-30", "2025-05-31"] {
        let n = both.compare(span(("2025-01-01", "2025-12-31")), day(known_at));
        assert!(n["withdrawals"] > 3 && n["transfers"] > 2, "{n:?}");
    }
}
