//! Who decides on a draft, and by when, in words and as an answer to programs.

use infohub::facts::AccountFile;
use infohub::ids::PersonId;
use infohub::plan::Plan;
use infohub::team::Team;
use jiff::Timestamp;
use jiff::civil::Date;
use orchestrator::approval::{Approval, Case};
use orchestrator::attention::receiver;
use orchestrator::calendar::{Calendar, Moment};
use orchestrator::review::{Place, Review};
use orchestrator::task::Task;
use serde::Serialize;
use std::sync::Arc;

use crate::workspace::Workspace;

/// The people of a workspace and the policy that they decide by, at a moment.
pub struct Bench<'a> {
    workspace: &'a Workspace,
    team: Team,
    calendar: Arc<Calendar>,
    now: Timestamp,
}

/// Who decides on one draft.
#[derive(Debug, Serialize)]
pub struct Who {
    /// Who is asked.
    pub asked: Option<PersonId>,
    /// The last day on which that person is away.
    #[serde(skip_serializing_if = "Option::is_none")]
    away_until: Option<Date>,
    /// Who stands in for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    stands_in: Option<PersonId>,
    /// Everybody who may accept the draft now.
    may: Vec<PersonId>,
    /// Who had it drafted, and so may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    ordered_by: Option<PersonId>,
    /// By when it is to be decided.
    pub due: Option<Timestamp>,
    /// When it lapses, if it is outside the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    lapses: Option<Timestamp>,
    #[serde(skip)]
    moment: Moment,
}

impl<'a> Bench<'a> {
    /// Those of the workspace. A team.yaml that does not read has nobody; `csp check` says why.
    pub fn new(workspace: &'a Workspace, now: Timestamp) -> Self {
        let calendar = Arc::new(workspace.settings.attention.calendar.clone());
        Self { workspace, team: workspace.team().unwrap_or_default(), calendar, now }
    }

    /// Who decides on this draft.
    pub fn who(&self, review: &Review, task: &Task, plan: Option<&Plan>, facts: &AccountFile) -> Who {
        let approvers = &self.workspace.settings.review.approvers;
        let approval = Approval { approvers, team: &self.team, calendar: &self.calendar, now: self.now };
        let case = Case { review, task, plan };
        let asked = approval.asked(case, facts);
        let away_until = asked.and_then(|asked| approval.away_until(asked));
        let reached = asked.and_then(|asked| receiver(&self.team, &asked.id, self.now, &self.calendar).ok());
        let stands_in = reached.map(|(person, _)| person.id.clone()).filter(|_| away_until.is_some());
        let lapses = matches!(review.draft, Place::Proposed(_)).then_some(review.deadlines).flatten();
        let zone = asked.and_then(|asked| asked.time_zone.as_deref());
        Who {
            asked: asked.map(|asked| asked.id.clone()),
            away_until,
            stands_in,
            may: approval.people(case).iter().map(|able| able.person.id.clone()).collect(),
            ordered_by: task.started_by.clone(),
            due: review.deadlines.map(|deadlines| deadlines.due),
            lapses: lapses.map(|deadlines| deadlines.expires),
            moment: Moment::new(self.now, zone, &self.calendar),
        }
    }
}

impl Who {
    /// For a table: `mira`, or `jonas for mira until 2026-02-10`.
    pub fn short(&self) -> String {
        match (&self.asked, &self.stands_in, self.away_until) {
            (None, ..) => "nobody may".to_owned(),
            (Some(asked), _, None) => asked.to_string(),
            (Some(asked), Some(stands_in), Some(until)) => format!("{stands_in} for {asked} until {until}"),
            (Some(asked), None, Some(until)) => format!("{asked}, away until {until}"),
        }
    }

    /// The day by which it is to be decided, where the person is who is asked.
    pub fn due_day(&self) -> String {
        self.due.map_or_else(|| "-".to_owned(), |due| self.moment.day_of(due).to_string())
    }

    /// Sentences, one a line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let due = self.due.map(|due| format!(", by {}", self.moment.shown(due))).unwrap_or_default();
        match &self.asked {
            Some(asked) => lines.push(format!("{asked} is asked to decide{due}.")),
            None => {
                lines.push(
                    "Nobody in team.yaml may let it in; csp.toml [review.approvers] names the roles."
                        .to_owned(),
                );
            }
        }
        if let (Some(asked), Some(until)) = (&self.asked, self.away_until) {
            lines.push(match &self.stands_in {
                Some(stands_in) => format!("{stands_in} stands in for {asked} until {until}."),
                None => format!("{asked} is away until {until}, and nobody stands in."),
            });
        }
        if let Some(starter) = &self.ordered_by {
            lines.push(format!("{starter} had it drafted, and so cannot let it in."));
        }
        let others: Vec<&str> = self
            .may
            .iter()
            .filter(|person| self.asked.as_ref() != Some(person))
            .map(PersonId::as_str)
            .collect();
        if !others.is_empty() {
            lines.push(format!("Who may too: {}.", others.join(", ")));
        }
        if let Some(lapses) = self.lapses {
            lines.push(format!("Undecided, it lapses on {}.", self.moment.shown(lapses)));
        }
        lines
    }
}
