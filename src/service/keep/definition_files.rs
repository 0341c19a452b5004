//! Definitions of the office: copies of shipped ones in the folder that the settings name, and layouts with headings of
//! their own. Works without an opened data folder, so that it also helps where a definition is wrong.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::config::{Config, with_definitions};
use crate::definitions::{DefinitionFolder, ShippedFile, layout_texts, read_layout, shipped_files, with_heading};
use crate::domain::class_scheme::spelling_key;
use crate::domain::layout::{Field, FileKind, Layout};
use crate::error::{Detail, Failure};
use crate::files::{Readers, make_folder, remove_leftovers};
use crate::ingest::fold;
use crate::input;
use crate::service::keep::choices::{Choice, with_list};
use crate::service::keep::export::{write_file, write_new_file};
use crate::service::keep::init::SETTINGS;

/// The folder that is made where the settings name none, beside their file.
const FOLDER: &str = "definitions";

/// Where the settings are, and what they say.
#[derive(Debug, Clone, Copy)]
pub struct Settings<'a> {
    /// The file of settings; it need not be there.
    pub path: &'a Path,
    /// What it says.
    pub config: &'a Config,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Definitions that were written, by path.
    pub files: Vec<String>,
    /// The file of settings, where the folder had to be named in it.
    pub settings: Option<String>,
    /// Headings that were there already.
    pub already: Vec<String>,
}

/// One layout as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayoutFields {
    /// Name.
    pub layout: String,
    /// Kind of file.
    pub kind: &'static str,
    /// Kind of file as printed.
    #[serde(skip)]
    pub kind_label: &'static str,
    /// Each field with its headings, in the order of the program.
    pub fields: Vec<LayoutField>,
}

/// One field of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LayoutField {
    /// Machine name.
    pub field: String,
    /// Accepted headings, the preferred one first.
    pub headings: Vec<String>,
    /// Whether a file without it is refused.
    pub required: bool,
}

/// Copies a shipped definition into the folder of the office. What is there stays as it is.
///
/// # Errors
/// [`Failure`] USE-118 when nothing has that name, USE-119 when the office has the file already; when a file or folder
/// cannot be written.
pub fn copy(settings: Settings<'_>, name: &str) -> Result<Written> {
    let shipped = find(name)?;
    let (folder, told) = own_folder(settings)?;
    let path = folder.join(&shipped.path);
    if path.exists() {
        return Err(Failure::usage("USE-119", path.display().to_string()).into());
    }
    write_new_file(&path, shipped.text.as_bytes(), Readers::ByUmask)?;
    Ok(Written { files: vec![path.display().to_string()], settings: told, already: Vec::new() })
}

/// Everything that can be copied.
pub fn copies() -> Vec<ShippedFile> {
    shipped_files()
}

/// The shipped definition that a word names: by its name, its file or its title.
///
/// # Errors
/// [`Failure`] USE-118 when nothing has that name.
pub fn find(name: &str) -> Result<ShippedFile> {
    let all = shipped_files();
    let key = spelling_key(name);
    let is_called = |one: &&ShippedFile| {
        let file = one.path.rsplit('/').next().unwrap_or_default();
        [one.path.as_str(), file, one.name.as_str()].into_iter().any(|known| spelling_key(known) == key)
    };
    let titled: Vec<&ShippedFile> = all.iter().filter(|one| spelling_key(&one.title) == key).collect();
    let found = all.iter().find(is_called).or(match titled.as_slice() {
        [one] => Some(*one),
        _ => None,
    });
    found.cloned().ok_or_else(|| {
        let told = if titled.is_empty() { all.iter().collect() } else { titled };
        let told: Vec<Choice> = told.iter().map(|one| Choice::new(one.title.as_str(), one.name.as_str())).collect();
        with_list(Failure::usage("USE-118", name), name, &told).into()
    })
}

