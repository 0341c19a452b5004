-- What was removed because it was kept long enough ([retention] of the settings). Counts and hashes stay; of persons that a
-- purge was about, registration_number is 4000000000 + id from then on, which is no number that an export can have, and what
-- else names them is blank. Nothing here names anybody. Rows are appended and never changed, and all of them are chained.

-- A purge that was begun. n_persons: persons whose columns went in the same transaction. Files go after it, so that whoever is
-- stopped in between knows what was to go. counted_from: the day that the days of the settings were counted from.
CREATE TABLE purge (
    id INTEGER PRIMARY KEY,
    begun_at TEXT NOT NULL,
    counted_from INTEGER NOT NULL,
    raw_files_days INTEGER,
    persons_days INTEGER,
    n_persons INTEGER NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> '')
) STRICT;

-- A file of it, by hash: where it lies is looked up anew, and its name may tell of somebody. import_id: what it was taken in by.
CREATE TABLE purged_file (
    id INTEGER PRIMARY KEY,
    purge_id INTEGER NOT NULL REFERENCES purge (id),
    kind TEXT NOT NULL CHECK (kind IN ('taken', 'refused', 'list')),
    import_id INTEGER REFERENCES import (id),
    day INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

-- That its files are gone, and what the database had of the persons is overwritten.
CREATE TABLE purge_end (
    id INTEGER PRIMARY KEY,
    purge_id INTEGER NOT NULL UNIQUE REFERENCES purge (id),
    ended_at TEXT NOT NULL
) STRICT;
