//! The fonts compiled into the program and the choice of a glyph for each character.
//!
//! The chain is BIZ UDGothic in the wanted weight, then Noto Sans JP, which has the name characters that
//! BIZ UDGothic lacks (𠮷, 槗). Japanese tables need no shaping: a character map and advance widths are enough.
//! A character with a variation selector (辻 with U+E0100) is looked up as a pair along the whole chain;
//! when no font has the pair, the plain character is drawn and the dropped selector is reported. A character
//! that no font has is an error: nothing ever prints as a box. Start reading at [`FontSet::glyphs`].

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use ttf_parser::{Face, GlyphId};

/// BIZ UDGothic Regular, as a file.
pub(in crate::render) static GOTHIC_REGULAR: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/BIZUDGothic-Regular.ttf"));
static GOTHIC_BOLD: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/BIZUDGothic-Bold.ttf"));
static NOTO_SANS: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/NotoSansJP-Regular.ttf"));

/// A font of the set; the order is the order of embedding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum FaceId {
    /// BIZ UDGothic Regular.
    GothicRegular,
    /// BIZ UDGothic Bold.
    GothicBold,
    /// Noto Sans JP Regular, for what BIZ UDGothic lacks.
    NotoSans,
}

impl FaceId {
    /// All fonts in order.
    pub const ALL: [Self; 3] = [Self::GothicRegular, Self::GothicBold, Self::NotoSans];

    /// PostScript name of the font.
    pub fn postscript_name(self) -> &'static str {
        match self {
            Self::GothicRegular => "BIZUDGothic-Regular",
            Self::GothicBold => "BIZUDGothic-Bold",
            Self::NotoSans => "NotoSansJP-Regular",
        }
    }

    /// Whether the font can be read.
    pub fn is_sound(self) -> bool {
        Face::parse(self.bytes(), 0).is_ok_and(|face| face.number_of_glyphs() > 0)
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::GothicRegular => GOTHIC_REGULAR,
            Self::GothicBold => GOTHIC_BOLD,
            Self::NotoSans => NOTO_SANS,
        }
    }
}

/// How heavy a text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Running text and cells.
    Regular,
    /// Titles, headings and totals.
    Bold,
}

impl Weight {
    fn chain(self) -> [FaceId; 2] {
        match self {
            Self::Regular => [FaceId::GothicRegular, FaceId::NotoSans],
            Self::Bold => [FaceId::GothicBold, FaceId::NotoSans],
        }
    }
}

/// One character as read: the base and its variation selector, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cluster {
    /// The character.
    pub base: char,
    /// The selector that follows it in the text.
    pub selector: Option<char>,
}

impl Cluster {
    /// Length in the text.
    pub fn len_utf8(self) -> usize {
        self.base.len_utf8() + self.selector.map_or(0, char::len_utf8)
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.base)?;
        self.selector.map_or(Ok(()), |selector| write!(formatter, "{selector}"))
    }
}

/// A glyph of one font, with the text it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Glyph {
    /// The font.
    pub face: FaceId,
    /// Index in that font.
    pub id: u16,
    /// Advance in em.
    pub advance: f32,
    /// By how much less than the font says it advances, in em.
    pub tucked: f32,
    /// The text.
    pub cluster: Cluster,
}

/// What a text became.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// One glyph for each character, in order.
    pub glyphs: Vec<Glyph>,
    /// Characters whose selector no font knows; they are drawn in their plain form.
    pub dropped: Vec<Cluster>,
}

/// A character that no font of the chain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Missing(pub char);

/// A parsed font.
pub(super) struct LoadedFace {
    /// The font file.
    pub bytes: &'static [u8],
    /// Its tables.
    pub face: Face<'static>,
    map: HashMap<char, u16>,
}

impl LoadedFace {
    fn load(id: FaceId) -> Self {
        let bytes = id.bytes();
        let face = Face::parse(bytes, 0).expect("the compiled-in fonts parse; a test reads each of them");
        let mut map = HashMap::new();
        let subtables = face.tables().cmap.iter().flat_map(|cmap| cmap.subtables);
        for subtable in subtables.filter(ttf_parser::cmap::Subtable::is_unicode) {
            subtable.codepoints(|code| {
                if let (Some(character), Some(glyph)) = (char::from_u32(code), subtable.glyph_index(code)) {
                    // Glyph 0 is the box; and what a font shows for a private character is not what was meant.
                    if glyph.0 != 0 && !is_private(character) {
                        map.entry(character).or_insert(glyph.0);
                    }
                }
            });
        }
        Self { bytes, face, map }
    }

    /// Advance in em.
    fn advance(&self, glyph: u16) -> f32 {
        f32::from(self.advance_units(glyph)) / f32::from(self.face.units_per_em())
    }

    /// Advance in units of the font.
    pub fn advance_units(&self, glyph: u16) -> u16 {
        self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0)
    }
}

/// All fonts, parsed once for the life of the process.
pub(super) struct FontSet {
    faces: [LoadedFace; 3],
}

