-- Whoever takes the right to write draws the next number (fence) once all locks are held, and every transaction that
-- writes looks whether it is still the newest. The lock of a folder does not hold on every network drive, nor once
-- somebody has removed its file; the number does.
CREATE TABLE writer (
    fence INTEGER NOT NULL
) STRICT;

INSERT INTO writer (fence) VALUES (0);

-- In which data folder the papers of this store are written: its identity, and its place as people know it. The newest row
-- counts. A store that is copied to a server can be written from several machines.
CREATE TABLE paper_home (
    nth INTEGER PRIMARY KEY,
    folder TEXT NOT NULL,
    place TEXT NOT NULL,
    reason TEXT NOT NULL,
    since TEXT NOT NULL
) STRICT;
