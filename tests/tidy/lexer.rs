//! Cuts Rust source into words, signs and texts with their lines; comments fall away.
//!
//! It knows just enough of the language for the house rules: nested comments, raw and byte strings, and the
//! difference between a character and a lifetime. It does not know expressions or types.

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// An identifier, a keyword or a number; `r#` is dropped.
    Word(String),
    /// The inside of a string literal, escapes left as they are.
    Text(String),
    /// `::`.
    PathSep,
    /// Any other character.
    Sign(char),
}

/// A token and the line it starts on, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lexeme {
    /// The token.
    pub token: Token,
    /// Line from 1.
    pub line: usize,
}

impl Lexeme {
    /// Whether this is the given word.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.token, Token::Word(own) if own == word)
    }

    /// Whether this is the given sign.
    pub fn is_sign(&self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }

    /// The word, if it is one.
    pub fn word(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) => Some(word),
            Token::Text(_) | Token::PathSep | Token::Sign(_) => None,
        }
    }
}

/// Cuts a whole file.
pub fn lex(source: &str) -> Vec<Lexeme> {
    let mut lexer = Lexer { chars: source.chars().collect(), at: 0, line: 1, lexemes: Vec::new() };
    while lexer.at < lexer.chars.len() {
        lexer.step();
    }
    lexer.lexemes
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    lexemes: Vec<Lexeme>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.chars.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn take(&mut self) -> char {
        let taken = self.peek(0);
        if taken == '\n' {
            self.line += 1;
        }
        self.at += 1;
        taken
    }

    fn push(&mut self, token: Token, line: usize) {
        self.lexemes.push(Lexeme { token, line });
    }

    fn step(&mut self) {
        let line = self.line;
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => self.skip_line(),
            ('/', '*') => self.skip_block_comment(),
            ('"', _) => self.string(),
            ('\'', _) => self.character_or_lifetime(),
            (':', ':') => {
                self.at += 2;
                self.push(Token::PathSep, line);
            }
            (c, _) if c.is_alphanumeric() || c == '_' => self.word_or_prefixed_string(),
            (c, _) => {
                self.take();
                if !c.is_whitespace() {
                    self.push(Token::Sign(c), line);
                }
            }
        }
    }

    fn skip_line(&mut self) {
        while self.at < self.chars.len() && self.peek(0) != '\n' {
            self.at += 1;
        }
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.chars.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => {
                    depth += 1;
                    self.at += 2;
                }
                ('*', '/') => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {
                    self.take();
                }
            }
        }
    }

    fn string(&mut self) {
        let line = self.line;
        self.at += 1;
        let mut text = String::new();
        while self.at < self.chars.len() && self.peek(0) != '"' {
            // The escaped character is taken together with its backslash, so that \" does not end the text.
            if self.peek(0) == '\\' {
                text.push(self.take());
            }
            text.push(self.take());
        }
        self.at += 1;
        self.push(Token::Text(text), line);
    }

    fn raw_string(&mut self) {
        let line = self.line;
        let mut hashes = 0;
        while self.peek(0) == '#' {
            hashes += 1;
            self.at += 1;
        }
        self.at += 1;
        let mut text = String::new();
        while self.at < self.chars.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                break;
            }
            text.push(self.take());
        }
        self.at += 1 + hashes;
        self.push(Token::Text(text), line);
    }

    fn character_or_lifetime(&mut self) {
        self.at += 1;
        if self.peek(0) != '\\' && self.peek(1) != '\'' {
            // A lifetime or a label: its name is not a name of this project.
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.at += 1;
            }
            return;
        }
        if self.peek(0) == '\\' {
            self.at += 1;
        }
        self.take();
        while self.at < self.chars.len() && self.peek(0) != '\'' {
            self.take();
        }
        self.at += 1;
    }

    fn word_or_prefixed_string(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            word.push(self.take());
        }
        let raw_text = self.peek(0) == '"' || (self.peek(0) == '#' && matches!(self.peek(1), '"' | '#'));
        match word.as_str() {
            "r" | "br" | "cr" if raw_text => self.raw_string(),
            "b" | "c" if self.peek(0) == '"' => self.string(),
            "b" if self.peek(0) == '\'' => self.character_or_lifetime(),
            "r" if self.peek(0) == '#' => self.at += 1,
            _ => self.push(Token::Word(word), line),
        }
    }
}

/// The tokens written out with blanks between them, texts in quotation marks.
#[cfg(test)]
fn shown(source: &str) -> String {
    let shown = |lexeme: Lexeme| match lexeme.token {
        Token::Word(word) => word,
        Token::Text(text) => format!("\"{text}\""),
        Token::PathSep => "::".into(),
        Token::Sign(sign) => sign.into(),
    };
    lex(source).into_iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn comments_fall_away_and_lines_stay() {
    let lexemes = lex("// todo!\n/* a /* b */\n c */ x::y\n");
    assert_eq!(lexemes.iter().map(|lexeme| lexeme.line).collect::<Vec<_>>(), [3, 3, 3]);
    assert_eq!(shown("// todo!\n/* a /* b */\n c */ x::y\n"), "x :: y");
}

#[test]
fn strings_of_all_kinds_become_texts() {
    assert_eq!(shown(r##"a "x\"y" r"\" r#"q"q"# b"z" br#"w"# e"##), r#"a "x\"y" "\" "q"q" "z" "w" e"#);
}

#[test]
fn characters_and_lifetimes_leave_no_open_string() {
    assert_eq!(shown(r"f('\'', '{', b'x', '\u{1F}') &'a T 'outer: x"), "f ( , , , ) & T : x");
    assert_eq!(shown("r#mod::r#type"), "mod :: type");
}
