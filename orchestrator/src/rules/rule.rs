//! One rule: what it waits for, what follows, and the words for people.
//!
//! Must not know the file that it stands in beyond its place, nor the other rules.

use super::asked::Asked;
use super::condition::{Condition, NodeKind, Test};
use super::explain::{Explanation, Outcome};
use super::facts::Facts;
use super::field::{Field, Topic};
use super::firing::Sighting;
use super::place::Place;
use super::timer::Timer;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// A rule of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in the file.
    pub name: String,
    /// Where it begins in the file.
    pub place: Place,
    /// The condition that it waits for.
    pub trigger: Condition,
    /// A second condition that must hold as well, kept apart so that the trigger reads simply.
    pub when: Option<Condition>,
    /// A condition that must not hold.
    pub unless: Option<Condition>,
    /// What it does, in words for people.
    pub action: String,
    /// Who hears of it, in words for people.
    pub notification: String,
    /// What the machine does.
    pub effects: Effects,
    /// How pressing it is where people's attention is short.
    pub priority: Priority,
    /// The instants at which it comes, if it waits for instants.
    pub(super) timer: Option<Timer>,
}

/// What follows when a rule fires, or holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effects {
    /// The task that it starts, as `agent.task`.
    pub run: Option<String>,
    /// Who is told.
    pub notify: Vec<Audience>,
    /// The gate that is closed while the rule holds.
    pub gate: Option<GateName>,
    /// Who takes the matter over.
    pub escalate: Option<Audience>,
    /// The longer work that it starts.
    pub start: Option<Workflow>,
}

impl Effects {
    /// Whether nothing follows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

macro_rules! named {
    ($( $(#[$meta:meta])* $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $word:literal ),* $(,)? } )*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $( $(#[$variant_meta])* #[serde(rename = $word)] $variant ),* }

        impl $name {
            /// The words of the rules file.
            pub const WORDS: &'static [&'static str] = &[$($word),*];

            /// What a word of the rules file stands for.
            #[must_use]
            pub fn named(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// The word of the rules file.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.word())
            }
        }
    )*};
}

named! {
    /// Somebody by the part that they have.
    Audience {
        /// Whoever owns the plan now.
        Owner = "owner",
        /// The solution architect.
        Sa = "sa",
        /// The account executive.
        Ae = "ae",
        /// The customer architect.
        Ca = "ca",
        /// Delivery.
        Delivery = "delivery",
        /// The value engineer.
        Ve = "ve",
        /// Who leads the SAs.
        SaManager = "sa_manager",
        /// Who leads the CAs.
        CaManager = "ca_manager",
        /// Who answers for the milestone, action or risk; the plan's owner if that is nobody of ours.
        ItemOwner = "item_owner",
    }
    /// Something that must not happen while a rule holds.
    GateName {
        /// A proposal to the customer.
        Proposal = "proposal",
    }
    /// Work that has steps of its own.
    Workflow {
        /// From the SA to the CA.
        Handoff = "handoff",
    }
    /// How pressing something is; the least first.
    Priority {
        /// May wait for the next digest.
        Low = "low",
        /// As most things are.
        Normal = "normal",
        /// Comes before others.
        High = "high",
        /// Cannot wait.
        Urgent = "urgent",
    }
}

impl Rule {
    /// The conditions, each with its key in the file.
    pub fn conditions(&self) -> impl Iterator<Item = (&'static str, &Condition)> {
        let more = [("when", &self.when), ("unless", &self.unless)];
        let more = more.into_iter().filter_map(|(key, condition)| Some((key, condition.as_ref()?)));
        std::iter::once(("trigger", &self.trigger)).chain(more)
    }

    /// The fields that decide it.
    #[must_use]
    pub fn reads(&self) -> BTreeSet<Field> {
        self.conditions().flat_map(|(_, condition)| condition.reads()).copied().collect()
    }

    /// Whether it waits for an event rather than for a state.
    #[must_use]
    pub fn awaits_event(&self) -> bool {
        self.reads().iter().any(|field| field.topic() == Topic::Event)
    }

    /// Whether it waits for something that is over at once: an event, a change, or an instant of a
    /// schedule. Such a rule fires each time, and remembers nothing.
    #[must_use]
    pub fn awaits_moment(&self) -> bool {
        self.timer.is_some() || self.awaits_event() || !self.awaited_changes().is_empty()
    }

    /// The fields of which it is asked whether they have just changed.
    pub(super) fn awaited_changes(&self) -> BTreeSet<Field> {
        let mut fields = BTreeSet::new();
        for (_, condition) in self.conditions() {
            condition.root.visit(&mut |node| {
                if let NodeKind::Test(field, Test::Enters(_) | Test::Changes) = &node.kind {
                    fields.insert(*field);
                }
            });
        }
        fields
    }

    /// Whether time alone can make it true or false.
    #[must_use]
    pub fn turns_with_time(&self) -> bool {
        let mut turns = false;
        for (_, condition) in self.conditions() {
            condition.root.visit(&mut |node| {
                turns |= match &node.kind {
                    NodeKind::Test(_, Test::Age(..) | Test::Within(_) | Test::Overdue) => true,
                    NodeKind::Test(field, _) => field.turns_with_time(),
                    _ => false,
                };
            });
        }
        turns
    }

    /// Whether it waits for the instants of a schedule, or of reminders around a date.
    #[must_use]
    pub fn awaits_time(&self) -> bool {
        self.timer.is_some()
    }

    /// The date that it reminds of, if it comes around one.
    #[must_use]
    pub fn reminds_of(&self) -> Option<Field> {
        match &self.timer {
            Some(Timer::Reminders(field, _)) => Some(*field),
            _ => None,
        }
    }

    /// The kind of thing that it is asked of; nothing if of the account.
    #[must_use]
    pub fn asked_of(&self) -> Option<Topic> {
        self.reads().into_iter().map(Field::topic).find(|topic| topic.is_one_of_many())
    }

    /// Whether it is asked of each opportunity rather than of the account.
    #[must_use]
    pub fn is_per_opportunity(&self) -> bool {
        self.asked_of() == Some(Topic::Opportunity)
    }

    /// Whether it holds: its trigger, `when` if it has one, and not `unless`.
    #[must_use]
    pub fn eval(&self, facts: &Facts) -> Outcome {
        self.answer(&Asked::of(facts))
    }

    pub(super) fn answer(&self, asked: &Asked) -> Outcome {
        Outcome::all(self.conditions().map(|(key, condition)| {
            let outcome = condition.root.eval(asked);
            if key == "unless" { outcome.inverted() } else { outcome }
        }))
    }

    /// Why it holds, or why not.
    #[must_use]
    pub fn explain(&self, facts: &Facts) -> Explanation {
        self.explain_to(&Asked::of(facts))
    }

    /// The same for a subject of which something has just changed.
    #[must_use]
    pub fn explain_news(&self, sighting: &Sighting) -> Explanation {
        self.explain_to(&Asked::about(sighting))
    }

    pub(super) fn explain_to(&self, asked: &Asked) -> Explanation {
        let explained = |(key, condition): (&str, &Condition)| {
            let inner = condition.explain_to(asked);
            match key {
                "unless" => Explanation {
                    text: format!("unless {}", inner.text),
                    outcome: inner.outcome.inverted(),
                    found: None,
                    parts: vec![inner],
                },
                _ => inner,
            }
        };
        let mut parts: Vec<Explanation> = self.conditions().map(explained).collect();
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let keys: Vec<&str> = self.conditions().map(|(key, _)| key).collect();
        Explanation { text: keys.join(" and "), outcome: self.answer(asked), found: None, parts }
    }
}
