//! Mails to recipients: what stands in them, when they leave, and what a person says of them.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::json;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::mailing::{
    NEXT_DAY, ROWS, SECOND, address, addressed, approved_for, at, mails, printed, save_addressed, settings,
};
use super::office::{PREPARE, delivered, files, stage, states};
use super::smtp::{Act, Point, Server};
use crate::cli::program::{NOW, Office};

/// Headers of a mail by name, unfolded; several of one name one below the other.
pub fn headers(bytes: &[u8]) -> (BTreeMap<String, Vec<String>>, String) {
    let text = String::from_utf8(bytes.to_vec()).expect("mails are ASCII");
    assert!(text.is_ascii(), "{text}");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n") {
        let (name, value) = line.split_once(": ").expect("a header");
        out.entry(name.to_string()).or_default().push(value.to_string());
    }
    (out, body.to_string())
}

pub fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = text.bytes().filter_map(|byte| LETTERS.iter().position(|one| *one == byte));
    let (mut bits, mut n_bits, mut out) = (0_u32, 0, Vec::new());
    for letter in letters {
        bits = (bits << 6 | u32::try_from(letter).expect("below 64")) & 0xff_ffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push(u8::try_from(bits >> n_bits & 0xff).expect("a byte"));
        }
    }
    out
}

/// A header or body with its encoded words read (RFC 2047).
pub fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("=?utf-8?b?") {
        // Blanks between two encoded words are none.
        out.push_str(if before.trim().is_empty() { "" } else { before });
        let (word, after) = after.split_once("?=").expect("it ends");
        out.push_str(&String::from_utf8(base64(word)).expect("UTF-8"));
        rest = after;
    }
    out + rest
}

/// What is read of a mail that is text alone.
fn body(headers: &BTreeMap<String, Vec<String>>, body: &str) -> String {
    assert_eq!(headers["Content-Type"], ["text/plain; charset=utf-8"]);
    assert_eq!(headers["Content-Transfer-Encoding"], ["base64"]);
    String::from_utf8(base64(body)).expect("UTF-8")
}

#[test]
fn mail_goes_to_one_and_says_what_lies_where() {
    let server = Server::start();
    let office = approved_for(&server);
    let sent = office.json("publish send 1");
    assert_eq!((&sent["mail"]["sent"], &sent["mail"]["unsent"]), (&json!(5), &json!([])));
    let letters = server.letters();
    assert_eq!(letters.len(), 5);
    let mut ids = Vec::new();
    for (letter, (_, to)) in letters.iter().zip(ROWS) {
        assert_eq!((letter.from.as_str(), letter.to.as_slice()), ("jimu@pref.example.jp", [to.to_string()].as_slice()));
        let (headers, raw) = headers(&letter.bytes);
        assert_eq!(headers["To"], [to]);
        assert!(!headers.contains_key("Cc") && !headers.contains_key("Bcc"), "{headers:?}");
        assert_eq!(decoded(&headers["From"][0]), "埼玉県医師会 <jimu@pref.example.jp>");
        assert_eq!(decoded(&headers["Subject"][0]), "会員統計の資料をお届けしました（令和7年11月30日現在）");
        assert_eq!(headers["Date"], ["Sun, 01 Feb 2026 00:00:00 +0000"], "the clock of the office");
        assert_eq!(headers["MIME-Version"], ["1.0"]);
        ids.push(headers["Message-ID"][0].clone());
        let text = body(&headers, &raw);
        assert!(!ROWS.iter().any(|(_, other)| *other != to && text.contains(other)), "{text}");
        assert!(text.contains("\r\n") && !text.replace("\r\n", "").contains('\n'), "{text:?}");
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5, "each mail has an id of its own");
    assert!(ids.iter().all(|id| id.starts_with('<') && id.ends_with("@pref.example.jp>")), "{ids:?}");
    let (headers, raw) = headers(&letters[0].bytes);
    let text = body(&headers, &raw);
    for words in [
        "浦和医師会　御中",
        "下記の資料をお届けしましたので、御査収ください。",
        "■ 会員統計月報\r\n　・会員統計月報_R7.11.30.pdf\r\n　・会員統計月報_R7.11.30.xlsx",
        "置き場所: 2025-11-30_第1回/001_浦和医師会\r\n",
        "埼玉県医師会\r\n事務局 見本係\r\n",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // Once more: nothing leaves twice.
    let again = office.json("publish send 1");
    assert_eq!((&again["mail"]["sent"], &again["mail"]["there"]), (&json!(0), &json!(5)));
    assert_eq!(server.letters().len(), 5);
}

#[test]
fn no_member_is_named_in_a_mail() {
    let server = Server::start();
    let office = approved_for(&server);
    office.json("publish send 1");
    let letters = server.letters();
    assert_eq!(letters.len(), 5);
    let names = members(&office);
    assert!(names.len() > 100, "{}", names.len());
    for letter in &letters {
        let (headers, raw) = self::headers(&letter.bytes);
        let all = format!("{headers:?}{}", body(&headers, &raw));
        assert!(!names.iter().any(|name| all.contains(name.as_str())), "a member is named in {all}");
    }
}

/// Names of the members of the office.
fn members(office: &Office) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite")).read_only(true);
        let mut store = SqliteConnection::connect_with(&options).await.expect("the store is there");
        let names = sqlx::query_scalar("SELECT DISTINCT name FROM physician_version").fetch_all(&mut store).await;
        names.expect("the statement is sound")
    })
}

