//! Warnings about single rows of a member export. None of them changes a count (R13): we report, we do not admit.
//!
//! Runs for every row of a file of a million, so the ordinary row costs no allocation. This module does not know
//! earlier exports, nor the other rows of a person.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use chrono::{Datelike, Months, NaiveDate};
use csv::StringRecord;

use super::characters::{is_half_width_kana, risk_of};
use super::columns::Columns;
use super::normalise::is_dressed;
use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::association::Tier;
use crate::domain::enrolment::StayFacts;
use crate::domain::japanese_date::parse_date;
use crate::domain::layout::Field;
use crate::domain::person::age_on;
use crate::domain::problem::Problem;
use crate::domain::shown::ShownRow;
use crate::domain::stored_state::{Agreement, StateAndDays};
use crate::domain::text::fold_width;

/// Nobody is a physician earlier, and nobody we know of was older.
const AGES: std::ops::RangeInclusive<i32> = 20..=110;

/// The oldest bodies keep no earlier days.
const FIRST_YEAR: i32 = 1900;

/// Approvals run ahead by months, not by years.
const MONTHS_AHEAD: Months = Months::new(24);

/// Checks the rows of one file.
pub(super) struct RowChecks<'c> {
    columns: &'c Columns,
    export_day: NaiveDate,
    last_plausible_day: NaiveDate,
    /// Fingerprints of the rows so far.
    seen: HashSet<u64>,
}

/// Where a tier's 入会日 and 退会日 stand.
struct Places {
    joined_on: Field,
    left_on: Field,
}

impl<'c> RowChecks<'c> {
    pub(super) fn new(columns: &'c Columns, export_day: NaiveDate) -> Self {
        let last_plausible_day = export_day.checked_add_months(MONTHS_AHEAD).unwrap_or(NaiveDate::MAX);
        Self { columns, export_day, last_plausible_day, seen: HashSet::new() }
    }

    /// Checks an accepted row: its cells, the stays that it tells from the lowest tier up, and the birth date.
    pub(super) fn row<'s>(
        &mut self,
        record: &StringRecord,
        stays: impl IntoIterator<Item = (Tier, &'s StayFacts)>,
        born_on: Option<NaiveDate>,
        mut note: impl FnMut(Field, Problem),
    ) {
        self.check_repetition(record, &mut note);
        self.check_texts(record, &mut note);
        let graduated = self.graduated(record, &mut note);
        self.check_life(born_on, graduated, &mut note);
        for (nth, (tier, facts)) in stays.into_iter().enumerate() {
            let places = self.places(tier);
            self.check_days(facts, &places, &mut note);
            if nth == 0 {
                self.check_lowest(facts, &places, born_on, graduated, &mut note);
            }
        }
    }

    fn places(&self, tier: Tier) -> Places {
        let is_long = self.columns.index(Field::LocalJoinedOn).is_none();
        let (joined_on, left_on) = match tier {
            _ if is_long => (Field::JoinedOn, Field::LeftOn),
            Tier::Local => (Field::LocalJoinedOn, Field::LocalLeftOn),
            Tier::Prefectural => (Field::PrefecturalJoinedOn, Field::PrefecturalLeftOn),
            Tier::National => (Field::NationalJoinedOn, Field::NationalLeftOn),
        };
        Places { joined_on, left_on }
    }

    /// Two rows that say the same in every cell; of two texts in a million million one hash could be shared.
    fn check_repetition(&mut self, record: &StringRecord, note: &mut impl FnMut(Field, Problem)) {
        let mut hash = DefaultHasher::new();
        for cell in record {
            hash.write(cell.as_bytes());
            hash.write_u8(0xFF);
        }
        if !self.seen.insert(hash.finish()) {
            note(Field::RegistrationNumber, Problem::RowRepeated);
        }
    }

