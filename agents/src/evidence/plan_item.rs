//! Evidence from the plan itself: the item exists and its field says what is cited. It proves what is said about the
//! plan and nothing about the world, so only lists that speak about the plan may rest on it; otherwise an item
//! could prove the next one. It must not know materials.

use infohub::ids::ItemId;
use infohub::plan::{Plan, SectionKey};

use super::Verdict;
use super::fold::fold;

/// The lists that speak about the plan.
const ABOUT_THE_PLAN: [(SectionKey, &str); 5] = [
    (SectionKey::ValueTracking, "health_indicators"),
    (SectionKey::Handoff, "checklist"),
    (SectionKey::Handoff, "open_items"),
    (SectionKey::Briefing, "talking_points"),
    (SectionKey::Briefing, "reminders"),
];

/// Whether a list speaks about the plan, so that it may rest on it.
pub(crate) fn speaks_about_the_plan(section: SectionKey, list: &str) -> bool {
    ABOUT_THE_PLAN.contains(&(section, list))
}

/// Whether any list of the section speaks about the plan.
pub(crate) fn has_list_about_the_plan(section: SectionKey) -> bool {
    ABOUT_THE_PLAN.iter().any(|(key, _)| *key == section)
}

/// Compares a cited field of an item with the plan, for an item of this list.
pub(super) fn judge(
    plan: &Plan,
    place: (SectionKey, &str),
    item: &ItemId,
    field: &str,
    value: &str,
) -> Verdict {
    // A target that the plan sets must not pass for a figure that somebody measured.
    let measures = place.0 == SectionKey::ValueTracking && field != "status";
    if !speaks_about_the_plan(place.0, place.1) || measures {
        return Verdict::OutOfPlace;
    }
    let Some((_, _, known)) = plan.item(item) else { return Verdict::ItemUnknown { item_exists: false } };
    match known.said(field) {
        None => Verdict::ItemUnknown { item_exists: true },
        Some(actual) if fold(&actual) == fold(value) => Verdict::ItemVerified { value: actual },
        Some(actual) => Verdict::ItemDiffers { actual },
    }
}

#[cfg(test)]
mod tests {
    use infohub::plan::sections::adoption_journey::Milestone;

    use super::*;
    use crate::sample;

    #[test]
    fn the_plan_proves_only_what_is_said_about_it() {
        let mut plan = sample::plan();
        let milestone: Milestone = serde_json::from_str(
            r#"{"id":"ms-1a2b","milestone":"Alarms connected","status":"in_progress","owner":{"name":"Ann Bell","side":"ours"}}"#,
        )
        .unwrap();
        plan.adoption_journey.milestones.push(milestone);
        let check = |id: &str, field: &str, value: &str, expected: &str| {
            let place = (SectionKey::Briefing, "talking_points");
            let verdict = judge(&plan, place, &id.parse().unwrap(), field, value);
            assert_eq!(verdict.name(), expected, "{id} {field} {value}");
        };
        check("ms-1a2b", "status", "in_progress", "item_verified");
        check("ms-1a2b", "owner.name", "ann  bell", "item_verified");
        check("ms-1a2b", "due_date", "not set", "item_verified");
        check("ms-1a2b", "status", "done", "item_differs");
        check("ms-1a2b", "owner", "Ann Bell", "item_unknown");
        check("ms-1a2b", "colour", "not set", "item_unknown");
        check("ms-1a2b", "evidence", "not set", "item_unknown");
        check("ms-9999", "status", "done", "item_unknown");
        check("", "status", "done", "item_unknown");
        let id = "ms-1a2b".parse().unwrap();
        let elsewhere = judge(&plan, (SectionKey::Risks, "risks"), &id, "status", "in_progress");
        assert_eq!(elsewhere, Verdict::OutOfPlace);
    }
}
