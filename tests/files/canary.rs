//! Canaries: a text of its own in every personal column of an export, and where no person belongs. Everything that the program
//! writes is searched for them: what it prints and logs, names of files, every file inflated.
//!
//! They may stand in the store, in the files of the office itself (also where the inbox put them), in the workbook that gives
//! the office its own rows back, in papers and lists for the office (internal), and nowhere else: docs of the project say so
//! after the rules on personal data.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::{all_below, leftovers};
use crate::cli::people::{Cells, NEXT, cells, master, text};
use crate::cli::program::{Office, Run};

/// Headings that no field names, and what stands there.
const OTHERS: [(&str, &str); 4] = [
    ("住所", "架空市鶯町一丁目"),
    ("電話番号", "0489087651"),
    ("メールアドレス", "uguisu@canary.invalid"),
    ("備考", "ウグイスの備考"),
];

/// One canary in each personal column, by column of [`cells`].
const PERSON: [(usize, &str); 5] =
    [(0, "918273"), (1, "鶯谷　架空"), (2, "ウグイスダニ"), (3, "1957-08-19"), (4, "鶯谷架空診療所")];

/// Days are written in several ways.
const SPELLINGS: [&str; 5] = ["1957/8/19", "19570819", "昭和32年8月19日", "S32.8.19", "32.8.19"];

/// Names where no person belongs: in cells of dates, bodies, classes, states.
const MISPLACED: [(usize, &str); 5] =
    [(7, "鶯田花子"), (5, "鶯田雪子"), (6, "鶯田月子"), (9, "鶯田星子"), (8, "鶯田風子")];

/// Who is only in the file that asks, and only in the one that is refused.
const ASKING: &str = "鶯山問子";
const REFUSED: &str = "鶯山拒子";

pub(super) fn canaries() -> Vec<String> {
    let person = PERSON.iter().map(|(_, text)| *text).chain(["鶯谷架空", "918274", "918275"]);
    let others = OTHERS.iter().map(|(_, text)| *text);
    let misplaced = MISPLACED.iter().map(|(_, text)| *text);
    person.chain(others).chain(misplaced).chain(SPELLINGS).chain([ASKING, REFUSED]).map(str::to_string).collect()
}

/// An export with the person of the canaries, who joined and left, and columns that nobody knows.
pub(super) fn export(edit: impl FnOnce(&mut Cells)) -> String {
    let mut cells = cells();
    for (column, canary) in PERSON {
        cells[5][column] = canary.into();
    }
    edit(&mut cells);
    for (nth, row) in cells.iter_mut().enumerate() {
        row.extend(OTHERS.iter().map(|(heading, text)| if nth == 0 { *heading } else { *text }.to_string()));
    }
    text(&cells)
}

/// The person has left, so that lists of leavers name her; three rows hold names where none belongs.
fn second(cells: &mut Cells) {
    for (column, day) in [(8, "2025-10-15"), (13, "2025-10-15"), (16, "2025-10-15")] {
        cells[5][column] = day.into();
    }
    for (nth, (column, name)) in MISPLACED.into_iter().enumerate() {
        cells[20 + nth][column] = name.into();
    }
}

/// Everything printed and logged by one office.
#[derive(Default)]
pub(super) struct Said(pub(super) Vec<(String, Run)>);

impl Said {
    /// Logs all there is, as text and as JSON by turns.
    pub(super) fn run(&mut self, office: &Office, arguments: &str) {
        let mut command = office.program();
        let format = if self.0.len().is_multiple_of(2) { "text" } else { "json" };
        command.args(arguments.split_whitespace()).env("KAIIN_LOG", "trace").env("KAIIN_LOG_FORMAT", format);
        self.0.push((arguments.to_string(), Run::of(&mut command)));
    }
}

