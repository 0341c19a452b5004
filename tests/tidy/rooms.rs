//! The plan of the house: which room may use which, and which room may name which crate.
//!
//! Both tables are complete: a room or a crate without a row fails, and so does a row for a crate that has
//! left `Cargo.toml`. Change them together with the design, never to make a test pass.

/// The rooms a room may use besides itself.
pub struct Room {
    /// Folder or file under `src/`.
    pub name: &'static str,
    /// Rooms it may import from.
    pub may_use: &'static [&'static str],
}

const fn room(name: &'static str, may_use: &'static [&'static str]) -> Room {
    Room { name, may_use }
}

/// Direction: domain ← adapters ← service ← doors ← main; everything small stands beside domain.
#[rustfmt::skip]
pub const ROOMS: &[Room] = &[
    // Pure: what the figures mean must not depend on where they come from or go to.
    room("domain", &[]),
    // How files are written, renamed, synced and named. Like the clock it is one small thing that must be done in one place:
    // whoever writes (columns, papers, exports) uses it; of the domain it knows what a file name is.
    room("files", &["domain"]),
    // The edge of time and the texts people read; both speak in terms of the domain only.
    room("clock", &["domain"]),
    room("messages", &["domain"]),
    // Where a test lets the program end; it knows nobody.
    room("crash", &[]),
    // Opens what people hand over and what lies in the data folder, and knows nothing of it.
    room("input", &[]),
    // Settings are validated into domain types and know no adapter they configure.
    room("config", &["domain", "input"]),
    // Tracing is set up from the settings.
    room("telemetry", &["config", "domain"]),
    // Adapters do not know each other: each can be replaced, and tested, alone.
    // Invented worlds: pure like the domain, and nothing that counts them knows that they are invented.
    room("synth", &["domain"]),
    room("ingest", &["domain", "input"]),
    room("definitions", &["domain", "input"]),
    room("store", &["domain", "input"]),
    room("timeline", &["domain", "files", "input"]),
    room("render", &["domain"]),
    room("mail", &["domain"]),
    // The one exception: figures are computed on the columns of the timeline.
    room("stats", &["domain", "timeline"]),
    // Maps the errors of the rooms below to kind, hint and exit code.
    room("error", &["domain", "ingest", "definitions", "store", "timeline", "stats", "render", "config", "input",
                    "messages"]),
    // The only room that brings adapters together; order of steps and transactions live here.
    room("service", &["domain", "ingest", "definitions", "store", "timeline", "stats", "render", "synth",
                      "mail", "clock", "config", "crash", "files", "input", "messages", "telemetry", "error"]),
    // Doors compute nothing, so they reach the adapters through service alone, and not each other.
    room("jobs", &["service", "domain", "clock", "config", "crash", "messages", "telemetry", "error"]),
    room("web", &["service", "domain", "clock", "config", "messages", "telemetry", "error"]),
    // `kaiin serve` and `kaiin jobs` start the clock by hand, `kaiin web` the pages; neither knows the command line.
    room("cli", &["jobs", "web", "service", "domain", "clock", "config", "messages", "telemetry", "error"]),
    // Opens a door and turns its error into an exit code.
    room("main", &["cli", "jobs", "web", "service", "domain", "clock", "config", "messages", "telemetry", "error"]),
    // Declares the rooms and holds the code map; it uses none.
    room("lib", &[]),
    // Days and masters as tests write them; every room has such tests.
    room("written", &["domain"]),
];

/// The rooms of `service`, and which of its rooms each may use: what was kept ← what was known ← what is asked of it ←
/// papers ← what comes in, for a file asks about the papers that it would change.
#[rustfmt::skip]
pub const SERVICE_ROOMS: &[Room] = &[
    // The data folder; nothing is counted here.
    room("keep", &[]),
    // Everything known at a known-at, read once.
    room("known", &["keep"]),
    // Answers and audits do not know each other; both are made from what is known.
    room("questions", &["keep", "known"]),
    room("audit", &["keep", "known"]),
    // A question of the page is answered from both.
    room("asked", &["keep", "known", "questions", "audit"]),
    // One person is shown with the sources that explain a figure.
    room("persons", &["keep", "known", "questions"]),
    // Papers print both. They copy a store to try a change in it, as questions do to move one.
    room("papers", &["keep", "known", "questions", "audit"]),
    // What the office writes for a meeting becomes a paper.
    room("meetings", &["keep", "known", "papers"]),
    // What was made goes to whom it is for.
    room("publish", &["keep", "known", "papers"]),
    // Files that come in are told what they change, papers that were given out among it.
    room("intake", &["keep", "known", "papers"]),
    // What was kept long enough goes: files that came in, and names of those who have left. Papers and backups are told of.
    room("purge", &["keep", "known", "questions", "papers", "intake"]),
    // Looks at everything that a server needs, each with the eyes of whoever uses it.
    room("doctor", &["keep", "known", "papers", "intake"]),
    // Files that went astray are looked for among all that was made and handed over.
    room("incident", &["keep", "papers", "publish"]),
    // Asks each room what waits for a person, and opens the data folder as the doctor does.
    room("today", &["keep", "papers", "meetings", "publish", "intake", "doctor"]),
    // Figures for a machine that watches over a server.
    room("vitals", &["keep", "intake"]),
    // Who may open pages; areas are named as in questions.
    room("accounts", &["keep", "known"]),
    // Invented worlds go into a store the way files do; the demo shows everything.
    room("synth", &["keep", "intake"]),
    room("demo", &["keep", "known", "audit", "papers", "meetings", "intake"]),
];

/// Where a crate may be named.
pub enum Where {
    /// In every room, `domain` included.
    Everywhere,
    /// In every room but `domain`.
    OutsideDomain,
    /// Only in these rooms.
    Only(&'static [&'static str]),
}

