//! Reads what is said of time: schedules, lengths, reminders, and the questions that dates answer.
//!
//! ```text
//! schedule = ( DAILY | WEEKLY [ ON weekday ] | period [ ON ( ACCOUNT ANNIVERSARY | [ THE ] day ) ]
//!            | EVERY ( [ number ] unit | weekday ) [ SINCE field ] ) [ AT hour ] ;
//! period   = MONTHLY | QUARTERLY | YEARLY ;
//! day      = ordinal [ OR THE LAST DAY ] | DAY number [ OR THE LAST DAY ] | LAST DAY ;
//! length   = number [ BUSINESS ] unit ;
//! timing   = offset { "," offset } ;
//! offset   = length ( BEFORE | AFTER ) | DAY OF ;
//! ```
//!
//! These words are no keywords: only their place gives them their meaning, so that fields may have
//! such names. Must not know fields, nor when anything comes.

use super::fault::{ConditionError, Fault, Span};
use super::lexer::Token;
use super::number::{self, is_too_fine, too_fine};
use super::parser::{Parsed, Parser, within_bounds};
use super::syntax::{Expr, ExprKind, Question, Spanned};
use super::value::Value;
use crate::calendar::{DayOfWeek, Length, MonthDay, Offset, Reminders, Repeat, Schedule, Unit, When};
use infohub::number::Number;
use jiff::civil::Time;

const A_WEEKDAY: &str = "a day of the week such as Monday";
const A_UNIT: &str = "days, weeks, months, quarters or years";

/// Reads the `timing` of a rule.
pub(super) fn timing(text: &str) -> Parsed<Reminders> {
    within_bounds(text)?;
    let mut parser = Parser::new(text)?;
    let mut offsets = vec![parser.offset()?];
    while parser.skip_if(&Token::Comma).is_some() {
        let offset = parser.offset()?;
        if offsets.contains(&offset) || offsets.len() == Reminders::MOST {
            let found = offset.to_string();
            let expected = "at most 16 reminders, each once";
            return Err(ConditionError::new(Fault::Expected { expected, found }, parser.last()));
        }
        offsets.push(offset);
    }
    match parser.peek() {
        Token::End => Ok(Reminders(offsets)),
        _ => Err(parser.unexpected("`,` or the end")),
    }
}

