//! When the customer is to review the plan next, by the specification's table.
//!
//! | phase | told by | cadence | focus |
//! |---|---|---|---|
//! | pre-sales | lifecycle before *execute* | per major milestone | align on success criteria |
//! | implementation | *execute*, no adoption phase is done | every two weeks | track progress |
//! | post go-live | some adoption phase is done | monthly | value realization |
//! | steady state | all adoption phases are done | quarterly | strategic alignment |

use infohub::plan::sections::adoption_journey::Phase;
use infohub::plan::{Lifecycle, Plan, Progress};
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A phase of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewPhase {
    /// Before the sale.
    PreSales,
    /// After it, until the first phase of adoption is done.
    Implementation,
    /// Until the last one is done.
    PostGoLive,
    /// From then on.
    SteadyState,
}

/// How often the customer reviews the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// After each milestone that was reached.
    PerMilestone,
    /// Every two weeks.
    BiWeekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
}

/// The next review by the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDue {
    /// The phase that the account is in.
    pub phase: ReviewPhase,
    /// How often the plan is reviewed in it.
    pub cadence: Cadence,
    /// The customer's last review.
    pub last: Option<Date>,
    /// When the next one is due; none while no milestone calls for it.
    pub due: Option<Date>,
}

impl ReviewPhase {
    /// The phase that the plan is in.
    pub fn of(plan: &Plan) -> Self {
        let phases = &plan.adoption_journey.phases;
        let done = |phase: &Phase| matches!(phase.status, Some(Progress::Done | Progress::Cancelled));
        if plan.plan.lifecycle < Lifecycle::Execute {
            Self::PreSales
        } else if !phases.iter().any(done) {
            Self::Implementation
        } else if phases.iter().all(done) {
            Self::SteadyState
        } else {
            Self::PostGoLive
        }
    }

    /// The phase's name in the specification's table.
    pub fn words(self) -> &'static str {
        match self {
            Self::PreSales => "Pre-sales",
            Self::Implementation => "Implementation",
            Self::PostGoLive => "Post go-live",
            Self::SteadyState => "Steady state",
        }
    }

    /// The word in rules and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreSales => "pre_sales",
            Self::Implementation => "implementation",
            Self::PostGoLive => "post_go_live",
            Self::SteadyState => "steady_state",
        }
    }

    /// How often the customer reviews the plan in it.
    pub fn cadence(self) -> Cadence {
        match self {
            Self::PreSales => Cadence::PerMilestone,
            Self::Implementation => Cadence::BiWeekly,
            Self::PostGoLive => Cadence::Monthly,
            Self::SteadyState => Cadence::Quarterly,
        }
    }

    /// What the review is about.
    pub fn focus(self) -> &'static str {
        match self {
            Self::PreSales => "Align on success criteria",
            Self::Implementation => "Track progress",
            Self::PostGoLive => "Value realization",
            Self::SteadyState => "Strategic alignment",
        }
    }
}

impl Cadence {
    /// The specification's word.
    pub fn words(self) -> &'static str {
        match self {
            Self::PerMilestone => "Per major milestone",
            Self::BiWeekly => "Bi-weekly",
            Self::Monthly => "Monthly",
            Self::Quarterly => "Quarterly",
        }
    }

    fn span(self) -> Option<Span> {
        match self {
            Self::PerMilestone => None,
            Self::BiWeekly => Some(2.weeks()),
            Self::Monthly => Some(1.month()),
            Self::Quarterly => Some(3.months()),
        }
    }
}

impl ReviewDue {
    /// When the customer is to review the plan next. `begun` is the day from which the first review is counted.
    pub fn of(plan: &Plan, begun: Date) -> Self {
        let phase = ReviewPhase::of(plan);
        let cadence = phase.cadence();
        let last = plan.plan.last_customer_review;
        let due = match cadence.span() {
            Some(span) => last.unwrap_or(begun).checked_add(span).ok(),
            None => milestone_since(plan, last),
        };
        Self { phase, cadence, last, due }
    }

    /// Whether the day has passed.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.due.is_some_and(|due| due < today)
    }
}

/// The first milestone that was reached after the last review: the review is due on its day.
fn milestone_since(plan: &Plan, last: Option<Date>) -> Option<Date> {
    let reached = plan.adoption_journey.milestones.iter().filter_map(|milestone| milestone.completed_on);
    reached.filter(|day| last.is_none_or(|last| *day > last)).min()
}
