-- What makes this store another than every other one, drawn once. The timeline files of a data folder carry it in
-- their names, so that a folder that is used with two stores cannot answer from the wrong one.
CREATE TABLE store_identity (
    identity TEXT NOT NULL
) STRICT;

INSERT INTO store_identity (identity) VALUES (lower(hex(randomblob(16))));

-- Origins of stays, and the next free number of a stay.
CREATE INDEX enrolment_by_stay ON enrolment (enrolment_id);
