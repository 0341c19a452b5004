//! The pages of all codes, made from the catalogue: what the office sees and what it reads there are one text. `docs/checks.md` has
//! what files and audits are checked for, `docs/messages.md` everything else.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use kaiin::domain::audit::{AuditCode, AuditSeverity};
use kaiin::domain::finding::FindingCode;
use kaiin::domain::problem::{Problem, Severity};
use kaiin::messages::{Lang, codes, message, message_of};

const HEAD: &str = "\
# Checks

Made from `src/domain/problem.rs`, `src/domain/finding.rs`, `src/domain/audit` and `src/messages/catalogue.rs`; do not edit.
`KAIIN_WRITE_DOCS=1 cargo test --test all checks_page` writes it anew.

取込みのときと監査（`kaiin audit`）で確かめることの一覧です。「…」には、そのときの見出しや件数が入ります。行と列は Excel で見える番号と記号で示します。

What is checked when a file is taken in, and what audits (`kaiin audit`) find. “…” stands for what was met: headings, counts, days.
";

/// A kind of check: title, what it means in Japanese and in English.
const KINDS: [(Severity, &str, &str, &str); 4] = [
    (
        Severity::Refusal,
        "取込拒否",
        "ファイル全体を取り込みません。何も保存しません（終了コード 3）。",
        "The file is not taken in; nothing is stored (exit code 3).",
    ),
    (
        Severity::Question,
        "取込みの確認",
        "人が答えるまで取り込みません。何も保存せず、前後の会員数と、答える指定を示します（終了コード 3）。",
        "The file is not taken in until a person has answered; the members before and after and the option that answers are shown (exit code 3).",
    ),
    (
        Severity::Reject,
        "行の取込不可",
        "その行だけを取り込みません。取込結果のシート「取込不可」に、行の写しと直し方を示します。",
        "The row is not taken in. The workbook of the import shows it with cause and remedy.",
    ),
    (
        Severity::Warning,
        "注意",
        "取り込み、会員数にも含みます。取込結果のシート「注意」に示します。",
        "The row is taken in and counts. The workbook of the import shows it.",
    ),
];

/// What the severities of audits mean, in Japanese and in English.
const AUDITS: [(AuditSeverity, &str, &str); 3] = [
    (
        AuditSeverity::Person,
        "人が確かめて決めることです。一件でもあれば `kaiin audit` は終了コード 1 で終わります。",
        "A person must look and decide. With one of them `kaiin audit` ends with exit code 1.",
    ),
    (
        AuditSeverity::Attention,
        "見ておくことです。日がたてば片付くことがあります。",
        "Worth watching; it may settle by itself.",
    ),
    (
        AuditSeverity::Information,
        "問題はありません。漏れのないように並べます。",
        "In order; listed so that nothing is missing.",
    ),
];

/// The page as Markdown.
fn checks_page() -> String {
    let mut out = HEAD.to_string();
    for (severity, title, ja, en) in KINDS {
        let codes = Problem::ALL.iter().filter(|problem| problem.severity() == severity).map(|problem| problem.code());
        section(&mut out, title, ja, en, codes);
    }
    section(
        &mut out,
        "要確認",
        "取り込んだ内容どうし、または前の出力と食い違うところです。人が確かめるまで残ります。",
        "What was taken in contradicts itself or an earlier export. It stays until a person has looked at it.",
        FindingCode::ALL.iter().map(|finding| finding.code()),
    );
    for (severity, ja, en) in AUDITS {
        let codes = AuditCode::ALL.iter().filter(|code| code.severity() == severity).map(|code| code.code());
        section(&mut out, &format!("監査の{}", severity.label()), ja, en, codes);
    }
    out
}

fn section<'c>(out: &mut String, title: &str, ja: &str, en: &str, codes: impl Iterator<Item = &'c str>) {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    // Writing into a String cannot fail.
    let _ = write!(
        out,
        "\n## {title}\n\n{ja}\n{en}\n\n| コード | 重さ | 内容 | 直し方 | English |\n|---|---|---|---|---|\n"
    );
    for code in codes {
        let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message(code, lang, "…"));
        let cells = [code, title, &ja.text, &ja.remedy, &format!("{}: {}", en.text, en.remedy)];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
}

const HEAD_OF_MESSAGES: &str = "\
# 画面に出る知らせ / Messages

Made from `src/messages`; do not edit. `KAIIN_WRITE_DOCS=1 cargo test --test all checks_page` writes it anew.

