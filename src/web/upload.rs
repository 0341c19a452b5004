//! Files that are sent with a form, as they come in: counted, and handed on piece by piece.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use anyhow::Error;
use axum::body::{Body, HttpBody};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use tokio::time::timeout;

use crate::service::intake::giving::{Receiving, Told, told};

/// Files of one form.
pub(super) const MOST_FILES: usize = 20;

/// How long nothing may come in: a line that is this slow is cut.
const PAUSE: Duration = Duration::from_secs(30);

/// Letters of a field that is no file.
const MOST_LETTERS: usize = 1_000;

/// What is sent beside the files: fields and the lines between them.
const BESIDE: u64 = 64 * 1024;

/// How long, and how many bytes, whoever is refused may go on sending: browsers read no answer before they have sent all.
const RUN_OUT: Duration = Duration::from_secs(60);
const RUN_OUT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// What is being sent.
pub(super) struct Upload {
    parts: Multipart,
    /// Bytes that may still come.
    left: u64,
    is_too_large: bool,
}

/// Why files could not be received.
#[derive(Debug)]
pub(super) enum Broken {
    /// More bytes than the settings allow.
    TooLarge,
    /// More files than [`MOST_FILES`].
    TooMany,
    /// It ended in the middle, or stood still.
    CutOff,
    /// The disk refuses.
    Failed(Error),
}

impl Broken {
    /// What a page says of it.
    ///
    /// # Errors
    /// That of the disk.
    pub(super) fn told(self, most_mb: u32) -> Result<(StatusCode, Told), Error> {
        Ok(match self {
            Self::CutOff => (StatusCode::BAD_REQUEST, told("WEB-023", "")),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, told("WEB-022", &most_mb.to_string())),
            Self::TooMany => (StatusCode::PAYLOAD_TOO_LARGE, told("WEB-024", &MOST_FILES.to_string())),
            Self::Failed(error) => return Err(error),
        })
    }
}

impl Upload {
    /// What a form sends; else its body, where it is no form with files.
    pub(super) async fn of(mut request: Request, most_mb: u32) -> Result<Self, Body> {
        let most = u64::from(most_mb) * 1024 * 1024 + BESIDE;
        let told = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let is_too_large = told.is_some_and(|length: u64| length > most);
        // Bytes are counted here, where one can still say what is wrong.
        DefaultBodyLimit::disable().apply(&mut request);
        let is_form = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if is_form.is_none_or(|kind| !kind.to_ascii_lowercase().starts_with("multipart/form-data")) {
            return Err(request.into_body());
        }
        match Multipart::from_request(request, &()).await {
            Ok(parts) => Ok(Self { parts, left: most, is_too_large }),
            Err(_) => Err(Body::empty()),
        }
    }

    /// The text of the first field, where it has this name.
    pub(super) async fn first_field(&mut self, name: &str) -> Option<String> {
        let mut field = timeout(PAUSE, self.parts.next_field()).await.ok()?.ok()??;
        if field.name() != Some(name) || field.file_name().is_some() {
            return None;
        }
        let mut text = Vec::new();
        while let Some(piece) = timeout(PAUSE, field.chunk()).await.ok()?.ok()? {
            text.extend_from_slice(&piece);
            if text.len() > MOST_LETTERS {
                return None;
            }
        }
        String::from_utf8(text).ok()
    }

    /// Receives all files. A field for files that was left empty is none.
    pub(super) async fn receive(&mut self, receiving: &mut Receiving) -> Result<(), Broken> {
        if self.is_too_large {
            return Err(Broken::TooLarge);
        }
        loop {
            let next = timeout(PAUSE, self.parts.next_field()).await.map_err(|_| Broken::CutOff)?;
            let Some(field) = next.map_err(|_| Broken::CutOff)? else { return Ok(()) };
            let name = field.file_name().map(str::to_string);
            let name = name.filter(|name| !name.is_empty());
            if name.is_some() && receiving.n_files() == MOST_FILES {
                return Err(Broken::TooMany);
            }
            receive_field(field, name.as_deref(), (receiving, &mut self.left)).await?;
        }
    }

    /// Lets the other end send what it has, so that it reads the answer.
    pub(super) async fn let_run_out(mut self) {
        let _ = timeout(RUN_OUT, async {
            let mut n = 0;
            while let Ok(Some(mut field)) = self.parts.next_field().await {
                while let Ok(Some(piece)) = field.chunk().await {
                    n += bytes(piece.len());
                    if n > RUN_OUT_BYTES {
                        return;
                    }
                }
            }
        })
        .await;
    }
}

async fn receive_field(
    mut field: Field<'_>,
    name: Option<&str>,
    (receiving, left): (&mut Receiving, &mut u64),
) -> Result<(), Broken> {
    if let Some(name) = name {
        receiving.begin_file(name).map_err(Broken::Failed)?;
    }
    loop {
        let piece = timeout(PAUSE, field.chunk()).await.map_err(|_| Broken::CutOff)?;
        let Some(piece) = piece.map_err(|_| Broken::CutOff)? else { break };
        *left = left.checked_sub(bytes(piece.len())).ok_or(Broken::TooLarge)?;
        if name.is_some() {
            receiving.write(&piece).map_err(Broken::Failed)?;
        }
    }
    if name.is_some() { receiving.end_file().map_err(Broken::Failed) } else { Ok(()) }
}

/// Lets the other end send a body that nobody reads.
pub(super) async fn let_run_out(mut body: Body) {
    let _ = timeout(RUN_OUT, async {
        let mut n = 0;
        while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
            n += frame.data_ref().map_or(0, |piece| bytes(piece.len()));
            if n > RUN_OUT_BYTES {
                return;
            }
        }
    })
    .await;
}

fn bytes(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
