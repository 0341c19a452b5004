//! Rows of the association master (医師会マスタ): one for each body and span of days.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;
use csv::StringRecord;

use super::columns::Columns;
use super::file_problem::{FileProblem, IngestError};
use super::row_problems::hint_of;
use super::rows::Rows;
use super::scan::Scan;
use crate::domain::association::{AssociationSpan, Associations, MasterError, MasterFault, MasterRow, Tier};
use crate::domain::file_name::{code_fault, shown};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::{DateFault, ReadDay, read_day};
use crate::domain::layout::Field;
use crate::domain::problem::{Hint, Problem};
use crate::domain::text::{code_key, fold_width, is_invisible, prefecture_code};

/// Rows of a master. The country has some 950 bodies; their names and areas change once in a generation.
const MOST_ROWS: usize = 20_000;

/// The cells of all rows of a master, in bytes.
const MOST_BYTES: usize = 16 << 20;

/// All that a master says.
#[derive(Debug)]
pub struct ReadMaster {
    /// Rows in the order of the file. Surrogate ids count codes from 0: the store gives them by code.
    pub rows: Vec<MasterRow>,
    /// Lines that are no rows, with what they are.
    pub skipped: Vec<(u32, Problem)>,
}

/// Reads all rows of a master. A code that lost its zeros on one row is the one that has them on another (R30); `known` are codes
/// of an earlier master, whose spelling stands.
///
/// # Errors
/// [`FileProblem`] naming row and column of the first cell that cannot be used or contradicts another: a master is
/// taken in whole or not at all.
pub fn read_master(
    path: &Path,
    scan: &Scan,
    columns: &Columns,
    known: &Associations,
) -> Result<ReadMaster, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let mut record = StringRecord::new();
    let (mut out, mut numbers) = (Vec::new(), Vec::new());
    let mut n_bytes = 0;
    while let Some(row) = rows.next_whole_row(&mut record)? {
        n_bytes += record.as_slice().len();
        if out.len() == MOST_ROWS || n_bytes > MOST_BYTES {
            let detail = format!("> {MOST_ROWS} / {} MB", MOST_BYTES >> 20);
            return Err(FileProblem::in_row(Problem::MasterTooLarge, row, detail).into());
        }
        out.push(read_row(&Cells { columns, record: &record, row })?);
        numbers.push(row);
    }
    if out.is_empty() {
        return Err(FileProblem::of_file(Problem::NoRows, "").into());
    }
    restore_codes(&mut out, known);
    let mut ids: HashMap<String, i32> = HashMap::new();
    for (read, row) in out.iter_mut().zip(&numbers) {
        let next = i32::try_from(ids.len()).map_err(|_| FileProblem::in_row(Problem::MasterInvalid, *row, ""))?;
        read.id = AssociationId(*ids.entry(read.code.clone()).or_insert(next));
    }
    if let Err(error) = Associations::tree(out.clone()) {
        return Err(contradiction(error, &numbers, columns).into());
    }
    Ok(ReadMaster { rows: out, skipped: rows.skipped().to_vec() })
}

/// Gives codes the zeros back that a spreadsheet took: of spellings of one value that of the earlier master stands, else the
/// longest of the file.
fn restore_codes(rows: &mut [MasterRow], known: &Associations) {
    let mut spelling: HashMap<String, String> = HashMap::new();
    for row in rows.iter() {
        let best = spelling.entry(code_key(&row.code)).or_default();
        if best.len() < row.code.len() {
            best.clone_from(&row.code);
        }
    }
    for body in known.iter() {
        spelling.entry(code_key(&body.code)).and_modify(|best| best.clone_from(&body.code));
    }
    let restore = |code: &mut String| {
        if let Some(best) = spelling.get(&code_key(code)) {
            code.clone_from(best);
        }
    };
    for row in rows {
        restore(&mut row.code);
        row.span.parent.iter_mut().for_each(restore);
        row.successors.iter_mut().for_each(restore);
    }
}

