//! What recipients have of a day already, or may have: papers, and mails that tell of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;

use super::manifest::{AddressedPaper, DistributionManifest};
use crate::domain::distribution::{Delivery, Distribution};
use crate::domain::mail::{Mail, MailAddress};
use crate::service::keep::Workspace;
use crate::service::papers;

/// The ledger as it was before.
pub(super) struct Before {
    /// All distributions by number.
    pub(super) distributions: Vec<Distribution>,
    /// All deliveries.
    pub(super) deliveries: Vec<Delivery>,
    /// All mails.
    pub(super) mails: Vec<Mail>,
}

/// A paper as its recipient sees it.
pub(super) enum Seen {
    /// It says something else than what the recipient has.
    New(AddressedPaper),
    /// The recipient has it, or another edition of it that says the same.
    There(AddressedPaper),
}

/// What recipients have, or may have, of a day.
#[derive(Default)]
pub(super) struct Had {
    /// Edition and folder of each paper, by recipient and report.
    papers: BTreeMap<(String, String), (u32, Option<PathBuf>)>,
    /// Where the papers of a recipient lie, from the folder of all distributions on.
    places: BTreeMap<String, String>,
    /// Of each recipient who was to be told of the papers that it has by mail, to which addresses a mail went, or may have gone.
    told: BTreeMap<String, BTreeSet<String>>,
}

impl Had {
    /// Of a day, what came of its distributions one after the other.
    pub(super) fn of(workspace: &Workspace, before: &Before, as_of: NaiveDate) -> Self {
        let mut out = Self::default();
        for one in before.distributions.iter().filter(|one| one.as_of == as_of) {
            // What cannot be read any more is not compared: its recipients get the newest edition.
            let manifest = DistributionManifest::read(workspace, one).ok();
            let there = before.deliveries.iter().filter(|delivery| delivery.distribution == one.number);
            for delivery in there.filter(|delivery| delivery.state.may_be_there()) {
                out.add_paper(workspace, manifest.as_ref(), delivery);
            }
            let mails = before.mails.iter().filter(|mail| mail.distribution == one.number);
            for mail in mails.filter(|_| one.approved_at.is_some()) {
                let told = out.told.entry(mail.recipient.clone()).or_default();
                told.extend(mail.state.may_be_there().then(|| mail.address.clone()));
            }
        }
        out
    }

    fn add_paper(&mut self, workspace: &Workspace, manifest: Option<&DistributionManifest>, delivery: &Delivery) {
        let code = &delivery.recipient;
        let folder = manifest.and_then(|manifest| manifest.folder_of(code, &delivery.report));
        let folder = folder.map(|folder| workspace.folder().join(folder));
        self.papers.insert((code.clone(), delivery.report.clone()), (delivery.edition, folder));
        if let Some(manifest) = manifest {
            self.places.insert(code.clone(), format!("{}/{}", manifest.own_folder(), delivery.place));
        }
        // Whoever was told of an earlier paper was not told of this one.
        self.told.remove(code);
    }

    /// A paper as its recipient sees it.
    pub(super) fn new_to(&self, code: &str, (folder, paper): (PathBuf, AddressedPaper)) -> Seen {
        let says_the_same = |had: &PathBuf| papers::say_the_same(had, &folder);
        match self.papers.get(&(code.to_string(), paper.report.clone())) {
            Some((edition, had)) if *edition == paper.edition || had.as_ref().is_some_and(says_the_same) => {
                Seen::There(paper)
            }
            before => Seen::New(AddressedPaper { has_edition: before.map(|(edition, _)| *edition), ..paper }),
        }
    }

    /// Where the papers of a recipient lie, and to whom the mail that should tell of them never went. `None` where nobody lacks one.
    pub(super) fn untold(&self, code: &str, addresses: &[MailAddress]) -> Option<(String, Vec<MailAddress>)> {
        let told = self.told.get(code)?;
        let lacking: Vec<MailAddress> =
            addresses.iter().filter(|address| !told.contains(address.as_str())).cloned().collect();
        if lacking.is_empty() { None } else { Some((self.places.get(code)?.clone(), lacking)) }
    }
}
