//! From a question as text to its answer: read, allowed, counted, written down.

use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::answer::{Answer, Links};
use super::basis::{facts, firmness, sentence};
use super::breakdown::breakdown;
use super::changes::changes;
use super::compared::{Known, compared};
use super::faults::{Field, FieldFault};
use super::figures::{TierFigure, is_unknown, tier_figure};
use super::law::mamis;
use super::number::{answer_number, is_same};
use super::pages::ROWS_OF_A_PAGE;
use super::persons::{PersonList, Slice, persons};
use super::resolve::{Area, Asked, Ground, resolve};
use super::scope::{Scopes, TierScope, area_name, scopes};
use super::text::AskedText;
use super::veil::Veil;
use super::viewer::Viewer;
use crate::clock::tokyo_day;
use crate::domain::as_of::AsOf;
use crate::error::Failure;
use crate::service::keep::{Workspace, steadily};
use crate::service::known::kept_vintages::KeptVintages;
use crate::service::known::vintage::Vintage;
use crate::service::questions::count::count;

/// How much of the list of persons is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The page that the question names.
    Page,
    /// All, for files.
    Whole,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing was asked.
    Unasked,
    /// Fields are wrong, or the asker may not see it, or nothing is known.
    Faulty(Vec<FieldFault>),
    /// The answer.
    Answered(Box<Answer>),
}

impl Outcome {
    /// The status of a page that says it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unasked | Self::Answered(_) => 200,
            Self::Faulty(faults) if faults.iter().any(FieldFault::is_refusal) => 403,
            Self::Faulty(_) => 400,
        }
    }
}

/// Answers a question, as far as the asker may see the answer.
///
/// # Errors
/// When the store or the timeline cannot be read. What is wrong with the question is an outcome, and no error.
pub async fn ask(
    (workspace, kept): (&Workspace, &KeptVintages),
    text: &AskedText,
    viewer: &Viewer,
    extent: Extent,
) -> Result<Outcome> {
    if text.is_empty() {
        return Ok(Outcome::Unasked);
    }
    steadily(workspace, async || match answered((workspace, kept), text, viewer, extent).await {
        Ok(answer) => Ok(Outcome::Answered(Box::new(answer))),
        Err(Unanswered::Faulty(faults)) => Ok(Outcome::Faulty(faults)),
        Err(Unanswered::Failed(error)) => Err(error),
    })
    .await
}

