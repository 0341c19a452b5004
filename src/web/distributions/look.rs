//! Distributions as they are looked at: the list, one of them, a file of it.

use anyhow::Result;

use super::number::number;
use super::{list, page};
use crate::service::publish::{AskedPart, lacking_paper, prepared_file, seen_numbered, seen_overview};
use crate::web::answer::Answer;
use crate::web::leafing;
use crate::web::route::Visit;

/// All of them, or the one whose number is asked for.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if visit.asked.query.get("number").is_empty() {
        return list::show(&visit, list::Typed::default(), None).await;
    }
    let number = number(visit.asked.query.get("number"))?;
    page::show(&visit, number, page::Typed::default(), None).await
}

/// A file of a distribution, for whoever looks it over.
pub(in crate::web) async fn file(visit: Visit) -> Result<Answer> {
    let query = &visit.asked.query;
    let number = number(query.get("number"))?;
    let (key, wanted) = (query.get("paper").to_string(), AskedPart::of_text(query.get("file")));
    let access = visit.access().clone();
    let asked = visit.asked.pages.ask(async move |workspace| {
        let of = seen_numbered(workspace, &access, number).await?;
        prepared_file(workspace, &of, (&key, wanted))
    });
    let (name, bytes) = asked.await?;
    leafing::handed(&visit, &name, bytes).await
}

/// Who does not have their papers, as a paper: the workbook where the address asks for it, else the PDF or its pages.
pub(in crate::web) async fn lacking(visit: Visit) -> Result<Answer> {
    let number = number(visit.asked.query.get("number"))?;
    let access = visit.access().clone();
    let asked = visit.asked.pages.ask(async move |workspace| {
        let found = seen_overview(workspace, &access, number).await?;
        lacking_paper(workspace, &found)
    });
    let paper = asked.await?;
    let (ending, bytes) = match visit.asked.query.get("file") {
        "2" => ("xlsx", paper.workbook),
        _ => ("pdf", paper.pdf),
    };
    leafing::handed(&visit, &format!("{}.{ending}", paper.name), bytes).await
}
