//! A server that goes away for a while under `kaiin serve`: the clock goes on, says so at each ring, and makes the month that is
//! due once the server is back.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::asking::export;
use super::program::Office;
use super::samples::Sample;

/// The export with which the month is due.
const LATER: &str = "members_2025-11-30.csv";

/// Longer than everything here takes where the machine has other work.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server of this test, reached through a socket alone.
struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
}

impl Server {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("kaiin-srv.").tempdir_in("/tmp").expect("/tmp can be written");
        let programs = std::env::var_os("KAIIN_TEST_POSTGRES_PROGRAMS").map(PathBuf::from);
        let programs = programs.expect("KAIIN_TEST_POSTGRES_PROGRAMS is not set: run scripts/test, which sets it");
        let server = Self { folder, programs };
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(server.folder.path()));
        }
        let sets = ["--username", "kaiin", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
        done(server.program("initdb").args(sets));
        server
    }

    /// A program of the server on its data; it refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() { Command::new("runuser") } else { Command::new(&program) };
        if is_root() {
            command.args(["-u", "postgres", "--"]).arg(program);
        }
        command.current_dir(self.folder.path()).arg("--pgdata").arg(self.folder.path().join("data"));
        command
    }

    fn start(&self) {
        let folder = self.folder.path().display();
        let options = format!("-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off");
        let mut command = self.program("pg_ctl");
        command.arg("--log").arg(self.folder.path().join("data/server.log"));
        done(command.args(["--silent", "--wait", "--options", &options, "start"]));
    }

    fn stop(&self) {
        done(self.program("pg_ctl").args(["--mode", "fast", "--silent", "--wait", "stop"]));
    }

    fn address(&self) -> String {
        format!("postgres://kaiin@localhost:5432/postgres?host={}", self.folder.path().display())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that is gone already is what is wanted.
        let _ = self.program("pg_ctl").args(["--mode", "immediate", "--silent", "stop"]).output();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

#[track_caller]
fn done(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// `kaiin serve`, and what it has said so far.
struct Serve {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Serve {
    fn start(mut command: Command) -> Self {
        let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().expect("the program can be started");
        let said = Arc::new(Mutex::new(String::new()));
        let (lines, heard) = (BufReader::new(child.stderr.take().expect("it is piped")), Arc::clone(&said));
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                heard.lock().expect("nobody panics with it").push_str(&format!("{line}\n"));
            }
        });
        Self { child, said }
    }

    fn said(&self) -> String {
        self.said.lock().expect("nobody panics with it").clone()
    }

    /// Waits until something is so, as long as the program runs.
    #[track_caller]
    fn wait_for(&mut self, what: &str, is_so: impl Fn(&str) -> bool) {
        let begin = Instant::now();
        while !is_so(&self.said()) {
            assert!(self.child.try_wait().expect("a child").is_none(), "it ended before {what}: {}", self.said());
            assert!(begin.elapsed() < PATIENCE, "{what} never came: {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn server_that_goes_away_and_comes_back_loses_no_month() {
    let server = Server::new();
    server.start();
    let office = Office::new();
    let program = || {
        let mut command = office.program();
        command.env("KAIIN_STORE_URL", server.address()).env("KAIIN_NOW", "2025-12-10T00:00:00Z");
        command
    };
    let inbox = office.data().join("inbox");
    std::fs::create_dir_all(&inbox).expect("a folder can be made");
    let settings = "[jobs]\nsettle_seconds = 0\nbell = \"* * * * * *\"\nreports = [\"member-counts\"]\n";
    office.save("kaiin-data/kaiin.toml", settings);
    done(program().arg("import").arg(&Sample::cases().files[0]));
    let mut serve = Serve::start(program());
    std::fs::write(inbox.join("members_2025-11-01.csv"), export(60, "")).expect("the inbox can be written");
    serve.wait_for("the first file", |_| inbox.join("taken/members_2025-11-01.csv").is_file());
    server.stop();
    // The month becomes due while nobody can be asked.
    std::fs::write(inbox.join(LATER), export(60, "")).expect("the inbox can be written");
    let cause = |said: &str| said.lines().filter(|line| line.contains("ENV-04") || line.contains("ENV-008")).count();
    serve.wait_for("the news that the server is gone", |said| cause(said) >= 2);
    assert!(inbox.join(LATER).is_file(), "the file waits: {}", serve.said());
    server.start();
    let paper = office.data().join("papers/2025-11/member-counts_2025-11-30/manifest.json");
    serve.wait_for("the month", |_| paper.is_file());
    serve.wait_for("the news of the month", |said| said.contains("2025-11"));
    assert!(inbox.join("taken").join(LATER).is_file(), "{}", serve.said());
    drop(serve);
    let listed = super::program::Run::of(program().args(["--json", "jobs", "list"]));
    assert!(listed.stdout.contains("\"done\"") && listed.stdout.contains("2025-11"), "{listed:?}");
    done(program().arg("verify"));
}
