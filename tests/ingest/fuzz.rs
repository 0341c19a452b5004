//! Random damage to good files and dates. Long runs by hand:
//! `KAIIN_FUZZ_SECONDS=600 cargo test --test all fuzz:: -- --ignored --nocapture`, the seed in `KAIIN_FUZZ_SEED`.
//!
//! A panic or a run that does not end is a find. What was found is kept under `tests/fixtures/found`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate};
use kaiin::definitions;
use kaiin::definitions::DefinitionFolder;
use kaiin::domain::association::Associations;
use kaiin::domain::japanese_date::{era_date, parse_date, short_era_date};
use kaiin::domain::layout::{FileKind, Layout, Vocabulary};
use kaiin::domain::problem::Problem;
use kaiin::ingest::rows::{Rows, cells_of};
use kaiin::ingest::scan::scan;
use kaiin::ingest::{IngestError, adjustments, applications, fit_file, master, members};

use super::counter::{EXPORT_DAY, bad};
use super::random::{Random, damaged};
use super::zips::{parts_of, zipped};

/// No damage makes a file of three people take longer than this.
const MOST_SECONDS: u64 = 20;

/// Everything that reading needs besides the file.
struct Reader {
    layouts: Vec<Layout>,
    vocabulary: Vocabulary,
    associations: Associations,
}

impl Reader {
    fn new() -> Self {
        let folder = DefinitionFolder::shipped();
        let layouts = definitions::layouts(&folder).expect("the shipped layouts are good");
        let vocabulary = definitions::vocabulary(&folder).expect("the shipped vocabulary is good");
        let path = bad().join("master.csv");
        let mut scanned = scan(&path).expect("the master is good");
        let (_, columns) = fit_file(&path, &mut scanned, &layouts, None).expect("the master is good");
        let read = master::read_master(&path, &scanned, &columns, &Associations::default());
        let bodies = read.expect("the master is good").rows;
        Self { layouts, vocabulary, associations: Associations::new(bodies).expect("the master is good") }
    }

    /// Goes the way of an import up to the store, and reads all rows again.
    fn read(&self, path: &Path) -> Result<usize, IngestError> {
        let mut scanned = scan(path)?;
        let (layout, columns) = fit_file(path, &mut scanned, &self.layouts, None)?;
        let mut rows = Rows::open(path, &scanned)?;
        let mut record = csv::StringRecord::new();
        let mut numbers = Vec::new();
        while let Some(row) = rows.next_row(&mut record)? {
            assert!(numbers.last().is_none_or(|last| *last < row), "rows are numbered upwards");
            numbers.push(row);
        }
        let (bodies, words) = (&self.associations, &self.vocabulary);
        let day = EXPORT_DAY.parse().expect("the export day is ISO");
        if layout.kind == FileKind::Applications {
            applications::read_applications(path, &scanned, &columns, bodies, words, day)?;
        } else if layout.kind == FileKind::Adjustments {
            adjustments::read_adjustments(path, &scanned, &columns, bodies, words, day)?;
        } else if layout.kind == FileKind::Associations {
            let rows = master::read_master(path, &scanned, &columns, bodies)?.rows;
            assert!(rows.len() <= numbers.len(), "a master has no more bodies than rows");
        } else {
            let read = members::read_members(path, &scanned, &columns, bodies, words, day, &|_| {})?;
            assert_eq!(
                usize::try_from(read.tally.n_rows).ok(),
                Some(numbers.len()),
                "both readings find the same rows"
            );
            assert_eq!(
                u64::from(read.tally.n_rows),
                u64::from(read.tally.n_rejected) + u64::try_from(read.rows.len()).expect("a count")
            );
        }
        let again = cells_of(path, &scanned, &numbers, usize::MAX)?;
        assert_eq!(again.rows.len(), numbers.len(), "the rows are found again");
        Ok(numbers.len())
    }
}

/// Reads a file that may be damaged in any way.
pub fn read_as_far_as_possible(path: &Path) {
    // Whether it is refused is not the question.
    drop(Reader::new().read(path));
}

