//! What is wrong in the folder of a meeting, by file, sheet and cell.

use crate::domain::problem::column_letters;
use crate::domain::text::nearest;

/// A cell of a sheet, or the sheet as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellPlace {
    /// File in the folder of the meeting.
    pub file: String,
    /// Sheet; empty for a CSV file.
    pub sheet: String,
    /// Row as Excel shows it, and column from 0; `None` for the whole sheet.
    pub cell: Option<(u32, usize)>,
}

impl CellPlace {
    /// A sheet as a whole.
    pub fn of_sheet(file: &str, sheet: &str) -> Self {
        Self { file: file.into(), sheet: sheet.into(), cell: None }
    }

    /// A file as a whole.
    pub fn of_file(file: &str) -> Self {
        Self::of_sheet(file, "")
    }

    /// A cell of the same sheet.
    #[must_use]
    pub fn at(&self, row: u32, column: usize) -> Self {
        Self { cell: Some((row, column)), ..self.clone() }
    }

    /// The file, and the sheet in it: 会議.xlsx「次第」.
    pub fn shown_file(&self) -> String {
        if self.sheet.is_empty() { self.file.clone() } else { format!("{}「{}」", self.file, self.sheet) }
    }

    /// The cell as Excel shows it: C12; empty for the whole sheet.
    pub fn shown_cell(&self) -> String {
        self.cell.map_or_else(String::new, |(row, column)| format!("{}{row}", column_letters(column)))
    }
}

/// A fault and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedMeetingFault {
    /// Where.
    pub place: CellPlace,
    /// What.
    pub fault: MeetingFault,
}

/// Wrong in the folder of a meeting. Each has a stable code; the texts are in `messages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetingFault {
    /// No workbook and no 次第.
    NoAgenda,
    /// Several workbooks of which none is called 会議.xlsx: their names.
    SeveralWorkbooks(Vec<String>),
    /// Two sheets or files of one name.
    NameTwice(String),
    /// More rows or columns than a paper can hold: how many, and the most.
    TooLarge(String),
    /// A cell shows an error of Excel.
    CellError(String),
    /// A formula that no program has worked out.
    FormulaWithoutValue,
    /// The file is no text that we read: its reason.
    NotText,
    /// A quotation mark that is never closed.
    QuoteOpen,
    /// A word in the head of a sheet that nobody knows, and the words that can stand there.
    KeyUnknown(String, Vec<String>),
    /// A word of the head that must be there, and an example.
    KeyMissing(String, String),
    /// A word of the head stands there twice.
    KeyTwice(String),
    /// The head is followed by the table without an empty row between.
    HeadWithoutEnd,
    /// A word that is none of those allowed.
    NotOneOf(String, Vec<String>),
    /// No day.
    NotADate(String),
    /// A column that must be there.
    HeadingMissing(String),
    /// A column that nobody knows, and those that are known.
    HeadingUnknown(String, Vec<String>),
    /// Two columns of one heading.
    HeadingTwice(String),
    /// A cell without a heading above it.
    HeadingBlank,
    /// A word of the head names a column that is not there: the word, the column, the columns.
    ColumnUnknown(String, String, Vec<String>),
    /// Two items of a group have one number.
    NumberTwice(String, u32),
    /// No number of an item.
    NotAnItemNumber(String),
    /// An item without 件名.
    ItemWithoutText,
    /// The first item stands in no group.
    ItemWithoutGroup,
    /// Nothing in the folder, and no report, has the name; names like it.
    MaterialUnknown(String, Vec<String>),
    /// A sheet, a file or a report could be meant.
    MaterialAmbiguous(String),
    /// A count of cases or sheets beside other materials.
    NoteBesideMaterial(String),
    /// One material stands behind two items.
    MaterialTwice(String),
    /// A cell is not a number.
    NotANumber(String),
    /// A cell with a part of a person or a thing, where whole ones are counted.
    NotWhole(String),
    /// A cell without its number.
    BlankNumber,
    /// A stated total and what the cells add up to.
    TotalDiffers(String, String),
    /// The stated parts and the total.
    PartsDiffer(String, String),
    /// A part larger than its whole: both.
    PartTooLarge(String, String),
    /// No body has the name; bodies like it.
    BodyUnknown(String, Vec<String>),
    /// A body stands there twice.
    BodyTwice(String),
    /// Bodies that are not there.
    BodiesMissing(String),
    /// A PDF that cannot be read.
    PdfDamaged,
    /// A PDF that asks for a password.
    PdfEncrypted,
    /// A PDF without pages.
    PdfEmpty,
    /// A file that is larger than any paper: MB, and the most.
    FileTooLarge(String),
    /// A sheet that no item uses.
    SheetUnused,
    /// A file that no item uses.
    FileUnused,
    /// The workbook is open in Excel: what was saved last is read.
    OpenInExcel,
    /// Pages that are not A4: their numbers and sizes.
    OddSize(String),
    /// Columns that name people, which papers for others show as well: their headings.
    NamesPeople(String),
    /// Other workbooks of the folder, which are not read: their names.
    OtherWorkbooks(String),
    /// Fields and remarks of a PDF without a stored look, which nobody will see: how many.
    Unseen(usize),
    /// A text that somebody forgot to fill in.
    Placeholder(String),
    /// A file of another kind, which cannot be bound.
    NotPdf(String),
    /// The sheet is hidden.
    SheetHidden(String),
    /// A list has a row of totals, which it makes itself.
    TotalOfList,
    /// A day with another weekday than it has: the text, the weekday.
    WrongWeekday(String, String),
}

