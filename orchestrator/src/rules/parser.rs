//! Builds the syntax tree by operator precedence: NOT before AND before OR, comparisons tightest.
//!
//! Bounded in length and depth, so that no text overflows the stack. Must not know fields: names
//! are checked later. Schedules and what is asked of dates are read in `time_words`.

use super::fault::{ConditionError, Fault, Shown, Span};
use super::lexer::{Keyword, Token, tokens};
use super::number::currency;
use super::syntax::{Comparison, Expr, ExprKind, Question, Spanned};
use super::value::{Amount, Value};
use crate::calendar::Length;
use infohub::yaml::nearest;

/// The longest condition in bytes.
pub(super) const LONGEST: usize = 4096;
/// How deep parentheses and NOT may be nested.
pub(super) const DEEPEST: usize = 64;
/// The units of time that a slip is compared with.
const UNITS: [&str; 6] = ["days", "weeks", "months", "quarters", "years", "business"];

pub(super) type Parsed<T> = Result<T, ConditionError>;

/// The syntax tree of a condition, or the first fault of its syntax.
pub(super) fn parse(text: &str) -> Parsed<Expr> {
    within_bounds(text)?;
    let all = Span::new(0, text.len());
    if text.trim().is_empty() {
        return Err(ConditionError::new(Fault::Empty, all)
            .hint("write a condition such as Opportunity.stage == 'Stage 2'"));
    }
    let mut parser = Parser::new(text)?;
    let condition = parser.condition(Power::Or)?;
    match parser.peek() {
        Token::End => Ok(condition),
        _ => Err(parser.unexpected("AND, OR or the end")),
    }
}

/// No more text than anyone reads.
pub(super) fn within_bounds(text: &str) -> Parsed<()> {
    let (length, limit) = (text.len(), LONGEST);
    if length <= limit {
        return Ok(());
    }
    let all = Span::new(0, length);
    Err(ConditionError::new(Fault::TooLong { length, limit }, all).hint("split it into several rules"))
}

/// How tightly a connective binds, the loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Or,
    And,
    Not,
}

pub(super) enum Operand {
    Name(Spanned<String>),
    Value(Spanned<Value>),
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    tokens: Vec<Spanned<Token>>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Parsed<Self> {
        Ok(Self { text, tokens: tokens(text)?, at: 0, depth: 0 })
    }

