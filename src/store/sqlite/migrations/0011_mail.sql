-- Mails that tell recipients of their papers: one row for each address of a recipient of a distribution. message_id: stands in
-- the mail, so that whoever gets it twice knows. next_at: of a mail that failed, when it may be tried again at the earliest; NULL
-- where a person must say so first. detail: what the server said, or who said what became of it.
CREATE TABLE mail (
    distribution INTEGER NOT NULL REFERENCES distribution (number),
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'approved', 'sending', 'sent', 'failed', 'uncertain', 'bounced')),
    attempts INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    next_at TEXT,
    detail TEXT NOT NULL,
    PRIMARY KEY (distribution, recipient, address)
) STRICT;
