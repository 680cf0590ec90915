//! Literals that begin with a digit, a minus or a currency sign: numbers, money, dates, hours, lengths.
//!
//! Strict on purpose: `100,000` and `100.000` mean different things in different countries, and a
//! rule that decides about money must not guess. Must not know the rest of the grammar.

use super::fault::{ConditionError, Fault, Shown, Span};
use super::value::{Amount, Value};
use crate::calendar::{Length, Unit};
use infohub::number::{Currency, Number};
use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

const HOW_TO_WRITE: &str = "numbers are written like 250000, 250_000, 0.5, 250K or 1.5M, \
                            money like $250K or 250K EUR";

/// Reads the literal that begins at `start` and gives the byte after it. The caller has seen that
/// one begins here.
pub(super) fn literal(text: &str, start: usize) -> Result<(Value, usize), ConditionError> {
    let rest = text.get(start..).unwrap_or_default();
    if let Some(length) = date_length(rest) {
        return date(&rest[..length], Span::new(start, start + length));
    }
    let unsigned = rest.strip_prefix('-').unwrap_or(rest);
    let sign = unsigned.chars().next().and_then(|sign| Some((sign, currency_of(sign)?)));
    let digits = match sign {
        Some((sign, _)) => unsigned.strip_prefix(sign).unwrap_or(unsigned),
        None => unsigned,
    };
    let written = &digits[..run_length(digits)];
    let end = start + (rest.len() - digits.len()) + written.len();
    let whole =
        Written { digits: written, negative: rest.len() != unsigned.len(), span: Span::new(start, end) };
    if sign.is_none()
        && !whole.negative
        && let Some((count, unit)) = whole.with_unit_of_time()
    {
        let count = Written { digits: count, ..whole }.number(text)?;
        return Ok((Value::Length(length(count, unit, whole.span, text)?), end));
    }
    let value = whole.number(text)?;
    let value = match sign {
        Some((_, code)) => {
            let currency = currency(code);
            Value::Money(Amount { value, currency })
        }
        None => Value::Number(value),
    };
    Ok((value, end))
}

/// The code of the currency that a sign stands for; `$` is the US dollar.
pub(super) fn currency_of(sign: char) -> Option<&'static str> {
    match sign {
        '$' => Some("USD"),
        '€' => Some("EUR"),
        '£' => Some("GBP"),
        '¥' => Some("JPY"),
        _ => None,
    }
}

/// The currency of a code of three capital letters.
pub(super) fn currency(code: &str) -> Option<Currency> {
    Currency::try_from(code.to_owned()).ok()
}

/// Whether a word measures time more finely than dates do.
pub(super) fn is_too_fine(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(word.strip_suffix('s').unwrap_or(&word), "h" | "hour" | "min" | "minute" | "second")
}

/// A length of time of a number and a unit.
pub(super) fn length(count: Number, unit: Unit, written: Span, text: &str) -> Result<Length, ConditionError> {
    let whole = count.decimal();
    let whole = whole.is_integer().then(|| u32::try_from(whole).ok()).flatten();
    whole.and_then(|count| Length::new(count, unit)).ok_or_else(|| {
        let fault = Fault::Length(written.of(text).to_owned());
        ConditionError::new(fault, written)
            .hint("lengths of time are whole numbers such as 30 days, up to a hundred years")
    })
}

/// What dates are not counted in.
pub(super) fn too_fine(written: Span, text: &str) -> ConditionError {
    let fault = Fault::Length(written.of(text).to_owned());
    ConditionError::new(fault, written)
        .hint("dates have no hours; count in days, weeks, months, quarters or years")
}

/// An hour of a day such as `09:00`, and the byte after it; nothing if none begins here.
pub(super) fn hour(text: &str, start: usize) -> Result<Option<(Time, usize)>, ConditionError> {
    let rest = text.get(start..).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) || rest.as_bytes().get(digits) != Some(&b':') {
        return Ok(None);
    }
    let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b':').count();
    let (end, written) = (start + length, &rest[..length]);
    let hour = written.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2);
    let hour = hour.and_then(|(hour, minute)| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok());
    hour.map(|hour| Some((hour, end))).ok_or_else(|| {
        ConditionError::new(Fault::Hour(written.to_owned()), Span::new(start, end))
            .hint("hours are written from 00:00 to 23:59")
    })
}