/// Where a canary stands in bytes, as UTF-8, CP932 or UTF-16. The bytes are gone through once for all of them.
pub(super) fn found_in(bytes: &[u8], canaries: &[String]) -> Vec<String> {
    let mut by_first: Vec<Vec<(usize, Vec<u8>)>> = vec![Vec::new(); 256];
    for (nth, canary) in canaries.iter().enumerate() {
        let utf16: Vec<u8> = canary.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let utf16_le: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cp932 = encoding_rs::SHIFT_JIS.encode(canary).0.into_owned();
        for spelling in [canary.as_bytes().to_vec(), cp932, utf16, utf16_le] {
            by_first[usize::from(spelling[0])].push((nth, spelling));
        }
    }
    let mut is_found = vec![false; canaries.len()];
    for (at, byte) in bytes.iter().enumerate() {
        for (nth, spelling) in &by_first[usize::from(*byte)] {
            if bytes[at..].starts_with(spelling) {
                is_found[*nth] = true;
            }
        }
    }
    canaries.iter().zip(is_found).filter(|(_, is_found)| *is_found).map(|(canary, _)| canary.clone()).collect()
}

fn output_of(program: &str, arguments: &[&str], path: &Path) -> Vec<u8> {
    let output = Command::new(program).args(arguments).arg(path).arg("-").output();
    output.unwrap_or_else(|error| panic!("{program}: {error}")).stdout
}

/// All that a file says: its bytes, and what is packed in them.
fn contents(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).expect("the file can be read");
    let mut out = Vec::new();
    match path.extension().and_then(|end| end.to_str()) {
        Some("pdf") => {
            out.push(output_of("pdftotext", &[], path));
            out.push(output_of("qpdf", &["--qdf", "--object-streams=disable"], path));
            out.push(Command::new("pdfinfo").arg(path).output().expect("pdfinfo can be started").stdout);
            assert!(out.iter().all(|text| !text.is_empty()), "{} cannot be read", path.display());
        }
        Some("xlsx") => {
            let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("a workbook is a ZIP");
            for nth in 0..zip.len() {
                let mut inflated = Vec::new();
                zip.by_index(nth).expect("the part is there").read_to_end(&mut inflated).expect("it inflates");
                out.push(inflated);
            }
        }
        _ => {}
    }
    out.push(bytes);
    out
}

/// The name of a file in a backup, or in what was restored from one, as if it lay in the data folder: it holds the same.
fn at_home(name: &str) -> String {
    let in_backup = name.strip_prefix("copies/").and_then(|rest| rest.split_once("/data/"));
    let restored = name.strip_prefix("back/");
    match in_backup.map(|(_, rest)| rest).or(restored) {
        Some(rest) => format!("kaiin-data/{rest}"),
        None => name.to_string(),
    }
}

/// Whether persons may stand in a file, by its path below the folder of the office.
fn may_name_people(office: &Office, path: &Path) -> bool {
    let name = at_home(&path.strip_prefix(office.folder()).expect("below").to_string_lossy());
    let is_of_store = ["kaiin-data/kaiin.sqlite", "kaiin-data/kaiin.sqlite-wal", "kaiin-data/kaiin.sqlite-shm"]
        .contains(&name.as_str());
    let is_of_office = !name.contains('/') || name.starts_with("kaiin-data/inbox/") && !name.ends_with(".理由.txt");
    let is_list = name.starts_with("kaiin-data/rejects/");
    // A paper for the office, by its own manifest. The manifest itself names nobody.
    let manifest = path.ancestors().map(|folder| folder.join("manifest.json")).find(|manifest| manifest.exists());
    let is_internal = manifest.is_some_and(|manifest| {
        let text = std::fs::read_to_string(&manifest).expect("a manifest can be read");
        text.contains("\"variant\": \"internal\"") && path != manifest
    });
    is_of_store || is_of_office || is_list || is_internal
}

