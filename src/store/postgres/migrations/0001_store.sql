-- The system of record on PostgreSQL: what the SQLite migrations 0001 to 0004 make, with the types of this database.
-- Facts are appended and superseded, never updated or deleted: a row gets its known_until once, from the
-- transaction that supersedes it.
--
-- Ids are numbered by the writing transaction (highest + 1), not by sequences: a sequence leaves holes when a
-- transaction is undone, and the same files are to get the same ids in every store. Writers are serialised by the
-- rows of `writer`, so no two of them see the same highest id.
--
-- Texts that answers are ordered by compare by bytes ("C"), so that the order does not depend on the server.

-- Who holds a row, writes: 'office' for the whole of a command, 'transaction' while one transaction writes. Ordinary
-- row locks, because they end with their connection and work where advisory locks do not.
CREATE TABLE writer (
    scope text COLLATE "C" PRIMARY KEY
);

INSERT INTO writer (scope) VALUES ('office'), ('transaction');

-- What makes this store another than every other one, drawn once.
CREATE TABLE store_identity (
    identity text NOT NULL
);

INSERT INTO store_identity (identity) VALUES (replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE source (
    id integer PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    UNIQUE (kind, name)
);

-- One accepted file. replaced_by is set when another file of the same day takes its place.
CREATE TABLE import (
    id bigint PRIMARY KEY,
    source_id integer NOT NULL REFERENCES source (id),
    known_on date NOT NULL,
    file_name text NOT NULL,
    sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    encoding text NOT NULL,
    layout text NOT NULL,
    definitions_sha256 text NOT NULL,
    ended_rows_kept_days bigint NOT NULL,
    imported_at timestamptz NOT NULL,
    n_rows bigint NOT NULL,
    n_rejected bigint NOT NULL,
    n_rejected_active bigint NOT NULL,
    accepted_drop_reason text,
    head text NOT NULL,
    replaced_by bigint REFERENCES import (id)
);

CREATE INDEX import_by_source ON import (source_id, known_on);

CREATE TABLE association (
    id integer PRIMARY KEY,
    code text COLLATE "C" NOT NULL UNIQUE
);

-- The newest master stands; older ones stay for the record. successors: codes divided by U+001F.
CREATE TABLE association_version (
    id bigint PRIMARY KEY,
    association_id integer NOT NULL REFERENCES association (id),
    tier smallint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    short_name text NOT NULL,
    aliases text NOT NULL,
    parent_code text,
    prefecture text NOT NULL,
    position integer NOT NULL,
    valid_from date,
    valid_to date,
    import_id bigint NOT NULL REFERENCES import (id),
    superseded_by bigint REFERENCES import (id),
    successors text NOT NULL DEFAULT ''
);

-- Facts carry the id; the number and the texts stand only here and in physician_version.
CREATE TABLE physician (
    id bigint PRIMARY KEY,
    registration_number bigint NOT NULL UNIQUE
);

-- physician_id and import_id point to rows of their tables; see the triggers at the end.
CREATE TABLE physician_version (
    id bigint PRIMARY KEY,
    physician_id bigint NOT NULL,
    name text NOT NULL,
    kana text NOT NULL,
    sex smallint NOT NULL,
    born_on date,
    graduated text NOT NULL,
    facility text NOT NULL,
    duty text NOT NULL,
    digest bigint NOT NULL,
    kana_digest bigint NOT NULL,
    import_id bigint NOT NULL,
    row bigint NOT NULL,
    known_from date NOT NULL,
    known_until date,
    closed_by bigint REFERENCES import (id)
);

CREATE INDEX physician_version_by_physician ON physician_version (physician_id);

-- One version of one stay. enrolment_id is the stay through all its versions; class_from is NULL when the class
-- holds from the beginning; rows_shown is 0 when the newest export of the source no longer shows the stay.
-- source_id, physician_id, association_id and import_id point to rows of their tables; see the triggers at the end.
CREATE TABLE enrolment (
    id bigint PRIMARY KEY,
    enrolment_id bigint NOT NULL,
    source_id integer NOT NULL,
    physician_id bigint NOT NULL,
    association_id integer NOT NULL,
    wished_on date,
    joined_on date,
    left_on date,
    class smallint NOT NULL,
    class_text text,
    class_from date,
    reason smallint NOT NULL,
    reason_text text,
    status smallint NOT NULL,
    rows_shown integer NOT NULL,
    import_id bigint NOT NULL,
    row bigint,
    known_from date NOT NULL,
    known_until date,
    closed_by bigint REFERENCES import (id)
);

CREATE INDEX enrolment_by_physician ON enrolment (physician_id);
CREATE INDEX enrolment_by_stay ON enrolment (enrolment_id);
CREATE INDEX enrolment_standing ON enrolment (source_id) WHERE known_until IS NULL;
CREATE INDEX enrolment_closed_by ON enrolment (closed_by) WHERE closed_by IS NOT NULL;

CREATE TABLE finding (
    id bigint PRIMARY KEY,
    source_id integer NOT NULL REFERENCES source (id),
    code text COLLATE "C" NOT NULL,
    physician_id bigint NOT NULL REFERENCES physician (id),
    association_id integer REFERENCES association (id),
    date_before date,
    date_after date,
    import_id bigint NOT NULL REFERENCES import (id),
    row bigint,
    known_from date NOT NULL,
    known_until date,
    closed_by bigint REFERENCES import (id)
);

CREATE INDEX finding_standing ON finding (source_id) WHERE known_until IS NULL;

-- Rejected rows and warnings; no cell values, only where and why.
CREATE TABLE row_problem (
    id bigint PRIMARY KEY,
    import_id bigint NOT NULL REFERENCES import (id),
    row bigint NOT NULL,
    column_letters text NOT NULL,
    heading text NOT NULL,
    code text NOT NULL,
    active boolean NOT NULL
);

CREATE INDEX row_problem_by_import ON row_problem (import_id);

-- One version of one application; number, association_id and kind are the application through all its versions.
CREATE TABLE application (
    id bigint PRIMARY KEY,
    source_id integer NOT NULL REFERENCES source (id),
    number text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    physician_id bigint NOT NULL REFERENCES physician (id),
    association_id integer NOT NULL REFERENCES association (id),
    filer smallint NOT NULL,
    applied_on date,
    effective_on date,
    approved_on date,
    cancelled_on date,
    status smallint NOT NULL,
    class smallint,
    reason smallint NOT NULL,
    note text NOT NULL,
    import_id bigint NOT NULL REFERENCES import (id),
    row bigint NOT NULL,
    known_from date NOT NULL,
    known_until date,
    closed_by bigint REFERENCES import (id)
);

CREATE INDEX application_standing ON application (source_id) WHERE known_until IS NULL;
CREATE INDEX application_closed_by ON application (closed_by) WHERE closed_by IS NOT NULL;

-- One version of one adjustment; number is the adjustment through all its versions. other_physician_id is the
-- number that was given up where two numbers are one person.
CREATE TABLE adjustment (
    id bigint PRIMARY KEY,
    source_id integer NOT NULL REFERENCES source (id),
    number text COLLATE "C" NOT NULL,
    kind smallint NOT NULL,
    physician_id bigint NOT NULL REFERENCES physician (id),
    association_id integer REFERENCES association (id),
    stay_joined_on date,
    day date,
    class smallint,
    reason smallint NOT NULL,
    other_physician_id bigint REFERENCES physician (id),
    finding text,
    is_revoked boolean NOT NULL,
    why text NOT NULL CHECK (why <> ''),
    approver text NOT NULL CHECK (approver <> ''),
    import_id bigint NOT NULL REFERENCES import (id),
    row bigint NOT NULL,
    known_from date NOT NULL,
    known_until date,
    closed_by bigint REFERENCES import (id)
);

CREATE INDEX adjustment_standing ON adjustment (source_id) WHERE known_until IS NULL;
CREATE INDEX adjustment_closed_by ON adjustment (closed_by) WHERE closed_by IS NOT NULL;

-- The ledger of scheduled work: one row for each job and period, and the files it has written. A row is made once
-- (ON CONFLICT DO NOTHING) and only its state changes. Files are written and renamed first; then state and file
-- rows are stored in one transaction.
CREATE TABLE job_run (
    job text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    scheduled_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('due', 'waiting', 'running', 'done', 'failed')),
    attempts bigint NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    note text NOT NULL,
    PRIMARY KEY (job, period)
);

