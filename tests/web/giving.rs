//! Giving files on the pages: looked at first, taken in byte for byte, asked about, taken back; and everything that can go wrong on
//! the way.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rstest::rstest;
use serde_json::Value;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::site::{Browser, PASSWORD, Reply, Site, add, office, settings, talk};
use crate::cli::prepared::{copy_folder, of_this_run};
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::store::home::Home;

const MAKER: &str = "--role maker --everywhere --persons";

/// An office with the master and November's export of a prefecture, and two makers; made once and copied.
pub fn november() -> Office {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let (office, sample) = (Office::new(), Sample::saitama());
        office.import(&format!("{} {}", sample.files[0].display(), sample.files[3].display()));
        office.save("kaiin-data/kaiin.toml", settings(""));
        add(&office, "hanako", MAKER);
        add(&office, "taro", MAKER);
        let folder = of_this_run().join("giving");
        copy_folder(office.folder(), &folder);
        folder
    });
    Office::copy_of(made)
}

/// December's export: the whole, and its first 60 %, as where a browser gave up.
pub fn december() -> (Vec<u8>, Vec<u8>) {
    let whole = fs::read(&Sample::saitama().files[4]).expect("the sample can be read");
    let end = whole.len() * 6 / 10;
    let end = whole[..end].iter().rposition(|byte| *byte == b'\n').expect("it has lines") + 1;
    (whole.clone(), whole[..end].to_vec())
}

pub const DECEMBER: &str = "members_2025-12-31.csv";

