//! The page of the ledger of opened pages.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::moment::moment;
use crate::clock::tokyo_day;
use crate::domain::account::AccessEntry;
use crate::domain::day_words::{in_both_calendars, read_day_words};
use crate::domain::printed_number::thousands;
use crate::messages::{Lang, Message, message};
use crate::service::accounts::{LEDGER_ROWS, LedgerPage};
use crate::web::Frame;
use crate::web::answer::Answer;
use crate::web::encoding::encoded;
use crate::web::nav::OPENED;
use crate::web::route::Visit;

#[derive(Template)]
#[template(path = "web/own/opened.html")]
struct OpenedPage<'a> {
    frame: Frame,
    path: &'static str,
    /// What is wrong, with its code.
    told: Option<(&'static str, Message)>,
    login: &'a str,
    day: &'a str,
    /// How the day was read.
    read_day: Option<String>,
    logins: Vec<String>,
    said: String,
    rows: Vec<EntryView>,
    newer: Option<String>,
    older: Option<String>,
    days: u32,
}

struct EntryView {
    at: String,
    login: String,
    route: String,
    outcome: u16,
    n_shown: String,
}

/// The page.
pub(crate) async fn opened(visit: Visit) -> Result<Answer> {
    let accounts = &visit.asked.pages.accounts;
    let query = &visit.asked.query;
    let [login, written, page] = ["login", "day", "page"].map(|name| without_controls(query.get(name)));
    let (login, written, page) = (login.trim(), written.trim(), page.trim());
    let logins = accounts.list().await?.into_iter().map(|account| account.login).collect();
    let shown = OpenedPage {
        frame: visit.frame(),
        path: OPENED,
        told: None,
        login,
        day: written,
        read_day: None,
        logins,
        said: String::new(),
        rows: Vec::new(),
        newer: None,
        older: None,
        days: visit.asked.pages.shown.config.web.ledger_days,
    };
    let today = tokyo_day(visit.asked.pages.shown.clock.now());
    let Ok(day) = Some(written).filter(|day| !day.is_empty()).map(|day| read_day_words(day, today)).transpose() else {
        return refused(shown, "WEB-063");
    };
    let Some(page) = page_of(page) else { return refused(shown, "WEB-064") };
    let found = accounts.ledger(login, day, page).await?;
    if found.entries.is_empty() && page > 1 {
        return refused(shown, "WEB-064");
    }
    let is_more = page.saturating_mul(LEDGER_ROWS) < found.total;
    let n_shown = found.entries.len();
    let page = OpenedPage {
        read_day: day.map(in_both_calendars),
        said: said(&found, page),
        rows: found.entries.iter().map(EntryView::of).collect(),
        newer: (page > 1).then(|| address(login, written, page - 1)),
        older: is_more.then(|| address(login, written, page + 1)),
        ..shown
    };
    Ok(Answer::page(&page)?.showing(n_shown))
}

/// The page with what is wrong.
fn refused(shown: OpenedPage<'_>, code: &'static str) -> Result<Answer> {
    let told = Some((code, message(code, Lang::Ja, "")));
    Answer::page_with(StatusCode::BAD_REQUEST, &OpenedPage { told, ..shown })
}

/// The address of a page.
fn address(login: &str, day: &str, page: i64) -> String {
    format!("{OPENED}?login={}&day={}&page={page}", encoded(login), encoded(day))
}

/// What somebody wrote, without what no page may hold.
fn without_controls(written: &str) -> String {
    written.chars().filter(|letter| !letter.is_control()).collect()
}

/// The page that is wanted, from 1; `None` for what is none.
fn page_of(written: &str) -> Option<i64> {
    let is_number = written.bytes().all(|byte| byte.is_ascii_digit());
    let page = if written.is_empty() { Some(1) } else { written.parse().ok() };
    page.filter(|page| is_number && *page > 0)
}

fn said(found: &LedgerPage, page: i64) -> String {
    let n = i64::try_from(found.entries.len()).unwrap_or(i64::MAX);
    let from = (page - 1).saturating_mul(LEDGER_ROWS);
    match n {
        0 => "当てはまる記録はありません。".into(),
        n if n == found.total => format!("全 {} 件を示しています。", thousands(n)),
        n => {
            let (total, first, last) = (thousands(found.total), thousands(from + 1), thousands(from + n));
            format!("全 {total} 件のうち {first} 件目から {last} 件目まで。新しい順です。")
        }
    }
}

impl EntryView {
    fn of(entry: &AccessEntry) -> Self {
        Self {
            at: moment(entry.at),
            login: if entry.login.is_empty() { "（ログインなし）".into() } else { entry.login.clone() },
            route: entry.route.clone(),
            outcome: entry.outcome,
            n_shown: entry.n_shown.map_or(String::new(), thousands),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_from_one() {
        assert_eq!((page_of(""), page_of("2")), (Some(1), Some(2)));
        for wrong in ["0", "-1", "x", "1.5", "99999999999999999999"] {
            assert_eq!(page_of(wrong), None, "{wrong}");
        }
    }
}