画面に出る符号と、原因・直し方の一覧です。「…」には、そのときの名前や件数が入ります。取込みと監査で確かめることは[検査の一覧](checks.md)に
あります。

Every code that is told on the screen, with its cause and its remedy, but for those of [checks](checks.md).
";

/// What the first letters of codes stand for, in the order of the page.
const ROOMS: [(&str, &str); 27] = [
    ("USE", "命令の書き方"),
    ("QRY", "問い（日付・範囲）"),
    ("ASK", "たずねる頁"),
    ("IMP", "取込み"),
    ("FND", "要確認"),
    ("AUD", "監査"),
    ("FLW", "異動"),
    ("RPT", "帳票"),
    ("MTG", "会議"),
    ("DEF", "定義と設定"),
    ("CFG", "設定"),
    ("JOB", "予定の仕事"),
    ("TDY", "今月やること"),
    ("PUB", "配布"),
    ("INC", "外に出たファイル"),
    ("SNP", "固定した在籍と帳票の確かめ"),
    ("ACC", "アカウント"),
    ("WEB", "画面"),
    ("STO", "台帳"),
    ("BAK", "控え"),
    ("PRG", "消去"),
    ("EXP", "ほかの集計エンジンへの書き出し"),
    ("DOC", "サーバーの点検"),
    ("FNT", "文字と書体"),
    ("ENV", "ディスク・データベース・権限"),
    ("SYN", "架空の医師会"),
    ("BUG", "プログラムの誤り"),
];

/// The page of messages as Markdown.
fn messages_page() -> String {
    let of_checks = checks_page();
    let mut out = HEAD_OF_MESSAGES.to_string();
    for (room, title) in ROOMS {
        let is_here =
            |code: &&str| code.starts_with(&format!("{room}-")) && !of_checks.contains(&format!("\n| {code} |"));
        let found: BTreeSet<&str> = codes().filter(is_here).collect();
        if found.is_empty() {
            continue;
        }
        // Writing into a String cannot fail.
        let _ = write!(out, "\n## {room} {title}\n\n| コード | 内容 | 直し方 | English |\n|---|---|---|---|\n");
        let open = vec!["…".to_string(); 12];
        for code in found {
            let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message_of(code, lang, &open));
            let english = if en.remedy.is_empty() { en.text } else { format!("{}: {}", en.text, en.remedy) };
            let cells = [code, &ja.text, &ja.remedy, &english].map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    out
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

#[track_caller]
fn assert_up_to_date(name: &str, page: &str) {
    let path = docs().join(name);
    if std::env::var_os("KAIIN_WRITE_DOCS").is_some() {
        std::fs::write(&path, page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/{name} is stale: KAIIN_WRITE_DOCS=1 cargo test --test all checks_page");
}

#[test]
fn checks_page_is_up_to_date() {
    assert_up_to_date("checks.md", &checks_page());
}

#[test]
fn messages_page_is_up_to_date() {
    assert_up_to_date("messages.md", &messages_page());
}

#[test]
fn every_code_stands_on_one_of_the_pages() {
    let pages = [checks_page(), messages_page()].concat();
    // Reasons (WHY) stand within other messages.
    let lacking: Vec<&str> =
        codes().filter(|code| !code.starts_with("WHY-") && !pages.contains(&format!("\n| {code} |"))).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

/// Who looks a code up that a page names finds it.
#[test]
fn pages_name_codes_that_are_there() {
    let known: BTreeSet<&str> = codes().collect();
    let mut unknown = Vec::new();
    for entry in std::fs::read_dir(docs()).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|end| end != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("pages are UTF-8");
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let codes = words.filter(|word| is_code(word) && !known.contains(word) && *word != "SHA-256");
        unknown.extend(codes.map(|code| format!("{}: {code}", path.display())));
    }
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// Three capitals, a hyphen and three digits.
fn is_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_shaped = bytes.len() == 7 && bytes[3] == b'-';
    is_shaped && bytes[..3].iter().all(u8::is_ascii_uppercase) && bytes[4..].iter().all(u8::is_ascii_digit)
}

#[test]
fn checks_page_names_every_code() {
    let page = checks_page();
    let problems = Problem::ALL.iter().map(|problem| problem.code());
    let findings = FindingCode::ALL.iter().map(|finding| finding.code());
    for code in problems.chain(findings).chain(AuditCode::ALL.iter().map(|code| code.code())) {
        assert_eq!(page.matches(&format!("\n| {code} |")).count(), 1, "{code}");
    }
}
