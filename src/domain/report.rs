//! Specifications of reports and meeting packs, after `definitions` has checked them.
//!
//! They say which parts a paper has, in which order and under which titles; what a part contains is decided by
//! `service`, where each [`Part`] has one builder.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::as_of::{AsOf, month_start};
use super::association::Tier;
use super::comparison::Comparison;
use super::grouping::Dimension;
use super::meeting::{ItemNote, Material, MeetingPlan, PlanGroup, PlanItem, Printing};
use super::metric::Metric;

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {
        /// A part of a report; a closed list, so that a typo in a definition fails when it is read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Part { $($(#[$doc])* $name,)* }

        impl Part {
            /// All parts.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Name in definitions.
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// The part of a name.
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$name),)* _ => None }
            }
        }
    };
}

parts! {
    /// What changed, in three sentences.
    Headline = "headline";
    /// Local bodies × class with total, share and change from the month before.
    MemberTable = "member-table";
    /// The three tiers × class with heads.
    TierTable = "tier-table";
    /// Bodies with their counts, wrapped eight to a row.
    MemberGrid = "member-grid";
    /// Bar chart of month ends.
    Trend = "trend";
    /// The three tiers with heads, compared with month, year and fiscal year before.
    Overview = "overview";
    /// Month ends by class.
    MonthSeries = "month-series";
    /// The same day of each year: the sentence of the survey, chart and table.
    YearSeries = "year-series";
    /// From local to prefectural to national members.
    Funnel = "funnel";
    /// Delegates by dated rules, with early warning.
    Seats = "seats";
    /// Members whose withdrawal day is known and has not passed.
    PlannedWithdrawals = "planned-withdrawals";
    /// The difference law by body, with the people behind it (R15).
    MamisDifference = "mamis-difference";
    /// Withdrawals of the period by state and reason.
    WithdrawalSummary = "withdrawal-summary";
    /// Withdrawals of the period, one by one.
    Withdrawals = "withdrawals";
    /// Exits and entries that became known after figures that they change were given out.
    LateChanges = "late-changes";
    /// Proxy filings by what is wrong about them.
    ProxyFilings = "proxy-filings";
    /// Upper tiers without the tier below, by kind and tier (R21).
    TierSummary = "tier-summary";
    /// Upper tiers without the tier below, one by one (R21).
    TierBreaks = "tier-breaks";
    /// Withdrawals whose day lies within the days ahead of the report, approved or not.
    ComingWithdrawals = "coming-withdrawals";
    /// Withdrawals whose day has passed without an approval (承認漏れ).
    OverdueWithdrawals = "overdue-withdrawals";
    /// Withdrawal days that vanished or moved in the period.
    ChangedWithdrawals = "changed-withdrawals";
    /// Members that the newest export no longer shows (R6).
    VanishedMembers = "vanished-members";
    /// Withdrawals that were filed and are not resolved (保留, 承認漏れ, 退会取消), and what disagrees (R22).
    FiledWithdrawals = "filed-withdrawals";
    /// Adjustments that hold, with reason and approver.
    Adjustments = "adjustments";
    /// Movements of the period by kind.
    TransferSummary = "transfer-summary";
    /// Paired movements of the period (R20).
    Transfers = "transfers";
    /// Exits with 転出 that entered nowhere, and needless pairs (R20).
    UnmatchedTransfers = "unmatched-transfers";
    /// Entries beside a body that goes on (兼務).
    ConcurrentEntries = "concurrent-entries";
    /// Opening, movements and closing of the period by tier, body and class (R16).
    RollForward = "roll-forward";
    /// The people behind the movements of the period; in papers for others their numbers.
    MovementLists = "movement-lists";
    /// Past figures that are told otherwise than a month before, and why (R17).
    Revisions = "revisions";
    /// Approved events of the next twelve months, and what was filed beside them.
    CertainFuture = "certain-future";
    /// One body beside the mean of its prefecture.
    BesidePrefecture = "beside-prefecture";
}

/// What the cells of a table count; declared for each table, since the two never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableUnit {
    /// Memberships: bodies add up to their prefecture.
    Memberships,
    /// Distinct persons: groups need not add up to the whole.
    Heads,
}

/// A table of figures by one or two dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSpec {
    /// Id; names the file of the table.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Tier that is counted.
    pub tier: Tier,
    /// What the cells count.
    pub unit: TableUnit,
    /// What stands in rows.
    pub rows: Dimension,
    /// What stands in columns before the figure of the row, if anything.
    pub columns: Option<Dimension>,
    /// Figures of each row, in printing order. The count itself comes first.
    pub metrics: Vec<Metric>,
    /// Whether bodies are summed up by prefecture.
    pub subtotals: bool,
    /// The chart that follows the table, if any.
    pub chart: Option<TableChart>,
    /// Notes under the table, before those of the catalogue.
    pub notes: Vec<String>,
}

/// The chart of a table of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableChart {
    /// The counts of the rows as lying bars.
    Bars,
    /// A figure of each prefecture on a map of tiles.
    Map(Metric),
}

impl TableSpec {
    /// The days that its figures are compared with.
    pub fn comparisons(&self) -> impl Iterator<Item = Comparison> {
        self.metrics.iter().filter_map(|metric| metric.comparison())
    }
}

/// What stands in a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A part with a builder of its own.
    Part(Part),
    /// A table of the definition.
    Table(TableSpec),
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSpec {
    /// Id and name of the output files.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Parts and tables in print order.
    pub contents: Vec<Content>,
    /// Those of a paper of one local body, in print order; empty where it is as any other.
    pub of_one_body: Vec<Content>,
    /// How many days, the as-of day first, [`Part::ComingWithdrawals`] looks ahead.
    pub days_ahead: u32,
}

