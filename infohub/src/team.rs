//! `team.yaml`: the people on our side. Who may approve what is decided from these roles.

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
}
