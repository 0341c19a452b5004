//! Backups and restorings, disturbed at their points: what has its name is whole, and the next one clears away what was left.

use std::collections::BTreeMap;
use std::path::Path;

use super::plan::{Breadth, plan};
use super::point::{Error, Fault, Point};
use super::shim::run;
use super::state::leftovers;
use crate::cli::people::office;
use crate::cli::program::Office;

const BACKUP: &str = "copies/kaiin-backup_2026-02-01_090000";

/// An office with a folder for backups.
fn with_copies() -> Office {
    let office = office();
    std::fs::create_dir(office.folder().join("copies")).expect("the temporary folder can be written");
    office
}

/// A command that makes one folder, and what proves that the folder is whole.
struct Making {
    name: &'static str,
    office: Office,
    arguments: Vec<&'static str>,
    folder: &'static str,
    proof: &'static str,
}

#[track_caller]
fn disturb(making: &Making) {
    let undisturbed = making.office.copy();
    let known = run(&undisturbed, &making.arguments, None);
    assert_eq!(known.status.code(), Some(0), "{}", known.stderr);
    assert_eq!(proof(making, &undisturbed), None);
    let trials = plan(&known.points, Breadth::of_environment(), false);
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut n_made = 0;
    for (point, fault) in &trials {
        let (is_made, what) = tried(making, point, *fault);
        n_made += u32::from(is_made);
        for what in what {
            wrong.entry(what).or_default().push(format!("{point} ({fault})"));
        }
    }
    let (n_points, n_trials) = (known.points.len(), trials.len());
    let told = format!("{}: {n_points} points, {n_trials} disturbances, {n_made} made all the same", making.name);
    crate::figures::say(&told);
    let wrong: Vec<String> =
        wrong.iter().map(|(what, at)| format!("{what}\n    at {}", at.join("\n    at "))).collect();
    assert!(wrong.is_empty(), "{told}\n{}", wrong.join("\n"));
    assert!(n_trials > 10, "{told}");
}

/// Whether the folder was made all the same, and what does not hold.
fn tried(making: &Making, point: &Point, fault: Fault) -> (bool, Vec<String>) {
    let office = making.office.copy();
    let ending = run(&office, &making.arguments, Some((point, fault)));
    let said = ending.stderr.trim();
    let is_made = office.folder().join(making.folder).exists();
    let mut wrong = Vec::new();
    if said.contains("panicked") || said.contains("BUG-") {
        wrong.push(format!("it says so itself: {said}"));
    }
    match ending.status.code() {
        None if fault.is_kill() && ending.is_killed() => {}
        Some(0) if is_made => {}
        Some(code) if code != 0 && !fault.is_kill() => {
            // Syncing a folder fails after it has its name.
            let is_last_step = point.call.contains("sync") && is_made;
            if is_made && !is_last_step {
                wrong.push(format!("exit {code}, and the folder is there: {said}"));
            }
            let is_full = matches!(fault, Fault::Once(Error::Space) | Fault::From(Error::Space));
            if is_full && !(said.contains("BAK-003") || said.contains("ENV-002") || said.contains("BAK-020")) {
                wrong.push(format!("a full disk is told as something else: {said}"));
            }
        }
        _ => wrong.push(format!("{}, made: {is_made}: {said}", ending.status)),
    }
    if is_made {
        wrong.extend(proof(making, &office));
    }
    // A restored folder is not restored into once more.
    let arguments: Vec<&str> =
        making.arguments.iter().map(|word| if is_made && *word == "back" { "again" } else { word }).collect();
    let again = run(&office, &arguments, None);
    if again.status.code() != Some(0) {
        wrong.push(format!("the next one ends with {}: {}", again.status, again.stderr.trim()));
    }
    let left = leftovers(&office);
    if !left.is_empty() {
        wrong.push(format!("left over after the next one: {left:?}"));
    }
    (is_made, wrong)
}

/// Why the folder is not whole.
fn proof(making: &Making, office: &Office) -> Option<String> {
    if !Path::new(&office.folder().join(making.folder)).exists() {
        return Some("the folder is not there".to_owned());
    }
    let run = office.run(making.proof);
    (run.exit != Some(0)).then(|| format!("the folder is not whole: {}{}", run.stdout, run.stderr))
}

#[test]
fn backup() {
    disturb(&Making {
        name: "backup",
        office: with_copies(),
        arguments: vec!["backup", "copies"],
        folder: BACKUP,
        proof: "restore copies/kaiin-backup_2026-02-01_090000 --rehearse",
    });
}

#[test]
fn restoring() {
    let office = with_copies();
    assert_eq!(office.run("backup copies").exit, Some(0));
    disturb(&Making {
        name: "restore",
        office,
        arguments: vec!["restore", BACKUP, "--into", "back"],
        folder: "back",
        proof: "--data back verify",
    });
}
