//! The first rows of a sheet: words in the first column, what they say beside them.

use super::Faults;
use super::sheets::Sheet;
use crate::domain::class_scheme::spelling_key;
use crate::domain::decimal::Decimal;
use crate::domain::japanese_date::{ReadDay, read_day, weekday_of};
use crate::domain::meeting::{CellPlace, MeetingFault};

/// A word that can stand in the head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// The word.
    pub(super) word: &'static str,
    /// Whether it may stand there more than once, and goes on in rows without a word.
    pub(super) repeats: bool,
}

/// A word that may stand there once.
pub(super) const fn once(word: &'static str) -> Key {
    Key { word, repeats: false }
}

/// A word that may stand there several times.
pub(super) const fn several(word: &'static str) -> Key {
    Key { word, repeats: true }
}

/// What stands beside a word.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) row: u32,
    /// Column from 0 and text of each cell that holds anything.
    pub(super) values: Vec<(usize, String)>,
}

impl Entry {
    /// The first text beside the word; empty for none.
    pub(super) fn text(&self) -> &str {
        self.values.first().map_or("", |(_, text)| text.as_str())
    }
}

/// The head of a sheet.
pub(super) struct Head<'s> {
    sheet: &'s Sheet,
    pub(super) entries: Vec<Entry>,
    /// The last row of the head; 0 without one.
    pub(super) last_row: u32,
    /// No empty row divides it from the table, so that nothing below can be told.
    pub(super) runs_into_table: bool,
}

impl<'s> Head<'s> {
    /// Reads rows up to the first that is empty.
    pub(super) fn read(sheet: &'s Sheet, keys: &[Key], faults: &mut Faults) -> Self {
        let mut head = Self { sheet, entries: Vec::new(), last_row: 0, runs_into_table: false };
        let rows: Vec<(u32, &[String])> = sheet.rows().collect();
        // Without an empty row the table follows at once, and its headings are no words of the head.
        let is_one_block = rows.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1);
        for (number, cells) in rows {
            if head.last_row > 0 && number > head.last_row + 1 {
                break;
            }
            head.last_row = number;
            if !head.take(number, cells, keys, is_one_block, faults) {
                break;
            }
        }
        head
    }

    /// Reads all rows of a sheet that is nothing but a head.
    pub(super) fn read_all(sheet: &'s Sheet, keys: &[Key], faults: &mut Faults) -> Self {
        let mut head = Self { sheet, entries: Vec::new(), last_row: 0, runs_into_table: false };
        for (number, cells) in sheet.rows() {
            head.last_row = number;
            head.take(number, cells, keys, false, faults);
        }
        head
    }

    /// Takes one row; `false` when the head cannot go on.
    fn take(&mut self, row: u32, cells: &[String], keys: &[Key], is_one_block: bool, faults: &mut Faults) -> bool {
        let word = cells.first().map_or("", String::as_str);
        let values: Vec<(usize, String)> = (1..)
            .zip(cells.iter().skip(1))
            .filter(|(_, text)| !text.is_empty())
            .map(|(at, t)| (at, t.clone()))
            .collect();
        if word.is_empty() {
            let last = self.entries.last().and_then(|entry| keys.iter().find(|key| key.word == entry.key));
            match last.filter(|key| key.repeats) {
                Some(key) => self.entries.push(Entry { key: key.word, row, values }),
                None => faults.add(self.sheet.place.at(row, 0), MeetingFault::KeyUnknown(word.into(), words_of(keys))),
            }
            return true;
        }
        let wanted = spelling_key(word);
        let Some(key) = keys.iter().find(|key| spelling_key(key.word) == wanted) else {
            let is_heading = is_one_block && values.len() > 1;
            let fault = if is_heading {
                MeetingFault::HeadWithoutEnd
            } else {
                MeetingFault::KeyUnknown(word.into(), words_of(keys))
            };
            faults.add(self.sheet.place.at(row, 0), fault);
            self.runs_into_table = is_heading;
            return !is_heading;
        };
        if !key.repeats && self.entries.iter().any(|entry| entry.key == key.word) {
            faults.add(self.sheet.place.at(row, 0), MeetingFault::KeyTwice(key.word.into()));
        }
        self.entries.push(Entry { key: key.word, row, values });
        true
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key && !entry.values.is_empty())
    }

    pub(super) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(move |entry| entry.key == key && !entry.values.is_empty())
    }

    /// The text beside a word; empty where the word is not there.
    pub(super) fn text(&self, key: &str) -> &str {
        self.get(key).map_or("", Entry::text)
    }

    /// The texts beside a word, in all its rows.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        self.all(key).flat_map(|entry| &entry.values).map(|(_, text)| text.clone()).collect()
    }

    /// Notes that a word is missing.
    pub(super) fn need(&self, key: &str, example: &str, faults: &mut Faults) {
        if self.get(key).is_none() {
            faults.add(self.sheet.place.clone(), MeetingFault::KeyMissing(key.into(), example.into()));
        }
    }

    /// The place beside a word.
    pub(super) fn place_of(&self, entry: &Entry) -> CellPlace {
        self.sheet.place.at(entry.row, entry.values.first().map_or(1, |(column, _)| *column))
    }

    /// One of several words; the first where nothing stands there.
    pub(super) fn one_of<T: Copy>(&self, key: &str, choices: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let Some(entry) = self.get(key) else { return choices.first().map(|(_, value)| *value) };
        let wanted = spelling_key(entry.text());
        let found = choices.iter().find(|(word, _)| spelling_key(word) == wanted).map(|(_, value)| *value);
        if found.is_none() {
            let all = choices.iter().map(|(word, _)| (*word).to_string()).collect();
            faults.add(self.place_of(entry), MeetingFault::NotOneOf(entry.text().into(), all));
        }
        found
    }

    /// A whole number beside a word.
    pub(super) fn whole(&self, entry: &Entry, text: &str, unit: &str, faults: &mut Faults) -> Option<i64> {
        let found = Decimal::read(text, unit).and_then(Decimal::as_whole);
        if found.is_none() {
            faults.add(self.place_of(entry), MeetingFault::NotANumber(text.into()));
        }
        found
    }

    /// A day beside a word; `None` where the word is not there.
    pub(super) fn day(&self, key: &str, faults: &mut Faults) -> Option<chrono::NaiveDate> {
        let entry = self.get(key)?;
        // People write R5.7.26現在.
        let text = entry.text().trim_end_matches("現在");
        match read_day(text) {
            Ok(ReadDay { day, other_weekday: None }) => Some(day),
            Ok(ReadDay { other_weekday: Some(weekday), .. }) => {
                let fault = MeetingFault::WrongWeekday(entry.text().into(), weekday_of(weekday).into());
                faults.add(self.place_of(entry), fault);
                None
            }
            Err(_) => {
                faults.add(self.place_of(entry), MeetingFault::NotADate(entry.text().into()));
                None
            }
        }
    }
}

fn words_of(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|key| key.word.to_string()).collect()
}
