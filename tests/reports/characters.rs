//! One odd character costs one 〓 and a line, never a paper (R33); a paper that fails costs itself alone (R31).

use std::path::PathBuf;

use serde_json::Value;

use crate::cli::program::{Office, Run};

/// A member of 11-002 who left has a name with a character of her association's own machines (U+E000).
fn office() -> Office {
    let office = Office::new();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found/one-gaiji-stops-all-papers");
    std::fs::create_dir_all(office.data()).expect("the temporary folder can be written");
    std::fs::copy(folder.join("kaiin.toml"), office.data().join("kaiin.toml")).expect("the settings are there");
    let path = |name: &str| folder.join(name).display().to_string();
    let files = ["associations.csv", "members_2025-11-30.csv", "members_2026-01-02.csv"].map(path).join(" ");
    office.import(&format!("--accept-drop --reason test {files}"));
    office
}

fn each(office: &Office, options: &str) -> Run {
    office.run(&format!("--json report withdrawal-audit --as-of 2025-12-31 --each association --out o {options}"))
}

fn read(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

fn name_of(folder: &str) -> String {
    format!("withdrawal-audit_{folder}_2025-12-31")
}

#[test]
fn one_private_character_costs_one_sign_and_a_line() {
    let office = office();
    let run = each(&office, "--format pdf,html,csv,xlsx");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let report = read(&run);
    assert_eq!(report["failed"], Value::Array(Vec::new()));
    let papers = report["papers"].as_array().expect("papers");
    assert_eq!(papers.len(), 3);
    let findings: Vec<&Value> = papers.iter().flat_map(|one| one["findings"].as_array().expect("findings")).collect();
    assert!(!findings.is_empty());
    for finding in &findings {
        assert_eq!((&finding["code"], &finding["character"]), (&"FND-028".into(), &"U+E000".into()));
        assert_eq!(finding["column"], "氏名");
        assert!(finding["row"].as_u64().is_some_and(|row| row > 0), "{finding}");
    }
    let with_findings = |one: &&Value| one["findings"].as_array().is_some_and(|found| !found.is_empty());
    let areas: Vec<&Value> = papers.iter().filter(with_findings).map(|one| &one["area"]).collect();
    assert_eq!(areas, [&Value::from("11-002 緑野郡医師会")]);
    // Print shows the sign and its note, data the character as it came; nobody's name is on the screen.
    let folder = office.folder().join("o").join(name_of("11-002"));
    let page = std::fs::read_to_string(folder.join(format!("{}.html", name_of("11-002")))).expect("the page");
    assert!(page.contains('〓') && page.contains("〓は表示できない文字") && !page.contains('\u{E000}'));
    let table = std::fs::read_to_string(folder.join("04_退会・転出・死亡した者（退会日の順）.csv")).expect("the list");
    assert!(table.contains('\u{E000}') && !table.contains('〓'), "{table}");
    assert!(!run.stderr.contains('\u{E000}') && !run.stdout.contains('\u{E000}') && !run.stderr.contains("架空"));
    let spoken = office.run("report withdrawal-audit --as-of 2025-12-31 --association 11-002 --out spoken");
    assert!(spoken.stderr.contains("FNT-003") && spoken.stderr.contains("U+E000"), "{}", spoken.stderr);
}

#[test]
fn paper_that_fails_stops_itself_alone_and_is_named() {
    let office = office();
    let run = each(&office, "--format pdf --strict-characters");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    let report = read(&run);
    let areas: Vec<&Value> = report["papers"].as_array().expect("papers").iter().map(|one| &one["area"]).collect();
    assert_eq!(areas, [&Value::from("11-001 青空市医師会"), &Value::from("11-003 白浜市医師会")]);
    let failed = &report["failed"][0];
    assert_eq!((&failed["area"], &failed["code"]), (&"11-002 緑野郡医師会".into(), &"FNT-002".into()));
    assert!(failed["message"].as_str().is_some_and(|text| text.contains("U+E000") && text.contains("氏名")));
    assert!(office.folder().join("o").join(name_of("11-003")).join(format!("{}.pdf", name_of("11-003"))).exists());
    assert!(!office.folder().join("o").join(name_of("11-002")).exists());
    let spoken = office
        .run("report withdrawal-audit --as-of 2025-12-31 --each association --out p --format pdf --strict-characters");
    assert_eq!(spoken.exit, Some(1));
    let last: String = spoken.stderr.lines().rev().take(4).collect::<Vec<_>>().join("\n");
    assert!(last.contains("11-002 緑野郡医師会") && last.contains("FNT-002"), "{}", spoken.stderr);
    // What would fail for all of them ends the run with its own code.
    let wrong = office.run("report nothing --as-of 2025-12-31 --each association --out o");
    assert_eq!(wrong.exit, Some(2), "{}", wrong.stderr);
}

#[test]
fn table_of_the_office_prints_what_is_meant() {
    let office = office();
    office.save("kaiin-data/kaiin.toml", "definitions = \"own\"\n[jobs]\nsettle_seconds = 0\n");
    std::fs::create_dir_all(office.data().join("own")).expect("a folder");
    let first =
        office.run("--json report withdrawal-audit --as-of 2025-12-31 --association 11-002 --format html --out o");
    assert_eq!(first.exit, Some(0), "{}", first.stderr);
    office.save("kaiin-data/own/gaiji.toml", "[[characters]]\nfrom = \"U+E000\"\nto = \"髙\"\nnote = \"試験\"\n");
    let run = office
        .run("--json report withdrawal-audit --as-of 2025-12-31 --association 11-002 --format html --out o --strict-characters");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    // Print has changed, so it is the next edition, and the list of changes says what.
    let name = format!("{}_v2", name_of("11-002"));
    let folder = office.folder().join("o").join(&name);
    let page = std::fs::read_to_string(folder.join(format!("{name}.html"))).expect("the page");
    assert!(page.contains('髙') && page.contains("訂正版 2") && page.contains("正誤表"));
    office.save("kaiin-data/own/gaiji.toml", "[[characters]]\nfrom = \"U+E000\"\nto = \"U+E001\"\n");
    let refused = office.run("reports check");
    assert_eq!(refused.exit, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("gaiji.toml 3行目 to") && refused.stderr.contains("DEF-066"), "{}", refused.stderr);
    // A wrong table costs papers, and no count and no import.
    assert_eq!(office.run("count --as-of 2025-12-31").exit, Some(0));
    assert_eq!(office.run("import --list").exit, Some(0));
    assert_eq!(office.run("report withdrawal-audit --as-of 2025-12-31 --out o").exit, Some(2));
}

/// The month is made whole, and its summary says what to do about the one name.
#[test]
fn month_with_one_private_character_is_done_and_says_so() {
    let office = office();
    let run = office.run("--json jobs tick --now 2026-01-05T06:00:00+09:00");
    let report = read(&run);
    let done: Vec<&str> = report["done"].as_array().expect("done").iter().filter_map(Value::as_str).collect();
    assert!(done.contains(&"2025-12"), "{} {}", run.stdout, run.stderr);
    assert_eq!(report["missing"], Value::Array(Vec::new()));
    let told = &report["unprintable"][0];
    assert_eq!((&told["period"], &told["code"]), (&"2025-12".into(), &"FND-028".into()));
    let mut todo = report["todo"].as_array().expect("todo").iter().filter_map(Value::as_str);
    assert!(todo.any(|line| line.contains("FNT-003") && line.contains("kaiin reports copy gaiji")), "{}", run.stdout);
}
