//! What is wrong in a file that people write by hand: a definition or the settings.
//!
//! Each fault has a stable code; the texts are in `messages`. This module knows no format: what a parser says comes as
//! its sentence, and the frequent ones are understood here so that the office reads them in its own language.

use std::fmt;
use std::ops::Range;

use chrono::NaiveDate;

use super::text::nearest;
use super::value_kind::ValueKind;

/// One fault in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedFault {
    /// File name as under `reports/`, with its subfolder.
    pub file: String,
    /// Line from 1, where it is known.
    pub line: Option<u32>,
    /// Path of the key from the top, such as `tables[0].rules[1].source`, counted from 0; empty for the whole file.
    pub key: String,
    /// What is wrong.
    pub fault: Fault,
}

impl PlacedFault {
    /// What a parser says in its sentence about a stretch of bytes of the text.
    pub fn of_parser(file: &str, text: &str, span: Option<Range<usize>>, sentence: &str) -> Self {
        let begin = span.map(|span| span.start);
        let key = match Fault::said(sentence) {
            Fault::UnknownKey(key, _) | Fault::MissingKey(key) => key,
            _ => begin.map_or_else(String::new, |at| key_at(text, at).to_string()),
        };
        let line = begin.and_then(|at| line_at(text, at));
        Self { file: file.into(), line, key, fault: Fault::said(sentence) }
    }

    /// The last name of the path of the key; empty for the whole file.
    pub fn key_name(&self) -> &str {
        let name = self.key.rsplit('.').next().unwrap_or_default();
        name.split_once('[').map_or(name, |(name, _)| name)
    }
}

/// The line of a byte, from 1.
pub fn line_at(text: &str, at: usize) -> Option<u32> {
    let before = text.as_bytes().get(..at)?;
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count() + 1).ok()
}

/// The key before the first = of the line of a byte; empty where there is none.
fn key_at(text: &str, at: usize) -> &str {
    let begin = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let line = text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    line.split_once('=').map_or("", |(key, _)| key.trim().trim_matches('"'))
}

/// Wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The text is not TOML; the sentence of the parser.
    Syntax(String),
    /// A key that nobody knows, and the keys that stand there.
    UnknownKey(String, Vec<String>),
    /// A key is missing.
    MissingKey(String),
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The system refuses to read the file; its sentence.
    Unreadable(String),
    /// What has the name of the file is none, such as a pipe, or is larger than any; the code that says so.
    NotRead(&'static str),
    /// A file whose name is no definition, and the names that are.
    UnknownFile(String, Vec<String>),
    /// A definition whose name goes on after `.toml`; the name it should have.
    WrongEnding(String),
    /// The folder of definitions is not there.
    FolderMissing(String),
    /// The file of settings that was named is not there.
    SettingsMissing,
    /// A definition in the wrong folder; where it should lie.
    WrongFolder(String),
    /// A kind of value that cannot stand here; the sentence of the parser.
    WrongValue(ValueKind, String),
    /// A word that is none of those allowed.
    NotOneOf(String, Vec<String>),
    /// A value that may stand once.
    Twice(String),
    /// A list without entries, or a text without letters.
    Empty,
    /// A word that has two meanings.
    TwoMeanings(String, String, String),
    /// A figure or rule without a source.
    SourceMissing,
    /// A number below the least.
    Below(i64, i64),
    /// A number that is not between the least and the most.
    Outside(i64, i64, i64),
    /// No prefecture code.
    NotAPrefecture(String),
    /// A span that ends before it begins: first and last day.
    Reversed(NaiveDate, NaiveDate),
    /// Two entries hold on a day.
    Overlap(NaiveDate),
    /// No entry holds on a day between two others.
    Gap(NaiveDate),
    /// One of these keys must be given.
    OneNeeded(&'static [&'static str]),
    /// At most one of these keys can be given.
    AtMostOne(&'static [&'static str]),
    /// Bodies and prefectures cannot be columns.
    BodiesInColumns,
    /// A table of the national tier cannot have bodies in rows.
    OneNationalBody,
    /// Subtotals are of bodies only.
    SubtotalsOfBodiesOnly,
    /// A map of tiles of something else than prefectures.
    MapOfPrefecturesOnly,
    /// A metric that has a table of its own.
    MetricOfOwnTable(String),
    /// A metric that needs rows by prefecture.
    MetricByPrefecture(String),
    /// A metric that the local tier does not have.
    MetricOfUpperTier(String),
    /// A figure that is counted in another unit than its table: its id, its unit.
    MetricOfOtherUnit(String, String),
    /// A table that the report does not print.
    TableNotPrinted(String),
    /// A code or name that the association master does not have, and the codes that could be meant.
    BodyNotInMaster(String, Vec<String>),
    /// A body of another tier than the rule is for.
    BodyOfOtherTier(String, String),
    /// Not one character as read.
    NotOneCharacter(String),
    /// A character that no font has, by its code points.
    NotPrintable(String),
    /// A letter that figures and headings are made of.
    PlainCharacter(String),
    /// A line that is no cron line with seconds, or never comes true: the line, and the sentence of the parser.
    NotASchedule(String, String),
    /// A cron line that does not come true exactly once in every month: the line, a month in which it does not, and how often
    /// it does there.
    NotMonthly(String, String, u32),
    /// A schedule that comes true more than once in a day: the line, and such a day.
    MoreThanDaily(String, NaiveDate),
    /// A schedule that does not come true exactly once in every year: the line, such a year, and how often it does there.
    NotYearly(String, i32, u32),
    /// A schedule by business days that says none: the line.
    NotABusinessDay(String),
    /// An id that can be part of no file name.
    NotAFileName(String),
    /// A first month of the jobs that is no month, or one of no export.
    NotAFirstMonth(String),
    /// A mail server outside of this machine that would be spoken to in the clear.
    InTheClear(String),
    /// A text that goes into the head of a mail and has several lines.
    SeveralLines,
    /// An address at which other machines would be answered.
    BeyondThisMachine(String),
    /// An address at which pages would be shown to other machines without TLS.
    PagesBeyondThisMachine(String),
}

