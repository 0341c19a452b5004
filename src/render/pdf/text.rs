//! From a string to measured lines: choosing glyphs, measuring, breaking, condensing.
//!
//! A [`Typesetter`] knows where in the document it works, so that a missing character or a dropped selector
//! is reported with its place. It does not know pages. Start reading at [`Typesetter::fit`].

use super::display::{Draw, TextDraw};
use super::error::PdfError;
use super::fonts::{FontSet, Glyph, Missing, Weight};
use super::kinsoku;
use super::place::Place;
use super::scalar::count;
use super::warning::PdfWarning;
use crate::domain::document::Align;
use crate::render::geometry::{Area, Grey};

/// Condensed type (長体) below this is hard to read; a cell that needs more wraps.
const NARROWEST_SCALE: f32 = 0.65;

/// Long texts read better on two lines than condensed, so they wrap sooner than names.
const NARROWEST_PROSE_SCALE: f32 = 0.88;

/// Texts longer than this, in characters, are prose and not names.
const LONGEST_NAME: usize = 16;

/// Height of the middle of a Japanese character above its baseline, in em (its box is 0.88 up, 0.12 down).
const MIDDLE_ABOVE_BASELINE: f32 = 0.38;

/// Sums of advances differ in their last bits; a thousandth of an em is invisible.
const TOLERANCE: f32 = 0.001;

/// A measured piece of text on one line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shaped {
    /// Glyphs from left to right.
    pub glyphs: Vec<Glyph>,
    /// Width in em.
    pub width: f32,
}

impl Shaped {
    fn of(glyphs: Vec<Glyph>) -> Self {
        let width = width_of(&glyphs);
        Self { glyphs, width }
    }
}

/// Lines that fit a box, condensed by the same scale.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    /// Lines from top to bottom; never empty.
    pub lines: Vec<Shaped>,
    /// Horizontal scale of all lines, at most 1.
    pub scale: f32,
}

/// What may be done to a text that is too long for its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// Numbers and dates: one line, condensed as far as it takes.
    OneLine,
    /// Names and short texts: condensed down to 65 %, then wrapped. Long texts wrap sooner.
    CondenseThenWrap,
}

/// Type, size and shade of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    /// Type size in points.
    pub size: f32,
    /// Weight.
    pub weight: Weight,
    /// Shade.
    pub grey: Grey,
    /// Distance of baselines in type sizes.
    pub leading: f32,
}

impl Style {
    /// Height of this many lines.
    pub fn height(self, n_lines: usize) -> f32 {
        count(n_lines) * self.size * self.leading
    }
}

/// Sets texts for one document.
pub(super) struct Typesetter {
    fonts: &'static FontSet,
    /// Where in the document the next texts belong.
    pub place: Place,
    /// What was found so far, each once.
    pub warnings: Vec<PdfWarning>,
}

impl Typesetter {
    /// Starts at the top of a document.
    pub fn new() -> Self {
        Self { fonts: FontSet::shared(), place: Place::default(), warnings: Vec::new() }
    }

    /// Chooses glyphs for a text on one line; line ends and tabs become spaces.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`] with the present place.
    pub fn shape(&mut self, text: &str, weight: Weight) -> Result<Shaped, PdfError> {
        let flat = text.contains(['\n', '\r', '\t']).then(|| flatten(text));
        let chosen = self.fonts.glyphs(flat.as_deref().unwrap_or(text), weight);
        let chosen =
            chosen.map_err(|Missing(character)| PdfError::MissingGlyph { character, place: self.place.clone() })?;
        for cluster in chosen.dropped {
            let warning = PdfWarning::DroppedSelector { text: cluster.to_string(), place: self.place.clone() };
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        Ok(Shaped::of(chosen.glyphs))
    }

    /// Breaks a text into lines at most `width` em wide, honouring line ends in the text.
    ///
    /// # Errors
    /// As [`Self::shape`].
    pub fn wrap(&mut self, text: &str, weight: Weight, width: f32) -> Result<Vec<Shaped>, PdfError> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let paragraph = flatten(paragraph);
            let shaped = self.shape(&paragraph, weight)?;
            lines.extend(break_lines(&paragraph, shaped, width));
        }
        if lines.is_empty() {
            lines.push(Shaped::default());
        }
        Ok(lines)
    }

    /// Makes a text fit a width given in em.
    ///
    /// # Errors
    /// As [`Self::shape`].
    pub fn fit(&mut self, text: &str, weight: Weight, width: f32, fit: Fit) -> Result<Fitted, PdfError> {
        let single = self.shape(text, weight)?;
        self.fit_shaped(text, single, weight, width, fit)
    }

    /// Like [`Self::fit`] for a text that was measured before.
    ///
    /// # Errors
    /// As [`Self::shape`].
    pub fn fit_shaped(
        &mut self,
        text: &str,
        single: Shaped,
        weight: Weight,
        width: f32,
        fit: Fit,
    ) -> Result<Fitted, PdfError> {
        let floor = match fit {
            Fit::OneLine => 0.0,
            Fit::CondenseThenWrap if single.glyphs.len() <= LONGEST_NAME => NARROWEST_SCALE,
            Fit::CondenseThenWrap => NARROWEST_PROSE_SCALE,
        };
        let forced = text.trim_end().contains('\n');
        let scale = scale_for(single.width, width);
        if !forced && scale >= floor {
            return Ok(Fitted { lines: vec![single], scale });
        }
        let lines = self.wrap(text, weight, width)?;
        let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        Ok(Fitted { lines, scale: scale_for(widest, width) })
    }
}

