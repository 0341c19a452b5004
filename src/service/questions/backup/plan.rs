//! What belongs into a backup: everything in the data folder that cannot be made anew, and what belongs to it and lies elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::Result;

use super::manifest::{BESIDE, DATA, STORE};
use super::room::unreadable;
use crate::error::{Failure, FailureKind};
use crate::files::TEMPORARY;
use crate::files::names::name_of;
use crate::service::keep::Workspace;
use crate::service::keep::given_files::GIVEN;
use crate::service::keep::meetings_root::{MEETINGS, meetings_root};
use crate::service::keep::restored::{GENERATION, MARK};
use crate::store::ACCOUNTS_FILE;

/// How the folders of backups begin.
pub(in crate::service) const BACKUP: &str = "kaiin-backup_";

/// The lock file that Office keeps beside a document that is open.
const OF_OFFICE: &str = "~$";

/// Of the data folder itself: what is made anew (`timeline`), what is written apart (the store and the name of its life), what
/// is true of this folder alone, and files that were given on a page and not taken in, which nobody keeps. The databases are
/// passed over by the beginnings of their names.
const NOT_OF_DATA: [&str; 5] = ["timeline", "kaiin.lock", GENERATION, MARK, GIVEN];

/// What a backup is asked for.
#[derive(Debug, Clone)]
pub struct BackupRequest {
    /// The folder that it comes into.
    pub to: PathBuf,
    /// The file of settings, where there is one.
    pub settings: Option<PathBuf>,
    /// Folders that belong to the data folder and lie elsewhere.
    pub with: Vec<PathBuf>,
}

impl BackupRequest {
    /// What is usually asked for: with the folders of the meetings, where they lie where the program runs.
    pub fn of(to: PathBuf, settings: Option<PathBuf>) -> Self {
        let meetings = Some(PathBuf::from(MEETINGS)).filter(|folder| folder.is_dir());
        Self { to, settings, with: meetings.into_iter().collect() }
    }
}

/// What would be copied beside the store.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Files by name.
    pub(super) files: Vec<Planned>,
    /// What is no file and cannot be copied.
    pub(super) left_out: Vec<String>,
    /// The file of settings as it is named in the backup.
    pub(super) settings: Option<String>,
    /// The folder of definitions as it is named in the backup.
    pub(super) definitions: Option<String>,
    /// Folders of which all was taken, in full.
    pub(super) covered: Vec<PathBuf>,
}

/// A file to be copied.
#[derive(Debug)]
pub(super) struct Planned {
    /// Where it lies.
    pub(super) from: PathBuf,
    /// Its name in the backup.
    pub(super) name: String,
    /// Bytes, as it lies there now.
    pub(super) size_bytes: u64,
}

impl Plan {
    /// Looks what there is to be copied.
    ///
    /// # Errors
    /// [`Failure`] BAK-004 for a folder that cannot be read, BAK-022 for one that was named and is not there.
    pub(super) fn of(workspace: &Workspace, request: &BackupRequest) -> Result<Self> {
        let mut plan = Self::default();
        plan.add_folder(workspace.folder(), DATA)?;
        plan.add_settings(workspace, request.settings.as_deref())?;
        let jobs = &workspace.config.jobs;
        for (folder, name) in [(&jobs.papers, "papers"), (&jobs.inbox, "inbox")] {
            // What lies in the data folder was taken with it, through links too.
            let is_inside = folder.components().all(|part| matches!(part, Component::Normal(_)));
            let folder = workspace.folder().join(folder);
            if !is_inside && folder.is_dir() {
                plan.add_beside(&folder, name)?;
            }
        }
        for folder in &request.with {
            if !folder.is_dir() {
                return Err(Failure::usage("BAK-022", folder.display().to_string()).into());
            }
            plan.add_beside(folder, &name_of(&full(folder)))?;
        }
        // Where the clock makes them; those that were named above were taken there.
        let meetings = meetings_root(workspace.folder(), jobs);
        if jobs.meetings.is_some() && meetings.is_dir() {
            plan.add_beside(&meetings, &name_of(&full(&meetings)))?;
        }
        plan.files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(plan)
    }

