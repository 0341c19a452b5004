//! Rows of the association master (医師会マスタ).

use std::path::Path;

use chrono::NaiveDate;
use csv::StringRecord;

use super::columns::Columns;
use super::rows::Rows;
use super::scan::Scan;
use super::{FileProblem, IngestError};
use crate::domain::association::{Association, Associations, MasterError, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::parse_date;
use crate::domain::layout::Field;
use crate::domain::problem::Problem;
use crate::domain::text::fold_width;

/// Reads all bodies of a master in the order of the file. Surrogate ids count from 0: the store gives them by code.
///
/// # Errors
/// [`FileProblem`] naming row and column of the first cell that cannot be used or contradicts another: a master is
/// taken in whole or not at all.
pub fn read_master(path: &Path, scan: &Scan, columns: &Columns) -> Result<Vec<Association>, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let mut record = StringRecord::new();
    let (mut out, mut numbers) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next_row(&mut record)? {
        let body = read_body(&MasterRow { columns, record: &record, row })?;
        let id = i32::try_from(out.len()).map_err(|_| FileProblem::in_row(Problem::MasterInvalid, row, ""))?;
        out.push(Association { id: AssociationId(id), ..body });
        numbers.push(row);
    }
    if out.is_empty() {
        return Err(FileProblem::of_file(Problem::NoRows, "").into());
    }
    if let Err(error) = Associations::new(out.clone()) {
        return Err(contradiction(error, &out, &numbers, columns).into());
    }
    Ok(out)
}

/// What contradicts the rest of the master, at its cell.
fn contradiction(error: MasterError, bodies: &[Association], rows: &[u32], columns: &Columns) -> FileProblem {
    let (problem, field, code, detail) = match error {
        MasterError::DuplicateCode(code) => (Problem::MasterCodeTwice, Field::Code, code.clone(), code),
        MasterError::UnknownParent { code, parent } => (Problem::MasterParentUnknown, Field::ParentCode, code, parent),
        MasterError::Circle(code) => (Problem::MasterCircle, Field::ParentCode, code.clone(), code),
        MasterError::NoParent(code) => (Problem::MasterParentMissing, Field::ParentCode, code.clone(), code),
    };
    // The last row of a code: of two rows with one code, the one that came second.
    let at = bodies.iter().rposition(|body| body.code == code);
    let row = at.and_then(|at| rows.get(at).copied());
    FileProblem { problem, row, column: Some(columns.place(field).1), detail }
}

struct MasterRow<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
    row: u32,
}

impl MasterRow<'_> {
    fn text(&self, field: Field) -> String {
        self.columns.cell(self.record, field).to_string()
    }

    fn code(&self, field: Field) -> String {
        fold_width(self.columns.cell(self.record, field)).trim().to_string()
    }

    fn invalid(&self, field: Field) -> FileProblem {
        let (heading, column) = self.columns.place(field);
        FileProblem { column: Some(column), ..FileProblem::in_row(Problem::MasterInvalid, self.row, heading) }
    }

    fn date(&self, field: Field) -> Result<Option<NaiveDate>, FileProblem> {
        match self.columns.cell(self.record, field) {
            "" => Ok(None),
            text => parse_date(text).map(Some).ok_or_else(|| self.invalid(field)),
        }
    }
}

fn read_body(row: &MasterRow<'_>) -> Result<Association, FileProblem> {
    let tier = Tier::from_text(&row.code(Field::Tier)).ok_or_else(|| row.invalid(Field::Tier))?;
    let position = row.code(Field::Position).parse().map_err(|_| row.invalid(Field::Position))?;
    let code = row.code(Field::Code);
    if code.is_empty() {
        return Err(row.invalid(Field::Code));
    }
    let name = row.text(Field::FullName);
    if name.is_empty() {
        return Err(row.invalid(Field::FullName));
    }
    let short_name = match row.text(Field::ShortName) {
        short if short.is_empty() => name.clone(),
        short => short,
    };
    let parent = row.code(Field::ParentCode);
    Ok(Association {
        id: AssociationId(0),
        code,
        tier,
        kind: row.text(Field::Kind),
        name,
        short_name,
        aliases: split_aliases(&row.text(Field::Aliases)),
        parent: (!parent.is_empty()).then_some(parent),
        prefecture: row.code(Field::PrefectureCode),
        position,
        valid_from: row.date(Field::ValidFrom)?,
        valid_to: row.date(Field::ValidTo)?,
    })
}

/// Several names in one cell; ・ stands inside names and does not divide them.
fn split_aliases(cell: &str) -> Vec<String> {
    cell.split(['/', '／', ';', '；', '、', '|', '｜'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_string)
        .collect()
}