/// The folder of the office, made and named in the settings where it is not. The second is the file of settings that was
/// written for it.
fn own_folder(settings: Settings<'_>) -> Result<(PathBuf, Option<String>)> {
    let make = |folder: &Path, readers| {
        make_folder(folder, readers).map_err(|source| Failure::from_writing(&source, &folder.display().to_string()))
    };
    // What a killed run left of the settings, and of definitions, which lie at most in one folder more.
    let beside = settings.path.parent().unwrap_or(Path::new(""));
    remove_leftovers(beside, 0);
    if let Some(folder) = &settings.config.definitions {
        make(folder, Readers::ByUmask)?;
        remove_leftovers(folder, 1);
        return Ok((folder.clone(), None));
    }
    if !beside.as_os_str().is_empty() {
        // Usually the data folder, which may not be there yet.
        make(beside, Readers::Owner)?;
    }
    let folder = beside.join(FOLDER);
    make(&folder, Readers::ByUmask)?;
    remove_leftovers(&folder, 1);
    let file = settings.path.display().to_string();
    // Settings may hold the address of a database; those that are there keep their readers.
    let (text, readers) = match input::read_text(settings.path) {
        Ok(text) => (text, Readers::ByUmask),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => (SETTINGS.to_string(), Readers::Owner),
        Err(source) => return Err(Failure::from_io(&source, &file).into()),
    };
    let text = with_definitions(&text, FOLDER).with_context(|| format!("naming the folder in {file}"))?;
    // Where a link leads to the settings, they are changed where they are.
    let path = std::fs::canonicalize(settings.path).unwrap_or_else(|_| settings.path.to_path_buf());
    write_file(&path, text.as_bytes(), readers)?;
    Ok((folder, Some(file)))
}

/// The definitions as the settings have them; a folder that is not there yet holds none.
fn definition_folder(config: &Config) -> DefinitionFolder {
    match &config.definitions {
        Some(folder) if folder.is_dir() => DefinitionFolder::with_overrides(folder.clone()),
        _ => DefinitionFolder::shipped(),
    }
}

/// All layouts with their fields and headings.
///
/// # Errors
/// When a layout is wrong.
pub fn layouts(config: &Config) -> Result<Vec<LayoutFields>> {
    let mut out = Vec::new();
    for (file, text) in layout_texts(&definition_folder(config))? {
        let layout = read_layout(&format!("layouts/{file}"), &text)?;
        let fields = layout.fields.iter().map(|(field, headings)| LayoutField {
            field: field_code(*field),
            headings: headings.headings.clone(),
            required: headings.required,
        });
        out.push(LayoutFields {
            kind: layout.kind.code(),
            kind_label: layout.kind.label(),
            fields: fields.collect(),
            layout: layout.name,
        });
    }
    Ok(out)
}

/// A layout with its file and text.
struct LayoutText {
    file: String,
    text: String,
    layout: Layout,
}

/// Adds accepted headings to layouts: `FIELD=見出し`, the field by its machine name or by a heading that it has. Without
/// the name of a layout those of member lists that have the field, else those of another kind, get the heading.
/// Nothing is written unless everything is sound.
///
/// # Errors
/// [`Failure`] USE-120 for a text without =, USE-121 for an unknown field, USE-122 for a heading that another field of the
/// layout has, USE-123 for no heading, CFG-003 for an unknown layout; when a layout is wrong or a file cannot be written.
pub fn add_headings(settings: Settings<'_>, layout: Option<&str>, pairs: &[String]) -> Result<Written> {
    let mut all = Vec::new();
    for (file, text) in layout_texts(&definition_folder(settings.config))? {
        let layout = read_layout(&format!("layouts/{file}"), &text)?;
        all.push(LayoutText { file, text, layout });
    }
    if let Some(name) = layout {
        let names: Vec<String> = all.iter().map(|one| one.layout.name.clone()).collect();
        if !names.iter().any(|known| known == name) {
            return Err(no_layout(name, &names).into());
        }
        all.retain(|one| one.layout.name == name);
    }
    let (mut changed, mut already) = (Vec::new(), Vec::new());
    for pair in pairs {
        let (word, heading) = pair.split_once(['=', '＝']).ok_or_else(|| Failure::usage("USE-120", pair))?;
        let (word, heading) = (word.trim(), heading.trim());
        if heading.is_empty() || heading.chars().any(char::is_control) {
            return Err(Failure::usage("USE-123", pair).into());
        }
        let meant = chosen(&all, word).ok_or_else(|| no_field(&all, word, heading))?;
        for (at, field) in meant {
            let one = &mut all[at];
            match add(one, field, heading)? {
                true if !changed.contains(&at) => changed.push(at),
                true => {}
                false => already.push(format!("{}: {}", one.layout.name, heading)),
            }
        }
    }
    let mut out = Written { files: Vec::new(), settings: None, already };
    if changed.is_empty() {
        return Ok(out);
    }
    let (folder, told) = own_folder(settings)?;
    out.settings = told;
    for at in changed {
        let path = folder.join("layouts").join(&all[at].file);
        write_file(&path, all[at].text.as_bytes(), Readers::ByUmask)?;
        out.files.push(path.display().to_string());
    }
    Ok(out)
}

