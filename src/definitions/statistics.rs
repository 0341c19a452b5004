//! Tables behind derived statistics: words of 施設業務, rules for delegates, outside denominators.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::{DefinitionError, kept};
use super::folder::DefinitionFolder;
use super::source::{Source, owned};
use crate::domain::denominator::{Denominator, Denominators, NATIONWIDE};
use crate::domain::duty::{DutyGroup, DutyWords};
use crate::domain::fault::Fault;
use crate::domain::file_name::{code_fault, shown};
use crate::domain::prefecture::is_prefecture;
use crate::domain::seats::{Electors, Remainder, SeatRule, SeatTable, SeatTableError};

pub(super) const DUTIES: &str = "duties.toml";
pub(super) const SEATS: &str = "seats.toml";
pub(super) const DENOMINATORS: &str = "denominators.toml";

pub(super) const SHIPPED_DUTIES: &str = include_str!("../../reports/duties.toml");
pub(super) const SHIPPED_SEATS: &str = include_str!("../../reports/seats.toml");
pub(super) const SHIPPED_DENOMINATORS: &str = include_str!("../../reports/denominators.toml");

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

/// Reads the tables behind derived statistics. Whether the bodies of seats exist only a master can tell.
///
/// # Errors
/// [`DefinitionError`] with everything that is wrong, by file and key: an unknown group, electors or remainder, a word of
/// two groups, rules with a gap or an overlap, a rule or a denominator without source, a number that cannot be.
pub fn statistics(folder: &DefinitionFolder) -> Result<StatisticsTables, DefinitionError> {
    let mut faults = Vec::new();
    let duties = kept(folder.file(DUTIES, SHIPPED_DUTIES).and_then(|text| duties(&text)), &mut faults);
    let seats = kept(seats_text(folder).and_then(|text| seats(&text)), &mut faults);
    let text = folder.file(DENOMINATORS, SHIPPED_DENOMINATORS);
    let denominators = kept(text.and_then(|text| denominators(&text)), &mut faults);
    match (duties, seats, denominators) {
        (Some(duties), Some(seats), Some(denominators)) => Ok(StatisticsTables { duties, seats, denominators }),
        _ => Err(DefinitionError { faults }),
    }
}

fn duties(text: &str) -> Result<DutyWords, DefinitionError> {
    let mut source = Source::new(DUTIES, text);
    let read: DutiesFile = source.parse()?;
    let mut words: BTreeMap<String, DutyGroup> = BTreeMap::new();
    for (code, spellings) in read.duties {
        let key = format!("duties.{code}");
        let Some(group) = DutyGroup::from_code(&code).filter(|group| *group != DutyGroup::Unknown) else {
            let groups = DutyGroup::ALL.iter().filter(|group| **group != DutyGroup::Unknown);
            source.refuse(key, Fault::NotOneOf(code, owned(groups.map(|group| group.code()))));
            continue;
        };
        for spelling in spellings {
            if let Some(other) = words.insert(spelling.clone(), group).filter(|other| *other != group) {
                source.refuse(key.as_str(), Fault::TwoMeanings(spelling, other.code().into(), code.clone()));
            }
        }
    }
    source.done(DutyWords::new(words))
}

/// The text of the rules for delegates that speaks.
pub(super) fn seats_text(folder: &DefinitionFolder) -> Result<String, DefinitionError> {
    folder.file(SEATS, SHIPPED_SEATS)
}

pub(super) fn seats(text: &str) -> Result<Vec<SeatTable>, DefinitionError> {
    let mut source = Source::new(SEATS, text);
    let read: SeatsFile = source.parse()?;
    let mut out: Vec<SeatTable> = Vec::with_capacity(read.tables.len());
    for (nth, entry) in read.tables.into_iter().enumerate() {
        let at = format!("tables[{nth}]");
        if out.iter().any(|other| other.id == entry.id) {
            source.refuse(format!("{at}.id"), Fault::Twice(entry.id.clone()));
        }
        if code_fault(&entry.id).is_some() {
            source.refuse(format!("{at}.id"), Fault::NotAFileName(shown(&entry.id)));
        }
        let electors = Electors::from_code(&entry.electors);
        if electors.is_none() {
            let all = owned(Electors::ALL.iter().map(|electors| electors.code()));
            source.refuse(format!("{at}.electors"), Fault::NotOneOf(entry.electors, all));
        }
        let n_rules = entry.rules.len();
        let rules = entry.rules.into_iter().enumerate();
        let rules: Vec<SeatRule> =
            rules.filter_map(|(nth, rule)| seat_rule(&mut source, &format!("{at}.rules[{nth}]"), rule)).collect();
        // Without a rule that has been refused above, the others leave gaps that are none.
        let (Some(electors), true) = (electors, rules.len() == n_rules) else { continue };
        let fault = match SeatTable::new(entry.id, entry.name, entry.body, electors, rules) {
            Ok(table) => {
                out.push(table);
                continue;
            }
            Err(SeatTableError::Empty) => Fault::Empty,
            Err(SeatTableError::Numbers) => Fault::Below(0, 1),
            Err(SeatTableError::Reversed(day)) => Fault::Reversed(day, day),
            Err(SeatTableError::Overlap(day)) => Fault::Overlap(day),
            Err(SeatTableError::Gap(day)) => Fault::Gap(day),
        };
        source.refuse(format!("{at}.rules"), fault);
    }
    source.done(out)
}

