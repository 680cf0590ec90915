//! What is counted and compared in a plan, once for all that ask: the rules' facts and the criteria of health.
//! It must not know either.

use infohub::number::Number;
use infohub::plan::sections::risks::{Risk, RiskStatus};
use infohub::plan::sections::technical_evaluation::MOST_CRITERIA;
use infohub::plan::sections::value_tracking::Utilization;
use infohub::plan::{Light, Measured, Plan, Progress, is_placeholder};
use jiff::civil::Date;

/// How many success criteria say something.
pub fn success_criteria(plan: &Plan) -> usize {
    said(plan.technical_evaluation.success_criteria.iter().map(|criterion| &criterion.criterion))
}

/// Whether there are as many success criteria as a plan is to have.
pub fn are_criteria_defined(plan: &Plan) -> bool {
    (1..=MOST_CRITERIA).contains(&success_criteria(plan))
}

/// How many people on the customer's side and ours are named.
pub fn stakeholders(plan: &Plan) -> usize {
    said(plan.stakeholders.people.iter().map(|person| &person.name))
}

/// How many phases of adoption are named.
pub fn adoption_phases(plan: &Plan) -> usize {
    said(plan.adoption_journey.phases.iter().map(|phase| &phase.name))
}

/// Whether there are value metrics, and each has a baseline.
pub fn is_baselined(plan: &Plan) -> bool {
    let metrics = &plan.value_tracking.utilization;
    !metrics.is_empty() && metrics.iter().all(|metric| metric.baseline.is_some())
}

/// Whether the risk is not closed.
pub fn is_open(risk: &Risk) -> bool {
    risk.status != Some(RiskStatus::Closed)
}

/// Whether something is said to be done about the risk.
pub fn is_mitigated(risk: &Risk) -> bool {
    risk.mitigation.as_deref().is_some_and(|mitigation| !is_placeholder(mitigation))
}

/// Whether it is an open red risk that nothing is said to be done about.
pub fn is_bare_red(risk: &Risk) -> bool {
    risk.rating == Some(Light::Red) && is_open(risk) && !is_mitigated(risk)
}

/// Whether work in this state is still to be done.
pub fn is_to_do(status: Option<Progress>) -> bool {
    !matches!(status, Some(Progress::Done | Progress::Cancelled))
}

/// How a metric's newest reading compares with the one before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trend {
    /// There are no two readings.
    TooFew,
    /// No target tells which way the metric should go.
    Unknown,
    /// As good as before, or better.
    Held,
    /// Worse.
    Declined {
        /// The reading before.
        before: Number,
        /// The newest one.
        now: Number,
        /// Its day.
        on: Date,
    },
}

/// Compares the two newest readings. Which way is better is told by where the target lies from the baseline, or from
/// the first reading where there is no baseline.
pub fn trend(metric: &Utilization) -> Trend {
    let mut values: Vec<(Date, Number)> = metric
        .readings
        .iter()
        .filter_map(|reading| match reading.value {
            Measured::Value(value) => Some((reading.on, value)),
            Measured::Not(_) => None,
        })
        .collect();
    values.sort_by_key(|(on, _)| *on);
    let [.., (_, before), (on, now)] = values[..] else { return Trend::TooFew };
    let from = metric.baseline.unwrap_or(values[0].1);
    let Some(to) = metric.target.filter(|to| *to != from) else { return Trend::Unknown };
    let worse = if to < from { now > before } else { now < before };
    if worse { Trend::Declined { before, now, on } } else { Trend::Held }
}

/// How many of these texts say something.
fn said<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.filter(|text| !is_placeholder(text)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_declines_only_where_a_target_says_which_way_is_worse() {
        let check = |metric: &str, expected: &str| {
            let metric: Utilization = serde_json::from_str(metric).unwrap();
            let told = match trend(&metric) {
                Trend::TooFew => "too few".to_owned(),
                Trend::Unknown => "unknown".to_owned(),
                Trend::Held => "held".to_owned(),
                Trend::Declined { before, now, on } => format!("{before} to {now} on {on}"),
            };
            assert_eq!(told, expected, "{metric:?}");
        };
        let metric = |more: &str, one: &str, two: &str| {
            format!(
                r#"{{"metric":"leakage"{more},"readings":[{{"on":"2026-02-01","value":{one}}},{{"on":"2026-03-01","value":{two}}}]}}"#
            )
        };
        check(&metric("", "9", "7"), "unknown");
        check(&metric(r#","baseline":10,"target":5"#, "9", "7"), "held");
        check(&metric(r#","baseline":10,"target":5"#, "7", "9"), "7 to 9 on 2026-03-01");
        check(&metric(r#","baseline":10,"target":50"#, "30", "20"), "30 to 20 on 2026-03-01");
        check(&metric(r#","target":50"#, "30", "20"), "30 to 20 on 2026-03-01");
        check(&metric(r#","target":50"#, "30", "30"), "held");
        check(&metric(r#","target":50"#, r#""not measured""#, "20"), "too few");
    }
}
