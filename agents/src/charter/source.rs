//! Where an input comes from: a fact of the CRM, a part of the plan, or the list of materials.
//! Names are checked against the types they stand for. It must not know values.

use std::fmt;

use infohub::facts::{CompanyFacts, Evaluation, Opportunity};
use infohub::plan::SectionKey;
use infohub::yaml::nearest;
use schemars::Schema;
use serde::{Serialize, Serializer};

use super::InputKind;

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputSource {
    /// `facts.account.NAME`, `facts.opportunity.NAME`, `facts.evaluation.NAME`.
    Fact(FactPath),
    /// `plan.SECTION` and the like.
    Plan(PlanPart),
    /// `event.material` and the like: what started the task.
    Event(EventPart),
    /// `team.people`: the people on our side.
    TeamPeople,
    /// `material.paths`.
    MaterialPaths,
}

/// A fact without the opportunity's id, which differs between accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactPath {
    /// `account`, `opportunity` or `evaluation`.
    pub group: &'static str,
    /// The fact's name.
    pub name: String,
}

/// A part of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPart {
    /// What the items of a section say.
    Section(SectionKey),
    /// The lifecycle phase.
    Lifecycle,
    /// The status.
    Status,
    /// The day of the customer's last review.
    LastCustomerReview,
    /// What the task's sections lack.
    Gaps,
    /// The questions that nobody answered yet.
    OpenQuestions,
    /// The milestones that are not reached, those due first at the top.
    OpenMilestones,
}

/// A particular of what started the task, as an event or a person said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventPart {
    /// The material that it is about.
    Material,
    /// The day that it is about; the material's own date if nobody said one.
    Day,
    /// The first day of the period that it is about.
    From,
    /// The last day of that period.
    Until,
    /// The item of the plan that it is about, with what it holds and rests on.
    ItemText,
    /// Who hands the plan over; the SA who owns it if nobody said.
    HandedOverBy,
    /// Who takes it over; the account's CA if nobody said.
    TakenOverBy,
    /// The facts that changed.
    Changes,
}

/// The names of the plan's parts besides its sections.
const PLAN_PARTS: [(&str, PlanPart); 6] = [
    ("lifecycle", PlanPart::Lifecycle),
    ("status", PlanPart::Status),
    ("last_customer_review", PlanPart::LastCustomerReview),
    ("gaps", PlanPart::Gaps),
    ("open_questions", PlanPart::OpenQuestions),
    ("open_milestones", PlanPart::OpenMilestones),
];

/// The names of what an event says.
const EVENT_PARTS: [(&str, EventPart); 8] = [
    ("material", EventPart::Material),
    ("day", EventPart::Day),
    ("from", EventPart::From),
    ("until", EventPart::Until),
    ("item_text", EventPart::ItemText),
    ("handed_over_by", EventPart::HandedOverBy),
    ("taken_over_by", EventPart::TakenOverBy),
    ("changes", EventPart::Changes),
];

