//! Papers are as short as what they say: boards read few pages, and files of data keep everything.

use std::path::Path;
use std::process::Command;

use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

/// Makes a paper and returns its folder.
fn made(office: &Office, arguments: &str) -> std::path::PathBuf {
    let report = office.json(&format!("report {arguments} --as-of 2025-12-31 --format pdf,csv,html"));
    office.folder().join(report["papers"][0]["folder"].as_str().expect("a folder"))
}

fn file(folder: &Path, ending: &str) -> std::path::PathBuf {
    let mut files = std::fs::read_dir(folder).expect("it can be read").map(|entry| entry.expect("an entry").path());
    files.find(|path| path.extension().is_some_and(|found| found == ending)).expect("it is there")
}

fn pages(folder: &Path) -> Vec<String> {
    let run = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(file(folder, "pdf")).arg("-").output();
    let text = String::from_utf8(run.expect("pdftotext is there").stdout).expect("it writes UTF-8");
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_string).collect()
}

/// The chairmen read six pages of figures behind the agenda, the board fifteen behind agenda and contents, one body three.
#[test]
fn papers_have_as_many_pages_as_boards_read() {
    let office = office();
    let chairmen = pages(&made(&office, "meeting-gunshi-kaicho")).len();
    let board = pages(&made(&office, "meeting-rijikai")).len();
    let body = pages(&made(&office, "monthly-statistics --association 11-001")).len();
    assert!(chairmen <= 1 + 6 && board <= 2 + 15 && body <= 3, "{chairmen}, {board}, {body} pages");
}

/// A table is printed once in a pack; the other place says where.
#[test]
fn nothing_is_printed_twice_in_a_pack() {
    let office = office();
    let folder = made(&office, "meeting-rijikai --variant internal");
    let text = pages(&folder).concat();
    for title in ["MAMISの表示との差異", "会員区分別の異動", "過去の月末の改定"] {
        let headings = text.lines().filter(|line| line.trim() == title).count();
        assert!(headings <= 1, "{title} stands {headings} times");
    }
    assert!(text.contains("のとおり。"), "no table is referred to");
    // The page for browsers is as short; the CSV files are whole.
    let page = std::fs::read_to_string(file(&folder, "html")).expect("a page");
    assert!(page.contains("のとおり。"));
    let names: Vec<String> = std::fs::read_dir(&folder)
        .expect("it can be read")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let of = |word: &str| names.iter().filter(|name| name.ends_with(&format!("_{word}.csv"))).count();
    assert_eq!((of("会員区分別の異動"), of("調整")), (2, 1), "{names:?}");
}

/// What did not occur is one line on paper and a file of its own for programs.
#[test]
fn tables_of_nothing_are_one_line() {
    let office = office();
    let folder = made(&office, "withdrawal-audit --variant external");
    let text: String = pages(&folder).concat().split_whitespace().collect();
    assert!(text.contains("該当なし：退会日の取消し・変更、最新の出力に記載のない会員"), "{text}");
    assert!(!text.contains("※件数0件"), "{text}");
    for word in ["知識時点", "承認済・", "在籍のまま消えた"] {
        assert!(!text.contains(word), "{word} is still printed");
    }
    // The hash of the ledger stands once, at the end.
    let pages = pages(&folder);
    let with_hash: Vec<usize> = (0..pages.len()).filter(|at| pages[*at].contains("台帳")).collect();
    assert_eq!(with_hash, [pages.len() - 1]);
}
