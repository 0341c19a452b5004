//! The papers that were made, for whoever looks at them on a page: which there are, who may see which, and their files.
//!
//! Only what the chain has is there, with the manifest that it has; of a month moreover what its ledger has. Papers for the
//! recipients of a distribution are not: those who see the distribution see them.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::defined::{sound_list, title_of};
use super::manifest::{MANIFEST, Manifest, ManifestFile};
use super::request::Variant;
use crate::domain::access::{Access, AccessArea};
use crate::domain::association::{Associations, BodySet, Tier};
use crate::domain::chain_kind::ChainKind;
use crate::domain::ledger::{JobPaper, JobVersion, VersionKind};
use crate::error::{Failure, FailureKind};
use crate::files::sha256_hex;
use crate::input;
use crate::service::keep::proved_file::proved_bytes;
use crate::service::keep::{Workspace, ledger};
use crate::store::ChainScope;

/// Where the papers of distributions lie, from the data folder on.
const OF_DISTRIBUTIONS: &str = "distribution/";

/// Endings of the files that are handed out; others are for programs.
const ENDINGS: [&str; 4] = ["pdf", "xlsx", "html", "csv"];

/// A paper that was made.
#[derive(Debug, Clone)]
pub struct ShelfPaper {
    /// By what it is asked for: the hash of its manifest.
    pub key: String,
    /// Title of its definition, else its id.
    pub title: String,
    /// 基準日.
    pub as_of: NaiveDate,
    /// 知識時点.
    pub known_at: NaiveDate,
    /// Whether it is for the office only (内部), and may name people.
    pub is_internal: bool,
    /// Code of the prefectural body or body that it is limited to.
    pub area: Option<String>,
    /// Name of that.
    pub area_name: String,
    /// Edition, from 1.
    pub edition: u32,
    /// The version of a month that it belongs to.
    pub version: Option<ShelfVersion>,
    /// Pages of its PDF; 0 without one.
    pub n_pages: usize,
    /// Files that are handed out, in the order of the manifest.
    pub files: Vec<ManifestFile>,
    folder: PathBuf,
}

/// A version of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShelfVersion {
    /// Number within the month, from 1.
    pub number: u32,
    /// Why it was made.
    pub kind: VersionKind,
    /// When it was finished, or begun where it was not.
    pub at: DateTime<Utc>,
}

/// All papers that stand in the chain: by as-of day, the newest first, then by title and version, the newest first.
///
/// # Errors
/// [`Failure`] STO-013 where the chain is not what it was; when the store cannot be read.
pub async fn shelf(workspace: &Workspace) -> Result<Vec<ShelfPaper>> {
    let chain = workspace.store.check_chain(ChainScope::Links).await?;
    if !chain.faults.is_empty() {
        return Err(Failure::new(FailureKind::Environment, "STO-013", "chain").into());
    }
    let mut newest: BTreeMap<String, String> = BTreeMap::new();
    let is_paper =
        |kind: &str, subject: &str| kind == ChainKind::Paper.code() && !subject.starts_with(OF_DISTRIBUTIONS);
    for entry in chain.entries.into_iter().filter(|entry| is_paper(&entry.kind, &entry.subject)) {
        newest.insert(entry.subject, entry.content);
    }
    let read = Reading::of(workspace).await?;
    let mut out: Vec<ShelfPaper> =
        newest.into_iter().filter_map(|(subject, sha256)| read.paper(workspace, &subject, sha256)).collect();
    out.sort_by_key(|paper| {
        let version = paper.version.map_or(0, |version| version.number);
        (Reverse(paper.as_of), paper.title.clone(), paper.area.clone(), Reverse((version, paper.edition)))
    });
    Ok(out)
}

/// What papers are told with.
struct Reading {
    titles: Vec<(String, String)>,
    associations: Associations,
    /// Papers of months that were recorded, by folder.
    versions: BTreeMap<String, ShelfVersion>,
    /// Where the papers of months lie, from the data folder on.
    months: String,
}

