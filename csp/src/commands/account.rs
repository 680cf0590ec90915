//! `csp account`: what is known of accounts, and making one by hand.

use clap::{Args, Subcommand, ValueEnum};
use infohub::event::{CompanyNews, Event, EventBody, OpportunityChanged};
use infohub::facts::Tier;
use infohub::ids::AccountSlug;
use orchestrator::shelf::MATERIALS;
use orchestrator::step::Input;
use serde_json::json;

use crate::exit::Exit;
use crate::fault::{Fault, Faults};
use crate::scene::{Ended, Scene};
use crate::show::account::{Portrait, Row};
use crate::show::table::Table;
use crate::workspace::Workspace;

/// Accounts: list, show, add
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp account list")]
pub enum Account {
    /// Lists all accounts with stage, plan and what is open
    #[command(after_help = "Example:\n  csp account list")]
    List,
    /// Shows one account: facts with their dates, plan, gaps, tasks, material
    #[command(after_help = "Example:\n  csp account show acme")]
    Show {
        /// The account's folder name
        account: AccountSlug,
    },
    Add(Add),
}

/// Makes an account that no event has made yet
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp account add acme --name 'Acme Ltd' --tier enterprise")]
pub struct Add {
    /// The account's folder name: a-z, 0-9 and '-'
    account: AccountSlug,
    /// The company's name
    #[arg(long)]
    name: Option<String>,
    /// How important the account is
    #[arg(long)]
    tier: Option<TierName>,
    /// The company's industry
    #[arg(long)]
    industry: Option<String>,
}

/// The tiers as the command line knows them.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum TierName {
    /// Gets a plan at any size
    Strategic,
    /// Large
    Enterprise,
    /// Others
    Commercial,
}

impl From<TierName> for Tier {
    fn from(name: TierName) -> Self {
        match name {
            TierName::Strategic => Self::Strategic,
            TierName::Enterprise => Self::Enterprise,
            TierName::Commercial => Self::Commercial,
        }
    }
}

impl Account {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        match self {
            Self::List => list(scene, &workspace),
            Self::Show { account } => show(scene, &workspace, &account),
            Self::Add(add) => add.run(scene, &workspace),
        }
    }
}

fn list(scene: &Scene, workspace: &Workspace) -> Ended {
    let (accounts, mut faults) = workspace.chosen(None)?;
    let mut rows = Vec::new();
    for slug in accounts {
        match workspace.account(&slug) {
            Ok(account) => rows.push(Row::of(&account)),
            Err(fault) => faults.push(fault),
        }
    }
    let screen = &scene.screen;
    if screen.json {
        screen.json(&json!({ "accounts": rows, "errors": faults }));
        return Ok(faults.first().map_or(Exit::Done, |fault| fault.exit));
    }
    if rows.is_empty() && faults.is_empty() {
        screen.line("No accounts yet; `csp account add NAME` or `csp emit FILE` makes one.");
    } else {
        let mut table = Table::new(Row::HEAD);
        rows.iter().for_each(|row| table.row(row.cells()));
        screen.line(&table.render(screen));
    }
    Faults::any(faults).map_or(Ok(Exit::Done), Err)
}

fn show(scene: &Scene, workspace: &Workspace, slug: &AccountSlug) -> Ended {
    let account = workspace.account(slug)?;
    let template = workspace.template()?;
    let library = workspace.library(slug)?;
    let portrait = Portrait::new(&account, &template, &library);
    scene.screen.json(&portrait.answer());
    scene.screen.line(&portrait.render(&scene.screen));
    match account.broken_edit() {
        Some(error) => Err(crate::fault::blocked(error.clone()).into()),
        None => Ok(Exit::Done),
    }
}

impl Add {
    fn run(self, scene: &Scene, workspace: &Workspace) -> Ended {
        let slug = self.account.clone();
        let taken = workspace.hub.load::<orchestrator::step::Step>(&slug, None).map_err(Fault::from)?;
        if taken.last.is_some() {
            return Err(Fault::refused(format!("the account '{slug}' exists already; nothing was changed"))
                .help(format!("look at it: `csp account show {slug}`"))
                .into());
        }
        let event = self.event(scene.now());
        let orchestrator = workspace.orchestrator()?;
        let taken = orchestrator
            .take(&slug, &Input::Event(Box::new(event.clone())), scene.now())
            .map_err(Fault::from)?;
        let materials = workspace.root.join("infohub").join(slug.as_str()).join(MATERIALS);
        std::fs::create_dir_all(&materials).map_err(|error| {
            Fault::new(Exit::Failed, format!("{} cannot be made: {error}", materials.display()))
        })?;
        let screen = &scene.screen;
        screen.json(&super::emit::answer(&event, &taken));
        screen.line(&super::emit::told(&event, &taken, scene));
        screen.line(&format!("\nNext: put notes, transcripts and mails into infohub/{slug}/{MATERIALS}/."));
        Ok(Exit::Done)
    }

    /// The account is made like any other, by an event; its id makes the same command twice one event.
    fn event(self, now: jiff::Timestamp) -> Event {
        let news = CompanyNews {
            name: self.name.map(Some),
            tier: self.tier.map(|tier| Some(tier.into())),
            industry: self.industry.map(Some),
            ..CompanyNews::default()
        };
        Event {
            id: format!("add-{}", self.account),
            source: "csp account add".to_owned(),
            subject: self.account,
            time: now,
            body: EventBody::OpportunityChanged(OpportunityChanged {
                account: Some(news),
                opportunity: None,
            }),
        }
    }
}
