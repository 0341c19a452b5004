//! The page of all checks, `docs/checks.md`, made from the catalogue: what the office sees and what it reads there
//! are one text.

use std::fmt::Write;

use kaiin::domain::audit::{AuditCode, AuditSeverity};
use kaiin::domain::finding::FindingCode;
use kaiin::domain::problem::{Problem, Severity};
use kaiin::messages::{Lang, message};

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

#[test]
fn checks_page_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks.md");
    let page = checks_page();
    if std::env::var_os("KAIIN_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/checks.md is stale: KAIIN_WRITE_DOCS=1 cargo test --test all checks_page");
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
