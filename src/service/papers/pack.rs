//! Meeting packs: cover with agenda, reports and tables of the office, numbered 資料1, 資料2 …

use std::collections::BTreeSet;

use anyhow::Result;

use super::context::PaperContext;
use super::request::Variant;
use super::sections::section as report_section;
use crate::domain::association::{Association, Tier};
use crate::domain::document::{
    AgendaGroup, AgendaItem, Block, Cover, Grid, GridItem, LabelledText, ReportDocument, Section,
};
use crate::domain::fault::Fault;
use crate::domain::japanese_date::{era_date_with_weekday, era_month, fiscal_year, short_era_date};
use crate::domain::printed_number::thousands;
use crate::domain::report::Definition;
use crate::domain::report::{AgendaContent, AgendaItemSpec, GridSpec, PackSpec};
use crate::error::{Detail, Failure, FailureKind};

/// Makes the whole pack.
pub(super) fn document(paper: &PaperContext<'_>, spec: &PackSpec, all: &[Definition]) -> Result<ReportDocument> {
    let mut sections = Vec::new();
    let mut agenda = Vec::new();
    let mut follows_grid = false;
    for group in &spec.agenda {
        let mut items = Vec::new();
        for (item, number) in group.items.iter().zip(1..) {
            let mut section = section(paper, spec, all, item, sections.len() + 1)?;
            if let Some(section) = &mut section {
                // Tables of the office are short; the first of them starts a page, the next follow on it.
                section.new_page = !(is_grid(&item.content) && follows_grid);
                follows_grid = is_grid(&item.content);
            }
            items.push(agenda_item(item, number, section.as_ref()));
            sections.extend(section);
        }
        agenda.push(AgendaGroup { heading: group.heading.clone(), remark: group.remark.clone(), items });
    }
    tell_apart(&mut sections);
    let held_on = spec.meeting.held_on(paper.as_of);
    let mut document = paper.document(&spec.id, &spec.title, sections);
    document.foot_text = format!("{}　{}定例", document.issuer, era_month(held_on));
    document.cover = Some(Cover {
        lead: format!("{}　第{}回", fiscal_year(held_on), spec.meeting.number(held_on)),
        meeting: spec.meeting.name.clone(),
        facts: vec![
            LabelledText::new("日　時", format!("{}　{}", era_date_with_weekday(held_on), spec.meeting.time)),
            LabelledText::new("場　所", spec.meeting.place.clone()),
            LabelledText::new("取扱い", handling(paper)),
        ],
        agenda,
    });
    Ok(document)
}

/// On the cover, where everybody sees whom the pack is for (R37).
fn handling(paper: &PaperContext<'_>) -> &'static str {
    match paper.variant {
        Variant::Internal => "内部資料（氏名を含む。外部に配布しない）",
        Variant::External => "外部配布（氏名と個別の理由は載せない）",
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
                Block::BarChart(chart) => &mut chart.id,
                Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) => continue,
            };
            // A grid of the office has the id of its section.
            if *id != section.id && !met.insert(id.clone()) {
                *id = format!("{}-{id}", section.id);
            }
        }
    }
}

/// What stands behind an item, as a section with its mark.
fn section(
    paper: &PaperContext<'_>,
    spec: &PackSpec,
    all: &[Definition],
    item: &AgendaItemSpec,
    number: usize,
) -> Result<Option<Section>> {
    let mark = format!("資料{number}");
    match &item.content {
        AgendaContent::Report(id) => {
            for definition in all {
                if let Definition::Report(report) = definition
                    && report.id == *id
                {
                    return Ok(Some(report_section(paper, report, &mark)?));
                }
            }
            Err(Failure::usage("RPT-001", id).into())
        }
        AgendaContent::Grid(id) => match spec.grids.iter().find(|grid| grid.id == *id) {
            Some(grid) => Ok(Some(grid_section(paper, grid, &mark)?)),
            None => Err(Failure::usage("RPT-001", id).into()),
        },
        AgendaContent::Spoken | AgendaContent::Cases(_) | AgendaContent::Sheets(_) => Ok(None),
    }
}

fn is_grid(content: &AgendaContent) -> bool {
    matches!(content, AgendaContent::Grid(_))
}

fn agenda_item(item: &AgendaItemSpec, number: u32, section: Option<&Section>) -> AgendaItem {
    let (remark, mark) = match (&item.content, section) {
        (_, Some(section)) => (String::new(), section.mark.clone()),
        // An empty item stays on the agenda: the board sees that nothing came in.
        (AgendaContent::Cases(n), None) => (format!("※件数 {n} 件"), "－".to_string()),
        (AgendaContent::Sheets(n), None) => (String::new(), format!("（{n}枚）")),
        _ => (String::new(), String::new()),
    };
    AgendaItem {
        number,
        text: item.text.clone(),
        remark,
        officer: item.officer.clone(),
        mark,
        section_id: section.map(|section| section.id.clone()),
    }
}

