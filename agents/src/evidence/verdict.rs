//! What became of a piece of evidence, in words that a person or a model can act on.
//! It must not know how it was found out.

use std::fmt;

use infohub::calculation::{Calculation, Incomputable};
use infohub::evidence::{Evidence, LineRange};
use infohub::ids::ItemId;
use infohub::number::Number;
use infohub::plan::SectionKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FEWEST_WORDS, InputFault};

/// How a piece of evidence compares with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// The words stand there.
    Verified {
        /// On these lines.
        lines: LineRange,
        /// In the source's own spelling.
        quote: String,
    },
    /// Nearly the same words stand there, and nothing that carries weight differs.
    Repaired {
        /// On these lines.
        lines: LineRange,
        /// The source's own words.
        quote: String,
    },
    /// The words stand in another material of the account.
    Misattributed {
        /// In this one.
        source: String,
        /// On these lines.
        lines: LineRange,
    },
    /// The words stand there, but they are too few to prove anything.
    TooWeak {
        /// How many they are.
        words: usize,
    },
    /// The words stand nowhere.
    NotFound {
        /// Whether the account has the material that was named.
        source_exists: bool,
    },
    /// It stands in a passage that gives orders to software, which nobody said to anybody.
    GivesOrders,
    /// The CRM field has the value.
    CrmVerified {
        /// Since when.
        as_of: Timestamp,
        /// The value as the facts spell it.
        value: String,
    },
    /// The CRM field has another value.
    CrmDiffers {
        /// This one.
        actual: String,
    },
    /// There is no such CRM field, or it has no value.
    CrmUnknown {
        /// A field whose name is near to it.
        nearest: Option<String>,
    },
    /// The item's field has the value.
    ItemVerified {
        /// The value as the plan spells it.
        value: String,
    },
    /// The item's field has another value.
    ItemDiffers {
        /// This one.
        actual: String,
    },
    /// There is no such item, or it has no such field.
    ItemUnknown {
        /// Whether the plan has the item.
        item_exists: bool,
    },
    /// The plan proves nothing about what this list says.
    OutOfPlace,
    /// The runtime worked it out and came to the same.
    Calculated {
        /// With the figures as they stand in their sources.
        calculation: Calculation,
    },
    /// The figures stand there, and something else comes out.
    Miscalculated {
        /// What was said to come out.
        stated: Number,
        /// What does.
        actual: Number,
    },
    /// A figure does not stand where it is said to.
    InputFails {
        /// Which one, counted from 1.
        input: usize,
        /// Why.
        why: InputFault,
    },
    /// The figures give no result.
    Incomputable {
        /// Why.
        why: Incomputable,
    },
}

impl Verdict {
    /// True for the verdicts with which evidence enters the plan.
    pub fn holds(&self) -> bool {
        matches!(
            self,
            Self::Verified { .. }
                | Self::Repaired { .. }
                | Self::CrmVerified { .. }
                | Self::ItemVerified { .. }
                | Self::Calculated { .. }
        )
    }

    /// The evidence as it enters the plan, in the source's own words; nothing if it does not hold.
    pub fn corrected(&self, cited: &Evidence) -> Option<Evidence> {
        match (self, cited) {
            (
                Self::Verified { lines, quote } | Self::Repaired { lines, quote },
                Evidence::Quote { source, .. },
            ) => Some(Evidence::Quote { source: source.clone(), lines: Some(*lines), quote: quote.clone() }),
            (Self::CrmVerified { as_of, value }, Evidence::Crm { field, .. }) => {
                Some(Evidence::Crm { field: field.clone(), value: value.clone(), as_of: Some(*as_of) })
            }
            (Self::ItemVerified { value }, Evidence::Item { item, field, .. }) => {
                Some(Evidence::Item { item: item.clone(), field: field.clone(), value: value.clone() })
            }
            (Self::Calculated { calculation }, Evidence::Calculation(_)) => {
                Some(Evidence::Calculation(calculation.clone()))
            }
            _ => None,
        }
    }

