//! Versions that a replaced file cut in two, put back together.
//!
//! A second file of one day makes what the first one had superseded stand again, as copies from that day on (R3). Facts
//! are read as if the first file had never been: a copy goes on where its original ends, and leaves no day behind.

use chrono::NaiveDate;

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::person::PersonAttributes;

/// Something that is known from a day on, until another one.
pub(super) trait Spanning {
    /// First day, inclusive.
    fn known_from(&self) -> NaiveDate;
    /// First day on which it is no longer known; `None` for what stands.
    fn known_until(&mut self) -> &mut Option<NaiveDate>;
}

macro_rules! spanning {
    ($($version:ty),*) => {
        $(impl Spanning for $version {
            fn known_from(&self) -> NaiveDate {
                self.known_from
            }

            fn known_until(&mut self) -> &mut Option<NaiveDate> {
                &mut self.known_until
            }
        })*
    };
}

spanning!(EnrolmentVersion, ApplicationVersion, AdjustmentVersion, PersonAttributes);

/// Hands versions over once they are whole. `K` says which fact of which import a version is; all versions of one come
/// after each other, by known_from.
pub(super) struct Uncut<K, T, F> {
    held: Option<(K, T)>,
    each: F,
}

impl<K: PartialEq, T: Spanning, F: FnMut(T)> Uncut<K, T, F> {
    pub(super) fn new(each: F) -> Self {
        Self { held: None, each }
    }

    pub(super) fn push(&mut self, origin: K, mut version: T) {
        if let Some((held, earlier)) = &mut self.held
            && *held == origin
            && *earlier.known_until() == Some(version.known_from())
        {
            *earlier.known_until() = *version.known_until();
            return;
        }
        if let Some((_, whole)) = self.held.replace((origin, version)) {
            (self.each)(whole);
        }
    }

    /// Hands over the last one.
    pub(super) fn end(mut self) {
        if let Some((_, whole)) = self.held.take() {
            (self.each)(whole);
        }
    }
}
