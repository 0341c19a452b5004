//! One row of the catalogue.

/// One entry of the catalogue.
pub(super) struct Entry {
    pub(super) code: &'static str,
    pub(super) ja: (&'static str, &'static str),
    pub(super) en: (&'static str, &'static str),
}

/// Writes a table of entries under a name: code, Japanese and English, each with message and remedy.
macro_rules! catalogue {
    ($name:ident $($code:literal { $ja:literal / $ja_remedy:literal / $en:literal / $en_remedy:literal })*) => {
        pub(super) const $name: &[Entry] = &[
            $(Entry { code: $code, ja: ($ja, $ja_remedy), en: ($en, $en_remedy) },)*
        ];
    };
}

pub(super) use catalogue;
