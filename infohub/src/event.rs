//! Events as they come in: CloudEvents 1.0 in JSON, typed by `type`. New types are added in this file.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::facts::{EvaluationResult, Tier};
use crate::ids::{AccountSlug, ItemId, NameError, PersonId};
use crate::number::{Currency, Number};
use crate::occasion::material;

/// Longest `id` and `source`, in bytes.
const LONGEST_NAME: usize = 256;

/// Why a text is not an event that this runtime takes.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is not JSON, or not of a CloudEvent's form.
    #[error("not a CloudEvent in JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It says it follows another version of the specification.
    #[error("specversion is '{0}'; only 1.0 is known")]
    SpecVersion(String),
    /// `id` or `source` is empty or too long.
    #[error("'{0}' must have 1 to {LONGEST_NAME} bytes")]
    Name(&'static str),
    /// `subject` does not name an account.
    #[error("subject: {0}")]
    Subject(#[source] NameError),
    /// The type is not known.
    #[error("type '{0}' is not known; known are {known}", known = EventBody::TYPES.join(", "))]
    Type(String),
    /// `data` does not have the form of the type.
    #[error("data of '{kind}': {source}")]
    Data {
        /// The event's type.
        kind: String,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Something that happened to an account. `source` and `id` together make it one event, however often it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "CloudEvent", into = "CloudEvent")]
#[schemars(with = "CloudEvent")]
pub struct Event {
    /// Unique within the source.
    pub id: String,
    /// Who says so.
    pub source: String,
    /// The account.
    pub subject: AccountSlug,
    /// When it happened.
    pub time: Timestamp,
    /// What happened.
    pub body: EventBody,
}

/// The form on the wire. Further attributes are extensions in the sense of CloudEvents and are let be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Event")]
struct CloudEvent {
    specversion: String,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    subject: String,
    time: Timestamp,
    #[serde(default)]
    data: Value,
}

macro_rules! events {
    ($( $(#[$meta:meta])* $variant:ident $kind:literal ),* $(,)?) => {
        /// What happened, by the event's type.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(clippy::large_enum_variant, reason = "events are few and short-lived")]
        pub enum EventBody { $( $(#[$meta])* $variant($variant) ),* }

        impl EventBody {
            /// The types that this version knows.
            pub const TYPES: &'static [&'static str] = &[$($kind),*];

            /// The event's type as it is written.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind),* }
            }

            fn parse(kind: &str, data: Value) -> Result<Self, EventError> {
                match kind {
                    $( $kind => serde_json::from_value(data)
                        .map(Self::$variant)
                        .map_err(|source| EventError::Data { kind: kind.to_owned(), source }), )*
                    _ => Err(EventError::Type(kind.to_owned())),
                }
            }

            fn data(&self) -> Value {
                // The data types hold nothing that JSON lacks.
                match self { $(Self::$variant(data) => serde_json::to_value(data).unwrap_or_default()),* }
            }
        }
    };
}

events! {
    /// The CRM's record of a company or an opportunity changed.
    OpportunityChanged "opportunity.changed",
    /// A technical evaluation began.
    EvaluationStarted "evaluation.started",
    /// A technical evaluation ended.
    EvaluationFinished "evaluation.finished",
    /// A proposal to the customer is wanted.
    ProposalRequested "proposal.requested",
    /// A meeting took place and its notes or transcript lie in the materials.
    MeetingRecorded "meeting.recorded",
    /// Delivery reported how its work stands.
    StatusReported "status.reported",
    /// The plan is to pass from the SA to the CA.
    HandoffInitiated "handoff.initiated",
    /// Figures of the product's use lie in the materials.
    UsageReported "usage.reported",
    /// The customer went through the plan with us.
    CustomerReviewed "customer.reviewed",
    /// A milestone of the plan was reached.
    MilestoneCompleted "milestone.completed",
}

/// Absent, null and a value are three things: unchanged, cleared, set.
type News<T> = Option<Option<T>>;

fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<News<T>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

macro_rules! news {
    ($(#[$meta:meta])* $name:ident ( $( $(#[$own_meta:meta])* $own:ident : $own_type:ty )? ) { $( $(#[$field_meta:meta])* $field:ident : $type:ty, )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $( $(#[$own_meta])* pub $own: $own_type, )?
            $(
                $(#[$field_meta])*
                #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
                pub $field: Option<Option<$type>>,
            )*
        }
    };
}

news! {
    /// What the event says of the company.
    CompanyNews () {
        /// Name.
        name: String,
        /// Tier.
        tier: Tier,
        /// Industry.
        industry: String,
        /// Region.
        region: String,
        /// Country.
        country: String,
        /// IANA time zone.
        time_zone: String,
        /// Web site.
        website: String,
        /// Number of employees.
        employees: u32,
    }
}

news! {
    /// What the event says of an opportunity.
    OpportunityNews (
        /// The CRM's id.
        id: String
    ) {
        /// Name.
        name: String,
        /// Sales stage.
        stage: String,
        /// Annual recurring revenue.
        arr: Number,
        /// Currency of `arr`.
        currency: Currency,
        /// Expected close date.
        close_date: Date,
        /// Kind of deal.
        kind: String,
        /// Owner's id in the CRM.
        owner: String,
    }
}

/// Data of `opportunity.changed`: a field that is absent is unchanged, null clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityChanged {
    /// The company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<CompanyNews>,
    /// The opportunity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<OpportunityNews>,
}

/// Data of `evaluation.started`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationStarted {
    /// The opportunity that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<String>,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_on: Option<Date>,
    /// The SA who validated that it is worth doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validated_by: Option<PersonId>,
}

/// Data of `evaluation.finished`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluationFinished {
    /// The opportunity that it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<String>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_on: Option<Date>,
    /// The SA who validated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validated_by: Option<PersonId>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<EvaluationResult>,
}

/// Data of `proposal.requested`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalRequested {
    /// The opportunity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<String>,
    /// Who asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<PersonId>,
}

/// Data of `meeting.recorded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingRecorded {
    /// Path of the notes from the account's folder, as `materials/meetings/2026-01-20.md`.
    #[serde(deserialize_with = "material::required")]
    pub material: String,
    /// The day of the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_on: Option<Date>,
}

