//! The way to a server: encrypted and proved unless the address chooses something else, with the cause where it fails.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::program::{Office, Run};
use crate::skipping::is_skipped_without;

/// Stands for a password and must never be printed, neither as it is written in an address nor as it is meant.
const PASSWORD: &str = "kanarien@vogel";
const PASSWORD_IN_ADDRESS: &str = "kanarien%40vogel";

/// Stands for a password that the server does not take.
const WRONG_PASSWORD: &str = "falscher-kanarienvogel";

/// Names the folder of initdb and pg_ctl; scripts/test sets it.
pub const PROGRAMS: &str = "KAIIN_TEST_POSTGRES_PROGRAMS";

/// A server of this test, which speaks TLS on a port of its own and lets nobody in over it who does not.
struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("kaiin-tls.").tempdir_in("/tmp").expect("/tmp can be written");
        let server = Self { folder, programs: programs(), port: free_port() };
        server.make_certificates();
        if is_root() {
            done(Command::new("chown").args(["-R", "postgres"]).arg(server.folder.path()));
        }
        std::fs::write(server.place("password"), PASSWORD).expect("the folder can be written");
        let (data, password) = (server.place("data"), server.place("password"));
        let sets =
            ["--username", "kaiin", "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"];
        let mut command = server.as_server("initdb");
        done(command.arg("--pgdata").arg(&data).arg(format!("--pwfile={}", password.display())).args(sets));
        let rules = "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n";
        std::fs::write(data.join("pg_hba.conf"), rules).expect("the folder can be written");
        server.show("good");
        server.set("on");
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c fsync=off",
            server.port,
            server.folder.path().display()
        );
        let log = server.place("data/server.log");
        let mut command = server.as_server("pg_ctl");
        command.arg("--pgdata").arg(&data).arg("--log").arg(log).args(["--silent", "--wait", "--options", &options]);
        done(command.arg("start"));
        server
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program of the server; it refuses to run as root.
    fn as_server(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }

    /// Issuers, one of whom goes by the name of another, and certificates of the server: a good one, one that has expired, one that is its own issuer.
    fn make_certificates(&self) {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let openssl = |arguments: &[&str]| {
            done(Command::new("openssl").args(arguments).current_dir(self.folder.path()));
        };
        let issuers =
            [("issuer", "/CN=issuer"), ("impostor", "/CN=issuer"), ("stranger", "/CN=stranger"), ("own", "/CN=own")];
        for (name, subject) in issuers {
            let (key_out, out) = (format!("{name}.key"), format!("{name}.pem"));
            let made = ["-subj", subject, "-addext", "subjectAltName=DNS:localhost"];
            let first = ["req", "-x509", "-days", "30", "-keyout", &key_out, "-out", &out];
            openssl(&[first.as_slice(), &key, &made].concat());
        }
        for (name, days) in [("good", "30"), ("expired", "-1")] {
            let (key_out, request, out) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
            let made = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
            openssl(&[["req", "-keyout", &key_out, "-out", &request].as_slice(), &key, &made].concat());
            let signed = ["-CA", "issuer.pem", "-CAkey", "issuer.key", "-CAcreateserial", "-copy_extensions", "copy"];
            openssl(&[["x509", "-req", "-days", days, "-in", &request, "-out", &out].as_slice(), &signed].concat());
        }
        std::fs::write(self.place("empty.pem"), "nothing\n").expect("the folder can be written");
    }

    /// Lets the server show a certificate.
    fn show(&self, name: &str) {
        for ending in ["pem", "key"] {
            let to = self.place(&format!("data/server.{ending}"));
            // Overwritten, so that it stays the file of whoever runs the server.
            std::fs::write(&to, std::fs::read(self.place(&format!("{name}.{ending}"))).expect("it was made"))
                .expect("the folder can be written");
            if is_root() {
                done(Command::new("chown").arg("postgres").arg(&to));
            }
            done(Command::new("chmod").arg("600").arg(&to));
        }
    }

    /// Switches encrypting on or off.
    fn set(&self, ssl: &str) {
        let settings = format!("ssl = {ssl}\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\n");
        std::fs::write(self.place("data/postgresql.auto.conf"), settings).expect("the folder can be written");
    }

    /// Lets a running server read its settings and certificates again.
    fn reload(&self) {
        let log = self.place("data/server.log");
        let times = || std::fs::read_to_string(&log).expect("a log").matches("SIGHUP").count();
        let before = times();
        done(self.as_server("pg_ctl").arg("--pgdata").arg(self.place("data")).arg("reload"));
        // The server says so once it has done it; new connections come after that.
        while times() == before {
            std::thread::yield_now();
        }
    }

    fn address(&self, host: &str, password: &str, parameters: &str) -> String {
        format!("postgres://kaiin:{password}@{host}:{}/postgres?{parameters}", self.port)
    }

    /// What the program says of an address, in whatever language and with whatever log.
    fn asked(&self, address: &str) -> Run {
        let office = Office::new();
        let run = |arguments: &[&str], log: &str| {
            let mut command = office.program();
            command.env("KAIIN_STORE_URL", address).env("KAIIN_LOG", log).env_remove("PGSSLMODE").args(arguments);
            let run = Run::of(&mut command);
            for secret in [PASSWORD, PASSWORD_IN_ADDRESS, WRONG_PASSWORD] {
                assert!(!format!("{}{}", run.stdout, run.stderr).contains(secret), "{address}: {}", run.stderr);
            }
            run
        };
        run(&["jobs", "list"], "trace");
        run(&["--lang", "en", "jobs", "list"], "warn");
        run(&["--json", "jobs", "list"], "warn")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.place("data");
        // A server that is gone already is what is wanted.
        let _ = self
            .as_server("pg_ctl")
            .arg("--pgdata")
            .arg(data)
            .args(["--mode", "immediate", "--silent", "stop"])
            .output();
    }
}

