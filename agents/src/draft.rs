//! From a typed patch to a draft: only items that rest on something stay, and each item that goes
//! leaves a question. The model's answers and the extractive drafter's pass through here alike.
//! It must not know prompts or conversations.

use std::collections::BTreeSet;
use std::fmt;

use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::ids::ItemId;
use infohub::plan::{
    Item, NOT_SET, Patch, Plan, QuestionDraft, Review, Section, SectionKey, apply, is_placeholder,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::answer::{Reason, words_of};
use crate::evidence::Verdict;
use crate::evidence::fold::fold;
use crate::evidence::{EvidenceCheck, Orphan, Sources, judge, orphans, speaks_about_the_plan};
use crate::figures::numbers;
use crate::value::{Outcomes, ValueFault};

/// Questions that a draft may ask; the first ones are kept.
const MOST_QUESTIONS: usize = 40;
/// Smaller deal values are numbers that mean something else elsewhere.
const SMALLEST_DEAL: Decimal = Decimal::ONE_THOUSAND;
/// Characters of a question.
const LONGEST_QUESTION: usize = 500;
/// Pieces of evidence that are looked up under one item.
const MOST_EVIDENCE: usize = 12;

/// What an agent proposes: every item in it rests on evidence that was looked up.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The changes, marked as drafted, and the questions.
    pub patch: Patch,
    /// What became of each piece of evidence.
    pub checks: Vec<EvidenceCheck>,
    /// The items that were left out.
    pub dropped: Vec<Dropped>,
    /// What items say beyond their evidence.
    pub warnings: Vec<Warning>,
}

/// An item that did not get into the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Section of the item.
    pub section: SectionKey,
    /// List of the item.
    pub list: String,
    /// What it says.
    pub text: String,
    /// Why it was left out.
    pub why: Why,
    /// It cites an order to software, so what it says is repeated to nobody.
    #[serde(skip)]
    from_order: bool,
}

/// Why an item was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It cites nothing.
    CitesNothing,
    /// Nothing that it cites holds.
    NothingHolds,
    /// It says the same as an item that is there.
    AlreadyThere,
    /// It only holds a place.
    Placeholder,
    /// It would show the customer what the deal is worth to us.
    DealValue,
    /// It rests on a calculation that comes out otherwise.
    Miscalculated,
    /// It states a figure that its evidence does not have.
    UnprovenFigure,
    /// Its figure stands in another column or row than the one that it speaks of.
    OtherCell,
    /// It states another unit or currency than its evidence.
    OtherUnit,
    /// It claims a value without the baseline that it is measured against.
    NoBaseline,
    /// It says that something has ended, and its evidence speaks of something else or only asks for it.
    NotReported,
    /// Orders to software stand in the material, and it says more than its evidence.
    RepeatsOrder,
}

impl Why {
    /// True where the evidence holds and the item says something else.
    fn is_claim(self) -> bool {
        matches!(self, Self::UnprovenFigure | Self::OtherCell | Self::OtherUnit | Self::NoBaseline)
    }
}

impl From<ValueFault> for Why {
    fn from(fault: ValueFault) -> Self {
        match fault {
            ValueFault::UnprovenFigure => Self::UnprovenFigure,
            ValueFault::OtherCell => Self::OtherCell,
            ValueFault::OtherUnit => Self::OtherUnit,
            ValueFault::NoBaseline => Self::NoBaseline,
        }
    }
}

