//! The definitions that come with the program, as files that an office can have a copy of.

use serde::Deserialize;

use super::layouts::{SHIPPED_LAYOUTS, SHIPPED_VOCABULARY};
use super::report_files;
use super::statistics::{DENOMINATORS, DUTIES, SEATS, SHIPPED_DENOMINATORS, SHIPPED_DUTIES, SHIPPED_SEATS};
use super::{class_schemes, gaiji};
use crate::domain::layout::FileKind;

/// One file that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShippedFile {
    /// Where it lies in a folder of definitions, such as `layouts/mamis-members-wide.toml`.
    pub path: String,
    /// What it is called: the path without folder and ending.
    pub name: String,
    /// What people call it: the title of a report, else what the file is.
    pub title: String,
    /// What stands in it.
    pub text: &'static str,
}

impl ShippedFile {
    fn new(path: String, title: String, text: &'static str) -> Self {
        let name = path.rsplit('/').next().unwrap_or_default();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_string();
        Self { path, name, title, text }
    }
}

/// What a report or a layout says of itself.
#[derive(Deserialize)]
struct Heading {
    title: Option<String>,
    kind: Option<String>,
}

/// All files that come with the program: reports and packs, layouts, words and tables.
pub fn shipped_files() -> Vec<ShippedFile> {
    // A shipped text is sound: a test reads all of them.
    let told = |text: &str| toml::from_str::<Heading>(text).unwrap_or(Heading { title: None, kind: None });
    let reports = report_files::SHIPPED
        .iter()
        .map(|(name, text)| ShippedFile::new((*name).into(), told(text).title.unwrap_or_default(), text));
    let layouts = SHIPPED_LAYOUTS.iter().map(|(name, text)| {
        let kind = FileKind::ALL.into_iter().find(|kind| told(text).kind.as_deref() == Some(kind.code()));
        let title = format!("{}のレイアウト", kind.map_or("", FileKind::label));
        ShippedFile::new(format!("layouts/{name}"), title, text)
    });
    let others = [
        ("vocabulary.toml", "用語表", SHIPPED_VOCABULARY),
        (class_schemes::FILE, "会員区分の体系", class_schemes::SHIPPED),
        (DUTIES, "施設業務の用語", SHIPPED_DUTIES),
        (SEATS, "代議員定数の規則", SHIPPED_SEATS),
        (DENOMINATORS, "率の分母", SHIPPED_DENOMINATORS),
        (gaiji::FILE, "外字の表", gaiji::SHIPPED),
    ];
    let others = others.map(|(name, title, text)| ShippedFile::new(name.into(), title.into(), text));
    reports.chain(layouts).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_files_have_names_of_their_own_and_titles() {
        let all = shipped_files();
        for one in &all {
            assert!(!one.title.is_empty() && !one.text.is_empty(), "{one:?}");
            assert_eq!(all.iter().filter(|other| other.name == one.name).count(), 1, "{}", one.name);
        }
        assert!(all.iter().any(|one| one.name == "mamis-members-wide" && one.title == "会員一覧のレイアウト"));
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("reports");
        for one in &all {
            let there = std::fs::read_to_string(folder.join(&one.path)).expect("the file is there");
            assert_eq!(there, one.text, "{}", one.path);
        }
        // Whatever a remedy tells to edit can be had; settings and templates are written by `kaiin init`.
        for (subfolder, ending) in [("", "toml"), ("layouts", "toml")] {
            for entry in std::fs::read_dir(folder.join(subfolder)).expect("the folder is there") {
                let path = entry.expect("the folder can be read").path();
                let name = path.strip_prefix(&folder).expect("it lies there").display().to_string().replace('\\', "/");
                if path.extension().is_some_and(|found| found == ending) && name != "kaiin.toml" {
                    assert!(all.iter().any(|one| one.path == name), "{name} cannot be copied");
                }
            }
        }
    }
}
