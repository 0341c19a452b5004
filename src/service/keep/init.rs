//! The first files of an installation: settings with every default, and the headings of a master and of an
//! adjustment file.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::files::{Readers, make_folder, remove_leftovers};
use crate::service::keep::export::{not_writable, write_file, write_new_file};

pub(in crate::service) const SETTINGS: &str = include_str!("../../../reports/kaiin.toml");
pub(in crate::service) const ADJUSTMENTS: &[u8] = include_bytes!("../../../reports/adjustments-template.csv");
const MASTER: &[u8] = include_bytes!("../../../reports/association-master-template.csv");

/// Writes `kaiin.toml` and the templates of master and adjustments into the data folder. A file that is there stays as it is.
/// Returns the files and whether each was written.
///
/// # Errors
/// When the folder cannot be written.
pub fn init(folder: &Path) -> Result<Vec<(PathBuf, bool)>> {
    let files = [
        ("kaiin.toml", SETTINGS.as_bytes()),
        ("associations_template.csv", MASTER),
        ("adjustments_template.csv", ADJUSTMENTS),
    ];
    remove_leftovers(folder, 0);
    let mut out = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        let is_new = !path.exists();
        if is_new {
            write_new_file(&path, bytes, Readers::Owner)?;
        }
        out.push((path, is_new));
    }
    Ok(out)
}

/// Writes files that tell of nobody into a folder, which is made where it is not there; those of the same names are replaced.
/// Returns their paths.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_plain(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>> {
    make_folder(folder, Readers::ByUmask).map_err(|source| not_writable(folder, &source))?;
    let mut out = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        write_file(&path, bytes, Readers::ByUmask)?;
        out.push(path);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::SETTINGS;
    use crate::config::{Config, MailConfig};

    /// The shipped file must say what the program does without it.
    #[test]
    fn shipped_settings_are_the_defaults() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("kaiin.toml");
        std::fs::write(&path, SETTINGS).expect("the folder can be written");
        let shipped = Config::read(&path, |_| Vec::new()).expect("the shipped settings are sound");
        assert_eq!(shipped.file.as_ref(), Some(&path));
        let shipped = Config { file: None, ..shipped };
        assert_eq!(format!("{shipped:?}"), format!("{:?}", Config::default()));
    }

    /// So must its example of mails, which is no setting before its marks are taken away.
    #[test]
    fn shipped_example_of_mails_has_the_defaults() {
        let (_, example) = SETTINGS.split_once("#[mail]").expect("the example is there");
        let example = example.replace("\n#", "\n");
        let read = |text: &str| toml_of(&format!("[mail]{text}"));
        let only = "\nserver = \"mail.example.jp\"\nfrom = \"jimu@example.jp\"\nuser = \"jimu@example.jp\"\n\
                    password_file = \"mail.password\"\nreply_to = \"toukei@example.jp\"\nport = 465\n";
        assert_eq!(read(&example), read(only));
    }

    fn toml_of(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("kaiin.toml");
        std::fs::write(&path, text).expect("the folder can be written");
        let read = Config::read(&path, |_| Vec::new()).expect("the example is sound").mail.expect("mails are set");
        let file = read.password_file.clone().and_then(|file| file.file_name().map(ToOwned::to_owned));
        format!("{:?}", MailConfig { password_file: file.map(Into::into), ..read })
    }
}
