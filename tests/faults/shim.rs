//! The program with `shim.c` loaded: its points, and one of them disturbed.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::point::{Fault, Point, points_of};
use crate::cli::program::Office;

/// No command of these offices takes a second; one that takes so long waits for something that does not come.
const PATIENCE: Duration = Duration::from_secs(90);

/// What a run did, and how it ended.
#[derive(Debug)]
pub struct Ending {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// In the order of the calls.
    pub points: Vec<Point>,
}

impl Ending {
    /// Whether it was killed, as a machine kills.
    pub fn is_killed(&self) -> bool {
        self.status.signal() == Some(9)
    }
}

/// The shared library, built once in a test run.
///
/// # Panics
/// Where there is no C compiler, or the library cannot be built: nothing is proved then, and nothing may seem so.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (path, own) = (folder.join("kaiin-faults.so"), folder.join(format!("kaiin-faults.{}", std::process::id())));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/shim.c");
        let flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o"];
        let built = Command::new("cc").args(flags).arg(&own).arg(source).output();
        let built = built.expect("the fault harness needs a C compiler called cc, as linking Rust does");
        assert!(built.status.success(), "tests/faults/shim.c: {}", String::from_utf8_lossy(&built.stderr));
        // Another test run may use the one that is there.
        std::fs::rename(&own, &path).expect("the folder of the build can be written");
        path
    })
}

/// Runs the program in an office, undisturbed or with one point disturbed. Its folder for temporary files is in the office,
/// so that nothing left there is missed.
pub fn run(office: &Office, arguments: &[&str], disturbed: Option<(&Point, Fault)>) -> Ending {
    let notes = tempfile::tempdir().expect("a temporary folder can be made");
    let [log, stdout, stderr] = ["log", "stdout", "stderr"].map(|name| notes.path().join(name));
    let root = office.folder().canonicalize().expect("the office is there");
    let mut command = office.program();
    command.args(arguments).env("TMPDIR", temporary(office));
    command.env("KAIIN_FAULT_ROOT", root).env("KAIIN_FAULT_LOG", &log).env("LD_PRELOAD", library());
    if office.database().is_some() {
        command.env("KAIIN_FAULT_SENT", "1");
    }
    if let Some((point, fault)) = disturbed {
        point.tell(&mut command);
        fault.tell(&mut command);
    }
    let create = |path: &Path| File::create(path).expect("a temporary file can be made");
    let status = ended(command.stdout(create(&stdout)).stderr(create(&stderr)));
    let text = |path: &Path| {
        let bytes = std::fs::read(path).expect("it was made above");
        // A text that was cut by a kill ends anywhere.
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let points = if log.exists() { points_of(&text(&log)) } else { Vec::new() };
    Ending { status, stdout: text(&stdout), stderr: text(&stderr), points }
}

/// Lets a program that is not started yet meet an error at its n-th change of the folder of an office, and at all later ones.
pub fn refuse_from(command: &mut Command, office: &Office, (nth, error): (usize, &str)) {
    let root = office.folder().canonicalize().expect("the office is there");
    command.env("TMPDIR", temporary(office)).env("LD_PRELOAD", library());
    command.env("KAIIN_FAULT_LOG", office.folder().join("faults.log")).env("KAIIN_FAULT_ROOT", root);
    command.env("KAIIN_FAULT_AT", nth.to_string()).env("KAIIN_FAULT_DO", error).env("KAIIN_FAULT_ON", "1");
}

/// The folder for temporary files of an office.
pub fn temporary(office: &Office) -> PathBuf {
    let folder = office.folder().join("tmp");
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}

fn ended(command: &mut Command) -> ExitStatus {
    let mut child = command.spawn().expect("the program can be started");
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the child was started here") {
            return status;
        }
        if begin.elapsed() > PATIENCE {
            child.kill().expect("the child was started here");
            panic!("{command:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