impl Fault {
    /// Code of the question whether another word was meant.
    pub const DID_YOU_MEAN: &'static str = "DEF-099";

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "DEF-001",
            Self::UnknownKey(..) => "DEF-002",
            Self::MissingKey(_) => "DEF-003",
            Self::NotUtf8 => "DEF-004",
            Self::Unreadable(_) => "DEF-005",
            Self::NotRead(code) => code,
            Self::UnknownFile(..) => "DEF-006",
            Self::WrongEnding(_) => "DEF-007",
            Self::FolderMissing(_) => "DEF-008",
            Self::WrongFolder(_) => "DEF-009",
            Self::WrongValue(kind, _) => kind.code(),
            Self::SettingsMissing => "DEF-018",
            Self::NotOneOf(..) => "DEF-020",
            Self::Twice(_) => "DEF-021",
            Self::Empty => "DEF-022",
            Self::TwoMeanings(..) => "DEF-023",
            Self::SourceMissing => "DEF-024",
            Self::Below(..) => "DEF-025",
            Self::Outside(..) => "DEF-026",
            Self::NotAPrefecture(_) => "DEF-027",
            Self::Reversed(..) => "DEF-028",
            Self::Overlap(_) => "DEF-029",
            Self::Gap(_) => "DEF-030",
            Self::OneNeeded(_) => "DEF-031",
            Self::AtMostOne(_) => "DEF-032",
            Self::BodiesInColumns => "DEF-040",
            Self::OneNationalBody => "DEF-041",
            Self::SubtotalsOfBodiesOnly => "DEF-042",
            Self::MapOfPrefecturesOnly => "DEF-068",
            Self::MetricOfOwnTable(_) => "DEF-043",
            Self::MetricByPrefecture(_) => "DEF-044",
            Self::MetricOfUpperTier(_) => "DEF-045",
            Self::MetricOfOtherUnit(..) => "DEF-062",
            Self::TableNotPrinted(_) => "DEF-047",
            Self::BodyNotInMaster(..) => "DEF-060",
            Self::BodyOfOtherTier(..) => "DEF-061",
            Self::NotOneCharacter(_) => "DEF-065",
            Self::NotPrintable(_) => "DEF-066",
            Self::PlainCharacter(_) => "DEF-067",
            Self::NotASchedule(..) => "JOB-003",
            Self::NotMonthly(..) => "JOB-005",
            Self::MoreThanDaily(..) => "JOB-040",
            Self::NotABusinessDay(_) => "JOB-070",
            Self::NotYearly(..) => "JOB-074",
            Self::NotAFileName(_) => "RPT-030",
            Self::NotAFirstMonth(_) => "JOB-006",
            Self::InTheClear(_) => "PUB-025",
            Self::SeveralLines => "PUB-026",
            Self::BeyondThisMachine(_) => "CFG-011",
            Self::PagesBeyondThisMachine(_) => "CFG-012",
        }
    }

    /// What the text of the code leaves open, in its order.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Syntax(word)
            | Self::MissingKey(word)
            | Self::Unreadable(word)
            | Self::WrongEnding(word)
            | Self::FolderMissing(word)
            | Self::WrongFolder(word)
            | Self::WrongValue(_, word)
            | Self::Twice(word)
            | Self::NotAPrefecture(word)
            | Self::MetricOfOwnTable(word)
            | Self::MetricByPrefecture(word)
            | Self::MetricOfUpperTier(word)
            | Self::TableNotPrinted(word)
            | Self::NotOneCharacter(word)
            | Self::NotPrintable(word)
            | Self::PlainCharacter(word)
            | Self::NotAFileName(word)
            | Self::NotAFirstMonth(word)
            | Self::NotABusinessDay(word)
            | Self::InTheClear(word)
            | Self::BeyondThisMachine(word)
            | Self::PagesBeyondThisMachine(word)
            | Self::BodyNotInMaster(word, _) => vec![word.clone()],
            Self::UnknownKey(word, all) | Self::NotOneOf(word, all) | Self::UnknownFile(word, all) => {
                vec![word.clone(), all.join(", ")]
            }
            Self::BodyOfOtherTier(one, other)
            | Self::MetricOfOtherUnit(one, other)
            | Self::NotASchedule(one, other) => {
                vec![one.clone(), other.clone()]
            }
            Self::MoreThanDaily(line, day) => vec![line.clone(), day.to_string()],
            Self::NotMonthly(line, month, n_times) => vec![line.clone(), month.clone(), n_times.to_string()],
            Self::NotYearly(line, year, n_times) => vec![line.clone(), year.to_string(), n_times.to_string()],
            Self::TwoMeanings(word, one, other) => vec![word.clone(), one.clone(), other.clone()],
            Self::Below(found, least) => vec![found.to_string(), least.to_string()],
            Self::Outside(found, least, most) => vec![found.to_string(), least.to_string(), most.to_string()],
            Self::Reversed(first, last) => vec![first.to_string(), last.to_string()],
            Self::Overlap(day) | Self::Gap(day) => vec![day.to_string()],
            Self::OneNeeded(keys) | Self::AtMostOne(keys) => vec![keys.join(", ")],
            Self::NotUtf8
            | Self::SettingsMissing
            | Self::Empty
            | Self::SourceMissing
            | Self::BodiesInColumns
            | Self::OneNationalBody
            | Self::SubtotalsOfBodiesOnly
            | Self::MapOfPrefecturesOnly
            | Self::SeveralLines
            | Self::NotRead(_) => Vec::new(),
        }
    }

    /// The word that was probably meant.
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::UnknownKey(word, all)
            | Self::NotOneOf(word, all)
            | Self::UnknownFile(word, all)
            | Self::BodyNotInMaster(word, all) => nearest(word, all.iter().map(String::as_str)),
            _ => None,
        }
    }

    /// What a parser of TOML, or serde behind it, says in its sentence.
    pub fn said(sentence: &str) -> Self {
        let quoted: Vec<String> = sentence.split('`').skip(1).step_by(2).map(str::to_string).collect();
        let (first, others) = match quoted.split_first() {
            Some((first, others)) => (first.clone(), others.to_vec()),
            None => (String::new(), Vec::new()),
        };
        if sentence.starts_with("unknown field") {
            return Self::UnknownKey(first, others);
        }
        if sentence.starts_with("missing field") {
            return Self::MissingKey(first);
        }
        if sentence.starts_with("unknown variant") {
            return Self::NotOneOf(first, others);
        }
        match ValueKind::wanted(sentence) {
            Some(kind) => Self::WrongValue(kind, sentence.into()),
            None => Self::Syntax(sentence.into()),
        }
    }
}

