//! What every answer says to the browser beside its page.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing but what this program serves, and nothing inline; nobody else shows a page in a frame or gets a form.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Of a PDF: browsers show it by an object and a style of their own, which the policy of pages forbids (crbug.com/271452). It is no
/// page: with nosniff nothing in it runs as one of ours.
const POLICY_OF_PDF: &str = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Sets the headers of an answer; one that says for how long it may be kept keeps that.
pub(super) async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let is_pdf = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/pdf");
    let always = [
        (header::CONTENT_SECURITY_POLICY, if is_pdf { POLICY_OF_PDF } else { POLICY }),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With no-referrer browsers would not say where a form was sent from.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in always {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
