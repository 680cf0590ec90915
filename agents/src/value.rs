//! What a draft may say about value: each figure in section 8 is one that its evidence has, in the right column and
//! unit, and no value is claimed without the baseline that it is measured against. It must not know who drafted.

use std::collections::{BTreeMap, BTreeSet};

use infohub::calculation::{Calculation, Input, Operation};
use infohub::evidence::Evidence;
use infohub::ids::ItemId;
use infohub::number::Number;
use infohub::plan::{Item, Patch, Plan, SectionKey, is_placeholder};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::evidence::cells::{Cell, Cells};
use crate::evidence::unit::{Unit, currencies};
use crate::evidence::{OrphanKind, Sources, Verdict, judge};
use crate::figures::{numbers, signed_numbers};
use crate::period::period;

/// What is wrong with what an item claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueFault {
    /// It states a figure that its evidence does not have.
    UnprovenFigure,
    /// Its figure stands in another column or row than the one that it speaks of.
    OtherCell,
    /// It states another unit or currency than its evidence.
    OtherUnit,
    /// It claims a value, and nobody said where it started from.
    NoBaseline,
}

/// What is known of the outcomes that values are claimed for: the plan's and those of the patch.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    known: BTreeMap<String, Value>,
}

impl Outcomes {
    pub(crate) fn of(plan: &Plan, patch: &Patch) -> Self {
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        let outcomes = plan.background.outcomes.iter().map(|outcome| outcome as &dyn Item);
        let patched = patch.upserts().filter(|(_, list, _)| *list == "outcomes").map(|(_, _, item)| item);
        for outcome in outcomes.chain(patched) {
            let (Value::Object(new), known) = (outcome.to_value(), known.entry(outcome.id().to_string()))
            else {
                continue;
            };
            let fields = known.or_insert_with(|| Value::Object(serde_json::Map::new()));
            if let Value::Object(fields) = fields {
                fields.extend(new);
            }
        }
        Self { known }
    }

    fn text(&self, outcome: &str, field: &str) -> Option<&str> {
        self.known.get(outcome)?.get(field)?.as_str().filter(|text| !is_placeholder(text))
    }

    fn has_baseline(&self, outcome: &str) -> bool {
        self.text(outcome, "baseline").is_some_and(|baseline| !numbers(baseline).is_empty())
    }

    /// Whether an item only says that an outcome is not measured: that needs no proof.
    pub(crate) fn says_not_measured(&self, section: SectionKey, list: &str, item: &dyn Item) -> bool {
        let value = item.to_value();
        let is = |field: &str| value.get(field).and_then(Value::as_str);
        (section, list) == (SectionKey::ValueTracking, "outcome_progress")
            && is("measured") == Some("not measured")
            && is("outcome").is_some_and(|outcome| self.known.contains_key(outcome))
            && stated(item.text()).is_empty()
    }

    /// What is wrong with what an item claims, judged by the evidence that holds.
    pub(crate) fn fault(
        &self,
        (section, list): (SectionKey, &str),
        item: &dyn Item,
        orphans: &[(&str, OrphanKind, &str)],
        plan: &Plan,
        sources: &Sources<'_>,
    ) -> Option<ValueFault> {
        let value = item.to_value();
        match (section, list) {
            (SectionKey::Background, "outcomes") => self.outcome_fault(item, &value, orphans),
            (SectionKey::ValueTracking, _) => {
                let measure = self.measure(list, item, &value);
                let proven = Proven::of(item.evidence(), measure.as_deref(), sources);
                let old =
                    plan.item(item.id()).map(|(_, _, old)| figures(&old.to_value())).unwrap_or_default();
                proven
                    .fault(list, &value, &old, orphans)
                    .or_else(|| self.lacks_baseline(list, item, &value).then_some(ValueFault::NoBaseline))
            }
            _ => None,
        }
    }

