//! Layout files and the vocabulary.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::class_schemes::class_schemes;
use super::{DefinitionError, DefinitionFolder, invalid, parse};
use crate::domain::application::{ApplicationKind, ApplicationStatus, Filer};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{SourceStatus, WithdrawalReason};
use crate::domain::layout::{Field, FieldHeadings, FileKind, Layout, Vocabulary};

const SHIPPED_LAYOUTS: [(&str, &str); 5] = [
    ("adjustments.toml", include_str!("../../reports/layouts/adjustments.toml")),
    ("association-master.toml", include_str!("../../reports/layouts/association-master.toml")),
    ("mamis-applications.toml", include_str!("../../reports/layouts/mamis-applications.toml")),
    ("mamis-members-long.toml", include_str!("../../reports/layouts/mamis-members-long.toml")),
    ("mamis-members-wide.toml", include_str!("../../reports/layouts/mamis-members-wide.toml")),
];

const SHIPPED_VOCABULARY: &str = include_str!("../../reports/vocabulary.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    name: String,
    kind: FileKind,
    ended_rows_kept_days: u32,
    fields: BTreeMap<Field, FieldFile>,
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
    let mut out: Vec<Layout> = Vec::new();
    for (file, text) in folder.files("layouts", &SHIPPED_LAYOUTS)? {
        let layout = read_layout(&file, &text)?;
        if out.iter().any(|other| other.name == layout.name) {
            return Err(invalid(&file, format!("name \"{}\" is used by another layout", layout.name)));
        }
        out.push(layout);
    }
    Ok(out)
}

/// Reads one layout text.
///
/// # Errors
/// [`DefinitionError::Invalid`] naming file and key.
pub fn read_layout(file: &str, text: &str) -> Result<Layout, DefinitionError> {
    let read: LayoutFile = parse(file, text)?;
    let mut fields = BTreeMap::new();
    for (field, entry) in read.fields {
        if entry.headings.is_empty() {
            return Err(invalid(file, format!("fields.{field:?}: headings is empty")));
        }
        fields.insert(field, FieldHeadings { headings: entry.headings, required: entry.required });
    }
    Ok(Layout {
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
/// [`DefinitionError`] when a file cannot be read, a scheme is wrong, or the vocabulary names a class, reason or state that does not exist.
pub fn vocabulary(folder: &DefinitionFolder) -> Result<Vocabulary, DefinitionError> {
    const FILE: &str = "vocabulary.toml";
    let text = folder.file(FILE, SHIPPED_VOCABULARY)?;
    let read: VocabularyFile = parse(FILE, &text)?;
    Ok(Vocabulary {
        schemes: class_schemes(folder)?,
        classes: words(FILE, "classes", read.classes, NationalClass::from_code)?,
        reasons: words(FILE, "reasons", read.reasons, WithdrawalReason::from_code)?,
        statuses: words(FILE, "statuses", read.statuses, status)?,
        application_kinds: words(FILE, "application_kinds", read.application_kinds, ApplicationKind::from_code)?,
        application_statuses: words(
            FILE,
            "application_statuses",
            read.application_statuses,
            ApplicationStatus::from_code,
        )?,
        filers: words(FILE, "filers", read.filers, filer)?,
        source: text,
    })
}

fn status(code: &str) -> Option<SourceStatus> {
    match code {
        "active" => Some(SourceStatus::Active),
        "withdrawn" => Some(SourceStatus::Withdrawn),
        "pending" => Some(SourceStatus::Pending),
        _ => None,
    }
}

fn filer(code: &str) -> Option<Filer> {
    match code {
        "person" => Some(Filer::Person),
        "proxy" => Some(Filer::Proxy),
        _ => None,
    }
}

fn words<T: Copy>(
    file: &str,
    table: &str,
    read: BTreeMap<String, Vec<String>>,
    meaning: impl Fn(&str) -> Option<T>,
) -> Result<BTreeMap<String, T>, DefinitionError> {
    let mut out = BTreeMap::new();
    for (code, spellings) in read {
        let value = meaning(&code).ok_or_else(|| invalid(file, format!("{table}.{code} is not known")))?;
        for spelling in spellings {
            out.insert(spelling, value);
        }
    }
    Ok(out)
}