impl Reading {
    async fn of(workspace: &Workspace) -> Result<Self> {
        let all = ledger::versions(workspace).await?;
        let is_of = |version: &&JobVersion, of: (&str, &str, u32)| {
            (version.job.as_str(), version.period.as_str(), version.version) == of
        };
        let mut versions = BTreeMap::new();
        for paper in ledger::papers(workspace).await?.into_iter().filter(JobPaper::is_made) {
            let of = (paper.job.as_str(), paper.period.as_str(), paper.version);
            let Some(version) = all.iter().find(|version| is_of(version, of)) else { continue };
            let at = version.finished_at.unwrap_or(version.started_at);
            let told = ShelfVersion { number: version.version, kind: version.kind, at };
            versions.insert(format!("{}/{}", version.folder, paper.detail), told);
        }
        let titles =
            sound_list(workspace).0.iter().map(|one| (one.id().to_string(), one.title().to_string())).collect();
        let months = format!("{}/", workspace.config.jobs.papers.to_string_lossy().replace('\\', "/"));
        Ok(Self { titles, associations: workspace.store.associations().await?, versions, months })
    }

    /// A paper of the chain, if it lies there with the manifest that was recorded.
    fn paper(&self, workspace: &Workspace, subject: &str, sha256: String) -> Option<ShelfPaper> {
        let version = self.versions.get(subject).copied();
        if version.is_none() && subject.starts_with(&self.months) {
            // Put there by a run that could not record it: it was never published.
            return None;
        }
        let folder = workspace.place_of_subject(subject);
        let bytes = input::read_whole(&folder.join(MANIFEST)).ok().filter(|bytes| sha256_hex(bytes) == sha256)?;
        let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
        let area = manifest.area.as_ref().and_then(|code| self.associations.by_code(code));
        Some(ShelfPaper {
            key: sha256,
            title: title_of(&self.titles, &manifest.report).unwrap_or(&manifest.report).to_string(),
            as_of: manifest.as_of.parse().ok()?,
            known_at: manifest.known_at.parse().ok()?,
            // Whatever is not for others is for the office.
            is_internal: manifest.variant != Variant::External.code(),
            area_name: area.map_or_else(String::new, |body| body.name.clone()),
            area: manifest.area,
            edition: manifest.edition,
            version,
            n_pages: manifest.n_pages,
            files: manifest.files.into_iter().filter(|file| is_handed_out(&file.name)).collect(),
            folder,
        })
    }
}

fn is_handed_out(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    !name.contains(['/', '\\']) && ENDINGS.contains(&ending)
}

impl ShelfPaper {
    /// Whether an account may see it on a day: the bodies of which it tells are all among those of its own area, or by name among
    /// those that it sees where it is for the office. Numbers alone that were lent show no paper, which tells more than a count.
    /// One that is limited to nothing tells of all bodies, one of a prefecture of the national members of that prefecture too
    /// (R23), and one of a body of those that became part of it.
    pub fn is_for(&self, access: &Access, associations: &Associations, today: NaiveDate) -> bool {
        let seen = match self.is_internal {
            true => access.persons_of(associations, today),
            false => access.own().numbers_of(associations, today),
        };
        let told = self.bodies(associations, today);
        !told.is_empty() && told.bodies(associations).all(|(rank, _)| seen.has(rank))
    }

    fn bodies(&self, associations: &Associations, today: NaiveDate) -> BodySet {
        let Some(code) = &self.area else { return BodySet::all(associations) };
        match associations.by_code(code) {
            None => BodySet::of(associations, |_| false),
            Some(body) if body.tier == Tier::Local => {
                let area = AccessArea::Association(code.clone());
                let then = area.bodies_on(associations, self.as_of);
                let now = area.bodies_on(associations, today);
                let is_now = |id| associations.rank(id).is_some_and(|rank| now.has(rank));
                then.with(associations, |body| is_now(body.id))
            }
            Some(body) if body.tier == Tier::Prefectural => {
                BodySet::of(associations, |other| other.tier == Tier::National || other.prefecture == body.prefecture)
            }
            Some(_) => BodySet::all(associations),
        }
    }

