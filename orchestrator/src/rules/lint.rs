//! What is wrong with rules that read well each by itself: contradictions, gaps, doubles, idle tasks.
//!
//! Everything here is decided without facts. Where a condition is too wide to be looked at, nothing is
//! found, and nothing is claimed. Must not know files beyond the places of rules.

use super::condition::NodeKind;
use super::place::Place;
use super::rule::{GateName, Rule};
use super::ruleset::RuleSet;
use super::space::{Axis, Cell, product, space};
use rust_decimal::Decimal;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The most findings that are told.
const MOST_FINDINGS: usize = 100;
/// The most rules of one kind that are compared with one another; pairs grow with their square.
const MOST_COMPARED: usize = 256;

/// The most boundaries, and rules at one of them, that are looked at for gaps: each is held against all rules.
const MOST_EDGES: usize = 200;
const MOST_SIDES: usize = 4;

/// Something that an operator should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule, if it is about one.
    pub rule: Option<String>,
    /// Where the rule begins.
    #[serde(skip)]
    pub place: Option<Place>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What can be wrong with rules together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "flaw")]
pub enum Flaw {
    /// No facts make it true.
    NeverHolds,
    /// Two rules close the same gate and can never both hold.
    Apart {
        /// The other rule.
        other: String,
        /// The gate.
        gate: GateName,
    },
    /// An agent's task that no rule runs.
    IdleTask {
        /// The task.
        task: String,
    },
    /// A value between two rules that neither takes.
    Gap {
        /// The other rule.
        other: String,
        /// What is compared.
        of: String,
        /// The value.
        at: String,
    },
    /// A day that some months lack.
    ShortMonths {
        /// The schedule.
        schedule: String,
    },
    /// Two rules with the same condition and effects.
    Double {
        /// The other rule.
        other: String,
    },
    /// Whenever it holds another rule holds that does the same.
    Shadowed {
        /// The other rule.
        by: String,
    },
}

impl Flaw {
    /// Whether the rules must not be used before it is mended; else it is only odd.
    #[must_use]
    pub fn refuses(&self) -> bool {
        !matches!(self, Self::Double { .. } | Self::Shadowed { .. })
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::NeverHolds => "mend the condition, or take the rule out".to_owned(),
            Self::Apart { .. } => {
                "let one of them close another gate, or join them by OR in one rule".to_owned()
            }
            Self::IdleTask { task } => {
                format!("add a rule with `run: {task}`, or take the task out of its agent")
            }
            Self::Gap { .. } => "write >= or <= in one of the two".to_owned(),
            Self::ShortMonths { schedule } => {
                format!("write {schedule} or the last day, if that is what is meant")
            }
            Self::Double { .. } => "take one of the two out".to_owned(),
            Self::Shadowed { .. } => "take it out, or let it do something else".to_owned(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverHolds => formatter.write_str("the rule can never hold"),
            Self::Apart { other, gate } => {
                write!(
                    formatter,
                    "it closes the gate `{gate}`, and so does `{other}`, and they can never both hold"
                )
            }
            Self::IdleTask { task } => write!(formatter, "no rule runs the task {task}"),
            Self::Gap { other, of, at } => {
                write!(formatter, "{of} of exactly {at} falls between it and `{other}`")
            }
            Self::ShortMonths { schedule } => {
                write!(formatter, "`{schedule}` does not say what holds for shorter months")
            }
            Self::Double { other } => write!(formatter, "it has the condition and the effects of `{other}`"),
            Self::Shadowed { by } => {
                write!(formatter, "whenever it holds `{by}` holds as well, and does the same")
            }
        }
    }
}

/// Looks at all rules together. `tasks` are those that agents have.
#[must_use]
pub fn lint(rules: &RuleSet, tasks: &BTreeSet<String>) -> Vec<Finding> {
    let shapes: Vec<Shape> = rules.rules().iter().map(Shape::of).collect();
    let mut findings = Vec::new();
    for shape in &shapes {
        findings.extend(shape.alone());
    }
    findings.extend(apart(&shapes));
    findings.extend(gaps(&shapes));
    findings.extend(doubles(&shapes));
    findings.sort_by_key(|finding| finding.place);
    findings.extend(idle(rules, tasks));
    findings.truncate(MOST_FINDINGS);
    findings
}

/// A rule with what its condition leaves room for.
struct Shape<'a> {
    rule: &'a Rule,
    /// The ways in which it can be true; nothing if they are too many to look at.
    cells: Option<Vec<Cell>>,
}

impl<'a> Shape<'a> {
    fn of(rule: &'a Rule) -> Self {
        let all = rule.conditions().try_fold(vec![Cell::default()], |all, (key, condition)| {
            product(&all, &space(&condition.root, key != "unless")?)
        });
        let mut cells = all;
        if let Some(cells) = &mut cells {
            cells.retain(|cell| !cell.is_empty());
        }
        Self { rule, cells }
    }

    fn cells(&self) -> &[Cell] {
        self.cells.as_deref().unwrap_or_default()
    }

    fn finding(&self, flaw: Flaw) -> Finding {
        Finding { rule: Some(self.rule.name.clone()), place: Some(self.rule.place), flaw }
    }

    fn alone(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.cells.as_ref().is_some_and(Vec::is_empty) {
            findings.push(self.finding(Flaw::NeverHolds));
        }
        for (_, condition) in self.rule.conditions() {
            condition.root.visit(&mut |node| {
                if let NodeKind::Schedule(schedule, _) = &node.kind
                    && schedule.forgets_short_months()
                {
                    findings.push(self.finding(Flaw::ShortMonths { schedule: schedule.to_string() }));
                }
            });
        }
        findings
    }