/// The body of a form with files, and its boundary.
fn form(csrf: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = format!("--gr\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
    for (name, bytes) in files {
        let head = format!(
            "--gr\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--gr--\r\n");
    body
}

/// The head of a request that sends such a form.
fn head(browser: &Browser, length: usize) -> String {
    format!(
        "POST /files HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\
         Content-Type: multipart/form-data; boundary=gr\r\nContent-Length: {length}\r\n\r\n",
        browser.address, browser.cookie
    )
}

fn send(browser: &Browser, body: &[u8]) -> Reply {
    talk(browser.address, &[head(browser, body.len()).as_bytes(), body].concat())
}

/// Sends files to another form.
pub fn send_to(browser: &Browser, path: &str, csrf: &str, files: &[(&str, &[u8])]) -> Reply {
    let body = form(csrf, files);
    let head = head(browser, body.len()).replacen("POST /files ", &format!("POST {path} "), 1);
    talk(browser.address, &[head.as_bytes(), &body].concat())
}

/// Gives files, and follows to the page of what was found.
#[track_caller]
pub fn give(browser: &mut Browser, files: &[(&str, &[u8])]) -> (String, Reply) {
    let csrf = browser.get("/files").csrf();
    let reply = send(browser, &form(&csrf, files));
    assert_eq!(reply.status, 303, "{}", reply.body);
    let address = reply.header("location").to_string();
    let page = done(browser, &address);
    assert_eq!(page.status, 200, "{}", page.body);
    (address, page)
}

/// Fields of the hidden kind of the form that decides about the first file, with the answer.
fn decision(page: &Reply, answer: &str, reason: &str) -> Vec<(&'static str, String)> {
    let (_, form) = page.body.split_once("action=\"/files/take\"").expect("a decision is asked for");
    let field = |name: &str| {
        let (_, rest) = form.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
        rest.split('"').next().expect("a value").to_string()
    };
    let mut out: Vec<(&'static str, String)> =
        ["csrf", "give", "file", "sha256", "head"].into_iter().map(|name| (name, field(name))).collect();
    out.extend([("answer", answer.to_string()), ("reason", reason.to_string())]);
    out
}

/// Decides about the first file that asks for it; the answer, which leads to the page.
pub fn decide(browser: &mut Browser, page: &Reply, answer: &str, reason: &str) -> Reply {
    post(browser, "/files/take", &decision(page, answer, reason))
}

fn post(browser: &mut Browser, path: &str, fields: &[(&'static str, String)]) -> Reply {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &fields)
}

#[track_caller]
pub fn follow(browser: &mut Browser, reply: &Reply) -> Reply {
    assert_eq!(reply.status, 303, "{}", reply.body);
    done(browser, reply.header("location"))
}

/// The page once the work on it is done: each time it is asked for it waits for that.
fn done(browser: &mut Browser, address: &str) -> Reply {
    loop {
        let page = browser.get(address);
        if !page.body.contains("取り込んでいるところです") {
            return page;
        }
    }
}

fn imports(office: &Office) -> Vec<Value> {
    office.json("import --list").as_array().expect("a list").clone()
}

/// Everything that lies below the folder of what was given, but for the texts.
pub fn kept(office: &Office) -> Vec<String> {
    let mut out = below(&office.data().join("given"));
    out.retain(|name| name != "state.json");
    out
}

fn below(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry")) {
        match entry.file_type().expect("a type").is_dir() {
            true => out.extend(below(&entry.path())),
            false => out.push(entry.file_name().to_string_lossy().into_owned()),
        }
    }
    out.sort();
    out
}

/// The reasons that stand beside imports.
fn reasons(office: &Office) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite"));
        let mut store = SqliteConnection::connect_with(&options).await.expect("the store opens");
        let asked = "SELECT accepted_drop_reason FROM import WHERE accepted_drop_reason IS NOT NULL ORDER BY id";
        sqlx::query_scalar(asked).fetch_all(&mut store).await.expect("it can be read")
    })
}

#[track_caller]
pub fn assert_says(page: &Reply, words: &[&str]) {
    words.iter().for_each(|word| assert!(page.body.contains(word), "{word}: {}", page.body));
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn file_is_looked_at_taken_in_when_somebody_says_so_and_taken_back(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let office = office(home, "");
    let sample = Sample::cases();
    office.import(&sample.files[1].display().to_string());
    for login in ["hanako", "taro"] {
        add(&office, login, MAKER);
    }
    let bytes = fs::read(&sample.files[2]).expect("the sample can be read");
    let name = "members_2025-04-30.csv";
    let dry = office.json(&format!("import --dry-run {}", sample.files[2].display()));
    let site = Site::start(&office);
    let (mut hanako, mut taro) = (site.entered("hanako"), site.entered("taro"));

    let (address, page) = give(&mut hanako, &[(name, &bytes)]);
    assert_says(&page, &["取り込めます", "まだ何も取り込んでいません", "令和7年4月30日", "会員一覧"]);
    let after = dry[0]["headline"]["after"]["local"]["memberships"].as_i64().expect("a number");
    assert_says(&page, &[&format!("<td class=\"n\">{after}</td>")]);
    assert_eq!((imports(&office).len(), kept(&office)), (2, vec![name.to_string()]), "nothing is stored yet");
    let (others, of_taro) = give(&mut taro, &[(name, &bytes)]);
    assert_eq!(taro.get(&address).status, 404, "what somebody gave is nobody else's");

    let reply = decide(&mut hanako, &page, "yes", "");
    let taken = follow(&mut hanako, &reply);
    assert_says(&taken, &["取り込みました", "台帳に入りました"]);
    let all = imports(&office);
    assert_eq!((all.len(), all[2]["file"].as_str(), all[2]["state"].as_str()), (3, Some(name), Some("stands")));
    assert_eq!(below(&office.data().join("inbox/taken")), [name]);
    // The same form once more, as from another window, changes nothing and tells what became of it.
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    // The second who gave it is told.
    let reply = decide(&mut taro, &of_taro, "yes", "");
    assert_says(&follow(&mut taro, &reply), &["WEB-029", "同じ内容を取込済みです"]);
    assert_says(&taro.get(&others), &["同じ内容を取込済みです"]);
    assert_eq!(imports(&office).len(), 3);

    take_back(&office, &mut hanako, name);
}

/// Takes the third import back, with everything wrong first.
fn take_back(office: &Office, hanako: &mut Browser, name: &str) {
    let list = hanako.get("/files");
    assert_eq!(list.body.matches("/files/back?import=").count(), 2, "the newest of each source: {}", list.body);
    let page = hanako.get("/files/back?import=3");
    assert_says(&page, &[name, "取消し後"]);
    let before = office.json("count --as-of 2025-04-30 --by tier")["totals"]["local"]["memberships"].clone();
    assert_says(&page, &[&format!("<td class=\"n\">{before}</td>")]);
    assert_says(&hanako.get("/files/back?import=2"), &["取り消せません", "IMP-282"]);
    for nobody in ["/files/back?import=99", "/files/back?import=x", "/files/back"] {
        assert_eq!(hanako.get(nobody).status, 404, "{nobody}");
    }
    let head = page.body.split_once("name=\"head\" value=\"").expect("a head").1.split('"').next().expect("a value");
    let csrf = page.csrf();
    let fields = |head: &str, reason: &str| {
        [("csrf", csrf.clone()), ("import", "3".into()), ("head", head.to_string()), ("reason", reason.to_string())]
    };
    let reply = post(hanako, "/files/back", &fields(head, " "));
    assert_eq!(reply.status, 422);
    assert_says(&reply, &["WEB-027"]);
    let reply = post(hanako, "/files/back", &fields("0", "日付の誤り"));
    assert_eq!(reply.status, 409);
    assert_says(&reply, &["WEB-035", "value=\"日付の誤り\""]);
    assert_eq!(imports(office)[2]["state"], "stands");
    let reply = post(hanako, "/files/back", &fields(head, "日付の誤り"));
    assert_says(&follow(hanako, &reply), &["取り消されています", "日付の誤り（hanako）"]);
    assert_eq!(imports(office)[2]["state"], "taken_back");
    let again = post(hanako, "/files/back", &fields(head, "日付の誤り"));
    assert_eq!(again.status, 409);
}

#[test]
fn question_is_answered_with_a_reason_or_the_file_is_let_go() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (_, cut)) = (site.entered("hanako"), december());
    let (_, page) = give(&mut hanako, &[(DECEMBER, &cut)]);
    assert_says(&page, &["確かめたいことがあります", "IMP-212", "はい、取り込む", "いいえ、取り込まない", "取込み後"]);
    let main = page.body.split_once("<main").expect("a page").1;
    for command in ["--accept", "--reason", "kaiin import", office.data().to_str().expect("UTF-8")] {
        assert!(!main.contains(command), "{command}: {main}");
    }
    let reply = decide(&mut hanako, &page, "yes", " ");
    assert_eq!(reply.status, 422);
    assert_says(&reply, &["WEB-027", "aria-invalid"]);
    let long = "あ".repeat(201);
    let reply = decide(&mut hanako, &page, "yes", &long);
    assert_eq!(reply.status, 422);
    assert_says(&reply, &["WEB-028", &long]);
    assert_eq!(imports(&office).len(), 2);

    let reply = decide(&mut hanako, &page, "no", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みませんでした"]);
    assert_eq!((imports(&office).len(), kept(&office)), (2, Vec::<String>::new()), "nothing of it is left");

    let (_, page) = give(&mut hanako, &[(DECEMBER, &cut)]);
    let reply = decide(&mut hanako, &page, "yes", "区ごとに分けて出力したため");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    assert_eq!(reasons(&office), ["区ごとに分けて出力したため（hanako）"]);
}

/// A file that the inbox has set aside is answered on the page; the second who answers is told.
#[test]
fn question_of_the_inbox_is_answered_once() {
    let office = november();
    let asking = office.data().join("inbox/確認待ち");
    fs::create_dir_all(&asking).expect("a folder can be made");
    fs::write(asking.join(DECEMBER), december().1).expect("it can be written");
    let site = Site::start(&office);
    let (mut hanako, mut taro) = (site.entered("hanako"), site.entered("taro"));
    let list = hanako.get("/files");
    assert_says(&list, &["答えを待っているファイル", DECEMBER]);
    let (_, rest) = list.body.split_once("name=\"file\" value=\"").expect("a button");
    let sha256 = rest.split('"').next().expect("a value").to_string();
    let ask = |browser: &mut Browser| {
        let csrf = browser.get("/files").csrf();
        browser.post("/files/ask", &[("csrf", &csrf), ("file", &sha256)])
    };
    let first = ask(&mut hanako);
    follow(&mut hanako, &first);
    let again = ask(&mut hanako);
    assert_eq!(first.header("location"), again.header("location"), "whoever asks twice has begun once");
    let page = follow(&mut hanako, &again);
    let second = ask(&mut taro);
    let other = follow(&mut taro, &second);
    assert_says(&page, &["IMP-212"]);
    let reply = decide(&mut hanako, &page, "yes", "分けて出力したため");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    assert_eq!((below(&asking), below(&office.data().join("inbox/taken"))), (vec![], vec![DECEMBER.to_string()]));
    let reply = decide(&mut taro, &other, "yes", "同じく");
    assert_says(&follow(&mut taro, &reply), &["WEB-032", "番号 3"]);
    let reply = ask(&mut taro);
    assert_eq!(reply.status, 409);
    assert_says(&reply, &["WEB-032"]);
    assert_eq!(reasons(&office), ["分けて出力したため（hanako）"]);
}

#[test]
fn question_of_the_inbox_that_is_declined_is_put_away_with_who_said_so() {
    let office = november();
    let asking = office.data().join("inbox/確認待ち");
    fs::create_dir_all(&asking).expect("a folder can be made");
    fs::write(asking.join(DECEMBER), december().1).expect("it can be written");
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    let list = hanako.get("/files");
    let sha256 =
        list.body.split_once("name=\"file\" value=\"").expect("a button").1.split('"').next().expect("a value");
    let reply = hanako.post("/files/ask", &[("csrf", &list.csrf()), ("file", sha256)]);
    let page = follow(&mut hanako, &reply);
    let reply = decide(&mut hanako, &page, "no", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みませんでした"]);
    let refused = office.data().join("inbox/refused");
    assert_eq!(below(&refused), [DECEMBER.to_string(), format!("{DECEMBER}.理由.txt")]);
    let text = fs::read_to_string(refused.join(format!("{DECEMBER}.理由.txt"))).expect("it is there");
    assert!(text.starts_with("WEB-033 ") && text.contains("hanako"), "{text}");
    assert!(below(&asking).is_empty());
    assert_says(&hanako.get("/files"), &["取り込めなかったファイル", "WEB-033"]);
    let today = office.run("").stdout;
    assert!(!today.contains("TDY-003") && !today.contains("TDY-002"), "nothing is left to do: {today}");
}

/// What was looked at holds of the store as it was; something else came in between.
#[test]
fn file_is_looked_at_once_more_when_the_store_has_changed() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (whole, cut)) = (site.entered("hanako"), december());
    let (address, page) = give(&mut hanako, &[(DECEMBER, &whole)]);
    let done = office.run("import --take-back 2 --reason 試し");
    assert_eq!(done.exit, Some(0), "{}", done.stderr);
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["WEB-029", "取り込めます"]);
    assert_eq!(imports(&office).len(), 2, "not before somebody has seen the new numbers");
    let page = hanako.get(&address);
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    assert_eq!(imports(&office).len(), 3);
    // A file that somebody has changed on the disk is not the one that was looked at.
    let (_, page) = give(&mut hanako, &[("members_2026-01-31.csv", &whole)]);
    let lying = office.data().join("given").join(page_id(&page)).join("0/members_2026-01-31.csv");
    fs::write(lying, &cut).expect("it can be written");
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["WEB-030"]);
    assert_eq!(imports(&office).len(), 3);
}

