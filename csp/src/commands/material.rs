//! `csp material`: what an account's folder holds, as the agents see it.

use clap::Subcommand;
use infohub::ids::AccountSlug;
use serde_json::json;
use tools::material::{Library, Line, Material as Text};

use crate::exit::Exit;
use crate::fault::Fault;
use crate::scene::{Ended, Scene};
use crate::show::table::Table;

/// An account's material: what there is, and its text with line numbers
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  csp material list acme")]
pub enum Material {
    /// Lists an account's material, and what was skipped with the reason
    #[command(after_help = "Example:\n  csp material list acme")]
    List {
        /// The account
        account: AccountSlug,
    },
    /// Shows a material's text as agents see and cite it
    #[command(after_help = "Example:\n  csp material show acme materials/discovery/2026-01-12.md")]
    Show {
        /// The account
        account: AccountSlug,
        /// The material's path, or its last part; all material if left out
        path: Option<String>,
    },
}

impl Material {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let (Self::List { account } | Self::Show { account, .. }) = &self;
        workspace.chosen(Some(account))?;
        let library = workspace.library(account)?;
        match &self {
            Self::List { account } => list(scene, account, &library),
            Self::Show { path, .. } => show(scene, &library, path.as_deref()),
        }
        .map_err(Into::into)
    }
}

fn list(scene: &Scene, account: &AccountSlug, library: &Library) -> Result<Exit, Fault> {
    let screen = &scene.screen;
    let mut table = Table::new(&["material", "date", "lines", "title and remarks"]);
    for material in library.materials() {
        let date = material.date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let notes: String = material.notes.iter().map(|note| format!("; {note}")).collect();
        table.row(vec![
            material.path.clone(),
            date,
            material.lines.len().to_string(),
            format!("{}{notes}", material.title),
        ]);
    }
    let skipped: Vec<_> = library.skipped().collect();
    screen.json(&json!({
        "materials": library.materials().map(summary).collect::<Vec<_>>(),
        "skipped": skipped.iter().map(|file| json!({ "path": file.path, "reason": file.reason.to_string() })).collect::<Vec<_>>(),
    }));
    if table.is_empty() {
        screen
            .line(&format!("No material yet; put notes and transcripts into infohub/{account}/materials/."));
    } else {
        screen.line(&table.render(screen));
    }
    for file in &skipped {
        screen.line(&format!("{} {}: {}", screen.paint.waiting("skipped"), file.path, file.reason));
    }
    Ok(Exit::Done)
}

fn summary(material: &Text) -> serde_json::Value {
    json!({
        "path": material.path,
        "title": material.title,
        "date": material.date,
        "lines": material.lines.len(),
        "sha256": material.hash,
        "notes": material.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn show(scene: &Scene, library: &Library, wanted: Option<&str>) -> Result<Exit, Fault> {
    let fits =
        |path: &str| wanted.is_none_or(|wanted| path == wanted || path.ends_with(&format!("/{wanted}")));
    let found: Vec<_> = library.materials().filter(|material| fits(&material.path)).collect();
    if let (true, Some(wanted)) = (found.is_empty(), wanted) {
        let skipped = library.skipped().find(|skipped| fits(&skipped.path));
        return Err(match skipped {
            Some(skipped) => Fault::refused(format!("{} is skipped: {}", skipped.path, skipped.reason)),
            None => Fault::not_found(format!("there is no material '{wanted}'"))
                .help("`csp material list ACCOUNT` shows all"),
        });
    }
    let screen = &scene.screen;
    screen.json(&json!({ "materials": found.iter().map(|material| whole(material)).collect::<Vec<_>>() }));
    for material in found {
        screen.line(&screen.paint.strong(&material.path));
        for line in &material.lines {
            let number = screen.paint.faint(&format!("{:>5}", line.number));
            screen.line(&format!("{number}  {}", line.text));
            if screen.is_closed() {
                return Ok(Exit::Done);
            }
        }
    }
    Ok(Exit::Done)
}

fn whole(material: &Text) -> serde_json::Value {
    let line = |line: &Line| json!({ "line": line.number, "text": line.text, "speaker": line.speaker, "page": line.page });
    json!({ "path": material.path, "title": material.title, "lines": material.lines.iter().map(line).collect::<Vec<_>>() })
}
