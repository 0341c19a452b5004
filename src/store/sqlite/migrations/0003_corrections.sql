-- What is learnt beside the member files: applications, and adjustments that a person decided. Both are versions
-- with two dates like every fact: a row gets known_until once, from the transaction that supersedes it.

-- One version of one application; number, association_id and kind are the application through all its versions.
CREATE TABLE application (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    number TEXT NOT NULL,
    kind INTEGER NOT NULL,
    physician_id INTEGER NOT NULL REFERENCES physician (id),
    association_id INTEGER NOT NULL REFERENCES association (id),
    filer INTEGER NOT NULL,
    applied_on INTEGER,
    effective_on INTEGER,
    approved_on INTEGER,
    cancelled_on INTEGER,
    status INTEGER NOT NULL,
    class INTEGER,
    reason INTEGER NOT NULL,
    note TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import (id),
    row INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_until INTEGER,
    closed_by INTEGER REFERENCES import (id)
) STRICT;

CREATE INDEX application_standing ON application (source_id) WHERE known_until IS NULL;
CREATE INDEX application_closed_by ON application (closed_by) WHERE closed_by IS NOT NULL;

-- One version of one adjustment; number is the adjustment through all its versions. other_physician_id is the
-- number that was given up where two numbers are one person.
CREATE TABLE adjustment (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    number TEXT NOT NULL,
    kind INTEGER NOT NULL,
    physician_id INTEGER NOT NULL REFERENCES physician (id),
    association_id INTEGER REFERENCES association (id),
    stay_joined_on INTEGER,
    day INTEGER,
    class INTEGER,
    reason INTEGER NOT NULL,
    other_physician_id INTEGER REFERENCES physician (id),
    finding TEXT,
    is_revoked INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why <> ''),
    approver TEXT NOT NULL CHECK (approver <> ''),
    import_id INTEGER NOT NULL REFERENCES import (id),
    row INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_until INTEGER,
    closed_by INTEGER REFERENCES import (id)
) STRICT;

CREATE INDEX adjustment_standing ON adjustment (source_id) WHERE known_until IS NULL;
CREATE INDEX adjustment_closed_by ON adjustment (closed_by) WHERE closed_by IS NOT NULL;

-- Bodies through time: a body may have several rows, one for each span of days with one name and one parent, and
-- bodies that took its place (codes, divided by U+001F) once it has ended.
ALTER TABLE association_version ADD COLUMN successors TEXT NOT NULL DEFAULT '';
