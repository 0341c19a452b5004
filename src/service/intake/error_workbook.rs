//! The workbook that an import gives back to the office (取込結果): which cell, what is wrong, what to do.
//!
//! It holds rows of the office's own file as they stand there, persons included, and stays in the data folder.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::domain::japanese_date::era_date;
use crate::domain::problem::{Hint, Problem, RowProblem, column_letters};
use crate::error::Failure;
use crate::files::names::file_name_with_end;
use crate::files::{self, Readers};
use crate::ingest::characters::{is_half_width_kana, risk_of};
use crate::ingest::rows::{CellsOfRows, cells_of};
use crate::ingest::scan::Scan;
use crate::messages::{Lang, message, message_of};
use crate::render::xlsx::{ListCell, ListSheet, MarkColour, list_workbook};
use crate::service::intake::import::ImportSummary;
use crate::service::keep::export::write_file;

/// Rows of one sheet; whoever has more to mend begins with these.
const MOST_ROWS: usize = 5_000;

/// Columns of the file that are given back; an export has some thirty, and Excel has room for 16,384.
const MOST_COLUMNS: usize = 200;

/// Columns before the cells of the file.
const BEFORE: [(&str, u16); 3] = [("行", 7), ("原因", 44), ("直し方", 44)];

/// Warnings that are about a character.
const ABOUT_CHARACTERS: [Problem; 5] = [
    Problem::PrivateUseCharacter,
    Problem::CharacterNotInCp932,
    Problem::CompatibilityIdeograph,
    Problem::VariationSelector,
    Problem::HalfWidthKana,
];

/// Where the workbook of a file lies in `folder`.
pub(in crate::service) fn workbook_path(summary: &ImportSummary, folder: &Path) -> PathBuf {
    let stem = Path::new(&summary.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Exports of two prefectures may have one name. What stands in a name must not lead elsewhere.
    let source = if summary.source == summary.kind { String::new() } else { format!("{}_", summary.source) };
    folder.join(file_name_with_end(&format!("{source}{stem}"), "_取込結果.xlsx"))
}

/// Writes the workbook of a file into `folder` and returns its path; nothing when there is nothing to tell.
/// `rejects` and `warnings` are ascending by row.
///
/// # Errors
/// When the file can no longer be read or the workbook cannot be written.
pub(in crate::service) fn write_error_workbook(
    path: &Path,
    scan: &Scan,
    summary: &ImportSummary,
    (rejects, warnings): (&[RowProblem], &[RowProblem]),
    (folder, readers): (&Path, Readers),
) -> Result<Option<PathBuf>> {
    let target = workbook_path(summary, folder);
    if rejects.is_empty() && warnings.is_empty() {
        // That of an earlier file of this name would tell of cells that are mended.
        return files::remove(&target).map(|()| None).context("removing the earlier list");
    }
    let (rejected, warned) = (by_row(rejects), by_row(warnings));
    let mut wanted: Vec<u32> = rejected.keys().chain(warned.keys()).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let failed = |error| Failure::from_ingest(error, &summary.file);
    let cells = Cells::new(cells_of(path, scan, &wanted, MOST_COLUMNS).map_err(failed)?);
    let characters = characters(&cells, &warned);
    let sheets = [
        problem_sheet("取込不可", MarkColour::Orange, &cells, &rejected),
        problem_sheet("注意", MarkColour::Yellow, &cells, &warned),
        characters,
        explanation(summary, warnings),
    ];
    let bytes = list_workbook("取込結果", summary.known_at, &sheets).context("making the workbook of the import")?;
    write_file(&target, &bytes, readers)?;
    Ok(Some(target))
}

type ByRow<'p> = BTreeMap<u32, Vec<&'p RowProblem>>;

fn by_row(problems: &[RowProblem]) -> ByRow<'_> {
    let mut out = ByRow::new();
    for problem in problems {
        if out.len() < MOST_ROWS || out.contains_key(&problem.row) {
            out.entry(problem.row).or_default().push(problem);
        }
    }
    out
}

/// The rows that are told about, found by number, and their columns, found by letters.
struct Cells {
    headings: Vec<String>,
    columns: HashMap<String, usize>,
    rows: HashMap<u32, Vec<String>>,
}

