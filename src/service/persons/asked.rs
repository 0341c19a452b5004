//! What an account is answered about persons.

use anyhow::Result;

use super::known_day::{KnownDay, read_known};
use super::record::{PersonRecord, person_record};
use super::search::{Hits, Search, hits_of, search};
use super::sight::Sight;
use crate::clock::tokyo_day;
use crate::domain::access::Access;
use crate::domain::association::Associations;
use crate::domain::ids::PhysicianId;
use crate::messages::{Lang, Message, message};
use crate::service::keep::{Workspace, steadily};
use crate::service::known::kept_vintages::KeptVintages;

/// What is said about one person.
#[derive(Debug)]
pub enum PersonAnswer {
    /// The day to know from is none.
    Wrong(&'static str, Message),
    /// There is no such person, or nothing of her is in sight: nobody is told which.
    Nobody,
    /// Her record.
    Found(Box<PersonRecord>),
}

/// What is said to whoever looks for somebody.
#[derive(Debug)]
pub enum SearchAnswer {
    /// Nothing can be looked for; its code and text.
    Wrong(&'static str, Message),
    /// Who was found, perhaps nobody.
    Found(Hits),
}

/// Somebody who asks about persons.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The data folder.
    pub workspace: &'a Workspace,
    /// What is kept from one question to the next.
    pub kept: &'a KeptVintages,
    /// What the account may see.
    pub access: &'a Access,
}

impl Asker<'_> {
    /// The record of whom an address means, as it was known on a day; nothing is the newest.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub async fn person(&self, id: Option<PhysicianId>, known: &str) -> Result<PersonAnswer> {
        steadily(self.workspace, async || {
            let vintage = match read_known((self.workspace, self.kept), known).await? {
                KnownDay::Known(vintage) => vintage,
                KnownDay::Wrong(code, told) => return Ok(PersonAnswer::Wrong(code, told)),
            };
            let sight = self.sight(&vintage.associations);
            let record = person_record(self.workspace, &vintage, &sight, id).await?;
            Ok(record.map_or(PersonAnswer::Nobody, |record| PersonAnswer::Found(Box::new(record))))
        })
        .await
    }

    /// Who has a number, or a name or kana that begins so, by what is known now.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub async fn search(&self, text: &str) -> Result<SearchAnswer> {
        steadily(self.workspace, async || {
            let vintage = match read_known((self.workspace, self.kept), "").await? {
                KnownDay::Known(vintage) => vintage,
                KnownDay::Wrong(code, told) => return Ok(SearchAnswer::Wrong(code, told)),
            };
            let sight = self.sight(&vintage.associations);
            Ok(match search(self.workspace, &vintage, &sight, text).await? {
                Search::Wrong(code) => SearchAnswer::Wrong(code, message(code, Lang::Ja, "")),
                Search::Found(hits) => SearchAnswer::Found(hits),
            })
        })
        .await
    }

    /// Those of some persons who are in sight.
    ///
    /// # Errors
    /// When the store or the timeline cannot be read.
    pub async fn listed(&self, ids: &[PhysicianId]) -> Result<SearchAnswer> {
        steadily(self.workspace, async || {
            let vintage = match read_known((self.workspace, self.kept), "").await? {
                KnownDay::Known(vintage) => vintage,
                KnownDay::Wrong(code, told) => return Ok(SearchAnswer::Wrong(code, told)),
            };
            let sight = self.sight(&vintage.associations);
            Ok(SearchAnswer::Found(hits_of(self.workspace, &vintage, &sight, ids).await?))
        })
        .await
    }

    fn sight(&self, associations: &Associations) -> Sight {
        Sight::of(self.access, associations, tokyo_day(self.workspace.clock.now()))
    }
}
