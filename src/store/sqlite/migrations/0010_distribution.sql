-- What goes to whom. A distribution (配布) is what one person makes and another approves: papers of one day for many
-- recipients. manifest_sha256: hash of its manifest, which names every recipient, file and word; what is approved is that.
-- reports: ids, one a line. folder: of the manifest, from the data folder on.
CREATE TABLE distribution (
    number INTEGER NOT NULL PRIMARY KEY,
    as_of INTEGER NOT NULL,
    known_at INTEGER NOT NULL,
    reports TEXT NOT NULL,
    folder TEXT NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    maker TEXT NOT NULL,
    made_at TEXT NOT NULL,
    approver TEXT NOT NULL,
    approved_at TEXT,
    voided_at TEXT,
    void_reason TEXT NOT NULL
) STRICT;

-- One row for each recipient, paper and version (I2). place: where it is delivered to. detail: why it is not sent, or who said
-- what became of it.
CREATE TABLE delivery (
    distribution INTEGER NOT NULL REFERENCES distribution (number),
    recipient TEXT NOT NULL,
    report TEXT NOT NULL,
    edition INTEGER NOT NULL,
    paper_sha256 TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'approved', 'sending', 'sent', 'failed', 'uncertain')),
    attempts INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (distribution, recipient, report)
) STRICT;
