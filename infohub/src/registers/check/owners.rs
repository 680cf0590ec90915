//! Whether an owner is one person whom one can ask. Works on any item that has an owner. Must not know which.

use serde_json::Value;

use super::{Finding, note};
use crate::plan::{Item, SectionKey, is_placeholder};
use crate::team::Team;
use crate::yaml::nearest;

/// Words that make any name one of several people.
const MANY: [&str; 22] = [
    "team",
    "teams",
    "group",
    "groups",
    "department",
    "dept",
    "squad",
    "crew",
    "committee",
    "board",
    "everyone",
    "everybody",
    "anyone",
    "anybody",
    "someone",
    "somebody",
    "all",
    "both",
    "staff",
    "office",
    "stakeholders",
    "people",
];
/// Names that are a function and not a person.
const ROLES: [&str; 46] = [
    "it",
    "hr",
    "ops",
    "qa",
    "devops",
    "operations",
    "finance",
    "legal",
    "procurement",
    "engineering",
    "support",
    "management",
    "marketing",
    "sales",
    "security",
    "delivery",
    "customer",
    "client",
    "vendor",
    "partner",
    "we",
    "us",
    "they",
    "sa",
    "ae",
    "ca",
    "ve",
    "csm",
    "pm",
    "po",
    "cto",
    "cio",
    "ceo",
    "cfo",
    "admin",
    "sponsor",
    "project manager",
    "product owner",
    "account executive",
    "account manager",
    "customer architect",
    "solution architect",
    "value engineer",
    "customer success manager",
    "the customer",
    "champion",
];

pub(super) fn check(part: SectionKey, item: &dyn Item, team: &Team, found: &mut Vec<Finding>) {
    let value = item.to_value();
    let field = |name: &str| value.get("owner").and_then(|owner| owner.get(name)).and_then(Value::as_str);
    let (Some(name), Some(side)) = (field("name"), field("side")) else { return };
    if in_team(name, team) {
        return;
    }
    let (what, remedy) = if is_placeholder(name) {
        (
            format!("its owner is '{name}', which is nobody"),
            "name one person, or leave `owner` out".to_owned(),
        )
    } else if is_several(name) {
        (format!("it has two owners: {name}"), "name the one person who answers for it".to_owned())
    } else if is_function(name) {
        (format!("its owner is no person: {name}"), "name one person there".to_owned())
    } else if side == "ours" && !team.people.is_empty() {
        (format!("its owner '{name}' is ours and not in team.yaml"), known_as(name, team))
    } else {
        return;
    };
    note(found, part, item.id(), what, &remedy);
}

fn in_team(name: &str, team: &Team) -> bool {
    let same = |known: &str| known.eq_ignore_ascii_case(name.trim());
    team.people.iter().any(|person| same(person.id.as_str()) || same(&person.name))
}

/// "Anna and Ben", "A / B", "Anna Berg, Ben Ode"; a single comma between single words may be "Berg, Anna".
fn is_several(name: &str) -> bool {
    let lower = format!(" {} ", name.to_lowercase());
    if [" and ", " or ", " und ", " et ", " & ", "/", ";", "+", "&"]
        .iter()
        .any(|between| lower.contains(between))
    {
        return true;
    }
    let parts: Vec<_> = name.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.len() > 2 || (parts.len() == 2 && parts.iter().all(|part| part.contains(' ')))
}

fn is_function(name: &str) -> bool {
    let folded = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let bare = folded.strip_prefix("the ").unwrap_or(&folded);
    ROLES.contains(&bare)
        || bare.split(|letter: char| !letter.is_alphanumeric()).any(|word| MANY.contains(&word))
}

fn known_as(name: &str, team: &Team) -> String {
    let first_names = team.people.iter().find(|person| {
        person.name.split_whitespace().next().is_some_and(|first| first.eq_ignore_ascii_case(name.trim()))
    });
    let names = team.people.iter().flat_map(|person| [person.id.as_str(), person.name.as_str()]);
    match first_names.map(|person| person.name.as_str()).or_else(|| nearest(name, names)) {
        Some(near) => format!("did you mean '{near}'? Else add the person to team.yaml"),
        None => "add the person to team.yaml, or write whose side the person is on".to_owned(),
    }
}
