-- What became of a month (R29, R31): what the SQLite migration 0006 makes, with the types of this database. A period has
-- versions: a run before its cut-off (early), the punctual one, one that a person released, one that a person asked for
-- again. Papers are recorded one by one as soon as their files are in place, so that a run that was stopped goes on where
-- it was and nothing that was made is made again.

ALTER TABLE job_run DROP CONSTRAINT job_run_state_check;
ALTER TABLE job_run ADD CONSTRAINT job_run_state_check
    CHECK (state IN ('due', 'waiting', 'running', 'partial', 'done', 'failed'));

-- known_at: NULL where a version of before did not say it. head: what the papers were made from. folder: of the papers,
-- from the data folder on. reason: why a person released the period or asked for it again.
CREATE TABLE job_version (
    job text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('early', 'punctual', 'released', 'rerun')),
    known_at date,
    head text NOT NULL,
    folder text NOT NULL,
    reason text NOT NULL,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (job, period, version)
);

-- What was done became version 1. Known-at stands in the name of its snapshot, the folder in those of its papers.
INSERT INTO job_version (job, period, version, kind, known_at, head, folder, reason, started_at, finished_at)
SELECT job, period, 1, 'punctual',
    (SELECT substr(name, strpos(name, 'snapshot=') + 20, 10)::date
     FROM job_file f WHERE f.job = r.job AND f.period = r.period AND name LIKE '%snapshot=%' ORDER BY name LIMIT 1),
    '',
    COALESCE(
        (SELECT substr(name, 1, strpos(name, '/' || r.period || '/') + length(r.period))
         FROM job_file f WHERE f.job = r.job AND f.period = r.period AND name LIKE '%/' || r.period || '/%'
         ORDER BY name LIMIT 1),
        'papers/' || period),
    '', COALESCE(started_at, finished_at, scheduled_at), COALESCE(finished_at, started_at, scheduled_at)
FROM job_run r WHERE state = 'done';

-- The papers of a version, the snapshot among them ('snapshot'). code: why it could not be made, '' when it was. detail:
-- what the text of the code leaves open; of a paper that was made, its own folder in that of the version.
CREATE TABLE job_paper (
    job text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    report text COLLATE "C" NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (job, period, version, report)
);

-- report: the paper a file belongs to; '' for files of before.
ALTER TABLE job_file ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE job_file ALTER COLUMN version DROP DEFAULT;
ALTER TABLE job_file ADD COLUMN report text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE job_file ALTER COLUMN report DROP DEFAULT;
ALTER TABLE job_file DROP CONSTRAINT job_file_pkey;
ALTER TABLE job_file ADD PRIMARY KEY (job, period, version, name);
