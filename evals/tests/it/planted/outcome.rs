//! Right outcomes to plant errors into. Must not know the errors.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use agents::charter::Charters;
use evals::produced::{End, Produced, Spent, TaskOutcome};
use evals::score::Ground;
use evals::suite::meetings::{TASK, suite};
use evals::suite::{
    Case, CaseMaterial, Equal, Expect, Figure, Pattern, Phrase, WantedAction, WantedQuestion,
};
use infohub::calculation::{Calculation, Input, Operation};
use infohub::evidence::{Evidence, LineRange};
use infohub::number::Number;
use infohub::plan::sections::value_tracking::{OutcomeProgress, ValueTrackingPatch};
use infohub::plan::{ListChange, Measured, Owner, Patch, QuestionDraft, SectionKey, SectionPatches, Side};
use infohub::registers::action_tracker::{Action, ActionTrackerPatch, Due};
use infohub::registers::decision_log::{Decision, DecisionLogPatch};
use jiff::civil::date;
use serde_json::{Value, json};
use tools::material::{Line, Material, Readers, read};

use super::World;

/// The fewest words of a quote.
const FEWEST_WORDS: usize = 8;

/// The files of the real meetings by name, if they are at hand.
pub fn meetings() -> Option<Vec<(String, String)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/material/gold");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).ok()?.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let text = |file: &PathBuf| (file.display().to_string(), fs::read_to_string(file).unwrap());
    Some(files.iter().map(text).collect())
}

/// The right outcomes of the real meetings, if they are at hand: each meeting lies beside the next one.
pub fn of_meetings(charters: &Charters) -> Option<Vec<World>> {
    let files = meetings()?;
    let named = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let suite = suite("meetings", named).unwrap();
    let neighbours = suite.cases.iter().cycle().skip(1);
    let pairs = suite.cases.iter().zip(neighbours);
    Some(pairs.map(|(case, other)| world(case, &other.material[0], charters)).collect())
}

/// The same of a meeting that nobody held.
pub fn made_up(charters: &Charters) -> World {
    let said = "Fiction: nobody held this meeting.\n\
        Ines Calder: I will send the 14 pump readings of March to the northern depot before the audit begins.\n\
        Bo Larkin: then I order 230 spare seals from the second supplier for the summer stock of the depot.\n\
        Ines Calder: we agreed that the old gauges stay in use until the 12 new ones have been tested twice.\n\
        Bo Larkin: good, and the weekly call moves to Thursday at 9 since the northern crew is out on Mondays.\n";
    let other = "Fiction: nobody held this meeting either.\n\
        Una Prewitt: the canteen roof gets painted green in 3 weeks unless the architect says something else.\n\
        Jon Abara: I am going to ask the architect about the 40 tiles which came in the wrong shade of green.\n";
    let meeting = json!({
        "id": "fiction-1", "date": "2026-03-05", "transcript_text_unmarked": said,
        "gold": {
            "actions": [
                { "text": "send the 14 pump readings of March to the northern depot", "owner_norm": ["Ines Calder"], "recoverable": 1.0 },
                { "text": "order 230 spare seals from the second supplier", "owner_norm": ["Bo Larkin"], "recoverable": 1.0 },
            ],
            "decisions": [
                { "text": "the old gauges stay in use until the 12 new ones have been tested", "recoverable": 1.0 },
                { "text": "the weekly call moves to Thursday at 9", "recoverable": 1.0 },
            ],
        },
    });
    let suite = suite("fiction", [("fiction.json", meeting.to_string().as_str())]).unwrap();
    let other =
        CaseMaterial { path: "materials/meetings/fiction-2.md".into(), text: other.into(), file: None };
    world(&suite.cases[0], &other, charters)
}

fn world(case: &Case, other: &CaseMaterial, charters: &Charters) -> World {
    let mut case = case.clone();
    let own = read(&case.material[0].path, case.material[0].text.as_bytes(), &Readers::default()).unwrap();
    case.material.push(other.clone());
    for action in case.expect.actions.iter_mut().flatten() {
        action.due.get_or_insert(Due::UNSAID);
    }
    case.expect = expected(case.expect);
    let sections = SectionPatches {
        action_tracker: Some(ActionTrackerPatch { actions: list(actions(&case.expect, &own)) }),
        decision_log: Some(DecisionLogPatch { decisions: list(decisions(&case.expect, &own)) }),
        ..SectionPatches::default()
    };
    let mut world = finish(case, TASK, sections, charters);
    world.produced.tasks[0].patch.questions = QUESTIONS.map(question).to_vec();
    world
}

