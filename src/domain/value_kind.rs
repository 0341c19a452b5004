//! What kind of value a parser has wanted, understood from its sentence.

use super::business_days::NotAClosedDay;
use super::mail::NotAMailAddress;
use super::store_url::NotAStoreUrl;

/// What is said of a text that is no address to listen at.
pub const NOT_A_LISTENING_ADDRESS: &str = "not an address like 127.0.0.1:9464";

/// Kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Letters between quotation marks.
    Text,
    /// A whole number.
    Integer,
    /// A day.
    Date,
    /// True or false.
    Truth,
    /// A list in brackets.
    List,
    /// A table of keys.
    Table,
    /// The address of a database.
    StoreAddress,
    /// The address of a mailbox.
    MailAddress,
    /// An address to listen at.
    ListeningAddress,
    /// A day on which the office is closed.
    ClosedDay,
    /// Something else.
    Other,
}

impl ValueKind {
    /// The code of the fault that says so.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Text => "DEF-010",
            Self::Integer => "DEF-011",
            Self::Date => "DEF-012",
            Self::Truth => "DEF-013",
            Self::List => "DEF-014",
            Self::Table => "DEF-015",
            Self::StoreAddress => "DEF-016",
            Self::MailAddress => "PUB-024",
            Self::ListeningAddress => "CFG-010",
            Self::ClosedDay => "CFG-005",
            Self::Other => "DEF-017",
        }
    }

    /// The kind that a sentence of a parser asks for; `None` when it is about no value.
    pub(super) fn wanted(sentence: &str) -> Option<Self> {
        // chrono has sentences of its own for a text that is no day.
        if ["input contains invalid characters", "premature end of input", "input is out of range", "trailing input"]
            .contains(&sentence)
        {
            return Some(Self::Date);
        }
        if sentence == NotAStoreUrl.to_string() {
            return Some(Self::StoreAddress);
        }
        if sentence == NotAMailAddress.to_string() {
            return Some(Self::MailAddress);
        }
        if sentence == NOT_A_LISTENING_ADDRESS {
            return Some(Self::ListeningAddress);
        }
        if sentence == NotAClosedDay.to_string() {
            return Some(Self::ClosedDay);
        }
        let is_of_value = sentence.starts_with("invalid type") || sentence.starts_with("invalid value");
        let (_, wanted) = sentence.split_once(", expected ").filter(|_| is_of_value)?;
        let kinds = [
            ("date", Self::Date),
            ("string", Self::Text),
            ("boolean", Self::Truth),
            ("sequence", Self::List),
            ("struct", Self::Table),
            ("map", Self::Table),
        ];
        let found = kinds.into_iter().find(|(word, _)| wanted.contains(word)).map(|(_, kind)| kind);
        let is_number = ["u8", "u16", "u32", "u64", "usize", "i32", "i64"].iter().any(|name| wanted.contains(name));
        Some(found.unwrap_or(if is_number { Self::Integer } else { Self::Other }))
    }
}
