//! What a machine that watches over `kaiin serve` is told: the real program, asked over a connection of this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rstest::rstest;
use serde_json::Value;

use super::jobs::export;
use super::program::Office;
use super::samples::Sample;
use crate::store::home::Home;

/// Longer than everything here takes where the machine has other work.
const PATIENCE: Duration = Duration::from_secs(60);

const SETTINGS: &str = "[jobs]\nsettle_seconds = 0\nfirst_month = \"2025-12\"\nreports = [\"member-counts\"]\n\
                        verify_at = \"0 0 3 * * *\"\n[serve]\nmetrics = \"127.0.0.1:0\"\n";

/// A program that serves; ended when dropped.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Served {
    /// Starts the program and waits until its first ring is done.
    pub fn start(office: &Office) -> Self {
        let mut command = office.program();
        // Each ring opens and closes the store for another look at the log.
        command.arg("serve").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program can be started");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let address = lines.by_ref().map(|line| line.expect("a line")).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            rest.split_once("/healthz")?.0.parse().ok()
        });
        // What is told later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address: address.expect("the address is told") }
    }

    /// Asks until an answer is as it should be.
    #[track_caller]
    pub fn wait(&self, path: &str, is_it: impl Fn(u16, &str) -> bool) -> String {
        let begin = Instant::now();
        loop {
            let (status, text) = ask(self.address, path);
            if is_it(status, &text) {
                return text;
            }
            assert!(begin.elapsed() < PATIENCE, "{path}: {status} {text}");
            std::thread::yield_now();
        }
    }

    /// Ends it as a service manager does; its exit code.
    fn terminate(&mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill can be started").success());
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("the child was started here") {
                return status.code();
            }
            assert!(begin.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended cannot be killed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body of an answer.
pub fn ask(address: SocketAddr, path: &str) -> (u16, String) {
    asked(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

fn asked(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time is one");
    stream.write_all(request.as_bytes()).expect("it listens");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    if path_of(request) == "/metrics" && status == Some(200) {
        assert!(head.contains("text/plain; version=0.0.4"), "{head}");
    }
    (status.expect("a status"), body.to_string())
}

fn path_of(request: &str) -> &str {
    request.split(' ').nth(1).expect("a path")
}

/// The figure of a line.
#[track_caller]
fn figure(text: &str, name: &str) -> i64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().expect("a number")
}

fn office(home: Home) -> Office {
    let office = Office::on(home);
    std::fs::create_dir_all(office.data().join("inbox")).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", SETTINGS);
    office.import(&Sample::cases().files[0].display().to_string());
    office.save("kaiin-data/inbox/members_2025-12-31.csv", export(12));
    office
}

/// The figures are those of the ledger, whoever wrote it meanwhile.
#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn figures_are_those_of_the_ledger(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home);
    let served = Served::start(&office);
    let done = |job: &str| format!("kaiin_job_periods{{job=\"{job}\",state=\"done\"}} 1\n");
    let are_done = |text: &str| ["monthly-papers", "verify"].iter().all(|job| text.contains(&done(job)));
    let text = served.wait("/metrics", |_, text| are_done(text));
    assert_eq!(ask(served.address, "/healthz"), (200, "ok\n".to_string()));
    let runs = office.json("jobs list");
    let of_job = |job: &str| runs.as_array().expect("rows").iter().find(|run| run["job"] == job).cloned();
    let finished = |job: &str| -> i64 {
        let run = of_job(job).expect("it was run");
        let at = run["finished_at"].as_str().expect("an instant").parse::<chrono::DateTime<chrono::Utc>>();
        at.expect("an instant").timestamp()
    };
    for job in ["monthly-papers", "verify"] {
        let name = format!("kaiin_job_last_success_timestamp_seconds{{job=\"{job}\"}}");
        assert_eq!(figure(&text, &name), finished(job));
    }
    assert_eq!(figure(&text, "kaiin_store_up"), 1);
    assert_eq!(figure(&text, "kaiin_ring_age_seconds"), 0, "the clock stands still");
    assert!(figure(&text, "kaiin_disk_free_bytes") > 0 && figure(&text, "kaiin_chain_position") > 2, "{text}");
    assert_eq!(figure(&text, "kaiin_inbox_files{state=\"waiting\"}"), 0);
    let before = figure(&text, "kaiin_writer_number");

    // Another program writes, and a file lies in the inbox.
    office.import(&Sample::cases().files[0].display().to_string());
    std::fs::write(office.data().join("inbox/note.txt"), "x").expect("it can be written");
    let begin = Instant::now();
    let text = served.wait("/metrics", |_, _| true);
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
    crate::figures::say(&format!("metrics: {} bytes in {:?}", text.len(), begin.elapsed()));
    assert!(figure(&text, "kaiin_writer_number") > before, "{text}");
    assert_eq!(figure(&text, "kaiin_inbox_files{state=\"waiting\"}"), 1);
}

/// An open handle does not hide that the store is gone.
#[test]
fn store_that_is_gone_is_told() {
    let office = office(Home::Sqlite);
    let served = Served::start(&office);
    served.wait("/metrics", |_, text| text.contains("state=\"done\"} 1\n"));
    let (here, away) = (office.data().join("kaiin.sqlite"), office.folder().join("away.sqlite"));
    std::fs::rename(&here, &away).expect("it is there");
    let (status, text) = ask(served.address, "/healthz");
    assert!(status == 503 && text.starts_with("STO-01") && text.lines().count() == 1, "{status} {text}");
    assert!(!text.contains("kaiin-data"), "{text}");
    let (status, text) = ask(served.address, "/metrics");
    assert_eq!((status, figure(&text, "kaiin_store_up")), (200, 0));
    assert!(!text.contains("kaiin_job"), "{text}");
    std::fs::rename(&away, &here).expect("it is there");
    assert_eq!(ask(served.address, "/healthz").0, 200);
}

/// Nothing but the two is answered, and nothing is changed by asking.
#[test]
fn only_the_two_are_answered() {
    let office = office(Home::Sqlite);
    let served = Served::start(&office);
    served.wait("/metrics", |_, text| text.contains("state=\"done\"} 1\n"));
    let request = |verb: &str, path: &str| {
        asked(
            served.address,
            &format!("{verb} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"),
        )
        .0
    };
    for (verb, path, status) in [
        ("GET", "/", 404),
        ("GET", "/../kaiin.toml", 404),
        ("GET", "/healthz/x", 404),
        ("POST", "/metrics", 405),
        ("DELETE", "/healthz", 405),
        ("HEAD", "/healthz", 200),
    ] {
        assert_eq!(request(verb, path), status, "{verb} {path}");
    }
}

/// It stops in order, also while somebody is connected who asks nothing.
#[test]
fn answering_ends_with_the_program() {
    let office = office(Home::Sqlite);
    let mut served = Served::start(&office);
    served.wait("/healthz", |status, _| status == 200);
    let silent = TcpStream::connect(served.address).expect("somebody listens");
    let mut half = TcpStream::connect(served.address).expect("somebody listens");
    half.write_all(b"GET /metrics HTT").expect("it listens");
    assert_eq!(served.terminate(), Some(0));
    assert!(TcpStream::connect(served.address).is_err(), "nobody listens any more");
    drop((silent, half));
}

#[test]
fn address_that_cannot_be_is_refused() {
    let office = office(Home::Sqlite);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let taken = taken.local_addr().map(|address| (taken, address)).expect("it has an address");
    let refused = |address: &str| {
        office.save("kaiin-data/kaiin.toml", SETTINGS.replace("127.0.0.1:0", address));
        let run = office.run("--json serve");
        let error: Value = run.error();
        (run.exit, error.to_string())
    };
    for (address, exit, code) in
        [("0.0.0.0:0", 2, "CFG-011"), ("localhost", 2, "CFG-010"), (&taken.1.to_string(), 4, "ENV-060")]
    {
        let (found, error) = refused(address);
        assert!(found == Some(exit) && error.contains(code), "{address}: {found:?} {error}");
    }
}
