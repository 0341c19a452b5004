//! The form: every field with what was typed into it, and what is wrong beside it.

use chrono::NaiveDate;

use crate::domain::association::Tier;
use crate::domain::day_words::in_both_calendars;
use crate::domain::grouping::Dimension;
use crate::messages::Lang;
use crate::service::asked::{AskedText, BodyChoice, Choices, Field, FieldFault};

/// How many days to know from the form asks for.
const N_KNOWN: usize = 3;

/// One thing that is wrong, for the list above the form.
pub(super) struct Wrong {
    /// The field that it is about; empty where the form has none.
    pub(super) anchor: &'static str,
    pub(super) label: &'static str,
    pub(super) text: String,
    pub(super) remedy: String,
    pub(super) code: &'static str,
}

impl Wrong {
    pub(super) fn of(fault: &FieldFault) -> Self {
        let (anchor, label) = anchor_of(fault.field);
        // How to mend a field stands beside it.
        let remedy = if anchor.is_empty() { fault.remedy(Lang::Ja) } else { String::new() };
        Self { anchor, label, text: fault.text(Lang::Ja), remedy, code: fault.code }
    }
}

fn anchor_of(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Whole => ("", ""),
        Field::On => ("on", "基準日"),
        Field::Known => ("known-1", "時点"),
        Field::Tier => ("tier", "階層"),
        Field::Prefecture => ("prefecture", "都道府県"),
        Field::Body => ("body", "医師会"),
        Field::Class => ("class", "会員区分"),
        Field::By => ("by", "内訳"),
        Field::Page => ("", "名簿の頁"),
    }
}

/// A field of one line.
pub(super) struct TextField<'a> {
    pub(super) value: &'a str,
    pub(super) wrong: Vec<String>,
}

impl<'a> TextField<'a> {
    fn of(value: &'a str, field: Field, faults: &[FieldFault]) -> Self {
        Self { value, wrong: wrong_of(field, faults) }
    }
}

/// What is wrong with a field, with how to mend it.
fn wrong_of(field: Field, faults: &[FieldFault]) -> Vec<String> {
    let of_field = faults.iter().filter(|fault| fault.field == field);
    of_field.map(|fault| format!("{}。{}", fault.text(Lang::Ja), fault.remedy(Lang::Ja))).collect()
}

/// A field with a list to choose from.
pub(super) struct ChoiceField {
    pub(super) options: Vec<OptionView>,
    pub(super) wrong: Vec<String>,
}

/// One choice.
pub(super) struct OptionView {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

impl ChoiceField {
    /// What was written stays chosen, also where it is none of the list.
    fn of(written: &str, choices: Vec<(String, String)>, wrong: Vec<String>) -> Self {
        let mut options: Vec<OptionView> = choices
            .into_iter()
            .map(|(value, label)| OptionView { is_chosen: written == value || written == label, value, label })
            .collect();
        if !written.is_empty() && !options.iter().any(|option| option.is_chosen) {
            let (value, label) = (written.to_string(), written.to_string());
            options.push(OptionView { value, label, is_chosen: true });
        }
        Self { options, wrong }
    }
}

/// The form.
pub(super) struct FormView<'a> {
    pub(super) on: TextField<'a>,
    /// How the day was read.
    pub(super) read_on: Option<String>,
    pub(super) known: Vec<&'a str>,
    pub(super) known_wrong: Vec<String>,
    pub(super) tier: ChoiceField,
    pub(super) prefecture: ChoiceField,
    pub(super) body: TextField<'a>,
    pub(super) bodies: &'a [BodyChoice],
    pub(super) class: ChoiceField,
    pub(super) has_classes: bool,
    pub(super) by: ChoiceField,
    pub(super) number: &'a str,
}

impl<'a> FormView<'a> {
    pub(super) fn of(
        text: &'a AskedText,
        choices: &'a Choices,
        faults: &[FieldFault],
        read_on: Option<NaiveDate>,
    ) -> Self {
        let mut known: Vec<&str> = text.known.iter().map(String::as_str).collect();
        known.resize(known.len().max(N_KNOWN), "");
        let coded = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(code, label)| (code.to_string(), label.to_string())).collect()
        };
        let wrong = |field| wrong_of(field, faults);
        Self {
            on: TextField::of(&text.on, Field::On, faults),
            read_on: read_on.map(in_both_calendars),
            known,
            known_wrong: wrong(Field::Known),
            tier: ChoiceField::of(tier_code(&text.tier), coded(&choices.tiers), wrong(Field::Tier)),
            prefecture: ChoiceField::of(&text.prefecture, choices.prefectures.clone(), wrong(Field::Prefecture)),
            body: TextField::of(&text.body, Field::Body, faults),
            bodies: &choices.bodies,
            class: ChoiceField::of(&text.class, coded(&choices.classes), wrong(Field::Class)),
            has_classes: !choices.classes.is_empty() || !text.class.is_empty(),
            by: by_field(text, coded(&choices.breakdowns), wrong(Field::By)),
            number: &text.number,
        }
    }
}

/// The code of a tier for the other words that name it, so that the list shows it.
fn tier_code(written: &str) -> &str {
    Tier::from_text(written).map_or(written, |tier| tier.code())
}

/// Boxes to tick; several may be.
fn by_field(text: &AskedText, choices: Vec<(String, String)>, wrong: Vec<String>) -> ChoiceField {
    let words: Vec<&str> = text.by.iter().flat_map(|word| word.split(['、', '，', ','])).map(str::trim).collect();
    let is_chosen = |value: &str| words.iter().any(|word| dimension_code(word) == value);
    let mut options: Vec<OptionView> =
        choices.into_iter().map(|(value, label)| OptionView { is_chosen: is_chosen(&value), value, label }).collect();
    for word in words.iter().filter(|word| !word.is_empty()) {
        if !options.iter().any(|option| option.value == dimension_code(word)) {
            options.push(OptionView { value: (*word).to_string(), label: (*word).to_string(), is_chosen: true });
        }
    }
    ChoiceField { options, wrong }
}

/// The machine name of a breakdown for any word that names it.
fn dimension_code(word: &str) -> &str {
    Dimension::from_word(word).map_or(word, |dimension| dimension.code())
}
