//! Where a task's inputs are found: the CRM's facts, the plan, what started the task, our people, the list of
//! materials. It must not know types or prompts.

use std::fmt::Write as _;

use infohub::facts::AccountFile;
use infohub::ids::PersonId;
use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::{Plan, Progress, QuestionStatus, Role, gaps};
use infohub::team::Team;

use super::Account;
use super::blocks::item_line;
use crate::charter::{EventPart, FactPath, InputSource, PlanPart, Task};

/// A single value; `None` if it is not known.
///
/// # Errors
/// Why what was said cannot be used.
pub(super) fn single(from: &InputSource, account: &Account<'_>) -> Result<Option<String>, String> {
    let plan = &account.plan.plan;
    Ok(match from {
        InputSource::Fact(path) => fact(path, account),
        InputSource::Plan(PlanPart::Lifecycle) => Some(plan.lifecycle.to_string()),
        InputSource::Plan(PlanPart::Status) => Some(plan.status.to_string()),
        InputSource::Plan(PlanPart::LastCustomerReview) => {
            plan.last_customer_review.map(|day| day.to_string())
        }
        InputSource::Event(EventPart::Material) => return material(account),
        InputSource::Event(EventPart::Day) => day(account),
        InputSource::Event(EventPart::From) => account.occasion.from.map(|day| day.to_string()),
        InputSource::Event(EventPart::Until) => account.occasion.until.map(|day| day.to_string()),
        InputSource::Event(EventPart::HandedOverBy) => handed_over_by(account),
        InputSource::Event(EventPart::TakenOverBy) => taken_over_by(account),
        InputSource::Plan(_)
        | InputSource::Event(_)
        | InputSource::TeamPeople
        | InputSource::MaterialPaths => None,
    })
}

/// The values of a list; empty if there are none.
pub(super) fn list(task: &Task<'_>, from: &InputSource, account: &Account<'_>) -> Vec<String> {
    match from {
        InputSource::Plan(PlanPart::Section(section)) => {
            let lists = account.plan.section(*section).lists();
            lists.into_iter().flat_map(|(_, items)| items).map(|item| item.text().to_owned()).collect()
        }
        InputSource::Plan(PlanPart::Gaps) => {
            let gaps = gaps(account.plan, &task.task.sections);
            gaps.into_iter().map(|gap| format!("{} needs {}", gap.section, gap.needs)).collect()
        }
        InputSource::Plan(PlanPart::OpenQuestions) => {
            let open = account.plan.questions.iter().filter(|asked| asked.status == QuestionStatus::Open);
            open.map(|asked| asked.question.clone()).collect()
        }
        InputSource::Plan(PlanPart::OpenMilestones) => open_milestones(account.plan),
        InputSource::Event(EventPart::ItemText) => item(account),
        InputSource::Event(EventPart::Changes) => account.occasion.changes.clone(),
        InputSource::TeamPeople => people(account.team),
        InputSource::MaterialPaths => {
            account.library.materials().map(|material| material.path.clone()).collect()
        }
        InputSource::Fact(_) | InputSource::Plan(_) | InputSource::Event(_) => Vec::new(),
    }
}

/// The fact by its full name; the opportunity is the plan's, or the only one there is. An account without a
/// name in the CRM goes by its folder's.
pub(super) fn fact(path: &FactPath, account: &Account<'_>) -> Option<String> {
    let opportunities = &account.facts.opportunities;
    let only = || opportunities.first().filter(|_| opportunities.len() == 1).map(|only| &only.id);
    let field = match path.group {
        "opportunity" => {
            let id = account.plan.plan.opportunity.as_ref().or_else(only)?;
            format!("opportunity.{id}.{}", path.name)
        }
        group => format!("{group}.{}", path.name),
    };
    let known =
        account.facts.known().into_iter().find(|(name, _, _)| *name == field).map(|(_, value, _)| value);
    known.or_else(|| (field == "account.name").then(|| account.facts.account.to_string()))
}

/// The named material, which the account must have.
fn material(account: &Account<'_>) -> Result<Option<String>, String> {
    let Some(path) = &account.occasion.material else { return Ok(None) };
    match account.library.get(path) {
        Some(material) => Ok(Some(material.path.clone())),
        None => Err(format!("the account has no material '{path}' that can be read")),
    }
}

fn day(account: &Account<'_>) -> Option<String> {
    let dated = || account.occasion.material.as_ref().and_then(|path| account.library.get(path))?.date;
    account.occasion.day.or_else(dated).map(|day| day.to_string())
}

fn handed_over_by(account: &Account<'_>) -> Option<String> {
    let owner = account.plan.plan.owner.as_ref().filter(|owner| owner.role == Role::Sa);
    let person = account.occasion.handed_over_by.as_ref().or(owner.and_then(|owner| owner.person.as_ref()));
    person.map(|person| name_of(person, account.team))
}

fn taken_over_by(account: &Account<'_>) -> Option<String> {
    let Account { facts, team, occasion, .. } = account;
    occasion.taken_over_by.as_ref().or(assigned(Role::Ca, facts, team)).map(|person| name_of(person, team))
}

fn assigned<'a>(role: Role, facts: &'a AccountFile, team: &'a Team) -> Option<&'a PersonId> {
    facts.person(role).or_else(|| team.sole(role).map(|person| &person.id))
}

fn name_of(id: &PersonId, team: &Team) -> String {
    team.person(id).map_or_else(|| id.to_string(), |person| person.name.clone())
}

/// Each with the parts that the person plays.
fn people(team: &Team) -> Vec<String> {
    let told = |roles: &[Role]| roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    team.people.iter().map(|person| format!("{} ({})", person.name, told(&person.roles))).collect()
}

/// Those due first at the top; those without a day at the end.
fn open_milestones(plan: &Plan) -> Vec<String> {
    let is_open =
        |milestone: &&Milestone| !matches!(milestone.status, Some(Progress::Done | Progress::Cancelled));
    let mut open: Vec<&Milestone> = plan.adoption_journey.milestones.iter().filter(is_open).collect();
    open.sort_by_key(|milestone| (milestone.due_date.is_none(), milestone.due_date));
    open.into_iter()
        .map(|milestone| {
            let mut line = format!("{} {}", milestone.id, milestone.milestone);
            let due = milestone.due_date.map_or_else(|| "no date".to_owned(), |day| format!("due {day}"));
            let _ = write!(line, " ({due}");
            if let Some(owner) = &milestone.owner {
                let _ = write!(line, ", {}", owner.name);
            }
            line.push(')');
            line
        })
        .collect()
}

/// The named item as the plan shows it, and where it comes from.
fn item(account: &Account<'_>) -> Vec<String> {
    let Some(id) = &account.occasion.item else { return Vec::new() };
    let found = account.plan.items().find(|(_, _, item)| item.id() == id);
    let Some((section, list, item)) = found else { return Vec::new() };
    let mut lines = vec![format!("{section}.{list} {id}: {}", item_line(item))];
    lines.extend(item.evidence().iter().map(|evidence| format!("from {evidence}")));
    lines
}
