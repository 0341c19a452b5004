//! Servers that break at each stage: what the ledger says, what the next sending does, and that nobody gets a mail twice.

use std::process::Stdio;
use std::time::{Duration, Instant};

use kaiin::domain::mail::{MailAddress, MailSecurity};
use kaiin::mail::{MailServer, Post, Stage, Unsent};
use rstest::rstest;
use serde_json::json;

use super::mailing::{NEXT_DAY, ROWS, SECOND, address, approved_for, at, mails, printed, settings};
use super::office::{delivered, files, states};
use super::smtp::{Act, Point, Server};
use crate::cli::program::NOW;

use Act::{Close, Say, Silence};
use Point::{Content, Data, Dot, Ehlo, Greeting, Mail, Rcpt};

/// What is expected of the mail whose connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Not taken; the next sending tries again.
    Again,
    /// Not taken, and waits for a person.
    Never,
    /// Nobody can say, and it waits for a person.
    Doubt,
}
use Outcome::{Again, Doubt, Never};

#[rstest]
#[case::closes_at_once(Greeting, Close, Again, 0, "CONNECT")]
#[case::no_greeting(Greeting, Silence, Again, 0, "CONNECT: timed out")]
#[case::busy(Greeting, Say("421 4.3.2 busy"), Again, 0, "CONNECT: transient error (421)")]
#[case::gone_after_ehlo(Ehlo, Close, Again, 0, "CONNECT")]
#[case::silent_after_ehlo(Ehlo, Silence, Again, 0, "CONNECT: timed out")]
#[case::ehlo_for_now(Ehlo, Say("451 later"), Again, 0, "CONNECT: transient error (451): later")]
#[case::gone_after_mail(Mail, Close, Again, 1, "MAIL")]
#[case::silent_after_mail(Mail, Silence, Again, 1, "MAIL: timed out")]
#[case::mail_for_now(Mail, Say("450 4.7.1 later"), Again, 1, "MAIL: transient error (450): 4.7.1 later")]
#[case::mail_for_good(Mail, Say("550 5.7.1 no"), Never, 1, "MAIL: permanent error (550): 5.7.1 no")]
#[case::gone_after_rcpt(Rcpt, Close, Again, 1, "RCPT")]
#[case::silent_after_rcpt(Rcpt, Silence, Again, 1, "RCPT: timed out")]
#[case::greylisted(Rcpt, Say("451 4.7.1 greylisted"), Again, 1, "RCPT: transient error (451): 4.7.1 greylisted")]
#[case::unknown(Rcpt, Say("550 5.1.1 no such user"), Never, 1, "RCPT: permanent error (550): 5.1.1 no such user")]
#[case::gone_after_data(Data, Close, Again, 1, "DATA")]
#[case::silent_after_data(Data, Silence, Again, 1, "DATA: timed out")]
#[case::data_for_now(Data, Say("452 4.3.1 full"), Again, 1, "DATA: transient error (452): 4.3.1 full")]
#[case::data_for_good(Data, Say("554 5.6.0 no"), Never, 1, "DATA: permanent error (554): 5.6.0 no")]
#[case::data_is_no_go_ahead(Data, Say("250 ok"), Again, 1, "DATA: 250 ok")]
#[case::gone_within_the_mail(Content, Close, Doubt, 1, "END OF DATA")]
#[case::gone_after_the_dot(Dot, Close, Doubt, 1, "END OF DATA")]
#[case::silent_after_the_dot(Dot, Silence, Doubt, 1, "END OF DATA: timed out")]
#[case::mail_refused_for_now(Dot, Say("451 4.3.0 later"), Again, 1, "END OF DATA: transient error (451): 4.3.0 later")]
#[case::mail_refused_for_good(Dot, Say("554 5.7.1 spam"), Never, 1, "END OF DATA: permanent error (554): 5.7.1 spam")]
#[case::answer_is_none(Dot, Say("thank you"), Doubt, 1, "END OF DATA")]
#[case::answer_of_another_kind(Dot, Say("354 go on"), Doubt, 1, "END OF DATA: 354 go on")]
fn broken_connection_costs_its_mail_alone(
    #[case] point: Point,
    #[case] act: Act,
    #[case] expected: Outcome,
    #[case] attempts: u64,
    #[case] detail: &str,
) {
    let server = Server::with([(2, point, act)]);
    let office = approved_for(&server);
    let run = at(&office, NOW, "publish send 1");
    let mail = &printed(&run)["mail"];
    assert_eq!((run.exit, &mail["sent"], &mail["waiting"]), (Some(1), &json!(4), &json!(0)), "{run:?}");
    assert!(states(&office, 1).values().all(|state| state == "sent"), "papers do not wait for mails");
    let row = &mails(&office, 1)[address(SECOND)];
    assert_eq!(row.state, if expected == Doubt { "uncertain" } else { "failed" }, "{row:?}");
    assert_eq!((row.attempts, row.waits), (attempts, expected == Again), "{row:?}");
    assert!(row.detail.starts_with(detail), "{row:?}");
    // The same once more, a day later.
    let before = server.n_connections();
    let again = at(&office, NEXT_DAY, "publish send 1");
    let mail = &printed(&again)["mail"];
    assert_eq!(mail["there"], 4);
    let state = &mails(&office, 1)[address(SECOND)].state;
    match expected {
        Again => assert_eq!((again.exit, &mail["sent"], state.as_str()), (Some(0), &json!(1), "sent"), "{again:?}"),
        Never | Doubt => assert_eq!((again.exit, &mail["sent"], state), (Some(1), &json!(0), &row.state), "{again:?}"),
    }
    assert_eq!(server.n_connections() - before, usize::from(expected == Again), "no other is asked anything");
    for (code, to) in ROWS {
        let n = server.n_taken(to);
        match expected {
            _ if code != SECOND => assert_eq!(n, 1, "{to}"),
            Again => assert_eq!(n, 1, "{to}"),
            Never => assert_eq!(n, 0, "{to}"),
            Doubt => assert!(n <= 1, "{to}: {n}"),
        }
    }
}