impl Cells {
    fn new(read: CellsOfRows) -> Self {
        let columns = (0..read.headings.len()).map(|at| (column_letters(at), at)).collect();
        Self { headings: read.headings, columns, rows: read.rows.into_iter().collect() }
    }

    fn cell(&self, problem: &RowProblem) -> &str {
        let at = self.columns.get(&*problem.column);
        at.and_then(|at| self.rows.get(&problem.row)?.get(*at)).map_or("", String::as_str)
    }
}

/// One line for each row: what is wrong with it, what to do, and its cells as they came, the ones concerned marked.
fn problem_sheet(name: &str, mark: MarkColour, cells: &Cells, problems: &ByRow<'_>) -> ListSheet {
    /// Wide enough for a date or a short name.
    const WIDTH: u16 = 15;
    let mut columns = before(&BEFORE);
    columns.extend(cells.headings.iter().map(|heading| (heading.clone(), WIDTH)));
    let rows = problems.iter().map(|(row, problems)| {
        let mut out =
            vec![ListCell::Number(*row), ListCell::Text(causes(problems)), ListCell::Text(remedies(problems))];
        let original = cells.rows.get(row).map_or(&[][..], Vec::as_slice);
        out.extend(original.iter().enumerate().map(|(at, cell)| {
            let letters = column_letters(at);
            let about: Vec<&RowProblem> =
                problems.iter().copied().filter(|problem| *problem.column == *letters).collect();
            if about.is_empty() {
                return ListCell::Text(cell.clone());
            }
            ListCell::Marked { text: cell.clone(), note: note(&about) }
        }));
        out
    });
    ListSheet { name: name.into(), columns, rows: or_nothing(rows.collect()), mark }
}

fn before(columns: &[(&str, u16)]) -> Vec<(String, u16)> {
    columns.iter().map(|(title, width)| ((*title).to_string(), *width)).collect()
}

/// Empty lists stay, and say that they are empty.
fn or_nothing(mut rows: Vec<Vec<ListCell>>) -> Vec<Vec<ListCell>> {
    if rows.is_empty() {
        rows.push(vec![ListCell::Text(String::new()), ListCell::Text("該当なし".into())]);
    }
    rows
}

fn causes(problems: &[&RowProblem]) -> String {
    let cause = |problem: &&RowProblem| {
        let text = message(problem.problem.code(), Lang::Ja, "").text;
        // A field that the file has no column for has no place either.
        let place = match &*problem.column {
            "" => String::new(),
            column => format!("{column}列 {}: ", problem.heading),
        };
        let hint = problem.hint.as_deref().map_or(String::new(), |hint| format!("。{}", hint_text(hint)));
        format!("{place}{text}{hint}（{}）", problem.problem.code())
    };
    problems.iter().map(cause).collect::<Vec<_>>().join(" ／ ")
}

fn remedies(problems: &[&RowProblem]) -> String {
    let mut remedies: Vec<String> = Vec::new();
    for problem in problems {
        let remedy = message(problem.problem.code(), Lang::Ja, &problem.detail).remedy;
        if !remedies.contains(&remedy) {
            remedies.push(remedy);
        }
    }
    remedies.join(" ／ ")
}

fn hint_text(hint: &Hint) -> String {
    message_of(hint.code, Lang::Ja, &hint.words).text
}