impl Typesetter {
    /// Draws a text on one line in a box, condensed as far as it takes.
    ///
    /// # Errors
    /// As [`Self::shape`].
    pub fn one_line(&mut self, text: &str, style: Style, area: Area, align: Align) -> Result<Vec<Draw>, PdfError> {
        let fitted = self.fit(text, style.weight, area.width / style.size, Fit::OneLine)?;
        Ok(draw_in_box(&fitted, style, area, align))
    }
}

/// Draws fitted lines in a box, in the middle of its height.
pub(super) fn draw_in_box(fitted: &Fitted, style: Style, inner: Area, align: Align) -> Vec<Draw> {
    let top = inner.y + (inner.height - style.height(fitted.lines.len())) / 2.0;
    let lines = fitted.lines.iter().enumerate();
    lines
        .filter(|(_, line)| !line.glyphs.is_empty())
        .map(|(at, line)| {
            let middle = top + (count(at) + 0.5) * style.size * style.leading;
            let width = line.width * style.size * fitted.scale;
            let x = match align {
                Align::Left => inner.x,
                Align::Centre => inner.x + (inner.width - width) / 2.0,
                Align::Right => inner.right() - width,
            };
            Draw::Text(TextDraw {
                x,
                baseline: middle + MIDDLE_ABOVE_BASELINE * style.size,
                size: style.size,
                scale: fitted.scale,
                grey: style.grey,
                glyphs: line.glyphs.clone(),
                within: inner,
            })
        })
        .collect()
}

/// Breaks greedily at the last allowed place that fits; text without one is cut between characters.
fn break_lines(text: &str, shaped: Shaped, width: f32) -> Vec<Shaped> {
    if shaped.width <= width + TOLERANCE {
        return vec![shaped];
    }
    let breaks = break_indices(text, &shaped.glyphs);
    let mut lines = Vec::new();
    let mut rest = shaped.glyphs.as_slice();
    let mut start = 0;
    while !rest.is_empty() {
        let end = line_end(rest, start, &breaks, width);
        lines.push(Shaped::of(trim(&rest[..end]).to_vec()));
        start += end;
        rest = &rest[end..];
    }
    lines
}

/// Allowed breaks as glyph indices, ascending.
fn break_indices(text: &str, glyphs: &[Glyph]) -> Vec<usize> {
    let offsets = kinsoku::opportunities(text);
    let mut wanted = offsets.into_iter().peekable();
    let mut at_byte = 0;
    let mut indices = Vec::new();
    for (index, glyph) in glyphs.iter().enumerate() {
        if wanted.next_if_eq(&at_byte).is_some() {
            indices.push(index);
        }
        at_byte += glyph.cluster.len_utf8();
    }
    indices
}

