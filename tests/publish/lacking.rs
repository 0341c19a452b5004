//! 「誰に届いていないか」 as a paper: named are those who lack theirs, with what to do; nobody else, and nobody is a member.

use serde_json::Value;

use super::mailing::addressed;
use super::office::{PREPARE, approved, execute, office};
use crate::cli::program::Office;
use crate::reports::pdf_tools::page_texts;

/// The text of the paper that the command writes, without blanks, and what the command says.
fn paper(office: &Office, exit: i32) -> (String, String) {
    let run = office.run("publish status 1 --out 一覧");
    assert_eq!(run.exit, Some(exit), "{}", run.stderr);
    let name = "届いていない配布先_第1回_R7.11.30";
    let folder = office.folder().join("一覧");
    let pdf = std::fs::read(folder.join(format!("{name}.pdf"))).expect("the paper is there");
    let workbook = std::fs::read(folder.join(format!("{name}.xlsx"))).expect("the workbook is there");
    assert!(workbook.starts_with(b"PK"));
    assert!(
        run.stdout.contains(&format!("{name}.pdf")) && run.stdout.contains(&format!("{name}.xlsx")),
        "{}",
        run.stdout
    );
    (page_texts(&pdf).concat().split_whitespace().collect(), run.stdout)
}

#[test]
fn those_who_lack_their_papers_are_named_and_nobody_else() {
    let office = approved();
    let (waiting, _) = paper(&office, 1);
    for words in ["資料3件のうち、届いたものは0件、届いていないものは3件である", "浦和医師会", "大宮医師会", "配る"]
    {
        assert!(waiting.contains(words), "{words}: {waiting}");
    }
    office.json("publish send 1");
    let (done, _) = paper(&office, 0);
    assert!(done.contains("資料3件は、すべて届いている") && !done.contains("医師会コード"), "{done}");
    assert!(!done.contains("浦和医師会"), "{done}");
    execute(&office, "UPDATE delivery SET state = 'uncertain', detail = '' WHERE recipient = '11-002'");
    execute(&office, "UPDATE delivery SET state = 'failed', detail = '書き込めません' WHERE recipient = '11-001'");
    let (lacking, _) = paper(&office, 1);
    for words in ["届いたものは1件、届いていないものは2件", "電話で確かめ", "書き込めません", "もう一度配る"]
    {
        assert!(lacking.contains(words), "{words}: {lacking}");
    }
    assert!(lacking.find("川口市医師会") < lacking.find("浦和医師会"), "what nobody knows comes first: {lacking}");
    assert!(!lacking.contains("大宮医師会"), "{lacking}");
    let told: Value = serde_json::from_str(&office.run("--json publish status 1 --out 一覧").stdout).expect("JSON");
    assert_eq!(told["files"].as_array().map(Vec::len), Some(2), "{told}");
}

#[test]
fn paper_that_cannot_be_made_or_written_is_refused() {
    let office = office();
    assert_eq!(office.run("publish status 1 --out 一覧").exit, Some(2), "there is none");
    assert!(!office.folder().join("一覧").exists());
    let office = approved();
    office.save("一覧", "a file");
    let run = office.run("publish status 1 --out 一覧");
    assert_eq!(run.exit, Some(4), "{}", run.stderr);
    assert!(run.stderr.contains("一覧"), "{}", run.stderr);
    let manifest = crate::publish::office::files(&office.data().join("distribution"));
    let manifest = manifest.keys().find(|name| name.ends_with("distribution.json")).expect("a manifest");
    std::fs::write(office.data().join("distribution").join(manifest), b"{}").expect("it can be written");
    let run = office.run("publish status 1 --out other");
    assert_eq!(run.exit, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("PUB-005") && !office.folder().join("other").exists(), "{}", run.stderr);
}

/// A mail is sent, where a paper is delivered: the words are those of the page and of the command.
#[test]
fn mails_that_are_not_there_are_named_in_words_of_mails() {
    let office = addressed(1);
    office.json(PREPARE);
    office.json("publish approve 1 --by 承認者");
    execute(&office, "UPDATE delivery SET state = 'sent'");
    execute(&office, "UPDATE mail SET state = 'sent' WHERE recipient <> '11-001' AND recipient <> '11-002'");
    execute(&office, "UPDATE mail SET state = 'failed' WHERE recipient = '11-001'");
    let (lacking, said) = paper(&office, 1);
    for words in ["資料5件は、すべて届いている", "届いていないメール", "urawa@example.jp", "送信できず", "送信待ち"]
    {
        assert!(lacking.contains(words), "{words}: {lacking}");
    }
    assert!(!lacking.contains("omiya@example.jp") && !lacking.contains("配布できず"), "{lacking}");
    assert!(said.contains("送信できず") && said.contains("送信待ち"), "{said}");
}
