//! Finding a body or a prefecture by what people call it, and telling which ones could have been meant.
//!
//! What is accepted is R12: the code, or a name with or without 医師会. What comes near to a name is never accepted,
//! only told.

use chrono::NaiveDate;

use super::readings::{is_reading, reads_as};
use super::{Association, AssociationSpan, Associations, Tier};
use crate::domain::prefecture::{prefecture_name, prefecture_named, prefecture_number};
use crate::domain::text::{body_name_key, distance, fold_width, hiragana, katakana};

/// How many bodies are told where none has the name.
const MOST_CANDIDATES: usize = 3;

/// Ends of names of places that people add or leave out.
const ENDS: [char; 8] = ['市', '区', '町', '村', '郡', '都', '府', '県'];

/// Why a word names no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallMiss<'a> {
    /// No body has that code or name; those that come near to it, the nearest first, at most three.
    Unknown(Vec<&'a Association>),
    /// Several bodies have it, in official order.
    Ambiguous(Vec<&'a Association>),
}

impl Associations {
    /// The body that a word names on a day, of any tier or of one: by its code, zeros restored by value, else by full
    /// name, short name or alias of any of its spans, with or without 医師会, hiragana for katakana. A prefectural body
    /// also goes by the name of its prefecture without 都, 府 or 県 where no other body comes near to that.
    ///
    /// # Errors
    /// [`CallMiss`] when none or several have it. Of several that ever had the name the one that had it on the day is
    /// meant.
    pub fn called<'a>(
        &'a self,
        word: &str,
        tier: Option<Tier>,
        day: NaiveDate,
    ) -> Result<&'a Association, CallMiss<'a>> {
        let is_asked = |body: &&Association| tier.is_none_or(|tier| body.tier == tier);
        let tiers: Vec<Tier> = Tier::ALL.into_iter().filter(|one| tier.is_none_or(|tier| tier == *one)).collect();
        let stages: [&dyn Fn() -> Vec<&'a Association>; 4] = [
            &|| self.by_code(word.trim()).into_iter().filter(is_asked).collect(),
            &|| self.iter().filter(is_asked).filter(|body| code_key(&body.code) == code_key(word)).collect(),
            &|| tiers.iter().flat_map(|tier| self.all_named_on(*tier, word, day)).collect(),
            &|| self.iter().filter(is_asked).filter(|body| has_kana(body, word)).collect(),
        ];
        for stage in stages {
            match stage().as_slice() {
                [] => {}
                [one] => return Ok(*one),
                several => return Err(CallMiss::Ambiguous(several.to_vec())),
            }
        }
        let near = self.near(word, &tiers, Some(day));
        match near.as_slice() {
            [one] if is_prefecture_called(one, word) => Ok(*one),
            _ => Err(CallMiss::Unknown(near)),
        }
    }

    /// The code of the prefecture that a word names, as the master writes it: by the code with or without its zero, the
    /// name with or without 都, 府, 県, or its prefectural body.
    ///
    /// # Errors
    /// As [`Self::called`] of prefectural bodies.
    pub fn prefecture_called(&self, word: &str, day: NaiveDate) -> Result<&str, CallMiss<'_>> {
        let number = prefecture_number(word).or_else(|| prefecture_named(&body_name_key(word)));
        let codes = self.iter().map(|body| body.prefecture.as_str()).filter(|code| !code.is_empty());
        if let Some(code) = number.and_then(|number| codes.into_iter().find(|code| code.parse() == Ok(number))) {
            return Ok(code);
        }
        self.called(word, Some(Tier::Prefectural), day).map(|body| body.prefecture.as_str())
    }

    /// Bodies of a tier that have a name on a day; several where the day does not tell them apart.
    fn all_named_on(&self, tier: Tier, name: &str, day: NaiveDate) -> Vec<&Association> {
        match self.by_name_on(tier, name, day) {
            Ok(body) => vec![body],
            Err(_) => self.named(tier, name).iter().map(|at| &self.ordered[*at]).collect(),
        }
    }

    /// Bodies that come near to a word: those whose names differ by 市 and the like, else that hold it or are held by
    /// it, else a slip of the fingers away; a name typed in kana also where its kanji can be read so. The nearest first, at
    /// most three; of equals those that exist on the day, if one is given, then official order.
    pub fn near(&self, word: &str, tiers: &[Tier], day: Option<NaiveDate>) -> Vec<&Association> {
        let wanted = katakana(&body_name_key(word));
        let mut found: Vec<(usize, bool, usize, &Association)> = self
            .iter()
            .filter(|body| tiers.contains(&body.tier))
            .enumerate()
            .filter_map(|(rank, body)| {
                let farness = names(body).filter_map(|name| farness(&wanted, &katakana(&body_name_key(name)))).min();
                let is_code = word.contains(|letter: char| letter.is_ascii_digit());
                let of_code = (is_code && distance(&code_key(word), &code_key(&body.code)) <= 1).then_some(0);
                Some((
                    farness.into_iter().chain(of_code).min()?,
                    day.is_some_and(|day| !body.exists_on(day)),
                    rank,
                    body,
                ))
            })
            .collect();
        found.sort_by_key(|(farness, is_gone, rank, _)| (*farness, *is_gone, *rank));
        // What only holds the word is no candidate beside one that differs by 市.
        let nearest = found.first().map(|(farness, ..)| *farness);
        found.retain(|(farness, ..)| nearest != Some(0) || *farness == 0);
        found.truncate(MOST_CANDIDATES);
        found.into_iter().map(|(.., body)| body).collect()
    }
}