fn note(problems: &[&RowProblem]) -> String {
    let lines = problems.iter().map(|problem| {
        let text = message(problem.problem.code(), Lang::Ja, &problem.detail);
        let hint = problem.hint.as_deref().map_or(String::new(), |hint| format!("\n{}", hint_text(hint)));
        format!("{} {}{hint}\n→ {}", problem.problem.code(), text.text, text.remedy)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// One line for each character at risk and cell.
fn characters(cells: &Cells, warned: &ByRow<'_>) -> ListSheet {
    let columns = [
        ("行", 7),
        ("列", 6),
        ("項目", 16),
        ("セルの内容", 24),
        ("文字", 8),
        ("コード", 12),
        ("理由", 44),
        ("直し方", 60),
    ];
    let about = |problem: &&&RowProblem| ABOUT_CHARACTERS.contains(&problem.problem);
    let mut rows = Vec::new();
    for problem in warned.values().flatten().filter(about) {
        let cell = cells.cell(problem);
        let mut met: Vec<char> = Vec::new();
        for c in cell.chars().filter(|c| is_meant(problem.problem, *c)) {
            if met.contains(&c) || rows.len() == MOST_ROWS {
                continue;
            }
            met.push(c);
            let text = message(problem.problem.code(), Lang::Ja, "");
            rows.push(vec![
                ListCell::Number(problem.row),
                ListCell::Text(problem.column.to_string()),
                ListCell::Text(problem.heading.to_string()),
                ListCell::Text(cell.to_string()),
                ListCell::Text(with_base(cell, c)),
                ListCell::Text(format!("U+{:04X}", u32::from(c))),
                ListCell::Text(format!("{}（{}）", text.text, problem.problem.code())),
                ListCell::Text(text.remedy),
            ]);
        }
    }
    ListSheet {
        name: "氏名の文字".into(), columns: before(&columns), rows: or_nothing(rows), mark: MarkColour::Yellow
    }
}

fn is_meant(problem: Problem, c: char) -> bool {
    match problem {
        Problem::HalfWidthKana => is_half_width_kana(c),
        problem => risk_of(c) == Some(problem),
    }
}

/// A variation selector is seen only behind the character whose form it chooses.
fn with_base(cell: &str, c: char) -> String {
    if risk_of(c) != Some(Problem::VariationSelector) {
        return c.to_string();
    }
    let base = cell.chars().zip(cell.chars().skip(1)).find(|(_, next)| *next == c).map(|(base, _)| base);
    base.into_iter().chain([c]).collect()
}

fn explanation(summary: &ImportSummary, warnings: &[RowProblem]) -> ListSheet {
    let n_warned = {
        let mut rows: Vec<u32> = warnings.iter().map(|warning| warning.row).collect();
        rows.dedup();
        rows.len()
    };
    let mut lines = vec![
        ("ファイル", summary.file.clone()),
        ("出力日", era_date(summary.known_at)),
        ("形式", format!("{}（{}）", summary.layout, summary.encoding)),
        ("読んだ行", format!("{} 行", summary.rows)),
        ("取込不可", format!("{} 行（うち在籍 {}）", summary.rejected_rows, summary.rejected_active_rows)),
        ("注意のある行", format!("{n_warned} 行")),
        ("", String::new()),
        ("「取込不可」", "取り込まなかった行です。色の付いたセルを MAMIS で直し、もう一度出力してください。".into()),
        ("「注意」", "取り込んだ行のうち、確かめてほしいものです。会員数には影響しません。".into()),
        (
            "「氏名の文字」",
            "ほかのシステムで失われたり変わったりすることのある文字です。文字はそのまま保存しました。".into(),
        ),
        ("行と列", "行の番号と列の記号は、元のファイルを Excel で開いたときのものです。".into()),
        ("セルの内容", "元のファイルのままの文字列です。Excelブックの日付は 2025-09-30 の形で示します。".into()),
        (
            "上限",
            format!(
                "それぞれのシートに {MOST_ROWS} 行まで示します。セルのメモは各シート 2000 個までで、原因の列にはすべて示します。"
            ),
        ),
        ("取扱い", "氏名などの個人情報を含みます。用が済んだら削除してください。".into()),
        ("", String::new()),
    ];
    let mut counts: BTreeMap<&str, u32> = summary.warnings.clone();
    for reject in &summary.rejected {
        *counts.entry(reject.code).or_default() += 1;
    }
    for (code, n) in &counts {
        lines.push((code, format!("{n} 件　{}", message(code, Lang::Ja, "").text)));
    }
    let rows = lines.into_iter().map(|(key, value)| vec![ListCell::Text(key.to_string()), ListCell::Text(value)]);
    ListSheet {
        name: "説明".into(),
        columns: before(&[("項目", 18), ("内容", 100)]),
        rows: rows.collect(),
        mark: MarkColour::Yellow,
    }
}
