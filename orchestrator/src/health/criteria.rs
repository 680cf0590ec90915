//! The specification's thirteen criteria, in its words, and how each is judged.

use infohub::plan::sections::adoption_journey::Milestone;
use infohub::plan::sections::technical_evaluation::MOST_CRITERIA;
use infohub::plan::sections::value_tracking::Utilization;
use infohub::plan::{Plan, gaps};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Case, Finding};
use crate::measures::{self, Trend};

/// Days after which a plan is no longer fresh, and after which it is at risk.
pub(super) const FRESH_DAYS: i32 = 30;
pub(super) const STALE_DAYS: i32 = 60;
/// How many names a reason lists.
const MOST_NAMES: usize = 5;

/// What a criterion is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// All of these make a plan complete.
    Complete,
    /// All of these make it healthy.
    Healthy,
    /// Any of these puts it at risk.
    AtRisk,
}

macro_rules! criteria {
    ($($group:ident $variant:ident $words:literal),* $(,)?) => {
        /// A criterion of `csp_health`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Criterion { $( #[doc = $words] $variant, )* }

        impl Criterion {
            /// All criteria in the specification's order.
            pub const ALL: [Criterion; 13] = [$(Criterion::$variant),*];

            /// What it is for.
            pub fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group),* }
            }

            /// The specification's words.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words),* }
            }
        }
    };
}

criteria! {
    Complete SectionsPopulated "All required sections populated",
    Complete CriteriaDefined "Success criteria defined (1-5)",
    Complete StakeholdersIdentified "Stakeholders identified",
    Complete PhasesDefined "Adoption phases defined",
    Complete MetricsBaselined "Value metrics baselined",
    Healthy Fresh "Updated within last 30 days",
    Healthy OnTrack "Milestones on track",
    Healthy RedRisksMitigated "No RED risks without mitigation",
    Healthy CustomerReviewed "Customer reviewed within quarter",
    AtRisk Stale "Not updated in 60+ days",
    AtRisk Overdue "Milestones overdue",
    AtRisk Declining "Value metrics declining",
    AtRisk NotEngaged "Customer not engaged",
}

impl Criterion {
    /// Judges the plan by this criterion alone.
    pub fn judge(self, case: Case<'_>) -> Finding {
        let plan = case.plan;
        let (holds, why) = match self {
            Self::SectionsPopulated => sections_populated(case),
            Self::CriteriaDefined => criteria_defined(plan),
            Self::StakeholdersIdentified => {
                counted(measures::stakeholders(plan), "person named", "people named")
            }
            Self::PhasesDefined => {
                counted(measures::adoption_phases(plan), "phase defined", "phases defined")
            }
            Self::MetricsBaselined => metrics_baselined(plan),
            Self::Fresh => {
                let days = days_between(case.updated, case.today);
                (days <= FRESH_DAYS, format!("last updated {}, {}", case.updated, ago(days)))
            }
            Self::Stale => {
                let days = days_between(case.updated, case.today);
                (days >= STALE_DAYS, format!("last updated {}, {}", case.updated, ago(days)))
            }
            Self::OnTrack => {
                let (overdue, why) = overdue(case);
                (!overdue, why)
            }
            Self::Overdue => overdue(case),
            Self::RedRisksMitigated => red_risks_mitigated(plan),
            Self::CustomerReviewed => customer_reviewed(case),
            Self::Declining => declining(plan),
            Self::NotEngaged => {
                let engaged = within_quarter(case.last_contact, case.today);
                let days = days_between(case.last_contact, case.today);
                (!engaged, format!("last met or heard on {}, {}", case.last_contact, ago(days)))
            }
        };
        Finding { criterion: self, holds, why }
    }
}

fn sections_populated(case: Case<'_>) -> (bool, String) {
    let gaps = gaps(case.plan, case.required);
    let told: Vec<String> =
        gaps.iter().map(|gap| format!("{} needs {}", gap.section.spoken(), gap.needs)).collect();
    match told.as_slice() {
        [] => (true, format!("{} required sections hold what they need", case.required.len())),
        told => (false, listed(told, "; ")),
    }
}

fn criteria_defined(plan: &Plan) -> (bool, String) {
    let count = measures::success_criteria(plan);
    let (some, why) = counted(count, "success criterion", "success criteria");
    if some && !measures::are_criteria_defined(plan) {
        return (false, format!("{why}; {MOST_CRITERIA} are the most"));
    }
    (some, why)
}