fn names(body: &Association) -> impl Iterator<Item = &str> {
    body.spans.iter().flat_map(AssociationSpan::names)
}

fn has_kana(body: &Association, word: &str) -> bool {
    let key = katakana(&body_name_key(word));
    names(body).any(|name| katakana(&body_name_key(name)) == key)
}

/// Whether a word is the name of the prefecture of a prefectural body, such as 埼玉.
fn is_prefecture_called(body: &Association, word: &str) -> bool {
    let called = prefecture_named(&body_name_key(word));
    body.tier == Tier::Prefectural
        && called.is_some_and(|number| prefecture_number(&body.prefecture) == Some(number))
        && prefecture_name(&body.prefecture).is_some()
}

/// How far a name is from a word: 0 where they differ by the end of a place, then where one begins with the other, then
/// where one holds the other, then by letters; `None` when nothing connects them.
fn farness(wanted: &str, name: &str) -> Option<usize> {
    let (n_wanted, n_name) = (wanted.chars().count(), name.chars().count());
    // The kind of a place alone says nothing.
    if n_wanted == 0 || n_name == 0 || (n_wanted == 1 && wanted.ends_with(ENDS)) {
        return None;
    }
    let reading = hiragana(wanted);
    if is_reading(&reading)
        && [name, name.strip_suffix(ENDS).unwrap_or(name)].iter().any(|name| reads_as(&hiragana(name), &reading))
    {
        return Some(0);
    }
    let stem = |text: &str, n: usize| if n > 1 { text.strip_suffix(ENDS).unwrap_or(text) } else { text }.to_string();
    let keys = |text: &str, n: usize| [text.to_string(), stem(text, n)];
    if keys(wanted, n_wanted).iter().any(|key| keys(name, n_name).contains(key)) {
        return Some(0);
    }
    let (stem_wanted, stem_name) = (stem(wanted, n_wanted), stem(name, n_name));
    // One letter of the alphabet stands in many names; one kanji says something.
    if n_wanted.min(n_name) > 1 || !wanted.is_ascii() {
        if name.starts_with(&stem_wanted) || wanted.starts_with(&stem_name) {
            return Some(1);
        }
        if name.contains(&stem_wanted) || wanted.contains(&stem_name) {
            return Some(2);
        }
    }
    let n = distance(wanted, name);
    (n <= n_wanted.div_ceil(3) && n < n_wanted).then_some(2 + n)
}