impl FontSet {
    /// The set compiled into the program.
    pub fn shared() -> &'static Self {
        static SET: OnceLock<FontSet> = OnceLock::new();
        SET.get_or_init(|| Self { faces: FaceId::ALL.map(LoadedFace::load) })
    }

    /// A font of the set.
    pub fn face(&self, id: FaceId) -> &LoadedFace {
        match id {
            FaceId::GothicRegular => &self.faces[0],
            FaceId::GothicBold => &self.faces[1],
            FaceId::NotoSans => &self.faces[2],
        }
    }

    /// Chooses a glyph for each character of a text without line ends.
    ///
    /// # Errors
    /// The first character that no font has.
    pub fn glyphs(&self, text: &str, weight: Weight) -> Result<Chosen, Missing> {
        let mut chosen = Chosen::default();
        for cluster in clusters(text) {
            let with_selector = cluster.selector.and_then(|selector| self.variant(cluster, selector, weight));
            if cluster.selector.is_some() && with_selector.is_none() {
                chosen.dropped.push(cluster);
            }
            let glyph = with_selector.or_else(|| self.plain(cluster, weight)).ok_or(Missing(cluster.base))?;
            chosen.glyphs.push(glyph);
        }
        tuck_points(&mut chosen.glyphs);
        Ok(chosen)
    }

    /// Whether every weight has all characters of a text.
    pub fn has_all(&self, text: &str) -> bool {
        [Weight::Regular, Weight::Bold].into_iter().all(|weight| self.glyphs(text, weight).is_ok())
    }

    fn variant(&self, cluster: Cluster, selector: char, weight: Weight) -> Option<Glyph> {
        weight.chain().into_iter().find_map(|id| {
            let glyph = self.face(id).face.glyph_variation_index(cluster.base, selector)?;
            Some(self.glyph(id, glyph.0, cluster))
        })
    }

    fn plain(&self, cluster: Cluster, weight: Weight) -> Option<Glyph> {
        weight.chain().into_iter().find_map(|id| {
            let glyph = *self.face(id).map.get(&cluster.base)?;
            Some(self.glyph(id, glyph, cluster))
        })
    }

    fn glyph(&self, face: FaceId, id: u16, cluster: Cluster) -> Glyph {
        Glyph { face, id, advance: self.face(face).advance(id), tucked: 0.0, cluster }
    }
}

/// Points and commas stand at the left of a box as wide as a digit; between digits they get as much room as they need, so that
/// 2,730 is one word, and all numbers of as many digits are as wide as each other.
fn tuck_points(glyphs: &mut [Glyph]) {
    const NEEDED: f32 = 0.27;
    let is_digit = |glyph: &Glyph| glyph.cluster.base.is_ascii_digit();
    for at in 1..glyphs.len().saturating_sub(1) {
        let is_between = is_digit(&glyphs[at - 1]) && is_digit(&glyphs[at + 1]);
        let glyph = &mut glyphs[at];
        if is_between && matches!(glyph.cluster.base, '.' | ',') && glyph.advance > NEEDED {
            glyph.tucked = glyph.advance - NEEDED;
            glyph.advance = NEEDED;
        }
    }
}

/// Splits a text into characters with their selectors.
fn clusters(text: &str) -> impl Iterator<Item = Cluster> + '_ {
    let mut characters = text.chars().peekable();
    std::iter::from_fn(move || {
        let base = characters.next()?;
        let selector = characters.next_if(|c| is_selector(*c));
        Some(Cluster { base, selector })
    })
}

fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(text: &str) -> Vec<FaceId> {
        let chosen = FontSet::shared().glyphs(text, Weight::Regular).expect("the fonts have these characters");
        chosen.glyphs.iter().map(|glyph| glyph.face).collect()
    }

    #[test]
    fn rare_name_kanji_fall_back_to_noto() {
        assert_eq!(faces("髙﨑鷗"), [FaceId::GothicRegular; 3]);
        assert_eq!(faces("𠮷槗"), [FaceId::NotoSans; 2]);
    }

    #[test]
    fn known_selector_gives_another_glyph() {
        let chosen = FontSet::shared().glyphs("辻辻\u{E0100}", Weight::Regular).expect("the fonts have 辻");
        assert_eq!(chosen.glyphs.len(), 2);
        assert_ne!(chosen.glyphs[0].id, chosen.glyphs[1].id);
        assert!(chosen.dropped.is_empty());
    }

    #[test]
    fn unknown_selector_is_dropped_and_reported() {
        let chosen = FontSet::shared().glyphs("医\u{E01EF}", Weight::Bold).expect("the fonts have 医");
        let cluster = Cluster { base: '医', selector: Some('\u{E01EF}') };
        assert_eq!(chosen.dropped, [cluster]);
        assert_eq!(chosen.glyphs[0].cluster, cluster);
    }

    #[test]
    fn character_without_a_glyph_is_missing() {
        let missing = FontSet::shared().glyphs("医\u{0}", Weight::Regular).err();
        assert_eq!(missing, Some(Missing('\u{0}')));
    }

    /// CP932 is what office systems send; every character of it must print.
    #[test]
    fn every_character_of_cp932_has_a_glyph() {
        let lead = (0x81..=0x9F).chain(0xE0..=0xFC);
        let pairs = lead.flat_map(|lead| (0x40..=0xFC).map(move |trail| [lead, trail]));
        let mut text = String::new();
        for pair in pairs {
            let (decoded, _, failed) = encoding_rs::SHIFT_JIS.decode(&pair);
            // The user-defined area decodes to private characters that have no agreed shape.
            if !failed && !decoded.chars().any(|c| ('\u{E000}'..='\u{F8FF}').contains(&c)) {
                text.push_str(&decoded);
            }
        }
        assert!(text.chars().count() > 7_000);
        for weight in [Weight::Regular, Weight::Bold] {
            assert_eq!(FontSet::shared().glyphs(&text, weight).err(), None);
        }
    }
}
