//! The unit with which systemd runs `kaiin serve`: under an account of its own that may write what the settings name and nothing
//! else of the machine.

use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::error::{Failure, FailureKind};

/// Name of its file.
pub const UNIT: &str = "kaiin.service";

/// What is to be run.
#[derive(Debug)]
pub struct Served<'a> {
    /// The program.
    pub program: &'a Path,
    /// The data folder.
    pub data: &'a Path,
    /// The file of settings, where one was named.
    pub settings: Option<&'a Path>,
    /// What stands in it.
    pub config: &'a Config,
}

/// The text of the unit. A tick under way is finished before the program stops, which the time to stop allows for; what the kernel can
/// take away from a program that only reads and writes files and speaks to servers is taken away.
///
/// # Errors
/// [`Failure`] ENV-063 for a path that no unit can name.
pub fn unit(served: &Served) -> Result<String, Failure> {
    let [program, data] = [named(served.program)?, named(served.data)?];
    let settings = served.settings.map(|path| named(path).map(|path| format!(" --config {}", in_command(&path))));
    let settings = settings.transpose()?.unwrap_or_default();
    let mut writable = quoted(&data);
    for place in places(served) {
        // One that is not there now, as a disk that is not connected, must not keep the program from starting.
        writable.push_str(&format!(" {}", quoted(&format!("-{}", named(&place)?))));
    }
    let command = format!("{} --data {}{settings} serve", in_command(&program), in_command(&data));
    Ok(TEMPLATE.replace("{command}", &command).replace("{writable}", &writable))
}

/// Folders outside of the data folder that the clock writes.
fn places(served: &Served) -> Vec<PathBuf> {
    let jobs = &served.config.jobs;
    let named =
        [Some(&jobs.inbox), Some(&jobs.papers), jobs.backup_to.as_ref(), Some(&served.config.distribution.folder)];
    let mut out: Vec<PathBuf> = Vec::new();
    for place in named.into_iter().flatten().map(|place| absolute(&served.data.join(place))) {
        if !place.starts_with(absolute(served.data)) && !out.contains(&place) {
            out.push(place);
        }
    }
    out
}

/// A path from the top on, without the steps back that settings may hold.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(out.pop()),
            part => out.push(part),
        }
    }
    out
}

/// A path as a text of one line.
fn named(path: &Path) -> Result<String, Failure> {
    let path = absolute(path);
    match path.to_str().filter(|text| !text.contains(char::is_control)) {
        Some(text) => Ok(text.to_string()),
        None => Err(Failure::new(FailureKind::Usage, "ENV-063", path.display().to_string())),
    }
}

/// A text between quotation marks, in which a percent sign is one (systemd.unit(5), systemd.syntax(7)).
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%"))
}

/// The same in a command, where a dollar sign would be a variable (systemd.service(5)).
fn in_command(text: &str) -> String {
    quoted(text).replace('$', "$$")
}

const TEMPLATE: &str = include_str!("../../../reports/kaiin.service");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::JobsConfig;

    fn lines(data: &str, config: &Config) -> (String, String) {
        let served = Served { program: Path::new("/opt/kaiin"), data: Path::new(data), settings: None, config };
        let text = unit(&served).expect("a unit");
        let line = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).expect("the key").to_string();
        (line("ExecStart="), line("ReadWritePaths="))
    }

    #[test]
    fn names_are_what_they_are() {
        let (command, writable) = lines("/srv/会員 100%\"$x\\", &Config::default());
        assert_eq!(command, r#""/opt/kaiin" --data "/srv/会員 100%%\"$$x\\" serve"#);
        assert_eq!(writable, r#""/srv/会員 100%%\"$x\\""#);
    }

    #[test]
    fn only_what_lies_outside_is_named_beside_the_data_folder() {
        let jobs = JobsConfig {
            backup_to: Some("/mnt/backup".into()),
            inbox: "../inbox".into(),
            papers: "a/../papers".into(),
            ..JobsConfig::default()
        };
        let config = Config { jobs, ..Config::default() };
        assert_eq!(lines("/srv/kaiin", &config).1, r#""/srv/kaiin" "-/srv/inbox" "-/mnt/backup""#);
    }

    #[test]
    fn name_of_two_lines_is_refused() {
        let config = Config::default();
        let served = Served {
            program: Path::new("/opt/kaiin"),
            data: Path::new("/srv/a\nUser=root"),
            settings: None,
            config: &config,
        };
        assert_eq!(unit(&served).map_err(|failure| failure.code), Err("ENV-063"));
    }
}
