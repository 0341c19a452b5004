//! What is done with distributions: made, approved, sent, withdrawn, settled. Each ends with a page that can be loaded again.

use anyhow::{Error, Result};

use super::number::number;
use super::working::{NEW, Waited, work};
use super::{list, page};
use crate::clock::tokyo_day;
use crate::domain::as_of::AsOf;
use crate::domain::japanese_date::parse_date;
use crate::domain::signature::Signature;
use crate::error::Failure;
use crate::service::publish::{self, Found, Settled, Wanted, refuse_partial, seen_numbered};
use crate::web::answer::Answer;
use crate::web::route::Visit;

/// Makes the papers of a day for all recipients.
pub(in crate::web) async fn prepare(visit: Visit) -> Result<Answer> {
    let form = &visit.asked.form;
    let typed = list::Typed { as_of: form.get("as_of").into(), issued_on: form.get("issued_on").into() };
    let made = match wanted(&visit, &typed) {
        Ok(wanted) => {
            let access = visit.access().clone();
            let making = work(&visit, (NEW, "資料を作っています"), async move |workspace, progress| {
                refuse_partial(workspace, &access).await?;
                Ok(publish::prepare(workspace, &wanted, || progress.step()).await?.distribution.number)
            });
            making.await
        }
        Err(failure) => Err(failure.into()),
    };
    match made {
        Ok(Waited::Ended(number)) => Answer::see(&format!("/distributions?number={number}&done=made")),
        Ok(Waited::GoesOn) => Answer::see("/distributions"),
        Err(error) => list::show(&visit, typed, Some(Failure::of(&error))).await,
    }
}

fn wanted(visit: &Visit, typed: &list::Typed) -> Result<Wanted, Failure> {
    let day = |text: &str| parse_date(text).ok_or_else(|| Failure::usage("WEB-046", text.trim()));
    let issued_on = match typed.issued_on.trim() {
        "" => tokyo_day(visit.asked.pages.shown.clock.now()),
        text => day(text)?,
    };
    let maker = signature(visit).signed();
    Ok(Wanted { as_of: AsOf(day(&typed.as_of)?), known_at: None, issued_on: Some(issued_on), maker })
}

/// Approves what was looked at.
pub(in crate::web) async fn approve(visit: Visit) -> Result<Answer> {
    let number = number(visit.asked.form.get("number"))?;
    let (access, by) = (visit.access().clone(), signature(&visit));
    let looked_at = visit.asked.form.get("manifest").to_string();
    let approved = work(
        &visit,
        (number, "すべてのファイルを開いて確かめています"),
        async move |workspace, progress| {
            seen_numbered(workspace, &access, number).await?;
            publish::approve(workspace, (number, Some(&looked_at)), &by, || progress.step()).await.map(drop)
        },
    );
    let approved = approved.await;
    told(&visit, (number, "approved"), approved, page::Typed::default()).await
}

/// Sends what was approved.
pub(in crate::web) async fn send(visit: Visit) -> Result<Answer> {
    let number = number(visit.asked.form.get("number"))?;
    let access = visit.access().clone();
    let sent = work(&visit, (number, "配っています"), async move |workspace, progress| {
        seen_numbered(workspace, &access, number).await?;
        publish::send(workspace, number, || progress.step()).await.map(drop)
    });
    let sent = sent.await;
    told(&visit, (number, "sent"), sent, page::Typed::default()).await
}

/// Withdraws one, by whoever makes or approves: either may stop it.
pub(in crate::web) async fn withdraw(visit: Visit) -> Result<Answer> {
    let number = number(visit.asked.form.get("number"))?;
    let (access, by) = (visit.access().clone(), signature(&visit).signed());
    let reason = visit.asked.form.get("reason").trim().to_string();
    let typed = page::Typed { withdraw_reason: reason.clone(), ..page::Typed::default() };
    let withdrawn = work(&visit, (number, "取りやめています"), async move |workspace, _| {
        seen_numbered(workspace, &access, number).await?;
        // The name alone is no reason.
        let told = if reason.is_empty() { reason } else { format!("{by}: {reason}") };
        publish::withdraw(workspace, number, &told).await.map(drop)
    });
    let withdrawn = withdrawn.await;
    told(&visit, (number, "withdrawn"), withdrawn, typed).await
}

/// Says what became of papers and mails of which nobody could tell.
pub(in crate::web) async fn settle(visit: Visit) -> Result<Answer> {
    let form = &visit.asked.form;
    let number = number(form.get("number"))?;
    let (access, by) = (visit.access().clone(), signature(&visit).signed());
    let (of, reason) = (form.get("of").to_string(), form.get("reason").trim().to_string());
    let typed = page::Typed { settle_of: of.clone(), settle_reason: reason.clone(), ..page::Typed::default() };
    let found = match form.get("found") {
        "arrived" => Found::Arrived,
        "not_arrived" => Found::NotArrived,
        "bounced" => Found::Bounced,
        _ => return page::show(&visit, number, typed, Some(Failure::usage("WEB-047", ""))).await,
    };
    let settled = work(&visit, (number, "記しています"), async move |workspace, _| {
        seen_numbered(workspace, &access, number).await?;
        let (recipient, address) = of.split_once(' ').map_or((of.as_str(), None), |(code, to)| (code, Some(to)));
        let settled = Settled { recipient, address, found };
        publish::settle(workspace, number, settled, (&by, &reason)).await
    });
    let settled = settled.await;
    told(&visit, (number, "settled"), settled, typed).await
}

fn signature(visit: &Visit) -> Signature {
    let account = &visit.entered.account;
    Signature::of_account(&account.name, &account.login)
}

/// The page of a distribution after something was done with it, or was not, with what was typed for it.
async fn told(
    visit: &Visit,
    (number, done): (u32, &str),
    result: Result<Waited<()>, Error>,
    typed: page::Typed,
) -> Result<Answer> {
    match result {
        Ok(Waited::Ended(())) => Answer::see(&format!("/distributions?number={number}&done={done}")),
        Ok(Waited::GoesOn) => Answer::see(&format!("/distributions?number={number}")),
        Err(error) => page::show(visit, number, typed, Some(Failure::of(&error))).await,
    }
}
