//! The pack of the demo's meeting, point by point as boards are used to it.

use kaiin::domain::document::Block;
use kaiin::render::pdf;

use super::pdfs::words;
use super::written::Written;
use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::reports::pdf_tools::assert_structure;
use crate::store::desk::Desk;

#[tokio::test]
async fn pack_has_what_the_office_wrote() {
    let desk = Desk::of(&Sample::saitama()).await;
    let document = Written::demo().document(&desk).await;
    let cover = document.cover.as_ref().expect("a pack has an agenda");
    assert_eq!(
        (cover.lead.as_str(), cover.facts[0].text.as_str()),
        ("令和7年度　第9回", "令和8年1月22日（木）　15時00分～")
    );
    let marks: Vec<String> = cover
        .agenda
        .iter()
        .flat_map(|group| &group.items)
        .map(|item| format!("{} {} {}", item.number, item.mark, item.remark).trim_end().to_string())
        .collect();
    assert_eq!(marks[0], "1");
    assert_eq!(marks[9], "9 － ※件数 0 件");
    assert_eq!(marks[10], "10 資料9 日医　令和8年2月15日（日）13時～　日本医師会館");
    assert_eq!(marks[11..], ["1 資料10（2枚）", "2 （2枚）"]);
    let bytes = pdf::render(&document).expect("it can be printed").bytes;
    assert_structure(&bytes);
    let pages = words(&bytes);
    let all = pages.concat();
    for expected in [
        "合計1,812機関",
        "合計238機関（会員209、非会員29）",
        "21(4)",
        "合計12件（新規8件・更新4件）",
        "（公印省略）",
        "以上",
    ] {
        assert!(all.contains(expected), "{expected} is not in the pack");
    }
    // Every page that the agenda names begins the paper of its item.
    for section in &document.sections {
        let is_attached = matches!(section.blocks.as_slice(), [Block::Attachment(_)]);
        assert!(is_attached || all.contains(&section.title), "{}", section.title);
    }
}

/// Excel, UTF-8 and CP932 say the same.
#[tokio::test]
async fn encoding_of_a_table_does_not_matter() {
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::demo();
    let first = written.document(&desk).await;
    let path = written.path().join("諮問件数.csv");
    let text = std::fs::read_to_string(&path).expect("a text");
    let (bytes, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
    let second = written.with("諮問件数.csv", bytes).document(&desk).await;
    assert_eq!(first.sections, second.sections);
}

/// Another letter is another edition, which says what changed; the same folder again is none.
#[test]
fn change_makes_an_edition_that_says_what_changed() {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    let written = Written::demo();
    let folder = written.path().display();
    let build = || office.json(&format!("meeting build {folder} --as-of 2025-12-31 --format pdf,csv,xlsx,html"));
    assert_eq!(build()["edition"], 1);
    let written = written.with_words("研修会の通知.csv", "2月15日", "2月22日");
    let folder = written.path().display();
    let second = office.json(&format!("meeting build {folder} --as-of 2025-12-31"));
    assert_eq!(second["edition"], 2);
    let errata = std::fs::read_dir(second["folder"].as_str().expect("a folder")).expect("it can be read");
    let names: Vec<String> =
        errata.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
    let errata = names.iter().find(|name| name.ends_with("_正誤表.csv")).expect("a list of changes");
    let path = std::path::Path::new(second["folder"].as_str().expect("a folder")).join(errata);
    let text = std::fs::read_to_string(path).expect("a text");
    assert!(text.contains("2月15日") && text.contains("2月22日"), "{text}");
    // A third edition compares itself with what the second said, not with its list of changes.
    let written = written.with_words("次第.csv", "5階　大会議室", "4階　会議室");
    let third = office.json(&format!("meeting build {} --as-of 2025-12-31", written.path().display()));
    let folder = std::path::Path::new(third["folder"].as_str().expect("a folder"));
    let content: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("content.json")).expect("a file")).expect("JSON");
    let tables = content["tables"].as_array().expect("tables");
    let errata = tables.iter().find(|table| table["id"] == "errata").expect("a list of changes");
    let said = errata["rows"].to_string();
    assert!(said.contains("5階") && said.contains("4階") && !said.contains("表を削除"), "{said}");
    let manifest = std::path::Path::new(second["folder"].as_str().expect("a folder")).join("manifest.json");
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(manifest).expect("a file")).expect("a manifest");
    assert_eq!(manifest["meeting"]["held_on"], "2026-01-22");
    assert_eq!(manifest["meeting"]["files"].as_array().map(Vec::len), Some(8));
    assert_eq!(office.run("verify").exit, Some(0));
}

/// A pack comes out to the byte as long as the files of its folder are those of then.
#[test]
fn pack_comes_out_to_the_byte() {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    let written = Written::demo();
    let built =
        office.json(&format!("meeting build {} --as-of 2025-12-31 --format pdf,xlsx", written.path().display()));
    let folder = built["folder"].as_str().expect("a folder").to_string();
    let replayed = office.json(&format!("report --replay {folder}"));
    assert_eq!((&replayed["different"], replayed["same"].as_array().map(Vec::len)), (&serde_json::json!([]), Some(2)));
    let _written = written.with_words("諮問件数.csv", "158", "159");
    let run = office.run(&format!("--json report --replay {folder}"));
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &"MTG-004".into()));
}

/// An export that is taken back changes packs of meetings as it changes every other paper that was given out.
#[test]
fn pack_that_a_change_concerns_is_asked_about() {
    let office = Office::copy_of(&prepared(&Sample::saitama()).folder);
    let written = Written::demo();
    office.json(&format!("meeting build {} --as-of 2025-12-31", written.path().display()));
    let imports = office.json("import --list");
    let last = imports.as_array().expect("a list").iter().rev().find(|one| one["kind"] == "members");
    let number = last.expect("an export was taken in")["id"].clone();
    let run = office.run(&format!("--json import --take-back {number} --reason 試験"));
    assert_eq!(run.exit, Some(3), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("郡市医師会長会議_2026-01-22"), "{}", run.stderr);
}
