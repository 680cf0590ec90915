//! `csp health`: how plans stand, criterion by criterion, and how that changed.

use clap::Args;
use infohub::ids::AccountSlug;
use orchestrator::health::{Checkup, Finding, Group, ReviewDue};
use orchestrator::policy::Policy;
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::fault::Faults;
use crate::judged::Judged;
use crate::scene::{Ended, Scene};
use crate::show::screen::Screen;
use crate::show::table::Table;
use crate::show::words::{minute, spaced, wrap};
use crate::workspace::Workspace;

/// How plans stand: complete, healthy, at risk, with the reasons
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  csp health\n  csp health acme")]
pub struct Health {
    /// Only this account, with every criterion and the changes so far
    account: Option<AccountSlug>,
}

impl Health {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let policy = workspace.policy()?;
        match self.account {
            Some(account) => one(scene, &Judged::new(&workspace, &policy, &account, scene.now())?, &policy),
            None => all(scene, &workspace, &policy),
        }
    }
}

fn all(scene: &Scene, workspace: &Workspace, policy: &Policy) -> Ended {
    let (accounts, mut faults) = workspace.chosen(None)?;
    let mut table = Table::new(&["account", "stands", "complete", "because"]);
    let mut rows = Vec::new();
    for slug in accounts {
        let judged = match Judged::new(workspace, policy, &slug, scene.now()) {
            Ok(judged) => judged,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let cells = judged.checkup.as_ref().map_or_else(
            || ["no plan".to_owned(), "-".to_owned(), "-".to_owned()],
            |Checkup { health, .. }| {
                let complete = if health.complete { "yes" } else { "no" };
                let because = health.causes().first().map(|cause| cause.why.clone()).unwrap_or_default();
                [spaced(health.standing.as_str()), complete.to_owned(), because]
            },
        );
        table.row(std::iter::once(slug.to_string()).chain(cells).collect());
        rows.push(answer(&judged));
    }
    scene.screen.json(&json!({ "accounts": rows, "errors": faults }));
    scene.screen.line(&table.render(&scene.screen));
    Faults::any(faults).map_or(Ok(Exit::Done), Err)
}

fn answer(judged: &Judged) -> Value {
    let health = judged.checkup.as_ref().map(|checkup| &checkup.health);
    let later = judged.checkup.as_ref().map(|checkup| &checkup.later);
    json!({ "account": judged.account.slug, "health": health, "later": later,
            "changes": judged.state.health.changes })
}

fn one(scene: &Scene, judged: &Judged, policy: &Policy) -> Ended {
    let screen = &scene.screen;
    screen.json(&answer(judged));
    let Some(checkup) = &judged.checkup else {
        screen.line(&format!("{} has no plan yet.", judged.account.slug));
        return Ok(Exit::Done);
    };
    let mut lines = vec![format!(
        "{}  {}, {}",
        screen.paint.strong(judged.account.slug.as_str()),
        spaced(checkup.health.standing.as_str()),
        if checkup.health.complete { "complete" } else { "not complete" }
    )];
    for (group, title) in [
        (Group::Complete, "Complete if all of these hold"),
        (Group::Healthy, "Healthy if all of these hold, and none of the next"),
        (Group::AtRisk, "At risk if any of these holds, whatever else does"),
    ] {
        lines.push(format!("\n{}", screen.paint.strong(title)));
        let of = checkup.health.findings.iter().filter(|finding| finding.criterion.group() == group);
        lines.extend(of.map(|finding| line(finding, group, screen)));
    }
    lines.extend(ahead(judged, checkup, policy, scene));
    for change in judged.state.health.changes.iter().rev() {
        let text = format!("{}: {}", spaced(change.standing.as_str()), change.causes.join("; "));
        lines.push(wrap(&format!("{}  ", minute(change.at)), "  ", &text, screen.width));
    }
    screen.line(&lines.join("\n"));
    Ok(Exit::Done)
}

fn line(finding: &Finding, group: Group, screen: &Screen) -> String {
    let mark = match (finding.holds, group == Group::AtRisk) {
        (true, false) => screen.paint.good("✓"),
        (true, true) => screen.paint.bad("!"),
        (false, true) => screen.paint.faint("-"),
        (false, false) => screen.paint.waiting("✗"),
    };
    let text = format!("{}: {}", finding.criterion.words(), finding.why);
    wrap(&format!("  {mark} "), "    ", &text, screen.width)
}

/// What time alone will change, and when the customer is to review the plan.
fn ahead(judged: &Judged, checkup: &Checkup, policy: &Policy, scene: &Scene) -> Vec<String> {
    let mut lines = vec![String::new()];
    if let Some((from, standing)) = checkup.later.first() {
        let standing = spaced(standing.as_str());
        lines.push(format!("If nothing happens: {standing} from {} on.", minute(*from)));
    }
    if let Some(plan) = judged.account.plan() {
        let zone = judged.account.facts.facts.time_zone.as_ref().and_then(|zone| zone.value.as_deref());
        let moment = policy.rules.moment(scene.now(), zone);
        let began = judged.state.health.began.unwrap_or_else(|| moment.day_of(plan.plan.last_updated));
        let due = ReviewDue::of(plan, began);
        let when = due
            .due
            .map_or_else(|| "comes with the next milestone".to_owned(), |day| format!("is due on {day}"));
        let last =
            due.last.map_or_else(|| "there was none yet".to_owned(), |day| format!("the last was on {day}"));
        lines.push(format!(
            "{}: the customer's next review {when}, {last}. {}.",
            due.phase.words(),
            due.phase.focus()
        ));
    }
    if !judged.state.health.changes.is_empty() {
        lines.push(format!("\n{}", scene.screen.paint.strong("How it stood")));
    }
    lines
}