fn page_id(page: &Reply) -> String {
    let (_, rest) = page.body.split_once("name=\"give\" value=\"").expect("an id");
    rest.split('"').next().expect("a value").to_string()
}

/// While somebody else writes nothing is lost, and it is said what to do.
#[test]
fn file_waits_while_somebody_else_writes() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (whole, _)) = (site.entered("hanako"), december());
    let lock = File::options().write(true).open(office.data().join("kaiin.lock")).expect("it is there");
    lock.lock().expect("nobody else has it");
    let (address, page) = give(&mut hanako, &[(DECEMBER, &whole)]);
    assert_says(&page, &["WEB-034", "もう一度確かめる"]);
    assert_eq!(kept(&office), [DECEMBER]);
    lock.unlock().expect("it was held");
    let again = [("csrf", page.csrf()), ("give", page_id(&page))];
    let reply = post(&mut hanako, "/files/check", &again);
    let page = follow(&mut hanako, &reply);
    assert_says(&page, &["取り込めます"]);
    lock.lock().expect("nobody else has it");
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["WEB-034"]);
    let back = hanako.get("/files/back?import=2");
    let head = back.body.split_once("name=\"head\" value=\"").expect("a head").1.split('"').next().expect("a value");
    let fields = [("csrf", back.csrf()), ("import", "2".into()), ("head", head.into()), ("reason", "試し".into())];
    let reply = post(&mut hanako, "/files/back", &fields);
    assert_eq!(reply.status, 503);
    assert_says(&reply, &["ENV-001", "value=\"試し\""]);
    lock.unlock().expect("it was held");
    let page = hanako.get(&address);
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
}

