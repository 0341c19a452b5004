//! A mark outside the database of how much has left: a database that was restored knows less, and sends nothing until a person
//! has looked (I2).

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::words::{named, stated};
use crate::error::{Failure, FailureKind};
use crate::files::Readers;
use crate::input;
use crate::service::keep::export::write_file;
use crate::service::keep::{Workspace, restored};

/// Where it lies, from the data folder on.
const MARK: &str = "distribution/sent.json";

/// How much has left.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Mark {
    /// How often a delivery was begun, of all that were ever made.
    begun: i64,
    /// Who has let a store that knows less send again, and why; the last one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    confirmed: String,
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.folder().join(MARK)
}

impl Mark {
    /// The mark of a data folder; nothing has left where there is none.
    ///
    /// # Errors
    /// [`Failure`] PUB-019 when it cannot be read: nobody knows how much has left.
    fn read(workspace: &Workspace) -> Result<Self> {
        let path = path(workspace);
        if !path.exists() {
            return Ok(Self::default());
        }
        let unsound = || Failure::new(FailureKind::Data, "PUB-019", path.display().to_string());
        let text = input::read_whole(&path).map_err(|_| unsound())?;
        Ok(serde_json::from_slice(&text).map_err(|_| unsound())?)
    }

    fn write(&self, workspace: &Workspace) -> Result<()> {
        let mut bytes = serde_json::to_vec_pretty(self).context("writing the mark of what has left")?;
        bytes.push(b'\n');
        write_file(&path(workspace), &bytes, Readers::Owner)
    }

    /// The mark, if the store knows of everything that has left.
    ///
    /// # Errors
    /// [`Failure`] PUB-020 when the store knows less, BAK-016 in a data folder that was restored and nobody has confirmed; PUB-019
    /// when the mark cannot be read.
    pub(super) async fn checked(workspace: &Workspace) -> Result<Self> {
        if let Some(failure) = restored::unconfirmed(workspace.folder()) {
            return Err(failure.into());
        }
        Self::known(workspace).await
    }

    /// The mark, if the store knows of everything that has left, in whichever data folder.
    async fn known(workspace: &Workspace) -> Result<Self> {
        let mark = Self::read(workspace)?;
        let known = workspace.store.n_deliveries_begun().await?;
        if known < mark.begun {
            return Err(Failure::new(FailureKind::Data, "PUB-020", format!("{known} < {}", mark.begun)).into());
        }
        Ok(Self { begun: known, ..mark })
    }

    /// Notes that papers are leaving, before they do.
    ///
    /// # Errors
    /// When it cannot be written; nothing may leave then.
    pub(super) fn add(&mut self, workspace: &Workspace, n: i64) -> Result<()> {
        self.begun += n;
        self.write(workspace)
    }
}

/// Why nothing leaves until somebody has looked what recipients have; `None` where sending can go on. That a data folder was
/// restored is asked elsewhere.
///
/// # Errors
/// When the store cannot be read.
pub async fn stopped(workspace: &Workspace) -> Result<Option<Failure>> {
    let Err(error) = Mark::known(workspace).await else { return Ok(None) };
    let failure = Failure::of(&error);
    if ["PUB-019", "PUB-020"].contains(&failure.code) { Ok(Some(failure)) } else { Err(error) }
}

/// Lets a store that knows less than has left send again: a person has looked what recipients have.
///
/// # Errors
/// [`Failure`] PUB-001 without a name, PUB-016 without a reason; when the store cannot be read or the mark not be written.
pub async fn confirm(workspace: &Workspace, by: &str, reason: &str) -> Result<()> {
    let by = named(by)?;
    let reason = stated(reason)?;
    let begun = workspace.store.n_deliveries_begun().await?;
    let confirmed = format!("{} {by}: {reason}", workspace.clock.now().to_rfc3339());
    Mark { begun, confirmed }.write(workspace)
}
