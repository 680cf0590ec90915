//! The closed table of fields that a condition can read, each with its type.
//!
//! A field is added by one line in the table below. Must not know where the facts come from.

use super::value::Value;
use infohub::event::EventBody;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a field is about; the first part of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// One opportunity of the account.
    Opportunity,
    /// The account.
    Account,
    /// The event being taken in; it has values only while that happens.
    Event,
    /// The account's plan.
    Csp,
    /// The technical evaluation.
    Evaluation,
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A stage of the configured order.
    Stage,
    /// A word of a closed list.
    Word(WordList),
    /// A number.
    Number,
    /// An amount in a currency.
    Money,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
}

/// A closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordList {
    /// How an account is served.
    Tier,
    /// The phase of a plan.
    Lifecycle,
    /// The state of a plan as a document.
    Status,
    /// The type of an event.
    EventType,
    /// How a technical evaluation ended.
    EvaluationResult,
}

impl WordList {
    /// The words, as they stand in facts and conditions.
    #[must_use]
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Tier => &["strategic", "enterprise", "commercial"],
            Self::Lifecycle => &["initiate", "develop", "finalize", "execute"],
            Self::Status => &["draft", "in_review", "agreed", "active", "completed", "archived"],
            Self::EventType => EventBody::TYPES,
            Self::EvaluationResult => &["passed", "failed", "inconclusive"],
        }
    }
}

macro_rules! fields {
    ($($variant:ident = $name:literal, $topic:expr, $kind:expr, $meaning:literal;)*) => {
        /// A field that a condition can read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Field {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)*
        }

        impl Field {
            /// Every field, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in conditions, such as `Opportunity.stage`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The type of its values.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => $kind,)* }
            }

            /// What it is about.
            #[must_use]
            pub const fn topic(self) -> Topic {
                match self { $(Self::$variant => $topic,)* }
            }

            /// What it says, in a sentence for operators.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fields! {
    OpportunityId = "Opportunity.id", Topic::Opportunity, Kind::Text, "The opportunity's id in the CRM.";
    OpportunityName = "Opportunity.name", Topic::Opportunity, Kind::Text, "The opportunity's name.";
    OpportunityStage = "Opportunity.stage", Topic::Opportunity, Kind::Stage, "The sales stage.";
    OpportunityArr = "Opportunity.arr", Topic::Opportunity, Kind::Money, "The annual recurring revenue.";
    OpportunityCloseDate = "Opportunity.close_date", Topic::Opportunity, Kind::Date, "The day on which it is expected to close.";
    OpportunityKind = "Opportunity.kind", Topic::Opportunity, Kind::Text, "The kind of deal, as the CRM names it.";
    OpportunityOwner = "Opportunity.owner", Topic::Opportunity, Kind::Text, "The owner's id in the CRM.";
    AccountSlug = "Account.slug", Topic::Account, Kind::Text, "The name of the account's folder.";
    AccountName = "Account.name", Topic::Account, Kind::Text, "The account's name.";
    AccountTier = "Account.tier", Topic::Account, Kind::Word(WordList::Tier), "How the account is served.";
    AccountIndustry = "Account.industry", Topic::Account, Kind::Text, "The account's industry, as the CRM names it.";
    AccountRegion = "Account.region", Topic::Account, Kind::Text, "The region of the sales organisation.";
    AccountCountry = "Account.country", Topic::Account, Kind::Text, "The country, as the CRM writes it.";
    AccountEmployees = "Account.employees", Topic::Account, Kind::Number, "The number of employees.";
    EventType = "Event.type", Topic::Event, Kind::Word(WordList::EventType), "The type of the event being taken in.";
    EventSource = "Event.source", Topic::Event, Kind::Text, "The system that reported the event.";
    CspExists = "CSP.exists", Topic::Csp, Kind::Flag, "Whether the account has a plan.";
    CspLifecycle = "CSP.lifecycle", Topic::Csp, Kind::Word(WordList::Lifecycle), "The phase of the plan.";
    CspStatus = "CSP.status", Topic::Csp, Kind::Word(WordList::Status), "The state of the plan as a document.";
    CspVersion = "CSP.version", Topic::Csp, Kind::Number, "The version of the plan.";
    CspLastUpdated = "CSP.last_updated", Topic::Csp, Kind::Date, "The day of the plan's last change, in UTC.";
    CspLastCustomerReview = "CSP.last_customer_review", Topic::Csp, Kind::Date, "The day of the customer's last review.";
    EvaluationStartedOn = "Evaluation.started_on", Topic::Evaluation, Kind::Date, "The day on which the technical evaluation began.";
    EvaluationFinishedOn = "Evaluation.finished_on", Topic::Evaluation, Kind::Date, "The day on which it ended.";
    EvaluationValidatedBy = "Evaluation.validated_by", Topic::Evaluation, Kind::Text, "The SA who validated that it is worth doing, as named in team.yaml.";
    EvaluationResult = "Evaluation.result", Topic::Evaluation, Kind::Word(WordList::EvaluationResult), "How it ended.";
}

impl Field {
    /// The field of this exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// Whether a fact of this value may stand in the field.
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        matches!(
            (self.kind(), value),
            (Kind::Text | Kind::Stage | Kind::Word(_), Value::Text(_))
                | (Kind::Number, Value::Number(_))
                | (Kind::Money, Value::Money(_))
                | (Kind::Date, Value::Date(_))
                | (Kind::Flag, Value::Flag(_))
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Stage => "a stage",
            Self::Word(WordList::Tier) => "a tier",
            Self::Word(WordList::Lifecycle) => "a lifecycle phase",
            Self::Word(WordList::Status) => "a status",
            Self::Word(WordList::EventType) => "an event type",
            Self::Word(WordList::EvaluationResult) => "a result",
            Self::Number => "a number",
            Self::Money => "money",
            Self::Date => "a date",
            Self::Flag => "yes or no",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use infohub::facts::{EvaluationResult, Tier};
    use infohub::plan::{Lifecycle, Status};
    use schemars::{JsonSchema, schema_for};

    /// The list has the words of the enum that the facts are typed by.
    fn check_words<T: JsonSchema>(list: WordList) {
        let schema = serde_json::to_value(schema_for!(T)).unwrap();
        let variants = schema["oneOf"].as_array().unwrap();
        let words: Vec<&str> = variants.iter().map(|word| word["const"].as_str().unwrap()).collect();
        assert_eq!(list.words(), words);
    }

    #[test]
    fn words_are_those_of_the_facts() {
        check_words::<Tier>(WordList::Tier);
        check_words::<Lifecycle>(WordList::Lifecycle);
        check_words::<Status>(WordList::Status);
        check_words::<EvaluationResult>(WordList::EvaluationResult);
    }

    #[test]
    fn names_are_found_again_and_begin_with_their_topic() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            let topic = format!("{:?}.", field.topic()).to_lowercase();
            assert!(field.name().to_lowercase().starts_with(&topic), "{field}");
        }
        assert_eq!(Field::from_name("opportunity.stage"), None);
    }
}