/// Files that are given together are taken in in the order of their days.
#[test]
fn newer_file_waits_for_the_older_one() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (whole, _)) = (site.entered("hanako"), december());
    let files: [(&str, &[u8]); 2] = [("members_2026-01-31.csv", &whole), (DECEMBER, &whole)];
    let (_, page) = give(&mut hanako, &files);
    assert_says(&page, &["先に片付けるファイルがあります", "WEB-038", "取り込めます"]);
    assert_eq!(page.body.matches("action=\"/files/take\"").count(), 1);
    let reply = decide(&mut hanako, &page, "yes", "");
    let page = follow(&mut hanako, &reply);
    assert_says(&page, &["取り込みました"]);
    assert_eq!(
        page.body.matches("action=\"/files/take\"").count(),
        1,
        "now it is the turn of the other: {}",
        page.body
    );
    assert_eq!(imports(&office)[2]["known_at"], "2025-12-31");
}

/// What is refused is told as `kaiin import` tells it, in words for a page.
#[test]
fn files_that_cannot_be_taken_in_say_why() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (whole, _)) = (site.entered("hanako"), december());
    let bomb = bomb();
    let headings = "氏名,ふしぎな列,会員番号\r\n甲,1,2\r\n".as_bytes();
    let text = whole.split_inclusive(|byte| *byte == b'\n').take(1).flatten().copied().collect::<Vec<u8>>();
    let cases: [(&str, &[u8], &[&str]); 5] = [
        (DECEMBER, b"", &["IMP-201", "このままでは取り込めません"]),
        ("members_2025-12-31.xlsx", &bomb, &["IMP-2", "このままでは取り込めません"]),
        (DECEMBER, headings, &["IMP-209", "わからない列", "足りない見出し", "ふしぎな列"]),
        (DECEMBER, &text, &["IMP-202"]),
        ("members.csv", &whole, &["IMP-214", "出力日（MAMIS から出した日）"]),
    ];
    for (name, bytes, words) in cases {
        let (_, page) = give(&mut hanako, &[(name, bytes)]);
        assert_says(&page, words);
        assert!(!page.body.contains("action=\"/files/take\""), "{}", page.body);
    }
    assert_eq!(imports(&office).len(), 2);
    // The day can be told.
    let (_, page) = give(&mut hanako, &[("members.csv", &whole)]);
    let fields =
        |day: &str| [("csrf", page.csrf()), ("give", page_id(&page)), ("file", "0".into()), ("day", day.to_string())];
    let reply = post(&mut hanako, "/files/check", &fields("R7.13.1"));
    assert_eq!(reply.status, 422);
    assert_says(&reply, &["WEB-031", "value=\"R7.13.1\""]);
    let reply = post(&mut hanako, "/files/check", &fields("R7.12.31"));
    let page = follow(&mut hanako, &reply);
    assert_says(&page, &["取り込めます", "令和7年12月31日"]);
    let reply = decide(&mut hanako, &page, "yes", "");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    assert_eq!(imports(&office)[2]["known_at"], "2025-12-31");
}

