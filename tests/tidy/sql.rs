//! Checks the SQL files: SQLite tables are STRICT, PostgreSQL counts nothing by itself and keeps no instant without
//! its zone, and no statement asks the database for the time.

use super::{Violation, assert_clean, files_below, read, relative, root};

/// Words by which SQL asks for the time; a date always comes as a parameter.
const CLOCKS: &[&str] = &["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "NOW(", "'NOW'"];

/// Words of PostgreSQL that are not relied upon: ids from sequences have holes, advisory locks are not everywhere.
const UNRELIABLE: &[&str] = &["SERIAL", "BIGSERIAL", "SMALLSERIAL", "GENERATED", "NEXTVAL", "SEQUENCE", "TIMESTAMP"];

/// A statement in capitals without comments, and the line it starts on.
struct Statement {
    text: String,
    line: usize,
}

/// Checks one file. Only files in a folder named `sqlite` have STRICT tables to show, and only those in one named
/// `postgres` could leave counting to the database.
fn check(path: &str, text: &str) -> Vec<Violation> {
    let [is_sqlite, is_postgres] = ["sqlite", "postgres"].map(|home| path.split('/').any(|part| part == home));
    let mut violations = Vec::new();
    for statement in statements(text) {
        if is_sqlite && is_lax_table(&statement.text) {
            let message = format!("`{}` is not STRICT", short(&statement.text));
            violations.push(Violation::new(path, statement.line, message));
        }
        let unreliable = |word: &&str| is_postgres && (UNRELIABLE.contains(word) || word.starts_with("PG_ADVISORY"));
        for word in words(&statement.text).filter(unreliable) {
            let message = format!("`{word}` in `{}` is not relied upon", short(&statement.text));
            violations.push(Violation::new(path, statement.line, message));
        }
        for word in CLOCKS.iter().filter(|word| statement.text.contains(**word)) {
            let message = format!("`{word}` in `{}`: the time is handed in", short(&statement.text));
            violations.push(Violation::new(path, statement.line, message));
        }
    }
    violations
}

/// Cuts at semicolons; comments become blanks, and what stands in quotation marks hides no semicolon.
fn statements(text: &str) -> Vec<Statement> {
    let mut found = Vec::new();
    let mut statement = Statement { text: String::new(), line: 1 };
    let mut line = 1;
    let mut quoted = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        line += usize::from(c == '\n');
        quoted ^= c == '\'';
        match (c, rest.peek()) {
            ('-', Some('-')) if !quoted => while rest.next_if(|next| *next != '\n').is_some() {},
            (';', _) if !quoted => {
                let next = Statement { text: String::new(), line };
                found.push(std::mem::replace(&mut statement, next));
            }
            _ if c.is_whitespace() && statement.text.is_empty() => statement.line = line,
            _ => statement.text.extend(c.to_uppercase()),
        }
    }
    found.push(statement);
    found
}

fn words(statement: &str) -> impl Iterator<Item = &str> {
    statement.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn is_lax_table(statement: &str) -> bool {
    let mut head = words(statement).filter(|word| !matches!(*word, "TEMP" | "TEMPORARY"));
    let is_table = head.next() == Some("CREATE") && head.next() == Some("TABLE");
    let options = statement.rsplit(')').next().unwrap_or_default();
    is_table && !words(options).any(|word| word == "STRICT")
}

/// The first words of a statement, to recognise it by.
fn short(statement: &str) -> String {
    words(statement).take(4).collect::<Vec<_>>().join(" ")
}

#[test]
fn sqlite_tables_are_strict_and_sql_reads_no_clock() {
    let check_file = |path: &std::path::PathBuf| check(&relative(path), &read(path));
    assert_clean(files_below(&root().join("src"), &[".sql"]).iter().flat_map(check_file).collect());
}

#[test]
fn table_that_is_not_strict_is_found_with_its_line() {
    let text = "-- CREATE TABLE x (a INT);\nCREATE TABLE a (b TEXT DEFAULT ';', c TEXT) STRICT;\n\n\
                create table if not exists b (\n c TEXT CHECK (c <> 'STRICT')\n);\nCREATE TEMP TABLE d (e INT) WITHOUT ROWID;\n\
                CREATE TABLE f (g INT) WITHOUT ROWID, STRICT;\nCREATE INDEX h ON a (b);\nCREATE TABLE i AS SELECT 1";
    let lines: Vec<usize> = check("src/store/sqlite/migrations/1.sql", text).iter().map(|found| found.line).collect();
    assert_eq!(lines, [4, 7, 10]);
    assert_eq!(check("src/store/postgres/migrations/1.sql", text), []);
}

#[test]
fn counting_by_the_database_is_found_on_a_server_only() {
    for text in [
        "CREATE TABLE a (b bigserial)",
        "CREATE TABLE a (b bigint GENERATED ALWAYS AS IDENTITY)",
        "SELECT pg_advisory_lock(1)",
        "CREATE TABLE a (b timestamp NOT NULL)",
    ] {
        assert_eq!(check("src/store/postgres/migrations/1.sql", text).len(), 1, "{text}");
    }
    let text = "CREATE TABLE a (identity text, b timestamptz, c bigint) STRICT; -- no sequence";
    assert_eq!(check("src/store/postgres/migrations/1.sql", text), []);
    assert_eq!(check("src/store/sqlite/migrations/1.sql", "CREATE TABLE a (generated INTEGER) STRICT"), []);
}

#[test]
fn statement_that_reads_the_clock_is_found() {
    for text in ["SELECT now()", "SELECT date('now')", "CREATE TABLE a (b TEXT DEFAULT CURRENT_TIMESTAMP) STRICT"] {
        assert!(!check("src/store/sqlite/a.sql", text).is_empty(), "{text}");
    }
    assert_eq!(check("src/store/postgres/a.sql", "SELECT known_from -- as of now()\nFROM fact"), []);
}
