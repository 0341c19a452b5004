//! The person on a row of a member export.

use csv::StringRecord;

use crate::domain::japanese_date::read_day;
use crate::domain::layout::Field;
use crate::domain::person::{Person, PersonTexts, Sex};
use crate::domain::problem::Problem;
use crate::ingest::columns::Columns;
use crate::ingest::digests::PersonDigests;
use crate::ingest::normalise::has_private_use;
use crate::ingest::row_problems::RowProblems;

/// Reads the person with its fingerprints; what is doubtful is noted.
pub(super) fn person(
    columns: &Columns,
    record: &StringRecord,
    problems: &mut RowProblems<'_>,
) -> (Person, PersonDigests) {
    let text = |field| columns.cell(record, field).to_string();
    let texts = PersonTexts {
        name: text(Field::Name),
        kana: text(Field::Kana),
        graduated: month_of(columns.cell(record, Field::Graduated)).to_string(),
        facility: text(Field::Facility),
        duty: text(Field::Duty),
    };
    for (field, missing) in [(Field::Graduated, Problem::GraduatedMissing), (Field::Duty, Problem::DutyMissing)] {
        if columns.index(field).is_some() && columns.cell(record, field).is_empty() {
            problems.note(field, missing);
        }
    }
    for field in [Field::Name, Field::Kana, Field::Facility] {
        if has_private_use(columns.cell(record, field)) {
            problems.note(field, Problem::PrivateUseCharacter);
        }
    }
    let born_cell = columns.cell(record, Field::BornOn);
    let born_on =
        if born_cell.is_empty() { None } else { problems.day(Field::BornOn, born_cell, Problem::BornNotADate) };
    let sex = match columns.cell(record, Field::Sex) {
        "男" | "男性" => Sex::Male,
        "女" | "女性" => Sex::Female,
        _ => Sex::Unknown,
    };
    let digests = PersonDigests::of(&texts, sex, born_on);
    (Person::new(&texts, sex, born_on), digests)
}

/// 卒業年月 is a month: of a cell that holds a whole date, as Excel keeps months, the month.
fn month_of(cell: &str) -> &str {
    let is_whole = cell.len() == 10 && read_day(cell).is_ok() && cell.as_bytes().get(4) == Some(&b'-');
    if is_whole { &cell[..7] } else { cell }
}
