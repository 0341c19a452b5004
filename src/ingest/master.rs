//! Rows of the association master (医師会マスタ): one for each body and span of days.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;
use csv::StringRecord;

use super::columns::Columns;
use super::rows::Rows;
use super::scan::Scan;
use super::{FileProblem, IngestError};
use crate::domain::association::{AssociationSpan, Associations, MasterError, MasterFault, MasterRow, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::parse_date;
use crate::domain::layout::Field;
use crate::domain::problem::Problem;
use crate::domain::text::fold_width;

/// Reads all rows of a master in the order of the file. Surrogate ids count codes from 0: the store gives them by code.
///
/// # Errors
/// [`FileProblem`] naming row and column of the first cell that cannot be used or contradicts another: a master is
/// taken in whole or not at all.
pub fn read_master(path: &Path, scan: &Scan, columns: &Columns) -> Result<Vec<MasterRow>, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let mut record = StringRecord::new();
    let (mut out, mut numbers) = (Vec::new(), Vec::new());
    let mut ids: HashMap<String, i32> = HashMap::new();
    while let Some(row) = rows.next_row(&mut record)? {
        let read = read_row(&Cells { columns, record: &record, row })?;
        let next = i32::try_from(ids.len()).map_err(|_| FileProblem::in_row(Problem::MasterInvalid, row, ""))?;
        let id = AssociationId(*ids.entry(read.code.clone()).or_insert(next));
        out.push(MasterRow { id, ..read });
        numbers.push(row);
    }
    if out.is_empty() {
        return Err(FileProblem::of_file(Problem::NoRows, "").into());
    }
    if let Err(error) = Associations::new(out.clone()) {
        return Err(contradiction(error, &numbers, columns).into());
    }
    Ok(out)
}

/// What contradicts the rest of the master, at its cell.
fn contradiction(error: MasterError, rows: &[u32], columns: &Columns) -> FileProblem {
    let (problem, field) = match error.fault {
        MasterFault::DuplicateCode => (Problem::MasterCodeTwice, Field::Code),
        MasterFault::UnknownParent => (Problem::MasterParentUnknown, Field::ParentCode),
        MasterFault::Circle => (Problem::MasterCircle, Field::ParentCode),
        MasterFault::NoParent => (Problem::MasterParentMissing, Field::ParentCode),
        MasterFault::SpansOverlap => (Problem::MasterSpansOverlap, Field::ValidFrom),
        MasterFault::SpanReversed => (Problem::MasterSpanReversed, Field::ValidTo),
        MasterFault::SpansGap => (Problem::MasterSpansGap, Field::ValidFrom),
        MasterFault::TierOrPrefectureDiffers => (Problem::MasterTierDiffers, Field::Tier),
        MasterFault::UnknownSuccessor => (Problem::MasterSuccessorUnknown, Field::Successors),
        MasterFault::SuccessorOfOtherKind => (Problem::MasterSuccessorOfOtherKind, Field::Successors),
        MasterFault::SuccessorWithoutEnd => (Problem::MasterSuccessorWithoutEnd, Field::Successors),
        MasterFault::SuccessorCircle => (Problem::MasterSuccessorCircle, Field::Successors),
        MasterFault::SuccessorNotThere => (Problem::MasterSuccessorNotThere, Field::Successors),
        MasterFault::ParentNotThere => (Problem::MasterParentNotThere, Field::ParentCode),
    };
    // A master may lack the columns of days altogether: then the code is the cell to show.
    let field = if columns.index(field).is_some() { field } else { Field::Code };
    let row = rows.get(error.row).copied();
    FileProblem { problem, row, column: Some(columns.place(field).1), detail: error.detail }
}

/// The cells of one row.
struct Cells<'a> {
    columns: &'a Columns,
    record: &'a StringRecord,
    row: u32,
}

impl Cells<'_> {
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

fn read_row(row: &Cells<'_>) -> Result<MasterRow, FileProblem> {
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
    Ok(MasterRow {
        id: AssociationId(0),
        code,
        tier,
        prefecture: row.code(Field::PrefectureCode),
        span: AssociationSpan {
            kind: row.text(Field::Kind),
            name,
            short_name,
            aliases: split_names(&row.text(Field::Aliases)),
            parent: (!parent.is_empty()).then_some(parent),
            position,
            valid_from: row.date(Field::ValidFrom)?,
            valid_to: row.date(Field::ValidTo)?,
        },
        successors: split_names(&fold_width(&row.text(Field::Successors))),
    })
}

/// Several names or codes in one cell; ・ stands inside names and does not divide them.
fn split_names(cell: &str) -> Vec<String> {
    cell.split(['/', '／', ';', '；', '、', '|', '｜'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_string)
        .collect()
}
