//! Which column of a file carries which field, by its headings.

use std::sync::Arc;

use csv::StringRecord;

use super::file_problem::{FileProblem, IngestError};
use super::masking::KnownHeadings;
use super::normalise::{bare, fold};
use crate::domain::layout::{Field, Layout};
use crate::domain::problem::{Hint, Problem, column_letters};

/// The columns of one file under one layout.
#[derive(Debug, Clone)]
pub struct Columns {
    at: [Option<usize>; Field::COUNT],
    headings: Vec<String>,
    /// Heading and letters of each column that carries a field; shared by all that is said of its cells.
    places: Vec<Option<(Arc<str>, Arc<str>)>>,
    used: Vec<bool>,
    fields: Vec<(Field, usize)>,
}

impl Columns {
    fn fit(headings: &StringRecord, layout: &Layout) -> Result<Self, FileProblem> {
        let keys: Vec<String> = headings.iter().map(fold).collect();
        let mut out = Self {
            at: [None; Field::COUNT],
            headings: headings.iter().map(str::to_string).collect(),
            places: vec![None; keys.len()],
            used: vec![false; keys.len()],
            fields: Vec::new(),
        };
        let mut missing = Vec::new();
        for (field, accepted) in &layout.fields {
            let accepted_keys: Vec<String> = accepted.headings.iter().map(|heading| fold(heading)).collect();
            let mut hits = (0..keys.len()).filter(|&i| accepted_keys.contains(&keys[i]));
            match (hits.next(), hits.next()) {
                (Some(i), None) => {
                    out.at[*field as usize] = Some(i);
                    out.used[i] = true;
                    out.places[i] = Some((out.headings[i].as_str().into(), column_letters(i).into()));
                    out.fields.push((*field, i));
                }
                (Some(first), Some(second)) => {
                    let detail = format!(
                        "{} ({}), {} ({})",
                        out.headings[first],
                        column_letters(first),
                        out.headings[second],
                        column_letters(second)
                    );
                    return Err(FileProblem {
                        column: Some(column_letters(second)),
                        ..FileProblem::in_row(Problem::HeadingTwice, 1, detail)
                    });
                }
                (None, _) if accepted.required => missing.extend(accepted.headings.first().cloned()),
                (None, _) => {}
            }
        }
        if missing.is_empty() {
            return Ok(out);
        }
        let unused = out.unused(&KnownHeadings::of([layout]));
        let hint = (!unused.is_empty()).then(|| Box::new(Hint { code: "WHY-012", words: vec![unused.join("、")] }));
        Err(FileProblem { hint, ..FileProblem::in_row(Problem::HeadingMissing, 1, missing.join("、")) })
    }

    /// The column of a field, from 0.
    pub fn index(&self, field: Field) -> Option<usize> {
        self.at[field as usize]
    }

    /// The fields that the file has, each with its column from 0.
    pub fn fields(&self) -> &[(Field, usize)] {
        &self.fields
    }

    /// The cell of a field, without blanks and what Excel and Macs put around it; empty when the file has no such column.
    pub fn cell<'r>(&self, record: &'r StringRecord, field: Field) -> &'r str {
        self.index(field).and_then(|i| record.get(i)).map_or("", bare)
    }

    /// Heading and column letter of a field.
    pub fn place(&self, field: Field) -> (Arc<str>, Arc<str>) {
        self.index(field).map_or_else(|| ("".into(), "".into()), |i| self.place_of_column(i))
    }

    /// Heading and letters of a column, counted from 0.
    pub fn place_of_column(&self, column: usize) -> (Arc<str>, Arc<str>) {
        let known = self.places.get(column).cloned().flatten();
        let heading = || self.headings.get(column).map_or("", String::as_str);
        known.unwrap_or_else(|| (heading().into(), column_letters(column).into()))
    }

    /// Whether a field of the layout is read from the column, counted from 0.
    pub fn is_used(&self, column: usize) -> bool {
        self.used.get(column).copied().unwrap_or(false)
    }

    /// The first columns that carry no field, by letter and heading: one of them may be a required one under another name.
    fn unused(&self, known: &KnownHeadings) -> Vec<String> {
        const MOST: usize = 12;
        let shown = known.shown(self.headings.iter().map(String::as_str));
        let unused = shown.iter().enumerate().filter(|(at, _)| !self.is_used(*at));
        let filled = unused.filter(|(_, heading)| !heading.trim().is_empty());
        filled.take(MOST).map(|(at, heading)| format!("{} {}", column_letters(at), heading.trim())).collect()
    }

    /// Headings that no field of the layout names, in file order, as they may be shown; blank columns are none.
    pub fn ignored(&self, layout: &Layout) -> Vec<String> {
        let shown = KnownHeadings::of([layout]).shown(self.headings.iter().map(String::as_str));
        let ignored = shown.into_iter().zip(&self.used).filter(|(heading, used)| !**used && !heading.trim().is_empty());
        ignored.map(|(heading, _)| heading).collect()
    }
}

