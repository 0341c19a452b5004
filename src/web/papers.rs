//! The papers that were made (資料), by as-of month, and their files.

use anyhow::Result;
use askama::Template;
use chrono::NaiveDate;

use super::answer::Answer;
use super::frame::Frame;
use super::handing::size;
use super::leafing::{handed, links};
use super::route::Visit;
use crate::clock::{tokyo, tokyo_day};
use crate::domain::japanese_date::{era_month, short_era_date};
use crate::domain::ledger::VersionKind;
use crate::error::Failure;
use crate::service::papers::shelf::{ShelfPaper, shelf};

/// Months on a page.
const MONTHS: usize = 12;

#[derive(Template)]
#[template(path = "web/papers/list.html")]
struct PapersPage {
    frame: Frame,
    months: Vec<Month>,
    /// The month before which more can be seen.
    older: Option<String>,
    /// Whether months before one are shown.
    is_older: bool,
}

struct Month {
    id: String,
    heading: String,
    papers: Vec<Row>,
}

struct Row {
    title: String,
    area: String,
    edition: String,
    variant: &'static str,
    made: String,
    known_at: String,
    files: Vec<Link>,
    /// One for each table.
    tables: Vec<Link>,
}

struct Link {
    href: String,
    label: String,
    more: String,
}

/// The list.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let before = visit.asked.query.get("before").to_string();
    let mut papers = seen(&visit).await?;
    if !before.is_empty() {
        papers.retain(|paper| month(paper.as_of) < before);
    }
    let n = papers.len();
    let mut months: Vec<Month> = Vec::new();
    for paper in &papers {
        let id = month(paper.as_of);
        if months.last().is_none_or(|last| last.id != id) {
            months.push(Month { id, heading: era_month(paper.as_of), papers: Vec::new() });
        }
        if let Some(last) = months.last_mut() {
            last.papers.push(row(paper));
        }
    }
    let older = (months.len() > MONTHS).then(|| months[MONTHS - 1].id.clone());
    months.truncate(MONTHS);
    Ok(Answer::page(&PapersPage { frame: visit.frame(), months, older, is_older: !before.is_empty() })?.showing(n))
}

/// A file of a paper.
pub(super) async fn send(visit: Visit) -> Result<Answer> {
    let query = &visit.asked.query;
    let (key, nth) = (query.get("paper"), query.get("file").parse().unwrap_or_default());
    let papers = seen(&visit).await?;
    // What somebody may not see is as if it were not there.
    let paper = papers.into_iter().find(|paper| paper.key == key).ok_or_else(|| Failure::usage("WEB-040", ""))?;
    let proved = visit.asked.pages.in_turn(async move || {
        let (found, bytes) = paper.file(nth)?;
        Ok((found.name.clone(), bytes))
    });
    let (name, bytes) = proved.await?;
    handed(&visit, &name, bytes).await
}

/// Papers that the account may see.
async fn seen(visit: &Visit) -> Result<Vec<ShelfPaper>> {
    let access = visit.access().clone();
    let asked = visit.asked.pages.ask(async move |workspace| {
        let associations = workspace.store.associations().await?;
        let today = tokyo_day(workspace.clock.now());
        let mut papers = shelf(workspace).await?;
        papers.retain(|paper| paper.is_for(&access, &associations, today));
        Ok(papers)
    });
    asked.await
}

fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

fn row(paper: &ShelfPaper) -> Row {
    let all = paper.files.iter().enumerate().flat_map(|(place, file)| {
        let href = format!("/papers/file?paper={}&file={}", paper.key, place + 1);
        let (pages, size) = (format!("{} 頁", paper.n_pages), size(file.size_bytes));
        let several = links(href, &file.name).into_iter();
        several.map(move |link| {
            let more = if link.is_view { pages.clone() } else { size.clone() };
            Link { href: link.href, label: link.label, more }
        })
    });
    let (tables, files) = all.partition(|link| link.label.starts_with("CSV"));
    Row {
        title: paper.title.clone(),
        area: paper.area_name.clone(),
        edition: edition(paper),
        variant: if paper.is_internal { "内部" } else { "外部配布" },
        made: paper.version.map_or_else(String::new, |version| {
            let at = version.at.with_timezone(&tokyo());
            format!("{} {}", short_era_date(at.date_naive()), at.format("%H:%M"))
        }),
        known_at: short_era_date(paper.known_at),
        files,
        tables,
    }
}

/// Which of several it is: the version of its month, and the edition of the paper.
fn edition(paper: &ShelfPaper) -> String {
    let version = paper.version.map(|version| match version.kind {
        VersionKind::Early => "速報（締切の前）".to_string(),
        VersionKind::Punctual if version.number == 1 => "定時".to_string(),
        VersionKind::Punctual => format!("定時（第{}版）", version.number),
        VersionKind::Released => format!("締切を待たずに作成（第{}版）", version.number),
        VersionKind::Rerun => format!("作り直し（第{}版）", version.number),
    });
    let edition = (paper.edition > 1).then(|| format!("訂正版 {}", paper.edition));
    let told: Vec<String> = version.into_iter().chain(edition).collect();
    if told.is_empty() { "個別に作成".into() } else { told.join("、") }
}