fn seconds(default: u64) -> Duration {
    let told = std::env::var("KAIIN_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(told.unwrap_or(default))
}

fn seed() -> u64 {
    std::env::var("KAIIN_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_250_930)
}

/// Damages files until the time is over. Each damaged file lies in a temporary folder; one that breaks the program is
/// copied to `fuzz-find`, beside it, before the test fails.
fn run(name: &str, time: Duration, mut make: impl FnMut(&mut Random) -> Vec<u8>) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("members.csv");
    let reader = Reader::new();
    let mut random = Random(seed());
    let started = Instant::now();
    let (mut n, mut n_read, mut codes) = (0_u64, 0_u64, std::collections::BTreeMap::<&str, u64>::new());
    while started.elapsed() < time {
        let bytes = make(&mut random);
        std::fs::write(&path, &bytes).expect("the temporary folder can be written");
        let begun = Instant::now();
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.read(&path)));
        let is_slow = begun.elapsed() > Duration::from_secs(MOST_SECONDS);
        if result.is_err() || is_slow {
            let kept = keep(name, &bytes);
            panic!("find number {n} of seed {} is kept as {}", seed(), kept.display());
        }
        n += 1;
        match result.expect("a panic was found above") {
            Ok(_) => n_read += 1,
            Err(IngestError::File(problem)) => *codes.entry(problem.problem.code()).or_default() += 1,
            Err(IngestError::Io(error)) => panic!("{error}"),
        }
    }
    tell(&format!("{name}: {n} files in {:?}, {n_read} read, refused {codes:?}", started.elapsed()));
    assert!(n > 0 && codes.keys().all(|code| Problem::from_code(code).is_some()));
}

/// Shown with `--nocapture`.
fn tell(text: &str) {
    writeln!(std::io::stdout(), "{text}").expect("standard output takes a line");
}

fn keep(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("fuzz-find-{name}"));
    std::fs::write(&path, bytes).expect("the find can be kept");
    path
}

fn corpus(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(bad().join(folder)).expect("the corpus can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the corpus can be read").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).expect("the corpus can be read")).filter(|b| b.len() < 40_000).collect()
}

const CSV_PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b"\r\n",
    b"\r",
    b"\n",
    b"\0",
    b"\x1f",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\x81",
    b"\xF0\x40",
    b"\x83\x5C",
    "髙".as_bytes(),
    "𠮷".as_bytes(),
    b"9999-12-31",
    "令和元年".as_bytes(),
    b"=1+1",
    b"=\"",
    b"sep=;\r\n",
    b"\x1A",
    b"\",\r\n\"",
    "合計".as_bytes(),
    "㍻".as_bytes(),
    "（水）".as_bytes(),
    b"T15:00:00Z",
    b"\xE3\x82\x99",
    b"\xE2\x80\x8B",
    b"1.23E+05",
    b",,,,,,,,,,",
    "医籍登録番号".as_bytes(),
    "　".as_bytes(),
    b"\xE3\x80",
    b"\t",
    b"-1",
    b"0",
];

fn csv_files(name: &str, time: Duration) {
    let mut seeds = corpus("encoding", ".csv");
    seeds.extend(corpus("structure", ".csv"));
    seeds.extend(corpus("cells", ".csv"));
    for folder in ["dates", "long", "applications", "adjustments", "master"] {
        seeds.extend(corpus(folder, ".csv"));
    }
    run(name, time, |random| {
        let seed = random.below(seeds.len());
        damaged(random, &seeds[seed], CSV_PIECES)
    });
}

const XML_PIECES: &[&[u8]] = &[
    b"<row r=\"0\">",
    b"<row r=\"4294967295\">",
    b"<row r=\"1048577\">",
    b"r=\"XFE1\"",
    b"r=\"ZZZZZZZZZZ1\"",
    b"r=\"A99999999999\"",
    b"t=\"s\"",
    b"t=\"e\"",
    b"t=\"b\"",
    b"t=\"d\"",
    b"t=\"str\"",
    b"t=\"inlineStr\"",
    b"<v>99999999999999999999</v>",
    b"<v>1e308</v>",
    b"<v>-1</v>",
    b"<v>NaN</v>",
    b"<v>inf</v>",
    b"<v/>",
    b"</c>",
    b"<c/>",
    b"</row>",
    b"</sheetData>",
    b"<is><t>",
    b"<rPh>",
    b"&#0;",
    b"&#x1F;",
    b"&lt;",
    b"&h;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE x [<!ENTITY h \"y\">]>",
    b"_x0000_",
    b"_xD83D_",
    b"_x001F_",
    b"\0",
    b"\xFF",
    b"<dimension ref=\"B2:A1\"/>",
    b"<dimension/>",
    b"s=\"99\"",
    b"numFmtId=\"57\"",
    b"date1904=\"1\"",
    b"state=\"hidden\"",
    b"uniqueCount=\"9\"",
    b"../../",
    b"xmlns:x=\"y\"",
    b"<x:c>",
    b"\"",
    b">",
    b"<",
];

