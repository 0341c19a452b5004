//! What the tables of a store hold, described once, so that whole stores can be copied and compared.
//!
//! This is about moving rows, not about what they mean. The tables and columns of the migrations are compared with
//! this list in the tests, on both stores.

/// How a column is kept on a server, and how its values cross.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of 16 bits.
    Small,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Big,
    /// True or false; crosses as 1 or 0.
    Flag,
    /// A day; crosses as days since 1970-01-01.
    Day,
    /// An instant; crosses as microseconds since 1970-01-01 in UTC.
    Instant,
    /// A text.
    Text,
}

/// Name of a column, or what a statement computes in its place, and its kind.
pub type Column = (&'static str, Kind);

/// A table of facts or of the ledger.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in the order in which they cross.
    pub columns: &'static [Column],
    /// How many of the first columns make a row unique; rows cross in their order.
    pub key: usize,
}

impl Table {
    /// Of a table of facts, the columns that say something: all but who ended a row, and who brought it back.
    pub(super) fn facts(&self) -> &'static [Column] {
        &self.columns[..self.columns.len() - 2]
    }
}

/// Names of columns, divided by commas.
pub(super) fn names(columns: &[Column]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Declares tables: the name, how many of the first columns make a row unique, and the columns with their kinds.
macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident = $name:literal, $key:literal { $($column:ident $kind:ident,)* })*) => {
        $(
            $(#[$doc])*
            pub(super) static $table: Table =
                Table { name: $name, columns: &[$((stringify!($column), Kind::$kind)),*], key: $key };
        )*

        /// All tables but `store_identity` and `store_mark`, which two stores never share, and `writer`; each after those it points to.
        pub const TABLES: &[&Table] = &[$(&$table),*];
    };
}

