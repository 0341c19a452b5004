//! How many persons stand in a file by name or number (医籍登録番号), as far as that can be said.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::known::{KnownPaper, What};
use crate::domain::as_of::KnownAt;
use crate::domain::layout::FileKind;
use crate::domain::paper_content::PaperContent;
use crate::files::sha256_hex;
use crate::input;
use crate::service::keep::Workspace;
use crate::service::papers::{CONTENT, Variant};

/// Heading of the columns that name persons.
const NAME: &str = "氏名";

/// How many persons stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persons {
    /// At least.
    pub least: usize,
    /// At most; `None` where nobody can say.
    pub most: Option<usize>,
    /// Code of the sentence that says how that is known.
    pub code: &'static str,
}

impl Persons {
    fn none(code: &'static str) -> Self {
        Self { least: 0, most: Some(0), code }
    }

    fn unknown(code: &'static str) -> Self {
        Self { least: 0, most: None, code }
    }
}

/// How many persons stand in a file.
pub(super) async fn persons(workspace: &Workspace, what: &What, name: &str) -> Persons {
    match what {
        What::Paper(paper) => of_paper(workspace, paper, name).await,
        What::Letter | What::Distribution(_) => Persons::none("INC-015"),
        // Its rows have numbers that only the store can read.
        What::Snapshot(_) => Persons::none("INC-014"),
        What::Import(import) if import.kind == FileKind::Associations => Persons::none("INC-016"),
        What::Import(import) => Persons { least: 0, most: usize::try_from(import.n_rows).ok(), code: "INC-012" },
        What::HandedOut(one) => match one.persons.and_then(|n| usize::try_from(n).ok()) {
            Some(n) => Persons { least: 0, most: Some(n), code: "INC-019" },
            None => Persons::unknown("INC-013"),
        },
        What::LedgerFile(_) | What::Lying(_) => Persons::unknown("INC-013"),
    }
}

async fn of_paper(workspace: &Workspace, paper: &KnownPaper, name: &str) -> Persons {
    let manifest = &paper.manifest;
    if manifest.meeting.is_some() {
        // Tables, letters and pages of the office itself stand in it, and nobody has counted whom they name.
        return Persons::unknown("INC-017");
    }
    if manifest.variant == Variant::External.code() {
        return Persons::none("INC-010");
    }
    if !manifest.files.iter().any(|file| file.name == name) {
        // The manifest tells of files only.
        return Persons::none("INC-018");
    }
    let Some(content) = content_of(paper) else { return Persons::unknown("INC-013") };
    let rows = named_rows(&content);
    let homonyms = homonyms(workspace, &rows, manifest.known_at.parse().ok()).await;
    let most = rows.iter().map(|(name, n)| homonyms.get(name).map_or(*n, |known| *known.min(n))).sum();
    // A CSV is one table of several.
    let is_part = name.to_lowercase().ends_with(".csv");
    Persons { least: if is_part { 0 } else { rows.len() }, most: Some(most), code: "INC-011" }
}

/// What the tables of a paper say, if the file is still the one that was written.
fn content_of(paper: &KnownPaper) -> Option<PaperContent> {
    let written = paper.manifest.files.iter().find(|file| file.name == CONTENT)?;
    let bytes = input::read_whole(&paper.folder.join(CONTENT)).ok()?;
    (sha256_hex(&bytes) == written.sha256).then_some(())?;
    serde_json::from_slice(&bytes).ok()
}

/// Names with the number of rows in which they stand.
fn named_rows(content: &PaperContent) -> BTreeMap<String, usize> {
    let mut out: BTreeMap<String, usize> = BTreeMap::new();
    for table in &content.tables {
        let headings = table.columns.iter().enumerate();
        // Above it may stand the heading of a group.
        let columns: Vec<usize> =
            headings.filter(|(_, (_, title))| title.split(' ').next_back() == Some(NAME)).map(|(at, _)| at).collect();
        let cells = table.rows.iter().flat_map(|row| columns.iter().filter_map(|at| row.get(*at)));
        for name in cells.filter(|name| !name.trim().is_empty()) {
            *out.entry(name.clone()).or_default() += 1;
        }
    }
    out
}

/// How many persons had each of some names on a day; names that were printed otherwise than they came are left out.
async fn homonyms(
    workspace: &Workspace,
    names: &BTreeMap<String, usize>,
    known_at: Option<NaiveDate>,
) -> BTreeMap<String, usize> {
    let mut out: BTreeMap<String, usize> = BTreeMap::new();
    let Some(known_at) = known_at.filter(|_| !names.is_empty()) else { return out };
    let read = workspace.store.each_name(KnownAt(known_at), |_, name| {
        if names.contains_key(name) {
            *out.entry(name.to_string()).or_default() += 1;
        }
    });
    match read.await {
        Ok(()) => out,
        Err(error) => {
            tracing::debug!(%error, "the names could not be read");
            BTreeMap::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::paper_content::ContentTable;

    #[test]
    fn names_are_counted_in_their_columns_alone() {
        let column = |title: &str| (String::new(), title.to_string());
        let table = ContentTable {
            id: "list".into(),
            title: "一覧".into(),
            columns: vec![column("医師会"), column("氏名"), column("統合元 氏名"), column("氏名の数")],
            rows: [["浦和", "架空　一郎", "", "1"], ["大宮", "架空　一郎", "架空　二郎", "2"], ["川口", " ", "", "3"]]
                .map(|row| row.map(String::from).to_vec())
                .to_vec(),
        };
        let rows = named_rows(&PaperContent { tables: vec![table] });
        let expected = [("架空　一郎".to_string(), 2), ("架空　二郎".to_string(), 1)];
        assert_eq!(rows.into_iter().collect::<Vec<_>>(), expected);
    }
}
