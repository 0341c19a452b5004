//! One command with one point of it disturbed, and what must hold afterwards.

use std::collections::BTreeSet;

use super::plan::Breadth;
use super::point::{Fault, Point};
use super::scene::Scene;
use super::shim::{Ending, run};
use super::state::{Asked, State, difference, halves, is_of_timeline, leftovers, places_in_inbox};
use crate::cli::program::Office;

/// The command undisturbed: what was there before and after, and its points.
pub struct Known {
    pub before: State,
    pub after: State,
    pub points: Vec<Point>,
    /// What it says on standard error.
    said: String,
    asked: Asked,
}

impl Known {
    /// Runs the command in a copy of the office.
    #[track_caller]
    pub fn of(scene: &Scene) -> Self {
        let office = scene.office.copy();
        let asked = Asked::default();
        let before = State::seen_from_afar(&office, &asked);
        let ending = run(&office, &scene.arguments, None);
        assert_eq!(ending.status.code(), Some(scene.exit), "{}: {}", scene.name, ending.stderr);
        let left = leftovers(&office);
        assert!(left.is_empty(), "{}: the undisturbed command leaves {left:?}", scene.name);
        let mut points = ending.points;
        if office.database().is_some() {
            retain_certain(scene, &mut points);
        }
        let after = State::of(&office);
        assert_ne!(before, after, "{} changes something", scene.name);
        Self { before, after, points, said: ending.stderr, asked }
    }
}

/// Keeps of what is sent what each run sends, but for goodbyes (X), which go or not as a program ends: which of its connections a program takes is a matter of chance, and a
/// statement is prepared on each of them.
fn retain_certain(scene: &Scene, points: &mut Vec<Point>) {
    points.retain(|point| !point.is_sent() || point.other.trim() != "X");
    // Among thousands of points some come by chance three times in a row.
    let n_others = if matches!(Breadth::of_environment(), Breadth::All) { 8 } else { 2 };
    for _ in 0..n_others {
        let other = run(&scene.office.copy(), &scene.arguments, None);
        points.retain(|point| {
            !point.is_sent() || other.points.iter().any(|sent| sent.is_same(point) && sent.other == point.other)
        });
    }
}

/// What came of a trial.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether the point was reached.
    pub is_covered: bool,
    /// Whether the command did its work all the same.
    pub is_done: bool,
    /// What does not hold.
    pub wrong: Vec<String>,
}

/// What goes to a server goes as threads come, so that a point may have another number now and then.
const ATTEMPTS: usize = 5;

/// Runs the command in a copy of the office with a point disturbed, then the command again; once more with another copy when
/// the point was not reached.
pub fn trial(scene: &Scene, known: &Known, point: &Point, fault: Fault) -> Outcome {
    let mut attempts = (0..ATTEMPTS).map(|_| tried(scene, known, point, fault));
    let first = attempts.next().unwrap_or_default();
    if first.is_covered { first } else { attempts.find(|outcome| outcome.is_covered).unwrap_or(first) }
}

fn tried(scene: &Scene, known: &Known, point: &Point, fault: Fault) -> Outcome {
    let office = scene.office.copy();
    let ending = run(&office, &scene.arguments, Some((point, fault)));
    let is_covered = ending.points.iter().any(|reached| reached.is_same(point));
    let mut outcome = Outcome { is_covered, ..Outcome::default() };
    if !outcome.is_covered {
        outcome.wrong.push("the point was not reached".to_owned());
        return outcome;
    }
    let state = State::seen_from_afar(&office, &known.asked);
    outcome.is_done = state.is_as_good_as(&known.after);
    outcome.wrong.extend(wrong_ending(scene, known, &ending, fault, outcome.is_done));
    outcome.wrong.extend(wrong_state(&state, known));
    let again = run(&office, &scene.arguments, None);
    let expected = if outcome.is_done { scene.exit_again } else { scene.exit };
    if again.status.code().is_none_or(|code| code != expected && code != scene.exit_again) {
        outcome.wrong.push(format!("the next command ends with {}: {}", again.status, again.stderr.trim()));
    }
    outcome.wrong.extend(wrong_in_the_end(scene, &office, known, &ending.stderr));
    outcome
}