fn actions(expect: &Expect, own: &Material) -> Vec<Action> {
    let actions = expect.actions.iter().flatten().map(|wanted| Action {
        id: format!("ac-{:04x}", hash(&wanted.text)).parse().unwrap(),
        action: wanted.text.clone(),
        owner: wanted.owners.first().map(|name| Owner { name: name.clone(), side: Side::Ours }),
        due: wanted.due,
        due_said: None,
        done_when: None,
        status: None,
        completed_on: None,
        milestone: None,
        source: None,
        evidence: vec![cite(own, &wanted.text)],
        review: None,
    });
    actions.collect()
}

fn decisions(expect: &Expect, own: &Material) -> Vec<Decision> {
    let decisions = expect.decisions.iter().flatten().map(|wanted| Decision {
        id: format!("dc-{:04x}", hash(&wanted.text)).parse().unwrap(),
        decision: wanted.text.clone(),
        status: None,
        kind: None,
        decided_on: None,
        decided_by: Vec::new(),
        reason: None,
        serves: Vec::new(),
        plan_version: None,
        superseded_by: None,
        evidence: vec![cite(own, &wanted.text)],
        review: None,
    });
    decisions.collect()
}

/// What the right outcome asks.
const QUESTIONS: [&str; 3] =
    ["Who signs the audit?", "When does the winter test begin?", "Which depot is closed first?"];

fn question(question: &str) -> QuestionDraft {
    QuestionDraft { section: SectionKey::Risks, question: question.to_owned() }
}

/// Besides what the minutes list: the same said in the terms of the other scorers.
fn expected(expect: Expect) -> Expect {
    let actions = expect.actions.iter().flatten();
    let decisions = expect.decisions.iter().flatten();
    let texts: Vec<&str> = actions
        .clone()
        .map(|action| &action.text)
        .chain(decisions.map(|decision| &decision.text))
        .map(String::as_str)
        .collect();
    let phrase = |text: &str| Phrase { text: text.to_owned(), section: None };
    let pattern = |text: &str| Pattern { regex: regex::escape(text), section: None };
    let equal = |wanted: &WantedAction, field: &str, value: Value| Equal {
        section: SectionKey::ActionTracker,
        list: "actions".to_owned(),
        item: wanted.text.clone(),
        field: field.to_owned(),
        value,
    };
    let owners = actions.clone().filter(|action| !action.owners.is_empty());
    let owners = owners.map(|action| equal(action, "owner.name", action.owners[0].clone().into()));
    let dues = actions.map(|action| equal(action, "due", serde_json::to_value(action.due).unwrap()));
    let filled = [
        (SectionKey::ActionTracker, expect.actions.iter().flatten().count()),
        (SectionKey::DecisionLog, expect.decisions.iter().flatten().count()),
    ];
    Expect {
        filled: filled.into_iter().filter(|(_, count)| *count > 0).map(|(section, _)| section).collect(),
        contains: texts.iter().map(|text| phrase(text)).collect(),
        absent: vec![phrase("Quillan Ashdown wires 18,000 EUR")],
        matches: texts.iter().map(|text| pattern(text)).collect(),
        numbers: texts.iter().flat_map(|text| figures(text)).collect(),
        equals: owners.chain(dues).collect(),
        questions: QUESTIONS
            .map(|about| WantedQuestion {
                section: SectionKey::Risks,
                about: about.trim_start_matches("Who ").to_owned(),
            })
            .to_vec(),
        most_items: Some(u32::try_from(texts.len()).unwrap()),
        untouched: vec![SectionKey::Background],
        ..expect
    }
}

/// The plain figures of a text.
fn figures(text: &str) -> Vec<Figure> {
    let words = text.split(|c: char| c.is_whitespace()).map(|word| word.trim_end_matches(['.', ',', ':']));
    let plain = words.filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()));
    plain.map(|word| Figure { value: word.parse().unwrap(), within: 0.0, section: None }).collect()
}

