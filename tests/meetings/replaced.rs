//! One 資料 made anew in place of its pages (差替え): what is around it keeps its bytes and numbers.

use std::path::PathBuf;

use serde_json::Value;

use super::pdfs::words;
use super::written::Written;
use crate::cli::prepared::prepared;
use crate::cli::program::{Office, Run};
use crate::cli::samples::Sample;

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

fn build(office: &Office, written: &Written, more: &str) -> Run {
    office.run(&format!("--json meeting build {} --as-of 2025-12-31 {more}", written.path().display()))
}

#[track_caller]
fn built(office: &Office, written: &Written, more: &str) -> PathBuf {
    let run = build(office, written, more);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    PathBuf::from(report["folder"].as_str().expect("a folder"))
}

fn pdf(folder: &std::path::Path) -> Vec<u8> {
    let name = folder.file_name().and_then(|name| name.to_str()).expect("a name");
    std::fs::read(folder.join(format!("{name}.pdf"))).expect("the PDF is there")
}

fn pages(bytes: &[u8]) -> Vec<String> {
    words(bytes).into_iter().filter(|page| !page.trim().is_empty()).collect()
}

#[test]
fn replaced_paper_has_the_pages_of_the_one_before() {
    let office = office();
    let written = Written::demo();
    let pack = built(&office, &written, "");
    let before = pdf(&pack);
    let n_pages = pages(&before).len();
    let at =
        pages(&before).iter().position(|page| page.contains("諮問件数") && page.contains("医科")).expect("its page");
    // Another paper was changed as well, and is not re-issued.
    let written = written.with_words("諮問件数.csv", "158", "159").with_words("研修会の通知.csv", "2月15日", "2月22日");
    let folder = built(&office, &written, "--replace-item 8");
    assert!(folder.ends_with("郡市医師会長会議_2026-01-22_資料8差替_external"), "{}", folder.display());
    let bytes = pdf(&folder);
    crate::reports::pdf_tools::assert_structure(&bytes);
    let [page] = <[String; 1]>::try_from(pages(&bytes)).expect("one page");
    for wanted in [
        format!("{} / {n_pages}", at + 1),
        "差替版1".into(),
        "＊159".into(),
        "＊423".into(),
        "＊は、差替えで変わったところ。".into(),
    ] {
        assert!(page.contains(&wanted), "{wanted}: {page}");
    }
    assert!(page.contains("105") && !page.contains("＊105"), "a line that did not change is marked: {page}");
    assert!(!page.contains("2月22日"), "{page}");
    assert!(pdf(&pack) == before, "the pack was touched");
    // Once more: the next version, still beside the pack.
    let written = written.with_words("諮問件数.csv", "159", "160");
    let second = built(&office, &written, "--replace-item 8");
    assert!(second.ends_with("郡市医師会長会議_2026-01-22_資料8差替_external_v2"), "{}", second.display());
    assert!(pages(&pdf(&second)).concat().contains("差替版2"));
    assert_eq!(office.run("verify").exit, Some(0));
}

/// A paper that grew has pages behind its last one; what stands on its pages too is re-issued with it.
#[test]
fn paper_that_grew_has_pages_behind_its_last() {
    let office = office();
    let written = Written::demo();
    let pack = built(&office, &written, "");
    let n_pages = pages(&pdf(&pack)).len();
    let path = written.path().join("産業医の登録.csv");
    let mut text = std::fs::read_to_string(&path).expect("a text");
    (0..90).for_each(|n| text.push_str(&format!("浦和,新規,架空　{n}番,R13.1.15\n")));
    let written = written.with("産業医の登録.csv", text);
    let bytes = pdf(&built(&office, &written, "--replace-item 7"));
    let all = pages(&bytes);
    assert!(all.len() > 2, "{} pages", all.len());
    let first = pages(&pdf(&pack))
        .iter()
        .position(|page| page.contains("産業医の登録") && page.contains("大宮"))
        .expect("its page");
    for (at, page) in all.iter().enumerate() {
        let number =
            if at == 0 { format!("{} / {n_pages}", first + 1) } else { format!("{}-{at} / {n_pages}", first + 1) };
        assert!(page.contains(&number), "{number}: {page}");
    }
    // The table before it stands on the same page.
    assert!(all.concat().contains("外来のひっ迫状況") && all.concat().contains("合計102件"));
}

#[test]
fn what_cannot_be_replaced_is_told() {
    let office = office();
    let written = Written::demo();
    let told = |run: Run| (run.exit, run.error()["error"]["code"].as_str().unwrap_or_default().to_string());
    assert_eq!(told(build(&office, &written, "--replace-item 8")), (Some(2), "MTG-005".into()));
    built(&office, &written, "");
    assert_eq!(told(build(&office, &written, "--replace-item 99")), (Some(2), "MTG-006".into()));
    assert_eq!(told(build(&office, &written, "--replace-item 8")), (Some(1), "MTG-007".into()));
}
