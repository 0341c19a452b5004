//! Moving a whole store into an empty one, and proving that nothing was lost on the way.
//!
//! All rows are copied with their ids in one transaction, which is undone unless every table then has the same
//! number of rows and the same hash on both sides. After that both stores answer the same questions.

use anyhow::{Context, Result};
use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::domain::as_of::{AsOf, KnownAt};
use crate::domain::grouping::Dimension;
use crate::domain::layout::FileKind;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::head::head_of;
use crate::service::known::map::MapChoice;
use crate::service::known::vintage::Vintage;
use crate::service::questions::count::count;
use crate::service::questions::question::Question;
use crate::store::Store;
use crate::store::table_sum::TableSum;

/// Pairs of days at which both stores are asked.
const PAIRS: u32 = 100;

/// The pairs are drawn from this, so that two runs ask the same.
const SEED: u64 = 0x6b61_6969_6e00_0001;

/// How far around the exports the days of the questions lie: stays begin long before the first export.
const DAYS_AROUND: u64 = 3_000;

/// A table on both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedTable {
    /// Its name.
    pub table: &'static str,
    /// Rows in both stores.
    pub rows: u64,
    /// SHA-256 over all values in the order of the key, equal on both sides.
    pub sha256: String,
}

/// What was copied and how it was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopyReport {
    /// Where the facts come from, without a password.
    pub from: String,
    /// Where they are now, without a password.
    pub to: String,
    /// Head of both stores.
    pub head: String,
    /// Every table, with what is equal.
    pub tables: Vec<CopiedTable>,
    /// Pairs of days at which both stores gave the same count; none without an export.
    pub equal_counts: u32,
}

/// What a store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreStatus {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// Where it is, without a password.
    pub place: String,
    /// What makes it another than every other store.
    pub identity: String,
    /// Its head.
    pub head: String,
    /// Number of imports, replaced ones included.
    pub imports: usize,
    /// Every table with its rows.
    pub tables: Vec<TableRows>,
}

/// A table with its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRows {
    /// Its name.
    pub table: &'static str,
    /// Number of rows.
    pub rows: u64,
}

/// Says what a store holds.
///
/// # Errors
/// When the store cannot be read.
pub async fn status(workspace: &Workspace) -> Result<StoreStatus> {
    let imports = workspace.store.imports().await?;
    let rows = workspace.store.look().await?.row_counts().await?;
    Ok(StoreStatus {
        kind: kind(&workspace.store),
        place: workspace.place(),
        identity: workspace.store.identity().await?,
        head: head_of(&imports),
        imports: imports.len(),
        tables: rows.into_iter().map(|(table, rows)| TableRows { table, rows }).collect(),
    })
}

/// Copies everything from one store into another, which must be empty.
///
/// # Errors
/// [`Failure`] STO-005 when the source holds nothing, STO-001 when the target holds anything, STO-002 when both are one store, STO-003 when a table or an
/// answer differs; when a store cannot be read or written. Nothing is stored then, except after STO-003 about an
/// answer, which names it.
pub async fn copy(from: &Workspace, to: &Workspace) -> Result<CopyReport> {
    if from.store.identity().await? == to.store.identity().await? {
        return Err(Failure::usage("STO-002", to.place()).into());
    }
    refuse_empty(from).await?;
    // Both workspaces share a folder, whose lock one of them takes; a server also keeps writers of the source out.
    let _target = to.lock_for_writing().await?;
    let _source = from.store.lock().await?;
    let sums = move_rows(from, to).await?;
    let head = head_of(&from.store.imports().await?);
    let equal_counts = compare_counts(from, to).await?;
    let tables = sums.into_iter().map(|sum| CopiedTable { table: sum.table, rows: sum.n_rows, sha256: sum.sha256 });
    Ok(CopyReport { from: from.place(), to: to.place(), head, tables: tables.collect(), equal_counts })
}

