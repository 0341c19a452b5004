//! Opens what was made with the program that the system has for it (`--open`).
//!
//! A paper that cannot be opened is made all the same: whatever goes wrong here is a notice.

use std::io::{Error, Result};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::context::Context;
use crate::messages::Lang;
use crate::service::papers::{PaperFormat, Published};

/// What people look at first.
const ORDER: [(PaperFormat, &str); 5] = [
    (PaperFormat::Pdf, "pdf"),
    (PaperFormat::PdfArchive, "pdf"),
    (PaperFormat::Html, "html"),
    (PaperFormat::Xlsx, "xlsx"),
    (PaperFormat::Csv, "csv"),
];

/// Opens the first paper in the first of the formats that were asked for: PDF, page, workbook, table. Says so where
/// that fails.
pub(super) fn open_first(context: &Context, papers: &[&Published], formats: &[PaperFormat]) {
    let Some(path) = papers.first().and_then(|paper| first_of(paper, formats)) else { return };
    if let Err(why) = open(path) {
        let shown = path.display();
        match context.lang {
            Lang::Ja => eprintln!("注意 {shown} を開けませんでした（{why}）。ファイルは作ってあります"),
            Lang::En => eprintln!("warning {shown} could not be opened ({why}); it was made all the same"),
        }
    }
}

fn first_of<'p>(paper: &'p Published, formats: &[PaperFormat]) -> Option<&'p Path> {
    let mut asked = ORDER.iter().filter(|(format, _)| formats.contains(format));
    asked.find_map(|(_, ending)| with_ending(paper, ending))
}

/// The first file with an ending right in the folder of a paper.
fn with_ending<'p>(paper: &'p Published, ending: &str) -> Option<&'p Path> {
    let beside = |path: &&PathBuf| path.parent() == Some(paper.folder.as_path());
    let ends = |path: &&PathBuf| path.extension().is_some_and(|found| found == ending);
    paper.files.iter().filter(beside).find(ends).map(PathBuf::as_path)
}

fn open(path: &Path) -> Result<()> {
    let mut command = program(&std::path::absolute(path)?);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    outcome(child)
}

/// Waits until a launcher has failed or had the time to. Some stay as long as the program that they have started; nobody
/// waits for those.
fn outcome(mut child: Child) -> Result<()> {
    const STEPS: u32 = 40;
    for _ in 0..STEPS {
        match child.try_wait()? {
            // The launcher of Windows says 1 whatever comes of it.
            Some(status) if status.success() || cfg!(windows) => return Ok(()),
            Some(status) => return Err(Error::other(status.to_string())),
            None => sleep(Duration::from_millis(50)),
        }
    }
    Ok(())
}

#[cfg(windows)]
fn program(path: &Path) -> Command {
    use std::os::windows::process::CommandExt;
    // `cmd /C start` would read `&` and `%` in a name as its own. Outside of quotes a comma ends a name here; a quote is in
    // no name on Windows.
    let mut command = Command::new("explorer");
    command.raw_arg(format!("\"{}\"", path.display()));
    command
}

#[cfg(not(windows))]
fn program(path: &Path) -> Command {
    let mut command = Command::new(if cfg!(target_os = "macos") { "open" } else { "xdg-open" });
    command.arg(path);
    command
}
