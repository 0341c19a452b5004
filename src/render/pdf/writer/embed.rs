//! Cuts the fonts to the glyphs of one paper and keeps the text each glyph stands for.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{FontId, FontMetrics, ParsedFont, PdfFont, PdfFontMetricsStub};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use super::super::display::{Draw, Paper};
use super::super::error::PdfError;
use super::super::fonts::{Cluster, FaceId, FontSet, Glyph};

/// The glyphs of one paper, numbered anew for each font.
pub(super) struct Embedding {
    used: BTreeMap<FaceId, UsedFace>,
}

struct UsedFace {
    remapper: GlyphRemapper,
    /// New glyph to the text that copying gives back.
    texts: BTreeMap<u16, Cluster>,
    /// New glyph to its advance in font units.
    widths: BTreeMap<u16, u16>,
}

impl Embedding {
    /// Collects the glyphs of all pages.
    pub fn of(paper: &Paper) -> Self {
        let mut wanted: BTreeMap<FaceId, BTreeSet<(u16, Cluster)>> = BTreeMap::new();
        for draw in paper.pages.iter().flat_map(|page| &page.draws) {
            if let Draw::Text(text) = draw {
                for glyph in &text.glyphs {
                    wanted.entry(glyph.face).or_default().insert((glyph.id, glyph.cluster));
                }
            }
        }
        let used = wanted.into_iter().map(|(face, glyphs)| (face, UsedFace::of(face, &glyphs)));
        Self { used: used.collect() }
    }

    /// Resource name of a font; fixed, since printpdf's own names depend on what the process did before.
    pub fn font_id(face: FaceId) -> FontId {
        FontId(match face {
            FaceId::GothicRegular => "JP0".into(),
            FaceId::GothicBold => "JP1".into(),
            FaceId::NotoSans => "JP2".into(),
        })
    }

    /// Number of a glyph in the cut font.
    pub fn new_id(&self, glyph: &Glyph) -> u16 {
        self.used.get(&glyph.face).and_then(|used| used.remapper.get(glyph.id)).unwrap_or(0)
    }

    /// The one text that the ToUnicode table holds for a glyph. Where it is not the text that was read, the
    /// glyph needs an ActualText.
    pub fn text_of(&self, glyph: &Glyph) -> Cluster {
        let used = self.used.get(&glyph.face);
        used.and_then(|used| used.texts.get(&self.new_id(glyph)).copied()).unwrap_or(glyph.cluster)
    }

    /// The cut fonts by resource name.
    ///
    /// # Errors
    /// [`PdfError::Subset`].
    pub fn fonts(&self) -> Result<Vec<(FontId, PdfFont)>, PdfError> {
        self.used.iter().map(|(face, used)| Ok((Self::font_id(*face), used.cut(*face)?))).collect()
    }
}

impl UsedFace {
    fn of(id: FaceId, glyphs: &BTreeSet<(u16, Cluster)>) -> Self {
        let loaded = FontSet::shared().face(id);
        let mut used = Self { remapper: GlyphRemapper::new(), texts: BTreeMap::new(), widths: BTreeMap::new() };
        for (glyph, cluster) in glyphs {
            let new = used.remapper.remap(*glyph);
            // In the order of the set a plain character comes before its forms with selectors.
            used.texts.entry(new).or_insert(*cluster);
            used.widths.insert(new, loaded.advance_units(*glyph));
        }
        used
    }

    fn cut(&self, id: FaceId) -> Result<PdfFont, PdfError> {
        let loaded = FontSet::shared().face(id);
        let font = id.postscript_name();
        let small =
            subsetter::subset(loaded.bytes, 0, &self.remapper).map_err(|source| PdfError::Subset { font, source })?;
        let face = &loaded.face;
        let name = format!("{}+{font}", self.tag());
        let metrics = FontMetrics { ascent: face.ascender(), descent: face.descender() };
        let map = self.texts.iter().map(|(new, cluster)| (u32::from(cluster.base), *new)).collect();
        let mut parsed =
            ParsedFont::with_glyph_data(small, 0, Some(name), map, self.widths.clone(), face.units_per_em(), metrics);
        let bounds = face.global_bounding_box();
        parsed.pdf_font_metrics = PdfFontMetricsStub {
            units_per_em: face.units_per_em(),
            x_min: bounds.x_min,
            y_min: bounds.y_min,
            x_max: bounds.x_max,
            y_max: bounds.y_max,
            us_weight_class: face.weight().to_number(),
            ..PdfFontMetricsStub::default()
        };
        Ok(PdfFont::new(parsed))
    }

    /// Six letters that name this choice of glyphs, as PDF wants them in front of the name of a cut font.
    fn tag(&self) -> String {
        let mut hash = Sha256::new();
        for glyph in self.remapper.remapped_gids() {
            hash.update(glyph.to_be_bytes());
        }
        hash.finalize().iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
    }
}
