//! The difference between two snapshots: what was told otherwise (R17), then what happened (R16).
//!
//! From the older snapshot to the newer one the figure of the older day is first told with the newer vintage, and then
//! rolled forward to the newer day. Both steps together are the difference, person by person.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::as_of::{AsOf, WithdrawalDayRule};
use crate::domain::association::Tier;
use crate::domain::class::NationalClass;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::revision::{RevisedMember, RevisionCause};
use crate::domain::roll_forward::{Booking, Flow};
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::choices::{Choice, with_list};
use crate::service::keep::export::rows_csv;
use crate::service::keep::snapshot_folders::{SnapshotManifest, list};
use crate::service::known::flows::roll_forward;
use crate::service::known::revision::revision;
use crate::service::known::vintage::Vintage;

/// One cause of the difference in one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DifferenceRow {
    /// Tier.
    pub tier: &'static str,
    /// `revision` for what is told otherwise, `movement` for what happened between the days.
    pub kind: &'static str,
    /// Machine name of the cause.
    pub cause: &'static str,
    /// The same as printed.
    pub label: &'static str,
    /// Memberships concerned: entries, exits and changes of class.
    pub n: i64,
    /// What it adds to the memberships of the tier.
    pub effect: i64,
}

/// Memberships of one tier in both snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct DifferenceTotal {
    /// Tier.
    pub tier: &'static str,
    /// Memberships in the older snapshot, as its manifest has them; `None` where it does not say.
    pub before: Option<i64>,
    /// What the causes add up to.
    pub effect: i64,
    /// Memberships in the newer one; `None` where its manifest does not say.
    pub after: Option<i64>,
}

impl DifferenceTotal {
    /// Whether the causes explain the difference; `None` where a manifest does not say what is to be explained.
    pub fn balances(&self) -> Option<bool> {
        Some(self.before? + self.effect == self.after?)
    }
}

/// One membership behind the difference.
#[derive(Debug, Clone, Copy)]
struct ChangedMembership {
    physician: PhysicianId,
    association: AssociationId,
    kind: &'static str,
    cause: &'static str,
    label: &'static str,
    place: usize,
    day: NaiveDate,
    before: Option<NationalClass>,
    after: Option<NationalClass>,
}

/// The difference between two snapshots.
#[derive(Debug, Serialize)]
pub struct SnapshotDifference {
    /// Id of the older snapshot.
    pub from: String,
    /// Id of the newer one.
    pub to: String,
    /// Causes by tier, in printing order.
    pub rows: Vec<DifferenceRow>,
    /// Both totals of each tier.
    pub totals: Vec<DifferenceTotal>,
    #[serde(skip)]
    lines: Vec<ChangedMembership>,
    #[serde(skip)]
    vintage: Vintage,
}

impl SnapshotDifference {
    /// Whether the causes explain both totals of every tier of which the manifests tell any.
    pub fn balances(&self) -> bool {
        self.totals.iter().all(|total| total.balances() != Some(false))
    }

    /// The people behind the difference as a file for programs, by tier, body, cause and day. It holds names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn people_csv(&self, workspace: &Workspace) -> Result<Vec<u8>> {
        let ids: Vec<PhysicianId> = self.lines.iter().map(|line| line.physician).collect();
        let persons = workspace.store.persons(&ids, self.vintage.known_at).await?;
        let persons: BTreeMap<PhysicianId, _> = persons.into_iter().map(|known| (known.physician, known)).collect();
        let headings = [
            "tier",
            "association",
            "kind",
            "cause",
            "day",
            "registration_number",
            "name",
            "class_before",
            "class_after",
        ];
        let class = |class: Option<NationalClass>| class.map_or(String::new(), |class| class.code().to_string());
        let rows = self.lines.iter().map(|line| {
            let body = self.vintage.associations.get(line.association);
            let person = persons.get(&line.physician);
            vec![
                body.map_or(String::new(), |body| body.tier.code().to_string()),
                body.map_or(String::new(), |body| body.code.clone()),
                line.kind.to_string(),
                line.cause.to_string(),
                line.day.to_string(),
                person.map_or(String::new(), |known| known.number.to_string()),
                person.map_or(String::new(), |known| known.person.texts().name),
                class(line.before),
                class(line.after),
            ]
        });
        rows_csv(&headings.map(str::to_string), rows)
    }
}