/// A small file that inflates to what no export is.
fn bomb() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"] {
        writer.start_file(name, SimpleFileOptions::default()).expect("a part");
        writer.write_all(&vec![b' '; 20 << 20]).expect("a part can be written");
    }
    writer.finish().expect("it can be written").into_inner()
}

#[test]
fn rows_that_cannot_be_taken_in_are_a_table_and_a_workbook() {
    let office = november();
    let site = Site::start(&office);
    let (mut hanako, (whole, _)) = (site.entered("hanako"), december());
    // 60 rows whose first cells say no number: more than are shown.
    let mut lines: Vec<Vec<u8>> = whole.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let at = |line: &[u8]| line.iter().position(|byte| *byte == b',').expect("it has cells");
    for line in &mut lines[1..=60] {
        let rest = line.split_off(at(line));
        *line = [b"x".as_slice(), &rest].concat();
    }
    let (_, page) = give(&mut hanako, &[(DECEMBER, &lines.concat())]);
    assert_says(&page, &["取り込めない行（72 行", "はじめの 50 件", "<td class=\"n\">2</td>"]);
    assert_eq!(page.body.matches("<td class=\"n\">").count() - 9, 50, "three tiers and fifty rows");
    let (_, rest) = page.body.split_once("href=\"/files/rejects.xlsx").expect("a workbook");
    let address = format!("/files/rejects.xlsx{}", rest.split('"').next().expect("an address").replace("&amp;", "&"));
    let bytes = download(&hanako, &address);
    let (head, body) = split_head(&bytes);
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("spreadsheetml"), "{head}");
    assert!(body.starts_with(b"PK") && body.len() > 5_000);
    let foreign = address.replace("file=0", "file=7");
    assert_eq!(hanako.get(&foreign).status, 404);
    assert_eq!(site.entered("taro").get(&address).status, 404, "rows of people are nobody else's");
}

