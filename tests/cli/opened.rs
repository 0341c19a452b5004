//! `--open`: what was made is handed to the program of the system; when there is none, it was made all the same.

use std::os::unix::fs::PermissionsExt;

use super::samples::Sample;

#[test]
fn first_of_what_was_made_is_opened_and_a_failure_is_a_notice() {
    let (office, _) = Sample::saitama().taken_in();
    let tools = office.folder().join("tools");
    std::fs::create_dir(&tools).expect("a folder");
    let run = |formats: &str| {
        // A paper for the archive is not put beside the usual one.
        let out = if formats.contains("--archive") { "a" } else { "o" };
        let arguments = format!("report member-counts --as-of 2025-12-31 --out {out} --open --format {formats}");
        super::program::Run::of(office.program().env("PATH", &tools).args(arguments.split_whitespace()))
    };
    let without = run("csv,xlsx");
    assert_eq!(without.exit, Some(0), "{}", without.stderr);
    assert!(without.stderr.contains("開けませんでした"), "{}", without.stderr);
    let tool = tools.join("xdg-open");
    office.save("tools/xdg-open", format!("#!/bin/sh\necho \"$1\" > {}\n", tools.join("opened").display()));
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).expect("it may be run");
    for (formats, ending) in
        [("csv,xlsx", ".xlsx"), ("csv,html,pdf", ".pdf"), ("csv", ".csv"), ("html,pdf --archive", ".pdf")]
    {
        let opened = run(formats);
        assert_eq!((opened.exit, opened.stderr.contains("開けません")), (Some(0), false), "{}", opened.stderr);
        let path = std::fs::read_to_string(tools.join("opened")).expect("it was run");
        let path = std::path::Path::new(path.trim_end());
        assert!(path.is_absolute() && path.is_file() && path.to_string_lossy().ends_with(ending), "{path:?}");
    }
}
