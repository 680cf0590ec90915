//! A register for people: one table a list, what is open first, and for programs the same entries in the same
//! order.

use infohub::hub::Register;
use infohub::plan::sections::risks::RiskStatus;
use infohub::plan::{Item, Owner};
use infohub::registers::Registers;
use infohub::registers::action_tracker::{Action, ActionStatus, Due};
use infohub::registers::briefing::{Reminder, TalkingPoint};
use infohub::registers::decision_log::{Decision, DecisionStatus};
use infohub::registers::risk_register::RegisteredRisk;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value, json};

use super::item::plain;
use super::screen::Screen;
use super::table::Table;
use super::words::spaced;

/// One list of a register.
pub struct Sheet {
    list: &'static str,
    head: &'static [&'static str],
    rows: Vec<Row>,
}

/// One entry.
struct Row {
    open: bool,
    overdue: bool,
    cells: Vec<String>,
    item: Value,
}

/// The lists of a register as they stand on this day.
pub fn sheets(register: Register, registers: &Registers, today: Date) -> Vec<Sheet> {
    match register {
        Register::DecisionLog => vec![decisions(&registers.decision_log.decisions)],
        Register::RiskRegister => vec![risks(&registers.risk_register.risks)],
        Register::ActionTracker => vec![actions(&registers.action_tracker.actions, today)],
        Register::Briefing => {
            vec![talking_points(&registers.briefing.talking_points), reminders(&registers.briefing.reminders)]
        }
    }
}

impl Sheet {
    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many of them are open.
    pub fn open(&self) -> usize {
        self.rows.iter().filter(|row| row.open).count()
    }

    /// How many of them should be done by now.
    pub fn overdue(&self) -> usize {
        self.rows.iter().filter(|row| row.overdue).count()
    }

    /// For programs.
    pub fn answer(&self) -> Value {
        let entry = |row: &Row| json!({ "list": self.list, "open": row.open, "overdue": row.overdue, "item": row.item });
        self.rows.iter().map(entry).collect()
    }

    /// For people; nothing of an empty list.
    pub fn render(&self, screen: &Screen) -> Option<String> {
        if self.rows.is_empty() {
            return None;
        }
        let mut table = Table::new(self.head);
        self.rows.iter().for_each(|row| table.row(row.cells.clone()));
        Some(format!("{}\n{}", screen.paint.strong(&spaced(self.list)), table.render(screen)))
    }
}

fn decisions(decisions: &[Decision]) -> Sheet {
    let row = |decision: &Decision| {
        let open = matches!(decision.status, None | Some(DecisionStatus::Proposed));
        let by = if decision.decided_by.is_empty() { "-".to_owned() } else { decision.decided_by.join(", ") };
        Row::new(decision, open, [word(&decision.status), word(&decision.decided_on), by])
    };
    let mut sorted: Vec<_> = decisions.iter().collect();
    sorted.sort_by_key(|decision| decision.status);
    sheet("decisions", &["id", "is", "on", "by", "decision"], sorted.into_iter().map(row))
}

/// The open ones first, of these the red ones.
fn risks(risks: &[RegisteredRisk]) -> Sheet {
    let row = |risk: &RegisteredRisk| {
        let open = matches!(risk.status, None | Some(RiskStatus::Open));
        Row::new(risk, open, [word(&risk.status), word(&risk.rating), owner(risk.owner.as_ref())])
    };
    let mut sorted: Vec<_> = risks.iter().collect();
    sorted.sort_by_key(|risk| (risk.status.unwrap_or(RiskStatus::Open), std::cmp::Reverse(risk.rating)));
    sheet("risks", &["id", "is", "rating", "owner", "risk"], sorted.into_iter().map(row))
}

/// The open ones first in the order of their days; those without a day last.
fn actions(actions: &[Action], today: Date) -> Sheet {
    let is_open =
        |action: &Action| matches!(action.status, None | Some(ActionStatus::Open | ActionStatus::InProgress));
    let day = |action: &Action| action.due.and_then(Due::day);
    let row = |action: &Action| {
        let open = is_open(action);
        let overdue = open && day(action).is_some_and(|day| day < today);
        let due = action.due.map_or_else(|| "-".to_owned(), |due| due.to_string());
        let due = if overdue { format!("{due}, overdue") } else { due };
        let cells = [word(&action.status), due, owner(action.owner.as_ref())];
        Row { overdue, ..Row::new(action, open, cells) }
    };
    let mut sorted: Vec<_> = actions.iter().collect();
    sorted.sort_by_key(|action| (!is_open(action), day(action).is_none(), day(action)));
    sheet("actions", &["id", "is", "due", "owner", "action"], sorted.into_iter().map(row))
}

