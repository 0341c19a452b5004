//! What people name on the command line: bodies, prefectures, tiers, classes, breakdowns. One reading for all commands.
//!
//! What is accepted is exact (R12); what is not found is answered with what could have been meant, or with everything
//! that can be said. Machine names keep working beside the Japanese ones.

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::association::{Association, Associations, CallMiss, Tier};
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::spelling_key;
use crate::domain::grouping::Dimension;
use crate::domain::layout::Vocabulary;
use crate::domain::prefecture::prefecture_number;
use crate::domain::text::{body_name_key, nearest};
use crate::error::{Detail, Failure};
use crate::ingest::fold;

/// The most bodies that are told where none has the name.
const MOST_TOLD: usize = 60;

/// The body that `--association` names on a day.
///
/// # Errors
/// [`Failure`] QRY-004 with what could be meant when no body has the code or name, QRY-014 when several have it.
pub fn association<'a>(associations: &'a Associations, word: &str, day: NaiveDate) -> Result<&'a Association> {
    association_preferring(associations, word, None, day)
}

/// As [`association`]; of several bodies with the name the one of a tier is meant.
///
/// # Errors
/// As [`association`].
pub fn association_preferring<'a>(
    associations: &'a Associations,
    word: &str,
    tier: Option<Tier>,
    day: NaiveDate,
) -> Result<&'a Association> {
    let of_tier = tier.and_then(|tier| associations.called(word, Some(tier), day).ok());
    of_tier.map_or_else(|| associations.called(word, None, day), Ok).map_err(|miss| {
        let all = || told_bodies(associations, word, day);
        missed("--association", word, &miss, day, all).into()
    })
}

/// The code of the prefecture that `--prefecture` names, as the master writes it.
///
/// # Errors
/// As [`association`], of prefectures.
pub fn prefecture<'a>(associations: &'a Associations, word: &str, day: NaiveDate) -> Result<&'a str> {
    associations.prefecture_called(word, day).map_err(|miss| {
        let told = |body: &Association| Told::new(body.span_on(day).short_name.as_str(), body.prefecture.as_str());
        let all = || associations.of_tier(Tier::Prefectural).map(told).collect();
        missed("--prefecture", word, &miss, day, all).into()
    })
}

/// The tier that `--tier` names: local, 郡市区等, 日医 and the like, with or without 医師会.
///
/// # Errors
/// [`Failure`] QRY-008 when there is no such tier.
pub fn tier(word: &str) -> Result<Tier> {
    let key = spelling_key(word);
    let of_code = Tier::ALL.into_iter().find(|tier| spelling_key(tier.code()) == key);
    let tier = of_code.or_else(|| Tier::from_text(&key)).or_else(|| Tier::from_text(&body_name_key(&key)));
    tier.ok_or_else(|| {
        let all = Tier::ALL.map(|tier| Told::new(tier.label(), tier.code()));
        with_list(Failure::usage("QRY-008", word), word, &all).into()
    })
}

/// The class that `--class` names: A2B, as printed, or any spelling of the vocabulary.
///
/// # Errors
/// [`Failure`] QRY-009 when there is no such class.
pub fn class(vocabulary: &Vocabulary, word: &str) -> Result<NationalClass> {
    let key = fold(word);
    let is_own = |class: &NationalClass| [class.code(), class.label()].into_iter().any(|name| fold(name) == key);
    let own = NationalClass::ALL.into_iter().find(is_own);
    let spelled = || vocabulary.classes.iter().find(|(spelling, _)| fold(spelling) == key).map(|(_, class)| *class);
    own.or_else(spelled).ok_or_else(|| {
        let all = NationalClass::ALL.map(|class| Told::new(class.label(), class.code()));
        Failure { details: Box::new([list(&all)]), ..Failure::usage("QRY-009", word) }.into()
    })
}

/// What `--by` asks for, each once; the tier is always there. Words may also stand between 、 and ，.
///
/// # Errors
/// [`Failure`] QRY-005 for a word that is none of the breakdowns that a command can give.
pub fn breakdown(words: &[String], allowed: &[Dimension]) -> Result<Vec<Dimension>> {
    let mut by = Vec::new();
    for word in words.iter().flat_map(|word| word.split(['、', '，', ','])).map(str::trim) {
        if word.is_empty()
            || ["tier", "階層", "階層別", "三層"].iter().any(|tier| spelling_key(tier) == spelling_key(word))
        {
            continue;
        }
        let dimension = Dimension::from_word(word).filter(|dimension| allowed.contains(dimension));
        let dimension = dimension.ok_or_else(|| no_breakdown(word, allowed))?;
        if !by.contains(&dimension) {
            by.push(dimension);
        }
    }
    Ok(by)
}

