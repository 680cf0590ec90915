//! `csp report digest`: the week of a portfolio, account by account, those that need somebody first.

use clap::Args;
use infohub::event::EventBody;
use infohub::hub::Account;
use infohub::ids::AccountSlug;
use infohub::template::Template;
use jiff::civil::Date;
use orchestrator::health::{Case, Health};
use orchestrator::report::{HealthLine, Portfolio, Week, digest};
use orchestrator::step::{Input, Step};
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::report::digest as shown;
use crate::workspace::Workspace;

const HELP: &str = "\
Examples:
  csp report digest
  csp report digest --week 2026-02-02 --account acme
  csp report digest --json | jq '.accounts[].overdue'

A week begins on Monday. What is due and late is counted from today; with --week, from that week's last day
if it is over.";

/// How many of an account's last steps are looked through for the week's.
const MOST_STEPS: u64 = 2000;

/// Tells what changed this week, what is due, what is late and what waits for whom
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Digest {
    /// Any day of the week to tell of [default: today]
    #[arg(long, value_name = "DATE")]
    week: Option<Date>,
    /// One account instead of all
    #[arg(long)]
    account: Option<AccountSlug>,
}

/// One account with what has to be computed before it is told.
struct Page {
    account: Account<Step>,
    steps: Vec<Step>,
    health: Option<HealthLine>,
}

impl Digest {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let template = workspace.template()?;
        let now = jiff::tz::TimeZone::UTC.to_datetime(scene.now()).date();
        let week = Week::of(self.week.unwrap_or(now));
        let today = now.min(week.last).max(week.first);
        let (accounts, mut faults) = workspace.chosen(self.account.as_ref())?;
        let mut pages = Vec::new();
        for slug in &accounts {
            match Page::of(&workspace, &template, slug, week, today) {
                Ok(page) => pages.push(page),
                Err(fault) => faults.push(fault),
            }
        }
        let portfolio: Vec<_> = pages.iter().map(Page::portfolio).collect();
        let told = digest(&portfolio, week, today);
        let screen = &scene.screen;
        if screen.json {
            let errors = json!(faults);
            let mut answer = json!(told);
            answer["errors"] = errors;
            screen.json(&answer);
            return Ok(faults.first().map_or(Exit::Done, |fault| fault.exit));
        }
        screen.line(&shown(&told, screen));
        Faults::any(faults).map_or(Ok(Exit::Done), Err)
    }
}

impl Page {
    fn of(
        workspace: &Workspace,
        template: &Template,
        slug: &AccountSlug,
        week: Week,
        today: Date,
    ) -> Result<Self, Fault> {
        let account = workspace.account(slug)?;
        let steps = steps_of(workspace, &account, week)?;
        let contact = steps.iter().filter_map(|step| match &step.input {
            Input::Event(event) if matches!(event.body, EventBody::MeetingRecorded(_)) => {
                Some(workspace.day_of(&account.facts, event.time))
            }
            _ => None,
        });
        let contact = contact.max();
        let health = match account.plan() {
            Some(_) => Some(health(workspace, &account, template, today, contact)?),
            None => None,
        };
        Ok(Self { account, steps, health })
    }

    fn portfolio(&self) -> Portfolio<'_> {
        Portfolio {
            account: &self.account.slug,
            facts: &self.account.facts,
            plan: self.account.plan(),
            state: self.account.last.as_ref().map(|step| &step.state),
            steps: &self.steps,
            health: self.health.as_ref(),
        }
    }
}

/// The steps that were taken in the week, oldest first.
fn steps_of(workspace: &Workspace, account: &Account<Step>, week: Week) -> Result<Vec<Step>, Fault> {
    let mut steps = Vec::new();
    let last = account.record_number();
    for number in (last.saturating_sub(MOST_STEPS) + 1..=last).rev() {
        let Some(recorded) = workspace.hub.step::<Step>(&account.slug, number)? else { break };
        let day = workspace.day_of(&account.facts, recorded.at);
        if day < week.first {
            break;
        }
        if day <= week.last {
            steps.push(recorded.step);
        }
    }
    steps.reverse();
    Ok(steps)
}

/// The plan's health; the customer was last met in the week's newest meeting, else at the last review, else when the
/// plan began.
fn health(
    workspace: &Workspace,
    account: &Account<Step>,
    template: &Template,
    today: Date,
    met: Option<Date>,
) -> Result<HealthLine, Fault> {
    let Some(plan) = account.plan() else { return Err(Fault::not_found("there is no plan")) };
    let tier = account.facts.facts.tier.as_ref().and_then(|fact| fact.value);
    let updated = workspace.day_of(&account.facts, plan.plan.last_updated);
    let began = workspace.hub.versions(&account.slug)?.first().and_then(|version| day_in(&version.file));
    let last_contact = met.max(plan.plan.last_customer_review).or(began).unwrap_or(updated);
    let required = template.required(plan.plan.lifecycle, tier);
    let health = Health::of(Case { plan, required: &required, today, updated, last_contact });
    Ok(HealthLine::from(&health))
}

/// The day in the name of a version's file, as `csp_v1_2026-01-16.yaml`.
fn day_in(file: &str) -> Option<Date> {
    file.strip_suffix(".yaml")?.rsplit('_').next()?.parse().ok()
}
