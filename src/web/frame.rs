//! What stands around every page: the name of the program, where one can go, whose account it is.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use crate::domain::hex::hex;

/// The style sheet of all pages.
pub const STYLE: &str = include_str!("../../templates/web/style.css");

/// Address of the style sheet; another sheet has another one, so that browsers may keep it.
static STYLE_ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/style.css?v={}", &hex(&Sha256::digest(STYLE.as_bytes()))[..16]));

/// What every page needs beside its own content. Templates that extend `web/base.html` have it in a field `frame`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Address of the style sheet.
    pub style: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// Whose account it is; `None` before the login.
    pub visitor: Option<Visitor>,
}

/// Whoever is logged in, as pages show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Display name of the account.
    pub name: String,
    /// What the account may see, in a few words.
    pub scope: String,
    /// What every form of the session carries in a hidden field `csrf`.
    pub csrf: String,
    /// Where one can go from here, as far as the account may.
    pub nav: Vec<NavEntry>,
}

/// A place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavEntry {
    /// Its address.
    pub href: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Whether it is the page that is shown.
    pub is_here: bool,
}

impl Frame {
    /// The frame of a page that is shown without a login.
    pub fn of_nobody() -> Self {
        Self { style: STYLE_ADDRESS.as_str(), version: env!("CARGO_PKG_VERSION"), visitor: None }
    }

    /// The frame of a page for somebody who is logged in.
    pub fn of(visitor: Visitor) -> Self {
        Self { visitor: Some(visitor), ..Self::of_nobody() }
    }

    /// What forms of the session carry; empty before the login.
    pub fn csrf(&self) -> &str {
        self.visitor.as_ref().map_or("", |visitor| visitor.csrf.as_str())
    }
}
