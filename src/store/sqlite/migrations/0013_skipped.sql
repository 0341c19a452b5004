-- Jobs beside the papers of a month: their periods may be passed over, with the reason in the note. SQLite cannot change a
-- CHECK, so the table is made anew.

CREATE TABLE job_run_new (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    scheduled_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'running', 'partial', 'done', 'failed', 'skipped')),
    attempts INTEGER NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    note TEXT NOT NULL,
    PRIMARY KEY (job, period)
) STRICT;

INSERT INTO job_run_new (job, period, scheduled_at, state, attempts, started_at, finished_at, note)
SELECT job, period, scheduled_at, state, attempts, started_at, finished_at, note FROM job_run;

DROP TABLE job_run;
ALTER TABLE job_run_new RENAME TO job_run;
