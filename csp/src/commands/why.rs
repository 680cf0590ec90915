//! `csp why`: for each rule what it read, what it found, whether and when it fired or will fire, and what would have
//! to be different.

use clap::Args;
use infohub::ids::AccountSlug;
use infohub::yaml::nearest;
use jiff::Timestamp;
use orchestrator::policy::Policy;
use orchestrator::rules::{Standing, Why as Answer};
use serde_json::json;

use crate::exit::Exit;
use crate::fault::Fault;
use crate::judged::Judged;
use crate::scene::{Ended, Scene};
use crate::show::effects::reasons;
use crate::show::screen::Screen;
use crate::show::words::{minute, wrap};

/// Why rules have fired, will fire, or do not, for an account
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  csp why acme\n  csp why acme csp_creation")]
pub struct Why {
    /// The account
    account: AccountSlug,
    /// Only this rule
    rule: Option<String>,
}

impl Why {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let policy = workspace.policy()?;
        if let Some(rule) = &self.rule {
            known(rule, &policy)?;
        }
        let judged = Judged::new(&workspace, &policy, &self.account, scene.now())?;
        let mut whys = policy.rules.explain_all(&judged.state.fired, &judged.seen);
        whys.retain(|why| self.rule.as_ref().is_none_or(|rule| *rule == why.rule));
        let screen = &scene.screen;
        screen.json(&json!({ "account": self.account, "rules": whys, "looked_at_next": judged.state.wake }));
        screen.line(&screen.paint.strong(self.account.as_str()));
        for why in &whys {
            screen.line(&format!("\n{}", told(why, scene.now(), screen)));
        }
        Ok(Exit::Done)
    }
}

fn known(rule: &str, policy: &Policy) -> Result<(), Fault> {
    if policy.rules.get(rule).is_some() {
        return Ok(());
    }
    let fault = Fault::not_found(format!("there is no rule '{rule}'"));
    let names = policy.rules.rules().iter().map(|rule| rule.name.as_str());
    Err(match nearest(rule, names) {
        Some(meant) => fault.help(format!("did you mean {meant}?")),
        None => fault.help("`csp why ACCOUNT` shows all rules"),
    })
}

fn told(why: &Answer, now: Timestamp, screen: &Screen) -> String {
    let subject = why.subject.as_ref().map(|subject| format!(", {subject}")).unwrap_or_default();
    let mut lines = vec![format!("{}{subject}", screen.paint.strong(&why.rule))];
    lines.push(wrap("  ", "  ", &standing(why, now), screen.width));
    for read in &why.read {
        let value = read.value.as_deref().unwrap_or("not known");
        lines.push(wrap("  read ", "    ", &format!("{} = {value}", read.field), screen.width));
    }
    if let Some(explanation) = &why.explanation {
        lines.push(reasons(explanation, screen));
    }
    if let Some(needs) = &why.needs {
        lines.push("  It would take:".to_owned());
        lines.extend(needs.to_string().lines().map(|line| format!("    {line}")));
    }
    lines.join("\n")
}

fn standing(why: &Answer, now: Timestamp) -> String {
    let fired = why.fired_at.map(|at| format!(" It last fired at {}.", minute(at))).unwrap_or_default();
    let stands = match &why.standing {
        Standing::Fired => "Has fired, holds still, and fires again only after it was false.".to_owned(),
        Standing::Fires { at } if *at <= now => "Fires at the next look at the time.".to_owned(),
        Standing::Fires { at } => format!("Will fire at {} if nothing else changes.", minute(*at)),
        Standing::Awaits { fields } => {
            let fields: Vec<_> = fields.iter().map(|field| field.name()).collect();
            format!("Waits for news of {}.", fields.join(", "))
        }
        Standing::Quiet => "Time alone does not make it fire.".to_owned(),
        Standing::Nothing { of } => format!("The account has no {of} that it could be asked of."),
    };
    format!("{stands}{fired}")
}
