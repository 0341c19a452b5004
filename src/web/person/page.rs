//! What the pages of a person show.

use askama::Template;

use crate::domain::cell::LabelledText;
use crate::domain::day_words::in_both_calendars;
use crate::domain::document::Table;
use crate::domain::printed_number::thousands;
use crate::messages::Message;
use crate::service::persons::{Hit, Hits, PersonRecord};
use crate::web::Frame;
use crate::web::nav::PERSON;
use crate::web::question::table::TableView;

/// The page.
#[derive(Template)]
#[template(path = "web/person/person.html")]
pub(super) struct PersonPage<'a> {
    pub(super) frame: Frame,
    pub(super) path: &'static str,
    /// What is wrong, with its code.
    pub(super) told: Option<(&'static str, Message)>,
    /// What was looked for.
    pub(super) typed: &'a str,
    pub(super) hits: Option<HitsView>,
    pub(super) record: Option<RecordView>,
    /// Where an adjustment about her is written, for whoever may.
    pub(super) adjust: Option<String>,
    /// The day to know from: whom it is about, as written, and what is wrong with it.
    pub(super) known: Option<KnownField<'a>>,
}

/// The field for the day to know from.
pub(super) struct KnownField<'a> {
    pub(super) key: &'a str,
    pub(super) written: &'a str,
    pub(super) wrong: Option<(&'static str, Message)>,
}

/// The record of a person.
pub(super) struct RecordView {
    pub(super) name: String,
    pub(super) known_at: String,
    pub(super) facts: Vec<LabelledText>,
    /// Those that have rows.
    pub(super) tables: Vec<TableView>,
    /// Titles of the others.
    pub(super) lacking: String,
    pub(super) is_whole: bool,
}

impl RecordView {
    pub(super) fn of(record: &PersonRecord) -> Self {
        let (told, lacking): (Vec<&Table>, Vec<&Table>) =
            record.tables.iter().partition(|table| !table.rows.is_empty());
        let lacking: Vec<&str> = lacking.iter().map(|table| table.title.as_str()).collect();
        Self {
            name: if record.name.is_empty() { "（氏名なし）".into() } else { record.name.clone() },
            known_at: in_both_calendars(record.known_at),
            facts: record.facts.clone(),
            tables: told.into_iter().map(TableView::of).collect(),
            lacking: lacking.join("、"),
            is_whole: record.is_whole,
        }
    }
}

/// Who was found.
pub(super) struct HitsView {
    pub(super) said: String,
    pub(super) rows: Vec<HitView>,
}

/// One of them.
pub(super) struct HitView {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) bodies: String,
}

impl HitsView {
    /// `total` is how many there were when they were looked for.
    pub(super) fn of(hits: &Hits, total: usize) -> Self {
        let of = |n: usize| thousands(i64::try_from(n).unwrap_or(i64::MAX));
        let shown = hits.listed.len();
        let said = match total {
            total if total > shown => format!(
                "全 {} 人のうち {} 人を示しています。はじめの文字をもう少し書くと、しぼれます。",
                of(total),
                of(shown)
            ),
            _ => format!("全 {} 人を示しています。", of(shown)),
        };
        Self { said, rows: hits.listed.iter().map(HitView::of).collect() }
    }
}

impl HitView {
    fn of(hit: &Hit) -> Self {
        Self {
            href: format!("{PERSON}?key={}", hit.physician),
            number: hit.number.to_string(),
            name: if hit.name.is_empty() { "（氏名なし）".into() } else { hit.name.clone() },
            kana: hit.kana.clone(),
            bodies: hit.bodies.join("、"),
        }
    }
}
