//! Draws as page operations: fills and rules first, then links, then all texts in one text section.

use std::collections::BTreeMap;

use printpdf::{
    Actions, BorderArray, Codepoint, Color, Destination, DictItem, Greyscale, Line, LinePoint, LinkAnnotation, Op,
    PaintMode, PdfFontHandle, Point, Pt, Rect, TextItem, TextMatrix,
};

use super::super::display::{Draw, Page, Paper, TextDraw};
use super::super::fonts::{Cluster, FaceId, Glyph};
use super::embed::Embedding;
use crate::render::geometry::{Area, Grey};

/// Operations of one page.
pub(super) fn page_ops(page: &Page, paper: &Paper, embedding: &Embedding) -> Vec<Op> {
    let mut shapes = Shapes { ops: Vec::new(), page_height: page.height, fill: None, stroke: None };
    for draw in &page.draws {
        match draw {
            Draw::Fill { area, grey } => shapes.fill(*area, *grey),
            Draw::Line { from, to, width, grey } => shapes.line(*from, *to, *width, *grey),
            Draw::Link { area, section_id } => shapes.link(*area, section_id, paper),
            Draw::Text(_) => {}
        }
    }
    let mut ops = shapes.ops;
    // Text outside a text section comes out blank in most viewers.
    ops.push(Op::StartTextSection);
    let mut texts = Texts { ops, page_height: page.height, embedding, font: None, grey: None };
    for draw in &page.draws {
        if let Draw::Text(text) = draw {
            texts.text(text);
        }
    }
    let mut ops = texts.ops;
    ops.push(Op::EndTextSection);
    ops
}

struct Shapes {
    ops: Vec<Op>,
    page_height: f32,
    fill: Option<Grey>,
    stroke: Option<(Grey, f32)>,
}

impl Shapes {
    fn fill(&mut self, area: Area, grey: Grey) {
        if self.fill != Some(grey) {
            self.fill = Some(grey);
            self.ops.push(Op::SetFillColor { col: color(grey) });
        }
        let rectangle = Rect { mode: Some(PaintMode::Fill), ..rect(area, self.page_height) };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, grey: Grey) {
        if self.stroke != Some((grey, width)) {
            self.stroke = Some((grey, width));
            self.ops.push(Op::SetOutlineColor { col: color(grey) });
            self.ops.push(Op::SetOutlineThickness { pt: Pt(width) });
        }
        let point =
            |(x, y): (f32, f32)| LinePoint { p: Point { x: Pt(x), y: Pt(self.page_height - y) }, bezier: false };
        let line = Line { points: vec![point(from), point(to)], is_closed: false };
        self.ops.push(Op::DrawLine { line });
    }

    fn link(&mut self, area: Area, section_id: &str, paper: &Paper) {
        let found = paper.sections.iter().find(|(id, _)| id == section_id);
        let Some((_, anchor)) = found else { return };
        let height = paper.pages.get(anchor.page).map_or(self.page_height, |page| page.height);
        // printpdf counts pages of destinations from 1.
        let target = Destination::Xyz { page: anchor.page + 1, left: None, top: Some(height - anchor.y), zoom: None };
        let link = LinkAnnotation::new(
            rect(area, self.page_height),
            Actions::Goto(target),
            // Without this, viewers draw a box around the link.
            Some(BorderArray::Solid([0.0; 3])),
            None,
            None,
        );
        self.ops.push(Op::LinkAnnotation { link });
    }
}

struct Texts<'a> {
    ops: Vec<Op>,
    page_height: f32,
    embedding: &'a Embedding,
    font: Option<(FaceId, f32)>,
    grey: Option<Grey>,
}

impl Texts<'_> {
    /// Places each run of one font on its own, so that rounding of widths cannot add up.
    fn text(&mut self, text: &TextDraw) {
        if self.grey != Some(text.grey) {
            self.grey = Some(text.grey);
            self.ops.push(Op::SetFillColor { col: color(text.grey) });
        }
        let mut x = text.x;
        let embedding = self.embedding;
        let alike = |one: &Glyph, other: &Glyph| {
            one.face == other.face && !needs_actual_text(embedding, one) && !needs_actual_text(embedding, other)
        };
        for run in text.glyphs.chunk_by(alike) {
            self.run(text, run, x);
            x += run.iter().map(|glyph| glyph.advance).sum::<f32>() * text.size * text.scale;
        }
    }

    fn run(&mut self, text: &TextDraw, run: &[Glyph], x: f32) {
        let Some(first) = run.first() else { return };
        if self.font != Some((first.face, text.size)) {
            self.font = Some((first.face, text.size));
            let font = PdfFontHandle::External(Embedding::font_id(first.face));
            self.ops.push(Op::SetFont { font, size: Pt(text.size) });
        }
        let y = self.page_height - text.baseline;
        let matrix = TextMatrix::Raw([text.scale, 0.0, 0.0, 1.0, x, y]);
        let glyphs = run.iter().map(|glyph| {
            let spoken = self.embedding.text_of(glyph).to_string();
            // Moves what follows to the left, in thousandths of an em.
            Codepoint::with_cid(self.embedding.new_id(glyph), glyph.tucked * 1000.0, spoken)
        });
        let show = Op::ShowText { items: vec![TextItem::GlyphIds(glyphs.collect())] };
        let actual = needs_actual_text(self.embedding, first);
        if actual {
            self.ops.push(begin_actual_text(first.cluster));
        }
        self.ops.push(Op::SetTextMatrix { matrix });
        self.ops.push(show);
        if actual {
            self.ops.push(Op::EndMarkedContent);
        }
    }
}

/// One glyph may stand for two texts (辻 with and without a dropped selector, 〜 and ～); the ToUnicode table
/// holds only one of them.
fn needs_actual_text(embedding: &Embedding, glyph: &Glyph) -> bool {
    embedding.text_of(glyph) != glyph.cluster
}

fn begin_actual_text(cluster: Cluster) -> Op {
    let mut data = vec![0xFE, 0xFF];
    data.extend(cluster.to_string().encode_utf16().flat_map(u16::to_be_bytes));
    let text = DictItem::String { data, literal: false };
    let map = BTreeMap::from([("ActualText".to_owned(), text)]);
    Op::BeginMarkedContentWithProperties { tag: "Span".into(), properties: DictItem::Dict { map } }
}

fn rect(area: Area, page_height: f32) -> Rect {
    Rect {
        x: Pt(area.x),
        y: Pt(page_height - area.bottom()),
        width: Pt(area.width),
        height: Pt(area.height),
        mode: None,
        winding_order: None,
    }
}

fn color(grey: Grey) -> Color {
    Color::Greyscale(Greyscale { percent: grey.0, icc_profile: None })
}
