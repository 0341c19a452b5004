-- Mails that tell recipients of their papers: what the SQLite migration 0011 makes, with the types of this database.
CREATE TABLE mail (
    distribution bigint NOT NULL REFERENCES distribution (number),
    recipient text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    message_id text NOT NULL,
    state text NOT NULL CHECK (state IN ('prepared', 'approved', 'sending', 'sent', 'failed', 'uncertain', 'bounced')),
    attempts bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    next_at timestamptz,
    detail text NOT NULL,
    PRIMARY KEY (distribution, recipient, address)
);