    /// A file that is handed out, by its place in [`Self::files`] from 1, with its bytes as they were made.
    ///
    /// # Errors
    /// [`Failure`] WEB-040 where there is no such file, WEB-041 where it is not as it was made, WEB-042 where it is too large.
    pub fn file(&self, nth: usize) -> Result<(&ManifestFile, Vec<u8>), Failure> {
        let file = nth.checked_sub(1).and_then(|place| self.files.get(place));
        let file = file.ok_or_else(|| Failure::usage("WEB-040", ""))?;
        Ok((file, proved_bytes(&self.folder.join(&file.name), file.size_bytes, &file.sha256)?))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::access::{LentRight, Role, TierSet};
    use crate::written::{day, sample};

    const TODAY: &str = "2026-01-01";

    fn paper(is_internal: bool, area: Option<&str>) -> ShelfPaper {
        ShelfPaper {
            key: String::new(),
            title: String::new(),
            as_of: day("2025-12-31"),
            known_at: day("2025-12-31"),
            is_internal,
            area: area.map(str::to_string),
            area_name: String::new(),
            edition: 1,
            version: None,
            n_pages: 1,
            files: Vec::new(),
            folder: PathBuf::new(),
        }
    }

    fn account(area: AccessArea, tiers: &[Tier], persons: bool, lent: Vec<LentRight>) -> Access {
        Access::new(Role::Reader, area, TierSet::of(tiers), persons, lent).expect("an account may be so")
    }

    /// Papers by what they are limited to, and for whom: internal and external, of all, of a prefecture, of a body.
    const ALL: [(bool, Option<&str>); 6] = [
        (true, None),
        (false, None),
        (true, Some("P11")),
        (false, Some("P11")),
        (true, Some("11-001")),
        (false, Some("11-001")),
    ];

    #[rstest]
    #[case::everything(AccessArea::Everywhere, &Tier::ALL, true, [true; 6])]
    #[case::numbers_of_everything(AccessArea::Everywhere, &Tier::ALL, false, [false, true, false, true, false, true])]
    #[case::without_the_national_tier(AccessArea::Everywhere, &Tier::ALL[..2], true, [false, false, false, false, true, true])]
    #[case::prefecture(AccessArea::Prefecture("11".into()), &Tier::ALL[..2], true, [false, false, false, false, true, true])]
    #[case::other_prefecture(AccessArea::Prefecture("13".into()), &Tier::ALL[..2], true, [false; 6])]
    #[case::body(AccessArea::Association("11-001".into()), &Tier::ALL[..1], true, [false, false, false, false, true, true])]
    #[case::numbers_of_a_body(AccessArea::Association("11-001".into()), &Tier::ALL[..1], false, [false, false, false, false, false, true])]
    #[case::other_body(AccessArea::Association("11-002".into()), &Tier::ALL[..1], true, [false; 6])]
    fn account_sees_papers_of_which_it_sees_all(
        #[case] area: AccessArea,
        #[case] tiers: &[Tier],
        #[case] persons: bool,
        #[case] expected: [bool; 6],
    ) {
        let master = sample();
        let access = account(area, tiers, persons, vec![]);
        let seen = ALL.map(|(is_internal, area)| paper(is_internal, area).is_for(&access, &master, day(TODAY)));
        assert_eq!(seen, expected);
    }

    #[test]
    fn paper_of_a_body_that_the_master_does_not_have_is_for_nobody() {
        let access = account(AccessArea::Everywhere, &Tier::ALL, true, vec![]);
        assert!(!paper(false, Some("47-001")).is_for(&access, &sample(), day(TODAY)));
    }

    #[test]
    fn paper_is_lent_with_names_only_and_until_the_last_day() {
        let lent = LentRight { area: AccessArea::Association("11-001".into()), until: day(TODAY), persons: false };
        let access = account(AccessArea::Association("11-002".into()), &Tier::ALL[..1], true, vec![lent]);
        let sees = |is_internal, on| paper(is_internal, Some("11-001")).is_for(&access, &sample(), day(on));
        assert_eq!((sees(false, TODAY), sees(true, TODAY)), (false, false));
        let lent = LentRight { area: AccessArea::Association("11-001".into()), until: day(TODAY), persons: true };
        let access = account(AccessArea::Association("11-002".into()), &Tier::ALL[..1], true, vec![lent]);
        let sees = |is_internal, on| paper(is_internal, Some("11-001")).is_for(&access, &sample(), day(on));
        assert_eq!((sees(true, TODAY), sees(true, "2026-01-02")), (true, false));
    }

    #[rstest]
    #[case("monthly_2025-12-31.pdf", true)]
    #[case("01_表.csv", true)]
    #[case("machine/01.csv", false)]
    #[case("../01.csv", false)]
    #[case("..\\01.csv", false)]
    #[case("content.json", false)]
    #[case("pdf", false)]
    fn files_of_the_folder_alone_are_handed_out(#[case] name: &str, #[case] expected: bool) {
        assert_eq!(is_handed_out(name), expected);
    }
}