/// Whoever gets it from two servers, or twice from one, can see that it is the same.
#[test]
fn message_id_is_the_same_in_two_runs() {
    let server = Server::with([(2, Point::Dot, Act::Close)]);
    let office = approved_for(&server);
    office.run("publish send 1");
    office.run("publish settle 1 11-002 --not-arrived --by 係 --reason 電話");
    assert_eq!(printed(&at(&office, NEXT_DAY, "publish send 1"))["mail"]["sent"], 1);
    let ids: Vec<String> = server
        .letters()
        .iter()
        .filter(|one| one.to == [address(SECOND)])
        .map(|one| headers(&one.bytes).0["Message-ID"][0].clone())
        .collect();
    assert_eq!(ids.len(), 2, "a person let it leave again");
    assert_eq!(ids[0], ids[1]);
}

/// The same approved twice, by two offices, gives the same ids; other content gives others.
#[test]
fn message_id_belongs_to_what_was_approved() {
    let ids = |rows: &[(&str, &str)]| {
        let office = addressed(1);
        save_addressed(&office, rows);
        office.json(PREPARE);
        let status = printed(&office.run("--json publish status 1"));
        let mails = status["mails"].as_array().expect("mails").clone();
        mails.iter().map(|mail| mail["message_id"].as_str().expect("an id").to_string()).collect::<Vec<_>>()
    };
    let rows = [("11-001", "a@example.jp"), ("11-002", "a@example.jp")];
    let first = ids(&rows);
    assert_eq!(first, ids(&rows));
    assert_ne!(first[0], first[1], "two recipients of one address");
    assert!(ids(&[("11-001", "a@example.jp")]).iter().all(|id| !first.contains(id)));
}

/// Several addresses are several mails; who has none gets none, and the approver sees it.
#[test]
fn each_address_gets_a_mail_of_its_own() {
    let server = Server::start();
    let office = addressed(server.port);
    save_addressed(&office, &[("11-001", "one@example.jp; two@example.jp"), ("11-002", "")]);
    let made = office.json(PREPARE);
    assert_eq!((&made["recipients"], &made["mails"], &made["mails_only"]), (&json!(2), &json!(2), &json!(0)));
    let shown = office.run("publish show 1");
    assert!(
        shown.stdout.contains("メール 2 通（アドレスのない配布先 1）\n  11-002 川口市医師会\n"),
        "{}",
        shown.stdout
    );
    assert!(
        shown.stdout.contains("  会員統計の資料をお届けしました（令和7年11月30日現在）\n\n  浦和医師会　御中\n"),
        "{}",
        shown.stdout
    );
    office.json("publish approve 1 --by 承認者");
    office.json("publish send 1");
    let to: Vec<Vec<String>> = server.letters().into_iter().map(|one| one.to).collect();
    assert_eq!(to, [["one@example.jp"], ["two@example.jp"]]);
}

