//! Mails that tell recipients of their papers, after the papers are there: each once, or uncertain.
//!
//! The connection is made first: while no server answers, no mail was begun. Then the intent is committed and the mark outside of
//! the database is raised, and only then is the mail spoken of. Whoever goes on after a crash finds `sending` and cannot know:
//! uncertain. What the server said no to has certainly not been taken and may go again, later (`domain/mail.rs`).

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::letter::{LETTER, letter};
use super::mail_text::RecipientMail;
use super::manifest::{Addressed, DistributionManifest, MailWords};
use super::mark::Mark;
use crate::config::MailConfig;
use crate::crash::{self, CrashPoint};
use crate::domain::distribution::{DeliveryState, Distribution};
use crate::domain::mail::{Mail, MailAddress};
use crate::error::{Failure, FailureKind};
use crate::mail::{MailServer, MailText, Post, Refusal, Unsent, written};
use crate::service::keep::Workspace;
use crate::service::keep::mail_server::mail_server;
use crate::store::MailOutcome;

/// After so many failures of the way to the server in a row the other mails wait for the next time.
const MOST_LOST: u32 = 3;

/// What became of the mails of a distribution.
#[derive(Debug, Default)]
pub struct Mailed {
    /// Mails that left now.
    pub sent: usize,
    /// Mails that had left before.
    pub there: usize,
    /// Mails that were not tried: their papers are not there, or no server takes them.
    pub waiting: usize,
    /// Why the others were not tried any more.
    pub stopped: Option<Failure>,
    /// Mails that were not taken, or of which nobody can say.
    pub unsent: Vec<UnsentMail>,
}

/// A mail that its recipient does not have, as far as anybody can say.
#[derive(Debug, Clone)]
pub struct UnsentMail {
    /// The mail as the ledger has it now.
    pub mail: Mail,
    /// Name of its recipient.
    pub name: String,
    /// Why.
    pub failure: Failure,
}

/// Why a mail is not there, as the ledger has it; `None` for one that is, or that was not tried.
pub fn why_not_mailed(mail: &Mail) -> Option<Failure> {
    let detail = if mail.detail.is_empty() { String::new() } else { format!(": {}", mail.detail) };
    let code = match (mail.state, mail.next_at) {
        (DeliveryState::Prepared | DeliveryState::Approved | DeliveryState::Sent, _) => return None,
        (DeliveryState::Failed, Some(_)) => "PUB-030",
        (DeliveryState::Failed, None) => "PUB-031",
        (DeliveryState::Sending | DeliveryState::Uncertain, _) => "PUB-032",
        (DeliveryState::Bounced, _) => "PUB-033",
    };
    Some(Failure::new(FailureKind::Data, code, format!("{}{detail}", mail.address)))
}

/// Sends the mails of a distribution that may leave; `done` is called after each.
///
/// # Errors
/// [`Failure`] PUB-018 when the distribution was withdrawn meanwhile; a database or mark that cannot be written. What servers
/// say stops nothing but mails.
pub(super) async fn mail(
    workspace: &Workspace,
    (of, manifest): (&Distribution, &DistributionManifest),
    mark: &mut Mark,
    done: impl Fn(),
) -> Result<Option<Mailed>> {
    let (Some(words), Some(config)) = (&manifest.mail, &workspace.config.mail) else { return Ok(None) };
    let mails = workspace.store.mails().await?;
    let lacking = lacking(workspace, of.number).await?;
    let mut round = Round { workspace, of, manifest, words, config, lost: 0, server: None, out: Mailed::default() };
    for to in &manifest.recipients {
        for mail in mails.iter().filter(|one| one.distribution == of.number && one.recipient == to.code) {
            round.turn((to, mail), !lacking.contains(&to.code), mark).await?;
            done();
        }
    }
    Ok(Some(round.out))
}

/// Recipients whose papers are not there.
async fn lacking(workspace: &Workspace, number: u32) -> Result<BTreeSet<String>> {
    let deliveries = workspace.store.deliveries().await?;
    let is_lacking =
        deliveries.into_iter().filter(|one| one.distribution == number && one.state != DeliveryState::Sent);
    Ok(is_lacking.map(|one| one.recipient).collect())
}

/// One run over all mails.
struct Round<'r> {
    workspace: &'r Workspace,
    of: &'r Distribution,
    manifest: &'r DistributionManifest,
    words: &'r MailWords,
    config: &'r MailConfig,
    /// How often in a row the way to the server failed.
    lost: u32,
    /// The server, once it was asked for.
    server: Option<MailServer>,
    out: Mailed,
}