/// Searches everything; returns in how many files a canary stands where it may.
#[track_caller]
pub(super) fn search(office: &Office, said: &Said) -> usize {
    let canaries = canaries();
    for (arguments, run) in &said.0 {
        for (stream, text) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
            // Which persons make a figure is what it is asked; its log and its messages name nobody.
            if arguments.starts_with("explain ") && stream == "stdout" {
                continue;
            }
            let found = found_in(text.as_bytes(), &canaries);
            let lines: Vec<&str> =
                text.lines().filter(|line| found.iter().any(|one| line.contains(one.as_str()))).collect();
            assert!(found.is_empty(), "kaiin {arguments} names {found:?} on {stream}: {lines:#?}");
        }
    }
    let mut allowed = 0;
    for path in all_below(office.folder()) {
        let found = found_in(path.as_os_str().as_encoded_bytes(), &canaries);
        assert!(found.is_empty(), "the name {} holds {found:?}", path.display());
        if !path.is_file() {
            continue;
        }
        let found: Vec<String> = contents(&path).iter().flat_map(|part| found_in(part, &canaries)).collect();
        if may_name_people(office, &path) {
            allowed += usize::from(!found.is_empty());
            // What is told of a PDF from outside is no list of people.
            if path.extension().is_some_and(|end| end == "pdf") {
                let info = Command::new("pdfinfo").arg(&path).output().expect("pdfinfo can be started").stdout;
                assert_eq!(found_in(&info, &canaries), Vec::<String>::new(), "{}", path.display());
            }
        } else {
            assert!(found.is_empty(), "{} holds {found:?}", path.display());
        }
    }
    allowed
}

const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\", \"withdrawal-audit\"]\n";

/// An office that has taken in both exports, and what was said meanwhile.
pub(super) fn taken_in() -> (Office, Said) {
    let (office, mut said) = (Office::new(), Said::default());
    std::fs::create_dir_all(office.data().join("inbox")).expect("the folder can be made");
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    office.save("associations.csv", master());
    office.save("members_2025-09-30.csv", export(|_| ()));
    office.save(NEXT, export(second));
    said.run(&office, "import associations.csv members_2025-09-30.csv");
    for more in ["--explain-layout", "--dry-run", "--lang en --dry-run", "--atomic", ""] {
        said.run(&office, &format!("import {NEXT} {more}"));
    }
    assert_eq!(said.0.last().map(|(_, run)| run.exit), Some(Some(0)), "{}", said.0.last().expect("a run").1.stderr);
    (office, said)
}

#[test]
fn names_stand_only_where_they_may() {
    let (office, mut said) = taken_in();
    // One that asks, with people whom nobody knows yet; one that is refused for its rows; one that is cut off in a cell.
    let asking = export(|cells| {
        cells.truncate(20);
        cells[3][1] = ASKING.into();
    });
    let refused = export(|cells| cells.iter_mut().skip(1).for_each(|row| row[7] = REFUSED.into()));
    office.save("members_2025-11-30.csv", &refused);
    office.save("members_2025-12-31.csv", &asking);
    office.save("members_2026-01-31.csv", export(second).replace("鶯谷架空診療所", "\"鶯谷架空診療所"));
    for (name, text) in [("members_2025-11-30.csv", &refused), ("members_2025-12-31.csv", &asking)] {
        for more in ["", "--json", "--lang en"] {
            said.run(&office, &format!("import {name} {more}"));
        }
        office.save(&format!("kaiin-data/inbox/{name}"), text);
    }
    said.run(&office, "import members_2026-01-31.csv");
    for arguments in [
        "jobs tick --now 2026-02-05T06:00:00+09:00",
        "jobs tick --now 2026-02-06T06:00:00+09:00 --json",
        "jobs list",
        "jobs list --json",
        "import --list",
        "count --as-of 2025-10-31 --by tier,association,class",
        "count --as-of 2025-10-31 --json",
        "series --from 2025-09 --to 2025-10",
        "movements --from 2025-10 --to 2025-10",
        "audit withdrawals --from 2025-10-01 --to 2025-10-31",
        "audit mamis-difference",
        "audit transfers",
        "audit withdrawals --from 2025-10-01 --to 2025-10-31 --format csv --out leavers.csv",
        "audit withdrawals --from 2025-10-01 --to 2025-10-31 --format xlsx --out leavers.xlsx",
        "explain 浦和 --as-of 2025-10-31",
        "snapshot take --as-of 2025-09-30",
        "timeline export --out exported --all",
        "snapshot take --as-of 2025-10-31",
        "snapshot list",
        "snapshot verify",
        "store status",
    ] {
        said.run(&office, arguments);
    }
    let all = "pdf,csv,html,xlsx,csv-machine";
    for report in ["member-counts", "withdrawal-audit", "withdrawal-watch", "movements", "transfer-audit"] {
        for variant in ["internal", "external"] {
            let (out, area) = (format!("out/{variant}"), "--as-of 2025-10-31");
            said.run(&office, &format!("report {report} {area} --variant {variant} --format {all} --out {out}"));
            let (arguments, run) = said.0.last().expect("it ran");
            assert_eq!(run.exit, Some(0), "{arguments}: {}", run.stderr);
        }
    }
    ask_of_incidents(&office, &mut said);
    let allowed = search(&office, &said);
    // Else the canaries would prove nothing: store, exports, workbook, inbox, papers and lists hold them.
    assert!(allowed >= 12, "canaries stand in {allowed} files");
    let internal = office.folder().join("out/internal/withdrawal-audit_2025-10-31");
    let names: Vec<String> = vec!["鶯谷　架空".into()];
    let pages = internal.join("withdrawal-audit_2025-10-31.html");
    assert_eq!(found_in(&std::fs::read(pages).expect("the page is there"), &names), names, "the leaver is named");
    assert!(office.data().join("inbox/refused").is_dir() && office.data().join("inbox/確認待ち").is_dir());
}

