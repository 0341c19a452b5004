//! Which source told of which stay, and since when: what the reach of exports is read from (R7).

use super::columns::{NONE, Piece};
use super::error::TimelineError;
use super::read::Timeline;
use crate::domain::as_of::KnownAt;
use crate::domain::day::{OPEN, day_number};
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};

/// One stay as exports tell it, in day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportedStay {
    /// The number.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The source that tells of it.
    pub source: SourceId,
    /// First export day that told of it.
    pub first_reported: i32,
    /// 入会日.
    pub joined: i32,
    /// 退会日 as reported; [`OPEN`] when open.
    pub left: i32,
}

impl Timeline {
    /// Number of pieces, at least one.
    pub fn n_pieces(&self) -> usize {
        self.pieces.len()
    }

    /// Calls `each` with every stay of a piece that exports had told of by a day, by physician, body and stay, with the days
    /// last told. A stay without 入会日 is left out (R10). Applications and adjustments are not asked.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn each_reported(
        &self,
        nth: usize,
        known_at: KnownAt,
        mut each: impl FnMut(ReportedStay),
    ) -> Result<(), TimelineError> {
        self.pieces.pass(nth, true, |piece| each_reported_of(piece, day_number(known_at.0), &mut each))
    }
}

fn each_reported_of(piece: &Piece, known: i32, each: &mut impl FnMut(ReportedStay)) {
    let mut start = 0;
    while start < piece.len() {
        let stay = (piece.physician[start], piece.enrolment[start]);
        let mut end = start + 1;
        while end < piece.len() && (piece.physician[end], piece.enrolment[end]) == stay {
            end += 1;
        }
        // Versions of one stay stand in the order in which they were learnt.
        if let Some(last) = (start..end).rev().find(|i| piece.known_from[*i] <= known)
            && piece.joined_on[last] != NONE
        {
            let left = piece.left_on[last];
            each(ReportedStay {
                physician: PhysicianId(stay.0),
                association: AssociationId(piece.association[last]),
                source: piece.source(last),
                first_reported: piece.known_from[start],
                joined: piece.joined_on[last],
                left: if left == NONE { OPEN } else { left },
            });
        }
        start = end;
    }
}
