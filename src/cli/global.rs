//! Options of every command, and the settings and the clock that they and the surroundings lead to.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::domain::fault::PlacedFault;
use crate::domain::mail::Secret;
use crate::domain::store_url::StoreUrl;
use crate::error::Failure;
use crate::jobs::faults as jobs_faults;
use crate::messages::Lang;

/// The data folder of whoever names none.
pub(super) const DATA: &str = "kaiin-data";

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// データフォルダ
    #[arg(long, global = true, value_name = "DIR", default_value = DATA)]
    pub(super) data: PathBuf,
    /// 設定ファイル（なければデータフォルダの kaiin.toml）
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// 画面の言語
    #[arg(long, global = true, value_enum, default_value = "ja")]
    pub(super) lang: LangArg,
    /// 結果を JSON で出す（--format json と同じ）
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(in crate::cli) enum LangArg {
    Ja,
    En,
}

impl From<LangArg> for Lang {
    fn from(arg: LangArg) -> Self {
        match arg {
            LangArg::Ja => Self::Ja,
            LangArg::En => Self::En,
        }
    }
}

/// The file of settings that was named, else the one in the data folder.
pub(super) fn settings_path(global: &Global) -> PathBuf {
    global.config.clone().unwrap_or_else(|| global.data.join("kaiin.toml"))
}

/// The settings of one file, as they stand in it.
pub(super) fn read_settings(path: &Path) -> Result<Config> {
    Ok(Config::read(path, jobs_faults)?)
}

/// The settings of the file, with the store that the surroundings name.
pub(super) fn read_config(global: &Global) -> Result<Config> {
    let path = settings_path(global);
    let mut config = if global.config.is_some() || path.exists() { read_settings(&path)? } else { Config::default() };
    if let Some(url) = store_url()? {
        config.store.url = Some(url);
    }
    if let Some(mail) = &mut config.mail {
        mail.password = mail_password();
    }
    Ok(config)
}

/// `KAIIN_MAIL_PASSWORD` is the password for the mail server, so that it need not stand in a file.
fn mail_password() -> Option<Secret> {
    std::env::var("KAIIN_MAIL_PASSWORD").ok().filter(|text| !text.is_empty()).map(Secret::new)
}

/// `KAIIN_STORE_URL` names the database in place of the settings, so that a password need not stand in a file.
pub(super) fn store_url() -> Result<Option<StoreUrl>> {
    match std::env::var("KAIIN_STORE_URL") {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => match StoreUrl::try_from(text) {
            Ok(url) => Ok(Some(url)),
            Err(error) => {
                let fault = PlacedFault::of_parser("KAIIN_STORE_URL", "", None, &error.to_string());
                Err(ConfigError::of(fault).into())
            }
        },
        Err(_) => Ok(None),
    }
}

/// `KAIIN_NOW` holds the clock still, so that tests and rehearsals can choose the day.
pub(super) fn clock() -> Result<Clock> {
    match std::env::var("KAIIN_NOW") {
        Ok(text) => match text.parse::<DateTime<Utc>>() {
            Ok(instant) => Ok(Clock::Fixed(instant)),
            Err(_) => Err(Failure::usage("QRY-006", text).into()),
        },
        Err(_) => Ok(Clock::System),
    }
}
