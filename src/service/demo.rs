//! The demo: the shipped exports of an invented prefecture, taken in, counted and put on paper.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{NaiveDate, TimeZone, Utc};

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::as_of::AsOf;
use crate::files::{NewFolder, Readers};
use crate::service::audit::DifferenceAudit;
use crate::service::intake::import::{ImportOptions, ImportSummary, Silent, import_files};
use crate::service::keep::Workspace;
use crate::service::keep::export::write_file;
use crate::service::known::area::Area;
use crate::service::known::snapshot;
use crate::service::known::vintage::Vintage;
use crate::service::meetings::MeetingRequest;
use crate::service::papers::{PaperFormat, PaperRequest, Variant};
use crate::service::{audit, meetings, papers};

const FILES: [(&str, &[u8]); 5] = [
    ("associations.csv", include_bytes!("../../reports/demo/saitama/associations.csv")),
    ("members_2025-09-30.csv", include_bytes!("../../reports/demo/saitama/members_2025-09-30.csv")),
    ("members_2025-10-31.csv", include_bytes!("../../reports/demo/saitama/members_2025-10-31.csv")),
    ("members_2025-11-30.csv", include_bytes!("../../reports/demo/saitama/members_2025-11-30.csv")),
    ("members_2025-12-31.csv", include_bytes!("../../reports/demo/saitama/members_2025-12-31.csv")),
];

const PAPERS: [&str; 5] =
    ["member-counts", "withdrawal-audit", "transfer-audit", "monthly-statistics", "meeting-rijikai"];

/// What the demo did.
#[derive(Debug)]
pub struct DemoReport {
    /// One for each file.
    pub imports: Vec<ImportSummary>,
    /// The difference law of the newest export.
    pub difference: DifferenceAudit,
    /// Everything that was written, relative to the folder of the demo.
    pub files: Vec<PathBuf>,
}

/// Runs the demo. Its data folder is a temporary one: what is written under `out` depends on the shipped files
/// alone, so that two runs give the same bytes.
///
/// # Errors
/// When a folder cannot be written, or any step fails.
pub async fn run(out: &Path) -> Result<DemoReport> {
    let data = NewFolder::elsewhere().context("making the data folder of the demo")?;
    let inbox = data.path().join("files");
    let mut paths = Vec::new();
    for (name, bytes) in FILES {
        let path = inbox.join(name);
        write_file(&path, bytes, Readers::ByUmask)?;
        paths.push(path);
    }
    let day = NaiveDate::from_ymd_opt(2025, 12, 31).context("the day of the demo")?;
    let noon = Utc.from_utc_datetime(&day.and_hms_opt(3, 0, 0).context("the hour of the demo")?);
    let workspace = Workspace::open(data.path(), Config::default(), Clock::Fixed(noon)).await?;
    let lock = workspace.lock_for_writing().await?;
    let run = import_files(&workspace, &lock, &paths, &ImportOptions::default(), &Silent).await;
    if let Some((_, error)) = run.failures.into_iter().next() {
        return Err(error);
    }
    let mut files = Vec::new();
    for summary in &run.summaries {
        let Some(written) = summary.rejects_file.as_ref().map(Path::new) else { continue };
        let target = out.join("rejects").join(written.file_name().context("the name of a workbook")?);
        write_file(&target, &std::fs::read(written)?, Readers::ByUmask)?;
        files.push(target);
    }
    papers::clear_away(out);
    let all = papers::list(&workspace)?;
    let request = |name: &str| PaperRequest {
        name: name.into(),
        as_of: AsOf(day),
        known_at: Some(day),
        issued_on: None,
        variant: papers::usual_variant_of(&all, name),
        area: Area::All,
        draft: false,
        strict_characters: false,
        meeting: None,
    };
    for name in PAPERS {
        let request = request(name);
        let (document, vintage) = papers::build(&workspace, &request).await?;
        let formats = [PaperFormat::Pdf, PaperFormat::Csv, PaperFormat::Html];
        files.extend(papers::publish(&document, &vintage, &request, &formats, out)?.files);
    }
    let vintage = Vintage::open(&workspace, Some(day)).await?;
    files.extend(meeting(&workspace, &vintage, day, out).await?);
    let (manifest, taken) = snapshot::take(&workspace, &vintage, AsOf(day))?;
    for path in taken {
        let name = path.file_name().context("the name of a snapshot file")?;
        let target = out.join("snapshot").join(name);
        write_file(&target, &std::fs::read(&path)?, Readers::ByUmask)?;
        files.push(target);
    }
    tracing::debug!(snapshot = manifest.id, "demo snapshot");
    let difference = audit::mamis_difference(&vintage)?;
    drop(lock);
    workspace.store.close().await?;
    Ok(DemoReport { imports: run.summaries, difference: DifferenceAudit::clone(&difference), files })
}

/// The folder of a meeting, and the pack that is made of it.
async fn meeting(workspace: &Workspace, vintage: &Vintage, day: NaiveDate, out: &Path) -> Result<Vec<PathBuf>> {
    let (folder, mut files) = meetings::write_sample(&out.join("meetings"))?;
    let request = MeetingRequest {
        folder: folder.clone(),
        as_of: AsOf(day),
        known_at: Some(day),
        issued_on: None,
        variant: Variant::External,
        draft: false,
        strict_characters: false,
        replaced: None,
    };
    let formats = [PaperFormat::Pdf, PaperFormat::Csv, PaperFormat::Html];
    let (paper, _) = meetings::build(workspace, vintage, &request, (&formats, &meetings::packs_of(&folder))).await?;
    files.extend(paper.files);
    Ok(files)
}
