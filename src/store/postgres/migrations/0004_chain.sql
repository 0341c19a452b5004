-- One chain over what was taken in, taken back, pinned and put on paper: see the migration of the embedded store. A server
-- has no log beside a file, and so no mark.
CREATE TABLE chain (
    nth bigint PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,
    content text NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL
);

CREATE TABLE chain_sum (
    nth bigint NOT NULL REFERENCES chain (nth),
    name text NOT NULL,
    part text NOT NULL,
    through bigint NOT NULL,
    after_id bigint NOT NULL,
    n_rows bigint NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (nth, name, part, through)
);

CREATE INDEX physician_version_closed_by ON physician_version (closed_by) WHERE closed_by IS NOT NULL;
CREATE INDEX finding_closed_by ON finding (closed_by) WHERE closed_by IS NOT NULL;
