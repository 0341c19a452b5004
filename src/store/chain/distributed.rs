//! What the chain says of distributions: who made and approved what, and what became of each delivery. Their rows change as
//! they go on, so each step has an entry of its own, and the newest one about a thing holds.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::entry::ChainEntry;
use super::record::record_manifest;
use crate::domain::chain_kind::ChainKind;
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::domain::hex::hex;
use crate::store::StoreError;
use crate::store::tx::Tx;

/// Something about distributions that is not as the chain says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionFault {
    /// Kind of the step.
    pub kind: ChainKind,
    /// The distribution, or the distribution and its recipient.
    pub subject: String,
    /// Whether an entry tells of it.
    pub is_told: bool,
    /// Whether the ledger has it.
    pub is_there: bool,
}

/// Records that a distribution was made.
pub(in crate::store) async fn record_made(
    tx: &mut Tx,
    made: &Distribution,
    deliveries: &[Delivery],
) -> Result<(), StoreError> {
    let (kind, subject) = (ChainKind::Distribution, made.number.to_string());
    record_manifest(tx, kind, &subject, &of_making(made, deliveries)).await
}

/// Records who approved a distribution.
pub(in crate::store) async fn record_approval(
    tx: &mut Tx,
    number: u32,
    approver: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    record_manifest(tx, ChainKind::Approval, &number.to_string(), &of_word(approver, at)).await
}

/// Records that a distribution was withdrawn, and why.
pub(in crate::store) async fn record_withdrawal(
    tx: &mut Tx,
    number: u32,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    record_manifest(tx, ChainKind::Withdrawal, &number.to_string(), &of_word(reason, at)).await
}

/// Records what became of the papers of a recipient.
pub(in crate::store) async fn record_delivery(
    tx: &mut Tx,
    (number, recipient): (u32, &str),
    (state, detail): (DeliveryState, &str),
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    record_manifest(tx, ChainKind::Delivery, &to_whom(number, recipient), &of_outcome(state, detail, at)).await
}

/// Compares the ledger of distributions with the chain. Those of a program that did not chain them are passed over: all before
/// the first of which an entry tells.
pub fn differing(
    entries: &[ChainEntry],
    distributions: &[Distribution],
    deliveries: &[Delivery],
) -> Vec<DistributionFault> {
    let newest = newest(entries);
    let first = newest.keys().filter(|(kind, _)| *kind == ChainKind::Distribution.code());
    let Some(first) = first.filter_map(|(_, subject)| subject.parse::<u32>().ok()).min() else {
        return Vec::new();
    };
    let mut found: BTreeMap<(&str, String), Vec<Option<String>>> = BTreeMap::new();
    for of in distributions.iter().filter(|one| one.number >= first) {
        for (kind, expected) in steps(of, deliveries) {
            found.insert((kind.code(), of.number.to_string()), vec![expected]);
        }
    }
    for one in deliveries.iter().filter(|one| one.distribution >= first) {
        let expected = match one.state {
            DeliveryState::Prepared | DeliveryState::Approved => None,
            // It was begun: never before, or once more after it had failed.
            DeliveryState::Sending => Some(String::new()),
            state => Some(of_outcome(state, &one.detail, one.changed_at)),
        };
        let key = (ChainKind::Delivery.code(), to_whom(one.distribution, &one.recipient));
        found.entry(key).or_default().push(expected);
    }
    let kinds = [ChainKind::Distribution, ChainKind::Approval, ChainKind::Withdrawal, ChainKind::Delivery];
    let mut out = Vec::new();
    for kind in kinds {
        let keys = newest.keys().filter(|(name, _)| *name == kind.code());
        let keys = keys.map(|(name, subject)| (*name, (*subject).to_string()));
        let mut keys: Vec<_> = keys.chain(found.keys().filter(|(name, _)| *name == kind.code()).cloned()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let told = newest.get(&(key.0, key.1.as_str())).copied();
            let there = found.get(&key).map_or(&[] as &[_], Vec::as_slice);
            if !agree(told, there) {
                let is_there = there.iter().any(Option::is_some);
                out.push(DistributionFault { kind, subject: key.1, is_told: told.is_some(), is_there });
            }
        }
    }
    out
}