/// What contradicts the rest of the master, at its cell.
fn contradiction(error: MasterError, rows: &[u32], columns: &Columns) -> FileProblem {
    let (problem, field) = match error.fault {
        MasterFault::DuplicateCode => (Problem::MasterCodeTwice, Field::Code),
        MasterFault::UnknownParent => (Problem::MasterParentUnknown, Field::ParentCode),
        MasterFault::Circle => (Problem::MasterCircle, Field::ParentCode),
        MasterFault::TooDeep => (Problem::MasterTooDeep, Field::ParentCode),
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
        MasterFault::ParentOfWrongTier => (Problem::MasterParentOfWrongTier, Field::ParentCode),
        MasterFault::PrefectureDiffers => (Problem::MasterPrefectureDiffers, Field::PrefectureCode),
        MasterFault::ParentElsewhere => (Problem::MasterParentElsewhere, Field::ParentCode),
        MasterFault::NameTwice => (Problem::MasterNameTwice, Field::FullName),
        MasterFault::SecondOfItsKind => (Problem::MasterSecondOfItsKind, Field::Code),
    };
    // A master may lack the columns of days altogether: then the code is the cell to show.
    let field = if columns.index(field).is_some() { field } else { Field::Code };
    let row = rows.get(error.row).copied();
    FileProblem { row, column: Some(columns.place(field).1.to_string()), ..FileProblem::of_file(problem, error.detail) }
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
        let folded = fold_width(self.columns.cell(self.record, field));
        folded.trim().chars().filter(|c| !is_invisible(*c)).collect()
    }

    fn invalid(&self, field: Field) -> FileProblem {
        let (heading, column) = self.columns.place(field);
        FileProblem {
            column: Some(column.to_string()),
            ..FileProblem::in_row(Problem::MasterInvalid, self.row, &*heading)
        }
    }

    /// A code that can be part of no file name.
    fn unfit(&self, field: Field, code: &str) -> FileProblem {
        let hint = (!code.is_empty()).then(|| Hint { code: "RPT-030", words: vec![shown(code)] });
        FileProblem { hint: hint.map(Box::new), ..self.invalid(field) }
    }

    fn date(&self, field: Field) -> Result<Option<NaiveDate>, FileProblem> {
        let fault = match self.columns.cell(self.record, field) {
            "" => return Ok(None),
            text => match read_day(text) {
                Ok(ReadDay { day, other_weekday: None }) => return Ok(Some(day)),
                Ok(ReadDay { other_weekday: Some(weekday), .. }) => DateFault::WrongWeekday(weekday),
                Err(fault) => fault,
            },
        };
        Err(FileProblem { hint: hint_of(fault).map(Box::new), ..self.invalid(field) })
    }

    /// 都道府県コード with its zero; the national body has none.
    fn prefecture(&self, tier: Tier) -> Result<String, FileProblem> {
        let code = prefecture_code(self.columns.cell(self.record, Field::PrefectureCode));
        let is_number = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_digit());
        match (tier, code.as_str()) {
            (Tier::National, "" | "00") => Ok(String::new()),
            (_, "00") => Err(self.invalid(Field::PrefectureCode)),
            (_, text) if !is_number && !text.is_empty() => Err(self.invalid(Field::PrefectureCode)),
            _ => Ok(code),
        }
    }
}

fn read_row(row: &Cells<'_>) -> Result<MasterRow, FileProblem> {
    let tier = Tier::from_text(&row.code(Field::Tier)).ok_or_else(|| row.invalid(Field::Tier))?;
    let position = row.code(Field::Position).parse().map_err(|_| row.invalid(Field::Position))?;
    let code = row.code(Field::Code);
    if code_fault(&code).is_some() {
        return Err(row.unfit(Field::Code, &code));
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
        prefecture: row.prefecture(tier)?,
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