fn download(browser: &Browser, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(browser.address).expect("somebody listens");
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\r\n",
        browser.address, browser.cookie
    );
    stream.write_all(head.as_bytes()).expect("somebody listens");
    let mut out = Vec::new();
    stream.read_to_end(&mut out).expect("an answer");
    out
}

fn split_head(bytes: &[u8]) -> (String, &[u8]) {
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    (String::from_utf8_lossy(&bytes[..at]).into_owned(), &bytes[at + 4..])
}

/// Nothing is kept of what comes from nobody, from elsewhere, or is no form with files.
#[test]
fn uploads_count_only_from_their_own_form() {
    let office = november();
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    let csrf = hanako.get("/files").csrf();
    let small: &[(&str, &[u8])] = &[(DECEMBER, b"a,b\r\n")];
    let whole = form(&csrf, small);

    let nobody = site.browser();
    assert_eq!(send(&nobody, &whole).status, 401);
    let reply = send(&hanako, &form("wrong", small));
    assert_eq!(reply.status, 403);
    assert_says(&reply, &["WEB-004"]);
    // The token must come before anything is kept.
    let mut late = form(&csrf, small);
    late.drain(..form(&csrf, &[]).len() - b"--gr--\r\n".len());
    assert_eq!(send(&hanako, &late).status, 403);
    let reply = send(&hanako, &form(&csrf, &[]));
    assert_eq!(reply.status, 422);
    assert_says(&reply, &["WEB-021"]);
    let reply = send(&hanako, &form(&csrf, &[("", b"")]));
    assert_eq!(reply.status, 422, "a field that was left empty");
    let plain = hanako.post("/files", &[("csrf", &csrf)]);
    assert_eq!(plain.status, 400);
    assert_says(&plain, &["WEB-010"]);
    assert_eq!(kept(&office), Vec::<String>::new());
}

