//! Collects the paths a file names: in `use` trees, in code, in attributes and in the texts of attributes.

use std::collections::BTreeSet;

use super::lexer::{Lexeme, Token, lex};
use super::test_regions::attribute_end;

/// Keywords that stand before a path without being part of it, as in `dyn ::serde::Serialize`.
const NOT_SEGMENTS: &[&str] = &[
    "as", "break", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move", "mut", "ref", "return", "where",
    "while", "yield",
];

/// A path as written, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPath {
    /// Segments from left to right, `crate`, `self` and `super` included.
    pub segments: Vec<String>,
    /// Line of the last segment, from 1.
    pub line: usize,
    /// Inline modules around it, outermost first.
    pub inline_modules: Vec<String>,
    /// Written with a leading `::`, so that it names a crate.
    pub absolute: bool,
    /// What a `use` does with it; `None` for a path in code.
    pub import: Option<Import>,
}

/// What a `use` does with the path at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The name it has from then on; `None` for `*`.
    pub name: Option<String>,
    /// Others may name it through this file: `pub use`, `pub(crate) use` and so on.
    pub passed_on: bool,
}

/// All paths of a file, and the names it makes its own.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// Paths of two or more segments, and imports of any length, in the order of the file.
    pub named: Vec<NamedPath>,
    /// Modules declared and names imported; such a name hides a crate of the same name.
    pub local_names: BTreeSet<String>,
}

/// Collects the paths of a file.
pub fn paths(lexemes: &[Lexeme]) -> Paths {
    let mut walk = Walk {
        lexemes,
        at: 0,
        depth: 0,
        attribute_end: 0,
        modules: Vec::new(),
        passed_on: false,
        paths: Paths::default(),
    };
    while walk.at < lexemes.len() {
        walk.step();
    }
    walk.paths
}

struct Walk<'a> {
    lexemes: &'a [Lexeme],
    at: usize,
    depth: usize,
    attribute_end: usize,
    /// Inline modules with the depth of braces outside each.
    modules: Vec<(String, usize)>,
    /// The `use` that is read now has a visibility.
    passed_on: bool,
    paths: Paths,
}

impl Walk<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.lexemes.get(self.at + ahead).map(|lexeme| &lexeme.token)
    }

    fn word(&self, ahead: usize) -> Option<String> {
        self.lexemes.get(self.at + ahead).and_then(Lexeme::word).map(str::to_owned)
    }

    fn step(&mut self) {
        if let Some(end) = attribute_end(self.lexemes, self.at) {
            self.attribute_end = end;
        }
        match &self.lexemes[self.at].token {
            Token::Sign('{') => self.depth += 1,
            Token::Sign('}') => self.close_brace(),
            Token::Text(text) if self.at < self.attribute_end => self.path_in_text(&text.clone()),
            Token::PathSep => return self.after_separator(),
            Token::Word(word) => return self.at_word(&word.clone()),
            Token::Text(_) | Token::Sign(_) => {}
        }
        self.at += 1;
    }

    fn close_brace(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.modules.retain(|(_, outside)| *outside < self.depth);
    }

    fn at_word(&mut self, word: &str) {
        match (word, self.word(1), self.token(2)) {
            // `use<'a>` names lifetimes, not paths.
            ("use", _, _) if self.token(1) != Some(&Token::Sign('<')) => {
                self.passed_on = self.after_visibility();
                self.at += 1;
                let absolute = self.token(0) == Some(&Token::PathSep);
                self.use_tree(&[], absolute);
            }
            ("extern", Some(_), _) if self.lexemes[self.at + 1].is_word("crate") => {
                self.at += 2;
                let name = self.word(0).unwrap_or_default();
                self.record(vec![name], true, None);
                self.at += 1;
            }
            ("mod", Some(name), next) => {
                if next == Some(&Token::Sign('{')) {
                    self.modules.push((name.clone(), self.depth));
                }
                self.paths.local_names.insert(name);
                self.at += 2;
            }
            _ if NOT_SEGMENTS.contains(&word) => self.at += 1,
            _ => self.inline_path(false),
        }
    }

    /// A `::` met here follows `>` (the rest of a qualified path) or starts an absolute path.
    fn after_separator(&mut self) {
        let is_before = |back: usize, sign: char| self.at >= back && self.lexemes[self.at - back].is_sign(sign);
        let after_arrow = is_before(2, '-') || is_before(2, '=');
        let after_type = is_before(1, '>') && !after_arrow;
        self.at += 1;
        if self.word(0).is_none() {
            return;
        }
        if after_type {
            self.at += 1;
        } else {
            self.inline_path(true);
        }
    }

    fn inline_path(&mut self, absolute: bool) {
        let mut segments = Vec::new();
        while let Some(word) = self.word(0) {
            segments.push(word);
            self.at += 1;
            if self.token(0) != Some(&Token::PathSep) {
                break;
            }
            self.at += 1;
        }
        if segments.len() > 1 {
            self.at -= 1;
            self.record(segments, absolute, None);
            self.at += 1;
        }
    }

    /// Whether `pub` or `pub(…)` stands before the word met.
    fn after_visibility(&self) -> bool {
        let before = &self.lexemes[..self.at];
        let open = match before.last() {
            Some(last) if last.is_sign(')') => before.iter().rposition(|lexeme| lexeme.is_sign('(')),
            _ => Some(before.len()),
        };
        open.is_some_and(|open| before[..open].last().is_some_and(|word| word.is_word("pub")))
    }

    fn use_tree(&mut self, prefix: &[String], absolute: bool) {
        let mut path = prefix.to_vec();
        loop {
            match self.token(0).cloned() {
                Some(Token::PathSep) => self.at += 1,
                Some(Token::Sign('{')) => return self.use_group(&path, absolute),
                Some(Token::Sign('*')) => {
                    let import = Import { name: None, passed_on: self.passed_on };
                    self.record(path, absolute, Some(import));
                    self.at += 1;
                    return;
                }
                Some(Token::Word(word)) => {
                    if word != "self" || path.is_empty() {
                        path.push(word);
                    }
                    if self.token(1) != Some(&Token::PathSep) {
                        return self.use_leaf(path, absolute);
                    }
                    self.at += 1;
                }
                _ => return,
            }
        }
    }

    fn use_group(&mut self, prefix: &[String], absolute: bool) {
        self.at += 1;
        while let Some(token) = self.token(0).cloned() {
            match token {
                Token::Sign('}') => {
                    self.at += 1;
                    return;
                }
                Token::Sign(',') => self.at += 1,
                _ => {
                    let before = self.at;
                    self.use_tree(prefix, absolute);
                    // A macro variable or another sign that is no tree: step over it.
                    if self.at == before {
                        self.at += 1;
                    }
                }
            }
        }
    }

    fn use_leaf(&mut self, path: Vec<String>, absolute: bool) {
        let renamed =
            if self.lexemes.get(self.at + 1).is_some_and(|next| next.is_word("as")) { self.word(2) } else { None };
        let own_name = renamed.clone().or_else(|| path.last().cloned()).unwrap_or_default();
        let import = Import { name: Some(own_name.clone()), passed_on: self.passed_on };
        // `use csv;` and `use rstest::rstest;` come from the crate of that name and do not hide it.
        if path.first() != Some(&own_name) {
            self.paths.local_names.insert(own_name);
        }
        self.record(path, absolute, Some(import));
        self.at += if renamed.is_some() { 3 } else { 1 };
    }

    /// `#[serde(with = "crate::store::instant")]` names a path as much as code does.
    fn path_in_text(&mut self, text: &str) {
        let is_name = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        let segments: Vec<String> = text.split("::").map(|part| part.trim().to_owned()).collect();
        if segments.len() > 1 && segments.iter().all(|part| is_name(part)) {
            self.record(segments, false, None);
        }
    }

    fn record(&mut self, segments: Vec<String>, absolute: bool, import: Option<Import>) {
        let line = self.lexemes.get(self.at).or(self.lexemes.last()).map_or(1, |lexeme| lexeme.line);
        let inline_modules = self.modules.iter().map(|(name, _)| name.clone()).collect();
        self.paths.named.push(NamedPath { segments, line, inline_modules, absolute, import });
    }
}