impl ReportSpec {
    /// A week, where a definition says nothing else.
    pub const DAYS_AHEAD: u32 = 7;
}

/// A meeting pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackSpec {
    /// Id and name of the output files.
    pub id: String,
    /// Title for lists and metadata.
    pub title: String,
    /// The meeting.
    pub meeting: Meeting,
    /// Agenda groups in order.
    pub agenda: Vec<AgendaSpec>,
}

impl PackSpec {
    /// The pack as a meeting of the month after an as-of day.
    pub fn plan(&self, as_of: AsOf) -> MeetingPlan {
        let held_on = self.meeting.held_on(as_of);
        MeetingPlan {
            id: self.id.clone(),
            title: self.title.clone(),
            name: self.meeting.name.clone(),
            number: format!("第{}回", self.meeting.number(held_on)),
            held_on,
            time: self.meeting.time.clone(),
            place: self.meeting.place.clone(),
            printing: Printing::OneSided,
            groups: self.agenda.iter().map(AgendaSpec::plan).collect(),
        }
    }
}

/// When and where a meeting is held. Its day follows from the as-of day, so that one definition serves all year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Name as printed.
    pub name: String,
    /// Which of its weekdays in the month after the as-of day: 1 to 4.
    pub nth: u32,
    /// Day of the week.
    pub weekday: Weekday,
    /// Months of the year without a meeting; the next month has it, and they are not counted in 第n回.
    pub months_without: Vec<u32>,
    /// Time as printed.
    pub time: String,
    /// Place as printed.
    pub place: String,
}

impl Meeting {
    /// The day of the meeting that an as-of day is reported to: in the following month.
    pub fn held_on(&self, as_of: AsOf) -> NaiveDate {
        let mut month = month_start(as_of.0).checked_add_months(Months::new(1)).unwrap_or(as_of.0);
        // Twelve steps find a month with a meeting, or there is none in the whole year.
        for _ in 0..12 {
            if !self.months_without.contains(&month.month()) {
                break;
            }
            month = month.checked_add_months(Months::new(1)).unwrap_or(month);
        }
        let ahead = (7 + self.weekday.num_days_from_monday() - month.weekday().num_days_from_monday()) % 7;
        month.checked_add_days(Days::new(u64::from(ahead + 7 * (self.nth - 1)))).unwrap_or(month)
    }

    /// 第n回: meetings of the fiscal year up to and with this one.
    pub fn number(&self, held_on: NaiveDate) -> usize {
        let months_since_april = (held_on.month() + 12 - 4) % 12;
        (0..=months_since_april).map(|i| (i + 3) % 12 + 1).filter(|month| !self.months_without.contains(month)).count()
    }
}

/// A group of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaSpec {
    /// Heading as printed.
    pub heading: String,
    /// Small remark after it.
    pub remark: String,
    /// Items in order.
    pub items: Vec<AgendaItemSpec>,
}

impl AgendaSpec {
    fn plan(&self) -> PlanGroup {
        let items = self.items.iter().zip(1..).map(|(item, number)| item.plan(number)).collect();
        PlanGroup { heading: self.heading.clone(), remark: self.remark.clone(), items }
    }
}

/// An item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgendaItemSpec {
    /// What it is about.
    pub text: String,
    /// Officer in charge.
    pub officer: String,
    /// What stands behind it.
    pub content: AgendaContent,
}

impl AgendaItemSpec {
    fn plan(&self, number: u32) -> PlanItem {
        let (note, materials) = match &self.content {
            AgendaContent::Spoken => (ItemNote::None, Vec::new()),
            AgendaContent::Report(id) => (ItemNote::None, vec![Material::Report(id.clone())]),
            AgendaContent::Cases(n) => (ItemNote::Cases(*n), Vec::new()),
            AgendaContent::Sheets(n) => (ItemNote::Sheets(*n), Vec::new()),
        };
        PlanItem {
            number,
            text: self.text.clone(),
            remark: String::new(),
            officer: self.officer.clone(),
            note,
            materials,
        }
    }
}

/// What stands behind an item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgendaContent {
    /// Nothing on paper.
    Spoken,
    /// A report by id.
    Report(String),
    /// A number of cases; 0 is printed as ※件数 0 件.
    Cases(u32),
    /// Sheets handed out.
    Sheets(u32),
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A report.
    Report(ReportSpec),
    /// A meeting pack.
    Pack(PackSpec),
}

impl Definition {
    /// Id.
    pub fn id(&self) -> &str {
        match self {
            Self::Report(report) => &report.id,
            Self::Pack(pack) => &pack.id,
        }
    }

    /// Title.
    pub fn title(&self) -> &str {
        match self {
            Self::Report(report) => &report.title,
            Self::Pack(pack) => &pack.title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting() -> Meeting {
        Meeting {
            name: "郡市医師会長会議".into(),
            nth: 4,
            weekday: Weekday::Thu,
            months_without: vec![8],
            time: String::new(),
            place: String::new(),
        }
    }

    #[test]
    fn meeting_is_the_fourth_thursday_of_the_next_month() {
        let held = meeting().held_on(AsOf("2025-12-31".parse().expect("a day")));
        assert_eq!(held.to_string(), "2026-01-22");
        assert_eq!(meeting().number(held), 9);
    }

    #[test]
    fn month_without_a_meeting_is_passed_over() {
        let held = meeting().held_on(AsOf("2025-07-31".parse().expect("a day")));
        assert_eq!((held.to_string().as_str(), meeting().number(held)), ("2025-09-25", 5));
    }

    #[test]
    fn first_meeting_of_the_year_is_in_april() {
        let held = meeting().held_on(AsOf("2026-03-31".parse().expect("a day")));
        assert_eq!((held.to_string().as_str(), meeting().number(held)), ("2026-04-23", 1));
    }
}
