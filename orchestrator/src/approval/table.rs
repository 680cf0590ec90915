//! Which roles may let a draft in, by agent and section. It must not know people.
//!
//! ```text
//! an agent's section ─► else the section ─► else the agent ─► else all others      and always the managers
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use infohub::plan::{Role, SectionKey};
use serde::Deserialize;

/// Somebody by role who may let a draft in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub enum Approver {
    /// The role that owns the plan: SA before the sale, CA after it.
    Owner,
    /// This role.
    Role(Role),
}

/// A word that stands for no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is no role; say owner, {}", ROLES.map(|role| role.to_string()).join(", "))]
pub struct NoRole {
    word: String,
}

/// All roles.
const ROLES: [Role; 7] =
    [Role::Sa, Role::Ae, Role::Ca, Role::Delivery, Role::Ve, Role::SaManager, Role::CaManager];

impl TryFrom<String> for Approver {
    type Error = NoRole;

    fn try_from(word: String) -> Result<Self, NoRole> {
        let role = ROLES.into_iter().find(|role| role.to_string() == word);
        match (word.as_str(), role) {
            ("owner", _) => Ok(Self::Owner),
            (_, Some(role)) => Ok(Self::Role(role)),
            (_, None) => Err(NoRole { word }),
        }
    }
}

impl fmt::Display for Approver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner => f.pad("owner"),
            Self::Role(role) => role.fmt(f),
        }
    }
}

/// What a person may or may not let in: a section of the plan as one agent drafts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The agent.
    pub agent: &'a str,
    /// The section; nothing if the draft touches none any more.
    pub section: Option<SectionKey>,
    /// The role that owns the plan.
    pub owner: Role,
}

/// Who may let drafts in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approvers {
    /// Where nothing else is said.
    pub others: Vec<Approver>,
    /// Everywhere.
    pub always: Vec<Approver>,
    /// In a section, whoever drafted it.
    pub sections: BTreeMap<SectionKey, Vec<Approver>>,
    /// All that an agent drafts.
    pub agents: BTreeMap<String, Vec<Approver>>,
    /// What an agent drafts in a section.
    pub agents_sections: BTreeMap<(String, SectionKey), Vec<Approver>>,
}

/// The plan's owner lets drafts in; the AE too in the sections of the commercial context, and both sides of a handoff
/// in the section about it. Managers always may.
impl Default for Approvers {
    fn default() -> Self {
        let with = |role| vec![Approver::Owner, Approver::Role(role)];
        Self {
            others: vec![Approver::Owner],
            always: vec![Approver::Role(Role::SaManager), Approver::Role(Role::CaManager)],
            sections: BTreeMap::from([
                (SectionKey::Background, with(Role::Ae)),
                (SectionKey::Stakeholders, with(Role::Ae)),
                (SectionKey::Handoff, with(Role::Ca)),
            ]),
            agents: BTreeMap::new(),
            agents_sections: BTreeMap::new(),
        }
    }
}

impl Approvers {
    /// The roles that may let the part in.
    pub fn of(&self, part: Part<'_>) -> BTreeSet<Role> {
        let both =
            part.section.and_then(|section| self.agents_sections.get(&(part.agent.to_owned(), section)));
        let section = || part.section.and_then(|section| self.sections.get(&section));
        let named = both.or_else(section).or_else(|| self.agents.get(part.agent)).unwrap_or(&self.others);
        let role = |approver: &Approver| match approver {
            Approver::Owner => part.owner,
            Approver::Role(role) => *role,
        };
        named.iter().chain(&self.always).map(role).collect()
    }
}

/// `sa, ae or sa_manager`.
pub(super) fn either(words: impl IntoIterator<Item = impl ToString>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    match words.as_slice() {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(approvers: &Approvers, agent: &str, section: SectionKey, expected: &str) {
        let part = Part { agent, section: Some(section), owner: Role::Ca };
        assert_eq!(either(approvers.of(part)), expected, "{agent} in {section}");
    }

    #[test]
    fn the_narrower_line_goes_before_the_wider() {
        let usual = Approvers::default();
        check(&usual, "ca", SectionKey::Risks, "ca, sa_manager or ca_manager");
        check(&usual, "ae", SectionKey::Background, "ae, ca, sa_manager or ca_manager");
        let only = |role| vec![Approver::Role(role)];
        let own = Approvers {
            always: Vec::new(),
            sections: BTreeMap::from([(SectionKey::Risks, only(Role::Delivery))]),
            agents: BTreeMap::from([("ve".to_owned(), only(Role::Ve))]),
            agents_sections: BTreeMap::from([(("ca".to_owned(), SectionKey::Risks), only(Role::Sa))]),
            ..Approvers::default()
        };
        check(&own, "ca", SectionKey::Risks, "sa");
        check(&own, "ve", SectionKey::Risks, "delivery");
        check(&own, "ve", SectionKey::Background, "ve");
        check(&own, "ca", SectionKey::Background, "ca");
    }

    #[test]
    fn a_word_that_is_no_role_is_told_with_those_that_are() {
        let refused = Approver::try_from("boss".to_owned()).unwrap_err().to_string();
        assert_eq!(refused, "'boss' is no role; say owner, sa, ae, ca, delivery, ve, sa_manager, ca_manager");
    }
}
