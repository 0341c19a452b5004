//! The sheet of a page: what of it is seen, and how it is turned.

use lopdf::{Document, Object, ObjectId};

use super::fault::AttachmentFault;
use crate::domain::attachment::PageSize;

/// Parents of a page.
const MOST_STEPS: usize = 64;

/// The visible part of a page and how it is turned.
pub(super) struct Sheet {
    /// Left, bottom, right, top in the space of the page.
    sides: [f32; 4],
    /// Quarter turns clockwise, 0 to 3.
    turns: u8,
    /// Points to a unit of the page.
    unit: f32,
}

impl Sheet {
    pub(super) fn of(pdf: &Document, page: ObjectId) -> Result<Self, AttachmentFault> {
        let media = rectangle(pdf, page, b"MediaBox").ok_or(AttachmentFault::Damaged)?;
        let crop = rectangle(pdf, page, b"CropBox").unwrap_or(media);
        let inside = [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])];
        // A crop that leaves nothing is not meant.
        let sides = if inside[2] - inside[0] > 1.0 && inside[3] - inside[1] > 1.0 { inside } else { media };
        let degrees = inherited(pdf, page, b"Rotate").and_then(|turn| turn.as_i64().ok()).unwrap_or(0);
        let turns = u8::try_from(degrees.div_euclid(90).rem_euclid(4)).unwrap_or(0);
        let unit = inherited(pdf, page, b"UserUnit").and_then(|unit| unit.as_float().ok()).unwrap_or(1.0);
        let sheet = Self { sides, turns, unit: if unit > 0.0 { unit } else { 1.0 } };
        let is_sheet = |length: f32| (1.0..=14_400.0).contains(&length);
        let (width, height) = sheet.seen();
        (is_sheet(width) && is_sheet(height)).then_some(sheet).ok_or(AttachmentFault::Damaged)
    }

    /// Width and height as it is seen, in points.
    pub(super) fn seen(&self) -> (f32, f32) {
        let [left, bottom, right, top] = self.sides;
        let (width, height) = ((right - left) * self.unit, (top - bottom) * self.unit);
        if self.turns % 2 == 1 { (height, width) } else { (width, height) }
    }

    pub(super) fn size(&self) -> PageSize {
        let (width, height) = self.seen();
        PageSize { width: thousandths(width), height: thousandths(height) }
    }

    /// From the sheet as it is seen, measured from its left bottom corner, to the space of the page.
    pub(super) fn matrix(&self) -> [f32; 6] {
        let [left, bottom, right, top] = self.sides;
        let one = 1.0 / self.unit;
        match self.turns {
            0 => [one, 0.0, 0.0, one, left, bottom],
            1 => [0.0, one, -one, 0.0, right, bottom],
            2 => [-one, 0.0, 0.0, -one, right, top],
            _ => [0.0, -one, one, 0.0, left, top],
        }
    }
}

/// Thousandths of a length that was proved to be one of a sheet.
fn thousandths(length: f32) -> u32 {
    let text = format!("{:.0}", length * 1000.0);
    text.parse().unwrap_or(u32::MAX)
}

/// An entry of a page, or of the nearest of its parents that has it.
pub(super) fn inherited<'a>(pdf: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node = pdf.get_dictionary(page).ok()?;
    for _ in 0..MOST_STEPS {
        if let Ok(found) = node.get(key) {
            return pdf.dereference(found).ok().map(|(_, object)| object);
        }
        node = pdf.get_dict_in_dict(node, b"Parent").ok()?;
    }
    None
}

/// A rectangle with its corners in order.
fn rectangle(pdf: &Document, page: ObjectId, key: &[u8]) -> Option<[f32; 4]> {
    let array = inherited(pdf, page, key)?.as_array().ok()?;
    let number = |object: &Object| pdf.dereference(object).ok().and_then(|(_, object)| object.as_float().ok());
    let numbers: Vec<f32> = array.iter().filter_map(number).collect();
    let [x0, y0, x1, y1] = numbers.as_slice() else { return None };
    let sides = [x0.min(*x1), y0.min(*y1), x0.max(*x1), y0.max(*y1)];
    sides.iter().all(|side| side.is_finite()).then_some(sides)
}
