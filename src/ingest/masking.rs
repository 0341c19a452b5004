//! What of a row of headings may stand on a screen. A file without headings begins with a person, and so does one whose
//! headings nobody knows: of such a row only words that a layout knows are shown, of the others their kind and length.

use std::collections::HashSet;

use csv::StringRecord;

use super::normalise::{bare, fold, registration_number};
use crate::domain::japanese_date::read_day;
use crate::domain::layout::Layout;

/// The longest heading that is shown.
const LONGEST: usize = 60;

/// Digits of a postal code or the shortest number of a person; a year has fewer.
const DIGITS_OF_A_NUMBER: usize = 5;

/// The words that layouts know as headings, folded.
pub(super) struct KnownHeadings(HashSet<String>);

impl KnownHeadings {
    pub(super) fn of<'l>(layouts: impl IntoIterator<Item = &'l Layout>) -> Self {
        let fields = layouts.into_iter().flat_map(|layout| layout.fields.values());
        Self(fields.flat_map(|field| field.headings.iter().map(|heading| fold(heading))).collect())
    }

    /// The cells of a row as they may be shown.
    pub(super) fn shown<'r>(&self, row: impl IntoIterator<Item = &'r str>) -> Vec<String> {
        let cells: Vec<&str> = row.into_iter().collect();
        let is_known: Vec<bool> = cells.iter().map(|cell| self.0.contains(&fold(cell))).collect();
        // Beside a number or a date of somebody stands a name.
        let are_headings = is_known.contains(&true) && !cells.iter().any(|cell| is_value(cell));
        let shown = |(cell, known): (&&str, bool)| match known || are_headings {
            true => (*cell).to_string(),
            false => masked(cell),
        };
        cells.iter().zip(is_known).map(shown).collect()
    }

    /// As [`Self::shown`], of a row that was read.
    pub(super) fn shown_of(&self, row: &StringRecord) -> Vec<String> {
        self.shown(row.iter())
    }
}

/// Whether a cell says something of somebody: a date, a number, an address.
fn is_value(cell: &str) -> bool {
    let cell = bare(cell);
    let n_digits = fold(cell).chars().filter(char::is_ascii_digit).count();
    !cell.is_empty()
        && (n_digits >= DIGITS_OF_A_NUMBER
            || cell.contains('@')
            || cell.chars().count() > LONGEST
            || registration_number(cell).is_some()
            || read_day(cell).is_ok())
}

/// Kind and length of a cell, for people who know what stands in their file: 〔漢字4字〕, 〔数字6桁〕, 〔日付〕.
fn masked(cell: &str) -> String {
    let cell = bare(cell);
    if cell.is_empty() {
        return String::new();
    }
    if read_day(cell).is_ok() {
        return "〔日付〕".into();
    }
    let letters: Vec<char> = cell.chars().filter(|c| !c.is_whitespace()).collect();
    let all = |is: fn(char) -> bool| letters.iter().all(|c| is(*c));
    let (kind, unit) = if all(char::is_numeric) {
        ("数字", "桁")
    } else if all(|c| c.is_ascii()) {
        ("英数字", "字")
    } else if all(|c| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{FF65}'..='\u{FF9F}')) {
        ("カナ", "字")
    } else if all(|c| matches!(c, '々' | '〇' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..)) {
        ("漢字", "字")
    } else {
        ("文字", "字")
    };
    format!("〔{kind}{}{unit}〕", letters.len())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("架空　太郎", "〔漢字4字〕")]
    #[case("カクウ タロウ", "〔カナ6字〕")]
    #[case("ｶｸｳ ﾀﾛｳ", "〔カナ6字〕")]
    #[case("123456", "〔数字6桁〕")]
    #[case("１９７５", "〔数字4桁〕")]
    #[case("1975-06-02", "〔日付〕")]
    #[case("昭和50年6月2日", "〔日付〕")]
    #[case("a@b.example", "〔英数字11字〕")]
    #[case("架空町1-2", "〔文字6字〕")]
    #[case("　", "")]
    fn kind_and_length_are_told(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(masked(cell), expected);
    }

    fn shown(row: &[&str]) -> Vec<String> {
        KnownHeadings(["氏名", "生年月日", "入会日", "備考"].map(fold).into()).shown(row.iter().copied())
    }

    #[rstest]
    #[case::headings(&["氏名", "生年月日", "会員番号", "連絡先"], &["氏名", "生年月日", "会員番号", "連絡先"])]
    #[case::one_of_many_known(&["氏名", "番号", "組", "係"], &["氏名", "番号", "組", "係"])]
    #[case::value_among_headings(&["氏名", "生年月日", "123456"], &["氏名", "生年月日", "〔数字6桁〕"])]
    #[case::person(&["架空　太郎", "1975-06-02", "123456"], &["〔漢字4字〕", "〔日付〕", "〔数字6桁〕"])]
    #[case::person_with_a_word(&["架空　太郎", "1975-06-02", "123456", "備考"], &["〔漢字4字〕", "〔日付〕", "〔数字6桁〕", "備考"])]
    #[case::person_without_numbers(&["架空　太郎", "カクウ", "浦和"], &["〔漢字4字〕", "〔カナ3字〕", "〔漢字2字〕"])]
    fn only_headings_are_shown(#[case] row: &[&str], #[case] expected: &[&str]) {
        assert_eq!(shown(row), expected);
    }
}
