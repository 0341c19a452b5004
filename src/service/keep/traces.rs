//! What a data folder shows of a store that once was: where that one is missing or empty, a new one must not take its place
//! in silence.

use std::fs;
use std::path::Path;

use crate::config::Config;

/// Files that only a store that took something in can have led to, each as a place relative to the data folder; none in a
/// new folder. Of each kind one is named. Lists of rejected rows are no sign: a first file that is refused leaves one too.
pub(in crate::service) fn of_a_store(folder: &Path, config: &Config) -> Vec<String> {
    let places = [
        folder.join("snapshots"),
        folder.join("timeline"),
        folder.join(&config.jobs.papers),
        folder.join(&config.jobs.inbox).join("taken"),
    ];
    places.iter().filter_map(|place| first_in(place)).map(|found| name_in(folder, &found)).collect()
}

/// The first entry of a folder by name; what is being written under a temporary name is none.
fn first_in(folder: &Path) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    entries.filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))).min()
}

/// A path as the office reads it.
pub(in crate::service) fn name_in(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_import_leads_to_is_a_sign() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let config = Config::default();
        let make = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
            fs::write(path, "").expect("a file can be written");
        };
        for name in ["kaiin.toml", "kaiin.lock", "rejects/a.xlsx", "inbox/members.csv", "timeline/.kaiin-1"] {
            make(name);
        }
        assert_eq!(of_a_store(folder.path(), &config), Vec::<String>::new());
        for name in ["papers/2025-12/a/manifest.json", "timeline/b.parquet", "timeline/a.parquet", "inbox/taken/a.csv"]
        {
            make(name);
        }
        assert_eq!(of_a_store(folder.path(), &config), ["timeline/a.parquet", "papers/2025-12", "inbox/taken/a.csv"]);
    }
}