/// Number of glyphs on the line that starts with `rest`, at least 1; `start` is its index in the whole text.
fn line_end(rest: &[Glyph], start: usize, breaks: &[usize], width: f32) -> usize {
    let fits = |end: &usize| width_of(trim(&rest[..*end])) <= width + TOLERANCE;
    if fits(&rest.len()) {
        return rest.len();
    }
    let regular = breaks.iter().map(|at| at.saturating_sub(start)).filter(|end| *end > 0).take_while(fits).last();
    if let Some(end) = regular {
        return end;
    }
    let most = (1..=rest.len()).take_while(fits).last().unwrap_or(1);
    let decent = |end: &usize| {
        let starts_well = rest.get(*end).is_none_or(|glyph| !kinsoku::never_starts(glyph.cluster.base));
        starts_well && !kinsoku::never_ends(rest[*end - 1].cluster.base)
    };
    (1..=most).rev().find(decent).unwrap_or(most)
}

/// Cuts spaces off the end of a line; they hang in the margin.
fn trim(glyphs: &[Glyph]) -> &[Glyph] {
    let kept = glyphs.iter().rposition(|glyph| !glyph.cluster.base.is_whitespace());
    kept.map_or(&[], |last| &glyphs[..=last])
}

fn width_of(glyphs: &[Glyph]) -> f32 {
    glyphs.iter().map(|glyph| glyph.advance).sum()
}

fn scale_for(natural: f32, available: f32) -> f32 {
    if natural <= available + TOLERANCE { 1.0 } else { available / natural }
}

fn flatten(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, width: f32) -> Vec<String> {
        let shaped = Typesetter::new().wrap(text, Weight::Regular, width).expect("the fonts have these characters");
        shaped.iter().map(|line| line.glyphs.iter().map(|glyph| glyph.cluster.to_string()).collect()).collect()
    }

    #[test]
    fn full_stop_stays_with_its_line() {
        assert_eq!(lines("会員の数です。次に", 6.0), ["会員の数で", "す。次に"]);
    }

    #[test]
    fn wide_number_is_not_torn() {
        assert_eq!(lines("令和１２３４年", 4.0), ["令和", "１２３４", "年"]);
    }

    #[test]
    fn line_ends_in_the_text_are_kept() {
        assert_eq!(lines("一行目\n二行目", 20.0), ["一行目", "二行目"]);
    }

    #[test]
    fn short_name_is_condensed_to_the_floor_and_then_wrapped() {
        let mut type_setter = Typesetter::new();
        let mut fit = |width| {
            type_setter.fit("さいたま市与野", Weight::Regular, width, Fit::CondenseThenWrap).expect("plain kana")
        };
        assert_eq!(fit(7.0).lines.len(), 1);
        assert_eq!(fit(4.6).lines.len(), 1);
        assert!(fit(4.6).scale < 0.7);
        assert_eq!(fit(4.4).lines.len(), 2);
    }

    #[test]
    fn number_never_wraps() {
        let mut type_setter = Typesetter::new();
        let fitted = type_setter.fit("1,234,567,890", Weight::Regular, 2.0, Fit::OneLine).expect("digits");
        assert_eq!(fitted.lines.len(), 1);
        assert!(fitted.lines[0].width * fitted.scale <= 2.0 + TOLERANCE);
    }

    /// Words with at most two closing signs and one opening sign: as in real text, each has an allowed break.
    fn japanese() -> impl Strategy<Value = String> {
        let word = "[「（￥]?[あ-んア-ンー医師会員数年月日区分浦和川口市大宮入退在籍異動届出者0-9０-９]{1,4}[、。）」？ー々ゃッ％]{0,2}";
        prop::collection::vec(word, 1..40).prop_map(|words| words.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_forbidden_character_starts_or_ends_a_line(text in japanese(), width in 12_u8..40) {
            let lines = lines(&text, f32::from(width));
            for line in &lines[1..] {
                let first = line.chars().next().expect("lines have characters");
                prop_assert!(!kinsoku::never_starts(first), "{line} in {lines:?}");
            }
            for line in &lines[..lines.len() - 1] {
                let last = line.chars().next_back().expect("lines have characters");
                prop_assert!(!kinsoku::never_ends(last), "{line} in {lines:?}");
            }
        }

        #[test]
        fn wrapping_loses_nothing_and_fits(text in japanese(), width in 2_u8..40) {
            let shaped = Typesetter::new().wrap(&text, Weight::Regular, f32::from(width)).expect("plain text");
            let back: String = shaped.iter().flat_map(|line| &line.glyphs).map(|g| g.cluster.to_string()).collect();
            prop_assert_eq!(back, text);
            prop_assert!(shaped.iter().all(|line| line.width <= f32::from(width) + TOLERANCE));
        }
    }
}
