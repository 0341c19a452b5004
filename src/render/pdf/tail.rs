//! The tail of a section: what is left over for its last page, where that is a line or two.
//!
//! A sheet with one note on it is handed to everybody and says nothing. A section that ends so is set a little closer, as far as that
//! saves the sheet; otherwise it stays as it is.

use super::display::{Page, Paper};
use super::flow::Flow;
use super::strip::Strip;

/// Height of a tail, without the heads that are repeated above it: some four lines of notes, or a row and its sum.
const TAIL: f32 = 52.0;

/// What is left of the white space between pieces, tried one after the other.
const CLOSER: [f32; 4] = [0.9, 0.8, 0.7, 0.6];

impl Flow {
    /// The strips of a section after which a new page begins, closer to each other where they would leave a tail.
    pub fn without_tail(&self, mut strips: Vec<Strip>) -> Vec<Strip> {
        let measured: Vec<Strip> = strips.iter().map(Strip::measure).collect();
        let (n_pages, tail) = self.end_of(&measured);
        if n_pages == 0 || tail > TAIL {
            return strips;
        }
        let set = |strips: &mut [Strip], share: f32| strips.iter_mut().for_each(|strip| strip.gap_before *= share);
        let saves = |share: &f32| {
            let mut closer = measured.clone();
            set(&mut closer, *share);
            self.end_of(&closer).0 < n_pages
        };
        if let Some(share) = CLOSER.into_iter().find(saves) {
            set(&mut strips, share);
        }
        strips
    }

    /// How many pages would be opened for strips, and the height that would stand on the last one, without repeated heads.
    fn end_of(&self, strips: &[Strip]) -> (usize, f32) {
        let mut trial = self.beside(Paper::empty());
        trial.paper.pages.push(Page::blank(0.0, 0.0));
        trial.place(strips);
        (trial.paper.pages.len() - 1, trial.used - trial.heads)
    }
}

#[cfg(test)]
mod tests {
    use super::super::flow::Orientation;
    use super::*;

    /// Six blocks with white space between them, and a last one that is so much too high for the page.
    fn strips(too_high: f32) -> Vec<Strip> {
        let block = |height| Strip { gap_before: 18.0, ..Strip::blank(height) };
        let mut out: Vec<Strip> = (0..6).map(|_| block(100.0)).collect();
        let used = 6.0 * 100.0 + 5.0 * 18.0 + 6.0;
        let last = Strip::blank(Orientation::Portrait.text_height() - used + too_high);
        out.push(Strip { gap_before: 6.0, ..last });
        out
    }

    /// Pages of the strips, and whether they were set closer.
    fn placed(strips: Vec<Strip>) -> (usize, bool) {
        let mut flow = Flow::new();
        flow.start_page(Orientation::Portrait);
        let before: Vec<f32> = strips.iter().map(|strip| strip.gap_before).collect();
        let placed = flow.without_tail(strips);
        let is_closer = placed.iter().zip(before).any(|(strip, before)| strip.gap_before < before);
        flow.place(&placed);
        (flow.into_paper().pages.len(), is_closer)
    }

    #[test]
    fn line_that_is_left_over_is_brought_back() {
        assert_eq!(placed(strips(0.0)), (1, false), "it fits as it is");
        assert_eq!(placed(strips(4.0)), (1, true));
        assert_eq!(placed(strips(24.0)), (1, true));
    }

    #[test]
    fn what_no_white_space_makes_room_for_stays() {
        assert_eq!(placed(vec![Strip::blank(700.0), Strip { gap_before: 6.0, ..Strip::blank(30.0) }]), (2, false));
    }

    #[test]
    fn page_with_more_than_a_tail_stays() {
        let mut many = strips(-10.0);
        many.push(Strip::blank(TAIL + 1.0));
        assert_eq!(placed(many), (2, false));
    }
}
