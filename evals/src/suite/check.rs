//! What a suite's cases must not contradict: ids, events, tasks, scorers, bounds; and the files that they name, put in.
//! It must not know folders: files are opened by whoever asks.

use std::collections::BTreeSet;

use agents::charter::Charters;
use infohub::event::EventBody;
use infohub::ids::AccountSlug;
use infohub::occasion::material;
use infohub::plan::{Plan, SectionKey};
use infohub::yaml::nearest;

use super::read::{Placed, Read, SuiteErrors, SuiteFault, Written};
use super::{Case, Suite};
use crate::score::{Chosen, bare, text_pattern};

/// Cases of one suite.
const MOST_CASES: usize = 10_000;
/// Materials of one case.
const MOST_MATERIALS: usize = 200;
/// Bytes of one material's text.
const MOST_TEXT: usize = 2 << 20;
/// Bytes of all texts of a suite, those of files included.
const MOST_TEXTS: usize = 256 << 20;
/// Events, tags and expectations of one kind.
const MOST: usize = 500;
/// Bytes of a cluster's name, a tag, and a text that is looked for.
const LONGEST: usize = 500;
/// Faults that are told at once.
const MOST_FAULTS: usize = 20;

/// The names that suites may use.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Agents' tasks, as `sa.initiate_csp`.
    pub tasks: Vec<String>,
}

impl Known {
    /// The tasks of these charters.
    pub fn of(charters: &Charters) -> Self {
        Self { tasks: charters.tasks().map(|task| task.to_string()).collect() }
    }
}

/// Checks a suite and puts in the files that it names.
pub(super) fn check(written: Written, name: &str, request: &Read<'_>) -> Result<Suite, SuiteErrors> {
    let Written { about, scorers, cases } = written;
    let mut check = Check { request, faults: Vec::new(), place: (None, None), until: None, bytes: 0 };
    let count = cases.len();
    if count == 0 || count > MOST_CASES {
        check.fault(format!("a suite has 1 to {MOST_CASES} cases, and this one {count}"));
    }
    let scorers = check.scorers(scorers);
    let lines: Vec<Option<u32>> = cases.iter().map(|case| case.line).collect();
    let mut ids = BTreeSet::new();
    let mut checked = Vec::new();
    for (nth, mut case) in cases.into_iter().enumerate() {
        (check.place, check.until) = (at(&case), lines.get(nth + 1).copied().flatten());
        if !ids.insert(case.value.id.clone()) {
            check.about(&case.value.id, format!("another case has the id '{}' already", case.value.id));
        }
        check.case(&mut case.value);
        checked.push(case.value);
        if check.faults.len() >= MOST_FAULTS {
            break;
        }
    }
    if check.faults.is_empty() {
        Ok(Suite { name: name.to_owned(), about, scorers, cases: checked })
    } else {
        Err(SuiteErrors(check.faults))
    }
}

fn at<T>(placed: &Placed<T>) -> (Option<u32>, Option<u32>) {
    (placed.line, placed.column)
}

/// A suite while it is checked, with the place of what is being looked at.
struct Check<'a> {
    request: &'a Read<'a>,
    faults: Vec<SuiteFault>,
    place: (Option<u32>, Option<u32>),
    until: Option<u32>,
    bytes: usize,
}

