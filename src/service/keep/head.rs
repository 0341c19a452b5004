//! Heads and hashes: what names the state of a store, and what names contents.

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;
use crate::store::{EMPTY_HEAD, ImportRecord};

/// The head of the store: what all imports together are, and what was taken back of them since the newest.
pub(in crate::service) fn head_of(imports: &[ImportRecord]) -> String {
    let Some(newest) = imports.last() else { return EMPTY_HEAD.to_string() };
    let since = imports.iter().filter_map(|import| import.taken_back.as_ref());
    let last = since.filter(|taken| taken.follows == newest.id).max_by_key(|taken| taken.nth);
    last.map_or(&newest.head, |taken| &taken.head).clone()
}

/// The head after one more import: a chain over what was taken in, not over when.
pub(in crate::service) fn next_head(previous: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(previous);
    for part in parts {
        hash.update([0]);
        hash.update(part);
    }
    hex(&hash.finalize())[..16].to_string()
}

/// SHA-256 of texts, hexadecimal.
pub(in crate::service) fn sha256_of(texts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update(text);
        hash.update([0]);
    }
    hex(&hash.finalize())
}