/// Attached only where the settings say so; the same bytes as in the folder, under the same names.
#[test]
fn papers_are_attached_where_the_settings_say_so() {
    let server = Server::start();
    let office = addressed(server.port);
    save_addressed(&office, &ROWS[..1]);
    office.save("kaiin-data/kaiin.toml", settings(server.port) + "attach = true\nplace = \"県医師会の共有フォルダ\"\n");
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office.json("publish send 1");
    let (headers, body) = headers(&server.letters()[0].bytes);
    assert!(headers["Content-Type"][0].starts_with("multipart/mixed"), "{headers:?}");
    let lying = files(&delivered(&office, 1));
    let parts: Vec<&str> = body.split("\r\n--=_").skip(1).filter(|part| part.contains("attachment")).collect();
    assert_eq!((parts.len(), lying.len()), (3, 3));
    for (part, end) in parts.iter().zip(["送付状.pdf", ".pdf", ".xlsx"]) {
        let (_, coded) = part.split_once("\r\n\r\n").expect("a body");
        let bytes = base64(coded.split("\r\n\r\n").next().unwrap_or_default());
        let (name, same) = lying.iter().find(|(_, one)| **one == bytes).expect("the bytes of a file in the folder");
        assert!(name.ends_with(end) && !same.is_empty(), "{name}");
    }
    let text = body.split("\r\n--=_").next().unwrap_or_default();
    let text = String::from_utf8(base64(text.split_once("\r\n\r\n").expect("a body").1)).expect("UTF-8");
    assert!(text.contains("置き場所: 県医師会の共有フォルダの 2025-11-30_第1回/001_浦和医師会"), "{text}");
    assert!(text.contains("添付しています"), "{text}");
}

/// The papers of a recipient that are not in their place keep its mail back, and no other.
#[test]
fn mail_waits_for_the_papers_of_its_recipient() {
    let server = Server::start();
    let office = approved_for(&server);
    let place = delivered(&office, 1).join("002_川口市医師会");
    std::fs::create_dir_all(&place).expect("it can be made");
    std::fs::write(place.join("覚書.txt"), "ほかの人のもの").expect("it can be written");
    let run = at(&office, NOW, "publish send 1");
    assert_eq!((&printed(&run)["mail"]["sent"], &printed(&run)["mail"]["waiting"]), (&json!(4), &json!(1)), "{run:?}");
    assert_eq!(server.n_taken(address(SECOND)), 0);
    assert_eq!(mails(&office, 1)[address(SECOND)].state, "approved");
    office.run("publish settle 1 11-002 --arrived --by 係 --reason 中を見た");
    assert_eq!(office.json("publish send 1")["mail"]["sent"], 1);
    assert_eq!(server.n_taken(address(SECOND)), 1);
}

fn other_address(office: &Office) {
    let mut rows = ROWS;
    rows[1].1 = "other@example.jp";
    save_addressed(office, &rows);
}

fn edit_settings(office: &Office, from: &str, to: &str) {
    let path = office.data().join("kaiin.toml");
    let text = std::fs::read_to_string(&path).expect("settings");
    let edited = text.replace(from, to);
    assert_ne!(text, edited);
    std::fs::write(path, edited).expect("it can be written");
}

fn other_sender(office: &Office) {
    edit_settings(office, "jimu@", "soumu@");
}

fn other_subject(office: &Office) {
    edit_settings(office, "timeout_seconds", "subject = \"別の件名\"\ntimeout_seconds");
}

fn other_text(office: &Office) {
    edit_settings(office, "timeout_seconds", "text = [\"別の文\"]\ntimeout_seconds");
}

fn now_attached(office: &Office) {
    edit_settings(office, "timeout_seconds", "attach = true\ntimeout_seconds");
}

fn no_mails(office: &Office) {
    let text = std::fs::read_to_string(office.data().join("kaiin.toml")).expect("settings");
    office.save("kaiin-data/kaiin.toml", text.split("[mail]").next().expect("the rest"));
}

