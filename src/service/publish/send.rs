//! 配布: what was approved, to each recipient's folder, once.
//!
//! A folder is filled beside its place under a name of its own, its leaving is recorded, and one rename puts it there. So after
//! a crash it is in one of three states: still beside its place (it has not left), in its place (it has), or in neither (somebody
//! took it, or did not: uncertain).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::approve::{check_or_void, prove, refuse_unchained};
use super::letter::{LETTER, letter};
use super::mailing::{Mailed, mail};
use super::manifest::{Addressed, DistributionManifest};
use super::mark::Mark;
use super::overview::numbered;
use crate::crash::{self, CrashPoint};
use crate::domain::association::Associations;
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, Readers, make_folder, remove_leftovers, sha256_hex, sync_folder};
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::export::not_writable;

/// Before the name of a folder that has not left yet.
const WAITING: &str = ".送付前_";

/// What a run delivered.
#[derive(Debug, Default)]
pub struct Sent {
    /// Recipients whose papers left now.
    pub sent: Vec<String>,
    /// Recipients who had them before.
    pub there: usize,
    /// Recipients who do not have them, or of whom nobody can say.
    pub unsent: Vec<Unsent>,
    /// What became of the mails; `None` where none leaves.
    pub mailed: Option<Mailed>,
    /// Where everything is.
    pub folder: PathBuf,
}

/// A recipient who does not have its papers, as far as anybody can say.
#[derive(Debug, Clone)]
pub struct Unsent {
    /// Code of the body.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What became of its papers.
    pub state: DeliveryState,
    /// Why.
    pub failure: Failure,
}

/// Delivers what of an approved distribution was not delivered, and then its mails; `done` is called after each recipient and mail.
/// One that fails stops itself alone.
///
/// # Errors
/// [`Failure`] PUB-002 for a number that there is not, PUB-018 where it is not approved, PUB-019 or PUB-020 when the store may not
/// know all that has left, PUB-040 where the chain does not know it as approved; PUB-005 to PUB-007 when something has changed since; a folder or database that cannot be
/// written.
pub async fn send(workspace: &Workspace, number: u32, done: impl Fn()) -> Result<Sent> {
    let of = numbered(workspace, number).await?;
    if of.stage() != Stage::Approved {
        return Err(Failure::usage("PUB-018", number.to_string()).into());
    }
    let mut mark = Mark::checked(workspace).await?;
    refuse_unchained(workspace, &of).await?;
    let associations = workspace.store.associations().await?;
    let manifest = check_or_void(workspace, &of, &associations).await?;
    let folder = manifest.delivered(workspace);
    make_folder(&folder, Readers::ByUmask).map_err(|source| not_writable(&folder, &source))?;
    remove_leftovers(&folder, 0);
    let deliveries = workspace.store.deliveries().await?;
    let mut out = Sent { folder: folder.clone(), ..Sent::default() };
    for to in &manifest.recipients {
        let mut rows = deliveries.iter().filter(|one| one.distribution == number && one.recipient == to.code);
        let Some(row) = rows.next() else { continue };
        let run = Run { workspace, of: &of, manifest: &manifest, associations: &associations, folder: &folder, to };
        match run.deliver(row, &mut mark).await? {
            Outcome::Sent => out.sent.push(to.code.clone()),
            Outcome::There => out.there += 1,
            Outcome::Not(state, failure) => {
                out.unsent.push(Unsent { code: to.code.clone(), name: to.name.clone(), state, failure });
            }
        }
        done();
    }
    // All papers first: a server that does not answer costs nobody the papers.
    out.mailed = mail(workspace, (&of, &manifest), &mut mark, &done).await?;
    Ok(out)
}

enum Outcome {
    Sent,
    There,
    Not(DeliveryState, Failure),
}

/// One recipient's turn.
struct Run<'r> {
    workspace: &'r Workspace,
    of: &'r Distribution,
    manifest: &'r DistributionManifest,
    associations: &'r Associations,
    folder: &'r Path,
    to: &'r Addressed,
}

