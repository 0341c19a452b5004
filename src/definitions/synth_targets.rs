//! Targets of an invented world: counts that it has to come to on given days (`kaiin synth --targets`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::DefinitionError;
use super::source::Source;
use crate::domain::class::NationalClass;
use crate::domain::fault::Fault;
use crate::domain::synth_target::SynthTarget;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsFile {
    #[serde(default)]
    target: Vec<TargetEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(non_snake_case, reason = "keys are the codes of classes")]
struct TargetEntry {
    day: NaiveDate,
    total: Option<u32>,
    A1: Option<u32>,
    A2B: Option<u32>,
    A2C: Option<u32>,
    B: Option<u32>,
    C: Option<u32>,
    a1: Option<A1Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct A1Entry {
    hospital_founder: u32,
    clinic_founder: u32,
    manager: u32,
    other: u32,
}

/// Reads a file of targets, in the order of the file. Whether they fit together is not judged here.
///
/// # Errors
/// [`DefinitionError`] naming the file, the line and the key.
pub fn synth_targets(file: &str, bytes: &[u8]) -> Result<Vec<SynthTarget>, DefinitionError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DefinitionError::of_file(file, Fault::NotUtf8))?;
    let read: TargetsFile = Source::new(file, text.trim_start_matches('\u{feff}')).parse()?;
    Ok(read.target.into_iter().map(target).collect())
}

fn target(entry: TargetEntry) -> SynthTarget {
    let classes = [
        (NationalClass::A1, entry.A1),
        (NationalClass::A2B, entry.A2B),
        (NationalClass::A2C, entry.A2C),
        (NationalClass::B, entry.B),
        (NationalClass::C, entry.C),
    ];
    let named = classes.into_iter().filter_map(|(class, n)| Some((class, n?)));
    SynthTarget {
        day: entry.day,
        total: entry.total,
        classes: named.collect::<BTreeMap<_, _>>(),
        a1: entry.a1.map(|a1| [a1.hospital_founder, a1.clinic_founder, a1.manager, a1.other]),
    }
}
