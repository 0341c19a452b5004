//! Rows of the page of a distribution: who gets what, and what became of it.

use crate::clock::tokyo_day;
use crate::domain::distribution::{Delivery, DeliveryState};
use crate::domain::japanese_date::short_era_date;
use crate::domain::mail::Mail;
use crate::service::publish::{Addressed, AskedPart, Difference, Overview, RecipientMail, paper_key};
use crate::web::leafing;

/// A recipient with a paper of it.
pub(super) struct RecipientRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) paper: String,
    pub(super) edition: String,
    pub(super) state: &'static str,
    pub(super) is_there: bool,
    /// Nobody can say whether it arrived, or it could not leave.
    pub(super) is_late: bool,
    pub(super) detail: String,
    /// When it was taken by a page first, and by whom; empty where it was not.
    pub(super) fetched: String,
    /// Address and name of its files.
    pub(super) links: Vec<(String, String)>,
}

/// A mail that is not there.
pub(super) struct MailRow {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) state: &'static str,
    pub(super) detail: String,
}

/// The words of the mails.
pub(super) struct MailWordsShown {
    pub(super) n: usize,
    /// Recipients without an address.
    pub(super) silent: Vec<String>,
    /// Recipient, subject and text of the first one.
    pub(super) first: Option<(String, String, String)>,
}

/// All papers of a distribution: those that are not there first, then in the order of the manifest.
pub(super) fn recipients(found: &Overview) -> Vec<RecipientRow> {
    found.by_urgency().into_iter().map(|one| recipient(found, one)).collect()
}

fn recipient(found: &Overview, one: &Delivery) -> RecipientRow {
    let to = addressed(found, &one.recipient);
    let paper = to.and_then(|to| to.papers.iter().find(|paper| paper.report == one.report));
    let has = paper.and_then(|paper| paper.has_edition);
    RecipientRow {
        code: one.recipient.clone(),
        name: to.map_or_else(String::new, |to| to.name.clone()),
        paper: paper.map_or_else(|| one.report.clone(), |paper| paper.title.clone()),
        edition: match has {
            Some(before) => format!("訂正版（第{}版、第{before}版に代わる）", one.edition),
            None => format!("第{}版", one.edition),
        },
        state: one.state.label(),
        is_there: one.state == DeliveryState::Sent,
        is_late: one.state.urgency() < 2,
        detail: one.detail.clone(),
        fetched: found
            .fetched
            .get(&(one.recipient.clone(), one.report.clone()))
            .map_or_else(String::new, |by| format!("{} {}", short_era_date(tokyo_day(by.at)), by.by)),
        links: to.map_or_else(Vec::new, |to| links(found, to, Some(&one.report))),
    }
}

fn addressed<'m>(found: &'m Overview, code: &str) -> Option<&'m Addressed> {
    found.manifest.iter().flat_map(|manifest| &manifest.recipients).find(|to| to.code == code)
}

/// Files of a recipient: of one report, else of the first.
fn links(found: &Overview, to: &Addressed, report: Option<&str>) -> Vec<(String, String)> {
    let is_meant = |id: &str| report.is_none_or(|report| report == id);
    let Some(paper) = to.papers.iter().find(|paper| is_meant(&paper.report)) else { return Vec::new() };
    let of = &found.distribution;
    let key = paper_key(of, to, paper);
    let link = |wanted: &str| format!("/distributions/file?number={}&paper={key}&file={wanted}", of.number);
    let files = paper.files.iter().enumerate();
    let files = files.flat_map(|(place, file)| leafing::links(link(&(place + 1).to_string()), &file.name));
    let files = files.map(|link| (link.href, link.label));
    files.chain([(link(AskedPart::LETTER), "送付状".to_string())]).collect()
}

/// Papers to look at before approving, by the name of their recipient.
pub(super) fn samples(found: &Overview) -> Vec<(String, Vec<(String, String)>)> {
    let sample = |code: &str| addressed(found, code).map(|to| (to.name.clone(), links(found, to, None)));
    found.samples.iter().filter_map(|one| sample(&one.code)).collect()
}

/// What is other about some recipients, and which.
pub(super) type DifferenceRow = (&'static str, Vec<String>);

/// What is other than the last time, each kind with those whom it concerns; what did not occur is left out.
pub(super) fn differences(one: &Difference) -> Vec<DifferenceRow> {
    let named = |of: &[(String, String)]| of.iter().map(|(code, name)| format!("{code} {name}")).collect();
    let striking = one.striking.iter().map(|(code, name, then, now)| format!("{code} {name}（{then} 人 → {now} 人）"));
    let all: [(&str, Vec<String>); 4] = [
        ("前回はなかった配布先", named(&one.new)),
        ("前回だけの配布先", named(&one.missing)),
        ("宛名の変わった配布先", named(&one.readdressed)),
        ("会員数が1割を超えて変わった配布先", striking.collect()),
    ];
    all.into_iter().filter(|(_, list)| !list.is_empty()).collect()
}

/// Mails that are not there.
pub(super) fn mails(found: &Overview) -> Vec<MailRow> {
    let lacking = found.mails.iter().filter(|mail| mail.state != DeliveryState::Sent);
    let row = |mail: &Mail| MailRow {
        name: name_of(found, &mail.recipient),
        address: mail.address.clone(),
        state: mail.state.mail_label(),
        detail: mail.detail.clone(),
    };
    lacking.map(row).collect()
}

/// The words of the mails of a distribution; `None` where none leaves.
pub(super) fn mail_words(found: &Overview) -> Option<MailWordsShown> {
    let manifest = found.manifest.as_ref().filter(|manifest| manifest.mail.is_some())?;
    let silent = manifest.recipients.iter().filter(|to| to.addresses.is_empty());
    let first = manifest.recipients.iter().find(|to| !to.addresses.is_empty());
    let words = first.and_then(|to| Some((to, RecipientMail::of(manifest, to).ok().flatten()?)));
    Some(MailWordsShown {
        n: manifest.recipients.iter().map(|to| to.addresses.len()).sum(),
        silent: silent.map(|to| format!("{} {}", to.code, to.name)).collect(),
        first: words.map(|(to, mail)| (to.name.clone(), mail.subject, mail.text)),
    })
}

/// Of what a person may say what became of it: value and label of each.
pub(super) fn unsettled(found: &Overview) -> Vec<(String, String)> {
    let folders = found.deliveries.iter().filter(|one| one.state == DeliveryState::Uncertain);
    let mut out: Vec<(String, String)> = folders
        .map(|one| (one.recipient.clone(), format!("{} {}（資料）", one.recipient, name_of(found, &one.recipient))))
        .collect();
    // Several papers lie in one folder.
    out.dedup();
    let mails =
        found.mails.iter().filter(|mail| !matches!(mail.state, DeliveryState::Prepared | DeliveryState::Approved));
    out.extend(mails.map(|mail| {
        let name = name_of(found, &mail.recipient);
        let (to, state) = (&mail.address, mail.state.mail_label());
        (format!("{} {to}", mail.recipient), format!("{} {name}（メール {to}、{state}）", mail.recipient))
    }));
    out
}

fn name_of(found: &Overview, code: &str) -> String {
    addressed(found, code).map_or_else(String::new, |to| to.name.clone())
}
