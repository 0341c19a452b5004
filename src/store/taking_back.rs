//! Taking an import back (R25): what crosses the border of the store, and what becomes of the rows.
//!
//! The same statements serve both stores. Only the newest import of its source may be taken back, so that no later import of
//! the source has built on it; descriptions of persons apart, which all sources share.

use chrono::{DateTime, Utc};

use crate::domain::ids::ImportId;

/// An import that is to be taken back.
#[derive(Debug, Clone)]
pub struct TakingBack {
    /// Head of the store that this was worked out against.
    pub follows: String,
    /// The import.
    pub import: ImportId,
    /// Why, in the words of the office; never empty.
    pub reason: String,
    /// When.
    pub taken_back_at: DateTime<Utc>,
    /// Head of the store from then on.
    pub head: String,
}

/// That an import was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// Number of the taking back, ascending.
    pub nth: i64,
    /// The newest import at that moment.
    pub follows: ImportId,
    /// Why.
    pub reason: String,
    /// When.
    pub taken_back_at: DateTime<Utc>,
    /// Head of the store from then on, until the next import.
    pub head: String,
}

/// Head of the store: of the newest import, or of the taking back after it.
pub(super) const HEAD: &str = "SELECT heads.head FROM
         (SELECT i.id AS place, 0 AS nth, i.head FROM import i
          UNION ALL SELECT t.follows AS place, t.id AS nth, t.head FROM import_taken_back t) AS heads
     ORDER BY heads.place DESC, heads.nth DESC LIMIT 1";

/// Number of rows that an import ($1) brought back before it was noted which ones those are: without that it cannot be
/// told which rows stood before it.
pub(super) const UNNOTED_COPIES: &str = "SELECT count(*) FROM enrolment e JOIN import i ON i.id = e.import_id
     JOIN import r ON r.id = $1
     WHERE e.source_id = r.source_id AND e.known_from = r.known_on AND i.known_on < e.known_from
         AND e.brought_back_by IS NULL
         AND EXISTS (SELECT 1 FROM import q WHERE q.replaced_by = r.id)";

/// What takes an import back: in each table of facts the rows that it had superseded stand again, then its own rows, and the
/// copies that it had brought back, become void. A description of a person that another source has superseded since hands
/// that end on to the one before it.
pub(super) fn statements(import: ImportId) -> Vec<String> {
    let mut out = Vec::new();
    for table in ["enrolment", "finding", "application", "adjustment", "physician_version"] {
        let is_person = table == "physician_version";
        if is_person {
            out.push(format!(
                "UPDATE physician_version SET known_until = v.known_until, closed_by = v.closed_by
                 FROM physician_version v
                 WHERE v.physician_id = physician_version.physician_id AND v.closed_by <> {import}
                     AND (v.import_id = {import} OR v.brought_back_by = {import})
                     AND physician_version.closed_by = {import} AND physician_version.import_id <> {import}
                     AND coalesce(physician_version.brought_back_by, 0) <> {import}"
            ));
        }
        let stands =
            if is_person { "(known_until IS NULL OR known_until > known_from)" } else { "known_until IS NULL" };
        out.push(format!(
            "UPDATE {table} SET known_until = NULL, closed_by = NULL
             WHERE closed_by = {import} AND import_id <> {import} AND coalesce(brought_back_by, 0) <> {import}"
        ));
        out.push(format!(
            "UPDATE {table} SET known_until = known_from, closed_by = {import}
             WHERE (import_id = {import} OR brought_back_by = {import}) AND {stands}"
        ));
    }
    out.extend([
        format!("UPDATE association_version SET superseded_by = NULL WHERE superseded_by = {import} AND import_id <> {import}"),
        format!("UPDATE association_version SET superseded_by = {import} WHERE import_id = {import} AND superseded_by IS NULL"),
        format!("UPDATE import SET replaced_by = NULL WHERE replaced_by = {import}"),
    ]);
    out
}