/// Says why two snapshots differ. Each is named by its id or the beginning of it.
///
/// # Errors
/// [`Failure`] SNP-002 when no snapshot or several have the name, SNP-003 when they count the 退会日 otherwise, QRY-007
/// when the second is of an earlier day or known-at; store and timeline errors.
pub async fn snapshot_difference(workspace: &Workspace, older: &str, newer: &str) -> Result<SnapshotDifference> {
    let all = list(workspace)?;
    let (older, newer) = (Pinned::find(&all, older)?, Pinned::find(&all, newer)?);
    if older.rule != newer.rule {
        return Err(Failure::usage("SNP-003", format!("{} / {}", older.rule.code(), newer.rule.code())).into());
    }
    if newer.as_of < older.as_of || newer.known_at < older.known_at {
        return Err(Failure::usage("QRY-007", format!("{} – {}", older.manifest.id, newer.manifest.id)).into());
    }
    let mut vintage = Vintage::open(workspace, Some(newer.known_at)).await?;
    vintage.rule = older.rule;
    let mut lines: Vec<ChangedMembership> = Vec::new();
    if older.known_at < newer.known_at {
        let revised = revision(&vintage, AsOf(older.as_of), older.known_at)?;
        lines.extend(revised.people.iter().map(|member| revised_line(member, older.as_of)));
    }
    if older.as_of < newer.as_of {
        let moved = roll_forward(&vintage, older.as_of, newer.as_of)?;
        lines.extend(moved.bookings.iter().map(moved_line));
    }
    let rank = |line: &ChangedMembership| vintage.associations.rank(line.association);
    lines.sort_by_key(|line| (rank(line), line.place, line.day, line.physician));
    let tier_of = |line: &ChangedMembership| vintage.associations.get(line.association).map(|body| body.tier);
    let rows: Vec<DifferenceRow> = Tier::ALL.into_iter().flat_map(|tier| rows(tier, &lines, &tier_of)).collect();
    let totals = Tier::ALL
        .into_iter()
        .map(|tier| DifferenceTotal {
            tier: tier.code(),
            before: older.memberships(tier),
            effect: rows.iter().filter(|row| row.tier == tier.code()).map(|row| row.effect).sum(),
            after: newer.memberships(tier),
        })
        .collect();
    Ok(SnapshotDifference {
        from: older.manifest.id.clone(),
        to: newer.manifest.id.clone(),
        rows,
        totals,
        lines,
        vintage,
    })
}

/// A snapshot with its dates.
struct Pinned<'m> {
    manifest: &'m SnapshotManifest,
    as_of: NaiveDate,
    known_at: NaiveDate,
    rule: WithdrawalDayRule,
}

impl<'m> Pinned<'m> {
    fn find(all: &'m [SnapshotManifest], wanted: &str) -> Result<Self> {
        let whole = all.iter().find(|manifest| manifest.id == wanted);
        let mut begin = all.iter().filter(|manifest| manifest.id.starts_with(wanted));
        let only = begin.next().filter(|_| begin.next().is_none());
        let manifest = whole.or(only).ok_or_else(|| {
            let named = |begin: &str| -> Vec<Choice> {
                all.iter().filter(|one| one.id.starts_with(begin)).map(|one| Choice::of_code(&one.id)).collect()
            };
            let begun = named(wanted);
            let told = if begun.is_empty() { named("") } else { begun };
            match told.as_slice() {
                [] => Failure::usage("SNP-002", wanted),
                told => with_list(Failure::usage("SNP-002", wanted), wanted, told),
            }
        })?;
        let damaged = || Failure::new(FailureKind::Data, "SNP-001", manifest.id.clone());
        let rules = [WithdrawalDayRule::LastMemberDay, WithdrawalDayRule::FirstNonMemberDay];
        Ok(Self {
            manifest,
            as_of: manifest.as_of.parse().map_err(|_| damaged())?,
            known_at: manifest.known_at.parse().map_err(|_| damaged())?,
            rule: rules.into_iter().find(|rule| rule.code() == manifest.withdrawal_day_rule).ok_or_else(damaged)?,
        })
    }

    /// What the manifest says of a tier; `None` where it says nothing, which is not 0.
    fn memberships(&self, tier: Tier) -> Option<i64> {
        self.manifest.totals[tier.code()]["memberships"].as_i64()
    }
}

fn revised_line(member: &RevisedMember, day: NaiveDate) -> ChangedMembership {
    ChangedMembership {
        physician: member.change.physician,
        association: member.change.association,
        kind: "revision",
        cause: member.cause.code(),
        label: member.cause.label(),
        place: member.cause.index(),
        day,
        before: member.change.before,
        after: member.change.after,
    }
}

fn moved_line(booking: &Booking) -> ChangedMembership {
    let place = Flow::ALL.into_iter().position(|flow| flow == booking.flow).unwrap_or_default();
    ChangedMembership {
        physician: booking.physician,
        association: booking.association,
        kind: "movement",
        cause: booking.flow.code(),
        label: booking.flow.label(),
        place: RevisionCause::COUNT + place,
        day: booking.day,
        before: booking.before,
        after: booking.after,
    }
}

/// Adds up the lines of a tier by cause.
fn rows(
    tier: Tier,
    lines: &[ChangedMembership],
    tier_of: &impl Fn(&ChangedMembership) -> Option<Tier>,
) -> Vec<DifferenceRow> {
    let mut out: BTreeMap<usize, DifferenceRow> = BTreeMap::new();
    for line in lines.iter().filter(|line| tier_of(line) == Some(tier)) {
        let row = out.entry(line.place).or_insert_with(|| DifferenceRow {
            tier: tier.code(),
            kind: line.kind,
            cause: line.cause,
            label: line.label,
            n: 0,
            effect: 0,
        });
        row.n += 1;
        row.effect += i64::from(line.after.is_some()) - i64::from(line.before.is_some());
    }
    out.into_values().collect()
}
