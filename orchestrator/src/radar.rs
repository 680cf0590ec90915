//! The Risk Radar: what a person should look at among the risks, and why. Pure and without judgement of its own: it ranks
//! what plan and register say. It must not know who is told.

use infohub::ids::ItemId;
use infohub::plan::sections::risks::{Risk, RiskStatus};
use infohub::plan::{Level, Light, Plan, is_placeholder};
use infohub::registers::risk_register::{RegisteredRisk, RiskChange};
use jiff::civil::Date;
use serde::Serialize;

/// Days without a change after which a red risk counts as forgotten.
const QUIET_DAYS: i32 = 30;

/// One open risk as the radar sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Blip {
    /// The risk in section 10.
    pub id: ItemId,
    /// What may happen.
    pub risk: String,
    /// Its colour.
    pub rating: Option<Light>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whether nothing is done about it.
    pub unmitigated: bool,
    /// Whether a person has yet to accept it.
    pub drafted: bool,
    /// Days since it last changed, if the register knows.
    pub quiet_days: Option<i32>,
    /// Whether it was first named since the day that was asked about.
    pub is_new: bool,
    /// What changed since that day, with the causes.
    pub changes: Vec<RiskChange>,
}

impl Blip {
    /// Whether it is red and nothing is done about it.
    pub fn is_bare(&self) -> bool {
        self.rating == Some(Light::Red) && self.unmitigated
    }

    /// Whether it is red and nobody has touched it for long.
    pub fn is_forgotten(&self) -> bool {
        self.rating == Some(Light::Red) && self.quiet_days.is_some_and(|days| days > QUIET_DAYS)
    }
}

/// The open risks, worst first: by colour, then those that nothing is done about, then by impact and likelihood.
pub fn radar(plan: &Plan, since: Date, today: Date) -> Vec<Blip> {
    let open = |risk: &&Risk| !matches!(risk.status, Some(RiskStatus::Closed | RiskStatus::Accepted));
    let mut risks: Vec<&Risk> = plan.risks.risks.iter().filter(open).collect();
    risks.sort_by_key(|risk| std::cmp::Reverse(weight(risk)));
    risks.into_iter().map(|risk| blip(plan, risk, since, today)).collect()
}

/// Changes of risks that are not open any more: what became of them since the day.
pub fn settled_since(plan: &Plan, since: Date) -> Vec<(&RegisteredRisk, &RiskChange)> {
    let closed =
        plan.registers.risk_register.risks.iter().filter(|entry| entry.status == Some(RiskStatus::Closed));
    closed
        .filter_map(|entry| Some((entry, entry.history.last().filter(|change| change.on >= since)?)))
        .collect()
}

fn weight(risk: &Risk) -> (Option<Light>, bool, Option<Level>, Option<Level>) {
    (risk.rating, unmitigated(risk), risk.impact, risk.likelihood)
}

fn unmitigated(risk: &Risk) -> bool {
    risk.mitigation.as_deref().is_none_or(is_placeholder)
}

fn blip(plan: &Plan, risk: &Risk, since: Date, today: Date) -> Blip {
    let mut entries = plan.registers.risk_register.risks.iter();
    let entry = risk.register.as_ref().and_then(|id| entries.find(|entry| entry.id == *id));
    let history = entry.map(|entry| entry.history.as_slice()).unwrap_or_default();
    Blip {
        id: risk.id.clone(),
        risk: risk.risk.clone(),
        rating: risk.rating,
        owner: risk.owner.as_ref().map(|owner| owner.name.clone()),
        unmitigated: unmitigated(risk),
        drafted: risk.review.is_some(),
        quiet_days: history.last().and_then(|change| today.since(change.on).ok()).map(|span| span.get_days()),
        is_new: history.first().is_some_and(|change| change.on >= since),
        changes: history.iter().filter(|change| change.on >= since).cloned().collect(),
    }
}

#[cfg(test)]
mod tests {
    use infohub::registers::links::settle;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_worst_comes_first_with_what_changed() {
        let plan = json!({ "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop",
            "status": "draft", "last_updated": "2026-01-15T10:00:00Z" }, "risks": { "risks": [
            { "id": "rk-1", "risk": "Slow", "rating": "amber" },
            { "id": "rk-2", "risk": "Late", "rating": "red", "mitigation": "Weekly call" },
            { "id": "rk-3", "risk": "Lost", "rating": "red", "mitigation": "TBD" },
            { "id": "rk-4", "risk": "Over", "rating": "red", "status": "closed" }] } });
        let plan: Plan = serde_json::from_value(plan).unwrap();
        let first = settle(None, plan, date(2026, 1, 1), "a draft").plan;
        let mut changed = first.clone();
        changed.risks.risks[0].rating = Some(Light::Green);
        let plan = settle(Some(&first), changed, date(2026, 2, 3), "an edit by hand").plan;
        let seen = radar(&plan, date(2026, 2, 1), date(2026, 2, 5));
        let told: Vec<_> = seen
            .iter()
            .map(|blip| (blip.risk.as_str(), blip.is_bare(), blip.is_forgotten(), blip.changes.len()))
            .collect();
        assert_eq!(told, [("Lost", true, true, 0), ("Late", false, true, 0), ("Slow", false, false, 1)]);
        assert_eq!(seen[2].changes[0].cause, "an edit by hand");
        assert_eq!(settled_since(&plan, date(2026, 1, 1)).len(), 1);
        assert_eq!(settled_since(&plan, date(2026, 1, 2)).len(), 0);
    }
}
