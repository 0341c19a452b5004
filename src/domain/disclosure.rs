//! What a paper for others must not tell (R37): people one by one, and reasons that point at somebody.
//!
//! Builders make external papers of counts; this module looks at the finished paper and trusts none of them. The publish
//! gate asks [`ReportDocument::disclosures`] and writes nothing while one is left. Figures by body are no disclosure: a
//! body sees its own, and of others' people only counts.

use std::collections::BTreeMap;

use super::claim::Place;
use super::document::{Block, Cell, Column, ReportDocument, Row, RowKind, Table};
use super::enrolment::WithdrawalReason;

/// A reason that is told of fewer people points at them.
pub const FEWEST_TOLD: i64 = 3;

/// Key of the column that names reasons in a table of them.
pub const REASON: &str = "reason";

/// Key of a column of deaths.
pub const DIED: &str = "died";

/// Key of the column of other withdrawals beside it.
pub const LEFT: &str = "left";

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
                    Block::Table(table) => {
                        out.extend(table.disclosures());
                        out.extend(table.notes.iter().filter_map(said));
                    }
                    Block::Paragraph(text) | Block::Heading(text) => out.extend(said(text)),
                    Block::Notes(texts) => out.extend(texts.iter().filter_map(said)),
                    Block::Grid(grid) => out.extend(grid.notes.iter().filter_map(said)),
                    Block::BarChart(chart) => out.extend(chart.notes.iter().filter_map(said)),
                }
            }
        }
        out
    }
}

