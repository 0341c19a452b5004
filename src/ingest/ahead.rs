//! Rows read ahead on a thread of their own: decoding goes on while the rows before are checked.
//!
//! They come in the order of the file, and whatever stops the reading comes behind them.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use csv::StringRecord;

use super::file_problem::IngestError;
use super::rows::Rows;
use crate::domain::problem::Problem;

/// Rows handed over at once; each hand-over between threads costs as much as some rows.
const ROWS_AT_ONCE: usize = 512;

/// Hand-overs that may wait: some thousand rows, a megabyte.
const MOST_WAITING: usize = 4;

/// Room for the cells of an ordinary row.
const BYTES_OF_ROW: usize = 512;

/// A row of the file.
pub(super) struct RowAhead {
    /// Its number as Excel shows it.
    pub(super) row: u32,
    /// Its cells.
    pub(super) record: StringRecord,
    /// Whether it has fewer cells than the headings.
    pub(super) is_short: bool,
}

/// Some rows, the lines that were passed over between them, and what ended the reading.
struct Batch {
    rows: Vec<RowAhead>,
    skipped: Vec<(u32, Problem)>,
    end: Option<Result<(), IngestError>>,
}

/// The rows of a file that is read on another thread.
pub(super) struct RowsAhead {
    batches: Receiver<Batch>,
    rows: std::vec::IntoIter<RowAhead>,
    skipped: Vec<(u32, Problem)>,
    end: Option<Result<(), IngestError>>,
}

/// Reads rows on a thread while `take` has them.
pub(super) fn read_ahead<T>(rows: Rows, take: impl FnOnce(&mut RowsAhead) -> T) -> T {
    let (sender, batches) = sync_channel(MOST_WAITING);
    thread::scope(|scope| {
        scope.spawn(move || send_all(rows, &sender));
        let mut ahead = RowsAhead { batches, rows: Vec::new().into_iter(), skipped: Vec::new(), end: None };
        // Whoever stops early lets go of the receiver here, which ends the thread.
        take(&mut ahead)
    })
}

fn send_all(mut rows: Rows, sender: &SyncSender<Batch>) {
    let (width, mut told) = (rows.headings().len(), 0);
    loop {
        let mut batch = Batch { rows: Vec::with_capacity(ROWS_AT_ONCE), skipped: Vec::new(), end: None };
        while batch.rows.len() < ROWS_AT_ONCE && batch.end.is_none() {
            let mut record = StringRecord::with_capacity(BYTES_OF_ROW, width + 1);
            match rows.next_row(&mut record) {
                Ok(Some(row)) => batch.rows.push(RowAhead { row, record, is_short: rows.is_short() }),
                Ok(None) => batch.end = Some(Ok(())),
                Err(error) => batch.end = Some(Err(error)),
            }
        }
        batch.skipped.extend_from_slice(&rows.skipped()[told..]);
        told = rows.skipped().len();
        let is_last = batch.end.is_some();
        if sender.send(batch).is_err() || is_last {
            return;
        }
    }
}

impl RowsAhead {
    /// The next row, `None` behind the last one.
    ///
    /// # Errors
    /// As [`Rows::next_row`].
    pub(super) fn next_row(&mut self) -> Result<Option<RowAhead>, IngestError> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            if let Some(end) = self.end.take() {
                return end.map(|()| None);
            }
            // A thread that ends without saying so has panicked, which its scope passes on.
            let Ok(batch) = self.batches.recv() else { return Ok(None) };
            self.rows = batch.rows.into_iter();
            self.skipped.extend(batch.skipped);
            self.end = batch.end;
        }
    }

    /// Rows above `before` that were passed over, or all, as [`Rows::skipped`].
    pub(super) fn skipped(&self, before: Option<u32>) -> &[(u32, Problem)] {
        let n = before.map_or(self.skipped.len(), |row| self.skipped.partition_point(|(skipped, _)| *skipped < row));
        &self.skipped[..n]
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rstest::rstest;

    use super::*;
    use crate::ingest::scan::scan;

    /// Rows of which some are blank, some are totals, and those of `odd` are as given.
    fn file(folder: &Path, odd: &[(usize, &str)]) -> std::path::PathBuf {
        let mut text = "番号,名,日\n".to_string();
        for nth in 2..=4 * ROWS_AT_ONCE * MOST_WAITING {
            let line = odd.iter().find(|(row, _)| *row == nth).map(|(_, line)| (*line).to_string());
            text += &line.unwrap_or_else(|| match nth % 1_000 {
                0 => "合計,,\n".into(),
                1 => "\n".into(),
                _ => format!("{nth},架空,2025-04-01\n"),
            });
        }
        let path = folder.join("members.csv");
        std::fs::write(&path, text).expect("the temporary folder can be written");
        path
    }

    /// What a reading comes to: rows, lines that were passed over, and its end.
    type Told = (Vec<(u32, Vec<String>, bool)>, Vec<(u32, Problem)>, String);

    fn cells(record: &StringRecord) -> Vec<String> {
        record.iter().map(str::to_string).collect()
    }

    fn in_turn(path: &Path) -> Told {
        let mut rows = Rows::open(path, &scan(path).expect("a text")).expect("headings");
        let (mut out, mut record) = (Vec::new(), StringRecord::new());
        loop {
            match rows.next_row(&mut record) {
                Ok(Some(row)) => out.push((row, cells(&record), rows.is_short())),
                other => return (out, rows.skipped().to_vec(), format!("{other:?}")),
            }
        }
    }

    fn ahead(path: &Path) -> Told {
        let rows = Rows::open(path, &scan(path).expect("a text")).expect("headings");
        read_ahead(rows, |rows| {
            let mut out = Vec::new();
            loop {
                match rows.next_row() {
                    Ok(Some(RowAhead { row, record, is_short })) => out.push((row, cells(&record), is_short)),
                    other => {
                        let end = format!("{:?}", other.map(|row| row.map(|row| row.row)));
                        return (out, rows.skipped(None).to_vec(), end);
                    }
                }
            }
        })
    }

    #[rstest]
    #[case::nothing_odd(&[])]
    #[case::short_rows(&[(3, "3,架空\n"), (2_500, "2500\n")])]
    #[case::too_many_cells_in_the_middle(&[(3_333, "3333,架空,2025-04-01,x\n")])]
    #[case::too_many_cells_at_the_end_of_a_hand_over(&[(ROWS_AT_ONCE + 1, "1,架空,2025-04-01,x\n")])]
    #[case::last_row_cut(&[(4 * ROWS_AT_ONCE * MOST_WAITING, "9,架")])]
    fn rows_come_as_they_do_in_turn(#[case] odd: &[(usize, &str)]) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = file(folder.path(), odd);
        assert_eq!(ahead(&path), in_turn(&path));
    }

    #[test]
    fn whoever_stops_early_hears_of_nothing_behind() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = file(folder.path(), &[]);
        let rows = Rows::open(&path, &scan(&path).expect("a text")).expect("headings");
        let skipped = read_ahead(rows, |rows| {
            while rows.next_row().expect("the rows are sound").is_some_and(|row| row.row < 1_500) {}
            rows.skipped(Some(1_500)).to_vec()
        });
        assert_eq!(skipped, [(1_000, Problem::TotalSkipped)]);
    }
}
