//! Whether a finished table keeps what it promises.

use super::cell::Cell;
use super::document::{Row, RowKind, Table};
use super::table_check::Identity;

/// A cell that contradicts what its table promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedCheck {
    /// Title of the table, else its id.
    pub table: String,
    /// The row: its first text, else its number.
    pub row: String,
    /// The column as printed.
    pub column: String,
    /// What the other cells add up to; `None` where one of them has no value.
    pub expected: Option<i64>,
    /// What the cell says; `None` where it has no value.
    pub found: Option<i64>,
}

impl std::fmt::Display for FailedCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |n: Option<i64>| n.map_or("…".to_string(), |n| n.to_string());
        let (expected, found) = (number(self.expected), number(self.found));
        write!(f, "{} / {} / {}: {found} ≠ {expected}", self.table, self.row, self.column)
    }
}

impl Table {
    /// Every cell that contradicts what the table promises, in reading order. A promise about a column that the table
    /// does not have is broken by every row.
    pub fn failed_checks(&self) -> Vec<FailedCheck> {
        let mut out = Vec::new();
        for key in &self.proof.additive {
            self.check_sums(key, &mut out);
        }
        for identity in &self.proof.identities {
            self.check_identity(identity, &mut out);
        }
        if let Some(listed) = &self.proof.listed {
            let n = self.rows.iter().filter(|row| row.kind == RowKind::Body).count();
            let found = i64::try_from(n).ok();
            if found != Some(listed.figure) {
                out.push(FailedCheck {
                    table: self.name().to_string(),
                    row: "行数".into(),
                    column: listed.what.clone(),
                    expected: Some(listed.figure),
                    found,
                });
            }
        }
        out
    }

    pub(super) fn name(&self) -> &str {
        if self.title.is_empty() { &self.id } else { &self.title }
    }

    fn column_at(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// Body rows since the last subtotal add up to the next one, all of them to the total. A column may print … in all
    /// its rows, where the figure does not exist. Where some rows print …, the sums that contain them do, and no other.
    fn check_sums(&self, key: &str, out: &mut Vec<FailedCheck>) {
        let at = self.column_at(key);
        let value = |row: &Row| at.and_then(|at| row.cells.get(at)).and_then(number);
        if at.is_some() && !self.rows.is_empty() && self.rows.iter().all(|row| value(row).is_none()) {
            return;
        }
        let add = |sum: Option<i64>, n: Option<i64>| sum.zip(n).and_then(|(sum, n)| sum.checked_add(n));
        let (mut part, mut whole) = (Some(0), Some(0));
        for (nth, row) in self.rows.iter().enumerate() {
            let found = value(row);
            let expected = match row.kind {
                RowKind::Body => {
                    (part, whole) = (add(part, found), add(whole, found));
                    continue;
                }
                RowKind::Subtotal => part.replace(0),
                RowKind::Total => whole,
            };
            if at.is_none() || expected != found {
                out.push(self.failed_check(nth, key, expected, found));
            }
        }
    }

    fn check_identity(&self, identity: &Identity, out: &mut Vec<FailedCheck>) {
        for (nth, row) in self.rows.iter().enumerate() {
            let value = |key: &String| self.column_at(key).and_then(|at| row.cells.get(at)).and_then(number);
            let found = value(&identity.sum);
            let [plus, minus] = [&identity.plus, &identity.minus]
                .map(|keys| keys.iter().map(value).try_fold(0_i64, |sum, n| sum.checked_add(n?)));
            let expected = plus.zip(minus).and_then(|(plus, minus)| plus.checked_sub(minus));
            let is_open = |key: &String| {
                self.column_at(key).is_some_and(|at| matches!(row.cells.get(at), Some(Cell::NotApplicable)))
            };
            // Where all parts print …, the sum may be known all the same.
            let is_unknown = identity.plus.iter().chain(&identity.minus).all(is_open);
            let all_missing = found.is_none() && expected.is_none() && self.column_at(&identity.sum).is_some();
            if !is_unknown && !all_missing && (expected.is_none() || expected != found) {
                out.push(self.failed_check(nth, &identity.sum, expected, found));
            }
        }
    }

    fn failed_check(&self, nth: usize, key: &str, expected: Option<i64>, found: Option<i64>) -> FailedCheck {
        let (row, column) = (self.row_label(nth), self.column_title(key));
        FailedCheck { table: self.name().to_string(), row, column, expected, found }
    }

    /// The texts that a row begins with, but no names of persons; else its date, else its number.
    pub(super) fn row_label(&self, nth: usize) -> String {
        let cells = self.rows.get(nth).map_or(&[][..], |row| &row.cells);
        let texts: Vec<&str> = cells
            .iter()
            .zip(&self.columns)
            .skip_while(|(cell, _)| !matches!(cell, Cell::Text(_)))
            .map_while(|(cell, column)| match cell {
                Cell::Text(text) if column.key != "name" => Some(text.as_str()),
                _ => None,
            })
            .filter(|text| !text.is_empty())
            .collect();
        let date = || cells.iter().find(|cell| matches!(cell, Cell::Date(_))).map(Cell::display);
        if texts.is_empty() { date().unwrap_or_else(|| (nth + 1).to_string()) } else { texts.join("・") }
    }

    /// The heading of a column as printed, its group before it; the key where there is no such column.
    pub(super) fn column_title(&self, key: &str) -> String {
        self.column_at(key).map_or(key.to_string(), |at| {
            let column = &self.columns[at];
            if column.group.is_empty() { column.title.clone() } else { format!("{}・{}", column.group, column.title) }
        })
    }
}

/// The value of a cell that can be added; an empty cell is 0.
fn number(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Count(n) | Cell::Difference(n) => Some(*n),
        Cell::Blank => Some(0),
        Cell::Text(_)
        | Cell::PercentTenths(_)
        | Cell::Decimal(_)
        | Cell::StatedChange(_)
        | Cell::Date(_)
        | Cell::NotApplicable => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::table_check::{Listed, TableCheck};
    use super::*;
    use crate::domain::cell::LabelledText;
    use crate::domain::document::Column;

    fn table(rows: Vec<Row>, proof: TableCheck) -> Table {
        Table {
            id: "t".into(),
            title: "表".into(),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![Column::text("label", "名", 4), Column::number("a", "甲", 2), Column::number("b", "乙", 2)],
            rows,
            empty_text: String::new(),
            notes: Vec::new(),
            proof,
        }
    }

    fn cells(name: &str, a: Cell, b: Cell) -> Vec<Cell> {
        vec![Cell::text(name), a, b]
    }

    fn sums(subtotal: i64, total: i64) -> Vec<FailedCheck> {
        let rows = vec![
            Row::body(cells("x", Cell::Count(1), Cell::NotApplicable)),
            Row::body(cells("y", Cell::Count(2), Cell::NotApplicable)),
            Row::subtotal(cells("計", Cell::Count(subtotal), Cell::NotApplicable)),
            Row::body(cells("z", Cell::Count(4), Cell::NotApplicable)),
            Row::total(cells("合計", Cell::Count(total), Cell::NotApplicable)),
        ];
        table(rows, TableCheck::additive(["a", "b"])).failed_checks()
    }

    #[test]
    fn sums_that_hold_have_no_disproof() {
        assert_eq!(sums(3, 7), []);
    }

    #[test]
    fn wrong_sums_name_their_cells() {
        let found: Vec<String> = sums(4, 6).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["表 / 計 / 甲: 4 ≠ 3", "表 / 合計 / 甲: 6 ≠ 7"]);
    }

