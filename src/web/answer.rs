//! What a page answers.

use anyhow::{Context, Result};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

/// An answer, with what the ledger of opened pages keeps of it.
#[derive(Debug)]
pub struct Answer {
    pub(super) response: Response,
    pub(super) n_shown: Option<i64>,
}

impl Answer {
    /// A page.
    ///
    /// # Errors
    /// When the template cannot be filled.
    pub fn page(page: &impl Template) -> Result<Self> {
        Self::page_with(StatusCode::OK, page)
    }

    /// A page with another status.
    ///
    /// # Errors
    /// As [`Self::page`].
    pub fn page_with(status: StatusCode, page: &impl Template) -> Result<Self> {
        let html = page.render().context("filling a page")?;
        Ok(Self { response: (status, Html(html)).into_response(), n_shown: None })
    }

    /// Sends the browser on to an address of this program.
    ///
    /// # Errors
    /// When it is no address.
    pub fn see(address: &str) -> Result<Self> {
        let address = HeaderValue::from_str(address).context("an address")?;
        let response = (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response();
        Ok(Self { response, n_shown: None })
    }

    /// The same, with how many rows or persons it shows.
    #[must_use]
    pub fn showing(self, n: usize) -> Self {
        Self { n_shown: Some(i64::try_from(n).unwrap_or(i64::MAX)), ..self }
    }

    /// The same, with a cookie.
    #[must_use]
    pub(super) fn with_cookie(mut self, cookie: Option<HeaderValue>) -> Self {
        self.response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
        self
    }
}

impl From<Response> for Answer {
    fn from(response: Response) -> Self {
        Self { response, n_shown: None }
    }
}
