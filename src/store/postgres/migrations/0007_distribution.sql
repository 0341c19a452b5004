-- What goes to whom: what the SQLite migration 0010 makes, with the types of this database. A distribution (配布) is what one
-- person makes and another approves; a delivery is one recipient, paper and version of it (I2).
CREATE TABLE distribution (
    number bigint NOT NULL PRIMARY KEY,
    as_of date NOT NULL,
    known_at date NOT NULL,
    reports text NOT NULL,
    folder text NOT NULL,
    manifest_sha256 text NOT NULL,
    maker text NOT NULL,
    made_at timestamptz NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz,
    voided_at timestamptz,
    void_reason text NOT NULL
);

CREATE TABLE delivery (
    distribution bigint NOT NULL REFERENCES distribution (number),
    recipient text COLLATE "C" NOT NULL,
    report text COLLATE "C" NOT NULL,
    edition bigint NOT NULL,
    paper_sha256 text NOT NULL,
    place text NOT NULL,
    state text NOT NULL CHECK (state IN ('prepared', 'approved', 'sending', 'sent', 'failed', 'uncertain')),
    attempts bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (distribution, recipient, report)
);
