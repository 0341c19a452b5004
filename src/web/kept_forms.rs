//! Forms that were sent after the session had ended: what somebody wrote is kept for a while, to be sent once more after the login.
//!
//! They are kept in memory under a name that nobody can guess, so that nothing of them stands in an address.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use crate::service::accounts::token;

/// Address of the page that sends a form once more.
pub(super) const AGAIN: &str = "/again";

/// How long a form is kept.
const KEPT: TimeDelta = TimeDelta::minutes(30);

/// Forms that are kept at once; the oldest goes for a newer one. Each has at most the 64 KiB of every form.
const MOST: usize = 64;

/// Before the number of a column stands this, in the name of its field.
pub(super) const COLUMN: &str = "column-";

/// Before the column of an adjustment stands this.
pub(super) const ADJUST: &str = "adjust-";

/// What somebody writes or chooses in forms, by name, with the words that stand beside it. A form without any of them is not kept:
/// its page is as soon opened anew.
const WRITTEN: &[(&str, &str)] = &[
    ("reason", "理由"),
    ("day", "出力日"),
    ("source", "源の名前"),
    ("as_of", "基準日"),
    ("issued_on", "送付状の日付"),
    ("text", "さがす言葉"),
    ("known", "時点"),
    (COLUMN, "列の読み方"),
    ("adjust-why", "理由"),
    ("adjust-approver", "承認者"),
    (ADJUST, "調整の欄"),
];

/// The words for a field; `None` for those that nobody writes.
fn label(name: &str) -> Option<&'static str> {
    let is_called = |known: &str| name == known || (known.ends_with('-') && name.starts_with(known));
    WRITTEN.iter().find(|(known, _)| is_called(known)).map(|(_, label)| *label)
}

/// Forms that were sent too late.
#[derive(Default)]
pub(super) struct KeptForms(Mutex<VecDeque<KeptForm>>);

#[derive(Clone)]
pub(super) struct KeptForm {
    id: String,
    /// Where it was to be sent.
    pub(super) path: &'static str,
    /// Names and values, without that of the session.
    pub(super) fields: Vec<(String, String)>,
    at: DateTime<Utc>,
}

impl KeptForm {
    /// What somebody wrote in it, with the words that stood beside it. Of what was chosen from a list the form has only codes, so that
    /// it is told once that it was.
    pub(super) fn written(&self) -> Vec<(&'static str, String)> {
        let filled = self.fields.iter().filter(|(_, value)| !value.trim().is_empty());
        let mut out: Vec<(&'static str, String)> = filled
            .filter_map(|(name, value)| {
                let told = if name.starts_with(COLUMN) { "選んだとおり" } else { value };
                Some((label(name)?, told.to_string()))
            })
            .collect();
        out.dedup();
        out
    }
}

impl fmt::Debug for KeptForms {
    /// What people wrote is no matter of logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeptForms({})", self.forms().len())
    }
}

impl KeptForms {
    /// Keeps a form that was to be sent to a path; the address of the page that sends it. `None` where nothing was written.
    pub(super) fn keep(
        &self,
        path: &'static str,
        fields: Vec<(String, String)>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let fields = fields.into_iter().filter(|(name, _)| name != "csrf").collect();
        let form = KeptForm { id: token()?.reveal().to_string(), path, fields, at: now };
        if form.written().is_empty() {
            return Ok(None);
        }
        let address = format!("{AGAIN}?form={}", form.id);
        let mut forms = self.forms();
        forms.retain(|form| form.at > now - KEPT);
        if forms.len() == MOST {
            forms.pop_front();
        }
        forms.push_back(form);
        Ok(Some(address))
    }

    /// A form by its name, while it is kept.
    pub(super) fn find(&self, id: &str, now: DateTime<Utc>) -> Option<KeptForm> {
        self.forms().iter().find(|form| form.id == id && form.at > now - KEPT).cloned()
    }

    fn forms(&self) -> MutexGuard<'_, VecDeque<KeptForm>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minutes * 60, 0).expect("an instant")
    }

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect()
    }

    #[rstest]
    #[case::reason(&[("csrf", "x"), ("reason", "合併のため")], true)]
    #[case::choice(&[("column-3", "reason")], true)]
    #[case::blank(&[("reason", " 　")], false)]
    #[case::nothing_written(&[("csrf", "x"), ("number", "3"), ("manifest", "a")], false)]
    #[case::password(&[("present", "a"), ("new", "b"), ("password", "c"), ("code", "123456")], false)]
    fn only_what_somebody_wrote_is_kept(#[case] pairs: &[(&str, &str)], #[case] is_kept: bool) {
        let kept = KeptForms::default();
        let address = kept.keep("/files/take", fields(pairs), at(0)).expect("random");
        assert_eq!(address.is_some(), is_kept);
        if let Some(id) = address.as_deref().and_then(|address| address.split_once('=')).map(|(_, id)| id) {
            let form = kept.find(id, at(29)).expect("it is there");
            assert!(form.fields.iter().all(|(name, _)| name != "csrf"), "that of the ended session counts no more");
            assert!(kept.find(id, at(30)).is_none(), "not for ever");
            assert!(kept.find("", at(0)).is_none());
            assert!(!format!("{kept:?}").contains("合併"));
        }
    }

    #[test]
    fn oldest_goes_first() {
        let kept = KeptForms::default();
        let one = || kept.keep("/person", fields(&[("text", "x")]), at(0)).expect("random").expect("kept");
        let all: Vec<String> = (0..=MOST).map(|_| one()).collect();
        let is_there = |address: &String| kept.find(address.split_once('=').map_or("", |(_, id)| id), at(0)).is_some();
        assert_eq!(all.iter().map(is_there).filter(|is_there| *is_there).count(), MOST);
        assert!(!is_there(&all[0]));
    }
}