/// Data of `status.reported`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusReported {
    /// Path of the report from the account's folder, as `materials/status/2026-04-17.md`.
    #[serde(deserialize_with = "material::required")]
    pub material: String,
    /// The day as of which it speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
}

/// Data of `handoff.initiated`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandoffInitiated {
    /// The opportunity that was won.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opportunity: Option<String>,
    /// The SA who hands over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PersonId>,
    /// The CA who takes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PersonId>,
    /// Path of the handoff's notes from the account's folder.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "material::optional")]
    pub material: Option<String>,
}

/// Data of `usage.reported`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UsageReported {
    /// Path of the figures from the account's folder, as `materials/usage/2026-05.csv`.
    #[serde(deserialize_with = "material::required")]
    pub material: String,
    /// The first day that they cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day that they cover.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// Data of `customer.reviewed`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerReviewed {
    /// The day of the review; the event's own day if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed_on: Option<Date>,
    /// Path of the review's notes from the account's folder.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "material::optional")]
    pub material: Option<String>,
}

/// Data of `milestone.completed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MilestoneCompleted {
    /// The milestone's id in section 6 of the plan.
    pub item: ItemId,
    /// The day it was reached; the event's own day if it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_on: Option<Date>,
}

impl Event {
    /// Reads one event from JSON text.
    pub fn parse(json: &str) -> Result<Self, EventError> {
        serde_json::from_str::<CloudEvent>(json)?.try_into()
    }

    /// What makes it one event however often it comes.
    pub fn key(&self) -> String {
        format!("{}\n{}", self.source, self.id)
    }

    /// The opportunity that the event is about, if it names one.
    pub fn opportunity(&self) -> Option<&str> {
        match &self.body {
            EventBody::OpportunityChanged(data) => data.opportunity.as_ref().map(|news| news.id.as_str()),
            EventBody::EvaluationStarted(data) => data.opportunity.as_deref(),
            EventBody::EvaluationFinished(data) => data.opportunity.as_deref(),
            EventBody::ProposalRequested(data) => data.opportunity.as_deref(),
            EventBody::HandoffInitiated(data) => data.opportunity.as_deref(),
            EventBody::MeetingRecorded(_)
            | EventBody::StatusReported(_)
            | EventBody::UsageReported(_)
            | EventBody::CustomerReviewed(_)
            | EventBody::MilestoneCompleted(_) => None,
        }
    }
}