fn is_root() -> bool {
    String::from_utf8_lossy(&done(Command::new("id").arg("-u")).stdout).trim() == "0"
}

/// Where initdb and pg_ctl are.
fn programs() -> PathBuf {
    std::env::var_os(PROGRAMS).map(PathBuf::from).expect("a test asks first whether it is skipped")
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    listener.local_addr().expect("a bound port").port()
}

#[track_caller]
fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn roots(path: &Path) -> String {
    format!("sslrootcert={}", path.display())
}

/// Every way in and every way to be refused, on one server, since starting one takes a while.
#[test]
fn server_is_proved_and_a_refusal_names_its_cause() {
    if is_skipped_without(PROGRAMS) {
        return;
    }
    let server = Server::start();
    let trusted = roots(&server.place("issuer.pem"));
    let refused = |host: &str, parameters: &str, code: &str| {
        let run = server.asked(&server.address(host, PASSWORD_IN_ADDRESS, parameters));
        assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(4), &code.into()), "{parameters}: {}", run.stderr);
    };
    let let_in = |host: &str, parameters: &str| {
        let run = server.asked(&server.address(host, PASSWORD_IN_ADDRESS, parameters));
        assert_eq!(run.exit, Some(0), "{host} {parameters}: {}", run.stderr);
    };
    // The server's rules ask for TLS, so that whoever is let in has encrypted.
    let_in("localhost", &format!("sslmode=verify-full&{trusted}"));
    let_in("127.0.0.1", &format!("sslmode=verify-ca&{trusted}"));
    let_in("localhost", "sslmode=require");
    refused("127.0.0.1", &format!("sslmode=verify-full&{trusted}"), "ENV-042");
    refused("localhost", "sslmode=verify-full", "ENV-041");
    refused("localhost", &format!("sslmode=verify-full&{}", roots(&server.place("stranger.pem"))), "ENV-041");
    refused("localhost", &format!("sslmode=verify-ca&{}", roots(&server.place("impostor.pem"))), "ENV-041");
    refused("localhost", &format!("sslmode=verify-full&{}", roots(&server.place("missing.pem"))), "ENV-044");
    refused("localhost", &format!("sslmode=verify-full&{}", roots(&server.place("empty.pem"))), "ENV-044");
    refused("localhost", "", "ENV-045");
    refused("127.0.0.1", "sslmode=disable", "ENV-045");
    refused("localhost", "sslmode=nonsense", "ENV-009");
    let wrong = server.asked(&server.address("localhost", WRONG_PASSWORD, &format!("sslmode=verify-full&{trusted}")));
    assert_eq!((wrong.exit, &wrong.error()["error"]["code"]), (Some(4), &"ENV-009".into()));
    let nobody = format!("postgres://kaiin:{PASSWORD_IN_ADDRESS}@localhost:{}/postgres", free_port());
    let nobody = server.asked(&nobody);
    assert_eq!((nobody.exit, &nobody.error()["error"]["code"]), (Some(4), &"ENV-009".into()));
    // What the name of the certificate is stands in the message, so that the address can be mended.
    let other =
        server.asked(&server.address("127.0.0.1", PASSWORD_IN_ADDRESS, &format!("sslmode=verify-full&{trusted}")));
    assert!(other.stderr.contains("localhost"), "{}", other.stderr);

    server.show("expired");
    server.reload();
    refused("localhost", &format!("sslmode=verify-full&{trusted}"), "ENV-043");
    server.show("own");
    server.reload();
    refused("localhost", &format!("sslmode=verify-full&{}", roots(&server.place("own.pem"))), "ENV-046");
    server.set("off");
    server.reload();
    for mode in ["require", "verify-ca", "verify-full"] {
        refused("localhost", &format!("sslmode={mode}&{trusted}"), "ENV-040");
    }
}