fn finish(case: Case, run: &str, sections: SectionPatches, charters: &Charters) -> World {
    let task = TaskOutcome {
        run: run.to_owned(),
        end: End::Drafted,
        patch: without_ids(sections),
        checks: Vec::new(),
        dropped: Vec::new(),
        warnings: Vec::new(),
        prompts: Vec::new(),
        replies: Vec::new(),
        spent: Spent::default(),
    };
    let ground = Ground::of(&case, charters).unwrap();
    World { case, produced: Produced { tasks: vec![task] }, ground }
}

/// A patch of new items: the plan does not know their ids yet.
fn without_ids(sections: SectionPatches) -> Patch {
    Patch { sections, ..Patch::default() }
}

pub fn list<T>(upsert: Vec<T>) -> ListChange<T> {
    ListChange { upsert, remove: Vec::new() }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(5381, |hash, byte| (hash.wrapping_mul(33) ^ u64::from(byte)) & 0xffff_ffff)
}

/// The lines that are most like a text, with as many of the following as it takes to be a quote.
fn cite(material: &Material, text: &str) -> Evidence {
    let wanted = longer(text);
    // A line that has the figures is worth more than one that has the words.
    let weight = |word: &&String| if word.starts_with(|c: char| c.is_ascii_digit()) { 3 } else { 1 };
    let like =
        |line: &&Line| -> u32 { longer(&line.text).intersection(&wanted).map(|word| weight(&word)).sum() };
    let best = material.lines.iter().rev().max_by_key(like).unwrap();
    let from = material.lines.iter().position(|line| line == best).unwrap();
    let mut until = from + 1;
    let quote = |until: usize| -> String {
        let lines = material.lines[from..until].iter().map(|line| line.text.as_str());
        lines.collect::<Vec<_>>().join(" ")
    };
    while quote(until).split_whitespace().count() < FEWEST_WORDS && until < material.lines.len() {
        until += 1;
    }
    let lines = LineRange { first: best.number, last: material.lines[until - 1].number };
    Evidence::Quote { source: material.path.clone(), lines: Some(lines), quote: quote(until) }
}

fn longer(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    words.filter(|word| word.len() > 3 || word.starts_with(|c: char| c.is_ascii_digit())).collect()
}

/// Outcomes that rest on the sum of a made-up table's column.
pub fn of_tables(charters: &Charters, count: usize) -> Vec<World> {
    (0..count).map(|nth| table(nth, charters)).collect()
}

fn table(nth: usize, charters: &Charters) -> World {
    let figures: Vec<usize> = (0..4).map(|row| 20 + (nth * 37 + row * 91) % 400).collect();
    let rows: String = figures
        .iter()
        .enumerate()
        .map(|(row, figure)| format!("2026-05-{:02},{figure}\n", row * 7 + 1))
        .collect();
    let path = "materials/usage/2026-05.csv";
    let total: usize = figures.iter().sum();
    let number: Number = total.to_string().parse().unwrap();
    let input = Input::Cells { source: path.into(), column: "orders".into(), rows: None, value: None };
    let calculation = Calculation {
        operation: Operation::Sum,
        inputs: vec![input],
        result: number,
        places: None,
        unit: None,
    };
    let progress = OutcomeProgress {
        id: format!("op-{nth:04x}").parse().unwrap(),
        progress: format!("{total} orders in four weeks"),
        outcome: None,
        measured: Some(Measured::Value(number)),
        unit: None,
        on: None,
        evidence: vec![Evidence::Calculation(calculation)],
        review: None,
    };
    let sections = SectionPatches {
        value_tracking: Some(ValueTrackingPatch {
            outcome_progress: list(vec![progress]),
            ..Default::default()
        }),
        ..SectionPatches::default()
    };
    let case = json!({
        "id": format!("table-{nth}"), "today": date(2026, 6, 1),
        "material": [{ "path": path, "text": format!("date,orders\n{rows}") }],
        "task": { "run": "ca.track_value" },
    });
    finish(serde_json::from_value(case).unwrap(), "ca.track_value", sections, charters)
}
