//! The closed table of fields that a condition can read, each with its type.
//!
//! A field is added by one line in the table below. Must not know where the facts come from.

use super::value::Value;
use infohub::event::EventBody;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a field is about; the first part of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// One opportunity of the account.
    Opportunity,
    /// The account.
    Account,
    /// The event being taken in; it has values only while that happens.
    Event,
    /// The account's plan.
    Csp,
    /// The technical evaluation.
    Evaluation,
    /// One milestone of the plan.
    Milestone,
    /// One action of the plan: a piece of technical work, or an open item of the handoff.
    Action,
    /// One risk of the plan.
    Risk,
}

impl Topic {
    /// Whether a rule that reads it is asked of each such thing, rather than of the account.
    #[must_use]
    pub fn is_one_of_many(self) -> bool {
        matches!(self, Self::Opportunity | Self::Milestone | Self::Action | Self::Risk)
    }
}

/// The type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A stage of the configured order.
    Stage,
    /// A word of a closed list.
    Word(WordList),
    /// A number.
    Number,
    /// An amount in a currency.
    Money,
    /// A day.
    Date,
    /// Yes or no.
    Flag,
}

/// A closed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WordList {
    /// How an account is served.
    Tier,
    /// The phase of a plan.
    Lifecycle,
    /// The state of a plan as a document.
    Status,
    /// The type of an event.
    EventType,
    /// How a technical evaluation ended.
    EvaluationResult,
    /// How a plan fares.
    Health,
    /// The phase by which the customer reviews a plan.
    ReviewPhase,
    /// How far work has come.
    Progress,
    /// Whose side somebody is on.
    Side,
    /// A traffic light.
    Light,
    /// Small, middling or large.
    Level,
    /// What has become of a risk.
    RiskStatus,
}

impl WordList {
    /// The words, as they stand in facts and conditions.
    #[must_use]
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Self::Tier => &["strategic", "enterprise", "commercial"],
            Self::Lifecycle => &["initiate", "develop", "finalize", "execute"],
            Self::Status => &["draft", "in_review", "agreed", "active", "completed", "archived"],
            Self::EventType => EventBody::TYPES,
            Self::EvaluationResult => &["passed", "failed", "inconclusive"],
            Self::Health => &["healthy", "watch", "at_risk"],
            Self::ReviewPhase => &["pre_sales", "implementation", "post_go_live", "steady_state"],
            Self::Progress => &["planned", "in_progress", "done", "cancelled"],
            Self::Side => &["customer", "ours", "partner"],
            Self::Light => &["green", "amber", "red"],
            Self::Level => &["low", "medium", "high"],
            Self::RiskStatus => &["open", "mitigated", "accepted", "closed"],
        }
    }
}

