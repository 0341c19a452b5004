-- The ledger of scheduled work: one row for each job and period, and the files it has written. A row is made once
-- (ON CONFLICT DO NOTHING) and only its state changes. Files are written and renamed first; then state and file
-- rows are stored in one transaction.

CREATE TABLE job_run (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    scheduled_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'running', 'done', 'failed')),
    attempts INTEGER NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    note TEXT NOT NULL,
    PRIMARY KEY (job, period)
) STRICT;

CREATE TABLE job_file (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (job, period, name)
) STRICT;
