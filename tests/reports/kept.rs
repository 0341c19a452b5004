//! Papers are kept (R36): one folder for each edition, whole, named for what it is, never written again.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::cli::program::{Office, Run};
use crate::cli::samples::Sample;

/// Invented people of one body.
fn export(n: u32) -> String {
    let mut text = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n"
        .to_owned();
    for number in 100_000..100_000 + n {
        writeln!(text, "{number},架空　例,浦和医師会,B,2001-04-01,,在籍,,,,,,").expect("a text takes more text");
    }
    text
}

fn office() -> Office {
    let office = Office::new();
    office.import(&Sample::cases().files[0].display().to_string());
    take_in(&office, "a_2025-09-30.csv", 60);
    office
}

fn take_in(office: &Office, name: &str, n: u32) {
    office.save(name, export(n));
    office.import(&format!("--accept-change --reason 訂正 {name}"));
}

const BASE: &str = "member-counts_2025-09-30";

fn report(office: &Office, options: &str) -> Run {
    office.run(&format!("--json report member-counts --as-of 2025-09-30 --out papers --format pdf,csv {options}"))
}

#[track_caller]
fn made(office: &Office, options: &str) -> Value {
    let run = report(office, options);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("a report in JSON");
    report["papers"][0].clone()
}

fn folder(paper: &Value) -> String {
    let folder = Path::new(paper["folder"].as_str().expect("a folder"));
    folder.file_name().expect("a name").to_string_lossy().into_owned()
}

/// Every file below the papers, by its path there.
fn files(office: &Office) -> BTreeMap<String, Vec<u8>> {
    let root = office.folder().join("papers");
    let (mut out, mut folders) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).expect("below").to_string_lossy().into_owned();
                out.insert(name, std::fs::read(&path).expect("the file can be read"));
            }
        }
    }
    out
}

fn text(office: &Office, name: &str) -> String {
    std::fs::read_to_string(office.folder().join("papers").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn manifest(office: &Office, folder: &str) -> Value {
    serde_json::from_str(&text(office, &format!("{folder}/manifest.json"))).expect("a manifest")
}

#[test]
fn variants_and_drafts_of_one_paper_have_folders_of_their_own() {
    let office = office();
    let mut names = Vec::new();
    for options in ["--variant internal", "--variant external", "--draft", "--variant external --draft"] {
        names.push(folder(&made(&office, options)));
    }
    let expected = ["", "_external", "_draft", "_external_draft"].map(|suffix| format!("{BASE}{suffix}"));
    assert_eq!(names, expected);
    for (name, variant, draft) in [(&names[0], "internal", false), (&names[3], "external", true)] {
        let manifest = manifest(&office, name);
        assert_eq!((&manifest["variant"], &manifest["draft"]), (&Value::from(variant), &Value::from(draft)));
        assert_eq!(manifest["edition"], 1);
        assert!(office.folder().join(format!("papers/{name}/{name}.pdf")).exists());
        // The manifest names every file of its folder, and no other.
        let own: Vec<String> =
            files(&office).into_keys().filter(|path| path.starts_with(&format!("{name}/"))).collect();
        let listed = manifest["files"].as_array().expect("files").iter().map(|file| file["name"].as_str());
        let mut listed: Vec<String> = listed.map(|file| format!("{name}/{}", file.expect("a name"))).collect();
        listed.push(format!("{name}/manifest.json"));
        listed.sort();
        assert_eq!(own, listed);
    }
}

#[test]
fn same_content_again_writes_nothing_and_says_so() {
    let office = office();
    assert_eq!(made(&office, "")["unchanged"], false);
    let before = files(&office);
    let again = made(&office, "");
    assert_eq!((&again["unchanged"], &again["edition"]), (&Value::from(true), &Value::from(1)));
    assert!(files(&office) == before);
    let spoken = office.run("report member-counts --as-of 2025-09-30 --out papers --format pdf,csv");
    assert_eq!(spoken.exit, Some(0));
    assert!(spoken.stderr.contains("同じ内容"), "{}", spoken.stderr);
    // A format that the folder lacks is added; the files that are there stay as they are.
    let run = office.run("report member-counts --as-of 2025-09-30 --out papers --format html");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let after = files(&office);
    assert!(after.contains_key(&format!("{BASE}/{BASE}.html")));
    let is_kept =
        |(name, bytes): (&String, &Vec<u8>)| name.ends_with("manifest.json") || after.get(name) == Some(bytes);
    assert!(before.iter().all(is_kept));
    assert_eq!(made(&office, "")["unchanged"], true);
}

#[test]
fn other_content_is_the_next_edition_with_a_list_of_what_changed() {
    let office = office();
    made(&office, "");
    let before = files(&office);
    take_in(&office, "b_2025-09-30.csv", 61);
    let second = made(&office, "");
    let name = format!("{BASE}_v2");
    assert_eq!((folder(&second), &second["edition"]), (name.clone(), &Value::from(2)));
    assert!(before.iter().all(|(name, bytes)| files(&office).get(name) == Some(bytes)), "the first edition changed");
    let manifest = manifest(&office, &name);
    assert_eq!(manifest["edition_mark"], "訂正版 2");
    assert_eq!(manifest["compared_with"], BASE);
    let errata = files(&office).into_keys().find(|path| path.starts_with(&name) && path.ends_with("_正誤表.csv"));
    let errata = text(&office, &errata.expect("a list of changes"));
    assert!(errata.contains("正誤表") && errata.contains("浦和"), "{errata}");
    assert!(errata.contains(",計,60,61"), "{errata}");
    // Figures that stayed as they were are not listed.
    assert!(!errata.contains("川口市"), "{errata}");
    let table = text(&office, &format!("{name}/02_医師会別・会員区分別.csv"));
    assert!(table.contains("訂正版 2"), "{table}");
    // The third edition is compared with the second one.
    take_in(&office, "c_2025-09-30.csv", 62);
    let third = made(&office, "");
    assert_eq!(folder(&third), format!("{BASE}_v3"));
    assert_eq!(self::manifest(&office, &format!("{BASE}_v3"))["compared_with"], name);
    assert_eq!(made(&office, "")["unchanged"], true);
}

#[test]
fn paper_of_another_known_at_overwrites_none_and_is_no_correction() {
    let office = office();
    made(&office, "");
    take_in(&office, "a_2025-10-31.csv", 61);
    let before = files(&office);
    let second = made(&office, "");
    assert_eq!(folder(&second), format!("{BASE}_v2"));
    let manifest = manifest(&office, &folder(&second));
    assert_eq!((&manifest["known_at"], &manifest["edition_mark"]), (&"2025-10-31".into(), &"第2版".into()));
    assert!(before.iter().all(|(name, bytes)| files(&office).get(name) == Some(bytes)));
    // Either is there already.
    for (known_at, edition) in [("2025-09-30", 1), ("2025-10-31", 2)] {
        let again = made(&office, &format!("--known-at {known_at}"));
        assert_eq!((&again["unchanged"], &again["edition"]), (&Value::from(true), &Value::from(edition)));
    }
}

#[test]
fn drafts_never_count_as_editions_of_the_paper() {
    let office = office();
    made(&office, "--draft");
    take_in(&office, "b_2025-09-30.csv", 61);
    assert_eq!(folder(&made(&office, "--draft")), format!("{BASE}_draft_v2"));
    assert_eq!(manifest(&office, &format!("{BASE}_draft_v2"))["edition_mark"], "第2稿");
    let paper = made(&office, "");
    assert_eq!((folder(&paper), &paper["edition"]), (BASE.to_string(), &Value::from(1)));
}

#[test]
fn what_a_killed_run_left_is_cleared_and_what_others_put_there_is_not() {
    let office = office();
    let papers = office.folder().join("papers");
    let leftover = papers.join(format!(".kaiin-{BASE}"));
    std::fs::create_dir_all(&leftover).expect("a folder");
    std::fs::write(leftover.join("01_x.csv"), "half").expect("a file");
    let foreign = papers.join(BASE);
    std::fs::create_dir_all(&foreign).expect("a folder");
    std::fs::write(foreign.join("notes.txt"), "of the office").expect("a file");
    let paper = made(&office, "");
    assert_eq!(folder(&paper), format!("{BASE}_v2"));
    assert!(!leftover.exists());
    assert_eq!(std::fs::read_to_string(foreign.join("notes.txt")).expect("it stays"), "of the office");
    assert_eq!(std::fs::read_dir(&foreign).expect("it stays").count(), 1);
}

#[test]
fn kept_paper_that_was_changed_by_hand_is_told_and_left_alone() {
    let office = office();
    made(&office, "");
    let table = office.folder().join(format!("papers/{BASE}/02_医師会別・会員区分別.csv"));
    std::fs::write(&table, "by hand").expect("the file can be written");
    let run = report(&office, "");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &Value::from("RPT-025")));
    assert_eq!(std::fs::read_to_string(&table).expect("it stays"), "by hand");
}

