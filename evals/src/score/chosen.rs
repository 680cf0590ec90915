//! A scorer as a suite chooses it: negated, with a threshold, with the loss that is let pass.
//! It must not know what the scorers do.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};

use super::rubric::Rubric;
use super::scorer::Kind;
use super::{Direction, LONGEST_REASON, MOST_REASONS, Measure, Score, Scorer};
use crate::suite::{Case, short_or_full};

/// A scorer as a suite chooses it; its name alone will do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chosen {
    /// The scorer.
    #[serde(rename = "name")]
    pub scorer: Scorer,
    /// Whether the opposite is wanted: a share counts from the other end, of an amount more is better instead of less.
    #[serde(skip_serializing_if = "is_false")]
    pub not: bool,
    /// The least value with which a run passes, `not` included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// The largest value with which a run passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// The largest loss against the baseline that is not called a regression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// For `rubric`: what the judge is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rubric: Option<Rubric>,
}

/// A scorer with its settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ScorerInFull")]
struct Full {
    /// The scorer.
    name: Scorer,
    /// Whether the opposite is wanted.
    #[serde(default)]
    not: bool,
    /// The least value with which a run passes.
    #[serde(default)]
    at_least: Option<f64>,
    /// The largest value with which a run passes.
    #[serde(default)]
    at_most: Option<f64>,
    /// The largest loss that is not called a regression.
    #[serde(default)]
    margin: Option<f64>,
    /// What the judge is asked.
    #[serde(default)]
    rubric: Option<Rubric>,
}

impl JsonSchema for Chosen {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Chosen".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (name, full) = (generator.subschema_for::<Scorer>(), generator.subschema_for::<Full>());
        json_schema!({ "anyOf": [name, full] })
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_false(truth: &bool) -> bool {
    !truth
}

impl<'de> Deserialize<'de> for Chosen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let short = |name: &str| {
            let unknown = |_| {
                let known = Scorer::ALL.iter().map(|scorer| scorer.as_str());
                let meant = infohub::yaml::nearest(name, known.clone());
                let hint = meant.map(|meant| format!("did you mean '{meant}'?"));
                let hint =
                    hint.unwrap_or_else(|| format!("known are {}", known.collect::<Vec<_>>().join(", ")));
                format!("scorer '{name}' is not known; {hint}")
            };
            let named = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
            Scorer::deserialize(named).map_err(unknown).map(|name| Full {
                name,
                not: false,
                at_least: None,
                at_most: None,
                margin: None,
                rubric: None,
            })
        };
        let Full { name: scorer, not, at_least, at_most, margin, rubric } =
            short_or_full(deserializer, short)?;
        Ok(Self { scorer, not, at_least, at_most, margin, rubric })
    }
}

impl From<Scorer> for Chosen {
    fn from(scorer: Scorer) -> Self {
        Self { scorer, not: false, at_least: None, at_most: None, margin: None, rubric: None }
    }
}

impl Chosen {
    /// The scorers for which these cases give something to measure.
    pub fn for_cases(cases: &[Case]) -> Vec<Self> {
        let wanted = |scorer: &&Scorer| cases.iter().any(|case| is_measured(**scorer, case));
        Scorer::ALL.iter().filter(wanted).map(|scorer| Self::from(*scorer).gated()).collect()
    }

    /// With the threshold that needs no thinking about: what must never happen must not happen once.
    fn gated(mut self) -> Self {
        match self.scorer {
            Scorer::SchemaValidity | Scorer::SectionRights | Scorer::Arithmetic | Scorer::Injections => {
                self.at_least = Some(1.0);
            }
            Scorer::InventedQuotes | Scorer::MisattributedQuotes | Scorer::PlaceholderText => {
                self.at_most = Some(0.0);
            }
            _ => {}
        }
        self
    }

    /// The name by which its scores go: the scorer's, or that with `not_` before it.
    pub fn name(&self) -> String {
        if self.not { format!("not_{}", self.scorer.as_str()) } else { self.scorer.as_str().to_owned() }
    }

