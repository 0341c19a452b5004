//! Reads what the checks need from `Cargo.toml`, line by line: names of crates, and the test binaries.

use super::{Violation, assert_clean, read, root};

/// The parts of `Cargo.toml` that the house rules speak of.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Names as in code (`futures_util`) with their lines, of `[dependencies]` and target tables.
    pub dependencies: Vec<(String, usize)>,
    /// The same of `[dev-dependencies]`.
    pub dev_dependencies: Vec<(String, usize)>,
    /// Number of `[[test]]` tables.
    pub test_binaries: usize,
    /// `path` of the `[[test]]` tables.
    pub test_paths: Vec<String>,
    /// `autotests = false` stands in `[package]`.
    pub autotests_off: bool,
}

/// Reads the manifest of the project, with what the package of its lowest rooms (src/Cargo.toml) needs beside.
pub fn manifest() -> Manifest {
    let mut manifest = parse(&read(&root().join("Cargo.toml")));
    let base = parse(&read(&root().join("src/Cargo.toml")));
    let is_new = |(name, _): &(String, usize)| manifest.dependencies.iter().all(|(own, _)| own != name);
    let more: Vec<(String, usize)> = base.dependencies.into_iter().filter(is_new).collect();
    manifest.dependencies.extend(more);
    manifest
}

fn parse(text: &str) -> Manifest {
    let mut manifest = Manifest::default();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.starts_with('[') {
            section = line.trim_matches(['[', ']']).replace(['"', ' '], "");
            manifest.open_section(line, &section, index + 1);
        } else if let Some((key, value)) = line.split_once('=') {
            manifest.entry(&section, key.trim(), value.trim(), index + 1);
        }
    }
    manifest
}

impl Manifest {
    fn open_section(&mut self, line: &str, section: &str, number: usize) {
        self.test_binaries += usize::from(line == "[[test]]");
        // The long form: [dependencies.name].
        if let Some((table, name)) = section.rsplit_once('.') {
            self.dependency(table, name, number);
        }
    }

    fn entry(&mut self, section: &str, key: &str, value: &str, number: usize) {
        let name = key.split('.').next().unwrap_or_default();
        self.dependency(section, name, number);
        self.autotests_off |= section == "package" && key == "autotests" && value == "false";
        if section == "test" && key == "path" {
            self.test_paths.push(value.trim_matches('"').to_owned());
        }
    }

    fn dependency(&mut self, table: &str, name: &str, number: usize) {
        // The versions of a workspace are asked for by what its packages take from them.
        if table == "workspace.dependencies" {
            return;
        }
        let list = match table.rsplit('.').next() {
            Some("dependencies") => &mut self.dependencies,
            Some("dev-dependencies") => &mut self.dev_dependencies,
            _ => return,
        };
        list.push((name.trim_matches('"').replace('-', "_"), number));
    }
}

/// Checks that the tests link the world once: one binary, found by no other way.
fn check_test_binaries(manifest: &Manifest, files_in_tests: &[String]) -> Vec<Violation> {
    let mut violations = Vec::new();
    if !manifest.autotests_off {
        violations.push(Violation::new("Cargo.toml", 1, "[package] needs autotests = false"));
    }
    if manifest.test_binaries != 1 {
        let message = format!("exactly one [[test]] is allowed, found {}", manifest.test_binaries);
        violations.push(Violation::new("Cargo.toml", 1, message));
    }
    for file in files_in_tests.iter().filter(|file| !manifest.test_paths.contains(file)) {
        violations.push(Violation::new(file, 1, "is in no test binary; make it a module of the one that is"));
    }
    violations
}

#[test]
fn tests_are_one_binary() {
    let entries = std::fs::read_dir(root().join("tests")).expect("this file is below tests/");
    let names = entries.flatten().map(|entry| format!("tests/{}", entry.file_name().to_string_lossy()));
    assert_clean(check_test_binaries(&manifest(), &names.filter(|name| name.ends_with(".rs")).collect::<Vec<_>>()));
}

#[test]
fn second_test_binary_and_stray_file_are_found() {
    let bad = parse("[package]\nautotests = true\n[[test]]\npath = \"tests/a.rs\"\n[[test]]\nname = \"b\"\n");
    let files = ["tests/a.rs".to_owned(), "tests/c.rs".to_owned()];
    assert_eq!(check_test_binaries(&bad, &files).len(), 3);
    let good = parse("[package]\nautotests = false\n[[test]]\npath = \"tests/a.rs\"\n");
    assert_eq!(check_test_binaries(&good, &files[..1]), []);
}

#[test]
fn dependencies_of_all_forms_are_read() {
    let manifest = parse(
        "[workspace.dependencies]\nzip = \"1\"\n[dependencies]\nfutures-util = { version = \"1\" } # x = 1\nserde.workspace = true\n[dependencies.a-b]\nversion = \"1\"\n\
         [target.'cfg(unix)'.dependencies]\nnix = \"1\"\n[dev-dependencies]\nrstest = \"1\"\n[lints.clippy]\ntodo = \"deny\"\n",
    );
    let names = |list: &[(String, usize)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&manifest.dependencies), ["futures_util", "serde", "a_b", "nix"]);
    assert_eq!(manifest.dev_dependencies, [("rstest".to_owned(), 11)]);
}