/// What is wrong with how the disturbed command ended.
fn wrong_ending(scene: &Scene, known: &Known, ending: &Ending, fault: Fault, is_done: bool) -> Vec<String> {
    let said = ending.stderr.trim();
    let is_said = codes(said).iter().any(|code| !codes(&known.said).contains(code));
    let mut wrong = Vec::new();
    if said.contains("panicked") || said.contains("BUG-") {
        wrong.push(format!("it says so itself: {said}"));
    }
    match ending.status.code() {
        None if fault.is_kill() && ending.is_killed() => {}
        None => wrong.push(format!("{}: {said}", ending.status)),
        Some(_) if fault.is_kill() => wrong.push("it was not killed".to_owned()),
        Some(70 | 101) => wrong.push(format!("exit {}: {said}", ending.status)),
        Some(code) if code == scene.exit && !is_done && !is_said => {
            wrong.push(format!("exit {code}, not all was done, and nothing says so: {said}"));
        }
        Some(code) if code != scene.exit && codes(said).is_empty() && codes(&ending.stdout).is_empty() => {
            wrong.push(format!("exit {code} without a code: {said}"));
        }
        Some(_) => {}
    }
    wrong
}

/// The stable codes in a text, such as ENV-002.
fn codes(text: &str) -> BTreeSet<&str> {
    let is_code = |word: &&str| {
        let Some((area, number)) = word.split_once('-') else { return false };
        let is_area = area.len() == 3 && area.chars().all(|c| c.is_ascii_uppercase());
        is_area && number.len() == 3 && number.chars().all(|c| c.is_ascii_digit())
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(is_code).collect()
}

/// What is wrong right after the disturbance: something half, or lost.
fn wrong_state(state: &State, known: &Known) -> Vec<String> {
    let Known { before, after, .. } = known;
    let mut wrong = halves(&state.files, &before.files, &after.files);
    if state.rows.count != before.rows.count && state.rows.count != after.rows.count {
        wrong.push(format!("count answers neither as before nor as after: {:?}", state.rows.count));
    }
    for path in before.files.keys().filter(|path| !path.ends_with('/')) {
        let Some(name) = path.strip_prefix("kaiin-data/inbox/").filter(|name| !name.contains('/')) else { continue };
        let places = places_in_inbox(&state.files, name);
        if places.len() != 1 {
            wrong.push(format!("{name} of the inbox is at {places:?}"));
        }
    }
    wrong
}

/// What is wrong after the next command: everything must be as if nothing had happened.
fn wrong_in_the_end(scene: &Scene, office: &Office, known: &Known, said: &str) -> Vec<String> {
    let after = &known.after;
    let mut wrong = Vec::new();
    let left = leftovers(office);
    if !left.is_empty() {
        wrong.push(format!("left over after the next command: {left:?}"));
    }
    let state = State::seen_from_afar(office, &known.asked);
    let mut files = state.files;
    // A timeline of an older head goes with the next import, and a question makes the one that is missing.
    files.retain(|path, _| {
        !is_of_timeline(path) || after.files.contains_key(path) || !known.before.files.contains_key(path)
    });
    let differences = difference(&files, &after.files);
    let is_lost = |told: &String| {
        let Some(path) = told.strip_suffix(" is missing") else { return true };
        let is_reported =
            scene.is_told_enough && path.strip_prefix("kaiin-data/").is_some_and(|path| said.contains(path));
        // With a workbook its folder is not there, either.
        !(is_of_timeline(path) || is_reported || scene.is_told_enough && path == "kaiin-data/rejects/")
    };
    let differences: Vec<String> = differences.into_iter().filter(is_lost).collect();
    if !differences.is_empty() {
        wrong.push(format!("after the next command: {differences:?}"));
    }
    if state.rows != after.rows {
        wrong.push(format!("after the next command the store has {:?}, not {:?}", state.rows, after.rows));
    }
    if state.jobs != after.jobs {
        wrong.push(format!("after the next command the ledger has {}, not {}", state.jobs, after.jobs));
    }
    wrong
}