tables! {
    /// Kinds of files with their names.
    SOURCE = "source", 1 {
        id Int, kind Text, name Text,
    }
    /// Files that were taken in.
    IMPORT = "import", 1 {
        id Big, source_id Int, known_on Day, file_name Text, sha256 Text, size_bytes Big, encoding Text,
        layout Text, definitions_sha256 Text, ended_rows_kept_days Big, imported_at Instant, n_rows Big,
        n_rejected Big, n_rejected_active Big, accepted_drop_reason Text, head Text, replaced_by Big,
    }
    /// Which of them were taken back (R25).
    IMPORT_TAKEN_BACK = "import_taken_back", 1 {
        id Big, import_id Big, follows Big, reason Text, taken_back_at Instant, head Text,
    }
    /// Codes of bodies.
    ASSOCIATION = "association", 1 {
        id Int, code Text,
    }
    /// Rows of masters.
    ASSOCIATION_VERSION = "association_version", 1 {
        id Big, association_id Int, tier Small, kind Text, name Text, short_name Text, aliases Text,
        parent_code Text, prefecture Text, position Int, valid_from Day, valid_to Day, import_id Big,
        superseded_by Big, successors Text,
    }
    /// The numbers of physicians.
    PHYSICIAN = "physician", 1 {
        id Big, registration_number Big,
    }
    /// Descriptions of physicians.
    PHYSICIAN_VERSION = "physician_version", 1 {
        id Big, physician_id Big, name Text, kana Text, sex Small, born_on Day, graduated Text,
        facility Text, duty Text, digest Big, kana_digest Big, import_id Big, row Big, known_from Day,
        known_until Day, closed_by Big, brought_back_by Big,
    }
    /// Versions of stays.
    ENROLMENT = "enrolment", 1 {
        id Big, enrolment_id Big, source_id Int, physician_id Big, association_id Int, wished_on Day,
        joined_on Day, left_on Day, class Small, class_text Text, class_from Day, reason Small,
        reason_text Text, status Small, rows_shown Int, import_id Big, row Big, known_from Day,
        known_until Day, closed_by Big, brought_back_by Big,
    }
    /// Findings.
    FINDING = "finding", 1 {
        id Big, source_id Int, code Text, physician_id Big, association_id Int, date_before Day,
        date_after Day, import_id Big, row Big, known_from Day, known_until Day, closed_by Big,
        brought_back_by Big,
    }
    /// Rejected rows and warnings.
    ROW_PROBLEM = "row_problem", 1 {
        id Big, import_id Big, row Big, column_letters Text, heading Text, code Text, active Flag,
    }
    /// Versions of applications.
    APPLICATION = "application", 1 {
        id Big, source_id Int, number Text, kind Small, physician_id Big, association_id Int, filer Small,
        applied_on Day, effective_on Day, approved_on Day, cancelled_on Day, status Small, class Small,
        reason Small, note Text, import_id Big, row Big, known_from Day, known_until Day, closed_by Big,
        brought_back_by Big,
    }
    /// Versions of adjustments.
    ADJUSTMENT = "adjustment", 1 {
        id Big, source_id Int, number Text, kind Small, physician_id Big, association_id Int,
        stay_joined_on Day, day Day, class Small, reason Small, other_physician_id Big, finding Text,
        is_revoked Flag, why Text, approver Text, import_id Big, row Big, known_from Day, known_until Day,
        closed_by Big, brought_back_by Big,
    }
    /// What was removed after the days of the settings.
    PURGE = "purge", 1 {
        id Big, begun_at Instant, counted_from Day, raw_files_days Big, persons_days Big, n_persons Big, reason Text,
    }
    /// Files among it.
    PURGED_FILE = "purged_file", 1 {
        id Big, purge_id Big, kind Text, import_id Big, day Day, size_bytes Big, sha256 Text,
    }
    /// That nothing of it is left.
    PURGE_END = "purge_end", 1 {
        id Big, purge_id Big, ended_at Instant,
    }
    /// Periods of jobs.
    JOB_RUN = "job_run", 2 {
        job Text, period Text, scheduled_at Instant, state Text, attempts Big, started_at Instant,
        finished_at Instant, note Text,
    }
    /// Their versions (R29).
    JOB_VERSION = "job_version", 3 {
        job Text, period Text, version Big, kind Text, known_at Day, head Text, folder Text, reason Text,
        started_at Instant, finished_at Instant,
    }
    /// Papers of versions (R31).
    JOB_PAPER = "job_paper", 4 {
        job Text, period Text, version Big, report Text, code Text, detail Text,
    }
    /// Files of papers.
    JOB_FILE = "job_file", 4 {
        job Text, period Text, version Big, name Text, report Text, sha256 Text,
    }
    /// The chain over everything that is kept.
    CHAIN = "chain", 1 {
        nth Big, kind Text, subject Text, content Text, previous Text, hash Text,
    }
    /// What its entries tell of.
    CHAIN_SUM = "chain_sum", 4 {
        nth Big, name Text, part Text, through Big, after_id Big, n_rows Big, sha256 Text,
    }
    /// Versions whose papers say something else by now.
    JOB_REVISION = "job_revision", 3 {
        job Text, period Text, version Big, noted_at Instant, cause Text, papers Text,
    }
    /// What one person made for recipients and another approved.
    DISTRIBUTION = "distribution", 1 {
        number Big, as_of Day, known_at Day, reports Text, folder Text, manifest_sha256 Text, maker Text,
        made_at Instant, approver Text, approved_at Instant, voided_at Instant, void_reason Text,
    }
    /// Its papers, each with its recipient and what became of it.
    DELIVERY = "delivery", 3 {
        distribution Big, recipient Text, report Text, edition Big, paper_sha256 Text, place Text, state Text,
        attempts Big, changed_at Instant, detail Text,
    }
    /// Its mails.
    MAIL = "mail", 3 {
        distribution Big, recipient Text, address Text, message_id Text, state Text, attempts Big,
        changed_at Instant, next_at Instant, detail Text,
    }
}
