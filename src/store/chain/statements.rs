//! The statements of the chain: rows as texts that are the same on both stores, many of them at once.
//!
//! A number, day or flag is written as its digits, an instant as seconds and microseconds, a text with its length before
//! it, NULL as `-`; a blank ends each. The databases put a row together, so that a million rows cross as a few hundred values.

use crate::store::tables::{Column, Kind, TABLES, Table};

/// The databases differ in how they write a value as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

/// What is chained of a table.
#[derive(Debug)]
pub(super) struct Chained {
    /// Name of the table.
    pub(super) name: &'static str,
    /// Columns that name a person or were written by one.
    persons: &'static [&'static str],
    /// Columns that a later import sets: last day, and by whom.
    ends: Option<(Option<&'static str>, &'static str)>,
    /// Whether every count reads it.
    pub(super) is_small: bool,
}

const fn plain(name: &'static str) -> Chained {
    Chained { name, persons: &[], ends: None, is_small: true }
}

const CLOSED: Option<(Option<&str>, &str)> = Some((Some("known_until"), "closed_by"));

/// All tables of facts. The ledger of months is none: its rows change, and the files that it names are chained as papers.
#[rustfmt::skip]
pub(super) const CHAINED: &[Chained] = &[
    plain("source"),
    Chained { ends: Some((None, "replaced_by")), ..plain("import") },
    plain("import_taken_back"),
    plain("association"),
    Chained { ends: Some((None, "superseded_by")), ..plain("association_version") },
    Chained { name: "physician", persons: &["registration_number"], ends: None, is_small: false },
    Chained {
        name: "physician_version",
        persons: &["name", "kana", "born_on", "graduated", "facility", "digest", "kana_digest"],
        ends: CLOSED,
        is_small: false,
    },
    Chained { name: "enrolment", persons: &[], ends: CLOSED, is_small: false },
    Chained { name: "finding", persons: &[], ends: CLOSED, is_small: false },
    Chained { name: "row_problem", persons: &[], ends: None, is_small: false },
    Chained { name: "application", persons: &["note"], ends: CLOSED, is_small: false },
    Chained { name: "adjustment", persons: &["why", "approver"], ends: CLOSED, is_small: false },
    Chained { is_small: false, ..plain("purge") },
    Chained { is_small: false, ..plain("purged_file") },
    Chained { is_small: false, ..plain("purge_end") },
];

/// In which texts of a row a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the facts.
    Facts,
    /// Among what names a person.
    Persons,
    /// In both, as the id where anything names a person.
    Both,
    /// In none: a later import sets it.
    End,
    /// In the facts, in a form that only the databases know.
    Unsure,
}

/// What is chained of the table of a name.
pub(super) fn chained(name: &str) -> Option<&'static Chained> {
    CHAINED.iter().find(|chained| chained.name == name)
}

impl Chained {
    /// Where each column of the table stands.
    pub(super) fn places(&self) -> Vec<Place> {
        let place = |(name, kind): &Column| match *name {
            "id" if self.has_persons() => Place::Both,
            name if self.persons.contains(&name) => Place::Persons,
            name if self.is_end(name) => Place::End,
            _ if *kind == Kind::Instant => Place::Unsure,
            _ => Place::Facts,
        };
        self.table().columns.iter().map(place).collect()
    }

    fn is_end(&self, name: &str) -> bool {
        self.ends.is_some_and(|(until, by)| until == Some(name) || by == name)
    }

    fn table(&self) -> &'static Table {
        // Every name of the list above is one of `TABLES`, as a test proves.
        TABLES.iter().find(|table| table.name == self.name).unwrap_or(&TABLES[0])
    }

    /// Whether some of its columns are personal.
    pub(super) fn has_persons(&self) -> bool {
        !self.persons.is_empty()
    }

    /// Facts and personal columns (NULL where there are none) of the rows with `$1 < id <= $2`, each row with a line end, and
    /// their number.
    pub(super) fn rows(&self, dialect: Dialect) -> String {
        let columns = self.table().columns.iter();
        let facts = columns.clone().filter(|(name, _)| !self.persons.contains(name) && !self.is_end(name));
        let persons = columns.filter(|(name, _)| *name == "id" || self.persons.contains(name));
        let (facts, persons) = (texts(dialect, facts), texts(dialect, persons));
        let (persons, joined_persons) = match self.has_persons() {
            true => (persons, joined(dialect, "persons")),
            false => ("NULL".to_string(), "NULL".to_string()),
        };
        format!(
            "SELECT {}, {joined_persons}, count(*) FROM (SELECT t.id AS id, {facts} AS facts, {persons} AS persons
                 FROM {} t {} WHERE t.id > $1 AND t.id <= $2) r",
            joined(dialect, "facts"),
            self.name,
            whole(dialect),
        )
    }

    /// Of the rows with `$1 < id <= $2` that ended: by whom (0 for nobody), each row with a line end, and their number.
    pub(super) fn ends(&self, dialect: Dialect) -> Option<String> {
        let (until, by) = self.ends?;
        let is_ended = until.map_or(String::new(), |until| format!(" OR t.{until} IS NOT NULL"));
        Some(format!(
            "SELECT r.closer, {}, count(*) FROM (SELECT t.id AS id, coalesce(t.{by}, 0) AS closer, {} AS ends
                 FROM {} t {} WHERE t.id > $1 AND t.id <= $2 AND (t.{by} IS NOT NULL{is_ended})) r
             GROUP BY r.closer ORDER BY r.closer",
            joined(dialect, "ends"),
            self.end_texts(dialect, until),
            self.name,
            whole(dialect),
        ))
    }

    /// The rows that one import ($1) ended, as [`Self::ends`] gives them.
    pub(super) fn ends_of_one(&self, dialect: Dialect) -> Option<String> {
        let (until, by) = self.ends?;
        Some(format!(
            "SELECT {}, count(*) FROM (SELECT t.id AS id, {} AS ends FROM {} t WHERE t.{by} = $1) r",
            joined(dialect, "ends"),
            self.end_texts(dialect, until),
            self.name,
        ))
    }

    fn end_texts(&self, dialect: Dialect, until: Option<&str>) -> String {
        let columns = self.table().columns.iter();
        texts(dialect, columns.filter(|(name, _)| *name == "id" || until == Some(*name)))
    }
}

