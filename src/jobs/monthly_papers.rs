//! The month's work: a snapshot of its last day and the reports of the settings, each for itself (R31).
//!
//! Everything follows from (as-of, known-at) and the exports up to known-at, so a late run writes the same bytes
//! as a punctual one (R19). Files come first, then their record: a run that was stopped makes only what was not recorded.

use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use futures_util::FutureExt;

use super::tick_report::{MissingPaper, UnprintablePaper};
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::chain_kind::ChainKind;
use crate::domain::document::ReportDocument;
use crate::domain::ledger::{JobFile, JobPaper, JobVersion, VersionKind};
use crate::domain::report::Definition;
use crate::error::{Failure, FailureKind};
use crate::service::keep::{Workspace, ledger, snapshot_folders};
use crate::service::known::area::Area;
use crate::service::known::snapshot;
use crate::service::known::vintage::Vintage;
use crate::service::papers;
use crate::service::papers::{PaperFormat, PaperRequest, Prepared, Run};

/// Name in the ledger.
pub const MONTHLY_PAPERS: &str = "monthly-papers";

/// Name in the ledger of the survey of 1 December, whose papers are made like those of a month.
pub const SURVEY: &str = "survey";

/// Name of the snapshot among the papers of a version.
pub(super) const SNAPSHOT: &str = "snapshot";

/// What came of an attempt.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Papers that could not be made.
    pub(super) missing: Vec<MissingPaper>,
    /// Reports that were made, each with the folder of its edition.
    pub(super) papers: Vec<(String, String)>,
    /// Papers with characters that no font has.
    pub(super) unprintable: Vec<UnprintablePaper>,
    /// Files that were written.
    pub(super) n_files: u32,
}

/// What a version of a job is to hold: the snapshot, then the reports of the settings, each once.
pub(super) fn wanted(workspace: &Workspace, job: &str) -> Vec<String> {
    let jobs = &workspace.config.jobs;
    let mut out = vec![SNAPSHOT.to_string()];
    for name in if job == SURVEY { &jobs.survey_reports } else { &jobs.reports } {
        if !out.contains(name) {
            out.push(name.clone());
        }
    }
    out
}

/// A paper that is made and waits for its names, or the snapshot, which carries the hash of what it holds in its name.
enum Made {
    Snapshot(Vec<PathBuf>),
    Paper(Box<Prepared>),
}

/// A paper in place: the folder of its edition, its files, and the places of characters that no font has.
type Placed = (String, Vec<JobFile>, String);

impl Made {
    fn put(self, workspace: &Workspace) -> Result<Placed> {
        let (folder, paths, places) = match self {
            Self::Snapshot(files) => (String::new(), files, String::new()),
            Self::Paper(prepared) => {
                let paper = prepared.put()?;
                let folder = paper.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (folder, paper.files, papers::places_sentence(&paper.unprintable))
            }
        };
        let files: Result<Vec<JobFile>> = paths.iter().map(|path| job_file(workspace, path)).collect();
        Ok((folder, files?, places))
    }
}

/// Makes what a version still lacks and records each paper, made or not. What was made before is not touched.
pub(super) async fn make(
    workspace: &Workspace,
    vintage: &Vintage,
    version: &JobVersion,
    as_of: AsOf,
    (made_before, run): (&[String], &Run),
) -> Result<Outcome> {
    workspace.check_facts().await?;
    let out = workspace.folder().join(&version.folder);
    papers::clear_away(&out);
    let (sound, wrong) = papers::sound_list(workspace);
    let mut outcome = Outcome::default();
    for name in wanted(workspace, &version.job).into_iter().filter(|name| !made_before.contains(name)) {
        let made = match (name.as_str(), &wrong) {
            (SNAPSHOT, _) => snapshot::take(workspace, vintage, as_of).map(|(_, files)| Made::Snapshot(files)),
            // Which report a broken definition was to be cannot be known: its faults are the reason.
            (name, Some(wrong)) if sound.iter().all(|one| one.id() != name) => Err(wrong.clone().into()),
            (name, _) => guarded(paper(workspace, vintage, &sound, version, as_of, (name, run))).await,
        };
        match published(workspace, vintage, version, &name, made).await? {
            Ok((folder, files, places)) => {
                if !places.is_empty() {
                    let period = version.period.clone();
                    outcome.unprintable.push(UnprintablePaper { period, report: name.clone(), places });
                }
                if name != SNAPSHOT {
                    outcome.papers.push((name, folder));
                }
                outcome.n_files += u32::try_from(files.len()).unwrap_or(u32::MAX);
            }
            Err(error) => {
                let failure = Failure::of(&error);
                let (period, error) = (&version.period, format!("{error:#}"));
                tracing::info!(period, report = name, error, "a paper could not be made");
                ledger::record_missing(workspace, &recorded(version, &name, Some(&failure))).await?;
                let title = match sound.iter().find(|one| one.id() == name) {
                    _ if name == SNAPSHOT => "在籍の固定".to_string(),
                    found => found.map_or_else(String::new, |one| one.title().to_string()),
                };
                let (period, version) = (version.period.clone(), version.version);
                outcome.missing.push(MissingPaper { period, version, report: name, title, failure });
            }
        }
    }
    Ok(outcome)
}

