-- Whoever takes the right to write draws the next number (fence) once all locks are held, and every transaction that
-- writes looks whether it is still the newest. A lock ends with its connection, which may break without its holder
-- noticing; the number does not. It stands in the row that every writing transaction holds.
ALTER TABLE writer ADD COLUMN fence bigint NOT NULL DEFAULT 0;

-- In which data folder the papers of this store are written: its identity, and its place as people know it. The newest row
-- counts. Several machines may write to one store, but a month's papers and their editions lie in one folder.
CREATE TABLE paper_home (
    nth bigint PRIMARY KEY,
    folder text COLLATE "C" NOT NULL,
    place text NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL
);