    /// Whether it holds wherever the other one does.
    fn covers(&self, other: &Self) -> bool {
        let covered = |cell: &Cell| self.cells().iter().any(|own| cell.is_within(own));
        !other.cells().is_empty() && other.cells().iter().all(covered)
    }
}

/// Rules that close one gate and exclude each other.
fn apart(shapes: &[Shape]) -> Vec<Finding> {
    let claiming: Vec<&Shape> = shapes
        .iter()
        .filter(|shape| shape.rule.effects.gate.is_some() && !shape.cells().is_empty())
        .collect();
    let mut findings = Vec::new();
    for (at, one) in claiming.iter().take(MOST_COMPARED).enumerate() {
        for other in claiming.iter().take(at) {
            let (Some(gate), true) = (one.rule.effects.gate, one.rule.asked_of() == other.rule.asked_of())
            else {
                continue;
            };
            let both =
                one.cells().iter().flat_map(|cell| other.cells().iter().map(move |more| cell.and(more)));
            if other.rule.effects.gate == Some(gate) && both.into_iter().all(|cell| cell.is_empty()) {
                findings.push(one.finding(Flaw::Apart { other: other.rule.name.clone(), gate }));
            }
        }
    }
    findings
}

/// One side of a boundary: a rule, and the way in which it ends there.
type Side<'a> = (&'a Shape<'a>, &'a Cell);

/// The rules that begin above a boundary, and those that end below it.
type Sides<'a> = (Vec<Side<'a>>, Vec<Side<'a>>);

/// Values at which one rule ends and another begins, and that neither takes.
fn gaps(shapes: &[Shape]) -> Vec<Finding> {
    let mut edges: BTreeMap<(&Axis, Decimal), Sides> = BTreeMap::new();
    for shape in shapes {
        for cell in shape.cells() {
            for (axis, room) in &cell.0 {
                if let Some(low) = room.low().filter(|low| !low.closed) {
                    edges.entry((axis, low.at)).or_default().0.push((shape, cell));
                }
                if let Some(high) = room.high().filter(|high| !high.closed) {
                    edges.entry((axis, high.at)).or_default().1.push((shape, cell));
                }
            }
        }
    }
    edges.retain(|_, (above, below)| !above.is_empty() && !below.is_empty());
    let mut findings = Vec::new();
    for ((axis, at), (above, below)) in edges.into_iter().take(MOST_EDGES) {
        for over in above.iter().take(MOST_SIDES) {
            let mut others = below.iter().take(MOST_SIDES);
            let Some((other, _)) = others.find(|under| is_gap(axis, at, over, under, shapes)) else {
                continue;
            };
            let (other, at) = (other.rule.name.clone(), at.normalize().to_string());
            findings.push(over.0.finding(Flaw::Gap { other, of: axis.to_string(), at }));
        }
    }
    findings
}

/// Whether the value itself, under all else that both sides ask for, is taken by no rule.
fn is_gap(axis: &Axis, at: Decimal, over: &Side, under: &Side, shapes: &[Shape]) -> bool {
    if over.0.rule.asked_of() != under.0.rule.asked_of() {
        return false;
    }
    let Some(room) = over.1.0.get(axis) else {
        return false;
    };
    let point = Cell(BTreeMap::from([(axis.clone(), room.of_point(at))]));
    let rest = |cell: &Cell| {
        let axes = cell.0.iter().filter(|(other, _)| *other != axis);
        Cell(axes.map(|(axis, room)| (axis.clone(), room.clone())).collect())
    };
    let between = rest(over.1).and(&rest(under.1)).and(&point);
    let taken =
        |shape: &Shape| shape.cells().iter().any(|cell| cell.0.contains_key(axis) && between.is_within(cell));
    !between.is_empty() && !shapes.iter().any(taken)
}

/// Rules that do the same, of which one adds nothing.
fn doubles(shapes: &[Shape]) -> Vec<Finding> {
    let mut alike: BTreeMap<_, Vec<&Shape>> = BTreeMap::new();
    for shape in shapes.iter().filter(|shape| !shape.cells().is_empty()) {
        let Rule { effects, timer, .. } = shape.rule;
        alike.entry((effects, shape.rule.asked_of(), format!("{timer:?}"))).or_default().push(shape);
    }
    let mut findings = Vec::new();
    for group in alike.values() {
        for (at, one) in group.iter().take(MOST_COMPARED).enumerate() {
            let others = group.iter().take(MOST_COMPARED).enumerate().filter(|(other, _)| *other != at);
            let flaw = others.into_iter().find_map(|(rank, other)| {
                match (other.covers(one), one.covers(other)) {
                    // Of two that are the same the later one is told.
                    (true, true) => (rank < at).then(|| Flaw::Double { other: other.rule.name.clone() }),
                    (true, false) => Some(Flaw::Shadowed { by: other.rule.name.clone() }),
                    _ => None,
                }
            });
            findings.extend(flaw.map(|flaw| one.finding(flaw)));
        }
    }
    findings
}

fn idle(rules: &RuleSet, tasks: &BTreeSet<String>) -> Vec<Finding> {
    let run: BTreeSet<&String> = rules.rules().iter().filter_map(|rule| rule.effects.run.as_ref()).collect();
    let idle = tasks.iter().filter(|task| !run.contains(task));
    idle.map(|task| Finding { rule: None, place: None, flaw: Flaw::IdleTask { task: task.clone() } })
        .collect()
}

impl fmt::Display for Axis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(field) => write!(formatter, "{field}"),
            Self::Age(field, unit) => write!(formatter, "{field} as an age in {unit:?}s"),
            Self::Answer(test) => formatter.write_str(test),
        }
    }
}
