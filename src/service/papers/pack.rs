//! Meeting packs: cover with agenda, reports, tables of the office, letters and papers of others, numbered 資料1, 資料2 …

use std::collections::BTreeSet;

use anyhow::Result;

use super::context::PaperContext;
use super::office;
use super::office::Bodies;
use super::request::Variant;
use super::sections::section as report_section;
use crate::domain::cell::LabelledText;
use crate::domain::document::{AgendaGroup, AgendaItem, Block, Cover, ReportDocument, Section};
use crate::domain::japanese_date::{era_date_with_weekday, era_month, fiscal_year};
use crate::domain::meeting::{ItemNote, Material, MeetingPlan, PlacedMeetingFault, PlanItem, Printing};
use crate::domain::report::Definition;
use crate::error::{Failure, FailureKind};

/// Makes the whole pack.
///
/// # Errors
/// [`Failure`] MTG-001 with everything that is wrong in the tables of the office; what reading the figures meets.
pub(super) fn document(paper: &PaperContext<'_>, plan: &MeetingPlan, all: &[Definition]) -> Result<ReportDocument> {
    let mut pack = Pack { paper, all, sections: Vec::new(), number: 0, follows_table: false, faults: Vec::new() };
    let mut agenda = Vec::new();
    for group in &plan.groups {
        let mut items = Vec::new();
        for item in &group.items {
            items.push(pack.item(item, plan.printing)?);
        }
        agenda.push(AgendaGroup { heading: group.heading.clone(), remark: group.remark.clone(), items });
    }
    if !pack.faults.is_empty() {
        return Err(Failure::of_meeting(&pack.faults).into());
    }
    let mut sections = pack.sections;
    tell_apart(&mut sections);
    let mut document = paper.document(&plan.id, &plan.title, sections);
    document.foot_text = format!("{}　{}", document.issuer, era_month(plan.held_on));
    document.cover = Some(cover(paper, plan, agenda));
    Ok(document)
}

fn cover(paper: &PaperContext<'_>, plan: &MeetingPlan, agenda: Vec<AgendaGroup>) -> Cover {
    let spoken = |parts: [&str; 2]| parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
    let day = era_date_with_weekday(plan.held_on);
    let facts =
        [("日　時", spoken([&day, &plan.time])), ("場　所", plan.place.clone()), ("取扱い", handling(paper).into())];
    let facts = facts.into_iter().filter(|(_, text)| !text.is_empty());
    Cover {
        lead: spoken([&fiscal_year(plan.held_on), &plan.number]),
        meeting: plan.name.clone(),
        facts: facts.map(|(label, text)| LabelledText::new(label, text)).collect(),
        agenda,
    }
}