impl TryFrom<CloudEvent> for Event {
    type Error = EventError;
    fn try_from(raw: CloudEvent) -> Result<Self, EventError> {
        if raw.specversion != "1.0" {
            return Err(EventError::SpecVersion(raw.specversion));
        }
        for (name, text) in [("id", &raw.id), ("source", &raw.source)] {
            if text.is_empty() || text.len() > LONGEST_NAME {
                return Err(EventError::Name(name));
            }
        }
        let data = if raw.data.is_null() { Value::Object(serde_json::Map::new()) } else { raw.data };
        Ok(Self {
            id: raw.id,
            source: raw.source,
            subject: AccountSlug::new(raw.subject).map_err(EventError::Subject)?,
            time: raw.time,
            body: EventBody::parse(&raw.kind, data)?,
        })
    }
}

impl From<Event> for CloudEvent {
    fn from(event: Event) -> Self {
        Self {
            specversion: "1.0".into(),
            id: event.id,
            source: event.source,
            kind: event.body.kind().into(),
            subject: event.subject.into(),
            time: event.time,
            data: event.body.data(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"specversion":"1.0","id":"e-17","source":"crm","type":"opportunity.changed","subject":"acme","time":"2026-01-15T10:00:00Z","traceparent":"00-1-2-3",
        "data":{"account":{"name":"Acme","tier":"enterprise","time_zone":"Europe/Berlin"},
                "opportunity":{"id":"006A1","stage":"Stage 2","arr":250000,"currency":"USD","close_date":"2026-06-30"}}}"#;

    #[test]
    fn an_event_survives_being_written() {
        let event = Event::parse(GOOD).unwrap();
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(Event::parse(&json).unwrap(), event);
        assert_eq!(event.opportunity(), Some("006A1"));
    }

    #[test]
    fn bad_events_say_what_is_wrong() {
        let check = |from: &str, to: &str, expected: &str| {
            let error = Event::parse(&GOOD.replace(from, to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("1.0", "0.3", "only 1.0 is known");
        check("opportunity.changed", "deal.changed", "known are opportunity.changed");
        check("\"acme\"", "\"../x\"", "is not usable");
        check("\"stage\"", "\"stagee\"", "unknown field `stagee`");
        check("250000", "\"250000\"", "a number of at most 15 digits");
        check("e-17", "", "'id' must have 1 to 256 bytes");
        check("enterprise", "huge", "unknown variant `huge`");
    }

    /// The error that this data of an event leads to; nothing if it is taken.
    fn refused(kind: &str, data: &str) -> Option<String> {
        let json = format!(
            r#"{{"specversion":"1.0","id":"e","source":"s","type":"{kind}","subject":"acme","time":"2026-01-15T10:00:00Z","data":{data}}}"#
        );
        Event::parse(&json).err().map(|error| error.to_string())
    }

    #[test]
    fn data_is_checked_by_its_type() {
        let check = |kind: &str, data: &str, expected: Option<&str>| {
            let refused = refused(kind, data);
            match expected {
                None => assert_eq!(refused, None, "{kind} {data}"),
                Some(part) => {
                    assert!(refused.as_ref().is_some_and(|told| told.contains(part)), "{refused:?}");
                }
            }
        };
        check(
            "meeting.recorded",
            r#"{"material":"materials/meetings/a b.vtt","held_on":"2026-01-14"}"#,
            None,
        );
        check("meeting.recorded", r#"{"material":"meetings/a.vtt"}"#, Some("below materials/"));
        check("status.reported", r#"{"material":"materials/../../other/plan.md"}"#, Some("below materials/"));
        check(
            "usage.reported",
            r#"{"material":"materials/u.csv","from":"2026-01-01","until":"2026-01-31"}"#,
            None,
        );
        check("usage.reported", "{}", Some("missing field `material`"));
        check(
            "usage.reported",
            r#"{"material":"materials/u.csv","from":"2026-02-30"}"#,
            Some("parsed date is not valid"),
        );
        check("customer.reviewed", "null", None);
        check("customer.reviewed", r#"{"material":"/etc/passwd"}"#, Some("below materials/"));
        check("milestone.completed", r#"{"item":"ms-3f9a","completed_on":"2026-01-15"}"#, None);
        check("milestone.completed", r#"{"item":"ms 3f9a"}"#, Some("item id 'ms 3f9a' is not usable"));
        check("milestone.completed", "{}", Some("missing field `item`"));
        check("handoff.initiated", r#"{"from":"mira","to":"adaeze","opportunity":"006"}"#, None);
        check("handoff.initiated", r#"{"from":"Mira Castellane"}"#, Some("person id"));
    }
}
