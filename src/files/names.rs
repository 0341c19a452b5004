//! File names made from data: one component of a path, on every system that an office may copy it to.

use std::path::Path;

use sha2::{Digest, Sha256};

/// Bytes that every file system takes in a name.
const MOST_BYTES: usize = 255;

/// Digits of the hash in a name that was cut.
const HASH_DIGITS: usize = 8;

/// Names that Windows keeps for devices, whatever ending follows them.
const OF_DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Characters that Windows takes in no name.
const FORBIDDEN: &str = r#"/\:*?"<>|"#;

/// What makes a text unfit to be a file name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameFault {
    /// It is empty.
    Empty,
    /// It has a character that leads elsewhere, that Windows forbids, or that nobody sees.
    Character(char),
    /// It begins with a dot, as hidden and temporary files do, or with a blank.
    Begin,
    /// It ends with a dot or a blank, which Windows drops.
    End,
    /// Windows keeps it for a device.
    Device,
    /// It is longer than 255 bytes.
    Long,
}

/// What is wrong with a text as a file name; `None` for one that can stand as it is.
pub fn name_fault(text: &str) -> Option<NameFault> {
    if text.is_empty() {
        return Some(NameFault::Empty);
    }
    if let Some(character) = text.chars().find(|c| is_forbidden(*c)) {
        return Some(NameFault::Character(character));
    }
    if text.starts_with(['.', ' ', '\u{3000}']) {
        return Some(NameFault::Begin);
    }
    if text.ends_with(['.', ' ', '\u{3000}']) {
        return Some(NameFault::End);
    }
    if is_of_device(text) {
        return Some(NameFault::Device);
    }
    (text.len() > MOST_BYTES).then_some(NameFault::Long)
}

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
    let hash: String = Sha256::digest(format!("{stem}{end}")).iter().map(|byte| format!("{byte:02x}")).collect();
    let mark = format!("~{}", &hash[..HASH_DIGITS]);
    let end = if end.len() + mark.len() < MOST_BYTES { end } else { "" };
    let room = MOST_BYTES - mark.len() - end.len();
    let cut = stem.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|at| *at <= room).last().unwrap_or(0);
    format!("{}{mark}{end}", &stem[..cut])
}

fn is_forbidden(c: char) -> bool {
    // Marks of direction turn what is shown around: a name must read as it is.
    FORBIDDEN.contains(c)
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_of_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    if OF_DEVICES.contains(&stem.as_str()) {
        return true;
    }
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    // Windows takes the raised digits for digits too.
    numbered.is_some_and(|rest| {
        let mut digits = rest.chars();
        matches!(digits.next(), Some('0'..='9' | '¹' | '²' | '³')) && digits.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::of_an_export("会員一覧_2025-12-31.csv", None)]
    #[case::code("11-001", None)]
    #[case::wide_slash("埼玉／浦和", None)]
    #[case::empty("", Some(NameFault::Empty))]
    #[case::above("../../x", Some(NameFault::Character('/')))]
    #[case::above_on_windows("..\\..\\x", Some(NameFault::Character('\\')))]
    #[case::this_folder(".", Some(NameFault::Begin))]
    #[case::folder_above("..", Some(NameFault::Begin))]
    #[case::hidden(".kaiin-x", Some(NameFault::Begin))]
    #[case::drive("C:x", Some(NameFault::Character(':')))]
    #[case::line("a\nb", Some(NameFault::Character('\n')))]
    #[case::nothing_seen("a\u{202e}b", Some(NameFault::Character('\u{202e}')))]
    #[case::dot_at_the_end("11.", Some(NameFault::End))]
    #[case::blank_at_the_end("11 ", Some(NameFault::End))]
    #[case::device("con", Some(NameFault::Device))]
    #[case::device_with_an_ending("NUL.tar.gz", Some(NameFault::Device))]
    #[case::numbered_device("LPT1", Some(NameFault::Device))]
    #[case::no_device("CONTENT", None)]
    #[case::no_numbered_device("COM10", None)]
    fn fault_of_a_name_is_told(#[case] text: &str, #[case] expected: Option<NameFault>) {
        assert_eq!(name_fault(text), expected);
    }

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
