-- Months whose papers say something else since a file was taken in, or taken back, after they were made (R3, R34). A row belongs
-- to a version: making the month once more makes another version, which has none. cause: what was taken in or back.
-- papers: folders of those that say something else, from the data folder on, one a line.

CREATE TABLE job_revision (
    job TEXT NOT NULL,
    period TEXT NOT NULL,
    version INTEGER NOT NULL,
    noted_at TEXT NOT NULL,
    cause TEXT NOT NULL,
    papers TEXT NOT NULL,
    PRIMARY KEY (job, period, version)
) STRICT;
