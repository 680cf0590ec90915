//! Checks the names and types of a condition and turns it into what is evaluated.
//!
//! All faults are collected, so that a person mends them in one go. Must not know facts.

use super::condition::{Node, NodeKind, Test};
use super::fault::{ConditionError, Fault, Shown, Span};
use super::field::{Field, Kind};
use super::number::day;
use super::syntax::{Comparison, Expr, ExprKind, Question, Spanned};
use super::value::Value;
use super::vocabulary::Vocabulary;
use crate::calendar::Length;
use infohub::yaml::nearest;

type Checked<T> = Result<T, ConditionError>;

/// The checked condition, or every fault of its names and types.
pub(super) fn check(expr: &Expr, vocabulary: &Vocabulary) -> Result<Node, Vec<ConditionError>> {
    let checker = Checker { vocabulary };
    let kind = match &expr.kind {
        ExprKind::All(sides) => NodeKind::All(checker.sides(sides)?),
        ExprKind::Any(sides) => NodeKind::Any(checker.sides(sides)?),
        ExprKind::Not(inner) => {
            let inner = check(inner, vocabulary)?;
            without_moments(&inner)?;
            NodeKind::Not(Box::new(inner))
        }
        ExprKind::Test(name, question) => {
            let field = field(name).map_err(|error| vec![error])?;
            NodeKind::Test(field, checker.question(field, question, expr.span)?)
        }
        ExprKind::Schedule(schedule, since) => {
            let since = since.as_ref().map(since_field).transpose().map_err(|error| vec![error])?;
            NodeKind::Schedule(*schedule, since)
        }
    };
    Ok(Node { span: expr.span, kind })
}

/// A moment is over at once: that it is *not* now says nothing on which something could be done.
pub(super) fn without_moments(node: &Node) -> Result<(), Vec<ConditionError>> {
    match &node.kind {
        NodeKind::All(sides) | NodeKind::Any(sides) => sides.iter().try_for_each(without_moments),
        NodeKind::Not(inner) => without_moments(inner),
        NodeKind::Schedule(schedule, _) => Err(vec![negated(schedule.to_string(), node.span)]),
        NodeKind::Test(_, Test::Approaching) => Err(vec![negated("approaching".to_owned(), node.span)]),
        NodeKind::Test(_, Test::Enters(_)) => Err(vec![negated("enters".to_owned(), node.span)]),
        NodeKind::Test(_, Test::Changes) => Err(vec![negated("changes".to_owned(), node.span)]),
        NodeKind::Test(..) => Ok(()),
    }
}

fn negated(word: String, span: Span) -> ConditionError {
    ConditionError::new(Fault::NegatedMoment(word), span)
        .hint("say what must hold instead, such as `!=` or `overdue`")
}

/// The date that a schedule is counted from.
fn since_field(name: &Spanned<String>) -> Checked<Field> {
    let field = field(name)?;
    date_only(field, "since", name.span).map(|()| field)
}

fn date_only(field: Field, operator: &'static str, span: Span) -> Checked<()> {
    if field.kind() == Kind::Date {
        return Ok(());
    }
    let error = ConditionError::new(Fault::Operator { field, operator }, span);
    Err(error.hint("only dates come near or lie back"))
}

/// The field that a name stands for.
fn field(name: &Spanned<String>) -> Checked<Field> {
    Field::from_name(&name.value).ok_or_else(|| {
        let error = ConditionError::new(Fault::UnknownField(name.value.clone()), name.span);
        match meant(&name.value) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint(choice(&name.value)),
        }
    })
}

/// The field that was meant: a slip in the part after a right topic, a slip anywhere, or a name
/// without its topic.
fn meant(name: &str) -> Option<&'static str> {
    let siblings = siblings(name);
    let last = |full: &'static str| full.rsplit('.').next().unwrap_or(full);
    let part = name.rsplit('.').next().unwrap_or(name);
    let near =
        if siblings.len() == Field::ALL.len() { nearest(name, siblings.iter().copied()) } else { None };
    near.or_else(|| {
        let near = nearest(part, siblings.iter().copied().map(last))?;
        siblings.into_iter().find(|full| last(full) == near)
    })
}

