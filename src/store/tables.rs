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

/// The numbers of physicians.
pub(super) static PHYSICIAN: Table =
    Table { name: "physician", columns: &[("id", Kind::Big), ("registration_number", Kind::Big)], key: 1 };

/// Descriptions of physicians.
pub(super) static PHYSICIAN_VERSION: Table = Table {
    name: "physician_version",
    columns: &[
        ("id", Kind::Big),
        ("physician_id", Kind::Big),
        ("name", Kind::Text),
        ("kana", Kind::Text),
        ("sex", Kind::Small),
        ("born_on", Kind::Day),
        ("graduated", Kind::Text),
        ("facility", Kind::Text),
        ("duty", Kind::Text),
        ("digest", Kind::Big),
        ("kana_digest", Kind::Big),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("known_from", Kind::Day),
        ("known_until", Kind::Day),
        ("closed_by", Kind::Big),
        ("brought_back_by", Kind::Big),
    ],
    key: 1,
};

/// Versions of stays.
pub(super) static ENROLMENT: Table = Table {
    name: "enrolment",
    columns: &[
        ("id", Kind::Big),
        ("enrolment_id", Kind::Big),
        ("source_id", Kind::Int),
        ("physician_id", Kind::Big),
        ("association_id", Kind::Int),
        ("wished_on", Kind::Day),
        ("joined_on", Kind::Day),
        ("left_on", Kind::Day),
        ("class", Kind::Small),
        ("class_text", Kind::Text),
        ("class_from", Kind::Day),
        ("reason", Kind::Small),
        ("reason_text", Kind::Text),
        ("status", Kind::Small),
        ("rows_shown", Kind::Int),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("known_from", Kind::Day),
        ("known_until", Kind::Day),
        ("closed_by", Kind::Big),
        ("brought_back_by", Kind::Big),
    ],
    key: 1,
};

/// Findings.
pub(super) static FINDING: Table = Table {
    name: "finding",
    columns: &[
        ("id", Kind::Big),
        ("source_id", Kind::Int),
        ("code", Kind::Text),
        ("physician_id", Kind::Big),
        ("association_id", Kind::Int),
        ("date_before", Kind::Day),
        ("date_after", Kind::Day),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("known_from", Kind::Day),
        ("known_until", Kind::Day),
        ("closed_by", Kind::Big),
        ("brought_back_by", Kind::Big),
    ],
    key: 1,
};

/// Rejected rows and warnings.
pub(super) static ROW_PROBLEM: Table = Table {
    name: "row_problem",
    columns: &[
        ("id", Kind::Big),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("column_letters", Kind::Text),
        ("heading", Kind::Text),
        ("code", Kind::Text),
        ("active", Kind::Flag),
    ],
    key: 1,
};

/// Applications.
pub(super) static APPLICATION: Table = Table {
    name: "application",
    columns: &[
        ("id", Kind::Big),
        ("source_id", Kind::Int),
        ("number", Kind::Text),
        ("kind", Kind::Small),
        ("physician_id", Kind::Big),
        ("association_id", Kind::Int),
        ("filer", Kind::Small),
        ("applied_on", Kind::Day),
        ("effective_on", Kind::Day),
        ("approved_on", Kind::Day),
        ("cancelled_on", Kind::Day),
        ("status", Kind::Small),
        ("class", Kind::Small),
        ("reason", Kind::Small),
        ("note", Kind::Text),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("known_from", Kind::Day),
        ("known_until", Kind::Day),
        ("closed_by", Kind::Big),
        ("brought_back_by", Kind::Big),
    ],
    key: 1,
};

/// Adjustments.
pub(super) static ADJUSTMENT: Table = Table {
    name: "adjustment",
    columns: &[
        ("id", Kind::Big),
        ("source_id", Kind::Int),
        ("number", Kind::Text),
        ("kind", Kind::Small),
        ("physician_id", Kind::Big),
        ("association_id", Kind::Int),
        ("stay_joined_on", Kind::Day),
        ("day", Kind::Day),
        ("class", Kind::Small),
        ("reason", Kind::Small),
        ("other_physician_id", Kind::Big),
        ("finding", Kind::Text),
        ("is_revoked", Kind::Flag),
        ("why", Kind::Text),
        ("approver", Kind::Text),
        ("import_id", Kind::Big),
        ("row", Kind::Big),
        ("known_from", Kind::Day),
        ("known_until", Kind::Day),
        ("closed_by", Kind::Big),
        ("brought_back_by", Kind::Big),
    ],
    key: 1,
};