    /// What is measured, as the item or its outcome names it.
    fn measure(&self, list: &str, item: &dyn Item, value: &Value) -> Option<String> {
        match list {
            "utilization" => Some(item.text().to_owned()),
            "outcome_progress" => {
                let outcome = value.get("outcome")?.as_str()?;
                self.text(outcome, "metric").map(str::to_owned)
            }
            _ => None,
        }
    }

    fn outcome_fault(
        &self,
        item: &dyn Item,
        value: &Value,
        orphans: &[(&str, OrphanKind, &str)],
    ) -> Option<ValueFault> {
        let figures = ["baseline", "target", "value.amount"];
        if orphans.iter().any(|(field, kind, _)| *kind == OrphanKind::Number && figures.contains(field)) {
            return Some(ValueFault::UnprovenFigure);
        }
        let is_worth = value.get("value").is_some_and(|worth| !worth.is_null());
        (is_worth && !self.has_baseline(item.id().as_str())).then_some(ValueFault::NoBaseline)
    }

    fn lacks_baseline(&self, list: &str, item: &dyn Item, value: &Value) -> bool {
        if list != "outcome_progress" {
            return false;
        }
        let measured = value.get("measured").is_some_and(Value::is_number);
        let claims = measured || !stated(item.text()).is_empty();
        let outcome = value.get("outcome").and_then(Value::as_str);
        claims
            && !outcome.is_some_and(|outcome| self.has_baseline(outcome))
            && !item.evidence().iter().any(starts_somewhere)
    }
}

/// Whether a calculation goes out from an earlier figure.
fn starts_somewhere(evidence: &Evidence) -> bool {
    let Evidence::Calculation(calculation) = evidence else { return false };
    matches!(
        calculation.operation,
        Operation::Difference
            | Operation::LastLessFirst
            | Operation::ChangePercent
            | Operation::ProgressPercent
            | Operation::Saving
    )
}

/// The figures that a text states in digits, days and periods apart.
fn stated(text: &str) -> Vec<Decimal> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let words = text.split_whitespace().filter(|word| period(&bare(word)).is_none());
    let rest = words.collect::<Vec<_>>().join(" ");
    let digits = numbers(&rest).into_iter().filter(|number| number.is_written_in_digits);
    digits.map(|number| number.value).collect()
}

/// All figures in an item's fields, without their signs.
fn figures(value: &Value) -> BTreeSet<Decimal> {
    match value {
        Value::Number(number) => {
            numbers(&number.to_string()).into_iter().map(|number| number.value).collect()
        }
        Value::String(text) => numbers(text).into_iter().map(|number| number.value).collect(),
        Value::Array(values) => values.iter().flat_map(figures).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !["id", "evidence"].contains(&name.as_str()))
            .flat_map(|(_, value)| figures(value))
            .collect(),
        Value::Null | Value::Bool(_) => BTreeSet::new(),
    }
}

/// What the evidence that holds proves.
struct Proven {
    /// Figures that the item may state, with their signs.
    figures: BTreeSet<Decimal>,
    /// Readings of the item's own column: the row's period and its figure.
    readings: Vec<(Option<crate::period::Period>, Decimal)>,
    /// Whether a cited table has a column of the item's name, so that no other column will do.
    in_column: bool,
    units: BTreeSet<Unit>,
    currencies: BTreeSet<Unit>,
}

impl Proven {
    fn of(evidence: &[Evidence], measure: Option<&str>, sources: &Sources<'_>) -> Self {
        let mut proven = Self {
            figures: BTreeSet::new(),
            readings: Vec::new(),
            in_column: false,
            units: BTreeSet::new(),
            currencies: BTreeSet::new(),
        };
        let tables: Vec<_> = evidence.iter().flat_map(tables).collect();
        proven.in_column = measure.is_some_and(|measure| {
            tables
                .iter()
                .any(|source| sources.cells(source, |cells| cells.measure(measure).is_some()) == Some(true))
        });
        for evidence in evidence {
            match evidence {
                Evidence::Quote { source, lines, quote } => {
                    let lines = lines.map(|lines| (lines.first, lines.last));
                    let read = |cells: &Cells| proven.read_rows(cells, lines, measure);
                    if sources.cells(source, read).is_none() {
                        proven.figures.extend(signed_numbers(quote));
                        proven.units.extend(Unit::of_text(quote));
                        proven.currencies.extend(currencies(quote));
                    }
                }
                Evidence::Crm { value, .. } | Evidence::Item { value, .. } => {
                    proven.figures.extend(signed_numbers(value));
                }
                Evidence::Calculation(calculation) => proven.take(calculation, measure, sources),
            }
        }
        let known: Vec<_> = proven.units.iter().copied().filter(|unit| unit.is_currency()).collect();
        proven.currencies.extend(known);
        proven
    }

