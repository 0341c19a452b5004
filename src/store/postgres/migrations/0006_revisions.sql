-- Months whose papers say something else since a file was taken in, or taken back, after they were made (R3, R34): what the
-- SQLite migration 0009 makes, with the types of this database. A row belongs to a version: making the month once more makes
-- another version, which has none. cause: what was taken in or back. papers: folders of those that say something else, from
-- the data folder on, one a line.

CREATE TABLE job_revision (
    job text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    noted_at timestamptz NOT NULL,
    cause text NOT NULL,
    papers text NOT NULL,
    PRIMARY KEY (job, period, version)
);
