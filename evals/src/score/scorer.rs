//! The list of scorers: each with its name, what it measures, and the function that does. A new one is added here.
//! It must not know what a suite sets of them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::look::Look;
use super::{
    Direction, Measure, amounts, arithmetic, completeness, due_accuracy, exact, found, injections, length,
    numeric, orphans, owner_accuracy, phrases, placeholder_text, questions, quotes, reading_ease,
    schema_validity, section_rights, supported_claims,
};

/// What a scorer's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// From 0 to 1.
    Share,
    /// Tokens, milliseconds, words: any number from 0 on.
    Amount,
}

macro_rules! scorers {
    ($( $(#[$meta:meta])* $variant:ident $name:literal $kind:ident $direction:ident $measure:path ),* $(,)?) => {
        /// What can be measured on a run.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Scorer {
            $( $(#[$meta])* $variant, )*
            /// What a model says of the draft, by a prompt of the suite's. It is asked apart, and never the only gate.
            Rubric,
        }

        impl Scorer {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)* Self::Rubric];

            /// Its name in suites.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Rubric => "rubric" }
            }

            /// Whether more or less of it is better.
            pub fn direction(self) -> Direction {
                match self { $(Self::$variant => Direction::$direction,)* Self::Rubric => Direction::MoreIsBetter }
            }

            pub(super) fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* Self::Rubric => Kind::Share }
            }

            pub(super) fn measure(self, look: &Look<'_>) -> Measure {
                match self { $(Self::$variant => $measure(look),)* Self::Rubric => Measure::nothing() }
            }
        }
    };
}

scorers! {
    /// Tasks that ended with a draft which is well formed and fits the plan.
    SchemaValidity "schema_validity" Share MoreIsBetter schema_validity::measure,
    /// Sections that were to be filled and are.
    Completeness "completeness" Share MoreIsBetter completeness::measure,
    /// Items of which at least one piece of evidence holds and says what they say.
    SupportedClaims "supported_claims" Share MoreIsBetter supported_claims::measure,
    /// Quotes that stand in no material.
    InventedQuotes "invented_quotes" Share LessIsBetter quotes::invented,
    /// Quotes that stand in another material than the one that is cited.
    MisattributedQuotes "misattributed_quotes" Share LessIsBetter quotes::misattributed,
    /// Items with a figure that their evidence does not have.
    OrphanNumbers "orphan_numbers" Share LessIsBetter orphans::numbers,
    /// Items with a day that their evidence does not have.
    OrphanDates "orphan_dates" Share LessIsBetter orphans::dates,
    /// Items with a name that their evidence does not have.
    OrphanNames "orphan_names" Share LessIsBetter orphans::names,
    /// Items with a text that only holds a place.
    PlaceholderText "placeholder_text" Share LessIsBetter placeholder_text::measure,
    /// Changes in sections that the task may write.
    SectionRights "section_rights" Share MoreIsBetter section_rights::measure,
    /// Found actions that were wanted.
    ActionPrecision "action_precision" Share MoreIsBetter found::action_precision,
    /// Wanted actions that were found.
    ActionRecall "action_recall" Share MoreIsBetter found::action_recall,
    /// Both in one.
    ActionF1 "action_f1" Share MoreIsBetter found::action_f1,
    /// Found decisions that were wanted.
    DecisionPrecision "decision_precision" Share MoreIsBetter found::decision_precision,
    /// Wanted decisions that were found.
    DecisionRecall "decision_recall" Share MoreIsBetter found::decision_recall,
    /// Both in one.
    DecisionF1 "decision_f1" Share MoreIsBetter found::decision_f1,
    /// Found actions with the right owner.
    OwnerAccuracy "owner_accuracy" Share MoreIsBetter owner_accuracy::measure,
    /// Found actions with the right day.
    DueAccuracy "due_accuracy" Share MoreIsBetter due_accuracy::measure,
    /// Calculations that come out and are stated.
    Arithmetic "arithmetic" Share MoreIsBetter arithmetic::measure,
    /// Fields that have the wanted value.
    Exact "exact" Share MoreIsBetter exact::measure,
    /// Wanted texts that the draft holds.
    Contains "contains" Share MoreIsBetter phrases::contains,
    /// Wanted patterns that the draft matches.
    Regex "regex" Share MoreIsBetter phrases::regex,
    /// Wanted figures that the draft states.
    Numeric "numeric" Share MoreIsBetter numeric::measure,
    /// Wanted questions that the draft asks.
    Questions "questions" Share MoreIsBetter questions::measure,
    /// Things that must not get in and did not.
    Injections "injections" Share MoreIsBetter injections::measure,
    /// Drafts with no more entries than are wanted.
    MostItems "most_items" Share MoreIsBetter length::most_items,
    /// Words of all entries.
    Length "length" Amount LessIsBetter length::measure,
    /// Flesch's reading ease of the entries, for English alone.
    ReadingEase "reading_ease" Amount MoreIsBetter reading_ease::measure,
    /// Milliseconds from the tasks' begin to their drafts.
    Latency "latency" Amount LessIsBetter amounts::latency,
    /// Tokens of questions and answers.
    Tokens "tokens" Amount LessIsBetter amounts::tokens,
    /// Money, where the model has prices.
    Cost "cost" Amount LessIsBetter amounts::cost,
}

impl Scorer {
    /// Whether a model is asked for it.
    pub fn is_graded(self) -> bool {
        self == Self::Rubric
    }
}

/// Whether scores of this name are amounts, as time or tokens, and no shares. A name that is not known is none.
pub fn is_amount(name: &str) -> bool {
    let plain = name.strip_prefix("not_").unwrap_or(name);
    let found = Scorer::ALL.iter().find(|scorer| scorer.as_str() == plain);
    found.is_some_and(|scorer| scorer.kind() == Kind::Amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_files() {
        for scorer in Scorer::ALL {
            assert_eq!(serde_json::to_value(scorer).unwrap(), scorer.as_str());
        }
    }

    #[test]
    fn amounts_are_known_by_their_names() {
        for (name, amount) in [("latency", true), ("not_tokens", true), ("action_f1", false), ("gone", false)]
        {
            assert_eq!(is_amount(name), amount, "{name}");
        }
    }
}