/// Whether a distribution stands in the ledger as it was made and, where it is approved, as it was approved.
pub(in crate::store) async fn stands_as_told(
    tx: &mut Tx,
    of: &Distribution,
    deliveries: &[Delivery],
) -> Result<bool, StoreError> {
    for (kind, expected) in steps(of, deliveries) {
        if tx.newest_content(kind.code(), &of.number.to_string()).await? != expected {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What entries should say of the steps of a distribution; `None` of one that was not taken.
fn steps(of: &Distribution, deliveries: &[Delivery]) -> [(ChainKind, Option<String>); 3] {
    let approval = of.approved_at.map(|at| of_word(&of.approver, at));
    let withdrawal = of.voided_at.filter(|_| of.stage() == Stage::Voided).map(|at| of_word(&of.void_reason, at));
    [
        (ChainKind::Distribution, Some(of_making(of, deliveries))),
        (ChainKind::Approval, approval),
        (ChainKind::Withdrawal, withdrawal),
    ]
}

/// Whether what an entry says agrees with the rows.
fn agree(told: Option<&str>, there: &[Option<String>]) -> bool {
    let Some(first) = there.first() else { return told.is_none() };
    let is_same = |row: &Option<String>| match (told, row) {
        (None, None) => true,
        (None, Some(expected)) => expected.is_empty(),
        (Some(told), Some(expected)) if expected.is_empty() => told.starts_with(DeliveryState::Failed.code()),
        (Some(told), expected) => expected.as_deref() == Some(told),
    };
    // All papers of a recipient go together.
    there.iter().all(|row| row == first && is_same(row))
}

/// The newest entry of each kind about each subject.
fn newest(entries: &[ChainEntry]) -> BTreeMap<(&str, &str), &str> {
    let said = entries.iter().map(|entry| ((entry.kind.as_str(), entry.subject.as_str()), entry.content.as_str()));
    said.collect()
}

fn to_whom(number: u32, recipient: &str) -> String {
    format!("{number}/{recipient}")
}

/// The distribution as it was made, with whom it is for and with what.
fn of_making(made: &Distribution, deliveries: &[Delivery]) -> String {
    let Distribution { number, as_of, known_at, reports, folder, manifest_sha256, maker, made_at, .. } = made;
    let mut words = vec![number.to_string(), as_of.to_string(), known_at.to_string(), reports.join("\n")];
    words.extend([folder, manifest_sha256, maker].map(String::clone));
    words.push(instant(*made_at));
    let mut of_it: Vec<&Delivery> = deliveries.iter().filter(|one| one.distribution == *number).collect();
    // Databases sort texts each in their own way.
    of_it.sort_by(|one, other| (&one.recipient, &one.report).cmp(&(&other.recipient, &other.report)));
    for one in of_it {
        let Delivery { recipient, report, edition, paper_sha256, place, .. } = one;
        words.extend([recipient, report, paper_sha256, place].map(String::clone));
        words.push(edition.to_string());
    }
    sha256(&words)
}

fn of_word(word: &str, at: DateTime<Utc>) -> String {
    sha256(&[word.to_string(), instant(at)])
}

/// The state stands before the hash: what is begun once more must have failed.
fn of_outcome(state: DeliveryState, detail: &str, at: DateTime<Utc>) -> String {
    format!("{} {}", state.code(), sha256(&[detail.to_string(), instant(at)]))
}

/// An instant as exact as every store keeps it.
fn instant(at: DateTime<Utc>) -> String {
    at.timestamp_micros().to_string()
}

/// Hash of words, each with its length before it.
fn sha256(words: &[String]) -> String {
    let mut hash = Sha256::new();
    words.iter().for_each(|word| hash.update(format!("{}:{word}\n", word.len())));
    hex(&hash.finalize())
}
