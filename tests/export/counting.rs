//! DuckDB over an export, and `kaiin count` over the store, at the same pairs of as-of day and known-at.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{Datelike, NaiveDate};
use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::domain::as_of::{AsOf, WithdrawalDayRule};
use kaiin::domain::grouping::Dimension;
use kaiin::error::Failure;
use kaiin::service::keep::Workspace;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::questions::answer::CountAnswer;
use kaiin::service::questions::count::count;
use kaiin::service::questions::question::Question;
use serde::Deserialize;
use serde_json::json;

use crate::cli::program::{NOW, Office};
use crate::skipping::DUCKDB;
use crate::store::desk::by_association_and_class;

/// Pairs that an export of all known-ats is compared at, and one of a single known-at.
const N_PAIRS: [usize; 2] = [200, 40];

/// Tier, prefecture, body, class.
type Cell = (String, String, String, String);

/// What one way of counting says of one pair.
#[derive(Debug, PartialEq, Eq, Default)]
struct Figures {
    cells: BTreeMap<Cell, i64>,
    /// Heads by tier, and by tier and prefecture.
    heads: BTreeMap<(String, Option<String>), i64>,
}

/// What tests/export/compare.py prints.
#[derive(Deserialize)]
struct Told {
    pairs: Vec<(NaiveDate, NaiveDate)>,
    cells: Vec<(usize, String, String, String, String, String, i64)>,
    heads: Vec<(usize, String, String, Option<String>, i64)>,
    faults: Vec<String>,
}

impl Told {
    /// What DuckDB says of an export.
    fn of(export: &Path, known: &[NaiveDate], n_pairs: usize) -> Self {
        let python = std::env::var_os(DUCKDB).expect("it was asked for");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/compare.py");
        let mut command = Command::new(python);
        let piped = command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("Python can be started");
        let asked = json!({ "export": export, "known": known, "days": boundary_days(), "n_pairs": n_pairs });
        let mut input = child.stdin.take().expect("it is piped");
        input.write_all(asked.to_string().as_bytes()).expect("Python reads");
        drop(input);
        let output = child.wait_with_output().expect("Python ends");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("the script prints JSON")
    }

    fn figures(&self, nth: usize, way: &str) -> Figures {
        let mut out = Figures::default();
        for (_, _, tier, prefecture, body, class, n) in
            self.cells.iter().filter(|cell| (cell.0, cell.1.as_str()) == (nth, way))
        {
            out.cells.insert((tier.clone(), prefecture.clone(), body.clone(), class.clone()), *n);
        }
        let heads = self.heads.iter().filter(|head| (head.0, head.1.as_str()) == (nth, way));
        out.heads = heads.map(|(_, _, tier, prefecture, n)| ((tier.clone(), prefecture.clone()), *n)).collect();
        out
    }
}

/// Days on which dates go wrong, whatever the world: the ends of two years of months, the days after them, and one between.
fn boundary_days() -> Vec<NaiveDate> {
    let day = |year, month| NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
    let firsts = (2024..=2025).flat_map(|year| (1..=12).map(move |month| day(year, month)));
    let around = |first: NaiveDate| [first.pred_opt(), Some(first), first.with_day(15)];
    firsts.chain([day(2026, 1), day(2026, 4)]).flat_map(around).flatten().collect()
}

/// What `kaiin count` says of a pair. It refuses where nobody is known of.
fn counted(vintage: &Vintage, as_of: NaiveDate) -> Figures {
    let mut out = Figures::default();
    let by = vec![Dimension::Prefecture, Dimension::Association, Dimension::Class];
    if let Some(answer) = told(vintage, as_of, &Question { by, ..by_association_and_class() }) {
        for row in &answer.rows {
            let mut keys = row.keys.0.iter().map(|(_, value)| value.clone());
            let mut next = || keys.next().expect("three keys");
            let (prefecture, body, class) = (key(&next()), next(), next());
            out.cells.insert((row.tier.to_owned(), prefecture, body, class), row.memberships);
        }
        take_heads(&mut out, None, &answer);
    }
    // One prefecture on every fourth day, another one each time. Of the others the cells tell.
    let nth = usize::try_from(as_of.ordinal()).expect("small");
    let prefectures: BTreeSet<&str> = vintage.associations.iter().map(|body| body.prefecture.as_str()).collect();
    let prefectures: Vec<&str> = prefectures.into_iter().filter(|code| !code.is_empty()).collect();
    if nth.is_multiple_of(4) {
        let prefecture = prefectures[nth / 4 % prefectures.len()];
        let question = Question { prefecture: Some(prefecture.to_owned()), ..by_association_and_class() };
        if let Some(answer) = told(vintage, as_of, &question) {
            take_heads(&mut out, Some(prefecture), &answer);
        }
    }
    out
}

