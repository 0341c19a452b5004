//! A route: an address, who may open it, and what answers it.
//!
//! There are two ways to make one. [`Route::open`] is for pages that are shown to anybody; what it calls gets no account. With
//! [`Route::of`] one says what the account must be able to do, and what is called gets it. So no route is without a need, and none
//! for accounts is answered without one.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;

use super::answer::Answer;
use super::frame::Frame;
use super::nav::frame_of;
use super::pages::Pages;
use super::upload::Upload;
use crate::domain::access::{Access, Need};
use crate::domain::account::Stage;
use crate::domain::mail::Secret;
use crate::service::accounts::Entered;

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Shows something and changes nothing.
    Get,
    /// Changes something.
    Post,
}

impl Verb {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What was asked.
pub(super) struct Asked {
    pub(super) pages: Arc<Pages>,
    /// Who asks.
    pub(super) from: IpAddr,
    /// The declared path.
    pub(super) path: &'static str,
    /// What stands behind the path, decoded, in its order.
    pub(super) query: Fields,
    /// What a form sends, decoded, in its order.
    pub(super) form: Fields,
    /// The token of a login of which the code is still asked for. It is of use on the page of the code alone.
    pub(super) half: Option<Secret>,
}

/// What was asked by somebody who is logged in and may ask it.
pub(super) struct Visit {
    pub(super) asked: Asked,
    pub(super) entered: Entered,
}

impl Visit {
    /// What stands around the page.
    pub(super) fn frame(&self) -> Frame {
        frame_of(&self.entered, self.asked.path)
    }

    /// What the account may see.
    pub(super) fn access(&self) -> &Access {
        &self.entered.account.access
    }
}

/// Names and values of a form or a query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The first value of a name; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.as_str())
    }

    /// The same of what is shown nowhere.
    pub(super) fn secret(&self, name: &str) -> Secret {
        Secret::new(self.get(name).to_string())
    }
}

/// An answer under way.
pub(super) type Answering = Pin<Box<dyn Future<Output = Result<Answer>> + Send>>;

/// What answers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Handler {
    /// For anybody.
    Open(fn(Asked) -> Answering),
    /// For whoever is logged in and may.
    Entered(fn(Visit) -> Answering),
    /// The same, with files that are sent with the form.
    Giving(fn(Visit, Upload) -> Answering),
}

/// How long an answer may take, with what was sent for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The same where the store is copied or changed before there is an answer: longer than that takes for the whole country.
const LONG_PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The same where files are sent: the largest over a slow line.
const GIVING_PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route {
    verb: Verb,
    path: &'static str,
    need: Need,
    /// How far an account must be.
    from: Stage,
    patience: Duration,
    handler: Handler,
}

/// What becomes of somebody who opens a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// They may.
    Pass,
    /// They must log in first.
    LogIn,
    /// They must change the password that somebody else chose.
    ChangePassword,
    /// They must set up the second factor that their role asks for.
    SetUpFactor,
    /// They may not.
    Refused,
}

impl Route {
    /// A page for anybody.
    pub(super) const fn open(verb: Verb, path: &'static str, handler: fn(Asked) -> Answering) -> Self {
        let handler = Handler::Open(handler);
        Self { verb, path, need: Need::Nothing, from: Stage::FirstPassword, patience: PATIENCE, handler }
    }

    /// A page for accounts that may.
    pub(super) const fn of(verb: Verb, path: &'static str, need: Need, handler: fn(Visit) -> Answering) -> Self {
        // Whoever needs nothing still needs the account that is handed over.
        let need = if matches!(need, Need::Nothing) { Need::Login } else { need };
        Self { verb, path, need, from: Stage::Ready, patience: PATIENCE, handler: Handler::Entered(handler) }
    }

    /// What a form with files is sent to, for accounts that may. The files may be as large as the settings say.
    pub(super) const fn giving(path: &'static str, need: Need, handler: fn(Visit, Upload) -> Answering) -> Self {
        let handler = Handler::Giving(handler);
        Self { verb: Verb::Post, path, need, from: Stage::Ready, patience: GIVING_PATIENCE, handler }
    }

    /// The same, with more time for the answer.
    pub(super) const fn patient(self) -> Self {
        Self { patience: LONG_PATIENCE, ..self }
    }

    /// The same, open to an account from a stage on.
    pub(super) const fn from(self, from: Stage) -> Self {
        Self { from, ..self }
    }

    pub(super) fn verb(&self) -> Verb {
        self.verb
    }

    pub(super) fn path(&self) -> &'static str {
        self.path
    }

    #[cfg(test)]
    pub(super) fn need(&self) -> Need {
        self.need
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether files are sent to it.
    pub(super) fn takes_files(&self) -> bool {
        matches!(self.handler, Handler::Giving(_))
    }

    pub(super) fn handler(&self) -> Handler {
        self.handler
    }

    /// As the ledger of opened pages names it.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.verb.name(), self.path)
    }

    /// What becomes of whoever opens it: what their account may, and how far it is.
    pub(super) fn gate(&self, account: Option<(&Access, Stage)>) -> Gate {
        if self.need == Need::Nothing {
            return Gate::Pass;
        }
        match account {
            None => Gate::LogIn,
            Some((_, Stage::FirstPassword)) if self.from > Stage::FirstPassword => Gate::ChangePassword,
            Some((_, Stage::WithoutFactor)) if self.from > Stage::WithoutFactor => Gate::SetUpFactor,
            Some((access, _)) if access.may(self.need) => Gate::Pass,
            Some(_) => Gate::Refused,
        }
    }
}
