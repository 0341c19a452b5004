//! The calendar of meetings (会議の予定): a small table of the office, one row a meeting.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::japanese_date::parse_date;
use crate::error::{Failure, FailureKind};
use crate::files::names::name_of;
use crate::ingest::by_heading::read_by_heading;
use crate::messages::{Lang, message};

/// The headings that it has; others are left alone.
const HEADINGS: [&[&str]; 2] = [&["開催日", "会議日", "日付"], &["会議名", "会議", "名称"]];

/// Places of the columns among those that are asked for.
const DAY: usize = 0;
const NAME: usize = 1;

/// A meeting that is to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarMeeting {
    /// Its row, as Excel shows it.
    pub row: u32,
    /// Its day.
    pub held_on: NaiveDate,
    /// What it is called.
    pub name: String,
}

/// A calendar, and what is wrong in it: a wrong row costs that row.
#[derive(Debug)]
pub struct Calendar {
    /// Meetings in the order of their days.
    pub meetings: Vec<CalendarMeeting>,
    /// Rows that are none, in their order.
    pub faults: Vec<Failure>,
}

/// Reads a calendar: CSV or workbook, with the columns 開催日 and 会議名. `folder` says what the folder of a meeting is called: no two
/// have one of the same name, which a system may not tell apart by small and large letters.
///
/// # Errors
/// [`Failure`] MTG-070 where a column is missing, MTG-074 where it cannot be read.
pub fn calendar(path: &Path, folder: &dyn Fn(&str, NaiveDate) -> String) -> Result<Calendar> {
    let shown = name_of(path);
    let table = read_by_heading(path, &HEADINGS).map_err(|error| {
        let why = Failure::from_ingest(error, &shown);
        let text = message(why.code, Lang::Ja, &why.detail).text;
        Failure::new(FailureKind::Input, "MTG-074", format!("{} {} {text}", path.display(), why.code))
    })?;
    // The ledger keeps the words alone, so that they name the cell: 会議の予定.csv B3 来月.
    let wrong_at = |cell: &str, (code, detail): (&'static str, &str)| {
        let words: Vec<&str> = [shown.as_str(), cell, detail].into_iter().filter(|word| !word.is_empty()).collect();
        Failure::new(FailureKind::Input, code, words.join(" "))
    };
    let wrong = |row: u32, column: usize, fault: (&'static str, &str)| {
        wrong_at(&format!("{}{row}", table.columns[column].as_deref().unwrap_or_default()), fault)
    };
    for (column, words) in HEADINGS.iter().enumerate() {
        if table.columns[column].is_none() {
            return Err(wrong_at("", ("MTG-070", words[0])).into());
        }
    }
    let mut faults: Vec<(u32, Failure)> = Vec::new();
    for ragged in &table.ragged {
        let (row, column) = (ragged.row.unwrap_or_default(), ragged.column.as_deref().unwrap_or_default());
        faults.push((row, wrong_at(&format!("{column}{row}"), ("MTG-075", &ragged.detail))));
    }
    let mut out = Calendar { meetings: Vec::new(), faults: Vec::new() };
    // Rows by the folder of their meeting.
    let mut folders: BTreeMap<String, u32> = BTreeMap::new();
    for row in &table.rows {
        let (day, name) = (row.written[DAY].as_str(), row.written[NAME].as_str());
        let read = match parse_date(day) {
            _ if day.is_empty() && name.is_empty() => continue,
            None => Err((DAY, "MTG-071", day.to_string())),
            Some(_) if name.is_empty() => Err((NAME, "MTG-072", String::new())),
            Some(held_on) => match folders.entry(folder(name, held_on).to_lowercase()) {
                Entry::Occupied(before) => Err((NAME, "MTG-073", before.get().to_string())),
                Entry::Vacant(free) => {
                    Ok(CalendarMeeting { row: *free.insert(row.number), held_on, name: name.to_string() })
                }
            },
        };
        match read {
            Ok(meeting) => out.meetings.push(meeting),
            Err((column, code, detail)) => faults.push((row.number, wrong(row.number, column, (code, &detail)))),
        }
    }
    faults.sort_by_key(|(row, _)| *row);
    out.faults = faults.into_iter().map(|(_, fault)| fault).collect();
    out.meetings.sort_by_key(|one| (one.held_on, one.row));
    Ok(out)
}
