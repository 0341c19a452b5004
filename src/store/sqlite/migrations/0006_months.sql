-- What became of a month (R29, R31). A period has versions: a run before its cut-off (early), the punctual one, one that
-- a person released, one that a person asked for again. Papers are recorded one by one as soon as their files are in
-- place, so that a run that was stopped goes on where it was and nothing that was made is made again. job_run stays
-- the row of the period; its states get one more. SQLite cannot change a CHECK, so the tables are made anew.

CREATE TABLE job_run_new (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    scheduled_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('due', 'waiting', 'running', 'partial', 'done', 'failed')),
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

-- known_at: day number; NULL where a version of before did not say it. head: what the papers were made from. folder: of
-- the papers, from the data folder on. reason: why a person released the period or asked for it again.
CREATE TABLE job_version (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('early', 'punctual', 'released', 'rerun')),
    known_at INTEGER,
    head TEXT NOT NULL,
    folder TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    PRIMARY KEY (job, period, version)
) STRICT;

-- What was done became version 1. Known-at stands in the name of its snapshot, the folder in those of its papers.
INSERT INTO job_version (job, period, version, kind, known_at, head, folder, reason, started_at, finished_at)
SELECT job, period, 1, 'punctual',
    (SELECT CAST(julianday(substr(name, instr(name, 'snapshot=') + 20, 10)) - 2440587.5 AS INTEGER)
     FROM job_file f WHERE f.job = r.job AND f.period = r.period AND name LIKE '%snapshot=%' ORDER BY name LIMIT 1),
    '',
    COALESCE(
        (SELECT substr(name, 1, instr(name, '/' || r.period || '/') + length(r.period))
         FROM job_file f WHERE f.job = r.job AND f.period = r.period AND name LIKE '%/' || r.period || '/%'
         ORDER BY name LIMIT 1),
        'papers/' || period),
    '', COALESCE(started_at, finished_at, scheduled_at), COALESCE(finished_at, started_at, scheduled_at)
FROM job_run r WHERE state = 'done';

-- The papers of a version, the snapshot among them ('snapshot'). code: why it could not be made, '' when it was. detail:
-- what the text of the code leaves open; of a paper that was made, its own folder in that of the version.
CREATE TABLE job_paper (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    report TEXT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (job, period, version, report)
) STRICT;

-- report: the paper a file belongs to; '' for files of before.
CREATE TABLE job_file_new (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    report TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (job, period, version, name)
) STRICT;

INSERT INTO job_file_new (job, period, version, name, report, sha256)
SELECT job, period, 1, name, '', sha256 FROM job_file;

DROP TABLE job_file;
ALTER TABLE job_file_new RENAME TO job_file;