/// A row is looked up by its id alone: an index may say otherwise than the table.
fn whole(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "NOT INDEXED",
        Dialect::Postgres => "",
    }
}

/// Texts of many rows as bytes, by id: a damaged text may be no UTF-8.
fn joined(dialect: Dialect, column: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("CAST(group_concat(r.{column} || char(10), '' ORDER BY r.id) AS BLOB)"),
        Dialect::Postgres => format!("convert_to(string_agg(r.{column} || chr(10), '' ORDER BY r.id), 'UTF8')"),
    }
}

fn texts<'c>(dialect: Dialect, columns: impl Iterator<Item = &'c (&'static str, Kind)>) -> String {
    let texts: Vec<String> = columns.map(|(name, kind)| text(dialect, name, *kind)).collect();
    match dialect {
        // One pass over a row: every `||` would write what stands before it again. No text is empty or NULL, which it leaves out.
        Dialect::Sqlite => format!("concat_ws(' ', {})", texts.join(", ")),
        Dialect::Postgres => texts.join(" || ' ' || "),
    }
}

fn text(dialect: Dialect, name: &str, kind: Kind) -> String {
    let value = match (dialect, kind) {
        (Dialect::Sqlite, Kind::Text) => format!("length(t.{name}) || ':' || t.{name}"),
        (Dialect::Postgres, Kind::Text) => format!("length(t.{name})::text || ':' || t.{name}"),
        // As it is kept: 2026-02-01T00:00:00+00:00, with or without a fraction.
        (Dialect::Sqlite, Kind::Instant) => format!(
            "unixepoch(t.{name}) || '.' || CASE substr(t.{name}, 20, 1) WHEN '.'
                 THEN substr(substr(t.{name}, 21, instr(t.{name}, '+') - 21) || '000000', 1, 6) ELSE '000000' END"
        ),
        (Dialect::Postgres, Kind::Instant) => format!(
            "floor(extract(epoch FROM t.{name}))::bigint::text || '.' || to_char(t.{name} AT TIME ZONE 'UTC', 'US')"
        ),
        (Dialect::Sqlite, _) => format!("t.{name}"),
        (Dialect::Postgres, Kind::Day) => format!("(t.{name} - DATE '1970-01-01')::text"),
        (Dialect::Postgres, Kind::Flag) => format!("t.{name}::integer::text"),
        (Dialect::Postgres, _) => format!("t.{name}::text"),
    };
    format!("coalesce({value}, '-')")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chained_column_is_one_of_the_table() {
        for chained in CHAINED {
            let table = chained.table();
            assert_eq!(table.name, chained.name);
            let named = chained
                .persons
                .iter()
                .copied()
                .chain(chained.ends.into_iter().flat_map(|(until, by)| until.into_iter().chain([by])));
            for column in named {
                assert!(table.columns.iter().any(|(name, _)| *name == column), "{} has no {column}", table.name);
            }
        }
    }

    #[test]
    fn every_table_of_facts_is_chained() {
        let own = ["chain", "chain_sum", "distribution", "delivery", "mail"];
        let own = [&own[..], &["job_run", "job_version", "job_paper", "job_file", "job_revision"]].concat();
        let of_facts = TABLES.iter().map(|table| table.name).filter(|name| !own.contains(name));
        let mut chained: Vec<&str> = CHAINED.iter().map(|chained| chained.name).collect();
        let mut of_facts: Vec<&str> = of_facts.collect();
        chained.sort_unstable();
        of_facts.sort_unstable();
        assert_eq!(chained, of_facts);
    }
}
