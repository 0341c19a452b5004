-- Accounts of the pages, their sessions and what was opened. They stand in a file of their own beside the store: an import holds
-- the store for minutes, while every page writes here; and backups, copies and comparisons of the store carry no password and no
-- session. Instants are microseconds since 1970-01-01 in UTC and days are numbers of days since then, on a server as well, so that
-- one statement serves both.

CREATE TABLE account (
    login TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- argon2id in the form of PHC; the password itself is nowhere.
    password_hash TEXT NOT NULL,
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    role TEXT NOT NULL CHECK (role IN ('reader', 'maker', 'approver', 'administrator')),
    area_kind TEXT NOT NULL CHECK (area_kind IN ('everywhere', 'prefecture', 'association')),
    area_code TEXT NOT NULL,
    tiers TEXT NOT NULL CHECK (tiers <> ''),
    persons INTEGER NOT NULL CHECK (persons IN (0, 1)),
    made_at INTEGER NOT NULL,
    disabled_at INTEGER,
    CHECK (area_kind = 'everywhere' OR tiers NOT LIKE '%national%')
) STRICT;

CREATE TABLE account_lent (
    login TEXT NOT NULL REFERENCES account (login),
    area_kind TEXT NOT NULL CHECK (area_kind IN ('prefecture', 'association')),
    area_code TEXT NOT NULL CHECK (area_code <> ''),
    -- Last day, inclusive.
    until_day INTEGER NOT NULL,
    persons INTEGER NOT NULL CHECK (persons IN (0, 1)),
    lent_at INTEGER NOT NULL,
    PRIMARY KEY (login, area_kind, area_code)
) STRICT;

-- Of a token only its SHA-256 is kept: whoever reads this table cannot log in with it.
CREATE TABLE web_session (
    token_sha256 TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL REFERENCES account (login),
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- Who opened what: the declared path without what was asked, so that no name of a member stands here.
CREATE TABLE access_entry (
    at INTEGER NOT NULL,
    -- Empty where nobody was logged in.
    login TEXT NOT NULL,
    route TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    -- How many rows or persons the page showed; nothing where it shows none.
    n_shown INTEGER
) STRICT;

CREATE INDEX access_entry_at ON access_entry (at);