/// The office must read which folder it was and why; a message about a missing CSV file sends it the wrong way.
#[test]
fn folder_that_cannot_be_written_is_named_with_the_reason() {
    let office = office();
    office.save("papers", "a file");
    let run = report(&office, "");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &Value::from("RPT-021")));
    assert!(run.error()["error"]["message"].as_str().is_some_and(|text| text.contains("/papers")), "{}", run.stderr);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let closed = office.folder().join("closed");
        std::fs::create_dir(&closed).expect("a folder");
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o555)).expect("its owner may");
        let is_root = std::fs::write(closed.join("probe"), "").is_ok();
        let run = office.run("--json report member-counts --as-of 2025-09-30 --format csv --out closed/below");
        if !is_root {
            assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &Value::from("RPT-020")));
            assert!(run.stderr.contains("closed/below"), "{}", run.stderr);
        }
    }
    let run = office.run("--json report member-counts --as-of 2025-09-30 --format csv --out good/below");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
}

/// Papers of the versions that called tables by their ids: nothing is made twice under the new names, and the paper is
/// known again.
#[test]
fn paper_with_the_names_of_before_is_kept_as_it_is() {
    let office = office();
    made(&office, "");
    let folder = office.folder().join(format!("papers/{BASE}"));
    let (new, old) = ("02_医師会別・会員区分別.csv", "02_member-counts.csv");
    std::fs::rename(folder.join(new), folder.join(old)).expect("it can be renamed");
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).expect("the manifest");
    std::fs::write(folder.join("manifest.json"), manifest.replace(new, old)).expect("it can be written");
    assert_eq!(made(&office, "")["unchanged"], true);
    assert!(!folder.join(new).exists());
    let replayed = office.json(&format!("report --replay papers/{BASE}"));
    assert_eq!(replayed["different"], serde_json::json!([]));
}
