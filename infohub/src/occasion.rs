//! What started a task, in the few particulars that its prompt may name: the meeting, the period, the item, who
//! hands over. Taken from an event, or said by the person who starts the task. It must not know tasks or rules.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Event, EventBody};
use crate::facts::FactChange;
use crate::ids::{ItemId, PersonId};

/// Changes of facts that are kept; an event of the CRM brings far fewer.
const MOST_CHANGES: usize = 20;

/// The particulars of what started a task; what is not known is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Occasion {
    /// The material that it is about, by its path from the account's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// The day that it is about: of the meeting, the review, the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The first day of the period that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day of that period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The item of the plan that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// Who hands the plan over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handed_over_by: Option<PersonId>,
    /// Who takes it over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_over_by: Option<PersonId>,
    /// What the CRM says anew, as `opportunity.006A1.stage: Stage 2, before Stage 1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
}

impl Occasion {
    /// What an event says, with the changes of facts that it brought.
    pub fn of(event: &Event, changes: &[FactChange]) -> Self {
        let changes = changes.iter().take(MOST_CHANGES).map(told).collect();
        let said = match &event.body {
            EventBody::MeetingRecorded(data) => {
                Self { material: Some(data.material.clone()), day: data.held_on, ..Self::default() }
            }
            EventBody::StatusReported(data) => {
                Self { material: Some(data.material.clone()), day: data.as_of, ..Self::default() }
            }
            EventBody::UsageReported(data) => Self {
                material: Some(data.material.clone()),
                from: data.from,
                until: data.until,
                ..Self::default()
            },
            EventBody::HandoffInitiated(data) => Self {
                material: data.material.clone(),
                handed_over_by: data.from.clone(),
                taken_over_by: data.to.clone(),
                ..Self::default()
            },
            EventBody::CustomerReviewed(data) => Self {
                material: data.material.clone(),
                day: data.reviewed_on.or(Some(day_of(event.time))),
                ..Self::default()
            },
            EventBody::MilestoneCompleted(data) => Self {
                item: Some(data.item.clone()),
                day: data.completed_on.or(Some(day_of(event.time))),
                ..Self::default()
            },
            EventBody::OpportunityChanged(_)
            | EventBody::EvaluationStarted(_)
            | EventBody::EvaluationFinished(_)
            | EventBody::ProposalRequested(_) => Self::default(),
        };
        Self { changes, ..said }
    }

    /// True if nothing is known of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The day of a moment, in UTC as all days that the runtime itself derives.
pub fn day_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

fn told(change: &FactChange) -> String {
    let new = change.new.as_deref().unwrap_or("cleared");
    match &change.old {
        Some(old) => format!("{}: {new}, before {old}", change.field),
        None => format!("{}: {new}, not known before", change.field),
    }
}

/// The path of a material, checked as it is read: below `materials/` and nowhere else.
pub mod material {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer};

    use crate::store::StorePath;

    /// The path if it leads to a place below `materials/`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn checked(path: String) -> Result<String, String> {
        let is_below = path.strip_prefix("materials/").is_some_and(|rest| !rest.is_empty());
        if is_below && StorePath::new(&path).is_ok() {
            Ok(path)
        } else {
            Err(format!(
                "'{path}' is not a file below materials/; take materials/meetings/2026-01-20.md, say"
            ))
        }
    }

    pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        checked(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }

    pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
        let path = Option::<String>::deserialize(deserializer)?;
        path.map(checked).transpose().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The occasion as JSON that this event makes.
    fn check(kind: &str, data: &str, expected: &str) {
        let json = format!(
            r#"{{"specversion":"1.0","id":"e","source":"s","type":"{kind}","subject":"acme","time":"2026-05-04T23:00:00Z","data":{data}}}"#
        );
        let occasion = Occasion::of(&Event::parse(&json).unwrap(), &[]);
        assert_eq!(serde_json::to_string(&occasion).unwrap(), expected);
        assert_eq!(serde_json::from_str::<Occasion>(expected).unwrap(), occasion);
    }

    #[test]
    fn an_event_says_what_it_is_about() {
        check(
            "meeting.recorded",
            r#"{"material":"materials/m.md","held_on":"2026-05-01"}"#,
            r#"{"material":"materials/m.md","day":"2026-05-01"}"#,
        );
        check("meeting.recorded", r#"{"material":"materials/m.md"}"#, r#"{"material":"materials/m.md"}"#);
        check(
            "usage.reported",
            r#"{"material":"materials/u.csv","from":"2026-04-01","until":"2026-04-30"}"#,
            r#"{"material":"materials/u.csv","from":"2026-04-01","until":"2026-04-30"}"#,
        );
        check("customer.reviewed", "{}", r#"{"day":"2026-05-04"}"#);
        check("milestone.completed", r#"{"item":"ms-1"}"#, r#"{"day":"2026-05-04","item":"ms-1"}"#);
        check(
            "handoff.initiated",
            r#"{"from":"mira","to":"adaeze"}"#,
            r#"{"handed_over_by":"mira","taken_over_by":"adaeze"}"#,
        );
        check("proposal.requested", "{}", "{}");
    }

    #[test]
    fn changes_are_told_with_what_was_known() {
        let change = |old: Option<&str>, new: Option<&str>| FactChange {
            field: "opportunity.1.stage".into(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        assert_eq!(
            told(&change(Some("Stage 1"), Some("Stage 2"))),
            "opportunity.1.stage: Stage 2, before Stage 1"
        );
        assert_eq!(told(&change(None, Some("Stage 1"))), "opportunity.1.stage: Stage 1, not known before");
        assert_eq!(told(&change(Some("x"), None)), "opportunity.1.stage: cleared, before x");
    }
}
