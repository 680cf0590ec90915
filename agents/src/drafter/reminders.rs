//! The words of reminders: what is due, when, who answers for it, and where it was said. When a reminder is sent and
//! to whom is decided elsewhere. It must not know materials.

use infohub::evidence::Evidence;
use infohub::ids::ItemId;
use infohub::plan::{Item, ListChange, Plan, Progress};
use infohub::registers::action_tracker::ActionStatus;
use infohub::registers::briefing::Reminder;
use jiff::civil::Date;

use super::about_plan::{name, rests};
use super::fresh::renewed;

/// So many reminders are written at once.
const MOST_AT_ONCE: usize = 12;
/// So many reminders are kept.
const MOST: usize = 200;
/// Nobody is reminded of what is due later than in so many days.
const AHEAD: i32 = 7;

/// Something that is due.
struct Due<'p> {
    item: &'p dyn Item,
    on: Date,
    owner: Option<&'p str>,
    /// The fields that the words name.
    fields: &'static [&'static str],
}

/// The reminder of one item, or of all that is late or due soon.
pub(super) fn draft(plan: &Plan, item: Option<&ItemId>, today: Option<Date>) -> ListChange<Reminder> {
    let mut due = all_due(plan);
    due.retain(|due| match (item, today) {
        (Some(item), _) => due.item.id() == item,
        (None, Some(today)) => due.on.since(today).is_ok_and(|span| span.get_days() <= AHEAD),
        (None, None) => true,
    });
    due.sort_by_key(|due| due.on);
    let reminders = due.iter().take(MOST_AT_ONCE).map(reminder);
    renewed(&plan.registers.briefing.reminders, reminders, MOST, |left, right| left.item == right.item)
}

/// The open milestones, actions, open items and deliverables that have a day.
fn all_due(plan: &Plan) -> Vec<Due<'_>> {
    let milestones = plan.adoption_journey.milestones.iter().filter(|milestone| is_open(milestone.status));
    let milestones = milestones.filter_map(|milestone| {
        let owner = milestone.owner.as_ref().map(|owner| owner.name.as_str());
        Some(Due {
            item: milestone,
            on: milestone.due_date?,
            owner,
            fields: &["due_date", "owner.name", "status"],
        })
    });
    let actions = plan.registers.action_tracker.actions.iter();
    let actions = actions.filter_map(|action| {
        let open = matches!(action.status, None | Some(ActionStatus::Open | ActionStatus::InProgress));
        // An action that carries a milestone falls due with it, and one reminder is enough.
        let on = action.due?.day().filter(|_| open && action.milestone.is_none())?;
        let owner = action.owner.as_ref().map(|owner| owner.name.as_str());
        Some(Due { item: action, on, owner, fields: &["due", "owner.name", "status"] })
    });
    let open_items = plan.handoff.open_items.iter().filter_map(|item| {
        let owner = item.owner.as_ref().map(|owner| owner.name.as_str());
        Some(Due { item, on: item.due?, owner, fields: &["due", "owner.name"] })
    });
    let deliverables = plan.professional_services.deliverables.iter().filter(|item| is_open(item.status));
    let deliverables = deliverables.filter_map(|item| {
        Some(Due { item, on: item.due_date?, owner: None, fields: &["due_date", "status"] })
    });
    milestones.chain(actions).chain(open_items).chain(deliverables).collect()
}

fn is_open(status: Option<Progress>) -> bool {
    !matches!(status, Some(Progress::Done | Progress::Cancelled))
}

fn reminder(due: &Due<'_>) -> Reminder {
    let Due { item, on, owner, fields } = due;
    let owner = match owner {
        Some(owner) => format!("{owner} answers for it."),
        None => "Nobody answers for it yet.".to_owned(),
    };
    let source = item.evidence().iter().find_map(|evidence| match evidence {
        Evidence::Quote { source, lines: Some(lines), .. } => Some(format!(" Source: {source}:{lines}.")),
        Evidence::Quote { source, .. } => Some(format!(" Source: {source}.")),
        _ => None,
    });
    Reminder {
        id: Default::default(),
        words: format!("\"{}\" is due on {on}. {owner}{}", name(*item), source.unwrap_or_default()),
        item: Some(item.id().clone()),
        due: Some(*on),
        evidence: rests(*item, fields),
        review: None,
    }
}
