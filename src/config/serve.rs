//! Settings of what a machine may ask of `kaiin serve`.

use std::net::SocketAddr;

use serde::Deserialize;

use crate::domain::fault::Fault;
use crate::domain::value_kind::NOT_A_LISTENING_ADDRESS;

/// What a machine may ask of `kaiin serve`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeConfig {
    /// Address at which `/healthz` and `/metrics` are answered; without it nothing is.
    #[serde(deserialize_with = "address")]
    pub metrics: Option<SocketAddr>,
    /// Whether that may be an address that other machines reach.
    pub metrics_beyond_this_machine: bool,
}

impl ServeConfig {
    /// What no type can tell, by key. Nobody logs in to be told, so that only this machine is asked unless somebody says so.
    pub(super) fn faults(&self) -> Option<(&'static str, Fault)> {
        let address = self.metrics.filter(|_| !self.metrics_beyond_this_machine)?;
        let is_reached = !address.ip().to_canonical().is_loopback();
        is_reached.then(|| ("serve.metrics", Fault::BeyondThisMachine(address.to_string())))
    }
}

/// An address with its port, such as 127.0.0.1:9464.
pub(super) fn address<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(NOT_A_LISTENING_ADDRESS))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::loopback("127.0.0.1:9464", false, None)]
    #[case::other_loopback("127.8.9.1:9464", false, None)]
    #[case::loopback_of_the_sixth_version("[::1]:9464", false, None)]
    #[case::loopback_written_in_the_sixth("[::ffff:127.0.0.1]:9464", false, None)]
    #[case::any("0.0.0.0:9464", false, Some("CFG-011"))]
    #[case::any_of_the_sixth_version("[::]:9464", false, Some("CFG-011"))]
    #[case::private("192.168.1.5:9464", false, Some("CFG-011"))]
    #[case::said_so("192.168.1.5:9464", true, None)]
    #[case::no_port("127.0.0.1", false, Some("CFG-010"))]
    #[case::name("localhost:9464", false, Some("CFG-010"))]
    #[case::port_too_large("127.0.0.1:94640", false, Some("CFG-010"))]
    #[case::nothing("", false, Some("CFG-010"))]
    fn only_this_machine_is_answered_unless_somebody_says_so(
        #[case] address: &str,
        #[case] says_so: bool,
        #[case] code: Option<&str>,
    ) {
        let text = format!("metrics = \"{address}\"\nmetrics_beyond_this_machine = {says_so}\n");
        let found = match toml::from_str::<ServeConfig>(&text) {
            Ok(config) => config.faults().map(|(_, fault)| fault.code()),
            Err(error) => Some(Fault::said(error.message()).code()),
        };
        assert_eq!(found, code);
    }
}