#[rstest]
#[case::address(other_address)]
#[case::sender(other_sender)]
#[case::subject(other_subject)]
#[case::text(other_text)]
#[case::attached(now_attached)]
#[case::no_mails(no_mails)]
fn change_after_the_approval_voids(#[case] change: fn(&Office)) {
    let server = Server::start();
    let office = approved_for(&server);
    change(&office);
    let run = office.run("--json publish send 1");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(1), &json!("PUB-007")));
    assert_eq!(stage(&office, 1), "voided");
    assert!(!delivered(&office, 1).exists() && server.n_connections() == 0, "nothing left");
    // What was withdrawn sends no mail, whatever becomes of the settings.
    assert_eq!(office.run("--json publish send 1").error()["error"]["code"], "PUB-018");
    assert_eq!(server.n_connections(), 0);
}

/// How a server is reached is no part of what is approved: it may be mended.
#[test]
fn way_to_the_server_may_be_mended() {
    let server = Server::start();
    let office = approved_for(&server);
    edit_settings(&office, "timeout_seconds = 1", "timeout_seconds = 20");
    edit_settings(&office, "pause_milliseconds = 0", "pause_milliseconds = 1");
    assert_eq!(office.json("publish send 1")["mail"]["sent"], 5);
}

/// A wrong address: the file is mended, and the new distribution tells that recipient alone, of the papers that lie there.
#[test]
fn mended_address_gets_the_mail_alone() {
    let server = Server::with([(2, Point::Rcpt, Act::Say("550 5.1.1 no such user"))]);
    let office = approved_for(&server);
    office.run("publish send 1");
    let before = files(&delivered(&office, 1));
    other_address(&office);
    assert_eq!(office.run("--json publish send 1").error()["error"]["code"], "PUB-007");
    let made = office.json(PREPARE);
    assert_eq!((&made["recipients"], &made["mails"], &made["mails_only"]), (&json!(1), &json!(1), &json!(1)), "{made}");
    office.json("publish approve 2 --by 承認者");
    let sent = office.json("publish send 2");
    assert_eq!((&sent["sent"], &sent["mail"]["sent"]), (&json!(0), &json!(1)));
    assert_eq!((server.n_taken("other@example.jp"), server.n_taken(address(SECOND))), (1, 0));
    let letter = server.letters().pop().expect("the last mail");
    let (headers, raw) = headers(&letter.bytes);
    assert!(body(&headers, &raw).contains("置き場所: 2025-11-30_第1回/002_川口市医師会"));
    assert_eq!(files(&delivered(&office, 1)), before);
    assert!(files(&delivered(&office, 2)).is_empty(), "no paper leaves twice");
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!(run.error()["error"]["code"], "PUB-004", "nobody lacks anything: {run:?}");
}

/// What was sent may come back; that is told by a person. It does not leave again by itself.
#[test]
fn mail_that_came_back_is_told_by_hand() {
    let server = Server::start();
    let office = approved_for(&server);
    office.json("publish send 1");
    let wrong = office.run("--json publish settle 1 11-002 --not-arrived --by 係 --reason 電話");
    assert_eq!(wrong.error()["error"]["code"], "PUB-021", "what was sent is only bounced");
    let status = office.run("publish settle 1 11-002 --bounced --by 係 --reason 宛先不明で戻った");
    assert_eq!(status.exit, Some(1), "{status:?}");
    assert!(status.stdout.contains("メール: 送信済み 4、戻ってきた 1"), "{}", status.stdout);
    assert!(status.stdout.contains("係: 宛先不明で戻った") && status.stdout.contains("PUB-033"), "{}", status.stdout);
    let run = at(&office, NEXT_DAY, "publish send 1");
    assert_eq!((run.exit, server.n_taken(address(SECOND))), (Some(1), 1), "{run:?}");
    assert!(run.stdout.contains("PUB-033"), "{run:?}");
}

