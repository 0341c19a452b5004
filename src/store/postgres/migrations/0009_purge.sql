-- What was removed because it was kept long enough: what the SQLite migration 0012 makes, with the types of this database, and
-- the same rules.
CREATE TABLE purge (
    id bigint PRIMARY KEY,
    begun_at timestamptz NOT NULL,
    counted_from date NOT NULL,
    raw_files_days bigint,
    persons_days bigint,
    n_persons bigint NOT NULL,
    reason text NOT NULL CHECK (reason <> '')
);

CREATE TABLE purged_file (
    id bigint PRIMARY KEY,
    purge_id bigint NOT NULL REFERENCES purge (id),
    kind text NOT NULL CHECK (kind IN ('taken', 'refused', 'list')),
    import_id bigint REFERENCES import (id),
    day date NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL
);

CREATE TABLE purge_end (
    id bigint PRIMARY KEY,
    purge_id bigint NOT NULL UNIQUE REFERENCES purge (id),
    ended_at timestamptz NOT NULL
);
