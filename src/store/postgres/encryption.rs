//! How the way to a server is protected, and why it could not be.
//!
//! What leaves the machine is encrypted and the server is proved (`verify-full`) unless the address chooses something else.
//! `prefer` and `allow` choose nothing: they leave it to whoever answers. Within a machine nothing is encrypted: there is
//! nobody to listen who could not read the data itself.

use std::net::IpAddr;

use rustls::{CertificateError, Error as TlsError};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::domain::store_url::StoreUrl;
use crate::store::{StoreError, Unreached};

/// Parameters that name the certificates to be trusted, beside those of the system.
const ROOTS: [&str; 3] = ["sslrootcert", "ssl-root-cert", "ssl-ca"];

/// First line of a certificate.
const BEGINS: &str = "-----BEGIN CERTIFICATE-----";

/// What the server says to somebody whom its rules do not let in, whether by name, by address or in the clear.
const NOT_LET_IN: &str = "28000";

/// The options with the protection that the way needs.
pub(super) fn secured(options: PgConnectOptions) -> PgConnectOptions {
    // Addresses of the sixth version stand in brackets in a URL, and nowhere else.
    let host = options.get_host().trim_matches(['[', ']']).to_string();
    let mode = mode(options.get_ssl_mode(), options.get_socket().is_some(), &host);
    options.host(&host).ssl_mode(mode)
}

fn mode(asked: PgSslMode, is_socket: bool, host: &str) -> PgSslMode {
    match asked {
        // A socket is a file; a server never encrypts there.
        _ if is_socket || host.starts_with('/') => PgSslMode::Disable,
        PgSslMode::Prefer | PgSslMode::Allow if is_this_machine(host) => PgSslMode::Disable,
        PgSslMode::Prefer | PgSslMode::Allow => PgSslMode::VerifyFull,
        chosen => chosen,
    }
}

/// Whether nothing that is sent to a host leaves the machine. Only names that can mean nothing else count.
fn is_this_machine(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// Refuses a file of certificates that cannot be read or holds none: the driver would say either of the server.
pub(super) fn check_roots(url: &StoreUrl) -> Result<(), StoreError> {
    let Some(named) = url.parameter(&ROOTS).filter(|named| !named.contains(BEGINS)) else { return Ok(()) };
    let why = match std::fs::read(&named) {
        Ok(bytes) if String::from_utf8_lossy(&bytes).contains(BEGINS) => return Ok(()),
        Ok(_) => "no certificate".to_string(),
        Err(source) => source.to_string(),
    };
    Err(StoreError::Unreachable { place: format!("{named}: {why}"), cause: Unreached::NoRoots })
}

/// A server that cannot be reached.
pub(super) fn unreachable(url: &StoreUrl, source: &sqlx::Error) -> StoreError {
    let (cause, why) = cause(source);
    StoreError::Unreachable { place: format!("{url}: {}", url.hide_in(&why)), cause }
}

fn cause(source: &sqlx::Error) -> (Unreached, String) {
    let text = source.to_string();
    match source {
        sqlx::Error::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>()) {
            Some(error) => (cause_of_tls(error), error.to_string()),
            None => (Unreached::Other, text),
        },
        // The driver has words only for a server that refuses to encrypt; everything else has a cause.
        sqlx::Error::Tls(error) => match error.downcast_ref::<TlsError>() {
            Some(error) => (cause_of_tls(error), error.to_string()),
            None if text.contains("does not support TLS") => (Unreached::NoTls, text),
            None => (Unreached::Tls, text),
        },
        sqlx::Error::Database(error) if error.code().as_deref() == Some(NOT_LET_IN) => {
            let is_in_the_clear = text.contains("no encryption") || text.contains("SSL off");
            (if is_in_the_clear { Unreached::OnlyTls } else { Unreached::Other }, text)
        }
        _ => (Unreached::Other, text),
    }
}

