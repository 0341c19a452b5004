//! Every file of the corpus against what `expect.toml` says of it.

use std::collections::BTreeSet;
use std::path::Path;

use kaiin::messages::{Lang, message};
use rstest::rstest;
use serde::Deserialize;

use super::counter::{Counter, bad, in_a_runtime};

/// What becomes of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub name: String,
    exit: u8,
    pub code: Option<String>,
    row: Option<u32>,
    column: Option<String>,
    /// The code of the row for whose sake a file is refused that is all or nothing.
    pub because: Option<String>,
    physicians: Option<i64>,
    #[serde(default)]
    pub rejected: Vec<String>,
    #[serde(default)]
    pub warned: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    file: Vec<Expected>,
}

/// The table of the corpus.
pub fn expectations() -> Vec<Expected> {
    let text = std::fs::read_to_string(bad().join("expect.toml")).expect("the table can be read");
    toml::from_str::<Table>(&text).expect("the table is TOML").file
}

#[rstest]
#[case("adjustments")]
#[case("applications")]
#[case("cells")]
#[case("dates")]
#[case("encoding")]
#[case("headings")]
#[case("long")]
#[case("master")]
#[case("structure")]
#[case("workbook")]
fn file_of_the_corpus_ends_as_expected(#[case] kind: &str) {
    in_a_runtime(async {
        let counter = Counter::new().await;
        let before = counter.tables().await;
        let mut wrong = Vec::new();
        for expected in expectations().iter().filter(|file| file.name.starts_with(&format!("{kind}/"))) {
            let path = bad().join(&expected.name);
            let found = match expected.exit {
                0 => taken_in(&counter, &path, expected).await,
                _ => refused(&counter, &path, expected).await,
            };
            wrong.extend(found.err().map(|found| format!("{}: {found}", expected.name)));
        }
        assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
        assert_eq!(counter.tables().await, before, "a refused file left something behind");
    });
}

async fn taken_in(counter: &Counter, path: &Path, expected: &Expected) -> Result<(), String> {
    let counter = counter.copy().await;
    let summary = counter.hand_in(path).await.map_err(|error| format!("{error:#}"))?;
    let rejected: Vec<String> =
        summary.rejected.iter().map(|cell| format!("{} {} {}", cell.row, cell.column, cell.code)).collect();
    let all: Vec<String> = expected.rejected.iter().chain(&expected.warned).cloned().collect();
    let problems = counter.row_problems().await;
    let physicians = counter.tables().await["physician"];
    counter.workspace.store.close().await.expect("the store closes");
    if sorted(&rejected) != sorted(&expected.rejected) {
        return Err(format!("rejected {rejected:?}"));
    }
    if sorted(&problems) != sorted(&all) {
        return Err(format!("problems {problems:?}"));
    }
    if Some(physicians) != expected.physicians {
        return Err(format!("{physicians} persons"));
    }
    Ok(())
}

async fn refused(counter: &Counter, path: &Path, expected: &Expected) -> Result<(), String> {
    let failure = match counter.hand_in(path).await {
        Ok(summary) => return Err(format!("is taken in: {summary:?}")),
        Err(error) => kaiin::error::Failure::of(&error),
    };
    let place = (failure.kind.exit_code(), Some(failure.code.to_owned()), failure.row, failure.column.clone());
    if place != (expected.exit, expected.code.clone(), expected.row, expected.column.clone()) {
        return Err(format!("{failure:?}"));
    }
    let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message(failure.code, lang, &failure.detail));
    if [&ja.text, &ja.remedy, &en.text, &en.remedy].iter().any(|text| text.is_empty()) || ja == en {
        return Err("lacks a text".into());
    }
    if let Some(because) = &expected.because {
        let told = counter.causes_told(&expected.name);
        if !told.contains(because) {
            return Err(format!("because of {told}"));
        }
    }
    // Names and numbers of the corpus: none of them may stand on a screen.
    let personal = ["試験　", "見本　", "検証　", "花子", "99000"];
    match personal.iter().find(|part| failure.detail.contains(*part)) {
        Some(part) => Err(format!("shows {part}")),
        None => Ok(()),
    }
}

fn sorted(texts: &[String]) -> BTreeSet<&String> {
    texts.iter().collect()
}

/// What the table does not name is not tested, and what is missing was not committed.
#[test]
fn table_names_every_file_of_the_corpus() {
    let named: BTreeSet<String> = expectations().into_iter().map(|file| file.name).collect();
    assert!(named.len() >= 120, "{} files", named.len());
    let mut there = BTreeSet::new();
    for folder in std::fs::read_dir(bad()).expect("the corpus can be read") {
        let folder = folder.expect("the corpus can be read").path();
        let Ok(files) = std::fs::read_dir(&folder) else { continue };
        for file in files {
            let path = file.expect("the corpus can be read").path();
            let inside = path.strip_prefix(bad()).expect("a file of the corpus");
            there.insert(inside.to_string_lossy().replace('\\', "/"));
        }
    }
    assert_eq!(there, named);
}
