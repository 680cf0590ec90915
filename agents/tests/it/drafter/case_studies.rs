//! Real case studies, where they are at hand: how much of sections 1 to 3 they give.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use agents::drafter::draft;
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::plan::SectionKey;
use infohub::team::Team;

use super::{INITIATE, empty_plan, fill, library, root, told, verify};

/// What the drafter makes of one real case study.
struct Study {
    name: String,
    items: BTreeMap<SectionKey, usize>,
    questions: usize,
    milliseconds: u128,
}

fn study(folder: &Path) -> Study {
    let name = folder.file_name().unwrap().to_str().unwrap().to_lowercase();
    let library = library(folder);
    let facts = AccountFile::new(AccountSlug::new(name.as_str()).unwrap());
    let plan = empty_plan(&name);
    let start = Instant::now();
    let patch = draft(&fill(INITIATE), &library, &facts, &Team::default(), &plan).patch;
    let milliseconds = start.elapsed().as_millis();
    verify(&patch, &library, &facts, &plan);
    // To read what is drafted: SHOW_DRAFTS=1 cargo test -p agents --test it -- --nocapture case_studies
    if std::env::var_os("SHOW_DRAFTS").is_some() {
        println!("=== {name}\n{}", told(&patch));
    }
    let mut items = BTreeMap::new();
    for (section, ..) in patch.upserts() {
        *items.entry(section).or_default() += 1;
    }
    Study { name, items, questions: patch.questions.len(), milliseconds }
}

#[test]
fn case_studies_give_sections_one_to_three() {
    let folder = root().join("../shared/material/case-studies");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("SKIPPED: no case studies at {}", folder.display());
        return;
    };
    let mut folders: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let studies: Vec<Study> = folders.iter().map(|folder| study(folder)).collect();
    for study in &studies {
        let counts: Vec<String> =
            INITIATE.iter().map(|key| format!("{key} {}", study.items.get(key).unwrap_or(&0))).collect();
        println!(
            "{:14} {}, {} questions, {} ms",
            study.name,
            counts.join(", "),
            study.questions,
            study.milliseconds
        );
    }
    let full = |study: &&Study| INITIATE.iter().all(|key| study.items.contains_key(key));
    let populated = studies.iter().filter(full).count();
    println!("{populated} of {} studies have items in all of sections 1 to 3", studies.len());
    assert!(populated * 4 >= studies.len() * 3, "{populated} of {}", studies.len());
}