fn metrics_baselined(plan: &Plan) -> (bool, String) {
    let metrics = &plan.value_tracking.utilization;
    let without: Vec<String> = metrics
        .iter()
        .filter(|metric| metric.baseline.is_none())
        .map(|metric| metric.metric.clone())
        .collect();
    if metrics.is_empty() {
        return (false, "section 8 has no value metric".into());
    }
    if without.is_empty() {
        let have = if metrics.len() == 1 { "has" } else { "have" };
        return (true, format!("{} {have} a baseline", count(metrics.len(), "metric")));
    }
    (false, format!("no baseline for {}", listed(&without, ", ")))
}

fn overdue(case: Case<'_>) -> (bool, String) {
    let milestones = &case.plan.adoption_journey.milestones;
    let late: Vec<String> = milestones
        .iter()
        .filter(|milestone| is_overdue(milestone, case.today))
        .filter_map(|milestone| {
            let due = milestone.due_date?;
            Some(format!("{} ({}, due {due})", milestone.milestone, milestone.id))
        })
        .collect();
    match late.as_slice() {
        [] if milestones.is_empty() => (false, "there are no milestones".into()),
        [] if milestones.len() == 1 => (false, "the one milestone is not overdue".into()),
        [] => (false, format!("none of {} milestones is overdue", milestones.len())),
        late => (true, listed(late, "; ")),
    }
}

/// Whether the milestone's day has passed and it is neither reached nor cancelled.
pub fn is_overdue(milestone: &Milestone, today: Date) -> bool {
    measures::is_to_do(milestone.status) && milestone.due_date.is_some_and(|due| due < today)
}

fn red_risks_mitigated(plan: &Plan) -> (bool, String) {
    let bare: Vec<String> = plan
        .risks
        .risks
        .iter()
        .filter(|risk| measures::is_bare_red(risk))
        .map(|risk| format!("{} ({})", risk.risk, risk.id))
        .collect();
    match bare.as_slice() {
        [] => (true, "no open red risk lacks a mitigation".into()),
        bare => (false, listed(bare, "; ")),
    }
}

fn customer_reviewed(case: Case<'_>) -> (bool, String) {
    match case.plan.plan.last_customer_review {
        None => (false, "the customer has not reviewed the plan yet".into()),
        Some(day) => {
            let days = days_between(day, case.today);
            (
                within_quarter(day, case.today),
                format!("the customer's last review was on {day}, {}", ago(days)),
            )
        }
    }
}

/// A metric declines if its newest reading is worse than the one before. Where no target says what is worse, that is
/// told rather than guessed.
fn declining(plan: &Plan) -> (bool, String) {
    let metrics = &plan.value_tracking.utilization;
    let of = |wanted: fn(&Trend) -> bool| {
        let such = metrics.iter().filter(move |metric| wanted(&measures::trend(metric)));
        such.map(|metric| metric.metric.clone()).collect::<Vec<_>>()
    };
    let worse: Vec<String> = metrics.iter().filter_map(decline).collect();
    let unknown = of(|trend| *trend == Trend::Unknown);
    let held = of(|trend| *trend == Trend::Held).len();
    let mut why = match worse.as_slice() {
        [] if held == 0 && unknown.is_empty() => "no metric has two readings to compare".into(),
        [] if held == 0 => "no metric can be compared".into(),
        [] if held == 1 => "the one metric with two readings is not worse than before".into(),
        [] => format!("none of {held} metrics is worse than before"),
        worse => listed(worse, "; "),
    };
    if !unknown.is_empty() {
        why.push_str(&format!("; no target tells which way is better for {}", listed(&unknown, ", ")));
    }
    (!worse.is_empty(), why)
}

fn decline(metric: &Utilization) -> Option<String> {
    let Trend::Declined { before, now, on } = measures::trend(metric) else { return None };
    Some(format!("{} went from {before} to {now} on {on}", metric.metric))
}

fn within_quarter(day: Date, today: Date) -> bool {
    day.checked_add(3.months()).is_ok_and(|until| today <= until)
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

fn ago(days: i32) -> String {
    match days {
        0 => "today".into(),
        1 => "yesterday".into(),
        days => format!("{days} days ago"),
    }
}

fn counted(count: usize, one: &str, many: &str) -> (bool, String) {
    let why = match count {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    };
    (count > 0, why)
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn listed(names: &[String], between: &str) -> String {
    let more = names.len().saturating_sub(MOST_NAMES);
    let shown = names[..names.len() - more].join(between);
    if more > 0 { format!("{shown}{between}and {more} more") } else { shown }
}
