//! The meeting of the demo: public tables of a real meeting, an invented letter and an invented paper.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::folder::WORKBOOK;
use crate::domain::decimal::Decimal;
use crate::files::{NewFolder, Readers};
use crate::ingest::meeting::{Sheet, sheets};
use crate::render::xlsx::{FormCell, FormSheet, form_workbook};
use crate::service::keep::export::write_file;

/// Sheets in the order in which the workbook has them.
const SHEETS: [(&str, &[u8]); 7] = [
    ("次第.csv", include_bytes!("../../../reports/demo/meeting/次第.csv")),
    ("診療・検査医療機関.csv", include_bytes!("../../../reports/demo/meeting/診療・検査医療機関.csv")),
    ("後遺症外来.csv", include_bytes!("../../../reports/demo/meeting/後遺症外来.csv")),
    ("外来のひっ迫状況.csv", include_bytes!("../../../reports/demo/meeting/外来のひっ迫状況.csv")),
    ("産業医の登録.csv", include_bytes!("../../../reports/demo/meeting/産業医の登録.csv")),
    ("諮問件数.csv", include_bytes!("../../../reports/demo/meeting/諮問件数.csv")),
    ("研修会の通知.csv", include_bytes!("../../../reports/demo/meeting/研修会の通知.csv")),
];

/// The attached paper.
const ATTACHED: (&str, &[u8]) =
    ("指針の一部改正.pdf", include_bytes!("../../../reports/demo/meeting/指針の一部改正.pdf"));

/// Name of its folder.
const FOLDER: &str = "2026-01-22_郡市医師会長会議";

/// Writes the folder of the meeting below a folder: its workbook and the attached paper.
///
/// # Errors
/// When the folder cannot be written.
pub(in crate::service) fn write_sample(root: &Path) -> Result<(PathBuf, Vec<PathBuf>)> {
    let csv = NewFolder::elsewhere()?;
    let mut forms = Vec::with_capacity(SHEETS.len());
    for (name, bytes) in SHEETS {
        csv.write(Path::new(name), bytes)?;
        forms.push(form(&sheets::of_csv(&csv.path().join(name), name)?));
    }
    let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 8).unwrap_or_default();
    let folder = root.join(FOLDER);
    let (workbook, attached) = (folder.join(WORKBOOK), folder.join(ATTACHED.0));
    write_file(&workbook, &form_workbook("郡市医師会長会議", day, &forms)?, Readers::ByUmask)?;
    write_file(&attached, ATTACHED.1, Readers::ByUmask)?;
    Ok((folder, vec![workbook, attached]))
}

/// A sheet as somebody would have typed it into Excel.
fn form(sheet: &Sheet) -> FormSheet {
    /// Columns as wide as what stands in them, within reason.
    const WIDTHS: (usize, usize) = (10, 48);
    let cell = |text: &String| match Decimal::read(text, "").and_then(Decimal::as_whole) {
        _ if text.is_empty() => FormCell::Blank,
        Some(n) => FormCell::InputNumber(n),
        None => FormCell::Input(text.clone()),
    };
    let (mut rows, mut widths): (Vec<Vec<FormCell>>, Vec<u16>) = (Vec::new(), Vec::new());
    for (number, cells) in sheet.rows() {
        // Blank rows stay where they are.
        rows.resize(usize::try_from(number - 1).unwrap_or(rows.len()).max(rows.len()), Vec::new());
        rows.push(cells.iter().map(cell).collect());
        for (column, text) in cells.iter().enumerate() {
            let width = (text.chars().count() * 2 + 2).clamp(WIDTHS.0, WIDTHS.1);
            widths.resize(widths.len().max(column + 1), 0);
            widths[column] = widths[column].max(u16::try_from(width).unwrap_or(u16::MAX));
        }
    }
    FormSheet { name: sheet.name.clone(), rows, widths, choices: Vec::new() }
}
