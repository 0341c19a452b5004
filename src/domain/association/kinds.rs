//! Kinds of bodies (種別).

/// Kinds of bodies in printing order; any other kind follows.
const KINDS: [&str; 5] = ["地域", "大学", "職域", "行政", "その他"];

/// Place of a kind of body (種別) in printing order.
pub fn kind_order(kind: &str) -> usize {
    KINDS.iter().position(|other| *other == kind).unwrap_or(KINDS.len())
}