impl MeetingFault {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAgenda => "MTG-010",
            Self::SeveralWorkbooks(_) => "MTG-011",
            Self::NameTwice(_) => "MTG-012",
            Self::TooLarge(_) => "MTG-013",
            Self::CellError(_) => "MTG-014",
            Self::FormulaWithoutValue => "MTG-015",
            Self::NotText => "MTG-016",
            Self::QuoteOpen => "MTG-017",
            Self::KeyUnknown(..) => "MTG-020",
            Self::KeyMissing(..) => "MTG-021",
            Self::KeyTwice(_) => "MTG-022",
            Self::HeadWithoutEnd => "MTG-023",
            Self::NotOneOf(..) => "MTG-024",
            Self::NotADate(_) => "MTG-025",
            Self::HeadingMissing(_) => "MTG-026",
            Self::HeadingUnknown(..) => "MTG-027",
            Self::HeadingTwice(_) => "MTG-028",
            Self::HeadingBlank => "MTG-029",
            Self::ColumnUnknown(..) => "MTG-030",
            Self::NumberTwice(..) => "MTG-031",
            Self::NotAnItemNumber(_) => "MTG-032",
            Self::ItemWithoutText => "MTG-033",
            Self::ItemWithoutGroup => "MTG-034",
            Self::MaterialUnknown(..) => "MTG-035",
            Self::MaterialAmbiguous(_) => "MTG-036",
            Self::NoteBesideMaterial(_) => "MTG-037",
            Self::MaterialTwice(_) => "MTG-038",
            Self::NotANumber(_) => "MTG-040",
            Self::NotWhole(_) => "MTG-041",
            Self::BlankNumber => "MTG-042",
            Self::TotalDiffers(..) => "MTG-043",
            Self::PartsDiffer(..) => "MTG-044",
            Self::PartTooLarge(..) => "MTG-045",
            Self::BodyUnknown(..) => "MTG-046",
            Self::BodyTwice(_) => "MTG-047",
            Self::BodiesMissing(_) => "MTG-048",
            Self::PdfDamaged => "MTG-050",
            Self::PdfEncrypted => "MTG-051",
            Self::PdfEmpty => "MTG-052",
            Self::FileTooLarge(_) => "MTG-053",
            Self::SheetUnused => "MTG-060",
            Self::FileUnused => "MTG-061",
            Self::OpenInExcel => "MTG-062",
            Self::OddSize(_) => "MTG-063",
            Self::NamesPeople(_) => "MTG-064",
            Self::OtherWorkbooks(_) => "MTG-065",
            Self::Unseen(_) => "MTG-066",
            Self::Placeholder(_) => "MTG-067",
            Self::NotPdf(_) => "MTG-054",
            Self::SheetHidden(_) => "MTG-039",
            Self::TotalOfList => "MTG-049",
            Self::WrongWeekday(..) => "MTG-018",
        }
    }

    /// Whether the pack is made all the same: something that a person should look at.
    pub fn is_notice(&self) -> bool {
        matches!(
            self,
            Self::SheetUnused
                | Self::FileUnused
                | Self::OpenInExcel
                | Self::OddSize(_)
                | Self::NamesPeople(_)
                | Self::OtherWorkbooks(_)
                | Self::Unseen(_)
                | Self::Placeholder(_)
        )
    }

    /// The word that was probably meant.
    pub fn meant(&self) -> Option<&str> {
        match self {
            Self::KeyUnknown(word, all)
            | Self::NotOneOf(word, all)
            | Self::HeadingUnknown(word, all)
            | Self::ColumnUnknown(_, word, all)
            | Self::MaterialUnknown(word, all)
            | Self::BodyUnknown(word, all) => nearest(word, all.iter().map(String::as_str)),
            _ => None,
        }
    }

    /// What the text of the code leaves open.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::NoAgenda
            | Self::FormulaWithoutValue
            | Self::NotText
            | Self::QuoteOpen
            | Self::HeadWithoutEnd
            | Self::HeadingBlank
            | Self::ItemWithoutText
            | Self::ItemWithoutGroup
            | Self::BlankNumber
            | Self::PdfDamaged
            | Self::PdfEncrypted
            | Self::PdfEmpty
            | Self::SheetUnused
            | Self::FileUnused
            | Self::TotalOfList
            | Self::OpenInExcel => Vec::new(),
            Self::Unseen(n) => vec![n.to_string()],
            Self::SeveralWorkbooks(names) => vec![names.join("、")],
            Self::NameTwice(word)
            | Self::TooLarge(word)
            | Self::CellError(word)
            | Self::KeyTwice(word)
            | Self::NotADate(word)
            | Self::HeadingMissing(word)
            | Self::HeadingTwice(word)
            | Self::NotAnItemNumber(word)
            | Self::MaterialAmbiguous(word)
            | Self::NoteBesideMaterial(word)
            | Self::MaterialTwice(word)
            | Self::NotANumber(word)
            | Self::NotWhole(word)
            | Self::BodyTwice(word)
            | Self::BodiesMissing(word)
            | Self::FileTooLarge(word)
            | Self::NamesPeople(word)
            | Self::OtherWorkbooks(word)
            | Self::Placeholder(word)
            | Self::NotPdf(word)
            | Self::SheetHidden(word)
            | Self::OddSize(word) => vec![word.clone()],
            Self::KeyMissing(one, other)
            | Self::WrongWeekday(one, other)
            | Self::TotalDiffers(one, other)
            | Self::PartsDiffer(one, other)
            | Self::PartTooLarge(one, other) => vec![one.clone(), other.clone()],
            Self::KeyUnknown(word, all)
            | Self::NotOneOf(word, all)
            | Self::HeadingUnknown(word, all)
            | Self::MaterialUnknown(word, all)
            | Self::BodyUnknown(word, all) => vec![word.clone(), all.join("、")],
            Self::ColumnUnknown(key, word, all) => vec![key.clone(), word.clone(), all.join("、")],
            Self::NumberTwice(group, number) => vec![group.clone(), number.to_string()],
        }
    }
}
