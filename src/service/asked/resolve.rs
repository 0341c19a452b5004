//! From text to a question: every field read, every fault told beside its field, nothing looked at that counts.

use chrono::NaiveDate;

use super::faults::{Field, FieldFault};
use super::text::AskedText;
use super::viewer::{Bodies, Viewer};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day_words::{DayFault, read_day_words};
use crate::domain::grouping::Dimension;
use crate::domain::ids::AssociationId;
use crate::domain::layout::Vocabulary;
use crate::domain::prefecture::prefecture_name;
use crate::error::{Detail, Failure};
use crate::service::known::names;

/// So many days can stand beside each other.
const MOST_KNOWN: usize = 3;

/// A longer word is the name of nothing, and would only be compared with every name.
const LONGEST_WORD: usize = 60;

/// What number-only askers may break down by: the sums among which small numbers are hidden (`veil`).
pub(super) const OF_NUMBERS: [Dimension; 2] = [Dimension::Prefecture, Dimension::Association];

/// Which bodies a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Area {
    /// All.
    All,
    /// Those of a prefecture, by its code.
    Prefecture(String),
    /// One.
    Body(AssociationId),
}

/// A question that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) on: NaiveDate,
    /// Ascending.
    pub(super) known: Vec<NaiveDate>,
    /// Whether what is known by now is asked for, alone or beside these days.
    pub(super) newest: bool,
    /// Of a body its own; `None` for all that the area has.
    pub(super) tier: Option<Tier>,
    pub(super) area: Area,
    pub(super) class: Option<NationalClass>,
    pub(super) by: Vec<Dimension>,
    /// From 1.
    pub(super) page: usize,
}

/// What a question is read on.
pub(super) struct Ground<'a> {
    pub(super) today: NaiveDate,
    pub(super) associations: &'a Associations,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) viewer: &'a Viewer,
}

/// Reads a question.
///
/// # Errors
/// Everything that is wrong, field by field.
pub(super) fn resolve(text: &AskedText, ground: &Ground<'_>) -> Result<Asked, Vec<FieldFault>> {
    let mut faults = text.strange.clone();
    let on = on(text, ground.today).map_err(|fault| faults.push(fault)).ok();
    // Names are those of the day; of one that cannot be read those of today.
    let day = on.unwrap_or(ground.today);
    let known = known(text, ground.today, &mut faults);
    let tier = tier(text).unwrap_or_else(|fault| keep(&mut faults, fault));
    let prefecture = prefecture(text, ground, day).unwrap_or_else(|fault| keep(&mut faults, fault));
    let body = body(text, ground, tier, day).unwrap_or_else(|fault| keep(&mut faults, fault));
    let class = class(text, ground).unwrap_or_else(|fault| keep(&mut faults, fault));
    let by = by(text, ground.viewer).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let page = page(text).map_err(|fault| faults.push(fault)).unwrap_or(1);
    faults.extend(body.into_iter().flat_map(|body| disagreeing(body, tier, prefecture.as_deref(), day)));
    let area = match (body, prefecture) {
        (Some(body), _) => Some(Area::Body(body.id)),
        (None, Some(code)) => Some(Area::Prefecture(code)),
        (None, None) => own_area(ground, tier),
    };
    if area.is_none() && text.body.is_empty() && text.prefecture.is_empty() {
        faults.push(FieldFault::new(Field::Body, "ASK-022", Vec::new()));
    }
    match (on, area) {
        (Some(on), Some(area)) if faults.is_empty() => {
            let tier = body.map(|body| body.tier).or(tier);
            let newest = known.is_empty() || text.known.iter().any(|one| is_newest(one));
            Ok(Asked { on, known, newest, tier, area, class, by, page })
        }
        _ => Err(faults),
    }
}

fn keep<T>(faults: &mut Vec<FieldFault>, fault: FieldFault) -> Option<T> {
    faults.push(fault);
    None
}

/// The day that is asked about; today where none is written.
fn on(text: &AskedText, today: NaiveDate) -> Result<NaiveDate, FieldFault> {
    match text.on.as_str() {
        "" => Ok(today),
        written => read_day_words(written, today).map_err(|why| no_day(Field::On, "ASK-001", written, &why)),
    }
}

fn no_day(field: Field, code: &'static str, written: &str, why: &DayFault) -> FieldFault {
    let detail = why.code().map(|code| Detail::of_words(code, why.words()));
    FieldFault::new(field, code, vec![written.to_string()]).with(detail)
}

/// The days to know from, ascending.
fn known(text: &AskedText, today: NaiveDate, faults: &mut Vec<FieldFault>) -> Vec<NaiveDate> {
    if text.known.len() > MOST_KNOWN {
        faults.push(FieldFault::new(Field::Known, "ASK-006", vec![text.known.len().to_string()]));
        return Vec::new();
    }
    let mut days: Vec<NaiveDate> = Vec::new();
    for one in text.known.iter().filter(|one| !is_newest(one)) {
        match read_day_words(one, today) {
            Ok(day) if day > today => {
                faults.push(FieldFault::new(Field::Known, "ASK-003", vec![day.to_string(), today.to_string()]));
            }
            Ok(day) if days.contains(&day) => {
                faults.push(FieldFault::new(Field::Known, "ASK-007", vec![day.to_string()]));
            }
            Ok(day) => days.push(day),
            Err(why) => faults.push(no_day(Field::Known, "ASK-002", one, &why)),
        }
    }
    days.sort_unstable();
    days
}

