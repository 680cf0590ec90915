//! An account for people: one row of the list, and the whole portrait.

use infohub::facts::Opportunity;
use infohub::hub::{Account, Edit};
use infohub::plan::{Gap, QuestionStatus, gaps};
use infohub::template::Template;
use jiff::Timestamp;
use orchestrator::step::Step;
use serde::Serialize;
use serde_json::{Value, json};
use tools::material::Library;

use super::screen::Screen;
use super::table::Table;
use super::words::{count, day, spaced, wrap};

/// One row of the list of accounts.
#[derive(Debug, Serialize)]
pub struct Row {
    account: String,
    name: Option<String>,
    tier: Option<String>,
    stage: Option<String>,
    plan_version: u64,
    phase: Option<String>,
    status: Option<String>,
    open_tasks: usize,
    open_reviews: usize,
    open_questions: usize,
    csp_yaml: &'static str,
}

impl Row {
    /// The columns.
    pub const HEAD: &'static [&'static str] =
        &["account", "tier", "stage", "plan", "phase", "status", "tasks", "to review", "questions"];

    /// The row of this account.
    pub fn of(account: &Account<Step>) -> Self {
        let facts = &account.facts;
        let text = |value: Option<String>| value.filter(|value| !value.is_empty());
        let plan = account.plan();
        let state = account.last.as_ref().map(|step| &step.state);
        Self {
            account: account.slug.to_string(),
            name: facts.facts.name.as_ref().and_then(|fact| fact.value.clone()),
            tier: facts.facts.tier.as_ref().and_then(|fact| fact.value).map(|tier| tier.to_string()),
            stage: text(newest_stage(&facts.opportunities)),
            plan_version: plan.map_or(0, |plan| plan.plan.version),
            phase: plan.map(|plan| plan.plan.lifecycle.to_string()),
            status: plan.map(|plan| plan.plan.status.to_string()),
            open_tasks: state
                .map_or(0, |state| state.tasks.iter().filter(|task| !task.status.is_closed()).count()),
            open_reviews: state.map_or(0, |state| state.reviews.len()),
            open_questions: plan.map_or(0, |plan| {
                plan.questions.iter().filter(|question| question.status == QuestionStatus::Open).count()
            }),
            csp_yaml: match account.edit {
                Edit::None => "as written",
                Edit::Adopt(_) => "edited by hand",
                Edit::Broken(_) => "broken",
            },
        }
    }

    /// The row's cells.
    pub fn cells(&self) -> Vec<String> {
        let or_dash = |value: &Option<String>| value.as_deref().map_or_else(|| "-".to_owned(), spaced);
        let plan = match (self.plan_version, self.csp_yaml) {
            (0, _) => "-".to_owned(),
            (version, "as written") => format!("v{version}"),
            (version, edit) => format!("v{version}, {edit}"),
        };
        vec![
            self.account.clone(),
            or_dash(&self.tier),
            self.stage.clone().unwrap_or_else(|| "-".to_owned()),
            plan,
            or_dash(&self.phase),
            or_dash(&self.status),
            self.open_tasks.to_string(),
            self.open_reviews.to_string(),
            self.open_questions.to_string(),
        ]
    }
}

/// The stage that the CRM told last.
fn newest_stage(opportunities: &[Opportunity]) -> Option<String> {
    let stages = opportunities.iter().filter_map(|opportunity| opportunity.stage.as_ref());
    stages.max_by_key(|fact| fact.as_of)?.value.clone()
}

/// Everything about one account.
pub struct Portrait<'a> {
    account: &'a Account<Step>,
    library: &'a Library,
    gaps: Vec<Gap>,
}

impl<'a> Portrait<'a> {
    /// The portrait of this account, with what its plan lacks in its phase.
    pub fn new(account: &'a Account<Step>, template: &Template, library: &'a Library) -> Self {
        let tier = account.facts.facts.tier.as_ref().and_then(|fact| fact.value);
        let gaps = account.plan().map(|plan| gaps(plan, &template.required(plan.plan.lifecycle, tier)));
        Self { account, library, gaps: gaps.unwrap_or_default() }
    }

