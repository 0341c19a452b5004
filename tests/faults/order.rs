//! What is renamed is on the disk before, and its new name soon after: the machine may lose its power at any time.

use super::point::Point;

/// What a run has not synced: bytes before they get their name, folders after a name in them has changed. The files of
/// SQLite, which has its own order, are never renamed.
pub fn unsynced(points: &[Point]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (at, rename) in points.iter().enumerate().filter(|(_, point)| point.call == "rename" || point.call == "link") {
        let (before, after) = (&points[..at], &points[at + 1..]);
        let is_in = |path: &str| {
            path == rename.path || path.strip_prefix(&rename.path).is_some_and(|rest| rest.starts_with('/'))
        };
        for (nth, write) in before.iter().enumerate().filter(|(_, point)| point.call == "write" && is_in(&point.path)) {
            if !is_synced(&before[nth + 1..], &write.path) {
                wrong.push(format!("{write} is not synced before {rename}"));
            }
        }
        let folder = folder_of(&rename.other);
        if !is_synced(after, folder) {
            wrong.push(format!("{folder} is not synced after {rename}"));
        }
        // A file that was moved must not come back in the folder where it was.
        let left = folder_of(&rename.path);
        if left != folder && !is_synced(after, left) {
            wrong.push(format!("{left} is not synced after {rename}"));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

fn is_synced(points: &[Point], path: &str) -> bool {
    points.iter().any(|point| point.call == "fsync" && point.path == path)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::unsynced;
    use crate::faults::point::points_of;

    fn told(log: &[&str]) -> Vec<String> {
        let lines = log.iter().enumerate().map(|(nth, line)| {
            let parts: Vec<&str> = line.split(' ').collect();
            format!("{}\t{}\t{}\t{}\n", nth + 1, parts[0], parts[1], parts.get(2).unwrap_or(&""))
        });
        unsynced(&points_of(&lines.collect::<String>()))
    }

    #[test]
    fn synced_file_and_folder_are_found() {
        assert!(told(&["write a/.x", "fsync a/.x", "rename a/.x a/y", "fsync a"]).is_empty());
        assert!(told(&["write a/.x/1", "fsync a/.x/1", "rename a/.x a/y", "fsync a"]).is_empty());
        assert!(told(&["rename in/x taken/x", "fsync taken", "fsync in"]).is_empty());
    }

    #[test]
    fn each_sync_that_is_lacking_is_named() {
        for (log, what) in [
            (vec!["write a/.x", "rename a/.x a/y", "fsync a"], "1 write a/.x is not synced before"),
            (vec!["fsync a/.x", "write a/.x", "rename a/.x a/y", "fsync a"], "2 write a/.x is not synced before"),
            (vec!["write a/.x/1", "rename a/.x a/y", "fsync a"], "1 write a/.x/1 is not synced before"),
            (vec!["fsync a", "rename a/.x a/y"], "a is not synced after"),
            (vec!["rename in/x taken/x", "fsync taken"], "in is not synced after"),
        ] {
            let told = told(&log);
            assert!(told.len() == 1 && told[0].starts_with(what), "{log:?}: {told:?}");
        }
    }
}
