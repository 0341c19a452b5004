-- What binds the log beside the file (-wal) to the file: every writing transaction sets a new mark, which names the one
-- before it. SQLite itself asks nothing of the kind and would read the log of one file into another. The texts are of one
-- length, so that the newest mark is found in a page as it stands (src/store/sqlite/log.rs).
CREATE TABLE store_mark (
    mark TEXT NOT NULL
) STRICT;

INSERT INTO store_mark (mark)
VALUES ('kaiin-mark ' || lower(hex(randomblob(16))) || ' 00000000000000000000000000000000');

-- One chain over what was taken in, taken back, pinned and put on paper: hash = SHA-256 over nth, kind, subject,
-- content and the hash before it. kind: taken-over (everything that an older program had stored), import, taken-back,
-- snapshot, paper. subject: number of the import or of the taking back, folder of the snapshot or paper. content:
-- SHA-256 of the sums below, or of the manifest of the snapshot or paper. Rows are appended and never changed.
CREATE TABLE chain (
    nth INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    content TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- What an entry says of the facts. part 'facts': the rows of a table with after_id < id <= through as they were stored,
-- without what a later import sets; 'persons': what names a person in them, so that a purge can replace it alone;
-- 'ends': the rows ended by imports with after_id < import <= through. The newest row for (name, part, through) holds.
CREATE TABLE chain_sum (
    nth INTEGER NOT NULL REFERENCES chain (nth),
    name TEXT NOT NULL,
    part TEXT NOT NULL,
    through INTEGER NOT NULL,
    after_id INTEGER NOT NULL,
    n_rows INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (nth, name, part, through)
) STRICT;

-- Rows by the import that ended them, which is asked for at each import.
CREATE INDEX physician_version_closed_by ON physician_version (closed_by) WHERE closed_by IS NOT NULL;
CREATE INDEX finding_closed_by ON finding (closed_by) WHERE closed_by IS NOT NULL;