/// Why there is no answer.
enum Unanswered {
    Faulty(Vec<FieldFault>),
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Unanswered {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<FieldFault> for Unanswered {
    fn from(fault: FieldFault) -> Self {
        Self::Faulty(vec![fault])
    }
}

async fn answered(
    (workspace, kept): (&Workspace, &KeptVintages),
    text: &AskedText,
    viewer: &Viewer,
    extent: Extent,
) -> Result<Answer, Unanswered> {
    let today = tokyo_day(workspace.clock.now());
    let associations = kept.associations(workspace).await.context("reading the associations")?;
    if associations.is_empty() {
        return Err(FieldFault::new(Field::Whole, "ASK-032", Vec::new()).into());
    }
    let ground = Ground { today, associations: &associations, vocabulary: &workspace.vocabulary, viewer };
    let mut asked = resolve(text, &ground).map_err(Unanswered::Faulty)?;
    // Nothing that is counted is looked at before it is clear that the asker may see it.
    let mut scopes = scopes(&asked, &associations, viewer)?;
    if !viewer.persons {
        check_newest((workspace, kept), &asked).await?;
    }
    let vintages = vintages((workspace, kept), &asked).await?;
    let veil = match vintages.last().filter(|_| !viewer.persons) {
        Some(vintage) => Some(Veil::drawn(vintage, workspace.config.web.smallest_shown)?),
        None => None,
    };
    if let Some(veil) = &veil {
        asked.on = veiled_day(&asked, text, veil)?;
        scopes = self::scopes(&asked, &associations, viewer)?;
    }
    let mut known = Vec::with_capacity(vintages.len());
    for vintage in &vintages {
        let figures = figures(vintage, &asked, &scopes)?;
        let firmness = firmness(workspace, vintage, &asked, &scopes, &figures)?;
        let figures = match &veil {
            Some(veil) => figures.into_iter().map(|figure| veil.over(&asked, figure)).collect(),
            None => figures,
        };
        known.push(Known { vintage, figures, firmness });
    }
    let compared = compared(&asked, &known);
    let newest = known.pop().context("at least one day is known")?;
    if newest.figures.iter().all(|figure| figure.memberships.is_none() && !figure.is_masked) {
        return Err(unknown(newest.vintage, &asked, &scopes)?.into());
    }
    let about = About { workspace, kept, text, viewer, veil: veil.as_ref(), asked: &asked, scopes: &scopes };
    let heads: Vec<&str> = vintages.iter().map(|vintage| vintage.head.as_str()).collect();
    let answer = about.answer(newest, extent, &heads.join(".")).await?;
    for vintage in &vintages {
        workspace.check_head(&vintage.store_head).await?;
    }
    Ok(Answer { compared, ..answer })
}

/// Refuses any day to know from but the newest: two of them would tell of one late filing.
async fn check_newest((workspace, kept): (&Workspace, &KeptVintages), asked: &Asked) -> Result<(), Unanswered> {
    if asked.known.is_empty() {
        return Ok(());
    }
    let newest = kept.vintage(workspace, None).await?.known_at.0;
    match asked.known.iter().find(|day| **day != newest) {
        None => Ok(()),
        Some(day) => {
            let words = vec![day.to_string(), newest.to_string()];
            Err(FieldFault::new(Field::Known, "ASK-051", words).into())
        }
    }
}

/// The day that is asked about; the newest that may be asked about where none is written.
fn veiled_day(asked: &Asked, text: &AskedText, veil: &Veil<'_>) -> Result<NaiveDate, FieldFault> {
    let days = veil.days();
    let newest = days.last().copied();
    match newest.filter(|_| text.on.is_empty()) {
        Some(newest) => Ok(newest),
        None if days.contains(&asked.on) => Ok(asked.on),
        None => {
            let before = days.iter().rfind(|day| **day < asked.on).or(days.first());
            let said = before.map_or("…".to_string(), ToString::to_string);
            Err(FieldFault::new(Field::On, "ASK-050", vec![asked.on.to_string(), said]))
        }
    }
}

/// What was known on each day that is asked for, ascending.
async fn vintages(
    (workspace, kept): (&Workspace, &KeptVintages),
    asked: &Asked,
) -> Result<Vec<Arc<Vintage>>, Unanswered> {
    let mut out: Vec<Arc<Vintage>> = Vec::new();
    let days = asked.known.iter().copied().map(Some).chain(asked.newest.then_some(None));
    for day in days {
        let vintage = match kept.vintage(workspace, day).await {
            Ok(vintage) => vintage,
            Err(error) => return Err(not_opened((workspace, kept), day, error).await),
        };
        // The newest day may be one of those that were written.
        if out.last().is_none_or(|last| last.known_at != vintage.known_at) {
            out.push(vintage);
        }
    }
    Ok(out)
}

async fn not_opened(
    (workspace, kept): (&Workspace, &KeptVintages),
    day: Option<NaiveDate>,
    error: anyhow::Error,
) -> Unanswered {
    let given = day.map_or(String::new(), |day| day.to_string());
    let failure = Failure::of(&error);
    match failure.code {
        "QRY-001" => {
            let first = kept.vintage(workspace, None).await.map(|newest| newest.export_days().first().copied());
            let first = first.ok().flatten().map_or("…".to_string(), |first| first.to_string());
            FieldFault::new(Field::Known, "ASK-004", vec![given, first]).into()
        }
        "QRY-002" => {
            let newest = failure.detail.rsplit(' ').next().unwrap_or_default().to_string();
            FieldFault::new(Field::Known, "ASK-005", vec![given, newest]).into()
        }
        "QRY-003" => FieldFault::new(Field::Whole, "ASK-032", Vec::new()).into(),
        _ => Unanswered::Failed(error),
    }
}

fn figures(vintage: &Vintage, asked: &Asked, scopes: &Scopes) -> Result<Vec<TierFigure>> {
    scopes.tiers.iter().map(|scope| tier_figure(vintage, asked, scope)).collect()
}

/// Why nothing is known of the day or the bodies.
fn unknown(vintage: &Vintage, asked: &Asked, scopes: &Scopes) -> Result<FieldFault> {
    let scope = scopes.tiers.first().context("an area has a tier")?;
    let (code, detail) = match count(vintage, AsOf(asked.on), &scope.question(Vec::new())) {
        Err(error) if is_unknown(&error) => (Failure::of(&error).code, Failure::of(&error).detail),
        Err(error) => return Err(error),
        Ok(_) => ("QRY-010", asked.on.to_string()),
    };
    Ok(match code {
        "QRY-011" => {
            let name = area_name(&asked.area, &vintage.associations, asked.on);
            FieldFault::new(Field::Body, "ASK-031", vec![name])
        }
        _ => FieldFault::new(Field::On, "ASK-030", vec![detail]),
    })
}

/// Everything that an answer is about.
struct About<'a> {
    workspace: &'a Workspace,
    kept: &'a KeptVintages,
    text: &'a AskedText,
    viewer: &'a Viewer,
    veil: Option<&'a Veil<'a>>,
    asked: &'a Asked,
    scopes: &'a Scopes,
}

impl About<'_> {
    async fn answer(&self, known: Known<'_>, extent: Extent, head: &str) -> Result<Answer, Unanswered> {
        let Known { vintage, figures, firmness } = known;
        let (asked, viewer) = (self.asked, self.viewer);
        let closing: Vec<(&TierScope, Option<i64>)> =
            self.scopes.tiers.iter().zip(&figures).map(|(scope, figure)| (scope, figure.memberships)).collect();
        let mamis = mamis((self.workspace, self.kept), vintage, asked, &self.scopes.tiers, viewer).await?;
        let question = self.canonical(vintage);
        let number = answer_number(&question.query(), &vintage.basis(), &figures);
        let pinned = AskedText { head: head.to_string(), ..question.clone() };
        let newest = AskedText { known: Vec::new(), ..question };
        let persons = self.persons(vintage, &figures, extent).await?;
        let person_keys = persons.as_ref().map_or(Vec::new(), |list| list.keys.clone());
        Ok(Answer {
            on: asked.on,
            known_at: vintage.known_at.0,
            figures: figures.iter().map(|figure| (figure.tier, figure.memberships, figure.heads)).collect(),
            sentences: figures.iter().map(|figure| sentence(vintage, asked, figure, &firmness)).collect(),
            firmness: firmness.word,
            facts: facts(vintage, asked, &figures, &firmness, viewer),
            notices: self.notices(vintage, head, &number),
            remarks: self.remarks(),
            compared: None,
            changes: changes(vintage, asked, &closing, (viewer, self.veil))?,
            breakdown: breakdown(vintage, asked, &figures),
            mamis_sentence: mamis.sentence,
            mamis: mamis.table,
            persons: persons.map(|list| (list.table, list.pages)),
            person_keys,
            links: Links { pinned: pinned.query(), newest: newest.query() },
            number,
        })
    }