/// Who is told no for good before any mail was spoken of is not asked again and again: mailboxes are locked for that.
#[rstest]
#[case::greeting(Greeting, Say("554 5.7.1 go away"))]
#[case::ehlo(Ehlo, Say("502 5.5.1 no"))]
fn server_that_says_no_to_us_is_left_alone(#[case] point: Point, #[case] act: Act) {
    let server = Server::with([(1, point, act)]);
    let office = approved_for(&server);
    let run = at(&office, NOW, "publish send 1");
    let mail = &printed(&run)["mail"];
    assert_eq!((&mail["sent"], &mail["waiting"], &mail["stopped"]["code"]), (&json!(0), &json!(4), &json!("PUB-034")));
    assert_eq!((run.exit, server.n_connections()), (Some(1), 1));
    let rows = mails(&office, 1);
    let n_approved = rows.values().filter(|row| row.state == "approved" && row.attempts == 0).count();
    assert_eq!((n_approved, rows[address("11-001")].state.as_str()), (4, "failed"));
    assert_eq!(
        printed(&at(&office, NOW, "publish send 1"))["mail"]["sent"],
        5,
        "it may go as soon as the server lets us"
    );
}

/// Nobody listens: the papers are there at once, three mails were tried, and the others wait as they were.
#[test]
fn dead_server_costs_the_mails_and_no_papers() {
    let server = Server::start();
    let office = approved_for(&server);
    let port = server.port;
    drop(server);
    let began = Instant::now();
    let run = office.run("publish send 1");
    assert_eq!(run.exit, Some(1));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_eq!(files(&delivered(&office, 1)).len(), 15);
    assert_eq!(run.stderr.matches("PUB-034").count(), 1, "one message for the rest: {}", run.stderr);
    let rows = mails(&office, 1);
    let count = |state: &str| rows.values().filter(|row| row.state == state && row.attempts == 0).count();
    assert_eq!((count("failed"), count("approved")), (3, 2), "{rows:?}");
    let server = Server::start();
    office.save("kaiin-data/kaiin.toml", settings(server.port));
    assert_ne!(server.port, port);
    assert_eq!(printed(&at(&office, NOW, "publish send 1"))["mail"]["sent"], 5);
    assert!(ROWS.iter().all(|(_, to)| server.n_taken(to) == 1));
}

/// A mail that is refused for now waits, each time longer, and after five times for a person.
#[test]
fn refusal_for_now_is_tried_again_later_and_not_without_end() {
    let server = Server::start();
    let office = approved_for(&server);
    let refuse = |nth| server.script([(nth, Rcpt, Say("451 4.2.2 mailbox full"))]);
    refuse(2);
    assert_eq!(printed(&at(&office, NOW, "publish send 1"))["mail"]["sent"], 4);
    for (now, n_tried) in [
        ("2026-02-01T00:04:59Z", 0),
        ("2026-02-01T00:05:00Z", 1),
        ("2026-02-01T00:19:59Z", 0),
        ("2026-02-01T00:20:00Z", 1),
        ("2026-02-01T01:05:00Z", 1),
        ("2026-02-01T03:20:00Z", 1),
        ("2026-03-01T00:00:00Z", 0),
    ] {
        refuse(1);
        let before = server.n_connections();
        let run = at(&office, now, "publish send 1");
        assert_eq!((run.exit, server.n_connections() - before), (Some(1), n_tried), "{now}");
    }
    let row = &mails(&office, 1)[address(SECOND)];
    assert_eq!((row.state.as_str(), row.attempts, row.waits), ("failed", 5, false), "{row:?}");
    // A person says that it may go once more.
    office.run("publish settle 1 11-002 --not-arrived --by 係 --reason 箱が空いた");
    server.script([]);
    assert_eq!(printed(&at(&office, NEXT_DAY, "publish send 1"))["mail"]["sent"], 1);
    assert_eq!(server.n_taken(address(SECOND)), 1);
}