impl InputSource {
    /// Reads a source; an error says what is wrong with it and what was probably meant.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split('.').collect::<Vec<_>>().as_slice() {
            ["facts", group, name] => fact(group, name).map(Self::Fact),
            ["plan", part] => plan_part(part).map(Self::Plan),
            ["event", part] => event_part(part).map(Self::Event),
            ["team", "people"] => Ok(Self::TeamPeople),
            ["material", "paths"] => Ok(Self::MaterialPaths),
            _ => Err(format!(
                "'{text}' is not a source; take facts.account.NAME, facts.opportunity.NAME, facts.evaluation.NAME, plan.PART, event.PART, team.people or material.paths"
            )),
        }
    }

    /// Whether the source can give a value of this kind.
    pub(super) fn gives(&self, kind: InputKind) -> bool {
        match self {
            Self::Fact(path) => match kind {
                InputKind::List => false,
                InputKind::Money => path.name == "arr",
                InputKind::Text | InputKind::Number | InputKind::Date => true,
            },
            Self::Plan(PlanPart::LastCustomerReview)
            | Self::Event(EventPart::Day | EventPart::From | EventPart::Until) => {
                matches!(kind, InputKind::Date | InputKind::Text)
            }
            Self::Plan(PlanPart::Lifecycle | PlanPart::Status)
            | Self::Event(EventPart::Material | EventPart::HandedOverBy | EventPart::TakenOverBy) => {
                kind == InputKind::Text
            }
            Self::Plan(_)
            | Self::Event(EventPart::ItemText | EventPart::Changes)
            | Self::TeamPeople
            | Self::MaterialPaths => kind == InputKind::List,
        }
    }

    /// What a person can do about a value that is missing.
    pub(crate) fn remedy(&self) -> &'static str {
        match self {
            Self::Fact(_) => "add it to the CRM record and run the task again",
            Self::Plan(_) => "add it to the plan and run the task again",
            Self::Event(_) => "name it when the task is started",
            Self::TeamPeople => "add people to team.yaml and run the task again",
            Self::MaterialPaths => {
                "put a material into the account's materials folder and run the task again"
            }
        }
    }
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(FactPath { group, name }) => write!(f, "facts.{group}.{name}"),
            Self::Plan(PlanPart::Section(section)) => write!(f, "plan.{section}"),
            Self::Plan(part) => write!(f, "plan.{}", name_of(&PLAN_PARTS, part)),
            Self::Event(part) => write!(f, "event.{}", name_of(&EVENT_PARTS, part)),
            Self::TeamPeople => f.write_str("team.people"),
            Self::MaterialPaths => f.write_str("material.paths"),
        }
    }
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], part: &T) -> &'static str {
    names.iter().find(|(_, known)| known == part).map_or("", |(name, _)| *name)
}

impl Serialize for InputSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn fact(group: &str, name: &str) -> Result<FactPath, String> {
    let (group, schema) = match group {
        "account" => ("account", schemars::schema_for!(CompanyFacts)),
        "opportunity" => ("opportunity", schemars::schema_for!(Opportunity)),
        "evaluation" => ("evaluation", schemars::schema_for!(Evaluation)),
        _ => return Err(format!("'{group}' is not account, opportunity or evaluation")),
    };
    let names = fields(&schema);
    if names.iter().any(|known| known == name) {
        return Ok(FactPath { group, name: name.to_owned() });
    }
    let meant = nearest(name, names.iter().map(String::as_str));
    let meant = meant
        .map_or_else(|| format!("take one of {}", names.join(", ")), |meant| format!("did you mean {meant}"));
    Err(format!("the CRM has no fact '{name}' of the {group}; {meant}"))
}

fn fields(schema: &Schema) -> Vec<String> {
    let properties = schema.get("properties").and_then(|properties| properties.as_object());
    properties
        .into_iter()
        .flat_map(|properties| properties.keys().cloned())
        .filter(|name| name != "id")
        .collect()
}

fn plan_part(part: &str) -> Result<PlanPart, String> {
    if let Some((_, known)) = PLAN_PARTS.iter().find(|(name, _)| *name == part) {
        return Ok(*known);
    }
    part.parse().map(PlanPart::Section).map_err(|_| {
        let names = SectionKey::every().map(SectionKey::as_str);
        let meant = nearest(part, names.chain(PLAN_PARTS.map(|(name, _)| name)));
        let meant = meant.map(|meant| format!("; did you mean {meant}")).unwrap_or_default();
        format!("the plan has no part '{part}'{meant}")
    })
}

fn event_part(part: &str) -> Result<EventPart, String> {
    let known = EVENT_PARTS.iter().find(|(name, _)| *name == part).map(|(_, known)| *known);
    known.ok_or_else(|| {
        let names = EVENT_PARTS.map(|(name, _)| name);
        let meant = nearest(part, names).map_or_else(
            || format!("take one of {}", names.join(", ")),
            |meant| format!("did you mean {meant}"),
        );
        format!("an event has no part '{part}'; {meant}")
    })
}
