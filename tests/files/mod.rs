//! How files are written: for whom, under which names, whole or not at all, and what is said when they cannot be.

mod canary;
mod canary_walk;
mod leftovers;
mod lists;
mod names;
mod printed;
mod readers;

use std::path::{Path, PathBuf};

/// Everything below a folder, folders too, sorted.
pub fn all_below(folder: &Path) -> Vec<PathBuf> {
    let (mut out, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(&at).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() && !path.is_symlink() {
                folders.push(path.clone());
            }
            out.push(path);
        }
    }
    out.sort();
    out
}

/// What a killed process would have left, below a folder.
fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let is_temporary = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(kaiin::files::TEMPORARY))
    };
    all_below(folder).into_iter().filter(is_temporary).collect()
}
