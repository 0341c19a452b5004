//! The cookie of a session.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::domain::mail::Secret;

/// Its name; with TLS one that browsers take only from this host, for all of its paths, and over TLS.
const PLAIN: &str = "kaiin-session";
const OF_HOST: &str = "__Host-kaiin-session";

fn name(is_secure: bool) -> &'static str {
    if is_secure { OF_HOST } else { PLAIN }
}

/// The token that a browser sends; `None` where it sends none, or several: one of them was slipped in.
pub(super) fn token(headers: &HeaderMap, is_secure: bool) -> Option<Secret> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut ours = all.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (name_of, value) = pair.trim().split_once('=')?;
        (name_of == name(is_secure)).then_some(value)
    });
    let token = ours.next().filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    ours.next().is_none().then(|| Secret::new(token.into()))
}

/// What sets it. Without an age it goes with the browser.
pub(super) fn set(token: &Secret, is_secure: bool) -> Option<HeaderValue> {
    cookie(token.reveal(), "", is_secure)
}

/// What takes it away.
pub(super) fn clear(is_secure: bool) -> Option<HeaderValue> {
    cookie("", "; Max-Age=0", is_secure)
}

fn cookie(value: &str, age: &str, is_secure: bool) -> Option<HeaderValue> {
    let (name, secure) = (name(is_secure), if is_secure { "; Secure" } else { "" });
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(lines: &[&str], is_secure: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().expect("a header"));
        }
        token(&headers, is_secure).map(|token| token.reveal().to_string())
    }

    #[test]
    fn one_cookie_of_ours_is_a_token_and_nothing_else_is() {
        let ours = "a".repeat(64);
        let line = format!("kaiin-session={ours}");
        assert_eq!(sent(&[&line], false), Some(ours.clone()));
        assert_eq!(sent(&[&format!("other=1; {line}; more=2")], false), Some(ours.clone()));
        assert_eq!(sent(&[&line, &line], false), None, "twice");
        assert_eq!(sent(&[&format!("{line}; kaiin-session={}", "b".repeat(64))], false), None);
        assert_eq!(sent(&[&line], true), None, "behind TLS only the name of the host counts");
        assert_eq!(sent(&[&format!("__Host-kaiin-session={ours}")], true), Some(ours));
        for wrong in
            ["kaiin-session=", "kaiin-session=abc", "kaiin-session", "", &format!("kaiin-session={}", "é".repeat(32))]
        {
            assert_eq!(sent(&[wrong], false), None, "{wrong}");
        }
    }

    #[test]
    fn cookie_is_for_this_host_and_no_script() {
        let token = Secret::new("ab".into());
        let shown = |value: Option<HeaderValue>| value.and_then(|value| value.to_str().ok().map(str::to_string));
        assert_eq!(shown(set(&token, false)).as_deref(), Some("kaiin-session=ab; Path=/; HttpOnly; SameSite=Strict"));
        assert_eq!(
            shown(set(&token, true)).as_deref(),
            Some("__Host-kaiin-session=ab; Path=/; HttpOnly; SameSite=Strict; Secure")
        );
        assert!(shown(clear(true)).is_some_and(|line| line.ends_with("; Secure; Max-Age=0")));
    }
}
