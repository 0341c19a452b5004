//! The page of what was given: what was found in each file, and what becomes of it.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::work::{Work, do_work, is_done, refused};
use crate::domain::japanese_date::{era_date, parse_date};
use crate::error::Failure;
use crate::service::intake::giving::{
    Decision, FileReport, Given, GivenFile, SaidOfColumns, Says, Told, ToldOfFile, Verdict, told, workbook,
};
use crate::web::answer::Answer;
use crate::web::fault;
use crate::web::frame::Frame;
use crate::web::handing::file;
use crate::web::noting::{Noted, note};
use crate::web::route::Visit;

/// Letters of a reason.
const MOST_LETTERS: usize = 200;

#[derive(Template)]
#[template(path = "web/giving/check.html")]
struct CheckPage {
    frame: Frame,
    given: Given,
    /// Whether work on it goes on.
    is_under_way: bool,
    wrong: Wrong,
}

/// What is wrong with something that was sent from the page, with what was written.
#[derive(Default)]
pub(super) struct Wrong {
    /// Number of the file.
    nth: Option<usize>,
    headings: Option<Told>,
    /// What was said of its columns.
    said: SaidOfColumns,
    reason: Option<Told>,
    day: Option<Told>,
    written: String,
}

impl Wrong {
    /// Of what was said of the columns of a file.
    pub(super) fn of_headings(nth: usize, told: Told, said: SaidOfColumns) -> Self {
        Self { nth: Some(nth), headings: Some(told), said, ..Self::default() }
    }
}

impl CheckPage {
    fn is_all_checked(&self) -> bool {
        self.given.files.iter().all(|file| file.report.is_some())
    }

    /// What was written for a file and could not be read; else nothing.
    fn written(&self, nth: &usize) -> &str {
        if self.wrong.nth == Some(*nth) { &self.wrong.written } else { "" }
    }

    fn wrong_reason(&self, nth: &usize) -> Option<&Told> {
        self.wrong.reason.as_ref().filter(|_| self.wrong.nth == Some(*nth))
    }

    fn wrong_day(&self, nth: &usize) -> Option<&Told> {
        self.wrong.day.as_ref().filter(|_| self.wrong.nth == Some(*nth))
    }

    fn wrong_headings(&self, nth: &usize) -> Option<&Told> {
        self.wrong.headings.as_ref().filter(|_| self.wrong.nth == Some(*nth))
    }

    /// Whether a field was chosen for a column.
    fn is_said(&self, nth: &usize, column: &usize, code: &str) -> bool {
        self.wrong.nth == Some(*nth) && self.wrong.said.iter().any(|(at, said)| at == column && said == code)
    }

    /// The verdict of a file in a few words.
    fn verdict(file: &GivenFile) -> &'static str {
        match file.verdict() {
            None => "まだ確かめていません",
            Some(Verdict::Ready) => "取り込めます",
            Some(Verdict::Same) => "同じ内容を取込済みです。何も変わりません",
            Some(Verdict::Asks) => "確かめたいことがあります",
            Some(Verdict::Refused) => "このままでは取り込めません",
            Some(Verdict::Waits) => "先に片付けるファイルがあります",
            Some(Verdict::Stored) => "取り込みました",
            Some(Verdict::Declined) => "取り込みませんでした",
        }
    }

    fn is(file: &GivenFile, verdict: &str) -> bool {
        let name = match file.verdict() {
            Some(Verdict::Ready) => "ready",
            Some(Verdict::Asks) => "asks",
            Some(Verdict::Refused) => "refused",
            Some(Verdict::Stored) => "stored",
            Some(Verdict::Declined) => "declined",
            Some(Verdict::Same) => "same",
            Some(Verdict::Waits) => "waits",
            None => "",
        };
        name == verdict
    }

    /// Whether a reason is asked for, and not the export day alone.
    fn asks_reason(report: &FileReport) -> bool {
        report.asks_drop || report.asks_change
    }

    /// Whether nothing can become of it any more.
    fn is_settled(file: &GivenFile) -> bool {
        file.verdict().is_some_and(Verdict::is_settled)
    }

    fn day(report: &FileReport) -> String {
        report.day.map(era_date).unwrap_or_default()
    }
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let id = visit.asked.query.get("give").to_string();
    let is_under_way = !is_done(&visit, &id).await;
    page(&visit, &id, (StatusCode::OK, is_under_way), Wrong::default())
}

/// Looks at everything once more, with the export day that somebody has told of a file, or with whose export it is.
pub(in crate::web) async fn again(visit: Visit) -> Result<Answer> {
    let given = match given(&visit, visit.asked.form.get("give"))? {
        Ok(given) => given,
        Err(answer) => return Ok(answer),
    };
    let form = &visit.asked.form;
    if form.get("file").is_empty() {
        return do_work(&visit, given.id, Work::Check(None)).await;
    }
    let Ok(nth) = given.nth(form.get("file")) else { return Ok(not_there(&visit)) };
    if form.0.iter().any(|(name, _)| name == "source") {
        let (source, layout) = (form.get("source").trim().to_string(), form.get("layout").to_string());
        let ways = given.files[nth].report.as_ref().and_then(|report| report.ways.as_ref());
        if !layout.is_empty() && !ways.is_some_and(|ways| ways.layouts.contains(&layout)) {
            return Ok(not_there(&visit));
        }
        return do_work(&visit, given.id, Work::Check(Some((nth, ToldOfFile::Way { source, layout })))).await;
    }
    let text = form.get("day").trim().to_string();
    match parse_date(&text) {
        Some(day) => do_work(&visit, given.id, Work::Check(Some((nth, ToldOfFile::Day(day))))).await,
        None => {
            let day = Some(told("WEB-031", &text));
            let wrong = Wrong { nth: Some(nth), day, written: text, ..Wrong::default() };
            page(&visit, &given.id, (StatusCode::UNPROCESSABLE_ENTITY, false), wrong)
        }
    }
}