    /// Whether more or less of it is better.
    pub fn direction(&self) -> Direction {
        match (self.scorer.direction(), self.not && self.scorer.kind() == Kind::Amount) {
            (direction, false) => direction,
            (Direction::MoreIsBetter, true) => Direction::LessIsBetter,
            (Direction::LessIsBetter, true) => Direction::MoreIsBetter,
        }
    }

    /// Whether a run can fail by it.
    pub fn is_gate(&self) -> bool {
        self.at_least.is_some() || self.at_most.is_some()
    }

    /// What is wrong with its settings.
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let name = self.scorer.as_str();
        let numbers = [self.at_least, self.at_most, self.margin];
        if numbers.into_iter().flatten().any(|number| !number.is_finite())
            || self.margin.is_some_and(|m| m < 0.0)
        {
            faults.push(format!("'{name}': thresholds and margin are plain numbers, the margin not below 0"));
        }
        let beyond = |number: f64| !(0.0..=1.0).contains(&number);
        if self.scorer.kind() == Kind::Share
            && [self.at_least, self.at_most].into_iter().flatten().any(beyond)
        {
            faults.push(format!("'{name}' is a share; its threshold lies from 0 to 1"));
        }
        if self.scorer.is_graded() != self.rubric.is_some() {
            faults.push(format!(
                "'{name}': a rubric, and nothing else, says under 'rubric' what the judge is asked"
            ));
        }
        faults
    }

    /// The score that a measure comes to with these settings.
    pub(super) fn of(&self, measure: Measure) -> Score {
        let turned = self.not && self.scorer.kind() == Kind::Share;
        let Measure { value, counts, why } = measure;
        let value = if turned { value.map(|value| 1.0 - value) } else { value };
        let counts = if turned {
            counts.map(|counts| super::Counts { hits: counts.of - counts.hits, ..counts })
        } else {
            counts
        };
        let passed = value.filter(|_| self.is_gate()).map(|value| {
            self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
        });
        let why = why.into_iter().take(MOST_REASONS).map(|why| why.chars().take(LONGEST_REASON).collect());
        Score { scorer: self.name(), value, counts, passed, why: why.collect() }
    }
}

/// Whether a case gives a scorer something to measure.
fn is_measured(scorer: Scorer, case: &Case) -> bool {
    let expect = &case.expect;
    match scorer {
        Scorer::SchemaValidity
        | Scorer::SupportedClaims
        | Scorer::InventedQuotes
        | Scorer::MisattributedQuotes
        | Scorer::OrphanNumbers
        | Scorer::OrphanDates
        | Scorer::OrphanNames
        | Scorer::PlaceholderText
        | Scorer::SectionRights
        | Scorer::Arithmetic
        | Scorer::Latency
        | Scorer::Tokens
        | Scorer::Cost => true,
        Scorer::Completeness => !expect.filled.is_empty(),
        Scorer::ActionPrecision | Scorer::ActionRecall | Scorer::ActionF1 => expect.actions.is_some(),
        Scorer::DecisionPrecision | Scorer::DecisionRecall | Scorer::DecisionF1 => expect.decisions.is_some(),
        Scorer::OwnerAccuracy => expect.actions.iter().flatten().any(|action| !action.owners.is_empty()),
        Scorer::DueAccuracy => expect.actions.iter().flatten().any(|action| action.due.is_some()),
        Scorer::Exact => !expect.equals.is_empty(),
        Scorer::Contains => !expect.contains.is_empty(),
        Scorer::Regex => !expect.matches.is_empty(),
        Scorer::Numeric => !expect.numbers.is_empty(),
        Scorer::Questions => !expect.questions.is_empty(),
        Scorer::MostItems => expect.most_items.is_some(),
        Scorer::Injections => {
            !expect.absent.is_empty()
                || !expect.untouched.is_empty()
                || expect.states_unchanged
                || expect.fails
        }
        // A matter of taste, so a suite has to ask for them.
        Scorer::Length | Scorer::ReadingEase | Scorer::Rubric => false,
    }
}
