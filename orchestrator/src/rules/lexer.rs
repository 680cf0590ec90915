//! Cuts the text of a condition into tokens with their places.
//!
//! Must not know the grammar or the fields; it knows only how words, texts and numbers look.

use super::fault::{ConditionError, Fault, Span};
use super::number;
use super::syntax::{Comparison, Spanned};
use super::value::Value;
use jiff::civil::Time;

/// A token of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Value(Value),
    Compare(Comparison),
    Keyword(Keyword),
    Open,
    Close,
    ListOpen,
    ListClose,
    Comma,
    /// An hour of a day, as `09:00`.
    Hour(Time),
    /// A day of a month, as `31st`.
    Ordinal(u8),
    End,
}

/// The words of the grammar; `true` and `false` are values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
    In,
    Is,
    Set,
    Reaches,
}

/// All tokens of the text, the last of them `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<Spanned<Token>>, ConditionError> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token()? {
        tokens.push(token);
    }
    tokens.push(Spanned { value: Token::End, span: Span::new(text.len(), text.len()) });
    Ok(tokens)
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next_token(&mut self) -> Result<Option<Spanned<Token>>, ConditionError> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok(None);
        };
        let value = match first {
            '\'' | '"' => self.quoted(first)?,
            _ if self.begins_number(first) => self.number()?,
            _ if first.is_alphabetic() || first == '_' => self.word(),
            _ => self.sign(first)?,
        };
        let span = Span::new(start, self.at);
        Ok(Some(Spanned { value, span }))
    }

    /// An hour, a day of a month, or a value.
    fn number(&mut self) -> Result<Token, ConditionError> {
        if let Some((hour, end)) = number::hour(self.text, self.at)? {
            self.at = end;
            return Ok(Token::Hour(hour));
        }
        if let Some((day, end)) = number::ordinal(self.text, self.at)? {
            self.at = end;
            return Ok(Token::Ordinal(day));
        }
        let (value, end) = number::literal(self.text, self.at)?;
        self.at = end;
        Ok(Token::Value(value))
    }

    /// Whether a number begins here: at a digit, or at a minus or currency sign before one.
    fn begins_number(&self, first: char) -> bool {
        if first.is_ascii_digit() || number::currency_of(first).is_some() {
            return true;
        }
        let next = self.rest().chars().nth(1);
        let counts = |sign: char| sign.is_ascii_digit() || number::currency_of(sign).is_some();
        first == '-' && next.is_some_and(counts)
    }

    /// A text up to its closing quote; the quote doubled stands for itself.
    fn quoted(&mut self, quote: char) -> Result<Token, ConditionError> {
        let start = self.at;
        let mut content = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            if character != quote {
                content.push(character);
            } else if characters.next_if(|(_, next)| *next == quote).is_some() {
                content.push(quote);
            } else {
                self.at = start + at + quote.len_utf8();
                return Ok(Token::Value(Value::Text(content)));
            }
        }
        let span = Span::new(start, self.text.len());
        Err(ConditionError::new(Fault::UnclosedText(quote), span).hint(format!("end the text with {quote}")))
    }

    /// A keyword, or a name with its dots.
    fn word(&mut self) -> Token {
        let rest = self.rest();
        let part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let length = rest.find(|character| !part(character)).unwrap_or(rest.len());
        let word = rest[..length].trim_end_matches('.').to_owned();
        self.at += word.len();
        match word.to_ascii_lowercase().as_str() {
            "and" => Token::Keyword(Keyword::And),
            "or" => Token::Keyword(Keyword::Or),
            "not" => Token::Keyword(Keyword::Not),
            "in" => Token::Keyword(Keyword::In),
            "is" => Token::Keyword(Keyword::Is),
            "set" => Token::Keyword(Keyword::Set),
            "reaches" => Token::Keyword(Keyword::Reaches),
            "true" => Token::Value(Value::Flag(true)),
            "false" => Token::Value(Value::Flag(false)),
            _ => Token::Name(word),
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, ConditionError> {
        let foreign = [("&&", "AND"), ("||", "OR"), ("<>", "!="), ("=>", ">="), ("=<", "<=")];
        let rest = self.rest();
        for (sign, ours) in foreign {
            if rest.starts_with(sign) {
                return Err(self.foreign(sign, &format!("write {ours}")));
            }
        }
        let comparisons = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let found = comparisons.iter().find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, comparison)) = found {
            self.at += sign.len();
            return Ok(Token::Compare(*comparison));
        }
        let token = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::ListOpen,
            ']' => Token::ListClose,
            ',' => Token::Comma,
            _ => return Err(self.unexpected(first)),
        };
        self.at += 1;
        Ok(token)
    }

    fn foreign(&self, sign: &str, hint: &str) -> ConditionError {
        let span = Span::new(self.at, self.at + sign.len());
        ConditionError::new(Fault::ForeignOperator(sign.to_owned()), span).hint(hint)
    }

    fn unexpected(&self, character: char) -> ConditionError {
        let span = Span::new(self.at, self.at + character.len_utf8());
        let error = ConditionError::new(Fault::Character(character), span);
        match character {
            '=' => self.foreign("=", "write == to compare"),
            '!' => self.foreign("!", "write NOT"),
            '‘' | '’' | '“' | '”' | '„' | '«' | '»' | '`' => {
                error.hint("texts stand in straight quotes: 'Stage 2' or \"Stage 2\"")
            }
            '%' => error.hint("a share is written as a number: 0.5"),
            _ => error,
        }
    }
}