/// For logs; people read the texts of `messages`.
impl fmt::Display for PlacedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {} {} {}", self.key, self.fault.code(), self.fault.words().join(" / "))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::unknown_field("unknown field `sorce`, expected one of `source`, `from`", "DEF-002", Some("source"))]
    #[case::only_field("unknown field `tabels`, expected `tables`", "DEF-002", Some("tables"))]
    #[case::missing_field("missing field `kind`", "DEF-003", None)]
    #[case::unknown_variant("unknown variant `locl`, expected `local` or `national`", "DEF-020", Some("local"))]
    #[case::text("invalid type: integer `5`, expected a string", "DEF-010", None)]
    #[case::integer("invalid type: string \"5\", expected i64", "DEF-011", None)]
    #[case::date_without_quotes("invalid type: map, expected a formatted date string", "DEF-012", None)]
    #[case::date("premature end of input", "DEF-012", None)]
    #[case::list("invalid type: string \"甲\", expected a sequence", "DEF-014", None)]
    #[case::address("not an address like postgres://user@host/database", "DEF-016", None)]
    #[case::anything_else("invalid basic string, expected `\"`", "DEF-001", None)]
    fn sentence_of_a_parser_is_understood(#[case] said: &str, #[case] code: &str, #[case] meant: Option<&str>) {
        let fault = Fault::said(said);
        assert_eq!((fault.code(), fault.meant()), (code, meant), "{fault:?}");
    }
}
