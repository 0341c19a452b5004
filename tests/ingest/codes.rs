//! No code without a file or a test that brings it about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kaiin::domain::problem::Problem;

use super::corpus::expectations;

/// Codes that need more than one file, or options, with the test that brings them about.
const ELSEWHERE: &[(&str, &str)] = &[
    ("IMP-006", "body_of_two_is_ambiguous"),
    ("IMP-021", "person_who_returns_is_counted_once"),
    ("IMP-128", "number_used_again_next_year_takes_nothing_back"),
    ("IMP-129", "number_used_again_next_year_takes_nothing_back"),
    ("IMP-270", "newest_update_is_compared_with_the_export_day"),
    ("IMP-271", "newest_update_is_compared_with_the_export_day"),
    ("IMP-273", "file_that_replaces_a_day_with_fewer_people_asks"),
    ("IMP-274", "file_that_changes_a_month_that_is_done_asks"),
    ("IMP-276", "first_export_with_far_fewer_people_than_rows_asks"),
    ("IMP-294", "damaged_first_export_asks"),
    ("IMP-295", "damaged_first_export_asks"),
    ("IMP-296", "damaged_first_export_asks"),
    ("IMP-297", "damaged_first_export_asks"),
    ("IMP-290", "file_given_by_hand_asks_where_an_older_one_waits_in_the_inbox"),
    ("IMP-300", "crowd_under_one_number_costs_its_rows_only"),
    ("IMP-301", "enormous_text_is_refused"),
    ("IMP-309", "chain_of_a_master_is_walked_in_time"),
    ("IMP-302", "enormous_text_is_refused"),
    ("IMP-303", "enormous_master_is_refused"),
    ("IMP-277", "everything_that_is_not_taken_in_is_named_with_what_to_do"),
    ("IMP-140", "word_that_the_scheme_lacks_is_read_as_a_national_one"),
    ("IMP-141", "scheme_of_a_body_that_is_not_there_is_told"),
    ("IMP-145", "adjustment_that_fits_no_stay_is_told_when_it_is_taken_in"),
    ("IMP-146", "death_entered_for_one_tier_asks_for_the_others"),
    ("IMP-251", "two_days_in_a_name_are_asked_about"),
    ("IMP-252", "export_day_before_1990_is_refused"),
    ("IMP-212", "bad_export_is_refused_and_nothing_changes"),
    ("IMP-213", "import_that_cannot_be_is_refused_and_nothing_changes"),
    ("IMP-214", "import_that_cannot_be_is_refused_and_nothing_changes"),
    ("IMP-215", "members_before_the_master_are_refused"),
    ("IMP-218", "bad_master_is_refused_and_nothing_changes"),
    ("IMP-224", "class_of_everybody_at_once_is_asked_about"),
    ("IMP-225", "withdrawal_of_everybody_at_once_is_asked_about"),
    ("IMP-226", "second_file_of_a_day_that_lacks_rows_is_asked_about"),
    ("IMP-219", "import_that_cannot_be_is_refused_and_nothing_changes"),
];

#[test]
fn every_code_is_brought_about() {
    let files = expectations();
    let met: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| {
            let places = file.rejected.iter().chain(&file.warned).filter_map(|place| place.rsplit(' ').next());
            places.chain(file.code.as_deref()).chain(file.because.as_deref())
        })
        .collect();
    let tests = all_tests();
    for problem in Problem::ALL {
        let code = problem.code();
        let elsewhere = ELSEWHERE.iter().find(|(known, _)| *known == code);
        assert!(
            met.contains(code) || elsewhere.is_some(),
            "{code} is brought about by no file of the corpus: add one, or name a test in {}",
            file!()
        );
        if let Some((_, test)) = elsewhere {
            assert!(tests.contains(&format!("fn {test}(")), "{code}: there is no test {test}");
        }
    }
    for (code, _) in ELSEWHERE {
        assert!(Problem::from_code(code).is_some(), "{code} is no code any more");
        assert!(!met.contains(code), "{code} is in the corpus: take it off the table");
    }
}

/// The text of all code.
fn all_tests() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join("src"), root.join("tests")];
    let mut out = String::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the code can be read") {
            let path = entry.expect("the code can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push_str(&std::fs::read_to_string(path).expect("code is text"));
            }
        }
    }
    out
}
