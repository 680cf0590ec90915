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
    /// What the task's sections lack.
    Gaps,
    /// The questions that nobody answered yet.
    OpenQuestions,
}

impl InputSource {
    /// Reads a source; an error says what is wrong with it and what was probably meant.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split('.').collect::<Vec<_>>().as_slice() {
            ["facts", group, name] => fact(group, name).map(Self::Fact),
            ["plan", part] => plan_part(part).map(Self::Plan),
            ["material", "paths"] => Ok(Self::MaterialPaths),
            _ => Err(format!(
                "'{text}' is not a source; take facts.account.NAME, facts.opportunity.NAME, facts.evaluation.NAME, plan.PART or material.paths"
            )),
        }
    }

    /// Whether the source can give a value of this kind.
    pub(super) fn gives(&self, kind: InputKind) -> bool {
        let is_list = match self {
            Self::Fact(_) | Self::Plan(PlanPart::Lifecycle | PlanPart::Status) => false,
            Self::Plan(_) | Self::MaterialPaths => true,
        };
        let is_amount = matches!(self, Self::Fact(path) if path.name == "arr");
        is_list == (kind == InputKind::List) && (kind != InputKind::Money || is_amount)
    }
}

impl fmt::Display for InputSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(FactPath { group, name }) => write!(f, "facts.{group}.{name}"),
            Self::Plan(PlanPart::Section(section)) => write!(f, "plan.{section}"),
            Self::Plan(PlanPart::Lifecycle) => f.write_str("plan.lifecycle"),
            Self::Plan(PlanPart::Status) => f.write_str("plan.status"),
            Self::Plan(PlanPart::Gaps) => f.write_str("plan.gaps"),
            Self::Plan(PlanPart::OpenQuestions) => f.write_str("plan.open_questions"),
            Self::MaterialPaths => f.write_str("material.paths"),
        }
    }
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
    match part {
        "lifecycle" => Ok(PlanPart::Lifecycle),
        "status" => Ok(PlanPart::Status),
        "gaps" => Ok(PlanPart::Gaps),
        "open_questions" => Ok(PlanPart::OpenQuestions),
        _ => part.parse().map(PlanPart::Section).map_err(|_| {
            let names = SectionKey::every().map(SectionKey::as_str);
            let names: Vec<_> = names.chain(["lifecycle", "status", "gaps", "open_questions"]).collect();
            let meant = nearest(part, names.iter().copied());
            let meant = meant.map(|meant| format!("; did you mean {meant}")).unwrap_or_default();
            format!("the plan has no part '{part}'{meant}")
        }),
    }
}
