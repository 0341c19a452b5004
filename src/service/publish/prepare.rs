//! 作成: the papers of all recipients, and what goes to whom under one hash.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::letter::letter;
use super::manifest::{Addressed, AddressedFile, AddressedPaper, DistributionManifest, Missing};
use super::recipients::{Recipient, recipients};
use super::words::named;
use crate::clock::tokyo_day;
use crate::config::DeliveredFormat;
use crate::domain::as_of::AsOf;
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::domain::japanese_date::short_era_date;
use crate::domain::report::Definition;
use crate::error::{Failure, FailureKind};
use crate::files::names::file_name;
use crate::files::sha256_hex;
use crate::service::keep::Workspace;
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;
use crate::service::papers::{self, Manifest, PaperFormat, PaperRequest, Published, Variant};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// 基準日.
    pub as_of: AsOf,
    /// 知識時点; by default the newest export.
    pub known_at: Option<NaiveDate>,
    /// Day of the letters; by default today.
    pub issued_on: Option<NaiveDate>,
    /// Who makes it.
    pub maker: String,
}

/// A distribution that was made.
#[derive(Debug)]
pub struct Made {
    /// As the ledger has it.
    pub distribution: Distribution,
    /// What goes to whom.
    pub manifest: DistributionManifest,
    /// Recipients who have the same papers already, and get nothing.
    pub n_there: usize,
}

/// Makes the papers of all recipients and records them as a distribution that waits for its approval. Who has the same edition
/// already gets nothing.
///
/// # Errors
/// [`Failure`] PUB-001 without a name, PUB-003 while another distribution of the day is not finished, PUB-004 when there is
/// nothing to send; what is wrong in the file of recipients; what would fail for every paper.
pub async fn prepare(workspace: &Workspace, wanted: &Wanted, done: impl Fn()) -> Result<Made> {
    let maker = named(&wanted.maker)?;
    let before = workspace.store.distributions().await?;
    let deliveries = workspace.store.deliveries().await?;
    if let Some(open) = before.iter().find(|one| one.as_of == wanted.as_of.0 && is_open(one, &deliveries)) {
        return Err(Failure::new(FailureKind::Usage, "PUB-003", open.number.to_string()).into());
    }
    let settings = &workspace.config.distribution;
    let issued_on = wanted.issued_on.unwrap_or_else(|| tokyo_day(workspace.clock.now()));
    let vintage = Vintage::open(workspace, wanted.known_at).await?;
    let file = settings.recipients.as_ref().map(|file| workspace.folder().join(file));
    let to = recipients(&vintage.associations, wanted.as_of, (file.as_deref(), issued_on))?;
    let (known_at, head, issuer) = (vintage.known_at.0, vintage.head.clone(), papers::issuer(workspace, &vintage));
    let had = Had::of(workspace, &before, &deliveries, wanted.as_of.0);
    let mut made = papers_of(workspace, wanted, vintage, (&to, &had), done).await?;
    if made.papers.is_empty() {
        return Err(Failure::new(FailureKind::Usage, "PUB-004", made.missing.len().to_string()).into());
    }
    let number = before.last().map_or(1, |last| last.number + 1);
    let addressed = to.into_iter().filter_map(|one| made.papers.remove(&one.code).map(|papers| to_whom(one, papers)));
    let mut manifest = DistributionManifest {
        number,
        as_of: wanted.as_of.0.to_string(),
        known_at: known_at.to_string(),
        issued_on: issued_on.to_string(),
        head,
        issuer,
        letter: settings.letter.clone(),
        contact: settings.contact.clone(),
        folder: settings.folder.join(format!("{}_第{number}回", wanted.as_of.0)),
        recipients: addressed.collect(),
        missing: made.missing,
    };
    write_letters(workspace, &mut manifest)?;
    let (folder, manifest_sha256) = manifest.keep(workspace)?;
    let distribution = Distribution {
        number,
        as_of: wanted.as_of.0,
        known_at,
        reports: settings.reports.clone(),
        folder,
        manifest_sha256,
        maker,
        made_at: workspace.clock.now(),
        approver: String::new(),
        approved_at: None,
        voided_at: None,
        void_reason: String::new(),
    };
    workspace.store.add_distribution(&distribution, &rows(&manifest, &distribution)).await?;
    Ok(Made { distribution, manifest, n_there: made.n_there })
}

