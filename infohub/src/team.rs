//! `team.yaml`: the people on our side. Who may approve what is decided from these roles.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::plan::Role;

/// All of `team.yaml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// The people.
    #[serde(default)]
    pub people: Vec<Person>,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Short id, used in all other files.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What the person does.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// IANA name of the person's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The person's manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<PersonId>,
    /// When the person is away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Absence>,
}

/// Days on which a person is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The first day, where the person is.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who stands in; without one, what is for the person waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegate: Option<PersonId>,
}

impl Person {
    /// The absence that a day falls into.
    pub fn away_on(&self, day: Date) -> Option<&Absence> {
        self.away.iter().find(|absence| (absence.from..=absence.to).contains(&day))
    }

    /// What cannot be meant about the times when the person is away.
    fn absence_faults(&self, team: &Team) -> Vec<String> {
        let mut faults = Vec::new();
        for (at, absence) in self.away.iter().enumerate() {
            let Absence { from, to, delegate } = absence;
            if from > to {
                faults
                    .push(format!("'{}' is away from {from} to {to}, which ends before it begins", self.id));
            }
            if self.away[..at].iter().any(|earlier| earlier.from <= *to && *from <= earlier.to) {
                faults
                    .push(format!("'{}' is away from {from} to {to}, and a second time within it", self.id));
            }
            match delegate {
                Some(delegate) if *delegate == self.id => {
                    faults.push(format!("'{delegate}' cannot stand in for themselves"));
                }
                Some(delegate) if team.person(delegate).is_none() => {
                    faults.push(format!("'{delegate}', who stands in for '{}', is not in the list", self.id));
                }
                _ => {}
            }
        }
        faults
    }
}

impl Team {
    /// The person with this id.
    pub fn person(&self, id: &PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == *id)
    }

    /// The only person with this role; `None` if there are several, since choosing is not ours.
    pub fn sole(&self, role: Role) -> Option<&Person> {
        let mut having = self.people.iter().filter(|person| person.roles.contains(&role));
        having.next().filter(|_| having.next().is_none())
    }

    /// Contradictions within the file, as sentences.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (at, person) in self.people.iter().enumerate() {
            if self.people[..at].iter().any(|earlier| earlier.id == person.id) {
                faults.push(format!("person '{}' stands twice in the list", person.id));
            }
            if let Some(manager) = person.manager.as_ref().filter(|manager| self.person(manager).is_none()) {
                faults.push(format!("manager '{manager}' of '{}' is not in the list", person.id));
            }
            if let Some(zone) =
                person.time_zone.as_ref().filter(|zone| jiff::tz::TimeZone::get(zone).is_err())
            {
                faults.push(format!(
                    "time zone '{zone}' of '{}' is not an IANA name such as Europe/Berlin",
                    person.id
                ));
            }
            faults.extend(person.absence_faults(self));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_are_told() {
        let json = r#"{"people":[
            {"id":"a","name":"A","roles":["sa"],"time_zone":"Mars/Base"},
            {"id":"a","name":"B","roles":["sa"],"manager":"z"}]}"#;
        let team: Team = serde_json::from_str(json).unwrap();
        assert_eq!(team.faults().len(), 3, "{:?}", team.faults());
        assert!(team.sole(Role::Sa).is_none());
        assert!(team.sole(Role::Ca).is_none());
    }

    #[test]
    fn absences_that_cannot_be_meant_are_told() {
        let check = |away: &str, expected: &[&str]| {
            let json =
                format!(r#"{{"people":[{{"id":"a","name":"A","away":[{away}]}},{{"id":"b","name":"B"}}]}}"#);
            let team: Team = serde_json::from_str(&json).unwrap();
            assert_eq!(team.faults(), expected, "{away}");
        };
        check(r#"{"from":"2026-07-01","to":"2026-07-01","delegate":"b"}"#, &[]);
        check(r#"{"from":"2026-07-01","to":"2026-07-14"},{"from":"2026-07-15","to":"2026-07-16"}"#, &[]);
        check(
            r#"{"from":"2026-07-02","to":"2026-07-01","delegate":"a"}"#,
            &[
                "'a' is away from 2026-07-02 to 2026-07-01, which ends before it begins",
                "'a' cannot stand in for themselves",
            ],
        );
        check(
            r#"{"from":"2026-07-01","to":"2026-07-14","delegate":"z"},{"from":"2026-07-14","to":"2026-07-16"}"#,
            &[
                "'z', who stands in for 'a', is not in the list",
                "'a' is away from 2026-07-14 to 2026-07-16, and a second time within it",
            ],
        );
    }
}