/// The failure of a breakdown that a command cannot give, with those that it can.
pub fn no_breakdown(word: &str, allowed: &[Dimension]) -> Failure {
    let all = allowed.iter().map(|one| Told::new(one.label(), one.code()));
    let all: Vec<Told> = std::iter::once(Told::new("階層", "tier")).chain(all).collect();
    with_list(Failure::usage("QRY-005", format!("--by {word}")), word, &all)
}

/// A body as people read it beside its code: 川越市（11-004）.
pub fn named(body: &Association, day: NaiveDate) -> String {
    format!("{}（{}）", body.span_on(day).short_name, body.code)
}

/// Something that can be said: its Japanese name and its code. Both are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// As printed; the code itself where there is no other name.
    pub label: String,
    /// Machine name.
    pub code: String,
}

impl Told {
    /// A name and a code.
    pub fn new(label: impl Into<String>, code: impl Into<String>) -> Self {
        Self { label: label.into(), code: code.into() }
    }

    /// A code without another name.
    pub fn of_code(code: impl Into<String>) -> Self {
        let code = code.into();
        Self { label: code.clone(), code }
    }

    fn text(&self) -> String {
        if self.label == self.code { self.code.clone() } else { format!("{}（{}）", self.label, self.code) }
    }
}

/// A failure with everything that could be said, and the word that was probably meant.
pub fn with_list(failure: Failure, word: &str, all: &[Told]) -> Failure {
    let words = all.iter().flat_map(|one| [one.code.as_str(), one.label.as_str()]);
    let meant = nearest(word, words).map(str::to_string);
    Failure { details: Box::new([Detail { meant, ..list(all) }]), ..failure }
}

/// What can be said, with names for Japanese readers and as codes for others.
fn list(all: &[Told]) -> Detail {
    let joined = |text: fn(&Told) -> String, between| all.iter().map(text).collect::<Vec<_>>().join(between);
    Detail::of_words("QRY-015", vec![joined(Told::text, "、"), joined(|one| one.code.clone(), ", ")])
}

/// Bodies that can be named where none comes near to a word: those of the prefecture that a code begins with, else all;
/// none where they would fill a page.
fn told_bodies(associations: &Associations, word: &str, day: NaiveDate) -> Vec<Told> {
    let of_code = word.split_once('-').and_then(|(prefecture, _)| prefecture_number(prefecture));
    let is_told = |body: &&Association| {
        let of_prefecture = of_code.is_none_or(|number| prefecture_number(&body.prefecture) == Some(number));
        let of_tier = of_code.is_none() || body.tier == Tier::Local;
        of_prefecture && of_tier && body.exists_on(day)
    };
    let told = |body: &Association| Told::new(body.span_on(day).short_name.as_str(), body.code.as_str());
    let told: Vec<Told> = associations.on(day).into_iter().filter(is_told).map(told).collect();
    if told.len() > MOST_TOLD { Vec::new() } else { told }
}

/// The failure of a name that nobody has, or several have.
fn missed(option: &str, word: &str, miss: &CallMiss<'_>, day: NaiveDate, all: impl Fn() -> Vec<Told>) -> Failure {
    let names = |bodies: &[&Association]| bodies.iter().map(|body| named(body, day)).collect::<Vec<_>>().join("、");
    let (code, detail) = match miss {
        CallMiss::Ambiguous(several) => ("QRY-014", Some(Detail::of_words("QRY-013", vec![names(several)]))),
        CallMiss::Unknown(near) if near.is_empty() => {
            ("QRY-004", Some(all()).filter(|all| !all.is_empty()).map(|all| list(&all)))
        }
        CallMiss::Unknown(near) => ("QRY-004", Some(Detail::of_words("QRY-013", vec![names(near)]))),
    };
    let details = detail.into_iter().collect();
    Failure { details, ..Failure::usage(code, format!("{option} {word}")) }
}