/// Files that went astray are opened to count who stands in them; what waits for a person names none.
fn ask_of_incidents(office: &Office, said: &mut Said) {
    for arguments in
        ["", "--json", "incident out members_2025-12-31.csv leavers.xlsx", "--json incident out leavers.csv"]
    {
        said.run(office, arguments);
    }
    let (arguments, run) = said.0.last().expect("it ran");
    let is_known = run.stdout.contains("\"internal\"") && run.stdout.contains("handed_out");
    assert!(is_known && run.exit == Some(0), "{arguments}: {}", run.stderr);
}

/// `KAIIN_KILLS=50` kills an import, the making of an internal paper, a snapshot and a tick at so many moments; the suite is
/// content with fewer. What is left lies where only its owner can read it, and is gone after the next command.
#[test]
fn killed_commands_leave_no_name_where_it_may_not_stand() {
    let kills: u32 = std::env::var("KAIIN_KILLS").map_or(4, |n| n.parse().expect("KAIIN_KILLS is a number"));
    let commands = [
        "report withdrawal-audit --as-of 2025-10-31 --out out --variant internal --format pdf,csv,html,xlsx",
        "jobs tick --now 2025-11-05T06:00:00+09:00",
        "import members_2025-10-31.csv --source other",
        "snapshot take --as-of 2025-10-31",
    ];
    let (office, _) = taken_in();
    let times = commands.map(|command| {
        let (begin, office) = (Instant::now(), office.copy());
        office.run(command);
        begin.elapsed()
    });
    let mut left = 0;
    for nth in 0..kills {
        let office = office.copy();
        let which = usize::try_from(nth).expect("a small number") % commands.len();
        let mut command = office.program();
        command.args(commands[which].split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program can be started");
        std::thread::sleep(times[which] * (kills + nth) / (2 * kills));
        // A child that has ended cannot be killed any more, which is no failure of this test.
        let _ = child.kill();
        child.wait().expect("the child was started here");
        for path in leftovers(office.folder()) {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "{} is open to others", path.display());
            left += 1;
        }
        let mut said = Said::default();
        said.run(&office, "report member-counts --as-of 2025-10-31 --out out --variant external --format pdf,csv");
        said.run(&office, "snapshot take --as-of 2025-09-30");
        assert!(said.0.iter().all(|(_, run)| run.exit == Some(0)), "{:?}", said.0);
        assert_eq!(leftovers(office.folder()), Vec::<std::path::PathBuf>::new(), "kill {nth} of {}", commands[which]);
        search(&office, &said);
    }
    crate::figures::say(&format!("{kills} kills, {left} left-overs"));
}
