//! Tables behind derived statistics: words of 施設業務, rules for delegates, outside denominators.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{DefinitionError, DefinitionFolder, invalid, parse};
use crate::domain::denominator::{Denominator, Denominators, NATIONWIDE};
use crate::domain::duty::{DutyGroup, DutyWords};
use crate::domain::seats::{Electors, Remainder, SeatRule, SeatTable};

const DUTIES: &str = "duties.toml";
const SEATS: &str = "seats.toml";
const DENOMINATORS: &str = "denominators.toml";

const SHIPPED_DUTIES: &str = include_str!("../../reports/duties.toml");
const SHIPPED_SEATS: &str = include_str!("../../reports/seats.toml");
const SHIPPED_DENOMINATORS: &str = include_str!("../../reports/denominators.toml");

/// What derived statistics are made with, besides the members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticsTables {
    /// Words of 施設業務.
    pub duties: DutyWords,
    /// Houses of delegates, by the order of the file.
    pub seats: Vec<SeatTable>,
    /// Denominators of rates.
    pub denominators: Denominators,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutiesFile {
    duties: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatsFile {
    #[serde(default)]
    tables: Vec<SeatTableEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatTableEntry {
    id: String,
    name: String,
    body: String,
    electors: String,
    #[serde(default)]
    rules: Vec<SeatRuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeatRuleEntry {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    members_per_seat: i64,
    remainder: String,
    #[serde(default)]
    minimum: i64,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DenominatorsFile {
    #[serde(default)]
    denominators: Vec<DenominatorEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DenominatorEntry {
    id: String,
    name: String,
    #[serde(default)]
    source: String,
    as_of: NaiveDate,
    published_on: NaiveDate,
    values: BTreeMap<String, i64>,
}

/// Reads the tables behind derived statistics.
///
/// # Errors
/// [`DefinitionError`] naming file and key: an unknown group, electors or remainder, a word of two groups, rules with a gap or an overlap,
/// a rule or a denominator without source, a value that is not a number of people.
pub fn statistics(folder: &DefinitionFolder) -> Result<StatisticsTables, DefinitionError> {
    Ok(StatisticsTables {
        duties: duties(&folder.file(DUTIES, SHIPPED_DUTIES)?)?,
        seats: seats(&folder.file(SEATS, SHIPPED_SEATS)?)?,
        denominators: denominators(&folder.file(DENOMINATORS, SHIPPED_DENOMINATORS)?)?,
    })
}

fn duties(text: &str) -> Result<DutyWords, DefinitionError> {
    let read: DutiesFile = parse(DUTIES, text)?;
    let mut words: BTreeMap<String, DutyGroup> = BTreeMap::new();
    for (code, spellings) in read.duties {
        let group = DutyGroup::from_code(&code)
            .ok_or_else(|| invalid(DUTIES, format!("duties.{code}: there is no such group")))?;
        for spelling in spellings {
            if words.insert(spelling.clone(), group).is_some_and(|other| other != group) {
                return Err(invalid(DUTIES, format!("duties: \"{spelling}\" stands in two groups")));
            }
        }
    }
    Ok(DutyWords::new(words))
}

fn seats(text: &str) -> Result<Vec<SeatTable>, DefinitionError> {
    let read: SeatsFile = parse(SEATS, text)?;
    let mut out: Vec<SeatTable> = Vec::with_capacity(read.tables.len());
    for entry in read.tables {
        let at = format!("tables.{}", entry.id);
        if out.iter().any(|other| other.id == entry.id) {
            return Err(invalid(SEATS, format!("{at}: the id stands twice")));
        }
        let electors = Electors::from_code(&entry.electors)
            .ok_or_else(|| invalid(SEATS, format!("{at}.electors: \"{}\" is not known", entry.electors)))?;
        let rules = entry
            .rules
            .into_iter()
            .enumerate()
            .map(|(nth, rule)| seat_rule(&format!("{at}.rules[{nth}]"), rule))
            .collect::<Result<Vec<_>, _>>()?;
        let table = SeatTable::new(entry.id, entry.name, entry.body, electors, rules);
        out.push(table.map_err(|error| invalid(SEATS, format!("{at}.rules: {error}")))?);
    }
    Ok(out)
}

fn seat_rule(at: &str, entry: SeatRuleEntry) -> Result<SeatRule, DefinitionError> {
    let remainder = match entry.remainder.as_str() {
        "up" => Remainder::Up,
        "down" => Remainder::Down,
        other => return Err(invalid(SEATS, format!("{at}.remainder: \"{other}\" is neither up nor down"))),
    };
    if entry.source.trim().is_empty() {
        return Err(invalid(SEATS, format!("{at}.source is empty: say where the rule stands")));
    }
    Ok(SeatRule {
        from: entry.from,
        to: entry.to,
        members_per_seat: entry.members_per_seat,
        remainder,
        minimum: entry.minimum,
        source: entry.source,
    })
}

fn denominators(text: &str) -> Result<Denominators, DefinitionError> {
    let read: DenominatorsFile = parse(DENOMINATORS, text)?;
    let mut out: Vec<Denominator> = Vec::with_capacity(read.denominators.len());
    for (nth, entry) in read.denominators.into_iter().enumerate() {
        let at = format!("denominators[{nth}] ({} {})", entry.id, entry.as_of);
        let refused = |what: String| Err(invalid(DENOMINATORS, format!("{at}: {what}")));
        if entry.source.trim().is_empty() {
            return refused("source is missing: a figure without a source is not printed".into());
        }
        if entry.published_on < entry.as_of {
            return refused("published_on lies before as_of".into());
        }
        let is_code =
            |key: &str| key == NATIONWIDE || key.parse().is_ok_and(|n: u8| (1..=47).contains(&n) && key.len() == 2);
        if let Some(key) = entry.values.keys().find(|key| !is_code(key)) {
            return refused(format!("values.\"{key}\" is neither 00 nor a prefecture code 01 to 47"));
        }
        if let Some((key, value)) = entry.values.iter().find(|(_, value)| **value < 1) {
            return refused(format!("values.\"{key}\" = {value} is not a number of people"));
        }
        if out.iter().any(|other| (&other.id, other.as_of) == (&entry.id, entry.as_of)) {
            return refused("this edition stands twice".into());
        }
        out.push(Denominator {
            id: entry.id,
            name: entry.name,
            source: entry.source,
            as_of: entry.as_of,
            published_on: entry.published_on,
            values: entry.values,
        });
    }
    Ok(Denominators(out))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn shipped_tables_are_sound() {
        let tables = statistics(&DefinitionFolder::shipped()).expect("the shipped tables are sound");
        assert_eq!(tables.duties.group("病院開設者"), DutyGroup::HospitalFounder);
        assert_eq!(tables.seats[0].electors, Electors::NationalByPrefecture);
        assert!(tables.denominators.0.iter().all(|one| one.values.contains_key(NATIONWIDE)));
    }

    const SEAT_HEAD: &str = "[[tables]]\nid = \"x\"\nname = \"試験\"\nbody = \"JMA\"\nelectors = \"local-by-body\"\n";

    fn seat_rules(rules: &[(&str, &str, &str)]) -> String {
        let mut text = SEAT_HEAD.to_string();
        for (days, remainder, source) in rules {
            text += &format!(
                "[[tables.rules]]\n{days}\nmembers_per_seat = 50\nremainder = \"{remainder}\"\nsource = \"{source}\"\n"
            );
        }
        text
    }

    #[rstest]
    #[case::gap(
        &[("to = \"2020-03-31\"", "up", "a"), ("from = \"2020-04-02\"", "up", "a")],
        "no rule holds on 2020-04-01"
    )]
    #[case::overlap(&[("", "up", "a"), ("from = \"2020-04-02\"", "up", "a")], "two rules hold on 2020-04-02")]
    #[case::no_source(&[("", "up", " ")], "source is empty")]
    #[case::remainder(&[("", "half", "a")], "neither up nor down")]
    #[case::no_rule(&[], "no rule is given")]
    fn seat_rules_that_cannot_hold_are_named(#[case] rules: &[(&str, &str, &str)], #[case] expected: &str) {
        let error = seats(&seat_rules(rules)).expect_err("refused").to_string();
        assert!(error.starts_with("seats.toml: tables.x") && error.contains(expected), "{error}");
    }

    #[rstest]
    #[case::no_source("", "2020-12-31", "\"00\" = 1", "source is missing")]
    #[case::no_code("source = \"a\"", "2020-12-31", "\"埼玉\" = 1", "neither 00 nor a prefecture code")]
    #[case::zero("source = \"a\"", "2020-12-31", "\"11\" = 0", "not a number of people")]
    #[case::published_before("source = \"a\"", "2019-12-31", "\"11\" = 5", "before as_of")]
    fn denominators_that_cannot_be_printed_are_named(
        #[case] source: &str,
        #[case] published_on: &str,
        #[case] values: &str,
        #[case] expected: &str,
    ) {
        let text = format!(
            "[[denominators]]\nid = \"physicians\"\nname = \"医師数\"\n{source}\nas_of = \"2020-01-01\"\n\
             published_on = \"{published_on}\"\n[denominators.values]\n{values}\n"
        );
        let error = denominators(&text).expect_err("refused").to_string();
        assert!(error.contains("denominators[0] (physicians 2020-01-01)") && error.contains(expected), "{error}");
    }

    #[test]
    fn word_of_two_groups_is_refused() {
        let error = duties("[duties]\nmanager = [\"管理者\"]\nother = [\"管理者\"]\n").expect_err("refused");
        assert!(error.to_string().contains("管理者"), "{error}");
    }
}
