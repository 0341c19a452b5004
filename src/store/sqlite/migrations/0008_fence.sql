-- Whoever takes the right to write draws the next number (fence) once all locks are held, and every transaction that
-- writes looks whether it is still the newest. The lock of a folder does not hold on every network drive, nor once
-- somebody has removed its file; the number does.
CREATE TABLE writer (
    fence INTEGER NOT NULL
) STRICT;

INSERT INTO writer (fence) VALUES (0);