fn cause_of_tls(error: &TlsError) -> Unreached {
    let TlsError::InvalidCertificate(error) = error else { return Unreached::Tls };
    match error {
        CertificateError::UnknownIssuer => Unreached::UnknownIssuer,
        // Signed by somebody with the name, and not the key, of one whom we trust.
        CertificateError::BadSignature | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            Unreached::UnknownIssuer
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Unreached::OtherName,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => Unreached::OutOfDate,
        _ => Unreached::Tls,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::name("db.example.jp", "verify-full")]
    #[case::name_like_ours("localhost.example.jp", "verify-full")]
    #[case::any_address("0.0.0.0", "verify-full")]
    #[case::private_address("192.168.1.5", "verify-full")]
    #[case::number("2130706433", "verify-full")]
    #[case::nothing("", "verify-full")]
    #[case::sixth_version("2001:db8::1", "verify-full")]
    #[case::localhost("localhost", "disable")]
    #[case::capitals("LocalHost", "disable")]
    #[case::loopback("127.0.0.1", "disable")]
    #[case::other_loopback("127.8.9.1", "disable")]
    #[case::loopback_of_sixth_version("::1", "disable")]
    #[case::loopback_written_in_the_sixth("::ffff:127.0.0.1", "disable")]
    #[case::folder_of_a_socket("/run/postgresql", "disable")]
    fn what_leaves_the_machine_is_proved_unless_something_is_chosen(#[case] host: &str, #[case] expected: &str) {
        for vague in [PgSslMode::Prefer, PgSslMode::Allow] {
            assert_eq!(name(mode(vague, false, host)), expected);
            assert_eq!(name(mode(vague, true, host)), "disable");
        }
        if host.starts_with('/') {
            return;
        }
        for chosen in [PgSslMode::Disable, PgSslMode::Require, PgSslMode::VerifyCa, PgSslMode::VerifyFull] {
            assert_eq!(name(mode(chosen, false, host)), name(chosen));
        }
    }

    /// The address as a person writes it, with the surroundings that a test may have.
    #[rstest]
    #[case("postgres://kaiin:geheim@db.example.jp/kaiin", "verify-full", "db.example.jp")]
    #[case("postgres://kaiin@db.example.jp/kaiin?sslmode=prefer", "verify-full", "db.example.jp")]
    #[case("postgres://kaiin@db.example.jp/kaiin?sslmode=disable", "disable", "db.example.jp")]
    #[case("postgres://kaiin@db.example.jp/kaiin?sslmode=require", "require", "db.example.jp")]
    #[case("postgres://kaiin@localhost/kaiin?sslmode=verify-full", "verify-full", "localhost")]
    #[case("postgres://kaiin@localhost/kaiin?host=db.example.jp", "verify-full", "db.example.jp")]
    #[case("postgres://kaiin@localhost/kaiin?hostaddr=192.168.1.5", "verify-full", "192.168.1.5")]
    #[case("postgres://kaiin@[::1]:5433/kaiin", "disable", "::1")]
    #[case("postgres://kaiin@[2001:db8::1]/kaiin", "verify-full", "2001:db8::1")]
    #[case("postgres://kaiin@db.example.jp/kaiin?host=/run/postgresql", "disable", "db.example.jp")]
    fn address_decides(#[case] address: &str, #[case] expected: &str, #[case] host: &str) {
        // Parsing an address reads PGSSLMODE: an address that is silent is then not silent.
        if std::env::var_os("PGSSLMODE").is_some() && !address.contains("sslmode") {
            return;
        }
        let options = secured(address.parse().expect("an address"));
        assert_eq!((name(options.get_ssl_mode()), options.get_host()), (expected, host));
    }

    fn name(mode: PgSslMode) -> &'static str {
        match mode {
            PgSslMode::Disable => "disable",
            PgSslMode::Allow => "allow",
            PgSslMode::Prefer => "prefer",
            PgSslMode::Require => "require",
            PgSslMode::VerifyCa => "verify-ca",
            PgSslMode::VerifyFull => "verify-full",
        }
    }
}
