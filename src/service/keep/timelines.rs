//! What a data folder keeps beside the store: timelines that are not what they should be, and what the office should hear
//! of it.

use crate::service::keep::notices::{Closing, Notices};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::error::Failure;
use crate::files::{NewFolder, Readers};
use crate::input;
use crate::service::keep::head::head_of;
use crate::service::keep::workspace::Workspace;
use crate::timeline::{SumFault, TimelineFiles};

impl Workspace {
    /// Keeps something that the office should hear of, and that stops nothing.
    pub(in crate::service) fn notice(&self, notice: Failure) {
        self.notices.add(notice);
    }

    /// What the office should hear of since this was last asked.
    pub fn notices(&self) -> Notices {
        self.notices.clone()
    }

    /// What closes the store when all is done, whoever has the workspace by then.
    pub fn closing(&self) -> Closing {
        Closing { store: self.store.clone(), place: self.place(), notices: self.notices() }
    }

    /// Files of timelines, of whatever head, that are not what was written.
    pub(in crate::service) fn damaged_timelines(&self) -> Vec<PathBuf> {
        let folder = self.folder.join("timeline");
        let names =
            fs::read_dir(&folder).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut heads: Vec<String> =
            names.filter_map(|name| Some(name.strip_prefix("sums-")?.strip_suffix(".txt")?.to_string())).collect();
        heads.sort();
        let damaged = |head: &String| match TimelineFiles::of_head(&folder, head).check() {
            Err(SumFault::Damaged(path)) => Some(path),
            Ok(()) | Err(SumFault::Absent) => None,
        };
        heads.iter().filter_map(damaged).collect()
    }

    /// The file of the timeline of the head that is not what the store gives now; `None` also where there is no timeline.
    pub(in crate::service) async fn differing_timeline(&self) -> Result<Option<PathBuf>> {
        let imports = self.store.imports().await?;
        let (head, elsewhere) = (head_of(&imports), NewFolder::within(&std::env::temp_dir(), Readers::Owner)?);
        let files = self.timeline_files(&head);
        if files.check().is_err() {
            return Ok(None);
        }
        let anew = TimelineFiles::of_head(elsewhere.path(), &files.head);
        self.write_timeline(&anew, &head).await?;
        let pairs = files.tables().into_iter().zip(anew.tables());
        let same = |(one, other): &(&Path, &Path)| matches!((input::read_whole(one), input::read_whole(other)), (Ok(a), Ok(b)) if a == b);
        Ok(pairs.into_iter().find(|pair| !same(pair)).map(|(path, _)| path.to_path_buf()))
    }
}
