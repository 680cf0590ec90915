//! What is known about one subject at one moment: a value per field, or none.
//!
//! Must not know where the values come from, nor what rules make of them.

use super::field::{Field, Kind};
use super::value::Value;
use crate::calendar::Moment;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The known values. A field that is absent has no value. Facts that do not say when they hold
/// answer no question about time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<Field, Value>,
    /// What fields become by the passing of time alone, in its order.
    later: BTreeMap<Field, Vec<(Timestamp, Value)>>,
    moment: Option<Moment>,
}

/// A fact that does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {kind}, {found} does not fit")]
pub struct FactError {
    /// The field.
    pub field: Field,
    /// The type of the field.
    pub kind: Kind,
    /// What was given instead.
    pub found: &'static str,
}

impl Facts {
    /// Sets a field. Blank text is no value, as empty cells of a CRM are.
    ///
    /// # Errors
    /// When the value is of another type than the field.
    pub fn set(&mut self, field: Field, value: Value) -> Result<(), FactError> {
        if !field.accepts(&value) {
            return Err(FactError { field, kind: field.kind(), found: value.kind_name() });
        }
        if matches!(&value, Value::Text(text) if text.trim().is_empty()) {
            self.values.remove(&field);
        } else {
            self.values.insert(field, value);
        }
        Ok(())
    }

    /// The same facts with one more; for building them in one expression.
    ///
    /// # Errors
    /// When the value is of another type than the field.
    pub fn with(mut self, field: Field, value: Value) -> Result<Self, FactError> {
        self.set(field, value)?;
        Ok(self)
    }

    /// The same facts, as they are at this moment.
    #[must_use]
    pub fn at(self, moment: Moment) -> Self {
        Self { moment: Some(moment), ..self }
    }

    /// When these facts hold, if that is known.
    #[must_use]
    pub fn moment(&self) -> Option<&Moment> {
        self.moment.as_ref()
    }

    /// Says that a field will have this value from an instant on if nothing else happens, as the number
    /// of overdue milestones will.
    ///
    /// # Errors
    /// When the value is of another type than the field.
    pub fn set_later(&mut self, field: Field, from: Timestamp, value: Value) -> Result<(), FactError> {
        if !field.accepts(&value) {
            return Err(FactError { field, kind: field.kind(), found: value.kind_name() });
        }
        let turns = self.later.entry(field).or_default();
        let at = turns.partition_point(|(known, _)| *known < from);
        if turns.get(at).is_some_and(|(known, _)| *known == from) {
            turns.remove(at);
        }
        turns.insert(at, (from, value));
        Ok(())
    }

    /// The value of a field at an instant, if nothing but time changes it.
    pub(super) fn value_at(&self, field: Field, at: Option<Timestamp>) -> Option<&Value> {
        let turns = self.later.get(&field).zip(at).map(|(turns, at)| {
            let come = turns.partition_point(|(from, _)| *from <= at);
            come.checked_sub(1).and_then(|last| turns.get(last))
        });
        turns.flatten().map_or_else(|| self.values.get(&field), |(_, value)| Some(value))
    }

    /// The instants at which time alone changes a field.
    pub(super) fn turns(&self, field: Field) -> impl Iterator<Item = Timestamp> {
        self.later.get(&field).into_iter().flatten().map(|(from, _)| *from)
    }

    /// Takes in all that other facts say, in the place of what stands here.
    pub fn extend(&mut self, other: &Self) {
        for (field, value) in &other.values {
            self.later.remove(field);
            self.values.insert(*field, value.clone());
        }
        self.later.extend(other.later.iter().map(|(field, turns)| (*field, turns.clone())));
    }

    /// Takes a field's value away.
    pub fn clear(&mut self, field: Field) {
        self.values.remove(&field);
        self.later.remove(&field);
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.value_at(field, self.moment.as_ref().map(|moment| moment.now))
    }

    /// Those of the fields that have a value.
    #[must_use]
    pub fn known_of(&self, fields: &BTreeSet<Field>) -> BTreeSet<Field> {
        fields.iter().copied().filter(|field| self.get(*field).is_some()).collect()
    }

    /// The fields whose value is another one than before, has come, or has gone.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> BTreeSet<Field> {
        let gone = before.values.keys().filter(|field| !self.values.contains_key(field));
        let known = self.values.keys().chain(gone);
        known.copied().filter(|field| self.get(*field) != before.get(*field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let refused = Facts::default().with(Field::OpportunityArr, text("a lot"));
        let message = refused.unwrap_err().to_string();
        assert_eq!(message, "Opportunity.arr is money, text does not fit");
    }

    #[test]
    fn changes_are_values_that_came_went_or_differ() {
        let before = Facts::default()
            .with(Field::AccountName, text("Acme"))
            .unwrap()
            .with(Field::AccountRegion, text("EMEA"))
            .unwrap()
            .with(Field::CspExists, Value::Flag(false))
            .unwrap();
        let after = before
            .clone()
            .with(Field::AccountIndustry, text("Steel"))
            .unwrap()
            .with(Field::AccountRegion, text(" "))
            .unwrap()
            .with(Field::CspExists, Value::Flag(true))
            .unwrap();
        let expected = [Field::AccountIndustry, Field::AccountRegion, Field::CspExists];
        assert_eq!(after.changed_since(&before), BTreeSet::from(expected));
        assert_eq!(after.changed_since(&after), BTreeSet::new());
    }
}