/// The layouts that are meant and their field: all of the first kind that has it, member lists first.
fn chosen(all: &[LayoutText], word: &str) -> Option<Vec<(usize, Field)>> {
    let kinds = [FileKind::Members, FileKind::Applications, FileKind::Associations, FileKind::Adjustments];
    kinds.into_iter().find_map(|kind| {
        let of_kind = all.iter().enumerate().filter(|(_, one)| one.layout.kind == kind);
        let found: Vec<(usize, Field)> =
            of_kind.filter_map(|(at, one)| Some((at, field_called(&one.layout, word)?))).collect();
        (!found.is_empty()).then_some(found)
    })
}

fn field_called(layout: &Layout, word: &str) -> Option<Field> {
    let by_code = layout.fields.keys().find(|field| spelling_key(&field_code(**field)) == spelling_key(word));
    let has = |headings: &[String]| headings.iter().any(|heading| fold(heading) == fold(word));
    let by_heading = || layout.fields.iter().find(|(_, headings)| has(&headings.headings)).map(|(field, _)| field);
    by_code.or_else(by_heading).copied()
}

/// Adds a heading to one layout; whether it was not there before.
fn add(one: &mut LayoutText, field: Field, heading: &str) -> Result<bool> {
    let key = fold(heading);
    let has = |headings: &[String]| headings.iter().any(|other| fold(other) == key);
    if let Some((holder, headings)) = one.layout.fields.iter().find(|(_, headings)| has(&headings.headings)) {
        if *holder == field {
            return Ok(false);
        }
        let preferred = headings.headings.first().map_or("", String::as_str);
        let detail = format!("{heading} ≠ {preferred}（{}、{}）", field_code(*holder), one.layout.name);
        return Err(Failure::usage("USE-122", detail).into());
    }
    let text = with_heading(&one.text, &field_code(field), heading).context("the field was found in the layout")?;
    one.layout = read_layout(&format!("layouts/{}", one.file), &text)?;
    one.text = text;
    Ok(true)
}

/// The failure of a field that no layout has; with both sides of = swapped it tells so.
fn no_field(all: &[LayoutText], word: &str, heading: &str) -> Failure {
    let failure = Failure::usage("USE-121", word);
    if chosen(all, heading).is_some() {
        let meant = Some(format!("{heading}={word}"));
        let detail = Detail { meant, ..Detail::of_words("USE-124", vec![format!("{word}={heading}")]) };
        return Failure { details: Box::new([detail]), ..failure };
    }
    let mut told: Vec<Choice> = Vec::new();
    for (field, headings) in all.iter().flat_map(|one| &one.layout.fields) {
        let code = field_code(*field);
        if !told.iter().any(|one| one.code == code) {
            told.push(Choice::new(headings.headings.first().map_or("", String::as_str), code));
        }
    }
    with_list(failure, word, &told)
}

/// The failure of a layout that nobody knows.
pub fn no_layout(name: &str, all: &[String]) -> Failure {
    let told: Vec<Choice> = all.iter().map(Choice::of_code).collect();
    with_list(Failure::usage("CFG-003", name), name, &told)
}

/// The machine name of a field, as layout files write it.
pub fn field_code(field: Field) -> String {
    // Fields are written as texts.
    serde_json::to_value(field).ok().and_then(|value| value.as_str().map(str::to_string)).unwrap_or_default()
}
