//! Reads the files under `src/`: their room, their module, their paths and their test code.

use std::path::Path;

use super::lexer::{Lexeme, lex};
use super::paths::{Paths, paths};
use super::test_regions::{TestRegion, test_regions};
use super::{files_below, read, relative, root};

/// One Rust file of the project.
pub struct Source {
    /// Path relative to the project.
    pub path: String,
    /// Text as it is in the file.
    pub text: String,
    /// Tokens without comments.
    pub lexemes: Vec<Lexeme>,
    /// Paths it names.
    pub paths: Paths,
    /// Module path below the crate root; empty for `lib.rs`, `base.rs` and `main.rs`.
    pub module: Vec<String>,
    /// Items behind `#[cfg(test)]`.
    pub test_regions: Vec<TestRegion>,
    /// The whole file is a module behind `#[cfg(test)]` of another file.
    pub test_file: bool,
}

impl Source {
    /// Reads a text as if it were the file at `path`.
    pub fn new(path: &str, text: &str) -> Self {
        let lexemes = lex(text);
        Self {
            path: path.into(),
            text: text.into(),
            paths: paths(&lexemes),
            module: module_of(path),
            test_regions: test_regions(&lexemes),
            test_file: false,
            lexemes,
        }
    }

    /// The room the file belongs to: the first part of its module path, or `lib` or `main`.
    pub fn room(&self) -> &str {
        match self.module.first() {
            Some(room) => room,
            None if self.path.ends_with("main.rs") => "main",
            None => "lib",
        }
    }

    /// Whether an item of this name stands in the file: `struct A`, `fn a`.
    pub fn defines(&self, name: &str) -> bool {
        const ITEMS: &[&str] = &["struct", "enum", "trait", "type", "fn", "const", "static", "union", "mod"];
        let is_item = |pair: &[Lexeme]| pair[1].is_word(name) && ITEMS.iter().any(|word| pair[0].is_word(word));
        self.lexemes.windows(2).any(is_item)
    }

    /// Whether a line is compiled for tests only.
    pub fn is_test_line(&self, line: usize) -> bool {
        self.test_file || self.test_regions.iter().any(|region| (region.first_line..=region.last_line).contains(&line))
    }
}

/// Reads all files under `src/`, in the order of their paths.
#[track_caller]
pub fn sources() -> Vec<Source> {
    let read_source = |path: &Path| Source::new(&relative(path), &read(path));
    let mut sources: Vec<Source> =
        files_below(&root().join("src"), &[".rs"]).iter().map(|path| read_source(path)).collect();
    // A walk that finds nothing would let every check pass.
    assert!(!sources.is_empty(), "no Rust file found under src/");
    mark_test_files(&mut sources);
    sources
}

/// Marks the files that other files declare as test modules, and all files below them.
pub fn mark_test_files(sources: &mut [Source]) {
    let mut test_modules: Vec<Vec<String>> = Vec::new();
    for source in &*sources {
        for name in source.test_regions.iter().filter_map(|region| region.module_file.clone()) {
            let mut module = source.module.clone();
            module.push(name);
            test_modules.push(module);
        }
    }
    for source in sources {
        source.test_file = test_modules.iter().any(|module| source.module.starts_with(module));
    }
}

fn module_of(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let mut module: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (module.len() == 1 && matches!(last, Some("lib" | "base" | "main"))) {
        module.pop();
    }
    module
}

#[test]
fn room_and_module_follow_from_the_path() {
    for (path, room, module) in [
        ("src/lib.rs", "lib", ""),
        ("src/base.rs", "lib", ""),
        ("src/main.rs", "main", ""),
        ("src/clock.rs", "clock", "clock"),
        ("src/store/mod.rs", "store", "store"),
        ("src/store/sqlite/main.rs", "store", "store::sqlite::main"),
    ] {
        let source = Source::new(path, "");
        assert_eq!((source.room(), source.module.join("::").as_str()), (room, module), "{path}");
    }
}

#[test]
fn files_of_test_modules_are_test_code() {
    let mut sources = [
        Source::new("src/store/mod.rs", "mod a;\n#[cfg(test)]\nmod contract;"),
        Source::new("src/store/a.rs", "fn a() {}\n#[cfg(test)] mod tests {\n}\n"),
        Source::new("src/store/contract/rows.rs", "fn b() {}"),
    ];
    mark_test_files(&mut sources);
    assert_eq!(sources.iter().map(|source| source.test_file).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!([1, 2, 3, 4].map(|line| sources[1].is_test_line(line)), [false, true, true, false]);
    assert!(sources[2].is_test_line(1));
}