/// Chooses the layout whose required headings are all there.
///
/// With `named`, only that layout is tried. Without, a file that fits none is refused with what is missing from
/// the layout that it comes closest to.
///
/// # Errors
/// [`FileProblem`] with `HeadingMissing`, `HeadingTwice` or `LayoutUnknown`.
pub fn fit_layout<'l>(
    headings: &StringRecord,
    layouts: &'l [Layout],
    named: Option<&str>,
) -> Result<(&'l Layout, Columns), IngestError> {
    let candidates: Vec<&Layout> =
        layouts.iter().filter(|layout| named.is_none_or(|name| layout.name == name)).collect();
    let mut best: Option<(usize, FileProblem)> = None;
    let mut fits: Vec<(&Layout, Columns)> = Vec::new();
    for layout in candidates {
        match Columns::fit(headings, layout) {
            Ok(columns) => fits.push((layout, columns)),
            Err(problem) => {
                let score = n_known(headings, layout);
                if best.as_ref().is_none_or(|(n, _)| score > *n) {
                    best = Some((score, problem));
                }
            }
        }
    }
    // The layout that uses most columns describes the file best; the first of equals, by file name.
    if let Some(fit) =
        fits.into_iter().rev().max_by_key(|(_, columns)| columns.used.iter().filter(|used| **used).count())
    {
        return Ok(fit);
    }
    match best {
        // Half of the headings known: a damaged file of this kind, not another kind.
        Some((n, problem)) if n * 2 >= headings.len() || named.is_some() => Err(problem.into()),
        best => {
            let known = best.filter(|(n, _)| *n > 0).map(|_| KnownHeadings::of(layouts));
            Err(FileProblem::in_row(Problem::LayoutUnknown, 1, first_cells(headings, known.as_ref())).into())
        }
    }
}

/// The first cells of a row that one of the layouts knows, else only which columns are filled: a file without
/// headings begins with a person, and persons are not shown.
fn first_cells(row: &StringRecord, known: Option<&KnownHeadings>) -> String {
    match known {
        Some(known) => known.shown_of(row).into_iter().take(5).collect::<Vec<_>>().join("、"),
        None => format!("A–{}", column_letters(row.len().saturating_sub(1))),
    }
}

/// The layout that knows most of the headings; of equals the first by file name. `None` without layouts.
pub(super) fn most_like<'l>(headings: &StringRecord, layouts: &'l [Layout], named: Option<&str>) -> Option<&'l Layout> {
    let candidates = layouts.iter().filter(|layout| named.is_none_or(|name| layout.name == name));
    candidates.rev().max_by_key(|layout| n_known(headings, layout))
}

/// How many headings a layout knows.
pub(super) fn n_known(headings: &StringRecord, layout: &Layout) -> usize {
    let accepted: Vec<String> =
        layout.fields.values().flat_map(|field| field.headings.iter().map(|heading| fold(heading))).collect();
    headings.iter().filter(|heading| accepted.contains(&fold(heading))).count()
}
