//! The agenda of a meeting with everything that stands behind its items.

use chrono::NaiveDate;

use super::office_table::OfficeTable;
use crate::domain::attachment::AttachedFile;
use crate::domain::letter::Letter;

/// A meeting, ready to be put on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPlan {
    /// Names the output files.
    pub id: String,
    /// Title of the pack, for lists and metadata.
    pub title: String,
    /// Name of the meeting (会議名).
    pub name: String,
    /// 第n回, 臨時 or the like as printed; empty for none.
    pub number: String,
    /// Day of the meeting.
    pub held_on: NaiveDate,
    /// Time as printed.
    pub time: String,
    /// Place as printed.
    pub place: String,
    /// How attached papers are copied, by which their sheets are counted.
    pub printing: Printing,
    /// Groups in order.
    pub groups: Vec<PlanGroup>,
}

impl MeetingPlan {
    /// A meeting of nothing but reports.
    pub fn of_reports(id: &str, held_on: NaiveDate, reports: &[String]) -> Self {
        let item = |(number, id): (u32, &String)| PlanItem {
            number,
            text: id.clone(),
            remark: String::new(),
            officer: String::new(),
            note: ItemNote::None,
            materials: vec![Material::Report(id.clone())],
        };
        let items = (1..).zip(reports).map(item).collect();
        Self {
            id: id.to_string(),
            title: id.to_string(),
            name: id.to_string(),
            number: String::new(),
            held_on,
            time: String::new(),
            place: String::new(),
            printing: Printing::OneSided,
            groups: vec![PlanGroup { heading: String::new(), remark: String::new(), items }],
        }
    }

    /// Ids of the reports behind its items, in order.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        let items = self.groups.iter().flat_map(|group| &group.items);
        items.flat_map(|item| &item.materials).filter_map(|material| match material {
            Material::Report(id) => Some(id.as_str()),
            Material::Table(_) | Material::Letter { .. } | Material::File(_) => None,
        })
    }
}

/// How a paper is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    /// One page a sheet (片面).
    OneSided,
    /// Two pages a sheet (両面).
    TwoSided,
}

impl Printing {
    /// Sheets of so many pages.
    pub fn n_sheets(self, n_pages: usize) -> usize {
        match self {
            Self::OneSided => n_pages,
            Self::TwoSided => n_pages.div_ceil(2),
        }
    }
}

/// A group of the agenda (協議事項, 報告事項 …).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanGroup {
    /// Heading as printed.
    pub heading: String,
    /// Small remark after it; empty for none.
    pub remark: String,
    /// Items in order; may be empty (会長挨拶 has none).
    pub items: Vec<PlanItem>,
}

/// An item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanItem {
    /// Number within its group.
    pub number: u32,
    /// What it is about.
    pub text: String,
    /// Small remark after it: who sent it, when and where, other words; empty for none.
    pub remark: String,
    /// Officer in charge; empty for none.
    pub officer: String,
    /// A count in place of papers.
    pub note: ItemNote,
    /// Papers behind it, in order.
    pub materials: Vec<Material>,
}

/// A count in place of papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemNote {
    /// None.
    None,
    /// Cases: 0 is printed as ※件数 0 件.
    Cases(u32),
    /// Sheets handed out beside the pack: （41枚）.
    Sheets(u32),
}

/// One paper behind an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Material {
    /// A report, by its id.
    Report(String),
    /// A table of the office.
    Table(Box<OfficeTable>),
    /// A letter.
    Letter {
        /// Name of the sheet.
        name: String,
        /// What stands in it.
        letter: Letter,
    },
    /// A PDF as it is.
    File(AttachedFile),
}
