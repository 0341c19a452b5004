//! Characters of names that get lost or change on their way through other systems (氏名の文字).
//!
//! Nothing is changed here: a registered name is stored and printed as it came.

use std::sync::OnceLock;

use encoding_rs::SHIFT_JIS;

use crate::domain::problem::Problem;

/// What may happen to a character, as the warning that says so; `None` for ordinary ones. Half-width kana is a
/// question of the place where it stands, see [`is_half_width_kana`].
pub fn risk_of(c: char) -> Option<Problem> {
    match c {
        '\u{0}'..='\u{7E}' | '\u{3041}'..='\u{3093}' | '\u{30A1}'..='\u{30F6}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Some(Problem::VariationSelector),
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}' => Some(Problem::PrivateUseCharacter),
        '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' if !is_unified(c) => Some(Problem::CompatibilityIdeograph),
        c if !in_cp932(c) => Some(Problem::CharacterNotInCp932),
        _ => None,
    }
}

/// ｡ to ﾟ.
pub fn is_half_width_kana(c: char) -> bool {
    ('\u{FF61}'..='\u{FF9F}').contains(&c)
}

/// Twelve characters stand among the compatibility ideographs and are none: no normalisation changes them.
fn is_unified(c: char) -> bool {
    matches!(
        c,
        '\u{FA0E}'
            | '\u{FA0F}'
            | '\u{FA11}'
            | '\u{FA13}'
            | '\u{FA14}'
            | '\u{FA1F}'
            | '\u{FA21}'
            | '\u{FA23}'
            | '\u{FA24}'
            | '\u{FA27}'..='\u{FA29}'
    )
}

/// Whether CP932 can carry a character. Looked up in a table: the encoder searches long lists for each kanji.
fn in_cp932(c: char) -> bool {
    static TABLE: OnceLock<Vec<u64>> = OnceLock::new();
    let table = TABLE.get_or_init(cp932_table);
    let code = u32::from(c);
    let word = usize::try_from(code / 64).ok().and_then(|at| table.get(at));
    word.is_some_and(|word| word >> (code % 64) & 1 == 1)
}

/// One bit for each character up to U+FFFF: all that two bytes of CP932 decode to, and the single bytes.
fn cp932_table() -> Vec<u64> {
    let mut table = vec![0_u64; 1024];
    let mut note = |bytes: &[u8]| {
        let Some(text) = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) else { return };
        let mut chars = text.chars();
        if let (Some(c), None) = (chars.next(), chars.next())
            && let Some(word) = usize::try_from(u32::from(c) / 64).ok().and_then(|at| table.get_mut(at))
        {
            *word |= 1 << (u32::from(c) % 64);
        }
    };
    for first in 0..=0xFF_u8 {
        note(&[first]);
        for second in 0x40..=0xFC_u8 {
            note(&[first, second]);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use unicode_normalization::UnicodeNormalization;

    #[rstest]
    #[case::latin('A', None)]
    #[case::kanji('試', None)]
    #[case::ibm_extension('髙', None)]
    #[case::middle_dot('・', None)]
    #[case::blank('\u{3000}', None)]
    #[case::half_width('ｶ', None)]
    #[case::yoshi('𠮷', Some(Problem::CharacterNotInCp932))]
    #[case::gull('鷗', Some(Problem::CharacterNotInCp932))]
    #[case::wave('〜', Some(Problem::CharacterNotInCp932))]
    #[case::replacement('\u{FFFD}', Some(Problem::CharacterNotInCp932))]
    #[case::god('\u{FA19}', Some(Problem::CompatibilityIdeograph))]
    #[case::mound('\u{FA10}', Some(Problem::CompatibilityIdeograph))]
    #[case::supplement('\u{2F800}', Some(Problem::CompatibilityIdeograph))]
    #[case::unified('\u{FA11}', None)]
    #[case::selector('\u{E0100}', Some(Problem::VariationSelector))]
    #[case::old_selector('\u{FE00}', Some(Problem::VariationSelector))]
    #[case::private_use('\u{E000}', Some(Problem::PrivateUseCharacter))]
    fn character_has_its_risk(#[case] c: char, #[case] expected: Option<Problem>) {
        assert_eq!(risk_of(c), expected);
    }

    #[test]
    fn compatibility_ideographs_are_those_that_normalising_changes() {
        for c in ('\u{F900}'..='\u{FAFF}').chain('\u{2F800}'..='\u{2FA1F}') {
            let changes = c.nfc().next() != Some(c);
            let is_assigned_or_unified = changes || is_unified(c);
            if is_assigned_or_unified {
                assert_eq!(risk_of(c) == Some(Problem::CompatibilityIdeograph), changes, "U+{:04X}", u32::from(c));
            }
        }
    }
}
