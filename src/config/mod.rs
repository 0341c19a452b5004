//! Settings of an installation, read from one TOML file. Unknown keys are errors; every key has a default.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::store_url::StoreUrl;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The text is not TOML, or a key is unknown or out of range.
    #[error("{path}: {message}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and key.
        message: String,
    },
}

/// All settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The association that issues papers (発行者); without it the only prefectural body of the master.
    pub issuer: Option<String>,
    /// Handling mark in the foot of papers (取扱区分).
    pub handling: String,
    /// Whether the 退会日 itself counts (退会日の扱い, R2).
    pub withdrawal_day_rule: WithdrawalDayRule,
    /// Folder that overrides shipped definitions; relative to the configuration file.
    pub definitions: Option<PathBuf>,
    /// When an import stops and asks.
    pub import: ImportConfig,
    /// What audits take for granted.
    pub audit: AuditConfig,
    /// Scheduled work.
    pub jobs: JobsConfig,
    /// Where facts are kept.
    pub store: StoreConfig,
    /// How figures are judged.
    pub figures: FiguresConfig,
}

/// How figures are judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FiguresConfig {
    /// Days after the as-of day until a figure is final (確報); before, it is preliminary (速報).
    pub final_after_days: u32,
}

/// Where facts are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// Address of a PostgreSQL database; without it the embedded store in the data folder.
    pub url: Option<StoreUrl>,
    /// How long a writer waits for another one on a server, in seconds.
    pub wait_seconds: u64,
}

/// Limits of an import.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportConfig {
    /// Most rejected rows of a file, in percent; more refuse it (R13).
    pub max_rejected_percent: u32,
    /// Most members that may be missing from an export, or shown as gone, in percent of those shown before.
    pub max_missing_percent: u32,
    /// The same for one body of more than 20 members.
    pub max_missing_percent_of_body: u32,
    /// Most members that may have another class than before, in percent.
    pub max_reclassified_percent: u32,
}

/// What audits take for granted.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditConfig {
    /// Reasons for which an association may file a withdrawal in the member's place (代理申請).
    #[serde(deserialize_with = "reasons")]
    pub proxy_reasons: Vec<WithdrawalReason>,
}

/// Reasons by their codes, such as death.
fn reasons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<WithdrawalReason>, D::Error> {
    let codes = Vec::<String>::deserialize(deserializer)?;
    let reason = |code: &String| {
        WithdrawalReason::from_code(code)
            .ok_or_else(|| serde::de::Error::custom(format!("\"{code}\" is no reason for a withdrawal")))
    };
    codes.iter().map(reason).collect()
}

/// Scheduled work.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JobsConfig {
    /// When the monthly job runs: cron line with seconds, in Asia/Tokyo. The first time after the end of a month
    /// is the run of that month.
    pub monthly_at: String,
    /// When the bell rings: cron line with seconds. Each ring looks at the ledger and does what is due.
    pub bell: String,
    /// First month the monthly job is responsible for, such as 2025-09; without it the month of the first export.
    pub first_month: Option<String>,
    /// Folder whose files the job takes in; relative to the data folder.
    pub inbox: PathBuf,
    /// Folder for the papers; relative to the data folder.
    pub papers: PathBuf,
    /// Reports written for each month.
    pub reports: Vec<String>,
    /// How long a file must have stood still before it is taken in, in seconds.
    pub settle_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            issuer: None,
            handling: "取扱注意・内部".into(),
            withdrawal_day_rule: WithdrawalDayRule::default(),
            definitions: None,
            import: ImportConfig::default(),
            audit: AuditConfig::default(),
            jobs: JobsConfig::default(),
            store: StoreConfig::default(),
            figures: FiguresConfig::default(),
        }
    }
}

impl Default for FiguresConfig {
    fn default() -> Self {
        // Reports lag behind by four to eight weeks.
        Self { final_after_days: 60 }
    }
}

impl Default for ImportConfig {
    fn default() -> Self {
        Self {
            max_rejected_percent: 5,
            max_missing_percent: 5,
            max_missing_percent_of_body: 20,
            max_reclassified_percent: 20,
        }
    }
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { proxy_reasons: vec![WithdrawalReason::Death, WithdrawalReason::Missing] }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        // An import of national size takes a minute or two; ten are enough for several in a row.
        Self { url: None, wait_seconds: 600 }
    }
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self {
            monthly_at: "0 0 6 5 * *".into(),
            bell: "0 */10 * * * *".into(),
            first_month: None,
            inbox: "inbox".into(),
            papers: "papers".into(),
            reports: vec!["member-counts".into(), "withdrawal-audit".into(), "transfer-audit".into()],
            settle_seconds: 2,
        }
    }
}

impl Config {
    /// Reads the settings of a file.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read, or a key is unknown or out of range.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })?;
        let mut config: Self =
            toml::from_str(&text).map_err(|error| invalid(path, without_address(&error.to_string()).trim_end()))?;
        config.validate().map_err(|message| invalid(path, &message))?;
        if let (Some(folder), Some(base)) = (&config.definitions, path.parent()) {
            config.definitions = Some(base.join(folder));
        }
        Ok(config)
    }

    fn validate(&self) -> Result<(), String> {
        for (key, value) in [
            ("import.max_rejected_percent", self.import.max_rejected_percent),
            ("import.max_missing_percent", self.import.max_missing_percent),
            ("import.max_missing_percent_of_body", self.import.max_missing_percent_of_body),
            ("import.max_reclassified_percent", self.import.max_reclassified_percent),
        ] {
            if value > 100 {
                return Err(format!("{key}: {value} is more than 100"));
            }
        }
        if self.issuer.as_deref().is_some_and(|issuer| issuer.trim().is_empty()) {
            return Err("issuer is empty".into());
        }
        Ok(())
    }
}

/// An error of the parser quotes the line; one that may hold the password of a database is not repeated.
fn without_address(message: &str) -> String {
    let lines = message.lines().map(|line| match line.find("url") {
        Some(at) if line.contains("://") || line.contains('@') || line.contains('=') => {
            format!("{}url = …", &line[..at])
        }
        _ => line.to_string(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn invalid(path: &Path, message: &str) -> ConfigError {
    ConfigError::Invalid { path: path.to_path_buf(), message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_address_is_named_by_its_line_without_the_password() {
        for line in ["url = \"mysql://kaiin:geheim@db\"", "url = \"postgres://kaiin:geheim@db", "url = geheim"] {
            let text = format!("[store]\n{line}\n");
            let error = toml::from_str::<Config>(&text).expect_err("no address");
            let shown = without_address(&error.to_string());
            assert!(!shown.contains("geheim") && shown.contains("line 2"), "{shown}");
        }
    }
}