impl Table {
    fn disclosures(&self) -> Vec<Disclosure> {
        let told = |row: Option<usize>, kind: DisclosureKind| Disclosure { place: self.name().to_string(), row, kind };
        let is_list = self.columns.iter().any(|column| PERSONAL.contains(&column.title.as_str()))
            || self.proof.listed.is_some()
            || self.proof.claims.iter().any(|claim| matches!(claim.place, Place::Rows(_)));
        if is_list && self.rows.iter().any(|row| row.kind == RowKind::Body) {
            return vec![told(None, DisclosureKind::Person)];
        }
        let body = || (1..).zip(&self.rows).filter(|(_, row)| row.kind == RowKind::Body);
        let persons =
            body().filter(|(_, row)| self.is_of_one(row)).map(|(at, _)| told(Some(at), DisclosureKind::Person));
        let mut out: Vec<Disclosure> = persons.collect();
        let of_reasons = self.columns.first().is_some_and(|column| column.key == REASON);
        let few = |row: &Row| {
            let name = first_text(row);
            let is_named =
                of_reasons && name != WithdrawalReason::Other.label() || name == WithdrawalReason::Death.label();
            is_named && first_count(row).is_some_and(is_few)
        };
        out.extend(body().filter(|(_, row)| few(row)).map(|(at, _)| told(Some(at), DisclosureKind::Reason)));
        if self.few_deaths() {
            out.push(told(None, DisclosureKind::Reason));
        }
        out
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
        let of_reasons = self.columns.first().is_some_and(|column| column.key == REASON);
        let other = WithdrawalReason::Other.label();
        if of_reasons && self.rows.iter().any(|row| is_few_reason(row) && first_text(row) != other) {
            self.fold_rows(is_few_reason, |row| first_text(row) == other, other);
            self.notes.push(format!("{FEWEST_TOLD} 人に満たない理由は、その他に合わせて示した。"));
        }
        let is_death = |row: &Row| is_few_reason(row) && first_text(row) == WithdrawalReason::Death.label();
        let Some(death) = self.rows.iter().position(is_death).filter(|_| !of_reasons) else { return };
        // The row of those who have left, by its word in tables of states and of movements; else the row before.
        let has_left = |row: &Row| {
            let name = first_text(row);
            name == "承認済・過去" || (name.starts_with("退会") && !name.starts_with("退会取消"))
        };
        let is_body = |row: &Row| row.kind == RowKind::Body;
        let before = self.rows[..death].iter().rposition(is_body);
        let Some(beside) = self.rows.iter().position(|row| is_body(row) && has_left(row)).or(before) else {
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

    /// Puts deaths that are too few to be told beside the other withdrawals into their column.
    fn fold_few_deaths(&mut self) {
        let (Some(died), Some(left)) = (self.column_of(DIED), self.column_of(LEFT)) else { return };
        if !is_few(self.most_in(died)) {
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

/// A sentence as others may read it: an aside in brackets about one or two deaths is left out.
pub fn without_few_deaths(text: &str) -> String {
    let opening = format!("（うち{}", WithdrawalReason::Death.label());
    let aside = text.find(&opening).and_then(|at| Some((at, at + text[at..].find('）')? + '）'.len_utf8())));
    match aside {
        Some((at, end)) if tells_of_few_deaths(&text[at..end]) => format!("{}{}", &text[..at], &text[end..]),
        _ => text.to_string(),
    }
}

/// Counts and differences add up; what has no value stays so.
fn add(sum: &mut Cell, other: &Cell) {
    match (sum, other) {
        (Cell::Count(sum), Cell::Count(n)) | (Cell::Difference(sum), Cell::Difference(n)) => *sum += n,
        _ => {}
    }
}

fn is_few_reason(row: &Row) -> bool {
    first_count(row).is_some_and(is_few)
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

/// Whether a number of people is too small for their reason to be told.
pub fn is_few(n: i64) -> bool {
    (1..FEWEST_TOLD).contains(&n)
}

fn first_text(row: &Row) -> &str {
    let texts = row.cells.iter().filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.into_iter().next().unwrap_or_default()
}

fn first_count(row: &Row) -> Option<i64> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::Count(n) => Some(*n),
        _ => None,
    })
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
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::claim::{Claim, Figure};
    use crate::domain::document::LabelledText;
    use crate::domain::proof::{Identity, Proof};

    fn day() -> Cell {
        Cell::Date("2025-12-31".parse().expect("an ISO date"))
    }

    fn table(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
        Table {
            id: "t".into(),
            title: "表".into(),
            basis: vec![LabelledText::new("単位", "件")],
            columns,
            rows: rows.into_iter().map(Row::body).collect(),
            empty_text: String::new(),
            notes: Vec::new(),
            proof: Proof::default(),
        }
    }

    fn number() -> Column {
        Column::number("number", "No.", 2)
    }

    #[rstest]
    #[case::name(vec![number(), Column::text("name", "氏名", 4)], vec![Cell::Count(1), Cell::text("架空")], 1)]
    #[case::day_of_one(
        vec![number(), Column::centred("left_on", "退会日", 4), Column::text("association", "医師会", 4)],
        vec![Cell::Count(1), day(), Cell::text("浦和")], 1
    )]
    #[case::class_without_a_figure(
        vec![number(), Column::text("association", "医師会", 4), Column::text("class", "会員区分", 4)],
        vec![Cell::Count(1), Cell::text("浦和"), Cell::text("B")], 1
    )]
    #[case::count_by_body(
        vec![Column::text("association", "医師会", 4), Column::number("n", "件数", 4)],
        vec![Cell::text("浦和"), Cell::Count(1)], 0
    )]
    #[case::figure_of_a_day(
        vec![Column::centred("as_of", "基準日", 4), Column::number("n", "会員数", 4)],
        vec![day(), Cell::Count(100)], 0
    )]
    fn row_of_one_person_is_told_from_a_count(
        #[case] columns: Vec<Column>,
        #[case] cells: Vec<Cell>,
        #[case] expected: usize,
    ) {
        let found = table(columns, vec![cells]).disclosures();
        assert_eq!(found.len(), expected, "{found:?}");
        assert!(found.iter().all(|one| one.kind == DisclosureKind::Person));
    }

    /// A list that must be as long as a figure has one row for each person, whatever its columns.
    #[test]
    fn table_that_promises_its_length_is_a_list() {
        let columns = vec![Column::text("association", "医師会", 4), Column::number("n", "件数", 4)];
        let mut list = table(columns, vec![vec![Cell::text("浦和"), Cell::Count(1)]]);
        let on = "2025-12-31".parse().expect("an ISO date");
        list.proof.claims = vec![Claim::length(Figure::new("withdrawals", on, on))];
        assert_eq!(list.disclosures().len(), 1);
        list.rows.clear();
        assert_eq!(list.disclosures(), []);
    }

    #[rstest]
    #[case::few("会費滞納", 2, true)]
    #[case::enough("会費滞納", 3, false)]
    #[case::none("会費滞納", 0, false)]
    #[case::others("その他", 1, false)]
    fn reason_of_few_is_told(#[case] reason: &str, #[case] n: i64, #[case] expected: bool) {
        let columns = vec![Column::text(REASON, "退会理由", 4), Column::number("n", "件数", 4)];
        let found = table(columns, vec![vec![Cell::text(reason), Cell::Count(n)]]).disclosures();
        assert_eq!(!found.is_empty(), expected, "{found:?}");
    }

    #[test]
    fn few_reasons_go_into_others_and_nobody_is_lost() {
        use WithdrawalReason::{Death, Expelled, Other, OwnWish, UnpaidFees};
        let counts = BTreeMap::from([(Death, 2), (OwnWish, 5), (UnpaidFees, 3), (Expelled, 1)]);
        let folded = fold_few_reasons(&counts);
        assert_eq!(folded, BTreeMap::from([(OwnWish, 5), (UnpaidFees, 3), (Other, 3)]));
        assert_eq!(fold_few_reasons(&BTreeMap::from([(Other, 1)])), BTreeMap::from([(Other, 1)]));
    }

    #[rstest]
    #[case::two("退会7件（うち死亡2件）", true)]
    #[case::with_a_blank("うち死亡 1 件。", true)]
    #[case::enough("うち死亡3件", false)]
    #[case::many("うち死亡12件", false)]
    #[case::none("うち死亡0件", false)]
    #[case::sum("退会・転出・死亡 2 人があり", false)]
    #[case::word_alone("退会・転出・死亡 計 7 件", false)]
    fn sentence_about_few_deaths_is_told(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(tells_of_few_deaths(text), expected);
    }

    fn reasons(rows: &[(&str, i64)]) -> Table {
        let columns = vec![Column::text(REASON, "退会理由", 4), Column::number("n", "件数", 4)];
        let cells = |(name, n): &(&str, i64)| vec![Cell::text(*name), Cell::Count(*n)];
        let mut out = table(columns, rows.iter().map(cells).collect());
        out.rows.push(Row::total(vec![Cell::text("合計"), Cell::Count(rows.iter().map(|(_, n)| n).sum())]));
        let on = "2025-12-31".parse().expect("an ISO date");
        let claims = vec![Claim::cell(rows.len(), "n", Figure::new("withdrawals", on, on))];
        out.proof = Proof { claims, ..Proof::additive(["n"]) };
        out
    }

    fn said(table: &Table) -> Vec<(String, i64)> {
        table.rows.iter().map(|row| (first_text(row).to_string(), first_count(row).unwrap_or_default())).collect()
    }

    #[rstest]
    #[case::beside_others(&[("死亡", 2), ("本人希望", 5), ("その他", 4)], &[("本人希望", 5), ("その他", 6), ("合計", 11)])]
    #[case::without_others(&[("死亡", 2), ("本人希望", 5), ("除名", 1)], &[("本人希望", 5), ("その他", 3), ("合計", 8)])]
    #[case::all_of_them(&[("死亡", 1), ("除名", 1)], &[("その他", 2), ("合計", 2)])]
    #[case::only_others(&[("その他", 1)], &[("その他", 1), ("合計", 1)])]
    #[case::none_of_them(&[("死亡", 3), ("除名", 4)], &[("死亡", 3), ("除名", 4), ("合計", 7)])]
    fn few_reasons_of_a_table_go_into_others(#[case] rows: &[(&str, i64)], #[case] expected: &[(&str, i64)]) {
        let mut folded = reasons(rows);
        folded.fold_few();
        let expected: Vec<(String, i64)> = expected.iter().map(|(name, n)| ((*name).to_string(), *n)).collect();
        assert_eq!(said(&folded), expected);
        assert_eq!((folded.disproofs(), folded.disclosures()), (vec![], vec![]));
        // The claim about the total moved with it.
        let Place::Cell(row, _) = &folded.proof.claims[0].place else { panic!("a cell") };
        assert_eq!(folded.rows[*row].kind, RowKind::Total);
    }

    #[test]
    fn few_deaths_of_a_table_of_states_stand_with_those_who_have_left() {
        let columns = vec![Column::text("state", "状態", 4), Column::number("n", "件数", 4)];
        let rows = [("承認済・過去", 4), ("保留", 1), ("死亡", 2)];
        let mut states = table(columns, rows.map(|(name, n)| vec![Cell::text(name), Cell::Count(n)]).to_vec());
        assert_eq!(states.disclosures().len(), 1);
        states.fold_few();
        assert_eq!(said(&states), [("承認済・過去・死亡".to_string(), 6), ("保留".to_string(), 1)]);
        assert_eq!(states.disclosures(), []);
    }

    #[test]
    fn aside_about_few_deaths_is_left_out() {
        assert_eq!(without_few_deaths("退会7件（うち死亡2件）、保留1件"), "退会7件、保留1件");
        assert_eq!(without_few_deaths("退会7件（うち死亡3件）、保留1件"), "退会7件（うち死亡3件）、保留1件");
    }

    fn flows(rows: &[(&str, i64, i64)]) -> Table {
        let columns = vec![
            Column::text("association", "医師会", 4),
            Column::number("opening", "期首", 4),
            Column::number(LEFT, "退会", 4),
            Column::number(DIED, "死亡", 4),
            Column::number("closing", "期末", 4),
        ];
        let cells = |(name, left, died): &(&str, i64, i64)| {
            let counts = [100, *left, *died, 100 - left - died].map(Cell::Count);
            std::iter::once(Cell::text(*name)).chain(counts).collect()
        };
        let mut out = table(columns, rows.iter().map(cells).collect());
        out.proof = Proof::additive([LEFT, DIED]).with(Identity::new("closing", ["opening"], [LEFT, DIED]));
        out
    }

    #[test]
    fn few_deaths_stand_with_the_other_withdrawals_and_the_table_still_adds_up() {
        let mut few = flows(&[("浦和", 4, 2), ("川口市", 0, 0)]);
        assert_eq!(few.disclosures().len(), 1);
        few.fold_few();
        assert_eq!(few.disclosures(), []);
        assert_eq!(few.disproofs(), []);
        assert_eq!(few.rows[0].cells, [Cell::text("浦和"), Cell::Count(100), Cell::Count(6), Cell::Count(94)]);
        assert_eq!(few.columns[2].title, "退会・死亡");
        for kept in [flows(&[("浦和", 4, 3)]), flows(&[("浦和", 4, 0)])] {
            let mut folded = kept.clone();
            folded.fold_few();
            assert_eq!(folded, kept);
        }
    }
}
