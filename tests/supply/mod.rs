//! The software bill of materials, `docs/sbom.cdx.json` (CycloneDX 1.5), which offices may ask for: what the program is
//! built from, with licences and hashes. `KAIIN_WRITE_DOCS=1 cargo test --locked bill_of_materials` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Property of the bill by which its lock file is known.
const LOCK: &str = "kaiin:cargo-lock-sha256";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A package of the lock file by name and version, with its hash; packages of this repository have none.
fn locked() -> BTreeMap<(String, String), Option<String>> {
    let lock: toml::Table = read(&root().join("Cargo.lock")).parse().expect("a lock file is TOML");
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_string);
    let packages = lock["package"].as_array().expect("packages");
    let one = |package| (text(package, "name").expect("a name"), text(package, "version").expect("a version"));
    packages.iter().map(|package| (one(package), text(package, "checksum"))).collect()
}

#[test]
fn bill_of_materials_is_that_of_the_lock_file() {
    let path = root().join("docs/sbom.cdx.json");
    if std::env::var_os("KAIIN_WRITE_DOCS").is_some() {
        let text = serde_json::to_string_pretty(&bill()).expect("JSON");
        std::fs::write(&path, text + "\n").expect("the bill can be written");
    }
    let bill: Value = serde_json::from_str(&read(&path)).expect("the bill is JSON");
    let lock = hex(read(&root().join("Cargo.lock")).as_bytes());
    let told = &bill["metadata"]["properties"][0];
    assert_eq!(
        (told["name"].as_str(), told["value"].as_str()),
        (Some(LOCK), Some(lock.as_str())),
        "docs/sbom.cdx.json is of another Cargo.lock: KAIIN_WRITE_DOCS=1 cargo test --locked bill_of_materials"
    );
    let locked = locked();
    let components = bill["components"].as_array().expect("components");
    assert!(components.len() > 100, "hardly anything is in the bill");
    for component in components {
        let text = |key: &str| component[key].as_str().unwrap_or_default().to_string();
        let known = locked.get(&(text("name"), text("version")));
        let hash = component["hashes"][0]["content"].as_str();
        assert_eq!(known.map(Option::as_deref), Some(hash), "{component}");
        assert!(component["licenses"][0]["expression"].is_string(), "no licence: {component}");
    }
    // What the program depends on by name is in it, and is part of the program.
    let manifest: toml::Table = read(&root().join("Cargo.toml")).parse().expect("TOML");
    for (name, _) in manifest["dependencies"].as_table().expect("dependencies") {
        let is_it = |component: &&Value| component["name"] == name.as_str() && component["scope"] == "required";
        assert!(components.iter().any(|component| is_it(&component)), "{name} is not in the bill");
    }
}

/// Whoever runs the program after its tests waits for nothing to be compiled anew: no crate has other features in them. Where this
/// fails, an unused dependency in `Cargo.toml` gives the program what its tests ask for.
#[test]
fn program_and_tests_share_one_build() {
    let built = |edges: &str| -> BTreeSet<String> {
        let arguments =
            ["tree", "--locked", "--offline", "--prefix", "none", "--format", "{p} [{f}]", "--edges", edges];
        cargo(&arguments).lines().map(|line| line.trim_end_matches(" (*)").to_string()).collect()
    };
    let (program, tests) = (built("normal,build"), built("normal,build,dev"));
    assert!(program.len() > 100, "{program:?}");
    let elsewise: Vec<&String> = program.difference(&tests).collect();
    assert_eq!(elsewise, Vec::<&String>::new());
}

/// The bill as Cargo resolves the lock file, for all systems.
fn bill() -> Value {
    // A build for one system brings what the others need only where somebody asks for it. It fails where there is no network, and
    // then what is here must suffice.
    let _ = Command::new(program()).args(["fetch", "--locked"]).current_dir(root()).output();
    let metadata = cargo(&["metadata", "--locked", "--offline", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("cargo writes JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (text_of(&package, "id"), package)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text_of(&node, "id"), node)).collect();
    let program = text_of(&metadata["resolve"], "root");
    let (linked, all) = (built("normal"), built("normal,build,dev"));
    let key = |id: &String| (text_of(&packages[id], "name"), text_of(&packages[id], "version"));
    let locked = locked();
    let reference = |id: &String| {
        let package = &packages[id];
        format!("pkg:cargo/{}@{}", text_of(package, "name"), text_of(package, "version"))
    };
    let mut components = Vec::new();
    for (id, package) in packages.iter().filter(|(id, _)| **id != program && all.contains(&key(id))) {
        let (name, version) = key(id);
        let hash = locked.get(&(name.clone(), version.clone())).cloned().flatten();
        components.push(json!({
            "type": "library",
            "bom-ref": reference(id),
            "purl": reference(id),
            "name": name,
            "version": version,
            // What only builds or tests the program is no part of it.
            "scope": if linked.contains(&key(id)) { "required" } else { "excluded" },
            "licenses": [{ "expression": text_of(package, "license").replace('/', " OR ") }],
            "hashes": [{ "alg": "SHA-256", "content": hash }],
        }));
    }
    components.sort_by_key(|component| text_of(component, "bom-ref"));
    let mut dependencies: Vec<Value> = nodes
        .iter()
        .filter(|(id, _)| all.contains(&key(id)))
        .map(|(id, node)| {
            let on = list(&node["dependencies"]).into_iter().filter_map(|id| id.as_str().map(str::to_string));
            let on: BTreeSet<String> = on.filter(|id| all.contains(&key(id))).map(|id| reference(&id)).collect();
            json!({ "ref": reference(id), "dependsOn": on })
        })
        .collect();
    dependencies.sort_by_key(|dependency| text_of(dependency, "ref"));
    let itself = &packages[&program];
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference(&program),
                "name": text_of(itself, "name"),
                "version": text_of(itself, "version"),
                "licenses": [{ "expression": text_of(itself, "license") }],
            },
            "properties": [{ "name": LOCK, "value": hex(read(&root().join("Cargo.lock")).as_bytes()) }],
        },
        "components": components,
        "dependencies": dependencies,
    })
}

fn text_of(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_string()
}

/// The packages that a build takes in, by name and version: Cargo resolves more than it builds.
fn built(edges: &str) -> BTreeSet<(String, String)> {
    let arguments = ["tree", "--locked", "--offline", "--target", "all", "--prefix", "none", "--edges", edges];
    let lines = cargo(&arguments);
    let one = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_string(), words.next()?.strip_prefix('v')?.to_string()))
    };
    lines.lines().filter_map(one).collect()
}

fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(program()).args(arguments).current_dir(root()).output().expect("cargo is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}
