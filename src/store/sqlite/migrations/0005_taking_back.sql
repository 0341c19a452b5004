-- Imports that were taken back (R25). The import and its rows stay for the record: its rows become void
-- (known_until = known_from), and the rows that it had superseded lose their known_until again, as if it had never been.
-- That is the only case in which a known_until is taken away: a copy would carry another known_from, and an export of
-- an earlier day that follows could not supersede it.
--
-- follows is the newest import at that moment; head is the head of the store from then on, until the next import.
CREATE TABLE import_taken_back (
    id INTEGER PRIMARY KEY,
    import_id INTEGER NOT NULL UNIQUE REFERENCES import (id),
    follows INTEGER NOT NULL REFERENCES import (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    taken_back_at TEXT NOT NULL,
    head TEXT NOT NULL
) STRICT;

-- The import that brought a row back as a copy, when it took the place of another file of its day. Taking that import
-- back makes the copy void, so it must be known. Copies from before this migration have none.
ALTER TABLE physician_version ADD COLUMN brought_back_by INTEGER REFERENCES import (id);
ALTER TABLE enrolment ADD COLUMN brought_back_by INTEGER REFERENCES import (id);
ALTER TABLE finding ADD COLUMN brought_back_by INTEGER REFERENCES import (id);
ALTER TABLE application ADD COLUMN brought_back_by INTEGER REFERENCES import (id);
ALTER TABLE adjustment ADD COLUMN brought_back_by INTEGER REFERENCES import (id);
