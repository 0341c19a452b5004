//! The look of all papers in one place: sheet, margins, type sizes and shades.
//!
//! Grey-safe: nothing is told by colour, and every shade survives a photocopier.

use super::fonts::Weight;
use super::text::Style;
use crate::render::geometry::Grey;

/// Short side of A4.
pub(super) const A4_SHORT: f32 = 595.276;
/// Long side of A4.
pub(super) const A4_LONG: f32 = 841.89;
/// Left and right margin: 19 mm leave room for the punch of a file.
pub(super) const MARGIN_SIDE: f32 = 54.0;
/// Top margin.
pub(super) const MARGIN_TOP: f32 = 56.0;
/// Bottom margin, with room for the foot.
pub(super) const MARGIN_BOTTOM: f32 = 64.0;
/// Baseline of the foot above the lower edge.
pub(super) const FOOT_ABOVE_EDGE: f32 = 34.0;

/// Text.
pub(super) const BLACK: Grey = Grey(0.0);
/// Behind what is drawn over the page of somebody else.
pub(super) const WHITE: Grey = Grey(1.0);
/// Labels and remarks.
pub(super) const DIM: Grey = Grey(0.32);
/// Rules between rows.
pub(super) const HAIR: Grey = Grey(0.72);
/// Frames of grids.
pub(super) const FRAME: Grey = Grey(0.5);
/// Shade behind headings.
pub(super) const SHADE: Grey = Grey(0.92);
/// Shade behind subtotals and totals.
pub(super) const LIGHT_SHADE: Grey = Grey(0.965);

/// Thickness of rules between rows.
pub(super) const HAIR_WIDTH: f32 = 0.35;
/// Thickness of the rules that open and close a table.
pub(super) const FIRM_WIDTH: f32 = 0.9;
/// Thickness of frames.
pub(super) const FRAME_WIDTH: f32 = 0.45;

const fn style(size: f32, weight: Weight, grey: Grey, leading: f32) -> Style {
    Style { size, weight, grey, leading }
}

/// Title of a section.
pub(super) const SECTION_TITLE: Style = style(15.5, Weight::Bold, BLACK, 1.35);
/// Mark in a box (資料1).
pub(super) const MARK: Style = style(10.0, Weight::Bold, BLACK, 1.3);
/// Heading between blocks.
pub(super) const HEADING: Style = style(12.0, Weight::Bold, BLACK, 1.4);
/// Title of a table, grid or chart.
pub(super) const BLOCK_TITLE: Style = style(11.0, Weight::Bold, BLACK, 1.4);
/// Title of a table on the pages that continue it.
pub(super) const CONTINUED: Style = style(9.0, Weight::Bold, BLACK, 1.4);
/// Running text.
pub(super) const BODY: Style = style(10.0, Weight::Regular, BLACK, 1.75);
/// Subject of a letter.
pub(super) const LETTER_SUBJECT: Style = style(12.0, Weight::Bold, BLACK, 1.5);
/// Mark and page number on the pages of somebody else.
pub(super) const STAMP: Style = style(9.0, Weight::Bold, BLACK, 1.3);
/// Labels of dates and rules.
pub(super) const BASIS_LABEL: Style = style(8.2, Weight::Regular, DIM, 1.6);
/// Texts of dates and rules.
pub(super) const BASIS_TEXT: Style = style(8.2, Weight::Regular, BLACK, 1.6);
/// Notes under tables.
pub(super) const NOTE: Style = style(8.2, Weight::Regular, BLACK, 1.6);
/// Foot of the page, issuer and date.
pub(super) const FOOT: Style = style(8.2, Weight::Regular, BLACK, 1.3);
/// Head of a page that continues a section.
pub(super) const RUNNING: Style = style(9.0, Weight::Regular, DIM, 1.4);
/// The word 下書き.
pub(super) const DRAFT: Style = style(10.0, Weight::Bold, BLACK, 1.3);
/// Names in a grid.
pub(super) const GRID_NAME: Style = style(8.4, Weight::Regular, BLACK, 1.25);
/// Values in a grid.
pub(super) const GRID_VALUE: Style = style(10.0, Weight::Regular, BLACK, 1.25);
/// Values and labels of a chart.
pub(super) const CHART_TEXT: Style = style(8.6, Weight::Regular, BLACK, 1.3);

/// Line above the name of the meeting.
pub(super) const COVER_LEAD: Style = style(14.0, Weight::Regular, BLACK, 1.4);
/// Name of the meeting.
pub(super) const COVER_MEETING: Style = style(25.0, Weight::Bold, BLACK, 1.4);
/// Facts such as 日時 and 場所.
pub(super) const COVER_FACT: Style = style(11.5, Weight::Regular, BLACK, 1.4);
/// Headings of the agenda.
pub(super) const AGENDA_HEADING: Style = style(11.0, Weight::Bold, BLACK, 1.5);
/// Items of the agenda.
pub(super) const AGENDA_ITEM: Style = style(10.2, Weight::Regular, BLACK, 1.45);
/// Remarks in the agenda.
pub(super) const AGENDA_REMARK: Style = style(8.6, Weight::Regular, DIM, 1.45);

/// Cells of a table set in this size.
pub(super) const fn table_cell(size: f32, weight: Weight) -> Style {
    style(size, weight, BLACK, 1.32)
}
