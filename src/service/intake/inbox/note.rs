//! What became of something in the inbox, and where it lies then.

use crate::domain::coded::coded;
use crate::error::Failure;

/// Folder of files that were taken in.
pub(in crate::service) const TAKEN: &str = "taken";

/// Folder of files that were refused.
pub(in crate::service) const REFUSED: &str = "refused";

/// Folder of files that ask.
pub(super) const ASKING: &str = "確認待ち";

/// Code of the text beside a file of which somebody said that it is not to be taken in.
pub(super) const DECLINED: &str = "WEB-033";

coded! {
    /// What became of something in the inbox that was not taken in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum InboxState {
        /// Moved to `refused`.
        Refused = "refused",
        /// Waits for an answer in `確認待ち`.
        Asks = "asks",
        /// Stays until a person does something about it.
        Stays = "stays",
        /// Left for the next time.
        Left = "left",
    }
}

impl InboxState {
    /// Whether nothing happens until a person does something.
    pub fn needs_a_person(self) -> bool {
        self != Self::Left
    }
}

/// Something in the inbox that was not taken in, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxNote {
    /// Name in the inbox.
    pub name: String,
    /// What became of it.
    pub state: InboxState,
    /// Stable code of the reason.
    pub code: &'static str,
    /// What its text leaves open.
    pub detail: String,
    /// Name of the earlier file of its source that it waits for.
    pub waits_for: Option<String>,
}

impl InboxNote {
    pub(super) fn new(
        name: impl Into<String>,
        state: InboxState,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { name: name.into(), state, code, detail: detail.into(), waits_for: None }
    }

    pub(super) fn of_failure(name: impl Into<String>, state: InboxState, failure: &Failure) -> Self {
        Self::new(name, state, failure.code, failure.detail.as_str())
    }

    pub(super) fn of_held(name: impl Into<String>, waits_for: String) -> Self {
        let waiting = Self::new(name, InboxState::Left, "JOB-010", waits_for.as_str());
        Self { waits_for: Some(waits_for), ..waiting }
    }

    /// Whether it is told at every ring: a person has something to do, or another file waits for one.
    pub fn is_news(&self) -> bool {
        self.state.needs_a_person() || self.waits_for.is_some()
    }
}
