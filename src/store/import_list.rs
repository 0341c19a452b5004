//! The files that were taken in; the statement is that of both stores.

use std::sync::{Arc, PoisonError};

use super::cells::Cells;
use super::error::StoreError;
use super::facade::Store;
use super::facts::ImportRecord;
use super::tables::{Column, Kind};
use super::taking_back::TakenBack;
use crate::domain::ids::{ImportId, SourceId};
use crate::domain::layout::FileKind;

const IMPORT: &[Column] = &[
    ("i.id", Kind::Big),
    ("i.source_id", Kind::Int),
    ("s.kind", Kind::Text),
    ("s.name", Kind::Text),
    ("i.known_on", Kind::Day),
    ("i.file_name", Kind::Text),
    ("i.sha256", Kind::Text),
    ("i.definitions_sha256", Kind::Text),
    ("i.ended_rows_kept_days", Kind::Big),
    ("i.n_rows", Kind::Big),
    ("i.n_rejected", Kind::Big),
    ("i.n_rejected_active", Kind::Big),
    ("i.head", Kind::Text),
    ("i.imported_at", Kind::Instant),
    ("i.replaced_by", Kind::Big),
    ("t.id", Kind::Big),
    ("t.follows", Kind::Big),
    ("t.reason", Kind::Text),
    ("t.taken_back_at", Kind::Instant),
    ("t.head", Kind::Text),
];

fn read(row: &mut Cells) -> Result<ImportRecord, StoreError> {
    Ok(ImportRecord {
        id: ImportId(row.get()?),
        source: SourceId(row.get()?),
        kind: row.coded(FileKind::from_code)?,
        source_name: row.get()?,
        known_on: row.get()?,
        file_name: row.get()?,
        sha256: row.get()?,
        definitions_sha256: row.get()?,
        ended_rows_kept_days: row.get()?,
        n_rows: row.get()?,
        n_rejected: row.get()?,
        n_rejected_active: row.get()?,
        head: row.get()?,
        imported_at: row.get()?,
        replaced: row.get::<Option<i64>>()?.is_some(),
        taken_back: match row.get()? {
            Some(nth) => Some(TakenBack {
                nth,
                follows: ImportId(row.get()?),
                reason: row.get()?,
                taken_back_at: row.get()?,
                head: row.get()?,
            }),
            None => None,
        },
    })
}

impl Store {
    /// All imports in the order in which they were made, replaced ones included.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        self.shared_imports().await.map(Arc::unwrap_or_clone)
    }

    /// The same without a copy. From a file that may only be read they come from memory, as long as nothing was stored in it.
    ///
    /// # Errors
    /// As [`Self::imports`].
    pub async fn shared_imports(&self) -> Result<Arc<Vec<ImportRecord>>, StoreError> {
        let from = "import i JOIN source s ON s.id = i.source_id
                    LEFT JOIN import_taken_back t ON t.import_id = i.id ORDER BY i.id";
        let Self::Sqlite(store) = self else { return self.read("import", IMPORT, from, read).await.map(Arc::new) };
        // Asked before they are read: what is stored in between is found the next time.
        let state = store.state().await?;
        let kept = || store.kept_imports.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(imports) = kept().as_ref().filter(|(of, _)| Some(of) == state.as_ref()).map(|(_, kept)| kept) {
            return Ok(Arc::clone(imports));
        }
        let imports = Arc::new(self.read("import", IMPORT, from, read).await?);
        if let Some(state) = state {
            *kept() = Some((state, Arc::clone(&imports)));
        }
        Ok(imports)
    }
}