fn workbooks(name: &str, time: Duration) {
    let seeds = corpus("workbook", ".xlsx");
    let readable: Vec<Vec<(String, Vec<u8>)>> = seeds
        .iter()
        .filter_map(|seed| std::panic::catch_unwind(|| parts_of(seed)).ok().filter(|parts| !parts.is_empty()))
        .collect();
    run(name, time, |random| {
        // The container itself, or what is in it.
        if random.below(4) == 0 {
            let seed = random.below(seeds.len());
            return damaged(
                random,
                &seeds[seed],
                &[b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xFF\xFF\xFF\xFF", b"\0\0\0\0"],
            );
        }
        let seed = random.below(readable.len());
        let mut parts = readable[seed].clone();
        let at = random.below(parts.len());
        parts[at].1 = damaged(random, &parts[at].1, XML_PIECES);
        if random.below(16) == 0 {
            let other = random.below(parts.len());
            parts[at].0 = parts[other].0.clone();
        }
        zipped(&parts)
    });
}

const DATE_PIECES: &[&str] = &[
    "令和",
    "平成",
    "昭和",
    "大正",
    "明治",
    "元",
    "年",
    "月",
    "日",
    "R",
    "H",
    "s",
    "-",
    "/",
    ".",
    " ",
    "　",
    "T",
    ":",
    "00",
    "12",
    "31",
    "2025",
    "9999",
    "０",
    "９",
    "１２",
    "．",
    "／",
    "－",
    "2",
    "29",
    "99999999999999999999",
    "-1",
    "+",
    "é",
    "𠮷",
    "\u{0}",
    "\u{301}",
    "㍻",
    "㋿",
    "①",
    "e5",
];

/// What is read is a date of the documented range, and every form in which we write it is read as the same date.
fn dates(time: Duration) {
    let mut random = Random(seed());
    let (mut n, mut n_read) = (0_u64, 0_u64);
    let started = Instant::now();
    while started.elapsed() < time {
        for _ in 0..1_000 {
            let text: String = if random.below(3) == 0 {
                let bytes: Vec<u8> = damaged(&mut random, "令和7年9月30日 2025-09-30".as_bytes(), &[b"R7.9.30"]);
                String::from_utf8_lossy(&bytes).into_owned()
            } else {
                (0..=random.below(9)).map(|_| *random.pick(DATE_PIECES)).collect()
            };
            n += 1;
            let Some(date) = parse_date(&text) else { continue };
            n_read += 1;
            assert!((1868..=2200).contains(&date.year()), "{text:?} → {date}");
            for written in [date.to_string(), era_date(date), short_era_date(date), date.format("%Y%m%d").to_string()] {
                assert_eq!(parse_date(&written), Some(date), "{text:?} → {written}");
            }
        }
    }
    tell(&format!("dates: {n} texts in {:?}, {n_read} read", started.elapsed()));
    assert!(n_read > 0);
}

#[test]
fn damaged_text_breaks_nothing() {
    csv_files("csv-short", Duration::from_secs(4));
}

#[test]
fn damaged_workbook_breaks_nothing() {
    workbooks("xlsx-short", Duration::from_secs(4));
}

#[test]
fn any_text_is_a_date_or_none() {
    dates(Duration::from_secs(1));
}

#[test]
#[ignore = "runs for KAIIN_FUZZ_SECONDS"]
fn damaged_text_breaks_nothing_for_long() {
    csv_files("csv", seconds(600));
}

#[test]
#[ignore = "runs for KAIIN_FUZZ_SECONDS"]
fn damaged_workbook_breaks_nothing_for_long() {
    workbooks("xlsx", seconds(600));
}

#[test]
#[ignore = "runs for KAIIN_FUZZ_SECONDS"]
fn any_text_is_a_date_or_none_for_long() {
    dates(seconds(600));
}

/// Every day of the documented range is written and read.
#[test]
fn every_day_is_read_back() {
    let mut day = NaiveDate::from_ymd_opt(1868, 1, 25).expect("a day");
    while day.year() <= 2200 {
        for written in [day.to_string(), era_date(day), short_era_date(day)] {
            assert_eq!(parse_date(&written), Some(day), "{written}");
        }
        day = day.succ_opt().expect("a day follows");
    }
}
