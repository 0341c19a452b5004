//! One number for each body, so many side by side (医師会別).

use super::bodies::Bodies;
use super::faults::TableFaults;
use super::sums::sum;
use crate::domain::document::{Block, Grid, GridItem};
use crate::domain::meeting::{
    BodyNumbers, MeetingFault, OfficeCell, OfficeRow, OfficeTable, PartRole, PlacedMeetingFault,
};
use crate::domain::printed_number::thousands;

/// The sentence with the total, and the grid.
pub(super) fn blocks(
    table: &OfficeTable,
    numbers: &BodyNumbers,
    id: String,
    bodies: &Bodies<'_>,
    faults: &mut TableFaults,
) -> Vec<Block> {
    let found = bodies.find(table, 0, false, faults);
    if numbers.is_whole {
        bodies.need_all(table, &found, faults);
    }
    check(table, numbers, faults);
    let name = |body: &crate::domain::association::Association| body.span_on(found.day).short_name.clone();
    let items = found.rows.iter().filter_map(|(_, at, body)| {
        let item = item(name(body), table.rows.get(*at)?, numbers.part);
        Some(GridItem { code: Some(body.code.clone()), ..item })
    });
    let items: Vec<GridItem> = items.collect();
    let value_headings = table.headings.iter().skip(1).map(|heading| heading.text.clone()).collect();
    let mut notes = table.notes.clone();
    if !numbers.adds_up {
        notes.push("一つのものを複数の医師会で数えることがあるので、合計は示さない。".into());
    }
    vec![
        Block::Paragraph(lead(table, numbers, items.len())),
        Block::Grid(Grid {
            id,
            title: String::new(),
            basis: table.basis.clone(),
            per_row: numbers.per_row,
            name_heading: table.headings.first().map_or_else(String::new, |heading| heading.text.clone()),
            value_headings,
            items,
            notes,
            // Figures of the office; nothing else prints them.
            claims: Vec::new(),
        }),
    ]
}

/// Compares the total and its parts with what the office states, and each part with its whole.
fn check(table: &OfficeTable, numbers: &BodyNumbers, faults: &mut TableFaults) {
    let total = sum(table, 1).scaled;
    if let Some((stated, place)) = numbers.stated.as_ref().filter(|(stated, _)| numbers.adds_up && *stated != total) {
        let fault = MeetingFault::TotalDiffers(thousands(*stated), thousands(total));
        faults.0.push(PlacedMeetingFault { place: place.clone(), fault });
    }
    let parts: i64 = numbers.parts.iter().map(|part| part.value).sum();
    if let Some(first) = numbers.parts.first().filter(|_| parts != total) {
        let fault = MeetingFault::PartsDiffer(thousands(parts), thousands(total));
        faults.0.push(PlacedMeetingFault { place: first.place.clone(), fault });
    }
    if numbers.part != Some(PartRole::Subset) {
        return;
    }
    for row in &table.rows {
        let (whole, part) = (number(row, 1), number(row, 2));
        if part > whole {
            faults.add(table, row.number, 2, MeetingFault::PartTooLarge(thousands(part), thousands(whole)));
        }
    }
}

/// R5.7.26現在　合計1,812機関（かかりつけのみ537、広く受け入れる1,275）
fn lead(table: &OfficeTable, numbers: &BodyNumbers, n_bodies: usize) -> String {
    let when = table.basis.first().map_or_else(String::new, |when| match when.label.as_str() {
        "基準日" => format!("{}現在　", when.text),
        _ => format!("{}　", when.text),
    });
    if !numbers.adds_up {
        return format!("{when}{n_bodies}医師会");
    }
    let mut parts: Vec<String> =
        numbers.parts.iter().map(|part| format!("{}{}", part.label, thousands(part.value))).collect();
    // The stated parts of an office say it already, in its own words.
    if let (Some(_), Some(heading), true) = (numbers.part, table.headings.get(2), parts.is_empty()) {
        parts.push(format!("{}{}", heading.text, thousands(sum(table, 2).scaled)));
    }
    let parts = if parts.is_empty() { String::new() } else { format!("（{}）", parts.join("、")) };
    format!("{when}合計{}{}{parts}", thousands(sum(table, 1).scaled), table.unit)
}

fn item(name: String, row: &OfficeRow, part: Option<PartRole>) -> GridItem {
    let whole = number(row, 1);
    let text = match (part, number(row, 2)) {
        _ if matches!(row.cells.get(1), Some(OfficeCell::NoNumber)) => "－".to_string(),
        (Some(PartRole::Subset), n) if n != 0 => format!("{}({})", thousands(whole), thousands(n)),
        (Some(PartRole::Again), n) if n != 0 => format!("({}) {}", thousands(n), thousands(whole)),
        _ => thousands(whole),
    };
    let values = std::iter::once(whole).chain(part.map(|_| number(row, 2))).collect();
    GridItem { name, text, values, code: None }
}

/// Whole numbers were proved when the sheet was read.
fn number(row: &OfficeRow, at: usize) -> i64 {
    row.cells.get(at).and_then(|cell| cell.number().as_whole()).unwrap_or(0)
}
