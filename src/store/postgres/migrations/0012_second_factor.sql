-- Second factors (TOTP, RFC 6238). A secret stands here as it is, for whoever compares a code must know it: these tables are to be
-- guarded as the passwords of those accounts. Instants are microseconds and steps are numbers of 30 seconds since 1970-01-01 in UTC.

CREATE TABLE second_factor (
    login text NOT NULL PRIMARY KEY REFERENCES account (login),
    -- 160 random bits in base32.
    secret text NOT NULL,
    set_up_at bigint NOT NULL,
    -- The newest step of which a code was accepted: none up to it is accepted again.
    used_step bigint NOT NULL
);

-- What was shown to a session that sets one up. Nothing of it counts before somebody has written a code of it.
CREATE TABLE second_factor_offer (
    token_sha256 text NOT NULL PRIMARY KEY REFERENCES web_session (token_sha256) ON DELETE CASCADE,
    secret text NOT NULL,
    offered_at bigint NOT NULL
);

-- Whose password was right and whose code is still asked for. It is no session and opens no page.
CREATE TABLE half_login (
    token_sha256 text NOT NULL PRIMARY KEY,
    login text NOT NULL REFERENCES account (login),
    made_at bigint NOT NULL
);
