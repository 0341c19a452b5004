//! Problems of input files by stable code: what refuses a file, what rejects a row (R13), what only warns.
//!
//! The texts are in `messages`; this module knows codes and their weight.

use std::sync::Arc;

use serde::Serialize;

/// Weight of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file is not taken in at all.
    Refusal,
    /// The file is not taken in until a person has answered (R34).
    Question,
    /// The row is not taken in.
    Reject,
    /// The row counts; somebody should look.
    Warning,
}

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident;)*) => {
        /// A problem of an input file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Problem { $($(#[$doc])* $name,)* }

        impl Problem {
            /// All problems in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Stable code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Weight.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The problem of a stable code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

problems! {
    /// 医籍登録番号 is not a number.
    NumberNotNumeric = "IMP-001", Reject;
    /// 入会日 is not a date.
    JoinedNotADate = "IMP-002", Reject;
    /// 退会日 is not a date.
    LeftNotADate = "IMP-003", Reject;
    /// 退会日 is before 入会日.
    LeftBeforeJoined = "IMP-004", Reject;
    /// No body has this code or name.
    BodyUnknown = "IMP-005", Reject;
    /// Several bodies have this name.
    BodyAmbiguous = "IMP-006", Reject;

    /// One 医籍登録番号 stands on more rows than one person can have.
    NumberOnTooManyRows = "IMP-300", Reject;

    /// The row has fewer cells than the headings.
    RowShort = "IMP-308", Reject;

    /// 申請番号 is missing.
    ApplicationNumberMissing = "IMP-007", Reject;
    /// One 申請番号, person, body and kind stands on two rows that disagree.
    ApplicationTwice = "IMP-008", Reject;
    /// 調整番号 is missing.
    AdjustmentNumberMissing = "IMP-009", Reject;
    /// One 調整番号 and person stands on two rows.
    AdjustmentTwice = "IMP-010", Reject;
    /// 調整種別 is not understood.
    AdjustmentKindUnknown = "IMP-011", Reject;
    /// An adjustment has no 理由.
    WhyMissing = "IMP-012", Reject;
    /// An adjustment has no 承認者.
    ApproverMissing = "IMP-013", Reject;
    /// An adjustment needs a day and has none, or the cell is not a date.
    AdjustmentDayMissing = "IMP-014", Reject;
    /// An adjustment needs a class and has none that is known.
    AdjustmentClassMissing = "IMP-015", Reject;
    /// 同一人物 without a second number, or with the same one.
    OtherNumberMissing = "IMP-016", Reject;
    /// 確認済 without a code of a finding.
    FindingCodeUnknown = "IMP-017", Reject;
    /// 対象入会日 is not a date.
    StayDayNotADate = "IMP-018", Reject;
    /// 状態 of an adjustment is neither 有効 nor 取消.
    AdjustmentStateUnknown = "IMP-019", Reject;
    /// An adjustment is about a person whom no member file has shown.
    AdjustmentPersonUnknown = "IMP-020", Reject;
    /// A row tells an ended stay of a person whose number was removed, which is counted already.
    StayOfRemovedPerson = "IMP-021", Reject;

    /// 卒業年月 is missing.
    GraduatedMissing = "IMP-101", Warning;
    /// 施設業務 is missing.
    DutyMissing = "IMP-102", Warning;
    /// 生年月日 is not a date.
    BornNotADate = "IMP-103", Warning;
    /// 入会希望日 is not a date.
    WishedNotADate = "IMP-104", Warning;
    /// 会員状態 is not understood.
    StatusUnknown = "IMP-105", Warning;
    /// A character of the private use area (外字).
    PrivateUseCharacter = "IMP-106", Warning;
    /// The class is in no mapping table; counted as unknown.
    ClassUnmapped = "IMP-107", Warning;
    /// Code and name of the body name two different bodies; the code stands.
    CodeAndNameDisagree = "IMP-108", Warning;
    /// The registration number has more than six digits.
    NumberTooLong = "IMP-109", Warning;
    /// A row without 入会日 has a 退会日.
    PendingWithWithdrawal = "IMP-110", Warning;
    /// The prefectural body is blank although its dates are filled; taken from the tree of bodies.
    PrefecturalBodyInferred = "IMP-111", Warning;
    /// 退会理由 is not in the mapping table; kept as other.
    ReasonUnmapped = "IMP-112", Warning;
    /// A character of 氏名, カナ or 施設名 that CP932 does not have.
    CharacterNotInCp932 = "IMP-113", Warning;
    /// A compatibility ideograph, which normalising programs replace by another character.
    CompatibilityIdeograph = "IMP-114", Warning;
    /// A variation selector, which chooses a form of the character before it.
    VariationSelector = "IMP-115", Warning;
    /// Half-width kana in 氏名.
    HalfWidthKana = "IMP-116", Warning;
    /// 氏名 is blank.
    NameMissing = "IMP-117", Warning;
    /// 性別 is not understood.
    SexUnknown = "IMP-118", Warning;
    /// 生年月日 is after the export day.
    BornAfterExport = "IMP-119", Warning;
    /// Under 20 or over 110 years old on the export day.
    AgeImplausible = "IMP-120", Warning;
    /// 生年月日 is after 入会日.
    BornAfterJoining = "IMP-121", Warning;
    /// 卒業年月 lies in the future or before the 20th birthday.
    GraduatedImplausible = "IMP-122", Warning;
    /// 入会日 is before 1900 or more than two years ahead.
    JoinedImplausible = "IMP-123", Warning;
    /// 退会日 is before 1900 or more than two years ahead.
    LeftImplausible = "IMP-124", Warning;
    /// 退会日 is 9999-12-31, which says that there is none.
    NoEndAsDate = "IMP-125", Warning;
    /// 入会日 is before 卒業年月.
    JoinedBeforeGraduating = "IMP-126", Warning;
    /// 会員状態 contradicts the dates on the export day.
    StatusContradictsDates = "IMP-127", Warning;
    /// 申請番号 stands for somebody else already: another application (R27).
    ApplicationNumberReused = "IMP-128", Warning;
    /// 調整番号 stands for somebody else already: another adjustment (R27).
    AdjustmentNumberReused = "IMP-129", Warning;
    /// A text that a spreadsheet would take for a formula.
    FormulaText = "IMP-130", Warning;
    /// The row repeats another in every cell.
    RowRepeated = "IMP-131", Warning;
    /// 卒業年月 is not a year and month.
    GraduatedNotAMonth = "IMP-132", Warning;

    /// 申請種別 is in no mapping table; kept as other.
    ApplicationKindUnmapped = "IMP-150", Warning;
    /// 状態 of an application is in no mapping table; it has no effect.
    ApplicationStatusUnmapped = "IMP-151", Warning;
    /// A day of an application is not a date.
    ApplicationDayNotADate = "IMP-152", Warning;
    /// An approved application has no 適用日; it has no effect.
    EffectiveDayMissing = "IMP-153", Warning;
    /// A proxy filing without a note about its evidence.
    EvidenceMissing = "IMP-154", Warning;
    /// An approved change of class has no class that is known.
    NewClassMissing = "IMP-155", Warning;

    /// The class scheme of the body has the word, but not on the day of the row.
    ClassWordEnded = "IMP-140", Warning;
    /// A class scheme names a body that the master does not have.
    SchemeBodyUnknown = "IMP-141", Warning;

    /// Rows above the headings, passed over.
    TitleSkipped = "IMP-142", Warning;
    /// A line with a total, passed over.
    TotalSkipped = "IMP-143", Warning;
    /// The weekday beside a date is another than that of the date.
    WeekdayDiffers = "IMP-144", Warning;
    /// An adjustment that fits no stay, or would end one before it begins; it has no effect.
    AdjustmentWithoutEffect = "IMP-145", Warning;
    /// An adjustment ends the stay of a person who has died, or left, in one tier and leaves those of others open.
    OtherTiersOpen = "IMP-146", Warning;

    /// The file is empty.
    FileEmpty = "IMP-201", Refusal;
    /// The file has headings and no rows.
    NoRows = "IMP-202", Refusal;
    /// The file is not a text file.
    NotText = "IMP-203", Refusal;
    /// The bytes are neither UTF-8 nor CP932.
    Undecodable = "IMP-204", Refusal;
    /// A quotation mark is never closed.
    QuoteUnclosed = "IMP-205", Refusal;
    /// A cell is larger than any spreadsheet can hold.
    CellTooLarge = "IMP-206", Refusal;
    /// A row has more cells than the headings, or the last one fewer; in a master any.
    Ragged = "IMP-207", Refusal;
    /// A required heading is missing.
    HeadingMissing = "IMP-208", Refusal;
    /// The headings fit no known layout.
    LayoutUnknown = "IMP-209", Refusal;
    /// Two columns carry the same field.
    HeadingTwice = "IMP-210", Refusal;
    /// Too many rows are rejected (R13).
    TooManyRejects = "IMP-211", Refusal;
    /// Too many members are missing from the export.
    MembersMissing = "IMP-212", Question;
    /// The export is older than the newest of its source (R3).
    OlderThanNewest = "IMP-213", Refusal;
    /// The export day is neither given nor in the file name.
    ExportDayUnknown = "IMP-214", Refusal;
    /// No association master has been taken in yet.
    MasterMissing = "IMP-215", Refusal;
    /// The association master contradicts itself.
    MasterInvalid = "IMP-216", Refusal;
    /// A row is rejected and the import is all or nothing (`--atomic`).
    RejectsNotAllowed = "IMP-217", Refusal;
    /// The new master lacks a body that has members.
    MasterLosesBody = "IMP-218", Refusal;
    /// The export day lies in the future.
    ExportDayInFuture = "IMP-219", Refusal;
    /// Too many members have another class than in the previous export.
    ClassesShifted = "IMP-224", Question;
    /// Too many members of the previous export are shown with a withdrawal that has passed.
    MembersWithdrawn = "IMP-225", Question;
    /// A second file of one day lacks applications or adjustments that the first one told.
    CorrectionsMissing = "IMP-226", Question;
    /// One code stands on two rows of the master.
    MasterCodeTwice = "IMP-220", Refusal;
    /// A 上位コード names no row of the master.
    MasterParentUnknown = "IMP-221", Refusal;
    /// Following the 上位コード of a body comes back to it.
    MasterCircle = "IMP-222", Refusal;
    /// A body other than the national one has no 上位コード.
    MasterParentMissing = "IMP-223", Refusal;

    /// The workbook is locked with a password.
    WorkbookEncrypted = "IMP-230", Refusal;
    /// The workbook is of an old or binary format (.xls, .xlsb).
    WorkbookOldFormat = "IMP-231", Refusal;
    /// The workbook is damaged or cut off.
    WorkbookDamaged = "IMP-232", Refusal;
    /// A ZIP file that is no Excel workbook.
    NotAWorkbook = "IMP-233", Refusal;
    /// The workbook has no visible sheet, or lists one that is not there.
    SheetMissing = "IMP-234", Refusal;
    /// Several visible sheets fit a layout.
    SeveralSheets = "IMP-235", Refusal;
    /// The workbook inflates to more than an export can be.
    WorkbookTooLarge = "IMP-236", Refusal;
    /// A cell shows an error (#REF!).
    ErrorCell = "IMP-237", Refusal;
    /// A cell holds a control character that no office types.
    ControlCharacter = "IMP-238", Refusal;
    /// The text is divided by tabs.
    TabSeparated = "IMP-239", Refusal;
    /// Two rows of one code share days.
    MasterSpansOverlap = "IMP-240", Refusal;
    /// 有効終了日 is before 有効開始日.
    MasterSpanReversed = "IMP-241", Refusal;
    /// Between two rows of one code there are days without any.
    MasterSpansGap = "IMP-242", Refusal;
    /// Rows of one code differ in tier or prefecture.
    MasterTierDiffers = "IMP-243", Refusal;
    /// A 後継コード names no row of the master.
    MasterSuccessorUnknown = "IMP-244", Refusal;
    /// A successor is of another tier or prefecture.
    MasterSuccessorOfOtherKind = "IMP-245", Refusal;
    /// 後継コード without 有効終了日, or on a row that another row of the code follows.
    MasterSuccessorWithoutEnd = "IMP-246", Refusal;
    /// Following the 後継コード of a body comes back to it.
    MasterSuccessorCircle = "IMP-247", Refusal;
    /// A successor does not exist on the day after 有効終了日.
    MasterSuccessorNotThere = "IMP-248", Refusal;
    /// The body above does not exist on all days of the row.
    MasterParentNotThere = "IMP-249", Refusal;
    /// A quotation mark that is closed lines later took other rows into its cell.
    QuoteSwallowsRows = "IMP-250", Refusal;
    /// Several dates stand in the file name (R24).
    ExportDaysDiffer = "IMP-251", Question;
    /// The export day lies before 1990 (R24).
    ExportDayTooOld = "IMP-252", Refusal;
    /// The prefecture of a body is not that of the body above it (R30).
    MasterPrefectureDiffers = "IMP-253", Refusal;
    /// The body above is of another prefecture (R30).
    MasterParentElsewhere = "IMP-254", Refusal;
    /// The body above is of a tier under which this one cannot stand (R30).
    MasterParentOfWrongTier = "IMP-255", Refusal;
    /// Two bodies of one prefecture have one name at one time (R30).
    MasterNameTwice = "IMP-256", Refusal;
    /// A second national body, or a second one of a prefecture (R30).
    MasterSecondOfItsKind = "IMP-257", Refusal;

    /// The newest 最終更新日時 is after the export day (R24).
    UpdatedAfterExport = "IMP-270", Question;
    /// In a large file the newest 最終更新日時 is long before the export day (R24).
    UpdatedLongBefore = "IMP-271", Question;
    /// A file that takes the place of another of its day shows fewer people.
    FewerPeople = "IMP-273", Question;
    /// The file changes answers of a month whose papers have been made.
    PublishedMonthChanges = "IMP-274", Question;
    /// The last line of the first file of a source lacks the line end that the others have.
    LastLineOpen = "IMP-275", Question;
    /// The first file of a source has far fewer people than rows without 兼務.
    FewPeople = "IMP-276", Question;
    /// A row has more cells than a sheet of a spreadsheet.
    TooManyColumns = "IMP-301", Refusal;
    /// The file has more rows than any list.
    TooManyRows = "IMP-302", Refusal;
    /// The association master is larger than any.
    MasterTooLarge = "IMP-303", Refusal;
    /// A body of the master stands under more bodies than any does.
    MasterTooDeep = "IMP-309", Refusal;
    /// The name of a file in the inbox ends in something else than .csv or .xlsx.
    WrongExtension = "IMP-277", Refusal;
    /// An earlier file of the source waits in the inbox; after this one it would be refused as older.
    OlderWaits = "IMP-290", Question;
    /// In the first file of a source one number stands for several persons.
    NumberRepeated = "IMP-294", Question;
    /// In the first file of a source nobody is in bodies that the master has behind or between others.
    BodiesMissing = "IMP-295", Question;
    /// In the first file of a source one cell stands in many rows under each other in a column that is mixed otherwise.
    ColumnFilledDown = "IMP-296", Question;
    /// In the first file of a source the state of many rows contradicts their days.
    StatesContradict = "IMP-297", Question;
}

/// A rejected or doubtful cell. It carries no value of the cell: screens and logs must not show persons.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowProblem {
    /// Row as Excel shows it; the headings are row 1.
    pub row: u32,
    /// Column letter as Excel shows it, such as M; shared by all problems of the column.
    pub column: Arc<str>,
    /// Heading of the column; shared as well.
    pub heading: Arc<str>,
    /// What is wrong.
    pub problem: Problem,
    /// Whether 会員状態 of the row says 在籍.
    pub active: bool,
    /// What helps to mend it: why a text is no date, which bodies may be meant. It is shown and not stored.
    pub hint: Option<Box<Hint>>,
    /// What the remedy says beside the cell, such as where another row stands; empty for nearly all. Not stored.
    pub detail: String,
}

/// A sentence beside a problem, by the code of its text. Its words are dates, names of bodies of the master and the like, never
/// those of a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hint {
    /// Stable code of the text.
    pub code: &'static str,
    /// What the text leaves open.
    pub words: Vec<String>,
}

/// Column letters as a spreadsheet shows them: 0 → A, 25 → Z, 26 → AA.
pub fn column_letters(mut index: usize) -> String {
    const LETTERS: &[u8; 26] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut out = Vec::new();
    loop {
        out.push(char::from(LETTERS[index % 26]));
        if index < 26 {
            break;
        }
        index = index / 26 - 1;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        for (index, letters) in [(0, "A"), (12, "M"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")] {
            assert_eq!(column_letters(index), letters);
        }
    }

    #[test]
    fn codes_are_unique_and_come_back() {
        for problem in Problem::ALL {
            assert_eq!(Problem::from_code(problem.code()), Some(*problem));
        }
    }
}