/// A rule, if it can be one; else its faults are noted.
fn seat_rule(source: &mut Source<'_>, at: &str, entry: SeatRuleEntry) -> Option<SeatRule> {
    let mut refuse = |key: &str, fault: Fault| {
        source.refuse(format!("{at}.{key}"), fault);
        false
    };
    let remainder = match entry.remainder.as_str() {
        "up" => Some(Remainder::Up),
        "down" => Some(Remainder::Down),
        _ => None,
    };
    let reversed = entry.from.zip(entry.to).filter(|(from, to)| to < from);
    let is_sound = [
        remainder.is_some() || refuse("remainder", Fault::NotOneOf(entry.remainder.clone(), owned(["up", "down"]))),
        !entry.source.trim().is_empty() || refuse("source", Fault::SourceMissing),
        entry.members_per_seat >= 1 || refuse("members_per_seat", Fault::Below(entry.members_per_seat, 1)),
        entry.minimum >= 0 || refuse("minimum", Fault::Below(entry.minimum, 0)),
        reversed.is_none_or(|(from, to)| refuse("to", Fault::Reversed(from, to))),
    ];
    is_sound.iter().all(|sound| *sound).then_some(SeatRule {
        from: entry.from,
        to: entry.to,
        members_per_seat: entry.members_per_seat,
        remainder: remainder?,
        minimum: entry.minimum,
        source: entry.source,
    })
}

fn denominators(text: &str) -> Result<Denominators, DefinitionError> {
    let mut source = Source::new(DENOMINATORS, text);
    let read: DenominatorsFile = source.parse()?;
    let mut out: Vec<Denominator> = Vec::with_capacity(read.denominators.len());
    for (nth, entry) in read.denominators.into_iter().enumerate() {
        let mut refuse = |key: &str, fault: Fault| source.refuse(format!("denominators[{nth}].{key}"), fault);
        if entry.source.trim().is_empty() {
            refuse("source", Fault::SourceMissing);
        }
        if entry.published_on < entry.as_of {
            refuse("published_on", Fault::Reversed(entry.as_of, entry.published_on));
        }
        if entry.values.is_empty() {
            refuse("values", Fault::Empty);
        }
        for (key, value) in &entry.values {
            if key != NATIONWIDE && !is_prefecture(key) {
                refuse(&format!("values.{key}"), Fault::NotAPrefecture(key.clone()));
            }
            if *value < 1 {
                refuse(&format!("values.{key}"), Fault::Below(*value, 1));
            }
        }
        if out.iter().any(|other| (&other.id, other.as_of) == (&entry.id, entry.as_of)) {
            refuse("as_of", Fault::Twice(format!("{} {}", entry.id, entry.as_of)));
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
    source.done(Denominators(out))
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
        "rules DEF-030 2020-04-01"
    )]
    #[case::overlap(&[("", "up", "a"), ("from = \"2020-04-02\"", "up", "a")], "rules DEF-029 2020-04-02")]
    #[case::no_source(&[("", "up", " ")], "rules[0].source DEF-024")]
    #[case::remainder(&[("", "half", "a")], "rules[0].remainder DEF-020 half / up, down")]
    #[case::no_rule(&[], "rules DEF-022")]
    fn seat_rules_that_cannot_hold_are_named(#[case] rules: &[(&str, &str, &str)], #[case] expected: &str) {
        let error = seats(&seat_rules(rules)).expect_err("refused").to_string();
        assert!(error.starts_with("seats.toml:") && error.contains(expected), "{error}");
    }

    #[rstest]
    #[case::no_source("", "2020-12-31", "\"00\" = 1", ":1: denominators[0].source DEF-024")]
    #[case::no_code("source = \"a\"", "2020-12-31", "\"埼玉\" = 1", ":8: denominators[0].values.埼玉 DEF-027 埼玉")]
    #[case::zero("source = \"a\"", "2020-12-31", "\"11\" = 0", ":8: denominators[0].values.11 DEF-025 0 / 1")]
    #[case::published_before(
        "source = \"a\"",
        "2019-12-31",
        "\"11\" = 5",
        ":6: denominators[0].published_on DEF-028 2020-01-01 / 2019-12-31"
    )]
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
        assert!(error.starts_with("denominators.toml:") && error.contains(expected), "{error}");
    }

    /// A divisor of nothing, and fewer seats than none.
    #[rstest]
    #[case::zero(
        "members_per_seat = 50",
        "members_per_seat = 0",
        ":7: tables[0].rules[0].members_per_seat DEF-025 0 / 1"
    )]
    #[case::negative("members_per_seat = 50", "members_per_seat = -5", "members_per_seat DEF-025 -5 / 1")]
    #[case::minimum("remainder", "minimum = -1\nremainder", ":8: tables[0].rules[0].minimum DEF-025 -1 / 0")]
    #[case::reversed(
        "members_per_seat",
        "from = \"2020-04-01\"\nto = \"2020-03-31\"\nmembers_per_seat",
        ":8: tables[0].rules[0].to DEF-028 2020-04-01 / 2020-03-31"
    )]
    #[case::electors("local-by-body", "local-by-bodies", ":5: tables[0].electors DEF-020 local-by-bodies / ")]
    fn seat_rule_that_cannot_be_is_named(#[case] from: &str, #[case] to: &str, #[case] expected: &str) {
        let text = seat_rules(&[("", "up", "a")]).replace("\n\n", "\n").replacen(from, to, 1);
        let error = seats(&text).expect_err("refused").to_string();
        assert!(error.starts_with("seats.toml:") && error.contains(expected), "{error}");
    }

    #[test]
    fn word_of_two_groups_is_refused() {
        let error = duties("[duties]\nmanager = [\"管理者\"]\nother = [\"管理者\"]\n").expect_err("refused");
        assert!(error.to_string().contains("管理者"), "{error}");
    }
}
