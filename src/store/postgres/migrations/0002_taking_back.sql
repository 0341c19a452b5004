-- What the SQLite migration 0005 makes: imports that were taken back (R25). The import and its rows stay for the record:
-- its rows become void (known_until = known_from), and the rows that it had superseded lose their known_until again.
CREATE TABLE import_taken_back (
    id bigint PRIMARY KEY,
    import_id bigint NOT NULL UNIQUE REFERENCES import (id),
    follows bigint NOT NULL REFERENCES import (id),
    reason text NOT NULL CHECK (reason <> ''),
    taken_back_at timestamptz NOT NULL,
    head text NOT NULL
);

ALTER TABLE physician_version ADD COLUMN brought_back_by bigint REFERENCES import (id);
ALTER TABLE enrolment ADD COLUMN brought_back_by bigint REFERENCES import (id);
ALTER TABLE finding ADD COLUMN brought_back_by bigint REFERENCES import (id);
ALTER TABLE application ADD COLUMN brought_back_by bigint REFERENCES import (id);
ALTER TABLE adjustment ADD COLUMN brought_back_by bigint REFERENCES import (id);
