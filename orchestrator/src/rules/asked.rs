//! What a condition is asked of: facts, the instant that is meant, and what has just happened.
//!
//! Must not know conditions.

use super::facts::Facts;
use super::field::Field;
use super::firing::Sighting;
use super::value::Value;
use crate::calendar::{Calendar, Moment};
use jiff::Timestamp;
use jiff::civil::Date;

/// A question's side: what is known, and what is new about it.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    facts: &'a Facts,
    /// The instant that is meant; that of the facts, or one ahead of them.
    at: Option<Timestamp>,
    today: Option<Date>,
    /// What has just changed, where something has.
    news: Option<&'a Sighting>,
    due: bool,
}

impl<'a> Asked<'a> {
    /// Facts at their own moment, of which nothing has just changed.
    pub(super) fn of(facts: &'a Facts) -> Self {
        let moment = facts.moment();
        let today = moment.map(Moment::today);
        Self { facts, at: moment.map(|moment| moment.now), today, news: None, due: false }
    }

    /// A subject with what has just changed of it.
    pub(super) fn about(sighting: &'a Sighting) -> Self {
        Self { news: Some(sighting), ..Self::of(&sighting.facts) }
    }

    /// The same at another instant, at which nothing else has happened.
    pub(super) fn as_of(self, at: Timestamp) -> Self {
        let today = self.facts.moment().map(|moment| moment.day_of(at));
        Self { at: Some(at), today, news: None, ..self }
    }

    /// The same at the instant of the rule's schedule or reminder.
    pub(super) fn due(self) -> Self {
        Self { due: true, ..self }
    }

    pub(super) fn facts(&self) -> &'a Facts {
        self.facts
    }

    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    pub(super) fn value(&self, field: Field) -> Option<&'a Value> {
        self.facts.value_at(field, self.at)
    }

    pub(super) fn date(&self, field: Field) -> Option<Date> {
        match self.value(field) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    pub(super) fn today(&self) -> Option<(Date, &'a Calendar)> {
        let (moment, today) = self.facts.moment().zip(self.today)?;
        Some((today, &moment.calendar))
    }

    pub(super) fn is_changed(&self, field: Field) -> bool {
        self.news.is_some_and(|news| news.changed.contains(&field))
    }

    pub(super) fn is_replaced(&self, field: Field) -> bool {
        self.news.is_some_and(|news| news.replaced.contains(&field))
    }
}