/// Something that an item says and its evidence does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// Section of the item.
    pub section: SectionKey,
    /// List of the item.
    pub list: String,
    /// The item.
    pub id: ItemId,
    /// What it says beyond its evidence.
    #[serde(flatten)]
    pub orphan: Orphan,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { section, list, text, why, .. } = self;
        write!(f, "{section}.{list}: \"{text}\" was left out: {why}")
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CitesNothing => "it cites nothing; a question asks for it",
            Self::NothingHolds => "nothing that it cites stands where it says; a question asks for it",
            Self::AlreadyThere => "the plan says it already",
            Self::Placeholder => "it only holds a place",
            Self::DealValue => "it would show the customer the value of the deal",
            Self::Miscalculated => "its calculation comes out otherwise",
            Self::UnprovenFigure => "it states a figure that its evidence does not have",
            Self::OtherCell => "its figure stands in another column or row",
            Self::OtherUnit => "it states another unit than its evidence",
            Self::NoBaseline => "it claims a value without a baseline",
            Self::NotReported => "its evidence does not report that this has ended",
            Self::RepeatsOrder => "the material gives orders to software, and it says more than its evidence",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{} {}: {}", self.section, self.list, self.id, self.orphan)
    }
}

impl Draft {
    /// Looks up all evidence of a patch that is tied to the plan, and keeps the items that hold.
    pub fn of(mut patch: Patch, plan: &Plan, sources: &Sources<'_>) -> Self {
        let mut draft = Self::default();
        let mut said = Said::of(plan, &patch, sources.facts);
        let outcomes = Outcomes::of(plan, &patch);
        let ground = Ground { plan, sources, outcomes: &outcomes };
        draft.keep_what_holds(&mut patch, Subject::World, &mut said, &ground);
        // What is said about the plan is said about the plan with the rest of the draft in it, once that holds.
        let after = with_what_holds(plan, &patch);
        let ground = Ground { plan: &after, ..ground };
        draft.keep_what_holds(&mut patch, Subject::Plan, &mut said, &ground);
        draft.warnings.retain(|warning| patch.upserts().any(|(_, _, item)| *item.id() == warning.id));
        draft.ask(&mut patch, plan, sources);
        patch.mark(Some(Review::Drafted));
        draft.patch = patch;
        draft
    }

    /// The reasons for which an agent should try once more: evidence that does not hold.
    pub fn reasons(&self) -> Vec<Reason> {
        let failed = self.checks.iter().filter(|check| !check.verdict.holds()).cloned().map(Reason::Evidence);
        let bare = self.dropped.iter().filter(|dropped| dropped.why == Why::CitesNothing);
        let bare = bare.map(|dropped| Reason::NoEvidence {
            path: format!("{}.{}", dropped.section, dropped.list),
            text: dropped.text.clone(),
        });
        let claims =
            self.dropped.iter().filter(|dropped| dropped.why.is_claim()).map(|dropped| Reason::Claim {
                path: format!("{}.{}", dropped.section, dropped.list),
                text: dropped.text.clone(),
                why: dropped.why,
            });
        failed.chain(bare).chain(claims).collect()
    }

    /// Looks up what the lists on this subject cite, and drops from them what does not hold.
    fn keep_what_holds(&mut self, patch: &mut Patch, subject: Subject, said: &mut Said, ground: &Ground<'_>) {
        for change in patch.sections.changes_mut() {
            let section = change.key();
            for (list, item) in change.upserts_mut() {
                if Subject::of(section, list) == subject {
                    self.look_up((section, list), item, ground);
                }
            }
        }
        patch.retain(|section, list, item| {
            if Subject::of(section, list) != subject {
                return true;
            }
            let fault = self.claim_fault((section, list), item, ground);
            let fault = fault.or_else(|| {
                let cites = self.checks.iter().any(|check| check.id == *item.id());
                let needs_proof = cites || !ground.outcomes.says_not_measured(section, list, item);
                said.fault(section, list, item, (cites, needs_proof))
            });
            self.dropped.extend(fault.map(|why| Dropped {
                section,
                list: list.to_owned(),
                text: words_of(item),
                why,
                from_order: self.cites_order(item),
            }));
            fault.is_none()
        });
    }

    /// Whether it was to rest on an order to software.
    fn cites_order(&self, item: &dyn Item) -> bool {
        let mut checks = self.checks.iter().filter(|check| check.id == *item.id());
        checks.any(|check| check.verdict == Verdict::GivesOrders)
    }

