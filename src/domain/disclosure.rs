//! What a paper for others must not tell (R37): people one by one, and reasons that point at somebody.
//!
//! Builders make external papers of counts; this module looks at the finished paper and trusts none of them. The publish
//! gate asks [`ReportDocument::disclosures`] and writes nothing while one is left. Figures by body are no disclosure: a
//! body sees its own, and of others' people only counts.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::document::{Block, Column, ReportDocument, Row, RowKind, Table};
use super::enrolment::WithdrawalReason;
use super::printed_figure::Place;

/// A reason that is told of fewer people points at them.
pub const FEWEST_TOLD: i64 = 3;

/// Key of the column that names reasons in a table of them.
pub const REASON: &str = "reason";

/// Key of a column of deaths.
pub const DIED: &str = "died";

/// Key of the column of other withdrawals beside it.
pub const LEFT: &str = "left";

/// Columns that describe few people one by one, and the column that says how many they are.
const DESCRIBING: [&str; 2] = ["median_days", "longest_days"];
const DESCRIBED: &str = "late";

/// Headings that only a list of people has.
const PERSONAL: [&str; 9] =
    ["氏名", "医籍登録番号", "生年月日", "申請者", "承認者", "承認日", "申請日", "判明した日", "入会日"];

/// Something that a paper for others tells and must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Title of the table, else its id; of a sentence, the title of its section.
    pub place: String,
    /// Number of the row, from 1; `None` where the whole table or a sentence is meant.
    pub row: Option<usize>,
    /// What is told.
    pub kind: DisclosureKind,
}

/// Kinds of disclosures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisclosureKind {
    /// A row is about one person.
    Person,
    /// A reason is told of fewer than [`FEWEST_TOLD`] people.
    Reason,
}

impl std::fmt::Display for Disclosure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some(row) = self.row {
            write!(f, " {row}行目")?;
        }
        match self.kind {
            DisclosureKind::Person => write!(f, "（一人ずつの行）"),
            DisclosureKind::Reason => write!(f, "（{FEWEST_TOLD}人に満たない理由）"),
        }
    }
}

impl ReportDocument {
    /// Everything that a paper for others must not tell, in reading order.
    pub fn disclosures(&self) -> Vec<Disclosure> {
        let mut out = Vec::new();
        for section in &self.sections {
            let said = |text: &String| {
                let told = Disclosure { place: section.title.clone(), row: None, kind: DisclosureKind::Reason };
                tells_of_few_deaths(text).then_some(told)
            };
            for block in &section.blocks {
                match block {
                    Block::Table(table) if table.proof.is_of_office => {}
                    Block::Table(table) => {
                        out.extend(table.disclosures());
                        out.extend(table.notes.iter().filter_map(said));
                    }
                    Block::Paragraph(text) | Block::Heading(text) => out.extend(said(text)),
                    Block::Notes(texts) => out.extend(texts.iter().filter_map(said)),
                    Block::Grid(grid) => out.extend(grid.notes.iter().filter_map(said)),
                    Block::Chart(chart) => out.extend(chart.notes.iter().filter_map(said)),
                    // The office wrote them itself.
                    Block::Letter(_) | Block::Attachment(_) => {}
                }
            }
        }
        out
    }
}

impl Table {
    fn disclosures(&self) -> Vec<Disclosure> {
        let is_list = self.columns.iter().any(|column| PERSONAL.contains(&column.title.as_str()))
            || self.proof.listed.is_some()
            || self.proof.claims.iter().any(|claim| matches!(claim.place, Place::Rows(_)));
        if is_list && self.rows.iter().any(|row| row.kind == RowKind::Body) {
            return vec![self.disclosure(None, DisclosureKind::Person)];
        }
        let mut out = self.disclosed_by(DisclosureKind::Person, |row| self.is_of_one(row));
        let of_reasons = self.columns.first().is_some_and(|column| column.key == REASON);
        out.extend(self.disclosed_by(DisclosureKind::Reason, |row| {
            let name = first_text(row);
            let is_named =
                of_reasons && name != WithdrawalReason::Other.label() || name == WithdrawalReason::Death.label();
            is_named && is_few_reason(row)
        }));
        if self.few_deaths() {
            out.push(self.disclosure(None, DisclosureKind::Reason));
        }
        out.extend(self.disclosed_by(DisclosureKind::Person, |row| {
            self.describes_few(row) && self.describing(row).any(Cell::is_number)
        }));
        out
    }

    /// What rows disclose, each by its number from 1.
    fn disclosed_by(&self, kind: DisclosureKind, discloses: impl Fn(&Row) -> bool) -> Vec<Disclosure> {
        let rows = (1..).zip(&self.rows).filter(|(_, row)| row.kind == RowKind::Body && discloses(row));
        rows.map(|(at, _)| self.disclosure(Some(at), kind)).collect()
    }

    fn disclosure(&self, row: Option<usize>, kind: DisclosureKind) -> Disclosure {
        Disclosure { place: self.name().to_string(), row, kind }
    }

