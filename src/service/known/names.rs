//! What people name on the command line: bodies, prefectures, tiers, classes, breakdowns. One reading for all commands.
//!
//! What is accepted is exact (R12); what is not found is answered with what could have been meant, or with everything
//! that can be said. Machine names keep working beside the Japanese ones.

use crate::service::keep::choices::{Choice, list, with_list};
use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::association::{Association, Associations, CallMiss, Tier};
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::spelling_key;
use crate::domain::grouping::Dimension;
use crate::domain::layout::Vocabulary;
use crate::domain::prefecture::prefecture_number;
use crate::domain::text::body_name_key;
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
        let all = || reported_bodies(associations, word, day);
        missed("--association", word, &miss, day, all).into()
    })
}

/// The code of the prefecture that `--prefecture` names, as the master writes it.
///
/// # Errors
/// As [`association`], of prefectures.
pub fn prefecture<'a>(associations: &'a Associations, word: &str, day: NaiveDate) -> Result<&'a str> {
    associations.prefecture_called(word, day).map_err(|miss| {
        let told = |body: &Association| Choice::new(body.span_on(day).short_name.as_str(), body.prefecture.as_str());
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
        let all = Tier::ALL.map(|tier| Choice::new(tier.label(), tier.code()));
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
        let all = NationalClass::ALL.map(|class| Choice::new(class.label(), class.code()));
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
    let all = allowed.iter().map(|one| Choice::new(one.label(), one.code()));
    let all: Vec<Choice> = std::iter::once(Choice::new("階層", "tier")).chain(all).collect();
    with_list(Failure::usage("QRY-005", format!("--by {word}")), word, &all)
}

/// A body as people read it beside its code: 川越市（11-004）.
pub fn named(body: &Association, day: NaiveDate) -> String {
    format!("{}（{}）", body.span_on(day).short_name, body.code)
}

/// Bodies that can be named where none comes near to a word: those of the prefecture that a code begins with, else all;
/// none where they would fill a page.
fn reported_bodies(associations: &Associations, word: &str, day: NaiveDate) -> Vec<Choice> {
    let of_code = word.split_once('-').and_then(|(prefecture, _)| prefecture_number(prefecture));
    let is_reported = |body: &&Association| {
        let of_prefecture = of_code.is_none_or(|number| prefecture_number(&body.prefecture) == Some(number));
        let of_tier = of_code.is_none() || body.tier == Tier::Local;
        of_prefecture && of_tier && body.exists_on(day)
    };
    let told = |body: &Association| Choice::new(body.span_on(day).short_name.as_str(), body.code.as_str());
    let told: Vec<Choice> = associations.on(day).into_iter().filter(is_reported).map(told).collect();
    if told.len() > MOST_TOLD { Vec::new() } else { told }
}

/// The failure of a name that nobody has, or several have.
fn missed(option: &str, word: &str, miss: &CallMiss<'_>, day: NaiveDate, all: impl Fn() -> Vec<Choice>) -> Failure {
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::messages::{Lang, message_of};
    use crate::written::{day, local, row, with_top};

    fn master(n_more: usize) -> Associations {
        let mut rows = with_top(vec![
            local("11-001", "中央", ["", ""], &[]),
            local("11-002", "川越市", ["", ""], &[]),
            row("P12", Tier::Prefectural, "千葉県", "JMA", ["", ""], &[]),
            row("12-001", Tier::Local, "中央", "P12", ["", ""], &[]),
        ]);
        rows.extend((0..n_more).map(|n| local(&format!("11-{:03}", 100 + n), &format!("第{n}"), ["", ""], &[])));
        Associations::new(rows).expect("the master is sound")
    }

    /// Code of the failure, and what its detail says.
    fn said(error: &anyhow::Error) -> (&'static str, String) {
        let failure = Failure::of(error);
        let detail = failure.details.first().map(|detail| message_of(detail.code, Lang::Ja, &detail.words).text);
        (failure.code, detail.unwrap_or_default())
    }

    #[rstest]
    #[case::several("中央", "QRY-014", "中央（11-001）、中央（12-001）のことではありませんか")]
    #[case::near("川越", "QRY-004", "川越市（11-002）のことではありませんか")]
    #[case::code_of_a_prefecture("12-999", "QRY-004", "使えるもの: 中央（12-001）")]
    #[case::nothing_near(
        "ほげ",
        "QRY-004",
        "使えるもの: 中央（11-001）、川越市（11-002）、中央（12-001）、埼玉県（P11）、千葉県（P12）、日本（JMA）"
    )]
    fn body_that_is_not_clear_is_answered(#[case] word: &str, #[case] code: &str, #[case] detail: &str) {
        let master = master(0);
        let error = association(&master, word, day("2025-12-01")).expect_err("the word is not clear");
        assert_eq!(said(&error), (code, detail.to_string()));
    }

    #[test]
    fn page_of_names_is_not_told() {
        let master = master(MOST_TOLD);
        let error = association(&master, "ほげ", day("2025-12-01")).expect_err("nobody has the name");
        assert_eq!(said(&error), ("QRY-004", String::new()));
    }

    #[rstest]
    #[case::code("prefectural", Some(Tier::Prefectural))]
    #[case::printed("都道府県", Some(Tier::Prefectural))]
    #[case::with_the_kind_of_body("郡市区等医師会", Some(Tier::Local))]
    #[case::short("日医", Some(Tier::National))]
    #[case::whole("日本医師会", Some(Tier::National))]
    #[case::full_width("ｌｏｃａｌ", Some(Tier::Local))]
    #[case::none("市", None)]
    fn tier_has_names(#[case] word: &str, #[case] expected: Option<Tier>) {
        assert_eq!(tier(word).ok(), expected);
    }

    #[rstest]
    #[case::code("A2B", Some(NationalClass::A2B))]
    #[case::small_letters("a1", Some(NationalClass::A1))]
    #[case::printed("A②(C)", Some(NationalClass::A2C))]
    #[case::full_width("Ａ①", Some(NationalClass::A1))]
    #[case::unknown("不明", Some(NationalClass::Unknown))]
    #[case::spelling_of_the_vocabulary("甲会員", Some(NationalClass::B))]
    #[case::none("丙", None)]
    fn class_has_names(#[case] word: &str, #[case] expected: Option<NationalClass>) {
        let classes = [("甲会員".to_string(), NationalClass::B)].into();
        let vocabulary = Vocabulary { classes, ..Vocabulary::default() };
        assert_eq!(class(&vocabulary, word).ok(), expected);
    }

    #[test]
    fn breakdown_is_read_in_both_languages_and_once() {
        let words = |text: &str| vec![text.to_string()];
        let read = |text: &str, allowed: &[Dimension]| breakdown(&words(text), allowed).ok();
        assert_eq!(
            read("階層、区分，class,tier", &Dimension::ALL),
            Some(vec![Dimension::Class]),
            "the tier is always there, and a word counts once"
        );
        assert_eq!(read("性別", &[Dimension::Class]), None);
        assert_eq!(read("", &Dimension::ALL), Some(Vec::new()));
    }
}