fn talking_points(points: &[TalkingPoint]) -> Sheet {
    let row = |point: &TalkingPoint| Row::new(point, true, [word(&point.review_on)]);
    sheet("talking_points", &["id", "review on", "point"], points.iter().map(row))
}

fn reminders(reminders: &[Reminder]) -> Sheet {
    let row = |reminder: &Reminder| Row::new(reminder, true, [word(&reminder.due), word(&reminder.item)]);
    let mut sorted: Vec<_> = reminders.iter().collect();
    sorted.sort_by_key(|reminder| (reminder.due.is_none(), reminder.due));
    sheet("reminders", &["id", "due", "about", "words"], sorted.into_iter().map(row))
}

fn sheet(list: &'static str, head: &'static [&'static str], rows: impl Iterator<Item = Row>) -> Sheet {
    Sheet { list, head, rows: rows.collect() }
}

impl Row {
    /// The item's id, what stands between, and its words with the mark of a draft.
    fn new<const N: usize>(item: &dyn Item, open: bool, between: [String; N]) -> Self {
        let drafted = if item.review().is_some() { " [drafted]" } else { "" };
        let mut cells = vec![item.id().to_string()];
        cells.extend(between);
        cells.push(format!("{}{drafted}", item.text()));
        Self { open, overdue: false, cells, item: item.to_value() }
    }
}

/// A word or a day, or a dash.
fn word<T: Serialize>(value: &Option<T>) -> String {
    plain(&serde_json::to_value(value).unwrap_or_default())
}

fn owner(owner: Option<&Owner>) -> String {
    owner.map_or_else(|| "-".to_owned(), |owner| format!("{} ({})", owner.name, word(&Some(owner.side))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(register: Register, entries: &Value, expected: &[&str]) {
        let registers: Registers =
            serde_json::from_value(json!({ register.key().as_str(): entries })).unwrap();
        let sheets = sheets(register, &registers, "2026-02-03".parse().unwrap());
        let rows = sheets.iter().flat_map(|sheet| &sheet.rows).map(|row| row.cells.join(" | "));
        assert_eq!(rows.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_open_and_due_first_stands_first() {
        let actions = json!({ "actions": [
            { "id": "ac-1", "action": "a", "status": "done", "due": "2026-01-01" },
            { "id": "ac-2", "action": "b", "due": "no date said" },
            { "id": "ac-3", "action": "c", "status": "in_progress", "due": "2026-03-01", "review": "drafted" },
            { "id": "ac-4", "action": "d", "status": "open", "due": "2026-02-02",
              "owner": { "name": "Ann", "side": "customer" } },
        ] });
        check(
            Register::ActionTracker,
            &actions,
            &[
                "ac-4 | open | 2026-02-02, overdue | Ann (customer) | d",
                "ac-3 | in progress | 2026-03-01 | - | c [drafted]",
                "ac-2 | - | no date said | - | b",
                "ac-1 | done | 2026-01-01 | - | a",
            ],
        );
        let risks = json!({ "risks": [
            { "id": "rr-1", "risk": "a", "status": "closed", "rating": "red" },
            { "id": "rr-2", "risk": "b", "rating": "amber" },
            { "id": "rr-3", "risk": "c", "status": "open", "rating": "red" },
        ] });
        check(
            Register::RiskRegister,
            &risks,
            &["rr-3 | open | red | - | c", "rr-2 | - | amber | - | b", "rr-1 | closed | red | - | a"],
        );
        let decisions = json!({ "decisions": [
            { "id": "dc-1", "decision": "a", "status": "superseded" },
            { "id": "dc-2", "decision": "b", "status": "proposed", "decided_by": ["Ann", "Bo"], "decided_on": "2026-01-05" },
        ] });
        check(
            Register::DecisionLog,
            &decisions,
            &["dc-2 | proposed | 2026-01-05 | Ann, Bo | b", "dc-1 | superseded | - | - | a"],
        );
    }
}
