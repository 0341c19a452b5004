//! Finds the functions of production code, and checks how long they are together.

use super::lexer::Lexeme;
use super::sources::{Source, sources};

/// Goals for lines of a function, from `fn` to its last brace. One long function may be right, many are not; clippy stops
/// the longest.
const MEDIAN: usize = 10;
const NINETY_FIVE_PERCENT: usize = 35;

/// A function with a body.
pub struct Function<'a> {
    /// Its name.
    pub name: &'a str,
    /// Line of `fn`.
    pub first_line: usize,
    /// Line of the last brace.
    pub last_line: usize,
    /// What it does, with the braces.
    pub body: &'a [Lexeme],
}

/// Lists the functions of a file that are not test code.
pub fn functions(source: &Source) -> Vec<Function<'_>> {
    let lexemes = &source.lexemes;
    let begins = |at: &usize| lexemes[*at].is_word("fn") && !source.is_test_line(lexemes[*at].line);
    let function = |at: usize| {
        let name = lexemes.get(at + 1)?.word()?;
        let body = body(lexemes, at)?;
        Some(Function { name, first_line: lexemes[at].line, last_line: body[body.len() - 1].line, body })
    };
    (0..lexemes.len()).filter(begins).filter_map(function).collect()
}

/// The body of the function whose `fn` stands at `from`, with its braces; `None` where it has none.
fn body(lexemes: &[Lexeme], from: usize) -> Option<&[Lexeme]> {
    let mut brackets = 0_usize;
    let mut begin = from;
    loop {
        let lexeme = lexemes.get(begin)?;
        match brackets {
            0 if lexeme.is_sign('{') => break,
            0 if lexeme.is_sign(';') => return None,
            _ => {}
        }
        brackets += usize::from(lexeme.is_sign('(') || lexeme.is_sign('['));
        // A bracket too many: these are words in a macro, not a function.
        brackets = brackets.checked_sub(usize::from(lexeme.is_sign(')') || lexeme.is_sign(']')))?;
        begin += 1;
    }
    let mut depth = 0_usize;
    for (offset, lexeme) in lexemes[begin..].iter().enumerate() {
        depth += usize::from(lexeme.is_sign('{'));
        depth -= usize::from(lexeme.is_sign('}'));
        if depth == 0 {
            return Some(&lexemes[begin..=begin + offset]);
        }
    }
    None
}

#[test]
fn functions_are_short() {
    let sources = sources();
    let functions = sources.iter().flat_map(functions);
    let mut lines: Vec<usize> = functions.map(|function| function.last_line - function.first_line + 1).collect();
    lines.sort_unstable();
    let at = |percent: usize| lines[(lines.len() - 1) * percent / 100];
    assert!(at(50) <= MEDIAN && at(95) <= NINETY_FIVE_PERCENT, "median {} lines, 95 % {} lines", at(50), at(95));
}

#[test]
fn functions_are_found_with_their_lines() {
    let text = "fn a(x: [u8; 2]) -> u8\nwhere u8: Copy,\n{\n  { 1 }\n}\ntrait T { fn b(); fn c() {} }\ntype F = fn(u8);\n\
                m!(fn d);\n#[cfg(test)]\nfn e() {}\n";
    let source = Source::new("src/a.rs", text);
    let found: Vec<_> =
        functions(&source).iter().map(|found| (found.name.to_owned(), found.first_line, found.last_line)).collect();
    assert_eq!(found, [("a".to_owned(), 1, 5), ("c".to_owned(), 6, 6)]);
}
