//! Finds the parts of a file that are compiled for tests only.

use super::lexer::{Lexeme, lex};

/// An item behind `#[cfg(test)]`.
#[derive(Debug, PartialEq, Eq)]
pub struct TestRegion {
    /// Line of the attribute, from 1.
    pub first_line: usize,
    /// Last line of the item, inclusive.
    pub last_line: usize,
    /// Name of the module when the item is `mod name;`, whose contents are in another file.
    pub module_file: Option<String>,
}

/// Lists the items behind `#[cfg(test)]` in the order of the file.
pub fn test_regions(lexemes: &[Lexeme]) -> Vec<TestRegion> {
    let mut regions = Vec::new();
    let mut at = 0;
    while at < lexemes.len() {
        let Some(end) = attribute_end(lexemes, at) else {
            at += 1;
            continue;
        };
        if !means_test(&lexemes[at..end]) {
            at = end;
            continue;
        }
        let item_end = item_end(lexemes, end);
        let last = &lexemes[item_end.clamp(1, lexemes.len()) - 1];
        regions.push(TestRegion {
            first_line: lexemes[at].line,
            last_line: last.line,
            module_file: module_file(&lexemes[end..item_end]),
        });
        at = item_end;
    }
    regions
}

/// The index after the `]` of the attribute that starts at `at`; `None` when none starts there.
pub fn attribute_end(lexemes: &[Lexeme], at: usize) -> Option<usize> {
    if !lexemes[at].is_sign('#') {
        return None;
    }
    let inner = usize::from(lexemes.get(at + 1)?.is_sign('!'));
    if !lexemes.get(at + 1 + inner)?.is_sign('[') {
        return None;
    }
    let mut depth = 0_usize;
    for (offset, lexeme) in lexemes[at..].iter().enumerate() {
        if lexeme.is_sign('[') {
            depth += 1;
        } else if lexeme.is_sign(']') {
            depth -= 1;
            if depth == 0 {
                return Some(at + offset + 1);
            }
        }
    }
    None
}

fn means_test(attribute: &[Lexeme]) -> bool {
    let says = |word: &str| attribute.iter().any(|lexeme| lexeme.is_word(word));
    says("cfg") && says("test") && !says("not") && !says("any")
}

/// The index after the item that starts at `from`, further attributes included.
fn item_end(lexemes: &[Lexeme], from: usize) -> usize {
    let mut braces = 0_i32;
    let mut brackets = 0_i32;
    for (offset, lexeme) in lexemes[from..].iter().enumerate() {
        match lexeme.token {
            super::lexer::Token::Sign('(' | '[') => brackets += 1,
            super::lexer::Token::Sign(')' | ']') => brackets -= 1,
            super::lexer::Token::Sign('{') => braces += 1,
            super::lexer::Token::Sign('}') => braces -= 1,
            _ => {}
        }
        let closed = lexeme.is_sign('}') && braces <= 0;
        let ended = lexeme.is_sign(';') && braces == 0;
        if brackets <= 0 && (closed || ended) {
            return from + offset + 1;
        }
    }
    lexemes.len()
}

fn module_file(item: &[Lexeme]) -> Option<String> {
    let at = item.iter().position(|lexeme| lexeme.is_word("mod"))?;
    let name = item.get(at + 1)?.word()?;
    item.get(at + 2)?.is_sign(';').then(|| name.to_owned())
}

#[test]
fn module_behind_cfg_test_is_a_region_to_its_last_brace() {
    let source = "fn a() {}\n#[cfg(test)]\n#[rustfmt::skip]\nmod tests {\n fn b() { [1; 2] }\n}\nfn c() {}";
    let regions = test_regions(&lex(source));
    assert_eq!(regions, [TestRegion { first_line: 2, last_line: 6, module_file: None }]);
}

#[test]
fn test_module_in_its_own_file_is_named() {
    let regions = test_regions(&lex("#[cfg(all(test, unix))]\npub(crate) mod sums;\nfn c() {}"));
    assert_eq!(regions, [TestRegion { first_line: 1, last_line: 2, module_file: Some("sums".into()) }]);
}

#[test]
fn production_code_is_no_region() {
    assert_eq!(test_regions(&lex("#[cfg(not(test))] fn a() {}\n#[derive(Debug)] struct B;\nlet x = y[0];")), []);
}