/// A day of a month such as `31st`, and the byte after it; nothing if none begins here.
pub(super) fn ordinal(text: &str, start: usize) -> Result<Option<(u8, usize)>, ConditionError> {
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let written = &rest[..length];
    let lower = written.to_ascii_lowercase();
    let Some(digits) = ["st", "nd", "rd", "th"].iter().find_map(|ending| lower.strip_suffix(ending)) else {
        return Ok(None);
    };
    match digits.parse() {
        Ok(day @ 1..=31) => Ok(Some((day, start + length))),
        _ => Err(ConditionError::new(Fault::MonthDay(written.to_owned()), Span::new(start, start + length))
            .hint("days of a month go from the 1st to the 31st")),
    }
}

/// A day written with four, two and two digits.
pub(super) fn day(written: &str) -> Option<Date> {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    let shaped = written.len() == 10 && written.bytes().enumerate().all(shape);
    shaped.then(|| written.parse().ok()).flatten()
}

/// The digits of a number with its unit, and where the whole literal stands.
struct Written<'a> {
    digits: &'a str,
    negative: bool,
    span: Span,
}

impl<'a> Written<'a> {
    /// The digits before a unit of time, as in `30d`.
    fn with_unit_of_time(&self) -> Option<(&'a str, Unit)> {
        let at = self.digits.find(|letter: char| letter.is_ascii_alphabetic())?;
        let (digits, unit) = self.digits.split_at(at);
        Some((digits, Unit::named(unit)?))
    }

    fn number(&self, text: &str) -> Result<Number, ConditionError> {
        let fault =
            |fault: fn(String) -> Fault| ConditionError::new(fault(self.span.of(text).to_owned()), self.span);
        if self.digits.contains(',') {
            let (bare, grouped) = (self.digits.replace(',', ""), self.digits.replace(',', "_"));
            let hint = format!("write {bare} or {grouped}; in a list put a space after each comma");
            return Err(fault(Fault::GroupingComma).hint(hint));
        }
        let unit_at = self.digits.find(|letter: char| letter.is_ascii_alphabetic());
        let (digits, unit) = self.digits.split_at(unit_at.unwrap_or(self.digits.len()));
        let Some(factor) = factor(unit).filter(|_| well_formed(digits)) else {
            return Err(fault(Fault::Number).hint(HOW_TO_WRITE));
        };
        if unit.is_empty() && ambiguous(digits) {
            let thousands = digits.replace('.', "_");
            let hint = format!("write {thousands} for thousands, or leave out the zeros at the end");
            return Err(fault(Fault::AmbiguousNumber).hint(hint));
        }
        let sign = if self.negative { "-" } else { "" };
        Decimal::from_str_exact(&format!("{sign}{}", digits.replace('_', "")))
            .ok()
            .and_then(|number| number.checked_mul(factor)?.to_string().parse().ok())
            .ok_or_else(|| fault(Fault::TooLarge))
    }
}

fn factor(unit: &str) -> Option<Decimal> {
    match unit {
        "" => Some(Decimal::ONE),
        "K" | "k" => Some(Decimal::ONE_THOUSAND),
        "M" | "m" => Some(Decimal::from(1_000_000)),
        "B" | "b" => Some(Decimal::from(1_000_000_000)),
        _ => None,
    }
}

/// The bytes of the digits and letters at the beginning, with the dots and commas between them.
fn run_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let part_of_run = |at: &usize| match bytes[*at] {
        b'.' | b',' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        byte => byte.is_ascii_alphanumeric() || byte == b'_',
    };
    (0..bytes.len()).take_while(part_of_run).count()
}

/// Digits in groups joined by single `_`, with at most one dot among them.
fn well_formed(digits: &str) -> bool {
    let is_group = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    digits.splitn(2, '.').all(|half| half.split('_').all(is_group))
}

/// `100.000` and `1.250`: three decimals of which the last is a zero are thousands to many readers.
fn ambiguous(digits: &str) -> bool {
    digits.split_once('.').is_some_and(|(_, fraction)| fraction.len() == 3 && fraction.ends_with('0'))
}

/// The length of what is meant as a date: four digits, a dash, a digit, and what follows of it.
fn date_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let year = bytes.get(..4)?.iter().all(u8::is_ascii_digit);
    let month = bytes.get(4) == Some(&b'-') && bytes.get(5)?.is_ascii_digit();
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':');
    (year && month).then(|| bytes.iter().take_while(part).count())
}

fn date(written: &str, span: Span) -> Result<(Value, usize), ConditionError> {
    let fault = || {
        let hint = format!(
            "dates are written year-month-day, as 2026-01-05; {} is not such a day",
            Shown::bare(written)
        );
        ConditionError::new(Fault::Date(written.to_owned()), span).hint(hint)
    };
    day(written).map(|day| (Value::Date(day), span.end)).ok_or_else(fault)
}
