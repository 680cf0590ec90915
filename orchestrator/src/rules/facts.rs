//! What is known about one subject at one moment: a value per field, or none.
//!
//! Must not know where the values come from, nor what rules make of them.

use super::field::{Field, Kind};
use super::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The known values. A field that is absent has no value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: BTreeMap<Field, Value>,
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

    /// Takes a field's value away.
    pub fn clear(&mut self, field: Field) {
        self.values.remove(&field);
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.values.get(&field)
    }

    /// The fields whose value is another one than before, has come, or has gone.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> BTreeSet<Field> {
        let known = self.values.keys().chain(before.values.keys());
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