/// The key under which codes are compared: width and case folded, dashes alike, zeros before numbers left out.
fn code_key(code: &str) -> String {
    let folded = fold_width(code.trim()).to_uppercase();
    let mut out = String::with_capacity(folded.len());
    let mut is_inside = false;
    let mut rest = folded.chars().peekable();
    while let Some(letter) = rest.next() {
        let letter = if matches!(letter, '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー') { '-' } else { letter };
        let leads = letter == '0' && !is_inside && rest.peek().is_some_and(char::is_ascii_digit);
        is_inside = letter.is_ascii_digit() && !leads;
        if !leads {
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::association::tests::through_time;
    use crate::written::{day, local, row, with_top};

    /// Codes of a body, of those that could be meant, or of those that have the name.
    fn called(all: &Associations, word: &str, tier: Option<Tier>) -> (&'static str, Vec<String>) {
        let codes = |bodies: Vec<&Association>| bodies.iter().map(|body| body.code.clone()).collect();
        match all.called(word, tier, day("2025-12-01")) {
            Ok(body) => ("is", vec![body.code.clone()]),
            Err(CallMiss::Unknown(near)) => ("near", codes(near)),
            Err(CallMiss::Ambiguous(several)) => ("several", codes(several)),
        }
    }

    fn sample() -> Associations {
        let mut rows = with_top(vec![
            local("11-001", "浦和", ["", ""], &[]),
            local("11-002", "川口市", ["", ""], &[]),
            local("11-003", "大宮", ["", ""], &[]),
            local("11-004", "川越市", ["", ""], &[]),
            local("11-005", "中央", ["", ""], &[]),
            local("11-020", "秩父郡市", ["", ""], &[]),
            row("P12", Tier::Prefectural, "千葉県", "JMA", ["", ""], &[]),
            row("12-001", Tier::Local, "千葉市", "P12", ["", ""], &[]),
            row("12-005", Tier::Local, "中央", "P12", ["", ""], &[]),
            row("P01", Tier::Prefectural, "北海道", "JMA", ["", ""], &[]),
        ]);
        rows[3].span.aliases = vec!["川口".into(), "カワグチ".into()];
        Associations::new(rows).expect("the master is sound")
    }

    #[rstest]
    #[case::code("11-001", "is", &["11-001"])]
    #[case::code_in_small_letters("p11", "is", &["P11"])]
    #[case::full_width_code("１１－００１", "is", &["11-001"])]
    #[case::zeros_lost("11-1", "is", &["11-001"])]
    #[case::zero_lost_of_a_prefecture("P1", "is", &["P01"])]
    #[case::full_name("浦和医師会", "is", &["11-001"])]
    #[case::short_name(" 浦和 ", "is", &["11-001"])]
    #[case::alias("川口", "is", &["11-002"])]
    #[case::kana_of_the_master("かわぐち", "is", &["11-002"])]
    #[case::prefecture("埼玉県", "is", &["P11"])]
    #[case::prefecture_without_its_end("埼玉", "is", &["P11"])]
    #[case::national("日本医師会", "is", &["JMA"])]
    #[case::city_left_out("川越", "near", &["11-004"])]
    #[case::city_added("大宮市", "near", &["11-003"])]
    #[case::prefecture_or_city("千葉", "near", &["P12", "12-001"])]
    #[case::with_its_prefecture("埼玉県川越市医師会", "near", &["P11", "11-004"])]
    #[case::part_of_a_name("秩父", "near", &["11-020"])]
    #[case::one_kanji("秩", "near", &["11-020"])]
    #[case::letter_changed("浦話", "near", &["11-001"])]
    #[case::digit_too_many("11-0001", "is", &["11-001"])]
    #[case::kana_that_nobody_wrote("うらわ", "near", &["11-001"])]
    #[case::kana_of_half_width("ｶﾜｺﾞｴｼ", "near", &["11-004"])]
    #[case::kana_of_nobody("さっぽろ", "near", &[])]
    #[case::stranger("札幌市", "near", &[])]
    #[case::kind_of_place_alone("市", "near", &[])]
    #[case::other_kind_of_place("川越区", "near", &["11-004"])]
    #[case::look_alike("川越巿", "near", &["11-004"])]
    #[case::code_of_nobody("11-999", "near", &[])]
    #[case::nothing("", "near", &[])]
    #[case::two_bodies("中央", "several", &["11-005", "12-005"])]
    fn body_goes_by_code_and_names(#[case] word: &str, #[case] what: &str, #[case] codes: &[&str]) {
        let codes = codes.iter().map(ToString::to_string).collect();
        let mut found = called(&sample(), word, None);
        found.1.sort_by_key(|code| sample().iter().position(|body| body.code == *code));
        let mut expected: (&str, Vec<String>) = (what, codes);
        expected.1.sort_by_key(|code| sample().iter().position(|body| body.code == *code));
        assert_eq!(found, expected);
    }

    #[test]
    fn tier_tells_what_is_meant() {
        assert_eq!(called(&sample(), "千葉", Some(Tier::Prefectural)), ("is", vec!["P12".to_string()]));
        assert_eq!(called(&sample(), "千葉", Some(Tier::Local)), ("near", vec!["12-001".to_string()]));
    }

    #[test]
    fn name_of_a_body_that_was_renamed_still_finds_it() {
        assert_eq!(called(&through_time(), "旧", None), ("is", vec!["11-007".to_string()]));
        assert_eq!(called(&through_time(), "甲", None), ("is", vec!["11-001".to_string()]));
    }

    #[rstest]
    #[case::code("11", Some("11"))]
    #[case::zero_lost("1", Some("01"))]
    #[case::full_width("１２", Some("12"))]
    #[case::body("P11", Some("11"))]
    #[case::name("埼玉県", Some("11"))]
    #[case::without_its_end("千葉", Some("12"))]
    #[case::prefectural_body("埼玉県医師会", Some("11"))]
    #[case::north("北海道", Some("01"))]
    #[case::not_in_the_master("東京都", None)]
    #[case::code_not_in_the_master("13", None)]
    #[case::city("川越市", None)]
    #[case::nothing("", None)]
    fn prefecture_goes_by_code_and_name(#[case] word: &str, #[case] expected: Option<&str>) {
        assert_eq!(sample().prefecture_called(word, day("2025-12-01")).ok(), expected);
    }
}
