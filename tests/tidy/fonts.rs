//! Checks that every font we hand on comes with its licence.

use std::path::{Path, PathBuf};

use super::{Violation, assert_clean, files_below, relative, root};

/// How the name of a font file ends.
const FONT_ENDINGS: &[&str] = &[".ttf", ".otf", ".ttc", ".woff", ".woff2"];

/// Words by which a licence file is known.
const LICENCE_WORDS: &[&str] = &["OFL", "LICENSE", "LICENCE", "COPYING"];

/// Lists the fonts below a folder that no licence file in their own folder covers.
fn check(folder: &Path) -> Vec<Violation> {
    let (fonts, others): (Vec<PathBuf>, Vec<PathBuf>) =
        files_below(folder, &[""]).into_iter().partition(|path| is_font(path));
    let has_licence = |font: &PathBuf| others.iter().any(|file| file.parent() == font.parent() && covers(file, font));
    let message =
        "no licence beside it: OFL.txt or LICENSE.txt for a whole folder, OFL-Family.txt for the fonts of a family";
    fonts.iter().filter(|font| !has_licence(font)).map(|font| Violation::new(&relative(font), 1, message)).collect()
}

fn is_font(path: &Path) -> bool {
    let name = path.to_string_lossy().to_lowercase();
    FONT_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Whether a file is the licence of a font: named for its family, or for no family at all.
fn covers(file: &Path, font: &Path) -> bool {
    let file = letters(file);
    let family = LICENCE_WORDS.iter().find(|word| file.contains(**word)).map(|word| file.replace(word, ""));
    family.is_some_and(|family| letters(font).starts_with(&family))
}

/// Letters and digits of a file name without its ending, in capitals.
fn letters(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().to_uppercase();
    stem.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[test]
fn fonts_have_their_licence_beside_them() {
    assert_clean(check(&root().join("fonts")));
}

#[test]
fn font_without_licence_is_found() {
    let folder = std::env::temp_dir().join(format!("kaiin-tidy-fonts-{}", std::process::id()));
    let put = |file: &str| {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("the folder above is joined"))
            .expect("the temporary folder is writable");
        std::fs::write(path, "").expect("the temporary folder is writable");
    };
    for file in [
        "OFL.txt",
        "good/a.ttf",
        "good/OFL.txt",
        "good/both/NotoSansJP-R.ttf",
        "good/both/OFL-Noto-Sans.txt",
        "bad/License.ttf",
        "bad/b.OTF",
        "bad/OFL-Noto.txt",
    ] {
        put(file);
    }
    let found = check(&folder);
    std::fs::remove_dir_all(&folder).expect("the temporary folder is ours");
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|violation| violation.file.contains("/bad/")), "{found:?}");
}