/// On the cover, where everybody sees whom the pack is for (R37).
fn handling(paper: &PaperContext<'_>) -> &'static str {
    match paper.variant {
        Variant::Internal => "内部資料（氏名を含む。外部に配布しない）",
        Variant::External => "外部配布（帳票に氏名と個別の理由は載せない）",
    }
}

/// Two reports of a pack may hold the same part; the second one is named after its report, in files as well.
fn tell_apart(sections: &mut [Section]) {
    let mut met: BTreeSet<String> = sections.iter().map(|section| section.id.clone()).collect();
    for section in sections {
        for block in &mut section.blocks {
            let id = match block {
                Block::Table(table) => &mut table.id,
                Block::Grid(grid) => &mut grid.id,
                Block::Chart(chart) => &mut chart.id,
                Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => {
                    continue;
                }
            };
            // A table of the office has the id of its section.
            if *id != section.id && !met.insert(id.clone()) {
                *id = format!("{}-{id}", section.id);
            }
        }
    }
}

/// A pack under construction.
struct Pack<'p, 'a> {
    paper: &'p PaperContext<'a>,
    all: &'p [Definition],
    sections: Vec<Section>,
    /// Items with papers so far, by which papers are marked.
    number: usize,
    /// Tables of the office are short; the first of them starts a page, the next follow on it.
    follows_table: bool,
    faults: Vec<PlacedMeetingFault>,
}

impl Pack<'_, '_> {
    /// The line of an item, after its papers were added.
    fn item(&mut self, item: &PlanItem, printing: Printing) -> Result<AgendaItem> {
        let first = self.sections.len();
        if !item.materials.is_empty() {
            self.number += 1;
        }
        for (nth, material) in item.materials.iter().enumerate() {
            let of_several = if item.materials.len() > 1 { format!("-{}", nth + 1) } else { String::new() };
            let mark = format!("資料{}{of_several}", self.number);
            if let Some(mut section) = self.section(item, material, mark)? {
                let is_short = matches!(material, Material::Table(_));
                section.new_page = !(is_short && self.follows_table);
                self.follows_table = is_short;
                self.sections.push(section);
            }
        }
        let (remark, mark) = match item.note {
            // An empty item stays on the agenda: the board sees that nothing came in.
            ItemNote::Cases(n) => (format!("※件数 {n} 件"), "－".to_string()),
            ItemNote::Sheets(n) => (String::new(), format!("（{n}枚）")),
            ItemNote::None if item.materials.is_empty() => (String::new(), String::new()),
            ItemNote::None => (String::new(), format!("資料{}{}", self.number, sheets(item, printing))),
        };
        let remarks = [item.remark.as_str(), remark.as_str()].into_iter().filter(|part| !part.is_empty());
        Ok(AgendaItem {
            number: item.number,
            text: item.text.clone(),
            remark: remarks.collect::<Vec<_>>().join("　"),
            officer: item.officer.clone(),
            mark,
            section_id: self.sections.get(first).map(|section| section.id.clone()),
        })
    }

    /// What stands behind an item; `None` for a table with faults, which are noted.
    fn section(&mut self, item: &PlanItem, material: &Material, mark: String) -> Result<Option<Section>> {
        let number = self.sections.len() + 1;
        let (id, title, blocks) = match material {
            Material::Report(id) => return self.report(id, &mark).map(Some),
            Material::Table(table) => {
                let day = self.paper.as_of.0;
                let bodies = Bodies { associations: &self.paper.vintage.associations, area: &self.paper.area, day };
                match office::blocks(table, number, &bodies) {
                    Ok(blocks) => (office::id_of(table, number), table.title.clone(), blocks),
                    Err(faults) => {
                        self.faults.extend(faults);
                        return Ok(None);
                    }
                }
            }
            Material::Letter { letter, .. } => {
                (format!("letter-{number}"), letter.subject.clone(), vec![Block::Letter(letter.clone())])
            }
            Material::File(file) => {
                // Several papers of one item are told apart by the names of their files.
                let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
                let title = if item.materials.len() > 1 { stem.to_string() } else { item.text.clone() };
                (format!("file-{number}"), title, vec![Block::Attachment(file.clone())])
            }
        };
        Ok(Some(Section { id, title, mark, basis: Vec::new(), new_page: true, blocks }))
    }

    fn report(&self, id: &str, mark: &str) -> Result<Section> {
        let found = self.all.iter().find_map(|definition| match definition {
            Definition::Report(report) if report.id == id => Some(report),
            _ => None,
        });
        let Some(report) = found else { return Err(Failure::new(FailureKind::Usage, "RPT-001", id).into()) };
        report_section(self.paper, report, mark)
    }
}

/// （12枚） of the papers of others behind an item; nothing where there are none, or other papers beside them.
fn sheets(item: &PlanItem, printing: Printing) -> String {
    if !item.materials.iter().all(|material| matches!(material, Material::File(_))) {
        return String::new();
    }
    let n_sheets = item.materials.iter().map(|material| match material {
        Material::File(file) => printing.n_sheets(file.pages.len()),
        Material::Report(_) | Material::Table(_) | Material::Letter { .. } => 0,
    });
    match n_sheets.sum::<usize>() {
        0 => String::new(),
        n => format!("（{n}枚）"),
    }
}