    /// Replaces an item's evidence by the part that holds, in the sources' own words.
    fn look_up(&mut self, (section, list): (SectionKey, &str), item: &mut dyn Item, ground: &Ground<'_>) {
        let cited = std::mem::take(item.evidence_mut());
        let mut held: Vec<Evidence> = Vec::new();
        for cited in cited.into_iter().take(MOST_EVIDENCE) {
            let verdict = judge(&cited, (section, list), ground.sources, ground.plan);
            held.extend(verdict.corrected(&cited).filter(|evidence| !held.contains(evidence)));
            let (list, id) = (list.to_owned(), item.id().clone());
            self.checks.push(EvidenceCheck { section, list, id, cited, verdict });
        }
        for orphan in orphans(item, &held, ground.sources) {
            let (list, id) = (list.to_owned(), item.id().clone());
            self.warnings.push(Warning { section, list, id, orphan });
        }
        *item.evidence_mut() = held;
    }

    /// What is wrong with the figures that an item states.
    fn claim_fault(
        &self,
        (section, list): (SectionKey, &str),
        item: &dyn Item,
        ground: &Ground<'_>,
    ) -> Option<Why> {
        let mut checks = self.checks.iter().filter(|check| check.id == *item.id());
        if checks.any(|check| matches!(check.verdict, Verdict::Miscalculated { .. })) {
            return Some(Why::Miscalculated);
        }
        if item.evidence().is_empty() || is_placeholder(item.text()) {
            return None;
        }
        let orphans: Vec<_> = self
            .warnings
            .iter()
            .filter(|warning| warning.id == *item.id())
            .map(|warning| &warning.orphan)
            .collect();
        if ground.sources.repeats_order(item, &orphans) {
            return Some(Why::RepeatsOrder);
        }
        if ground.sources.ends_unreported(item) {
            return Some(Why::NotReported);
        }
        let orphans: Vec<_> = orphans
            .into_iter()
            .map(|orphan| (orphan.field.as_str(), orphan.kind, orphan.text.as_str()))
            .collect();
        ground.outcomes.fault((section, list), item, &orphans, ground.plan, ground.sources).map(Why::from)
    }

    /// Adds a question for each item that had no evidence, and keeps those that nobody asked yet.
    ///
    /// A question goes to people, so it holds no orders and names nothing that the account does not know.
    fn ask(&self, patch: &mut Patch, plan: &Plan, sources: &Sources<'_>) {
        let asked = self.dropped.iter().filter_map(|dropped| {
            let Dropped { section, text, why, .. } = dropped;
            let question = match why {
                Why::CitesNothing
                | Why::NothingHolds
                | Why::UnprovenFigure
                | Why::OtherCell
                | Why::OtherUnit
                | Why::NotReported => {
                    format!("Is it so, and where does it stand: {text}")
                }
                Why::NoBaseline => format!("From which baseline is this measured: {text}"),
                Why::Miscalculated => format!("Which figure holds, since it was worked out wrongly: {text}"),
                Why::AlreadyThere | Why::Placeholder | Why::DealValue | Why::RepeatsOrder => return None,
            };
            let question = if !dropped.from_order && is_own(text, plan, sources) {
                question
            } else {
                format!(
                    "What holds for {}, where an entry that nothing proves was left out?",
                    section.spoken()
                )
            };
            Some(QuestionDraft { section: *section, question })
        });
        patch.questions.retain(|draft| is_own(&draft.question, plan, sources));
        patch.questions.extend(asked);
        let mut asked: BTreeSet<String> =
            plan.questions.iter().map(|question| fold(&question.question)).collect();
        patch.questions.retain_mut(|draft| {
            draft.question = draft.question.trim().chars().take(LONGEST_QUESTION).collect();
            !is_placeholder(&draft.question) && asked.insert(fold(&draft.question))
        });
        patch.questions.truncate(MOST_QUESTIONS);
    }
}