/// Killed while the server thinks about a whole mail: nobody can say, and it never leaves again by itself.
#[test]
fn killed_between_intent_and_answer_is_uncertain() {
    let server = Server::with([(2, Dot, Silence)]);
    let office = approved_for(&server);
    office.save("kaiin-data/kaiin.toml", settings(server.port).replace("timeout_seconds = 1", "timeout_seconds = 600"));
    let mut child = office.program();
    let child = child.args(["publish", "send", "1"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    let began = Instant::now();
    while server.n_taken(address(SECOND)) == 0 {
        assert!(began.elapsed() < Duration::from_secs(120), "the mail never came");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it runs");
    assert_eq!(child.wait().expect("it was started here").code(), None);
    assert_eq!(mails(&office, 1)[address(SECOND)].state, "sending", "the intent was committed before");
    for _ in 0..2 {
        let run = at(&office, NEXT_DAY, "publish send 1");
        assert_eq!(run.exit, Some(1), "{run:?}");
        assert!(run.stdout.contains("PUB-032"), "{run:?}");
        assert_eq!(mails(&office, 1)[address(SECOND)].state, "uncertain");
    }
    assert!(ROWS.iter().all(|(_, to)| server.n_taken(to) == 1), "each once");
    office.run("publish settle 1 11-002 --arrived --by 係 --reason 電話で確かめた");
    let status = office.run("publish status 1");
    assert_eq!(status.exit, Some(0), "{status:?}");
    assert_eq!(at(&office, NEXT_DAY, "publish send 1").exit, Some(0));
    assert_eq!(server.n_taken(address(SECOND)), 1);
}

/// Killed at random moments and begun again: nobody gets two, and who got none is told.
#[test]
fn killed_at_random_moments_sends_nothing_twice() {
    let server = Server::start();
    let office = approved_for(&server);
    let began = Instant::now();
    let other = approved_for(&server);
    other.json("publish send 1");
    let (whole, before) = (began.elapsed(), server.letters().len());
    assert_eq!(before, 5);
    for share in 1_u32..=8 {
        let mut child = office.program();
        let child = child.args(["publish", "send", "1"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("it starts");
        std::thread::sleep((whole * share / 8).max(Duration::from_millis(20)));
        let _ = child.kill();
        let _ = child.wait();
    }
    at(&office, NEXT_DAY, "publish send 1");
    let rows = mails(&office, 1);
    for (_, to) in ROWS {
        let n = server.letters()[before..].iter().filter(|one| one.to == [to]).count();
        let state = rows[to].state.as_str();
        assert!(matches!((state, n), ("sent", 1) | ("uncertain", 0 | 1)), "{to}: {state} {n}");
    }
}

fn to() -> (MailAddress, MailAddress) {
    let address = |text| MailAddress::parse(text).expect("an address");
    (address("jimu@pref.example.jp"), address("urawa@example.jp"))
}

fn server_at(port: u16) -> MailServer {
    MailServer {
        host: "127.0.0.1".into(),
        port,
        security: MailSecurity::None,
        login: None,
        timeout: Duration::from_millis(300),
    }
}

/// A mail that is too long for what the network keeps: the connection is lost while it is written, before the dot.
#[rstest]
#[case::lost(Close)]
#[case::not_read(Silence)]
#[tokio::test]
async fn connection_that_is_lost_before_the_dot_is_no_doubt(#[case] act: Act) {
    let long = vec![b'a'; 64 << 20];
    // A server that does not read any more must not read on while it is silent.
    let server = match act {
        Silence => silent_after_data(),
        _ => {
            let server = Server::with([(1, Content, act)]);
            (server.port, Some(server))
        }
    };
    let (from, to) = to();
    let post = Post::open(&server_at(server.0)).await.expect("it answers");
    match post.hand_over(&from, &to, &long).await {
        Err(Unsent::Refused(refusal)) => assert_eq!((refusal.stage, refusal.reply), (Stage::Content, None)),
        other => panic!("{other:?}"),
    }
}

/// A server that lets a mail begin and reads nothing of it, and never ends the connection.
fn silent_after_data() -> (u16, Option<Server>) {
    use std::io::{BufRead, BufReader, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody comes");
        let mut lines = BufReader::with_capacity(64, stream.try_clone().expect("it is whole"));
        let mut say = |text: &str| stream.write_all(text.as_bytes()).expect("it is heard");
        say("220 test\r\n");
        for answer in ["250 test\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"] {
            lines.read_line(&mut String::new()).expect("a line");
            say(answer);
        }
        std::thread::sleep(Duration::from_secs(30));
    });
    (port, None)
}

/// The clock was ahead by a year when a server asked to wait a few minutes: nobody waits for a year.
#[test]
fn clock_that_was_ahead_keeps_no_mail_waiting() {
    let server = Server::with([(2, Rcpt, Say("451 4.7.1 greylisted"))]);
    let office = approved_for(&server);
    at(&office, "2027-02-02T00:00:00Z", "publish send 1");
    assert!(mails(&office, 1)[address(SECOND)].waits);
    assert_eq!(at(&office, NEXT_DAY, "publish send 1").exit, Some(0));
    assert_eq!(server.n_taken(address(SECOND)), 1);
}