CREATE TABLE job_file (
    job text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    sha256 text NOT NULL,
    PRIMARY KEY (job, period, name)
);

-- The two tables that grow by a million rows at once are checked once for each statement in place of once for each
-- row and column: foreign keys took 24 of the 29 seconds that a million stays cost. Rows are added, and the columns
-- checked here are never changed; rows that they point to are never deleted. So the promise is the same.
CREATE FUNCTION check_physician_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added n WHERE NOT EXISTS (SELECT FROM physician p WHERE p.id = n.physician_id))
        OR EXISTS (
            SELECT FROM (SELECT DISTINCT import_id FROM added) n
            WHERE NOT EXISTS (SELECT FROM import i WHERE i.id = n.import_id)
        )
    THEN
        RAISE EXCEPTION 'physician_version points to a row that is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER check_added AFTER INSERT ON physician_version
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_physician_version();

CREATE FUNCTION check_enrolment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added n WHERE NOT EXISTS (SELECT FROM physician p WHERE p.id = n.physician_id))
        OR EXISTS (
            SELECT FROM (SELECT DISTINCT association_id FROM added) n
            WHERE NOT EXISTS (SELECT FROM association a WHERE a.id = n.association_id)
        )
        OR EXISTS (
            SELECT FROM (SELECT DISTINCT source_id, import_id FROM added) n
            WHERE NOT EXISTS (SELECT FROM source s WHERE s.id = n.source_id)
                OR NOT EXISTS (SELECT FROM import i WHERE i.id = n.import_id)
        )
    THEN
        RAISE EXCEPTION 'enrolment points to a row that is not there' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER check_added AFTER INSERT ON enrolment
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_enrolment();

CREATE VIEW enrolment_readable AS
SELECT
    e.id, e.enrolment_id, s.name AS source, e.physician_id, a.code AS association, e.wished_on, e.joined_on,
    e.left_on, e.class, e.class_text, e.class_from, e.reason, e.status, e.rows_shown, i.file_name, e.row,
    e.known_from, e.known_until
FROM enrolment e
JOIN source s ON s.id = e.source_id
JOIN association a ON a.id = e.association_id
JOIN import i ON i.id = e.import_id;