/// Of several mails a person says which.
#[test]
fn one_of_several_mails_is_settled_by_its_address() {
    let server = Server::with([(1, Point::Dot, Act::Close), (2, Point::Dot, Act::Close)]);
    let office = addressed(server.port);
    save_addressed(&office, &[("11-001", "one@example.jp; two@example.jp")]);
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    office.run("publish send 1");
    let run = office.run("--json publish settle 1 11-001 --arrived --by 係 --reason 電話");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &json!("PUB-035")));
    office.run("publish settle 1 11-001 --arrived --address two@example.jp --by 係 --reason 電話");
    let rows = mails(&office, 1);
    assert_eq!((rows["one@example.jp"].state.as_str(), rows["two@example.jp"].state.as_str()), ("uncertain", "sent"));
    let run = office.run("--json publish settle 1 11-001 --arrived --address three@example.jp --by 係 --reason 電話");
    assert_eq!(run.error()["error"]["code"], "PUB-021");
}

/// A database or data folder that was restored does not know which mails have left: none leaves.
#[test]
fn restored_office_sends_no_mail() {
    let server = Server::start();
    let office = approved_for(&server);
    std::fs::create_dir(office.folder().join("控え")).expect("it can be made");
    office.json("backup 控え");
    let (store, kept) = (office.data().join("kaiin.sqlite"), office.folder().join("kept.sqlite"));
    std::fs::copy(&store, &kept).expect("it can be copied");
    office.json("publish send 1");
    let n = server.n_connections();
    std::fs::copy(&kept, &store).expect("it can be copied");
    assert_eq!(office.run("--json publish send 1").error()["error"]["code"], "PUB-020");
    let backup = std::fs::read_dir(office.folder().join("控え")).expect("it is there").next().expect("a backup");
    office.json(&format!("restore {} --into back", backup.expect("an entry").path().display()));
    let run = office.run("--json --data back publish send 1");
    assert!(run.stderr.contains("BAK-016"), "{run:?}");
    assert_eq!(server.n_connections(), n, "no server was asked anything");
}

/// The mark outside of the database counts mails: a database of between papers and mails knows less.
#[test]
fn database_of_before_the_mails_sends_none() {
    let server = Server::start();
    let office = approved_for(&server);
    drop(server);
    // Without a server the papers leave, and no mail is begun.
    office.run("publish send 1");
    let (store, kept) = (office.data().join("kaiin.sqlite"), office.folder().join("kept.sqlite"));
    std::fs::copy(&store, &kept).expect("it can be copied");
    let server = Server::start();
    office.save("kaiin-data/kaiin.toml", settings(server.port));
    assert_eq!(office.json("publish send 1")["mail"]["sent"], 5);
    std::fs::copy(&kept, &store).expect("it can be copied");
    assert_eq!(office.run("--json publish send 1").error()["error"]["code"], "PUB-020");
    assert_eq!(server.letters().len(), 5);
}

/// Mails that may still leave keep another distribution of their day from beginning, as papers do; others do not.
#[test]
fn mails_that_wait_keep_the_day() {
    let server = Server::with([(2, Point::Rcpt, Act::Say("451 later"))]);
    let office = approved_for(&server);
    office.run("publish send 1");
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!(run.error()["error"]["code"], "PUB-003");
    office.run("publish settle 1 11-002 --arrived --by 係 --reason 電話で知らせた");
    let run = office.run(&format!("--json {PREPARE}"));
    assert_eq!(run.error()["error"]["code"], "PUB-004", "nobody lacks anything");
}

/// Without `[mail]` nothing is said of mails anywhere, and nobody looks at the addresses.
#[test]
fn nothing_changes_without_settings() {
    let office = super::office::office();
    save_addressed(&office, &[("11-001", "なし")]);
    let made = office.json(PREPARE);
    assert!(made.get("mails").is_none(), "{made}");
    office.json("publish approve 1 --by 承認者");
    assert!(office.json("publish send 1").get("mail").is_none());
    assert!(office.json("publish status 1").get("mails").is_none());
    let manifest = files(&office.data().join("distribution"));
    let (_, manifest) = manifest.iter().find(|(name, _)| name.ends_with("distribution.json")).expect("it is there");
    let manifest = String::from_utf8_lossy(manifest);
    assert!(!manifest.contains("mail") && !manifest.contains("address"), "{manifest}");
    assert!(states(&office, 1).values().all(|state| state == "sent"));
}
