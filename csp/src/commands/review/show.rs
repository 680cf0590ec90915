//! `csp review show`: the draft with its evidence, and the hash that a decision is bound to.

use clap::Args;
use infohub::plan::{Item, SectionKey};
use serde_json::{Value, json};

use super::draft::Open;
use super::who::Bench;
use crate::exit::Exit;
use crate::scene::{Ended, Scene};
use crate::show::plan as shown;
use crate::show::words::count;

/// Shows a draft with its evidence, and the hash to decide by
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  csp review show 3f9a27c1")]
pub struct Show {
    /// The review's id, which is its task's, or the last part of it
    review: String,
}

impl Show {
    pub fn run(self, scene: &Scene) -> Ended {
        let workspace = scene.workspace()?;
        let open = Open::find(&workspace, &self.review)?;
        let items = open.items();
        let screen = &scene.screen;
        let hash = open.hash();
        let bench = Bench::new(&workspace, scene.now());
        let who = bench.who(&open.review, &open.task, open.plan.as_ref(), &open.facts);
        screen.json(&json!({
            "account": open.account, "review": open.task.id, "run": open.review.run, "shown": hash, "decides": who,
            "items": items.iter().map(answer).collect::<Vec<_>>(),
            "removals": open.proposed().map(|patch| patch.removals().map(|(section, list, id)| json!({ "section": section, "list": list, "id": id })).collect::<Vec<_>>()),
        }));
        let place =
            if open.proposed().is_some() { "outside the plan" } else { "in the plan, marked as drafted" };
        screen.line(&format!(
            "{}  {}: {}, {place}\n",
            screen.paint.strong(open.account.as_str()),
            open.task.id,
            count(items.len(), "item")
        ));
        let mut lines = vec![shown::items(&items, screen)];
        lines.extend(
            open.proposed().map(|patch| shown::rest_of_patch(patch, screen)).filter(|rest| !rest.is_empty()),
        );
        screen.line(&lines.join("\n"));
        screen.line(&format!("\n{}", who.lines().join("\n")));
        let id = &open.task.id;
        screen.line(&format!(
            "\nshown {hash}\n\n  csp review accept {id} --shown {hash} --as PERSON\n  csp review edit {id} --as PERSON\n  csp review reject {id} --reason WHY --as PERSON"
        ));
        Ok(Exit::Done)
    }
}

fn answer((section, list, item): &(SectionKey, &'static str, &dyn Item)) -> Value {
    json!({ "section": section, "list": list, "item": item.to_value() })
}