fn told(vintage: &Vintage, as_of: NaiveDate, question: &Question) -> Option<CountAnswer> {
    match count(vintage, AsOf(as_of), question) {
        Ok(answer) => Some(answer),
        Err(error) => {
            let code = error.downcast_ref::<Failure>().map(|failure| failure.code);
            assert!(matches!(code, Some("QRY-010" | "QRY-011")), "the question is sound: {error:#}");
            None
        }
    }
}

fn take_heads(out: &mut Figures, prefecture: Option<&str>, answer: &CountAnswer) {
    let totals = [
        ("local", answer.totals.local),
        ("prefectural", answer.totals.prefectural),
        ("national", answer.totals.national),
    ];
    for (tier, total) in totals.into_iter().filter(|(_, total)| total.heads > 0) {
        out.heads.insert((tier.to_owned(), prefecture.map(str::to_owned)), total.heads);
    }
}

/// How the export writes the prefecture of a row: 00 for none.
fn key(prefecture: &str) -> String {
    if matches!(prefecture, "" | "unknown") { "00".to_owned() } else { prefecture.to_owned() }
}

/// The figures of DuckDB without heads of prefectures that `kaiin count` was not asked about on the day.
fn asked_of(mut told: Figures, counted: &Figures) -> Figures {
    let cells = &told.cells;
    // In the two lower tiers of one prefecture heads are at most the memberships; in the national tier they are equal.
    for ((tier, prefecture), heads) in told.heads.iter().filter(|((_, prefecture), _)| prefecture.is_some()) {
        let here = cells.iter().filter(|((of, code, ..), _)| of == tier && Some(code) == prefecture.as_ref());
        let memberships: i64 = here.map(|(_, n)| n).sum();
        assert!(
            *heads <= memberships && *heads > 0 && (tier != "national" || *heads == memberships),
            "{tier} {prefecture:?}"
        );
    }
    let asked: Vec<&Option<String>> = counted.heads.keys().map(|(_, prefecture)| prefecture).collect();
    told.heads.retain(|(_, prefecture), _| asked.contains(&prefecture));
    told
}

/// Exports what an office knows, and compares both ways of counting it with the program at 200 pairs.
#[track_caller]
pub fn compare(office: &Office, arguments: &str, rule: WithdrawalDayRule) {
    let manifest = office.json(&format!("timeline export --out export {arguments}"));
    let days = |key: &str| -> Vec<NaiveDate> { serde_json::from_value(manifest[key].clone()).expect("days") };
    let known: Vec<NaiveDate> = match manifest["all_known_at"].as_bool() {
        Some(true) => known_at_days(&days("known_days")),
        _ => vec![serde_json::from_value(manifest["known_at"].clone()).expect("a day")],
    };
    let n_pairs = if known.len() > 1 { N_PAIRS[0] } else { N_PAIRS[1] };
    let told = Told::of(&office.folder().join("export"), &known, n_pairs);
    assert_eq!(told.faults, Vec::<String>::new());
    assert_eq!(told.pairs.len(), n_pairs, "too few days");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let config = Config { withdrawal_day_rule: rule, ..Config::default() };
        let clock = Clock::Fixed(NOW.parse().expect("an instant"));
        let workspace = Workspace::open_to_ask(&office.data(), config, clock).await.expect("the data folder opens");
        let mut n_members = 0;
        for known_at in known {
            let vintage = Vintage::open(&workspace, Some(known_at)).await.expect("something is known");
            for (nth, (as_of, _)) in told.pairs.iter().enumerate().filter(|(_, (_, other))| *other == known_at) {
                let expected = counted(&vintage, *as_of);
                n_members += expected.cells.values().sum::<i64>();
                for way in ["segments", "changes"] {
                    let figures = asked_of(told.figures(nth, way), &expected);
                    assert_eq!(figures, expected, "{way}, as of {as_of}, known at {known_at}");
                }
            }
        }
        assert!(n_members > 0, "nothing was compared");
    });
}

/// The days on which something was learnt, and the days before them but for the first.
fn known_at_days(days: &[NaiveDate]) -> Vec<NaiveDate> {
    let (first, newest) = (days[0], days[days.len() - 1]);
    let around = days.iter().flat_map(|day| [day.pred_opt(), Some(*day)]).flatten();
    let mut out: Vec<NaiveDate> = around.filter(|day| (first..=newest).contains(day)).collect();
    out.sort_unstable();
    out.dedup();
    out
}
