//! Layout files and the vocabulary.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IntoDeserializer;

use super::class_schemes::class_schemes;
use super::error::{DefinitionError, kept};
use super::folder::{DefinitionFolder, in_folder};
use super::report_files;
use super::source::{Source, line_of, owned};
use crate::domain::application::{ApplicationKind, ApplicationStatus, Filer};
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::ClassSchemes;
use crate::domain::enrolment::{SourceStatus, WithdrawalReason};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::layout::{Field, FieldHeadings, FileKind, Layout, Vocabulary};

pub(super) const SHIPPED_LAYOUTS: [(&str, &str); 5] = [
    ("adjustments.toml", include_str!("../../reports/layouts/adjustments.toml")),
    ("association-master.toml", include_str!("../../reports/layouts/association-master.toml")),
    ("mamis-applications.toml", include_str!("../../reports/layouts/mamis-applications.toml")),
    ("mamis-members-long.toml", include_str!("../../reports/layouts/mamis-members-long.toml")),
    ("mamis-members-wide.toml", include_str!("../../reports/layouts/mamis-members-wide.toml")),
];

pub(super) const SHIPPED_VOCABULARY: &str = include_str!("../../reports/vocabulary.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    kind: FileKind,
    ended_rows_kept_days: u32,
    fields: BTreeMap<String, FieldFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldFile {
    headings: Vec<String>,
    #[serde(default)]
    required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VocabularyFile {
    classes: BTreeMap<String, Vec<String>>,
    reasons: BTreeMap<String, Vec<String>>,
    statuses: BTreeMap<String, Vec<String>>,
    application_kinds: BTreeMap<String, Vec<String>>,
    application_statuses: BTreeMap<String, Vec<String>>,
    filers: BTreeMap<String, Vec<String>>,
}

/// All layouts, sorted by file name.
///
/// # Errors
/// [`DefinitionError`] when a file cannot be read or says something unknown, or two layouts share a name.
pub fn layouts(folder: &DefinitionFolder) -> Result<Vec<Layout>, DefinitionError> {
    let (mut out, mut faults): (Vec<Layout>, Vec<PlacedFault>) = (Vec::new(), Vec::new());
    for (name, text) in folder.files("layouts", &SHIPPED_LAYOUTS, &mut faults) {
        let file = in_folder("layouts", &name);
        // Told as a file of the wrong folder.
        if report_files::known().contains(&name) {
            continue;
        }
        let Some(layout) = kept(read_layout(&file, &text), &mut faults) else { continue };
        if out.iter().any(|other| other.name == layout.name) {
            let line = line_of(&text, "name");
            let fault = Fault::Twice(layout.name.clone());
            faults.push(PlacedFault { file, line, key: "name".into(), fault });
        }
        out.push(layout);
    }
    if faults.is_empty() { Ok(out) } else { Err(DefinitionError { faults }) }
}

/// The texts of all layouts by file name, those of the office in the place of the shipped ones.
///
/// # Errors
/// [`DefinitionError`] when a file cannot be read.
pub fn layout_texts(folder: &DefinitionFolder) -> Result<Vec<(String, String)>, DefinitionError> {
    let mut faults = Vec::new();
    let files = folder.files("layouts", &SHIPPED_LAYOUTS, &mut faults);
    if faults.is_empty() { Ok(files) } else { Err(DefinitionError { faults }) }
}

/// Reads one layout text.
///
/// # Errors
/// [`DefinitionError`] naming file and key.
pub fn read_layout(file: &str, text: &str) -> Result<Layout, DefinitionError> {
    let mut source = Source::new(file, text);
    let read: LayoutFile = source.parse()?;
    let mut fields = BTreeMap::new();
    let mut met: BTreeMap<String, String> = BTreeMap::new();
    for (key, entry) in read.fields {
        let field = match Field::deserialize(key.as_str().into_deserializer()) {
            Ok(field) => field,
            Err(error) => {
                let error: serde::de::value::Error = error;
                source.refuse(format!("fields.{key}"), Fault::said(&error.to_string()));
                continue;
            }
        };
        if entry.headings.is_empty() {
            source.refuse(format!("fields.{key}.headings"), Fault::Empty);
        }
        for heading in &entry.headings {
            if let Some(other) = met.insert(heading.clone(), key.clone()).filter(|other| *other != key) {
                let fault = Fault::TwoMeanings(heading.clone(), other, key.clone());
                source.refuse(format!("fields.{key}.headings"), fault);
            }
        }
        fields.insert(field, FieldHeadings { headings: entry.headings, required: entry.required });
    }
    source.done(Layout {
        name: read.name,
        kind: read.kind,
        ended_rows_kept_days: read.ended_rows_kept_days,
        fields,
        source: text.to_string(),
    })
}

/// The vocabulary, with the class schemes of bodies.
///
/// # Errors
/// [`DefinitionError`] when a file cannot be read, a scheme is wrong, the vocabulary names a class, reason or state that
/// does not exist, or gives one word two meanings.
pub fn vocabulary(folder: &DefinitionFolder) -> Result<Vocabulary, DefinitionError> {
    const FILE: &str = "vocabulary.toml";
    let text = folder.file(FILE, SHIPPED_VOCABULARY)?;
    let mut source = Source::new(FILE, &text);
    let schemes = class_schemes(folder);
    let read: VocabularyFile = match source.parse() {
        Ok(read) => read,
        Err(mut error) => {
            error.faults.extend(schemes.err().into_iter().flat_map(|other| other.faults));
            return Err(error);
        }
    };
    let classes = words(&mut source, "classes", read.classes, &codes(NationalClass::ALL, NationalClass::code));
    let reasons = words(&mut source, "reasons", read.reasons, &codes(WithdrawalReason::ALL, WithdrawalReason::code));
    let statuses = words(&mut source, "statuses", read.statuses, &STATUSES);
    let kinds = codes(ApplicationKind::ALL, ApplicationKind::code);
    let application_kinds = words(&mut source, "application_kinds", read.application_kinds, &kinds);
    let states = codes(ApplicationStatus::ALL, ApplicationStatus::code);
    let application_statuses = words(&mut source, "application_statuses", read.application_statuses, &states);
    let filers = words(&mut source, "filers", read.filers, &FILERS);
    let schemes = schemes.unwrap_or_else(|error| {
        source.refuse_with(error);
        ClassSchemes::default()
    });
    let text = text.clone();
    source.done(Vocabulary {
        schemes,
        classes,
        reasons,
        statuses,
        application_kinds,
        application_statuses,
        filers,
        source: text,
    })
}

const STATUSES: [(&str, SourceStatus); 3] =
    [("active", SourceStatus::Active), ("withdrawn", SourceStatus::Withdrawn), ("pending", SourceStatus::Pending)];

const FILERS: [(&str, Filer); 2] = [("person", Filer::Person), ("proxy", Filer::Proxy)];

/// Values under their codes.
fn codes<T: Copy, const N: usize>(all: [T; N], code: impl Fn(T) -> &'static str) -> [(&'static str, T); N] {
    all.map(|one| (code(one), one))
}

/// The spellings of a table of words. Nothing in one table can have two meanings.
fn words<T: Copy>(
    source: &mut Source<'_>,
    table: &str,
    read: BTreeMap<String, Vec<String>>,
    meanings: &[(&'static str, T)],
) -> BTreeMap<String, T> {
    let mut out: BTreeMap<String, (String, T)> = BTreeMap::new();
    for (code, spellings) in read {
        let key = format!("{table}.{code}");
        let Some((_, value)) = meanings.iter().find(|(known, _)| *known == code) else {
            source.refuse(key, Fault::NotOneOf(code, owned(meanings.iter().map(|(known, _)| *known))));
            continue;
        };
        for spelling in spellings {
            let before = out.insert(spelling.clone(), (code.clone(), *value));
            if let Some((other, _)) = before.filter(|(other, _)| *other != code) {
                source.refuse(key.as_str(), Fault::TwoMeanings(spelling, other, code.clone()));
            }
        }
    }
    out.into_iter().map(|(spelling, (_, value))| (spelling, value)).collect()
}
