-- Accounts of the pages, their sessions and what was opened. Copies, backups and comparisons of the store leave these tables out:
-- they carry no password and no session. Instants are microseconds since 1970-01-01 in UTC and days are numbers of days since then,
-- as in the file that stands beside an embedded store, so that one statement serves both.

CREATE TABLE account (
    login text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    -- argon2id in the form of PHC; the password itself is nowhere.
    password_hash text NOT NULL,
    must_change boolean NOT NULL,
    role text NOT NULL CHECK (role IN ('reader', 'maker', 'approver', 'administrator')),
    area_kind text NOT NULL CHECK (area_kind IN ('everywhere', 'prefecture', 'association')),
    area_code text NOT NULL,
    tiers text NOT NULL CHECK (tiers <> ''),
    persons boolean NOT NULL,
    made_at bigint NOT NULL,
    disabled_at bigint,
    CHECK (area_kind = 'everywhere' OR tiers NOT LIKE '%national%')
);

CREATE TABLE account_lent (
    login text NOT NULL REFERENCES account (login),
    area_kind text NOT NULL CHECK (area_kind IN ('prefecture', 'association')),
    area_code text NOT NULL CHECK (area_code <> ''),
    -- Last day, inclusive.
    until_day bigint NOT NULL,
    persons boolean NOT NULL,
    lent_at bigint NOT NULL,
    PRIMARY KEY (login, area_kind, area_code)
);

-- Of a token only its SHA-256 is kept: whoever reads this table cannot log in with it.
CREATE TABLE web_session (
    token_sha256 text NOT NULL PRIMARY KEY,
    login text NOT NULL REFERENCES account (login),
    made_at bigint NOT NULL,
    seen_at bigint NOT NULL
);

-- Who opened what: the declared path without what was asked, so that no name of a member stands here.
CREATE TABLE access_entry (
    at bigint NOT NULL,
    -- Empty where nobody was logged in.
    login text NOT NULL,
    route text NOT NULL,
    outcome bigint NOT NULL,
    -- How many rows or persons the page showed; nothing where it shows none.
    n_shown bigint
);

CREATE INDEX access_entry_at ON access_entry (at);