/// All tables but `store_identity` and `store_mark`, which two stores never share, and `writer`; each after those it points to.
pub const TABLES: &[&Table] = &[
    &Table { name: "source", columns: &[("id", Kind::Int), ("kind", Kind::Text), ("name", Kind::Text)], key: 1 },
    &Table {
        name: "import",
        columns: &[
            ("id", Kind::Big),
            ("source_id", Kind::Int),
            ("known_on", Kind::Day),
            ("file_name", Kind::Text),
            ("sha256", Kind::Text),
            ("size_bytes", Kind::Big),
            ("encoding", Kind::Text),
            ("layout", Kind::Text),
            ("definitions_sha256", Kind::Text),
            ("ended_rows_kept_days", Kind::Big),
            ("imported_at", Kind::Instant),
            ("n_rows", Kind::Big),
            ("n_rejected", Kind::Big),
            ("n_rejected_active", Kind::Big),
            ("accepted_drop_reason", Kind::Text),
            ("head", Kind::Text),
            ("replaced_by", Kind::Big),
        ],
        key: 1,
    },
    &Table {
        name: "import_taken_back",
        columns: &[
            ("id", Kind::Big),
            ("import_id", Kind::Big),
            ("follows", Kind::Big),
            ("reason", Kind::Text),
            ("taken_back_at", Kind::Instant),
            ("head", Kind::Text),
        ],
        key: 1,
    },
    &Table { name: "association", columns: &[("id", Kind::Int), ("code", Kind::Text)], key: 1 },
    &Table {
        name: "association_version",
        columns: &[
            ("id", Kind::Big),
            ("association_id", Kind::Int),
            ("tier", Kind::Small),
            ("kind", Kind::Text),
            ("name", Kind::Text),
            ("short_name", Kind::Text),
            ("aliases", Kind::Text),
            ("parent_code", Kind::Text),
            ("prefecture", Kind::Text),
            ("position", Kind::Int),
            ("valid_from", Kind::Day),
            ("valid_to", Kind::Day),
            ("import_id", Kind::Big),
            ("superseded_by", Kind::Big),
            ("successors", Kind::Text),
        ],
        key: 1,
    },
    &PHYSICIAN,
    &PHYSICIAN_VERSION,
    &ENROLMENT,
    &FINDING,
    &ROW_PROBLEM,
    &APPLICATION,
    &ADJUSTMENT,
    &Table {
        name: "job_run",
        columns: &[
            ("job", Kind::Text),
            ("period", Kind::Text),
            ("scheduled_at", Kind::Instant),
            ("state", Kind::Text),
            ("attempts", Kind::Big),
            ("started_at", Kind::Instant),
            ("finished_at", Kind::Instant),
            ("note", Kind::Text),
        ],
        key: 2,
    },
    &Table {
        name: "job_version",
        columns: &[
            ("job", Kind::Text),
            ("period", Kind::Text),
            ("version", Kind::Big),
            ("kind", Kind::Text),
            ("known_at", Kind::Day),
            ("head", Kind::Text),
            ("folder", Kind::Text),
            ("reason", Kind::Text),
            ("started_at", Kind::Instant),
            ("finished_at", Kind::Instant),
        ],
        key: 3,
    },
    &Table {
        name: "job_paper",
        columns: &[
            ("job", Kind::Text),
            ("period", Kind::Text),
            ("version", Kind::Big),
            ("report", Kind::Text),
            ("code", Kind::Text),
            ("detail", Kind::Text),
        ],
        key: 4,
    },
    &Table {
        name: "job_file",
        columns: &[
            ("job", Kind::Text),
            ("period", Kind::Text),
            ("version", Kind::Big),
            ("name", Kind::Text),
            ("report", Kind::Text),
            ("sha256", Kind::Text),
        ],
        key: 4,
    },
    &Table {
        name: "chain",
        columns: &[
            ("nth", Kind::Big),
            ("kind", Kind::Text),
            ("subject", Kind::Text),
            ("content", Kind::Text),
            ("previous", Kind::Text),
            ("hash", Kind::Text),
        ],
        key: 1,
    },
    &Table {
        name: "chain_sum",
        columns: &[
            ("nth", Kind::Big),
            ("name", Kind::Text),
            ("part", Kind::Text),
            ("through", Kind::Big),
            ("after_id", Kind::Big),
            ("n_rows", Kind::Big),
            ("sha256", Kind::Text),
        ],
        key: 4,
    },
    &Table {
        name: "job_revision",
        columns: &[
            ("job", Kind::Text),
            ("period", Kind::Text),
            ("version", Kind::Big),
            ("noted_at", Kind::Instant),
            ("cause", Kind::Text),
            ("papers", Kind::Text),
        ],
        key: 3,
    },
];
