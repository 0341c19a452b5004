//! One distribution, as its approver looks at it.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::rows::{
    DifferenceRow, MailRow, MailWordsShown, RecipientRow, differences, mail_words, mails, recipients, samples,
    unsettled,
};
use super::words::{Told, done, instant, stage};
use crate::domain::access::Need;
use crate::domain::distribution::{DeliveryState, Distribution, Stage};
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::thousands;
use crate::domain::signature::Signature;
use crate::error::Failure;
use crate::service::publish::{Missing, Overview, seen_overview};
use crate::web::answer::Answer;
use crate::web::fault::status_of;
use crate::web::frame::Frame;
use crate::web::route::Visit;

/// What was written into the forms.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) withdraw_reason: String,
    pub(super) settle_of: String,
    pub(super) settle_reason: String,
}

#[derive(Template)]
#[template(path = "web/papers/distribution.html")]
struct DistributionPage {
    frame: Frame,
    told: Option<Told>,
    done: Option<&'static str>,
    /// What is being done, and how many steps of it are done.
    going_on: Option<(&'static str, usize)>,
    /// Address of the page.
    here: String,
    head: Head,
    look: Option<Look>,
    rows: Vec<RecipientRow>,
    /// Papers that are there.
    n_there: usize,
    mails: Vec<MailRow>,
    may: May,
    unsettled: Vec<(String, String)>,
    typed: Typed,
}

struct Head {
    number: u32,
    as_of: String,
    known_at: String,
    stage: &'static str,
    maker: String,
    made_at: String,
    approver: String,
    approved_at: String,
    void_reason: String,
    voided_at: String,
    manifest: String,
}

/// What is looked at before it is approved; there is none of one whose manifest is not what was made.
struct Look {
    n_recipients: usize,
    members: String,
    before: Option<String>,
    /// Number of the one before, and what is other.
    difference: Option<(u32, Vec<DifferenceRow>)>,
    samples: Vec<(String, Vec<(String, String)>)>,
    mail: Option<MailWordsShown>,
    missing: Vec<Missing>,
}

/// What the account may do with it now.
struct May {
    approve: bool,
    /// An approver who may be who made it.
    is_own: bool,
    send: bool,
    withdraw: bool,
    settle: bool,
}

/// The page.
pub(super) async fn show(visit: &Visit, number: u32, typed: Typed, failure: Option<Failure>) -> Result<Answer> {
    let (access, pages) = (visit.access().clone(), &visit.asked.pages);
    let found = pages.ask(async move |workspace| seen_overview(workspace, &access, number).await).await?;
    let failure = failure.or_else(|| pages.under_way.take_failed(number, &visit.entered.account.login));
    let status = failure.as_ref().map_or(StatusCode::OK, status_of);
    let going_on = pages.under_way.going_on(number);
    let rows = recipients(&found);
    let may = may(visit, &found, going_on.is_some());
    let page = DistributionPage {
        frame: visit.frame(),
        told: failure.as_ref().map(Told::of),
        done: if failure.is_none() { done(visit.asked.query.get("done")) } else { None },
        going_on,
        here: format!("/distributions?number={number}"),
        head: head(&found.distribution),
        look: look(&found),
        n_there: rows.iter().filter(|row| row.is_there).count(),
        mails: mails(&found),
        unsettled: if may.settle { unsettled(&found) } else { Vec::new() },
        may,
        rows,
        typed,
    };
    let n = page.rows.len();
    Ok(Answer::page_with(status, &page)?.showing(n))
}

fn head(of: &Distribution) -> Head {
    let day = |at: Option<_>| at.map_or_else(String::new, instant);
    Head {
        number: of.number,
        as_of: era_date(of.as_of),
        known_at: era_date(of.known_at),
        stage: stage(of.stage()),
        maker: of.maker.clone(),
        made_at: instant(of.made_at),
        approver: of.approver.clone(),
        approved_at: day(of.approved_at),
        void_reason: of.void_reason.clone(),
        voided_at: day(of.voided_at),
        manifest: of.manifest_sha256.clone(),
    }
}

fn look(found: &Overview) -> Option<Look> {
    let manifest = found.manifest.as_ref()?;
    Some(Look {
        n_recipients: manifest.recipients.len(),
        members: thousands(found.members.0),
        before: found.members.1.map(thousands),
        difference: found.difference.as_ref().map(|one| (one.number, differences(one))),
        samples: samples(found),
        mail: mail_words(found),
        missing: manifest.missing.clone(),
    })
}

fn may(visit: &Visit, found: &Overview, is_busy: bool) -> May {
    let (access, account) = (visit.access(), &visit.entered.account);
    let stage = found.distribution.stage();
    let by = Signature::of_account(&account.name, &account.login);
    let is_own = by.may_be(&Signature::of_words(&found.distribution.maker));
    let waits = stage == Stage::Prepared && access.may(Need::Approve) && !is_busy;
    May {
        approve: waits && !is_own && found.manifest.is_some(),
        is_own: waits && is_own,
        send: stage == Stage::Approved && access.may(Need::Make) && !is_busy && is_left(found),
        withdraw: stage != Stage::Voided && !is_busy,
        settle: access.may(Need::Make) && !is_busy,
    }
}

/// Whether something of it may still leave.
fn is_left(found: &Overview) -> bool {
    // What stopped in the middle is looked after by the next sending.
    let leaves = |state: DeliveryState| state.may_leave() || state == DeliveryState::Sending;
    found.deliveries.iter().any(|one| leaves(one.state)) || found.mails.iter().any(|one| leaves(one.state))
}