/// The papers of all reports.
#[derive(Debug, Default)]
struct MadePapers {
    /// Those that are new to their recipients, by code.
    papers: BTreeMap<String, Vec<AddressedPaper>>,
    /// How many recipients have them already.
    n_there: usize,
    /// Those that could not be made.
    missing: Vec<Missing>,
}

/// Makes the papers of all recipients; the vintage is used up.
async fn papers_of(
    workspace: &Workspace,
    wanted: &Wanted,
    vintage: Vintage,
    (to, had): (&[Recipient], &Had),
    done: impl Fn(),
) -> Result<MadePapers> {
    let all = papers::list(workspace)?;
    let out = workspace.folder().join("distribution/papers").join(wanted.as_of.0.to_string());
    let known_at = vintage.known_at.0;
    let mut vintage = Some(vintage);
    let mut made = MadePapers::default();
    for name in &workspace.config.distribution.reports {
        let definition = papers::find(&all, name)?;
        let vintage = match vintage.take() {
            Some(vintage) => vintage,
            None => Vintage::open(workspace, Some(known_at)).await?,
        };
        let request = request(wanted, definition.id());
        let areas = to.iter().map(|one| Area::Association(one.code.clone())).collect();
        let formats = formats(workspace);
        let asked = (&request, formats.as_slice(), out.as_path());
        let report = papers::publish_each(workspace, vintage, &all, asked, areas, &done).await?;
        for one in &report.published {
            let (code, paper) = addressed(workspace, definition, &one.paper, wanted.as_of)?;
            match had.new_to(&code, (one.paper.folder.clone(), paper)) {
                Some(paper) => made.papers.entry(code).or_default().push(paper),
                None => made.n_there += 1,
            }
        }
        made.missing.extend(report.failed.into_iter().map(|one| Missing {
            area: one.area,
            title: definition.title().to_string(),
            code: one.failure.code.to_string(),
            detail: one.failure.detail,
        }));
    }
    Ok(made)
}

/// Whether something of it may still leave by itself.
fn is_open(one: &Distribution, deliveries: &[Delivery]) -> bool {
    let mut of_it = deliveries.iter().filter(|delivery| delivery.distribution == one.number);
    one.stage() != Stage::Voided && of_it.any(|delivery| delivery.state != DeliveryState::Sent)
}

/// What recipients have, or may have, of a day: edition and folder of each paper, by recipient and report.
struct Had(BTreeMap<(String, String), (u32, Option<PathBuf>)>);

impl Had {
    fn of(workspace: &Workspace, before: &[Distribution], deliveries: &[Delivery], as_of: NaiveDate) -> Self {
        let mut out = BTreeMap::new();
        for one in before.iter().filter(|one| one.as_of == as_of) {
            // What cannot be read any more is not compared: its recipients get the newest edition.
            let manifest = DistributionManifest::read(workspace, one).ok();
            let there = deliveries.iter().filter(|delivery| delivery.distribution == one.number);
            for delivery in there.filter(|delivery| delivery.state.may_be_there()) {
                let folder =
                    manifest.as_ref().and_then(|manifest| manifest.folder_of(&delivery.recipient, &delivery.report));
                let folder = folder.map(|folder| workspace.folder().join(folder));
                let key = (delivery.recipient.clone(), delivery.report.clone());
                out.insert(key, (delivery.edition, folder));
            }
        }
        Self(out)
    }

    /// A paper as its recipient sees it; `None` for one that it has, or of which it has another edition that says the same.
    fn new_to(&self, code: &str, (folder, paper): (PathBuf, AddressedPaper)) -> Option<AddressedPaper> {
        let says_the_same = |had: &PathBuf| papers::say_the_same(had, &folder);
        match self.0.get(&(code.to_string(), paper.report.clone())) {
            Some((edition, had)) if *edition == paper.edition || had.as_ref().is_some_and(says_the_same) => None,
            before => Some(AddressedPaper { has_edition: before.map(|(edition, _)| *edition), ..paper }),
        }
    }
}

