//! Settings of an installation, read from one TOML file. Unknown keys are errors; every key has a default.

mod jobs;
mod mail;
mod retention;
mod serve;
mod web;

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::store_url::StoreUrl;
use crate::domain::value_kind::ValueKind;
use crate::input::{self, NotRead};

pub use self::jobs::JobsConfig;
pub use self::mail::MailConfig;
pub use self::retention::RetentionConfig;
pub use self::serve::ServeConfig;
pub use self::web::WebConfig;

/// Everything that is wrong in the settings; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The faults in the order of the file. None of them repeats the address of a database.
    pub faults: Vec<PlacedFault>,
}

impl ConfigError {
    /// The error of one fault.
    pub fn of(fault: PlacedFault) -> Self {
        Self { faults: vec![fault] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.faults.iter().map(ToString::to_string).collect();
        write!(f, "{}", faults.join("; "))
    }
}

impl std::error::Error for ConfigError {}

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
    /// Who may read what is written.
    pub files: FilesConfig,
    /// What goes to the associations.
    pub distribution: DistributionConfig,
    /// How they are told of it by mail; without it they are not.
    pub mail: Option<MailConfig>,
    /// How long is kept what tells of single persons.
    pub retention: RetentionConfig,
    /// What a machine may ask of `kaiin serve`.
    pub serve: ServeConfig,
    /// Pages for browsers.
    pub web: WebConfig,
    /// The file in which they stand; `None` where there is none.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

/// Who may read what is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesConfig {
    /// Whether the group of the account that runs the program may read the data folder and internal papers.
    pub group_readable: bool,
}

/// What goes to the associations (配布).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DistributionConfig {
    /// Reports that each of them gets.
    pub reports: Vec<String>,
    /// Forms in which it gets them.
    pub formats: Vec<DeliveredFormat>,
    /// File of the recipients (配布先マスタ), CSV or workbook; relative to the data folder. Without it all local bodies.
    pub recipients: Option<PathBuf>,
    /// Folder into which they are delivered; relative to the data folder.
    pub folder: PathBuf,
    /// Paragraphs of the letter (送付状).
    pub letter: Vec<String>,
    /// Lines under it: whom to ask (連絡先).
    pub contact: Vec<String>,
}

/// A form in which papers are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveredFormat {
    /// A PDF.
    Pdf,
    /// A workbook.
    Xlsx,
    /// A CSV for each table.
    Csv,
}

