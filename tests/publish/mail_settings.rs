//! Settings of mails, the addresses of the file of recipients, logging in, TLS, and what `kaiin doctor` says of them.

use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rstest::rstest;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::mailing::{addressed, approved_for, save_addressed, settings};
use super::office::{PREPARE, office};
use super::smtp::{Act, Offers, Point, Server, Talk, Tls};
use crate::cli::program::{Office, Run};

/// Stands for a password and must never be printed.
const PASSWORD: &str = "kanarienvogel";

const SERVER: &str = "server = \"mail.example.jp\"\nfrom = \"jimu@example.jp\"\n";

#[rstest]
#[case::no_server("from = \"jimu@example.jp\"\n", "DEF-003", "server")]
#[case::no_sender("server = \"mail.example.jp\"\n", "DEF-003", "from")]
#[case::empty_server("server = \"\"\nfrom = \"jimu@example.jp\"\n", "DEF-022", "server")]
#[case::sender_is_no_address("server = \"mail.example.jp\"\nfrom = \"事務局\"\n", "PUB-024", "from")]
#[case::sender_with_a_name("server = \"a.example.jp\"\nfrom = \"見本 <jimu@example.jp>\"\n", "PUB-024", "from")]
#[case::reply_to(&format!("{SERVER}reply_to = \"jimu@localhost\"\n"), "PUB-024", "reply_to")]
#[case::in_the_clear(&format!("{SERVER}security = \"none\"\n"), "PUB-025", "security")]
#[case::no_security(&format!("{SERVER}security = \"ssl\"\n"), "DEF-020", "security")]
#[case::subject_of_two_lines(&format!("{SERVER}subject = \"一\\r\\nBcc: x@example.jp\"\n"), "PUB-026", "subject")]
#[case::no_text(&format!("{SERVER}text = [\" \"]\n"), "DEF-022", "text")]
#[case::no_port(&format!("{SERVER}port = 0\n"), "DEF-026", "port")]
#[case::impossible_port(&format!("{SERVER}port = 70000\n"), "DEF-011", "port")]
#[case::no_time(&format!("{SERVER}timeout_seconds = 0\n"), "DEF-026", "timeout_seconds")]
#[case::long_pause(&format!("{SERVER}pause_milliseconds = 60001\n"), "DEF-026", "pause_milliseconds")]
#[case::unknown_key(&format!("{SERVER}bcc = \"x@example.jp\"\n"), "DEF-002", "bcc")]
#[case::password_in_the_settings(&format!("{SERVER}password = \"{PASSWORD}\"\n"), "DEF-002", "password")]
fn wrong_setting_is_told_by_its_key(#[case] text: &str, #[case] code: &str, #[case] key: &str) {
    let office = Office::new();
    std::fs::create_dir(office.data()).expect("it can be made");
    office.save("kaiin-data/kaiin.toml", format!("[mail]\n{text}"));
    let run = office.run("--json publish list");
    let error = &run.error()["error"];
    assert_eq!((run.exit, &error["code"]), (Some(2), &json!("CFG-001")), "{run:?}");
    assert!(run.stderr.contains(code) && run.stderr.contains(key), "{}", run.stderr);
    assert!(!run.stderr.contains(PASSWORD), "{}", run.stderr);
    let run = office.run("publish list");
    assert!(run.stderr.contains(key) && !run.stderr.contains(PASSWORD), "{}", run.stderr);
}

#[rstest]
#[case::no_address("11-002", "urawa", "PUB-024")]
#[case::japanese("11-002", "浦和@example.jp", "PUB-024")]
#[case::second_is_none("11-002", "urawa@example.jp;なし", "PUB-024")]
#[case::header("11-002", "urawa@example.jp>", "PUB-024")]
#[case::twice("11-002", "urawa@example.jp; URAWA@example.jp", "PUB-029")]
fn wrong_address_is_named_by_row_and_column(#[case] recipient: &str, #[case] address: &str, #[case] code: &str) {
    let office = addressed(1);
    save_addressed(&office, &[("11-001", "urawa@example.jp"), (recipient, address)]);
    let run = office.run(&format!("--json {PREPARE}"));
    let error = &run.error()["error"];
    assert_eq!((run.exit, &error["code"]), (Some(3), &json!(code)), "{}", run.stderr);
    assert_eq!((&error["row"], &error["column"], &error["file"]), (&json!(3), &json!("F"), &json!("配布先.csv")));
}

/// An office keeps its recipients in a workbook, in wide letters, several in a cell.
#[test]
fn addresses_are_read_as_offices_write_them() {
    let office = addressed(1);
    save_addressed(&office, &[("11-001", "\"ｕｒａｗａ＠example.jp、\nsoumu@example.jp\"")]);
    office.json(PREPARE);
    let shown = office.json("publish show 1");
    assert_eq!(shown["mail"]["to"], json!(["urawa@example.jp", "soumu@example.jp"]));
}

