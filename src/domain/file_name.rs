//! What a text must be to stand in the name of a file, on every system that an office may copy it to.
//!
//! Codes of bodies and ids of reports are part of such names; so they have this alphabet, and are refused where they come in.
//! Making a name of any text is the business of `files`.

/// Bytes that every file system takes in a name.
pub const MOST_BYTES: usize = 255;

/// Most bytes of a code or an id: several of them with two days make one name.
const MOST_BYTES_OF_CODE: usize = 60;

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
    /// It is too long.
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

/// What is wrong with a text as a code or an id, of which file names are made; `None` for a sound one.
pub fn code_fault(text: &str) -> Option<NameFault> {
    name_fault(text).or((text.len() > MOST_BYTES_OF_CODE).then_some(NameFault::Long))
}

/// A text with what nobody sees written out, for a message.
pub fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let cut = if text.chars().count() > MOST { "…" } else { "" };
    let hidden =
        |c: char| if is_forbidden(c) && !c.is_ascii_graphic() { c.escape_unicode().to_string() } else { c.into() };
    text.chars().take(MOST).map(hidden).collect::<String>() + cut
}

/// Whether a character can stand in no file name: it leads elsewhere, Windows forbids it, or nobody sees it.
pub fn is_forbidden(c: char) -> bool {
    // Marks of direction turn what is shown around: a name must read as it is.
    FORBIDDEN.contains(c)
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether Windows keeps a name for a device.
pub fn is_of_device(name: &str) -> bool {
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

    #[test]
    fn code_is_shorter_than_a_name() {
        let (fits, long) = ("浦".repeat(20), "浦".repeat(21));
        assert_eq!((code_fault(&fits), code_fault(&long)), (None, Some(NameFault::Long)));
        assert_eq!(name_fault(&long), None);
        assert_eq!(name_fault(&"浦".repeat(86)), Some(NameFault::Long));
    }
}