    /// The verdict's name, for tables and counts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Verified { .. } => "verified",
            Self::Repaired { .. } => "repaired",
            Self::Misattributed { .. } => "misattributed",
            Self::TooWeak { .. } => "too_weak",
            Self::NotFound { .. } => "not_found",
            Self::GivesOrders => "gives_orders",
            Self::CrmVerified { .. } => "crm_verified",
            Self::CrmDiffers { .. } => "crm_differs",
            Self::CrmUnknown { .. } => "crm_unknown",
            Self::ItemVerified { .. } => "item_verified",
            Self::ItemDiffers { .. } => "item_differs",
            Self::ItemUnknown { .. } => "item_unknown",
            Self::OutOfPlace => "out_of_place",
            Self::Calculated { .. } => "calculated",
            Self::Miscalculated { .. } => "miscalculated",
            Self::InputFails { .. } => "input_fails",
            Self::Incomputable { .. } => "incomputable",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verified { lines, .. } => write!(f, "stands on line {lines}"),
            Self::Repaired { lines, .. } => {
                write!(f, "differs a little from line {lines}; the source's own words were taken")
            }
            Self::Misattributed { source, lines } => {
                write!(f, "does not stand there but in {source}, line {lines}; cite that material")
            }
            Self::TooWeak { words } => write!(
                f,
                "has {words} words; quote at least {FEWEST_WORDS} in a row, or a whole line or cell"
            ),
            Self::NotFound { source_exists: true } => f.write_str(
                "does not stand in that material; copy its words exactly or ask a question instead",
            ),
            Self::NotFound { source_exists: false } => f.write_str(
                "names a material that the account does not have; take a path from the material shown",
            ),
            Self::GivesOrders => f.write_str(
                "stands in a passage that gives orders to software and proves nothing; cite what people say, or ask",
            ),
            Self::CrmVerified { as_of, .. } => write!(f, "is what the CRM says as of {as_of}"),
            Self::CrmDiffers { actual } => {
                write!(f, "is not what the CRM says ({actual}); cite the field's present value")
            }
            Self::CrmUnknown { nearest: Some(nearest) } => {
                write!(f, "names a CRM field that is not known; did you mean {nearest}")
            }
            Self::CrmUnknown { nearest: None } => {
                f.write_str("names a CRM field that is not known; cite one of the facts shown")
            }
            Self::ItemVerified { .. } => f.write_str("is what the plan says"),
            Self::ItemDiffers { actual } => {
                write!(f, "is not what the plan says ({actual}); cite the field's present value")
            }
            Self::ItemUnknown { item_exists: true } => {
                f.write_str("names a field that the item does not have; cite one of its fields")
            }
            Self::ItemUnknown { item_exists: false } => {
                f.write_str("names an item that the plan does not have; cite one of the ids shown")
            }
            Self::OutOfPlace => f.write_str(
                "is no proof here: the plan is only cited for checklists, talking points and reminders; quote a material",
            ),
            Self::Calculated { .. } => f.write_str("comes out as stated"),
            Self::Miscalculated { stated, actual } => {
                write!(f, "says {stated} and the figures give {actual}; look at the claim again")
            }
            Self::InputFails { input, why } => write!(f, "does not hold: input {input} {why}"),
            Self::Incomputable { why } => write!(f, "cannot be worked out: {why}"),
        }
    }
}

/// One piece of evidence under one item, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceCheck {
    /// Section of the item.
    pub section: SectionKey,
    /// List of the item.
    pub list: String,
    /// The item.
    pub id: ItemId,
    /// The evidence as it was cited.
    pub cited: Evidence,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl fmt::Display for EvidenceCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { section, list, id, cited, verdict } = self;
        write!(f, "{section}.{list} {id}: ")?;
        match cited {
            Evidence::Quote { source, quote, .. } => {
                write!(f, "the quote \"{}\" from {source} {verdict}", shortened(quote))
            }
            Evidence::Crm { field, value, .. } => {
                write!(f, "the CRM value {field} = \"{}\" {verdict}", shortened(value))
            }
            Evidence::Item { item, field, value } => {
                write!(f, "the value {field} = \"{}\" of {item} {verdict}", shortened(value))
            }
            Evidence::Calculation(Calculation { operation, result, .. }) => {
                write!(f, "the {operation} of {result} {verdict}")
            }
        }
    }
}

/// Enough of a text to recognise it by.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    let mut start: String = text.chars().take(MOST).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}