    /// Whether a row describes one or two people: the median of one is that one.
    fn describes_few(&self, row: &Row) -> bool {
        let n = self.column_of(DESCRIBED).and_then(|at| row.cells.get(at));
        matches!(n, Some(Cell::Count(n)) if is_few(*n))
    }

    fn describing<'r>(&self, row: &'r Row) -> impl Iterator<Item = &'r Cell> {
        let places = DESCRIBING.map(|key| self.column_of(key));
        places.into_iter().flatten().filter_map(|at| row.cells.get(at))
    }

    /// Whether a row is about one person: it has days of its own beside what names it, or no figure at all.
    fn is_of_one(&self, row: &Row) -> bool {
        let cells = || self.columns.iter().zip(&row.cells).skip(1);
        let has_day = cells().any(|(_, cell)| matches!(cell, Cell::Date(_)));
        let is_figure = |(column, cell): (&Column, &Cell)| {
            column.key != "number" && (cell.is_number() || matches!(cell, Cell::NotApplicable))
        };
        let has_figure = self.columns.iter().zip(&row.cells).any(is_figure);
        has_day || !has_figure
    }

    /// Whether a column of deaths tells of too few.
    fn few_deaths(&self) -> bool {
        self.column_of(DIED).is_some_and(|at| is_few(self.most_in(at)))
    }

    fn column_of(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// What a column says of the whole area: the largest of its rows, which is a sum where the table has one; over rows of
    /// days, all of them.
    fn most_in(&self, at: usize) -> i64 {
        let of_row = |row: &Row| match row.cells.get(at) {
            Some(Cell::Count(n)) => *n,
            _ => 0,
        };
        let over_days = self.rows.iter().any(|row| matches!(row.cells.first(), Some(Cell::Date(_))));
        if over_days { self.rows.iter().map(of_row).sum() } else { self.rows.iter().map(of_row).max().unwrap_or(0) }
    }

    /// Puts what is told of too few people together with the rest: deaths with the other withdrawals, reasons into その他. The
    /// sums stay what they were, and a note says so.
    pub fn fold_few(&mut self) {
        self.fold_few_deaths();
        self.leave_out_descriptions();
        let of_reasons = self.columns.first().is_some_and(|column| column.key == REASON);
        let other = WithdrawalReason::Other.label();
        if of_reasons && self.rows.iter().any(|row| is_few_reason(row) && first_text(row) != other) {
            self.fold_rows(is_few_reason, |row| first_text(row) == other, other);
            self.notes.push(format!("{FEWEST_TOLD} 人に満たない理由は、その他に合わせて示した。"));
        }
        // None is put together as well: else the word alone would say that there were one or two.
        let is_death = |row: &Row| {
            first_text(row) == WithdrawalReason::Death.label() && (is_few_reason(row) || row.cells.iter().all(is_none))
        };
        let Some(death) = self.rows.iter().position(is_death).filter(|_| !of_reasons) else { return };
        let is_body = |row: &Row| row.kind == RowKind::Body;
        // Beside those who have left; without such a row beside the row before.
        let before = self.rows[..death].iter().rposition(is_body);
        let Some(beside) = self.rows.iter().position(|row| is_body(row) && is_of_the_left(row)).or(before) else {
            if let Some(text) = self.rows[death].cells.iter_mut().find(|cell| matches!(cell, Cell::Text(_))) {
                *text = Cell::text(other);
            }
            return;
        };
        let name = format!("{}・死亡", first_text(&self.rows[beside]));
        let (died, target) = (self.rows[death].clone(), self.rows[beside].clone());
        self.fold_rows(|row| *row == died, |row| *row == target, &name);
        self.notes.push(format!("死亡が {FEWEST_TOLD} 人に満たないため、合わせて示した。"));
    }

    /// Leaves out what would describe one or two people.
    fn leave_out_descriptions(&mut self) {
        let places: Vec<usize> = DESCRIBING.iter().filter_map(|key| self.column_of(key)).collect();
        let few: Vec<bool> = self.rows.iter().map(|row| self.describes_few(row)).collect();
        if places.is_empty() || !few.contains(&true) {
            return;
        }
        for (row, _) in self.rows.iter_mut().zip(few).filter(|(_, few)| *few) {
            for at in &places {
                if let Some(cell) = row.cells.get_mut(*at) {
                    *cell = Cell::NotApplicable;
                }
            }
        }
        self.notes.push(format!("{FEWEST_TOLD} 人に満たないものの中央値と最大は示さない。"));
    }

    /// Puts deaths that are too few to be told beside the other withdrawals into their column.
    fn fold_few_deaths(&mut self) {
        let (Some(died), Some(left)) = (self.column_of(DIED), self.column_of(LEFT)) else { return };
        // None is put together as well: else the heading alone would say that there were one or two.
        if self.most_in(died) >= FEWEST_TOLD || self.rows.is_empty() {
            return;
        }
        for row in &mut self.rows {
            if let (Some(Cell::Count(n)), Some(Cell::Count(sum))) =
                (row.cells.get(died).cloned(), row.cells.get_mut(left))
            {
                *sum += n;
            }
            row.cells.remove(died);
        }
        self.columns.remove(died);
        self.columns[if left > died { left - 1 } else { left }].title.push_str("・死亡");
        self.proof.additive.retain(|key| key != DIED);
        for identity in &mut self.proof.identities {
            identity.plus.retain(|key| key != DIED);
            identity.minus.retain(|key| key != DIED);
        }
        // The sum of both is another figure than other tables print.
        self.proof.claims.retain(|claim| !matches!(&claim.place, Place::Cell(_, key) if key == DIED || key == LEFT));
        self.notes.push(format!("死亡が {FEWEST_TOLD} 人に満たないため、退会に合わせて示した。"));
    }

    /// Adds some body rows to another one, or to a new one behind the last of them, under a name.
    fn fold_rows(&mut self, is_folded: impl Fn(&Row) -> bool, is_target: impl Fn(&Row) -> bool, name: &str) {
        let is_body = |row: &Row| row.kind == RowKind::Body;
        let parts: Vec<bool> = self.rows.iter().map(|row| is_body(row) && (is_folded(row) || is_target(row))).collect();
        let target = self.rows.iter().position(|row| is_body(row) && is_target(row));
        let Some(place) = target.or_else(|| parts.iter().rposition(|part| *part)) else { return };
        let mut sum = self.rows[place].clone();
        for (_, row) in self.rows.iter().enumerate().filter(|(at, _)| parts[*at] && *at != place) {
            sum.cells.iter_mut().zip(&row.cells).for_each(|(sum, cell)| add(sum, cell));
        }
        if let Some(text) = sum.cells.iter_mut().find(|cell| matches!(cell, Cell::Text(_))) {
            *text = Cell::text(name);
        }
        self.rows[place] = sum;
        // What a folded row and its sum say is another figure than other tables print; the rest moves up.
        self.proof
            .claims
            .retain(|claim| !matches!(&claim.place, Place::Cell(row, _) if parts.get(*row) == Some(&true)));
        let gone = |row: usize| parts.iter().enumerate().take(row).filter(|(at, part)| **part && *at != place).count();
        for claim in &mut self.proof.claims {
            if let Place::Cell(row, _) = &mut claim.place {
                *row -= gone(*row);
            }
        }
        let mut at = 0;
        self.rows.retain(|_| {
            let kept = !parts[at] || at == place;
            at += 1;
            kept
        });
    }
}

