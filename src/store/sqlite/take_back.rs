//! What happens to the facts of a file that another file of the same source and day replaces, and to those of one
//! that is taken back (R25).

use super::open_import::SqliteImport;
use crate::domain::ids::ImportId;
use crate::store::StoreError;

/// Of each table of facts: what voids the rows of the replaced import ($2), and what brings back those that it
/// superseded. $1 is the import that replaces it.
const STATEMENTS: [&str; 10] = [
    "UPDATE enrolment SET known_until = known_from, closed_by = $1
     WHERE import_id = $2 AND known_until IS NULL",
    "INSERT INTO enrolment (enrolment_id, source_id, physician_id, association_id, wished_on, joined_on,
         left_on, class, class_text, class_from, reason, reason_text, status, rows_shown, import_id, row,
         known_from, brought_back_by)
     SELECT e.enrolment_id, e.source_id, e.physician_id, e.association_id, e.wished_on, e.joined_on,
         e.left_on, e.class, e.class_text, e.class_from, e.reason, e.reason_text, e.status, e.rows_shown,
         e.import_id, e.row, r.known_on, $1
     FROM enrolment e JOIN import r ON r.id = $2
     WHERE e.closed_by = $2 AND e.import_id NOT IN
         (SELECT d.id FROM import d WHERE d.source_id = r.source_id AND d.known_on = r.known_on)
     ORDER BY e.id",
    "UPDATE physician_version SET known_until = known_from, closed_by = $1
     WHERE import_id = $2 AND known_until IS NULL",
    "INSERT INTO physician_version (physician_id, name, kana, sex, born_on, graduated, facility, duty,
         digest, kana_digest, import_id, row, known_from, brought_back_by)
     SELECT v.physician_id, v.name, v.kana, v.sex, v.born_on, v.graduated, v.facility, v.duty, v.digest,
         v.kana_digest, v.import_id, v.row, r.known_on, $1
     FROM physician_version v JOIN import r ON r.id = $2
     WHERE v.closed_by = $2
         AND NOT EXISTS (SELECT 1 FROM physician_version s
                         WHERE s.physician_id = v.physician_id AND s.known_until IS NULL)
         AND v.import_id NOT IN
         (SELECT d.id FROM import d WHERE d.source_id = r.source_id AND d.known_on = r.known_on)
     ORDER BY v.id",
    "UPDATE finding SET known_until = known_from, closed_by = $1
     WHERE import_id = $2 AND known_until IS NULL",
    "INSERT INTO finding (source_id, code, physician_id, association_id, date_before, date_after,
         import_id, row, known_from, brought_back_by)
     SELECT f.source_id, f.code, f.physician_id, f.association_id, f.date_before, f.date_after,
         f.import_id, f.row, r.known_on, $1
     FROM finding f JOIN import r ON r.id = $2
     WHERE f.closed_by = $2 AND f.import_id NOT IN
         (SELECT d.id FROM import d WHERE d.source_id = r.source_id AND d.known_on = r.known_on)
     ORDER BY f.id",
    "UPDATE application SET known_until = known_from, closed_by = $1
     WHERE import_id = $2 AND known_until IS NULL",
    "INSERT INTO application (source_id, number, kind, physician_id, association_id, filer, applied_on,
         effective_on, approved_on, cancelled_on, status, class, reason, note, import_id, row, known_from,
         brought_back_by)
     SELECT p.source_id, p.number, p.kind, p.physician_id, p.association_id, p.filer, p.applied_on,
         p.effective_on, p.approved_on, p.cancelled_on, p.status, p.class, p.reason, p.note, p.import_id,
         p.row, r.known_on, $1
     FROM application p JOIN import r ON r.id = $2
     WHERE p.closed_by = $2 AND p.import_id NOT IN
         (SELECT d.id FROM import d WHERE d.source_id = r.source_id AND d.known_on = r.known_on)
     ORDER BY p.id",
    "UPDATE adjustment SET known_until = known_from, closed_by = $1
     WHERE import_id = $2 AND known_until IS NULL",
    "INSERT INTO adjustment (source_id, number, kind, physician_id, association_id, stay_joined_on, day,
         class, reason, other_physician_id, finding, is_revoked, why, approver, import_id, row, known_from,
         brought_back_by)
     SELECT j.source_id, j.number, j.kind, j.physician_id, j.association_id, j.stay_joined_on, j.day,
         j.class, j.reason, j.other_physician_id, j.finding, j.is_revoked, j.why, j.approver, j.import_id,
         j.row, r.known_on, $1
     FROM adjustment j JOIN import r ON r.id = $2
     WHERE j.closed_by = $2 AND j.import_id NOT IN
         (SELECT d.id FROM import d WHERE d.source_id = r.source_id AND d.known_on = r.known_on)
     ORDER BY j.id",
];

impl SqliteImport {
    /// Takes back an import of the same day: its rows become void (known_until = known_from), and rows that it
    /// superseded stand again as copies. Rows that came from files of this day are not brought back.
    pub(super) async fn take_back(&mut self, replaced: ImportId) -> Result<(), StoreError> {
        for statement in STATEMENTS {
            sqlx::query(statement).bind(self.id.0).bind(replaced.0).execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}
