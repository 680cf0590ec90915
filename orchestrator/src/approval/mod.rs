//! Who may let a draft in: people by their roles, whoever stands in for them while they are away, and never the person
//! on whose order it was drafted. Pure: team, calendar and moment are arguments.
//!
//! - **Role.** A person may decide on a draft if their roles cover each section that it touches.
//! - **Stand-in.** While a person is away, whoever gets their notices may decide with their roles too.
//! - **Own order.** Who started a task by hand neither accepts its draft nor accepts it with changes, for it would be
//!   their own tool that they check; nor do they lend their roles for it. They may turn it down, and anybody who else
//!   may decide can accept it. To start a failed task again is no order of one's own.
//!
//! It must not know what is in a draft, beyond its sections, nor when anybody is told.

mod gaps;
mod table;

use std::collections::BTreeSet;
use std::sync::Arc;

use infohub::facts::AccountFile;
use infohub::ids::PersonId;
use infohub::plan::{Plan, Role, SectionKey};
use infohub::team::{Person, Team};
use jiff::Timestamp;
use jiff::civil::Date;

pub use gaps::{Gap, gaps};
pub use table::{Approver, Approvers, NoRole, Part};

use crate::attention::receiver;
use crate::calendar::{Calendar, Moment};
use crate::review::Review;
use crate::task::Task;
use table::either;

/// The most people that a refusal names.
const MOST_NAMED: usize = 5;

/// What decides who may let drafts in.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// Which roles.
    pub approvers: &'a Approvers,
    /// Who has them.
    pub team: &'a Team,
    /// The days and hours by which people are away.
    pub calendar: &'a Arc<Calendar>,
    /// The moment.
    pub now: Timestamp,
}

/// A draft that waits.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The review.
    pub review: &'a Review,
    /// The task that drafted it.
    pub task: &'a Task,
    /// The plan as it is.
    pub plan: Option<&'a Plan>,
}

/// Somebody who may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Able<'a> {
    /// The person.
    pub person: &'a Person,
    /// In whose place, and until which day, if not by roles of their own.
    pub stands_in_for: Option<(&'a Person, Date)>,
}

/// Why a person may not decide.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They are checking their own tool.
    #[error("'{by}' had this drafted, and nobody lets in what they had drafted themselves; {who}")]
    OwnOrder {
        /// The person.
        by: PersonId,
        /// Who may, in a clause.
        who: String,
    },
    /// They lack a role.
    #[error("'{by}' may not decide on this: {takes}; {who}")]
    Role {
        /// The person.
        by: PersonId,
        /// What it takes, in a clause.
        takes: String,
        /// Who may, in a clause.
        who: String,
    },
}

impl<'a> Case<'a> {
    /// The agent that drafted it.
    fn agent(&self) -> &'a str {
        self.review.run.split('.').next().unwrap_or_default()
    }

    /// Each section that the draft touches, with the roles that may let it in.
    fn parts(&self, approvers: &Approvers) -> Vec<(Option<SectionKey>, BTreeSet<Role>)> {
        let owner = self.plan.and_then(|plan| plan.plan.owner.as_ref()).map_or(Role::Sa, |owner| owner.role);
        let sections = self.review.sections(self.plan).into_iter().map(Some).collect::<Vec<_>>();
        let sections = if sections.is_empty() { vec![None] } else { sections };
        let roles = |section| approvers.of(Part { agent: self.agent(), section, owner });
        sections.into_iter().map(|section| (section, roles(section))).collect()
    }

    fn was_ordered_by(&self, person: &PersonId) -> bool {
        self.task.started_by.as_ref() == Some(person)
    }
}

