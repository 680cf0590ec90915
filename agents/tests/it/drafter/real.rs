//! Every task on real accounts and real meetings, where they are at hand: each draft rests on what it cites
//! and is not drafted again on its own result. What the drafts are worth is measured elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use agents::draft::{Draft, Why};
use agents::drafter::{DraftTask, Errand, draft};
use agents::evidence::{Folds, Sources};
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use infohub::plan::{Plan, apply};
use jiff::civil::date;
use serde::Deserialize;
use tools::material::{Library, Readers};

use super::hostile::Texts;
use super::tasks::TASKS;
use super::{empty_plan, fill, library, root, sample_team, told, verify};

/// All tasks on all studies take minutes without optimisation, and find nothing that these do not.
const EVERY: usize = 5;

/// What all tasks made of all accounts.
#[derive(Default)]
struct Total {
    items: BTreeMap<&'static str, usize>,
    unproven: usize,
}

/// Runs one task twice on an account: the first draft's plan, and nothing new from the second.
fn twice(
    name: &'static str,
    task: &DraftTask<'_>,
    library: &Library,
    plan: &Plan,
    total: &mut Total,
) -> Plan {
    let facts = AccountFile::new(AccountSlug::new("real").unwrap());
    let (team, folds) = (sample_team(), Folds::default());
    let sources = Sources { library, facts: &facts, folds: &folds };
    let drafted = draft(task, library, &facts, &team, plan);
    verify(&drafted.patch, library, &facts, plan);
    let checked = Draft::of(drafted.patch, plan, &sources);
    total.unproven += checked.dropped.iter().filter(|dropped| dropped.why != Why::AlreadyThere).count();
    *total.items.entry(name).or_default() += checked.patch.upserts().count();
    let after = apply(plan, &checked.patch).unwrap().0;
    let again = Draft::of(draft(task, library, &facts, &team, &after).patch, &after, &sources);
    assert!(again.patch.changes_nothing(), "{name} again: {}", told(&again.patch));
    after
}

fn folders(below: &str) -> Vec<PathBuf> {
    let folder = root().join(below);
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("SKIPPED: nothing at {}", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// All tasks in turn, each on the plan that the earlier ones lead to.
fn all_tasks(library: &Library, total: &mut Total) {
    let mut plan = empty_plan("real");
    for (name, sections) in TASKS {
        let errand = name.parse().unwrap();
        let task = DraftTask { errand, today: Some(date(2026, 5, 29)), seed: name, ..fill(sections) };
        plan = twice(name, &task, library, &plan, total);
    }
}

#[test]
fn every_task_on_real_case_studies() {
    let mut total = Total::default();
    let studies = folders("../shared/material/case-studies");
    for folder in studies.iter().filter(|path| path.is_dir()).step_by(EVERY) {
        all_tasks(&library(folder), &mut total);
    }
    println!("case studies: items by task {:?}, unproven {}", total.items, total.unproven);
    assert_eq!(total.unproven, 0);
}

/// The sample's accounts are invented, but as rich as real ones.
#[test]
fn every_task_on_the_sample_accounts() {
    let mut total = Total::default();
    for folder in folders("csp/sample/infohub") {
        all_tasks(&library(&folder), &mut total);
    }
    println!("sample: items by task {:?}, unproven {}", total.items, total.unproven);
    assert_eq!(total.unproven, 0);
}

#[derive(Deserialize)]
struct Meeting {
    id: String,
    date: Option<String>,
    transcript_text_unmarked: String,
}

#[test]
fn meetings_become_entries_that_stand_in_them() {
    let mut total = Total::default();
    for path in folders("../shared/material/gold").iter().step_by(2) {
        let meeting: Meeting = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let material = format!("materials/meetings/{}.txt", meeting.id.to_lowercase());
        let texts = Texts(vec![(material.clone(), meeting.transcript_text_unmarked)]);
        let library = Library::load(&texts, &Readers::default()).unwrap();
        let day = meeting.date.and_then(|date| date.parse().ok());
        let occasion = Occasion { material: Some(material), day, ..Occasion::default() };
        let (name, sections) = TASKS.iter().find(|(name, _)| name.starts_with("meeting_notes")).unwrap();
        let task = DraftTask { errand: Errand::ExtractMeeting, occasion: &occasion, ..fill(sections) };
        twice(name, &task, &library, &empty_plan("real"), &mut total);
    }
    println!("meetings: items {:?}, unproven {}", total.items, total.unproven);
    assert_eq!(total.unproven, 0);
}