impl Default for DistributionConfig {
    fn default() -> Self {
        Self {
            reports: vec!["monthly-statistics".into()],
            formats: vec![DeliveredFormat::Pdf, DeliveredFormat::Xlsx],
            recipients: None,
            folder: PathBuf::from("distribution/delivered"),
            letter: vec![
                "平素より本会の事業に御協力を賜り、厚く御礼申し上げます。".into(),
                "下記の資料をお送りしますので、御査収ください。".into(),
            ],
            contact: Vec::new(),
        }
    }
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

/// Codes of reasons that a setting can name.
const REASONS: &[&str] = &["death", "moved_away", "missing", "own_wish", "unpaid_fees", "expelled", "other"];

/// Reasons by their codes, such as death.
fn reasons<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<WithdrawalReason>, D::Error> {
    let codes = Vec::<String>::deserialize(deserializer)?;
    let reason = |code: &String| {
        WithdrawalReason::from_code(code).ok_or_else(|| serde::de::Error::unknown_variant(code, REASONS))
    };
    codes.iter().map(reason).collect()
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
            files: FilesConfig::default(),
            distribution: DistributionConfig::default(),
            mail: None,
            retention: RetentionConfig::default(),
            serve: ServeConfig::default(),
            web: WebConfig::default(),
            file: None,
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

impl Config {
    /// Reads the settings of a file, with what another room finds wrong in them by key.
    ///
    /// # Errors
    /// [`ConfigError`] when the file cannot be read, or a key is unknown or out of range.
    pub fn read(path: &Path, others: impl Fn(&Self) -> Vec<(&'static str, Fault)>) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let place = |line, key: &str, fault| PlacedFault { file: file.clone(), line, key: key.into(), fault };
        let text = input::read_text(path).map_err(|source| {
            ConfigError::of(place(
                None,
                "",
                match (NotRead::of(&source), source.kind()) {
                    (Some(why), _) => Fault::NotRead(why.code()),
                    (None, ErrorKind::NotFound) => Fault::SettingsMissing,
                    (None, ErrorKind::InvalidData) => Fault::NotUtf8,
                    (None, _) => Fault::Unreadable(source.to_string()),
                },
            ))
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let mut config: Self = toml::from_str(text).map_err(|error| {
            let fault = PlacedFault::of_parser(&file, text, error.span(), error.message());
            ConfigError::of(without_address(fault, text))
        })?;
        let faults: Vec<PlacedFault> = config
            .faults()
            .into_iter()
            .chain(others(&config))
            .map(|(key, fault)| {
                // Numbers and texts of the settings stand on a line of their own.
                let name = key.rsplit('.').next().unwrap_or(key);
                let is_of_key = |line: &&str| line.split_once('=').is_some_and(|(before, _)| before.trim() == name);
                let at = text.lines().position(|line| is_of_key(&line));
                place(at.and_then(|at| u32::try_from(at + 1).ok()), key, fault)
            })
            .collect();
        if !faults.is_empty() {
            return Err(ConfigError { faults });
        }
        if let (Some(folder), Some(base)) = (&config.definitions, path.parent()) {
            config.definitions = Some(base.join(folder));
        }
        if let (Some(mail), Some(base)) = (&mut config.mail, path.parent()) {
            mail.password_file = mail.password_file.take().map(|file| base.join(file));
        }
        config.file = Some(path.to_path_buf());
        Ok(config)
    }

    /// What no type can tell, by key.
    fn faults(&self) -> Vec<(&'static str, Fault)> {
        let percents = [
            ("import.max_rejected_percent", self.import.max_rejected_percent),
            ("import.max_missing_percent", self.import.max_missing_percent),
            ("import.max_missing_percent_of_body", self.import.max_missing_percent_of_body),
            ("import.max_reclassified_percent", self.import.max_reclassified_percent),
        ];
        let above = percents.into_iter().filter(|(_, value)| *value > 100);
        let mut out: Vec<_> = above.map(|(key, value)| (key, Fault::Outside(value.into(), 0, 100))).collect();
        out.extend(self.jobs.faults());
        out.extend(self.retention.faults());
        out.extend(self.serve.faults());
        out.extend(self.web.faults());
        if self.jobs.purge_at.is_some() && self.retention.is_unset() {
            let fault = Fault::OneNeeded(&["retention.raw_files_days", "retention.persons_days"]);
            out.push(("jobs.purge_at", fault));
        }
        if self.issuer.as_deref().is_some_and(|issuer| issuer.trim().is_empty()) {
            out.push(("issuer", Fault::Empty));
        }
        out.extend(self.mail.iter().flat_map(MailConfig::faults));
        out
    }
}

/// The text of settings that also name a folder of definitions; everything else in it stays as it is. `None` when that
/// cannot be done, as in a text that is wrong or names one already.
pub fn with_definitions(text: &str, folder: &str) -> Option<String> {
    let line = format!("definitions = {}", toml::Value::String(folder.into()));
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    // The example of the shipped settings gives way; keys of the top stand before the first table.
    let is_example = |line: &str| {
        let key = line.trim_start().strip_prefix('#').and_then(|rest| rest.split_once('=')).map(|(key, _)| key.trim());
        key == Some("definitions")
    };
    let top = body.lines().take_while(|line| !line.trim_start().starts_with('['));
    let made = match top.clone().position(is_example) {
        Some(at) => body
            .lines()
            .enumerate()
            .map(|(nth, old)| if nth == at { line.as_str() } else { old })
            .fold(String::new(), |out, line| out + line + end),
        None => format!("{line}{end}{body}"),
    };
    let read: Config = toml::from_str(&made).ok()?;
    (read.definitions.as_deref() == Some(Path::new(folder))).then(|| format!("{mark}{made}"))
}

/// What a parser says may repeat what stands on the line; on the line of an address that may be a password.
fn without_address(fault: PlacedFault, text: &str) -> PlacedFault {
    let line = fault.line.and_then(|line| text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?));
    match &fault.fault {
        Fault::UnknownKey(..) | Fault::MissingKey(_) | Fault::WrongValue(ValueKind::MailAddress, _) => fault,
        _ if line.is_some_and(|line| line.contains("url") || line.contains("://") || line.contains('@')) => {
            PlacedFault { key: "url".into(), fault: Fault::WrongValue(ValueKind::StoreAddress, String::new()), ..fault }
        }
        _ => fault,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("", "definitions = \"own\"\n")]
    #[case::a_table(
        "[import]\nmax_rejected_percent = 3\n",
        "definitions = \"own\"\n[import]\nmax_rejected_percent = 3\n"
    )]
    #[case::example_gives_way(
        "handling = \"内部\"\n#definitions = \"definitions\"\n\n[import]\n",
        "handling = \"内部\"\ndefinitions = \"own\"\n\n[import]\n"
    )]
    #[case::windows("\u{feff}handling = \"内部\"\r\n", "\u{feff}definitions = \"own\"\r\nhandling = \"内部\"\r\n")]
    #[case::example_below_a_table(
        "[jobs]\n# definitions = \"x\"\n",
        "definitions = \"own\"\n[jobs]\n# definitions = \"x\"\n"
    )]
    fn folder_of_definitions_is_added_and_the_rest_stays(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(with_definitions(text, "own").as_deref(), Some(expected));
    }

    #[rstest]
    #[case::named_already("definitions = \"other\"\n")]
    #[case::wrong("definitions\n")]
    fn settings_that_cannot_be_added_to_are_left(#[case] text: &str) {
        assert_eq!(with_definitions(text, "own"), None);
    }

    #[test]
    fn wrong_address_is_named_by_its_line_without_the_password() {
        for line in ["url = \"mysql://kaiin:geheim@db\"", "url = \"postgres://kaiin:geheim@db", "url = geheim"] {
            let text = format!("[store]\n{line}\n");
            let error = toml::from_str::<Config>(&text).expect_err("no address");
            let fault = PlacedFault::of_parser("kaiin.toml", &text, error.span(), error.message());
            let shown = without_address(fault, &text);
            assert_eq!((shown.line, shown.fault.code()), (Some(2), "DEF-016"), "{shown}");
            assert!(!shown.to_string().contains("geheim"), "{shown}");
        }
    }
}
