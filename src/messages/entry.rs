//! One row of the catalogue.

/// One entry of the catalogue.
pub(super) struct Entry {
    pub(super) code: &'static str,
    pub(super) ja: (&'static str, &'static str),
    pub(super) en: (&'static str, &'static str),
}