    /// Takes the figures of the item's own column in the quoted rows. Where no column has the item's name a row only
    /// proves something if it has one figure: nobody could tell which of several is meant.
    fn read_rows(&mut self, cells: &Cells, lines: Option<(u32, u32)>, measure: Option<&str>) {
        let (first, last) = lines.unwrap_or((0, u32::MAX));
        let rows = cells.table.rows.iter().filter(|(line, _)| (first..=last).contains(line));
        let named = measure.and_then(|measure| cells.measure(measure));
        for (_, row) in rows {
            let figure = |column: usize| match cells.cell(row, column) {
                Cell::Figure(figure) => Some((column, figure.normalize())),
                Cell::Empty | Cell::Words => None,
            };
            let only = || match (0..row.len()).filter_map(figure).collect::<Vec<_>>().as_slice() {
                [only] => Some(*only),
                _ => None,
            };
            let Some((column, figure)) = named.map_or_else(only, figure) else { continue };
            self.figures.insert(figure);
            self.readings.push((row.iter().find_map(|cell| period(cell)), figure));
            self.units.extend(cells.unit(column).ok().flatten());
        }
    }

    /// A calculation on another column says nothing about an item that is named after its own.
    fn take(&mut self, calculation: &Calculation, measure: Option<&str>, sources: &Sources<'_>) {
        let elsewhere = |input: &Input| match (input, measure) {
            (Input::Cells { source, column, .. }, Some(measure)) => {
                let own = |cells: &Cells| {
                    cells
                        .measure(measure)
                        .is_some_and(|at| cells.column(column).is_some_and(|named| named != at))
                };
                sources.cells(source, own) == Some(true)
            }
            _ => false,
        };
        if calculation.inputs.iter().any(elsewhere) {
            return;
        }
        self.figures.extend([calculation.result.decimal(), calculation.result.decimal().abs()]);
        self.units.extend(calculation.unit.as_deref().and_then(Unit::named));
        for input in &calculation.inputs {
            self.figures.extend(match input {
                Input::Cells { value, .. } => value.map(Number::decimal),
                Input::Quoted { value, .. } | Input::Fact { value, .. } | Input::Planned { value, .. } => {
                    Some(value.decimal())
                }
            });
            if let Input::Cells { source, column, .. } = input {
                let unit = |cells: &Cells| cells.unit(cells.column(column)?).ok().flatten();
                self.units.extend(sources.cells(source, unit).flatten());
            }
        }
    }

    fn fault(
        &self,
        list: &str,
        value: &Value,
        old: &BTreeSet<Decimal>,
        orphans: &[(&str, OrphanKind, &str)],
    ) -> Option<ValueFault> {
        let fault = if self.in_column { ValueFault::OtherCell } else { ValueFault::UnprovenFigure };
        let knows = |figure: Decimal| self.figures.contains(&figure) || old.contains(&figure.abs());
        let unproven_fields = number_fields(list, value).into_iter().any(|figure| !knows(figure));
        let unproven_words = orphans.iter().any(|(field, kind, text)| {
            *kind == OrphanKind::Number
                && ["progress", "indicator"].contains(field)
                && numbers(text).iter().any(|number| !knows(number.value) && !knows(-number.value))
        });
        if unproven_fields || unproven_words || !self.readings_match(value) {
            return Some(fault);
        }
        self.other_unit(value).then_some(ValueFault::OtherUnit)
    }