fn is_newest(word: &str) -> bool {
    ["最新", "newest"].contains(&word)
}

fn tier(text: &AskedText) -> Result<Option<Tier>, FieldFault> {
    if text.tier.is_empty() {
        return Ok(None);
    }
    let fault = || FieldFault::new(Field::Tier, "ASK-010", vec![text.tier.clone()]);
    names::tier(&text.tier).map(Some).map_err(|_| fault())
}

fn prefecture(text: &AskedText, ground: &Ground<'_>, day: NaiveDate) -> Result<Option<String>, FieldFault> {
    let written = text.prefecture.as_str();
    if written.is_empty() {
        return Ok(None);
    }
    let fault = FieldFault::new(Field::Prefecture, "ASK-011", vec![written.to_string()]);
    if is_too_long(written) {
        return Err(fault);
    }
    let code = names::prefecture(ground.associations, written, day);
    code.map(|code| Some(code.to_string())).map_err(|error| fault.with(Failure::of(&error).details))
}

fn is_too_long(word: &str) -> bool {
    word.chars().count() > LONGEST_WORD
}

fn body<'a>(
    text: &AskedText,
    ground: &Ground<'a>,
    tier: Option<Tier>,
    day: NaiveDate,
) -> Result<Option<&'a Association>, FieldFault> {
    let written = text.body.as_str();
    if written.is_empty() {
        return Ok(None);
    }
    let fault = |code| FieldFault::new(Field::Body, code, vec![written.to_string()]);
    if is_too_long(written) {
        return Err(fault("ASK-012"));
    }
    if let Some(body) = code_in_brackets(written).and_then(|code| ground.associations.by_code(code)) {
        return Ok(Some(body));
    }
    names::association_preferring(ground.associations, written, tier, day).map(Some).map_err(|error| {
        let failure = Failure::of(&error);
        fault(if failure.code == "QRY-014" { "ASK-013" } else { "ASK-012" }).with(failure.details)
    })
}

/// The code of 浦和（11-001）, as suggestions and answers name a body.
fn code_in_brackets(written: &str) -> Option<&str> {
    let inside = written.strip_suffix(['）', ')'])?;
    inside.rsplit_once(['（', '(']).map(|(_, code)| code.trim())
}

fn class(text: &AskedText, ground: &Ground<'_>) -> Result<Option<NationalClass>, FieldFault> {
    let written = text.class.as_str();
    if written.is_empty() {
        return Ok(None);
    }
    if !ground.viewer.persons {
        return Err(FieldFault::new(Field::Class, "ASK-021", Vec::new()));
    }
    let fault = FieldFault::new(Field::Class, "ASK-014", vec![written.to_string()]);
    names::class(ground.vocabulary, written).map(Some).map_err(|error| fault.with(Failure::of(&error).details))
}

fn by(text: &AskedText, viewer: &Viewer) -> Result<Vec<Dimension>, FieldFault> {
    let by = names::breakdown(&text.by, &Dimension::ALL).map_err(|error| {
        let failure = Failure::of(&error);
        let word = failure.detail.strip_prefix("--by ").unwrap_or(&failure.detail).to_string();
        FieldFault::new(Field::By, "ASK-015", vec![word])
    })?;
    match viewer.persons || by.iter().all(|dimension| OF_NUMBERS.contains(dimension)) {
        true => Ok(by),
        false => Err(FieldFault::new(Field::By, "ASK-021", Vec::new())),
    }
}

fn page(text: &AskedText) -> Result<usize, FieldFault> {
    match text.page.as_str() {
        "" => Ok(1),
        written => {
            let page = written.parse().ok().filter(|page| *page > 0);
            page.ok_or_else(|| FieldFault::new(Field::Page, "ASK-023", vec![written.to_string()]))
        }
    }
}

/// A body beside a tier or a prefecture that are not its own.
fn disagreeing(
    body: &Association,
    tier: Option<Tier>,
    prefecture: Option<&str>,
    day: NaiveDate,
) -> impl Iterator<Item = FieldFault> {
    let named = names::named(body, day);
    let of_tier = tier.filter(|tier| *tier != body.tier).map(|tier| {
        let words = vec![named.clone(), body.tier.label().to_string(), tier.label().to_string()];
        FieldFault::new(Field::Tier, "ASK-016", words)
    });
    let of_prefecture = prefecture.filter(|code| *code != body.prefecture).map(|code| {
        let prefecture = prefecture_name(code).unwrap_or(code).to_string();
        FieldFault::new(Field::Prefecture, "ASK-017", vec![named.clone(), prefecture])
    });
    of_tier.into_iter().chain(of_prefecture)
}

/// The area that an asker means who names none: everything, or all that is hers where that is one prefecture or body.
fn own_area(ground: &Ground<'_>, tier: Option<Tier>) -> Option<Area> {
    let viewer = ground.viewer;
    let Bodies::Only(codes) = &viewer.bodies else { return Some(Area::All) };
    if tier == Some(Tier::National) && viewer.national {
        return Some(Area::All);
    }
    let own: Vec<&Association> = codes.iter().filter_map(|code| ground.associations.by_code(code)).collect();
    let [first, ..] = own.as_slice() else { return None };
    if own.len() == 1 {
        return Some(Area::Body(first.id));
    }
    let of_prefecture = ground.associations.ranks_of_prefecture(&first.prefecture).len();
    let is_one = own.iter().all(|body| body.prefecture == first.prefecture) && own.len() == of_prefecture;
    is_one.then(|| Area::Prefecture(first.prefecture.clone()))
}