macro_rules! fields {
    ($($variant:ident = $name:literal, $topic:expr, $kind:expr, $meaning:literal;)*) => {
        /// A field that a condition can read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Field {
            $(#[doc = $meaning] #[serde(rename = $name)] $variant,)*
        }

        impl Field {
            /// Every field, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in conditions, such as `Opportunity.stage`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The type of its values.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => $kind,)* }
            }

            /// What it is about.
            #[must_use]
            pub const fn topic(self) -> Topic {
                match self { $(Self::$variant => $topic,)* }
            }

            /// What it says, in a sentence for operators.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fields! {
    OpportunityId = "Opportunity.id", Topic::Opportunity, Kind::Text, "The opportunity's id in the CRM.";
    OpportunityName = "Opportunity.name", Topic::Opportunity, Kind::Text, "The opportunity's name.";
    OpportunityStage = "Opportunity.stage", Topic::Opportunity, Kind::Stage, "The sales stage.";
    OpportunityArr = "Opportunity.arr", Topic::Opportunity, Kind::Money, "The annual recurring revenue.";
    OpportunityCloseDate = "Opportunity.close_date", Topic::Opportunity, Kind::Date, "The day on which it is expected to close.";
    OpportunityKind = "Opportunity.kind", Topic::Opportunity, Kind::Text, "The kind of deal, as the CRM names it.";
    OpportunityOwner = "Opportunity.owner", Topic::Opportunity, Kind::Text, "The owner's id in the CRM.";
    AccountSlug = "Account.slug", Topic::Account, Kind::Text, "The name of the account's folder.";
    AccountName = "Account.name", Topic::Account, Kind::Text, "The account's name.";
    AccountTier = "Account.tier", Topic::Account, Kind::Word(WordList::Tier), "How the account is served.";
    AccountIndustry = "Account.industry", Topic::Account, Kind::Text, "The account's industry, as the CRM names it.";
    AccountRegion = "Account.region", Topic::Account, Kind::Text, "The region of the sales organisation.";
    AccountCountry = "Account.country", Topic::Account, Kind::Text, "The country, as the CRM writes it.";
    AccountAnniversary = "Account.anniversary", Topic::Account, Kind::Date, "The day since which the account is a customer: of the first deal that was won.";
    AccountEmployees = "Account.employees", Topic::Account, Kind::Number, "The number of employees.";
    AccountProposalRequestedOn = "Account.proposal_requested_on", Topic::Account, Kind::Date, "The day on which a proposal was asked for last.";
    EventType = "Event.type", Topic::Event, Kind::Word(WordList::EventType), "The type of the event being taken in.";
    EventSource = "Event.source", Topic::Event, Kind::Text, "The system that reported the event.";
    EventIsNews = "Event.is_news", Topic::Event, Kind::Flag, "Whether the event changed what is known of the company, its deals or its evaluations.";
    CspExists = "CSP.exists", Topic::Csp, Kind::Flag, "Whether the account has a plan.";
    CspLifecycle = "CSP.lifecycle", Topic::Csp, Kind::Word(WordList::Lifecycle), "The phase of the plan.";
    CspStatus = "CSP.status", Topic::Csp, Kind::Word(WordList::Status), "The state of the plan as a document.";
    CspVersion = "CSP.version", Topic::Csp, Kind::Number, "The version of the plan.";
    CspOwnerRole = "CSP.owner_role", Topic::Csp, Kind::Text, "The role that owns the plan: sa before the sale, ca after it.";
    CspLastUpdated = "CSP.last_updated", Topic::Csp, Kind::Date, "The day of the plan's last change, in the account's time zone.";
    CspLastCustomerReview = "CSP.last_customer_review", Topic::Csp, Kind::Date, "The day of the customer's last review.";
    CspLastCustomerContact = "CSP.last_customer_contact", Topic::Csp, Kind::Date, "The last day on which the customer is known to have taken part: reviewed, agreed or met.";
    CspCustomerReviewDue = "CSP.customer_review_due", Topic::Csp, Kind::Date, "The day by which the customer is to review the plan next; before the sale the day of the first milestone since the last review.";
    CspReviewPhase = "CSP.review_phase", Topic::Csp, Kind::Word(WordList::ReviewPhase), "The phase that says how often the customer reviews the plan.";
    CspAgreedOn = "CSP.agreed_on", Topic::Csp, Kind::Date, "The day on which the customer agreed to the plan.";
    CspComplete = "CSP.complete", Topic::Csp, Kind::Flag, "Whether all that completeness asks for is there; false if there is no plan.";
    CspSectionsMissing = "CSP.sections_missing", Topic::Csp, Kind::Number, "How many required sections lack something; placeholders count as nothing.";
    CspSuccessCriteria = "CSP.success_criteria", Topic::Csp, Kind::Number, "How many success criteria say something.";
    CspStakeholders = "CSP.stakeholders", Topic::Csp, Kind::Number, "How many stakeholders are named.";
    CspAdoptionPhases = "CSP.adoption_phases", Topic::Csp, Kind::Number, "How many adoption phases are defined.";
    CspValueBaselined = "CSP.value_baselined", Topic::Csp, Kind::Flag, "Whether there are value metrics and each has a baseline.";
    CspHealth = "CSP.health", Topic::Csp, Kind::Word(WordList::Health), "How the plan fares, as its health rules say.";
    CspMilestonesOverdue = "CSP.milestones_overdue", Topic::Csp, Kind::Number, "How many open milestones are past their due date.";
    CspRedRisksUnmitigated = "CSP.red_risks_unmitigated", Topic::Csp, Kind::Number, "How many open red risks have no mitigation.";
    CspValueDeclining = "CSP.value_declining", Topic::Csp, Kind::Number, "How many value metrics read worse than the time before.";
    CspOpenQuestions = "CSP.open_questions", Topic::Csp, Kind::Number, "How many questions are open.";
    CspOpenCommitments = "CSP.open_commitments", Topic::Csp, Kind::Number, "How many commitments nobody has answered to.";
    MilestoneId = "CSP.milestone.id", Topic::Milestone, Kind::Text, "The milestone's id.";
    MilestoneName = "CSP.milestone.name", Topic::Milestone, Kind::Text, "What will be true.";
    MilestoneDueDate = "CSP.milestone.due_date", Topic::Milestone, Kind::Date, "The day on which it is due.";
    MilestoneCompletedOn = "CSP.milestone.completed_on", Topic::Milestone, Kind::Date, "The day on which it was reached.";
    MilestoneStatus = "CSP.milestone.status", Topic::Milestone, Kind::Word(WordList::Progress), "How far it has come.";
    MilestoneOpen = "CSP.milestone.open", Topic::Milestone, Kind::Flag, "Whether it is neither done nor cancelled.";
    MilestoneOwner = "CSP.milestone.owner", Topic::Milestone, Kind::Text, "Who answers for it.";
    MilestoneSide = "CSP.milestone.side", Topic::Milestone, Kind::Word(WordList::Side), "Whose side its owner is on.";
    ActionId = "CSP.action.id", Topic::Action, Kind::Text, "The action's id.";
    ActionName = "CSP.action.name", Topic::Action, Kind::Text, "What is to be done.";
    ActionDueDate = "CSP.action.due_date", Topic::Action, Kind::Date, "The day by which it is to be done.";
    ActionStatus = "CSP.action.status", Topic::Action, Kind::Word(WordList::Progress), "How far it has come.";
    ActionOpen = "CSP.action.open", Topic::Action, Kind::Flag, "Whether it is neither done nor cancelled.";
    ActionOwner = "CSP.action.owner", Topic::Action, Kind::Text, "Who does it.";
    ActionSide = "CSP.action.side", Topic::Action, Kind::Word(WordList::Side), "Whose side its owner is on.";
    RiskId = "CSP.risk.id", Topic::Risk, Kind::Text, "The risk's id.";
    RiskName = "CSP.risk.name", Topic::Risk, Kind::Text, "What may happen.";
    RiskRating = "CSP.risk.rating", Topic::Risk, Kind::Word(WordList::Light), "Its colour.";
    RiskLikelihood = "CSP.risk.likelihood", Topic::Risk, Kind::Word(WordList::Level), "How likely it is.";
    RiskImpact = "CSP.risk.impact", Topic::Risk, Kind::Word(WordList::Level), "How much it would hurt.";
    RiskMitigated = "CSP.risk.mitigated", Topic::Risk, Kind::Flag, "Whether it says what is done about it.";
    RiskStatus = "CSP.risk.status", Topic::Risk, Kind::Word(WordList::RiskStatus), "What has become of it.";
    RiskOpen = "CSP.risk.open", Topic::Risk, Kind::Flag, "Whether it may still happen.";
    RiskOwner = "CSP.risk.owner", Topic::Risk, Kind::Text, "Who answers for it.";
    EvaluationStartedOn = "Evaluation.started_on", Topic::Evaluation, Kind::Date, "The day on which the technical evaluation began.";
    EvaluationFinishedOn = "Evaluation.finished_on", Topic::Evaluation, Kind::Date, "The day on which it ended.";
    EvaluationValidatedBy = "Evaluation.validated_by", Topic::Evaluation, Kind::Text, "The SA who validated that it is worth doing, as named in team.yaml.";
    EvaluationResult = "Evaluation.result", Topic::Evaluation, Kind::Word(WordList::EvaluationResult), "How it ended.";
}

impl Field {
    /// The field of this exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// The yes-or-no field that, when it says no, makes a date of the past out of this one: nobody is
    /// reminded of what is done.
    #[must_use]
    pub fn open_while(self) -> Option<Self> {
        match self {
            Self::MilestoneDueDate => Some(Self::MilestoneOpen),
            Self::ActionDueDate => Some(Self::ActionOpen),
            _ => None,
        }
    }

    /// The fields that last longer than an event.
    pub(super) fn of_states() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|field| field.topic() != Topic::Event)
    }

    /// Whether its value may change by the passing of time alone.
    #[must_use]
    pub fn turns_with_time(self) -> bool {
        matches!(self, Self::CspMilestonesOverdue | Self::CspHealth)
    }

    /// Whether a fact of this value may stand in the field.
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        matches!(
            (self.kind(), value),
            (Kind::Text | Kind::Stage | Kind::Word(_), Value::Text(_))
                | (Kind::Number, Value::Number(_))
                | (Kind::Money, Value::Money(_))
                | (Kind::Date, Value::Date(_))
                | (Kind::Flag, Value::Flag(_))
        )
    }
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text => "text",
            Self::Stage => "a stage",
            Self::Word(WordList::Tier) => "a tier",
            Self::Word(WordList::Lifecycle) => "a lifecycle phase",
            Self::Word(WordList::Status) => "a status",
            Self::Word(WordList::EventType) => "an event type",
            Self::Word(WordList::EvaluationResult) => "a result",
            Self::Word(WordList::Health) => "a state of health",
            Self::Word(WordList::ReviewPhase) => "a phase of review",
            Self::Word(WordList::Progress) => "a state of progress",
            Self::Word(WordList::Side) => "a side",
            Self::Word(WordList::Light) => "a colour",
            Self::Word(WordList::Level) => "a level",
            Self::Word(WordList::RiskStatus) => "a state of a risk",
            Self::Number => "a number",
            Self::Money => "money",
            Self::Date => "a date",
            Self::Flag => "yes or no",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use infohub::facts::{EvaluationResult, Tier};
    use infohub::plan::sections::risks::RiskStatus;
    use infohub::plan::{Level, Lifecycle, Light, Progress, Side, Status};
    use schemars::{JsonSchema, schema_for};

    /// The list has the words of the enum that the facts are typed by.
    fn check_words<T: JsonSchema>(list: WordList) {
        let schema = serde_json::to_value(schema_for!(T)).unwrap();
        let variants = schema["oneOf"].as_array().unwrap();
        let words: Vec<&str> = variants.iter().map(|word| word["const"].as_str().unwrap()).collect();
        assert_eq!(list.words(), words);
    }

    #[test]
    fn words_are_those_of_the_facts() {
        check_words::<Tier>(WordList::Tier);
        check_words::<Lifecycle>(WordList::Lifecycle);
        check_words::<Status>(WordList::Status);
        check_words::<EvaluationResult>(WordList::EvaluationResult);
        check_words::<crate::health::ReviewPhase>(WordList::ReviewPhase);
        check_words::<Progress>(WordList::Progress);
        check_words::<Side>(WordList::Side);
        check_words::<Light>(WordList::Light);
        check_words::<Level>(WordList::Level);
        check_words::<RiskStatus>(WordList::RiskStatus);
    }

    #[test]
    fn names_are_found_again_and_begin_with_their_topic() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            let topic = format!("{:?}.", field.topic()).to_lowercase();
            let name = field.name().to_lowercase();
            let name = if name.matches('.').count() == 2 { name.trim_start_matches("csp.") } else { &name };
            assert!(name.starts_with(&topic), "{field}");
        }
        assert_eq!(Field::from_name("opportunity.stage"), None);
    }
}
