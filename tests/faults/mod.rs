//! Every change of a disk and everything sent to a server, killed or failed, one at a time.
//!
//! `shim.c` numbers what a command of the program does to the folder of an office: each write, sync, rename, removal, and
//! for PostgreSQL each message. A dry run lists these points; then for a point and a fault the command runs in a copy of the
//! office, and afterwards everything is old or new, the same command again ends well, and what is there then is what an
//! undisturbed run leaves, to the byte. Start reading at [`disturb`].
//!
//! By default every third kind of point is disturbed, at its first or its last point, killed or failed; of what is sent to a
//! server a fourth is in turn. `KAIIN_FAULTS=1` and so on take other turns, and `KAIIN_FAULTS=all` disturbs every point in
//! every way that makes a difference.

mod backup;
mod commands;
mod jobs;
mod order;
mod plan;
mod point;
mod scene;
mod server;
pub mod shim;
mod state;
mod trial;

use std::collections::{BTreeMap, BTreeSet};

use self::order::unsynced;
use self::plan::{Breadth, plan};
use self::scene::Scene;
use self::trial::{Known, trial};

/// Disturbs a command at its points.
///
/// # Panics
/// With everything that does not hold, when there is anything; also when a point was not reached.
#[track_caller]
fn disturb(scene: &Scene) {
    let known = Known::of(scene);
    let is_store_known = scene.is_store_known || known.before.rows == known.after.rows;
    let trials = plan(&known.points, Breadth::of_environment(), is_store_known);
    let kinds: BTreeSet<String> = known.points.iter().map(point::Point::kind).collect();
    let (mut n_reached, mut n_done, mut n_survived) = (0, 0, 0);
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for what in unsynced(&known.points) {
        wrong.entry(what).or_default().push("the undisturbed run".to_owned());
    }
    for (point, fault) in &trials {
        let outcome = trial(scene, &known, point, *fault);
        n_reached += u32::from(outcome.is_covered);
        n_done += u32::from(outcome.is_done);
        n_survived += u32::from(outcome.wrong.is_empty());
        for what in outcome.wrong {
            wrong.entry(what).or_default().push(format!("{point} ({fault})"));
        }
    }
    let (name, n_points, n_kinds, n_trials) = (scene.name, known.points.len(), kinds.len(), trials.len());
    let told = format!(
        "{name}: {n_points} points of {n_kinds} kinds, {n_trials} disturbances, {n_reached} reached, {n_done} done all \
         the same, {n_survived} survived"
    );
    crate::figures::say(&told);
    let wrong: Vec<String> =
        wrong.iter().map(|(what, at)| format!("{what}\n    at {}", at.join("\n    at "))).collect();
    assert!(wrong.is_empty(), "{told}\n{}", wrong.join("\n"));
    assert!(n_trials > 0 && n_reached as usize == n_trials, "{told}");
}
