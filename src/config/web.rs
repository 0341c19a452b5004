//! Settings of the pages (`kaiin web`).

use std::net::SocketAddr;

use serde::Deserialize;

use super::serve::address;
use crate::domain::account::FactorRule;
use crate::domain::fault::Fault;

/// Who is answered by pages, and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebConfig {
    /// Address at which pages are shown; without it `kaiin web` shows none.
    #[serde(deserialize_with = "address")]
    pub address: Option<SocketAddr>,
    /// Whether that may be an address that other machines reach without TLS.
    pub beyond_this_machine: bool,
    /// Whether a proxy with TLS stands before the pages: cookies are Secure then, and who asks is the last of `X-Forwarded-For`.
    pub behind_tls_proxy: bool,
    /// Minutes after which a session ends that nobody uses.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Logins that may be tried for one account within a quarter of an hour.
    pub logins_per_account: u32,
    /// Logins that may be tried from one address within a quarter of an hour.
    pub logins_per_address: u32,
    /// Days for which is kept who opened what.
    pub ledger_days: u32,
    /// MiB of files that may be given at once.
    pub upload_mb: u32,
    /// Days after which a paper that was sent can no longer be downloaded by its recipient.
    pub download_days: u32,
    /// The smallest number, and the smallest difference between two, that accounts for numbers only are shown (K3).
    pub smallest_shown: u32,
    /// Who must have a second factor.
    pub second_factor: FactorRule,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            address: None,
            beyond_this_machine: false,
            behind_tls_proxy: false,
            // A telephone call and a cup of tea.
            idle_minutes: 30,
            // A day at the office: nobody is still logged in the next morning.
            session_hours: 12,
            logins_per_account: 10,
            // A whole office may sit behind one address.
            logins_per_address: 50,
            ledger_days: 400,
            // An export of the whole country is some 100.
            upload_mb: 200,
            // A year, and the month in which somebody looks for the one of a year ago.
            download_days: 400,
            // As few as a reason of withdrawal is told of (R37).
            smallest_shown: 3,
            second_factor: FactorRule::ByRole,
        }
    }
}

impl WebConfig {
    /// What no type can tell, by key.
    pub(super) fn faults(&self) -> Vec<(&'static str, Fault)> {
        let numbers = [
            ("web.idle_minutes", self.idle_minutes, 5, 1_440),
            ("web.session_hours", self.session_hours, 1, 24),
            ("web.logins_per_account", self.logins_per_account, 3, 1_000),
            ("web.logins_per_address", self.logins_per_address, 3, 10_000),
            ("web.ledger_days", self.ledger_days, 1, 36_500),
            ("web.upload_mb", self.upload_mb, 1, 4_000),
            ("web.download_days", self.download_days, 1, 3_660),
            ("web.smallest_shown", self.smallest_shown, 1, 100),
        ];
        let outside = numbers.into_iter().filter(|(_, value, least, most)| !(least..=most).contains(&value));
        let mut out: Vec<_> = outside
            .map(|(key, value, least, most)| (key, Fault::Outside(value.into(), least.into(), most.into())))
            .collect();
        let reached = self.address.filter(|_| !self.beyond_this_machine);
        let reached = reached.filter(|address| !address.ip().to_canonical().is_loopback());
        out.extend(reached.map(|address| ("web.address", Fault::PagesBeyondThisMachine(address.to_string()))));
        out
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("", None)]
    #[case::loopback("address = \"127.0.0.1:8080\"", None)]
    #[case::loopback_of_the_sixth_version("address = \"[::1]:8080\"", None)]
    #[case::any("address = \"0.0.0.0:8080\"", Some(("web.address", "CFG-012")))]
    #[case::behind_a_proxy_elsewhere("address = \"192.168.1.5:8080\"\nbehind_tls_proxy = true", Some(("web.address", "CFG-012")))]
    #[case::said_so("address = \"192.168.1.5:8080\"\nbeyond_this_machine = true", None)]
    #[case::least("idle_minutes = 5\nsession_hours = 1", None)]
    #[case::too_short("idle_minutes = 4", Some(("web.idle_minutes", "DEF-026")))]
    #[case::no_download("download_days = 0", Some(("web.download_days", "DEF-026")))]
    #[case::for_ever("session_hours = 25", Some(("web.session_hours", "DEF-026")))]
    #[case::nothing_may_be_given("upload_mb = 0", Some(("web.upload_mb", "DEF-026")))]
    #[case::nobody_may_log_in("logins_per_account = 0", Some(("web.logins_per_account", "DEF-026")))]
    fn settings_that_do_not_fit_are_named(#[case] text: &str, #[case] expected: Option<(&str, &str)>) {
        let config: WebConfig = toml::from_str(text).expect("it can be read");
        let faults = config.faults();
        assert_eq!(faults.first().map(|(key, fault)| (*key, fault.code())), expected);
        assert!(faults.len() < 2);
    }
}
