//! The cookie of a session, and that of a login of which the code is still asked for.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::domain::mail::Secret;

/// What a token is of. One is never taken for the other: they have names of their own here, and tables of their own in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cookie {
    /// A session.
    Session,
    /// A login after its password and before its code.
    Half,
}

impl Cookie {
    /// Its name; with TLS one that browsers take only from this host, for all of its paths, and over TLS.
    fn name(self, is_secure: bool) -> &'static str {
        match (self, is_secure) {
            (Self::Session, false) => "kaiin-session",
            (Self::Session, true) => "__Host-kaiin-session",
            (Self::Half, false) => "kaiin-half",
            (Self::Half, true) => "__Host-kaiin-half",
        }
    }
}

/// The token that a browser sends; `None` where it sends none, or several: one of them was slipped in.
pub(super) fn token(headers: &HeaderMap, of: Cookie, is_secure: bool) -> Option<Secret> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut ours = all.flat_map(|line| line.split(';')).filter_map(|pair| {
        let (name_of, value) = pair.trim().split_once('=')?;
        (name_of == of.name(is_secure)).then_some(value)
    });
    let token = ours.next().filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    ours.next().is_none().then(|| Secret::new(token.into()))
}

/// What sets it. Without an age it goes with the browser.
pub(super) fn set(token: &Secret, of: Cookie, is_secure: bool) -> Option<HeaderValue> {
    cookie(of, token.reveal(), "", is_secure)
}

/// What takes it away.
pub(super) fn clear(of: Cookie, is_secure: bool) -> Option<HeaderValue> {
    cookie(of, "", "; Max-Age=0", is_secure)
}

fn cookie(of: Cookie, value: &str, age: &str, is_secure: bool) -> Option<HeaderValue> {
    let (name, secure) = (of.name(is_secure), if is_secure { "; Secure" } else { "" });
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
        token(&headers, Cookie::Session, is_secure).map(|token| token.reveal().to_string())
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
        assert_eq!(sent(&[&format!("__Host-kaiin-session={ours}")], true), Some(ours.clone()));
        assert_eq!(sent(&[&format!("kaiin-half={ours}")], false), None, "a half login is no session");
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
        assert_eq!(
            shown(set(&token, Cookie::Session, false)).as_deref(),
            Some("kaiin-session=ab; Path=/; HttpOnly; SameSite=Strict")
        );
        assert_eq!(
            shown(set(&token, Cookie::Session, true)).as_deref(),
            Some("__Host-kaiin-session=ab; Path=/; HttpOnly; SameSite=Strict; Secure")
        );
        assert!(shown(clear(Cookie::Session, true)).is_some_and(|line| line.ends_with("; Secure; Max-Age=0")));
    }
}
