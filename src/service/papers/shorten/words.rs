//! Words as offices print them: no half-width blanks around numbers, and what was known as the day of the export.

use crate::domain::cell::LabelledText;
use crate::domain::document::{Block, ReportDocument};

/// First letters of eras: 令和, 平成, 昭和, 大正, 明治.
const ERAS: [char; 5] = ['令', '平', '昭', '大', '明'];

/// What papers call the known-at in data.
const KNOWN_AT: &str = "知識時点";

/// And what they call it in print: 出力 R7.12.31分.
const EXPORTED: &str = "出力";

/// Puts the words of a paper as they are printed.
pub(super) fn as_printed(document: &mut ReportDocument) {
    for section in &mut document.sections {
        section.title = closed_up(&section.title);
        labels(&mut section.basis);
        section.blocks.iter_mut().for_each(in_block);
    }
    for item in document.cover.iter_mut().flat_map(|cover| &mut cover.agenda).flat_map(|group| &mut group.items) {
        item.remark = closed_up(&item.remark);
    }
}

fn in_block(block: &mut Block) {
    match block {
        Block::Paragraph(text) | Block::Heading(text) => *text = spoken(text),
        Block::Notes(notes) => all(notes),
        Block::Table(table) if table.proof.is_of_office => {}
        Block::Table(table) => {
            table.title = closed_up(&table.title);
            labels(&mut table.basis);
            all(&mut table.notes);
        }
        Block::Grid(grid) => {
            labels(&mut grid.basis);
            all(&mut grid.notes);
        }
        Block::Chart(chart) => {
            labels(&mut chart.basis);
            all(&mut chart.notes);
        }
        // The office chose its own words.
        Block::Letter(_) | Block::Attachment(_) => {}
    }
}

fn all(notes: &mut [String]) {
    notes.iter_mut().for_each(|note| *note = spoken(note));
}

fn spoken(text: &str) -> String {
    closed_up(text).replace("同じ知識時点", "同じ出力分").replace(KNOWN_AT, "出力の日")
}

fn labels(basis: &mut [LabelledText]) {
    for item in basis {
        if item.label == KNOWN_AT {
            item.label = EXPORTED.into();
            let days: Vec<String> = item.text.split(" → ").map(|day| format!("{day}分")).collect();
            item.text = days.join(" → ");
        }
        item.text = closed_up(&item.text);
    }
}

/// Takes the blanks between numbers and Japanese words away: 2,730 人 is 2,730人.
fn closed_up(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_kept = |at: usize| letters[at] != ' ' || !at.checked_sub(1).is_some_and(|before| joins(&letters, before));
    (0..letters.len()).filter(|at| is_kept(*at)).map(|at| letters[at]).collect()
}

/// Whether a number and a word stand on the two sides of the blank after a letter.
fn joins(letters: &[char], before: usize) -> bool {
    let Some(after) = letters.get(before + 2) else { return false };
    let before = letters[before];
    // 前月比は 令和7年 is one phrase, 厚生労働省 令和7年 are two.
    let is_in_phrase = |c: char| matches!(c, 'ぁ'..='ん' | '（' | '/');
    let is_date = before == '日' && is_in_phrase(*after) || is_in_phrase(before) && ERAS.contains(after);
    is_date || is_number(before) && is_word(*after) || is_word(before) && is_number(*after)
}

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '▲' | '+' | '…' | '％')
}

fn is_word(c: char) -> bool {
    !c.is_ascii() && !c.is_whitespace() && !matches!(c, '＝' | '＋' | '－' | '±' | '→' | '／' | '×')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("会員数は 2,730 人、前月より 13 人減った。", "会員数は2,730人、前月より13人減った。")]
    #[case("届出 31 件 ＝ 異動の計 32 件 － 期間の前 1 件", "届出31件 ＝ 異動の計32件 － 期間の前1件")]
    #[case("架空 常任理事", "架空 常任理事")]
    #[case("A① 12 人", "A①12人")]
    #[case("前月比は 令和7年11月30日 との差", "前月比は令和7年11月30日との差")]
    #[case("MAMIS 2 件", "MAMIS 2件")]
    #[case("R7.11.30 → R7.12.31", "R7.11.30 → R7.12.31")]
    #[case("改定は … とした", "改定は…とした")]
    #[case("厚生労働省 令和4年 統計", "厚生労働省 令和4年 統計")]
    #[case("令和7年12月31日 現在", "令和7年12月31日 現在")]
    fn numbers_stand_beside_their_words(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(closed_up(text), expected);
    }

    #[test]
    fn known_at_is_the_day_of_an_export() {
        let mut basis = [LabelledText::new("知識時点", "R7.11.30 → R7.12.31"), LabelledText::new("単位", "人")];
        labels(&mut basis);
        assert_eq!(basis[0], LabelledText::new("出力", "R7.11.30分 → R7.12.31分"));
        assert_eq!(basis[1], LabelledText::new("単位", "人"));
    }
}