    /// Whether each reading that falls into the period of a cited row has that row's figure.
    fn readings_match(&self, value: &Value) -> bool {
        let readings = value.get("readings").and_then(Value::as_array).into_iter().flatten();
        let read = readings.filter_map(|reading| {
            let on = reading.get("on")?.as_str()?.parse::<jiff::civil::Date>().ok()?;
            Some((on, decimal(reading.get("value")?)?))
        });
        let single = value.get("on").and_then(Value::as_str).and_then(|on| on.parse().ok());
        let measured = value.get("measured").and_then(decimal);
        read.chain(single.zip(measured)).all(|(on, figure)| {
            let mut rows = self
                .readings
                .iter()
                .filter(|(period, _)| period.is_some_and(|period| period.first <= on && on <= period.last));
            let Some((_, first)) = rows.next() else { return true };
            *first == figure || rows.any(|(_, other)| *other == figure)
        })
    }

    fn other_unit(&self, value: &Value) -> bool {
        let text = |field: &str| value.get(field).and_then(Value::as_str);
        let unit = text("unit")
            .and_then(|unit| Unit::named(unit).or_else(|| unit.split_whitespace().find_map(Unit::named)));
        let other = unit.is_some_and(|unit| {
            !self.units.is_empty() && !self.units.contains(&unit) && !self.currencies.contains(&unit)
        });
        let named =
            ["unit", "progress", "indicator", "metric"].into_iter().filter_map(text).flat_map(currencies);
        other
            || named.into_iter().any(|money| !self.currencies.is_empty() && !self.currencies.contains(&money))
    }
}

/// The tables that a piece of evidence reads.
fn tables(evidence: &Evidence) -> Vec<&str> {
    match evidence {
        Evidence::Quote { source, .. } => vec![source],
        Evidence::Calculation(calculation) => calculation
            .inputs
            .iter()
            .filter_map(|input| match input {
                Input::Cells { source, .. } => Some(source.as_str()),
                _ => None,
            })
            .collect(),
        Evidence::Crm { .. } | Evidence::Item { .. } => Vec::new(),
    }
}

/// The typed figures of an item; a target is wished for and not measured, and is left to the warnings.
fn number_fields(list: &str, value: &Value) -> Vec<Decimal> {
    let fields: &[&str] = match list {
        "utilization" => &["baseline"],
        "outcome_progress" => &["measured"],
        _ => &[],
    };
    let readings = value.get("readings").and_then(Value::as_array).into_iter().flatten();
    let readings = readings.filter_map(|reading| decimal(reading.get("value")?));
    fields.iter().filter_map(|field| decimal(value.get(*field)?)).chain(readings).collect()
}

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_number()?.to_string().parse::<Number>().ok().map(Number::decimal)
}

/// A figure of the plan that its calculation does not, or no longer, give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// Section of the item.
    pub section: SectionKey,
    /// List of the item.
    pub list: &'static str,
    /// The item.
    pub id: ItemId,
    /// What it says.
    pub text: String,
    /// The calculation that is cited.
    pub calculation: Calculation,
    /// What became of it; the calculation holds where the item itself states another figure.
    pub verdict: Verdict,
}

/// The calculations in the plan that do not come out, or whose result the item does not state: a figure that somebody
/// changed by hand, or a table that was replaced.
pub fn disagreements(plan: &Plan, sources: &Sources<'_>) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for (section, list, item) in plan.items() {
        let said = figures(&item.to_value());
        for evidence in item.evidence() {
            let Evidence::Calculation(calculation) = evidence else { continue };
            let verdict = judge(evidence, (section, list), sources, plan);
            if verdict.holds() && said.contains(&calculation.result.decimal().abs()) {
                continue;
            }
            found.push(Disagreement {
                section,
                list,
                id: item.id().clone(),
                text: item.text().to_owned(),
                calculation: calculation.clone(),
                verdict,
            });
        }
    }
    found
}