#[cfg(test)]
fn shown(source: &str) -> Vec<String> {
    let mark = |absolute: bool| if absolute { "::" } else { "" };
    let show = |path: NamedPath| format!("{}:{}{}", path.line, mark(path.absolute), path.segments.join("::"));
    paths(&lex(source)).named.into_iter().map(show).collect()
}

#[test]
fn nested_use_groups_unfold_to_single_paths() {
    let source = "use crate::{a, b::{c as d, self},\n  e::*};\nuse ::csv;\nuse super::x;";
    assert_eq!(shown(source), ["1:crate::a", "1:crate::b::c", "1:crate::b", "2:crate::e", "3:::csv", "4:super::x"]);
}

#[test]
fn paths_in_code_and_attributes_are_found() {
    let source = "#[tokio::main]\n#[serde(with = \"crate::day\", rename = \"a b::c\")]\nfn f(x: Vec<polars::Frame>) -> impl T + use<> {\n\
                  Vec::<u8>::new(); <A as b::C>::d(); dyn ::e::F; $crate::g!(\"not::this\") }";
    assert_eq!(shown(source), ["1:tokio::main", "2:crate::day", "3:polars::Frame", "4:b::C", "4:::e::F", "4:crate::g"]);
}

#[test]
fn inline_modules_are_known_until_they_close() {
    let found = paths(&lex("mod a { mod b { use super::x; } fn f() { y::z(); } } fn g() { y::z(); }"));
    let modules: Vec<&[String]> = found.named.iter().map(|path| path.inline_modules.as_slice()).collect();
    assert_eq!(modules, [&["a".to_owned(), "b".to_owned()][..], &["a".to_owned()], &[]]);
}

#[test]
fn local_names_are_modules_and_imports_but_not_the_crate_itself() {
    let names =
        paths(&lex("mod csv; use crate::x::toml; use sqlx; use clap::{self}; use a::b as sha2; use rstest::rstest;"))
            .local_names;
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["csv", "sha2", "toml"]);
}

#[test]
fn imports_say_their_name_and_whether_they_are_passed_on() {
    let found = paths(&lex("pub use a::B; pub(crate) use c::{D as E, f::*}; use g::H; fn x() -> I { (j)::k }")).named;
    let shown: Vec<String> = found
        .iter()
        .filter_map(|path| path.import.as_ref())
        .map(|import| format!("{} {}", import.name.as_deref().unwrap_or("*"), import.passed_on))
        .collect();
    assert_eq!(shown, ["B true", "E true", "* true", "H false"]);
}