impl Round<'_> {
    async fn turn(&mut self, (to, mail): (&Addressed, &Mail), has_papers: bool, mark: &mut Mark) -> Result<()> {
        let now = self.workspace.clock.now();
        match mail.state {
            DeliveryState::Sent => {
                self.out.there += 1;
                return Ok(());
            }
            // Whoever began it was stopped before it could be recorded what came of it.
            DeliveryState::Sending => {
                let outcome = outcome(DeliveryState::Uncertain, None, "");
                return self.settle(to, mail, outcome).await;
            }
            _ if !mail.leaves_by_itself() || mail.waits(now) => {
                self.not_sent(to, mail.clone());
                return Ok(());
            }
            _ if !has_papers || self.out.stopped.is_some() => {
                self.out.waiting += 1;
                return Ok(());
            }
            _ => {}
        }
        let Some(server) = self.server() else {
            self.out.waiting += 1;
            return Ok(());
        };
        if self.out.sent + self.out.unsent.len() > 0 {
            tokio::time::sleep(Duration::from_millis(self.config.pause_milliseconds)).await;
        }
        let address = MailAddress::parse(&mail.address).context("an address was proved before it was kept")?;
        let bytes = self.bytes(to, mail, &address)?;
        let post = match Post::open(&server).await {
            Ok(post) => post,
            Err(refusal) => return self.lost(to, mail, &refusal).await,
        };
        if !self.workspace.store.begin_mail(mail, self.workspace.clock.now()).await? {
            // Somebody has withdrawn it meanwhile.
            return Err(Failure::usage("PUB-018", self.of.number.to_string()).into());
        }
        crash::reach(CrashPoint::MailBegun);
        mark.add(self.workspace, 1)?;
        crash::reach(CrashPoint::MailMarked);
        let said = post.hand_over(&self.words.from, &address, &bytes).await;
        crash::reach(CrashPoint::MailHandedOver);
        match said {
            Ok(said) => {
                self.lost = 0;
                self.settle(to, mail, outcome(DeliveryState::Sent, None, &said)).await
            }
            Err(Unsent::Uncertain(refusal)) => {
                self.count(&refusal);
                self.settle(to, mail, outcome(DeliveryState::Uncertain, None, &refusal.to_string())).await
            }
            Err(Unsent::Refused(refusal)) => {
                self.count(&refusal);
                let again_at = mail.again_at(self.workspace.clock.now()).filter(|_| !refusal.is_final());
                self.settle(to, mail, outcome(DeliveryState::Failed, again_at, &refusal.to_string())).await
            }
        }
    }

    /// The server; `None` when its settings do not suffice, which is told once.
    fn server(&mut self) -> Option<MailServer> {
        if self.server.is_none() {
            match mail_server(self.config) {
                Ok(server) => self.server = Some(server),
                Err(failure) => self.out.stopped = Some(failure),
            }
        }
        self.server.clone()
    }

    /// The mail was not begun: the server cannot be reached, or does not let us in. That is no fault of the mail, which may leave
    /// as soon as the server does.
    async fn lost(&mut self, to: &Addressed, mail: &Mail, refusal: &Refusal) -> Result<()> {
        self.count(refusal);
        if refusal.is_final() {
            // Who is told no and asks again and again is locked out.
            self.lost = MOST_LOST;
        }
        let now = self.workspace.clock.now();
        self.settle(to, mail, outcome(DeliveryState::Failed, Some(now), &refusal.to_string())).await?;
        if self.lost >= MOST_LOST && self.out.stopped.is_none() {
            let place = format!("{}:{}, {refusal}", self.config.server, self.config.port());
            self.out.stopped = Some(Failure::new(FailureKind::Environment, "PUB-034", place));
        }
        Ok(())
    }

    fn count(&mut self, refusal: &Refusal) {
        self.lost = if refusal.is_of_connection() { self.lost + 1 } else { 0 };
    }

    /// Records what became of a mail, and tells it.
    async fn settle(&mut self, to: &Addressed, mail: &Mail, outcome: MailOutcome) -> Result<()> {
        self.workspace.store.settle_mail(mail, &outcome, self.workspace.clock.now()).await?;
        crash::reach(CrashPoint::MailSettled);
        if outcome.state == DeliveryState::Sent {
            self.out.sent += 1;
        } else {
            let MailOutcome { state, next_at, detail } = outcome;
            self.not_sent(to, Mail { state, next_at, detail, ..mail.clone() });
        }
        Ok(())
    }

    fn not_sent(&mut self, to: &Addressed, mail: Mail) {
        if let Some(failure) = why_not_mailed(&mail) {
            self.out.unsent.push(UnsentMail { mail, name: to.name.clone(), failure });
        }
    }

    /// The mail to one address.
    fn bytes(&self, to: &Addressed, mail: &Mail, address: &MailAddress) -> Result<Vec<u8>> {
        let words = RecipientMail::of(self.manifest, to)?.context("mails leave only where they have words")?;
        let text = MailText {
            sender: &self.manifest.issuer,
            from: &self.words.from,
            reply_to: self.words.reply_to.as_ref(),
            to: address,
            subject: &words.subject,
            text: &words.text,
            message_id: &mail.message_id,
            date: self.workspace.clock.now(),
            attached: if self.words.attach { self.attached(to)? } else { Vec::new() },
        };
        written(&text).context("writing a mail")
    }

    /// The letter and the papers, as they were approved and as they lie in the folder.
    fn attached(&self, to: &Addressed) -> Result<Vec<(String, Vec<u8>)>> {
        let letter = letter(self.manifest, to, self.workspace.gaiji()?)?;
        let mut out = vec![(LETTER.to_string(), letter)];
        for paper in &to.papers {
            for file in &paper.files {
                out.push((file.name.clone(), paper.bytes_of(self.workspace.folder(), file)?));
            }
        }
        Ok(out)
    }
}

fn outcome(state: DeliveryState, next_at: Option<DateTime<Utc>>, detail: &str) -> MailOutcome {
    MailOutcome { state, next_at, detail: detail.into() }
}
