//! The description of files for programs: a Data Package of version 2.0 whose resources have a Table Schema.
//!
//! The form is that of <https://datapackage.org/standard/data-package/>. This module knows the form, not the tables.

use serde::Serialize;

use crate::domain::document::ReportDocument;

/// The form that the description says it has.
const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";

/// The form of each file.
const RESOURCE_PROFILE: &str = "https://datapackage.org/profiles/2.0/dataresource.json";

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: &'a str,
    title: &'a str,
    resources: Vec<Resource>,
}

/// A file.
#[derive(Serialize)]
pub(super) struct Resource {
    #[serde(rename = "$schema")]
    profile: &'static str,
    name: String,
    path: String,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    description: String,
    notes: Vec<String>,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    schema: Schema,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    missing_values: Vec<String>,
    primary_key: Vec<String>,
}

/// A field of a file.
#[derive(Serialize)]
pub(super) struct Field {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Constraints::is_empty")]
    constraints: Constraints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    categories: Vec<Category>,
}

#[derive(Default, Serialize)]
struct Constraints {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    required: bool,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
}

impl Constraints {
    fn is_empty(&self) -> bool {
        !self.required && self.values.is_empty()
    }
}

#[derive(Serialize)]
struct Category {
    value: String,
    label: String,
}

impl Resource {
    /// A file of UTF-8 by the id of its table.
    pub(super) fn new(id: &str, file_name: &str) -> Self {
        Self {
            profile: RESOURCE_PROFILE,
            name: id.to_string(),
            path: file_name.to_string(),
            kind: "table",
            title: String::new(),
            description: String::new(),
            notes: Vec::new(),
            format: "csv",
            mediatype: "text/csv",
            encoding: "utf-8",
            schema: Schema::default(),
        }
    }

    /// The same with what people read above and under the table.
    pub(super) fn described(self, title: &str, description: &str, notes: &[String]) -> Self {
        Self { title: title.to_string(), description: description.to_string(), notes: notes.to_vec(), ..self }
    }

    /// The same with its fields, and those that together name a record. Empty fields are missing values.
    pub(super) fn with_fields(self, fields: Vec<Field>, key: &[&str]) -> Self {
        let primary_key = key.iter().map(|name| (*name).to_string()).collect();
        Self { schema: Schema { fields, missing_values: vec![String::new()], primary_key }, ..self }
    }
}

impl Field {
    /// A field with one of the types of Table Schema; the title is what people call it.
    pub(super) fn new(name: &str, kind: &'static str, title: &str) -> Self {
        let (name, title) = (name.to_string(), title.to_string());
        Self { name, kind, title, constraints: Constraints::default(), categories: Vec::new() }
    }

    /// The same, never empty.
    pub(super) fn required(mut self) -> Self {
        self.constraints.required = true;
        self
    }

    /// The same, with one of these values, each with what people call it.
    pub(super) fn one_of<'v>(mut self, values: impl IntoIterator<Item = (&'v str, &'v str)>) -> Self {
        let category = |(value, label): (&str, &str)| Category { value: value.to_string(), label: label.to_string() };
        self.categories = values.into_iter().map(category).collect();
        self.constraints.values = self.categories.iter().map(|one| one.value.clone()).collect();
        self
    }
}

/// Writes the description of the files of a document.
///
/// # Errors
/// When the JSON cannot be written into memory.
pub(super) fn package(document: &ReportDocument, resources: Vec<Resource>) -> Result<Vec<u8>, serde_json::Error> {
    let package = Package { profile: PROFILE, name: &document.id, title: &document.title, resources };
    let mut bytes = serde_json::to_vec_pretty(&package)?;
    bytes.push(b'\n');
    Ok(bytes)
}
