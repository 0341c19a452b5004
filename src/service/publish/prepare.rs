//! 作成: the papers of all recipients, and what goes to whom under one hash.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::had::{Before, Had, Seen};
use super::letter::letter;
use super::mail_text::{RecipientMail, message_id};
use super::manifest::{Addressed, AddressedFile, AddressedPaper, DistributionManifest, MailWords, Missing};
use super::recipients::{Recipient, recipients};
use super::words::named;
use crate::clock::tokyo_day;
use crate::config::DeliveredFormat;
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::domain::japanese_date::short_era_date;
use crate::domain::mail::Mail;
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
    let before = Before {
        distributions: workspace.store.distributions().await?,
        deliveries: workspace.store.deliveries().await?,
        mails: workspace.store.mails().await?,
    };
    refuse_unfinished(&before, wanted.as_of)?;
    let settings = &workspace.config.distribution;
    let issued_on = wanted.issued_on.unwrap_or_else(|| tokyo_day(workspace.clock.now()));
    let vintage = Vintage::open(workspace, wanted.known_at).await?;
    let file = settings.recipients.as_ref().map(|file| workspace.folder().join(file));
    let mail = workspace.config.mail.as_ref();
    let to = recipients(&vintage.associations, wanted.as_of, (file.as_deref(), issued_on), mail)?;
    let (known_at, head, issuer) = (vintage.known_at.0, vintage.head.clone(), papers::issuer(workspace, &vintage));
    let had = Had::of(workspace, &before, wanted.as_of.0);
    let mut made = papers_of(workspace, wanted, vintage, (&to, &had), done).await?;
    crash::reach(CrashPoint::DistributionMade);
    let addressed: Vec<Addressed> = to.into_iter().filter_map(|one| to_whom(one, &mut made, &had)).collect();
    if addressed.is_empty() {
        return Err(Failure::new(FailureKind::Usage, "PUB-004", made.missing.len().to_string()).into());
    }
    let number = before.distributions.last().map_or(1, |last| last.number + 1);
    let mut manifest = DistributionManifest {
        number,
        as_of: wanted.as_of.0.to_string(),
        known_at: known_at.to_string(),
        issued_on: issued_on.to_string(),
        head,
        issuer,
        letter: settings.letter.clone(),
        contact: settings.contact.clone(),
        mail: mail.map(MailWords::of),
        folder: settings.folder.join(format!("{}_第{number}回", wanted.as_of.0)),
        recipients: addressed,
        missing: made.missing,
    };
    write_letters(workspace, &mut manifest)?;
    write_mails(&mut manifest)?;
    let (folder, manifest_sha256) = manifest.keep(workspace)?;
    crash::reach(CrashPoint::DistributionKept);
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
    let (deliveries, mails) = (rows(&manifest, &distribution), mails(&manifest, &distribution));
    workspace.store.add_distribution(&distribution, &deliveries, &mails).await?;
    crash::reach(CrashPoint::DistributionRecorded);
    Ok(Made { distribution, manifest, n_there: made.there.values().map(Vec::len).sum() })
}

/// The papers of all reports.
#[derive(Debug, Default)]
struct MadePapers {
    /// Those that are new to their recipients, by code.
    papers: BTreeMap<String, Vec<AddressedPaper>>,
    /// Those that their recipients have already, by code.
    there: BTreeMap<String, Vec<AddressedPaper>>,
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
                Seen::New(paper) => made.papers.entry(code).or_default().push(paper),
                Seen::There(paper) => made.there.entry(code).or_default().push(paper),
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

/// Refuses a day while another distribution of it may still go on.
fn refuse_unfinished(before: &Before, as_of: AsOf) -> Result<(), Failure> {
    let of_day = |one: &&Distribution| one.as_of == as_of.0;
    match before.distributions.iter().filter(of_day).find(|one| is_open(one, before)) {
        Some(open) => Err(Failure::new(FailureKind::Usage, "PUB-003", open.number.to_string())),
        None => Ok(()),
    }
}

/// Whether something of it may still leave by itself.
fn is_open(one: &Distribution, before: &Before) -> bool {
    let mut deliveries = before.deliveries.iter().filter(|delivery| delivery.distribution == one.number);
    let mut mails = before.mails.iter().filter(|mail| mail.distribution == one.number);
    let is_open = deliveries.any(|delivery| delivery.state != DeliveryState::Sent) || mails.any(Mail::leaves_by_itself);
    one.stage() != Stage::Voided && is_open
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

/// A recipient with the papers that are new to it, or with those that it has and was to be told of by a mail that never went.
/// `None` for one who lacks nothing.
fn to_whom(one: Recipient, made: &mut MadePapers, had: &Had) -> Option<Addressed> {
    let (papers, delivered, addresses) = match made.papers.remove(&one.code) {
        Some(papers) => (papers, None, one.addresses),
        None => {
            let (place, addresses) = had.untold(&one.code, &one.addresses)?;
            (made.there.remove(&one.code)?, Some(place), addresses)
        }
    };
    let place = file_name(&format!("{:03}_{}", one.place, one.name));
    let (letter_sha256, mail_sha256) = (String::new(), String::new());
    Some(Addressed {
        place,
        code: one.code,
        name: one.name,
        to: one.to,
        letter_sha256,
        delivered,
        addresses,
        mail_sha256,
        papers,
    })
}

/// Each letter is a part of what is approved.
fn write_letters(workspace: &Workspace, manifest: &mut DistributionManifest) -> Result<()> {
    let gaiji = workspace.gaiji()?;
    let hashes: Result<Vec<String>> =
        manifest.recipients.iter().map(|to| Ok(sha256_hex(&letter(manifest, to, gaiji)?))).collect();
    manifest.recipients.iter_mut().zip(hashes?).for_each(|(to, sha256)| to.letter_sha256 = sha256);
    Ok(())
}

/// So is each mail.
fn write_mails(manifest: &mut DistributionManifest) -> Result<()> {
    let mails: Result<Vec<Option<RecipientMail>>> =
        manifest.recipients.iter().map(|to| RecipientMail::of(manifest, to)).collect();
    let hashes = mails?.into_iter().map(|mail| mail.map_or_else(String::new, |mail| mail.sha256()));
    manifest.recipients.iter_mut().zip(hashes).for_each(|(to, sha256)| to.mail_sha256 = sha256);
    Ok(())
}

/// The rows of the ledger: one for each recipient and paper that leaves.
fn rows(manifest: &DistributionManifest, of: &Distribution) -> Vec<Delivery> {
    let mut out = Vec::new();
    for to in manifest.recipients.iter().filter(|to| to.delivered.is_none()) {
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

/// And one for each recipient and address.
fn mails(manifest: &DistributionManifest, of: &Distribution) -> Vec<Mail> {
    let Some(words) = &manifest.mail else { return Vec::new() };
    let mut out = Vec::new();
    for to in &manifest.recipients {
        out.extend(to.addresses.iter().map(|address| Mail {
            distribution: of.number,
            recipient: to.code.clone(),
            address: address.to_string(),
            message_id: message_id(&of.manifest_sha256, &to.code, (&words.from, address)),
            state: DeliveryState::Prepared,
            attempts: 0,
            changed_at: of.made_at,
            next_at: None,
            detail: String::new(),
        }));
    }
    out
}
