//! The handoff checklist of section 9, seen against the plan: each point is done, or names what is open. Whether
//! somebody understood it is for people to say. It must not know materials.

use infohub::evidence::Evidence;
use infohub::plan::sections::handoff::ChecklistPoint;
use infohub::plan::{Item, ListChange, Plan, SectionKey};

use super::about_plan::{MOST, cited, cited_text, is_set, name};
use super::fresh::renewed;

/// So many points a checklist has at most.
const MOST_POINTS: usize = 24;
/// So many open items are named in a point.
const MOST_NAMED: usize = 4;
/// What stands between a point and what is open in it.
const OPEN: &str = "; open: ";

/// One point: these fields of each item of a list are set.
struct Check {
    point: &'static str,
    section: SectionKey,
    list: &'static str,
    /// The fields, and how people call them.
    fields: &'static [(&'static str, &'static str)],
}

const CHECKS: &[Check] = &[
    Check {
        point: "Each business outcome has a metric, a baseline and a target",
        section: SectionKey::Background,
        list: "outcomes",
        fields: &[("metric", "metric"), ("baseline", "baseline"), ("target", "target")],
    },
    Check {
        point: "Each stakeholder has a side and a role",
        section: SectionKey::Stakeholders,
        list: "people",
        fields: &[("side", "side"), ("role", "role")],
    },
    Check {
        point: "Each success criterion has a result",
        section: SectionKey::TechnicalEvaluation,
        list: "success_criteria",
        fields: &[("status", "result")],
    },
    Check {
        point: "Each technical activity has a status and an owner",
        section: SectionKey::TechnicalActivities,
        list: "activities",
        fields: &[("status", "status"), ("owner.name", "owner")],
    },
    Check {
        point: "Each milestone has a due date and an owner",
        section: SectionKey::AdoptionJourney,
        list: "milestones",
        fields: &[("due_date", "due date"), ("owner.name", "owner")],
    },
    Check {
        point: "Each risk has a mitigation",
        section: SectionKey::Risks,
        list: "risks",
        fields: &[("mitigation", "mitigation")],
    },
    Check {
        point: "Each commitment says who made it and to whom",
        section: SectionKey::Handoff,
        list: "commitments",
        fields: &[("by", "who made it"), ("to", "to whom")],
    },
    Check {
        point: "Each open item has an owner",
        section: SectionKey::Handoff,
        list: "open_items",
        fields: &[("owner.name", "owner")],
    },
    Check {
        point: "Each regular meeting has a frequency",
        section: SectionKey::Handoff,
        list: "cadence",
        fields: &[("frequency", "frequency")],
    },
];

/// The points as the plan has them now.
pub(super) fn draft(plan: &Plan) -> ListChange<ChecklistPoint> {
    let points = CHECKS.iter().filter_map(|check| point(check, plan));
    renewed(&plan.handoff.checklist, points, MOST_POINTS, |left, right| fixed(left) == fixed(right))
}

/// The points on lists in which nothing stands: whether that is right is for people to say.
pub(super) fn empty(plan: &Plan) -> Vec<&'static str> {
    CHECKS.iter().filter(|check| items(check, plan).is_empty()).map(|check| check.point).collect()
}

/// The part of a point that does not change with the plan.
fn fixed(point: &ChecklistPoint) -> &str {
    point.point.split(OPEN).next().unwrap_or_default()
}

fn items<'p>(check: &Check, plan: &'p Plan) -> Vec<&'p dyn Item> {
    let lists = plan.section(check.section).lists();
    lists.into_iter().find(|(list, _)| *list == check.list).map(|(_, items)| items).unwrap_or_default()
}

/// An item and the fields that it lacks, as people call them.
struct Lacking<'p> {
    item: &'p dyn Item,
    fields: Vec<&'static (&'static str, &'static str)>,
}

fn lacking<'p>(check: &Check, items: &[&'p dyn Item]) -> Vec<Lacking<'p>> {
    let of = |item: &&'p dyn Item| Lacking {
        item: *item,
        fields: check.fields.iter().filter(|(field, _)| !is_set(*item, field)).collect(),
    };
    items.iter().map(of).filter(|lacking| !lacking.fields.is_empty()).collect()
}

fn point(check: &Check, plan: &Plan) -> Option<ChecklistPoint> {
    let items = items(check, plan);
    let lacking = lacking(check, &items);
    let text = if lacking.is_empty() { check.point.to_owned() } else { told(check, &lacking) };
    let mut evidence = if lacking.is_empty() { all(check, &items) } else { missing(&lacking) };
    evidence.truncate(MOST);
    (!items.is_empty()).then(|| ChecklistPoint {
        id: Default::default(),
        point: text,
        done: Some(lacking.is_empty()),
        by: None,
        on: None,
        evidence,
        review: None,
    })
}

/// The fields of all items.
fn all(check: &Check, items: &[&dyn Item]) -> Vec<Evidence> {
    let fields = items.iter().flat_map(|item| check.fields.iter().map(|(field, _)| (*item, *field)));
    fields.filter_map(|(item, field)| cited(item, field)).collect()
}

/// The fields that are not set, then the texts of the items that are named.
fn missing(lacking: &[Lacking<'_>]) -> Vec<Evidence> {
    let fields =
        lacking.iter().flat_map(|lacking| lacking.fields.iter().map(|(field, _)| (lacking.item, *field)));
    let named = lacking.iter().take(MOST_NAMED).filter_map(|lacking| cited_text(lacking.item));
    fields.filter_map(|(item, field)| cited(item, field)).chain(named).collect()
}

/// `Each milestone has an owner; open: "Alarms connected" (owner), and others`
fn told(check: &Check, lacking: &[Lacking<'_>]) -> String {
    let one = |Lacking { item, fields }: &Lacking<'_>| {
        let fields: Vec<&str> = fields.iter().map(|(_, name)| *name).collect();
        format!("\"{}\" ({})", name(*item), fields.join(", "))
    };
    let open: Vec<String> = lacking.iter().take(MOST_NAMED).map(one).collect();
    let others = if lacking.len() > MOST_NAMED { ", and others" } else { "" };
    format!("{}{OPEN}{}{others}", check.point, open.join(", "))
}
