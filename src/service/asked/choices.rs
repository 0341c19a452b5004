//! What can be chosen in the fields of a question, as far as the asker may see it.

use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use super::resolve::OF_NUMBERS;
use super::viewer::Viewer;
use crate::clock::tokyo_day;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::grouping::Dimension;
use crate::domain::prefecture::prefecture_name;
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::KeptVintages;
use crate::service::known::memo::Memo;
use crate::service::known::names::named;

/// A body as it is suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyChoice {
    /// What is put into the field: 浦和（11-001）.
    pub value: String,
    /// Full name and other names, kana among them.
    pub label: String,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// Code and name of tiers.
    pub tiers: Vec<(&'static str, &'static str)>,
    /// Code and name of prefectures.
    pub prefectures: Vec<(String, String)>,
    /// Bodies in official order.
    pub bodies: Vec<BodyChoice>,
    /// Code and name of classes; none where only numbers may be seen.
    pub classes: Vec<(&'static str, &'static str)>,
    /// Code and name of breakdowns.
    pub breakdowns: Vec<(&'static str, &'static str)>,
}

/// What an asker can choose, worked out once for all who see the same.
///
/// # Errors
/// When the store cannot be read.
pub async fn choices((workspace, kept): (&Workspace, &KeptVintages), viewer: &Viewer) -> Result<Arc<Choices>> {
    // Asked before the master is read: what is kept under a head is never older than it.
    let known = kept.beside::<KeptChoices>(&workspace.head().await?);
    let associations = kept.associations(workspace).await?;
    let today = tokyo_day(workspace.clock.now());
    Ok(known.0.get_or_make((viewer.clone(), today), || found(&associations, viewer, today)))
}

/// Choices by who asks and on which day.
#[derive(Debug, Default)]
struct KeptChoices(Memo<(Viewer, NaiveDate), Choices>);

fn found(associations: &Associations, viewer: &Viewer, today: NaiveDate) -> Choices {
    let seen: Vec<&Association> = associations.iter().filter(|body| viewer.sees(body)).collect();
    let choice = |body: &&Association| {
        let names: Vec<&str> = body.span_on(today).names().filter(|name| *name != body.short_name).collect();
        BodyChoice { value: named(body, today), label: names.join("、") }
    };
    let mut codes: Vec<&str> =
        seen.iter().map(|body| body.prefecture.as_str()).filter(|code| !code.is_empty()).collect();
    codes.sort_unstable();
    codes.dedup();
    let is_seen = |tier: &Tier| seen.iter().any(|body| body.tier == *tier);
    let classes = NationalClass::ALL.into_iter().filter(|_| viewer.persons);
    let breakdowns = Dimension::ALL.into_iter().filter(|one| viewer.persons || OF_NUMBERS.contains(one));
    Choices {
        tiers: Tier::ALL.into_iter().filter(is_seen).map(|tier| (tier.code(), tier.label())).collect(),
        prefectures: codes.into_iter().map(named_prefecture).collect(),
        bodies: seen.iter().map(choice).collect(),
        classes: classes.map(|class| (class.code(), class.label())).collect(),
        breakdowns: breakdowns.map(|one| (one.code(), one.label())).collect(),
    }
}

fn named_prefecture(code: &str) -> (String, String) {
    (code.to_string(), prefecture_name(code).unwrap_or(code).to_string())
}