/// Where a crate of `[dependencies]` may be named.
pub struct CrateRow {
    /// Name as in code, with underscores.
    pub name: &'static str,
    /// The rooms that may name it.
    pub allowed: Where,
}

const fn everywhere(name: &'static str) -> CrateRow {
    CrateRow { name, allowed: Where::Everywhere }
}

const fn outside_domain(name: &'static str) -> CrateRow {
    CrateRow { name, allowed: Where::OutsideDomain }
}

const fn only(name: &'static str, rooms: &'static [&'static str]) -> CrateRow {
    CrateRow { name, allowed: Where::Only(rooms) }
}

/// One row for each crate of `[dependencies]`.
#[rustfmt::skip]
pub const CRATES: &[CrateRow] = &[
    // Plain vocabulary: dates, derives and error enums do no IO.
    everywhere("chrono"),
    everywhere("serde"),
    everywhere("thiserror"),
    // Vocabulary with IO, threads or logs in it.
    outside_domain("serde_json"),
    outside_domain("tokio"),
    outside_domain("tracing"),
    // Below service an error keeps its type; from service outward it gathers context.
    only("anyhow", &["service", "jobs", "web", "cli", "main", "error"]),
    // The rooms below all others; the others name them as their own.
    only("kaiin_base", &["lib"]),
    // Columns: two rooms, so that the engine can be exchanged.
    only("polars", &["timeline", "stats"]),
    only("polars_parquet", &["timeline"]),
    // The database.
    only("sqlx", &["store"]),
    only("rustls", &["store"]),
    // Paper and pages.
    only("askama", &["render", "web"]),
    only("hayro_svg", &["render"]),
    only("icu_segmenter", &["render"]),
    only("krilla", &["render"]),
    only("lopdf", &["render"]),
    only("printpdf", &["render"]),
    only("subsetter", &["render"]),
    only("ttf_parser", &["render"]),
    // Mails over SMTP.
    only("lettre", &["mail"]),
    // Bytes in and bytes out: CSV and its encodings.
    only("csv", &["ingest", "render"]),
    only("encoding_rs", &["ingest", "render"]),
    // Workbooks, for offices save everything in Excel.
    only("calamine", &["ingest"]),
    only("rust_xlsxwriter", &["render"]),
    only("zip", &["ingest"]),
    // Named for its features alone (Cargo.toml).
    only("simd_adler32", &[]),
    // Names are normalised once, on the way in.
    only("unicode_normalization", &["ingest", "render", "service"]),
    // Files that people write by hand.
    only("toml", &["definitions", "config"]),
    // The terminal.
    only("clap", &["cli"]),
    only("clap_complete", &["cli"]),
    only("clap_mangen", &["cli"]),
    only("indicatif", &["cli"]),
    // The bell and the missed times.
    only("croner", &["jobs"]),
    only("tokio_cron_scheduler", &["jobs"]),
    // What a machine asks of `kaiin serve`.
    only("axum", &["jobs", "web"]),
    only("hyper", &["web"]),
    only("hyper_util", &["web"]),
    only("tokio_io_timeout", &["web"]),
    only("tower_http", &["web"]),
    only("form_urlencoded", &["service", "web"]),
    // Who somebody is: passwords, tokens, how often one may try.
    only("argon2", &["service"]),
    only("getrandom", &["service"]),
    only("governor", &["service"]),
    // Codes of second factors, and the picture of their secret.
    only("hmac", &["service"]),
    only("sha1", &["service"]),
    only("subtle", &["service"]),
    only("qrcode", &["web"]),
    // Hashes of files, heads and manifests.
    only("sha2", &["ingest", "store", "timeline", "render", "service", "files", "web"]),
    // Rows as they stream from the database.
    only("futures_util", &["store", "service", "jobs"]),
    // Files are written under another name and renamed.
    only("tempfile", &["ingest", "service", "files"]),
    only("rustix", &["files"]),
    // Room on a disk.
    only("fs4", &["files"]),
    // One subscriber for the whole program.
    only("tracing_subscriber", &["telemetry"]),
];

/// Crates that test code of any room may name besides the dev-dependencies: tests write to folders of their own.
pub const FREE_IN_TESTS: &[&str] = &["tempfile"];

/// Parts of the standard library that production code of `domain` must not name: they do IO or ask the machine.
pub const NOT_PURE: &[&str] = &["env", "fs", "io", "net", "os", "process", "thread"];

/// Finds the row of a room.
pub fn find_room(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

/// Finds the row of a crate.
pub fn find_crate(name: &str) -> Option<&'static CrateRow> {
    CRATES.iter().find(|row| row.name == name)
}

#[cfg(test)]
fn reaches(rooms: &[Room], from: &str, goal: &str) -> bool {
    let row = rooms.iter().find(|room| room.name == from);
    row.is_some_and(|room| room.may_use.iter().any(|next| *next == goal || reaches(rooms, next, goal)))
}

#[test]
fn tables_name_each_room_once_and_only_rooms() {
    let known = |name: &&str| find_room(name).is_some();
    for row in ROOMS {
        assert_eq!(ROOMS.iter().filter(|other| other.name == row.name).count(), 1, "{} has several rows", row.name);
        assert!(row.may_use.iter().all(known), "{} may use something that is no room", row.name);
    }
    for row in CRATES {
        let Where::Only(rooms) = row.allowed else { continue };
        assert!(rooms.iter().all(known), "{} is allowed in something that is no room", row.name);
    }
}

#[test]
fn direction_has_no_circle() {
    for rooms in [ROOMS, SERVICE_ROOMS] {
        let names = rooms.iter().map(|room| room.name);
        let circle: Vec<&str> = names.filter(|name| reaches(rooms, name, name)).collect();
        assert_eq!(circle, Vec::<&str>::new(), "these rooms reach themselves");
    }
}