impl Parser<'_> {
    /// What is asked of a date, or of a value's change; nothing if another question follows.
    pub(super) fn question_of_time(&mut self) -> Parsed<Option<Question>> {
        let question = if self.skip_word(&["approaching"]).is_some() {
            Question::Approaching
        } else if self.skip_word(&["overdue"]).is_some() {
            Question::Overdue
        } else if self.skip_word(&["changes"]).is_some() {
            Question::Changes
        } else if self.skip_word(&["enters"]).is_some() {
            Question::Enters(self.value("a value such as 'Stage 2'")?)
        } else if self.skip_word(&["within"]).is_some() {
            Question::Within(self.length()?.value)
        } else {
            return Ok(None);
        };
        Ok(Some(question))
    }

    /// A schedule, if one begins here.
    pub(super) fn schedule(&mut self) -> Parsed<Option<Expr>> {
        let start = self.place();
        let (repeat, since) = if self.skip_word(&["daily"]).is_some() {
            (Repeat::Daily, None)
        } else if self.skip_word(&["weekly"]).is_some() {
            let on = self.skip_word(&["on"]).is_some();
            let day = if on { self.weekday()? } else { DayOfWeek::Monday };
            (Repeat::Weekly(day), None)
        } else if let Some(months) = self.period() {
            (self.day_of_period(months)?, None)
        } else if self.skip_word(&["every"]).is_some() {
            (self.every()?, self.since()?)
        } else {
            return Ok(None);
        };
        let at = if self.skip_word(&["at"]).is_some() { Some(self.hour()?) } else { None };
        let kind = ExprKind::Schedule(Schedule { repeat, at }, since);
        Ok(Some(Expr { span: start.to(self.last()), kind }))
    }

    fn period(&mut self) -> Option<u32> {
        let periods = [("monthly", 1), ("quarterly", 3), ("yearly", 12), ("annually", 12)];
        periods.into_iter().find_map(|(word, months)| self.skip_word(&[word]).map(|_| months))
    }

    /// The day within a month, quarter or year; its first if none is said.
    fn day_of_period(&mut self, months: u32) -> Parsed<Repeat> {
        let monthly = |day| Repeat::Monthly { day, months };
        if self.skip_word(&["on"]).is_none() {
            return Ok(monthly(MonthDay::Nth { day: 1, or_last: false }));
        }
        if self.skip_word(&["account"]).is_some() {
            let anniversary = self.skip_word(&["anniversary"]);
            anniversary.ok_or_else(|| self.unexpected("`anniversary`"))?;
            return Ok(Repeat::Anniversary { months });
        }
        self.skip_word(&["the"]);
        if self.skip_word(&["last"]).is_some() {
            self.skip_word(&["day"]).ok_or_else(|| self.unexpected("`day`"))?;
            return Ok(monthly(MonthDay::Last));
        }
        let day = self.day_of_month()?;
        // Another condition may follow after OR.
        let or_last = self.is_word(&["or"]) && self.is_word_after(&["the", "last"]);
        if or_last {
            self.skip();
            self.skip_word(&["the"]);
            self.skip_word(&["last"]).ok_or_else(|| self.unexpected("`the last day`"))?;
            self.skip_word(&["day"]).ok_or_else(|| self.unexpected("`day`"))?;
        }
        Ok(monthly(MonthDay::Nth { day, or_last }))
    }

    fn day_of_month(&mut self) -> Parsed<u8> {
        const A_DAY: &str = "`account anniversary` or a day such as `the 15th` or `the last day`";
        if let Token::Ordinal(day) = *self.peek() {
            self.skip();
            return Ok(day);
        }
        self.skip_word(&["day"]).ok_or_else(|| self.unexpected(A_DAY))?;
        let (number, span) = self.count()?;
        let day = number.to_string().parse().ok().filter(|day| (1..=31).contains(day));
        day.ok_or_else(|| {
            ConditionError::new(Fault::MonthDay(number.to_string()), span)
                .hint("days of a month go from 1 to 31")
        })
    }

    fn every(&mut self) -> Parsed<Repeat> {
        if let Token::Name(word) = self.peek() {
            if let Some(day) = DayOfWeek::named(word) {
                self.skip();
                return Ok(Repeat::Weekly(day));
            }
            let (unit, span) = self.unit()?;
            return Ok(Repeat::Every(self.repeated(Length { count: 1, unit }, span)?));
        }
        let length = self.length()?;
        Ok(Repeat::Every(self.repeated(length.value, length.span)?))
    }

    /// What comes again must have a length that is always the same, and more than none.
    fn repeated(&self, length: Length, span: Span) -> Parsed<Length> {
        if length.count > 0 && length.unit != Unit::BusinessDay {
            return Ok(length);
        }
        let error = ConditionError::new(Fault::Length(span.of(self.text).to_owned()), span);
        Err(error.hint("what comes again does so every 1 or more days, weeks, months, quarters or years"))
    }

    /// The field that an interval is counted from.
    fn since(&mut self) -> Parsed<Option<Spanned<String>>> {
        if self.skip_word(&["since"]).is_none() {
            return Ok(None);
        }
        match self.peek().clone() {
            Token::Name(value) => {
                let span = self.skip();
                Ok(Some(Spanned { value, span }))
            }
            _ => Err(self.unexpected("a field such as CSP.last_customer_review")),
        }
    }

    fn weekday(&mut self) -> Parsed<DayOfWeek> {
        let day = match self.peek() {
            Token::Name(word) => DayOfWeek::named(word),
            _ => None,
        };
        let day = day.ok_or_else(|| self.unexpected(A_WEEKDAY))?;
        self.skip();
        Ok(day)
    }

    fn hour(&mut self) -> Parsed<Time> {
        let Token::Hour(hour) = *self.peek() else {
            return Err(self.unexpected("an hour such as 09:00"));
        };
        self.skip();
        Ok(hour)
    }

    fn count(&mut self) -> Parsed<(Number, Span)> {
        let Token::Value(Value::Number(number)) = *self.peek() else {
            return Err(self.unexpected("a number"));
        };
        Ok((number, self.skip()))
    }

    /// A length such as `30 days`.
    fn length(&mut self) -> Parsed<Spanned<Length>> {
        if let Token::Value(Value::Length(value)) = *self.peek() {
            let span = self.skip();
            return Ok(Spanned { value, span });
        }
        if !matches!(self.peek(), Token::Value(Value::Number(_))) {
            return Err(self.unexpected("a length of time such as 30 days"));
        }
        let (number, span) = self.count()?;
        self.length_after(number, span)?.ok_or_else(|| self.unexpected(A_UNIT))
    }

    /// The length of a number that was read and the unit after it; nothing if no unit follows.
    pub(super) fn length_after(&mut self, number: Number, start: Span) -> Parsed<Option<Spanned<Length>>> {
        let business = self.is_word(&["business", "working"]);
        let Token::Name(word) = self.peek() else {
            return Ok(None);
        };
        if is_too_fine(word) {
            return Err(too_fine(start.to(self.place()), self.text));
        }
        if !business && Unit::named(word).is_none() {
            return Ok(None);
        }
        let (unit, end) = self.unit()?;
        let span = start.to(end);
        let value = number::length(number, unit, span, self.text)?;
        Ok(Some(Spanned { value, span }))
    }

    fn unit(&mut self) -> Parsed<(Unit, Span)> {
        if self.skip_word(&["business", "working"]).is_some() {
            let days = self.skip_word(&["day", "days"]).ok_or_else(|| self.unexpected("`days`"))?;
            return Ok((Unit::BusinessDay, days));
        }
        let unit = match self.peek() {
            Token::Name(word) if is_too_fine(word) => return Err(too_fine(self.place(), self.text)),
            Token::Name(word) => Unit::named(word),
            _ => None,
        };
        let unit = unit.ok_or_else(|| self.unexpected(A_UNIT))?;
        Ok((unit, self.skip()))
    }

    /// One reminder of a `timing`.
    fn offset(&mut self) -> Parsed<Offset> {
        const AN_OFFSET: &str = "`7 days before`, `day of` or `3 days after`";
        if self.skip_word(&["day", "on"]).is_some() {
            self.skip_word(&["the"]);
            self.skip_word(&["of", "day"]).ok_or_else(|| self.unexpected("`of`"))?;
            return Ok(Offset { length: Length::NOTHING, when: When::DayOf });
        }
        if !matches!(self.peek(), Token::Value(_)) {
            return Err(self.unexpected(AN_OFFSET));
        }
        let length = self.length()?.value;
        let when = if self.skip_word(&["before"]).is_some() {
            When::Before
        } else if self.skip_word(&["after"]).is_some() {
            When::After
        } else {
            return Err(self.unexpected("`before` or `after`"));
        };
        // No distance is the day itself, on whichever side it is said to lie.
        Ok(Offset { length, when: if length.count == 0 { When::DayOf } else { when } })
    }
}