/// Takes a file in, or says that it is not to be taken in.
pub(in crate::web) async fn take(visit: Visit) -> Result<Answer> {
    let form = &visit.asked.form;
    let given = match given(&visit, form.get("give"))? {
        Ok(given) => given,
        Err(answer) => return Ok(answer),
    };
    let Ok(nth) = given.nth(form.get("file")) else { return Ok(not_there(&visit)) };
    let says = match form.get("answer") {
        "no" => Says::No,
        "yes" => {
            let asks = given.files[nth].report.as_ref().is_some_and(CheckPage::asks_reason);
            match asks.then(|| reason(form.get("reason"))).transpose() {
                Ok(reason) => Says::Yes(reason),
                Err(told) => {
                    let written = form.get("reason").to_string();
                    let wrong = Wrong { nth: Some(nth), reason: Some(told), written, ..Wrong::default() };
                    return page(&visit, &given.id, (StatusCode::UNPROCESSABLE_ENTITY, false), wrong);
                }
            }
        }
        _ => return Ok(fault::page(visit.frame(), StatusCode::BAD_REQUEST, "WEB-010").into()),
    };
    let (sha256, head) = (form.get("sha256").to_string(), form.get("head").to_string());
    do_work(&visit, given.id, Work::Take(Decision { nth, sha256, head, says })).await
}

/// The workbook of the rows to mend.
pub(in crate::web) async fn rejects(visit: Visit) -> Result<Answer> {
    let given = match given(&visit, visit.asked.query.get("give"))? {
        Ok(given) => given,
        Err(answer) => return Ok(answer),
    };
    let Ok(nth) = given.nth(visit.asked.query.get("file")) else { return Ok(not_there(&visit)) };
    let n_rows = given.files[nth].report.as_ref().map_or(0, |report| report.n_reject_lines);
    let made = visit.asked.pages.ask(async move |workspace| workbook(workspace, &given, nth).await).await?;
    let Some((name, bytes)) = made else { return Ok(not_there(&visit)) };
    note(&visit, &name, &bytes, Noted { persons: Some(n_rows), ..Noted::default() }).await?;
    Ok(file(&name, bytes)?.showing(n_rows))
}

/// Why a file is taken in, in one line.
pub(super) fn reason(text: &str) -> Result<String, Told> {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = line.trim().to_string();
    match line.chars().count() {
        0 => Err(told("WEB-027", "")),
        n if n > MOST_LETTERS => Err(told("WEB-028", &n.to_string())),
        _ => Ok(line),
    }
}

/// What the account has given under an id; else the page that says that it may not give files, or that nothing is there.
pub(super) fn given(visit: &Visit, id: &str) -> Result<Result<Given, Answer>> {
    if let Some(answer) = refused(visit) {
        return Ok(Err(answer));
    }
    match Given::open(&visit.asked.pages.shown.folder, id, &visit.entered.account.login) {
        Ok(given) => Ok(Ok(given)),
        Err(error) if Failure::of(&error).code == "WEB-026" => Ok(Err(not_there(visit))),
        Err(error) => Err(error),
    }
}

pub(super) fn not_there(visit: &Visit) -> Answer {
    fault::page(visit.frame(), StatusCode::NOT_FOUND, "WEB-026").into()
}

pub(super) fn page(
    visit: &Visit,
    id: &str,
    (status, is_under_way): (StatusCode, bool),
    wrong: Wrong,
) -> Result<Answer> {
    let given = match given(visit, id)? {
        Ok(given) => given,
        Err(answer) => return Ok(answer),
    };
    let n_rows = given.files.iter().filter_map(|file| file.report.as_ref()).map(|report| report.rejects.len()).sum();
    let page = CheckPage { frame: visit.frame(), given, is_under_way, wrong };
    Ok(Answer::page_with(status, &page)?.showing(n_rows))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::words(" 合併のため ", Ok("合併のため"))]
    #[case::lines("合併\r\nのため", Ok("合併  のため"))]
    #[case::nothing(" 　\n", Err("WEB-027"))]
    fn reason_is_one_line_that_says_something(#[case] text: &str, #[case] expected: Result<&str, &str>) {
        let read = reason(text).map_err(|told| told.code);
        assert_eq!(read.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn reason_has_an_end() {
        assert!(reason(&"あ".repeat(MOST_LETTERS)).is_ok());
        assert_eq!(reason(&"あ".repeat(MOST_LETTERS + 1)).map_err(|told| told.code), Err("WEB-028".to_string()));
    }
}