/// Whether a question is about this account and for people.
fn is_own(question: &str, plan: &Plan, sources: &Sources<'_>) -> bool {
    !sources.hands_order_on(question) && sources.stranger(question, plan).is_none()
}

/// What an item says, and of what: the same words about two outcomes are two things.
fn said_by(item: &dyn Item) -> String {
    let of = ["outcome", "engagement", "item"].into_iter().filter_map(|field| item.said(field));
    let about: Vec<String> = of.filter(|value| value != NOT_SET && value != item.text()).collect();
    format!("{} {}", fold(item.text()), about.join(" "))
}

/// What a draft is looked at against.
#[derive(Clone, Copy)]
struct Ground<'a> {
    plan: &'a Plan,
    sources: &'a Sources<'a>,
    outcomes: &'a Outcomes,
}

/// What a list speaks about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    World,
    Plan,
}

impl Subject {
    fn of(section: SectionKey, list: &str) -> Self {
        if speaks_about_the_plan(section, list) { Self::Plan } else { Self::World }
    }
}

/// The plan with the part of a patch that does not speak about the plan.
fn with_what_holds(plan: &Plan, patch: &Patch) -> Plan {
    let mut holding = patch.clone();
    holding.retain(|section, list, _| Subject::of(section, list) == Subject::World);
    apply(plan, &holding).map_or_else(|_| plan.clone(), |(plan, _)| plan)
}

/// What the plan and the draft say so far, to notice what is said twice.
struct Said {
    texts: BTreeSet<(String, String)>,
    ids: BTreeSet<ItemId>,
    /// The lists that customers see, by section.
    shared: BTreeSet<(SectionKey, &'static str)>,
    deal_values: Vec<Decimal>,
}

impl Said {
    /// Of the plan only the lists count that the patch touches.
    fn of(plan: &Plan, patch: &Patch, facts: &AccountFile) -> Self {
        let touched: BTreeSet<&str> = patch.upserts().map(|(_, list, _)| list).collect();
        let texts = plan.items().filter(|(_, list, _)| touched.contains(list));
        let texts = texts.map(|(_, list, item)| (list.to_owned(), said_by(item))).collect();
        let arr = facts.opportunities.iter().filter_map(|deal| deal.arr.as_ref()?.value);
        let deal_values =
            arr.map(|arr| arr.decimal().normalize()).filter(|arr| *arr >= SMALLEST_DEAL).collect();
        let lists = |section: &dyn Section| -> Vec<_> {
            section.shared_lists().iter().map(|list| (section.key(), *list)).collect()
        };
        Self {
            texts,
            ids: plan.items().map(|(_, _, item)| item.id().clone()).collect(),
            shared: plan.sections().into_iter().flat_map(lists).collect(),
            deal_values,
        }
    }

    /// Whether a field that customers see holds the value of a deal.
    fn shows_deal_value(&self, section: SectionKey, list: &'static str, item: &dyn Item) -> bool {
        if self.deal_values.is_empty() || !self.shared.contains(&(section, list)) {
            return false;
        }
        let shared = item.customer_view().to_string();
        numbers(&shared).iter().any(|number| self.deal_values.contains(&number.value))
    }

    /// Why the item is not to be kept, if so.
    fn fault(
        &mut self,
        section: SectionKey,
        list: &'static str,
        item: &dyn Item,
        (cites, needs_proof): (bool, bool),
    ) -> Option<Why> {
        if is_placeholder(item.text()) {
            Some(Why::Placeholder)
        } else if item.evidence().is_empty() && needs_proof {
            Some(if cites { Why::NothingHolds } else { Why::CitesNothing })
        } else if !self.ids.contains(item.id()) && !self.texts.insert((list.to_owned(), said_by(item))) {
            Some(Why::AlreadyThere)
        } else if self.shows_deal_value(section, list, item) {
            Some(Why::DealValue)
        } else {
            None
        }
    }
}