    #[test]
    fn value_missing_in_one_row_cannot_be_proved() {
        let rows = vec![
            Row::body(cells("x", Cell::NotApplicable, Cell::Count(1))),
            Row::total(cells("合計", Cell::Count(0), Cell::Count(1))),
        ];
        let found = table(rows, TableCheck::additive(["a", "b", "c"])).failed_checks();
        let named: Vec<_> = found.iter().map(|one| (one.column.as_str(), one.expected)).collect();
        assert_eq!(named, [("甲", None), ("c", None)]);
    }

    #[test]
    fn sum_of_a_missing_value_is_missing_and_other_sums_are_not() {
        let rows = |subtotal: Cell, total: Cell| {
            vec![
                Row::body(cells("x", Cell::NotApplicable, Cell::Count(1))),
                Row::subtotal(cells("x 計", Cell::NotApplicable, Cell::Count(1))),
                Row::body(cells("y", Cell::Count(2), Cell::Count(2))),
                Row::subtotal(cells("y 計", subtotal, Cell::Count(2))),
                Row::total(cells("合計", total, Cell::Count(3))),
            ]
        };
        let found =
            |subtotal, total| table(rows(subtotal, total), TableCheck::additive(["a", "b"])).failed_checks().len();
        assert_eq!(found(Cell::Count(2), Cell::NotApplicable), 0);
        assert_eq!(found(Cell::Count(2), Cell::Count(2)), 1);
        assert_eq!(found(Cell::NotApplicable, Cell::NotApplicable), 1);
    }

    #[test]
    fn identity_holds_in_every_row() {
        let rows = vec![
            Row::body(cells("x", Cell::Count(3), Cell::Count(3))),
            Row::total(cells("合計", Cell::Count(3), Cell::Count(4))),
        ];
        let proof = TableCheck::default().with(Identity::new("b", ["a"], []));
        let found = table(rows, proof).failed_checks();
        assert_eq!((found.len(), found[0].row.as_str(), found[0].expected), (1, "合計", Some(3)));
    }

    #[test]
    fn sum_of_nothing_but_unknown_parts_may_be_known() {
        let found = |parts: Vec<Cell>| {
            let rows = parts.into_iter().map(|part| Row::body(cells("x", part, Cell::Count(3)))).collect();
            table(rows, TableCheck::default().with(Identity::new("b", ["a"], []))).failed_checks().len()
        };
        assert_eq!(found(vec![Cell::NotApplicable]), 0);
        assert_eq!(found(vec![Cell::NotApplicable, Cell::Count(2)]), 1);
        let two = TableCheck::default().with(Identity::new("b", ["a", "c"], []));
        assert_eq!(
            table(vec![Row::body(cells("x", Cell::NotApplicable, Cell::Count(3)))], two).failed_checks().len(),
            1
        );
    }

    #[test]
    fn list_is_as_long_as_its_figure() {
        let rows = vec![Row::body(cells("x", Cell::Blank, Cell::Blank))];
        let of_length = |figure: i64| TableCheck {
            listed: Some(Listed { figure, what: "退会者".into() }),
            ..TableCheck::default()
        };
        assert_eq!(table(rows.clone(), of_length(1)).failed_checks(), []);
        assert_eq!(table(rows, of_length(2)).failed_checks()[0].found, Some(1));
    }
}
