//! Checks for words that production code does without: panics in disguise, prints, the machine's clock.

use super::lexer::Lexeme;
use super::sources::{Source, mark_test_files, sources};
use super::test_regions::attribute_end;
use super::{Violation, assert_clean};

/// Macros that must not stay in the code, test or not.
const UNFINISHED: &[&str] = &["todo", "unimplemented", "dbg"];

/// Macros that belong to the terminal.
const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln"];

/// Types whose `now` reads the machine's clock as a date or an instant.
const CLOCKS: &[&str] = &["Utc", "Local", "SystemTime"];

/// Lists the words of a file that the rules forbid.
fn check(source: &Source) -> Vec<Violation> {
    let lexemes = &source.lexemes;
    let mut attribute_until = 0;
    let mut violations = Vec::new();
    for at in 0..lexemes.len() {
        attribute_until = attribute_end(lexemes, at).unwrap_or(attribute_until);
        let Some(word) = lexemes[at].word() else { continue };
        let place = Place { source, lexemes, at };
        let message = if at < attribute_until { place.attribute_word(word) } else { place.code_word(word) };
        violations.extend(message.map(|message| Violation::new(&source.path, lexemes[at].line, message)));
    }
    violations
}

struct Place<'a> {
    source: &'a Source,
    lexemes: &'a [Lexeme],
    at: usize,
}

impl Place<'_> {
    fn next_is(&self, sign: char) -> bool {
        self.lexemes.get(self.at + 1).is_some_and(|lexeme| lexeme.is_sign(sign))
    }

    fn follows(&self, words: &[&str]) -> bool {
        self.at > 1 && self.lexemes[self.at - 2].word().is_some_and(|word| words.contains(&word)) && self.follows_path()
    }

    fn follows_path(&self) -> bool {
        self.at > 0 && self.lexemes[self.at - 1].token == super::lexer::Token::PathSep
    }

    fn is_called(&self) -> bool {
        self.follows_path() || (self.at > 0 && self.lexemes[self.at - 1].is_sign('.'))
    }

    fn attribute_word(&self, word: &str) -> Option<String> {
        let is_allow = word == "allow" && self.next_is('(');
        is_allow.then(|| {
            "write #[expect(…, reason = \"…\")] in place of allow: it reports when it is no longer needed".into()
        })
    }

    fn code_word(&self, word: &str) -> Option<String> {
        let may_print = matches!(self.source.room(), "cli" | "main");
        let in_test = self.source.is_test_line(self.lexemes[self.at].line);
        match word {
            "unsafe" => Some("`unsafe` is not used in this project".into()),
            "unwrap" if self.is_called() && !in_test => {
                Some("no `unwrap` outside tests: return the error, or `expect` with the reason it cannot fail".into())
            }
            "now" if self.follows(CLOCKS) && self.source.room() != "clock" => {
                Some("the time is read in src/clock.rs and handed in".into())
            }
            _ if !self.next_is('!') => None,
            _ if UNFINISHED.contains(&word) => Some(format!("`{word}!` must not stay in the code")),
            _ if PRINTING.contains(&word) && !may_print => Some(format!("`{word}!` belongs to cli and main alone")),
            _ => None,
        }
    }
}

#[test]
fn forbidden_words_are_nowhere() {
    assert_clean(sources().iter().flat_map(check).collect());
}

#[cfg(test)]
fn lines(path: &str, text: &str) -> Vec<usize> {
    check(&Source::new(path, text)).iter().map(|violation| violation.line).collect()
}

#[test]
fn each_forbidden_word_is_found() {
    for text in [
        "fn f() { x.unwrap() }",
        "fn f() { x.map(Option::unwrap) }",
        "fn f() { todo!() }",
        "fn f() { unimplemented!() }",
        "fn f() { dbg!(x) }",
        "fn f() { println!() }",
        "fn f() { eprintln!() }",
        "fn f() { print!() }",
        "unsafe fn f() {}",
        "#[allow(dead_code)] fn f() {}",
        "#![allow(dead_code)]",
        "#[cfg_attr(unix, allow(dead_code))] fn f() {}",
        "fn f() { Utc::now() }",
        "fn f() { chrono::Local::now() }",
    ] {
        assert_eq!(lines("src/store/a.rs", text), [1], "{text}");
    }
}

#[test]
fn words_that_only_look_forbidden_pass() {
    let text = "// todo!()\n/// `x.unwrap()`\n#[expect(unused, reason = \"allow(x) unsafe\")]\n#![forbid(unsafe_code)]\n\
                fn unwrap_or(s: &str) -> bool { x.unwrap_or_default(); let todo = now; \"dbg!()\" != allow(todo) }";
    assert_eq!(lines("src/store/a.rs", text), Vec::<usize>::new());
}

#[test]
fn each_exception_holds_in_its_place_only() {
    assert_eq!(lines("src/clock.rs", "fn f() { Utc::now() }"), Vec::<usize>::new());
    assert_eq!(lines("src/main.rs", "fn f() { eprintln!() }"), Vec::<usize>::new());
    assert_eq!(lines("src/cli/mod.rs", "fn f() { println!() }"), Vec::<usize>::new());
    let text = "fn f() { x.unwrap() }\n#[cfg(test)]\nmod tests { fn g() { x.unwrap();\ntodo!() } }";
    assert_eq!(lines("src/store/a.rs", text), [1, 4]);
}

#[test]
fn unwrap_passes_in_the_file_of_a_test_module() {
    let mut sources =
        [Source::new("src/a.rs", "#[cfg(test)] mod tests;"), Source::new("src/a/tests.rs", "fn f() { x.unwrap() }")];
    mark_test_files(&mut sources);
    assert_eq!(check(&sources[1]), []);
}
