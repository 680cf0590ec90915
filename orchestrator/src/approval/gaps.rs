//! Contradictions between the roles that may let drafts in and the people that there are: drafts that nobody may let
//! in, and roles that nobody has. It must not know files.

use std::collections::BTreeSet;
use std::fmt;

use infohub::plan::{Role, SectionKey};
use infohub::team::Team;

use super::table::{Approver, Approvers, Part, either};

/// A contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// Nobody may let in such drafts, whoever owns the plan.
    Nobody {
        /// Which drafts.
        drafts: String,
        /// What it would take.
        roles: BTreeSet<Role>,
    },
    /// Nobody may while this role owns the plan.
    NobodyWhile {
        /// The role.
        owner: Role,
        /// Which drafts.
        drafts: String,
        /// What it would take.
        roles: BTreeSet<Role>,
    },
    /// Nobody has a role that is set.
    NoHolder {
        /// The role.
        role: Role,
    },
}

impl Gap {
    /// Whether work stands still because of it; else it is worth knowing.
    pub fn refuses(&self) -> bool {
        matches!(self, Self::Nobody { .. })
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody { drafts, roles } => {
                write!(f, "nobody in team.yaml may let in {drafts}: it takes {}", either(roles))
            }
            Self::NobodyWhile { owner, drafts, roles } => {
                let when = if *owner == Role::Ca { "after" } else { "before" };
                write!(
                    f,
                    "{when} the sale nobody in team.yaml may let in {drafts}: it takes {}",
                    either(roles)
                )
            }
            Self::NoHolder { role } => write!(f, "it names the role {role}, which nobody in team.yaml has"),
        }
    }
}

/// All contradictions, those that let work stand still first.
pub fn gaps(approvers: &Approvers, team: &Team) -> Vec<Gap> {
    let held: BTreeSet<Role> = team.people.iter().flat_map(|person| person.roles.iter().copied()).collect();
    let lines = lines(approvers);
    let lacking = |owner| -> Vec<&Line> {
        let lacks = |line: &&Line| approvers.of(line.part(owner)).is_disjoint(&held);
        lines.iter().filter(lacks).collect()
    };
    let (before, after) = (lacking(Role::Sa), lacking(Role::Ca));
    let both = told(&before, &lines, approvers, Role::Sa, |line| after.contains(&line));
    let mut gaps: Vec<Gap> = both.map(|(drafts, roles)| Gap::Nobody { drafts, roles }).into_iter().collect();
    for (owner, own, other) in [(Role::Sa, &before, &after), (Role::Ca, &after, &before)] {
        let only = told(own, &lines, approvers, owner, |line| !other.contains(&line));
        gaps.extend(only.map(|(drafts, roles)| Gap::NobodyWhile { owner, drafts, roles }));
    }
    let set = set(approvers).into_iter().filter(|role| !held.contains(role));
    gaps.extend(set.map(|role| Gap::NoHolder { role }));
    gaps
}

/// Drafts for which one line of the table holds.
#[derive(Debug, PartialEq, Eq)]
struct Line<'a> {
    agent: &'a str,
    section: Option<SectionKey>,
}

impl<'a> Line<'a> {
    fn part(&self, owner: Role) -> Part<'a> {
        Part { agent: self.agent, section: self.section, owner }
    }

    fn words(&self) -> String {
        match (self.agent, self.section) {
            ("", Some(section)) => section.spoken(),
            ("", None) => "what no line names".to_owned(),
            (agent, Some(section)) => format!("what {agent} drafts in {}", section.spoken()),
            (agent, None) => format!("what {agent} drafts"),
        }
    }
}

fn lines(approvers: &Approvers) -> Vec<Line<'_>> {
    let sections = SectionKey::every().map(|section| Line { agent: "", section: Some(section) });
    let agents = approvers.agents.keys().map(|agent| Line { agent, section: None });
    let both =
        approvers.agents_sections.keys().map(|(agent, section)| Line { agent, section: Some(*section) });
    sections.chain(agents).chain(both).collect()
}

/// The words for those of the lines that are meant, with the roles of the first.
fn told(
    lacking: &[&Line<'_>],
    all: &[Line<'_>],
    approvers: &Approvers,
    owner: Role,
    meant: impl Fn(&Line<'_>) -> bool,
) -> Option<(String, BTreeSet<Role>)> {
    let meant: Vec<_> = lacking.iter().filter(|line| meant(line)).collect();
    let roles = approvers.of(meant.first()?.part(owner));
    if meant.len() == all.len() {
        return Some(("any draft".to_owned(), roles));
    }
    let words: Vec<String> = meant.iter().map(|line| line.words()).collect();
    Some((words.join(", "), roles))
}

/// The roles of lines that are not the usual ones.
fn set(approvers: &Approvers) -> BTreeSet<Role> {
    let usual = Approvers::default();
    let own = Approvers {
        others: if approvers.others == usual.others { Vec::new() } else { approvers.others.clone() },
        always: if approvers.always == usual.always { Vec::new() } else { approvers.always.clone() },
        sections: approvers
            .sections
            .iter()
            .filter(|(section, roles)| usual.sections.get(section) != Some(roles))
            .map(|(section, roles)| (*section, roles.clone()))
            .collect(),
        ..approvers.clone()
    };
    let lists = [&own.others, &own.always].into_iter().chain(own.sections.values());
    let lists = lists.chain(own.agents.values()).chain(own.agents_sections.values());
    let roles = lists.flatten().filter_map(|approver| match approver {
        Approver::Owner => None,
        Approver::Role(role) => Some(*role),
    });
    roles.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(approvers: &Approvers, roles: &str, expected: &[&str]) {
        let json = format!(r#"{{"people":[{{"id":"a","name":"A","roles":[{roles}]}}]}}"#);
        let team: Team = serde_json::from_str(&json).unwrap();
        let found: Vec<String> = gaps(approvers, &team).iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{roles}");
    }

    #[test]
    fn what_nobody_may_let_in_is_told_in_one_sentence() {
        let usual = Approvers::default();
        check(&usual, r#""sa","ca""#, &[]);
        check(&usual, r#""sa_manager""#, &[]);
        check(
            &usual,
            r#""delivery""#,
            &["nobody in team.yaml may let in any draft: it takes sa, ae, sa_manager or ca_manager"],
        );
        let own = Approvers {
            always: Vec::new(),
            agents: [("ve".to_owned(), vec![Approver::Role(Role::Ve)])].into(),
            ..Approvers::default()
        };
        check(
            &own,
            r#""sa","ca""#,
            &[
                "nobody in team.yaml may let in what ve drafts: it takes ve",
                "it names the role ve, which nobody in team.yaml has",
            ],
        );
        check(
            &usual,
            r#""sa""#,
            &[
                "after the sale nobody in team.yaml may let in any draft: it takes ae, ca, sa_manager or ca_manager",
            ],
        );
    }
}
