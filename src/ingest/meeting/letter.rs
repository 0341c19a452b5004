//! A letter in a sheet.

use super::Faults;
use super::head::{Head, Key, once, several};
use super::sheets::Sheet;
use crate::domain::japanese_date::{era_date, parse_date};
use crate::domain::letter::Letter;

const KEYS: [Key; 10] = [
    once("形"),
    once("文書番号"),
    once("日付"),
    several("宛名"),
    several("差出人"),
    once("公印"),
    once("件名"),
    several("本文"),
    several("記"),
    several("連絡先"),
];

/// Reads a letter. Its paragraphs are rows.
pub(super) fn read(sheet: &Sheet, faults: &mut Faults) -> Letter {
    let head = Head::read_all(sheet, &KEYS, faults);
    head.need("件名", "会費の改定について（通知）", faults);
    head.need("本文", "時下ますますご清祥のこととお慶び申し上げます。", faults);
    let without_seal = head.one_of("公印", &[("", false), ("省略", true), ("公印省略", true)], faults);
    let date = head.text("日付");
    Letter {
        number: head.text("文書番号").to_string(),
        date: parse_date(date).map_or_else(|| date.to_string(), era_date),
        to: head.texts("宛名"),
        from: head.texts("差出人"),
        without_seal: without_seal.unwrap_or(false),
        subject: head.text("件名").to_string(),
        body: head.texts("本文"),
        points: head.texts("記"),
        after: head.texts("連絡先"),
    }
}