fn grid_section(paper: &PaperContext<'_>, spec: &GridSpec, mark: &str) -> Result<Section> {
    let items = grid_items(paper, spec)?;
    let total: i64 = items.iter().map(|item| item.values[0]).sum();
    let parts: i64 = spec.total_parts.iter().map(|(_, n)| n).sum();
    if !spec.total_parts.is_empty() && parts != total {
        let detail = format!("{}: {parts} ≠ {total}", spec.title);
        return Err(Failure::new(FailureKind::Data, "RPT-003", detail).into());
    }
    let mut grid_notes = spec.notes.clone();
    grid_notes.push(format!("{} 医師会の合計 {}{}。", items.len(), thousands(total), spec.unit));
    let lead = format!("{}現在　合計{}{}{}", short_era_date(spec.as_of), thousands(total), spec.unit, bracket(spec));
    let mut value_headings = vec![spec.value_heading.clone()];
    value_headings.extend(spec.subset_heading.clone());
    let basis = vec![
        LabelledText::new("基準日", short_era_date(spec.as_of)),
        LabelledText::new("単位", spec.unit.clone()),
        LabelledText::new("出典", spec.source.clone()),
    ];
    Ok(Section {
        id: spec.id.clone(),
        title: spec.title.clone(),
        mark: mark.to_string(),
        basis: Vec::new(),
        new_page: true,
        blocks: vec![
            Block::Paragraph(lead),
            Block::Grid(Grid {
                id: spec.id.clone(),
                title: String::new(),
                basis,
                per_row: spec.per_row,
                name_heading: spec.name_heading.clone(),
                value_headings,
                items,
                notes: grid_notes,
                // Figures of the office; nothing else prints them.
                claims: Vec::new(),
            }),
        ],
    })
}

/// （かかりつけのみ 537、広く受け入れる 1,275）, or the sum of the part in brackets.
fn bracket(spec: &GridSpec) -> String {
    let mut parts: Vec<String> =
        spec.total_parts.iter().map(|(label, n)| format!("{label} {}", thousands(*n))).collect();
    if let Some(heading) = &spec.subset_heading {
        let subset: i64 = spec.rows.iter().filter_map(|(_, _, part)| *part).sum();
        parts.push(format!("{heading} {}", thousands(subset)));
    }
    if parts.is_empty() { String::new() } else { format!("（{}）", parts.join("、")) }
}

/// Bodies in official order under their names of the master. Every body of the area is there once.
fn grid_items(paper: &PaperContext<'_>, spec: &GridSpec) -> Result<Vec<GridItem>> {
    let associations = &paper.vintage.associations;
    let day = paper.as_of.0;
    let order = associations.order_on(day);
    let mut faults: Vec<Fault> = Vec::new();
    let mut found: Vec<(usize, &Association, i64, Option<i64>)> = Vec::new();
    for (name, value, part) in &spec.rows {
        let Ok(body) = associations.by_name_on(Tier::Local, name, day) else {
            let names = associations.of_tier(Tier::Local).map(|body| body.span_on(day).short_name.clone());
            faults.push(Fault::BodyNotInMaster(name.clone(), names.collect()));
            continue;
        };
        let rank = associations.rank(body.id).map_or(0, |rank| order[rank]);
        if found.iter().any(|(other, ..)| *other == rank) {
            faults.push(Fault::Twice(name.clone()));
        }
        found.push((rank, body, *value, *part));
    }
    found.sort_by_key(|(rank, ..)| *rank);
    let missing: Vec<&str> = associations
        .of_tier(Tier::Local)
        .filter(|body| body.exists_on(day) && body.span_on(day).kind == "地域")
        .filter(|body| !found.iter().any(|(_, other, ..)| other.id == body.id))
        .map(|body| body.span_on(day).short_name.as_str())
        .collect();
    if !missing.is_empty() {
        faults.push(Fault::RowsMissing(missing.join("、")));
    }
    if !faults.is_empty() {
        let details = faults.iter().map(Detail::of).collect();
        return Err(Failure { details, ..Failure::new(FailureKind::Data, "RPT-004", &spec.title) }.into());
    }
    Ok(found
        .into_iter()
        .map(|(_, body, value, part)| GridItem {
            name: body.span_on(day).short_name.clone(),
            text: match part {
                Some(part) if part != 0 => format!("{}({part})", thousands(value)),
                _ => thousands(value),
            },
            values: std::iter::once(value).chain(part).collect(),
        })
        .collect())
}