/// The settings with a login.
fn with_login(port: u16, more: &str) -> String {
    settings(port) + "user = \"jimu\"\n" + more
}

fn send(office: &Office, password: Option<&str>) -> Run {
    let mut program = office.program();
    program.env_remove("KAIIN_MAIL_PASSWORD").env("KAIIN_LOG", "trace");
    if let Some(password) = password {
        program.env("KAIIN_MAIL_PASSWORD", password);
    }
    Run::of(program.args(["publish", "send", "1"]))
}

fn asking() -> Server {
    Server::offering(Offers { auth: true, ..Offers::default() })
}

/// `\0jimu\0kanarienvogel`, as PLAIN says it.
const PLAIN: &str = "AUTH PLAIN AGppbXUAa2FuYXJpZW52b2dlbA==";

#[rstest]
#[case::surroundings("", Some(PASSWORD))]
#[case::file("password_file = \"mail.password\"\n", None)]
#[case::surroundings_go_first("password_file = \"nowhere\"\n", Some(PASSWORD))]
fn password_comes_from_the_surroundings_or_a_file(#[case] more: &str, #[case] password: Option<&str>) {
    let server = asking();
    let office = approved_for(&server);
    office.save("kaiin-data/kaiin.toml", with_login(server.port, more));
    office.save("kaiin-data/mail.password", format!("{PASSWORD}\nother line\n"));
    let run = send(&office, password);
    assert_eq!(run.exit, Some(0), "{run:?}");
    assert_eq!(server.logins(), vec![PLAIN; 5]);
    assert!(!format!("{run:?}").contains(PASSWORD) && !run.stderr.contains("AGppbXUA"), "{run:?}");
}

#[rstest]
#[case::none("", "PUB-027")]
#[case::no_file("password_file = \"nowhere\"\n", "PUB-028")]
#[case::empty_file("password_file = \"empty\"\n", "PUB-028")]
fn missing_password_keeps_the_mails_and_no_papers(#[case] more: &str, #[case] code: &str) {
    let server = asking();
    let office = approved_for(&server);
    office.save("kaiin-data/kaiin.toml", with_login(server.port, more));
    office.save("kaiin-data/empty", "\n");
    let run = send(&office, None);
    assert_eq!(run.exit, Some(1), "{run:?}");
    assert!(run.stderr.contains(code) && run.stdout.contains("5 医師会に配りました"), "{run:?}");
    assert_eq!(server.n_connections(), 0);
}

/// A wrong password is not tried five times: accounts are locked for that.
#[test]
fn wrong_password_is_tried_once() {
    let server = asking();
    server.script([(1, Point::Auth, Act::Say("535 5.7.8 wrong"))]);
    let office = approved_for(&server);
    office.save("kaiin-data/kaiin.toml", with_login(server.port, ""));
    let run = send(&office, Some(PASSWORD));
    assert_eq!((run.exit, server.n_connections()), (Some(1), 1), "{run:?}");
    assert!(run.stderr.contains("PUB-034") && run.stderr.contains("AUTH: permanent error (535)"), "{run:?}");
    assert!(!format!("{run:?}").contains(PASSWORD), "{run:?}");
    // A server that asks nobody is not given a password.
    let server = Server::start();
    office.save("kaiin-data/kaiin.toml", with_login(server.port, ""));
    let run = send(&office, Some(PASSWORD));
    assert_eq!(run.exit, Some(1), "{run:?}");
    assert!(run.stderr.contains("AUTH"), "{run:?}");
}

/// Certificates of this test: an issuer, and one of a server called localhost.
fn certificates(folder: &Path) {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let issuer = ["req", "-x509", "-days", "30", "-keyout", "issuer.key", "-out", "issuer.pem", "-subj", "/CN=issuer"];
    openssl(&[issuer.as_slice(), &key].concat());
    let made = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    openssl(&[["req", "-keyout", "own.key", "-out", "own.csr"].as_slice(), &key, &made].concat());
    let signed = ["-CA", "issuer.pem", "-CAkey", "issuer.key", "-CAcreateserial", "-copy_extensions", "copy"];
    openssl(&[["x509", "-req", "-days", "30", "-in", "own.csr", "-out", "own.pem"].as_slice(), &signed].concat());
}

