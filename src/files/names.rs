//! File names made from data: one component of a path, on every system that an office may copy it to.

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::domain::file_name::{MOST_BYTES, is_forbidden, is_of_device};
use crate::domain::hex::hex;

/// Digits of the hash in a name that was cut.
const HASH_DIGITS: usize = 8;

/// A file name of any text: what cannot stand in one becomes `_`, and what is too long is cut and told apart by a hash. Text
/// that is a name already stays as it is.
pub fn file_name(text: &str) -> String {
    file_name_with_end(text, "")
}

/// As [`file_name`], with an ending such as `_取込結果.xlsx` that stays whole.
pub fn file_name_with_end(text: &str, end: &str) -> String {
    let replaced = |text: &str| text.chars().map(|c| if is_forbidden(c) { '_' } else { c }).collect::<String>();
    let (stem, end) = (replaced(text), replaced(end));
    let mut name = fitting(&stem, &end);
    if name.ends_with(['.', ' ', '\u{3000}']) {
        name.pop();
        name.push('_');
    }
    if name.starts_with(['.', ' ', '\u{3000}']) || is_of_device(&name) || name.is_empty() {
        name = fitting(&format!("_{name}"), "");
    }
    name
}

/// The name of a path, which may be no UTF-8.
pub fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Stem and ending in at most 255 bytes.
fn fitting(stem: &str, end: &str) -> String {
    if stem.len() + end.len() <= MOST_BYTES {
        return format!("{stem}{end}");
    }
    let hash = hex(&Sha256::digest(format!("{stem}{end}")));
    let mark = format!("~{}", &hash[..HASH_DIGITS]);
    let end = if end.len() + mark.len() < MOST_BYTES { end } else { "" };
    let room = MOST_BYTES - mark.len() - end.len();
    let cut = stem.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|at| *at <= room).last().unwrap_or(0);
    format!("{}{mark}{end}", &stem[..cut])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;
    use crate::domain::file_name::name_fault;

    #[rstest]
    #[case::stays("会員一覧_2025-12-31.csv", "会員一覧_2025-12-31.csv")]
    #[case::above("../../x", "_.._.._x")]
    #[case::absolute("/etc/passwd", "_etc_passwd")]
    #[case::device("con.txt", "_con.txt")]
    #[case::dot("a.", "a_")]
    #[case::empty("", "_")]
    fn any_text_becomes_a_name(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(file_name(text), expected);
    }

    #[test]
    fn long_names_are_cut_between_characters_and_stay_apart() {
        let (a, b) = ("か".repeat(90), format!("{}が", "か".repeat(89)));
        let (of_a, of_b) = (file_name_with_end(&a, ".理由.txt"), file_name_with_end(&b, ".理由.txt"));
        assert!(of_a.len() <= MOST_BYTES && of_a.ends_with(".理由.txt") && of_a.starts_with("かかか"), "{of_a}");
        assert_ne!(of_a, of_b);
        assert_eq!(of_a, file_name_with_end(&a, ".理由.txt"), "the same text has the same name");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_becomes_a_sound_name(stem in "(\\PC|[./\\\\:\0\n ]){0,300}", end in "(|_取込結果\\.xlsx|\\.)") {
            let name = file_name_with_end(&stem, &end);
            prop_assert_eq!(name_fault(&name), None, "{}", name);
            prop_assert_eq!(Path::new(&name).components().count(), 1);
            prop_assert_eq!(file_name(&name), name.clone(), "made once and for all");
        }
    }
}