/// Refuses to copy a store without anything in it.
///
/// # Errors
/// [`Failure`] STO-005; when the store cannot be read.
pub async fn refuse_empty(from: &Workspace) -> Result<()> {
    match from.store.imports().await?.is_empty() {
        true => Err(Failure::usage("STO-005", from.place()).into()),
        false => Ok(()),
    }
}

/// Copies all rows with their ids into an empty store, and proves it.
pub(in crate::service) async fn move_rows(from: &Workspace, to: &Workspace) -> Result<Vec<TableSum>> {
    let mut target = to.store.fill().await.context("opening the target")?;
    if let Some((table, rows)) = target.row_counts().await?.into_iter().find(|(_, rows)| *rows > 0) {
        return Err(Failure::usage("STO-001", format!("{}: {table} {rows}", to.place())).into());
    }
    let mut source = from.store.look().await.context("opening the source")?;
    target.append(&mut source).await.context("copying")?;
    let (before, after) = (source.sums().await?, target.sums().await?);
    if let Some((before, _)) = before.iter().zip(&after).find(|(before, after)| before != after) {
        return Err(Failure::new(FailureKind::Data, "STO-003", before.table).into());
    }
    target.commit().await.context("storing the copy")?;
    Ok(after)
}

/// Asks both stores for the members at pairs of days, and returns how many were asked.
async fn compare_counts(from: &Workspace, to: &Workspace) -> Result<u32> {
    let exports: Vec<NaiveDate> = from
        .store
        .imports()
        .await?
        .iter()
        .filter(|import| import.kind == FileKind::Members && import.stands())
        .map(|import| import.known_on)
        .collect();
    let (Some(first), Some(last)) = (exports.iter().min(), exports.iter().max()) else { return Ok(0) };
    let mut before = Vintage::open(from, None).await?;
    let mut after = Vintage::open(to, None).await?;
    let by = vec![Dimension::Association, Dimension::Class];
    let question = Question {
        by,
        tier: None,
        prefecture: None,
        association: None,
        below: false,
        map: MapChoice::AsOf,
        zeros: false,
    };
    for (as_of, known_at) in pairs(*first, *last) {
        before.known_at = KnownAt(known_at);
        after.known_at = KnownAt(known_at);
        let answers = (count(&before, AsOf(as_of), &question)?, count(&after, AsOf(as_of), &question)?);
        if serde_json::to_value(&answers.0)? != serde_json::to_value(&answers.1)? {
            return Err(Failure::new(FailureKind::Data, "STO-003", format!("{as_of}, {known_at}")).into());
        }
    }
    Ok(PAIRS)
}

/// Pairs of an as-of day around the exports and a known-at day among them.
fn pairs(first: NaiveDate, last: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let span = u64::try_from((last - first).num_days()).unwrap_or_default();
    let day = |from: NaiveDate, days: u64| from.checked_add_days(Days::new(days)).unwrap_or(from);
    let earliest = first.checked_sub_days(Days::new(DAYS_AROUND)).unwrap_or(first);
    let mut state = SEED;
    (0..PAIRS).map(move |_| {
        let as_of = day(earliest, draw(&mut state) % (DAYS_AROUND + span + 400));
        (as_of, day(first, draw(&mut state) % (span + 1)))
    })
}

/// The next number of a splitmix64 sequence.
pub(in crate::service) fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn kind(store: &Store) -> &'static str {
    match store {
        Store::Sqlite(_) => "sqlite",
        Store::Postgres(_) => "postgres",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_the_same_every_time_and_known_at_lies_among_the_exports() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("test dates are ISO");
        let (first, last) = (day("2025-09-30"), day("2025-12-31"));
        let drawn: Vec<_> = pairs(first, last).collect();
        assert_eq!(drawn, pairs(first, last).collect::<Vec<_>>());
        assert!(drawn.iter().all(|(_, known_at)| (first..=last).contains(known_at)));
        let distinct: std::collections::BTreeSet<_> = drawn.iter().collect();
        assert!(distinct.len() > 90, "{} distinct pairs", distinct.len());
    }
}
