//! `kaiin synth`: invented worlds as files, in a store, or both.
//!
//! What happens in a world is the business of [`crate::synth`]; here its exports become files, or imports without files.
//! Start reading at [`prepare`].

mod fill;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use crate::config::Config;
use crate::definitions;
use crate::definitions::DefinitionFolder;
use crate::domain::as_of::month_end;
use crate::error::Failure;
use crate::files::Readers;
use crate::input;
use crate::service::keep::export::write_file;
use crate::synth::{Spec, SynthError, Wish, World};

pub use fill::{FillProgress, fill};

/// Layout of the member exports of a world.
const MEMBERS_LAYOUT: &str = "mamis-members-wide";

/// Layout of its application histories.
const APPLICATIONS_LAYOUT: &str = "mamis-applications";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SynthRequest {
    /// Members at the beginning.
    pub physicians: Option<u32>,
    /// Codes of prefectures divided by commas, or `all`.
    pub prefectures: String,
    /// Local bodies.
    pub bodies: Option<u32>,
    /// A day of the first month.
    pub from: NaiveDate,
    /// A day of the last month.
    pub to: NaiveDate,
    /// A day of the first month that is written as files; `None`: all months, or none when the store is filled.
    pub files_from: Option<NaiveDate>,
    /// Decides everything that is drawn.
    pub seed: u64,
    /// File of targets.
    pub targets: Option<PathBuf>,
    /// Whether months without files go into a store.
    pub fill: bool,
}

/// A world and what is to become of it.
#[derive(Debug)]
pub struct Prepared {
    world: World,
    /// What decides the world, in one text.
    identity: String,
    /// Exports that go into the store.
    filled: Vec<NaiveDate>,
    /// Exports that become files.
    written: Vec<NaiveDate>,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SynthReport {
    /// Physicians who are ever shown.
    pub physicians: usize,
    /// Files, in the order of writing.
    pub files: Vec<PathBuf>,
    /// Exports that went into the store without files.
    pub filled: Vec<NaiveDate>,
}

/// Makes the world that is asked for. Nothing is written yet.
///
/// # Errors
/// [`Failure`] SYN-001 to SYN-004, QRY-007 for what cannot be; CFG-002 or ENV-005 for the file of targets.
pub fn prepare(config: &Config, request: &SynthRequest) -> Result<Prepared> {
    let folder = match &config.definitions {
        Some(overrides) => DefinitionFolder::with_overrides(overrides.clone()),
        None => DefinitionFolder::shipped(),
    };
    let layouts = definitions::layouts(&folder)?;
    let kept = layouts.iter().find(|layout| layout.name == MEMBERS_LAYOUT).map(|layout| layout.ended_rows_kept_days);
    let wish = Wish {
        physicians: request.physicians,
        prefectures: request.prefectures.clone(),
        bodies: request.bodies,
        from: request.from,
        to: request.to,
        seed: request.seed,
        targets: targets(request.targets.as_deref())?,
        ended_rows_kept_days: kept.with_context(|| format!("the layout {MEMBERS_LAYOUT}"))?,
    };
    let told = |error: SynthError| failure(error, request.targets.as_deref());
    let spec = Spec::of(wish).map_err(told)?;
    let files_from = files_from(request, &spec)?;
    let world = World::make(&spec).map_err(told)?;
    let (filled, written): (Vec<NaiveDate>, Vec<NaiveDate>) =
        world.exports().iter().partition(|export| files_from.is_none_or(|from| **export < from));
    let filled = if request.fill { filled } else { Vec::new() };
    Ok(Prepared { world, identity: format!("{spec:?}"), filled, written })
}

/// Day of the first export that becomes a file; `None` when there is none.
fn files_from(request: &SynthRequest, spec: &Spec) -> Result<Option<NaiveDate>> {
    match request.files_from.map(month_end) {
        Some(from) if from < spec.first_export || from > spec.last_export => {
            Err(Failure::usage("SYN-003", from.format("%Y-%m").to_string()).into())
        }
        None if !request.fill => Ok(Some(spec.first_export)),
        from => Ok(from),
    }
}

fn targets(path: Option<&Path>) -> Result<Vec<crate::domain::synth_target::SynthTarget>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let name = file_name(path);
    let bytes = input::read(path).map_err(|source| Failure::from_io(&source, &name))?;
    Ok(definitions::synth_targets(&name, &bytes)?)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn failure(error: SynthError, targets: Option<&Path>) -> Failure {
    match error {
        SynthError::PrefectureUnknown(code) => Failure::usage("SYN-001", code),
        SynthError::SpanReversed(span) => Failure::usage("QRY-007", span),
        SynthError::OutOfRange { option, range } => Failure::usage("SYN-002", format!("{option}: {range}")),
        SynthError::Target { key, why } => {
            let file = targets.map(file_name);
            let text = targets.and_then(|path| input::read_text(path).ok());
            let row = text.and_then(|text| definitions::line_of(&text, &key));
            Failure { file, row, ..Failure::usage("SYN-004", format!("{key}: {why}")) }
        }
    }
}

impl Prepared {
    /// Exports that are to go into the store.
    pub fn filled(&self) -> &[NaiveDate] {
        &self.filled
    }

    /// Writes master and exports, each file under a temporary name first. Files of the same name are replaced.
    ///
    /// # Errors
    /// [`Failure`] SYN-006 when files are to be written and there is no folder; when it cannot be written.
    pub fn write(&self, out: Option<&Path>) -> Result<Vec<PathBuf>> {
        let Some(out) = out else {
            return if self.written.is_empty() { Ok(Vec::new()) } else { Err(Failure::usage("SYN-006", "").into()) };
        };
        let mut files = vec![out.join("associations.csv")];
        write_file(&files[0], self.world.associations_csv().as_bytes(), Readers::ByUmask)?;
        for export in &self.written {
            let members = out.join(format!("members_{export}.csv"));
            write_lines(&members, |line| self.world.each_member_line(*export, line))?;
            files.push(members);
            // A history without a row would be refused.
            if self.world.has_applications(*export) {
                let applications = out.join(format!("applications_{export}.csv"));
                write_lines(&applications, |line| self.world.each_application_line(*export, line))?;
                files.push(applications);
            }
        }
        Ok(files)
    }

    /// What was made.
    pub fn report(&self, files: Vec<PathBuf>) -> SynthReport {
        SynthReport { physicians: self.world.n_physicians(), files, filled: self.filled.clone() }
    }
}

type Line<'a> = &'a mut dyn FnMut(&str) -> Result<()>;

fn write_lines(path: &Path, each: impl FnOnce(Line<'_>) -> Result<()>) -> Result<()> {
    let mut bytes = Vec::new();
    each(&mut |line| {
        bytes.extend_from_slice(line.as_bytes());
        Ok(())
    })?;
    // Nobody in it exists.
    write_file(path, &bytes, Readers::ByUmask)
}
