//! Draws on the pages of a file for the archive, in the order of the usual writer: fills and rules, links, texts.

use krilla::Document;
use krilla::annotation::{LinkAnnotation, Target};
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};

use super::super::display::{Draw, Page, Paper, TextDraw};
use super::super::error::PdfError;
use super::super::fonts::{FaceId, FontSet, Glyph};
use super::super::scalar::level;
use super::about::destination;
use crate::render::geometry::{Area, Grey};

/// The fonts of the program as krilla reads them.
pub(super) struct Faces([Font; 3]);

impl Faces {
    pub(super) fn load() -> Self {
        let load = |id| Font::new(FontSet::shared().face(id).bytes.into(), 0);
        Self(FaceId::ALL.map(|id| load(id).expect("the compiled-in fonts parse; a test reads each of them")))
    }

    pub(super) fn font(&self, id: FaceId) -> Font {
        match id {
            FaceId::GothicRegular => self.0[0].clone(),
            FaceId::GothicBold => self.0[1].clone(),
            FaceId::NotoSans => self.0[2].clone(),
        }
    }
}

/// Puts a page with all that stands on it at the end of a file.
///
/// # Errors
/// [`PdfError::Archive`] for a page without an area.
pub(super) fn put(pdf: &mut Document, page: &Page, paper: &Paper, faces: &Faces) -> Result<(), PdfError> {
    let settings = PageSettings::from_wh(page.width, page.height);
    let mut sheet = pdf.start_page_with(settings.ok_or_else(|| PdfError::Archive("a page without an area".into()))?);
    for draw in &page.draws {
        if let Draw::Link { area, section_id } = draw
            && let Some(link) = link(*area, section_id, paper)
        {
            sheet.add_annotation(link.into());
        }
    }
    let mut surface = sheet.surface();
    for draw in &page.draws {
        match draw {
            Draw::Fill { area, grey } => fill(&mut surface, *area, *grey),
            Draw::Line { from, to, width, grey } => line(&mut surface, (*from, *to), *width, *grey),
            Draw::Text(_) | Draw::Link { .. } => {}
        }
    }
    for draw in &page.draws {
        if let Draw::Text(one) = draw {
            text(&mut surface, one, faces);
        }
    }
    Ok(())
}

fn fill(surface: &mut Surface, area: Area, grey: Grey) {
    let mut path = PathBuilder::new();
    // An area without a size leaves nothing on paper.
    let Some(rect) = rect(area) else { return };
    path.push_rect(rect);
    let Some(path) = path.finish() else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(ink(grey)));
    surface.draw_path(&path);
}

fn line(surface: &mut Surface, (from, to): ((f32, f32), (f32, f32)), width: f32, grey: Grey) {
    let mut path = PathBuilder::new();
    path.move_to(from.0, from.1);
    path.line_to(to.0, to.1);
    let Some(path) = path.finish() else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: ink(grey).paint, width, ..Stroke::default() }));
    surface.draw_path(&path);
}

fn link(area: Area, section_id: &str, paper: &Paper) -> Option<LinkAnnotation> {
    let (_, anchor) = paper.sections.iter().find(|(id, _)| id == section_id)?;
    Some(LinkAnnotation::new(rect(area)?, Target::Destination(destination(*anchor, 0.0, paper)?.into())))
}

/// Places each run of one font on its own; condensed type (長体) is a narrower space that it stands in.
fn text(surface: &mut Surface, text: &TextDraw, faces: &Faces) {
    surface.set_stroke(None);
    surface.set_fill(Some(ink(text.grey)));
    surface.push_transform(&Transform::from_row(text.scale, 0.0, 0.0, 1.0, text.x, text.baseline));
    let mut x = 0.0;
    for run in text.glyphs.chunk_by(|one, other| one.face == other.face) {
        let Some(first) = run.first() else { continue };
        let (glyphs, spoken) = spoken(run);
        surface.draw_glyphs(Point::from_xy(x, 0.0), &glyphs, faces.font(first.face), &spoken, text.size, false);
        x += run.iter().map(|glyph| glyph.advance).sum::<f32>() * text.size;
    }
    surface.pop();
}

/// The glyphs of a run and the text that copying gives back. Where one glyph stands for two texts (辻 with and without a dropped
/// selector, 〜 and ～), krilla gives the second one an ActualText.
fn spoken(run: &[Glyph]) -> (Vec<KrillaGlyph>, String) {
    let mut text = String::new();
    let glyphs = run.iter().map(|glyph| {
        let start = text.len();
        text.push_str(&glyph.cluster.to_string());
        let id = GlyphId::new(u32::from(glyph.id));
        KrillaGlyph::new(id, glyph.advance, 0.0, 0.0, 0.0, start..text.len(), None)
    });
    (glyphs.collect(), text)
}

fn rect(area: Area) -> Option<Rect> {
    Rect::from_xywh(area.x, area.y, area.width, area.height)
}

fn ink(grey: Grey) -> Fill {
    Fill { paint: luma::Color::new(level(grey.0)).into(), ..Fill::default() }
}