fn tls(folder: &Path) -> Tls {
    let certificate = CertificateDer::from_pem_file(folder.join("own.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(folder.join("own.key")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("they belong together");
    let config = Arc::new(config);
    Arc::new(move |stream: TcpStream| -> Box<dyn Talk> {
        let connection = ServerConnection::new(config.clone()).expect("the settings are sound");
        Box::new(StreamOwned::new(connection, stream))
    })
}

/// Encrypted from the first byte or when it is asked for; a server that is not proved, or that does not encrypt, gets no word.
#[rstest]
#[case::tls("tls", true)]
#[case::starttls("starttls", true)]
#[case::tls_of_a_stranger("tls", false)]
#[case::starttls_of_a_stranger("starttls", false)]
fn way_is_encrypted_and_the_server_proved(#[case] security: &str, #[case] is_trusted: bool) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    certificates(folder.path());
    let tls = Some(tls(folder.path()));
    let server = Server::offering(match security {
        "tls" => Offers { auth: true, tls, start_tls: None },
        _ => Offers { auth: true, tls: None, start_tls: tls },
    });
    let office = approved_for(&server);
    let text =
        with_login(server.port, "").replace("127.0.0.1", "localhost").replace("\"none\"", &format!("\"{security}\""));
    office.save("kaiin-data/kaiin.toml", text);
    let roots = if is_trusted { "issuer.pem" } else { "own.pem" };
    let mut program = office.program();
    program
        .env("SSL_CERT_FILE", folder.path().join(roots))
        .env_remove("SSL_CERT_DIR")
        .env("KAIIN_MAIL_PASSWORD", PASSWORD);
    if !is_trusted {
        // Nobody is trusted who is in no file.
        std::fs::write(folder.path().join(roots), "").expect("it can be written");
    }
    let run = Run::of(program.args(["publish", "send", "1"]));
    if is_trusted {
        assert_eq!((run.exit, server.letters().len()), (Some(0), 5), "{run:?}");
        assert_eq!(server.logins(), vec![PLAIN; 5]);
    } else {
        assert_eq!((run.exit, server.letters().len(), server.logins().len()), (Some(1), 0, 0), "{run:?}");
        assert!(run.stderr.contains("PUB-034"), "{run:?}");
    }
}

/// A server that offers no TLS when it is asked for it hears neither password nor mail.
#[test]
fn server_without_tls_hears_nothing() {
    let server = asking();
    let office = approved_for(&server);
    let text = with_login(server.port, "").replace("\"none\"", "\"starttls\"");
    office.save("kaiin-data/kaiin.toml", text);
    let run = send(&office, Some(PASSWORD));
    assert_eq!((run.exit, server.letters().len(), server.logins().len()), (Some(1), 0, 0), "{run:?}");
    assert!(run.stderr.contains("STARTTLS"), "{run:?}");
}

/// What `kaiin doctor` says of mails; `None` where it says nothing.
fn doctor(office: &Office, password: &str) -> Option<Value> {
    let run = Run::of(office.program().env("KAIIN_MAIL_PASSWORD", password).args(["--json", "doctor"]));
    assert!(!format!("{run:?}").contains(PASSWORD), "{run:?}");
    let lines: Vec<Value> = serde_json::from_str(&run.stdout).expect("JSON");
    lines.into_iter().find(|line| line["id"] == "mail")
}

#[test]
fn doctor_knocks_and_sends_nothing() {
    let quiet = office();
    assert_eq!(doctor(&quiet, ""), None, "nobody asked for mails");
    let server = asking();
    let office = office();
    office.save("kaiin-data/kaiin.toml", with_login(server.port, ""));
    let line = doctor(&office, PASSWORD).expect("a line");
    assert_eq!(line["state"], "ok", "{line}");
    let text = line["text"].as_str().expect("a text");
    assert!(text.contains("127.0.0.1") && text.contains("jimu としてログイン"), "{text}");
    assert_eq!((server.n_connections(), server.letters().len(), server.logins().len()), (1, 0, 1));
    server.script([(1, Point::Auth, Act::Say("535 5.7.8 wrong"))]);
    let line = doctor(&office, PASSWORD).expect("a line");
    assert_eq!(line["state"], "ng", "{line}");
    assert!(line["text"].as_str().expect("a text").contains("535"), "{line}");
    assert_eq!(doctor(&office, "").expect("a line")["state"], "ng", "there is no password");
    drop(server);
    let line = doctor(&office, PASSWORD).expect("a line");
    assert_eq!(line["state"], "ng", "{line}");
}

/// A password that others can read is told.
#[cfg(unix)]
#[test]
fn doctor_sees_who_can_read_the_password() {
    use std::os::unix::fs::PermissionsExt;
    let server = asking();
    let office = office();
    office.save("kaiin-data/kaiin.toml", with_login(server.port, "password_file = \"mail.password\"\n"));
    office.save("kaiin-data/mail.password", PASSWORD);
    let path = office.data().join("mail.password");
    for (mode, state) in [(0o644, "warning"), (0o600, "ok")] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("it is ours");
        assert_eq!(doctor(&office, "").expect("a line")["state"], state);
    }
}