/// A sentence as others may read it: an aside in brackets about deaths is left out, however many; if only those about one
/// or two were, a missing one would tell of them.
pub fn without_deaths(text: &str) -> String {
    let opening = format!("（うち{}", WithdrawalReason::Death.label());
    let aside = text.find(&opening).and_then(|at| Some((at, at + text[at..].find('）')? + '）'.len_utf8())));
    match aside {
        Some((at, end)) => format!("{}{}", &text[..at], &text[end..]),
        None => text.to_string(),
    }
}

/// Counts and differences add up; what has no value stays so.
fn add(sum: &mut Cell, other: &Cell) {
    match (sum, other) {
        (Cell::Count(sum), Cell::Count(n)) | (Cell::Difference(sum), Cell::Difference(n)) => *sum += n,
        _ => {}
    }
}

/// Whether a row is that of those who have left, by its word in tables of states and of movements.
fn is_of_the_left(row: &Row) -> bool {
    let name = first_text(row);
    name.starts_with("退会") && !["退会取消", "退会予定"].iter().any(|other| name.starts_with(other))
}

/// Whether a row says of any of its figures that it is about one or two.
fn is_few_reason(row: &Row) -> bool {
    row.cells.iter().any(|cell| matches!(cell, Cell::Count(n) if is_few(*n)))
}

/// Counts by reason as others may see them: what is told of too few goes into その他.
pub fn fold_few_reasons(counts: &BTreeMap<WithdrawalReason, i64>) -> BTreeMap<WithdrawalReason, i64> {
    let mut out = BTreeMap::new();
    for (reason, n) in counts {
        let told = if is_few(*n) { WithdrawalReason::Other } else { *reason };
        *out.entry(told).or_default() += n;
    }
    out
}

/// Whether a cell counts nobody, or counts nothing.
fn is_none(cell: &Cell) -> bool {
    !matches!(cell, Cell::Count(n) if *n != 0)
}

/// Whether a number of people is too small for their reason to be told.
fn is_few(n: i64) -> bool {
    (1..FEWEST_TOLD).contains(&n)
}

fn first_text(row: &Row) -> &str {
    let text = row.cells.iter().find_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    text.unwrap_or_default()
}

/// Whether a sentence says 死亡 of one or two people, as in うち死亡 2 件.
fn tells_of_few_deaths(text: &str) -> bool {
    let word = WithdrawalReason::Death.label();
    // 退会・転出・死亡 2 件 is the sum of the three.
    let is_alone = |at: &usize| !text[..*at].ends_with('・');
    text.match_indices(word).map(|(at, _)| at).filter(is_alone).any(|at| {
        let rest = text[at + word.len()..].trim_start_matches([' ', '　']);
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
        digits.parse().is_ok_and(is_few)
    })
}

#[cfg(test)]
mod tests;
