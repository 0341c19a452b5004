//! Texts in lines of a width: what is longer than its page is cut off in print, and cells are never merged.
//!
//! Widths are half-width characters, in which Excel measures columns too: its standard font for Japanese draws a digit 8
//! pixels wide and a kanji 15. This module knows no worksheet.

use crate::render::pdf::kinsoku;

/// Width in half-width characters: Japanese characters count for two, what joins another character for none.
pub(super) fn width_of(text: &str) -> u32 {
    text.chars().map(width_of_character).sum()
}

fn width_of_character(c: char) -> u32 {
    match c {
        // Half-width katakana.
        ' '..='~' | '\u{ff61}'..='\u{ff9f}' => 1,
        // Combining marks and variation selectors.
        '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        c if c.is_control() => 0,
        _ => 2,
    }
}

/// Breaks a text into lines of at most `room` half-width characters, where Japanese lines may end; a piece that is
/// longer than a line is broken anywhere. Line ends of the text stay; a text without characters is one empty line.
pub(super) fn broken(text: &str, room: u32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let paragraph = paragraph.trim_end_matches('\r');
        if width_of(paragraph) <= room {
            lines.push(paragraph.to_string());
        } else {
            lines.extend(wrapped(paragraph, room));
        }
    }
    lines
}

fn wrapped(text: &str, room: u32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    let mut start = 0;
    for end in kinsoku::opportunities(text).into_iter().chain([text.len()]) {
        let piece = &text[start..end];
        start = end;
        let width = width_of(piece);
        if used > 0 && used + width_of(piece.trim_end()) > room {
            lines.push(String::new());
            used = 0;
        }
        if width > room {
            used = push_long(&mut lines, piece, room);
        } else if let Some(line) = lines.last_mut() {
            line.push_str(piece);
            used += width;
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_string()).collect()
}

/// Adds a piece without a place to break; the width of what its last line holds comes back.
fn push_long(lines: &mut Vec<String>, piece: &str, room: u32) -> u32 {
    let mut used = 0;
    for c in piece.chars() {
        let width = width_of_character(c);
        if used > 0 && used + width > room {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
        used += width;
    }
    used
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::fits("会員数", 6, &["会員数"])]
    #[case::kinsoku("会員数、計", 6, &["会員", "数、計"])]
    #[case::word_without_a_break("abcdefghij", 4, &["abcd", "efgh", "ij"])]
    #[case::own_line_ends("会員\r\n数", 10, &["会員", "数"])]
    #[case::empty("", 10, &[""])]
    #[case::half_width_kana("ｶｲｲﾝ", 4, &["ｶｲｲﾝ"])]
    fn text_is_broken_where_readers_accept_it(#[case] text: &str, #[case] room: u32, #[case] expected: &[&str]) {
        assert_eq!(broken(text, room), expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_lost_and_no_line_is_longer_than_its_room(text in "[ -~あ-ん、。（）会員数0-9]{0,120}", room in 4_u32..60) {
            let lines = broken(&text, room);
            prop_assert!(lines.iter().all(|line| width_of(line) <= room), "{lines:?}");
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
