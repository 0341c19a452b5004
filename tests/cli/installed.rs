//! What a machine is given beside the program: completion for shells, manual pages, the unit of systemd, the file of a container.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use rstest::rstest;

use super::program::{Office, Run};

/// Names of all commands from the top, such as `jobs list`, as the help tells them.
fn commands(office: &Office) -> Vec<String> {
    let below = |name: &str| -> Vec<String> {
        let help = office.run(&format!("--lang en {name} --help")).stdout;
        let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
        // What goes on in a second line begins further in.
        let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        names.filter_map(|line| line.split_whitespace().next()).filter(|one| *one != "help").map(String::from).collect()
    };
    let mut out = Vec::new();
    for name in below("") {
        out.extend(below(&name).into_iter().map(|one| format!("{name} {one}")));
        out.push(name);
    }
    assert!(out.len() > 40, "{out:?}");
    out
}

#[rstest]
#[case::bash("bash")]
#[case::zsh("zsh")]
#[case::fish("fish")]
#[case::powershell("powershell")]
fn completion_knows_every_command(#[case] shell: &str) {
    let office = Office::new();
    let run = office.run(&format!("completion {shell}"));
    assert_eq!((run.exit, run.stderr.as_str()), (Some(0), ""), "{run:?}");
    for name in commands(&office) {
        for word in name.split(' ') {
            assert!(run.stdout.contains(word), "{shell} does not know {name}");
        }
    }
    let option = if shell == "fish" { "-l as-of" } else { "--as-of" };
    assert!(run.stdout.contains(option), "{shell} knows no options");
    assert!(!office.data().exists(), "nothing is made");
    if shell == "bash" {
        office.save("completion", &run.stdout);
        let completed =
            "source completion; COMP_WORDS=(kaiin jobs r); COMP_CWORD=2; _kaiin kaiin r jobs; echo ${COMPREPLY[*]}";
        let checked = Run::of(office.through("bash").args(["--norc", "-c", completed]));
        assert_eq!((checked.exit, checked.stdout.trim()), (Some(0), "run rerun release"), "{}", checked.stderr);
    }
    assert_eq!(office.run("completion tcsh").exit, Some(2));
}

/// In the language of the screen, and again over what is there.
#[test]
fn every_command_has_its_page() {
    let office = Office::new();
    let names = commands(&office);
    for (lang, word) in [("ja", "使い方"), ("en", "Examples:"), ("ja", "例:")] {
        let told = office.run(&format!("--lang {lang} man --out man1"));
        assert_eq!(told.exit, Some(0), "{told:?}");
        let pages = std::fs::read_dir(office.folder().join("man1")).expect("a folder").count();
        assert_eq!(pages, names.len() + 1, "a page each, and that of the program");
        for name in &names {
            let path = office.folder().join(format!("man1/kaiin-{}.1", name.replace(' ', "-")));
            let page = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(page.contains(".TH") && page.contains(".SH"), "{name}: {page}");
            assert!(lang == "en" || !page.contains("Examples:"), "{name}: {page}");
        }
        let page = std::fs::read_to_string(office.folder().join("man1/kaiin-count.1")).expect("a page");
        assert!(page.contains(word) || word == "使い方", "{page}");
    }
    assert!(!office.data().exists(), "nothing else is made");
    assert_eq!(office.json("man --out man1")["pages"], serde_json::json!(names.len() + 1));
}

/// Keys of a unit by section, as systemd reads them.
fn keys(unit: &str) -> BTreeMap<(String, String), String> {
    let (mut section, mut out) = (String::new(), BTreeMap::new());
    for line in unit.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_string();
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("no key: {line}"));
        out.insert((section.clone(), key.to_string()), value.to_string());
    }
    out
}

#[test]
fn unit_names_the_folders_in_force() {
    let office = Office::new();
    let data = office.folder().join("会員 100%");
    std::fs::create_dir(&data).expect("a folder can be made");
    office.save("kaiin.toml", "[jobs]\nbackup_to = \"/mnt/backup\"\nbackup_at = \"0 0 3 * * *\"\n");
    let mut command = office.program();
    let run = Run::of(command.arg("--data").arg(&data).args(["--config", "kaiin.toml", "init", "--systemd"]));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let keys = keys(&run.stdout);
    let key = |section: &str, key: &str| keys[&(section.to_string(), key.to_string())].clone();
    let shown = data.display().to_string().replace('%', "%%");
    let settings = office.folder().join("kaiin.toml").canonicalize().expect("it is there").display().to_string();
    let command = key("Service", "ExecStart");
    assert!(command.contains(&format!("--data \"{shown}\"")) && command.ends_with("\" serve"), "{command}");
    assert!(command.contains(&format!("--config \"{settings}\"")), "{command}");
    assert_eq!(key("Service", "ReadWritePaths"), format!("\"{shown}\" \"-/mnt/backup\""));
    for (name, value) in [("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("User", "kaiin")] {
        assert_eq!(key("Service", name), value);
    }
    assert_eq!(key("Install", "WantedBy"), "multi-user.target");
    assert_eq!(std::fs::read_dir(&data).expect("a folder").count(), 0, "nothing is made");

    let mut command = office.program();
    let out = ["init", "--systemd", "--out", "units"];
    let written = Run::of(command.arg("--data").arg(&data).args(["--config", "kaiin.toml"]).args(out));
    assert_eq!(written.exit, Some(0), "{}", written.stderr);
    let unit = std::fs::read_to_string(office.folder().join("units/kaiin.service")).expect("it is there");
    assert_eq!(unit, run.stdout);
    assert_eq!(office.run("init --out units").exit, Some(2), "--out is of the unit");
    is_known_to_systemd(&office);
}

/// Where the machine has it, systemd itself reads the unit; elsewhere its keys alone were read.
fn is_known_to_systemd(office: &Office) {
    if !Path::new("/usr/bin/systemd-analyze").exists() {
        crate::figures::say("systemd-analyze is not there: the unit was not read by systemd");
        return;
    }
    let verified = Command::new("/usr/bin/systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(office.folder().join("units/kaiin.service"))
        .output()
        .expect("it can be started");
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    // What it says of other units, and of the account that is not there, is nothing about ours.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("kaiin.service")).collect();
    let wrong: Vec<&&str> = ours.iter().filter(|line| !line.contains("user")).collect();
    assert!(wrong.is_empty(), "{said}");
}

/// It is built nowhere here: what can be read of it is.
#[test]
fn container_is_made_of_what_is_there_and_runs_as_nobody_special() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("scripts/Containerfile")).expect("it is there");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).expect("it is there");
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("a version");
    assert!(text.contains(&format!("rust:{}-", version.trim_matches('"'))), "the Rust of Cargo.toml");
    for line in lines.iter().filter(|line| line.starts_with("COPY ") && !line.contains("--from=")) {
        let mut names: Vec<&str> = line.split(' ').skip(1).collect();
        names.pop();
        for name in names {
            assert!(root.join(name).exists(), "{name} is not there");
        }
    }
    let user = lines.iter().rfind(|line| line.starts_with("USER ")).expect("a user");
    assert!(user.ends_with("10001:10001"), "{user}");
    for word in ["HEALTHCHECK", "ENTRYPOINT", "VOLUME"] {
        assert!(lines.iter().any(|line| line.starts_with(word)), "{word}");
    }
}