/// The names to choose from: those that begin as the name does up to its last dot, else all.
fn siblings(name: &str) -> Vec<&'static str> {
    let all = || Field::ALL.iter().map(|field| field.name());
    let topic = |full: &'static str| full.rsplit_once('.').map(|(topic, _)| topic);
    let wanted = name.rsplit_once('.').map(|(topic, _)| topic);
    let near: Vec<_> = all().filter(|full| topic(full) == wanted).collect();
    if near.is_empty() { all().collect() } else { near }
}

/// What to choose from, in a line: the fields of the topic, or the topics.
fn choice(name: &str) -> String {
    let siblings = siblings(name);
    if siblings.len() < Field::ALL.len() {
        return format!("the fields are {}", siblings.join(", "));
    }
    let mut topics: Vec<&str> =
        siblings.iter().filter_map(|full| full.rsplit_once('.').map(|(topic, _)| topic)).collect();
    topics.dedup();
    format!("the fields begin with {}", topics.join(", "))
}

struct Checker<'a> {
    vocabulary: &'a Vocabulary,
}

impl Checker<'_> {
    fn sides(&self, sides: &[Expr]) -> Result<Vec<Node>, Vec<ConditionError>> {
        let mut nodes = Vec::with_capacity(sides.len());
        let mut errors = Vec::new();
        for side in sides {
            match check(side, self.vocabulary) {
                Ok(node) => nodes.push(node),
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() { Ok(nodes) } else { Err(errors) }
    }

    fn question(&self, field: Field, question: &Question, span: Span) -> Result<Test, Vec<ConditionError>> {
        match question {
            Question::IsSet => Ok(Test::IsSet(true)),
            Question::IsNotSet => Ok(Test::IsSet(false)),
            Question::In(list) => Ok(Test::In(true, self.list(field, list)?)),
            Question::NotIn(list) => Ok(Test::In(false, self.list(field, list)?)),
            Question::Holds => holds(field, span).map_err(|error| vec![error]),
            Question::Compare(comparison, value) => {
                self.comparison(field, *comparison, value, span).map_err(|error| vec![error])
            }
            Question::Reaches(stage) => self.reaches(field, stage, span).map_err(|error| vec![error]),
            Question::Enters(value) => {
                self.value(field, value).map(Test::Enters).map_err(|error| vec![error])
            }
            Question::Changes => Ok(Test::Changes),
            Question::Age(comparison, length) => age(field, *comparison, length).map_err(|error| vec![error]),
            Question::Within(length) => of_date(field, "within", span, Test::Within(*length)),
            Question::Overdue => of_date(field, "overdue", span, Test::Overdue),
            Question::Approaching => of_date(field, "approaching", span, Test::Approaching),
        }
    }

    fn list(&self, field: Field, list: &[Spanned<Value>]) -> Result<Vec<Value>, Vec<ConditionError>> {
        let mut values = Vec::with_capacity(list.len());
        let mut errors = Vec::new();
        for value in list {
            match self.value(field, value) {
                Ok(value) => values.push(value),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(values) } else { Err(errors) }
    }

    fn comparison(
        &self,
        field: Field,
        comparison: Comparison,
        value: &Spanned<Value>,
        span: Span,
    ) -> Checked<Test> {
        let value = self.value(field, value)?;
        let ordered = matches!(field.kind(), Kind::Number | Kind::Money | Kind::Date);
        if comparison.needs_order() && !ordered {
            let operator = comparison.sign();
            let error = ConditionError::new(Fault::Operator { field, operator }, span);
            return Err(match field.kind() {
                Kind::Stage => error.hint(format!("write {field} reaches {value}")),
                _ => error.hint("compare it with == or !=, or with a list after `in`"),
            });
        }
        Ok(Test::Compare(comparison, value))
    }

    fn reaches(&self, field: Field, stage: &Spanned<Value>, span: Span) -> Checked<Test> {
        if field.kind() != Kind::Stage {
            let operator = "reaches";
            return Err(ConditionError::new(Fault::Operator { field, operator }, span)
                .hint("only stages have an order that can be reached"));
        }
        let Value::Text(stage) = self.value(field, stage)? else {
            return Err(mismatch(field, stage));
        };
        let reached = self.vocabulary.reached_from(&stage);
        let others = self.vocabulary.stages().map(str::to_owned);
        let short = others.filter(|other| !reached.contains(other)).collect();
        Ok(Test::Reaches { reached, short })
    }

    /// A value that fits the field: its type, and its word where the words are a closed list.
    fn value(&self, field: Field, value: &Spanned<Value>) -> Checked<Value> {
        match (field.kind(), &value.value) {
            (Kind::Date, Value::Text(text)) => {
                day(text).map(Value::Date).ok_or_else(|| mismatch(field, value))
            }
            (Kind::Money, Value::Number(_)) => Ok(value.value.clone()),
            (Kind::Stage, Value::Text(word)) => {
                self.known(field, word, value.span, &self.vocabulary.stages().collect::<Vec<_>>())
            }
            (Kind::Word(list), Value::Text(word)) => self.known(field, word, value.span, list.words()),
            _ if field.accepts(&value.value) => Ok(value.value.clone()),
            _ => Err(mismatch(field, value)),
        }
    }

    fn known(&self, field: Field, word: &str, span: Span, words: &[&str]) -> Checked<Value> {
        if words.contains(&word) {
            return Ok(Value::Text(word.to_owned()));
        }
        let fault = Fault::UnknownWord { field, kind: field.kind(), word: word.to_owned() };
        let error = ConditionError::new(fault, span);
        Err(match nearest(word, words.iter().copied()) {
            Some(near) => error.hint(format!("did you mean '{near}'?")),
            None => error.hint(format!("it is one of {}", words.join(", "))),
        })
    }
}

fn of_date(
    field: Field,
    operator: &'static str,
    span: Span,
    test: Test,
) -> Result<Test, Vec<ConditionError>> {
    date_only(field, operator, span).map(|()| test).map_err(|error| vec![error])
}

fn age(field: Field, comparison: Comparison, length: &Spanned<Length>) -> Checked<Test> {
    if field.kind() == Kind::Date {
        return Ok(Test::Age(comparison, length.value));
    }
    let written = Shown::bare(&length.value.to_string());
    let fault = Fault::Mismatch { field, written, found: "a length of time" };
    Err(ConditionError::new(fault, length.span).hint("only dates have an age, such as CSP.last_updated"))
}

fn holds(field: Field, span: Span) -> Checked<Test> {
    if field.kind() == Kind::Flag {
        return Ok(Test::Compare(Comparison::Equal, Value::Flag(true)));
    }
    Err(ConditionError::new(Fault::LoneField(field), span)
        .hint(format!("compare it with a value, or write {field} is set")))
}

fn mismatch(field: Field, value: &Spanned<Value>) -> ConditionError {
    let fault = Fault::Mismatch {
        field,
        written: Shown::bare(&value.value.to_string()),
        found: value.value.kind_name(),
    };
    ConditionError::new(fault, value.span).hint(match field.kind() {
        Kind::Text | Kind::Stage | Kind::Word(_) => "put texts in quotes, as 'Stage 2'",
        Kind::Number => "write a number, as 3 or 0.5",
        Kind::Money => "write an amount, as 100000, $100K or 100K USD",
        Kind::Date => "dates are written year-month-day, as 2026-01-05",
        Kind::Flag => "write true or false",
    })
}
