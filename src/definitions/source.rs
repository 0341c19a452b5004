//! One text of definitions: parsing, and gathering all its faults with the lines they stand on.

use super::error::DefinitionError;
use crate::domain::fault::{Fault, PlacedFault, line_at};

/// A TOML text and what was found wrong in it so far.
pub(super) struct Source<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<PlacedFault>,
}

impl<'t> Source<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, faults: Vec::new() }
    }

    /// Reads the text as what it should be. A text that cannot be read has one fault, the first.
    pub(super) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, DefinitionError> {
        toml::from_str(self.text).map_err(|error| {
            DefinitionError::of(PlacedFault::of_parser(self.file, self.text, error.span(), error.message()))
        })
    }

    /// Notes a fault of a key, given as a path such as `tables[0].source`.
    pub(super) fn refuse(&mut self, key: impl Into<String>, fault: Fault) {
        let key = key.into();
        let line = line_of(self.text, &key);
        self.faults.push(PlacedFault { file: self.file.into(), line, key, fault });
    }

    /// Takes over the faults of another file that this one leads to.
    pub(super) fn refuse_with(&mut self, other: DefinitionError) {
        self.faults.extend(other.faults);
    }

    /// What is wrong, where something is known to be.
    pub(super) fn end(self) -> DefinitionError {
        DefinitionError { faults: self.faults }
    }

    /// The value, if nothing is wrong.
    pub(super) fn done<T>(self, value: T) -> Result<T, DefinitionError> {
        if self.faults.is_empty() { Ok(value) } else { Err(DefinitionError { faults: self.faults }) }
    }
}

/// The line of a key, or of the last part of its path that is there; `None` for a text that is not TOML.
///
/// The path counts from 0, such as `tables[0].rules[1].source`.
pub fn line_of(text: &str, path: &str) -> Option<u32> {
    let root = toml::de::DeTable::parse(text).ok()?;
    let mut at = None;
    let mut table = Some(root.get_ref());
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let (name, places) = segment.split_once('[').unwrap_or((segment, ""));
        let Some((key, value)) = table.and_then(|table| table.get_key_value(name)) else { break };
        at = Some(key.span().start);
        let mut value = value;
        for place in places.split('[').filter_map(|place| place.trim_end_matches(']').parse::<usize>().ok()) {
            let Some(item) = value.get_ref().as_array().and_then(|items| items.get(place)) else { break };
            value = item;
            at = Some(item.span().start);
        }
        table = value.get_ref().as_table();
    }
    line_at(text, at?)
}

/// Texts as the words that a fault allows.
pub(super) fn owned<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    words.into_iter().map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::line_of;

    const TEXT: &str = "\
a = 1
[[tables]]
id = \"x\"
[[tables.rules]]
n = 1
[[tables.rules]]
n = 2
[[tables]]
list = [
  { b = 1 },
  { b = 2 },
]
";

    #[rstest]
    #[case::top("a", Some(1))]
    #[case::first_table("tables[0].id", Some(3))]
    #[case::second_rule("tables[0].rules[1].n", Some(7))]
    #[case::inline("tables[1].list[1].b", Some(11))]
    #[case::missing_key_is_where_its_table_begins("tables[1].source", Some(8))]
    #[case::missing_list_is_where_its_table_begins("tables[0].words[3].x", Some(2))]
    #[case::nothing("zzz", None)]
    #[case::whole_file("", None)]
    fn key_is_found_in_its_line(#[case] path: &str, #[case] expected: Option<u32>) {
        assert_eq!(line_of(TEXT, path), expected);
    }
}