    async fn persons(
        &self,
        vintage: &Vintage,
        figures: &[TierFigure],
        extent: Extent,
    ) -> Result<Option<PersonList>, Unanswered> {
        if !self.viewer.persons {
            return Ok(None);
        }
        let page = self.asked.page;
        let from = (page - 1).saturating_mul(ROWS_OF_A_PAGE);
        let slice = match extent {
            Extent::Page => Slice { from, to: from.saturating_add(ROWS_OF_A_PAGE) },
            Extent::Whole => Slice { from: 0, to: usize::MAX },
        };
        let tiers: Vec<(&TierScope, &TierFigure)> = self.scopes.tiers.iter().zip(figures).collect();
        let found = persons(self.workspace, vintage, self.asked, &tiers, slice).await?;
        if extent == Extent::Page && page > found.pages.n_pages() {
            return Err(FieldFault::new(Field::Page, "ASK-023", vec![page.to_string()]).into());
        }
        Ok(Some(found))
    }

    /// The question with every field as codes and days, and without what depends on today.
    fn canonical(&self, vintage: &Vintage) -> AskedText {
        let asked = self.asked;
        let mut known: Vec<String> = asked.known.iter().map(ToString::to_string).collect();
        let newest = vintage.known_at.0.to_string();
        if !known.contains(&newest) {
            known.push(newest);
        }
        let (prefecture, body) = match &asked.area {
            Area::All => (String::new(), String::new()),
            Area::Prefecture(code) => (code.clone(), String::new()),
            Area::Body(id) => {
                (String::new(), vintage.associations.get(*id).map_or(String::new(), |body| body.code.clone()))
            }
        };
        AskedText {
            on: asked.on.to_string(),
            known,
            tier: asked.tier.map_or(String::new(), |tier| tier.code().to_string()),
            prefecture,
            body,
            class: asked.class.map_or(String::new(), |class| class.code().to_string()),
            by: asked.by.iter().map(|dimension| dimension.code().to_string()).collect(),
            ..AskedText::default()
        }
    }

    /// What a pinned address or an answer number that was handed in has to do with this answer.
    fn notices(&self, vintage: &Vintage, head: &str, number: &str) -> Vec<FieldFault> {
        let mut out = Vec::new();
        let text = self.text;
        if !text.head.is_empty() && text.head != head {
            let words = vec![vintage.known_at.0.to_string(), text.head.clone(), head.to_string()];
            out.push(FieldFault::new(Field::Whole, "ASK-040", words));
        }
        if !text.number.is_empty() {
            let code = if is_same(&text.number, number) { "ASK-041" } else { "ASK-042" };
            out.push(FieldFault::new(Field::Whole, code, vec![text.number.clone(), number.to_string()]));
        }
        out
    }

    fn remarks(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.scopes.is_cut {
            out.push("このアカウントで見られない階層は、含めていません。".to_string());
        }
        if !self.viewer.persons {
            out.push(
                "人数だけを見るアカウントのため、名簿、会員区分や年齢などの内訳、異動の内訳は示しません。".to_string(),
            );
            let smallest = self.workspace.config.web.smallest_shown;
            out.push(format!(
                "基準日は月末と12月1日、時点は最新だけです。{smallest} 人に満たない人数や増減が分かる数は x とします。"
            ));
        }
        out
    }
}