impl<'a> Approval<'a> {
    /// Whether the person may accept the draft, as it is or changed.
    ///
    /// # Errors
    /// Why not, and who may.
    pub fn accept(&self, by: &PersonId, case: Case<'_>) -> Result<Able<'a>, Refusal> {
        if case.was_ordered_by(by) {
            return Err(Refusal::OwnOrder { by: by.clone(), who: self.who(case) });
        }
        self.reject(by, case)
    }

    /// Whether the person may turn the draft down.
    ///
    /// # Errors
    /// Why not, and who may.
    pub fn reject(&self, by: &PersonId, case: Case<'_>) -> Result<Able<'a>, Refusal> {
        let able = self.team.person(by).and_then(|person| self.able(person, case));
        able.ok_or_else(|| Refusal::Role { by: by.clone(), takes: self.takes(by, case), who: self.who(case) })
    }

    /// Everybody who may accept the draft now, in the order of team.yaml.
    pub fn people(&self, case: Case<'_>) -> Vec<Able<'a>> {
        let others = self.team.people.iter().filter(|person| !case.was_ordered_by(&person.id));
        others.filter_map(|person| self.able(person, case)).collect()
    }

    /// Who is asked to decide: the plan's owner if they may, else whom the account names for a role that may, else
    /// the first who may, and managers last. Whoever stands in gets it from the one who is asked.
    pub fn asked(&self, case: Case<'_>, facts: &AccountFile) -> Option<&'a Person> {
        let all = self.people(case);
        let able: Vec<&Person> =
            all.iter().filter(|able| able.stands_in_for.is_none()).map(|able| able.person).collect();
        let known = |id: &PersonId| able.iter().find(|person| person.id == *id).copied();
        let owner = case.plan.and_then(|plan| plan.plan.owner.as_ref());
        let role = owner.map_or(Role::Sa, |owner| owner.role);
        let owner = owner.and_then(|owner| owner.person.as_ref()).and_then(known);
        let parts = case.parts(self.approvers);
        let roles = std::iter::once(role).chain(parts.iter().flat_map(|(_, roles)| roles.iter().copied()));
        let mut named = roles.filter_map(|role| facts.person(role)).filter_map(known);
        let manager = || {
            let starter = self.team.person(case.task.started_by.as_ref()?)?;
            starter.manager.as_ref().and_then(known)
        };
        let leads = |person: &&&Person| {
            person.roles.iter().any(|role| matches!(role, Role::SaManager | Role::CaManager))
        };
        owner
            .or_else(|| named.next())
            .or_else(|| able.iter().find(|person| !leads(person)).copied())
            .or_else(manager)
            .or_else(|| able.first().copied())
            .or_else(|| all.first().map(|able| able.person))
            .and_then(|person| self.team.person(&person.id))
    }

    /// Who takes over what a person did not decide: their manager, or who leads that one if the manager is away and
    /// nobody stands in; without a manager, somebody who always may.
    pub fn leader(&self, of: &Person) -> Option<&'a Person> {
        let boss =
            |person: &Person| self.team.person(person.manager.as_ref()?).filter(|boss| boss.id != of.id);
        let chain = std::iter::successors(boss(of), |person| boss(person)).take(self.team.people.len());
        let chain: Vec<&Person> = chain.collect();
        let at_work = |person: &&&Person| receiver(self.team, &person.id, self.now, self.calendar).is_ok();
        let own = if of.roles.contains(&Role::Ca) { Role::CaManager } else { Role::SaManager };
        let has = |role: Role| {
            self.team.people.iter().find(|person| person.id != of.id && person.roles.contains(&role))
        };
        let always = self.approvers.always.iter().filter_map(|approver| match approver {
            Approver::Owner => None,
            Approver::Role(role) => Some(*role),
        });
        let reached = chain.iter().find(at_work).or(chain.first()).copied();
        reached.or_else(|| std::iter::once(own).chain(always).find_map(has))
    }

    /// The person with what they may decide by, if it is enough.
    fn able(&self, person: &'a Person, case: Case<'_>) -> Option<Able<'a>> {
        let parts = case.parts(self.approvers);
        let covers = |roles: &BTreeSet<Role>| parts.iter().all(|(_, may)| !may.is_disjoint(roles));
        let mut roles: BTreeSet<Role> = person.roles.iter().copied().collect();
        if covers(&roles) {
            return Some(Able { person, stands_in_for: None });
        }
        let lenders: Vec<_> = self.lenders(person, case).collect();
        let with =
            |lender: &&(&Person, Date)| covers(&roles.iter().chain(&lender.0.roles).copied().collect());
        let enough = lenders.iter().find(with).copied();
        roles.extend(lenders.iter().flat_map(|(lender, _)| lender.roles.iter().copied()));
        let lender = enough.or_else(|| lenders.first().copied().filter(|_| covers(&roles)))?;
        Some(Able { person, stands_in_for: Some(lender) })
    }

    /// Whom the person stands in for now, and until which day; not for who had the draft made.
    fn lenders(&self, person: &'a Person, case: Case<'_>) -> impl Iterator<Item = (&'a Person, Date)> {
        let starter = case.task.started_by.clone();
        let others = self
            .team
            .people
            .iter()
            .filter(move |other| other.id != person.id && starter.as_ref() != Some(&other.id));
        let approval = *self;
        others.filter_map(move |other| {
            let until = approval.away_until(other)?;
            let (stands_in, _) = receiver(approval.team, &other.id, approval.now, approval.calendar).ok()?;
            (stands_in.id == person.id).then_some((other, until))
        })
    }

    /// The last day of the absence that a person is in.
    pub fn away_until(&self, person: &Person) -> Option<Date> {
        let today = Moment::new(self.now, person.time_zone.as_deref(), self.calendar).today();
        person.away_on(today).map(|absence| absence.to)
    }

    /// What the draft takes that the person does not have.
    fn takes(&self, by: &PersonId, case: Case<'_>) -> String {
        let own: BTreeSet<Role> =
            self.team.person(by).map(|person| person.roles.iter().copied().collect()).unwrap_or_default();
        let parts = case.parts(self.approvers);
        let lacking = parts.iter().find(|(_, may)| may.is_disjoint(&own)).or(parts.first());
        match lacking {
            Some((Some(section), roles)) => format!("{} takes {}", section.spoken(), either(roles)),
            Some((None, roles)) => format!("it takes {}", either(roles)),
            None => "it takes another role".to_owned(),
        }
    }

    /// Who may, or what to do if nobody may.
    fn who(&self, case: Case<'_>) -> String {
        let able = self.people(case);
        if !able.is_empty() {
            let named = able.iter().take(MOST_NAMED).map(|able| match able.stands_in_for {
                None => able.person.id.to_string(),
                Some((lender, _)) => format!("{} in the place of {}", able.person.id, lender.id),
            });
            return format!("{} may", either(named));
        }
        let parts = case.parts(self.approvers);
        let all = parts.iter().map(|(_, roles)| roles.clone()).reduce(|all, roles| &all & &roles);
        let roles =
            all.filter(|all| !all.is_empty()).or_else(|| parts.first().map(|(_, roles)| roles.clone()));
        format!(
            "nobody else in team.yaml may: give somebody the role {}, or name other roles in csp.toml under [review.approvers]",
            either(roles.unwrap_or_default())
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Place;
    use crate::rules::Subject;
    use crate::task::{TaskId, TaskStatus};
    use infohub::plan::Patch;
    use proptest::prelude::*;

    const IDS: [&str; 4] = ["ann", "bob", "cem", "dan"];
    const ROLES: [&str; 5] = ["sa", "ae", "ca", "delivery", "sa_manager"];

    /// Each person with roles by bits, and whether and for whom somebody stands in.
    fn team(people: &[(u8, Option<usize>)]) -> Team {
        let person = |(at, (roles, delegate)): (usize, &(u8, Option<usize>))| {
            let roles: Vec<_> = ROLES.iter().enumerate().filter(|(bit, _)| roles >> bit & 1 == 1).collect();
            let roles: Vec<_> = roles.into_iter().map(|(_, role)| role).collect();
            let away = delegate
                .map(|to| serde_json::json!({"from": "2026-01-01", "to": "2026-01-31", "delegate": IDS[to]}));
            serde_json::json!({"id": IDS[at], "name": IDS[at], "roles": roles, "away": away.into_iter().collect::<Vec<_>>()})
        };
        let people: Vec<_> = people.iter().enumerate().map(person).collect();
        serde_json::from_value(serde_json::json!({ "people": people })).unwrap()
    }

    fn task(started_by: Option<&str>) -> Task {
        Task {
            id: TaskId::of("sa.x", "", &Subject::Account("acme".into()), ""),
            run: "sa.x".into(),
            rule: String::new(),
            action: String::new(),
            subject: Subject::Account("acme".into()),
            cause: (String::new(), String::new()),
            started_by: started_by.map(|person| person.parse().unwrap()),
            occasion: infohub::occasion::Occasion::default(),
            opened: Timestamp::UNIX_EPOCH,
            draft: 1,
            status: TaskStatus::Pending,
        }
    }

    fn draft(task: &Task) -> Review {
        let patch: Patch = serde_json::from_str(
            r#"{"sections":{"background":{"company":{"upsert":[{"text":"Pumps"}]}},
                "risks":{"risks":{"upsert":[{"risk":"Late"}]}}}}"#,
        )
        .unwrap();
        let (task, run) = (task.id.clone(), task.run.clone());
        Review { task, run, draft: Place::Proposed(Box::new(patch)), deadlines: None, late: None }
    }

    proptest! {
        /// Whoever is listed may accept and nobody else, the person who ordered it never; whoever is asked is listed;
        /// and what somebody may decide by is roles that somebody has who did not order it.
        #[test]
        fn who_may_is_who_is_listed(
            people in prop::collection::vec((0u8..32, prop::option::of(0usize..4)), 4),
            starter in prop::option::of(0usize..4),
        ) {
            let team = team(&people);
            let task = task(starter.map(|at| IDS[at]));
            let review = draft(&task);
            let case = Case { review: &review, task: &task, plan: None };
            let (approvers, calendar) = (Approvers::default(), Arc::new(Calendar::default()));
            let now = "2026-01-15T10:00:00Z".parse().unwrap();
            let approval = Approval { approvers: &approvers, team: &team, calendar: &calendar, now };
            let listed = approval.people(case);
            for id in IDS {
                let id: PersonId = id.parse().unwrap();
                let able = approval.accept(&id, case);
                prop_assert_eq!(able.is_ok(), listed.iter().any(|able| able.person.id == id));
                prop_assert!(able.is_err() || task.started_by.as_ref() != Some(&id));
                if let Err(refusal) = able {
                    let text = refusal.to_string();
                    prop_assert!(text.ends_with(" may") || text.contains("give somebody the role"), "{}", text);
                }
            }
            let facts = AccountFile::new("acme".parse().unwrap());
            let asked = approval.asked(case, &facts);
            prop_assert!(asked.is_none_or(|asked| listed.iter().any(|able| able.person.id == asked.id)));
            prop_assert_eq!(asked.is_some(), !listed.is_empty());
            let held = team.people.iter().filter(|person| task.started_by.as_ref() != Some(&person.id));
            let held = held.flat_map(|person| &person.roles);
            let enough = held.into_iter().any(|role| matches!(role, Role::Sa | Role::SaManager));
            prop_assert!(listed.is_empty() || enough);
        }
    }
}