    /// Bytes of all files together.
    pub(super) fn size_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }

    /// Settings and definitions, which may lie anywhere. Definitions below the folder of the settings keep their place to each other.
    fn add_settings(&mut self, workspace: &Workspace, settings: Option<&Path>) -> Result<()> {
        let of_settings = format!("{BESIDE}/settings");
        if let Some(path) = settings {
            let inside = self.name_of_covered(path);
            let name = inside.clone().unwrap_or_else(|| format!("{of_settings}/{}", name_of(path)));
            if inside.is_none() {
                let size_bytes = fs::metadata(path).map_err(|why| unreadable(path, &why))?.len();
                self.files.push(Planned { from: path.to_path_buf(), name: name.clone(), size_bytes });
            }
            self.settings = Some(name);
        }
        let Some(folder) = &workspace.config.definitions else { return Ok(()) };
        let above = settings.and_then(Path::parent).map(full);
        let below = above.and_then(|above| Some(slashed(full(folder).strip_prefix(above).ok()?)));
        let name = match (self.name_of_covered(folder), below) {
            (Some(inside), _) => inside,
            (None, Some(below)) if !below.is_empty() => format!("{of_settings}/{below}"),
            (None, _) => format!("{BESIDE}/definitions"),
        };
        if name.starts_with(BESIDE) {
            self.add_folder(folder, &name)?;
        }
        self.definitions = Some(name);
        Ok(())
    }

    /// A folder outside of the data folder, under a name that none has yet.
    fn add_beside(&mut self, folder: &Path, wished: &str) -> Result<()> {
        if self.name_of_covered(folder).is_some() {
            return Ok(());
        }
        let is_taken = |name: &str| self.files.iter().any(|file| file.name.starts_with(&format!("{name}/")));
        let first = format!("{BESIDE}/{wished}");
        let others = (2_u32..).map(|nth| format!("{first}_{nth}"));
        let name = std::iter::once(first.clone()).chain(others).find(|name| !is_taken(name)).unwrap_or(first);
        self.add_folder(folder, &name)
    }

    fn add_folder(&mut self, folder: &Path, name: &str) -> Result<()> {
        self.covered.push(full(folder));
        let mut seen = BTreeSet::new();
        Ok(self.walk(folder, name, &mut seen)?)
    }

    /// All files below a folder. Links are followed, each folder once.
    fn walk(&mut self, folder: &Path, name: &str, seen: &mut BTreeSet<PathBuf>) -> Result<(), Failure> {
        if !seen.insert(full(folder)) {
            self.left_out.push(name.to_string());
            return Ok(());
        }
        let failed = |why: std::io::Error| unreadable(folder, &why);
        let entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
        let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            let own = name_of(&path);
            if is_passed_over(&own, name) {
                continue;
            }
            let inner = format!("{name}/{own}");
            match fs::metadata(&path) {
                // The same name could not be given again.
                _ if path.file_name().and_then(|own| own.to_str()).is_none() => self.left_out.push(inner),
                Ok(there) if there.is_dir() => self.walk(&path, &inner, seen)?,
                Ok(there) if there.is_file() => {
                    self.files.push(Planned { from: path, name: inner, size_bytes: there.len() });
                }
                // A pipe, a device, a link that leads nowhere.
                Ok(_) => self.left_out.push(inner),
                Err(why) if why.kind() == std::io::ErrorKind::NotFound => self.left_out.push(inner),
                Err(why) => return Err(unreadable(&path, &why)),
            }
        }
        Ok(())
    }

    /// The name of something in the data folder, which is taken as a whole.
    fn name_of_covered(&self, path: &Path) -> Option<String> {
        let data = self.covered.first()?;
        let below = slashed(full(path).strip_prefix(data).ok()?);
        Some(if below.is_empty() { DATA.to_string() } else { format!("{DATA}/{below}") })
    }

    /// Whether something lies in a folder that is taken as a whole.
    pub(super) fn covers(&self, path: &Path) -> bool {
        self.covered.iter().any(|folder| full(path).starts_with(folder))
    }
}

/// Whether something in a folder, by the name of that folder in the backup, is no part of it.
fn is_passed_over(own: &str, above: &str) -> bool {
    let is_of_all = own.starts_with(TEMPORARY) || own.starts_with(OF_OFFICE) || own.starts_with(BACKUP);
    // Whoever finds a backup must get in nowhere.
    let is_database = own.starts_with(STORE) || own.starts_with(ACCOUNTS_FILE);
    is_of_all || above == DATA && (is_database || NOT_OF_DATA.contains(&own))
}

/// A path from the root on, as far as the system can tell.
pub(super) fn full(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_path_buf())
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Refuses a place for a backup that is none.
///
/// # Errors
/// [`Failure`] BAK-001 for one that is not there, BAK-002 for one in the data folder.
pub(super) fn refuse_place(workspace: &Workspace, to: &Path) -> Result<(), Failure> {
    if !to.is_dir() {
        return Err(Failure::new(FailureKind::Usage, "BAK-001", to.display().to_string()));
    }
    if full(to).starts_with(full(workspace.folder())) {
        return Err(Failure::usage("BAK-002", to.display().to_string()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_anew_or_belongs_to_this_folder_alone_is_passed_over() {
        for (own, above, expected) in [
            ("timeline", DATA, true),
            ("timeline", "data/papers", false),
            ("kaiin.sqlite", DATA, true),
            ("kaiin.sqlite-checked", DATA, true),
            ("accounts.sqlite", DATA, true),
            ("accounts.sqlite-wal", DATA, true),
            ("kaiin.lock", DATA, true),
            ("given", DATA, true),
            ("given", "data/papers", false),
            (".kaiin-1", "data/papers", true),
            ("~$会議.xlsx", "beside/meetings/a", true),
            ("kaiin-backup_2026-01-01_000000", "beside/x", true),
            ("kaiin.toml", DATA, false),
            ("kaiin.id", DATA, false),
            ("restored-confirmed_2026-01-01_000000.json", DATA, false),
        ] {
            assert_eq!(is_passed_over(own, above), expected, "{above}/{own}");
        }
    }
}