impl Run<'_> {
    async fn deliver(&self, row: &Delivery, mark: &mut Mark) -> Result<Outcome> {
        let place = self.folder.join(&self.to.place);
        let waiting = self.folder.join(format!("{WAITING}{}", self.to.place));
        let state = match row.state {
            DeliveryState::Sent => return Ok(Outcome::There),
            // Whoever began it was stopped: where its folder is tells what happened.
            DeliveryState::Sending if place.exists() => return self.arrived(&place).await,
            DeliveryState::Sending if !waiting.exists() => {
                return self.uncertain("PUB-022", &place).await;
            }
            DeliveryState::Sending => {
                self.settle(DeliveryState::Failed, "").await?;
                DeliveryState::Failed
            }
            state => state,
        };
        if !state.may_leave() {
            let failure = Failure::new(FailureKind::Data, "PUB-022", place.display().to_string());
            return Ok(Outcome::Not(state, failure));
        }
        if place.exists() {
            // The ledger does not know how it came there.
            return self.uncertain("PUB-023", &place).await;
        }
        if let Err(error) = prove(self.workspace, self.manifest, self.associations, &self.to.code) {
            let failure = Failure::of(&error);
            self.settle(DeliveryState::Failed, &format!("{} {}", failure.code, failure.detail)).await?;
            return Ok(Outcome::Not(DeliveryState::Failed, failure));
        }
        self.fill(&waiting)?;
        crash::reach(CrashPoint::DeliveryFilled);
        let begun =
            self.workspace.store.begin_delivery(self.of.number, &self.to.code, self.workspace.clock.now()).await?;
        if begun == 0 {
            // Somebody has withdrawn it meanwhile.
            return Err(Failure::usage("PUB-018", self.of.number.to_string()).into());
        }
        crash::reach(CrashPoint::DeliveryBegun);
        mark.add(self.workspace, i64::try_from(begun).unwrap_or(i64::MAX))?;
        crash::reach(CrashPoint::DeliveryMarked);
        let moved = fs::rename(&waiting, &place).and_then(|()| sync_folder(self.folder));
        if let Err(source) = moved {
            let failure = not_writable(self.folder, &source);
            self.settle(DeliveryState::Failed, failure.code).await?;
            return Ok(Outcome::Not(DeliveryState::Failed, failure));
        }
        crash::reach(CrashPoint::DeliveryMoved);
        self.settle(DeliveryState::Sent, "").await?;
        crash::reach(CrashPoint::DeliverySettled);
        Ok(Outcome::Sent)
    }

    /// Writes the letter and the papers beside their place; what was approved, to the byte.
    fn fill(&self, waiting: &Path) -> Result<()> {
        let refused = |source: std::io::Error| not_writable(self.folder, &source);
        if waiting.exists() {
            fs::remove_dir_all(waiting).map_err(refused)?;
        }
        let new = NewFolder::within(self.folder, Readers::ByUmask).map_err(refused)?;
        for (name, bytes) in self.files()? {
            new.write(Path::new(&name), &bytes).map_err(refused)?;
        }
        new.finish(waiting).map_err(refused)?;
        Ok(())
    }

    /// What a recipient gets: names and bytes.
    fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let letter = letter(self.manifest, self.to, self.workspace.gaiji()?)?;
        let mut out = vec![(LETTER.to_string(), letter)];
        for paper in &self.to.papers {
            for file in &paper.files {
                out.push((file.name.clone(), paper.bytes_of(self.workspace.folder(), file)?));
            }
        }
        Ok(out)
    }

    /// A folder that stands in its place after a crash: it has left as a whole, or somebody has put another one there.
    async fn arrived(&self, place: &Path) -> Result<Outcome> {
        let is_there = |(name, bytes): &(String, Vec<u8>)| {
            input::read_whole(&place.join(name)).is_ok_and(|found| sha256_hex(&found) == sha256_hex(bytes))
        };
        if !self.files()?.iter().all(is_there) {
            return self.uncertain("PUB-023", place).await;
        }
        self.settle(DeliveryState::Sent, "").await?;
        Ok(Outcome::Sent)
    }

    async fn uncertain(&self, code: &'static str, place: &Path) -> Result<Outcome> {
        self.settle(DeliveryState::Uncertain, code).await?;
        let failure = Failure::new(FailureKind::Data, code, place.display().to_string());
        Ok(Outcome::Not(DeliveryState::Uncertain, failure))
    }

    async fn settle(&self, state: DeliveryState, detail: &str) -> Result<()> {
        let now = self.workspace.clock.now();
        self.workspace.store.settle_delivery(self.of.number, &self.to.code, (state, detail), now).await?;
        Ok(())
    }
}