    pub(super) fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |token| &token.value)
    }

    /// The place of the next token; the end of the text when there is none.
    pub(super) fn place(&self) -> Span {
        let end = Span::new(self.text.len(), self.text.len());
        self.tokens.get(self.at).map_or(end, |token| token.span)
    }

    pub(super) fn skip(&mut self) -> Span {
        let span = self.place();
        self.at += 1;
        span
    }

    pub(super) fn skip_if(&mut self, token: &Token) -> Option<Span> {
        (self.peek() == token).then(|| self.skip())
    }

    /// The next token if it is this word, in any case.
    pub(super) fn skip_word(&mut self, words: &[&str]) -> Option<Span> {
        self.is_word(words).then(|| self.skip())
    }

    pub(super) fn is_word(&self, words: &[&str]) -> bool {
        self.is_word_at(self.at, words)
    }

    /// Whether the token behind the next one is such a word.
    pub(super) fn is_word_after(&self, words: &[&str]) -> bool {
        self.is_word_at(self.at + 1, words)
    }

    fn is_word_at(&self, at: usize, words: &[&str]) -> bool {
        let is = |name: &str| words.iter().any(|word| name.eq_ignore_ascii_case(word));
        match self.tokens.get(at).map(|token| &token.value) {
            Some(Token::Name(name)) => is(name),
            Some(Token::Keyword(Keyword::Or)) => is("or"),
            _ => false,
        }
    }

    /// The place of what was read last.
    pub(super) fn last(&self) -> Span {
        self.tokens.get(self.at.saturating_sub(1)).map_or_else(Span::default, |token| token.span)
    }

    fn skip_keyword(&mut self, keyword: Keyword) -> Option<Span> {
        self.skip_if(&Token::Keyword(keyword))
    }

    pub(super) fn expect(&mut self, token: &Token, expected: &'static str) -> Parsed<Span> {
        self.skip_if(token).ok_or_else(|| self.unexpected(expected))
    }

    /// A condition of connectives that bind at least as tightly as `power`.
    fn condition(&mut self, power: Power) -> Parsed<Expr> {
        let (keyword, tighter) = match power {
            Power::Or => (Keyword::Or, Power::And),
            Power::And => (Keyword::And, Power::Not),
            Power::Not => return self.inverted(),
        };
        let first = self.condition(tighter)?;
        let mut span = first.span;
        let mut sides = vec![first];
        while self.skip_keyword(keyword).is_some() {
            let side = self.condition(tighter)?;
            span = span.to(side.span);
            sides.push(side);
        }
        match (sides.len(), power) {
            (1, _) => sides.pop().ok_or_else(|| self.unexpected("a condition")),
            (_, Power::Or) => Ok(Expr { span, kind: ExprKind::Any(sides) }),
            _ => Ok(Expr { span, kind: ExprKind::All(sides) }),
        }
    }

    /// NOT, parentheses or a test: what a connective joins.
    fn inverted(&mut self) -> Parsed<Expr> {
        if let Some(not) = self.skip_keyword(Keyword::Not) {
            let inner = self.nested(Self::inverted)?;
            let span = not.to(inner.span);
            let kind = ExprKind::Not(Box::new(inner));
            return Ok(Expr { span, kind });
        }
        let Some(open) = self.skip_if(&Token::Open) else {
            return self.test();
        };
        let inner = self.nested(|parser| parser.condition(Power::Or))?;
        let close = self.expect(&Token::Close, "AND, OR or `)`")?;
        let span = open.to(close);
        Ok(Expr { span, ..inner })
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<Expr>) -> Parsed<Expr> {
        if self.depth == DEEPEST {
            let fault = Fault::TooDeep { limit: DEEPEST };
            return Err(ConditionError::new(fault, self.place()));
        }
        self.depth += 1;
        let inner = parse(self)?;
        self.depth -= 1;
        Ok(inner)
    }

    /// One question to one field.
    fn test(&mut self) -> Parsed<Expr> {
        let start = self.place();
        if let Some(schedule) = self.schedule()? {
            return Ok(schedule);
        }
        let operand = self.operand("a field such as Opportunity.stage")?;
        let (name, question) = match (operand, self.peek().clone()) {
            (operand, Token::Compare(comparison)) => self.comparison(operand, comparison)?,
            (Operand::Name(name), _) => (name, self.question()?),
            (Operand::Value(value), _) => {
                let fault = Fault::LoneValue(value.span.of(self.text).to_owned());
                return Err(ConditionError::new(fault, value.span));
            }
        };
        let kind = ExprKind::Test(name, question);
        Ok(Expr { span: start.to(self.last()), kind })
    }

    fn comparison(&mut self, left: Operand, comparison: Comparison) -> Parsed<(Spanned<String>, Question)> {
        let sign = self.skip();
        let right = self.operand("a value such as 'Stage 2' or 100000")?;
        if let Token::Compare(_) = self.peek() {
            return Err(ConditionError::new(Fault::Chained, self.place())
                .hint("write two comparisons with AND between them"));
        }
        match (left, right) {
            (Operand::Name(name), Operand::Name(today)) if is_today(&today) => {
                // The earlier of two dates is the older one.
                let age = Spanned { value: Length::NOTHING, span: today.span };
                Ok((name, Question::Age(comparison.turned(), age)))
            }
            (Operand::Name(today), Operand::Name(name)) if is_today(&today) => {
                let age = Spanned { value: Length::NOTHING, span: today.span };
                Ok((name, Question::Age(comparison, age)))
            }
            (Operand::Name(name), Operand::Value(value)) => Ok((name, measured(comparison, value))),
            (Operand::Value(value), Operand::Name(name)) => Ok((name, measured(comparison.turned(), value))),
            (Operand::Value(left), Operand::Value(right)) => {
                let span = left.span.to(right.span);
                Err(ConditionError::new(Fault::NoField, span))
            }
            (Operand::Name(left), Operand::Name(right)) => Err(two_names(&left, sign, &right)),
        }
    }

    /// What follows a name that is not compared.
    fn question(&mut self) -> Parsed<Question> {
        if let Some(question) = self.question_of_time()? {
            return Ok(question);
        }
        if let Token::Name(word) = self.peek() {
            let found = Shown::quoted(word).to_string();
            let expected = "a comparison, `in`, `reaches`, `enters`, `changes`, `approaching` or `is set`";
            return Err(ConditionError::new(Fault::Expected { expected, found }, self.place()));
        }
        if self.skip_keyword(Keyword::Reaches).is_some() {
            return Ok(Question::Reaches(self.value("a stage such as 'Stage 2'")?));
        }
        if self.skip_keyword(Keyword::In).is_some() {
            return Ok(Question::In(self.list()?));
        }
        if self.skip_keyword(Keyword::Not).is_some() {
            self.expect(&Token::Keyword(Keyword::In), "`in`")?;
            return Ok(Question::NotIn(self.list()?));
        }
        if self.skip_keyword(Keyword::Is).is_some() {
            let negated = self.skip_keyword(Keyword::Not).is_some();
            self.expect(&Token::Keyword(Keyword::Set), "`set` or `not set`")?;
            return Ok(if negated { Question::IsNotSet } else { Question::IsSet });
        }
        Ok(Question::Holds)
    }

    fn list(&mut self) -> Parsed<Vec<Spanned<Value>>> {
        self.expect(&Token::ListOpen, "a list such as ['Stage 2', 'Stage 3']")?;
        let mut values = vec![self.value("a value such as 'Stage 2'")?];
        while self.skip_if(&Token::Comma).is_some() {
            values.push(self.value("a value such as 'Stage 2'")?);
        }
        self.expect(&Token::ListClose, "`,` or `]`")?;
        Ok(values)
    }

    pub(super) fn value(&mut self, expected: &'static str) -> Parsed<Spanned<Value>> {
        match self.operand(expected)? {
            Operand::Value(value) => Ok(value),
            Operand::Name(name) if name.value.contains('.') => {
                Err(ConditionError::new(Fault::TwoFields, name.span))
            }
            Operand::Name(name) => Err(unquoted(&name)),
        }
    }

    fn operand(&mut self, expected: &'static str) -> Parsed<Operand> {
        match self.peek().clone() {
            Token::Name(value) => {
                let span = self.skip();
                Ok(Operand::Name(Spanned { value, span }))
            }
            Token::Value(value) => {
                let span = self.skip();
                self.with_unit(Spanned { value, span }).map(Operand::Value)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// Joins a number with the word after it: a currency makes it money, a unit of time a length.
    fn with_unit(&mut self, literal: Spanned<Value>) -> Parsed<Spanned<Value>> {
        let (Value::Number(number), Token::Name(word)) = (&literal.value, self.peek()) else {
            return Ok(literal);
        };
        if let Some(currency) = currency(word) {
            let value = Value::Money(Amount { value: *number, currency: Some(currency) });
            let span = literal.span.to(self.skip());
            return Ok(Spanned { value, span });
        }
        let near = nearest(word, UNITS.iter().copied());
        let slip = near.map(|near| {
            let fault = Fault::Length(literal.span.to(self.place()).of(self.text).to_owned());
            ConditionError::new(fault, self.place()).hint(format!("did you mean {near}?"))
        });
        let length = self.length_after(*number, literal.span)?;
        if let (None, Some(slip)) = (&length, slip) {
            return Err(slip);
        }
        Ok(length.map_or(literal, |length| Spanned { value: Value::Length(length.value), span: length.span }))
    }

    pub(super) fn unexpected(&self, expected: &'static str) -> ConditionError {
        let span = self.place();
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            _ => Shown::quoted(span.of(self.text)).to_string(),
        };
        ConditionError::new(Fault::Expected { expected, found }, span)
    }
}

/// `today` stands for the day, unless it is quoted.
fn is_today(name: &Spanned<String>) -> bool {
    name.value.eq_ignore_ascii_case("today")
}

/// A comparison with a value, or with a length of time: then the date's age is meant.
fn measured(comparison: Comparison, value: Spanned<Value>) -> Question {
    match value.value {
        Value::Length(length) => Question::Age(comparison, Spanned { value: length, span: value.span }),
        _ => Question::Compare(comparison, value),
    }
}

/// Two names around a comparison: one of them is mostly a text without its quotes.
fn two_names(left: &Spanned<String>, sign: Span, right: &Spanned<String>) -> ConditionError {
    if right.value.contains('.') {
        return ConditionError::new(Fault::TwoFields, left.span.to(sign).to(right.span));
    }
    unquoted(right)
}

fn unquoted(name: &Spanned<String>) -> ConditionError {
    ConditionError::new(Fault::Unquoted(name.value.clone()), name.span)
        .hint(format!("put texts in quotes: '{}'", Shown::bare(&name.value)))
}
