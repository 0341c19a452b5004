//! Ten telling pages look as they did when somebody looked at them, and two readers that share no code draw them alike.
//!
//! `KAIIN_WRITE_PICTURES=1 cargo test --test all reports::pictures` keeps the pages as they are now: look at each of
//! `tests/fixtures/pictures` before it is committed.

use std::path::{Path, PathBuf};

use super::picture::{Picture, kept_at};
use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::meetings::written::demo_folder;

/// Two versions of one reader may smooth a few corners otherwise.
const MOST_OTHER_SQUARES: usize = 8;
/// Two readers set thin rules and the edges of letters on other dots.
const MOST_OTHER_BETWEEN_READERS: usize = 300;

struct Made {
    name: &'static str,
    pdf: PathBuf,
    page: usize,
}

fn pdf_in(folder: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("an entry").path());
    files.find(|path| path.extension().is_some_and(|found| found == "pdf")).expect("a PDF is there")
}

fn paper(office: &Office, arguments: &str) -> PathBuf {
    let made = office.json(&format!("{arguments} --as-of 2025-12-31 --format pdf"));
    // A meeting is one paper, a report may be several.
    let folder = made["folder"].as_str().or_else(|| made["papers"][0]["folder"].as_str());
    pdf_in(&office.folder().join(folder.expect("a folder")))
}

/// The pages: agenda, contents, figures with a stack, a line, letters and tables of the office, steps, bars, a funnel, lists.
fn telling(office: &Office) -> Vec<Made> {
    let meeting = office.folder().join("2026-01-22_会議");
    crate::cli::prepared::copy_folder(&demo_folder(), &meeting);
    let pack = paper(office, "meeting build 2026-01-22_会議");
    let monthly = paper(office, "report monthly-statistics");
    let movements = paper(office, "report movements");
    let audit = paper(office, "report withdrawal-audit");
    let body = paper(office, "report monthly-statistics --association 11-001");
    let of = |name, pdf: &PathBuf, page| Made { name, pdf: pdf.clone(), page };
    vec![
        of("pack-agenda", &pack, 1),
        of("pack-contents", &pack, 2),
        of("pack-members", &pack, 3),
        of("pack-trend", &pack, 4),
        of("pack-office", &pack, 9),
        of("monthly-bars", &monthly, 3),
        of("monthly-funnel", &monthly, 8),
        of("movements-steps", &movements, 1),
        of("audit-states", &audit, 1),
        of("body-first", &body, 1),
    ]
}

#[test]
fn telling_pages_look_as_they_did() {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    let mut other = Vec::new();
    for made in telling(&office) {
        let now = Picture::by_poppler(&made.pdf, made.page);
        let path = kept_at(made.name);
        if std::env::var_os("KAIIN_WRITE_PICTURES").is_some() {
            now.keep(&path);
        }
        let places = Picture::kept(&path).map(|kept| kept.differences(&now));
        if places.as_ref().is_none_or(|places| places.len() > MOST_OTHER_SQUARES) {
            let beside = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.png", made.name));
            now.keep(&beside);
            other.push(format!(
                "{}: {} (at {:?} %)",
                path.display(),
                beside.display(),
                places.map(|mut all| all.pop())
            ));
        }
        let second = Picture::by_mupdf(&made.pdf, made.page);
        let between = now.differences(&second).len();
        assert!(between <= MOST_OTHER_BETWEEN_READERS, "{}: poppler and mupdf differ at {between} places", made.name);
    }
    assert!(other.is_empty(), "pages look otherwise; KAIIN_WRITE_PICTURES=1 keeps them:\n{}", other.join("\n"));
}

/// The comparison sees a missing line, a moved table and another page, and not a little smoothing.
#[test]
fn comparison_sees_what_an_eye_sees() {
    let kept = Picture::kept(&kept_at("movements-steps")).expect("it is kept");
    let moved = |by: usize| {
        let mut dots = vec![255; by * kept.width];
        dots.extend_from_slice(&kept.dots[..kept.dots.len() - by * kept.width]);
        Picture { dots, ..kept.clone() }
    };
    assert!(kept.differences(&kept).is_empty());
    assert!(kept.differences(&moved(3)).len() > 2 * MOST_OTHER_BETWEEN_READERS);
    let mut without_line = kept.clone();
    // The band of one row of the first table.
    let row = kept.width * (kept.height * 31 / 100);
    without_line.dots[row..row + 9 * kept.width].fill(255);
    assert!(kept.differences(&without_line).len() > MOST_OTHER_SQUARES);
    let smoothed = kept.dots.iter().map(|dot| dot.saturating_add(if *dot < 250 { 12 } else { 0 })).collect();
    assert!(kept.differences(&Picture { dots: smoothed, ..kept.clone() }).is_empty());
    let another = Picture::kept(&kept_at("audit-states")).expect("it is kept");
    assert!(kept.differences(&another).len() > 30 * MOST_OTHER_SQUARES);
}
