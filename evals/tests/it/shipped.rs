//! The shipped suites: each reads, and what the extractive drafter writes of each case is scored. Only what must never
//! happen is asserted; how well it does is printed: cargo test -p evals --test it shipped -- --nocapture

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use agents::charter::Charters;
use agents::draft::Draft;
use agents::drafter::{DraftTask, draft};
use evals::produced::{End, Produced, Spent, TaskOutcome};
use evals::score::{Ground, Score, Scorer, score};
use evals::suite::{Case, Known, Read, Suite, read};
use infohub::team::Team;

/// The suites that a sample workspace holds, with the fewest cases of each.
const SHIPPED: [(&str, usize); 10] = [
    ("ae", 2),
    ("ca", 5),
    ("delivery", 1),
    ("extraction", 6),
    ("injections", 12),
    ("meeting_notes", 4),
    ("nudger", 2),
    ("planted", 6),
    ("sa", 5),
    ("ve", 2),
];

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../csp/sample")
}

fn suite(name: &str, charters: &Charters) -> Suite {
    let file = format!("evals/{name}.yaml");
    let text = fs::read_to_string(sample().join(&file)).unwrap();
    let open = |path: &str| fs::read_to_string(sample().join(path)).map_err(|error| error.to_string());
    let request = Read { file: &file, text: &text, open: &open, known: &Known::of(charters) };
    read(&request).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What the extractive drafter makes of a case, without a workspace around it.
fn produce(case: &Case, ground: &Ground, charters: &Charters, team: &Team) -> Produced {
    // Only the first case of the SA's is started by an event, and that starts this task.
    let run = case.task.as_ref().map_or("sa.initiate_csp", |task| task.run.as_str());
    let occasion = case.task.as_ref().map(|task| task.occasion.clone()).unwrap_or_default();
    let task = charters.task(run).unwrap();
    let Ok(errand) = run.parse();
    let request = DraftTask {
        errand,
        sections: &task.task.sections,
        occasion: &occasion,
        today: Some(case.today),
        seed: &case.id,
    };
    let drafted = draft(&request, ground.library(), ground.facts(), team, ground.plan());
    let Draft { patch, checks, dropped, warnings } =
        Draft::of(drafted.patch, ground.plan(), &ground.sources());
    let outcome = TaskOutcome {
        run: run.to_owned(),
        end: End::Drafted,
        patch,
        checks,
        dropped,
        warnings,
        prompts: Vec::new(),
        replies: Vec::new(),
        spent: Spent::default(),
    };
    Produced { tasks: vec![outcome] }
}

#[test]
fn each_shipped_suite_reads_and_is_scored() {
    let charters = Charters::builtin().unwrap();
    let team: Team =
        infohub::yaml::read("team.yaml", &fs::read_to_string(sample().join("team.yaml")).unwrap()).unwrap();
    for (name, fewest) in SHIPPED {
        let suite = suite(name, &charters);
        assert!(suite.cases.len() >= fewest, "{name} has {} cases", suite.cases.len());
        let scorers = suite.scorers();
        let mut sums: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for case in &suite.cases {
            let ground = Ground::of(case, &charters).unwrap();
            assert_eq!(ground.library().skipped().count(), 0, "{name}: {}", case.id);
            let scores = score(&scorers, case, &produce(case, &ground, &charters, &team), &ground);
            for Score { scorer, value, why, .. } in &scores {
                sums.entry(scorer.clone()).or_default().extend(value);
                why.iter().for_each(|why| println!("  {name} {} {scorer}: {why}", case.id));
            }
            for never in [Scorer::InventedQuotes, Scorer::MisattributedQuotes, Scorer::PlaceholderText] {
                let found = scores.iter().find(|score| score.scorer == never.as_str());
                let value = found.and_then(|score| score.value).unwrap_or_default();
                assert!(value <= 0.0, "{name} {}: {found:?}", case.id);
            }
            for always in [Scorer::SectionRights, Scorer::Injections, Scorer::SchemaValidity] {
                let found = scores.iter().find(|score| score.scorer == always.as_str());
                let value = found.and_then(|score| score.value).unwrap_or(1.0);
                assert!(value >= 1.0, "{name} {}: {found:?}", case.id);
            }
        }
        for (scorer, values) in sums.iter().filter(|(_, values)| !values.is_empty()) {
            #[allow(clippy::cast_precision_loss, reason = "a dozen cases")]
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            println!("{name:14} {scorer:22} {mean:.3} of {} cases", values.len());
        }
    }
}

/// The real meetings as a suite, if they are at hand: the same figures as the meetings' own test, by other code.
#[test]
fn real_meetings_are_scored_as_their_minutes_say() {
    let Some(files) = crate::planted::outcome::meetings() else {
        println!("SKIPPED: no real meetings at hand");
        return;
    };
    let charters = Charters::builtin().unwrap();
    let named = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let suite = evals::suite::meetings::suite("meetings", named).unwrap();
    let written = suite.to_jsonl();
    let no_files = |_: &str| Err("no file is named".to_owned());
    let request =
        Read { file: "evals/meetings.jsonl", text: &written, open: &no_files, known: &Known::of(&charters) };
    let again = read(&request).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(again, suite, "what is imported reads as it was");
    let team: Team = infohub::yaml::read("team.yaml", "people: []").unwrap();
    let mut pooled: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for case in &suite.cases {
        let ground = Ground::of(case, &charters).unwrap();
        for score in score(&suite.scorers, case, &produce(case, &ground, &charters, &team), &ground) {
            let Some(counts) = score.counts else { continue };
            let (hits, of) = pooled.entry(score.scorer).or_default();
            (*hits, *of) = (*hits + counts.hits, *of + counts.of);
        }
    }
    for (scorer, (hits, of)) in &pooled {
        println!("{scorer:22} {:.3} ({hits} of {of})", hits / of);
    }
    let share = |scorer: &str| pooled[scorer].0 / pooled[scorer].1;
    // Floors well under what is reached, so that only a loss of quality fails.
    assert!(share("action_f1") > 0.22 && share("decision_f1") > 0.45);
    assert!(share("invented_quotes") <= 0.0 && share("misattributed_quotes") <= 0.0);
}

#[test]
fn every_task_of_every_agent_has_a_case() {
    let charters = Charters::builtin().unwrap();
    let suites = SHIPPED.map(|(name, _)| suite(name, &charters));
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    for task in charters.tasks() {
        let name = task.to_string();
        let has = cases().any(|case| case.task.as_ref().is_some_and(|task| task.run == name));
        assert!(has, "{name} has no case");
    }
    let files = fs::read_dir(sample().join("evals")).unwrap().flatten();
    let suites = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "yaml"));
    assert_eq!(suites.count(), SHIPPED.len(), "a suite that no test knows");
}