    fn check_texts(&self, record: &StringRecord, note: &mut impl FnMut(Field, Problem)) {
        for field in [Field::Name, Field::Kana, Field::Facility] {
            risks(self.columns.cell(record, field)).each(|problem| note(field, problem));
        }
        let name = self.columns.cell(record, Field::Name);
        if name.is_empty() {
            note(Field::Name, Problem::NameMissing);
        } else if name.chars().any(is_half_width_kana) {
            note(Field::Name, Problem::HalfWidthKana);
        }
        if !matches!(self.columns.cell(record, Field::Sex), "" | "男" | "女" | "男性" | "女性") {
            note(Field::Sex, Problem::SexUnknown);
        }
        for (field, at) in self.columns.fields() {
            if record.get(*at).is_some_and(|cell| is_formula(cell) && !is_dressed(cell)) {
                note(*field, Problem::FormulaText);
            }
        }
    }

    /// The first day of 卒業年月.
    fn graduated(&self, record: &StringRecord, note: &mut impl FnMut(Field, Problem)) -> Option<NaiveDate> {
        let cell = self.columns.cell(record, Field::Graduated);
        let month = first_of_month(cell);
        if month.is_none() && !cell.is_empty() {
            note(Field::Graduated, Problem::GraduatedNotAMonth);
        }
        month
    }

    fn check_life(
        &self,
        born_on: Option<NaiveDate>,
        graduated: Option<NaiveDate>,
        note: &mut impl FnMut(Field, Problem),
    ) {
        match born_on {
            Some(born_on) if born_on > self.export_day => note(Field::BornOn, Problem::BornAfterExport),
            Some(born_on) if !AGES.contains(&age_on(born_on, self.export_day)) => {
                note(Field::BornOn, Problem::AgeImplausible);
            }
            _ => {}
        }
        let Some(graduated) = graduated else { return };
        // Whoever turns 20 within the month may have graduated in it.
        let too_young = born_on.is_some_and(|born_on| graduated.year() - born_on.year() < *AGES.start());
        if graduated > self.export_day || too_young {
            note(Field::Graduated, Problem::GraduatedImplausible);
        }
    }

    fn check_days(&self, facts: &StayFacts, places: &Places, note: &mut impl FnMut(Field, Problem)) {
        let is_odd = |day: NaiveDate| day.year() < FIRST_YEAR || day > self.last_plausible_day;
        if facts.joined_on.is_some_and(is_odd) {
            note(places.joined_on, Problem::JoinedImplausible);
        }
        if facts.left_on.is_some_and(is_odd) {
            note(places.left_on, Problem::LeftImplausible);
        }
    }

    /// The stay that the row is about, against 会員状態 and the person.
    fn check_lowest(
        &self,
        facts: &StayFacts,
        places: &Places,
        born_on: Option<NaiveDate>,
        graduated: Option<NaiveDate>,
        note: &mut impl FnMut(Field, Problem),
    ) {
        // An export does not know how the office reads a 退会日: the day itself counts as a member day here.
        let stored = StateAndDays { status: facts.status, joined_on: facts.joined_on, left_on: facts.left_on };
        if let Agreement::Contradicts(_) = stored.agreement(self.export_day, WithdrawalDayRule::LastMemberDay) {
            note(Field::Status, Problem::StatusContradictsDates);
        }
        let Some(joined) = facts.joined_on else { return };
        if born_on.is_some_and(|born_on| born_on > joined) {
            note(Field::BornOn, Problem::BornAfterJoining);
        }
        if graduated.is_some_and(|graduated| joined < graduated) {
            note(places.joined_on, Problem::JoinedBeforeGraduating);
        }
    }
}

/// The stays that a row tells, from the lowest tier up.
pub(super) fn told(row: &ShownRow) -> impl Iterator<Item = (Tier, &StayFacts)> {
    std::iter::once(&row.own).chain(&row.upper).map(|told| (told.tier, &told.facts))
}

/// Whether a 退会日 says "no end" by the last day that a calendar can write.
pub(super) fn is_no_end(cell: &str) -> bool {
    let folded = fold_width(cell);
    let date = folded.split([' ', 'T']).next().unwrap_or_default();
    let digits = || date.chars().filter(char::is_ascii_digit);
    digits().eq("99991231".chars()) && date.chars().all(|c| c.is_ascii_digit() || "-/.年月日".contains(c))
}

