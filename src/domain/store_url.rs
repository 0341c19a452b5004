//! The address of a database server, which may hold a password and never shows it.
//!
//! What the parts mean is the business of the store; this type only keeps the secret from messages and logs.

use std::fmt;

use serde::Deserialize;

/// A `postgres://` address. Printing and debugging show it without the password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct StoreUrl(String);

/// A text that is no address of a database server. It does not repeat the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address like postgres://user@host/database")]
pub struct NotAStoreUrl;

impl StoreUrl {
    /// The whole address with the password. Only for connecting.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// A text without the password, wherever it stands in it, as it is written in the address or as it is meant.
    pub fn hide_in(&self, text: &str) -> String {
        let mut out = text.to_string();
        for secret in self.secrets() {
            let meant = decoded(secret);
            for secret in [secret, meant.as_str()].into_iter().filter(|secret| !secret.is_empty()) {
                out = out.replace(secret, "***");
            }
        }
        out
    }

    /// The value of the last parameter of a name, as it is meant.
    pub fn parameter(&self, names: &[&str]) -> Option<String> {
        let parameters = self.0.split_once('?').map_or("", |(_, parameters)| parameters);
        let pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| names.contains(key)).last().map(|(_, value)| decoded(value))
    }

    /// Everything between the first colon of the user and the last @, and the values of parameters that are not known to
    /// be harmless.
    fn secrets(&self) -> Vec<&str> {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let of_user = user.split_once(':').map(|(_, password)| password);
        let parameters = place.split_once('?').map_or("", |(_, parameters)| parameters);
        let of_parameters = parameters.split('&').filter(|pair| !is_harmless(pair));
        let of_parameters = of_parameters.filter_map(|pair| pair.split_once('=').map(|(_, value)| value));
        of_user.into_iter().chain(of_parameters).filter(|secret| !secret.is_empty()).collect()
    }
}

/// Whether a parameter of an address says nothing secret.
fn is_harmless(pair: &str) -> bool {
    let key = pair.split_once('=').map_or(pair, |(key, _)| key);
    ["host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "sslcert"].contains(&key)
}

/// A part of an address with its %-signs read; what is none stays as it is.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let digits = others.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &others[2..];
            }
            None => {
                out.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl TryFrom<String> for StoreUrl {
    type Error = NotAStoreUrl;

    fn try_from(text: String) -> Result<Self, NotAStoreUrl> {
        let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
        if is_postgres { Ok(Self(text)) } else { Err(NotAStoreUrl) }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A short password may be part of a host; the address is taken apart instead of searched.
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        write!(f, "{scheme}://")?;
        // The last @ ends the user, whatever stands in the password.
        let place = match rest.rsplit_once('@') {
            Some((user, place)) => {
                match user.split_once(':') {
                    Some((name, _)) => write!(f, "{name}:***@")?,
                    None => write!(f, "{user}@")?,
                }
                place
            }
            None => rest,
        };
        let (address, parameters) = place.split_once('?').unwrap_or((place, ""));
        match address.split_once(':') {
            // What stands where a port should may be a password whose @ was forgotten.
            Some((host, port)) if !port.starts_with(|c: char| c.is_ascii_digit()) => write!(f, "{host}:***")?,
            _ => f.write_str(address)?,
        }
        for (nth, pair) in parameters.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            let mark = if nth == 0 { '?' } else { '&' };
            match pair.split_once('=') {
                Some((key, _)) if !is_harmless(pair) => write!(f, "{mark}{key}=***")?,
                _ => write!(f, "{mark}{pair}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_shown_nowhere() {
        for (text, shown) in [
            ("postgres://kaiin:geheim@db/kaiin", "postgres://kaiin:***@db/kaiin"),
            ("postgresql://kaiin:a@b:c@db:5432/k", "postgresql://kaiin:***@db:5432/k"),
            ("postgres://db/k?host=/run&password=geheim", "postgres://db/k?host=/run&password=***"),
            ("postgres://kaiin@db/kaiin", "postgres://kaiin@db/kaiin"),
        ] {
            let url = StoreUrl::try_from(text.to_string()).expect("an address");
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(url.reveal(), text);
            assert!(!url.hide_in(&format!("no way to {text}")).contains("geheim"));
        }
    }

    #[test]
    fn password_is_hidden_as_it_is_meant_too() {
        let url = StoreUrl::try_from("postgres://kaiin:ge%40heim@db/k?sslrootcert=/etc/a%20b.pem".to_string());
        let url = url.expect("an address");
        assert_eq!(url.hide_in("ge@heim, ge%40heim"), "***, ***");
        assert_eq!(url.parameter(&["sslrootcert"]).as_deref(), Some("/etc/a b.pem"));
        assert_eq!(url.parameter(&["sslmode"]), None);
        for (text, meant) in [("100%", "100%"), ("%zz%4", "%zz%4"), ("%e4%bc%9a", "会"), ("", "")] {
            assert_eq!(decoded(text), meant);
        }
    }

    #[test]
    fn other_schemes_are_refused_without_repeating_them() {
        let error = StoreUrl::try_from("mysql://kaiin:geheim@db".to_string()).expect_err("not PostgreSQL");
        assert!(!error.to_string().contains("geheim"));
    }
}
