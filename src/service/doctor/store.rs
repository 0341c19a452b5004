//! The store: whether it opens, whose schema it has, whether its file is damaged, and how old the newest export is.

use std::time::Duration;

use anyhow::{Error, Result};
use chrono::NaiveDate;

use super::given::{Given, Opened};
use super::line::{Line, Subject, Told};
use crate::clock::tokyo_day;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::export_days;
use crate::service::keep::workspace::place_of;
use crate::store::{ImportRecord, QuickCheck, StoreError};

/// How long the file may be looked at; what is proved is that of `kaiin verify`.
const LOOK: Duration = Duration::from_secs(3);

/// Days after which a new export should be there: one comes each month, and reports lag by a week or two.
const FRESH_DAYS: i64 = 45;

/// What is said of the store.
pub(super) async fn line(given: &Given, opened: &Opened) -> Line {
    let place = place_of(&given.folder, &given.config);
    let told = match opened {
        Opened::NotMade => vec![Told::attention("DOC-064", &[&place])],
        Opened::Unreadable(error) => vec![unreadable(error)],
        Opened::Store(workspace) => {
            let content = content(workspace, &place, tokyo_day(given.clock.now())).await;
            let mut told = content.unwrap_or_else(|error| vec![unreadable(&error)]);
            told.extend(file(workspace).await);
            told
        }
    };
    // A damaged file says so again and again.
    let mut once: Vec<Told> = Vec::with_capacity(told.len());
    for told in told {
        if !once.iter().any(|other| other.code == told.code) {
            once.push(told);
        }
    }
    Line { subject: Subject::Store, told: once }
}

/// Why the store cannot be read.
pub(in crate::service) fn unreadable(error: &Error) -> Told {
    match error.chain().find_map(|cause| cause.downcast_ref::<StoreError>()) {
        Some(StoreError::OtherVersion { is_newer: false }) => Told::attention("DOC-068", &[]),
        Some(store) if store.is_damage() => Told::broken("STO-014", &[store]),
        _ => Told::failed(&Failure::of(error)),
    }
}

/// What is said of the file.
async fn file(workspace: &Workspace) -> Vec<Told> {
    let mut told: Vec<Told> =
        workspace.store.damaged_log().map(|log| Told::broken("STO-020", &[&log.display()])).into_iter().collect();
    told.push(match workspace.store.quick_check(LOOK).await {
        Ok(QuickCheck::Sound) => Told::well("DOC-061", &[]),
        Ok(QuickCheck::OutOfTime) => Told::well("DOC-062", &[&LOOK.as_secs()]),
        Ok(QuickCheck::OfServer) => Told::well("DOC-063", &[]),
        Ok(QuickCheck::Damaged(found)) => Told::broken("STO-014", &[&found.first().cloned().unwrap_or_default()]),
        Err(error) => unreadable(&error.into()),
    });
    told
}

/// What is said of what was taken in.
async fn content(workspace: &Workspace, place: &str, today: NaiveDate) -> Result<Vec<Told>> {
    let imports = workspace.store.imports().await?;
    let version = workspace.store.schema_version().await?;
    Ok(vec![Told::well("DOC-060", &[&place, &imports.len(), &version]), exports(&imports, today)])
}

/// How old the newest export is.
fn exports(imports: &[ImportRecord], today: NaiveDate) -> Told {
    let Some(newest) = export_days(imports).iter().map(|export| export.day).max() else {
        return Told::attention("DOC-066", &[]);
    };
    let age = (today - newest).num_days();
    if age > FRESH_DAYS { Told::attention("DOC-065", &[&newest, &age]) } else { Told::well("DOC-067", &[&newest]) }
}