/// Nothing is kept of what is not whole or too large, nor of what a killed server has left.
#[test]
fn broken_uploads_leave_nothing() {
    let office = november();
    office.save("kaiin-data/kaiin.toml", settings("upload_mb = 1\n"));
    let left = office.data().join("given/.kaiin-left/0");
    fs::create_dir_all(&left).expect("a folder can be made");
    fs::write(left.join("a.csv"), "of a killed server").expect("it can be written");
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    let csrf = hanako.get("/files").csrf();
    let small: &[(&str, &[u8])] = &[(DECEMBER, b"a,b\r\n")];
    let large = vec![b'a'; 3 << 20];
    let reply = send(&hanako, &form(&csrf, &[(DECEMBER, &large)]));
    assert_eq!(reply.status, 413);
    assert_says(&reply, &["WEB-022", "1 MB"]);
    let many: Vec<(String, Vec<u8>)> = (0..21).map(|nth| (format!("{nth}.csv"), b"a".to_vec())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let reply = send(&hanako, &form(&csrf, &many));
    assert_eq!(reply.status, 413);
    assert_says(&reply, &["WEB-024"]);

    // Cut off: without the last line of the form, and in the middle of a file with the connection closed.
    let body = form(&csrf, small);
    let reply = send(&hanako, &body[..body.len() - 8]);
    assert_eq!(reply.status, 400, "{}", reply.body);
    assert_says(&reply, &["WEB-023"]);
    let mut stream = TcpStream::connect(site.address).expect("somebody listens");
    stream.write_all(head(&hanako, body.len() + 1_000_000).as_bytes()).expect("somebody listens");
    stream.write_all(&body[..body.len() - 20]).expect("somebody listens");
    drop(stream);
    assert_eq!(kept(&office), Vec::<String>::new(), "what a killed server left has gone too");

    // A name that leads elsewhere is only a name.
    let (_, page) = give(&mut hanako, &[("../../../kaiin.sqlite", b"x"), ("C:\\a\\b.csv", b"y")]);
    assert_says(&page, &["<h2 id=\"file-1\">kaiin.sqlite</h2>", "<h2 id=\"file-2\">b.csv</h2>"]);
    assert_eq!(kept(&office), ["b.csv", "kaiin.sqlite"]);
    assert_modes(&office);
    assert_eq!(imports(&office).len(), 2);
    assert!(!site.log().contains("kaiin.sqlite</h2>") && !site.log().contains("b.csv"), "{}", site.log());
}

#[cfg(unix)]
fn assert_modes(office: &Office) {
    use std::os::unix::fs::PermissionsExt;
    let mut folders = vec![office.data().join("given")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("it is there").map(|entry| entry.expect("an entry")) {
            let mode = entry.metadata().expect("it is there").permissions().mode() & 0o777;
            let is_folder = entry.path().is_dir();
            assert_eq!(mode, if is_folder { 0o700 } else { 0o600 }, "{}", entry.path().display());
            folders.extend(is_folder.then(|| entry.path()));
        }
    }
}

#[cfg(not(unix))]
fn assert_modes(_: &Office) {}

/// Files hold the members of all bodies: whoever does not see all of them by name gives none.
#[test]
fn only_makers_who_see_everybody_give_files() {
    let office = november();
    let others = [
        ("a1", "--role maker --everywhere", 403, "WEB-020"),
        ("a2", "--role maker --everywhere --persons --tiers local,prefectural", 403, "WEB-020"),
        ("a3", "--role maker --prefecture 11 --persons", 403, "WEB-020"),
        ("a4", "--role maker --association 11-001 --persons", 403, "WEB-020"),
        ("a5", "--role reader --everywhere --persons", 403, "WEB-005"),
        ("a6", "--role approver --everywhere --persons", 403, "WEB-005"),
        ("a7", "--role administrator --everywhere --persons", 403, "WEB-005"),
    ];
    let hanakos = {
        let site = Site::start(&office);
        give(&mut site.entered("hanako"), &[(DECEMBER, &december().1)]).0
    };
    for (login, rights, ..) in others {
        add(&office, login, rights);
    }
    let site = Site::start(&office);
    for (login, _, status, code) in others {
        let mut browser = site.browser();
        assert_eq!(browser.log_in(login, PASSWORD).status, 303, "{login}");
        let csrf = browser.get("/").csrf();
        let rejects = hanakos.replace("check", "rejects.xlsx") + "&file=0";
        for path in ["/files", hanakos.as_str(), &rejects, "/files/back?import=2"] {
            let page = browser.get(path);
            assert_eq!(page.status, status, "{login} {path}");
            assert_says(&page, &[code]);
        }
        for path in ["/files/check", "/files/take", "/files/ask", "/files/back"] {
            assert_eq!(browser.post(path, &[("csrf", &csrf)]).status, status, "{login} {path}");
        }
        let reply = send(&browser, &form(&csrf, &[(DECEMBER, b"a")]));
        assert_eq!(reply.status, status, "{login}");
        assert_says(&reply, &[code]);
    }
    assert!(site.browser().get("/files").header("location").starts_with("/login?next="));
    assert_eq!((imports(&office).len(), kept(&office)), (2, vec![DECEMBER.to_string()]));
}

/// The first files may come through the page: then there is no store yet.
#[test]
fn first_files_of_an_office_come_through_the_page() {
    let office = Office::new();
    fs::create_dir_all(office.data()).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", settings(""));
    add(&office, "hanako", MAKER);
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    assert_says(&hanako.get("/files"), &["まだ何も取り込んでいません"]);
    let sample = Sample::cases();
    let (master, members) = (fs::read(&sample.files[0]), fs::read(&sample.files[1]));
    let (master, members) = (master.expect("it can be read"), members.expect("it can be read"));
    let (_, page) = give(&mut hanako, &[("members_2025-03-31.csv", &members), ("associations.csv", &master)]);
    assert_says(&page, &["先に associations.csv を片付けてください", "医師会マスタ"]);
    let reply = decide(&mut hanako, &page, "yes", "");
    let page = follow(&mut hanako, &reply);
    let reply = decide(&mut hanako, &page, "yes", "");
    follow(&mut hanako, &reply);
    assert_eq!(imports(&office).len(), 2);
}

/// Exports of parts replace nothing but the last one of their own source; whoever gives one says whose it is, and may say it anew.
#[test]
fn source_of_a_file_is_told_on_the_page() {
    let (office, (whole, _)) = (november(), december());
    let site = Site::start(&office);
    let mut hanako = site.entered("hanako");
    let (address, page) = give(&mut hanako, &[(DECEMBER, &whole)]);
    assert_says(&page, &["取り込めます", "別の源として取り込む", "今までの源：members"]);
    let tell = |browser: &mut Browser, source: &str, layout: &str| {
        let (give, csrf) = (address.split("give=").nth(1).expect("an id").to_string(), page.csrf());
        let fields = [("csrf", &*csrf), ("give", &give), ("file", "0"), ("source", source), ("layout", layout)];
        browser.post("/files/check", &fields)
    };
    for (source, code) in [("a/b", "RPT-031"), ("CON", "RPT-031"), (&"長".repeat(30), "RPT-031")] {
        let reply = tell(&mut hanako, source, "");
        let page = follow(&mut hanako, &reply);
        assert_says(&page, &["このままでは取り込めません", code, &format!("value=\"{source}\"")]);
    }
    assert_eq!(tell(&mut hanako, "saitama", "nowhere").status, 404, "a layout that is not offered");
    let reply = tell(&mut hanako, " saitama ", "");
    let told = follow(&mut hanako, &reply);
    assert_says(&told, &["value=\"saitama\"", "<details class=\"ways\" open>"]);
    let reply = tell(&mut hanako, "", "");
    assert_says(&follow(&mut hanako, &reply), &["<details class=\"ways\">", "取り込めます"]);
    let reply = tell(&mut hanako, "saitama", "");
    let told = follow(&mut hanako, &reply);
    let reply = decide(&mut hanako, &told, "yes", "県ごとの出力のため");
    assert_says(&follow(&mut hanako, &reply), &["取り込みました"]);
    let sources: Vec<String> = imports(&office).iter().map(|one| one["source"].as_str().unwrap_or("").into()).collect();
    assert_eq!(sources.last().map(String::as_str), Some("saitama"), "{sources:?}");
}
