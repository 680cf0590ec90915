//! The rule language: conditions on facts about an account, and the rules file that holds them.
//!
//! It turns `automation.yaml` into a [`RuleSet`] and says which rules fire on which facts, and why.
//! It must not know the store, the clock, tasks' inner workings or how its answers are printed.
//!
//! ```text
//!   automation.yaml ─► file ─► reading ─► RuleSet ─► index ─┐
//!                                │                          ├─► firing ─► Firing + new FiringMemory
//!     trigger text ─► lexer ─► parser ─► check              │
//!                              time_words                   ├─► ahead ─► the next instant
//!     an account's files ─► known, known_plan ─► Facts ─────┴─► why ─► what was found, what is missing
//!                                              RuleSet ─► space ─► lint ─► findings
//! ```
//!
//! # Grammar
//!
//! ```text
//! condition  = all { OR all } ;
//! all        = inverted { AND inverted } ;
//! inverted   = NOT inverted | "(" condition ")" | test ;
//! test       = field                              (a yes-or-no field by itself)
//!            | field compare value | value compare field
//!            | field compare length               (how long ago the date is)
//!            | field compare TODAY
//!            | field WITHIN length                (the date is today, or to come and no farther)
//!            | field OVERDUE                      (the date is past and the item open)
//!            | field APPROACHING                  (the rule's `timing` says when it is told)
//!            | field [ NOT ] IN "[" value { "," value } "]"
//!            | field REACHES value
//!            | field ENTERS value | field CHANGES
//!            | field IS [ NOT ] SET
//!            | schedule ;
//! compare    = "==" | "!=" | "<" | "<=" | ">" | ">=" ;
//! value      = text | number | money | date | TRUE | FALSE ;
//! field      = word { "." word } ;
//! text       = "'" … "'" | '"' … '"' ;            (a doubled quote stands for itself)
//! number     = [ "-" ] digits [ "." digits ] [ "K" | "M" | "B" ] ;
//! money      = [ "-" ] symbol number | number code ;   (symbol: $ € £ ¥; code: USD, EUR …)
//! date       = yyyy "-" mm "-" dd ;
//! ```
//!
//! `time_words` has the grammar of schedules, lengths and `timing`. NOT binds tighter than AND, AND
//! tighter than OR; comparisons bind tightest and do not chain. Words in capitals may be written in any
//! case; names of fields and quoted texts are taken exactly as written. Digits may be grouped by `_`. A
//! number without a currency is compared with the amount of money in whatever currency it is.
//!
//! # States, moments, instants
//!
//! Most tests ask about a *state*. `Event.*`, `ENTERS` and `CHANGES` ask about a *moment*, schedules and
//! `APPROACHING` about an *instant*; those are over at once, cannot be negated, and one rule waits for one
//! kind of them. `firing` says when each kind fires.
//!
//! Days are those of the account's time zone and begin at midnight: a plan is `> 30 days` old from the
//! first instant of the thirty-first day after its last change. Reminders, and schedules that name no hour,
//! come when the office opens. What `calendar` says of free days, short months and changing clocks holds.
//!
//! # Truth
//!
//! A test of a field that has no value is *unknown*, and a comparison of two currencies is
//! *incomparable*; neither is true. AND and OR still decide where one side decides alone: `false
//! AND unknown` is false. See [`Outcome`].

mod ahead;
mod asked;
mod check;
mod condition;
mod explain;
mod facts;
mod fault;
mod field;
mod file;
mod firing;
mod index;
mod known;
mod known_plan;
mod lexer;
mod lint;
mod memory;
mod number;
mod parser;
mod place;
mod reading;
mod rule;
mod rule_error;
mod ruleset;
mod space;
mod syntax;
mod time_words;
mod timer;
mod value;
mod vocabulary;
mod why;

pub use ahead::{Ahead, Turn};
pub use condition::{Condition, compile};
pub use explain::{Explanation, Outcome};
pub use facts::{FactError, Facts};
pub use fault::{ConditionError, Fault, Shown, Span};
pub use field::{Field, Kind, Topic, WordList};
pub use file::schema;
pub use firing::{Fired, Firing, Missed, PassedOver, Sighting, Subject, fires};
pub use known::{Known, Told, sightings};
pub use lint::{Finding, Flaw, lint};
pub use memory::FiringMemory;
pub use place::Place;
pub use rule::{Audience, Effects, GateName, Priority, Rule, Workflow};
pub use rule_error::{Problem, RuleError};
pub use ruleset::RuleSet;
pub use timer::Occasion;
pub use value::{Amount, Value};
pub use vocabulary::{Vocabulary, VocabularyError};
pub use why::{Closed, Needs, Read, Standing, Why};

#[cfg(test)]
mod tests;
