//! Invented worlds of a few hundred people: purged with short days, every figure stays.

use serde_json::Value;

use super::figures::answers;
use super::office::{findings, run_at, set};
use crate::cli::program::{Office, Run};

#[test]
fn figures_of_an_invented_world_stay() {
    let office = Office::new();
    let synth = "synth --out world --physicians 400 --prefectures 11 --from 2025-01 --to 2025-12";
    let run = office.run(synth);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let files: Vec<_> = super::office::files(&office.folder().join("world"));
    let is_of = |path: &&std::path::PathBuf, begin: &str| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin))
            && path.extension().is_some_and(|end| end == "csv")
    };
    for begin in ["associations", "members", "applications"] {
        for path in files.iter().filter(|path| is_of(path, begin)) {
            let mut command = office.program();
            command.args(["import", "--accept-drop", "--reason", "試験"]).arg(path);
            let run = Run::of(&mut command);
            assert_eq!(run.exit, Some(0), "{}: {}", path.display(), run.stderr);
        }
    }
    set(&office, "[retention]\npersons_days = 40\n");
    let (known_at, as_of) = (["2025-06-30", "2025-12-31"], ["2025-10-31", "2025-01-31", "2025-06-15", "2025-12-31"]);
    let before = answers(&office, &known_at, &as_of);
    let run = run_at(&office, "2026-06-01T00:00:00Z", "--json purge --confirm --reason 年限");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).expect("an answer");
    assert!(report["persons"].as_array().is_some_and(|days| !days.is_empty()), "{report}");
    assert_eq!(answers(&office, &known_at, &as_of), before);
    assert_eq!(findings(&office), [] as [Value; 0]);
}
