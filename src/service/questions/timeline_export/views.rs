//! Views over the files of an export, in the languages of two engines.

use crate::domain::as_of::KnownAt;

const DUCKDB: &str = include_str!("views.duckdb.sql");
const SPARK: &str = include_str!("views.spark.sql");

/// Stands in the texts for the newest known-at.
const KNOWN_AT: &str = "{known_at}";

/// Names and texts of both.
pub(super) fn views(known_at: KnownAt) -> [(&'static str, String); 2] {
    let of = |text: &str| text.replace(KNOWN_AT, &known_at.0.to_string());
    [("views.duckdb.sql", of(DUCKDB)), ("views.spark.sql", of(SPARK))]
}