/// Gives a paper its names and records it, while nobody else can take the right to write. The outer error is one of the
/// ledger, which ends the run; the inner one is the paper's own.
async fn published(
    workspace: &Workspace,
    vintage: &Vintage,
    version: &JobVersion,
    name: &str,
    made: Result<Made>,
) -> Result<Result<Placed>> {
    let made = match made {
        Ok(made) => made,
        Err(error) => return Ok(Err(error)),
    };
    crash::reach(CrashPoint::PaperMade);
    let mut publication = ledger::begin_paper(workspace, &vintage.store_head).await?;
    let placed = match made.put(workspace) {
        Ok(placed) => placed,
        Err(error) => return Ok(Err(error)),
    };
    crash::reach(CrashPoint::PaperPlaced);
    let kind = if name == SNAPSHOT { ChainKind::Snapshot } else { ChainKind::Paper };
    let manifests = placed.1.iter().filter_map(|file| Some((file.name.strip_suffix("/manifest.json")?, &file.sha256)));
    for (folder, sha256) in manifests {
        publication.chain(kind, folder, sha256).await?;
    }
    let paper = JobPaper { detail: placed.0.clone(), ..recorded(version, name, None) };
    publication.commit(&paper, &placed.1).await?;
    crash::reach(CrashPoint::PaperRecorded);
    Ok(Ok(placed))
}

/// A defect that one paper meets does not take the others with it. The text of a panic may hold what a cell says of a
/// member, so it is not told.
async fn guarded<T>(making: impl Future<Output = Result<T>>) -> Result<T> {
    let caught = AssertUnwindSafe(making).catch_unwind().await;
    caught.unwrap_or_else(|_| Err(Failure::new(FailureKind::Bug, "BUG-001", "panic").into()))
}

/// Makes a paper, but for the names of its files.
async fn paper(
    workspace: &Workspace,
    vintage: &Vintage,
    sound: &[Definition],
    version: &JobVersion,
    as_of: AsOf,
    (name, run): (&str, &Run),
) -> Result<Made> {
    let request = PaperRequest {
        name: name.to_string(),
        as_of,
        known_at: version.known_at,
        issued_on: None,
        variant: papers::usual_variant_of(sound, name),
        area: Area::All,
        draft: false,
        strict_characters: false,
        meeting: None,
    };
    let mut document =
        papers::build_from(workspace, vintage, sound, &request).await.with_context(|| name.to_string())?;
    if version.kind == VersionKind::Early {
        mark_early(&mut document);
    }
    let out = workspace.folder().join(&version.folder);
    let formats = [PaperFormat::Pdf, PaperFormat::Csv];
    let prepared = papers::prepare(&document, vintage, &request, (&formats, &out), Some(run));
    Ok(Made::Paper(Box::new(prepared.with_context(|| name.to_string())?)))
}

/// Says on the paper itself that the month was not closed yet (R29).
fn mark_early(document: &mut ReportDocument) {
    const MARK: &str = "（速報・締切前）";
    document.title.push_str(MARK);
    for section in &mut document.sections {
        section.title.push_str(MARK);
    }
}

fn recorded(version: &JobVersion, report: &str, failure: Option<&Failure>) -> JobPaper {
    JobPaper {
        job: version.job.clone(),
        period: version.period.clone(),
        version: version.version,
        report: report.to_string(),
        code: failure.map_or_else(String::new, |failure| failure.code.to_string()),
        detail: failure.map_or_else(String::new, |failure| failure.detail.clone()),
    }
}

fn job_file(workspace: &Workspace, path: &Path) -> Result<JobFile> {
    let name = path.strip_prefix(workspace.folder()).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok(JobFile { name, sha256: snapshot_folders::sha256_of_file(path)? })
}