    /// For programs.
    pub fn answer(&self) -> Value {
        let state = self.account.last.as_ref().map(|step| &step.state);
        let facts = self
            .account
            .facts
            .known()
            .into_iter()
            .map(|(field, value, as_of)| json!({ "field": field, "value": value, "as_of": as_of }));
        let materials = self.library.materials().map(|material| {
            json!({ "path": material.path, "title": material.title, "date": material.date, "lines": material.lines.len() })
        });
        let skipped = self
            .library
            .skipped()
            .map(|skipped| json!({ "path": skipped.path, "reason": skipped.reason.to_string() }));
        json!({
            "summary": Row::of(self.account),
            "facts": facts.collect::<Vec<_>>(),
            "tasks": state.map(|state| &state.tasks),
            "reviews": state.map(|state| state.reviews.values().collect::<Vec<_>>()),
            "gaps": self.gaps,
            "health": state.and_then(|state| state.health.last()),
            "materials": materials.collect::<Vec<_>>(),
            "skipped": skipped.collect::<Vec<_>>(),
        })
    }

    /// For people.
    pub fn render(&self, screen: &Screen) -> String {
        let parts = [
            self.head(screen),
            self.facts(screen),
            self.missing(screen),
            self.tasks(screen),
            self.material(screen),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }

    fn head(&self, screen: &Screen) -> Option<String> {
        let row = Row::of(self.account);
        let name = row.name.as_deref().map(|name| format!("  {name}")).unwrap_or_default();
        let plan = match (&row.phase, &row.status) {
            (Some(phase), Some(status)) => format!(
                "Plan version {}, phase {}, {}; {}.",
                row.plan_version,
                spaced(phase),
                spaced(status),
                count(row.open_questions, "open question")
            ),
            _ => "No plan yet.".to_owned(),
        };
        let health = self.account.last.as_ref().and_then(|step| step.state.health.last());
        let health = health.map(|health| {
            let complete = if health.complete { "complete" } else { "not complete" };
            let text = format!(
                "Health since {}: {}, {complete}; {}.",
                day(health.at),
                spaced(health.standing.as_str()),
                health.causes.join("; ")
            );
            format!("\n{}", wrap("", "  ", &text, screen.width))
        });
        let health = health.unwrap_or_default();
        let team = self.account.facts.team.iter();
        let team: Vec<_> =
            team.map(|part| format!("{} ({})", part.person, spaced(&part.role.to_string()))).collect();
        let team = if team.is_empty() { String::new() } else { format!("\nTeam: {}.", team.join(", ")) };
        Some(format!("{}{name}\n{plan}{health}{team}", screen.paint.strong(&row.account)))
    }

    fn facts(&self, screen: &Screen) -> Option<String> {
        let known: Vec<(String, String, Timestamp)> = self.account.facts.known();
        if known.is_empty() {
            return None;
        }
        let mut table = Table::new(&["fact", "value", "as of"]);
        known.into_iter().for_each(|(field, value, as_of)| table.row(vec![field, value, day(as_of)]));
        Some(table.render(screen))
    }

    fn missing(&self, screen: &Screen) -> Option<String> {
        if self.gaps.is_empty() {
            return None;
        }
        let mut lines = vec![screen.paint.strong("Still missing in this phase")];
        lines.extend(self.gaps.iter().map(|gap| {
            wrap("  - ", "    ", &format!("{}: {}", spaced(gap.section.as_str()), gap.needs), screen.width)
        }));
        Some(lines.join("\n"))
    }

    fn tasks(&self, screen: &Screen) -> Option<String> {
        let state = self.account.last.as_ref().map(|step| &step.state)?;
        if state.tasks.is_empty() {
            return None;
        }
        let mut table = Table::new(&["task", "is", "to review", "what"]);
        for task in &state.tasks {
            let review = if state.reviews.contains_key(&task.id) { "yes" } else { "-" };
            table.row(vec![
                task.id.to_string(),
                task.status.word().to_owned(),
                review.to_owned(),
                task.action.clone(),
            ]);
        }
        Some(table.render(screen))
    }

    fn material(&self, screen: &Screen) -> Option<String> {
        let mut table = Table::new(&["material", "date", "lines"]);
        for material in self.library.materials() {
            let date = material.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
            table.row(vec![material.path.clone(), date, material.lines.len().to_string()]);
        }
        let mut lines = Vec::new();
        if !table.is_empty() {
            lines.push(table.render(screen));
        }
        lines.extend(self.library.skipped().map(|skipped| {
            wrap("skipped ", "  ", &format!("{}: {}", skipped.path, skipped.reason), screen.width)
        }));
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}