fn request(wanted: &Wanted, report: &str) -> PaperRequest {
    PaperRequest {
        name: report.to_string(),
        as_of: wanted.as_of,
        known_at: wanted.known_at,
        issued_on: None,
        variant: Variant::External,
        area: Area::All,
        draft: false,
        strict_characters: false,
        meeting: None,
    }
}

fn formats(workspace: &Workspace) -> Vec<PaperFormat> {
    let format = |one: &DeliveredFormat| match one {
        DeliveredFormat::Pdf => PaperFormat::Pdf,
        DeliveredFormat::Xlsx => PaperFormat::Xlsx,
        DeliveredFormat::Csv => PaperFormat::Csv,
    };
    workspace.config.distribution.formats.iter().map(format).collect()
}

/// A paper with the code of its recipient.
fn addressed(
    workspace: &Workspace,
    of: &Definition,
    paper: &Published,
    as_of: AsOf,
) -> Result<(String, AddressedPaper)> {
    let (folder, manifest): (PathBuf, Manifest) = papers::manifest_of(&paper.folder)?;
    let stem = format!("{}_{}", of.title(), short_era_date(as_of.0));
    let stem = if paper.edition > 1 { format!("{stem}_第{}版", paper.edition) } else { stem };
    let wanted = |name: &str| {
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        match end {
            "pdf" => workspace.config.distribution.formats.contains(&DeliveredFormat::Pdf),
            "xlsx" => workspace.config.distribution.formats.contains(&DeliveredFormat::Xlsx),
            "csv" => workspace.config.distribution.formats.contains(&DeliveredFormat::Csv) && !name.contains('/'),
            _ => false,
        }
    };
    let files = manifest.files.iter().filter(|file| wanted(&file.name)).map(|file| AddressedFile {
        source: file.name.clone(),
        name: match file.name.rsplit_once('.') {
            // Of a CSV the name says which table it is.
            Some((table, "csv")) => file_name(&format!("{stem}_{table}.csv")),
            Some((_, end)) => format!("{}.{end}", file_name(&stem)),
            None => file_name(&stem),
        },
        sha256: file.sha256.clone(),
        size_bytes: file.size_bytes,
    });
    let files = files.collect();
    let code = manifest.area.clone().context("the paper of one body names it")?;
    let name = folder.strip_prefix(workspace.folder()).unwrap_or(&folder).to_string_lossy().replace('\\', "/");
    Ok((
        code,
        AddressedPaper {
            report: of.id().to_string(),
            title: of.title().to_string(),
            edition: paper.edition,
            has_edition: None,
            folder: name,
            content_sha256: manifest.content_sha256.clone(),
            n_pages: manifest.n_pages,
            files,
        },
    ))
}

fn to_whom(one: Recipient, papers: Vec<AddressedPaper>) -> Addressed {
    let place = file_name(&format!("{:03}_{}", one.place, one.name));
    Addressed { place, code: one.code, name: one.name, to: one.to, letter_sha256: String::new(), papers }
}

/// Each letter is a part of what is approved.
fn write_letters(workspace: &Workspace, manifest: &mut DistributionManifest) -> Result<()> {
    let gaiji = workspace.gaiji()?;
    let hashes: Result<Vec<String>> =
        manifest.recipients.iter().map(|to| Ok(sha256_hex(&letter(manifest, to, gaiji)?))).collect();
    manifest.recipients.iter_mut().zip(hashes?).for_each(|(to, sha256)| to.letter_sha256 = sha256);
    Ok(())
}

/// The rows of the ledger: one for each recipient and paper.
fn rows(manifest: &DistributionManifest, of: &Distribution) -> Vec<Delivery> {
    let mut out = Vec::new();
    for to in &manifest.recipients {
        out.extend(to.papers.iter().map(|paper| Delivery {
            distribution: of.number,
            recipient: to.code.clone(),
            report: paper.report.clone(),
            edition: paper.edition,
            paper_sha256: paper.content_sha256.clone(),
            place: to.place.clone(),
            state: DeliveryState::Prepared,
            attempts: 0,
            changed_at: of.made_at,
            detail: String::new(),
        }));
    }
    out
}
