//! Builds the syntax tree by operator precedence: NOT before AND before OR, comparisons tightest.
//!
//! Bounded in length and depth, so that no text overflows the stack. Must not know fields: names
//! are checked later. New forms of test (ages, schedules, `changes`) are new arms of `test`.

use super::fault::{ConditionError, Fault, Shown, Span};
use super::lexer::{Keyword, Token, tokens};
use super::number::{currency, is_time_unit};
use super::syntax::{Comparison, Expr, ExprKind, Question, Spanned};
use super::value::{Amount, Value};

/// The longest condition in bytes.
pub(super) const LONGEST: usize = 4096;
/// How deep parentheses and NOT may be nested.
pub(super) const DEEPEST: usize = 64;
/// What to do about a time condition.
pub(super) const NO_TIME: &str = "conditions on fields are read so far, such as \
                                  Opportunity.stage == 'Closed Won'; take this rule out for now";

type Parsed<T> = Result<T, ConditionError>;

/// The syntax tree of a condition, or the first fault of its syntax.
pub(super) fn parse(text: &str) -> Parsed<Expr> {
    let all = Span::new(0, text.len());
    if text.len() > LONGEST {
        let (length, limit) = (text.len(), LONGEST);
        return Err(
            ConditionError::new(Fault::TooLong { length, limit }, all).hint("split it into several rules")
        );
    }
    if text.trim().is_empty() {
        return Err(ConditionError::new(Fault::Empty, all)
            .hint("write a condition such as Opportunity.stage == 'Stage 2'"));
    }
    let mut parser = Parser { text, tokens: tokens(text)?, at: 0, depth: 0 };
    let condition = parser.condition(Power::Or)?;
    match parser.peek() {
        Token::End => Ok(condition),
        _ => Err(parser.unexpected("AND, OR or the end")),
    }
}

/// How tightly a connective binds, the loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    Or,
    And,
    Not,
}

enum Operand {
    Name(Spanned<String>),
    Value(Spanned<Value>),
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Spanned<Token>>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |token| &token.value)
    }

    /// The place of the next token; the end of the text when there is none.
    fn place(&self) -> Span {
        let end = Span::new(self.text.len(), self.text.len());
        self.tokens.get(self.at).map_or(end, |token| token.span)
    }

    fn skip(&mut self) -> Span {
        let span = self.place();
        self.at += 1;
        span
    }

    fn skip_if(&mut self, token: &Token) -> Option<Span> {
        (self.peek() == token).then(|| self.skip())
    }

    fn skip_keyword(&mut self, keyword: Keyword) -> Option<Span> {
        self.skip_if(&Token::Keyword(keyword))
    }

    fn expect(&mut self, token: &Token, expected: &'static str) -> Parsed<Span> {
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
        let operand = self.operand("a field such as Opportunity.stage")?;
        let (name, question) = match (operand, self.peek().clone()) {
            (operand, Token::Compare(comparison)) => self.comparison(operand, comparison)?,
            (Operand::Name(name), _) => (name, self.question()?),
            (Operand::Value(value), _) => {
                let fault = Fault::LoneValue(value.span.of(self.text).to_owned());
                return Err(ConditionError::new(fault, value.span));
            }
        };
        let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.span);
        let kind = ExprKind::Test(name, question);
        Ok(Expr { span: start.to(end), kind })
    }

    fn comparison(&mut self, left: Operand, comparison: Comparison) -> Parsed<(Spanned<String>, Question)> {
        let sign = self.skip();
        let right = self.operand("a value such as 'Stage 2' or 100000")?;
        if let Token::Compare(_) = self.peek() {
            return Err(ConditionError::new(Fault::Chained, self.place())
                .hint("write two comparisons with AND between them"));
        }
        match (left, right) {
            (Operand::Name(name), Operand::Value(value)) => Ok((name, Question::Compare(comparison, value))),
            (Operand::Value(value), Operand::Name(name)) => {
                Ok((name, Question::Compare(comparison.turned(), value)))
            }
            (Operand::Value(left), Operand::Value(right)) => {
                let span = left.span.to(right.span);
                Err(ConditionError::new(Fault::NoField, span))
            }
            (Operand::Name(left), Operand::Name(right)) => Err(two_names(&left, sign, &right)),
        }
    }

    /// What follows a name that is not compared.
    fn question(&mut self) -> Parsed<Question> {
        if let Token::Name(word) = self.peek() {
            let found = Shown::quoted(word).to_string();
            return Err(self.not_yet().unwrap_or_else(|| {
                let expected = "a comparison, `in`, `reaches` or `is set`";
                ConditionError::new(Fault::Expected { expected, found }, self.place())
            }));
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

    fn value(&mut self, expected: &'static str) -> Parsed<Spanned<Value>> {
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
                if let Some(error) = self.schedule(&value) {
                    return Err(error);
                }
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

    /// Joins a number with the word after it: a currency makes it money, a unit of time a fault.
    fn with_unit(&mut self, literal: Spanned<Value>) -> Parsed<Spanned<Value>> {
        let (Value::Number(number), Token::Name(word)) = (&literal.value, self.peek()) else {
            return Ok(literal);
        };
        let span = literal.span.to(self.place());
        if is_time_unit(word) {
            let written = span.of(self.text).to_owned();
            return Err(ConditionError::new(Fault::TimeNotYet(written), span).hint(NO_TIME));
        }
        let Some(currency) = currency(word) else {
            return Ok(literal);
        };
        let value = Value::Money(Amount { value: *number, currency: Some(currency) });
        self.skip();
        Ok(Spanned { value, span })
    }

    /// A word that opens a schedule, as in `Monthly on account anniversary`.
    fn schedule(&self, word: &str) -> Option<ConditionError> {
        let opens = ["hourly", "daily", "weekly", "monthly", "quarterly", "yearly", "annually", "every"];
        let known = opens.iter().any(|known| word.eq_ignore_ascii_case(known));
        let fault = || Fault::TimeNotYet(word.to_owned());
        known.then(|| ConditionError::new(fault(), self.place()).hint(NO_TIME))
    }

    /// A word that later versions of the language will know after a field.
    fn not_yet(&self) -> Option<ConditionError> {
        let Token::Name(word) = self.peek() else {
            return None;
        };
        let fault = match word.to_ascii_lowercase().as_str() {
            "approaching" | "overdue" | "before" | "after" | "within" | "for" | "since" | "older"
            | "newer" => Fault::TimeNotYet(word.clone()),
            "changes" | "changed" | "enters" | "leaves" | "becomes" => Fault::ChangeNotYet(word.clone()),
            _ => return None,
        };
        let hint = match fault {
            Fault::TimeNotYet(_) => NO_TIME,
            _ => {
                "a condition fires when it becomes true: `reaches` or `==` says when a stage is \
                  entered"
            }
        };
        Some(ConditionError::new(fault, self.place()).hint(hint))
    }

    fn unexpected(&self, expected: &'static str) -> ConditionError {
        if let Some(error) = self.not_yet() {
            return error;
        }
        let span = self.place();
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            _ => Shown::quoted(span.of(self.text)).to_string(),
        };
        ConditionError::new(Fault::Expected { expected, found }, span)
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
