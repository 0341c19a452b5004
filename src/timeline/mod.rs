//! The columnar projection of the store: Parquet files for each store head, with their hashes.
//!
//! It can always be rebuilt from the store. It holds surrogate ids only, never a name or a registration number.
//! Layout contract for other readers (DuckDB, pyarrow, Spark): signed integers, date32, no dictionaries. Row groups of the
//! versions end where a physician ends, so that each can be counted alone. The files are made anew after each import and read
//! many times: they are not compressed beyond what Parquet's encodings do (docs/performance.md).
//!
//! `enrolments-<head>.parquet`, one row for each version of each stay, sorted by physician, association,
//! enrolment, known_from:
//!
//! | column | type | null | meaning |
//! |---|---|---|---|
//! | physician_id | i64 | no | surrogate id |
//! | enrolment_id | i64 | no | the stay through its versions |
//! | source_id | i32 | no | where it was learnt |
//! | association_id | i32 | no | surrogate id of the body |
//! | class | i16 | no | position in A1, A2B, A2C, B, C, unknown |
//! | class_from | date | yes | first day of the class; null = from the beginning |
//! | joined_on | date | yes | 入会日; null = pending |
//! | left_on | date | yes | 退会日 as reported |
//! | reason | i16 | no | withdrawal reason |
//! | status | i16 | no | 会員状態 as the source shows it |
//! | rows_shown | i16 | no | rows of the newest export that show it; 0 = not shown |
//! | known_from | date | no | first export day |
//! | known_until | date | yes | first export day of the next version |
//!
//! `persons-<head>.parquet`, one row for each description of a person: physician_id i64, sex i16, born_on date
//! (null), duty text, known_from date, known_until date (null); sorted by physician, known_from.
//!
//! `sums-<head>.txt`, the hashes of the three, is written last and asked before they are read.
//!
//! `corrections-<head>.parquet`, one row for each version of an application (`what` 0) or adjustment (`what` 1).
//!
//! `changes-<rule>-<head>.parquet`, one row for each change point of a figure, by month of its day, then known_from: known_from
//! date, day date, cell i32 (numbers: `stats::change_points`), change i32. It has sums of its own, is made from the others, and
//! may be missing. `coverage-<export day>-<head>.txt`, how far the exports reached by a day, is kept beside them by `service::known`.

mod by_physician;
mod carried;
mod change_file;
mod chosen;
mod columns;
mod correction_file;
mod corrections;
mod error;
mod exchange;
mod files;
mod histories;
mod parquet;
mod pieces;
mod read;
mod reported;
mod row_groups;
mod same_persons;
pub mod snapshot;
mod spans;
mod sums;
mod write;

pub use change_file::{ChangeColumns, ChangeFile, ChangeTable};
pub use chosen::Chosen;
pub use corrections::{Evidence, KnownOf};
pub use error::TimelineError;
pub use exchange::{ExchangeColumn, ExchangeColumns, ExchangedFile, write_exchange_file};
pub use files::TimelineFiles;
pub use histories::Histories;
pub use read::{PersonColumns, ResolvedStays, Timeline};
pub use reported::ReportedStay;
pub use spans::{OfPerson, Span};
pub use sums::{SumFault, sealed, sum_of_bytes, unsealed};
pub use write::TimelineWriter;
