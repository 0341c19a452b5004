//! Papers that were sent to the bodies of an account (届いた資料).

use anyhow::Result;
use askama::Template;
use chrono::NaiveDate;

use super::answer::Answer;
use super::frame::Frame;
use super::handing::size;
use super::leafing;
use super::route::Visit;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::service::publish::{AskedPart, ReceivedPaper, received, received_file};

#[derive(Template)]
#[template(path = "web/papers/received.html")]
struct ReceivedPage {
    frame: Frame,
    /// All days of which something was sent, the newest first.
    days: Vec<Day>,
    /// The day that is shown.
    heading: String,
    rows: Vec<Row>,
    download_days: u32,
}

struct Day {
    href: String,
    label: String,
    is_here: bool,
}

struct Row {
    recipient: String,
    title: String,
    edition: String,
    sent_on: String,
    until: String,
    mark: Mark,
    /// Address, what it is, how large.
    links: Vec<(String, String, String)>,
}

#[derive(PartialEq)]
enum Mark {
    Newest,
    Replaced,
    Withdrawn,
}

/// The list of one day.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let access = visit.access().clone();
    let all = visit.asked.pages.ask(async move |workspace| received(workspace, &access).await).await?;
    let wanted: Option<NaiveDate> = visit.asked.query.get("as_of").parse().ok();
    let mut days: Vec<NaiveDate> = all.iter().map(|one| one.as_of).collect();
    days.dedup();
    // A day of which nothing was sent is as none.
    let here = wanted.filter(|day| days.contains(day)).or_else(|| days.first().copied());
    let download_days = visit.asked.pages.shown.config.web.download_days;
    let rows: Vec<Row> = all.iter().filter(|one| Some(one.as_of) == here).map(row).collect();
    let day = |day: NaiveDate| Day {
        href: format!("/received?as_of={day}"),
        label: short_era_date(day),
        is_here: Some(day) == here,
    };
    let n = rows.len();
    let page = ReceivedPage {
        frame: visit.frame(),
        days: days.into_iter().map(day).collect(),
        heading: here.map_or_else(String::new, |day| format!("{} 現在", era_date(day))),
        rows,
        download_days,
    };
    Ok(Answer::page(&page)?.showing(n))
}

/// A file of a paper.
pub(super) async fn send(visit: Visit) -> Result<Answer> {
    let query = &visit.asked.query;
    let (key, wanted) = (query.get("paper").to_string(), AskedPart::of_text(query.get("file")));
    let access = visit.access().clone();
    let asked = visit.asked.pages.ask(async move |workspace| received_file(workspace, &access, (&key, wanted)).await);
    let ((name, bytes), delivery) = asked.await?;
    leafing::handed_of(&visit, (&name, bytes), delivery).await
}

fn row(one: &ReceivedPaper) -> Row {
    let mark = match (one.is_withdrawn, one.is_newest) {
        (true, _) => Mark::Withdrawn,
        (false, true) => Mark::Newest,
        (false, false) => Mark::Replaced,
    };
    let link = |wanted: &str| format!("/received/file?paper={}&file={wanted}", one.key);
    let files = one.paper.files.iter().enumerate().flat_map(|(place, file)| {
        let several = leafing::links(link(&(place + 1).to_string()), &file.name).into_iter();
        several.map(|link| {
            let size = if link.is_view { String::new() } else { size(file.size_bytes) };
            (link.href, link.label, size)
        })
    });
    let letter = (link(AskedPart::LETTER), "送付状".to_string(), String::new());
    let links = files.chain([letter]);
    Row {
        recipient: one.recipient.1.clone(),
        title: one.paper.title.clone(),
        edition: match one.paper.has_edition {
            Some(before) => format!("訂正版（第{}版）。第{before}版と差し替えてください", one.paper.edition),
            None if one.paper.edition > 1 => format!("第{}版", one.paper.edition),
            None => String::new(),
        },
        sent_on: short_era_date(one.sent_on),
        until: short_era_date(one.until),
        links: if mark == Mark::Withdrawn { Vec::new() } else { links.collect() },
        mark,
    }
}
