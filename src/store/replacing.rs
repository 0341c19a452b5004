//! What happens to the facts of a file that another file of the same source and day replaces (R3, R25).

use super::error::StoreError;
use super::tables::{ADJUSTMENT, APPLICATION, ENROLMENT, FINDING, PHYSICIAN_VERSION, Table, names};
use super::tx::Tx;
use crate::domain::ids::ImportId;

/// Takes back an import in favour of another one of the same day: its rows become void (known_until = known_from), and rows
/// that it superseded stand again as copies. Rows that came from files of this day are not brought back.
pub(super) async fn take_back(tx: &mut Tx, replaced: ImportId, by: ImportId) -> Result<(), StoreError> {
    for table in [&ENROLMENT, &PHYSICIAN_VERSION, &FINDING, &APPLICATION, &ADJUSTMENT] {
        tx.execute(format!(
            "UPDATE {} SET known_until = known_from, closed_by = {by} WHERE import_id = {replaced} AND known_until IS NULL",
            table.name
        ))
        .await?;
        tx.execute(bring_back(table, replaced, by)).await?;
    }
    Ok(())
}

/// Copies the rows of a table that an import superseded. A person whom another source has described since needs none.
fn bring_back(table: &Table, replaced: ImportId, by: ImportId) -> String {
    let name = table.name;
    let facts = table.facts();
    // Between the id and the two days.
    let said = names(&facts[1..facts.len() - 2]);
    let undescribed = if name == PHYSICIAN_VERSION.name {
        "AND NOT EXISTS (SELECT 1 FROM physician_version s WHERE s.physician_id = f.physician_id AND s.known_until IS NULL)"
    } else {
        ""
    };
    format!(
        "INSERT INTO {name} (id, {said}, known_from, brought_back_by)
         SELECT (SELECT coalesce(max(m.id), 0) FROM {name} m) + row_number() OVER (ORDER BY id), {said},
             (SELECT r.known_on FROM import r WHERE r.id = {replaced}), {by}
         FROM {name} f
         WHERE f.closed_by = {replaced} {undescribed} AND f.import_id NOT IN
             (SELECT d.id FROM import d JOIN import r ON d.source_id = r.source_id AND d.known_on = r.known_on
              WHERE r.id = {replaced})
         ORDER BY f.id"
    )
}