impl Check<'_> {
    fn fault(&mut self, message: String) {
        let (line, column) = self.place;
        let file = self.request.file.to_owned();
        self.faults.push(SuiteFault { file, line, column, message, hint: None });
    }

    /// A fault where this word stands in the case, if it stands there.
    fn about(&mut self, word: &str, message: String) {
        let place = self.place;
        let from = place.0.unwrap_or(1);
        let until = self.until.unwrap_or(u32::MAX).max(from.saturating_add(1));
        let lines = (1u32..).zip(self.request.text.lines()).filter(|(line, _)| (from..until).contains(line));
        let found = lines.filter(|_| !word.is_empty()).find_map(|(line, text)| {
            let column = text.get(..whole_word(text, word)?)?.chars().count() + 1;
            Some((Some(line), u32::try_from(column).ok()))
        });
        self.place = found.unwrap_or(place);
        self.fault(message);
        self.place = place;
    }

    fn unknown(&mut self, what: &str, name: &str, known: &[&str]) {
        let hint = nearest(name, known.iter().copied());
        let hint = hint.map(|meant| format!("did you mean '{meant}'?"));
        let hint = hint.unwrap_or_else(|| format!("known are {}", known.join(", ")));
        self.about(name, format!("{what} '{name}' is not known; {hint}"));
    }

    fn scorers(&mut self, scorers: Vec<Placed<Chosen>>) -> Vec<Chosen> {
        let graded = scorers.iter().find(|chosen| chosen.value.scorer.is_graded());
        let is_gate = |chosen: &Placed<Chosen>| chosen.value.is_gate() && !chosen.value.scorer.is_graded();
        if let Some(graded) = graded.filter(|_| !scorers.iter().any(is_gate)) {
            self.place = at(graded);
            self.fault("a rubric is never the only gate; give another scorer at_least or at_most".to_owned());
        }
        let mut names = BTreeSet::new();
        let checked = scorers.into_iter().map(|mut chosen| {
            self.place = at(&chosen);
            self.scorer(&mut chosen.value);
            if !names.insert(chosen.value.name()) {
                self.fault(format!("scorer '{}' is named twice", chosen.value.name()));
            }
            chosen.value
        });
        checked.collect()
    }

    fn scorer(&mut self, chosen: &mut Chosen) {
        let faults = chosen.faults();
        faults.into_iter().for_each(|fault| self.fault(fault));
        let Some(rubric) = &mut chosen.rubric else { return };
        let file = rubric.prompt.clone();
        if let Some(Err(error)) = self.open(&file).map(|text| rubric.pin(text)) {
            self.about(&file, error.to_string());
        }
    }

    fn case(&mut self, case: &mut Case) {
        if let Err(error) = AccountSlug::new(case.id.clone()) {
            self.about(&case.id.clone(), format!("a case's id is also its account's: {error}"));
        }
        let told = |text: &String| text.is_empty() || text.len() > LONGEST;
        if case.cluster.iter().chain(&case.tags).any(told) || case.tags.len() > MOST {
            self.fault(format!(
                "cluster and tags have 1 to {LONGEST} bytes, and there are at most {MOST} tags"
            ));
        }
        if case.task.is_none() && case.events.is_empty() {
            self.fault("nothing happens: give it events or a task".to_owned());
        }
        if let Some(task) = &case.task
            && !self.request.known.tasks.contains(&task.run)
        {
            let tasks: Vec<&str> = self.request.known.tasks.iter().map(String::as_str).collect();
            self.unknown("task", &task.run, &tasks);
        }
        self.events(case);
        self.materials(case);
        self.plan(case);
        self.expect(case);
    }

    fn events(&mut self, case: &Case) {
        if case.events.len() > MOST {
            self.fault(format!("has {} events, more than {MOST}", case.events.len()));
        }
        let id = AccountSlug::new(case.id.clone()).is_ok();
        for (nth, event) in case.events.iter().take(MOST).enumerate() {
            if !EventBody::TYPES.contains(&event.kind.as_str()) {
                self.unknown("event type", &event.kind, EventBody::TYPES);
            } else if let Err(error) = case.event(nth, event, case.noon())
                && id
            {
                self.about(&event.kind, error.to_string());
            }
        }
    }

    fn materials(&mut self, case: &mut Case) {
        if case.material.len() > MOST_MATERIALS {
            self.fault(format!("has {} materials, more than {MOST_MATERIALS}", case.material.len()));
        }
        let mut paths = BTreeSet::new();
        for held in &mut case.material {
            if let Err(error) = material::checked(held.path.clone()) {
                self.about(&held.path, error);
            }
            if !paths.insert(held.path.clone()) {
                self.about(&held.path, format!("material '{}' is given twice", held.path));
            }
            match held.file.take() {
                Some(file) if !held.text.is_empty() => {
                    self.about(&file, format!("'{}' has a text and a file; keep one", held.path));
                }
                Some(file) => held.text = self.open(&file).unwrap_or_default(),
                None if held.text.is_empty() => {
                    self.about(&held.path, format!("'{}' has neither text nor file", held.path));
                }
                None => self.weigh(held.text.len()),
            }
            if held.text.len() > MOST_TEXT {
                self.about(&held.path, format!("'{}' is larger than {MOST_TEXT} bytes", held.path));
            }
        }
    }

    fn plan(&mut self, case: &mut Case) {
        let file = case.plan_file.take();
        if let Some(file) = &file {
            if case.plan.is_some() {
                self.about(file, "has a plan and a plan_file; keep one".to_owned());
                return;
            }
            case.plan = self.open(file);
        }
        let Some(text) = &case.plan else { return };
        self.weigh(if file.is_none() { text.len() } else { 0 });
        let name = file.as_deref().unwrap_or("plan");
        match infohub::yaml::read::<Plan>(name, text) {
            Err(error) if file.is_some() => self.faults.push(error.into()),
            Err(error) => self.about("plan:", format!("the plan's text does not read: {error}")),
            Ok(_) => {}
        }
    }

    fn expect(&mut self, case: &Case) {
        let expect = &case.expect;
        let lists = [
            expect.actions.as_ref().map_or(0, Vec::len),
            expect.decisions.as_ref().map_or(0, Vec::len),
            expect.contains.len(),
            expect.absent.len(),
            expect.matches.len(),
            expect.numbers.len(),
            expect.equals.len(),
            expect.questions.len(),
        ];
        if lists.iter().any(|count| *count > MOST) {
            self.fault(format!("expects more than {MOST} things of one kind"));
        }
        for phrase in expect.contains.iter().chain(&expect.absent) {
            if phrase.text.trim().is_empty() || phrase.text.len() > LONGEST {
                self.about(&phrase.text, format!("a text to look for has 1 to {LONGEST} bytes"));
            }
        }
        for pattern in &expect.matches {
            if let Err(error) = text_pattern(&pattern.regex) {
                self.about(&pattern.regex, format!("the regular expression does not read: {error}"));
            }
        }
        self.lists(case);
        for figure in &expect.numbers {
            if !figure.value.is_finite() || !figure.within.is_finite() || figure.within < 0.0 {
                self.fault(
                    "a figure's value and tolerance are plain numbers, the tolerance not below 0".to_owned(),
                );
            }
        }
        let shares = expect.actions.iter().flatten().filter_map(|action| action.recoverable);
        let shares =
            shares.chain(expect.decisions.iter().flatten().filter_map(|decision| decision.recoverable));
        if shares.into_iter().any(|share| !(0.0..=1.0).contains(&share)) {
            self.fault("recoverable is a share from 0 to 1".to_owned());
        }
    }

    /// Whether the fields that are compared are in lists that there are.
    fn lists(&mut self, case: &Case) {
        let Ok(account) = AccountSlug::new(case.id.clone()) else { return };
        let empty = Plan::new(bare(account, case));
        for equal in &case.expect.equals {
            let lists: Vec<&str> = lists_of(&empty, equal.section);
            if !lists.contains(&equal.list.as_str()) {
                self.unknown(&format!("list of {}", equal.section), &equal.list, &lists);
            }
        }
    }

    /// The text of a file that the suite names.
    fn open(&mut self, file: &str) -> Option<String> {
        let Some(path) = within_workspace(self.request.file, file) else {
            self.about(
                file,
                format!("'{file}' leads out of the workspace; take a path from the suite's folder"),
            );
            return None;
        };
        match (self.request.open)(&path) {
            Ok(text) => {
                self.weigh(text.len());
                Some(text)
            }
            Err(error) => {
                self.about(file, format!("the file '{path}' cannot be read: {error}"));
                None
            }
        }
    }

    fn weigh(&mut self, bytes: usize) {
        let before = self.bytes;
        self.bytes = self.bytes.saturating_add(bytes);
        if before <= MOST_TEXTS && self.bytes > MOST_TEXTS {
            self.fault(format!("the suite's texts and files together are larger than {MOST_TEXTS} bytes"));
        }
    }
}