/// The risks of a text, each once.
fn risks(text: &str) -> Risks {
    let mut out = Risks::default();
    for risk in text.chars().filter_map(risk_of) {
        match risk {
            Problem::CharacterNotInCp932 => out.cp932 = true,
            Problem::CompatibilityIdeograph => out.compatibility = true,
            Problem::VariationSelector => out.selector = true,
            // Private use has its own check, older than this one.
            _ => {}
        }
    }
    out
}

#[derive(Default)]
struct Risks {
    cp932: bool,
    compatibility: bool,
    selector: bool,
}

impl Risks {
    fn each(&self, mut note: impl FnMut(Problem)) {
        let found = [
            (self.cp932, Problem::CharacterNotInCp932),
            (self.compatibility, Problem::CompatibilityIdeograph),
            (self.selector, Problem::VariationSelector),
        ];
        found.iter().filter(|(is_there, _)| *is_there).for_each(|(_, problem)| note(*problem));
    }
}

/// = + - @ at the start, but no number and no lone sign (- stands for "none").
fn is_formula(cell: &str) -> bool {
    let cell = cell.trim();
    match cell.as_bytes() {
        [b'=' | b'@', _, ..] => true,
        [b'+' | b'-', rest @ ..] => !rest.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',' | b'-')),
        _ => false,
    }
}

/// The first day of a month in any spelling: 2009-03, 200903, 2009年3月, 平成21年3月, H21.3, or a whole date.
fn first_of_month(text: &str) -> Option<NaiveDate> {
    if let [y1, y2, y3, y4, b'-' | b'/', m1, m2] = *text.as_bytes()
        && [y1, y2, y3, y4, m1, m2].iter().all(u8::is_ascii_digit)
    {
        let number = |digits: &[u8]| digits.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        let year = i32::try_from(number(&[y1, y2, y3, y4])).ok().filter(|year| (1868..=2200).contains(year))?;
        return NaiveDate::from_ymd_opt(year, number(&[m1, m2]), 1);
    }
    if text.is_empty() {
        return None;
    }
    let folded = fold_width(text);
    let month = folded.trim();
    let separator = month.chars().find(|c| matches!(c, '-' | '/' | '.'));
    let with_day = match separator {
        _ if month.ends_with('月') => format!("{month}1日"),
        Some(separator) => format!("{month}{separator}1"),
        None => format!("{month}01"),
    };
    parse_date(&with_day).or_else(|| parse_date(month)).and_then(|day| day.with_day(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2009-03", "2009-03-01")]
    #[case("2009/3", "2009-03-01")]
    #[case("200903", "2009-03-01")]
    #[case("2009年3月", "2009-03-01")]
    #[case("２００９／０３", "2009-03-01")]
    #[case("平成21年3月", "2009-03-01")]
    #[case("H21.3", "2009-03-01")]
    #[case("2009-03-25", "2009-03-01")]
    #[case("平成21年3月25日", "2009-03-01")]
    fn month_is_read_in_any_spelling(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(first_of_month(text).map(|day| day.to_string()).as_deref(), Some(expected));
    }

    #[rstest]
    #[case("")]
    #[case("2009")]
    #[case("2009-13")]
    #[case("9999-12")]
    #[case("卒業見込")]
    fn nonsense_is_no_month(#[case] text: &str) {
        assert_eq!(first_of_month(text), None);
    }

    #[rstest]
    #[case("=1+1", true)]
    #[case("@SUM(A1)", true)]
    #[case("+81-3-1234", false)]
    #[case("-cmd", true)]
    #[case("-5", false)]
    #[case("-", false)]
    #[case("架空-医院", false)]
    fn formula_is_told_from_number_and_nil(#[case] cell: &str, #[case] expected: bool) {
        assert_eq!(is_formula(cell), expected);
    }

    #[rstest]
    #[case("9999-12-31", true)]
    #[case("9999/12/31 00:00:00", true)]
    #[case("９９９９年１２月３１日", true)]
    #[case("99991231", true)]
    #[case("9999-12-30", false)]
    #[case("99991231号", false)]
    fn last_day_of_the_calendar_is_no_end(#[case] cell: &str, #[case] expected: bool) {
        assert_eq!(is_no_end(cell), expected);
    }
}
