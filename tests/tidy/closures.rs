//! Checks that functions do not hide in functions: at most two closures of a production function have names.
//!
//! A reader holds two in mind. The third is a function, a method or a loop, which can be read alone and says in its
//! arguments what it needs.

use super::functions::functions;
use super::lexer::Lexeme;
use super::sources::{Source, sources};
use super::{Violation, assert_clean};

/// Named closures that a function may have.
const MOST_CLOSURES: usize = 2;

/// Lists the functions of a file with too many named closures.
fn check(source: &Source) -> Vec<Violation> {
    let mut violations = Vec::new();
    for function in functions(source) {
        let body = function.body;
        let n = (0..body.len()).filter(|at| is_named_closure(&body[*at..])).count();
        if n > MOST_CLOSURES {
            let name = function.name;
            let message = format!("`{name}` has {n} named closures, {MOST_CLOSURES} at most: make functions of them");
            violations.push(Violation::new(&source.path, function.first_line, message));
        }
    }
    violations
}

/// Whether `let name = |…|` begins here, with `mut`, a type, `&`, `move` or `async` where the language has them.
fn is_named_closure(lexemes: &[Lexeme]) -> bool {
    if !lexemes[0].is_word("let") {
        return false;
    }
    let name = 1 + usize::from(lexemes.get(1).is_some_and(|lexeme| lexeme.is_word("mut")));
    let is_sign = |at: usize, sign: char| lexemes.get(at).is_some_and(|lexeme| lexeme.is_sign(sign));
    if lexemes.get(name).and_then(Lexeme::word).is_none() || !(is_sign(name + 1, '=') || is_sign(name + 1, ':')) {
        return false;
    }
    let mut rest = lexemes[name + 1..].iter().skip_while(|lexeme| !lexeme.is_sign('=') && !lexeme.is_sign(';'));
    let before_bars = ["move", "async", "mut"];
    rest.next().is_some_and(|lexeme| lexeme.is_sign('='))
        && rest
            .find(|lexeme| !lexeme.is_sign('&') && !before_bars.iter().any(|word| lexeme.is_word(word)))
            .is_some_and(|lexeme| lexeme.is_sign('|'))
}

#[test]
fn functions_do_not_hide_in_functions() {
    assert_clean(sources().iter().flat_map(check).collect());
}

#[test]
fn named_closures_of_all_forms_are_counted() {
    let found = |third: &str| {
        let text = format!("fn f(x: [u8; 2]) -> Result<(), E> {{ let a = |x| x; let b = || {{ 1 }}; {third} }}");
        check(&Source::new("src/a.rs", &text)).len()
    };
    for closure in [
        "let c = |x| x;",
        "let c = move |x| x;",
        "let c = async || x;",
        "let c = async move |x| x;",
        "let mut c = |x| x;",
        "let c: &dyn Fn(u8) -> u8 = &|x| x;",
        "if true { let c = || 1; }",
    ] {
        assert_eq!(found(closure), 1, "{closure}");
    }
    for other in
        ["", "let c = a | b;", "let c = x.map(|y| y);", "let (c, d) = (a, b);", "let Some(c) = a else { return };"]
    {
        assert_eq!(found(other), 0, "{other}");
    }
}

#[test]
fn functions_are_told_apart_and_tests_may() {
    let three = "let a = || 1; let b = || 1; let c = || 1;";
    let text = format!(
        "trait T {{ fn e(); }}\nfn f() {{ let a = || 1; }}\nfn g() {{ let a = || 1; let b = || 1; }}\nfn h() {{ {three} }}\n\
         #[cfg(test)]\nmod tests {{ fn i() {{ {three} }} }}\n"
    );
    let lines: Vec<usize> = check(&Source::new("src/a.rs", &text)).iter().map(|violation| violation.line).collect();
    assert_eq!(lines, [4]);
}