/// Where a word stands in a line, and not as a part of a longer one.
fn whole_word(line: &str, word: &str) -> Option<usize> {
    let joins = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let mut found = line.match_indices(word);
    let whole = found.find(|(at, _)| {
        let (before, after) = (line.get(..*at), line.get(at + word.len()..));
        !before.is_some_and(|text| text.ends_with(joins))
            && !after.is_some_and(|text| text.starts_with(joins))
    });
    whole.map(|(at, _)| at)
}

/// The lists of a section, by its type.
fn lists_of(plan: &Plan, section: SectionKey) -> Vec<&'static str> {
    plan.section(section).lists().into_iter().map(|(list, _)| list).collect()
}

/// The path from the workspace's root of a file that a suite names from its own folder.
fn within_workspace(suite: &str, file: &str) -> Option<String> {
    let mut path: Vec<&str> = suite.split('/').collect();
    path.pop();
    for part in file.split('/') {
        match part {
            "" | "." => return None,
            ".." => path.pop().map(|_| ())?,
            part if part.contains(['\\', '\0', ':']) => return None,
            part => path.push(part),
        }
    }
    Some(path.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_in_the_workspace() {
        let check = |file: &str, path: Option<&str>| {
            assert_eq!(within_workspace("evals/sa.yaml", file).as_deref(), path, "{file}");
        };
        check("a.md", Some("evals/a.md"));
        check("sub/a.md", Some("evals/sub/a.md"));
        check("../infohub/x/materials/a.md", Some("infohub/x/materials/a.md"));
        check("../../a.md", None);
        check("x/../../../a.md", None);
        check("/etc/passwd", None);
        check("C:/a.md", None);
        check("a//b", None);
        check("", None);
    }
}
