//! The real orchestrator on files that outlive its processes: what happens is done to it, and what it made of that is
//! read back from the journal. It must not know what should have been made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use infohub::event::Event;
use infohub::ids::AccountSlug;
use infohub::plan::{Patch, Plan};
use infohub::store::{Store, StorePath};
use infohub::yaml;
use jiff::Timestamp;
use jiff::civil::Date;
use orchestrator::attention::Notice;
use orchestrator::decide::first_plan;
use orchestrator::intake::Orchestrator;
use orchestrator::rules::{GateName, Subject};
use orchestrator::state::State;
use orchestrator::step::{Decision, Drafted, Effect, Input, Step, Verdict};
use orchestrator::task::TaskStatus;

use super::action::{self, Change};
use super::reference::{Firing, How, REMINDERS, Waiting};
use super::world::{FINALIZE, INITIATE, Who};
use super::{NAMES, RULES};
use crate::frail::Frail;
use crate::office::open_with;

const TEAM: &str = r#"{"people":[{"id":"maria","name":"Maria","roles":["sa"]},
    {"id":"carl","name":"Carl","roles":["ca"],"manager":"cleo"},{"id":"cleo","name":"Cleo","roles":["ca_manager"]}]}"#;
const PLAN: &str = "infohub/acme/success_plan/csp.yaml";
const FIRST: &str = r#"{"sections":{"background":{"company":{"upsert":[{"text":"Makes pumps"}]}}}}"#;
/// Nothing brings one account more instants than this in two months.
const MOST_TICKS: usize = 2_000;

/// An account, its files, and the process that works on it now.
pub struct Real {
    files: Frail,
    pub orchestrator: Orchestrator,
    slug: AccountSlug,
    /// The operation in which the process is killed during the next input.
    doom: Option<(u8, bool)>,
    /// The records that there are.
    pub records: u64,
    pub firings: Vec<Firing>,
    /// Ticks of the loop, and those of them that brought nothing.
    pub ticks: (usize, usize),
    pub kills: usize,
    comments: usize,
}

impl Real {
    pub fn new() -> Self {
        let files = Frail::new();
        let orchestrator = open_with(Arc::new(files.survivor()), TEAM, RULES);
        let slug = AccountSlug::new("acme").unwrap();
        Self {
            files,
            orchestrator,
            slug,
            doom: None,
            records: 0,
            firings: Vec::new(),
            ticks: (0, 0),
            kills: 0,
            comments: 0,
        }
    }

    pub fn restart(&mut self) {
        self.orchestrator = open_with(Arc::new(self.files.survivor()), TEAM, RULES);
    }

    pub fn kill_in(&mut self, operation: u8, counts: bool) {
        self.doom = Some((operation, counts));
    }

    pub fn event(&mut self, json: &str, now: Timestamp) {
        self.take(&Input::Event(Box::new(Event::parse(json).unwrap())), now);
    }

    /// Takes an input in; again by another process, if this one is killed over it.
    pub fn take(&mut self, input: &Input, now: Timestamp) {
        if let Some((operation, counts)) = self.doom.take() {
            let frail = Arc::new(self.files.killed_in(operation.into(), counts));
            let doomed = open_with(Arc::clone(&frail) as Arc<dyn Store>, TEAM, RULES);
            let taken = doomed.take(&self.slug, input, now);
            let killed = frail.was_killed();
            self.kills += usize::from(killed);
            self.restart();
            if !killed {
                taken.unwrap();
                return self.read_journal();
            }
        }
        self.orchestrator.take(&self.slug, input, now).unwrap();
        self.read_journal();
    }

    pub fn state(&self) -> State {
        self.orchestrator.load(&self.slug).unwrap().last.unwrap().state
    }

    /// As the loop does it: what a person saved is taken in at once, and then each instant as it comes.
    pub fn awake(&mut self, now: Timestamp, until: Timestamp) {
        self.take(&Input::HandEdit, now);
        for _ in 0..MOST_TICKS {
            let Some(at) = self.state().due_at(self.orchestrator.rules_id()).filter(|at| *at <= until) else {
                return;
            };
            let before = self.records;
            self.take(&Input::Tick, at.max(now));
            self.ticks.0 += 1;
            self.ticks.1 += usize::from(self.records == before);
        }
        panic!("the loop turns on the account without end");
    }

    pub fn edit(&mut self, changes: &[Change], today: Date) {
        let path = StorePath::new(PLAN).unwrap();
        let Some(bytes) = self.files.survivor().read(&path, 1 << 20).unwrap() else { return };
        let plan: Plan = yaml::read("csp.yaml", &String::from_utf8(bytes).unwrap()).unwrap();
        let mut plan = serde_json::to_value(&plan).unwrap();
        changes.iter().for_each(|change| action::change(&mut plan, change, today));
        self.comments += 1;
        let text = format!("# Saved {} times.\n{}", self.comments, yaml::emit(&plan).unwrap());
        self.files.survivor().replace(&path, text.as_bytes()).unwrap();
    }

    /// Drafts the first task that waits, once what a person saved is taken in.
    pub fn draft(&mut self, now: Timestamp) {
        self.take(&Input::HandEdit, now);
        let account = self.orchestrator.load(&self.slug).unwrap();
        let Some(task) = account.last.as_ref().unwrap().state.pending().next().cloned() else { return };
        let mut patch = Patch::default();
        if account.plan().is_none() {
            patch = serde_json::from_str(FIRST).unwrap();
            let first = first_plan(&account.facts, &task.subject, now, self.orchestrator.policy());
            patch.tie_to(&first, task.id.as_str());
        }
        let author = "a test".to_owned();
        self.take(
            &Input::Drafted(Box::new(Drafted { task: task.id, draft: task.draft, patch, author })),
            now,
        );
    }

    pub fn accept(&mut self, now: Timestamp) {
        self.take(&Input::HandEdit, now);
        let account = self.orchestrator.load(&self.slug).unwrap();
        let state = &account.last.as_ref().unwrap().state;
        let Some((review, known)) = state.reviews.iter().next() else { return };
        let verdict = Verdict::Accept { review: review.clone(), shown: known.content_hash(account.plan()) };
        self.decide(verdict, now);
    }

    pub fn let_through(&mut self, now: Timestamp, until: Timestamp) {
        self.decide(
            Verdict::OpenGate { gate: GateName::Proposal, reason: "they wait".to_owned(), until },
            now,
        );
    }

    fn decide(&mut self, verdict: Verdict, now: Timestamp) {
        self.take(&Input::Decision(Box::new(Decision { by: "maria".parse().unwrap(), verdict })), now);
    }

    /// The tasks that wait, in their order.
    pub fn waiting(state: &State) -> Vec<Waiting> {
        state.pending().map(|task| (run(&task.run), who(&task.subject))).collect()
    }

    /// The reminders that wait to be sent, by rule and what they are about.
    pub fn reminders(state: &State) -> Vec<(&'static str, Who)> {
        let notices = state.outbox.waiting.iter().map(|waiting| &waiting.notice);
        let reminder = |notice: &Notice| {
            let rule = REMINDERS.into_iter().find(|rule| *rule == notice.source)?;
            let item = notice.about.item.as_ref();
            Some((rule, item.map_or(Who::Account, |item| who(&Subject::Milestone(item.to_string())))))
        };
        let mut reminders: Vec<_> = notices.filter_map(reminder).collect();
        reminders.sort();
        reminders
    }

    /// All files but the journal, which also tells of what came twice.
    pub fn files(&self) -> BTreeMap<String, String> {
        let mut files = self.files.texts();
        files.retain(|path, _| !path.contains("csp_journal"));
        files
    }

    /// The journal and the files agree, no task is there twice, and none is left in a state that no input leads to.
    pub fn assert_sound(&self) {
        let findings = self.orchestrator.hub().verify(&self.slug).unwrap();
        assert!(findings.is_empty(), "{findings:?}");
        let state = self.state();
        let mut ids: Vec<_> = state.tasks.iter().map(|task| &task.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), state.tasks.len(), "each task once");
        let odd = |status: &TaskStatus| !matches!(status, TaskStatus::Pending | TaskStatus::Done { .. });
        assert!(!state.tasks.iter().any(|task| odd(&task.status)), "{:?}", state.tasks);
    }

    /// Reads the records that were written since the last time.
    fn read_journal(&mut self) {
        while let Some(recorded) = self.orchestrator.hub().step::<Step>(&self.slug, self.records + 1).unwrap()
        {
            self.records += 1;
            let firings =
                recorded.step.effects.iter().filter_map(|effect| firing(effect, &recorded.step, recorded.at));
            self.firings.extend(firings);
        }
    }
}

/// What an effect says of a firing; a task's subject and instant are the task's own.
fn firing(effect: &Effect, step: &Step, at: Timestamp) -> Option<Firing> {
    let task = |id| step.state.task(id).unwrap();
    Some(match effect {
        Effect::RuleFired { rule, subject, occasion, .. } => {
            (at, name(rule), who(subject), occasion.as_ref().map(|occasion| occasion.at), How::Told)
        }
        Effect::TaskStarted { task: id, rule, .. } => {
            let (source, instant) = &task(id).cause;
            let instant = (source == "time").then(|| instant.parse().ok()).flatten();
            (at, name(rule), who(&task(id).subject), instant, How::Started)
        }
        Effect::AlreadyPending { task: id, rule, .. } => {
            (at, name(rule), who(&task(id).subject), None, How::Waits)
        }
        Effect::HeldByGate { rule: Some(rule), .. } => (at, name(rule), Who::Account, None, How::Held),
        _ => return None,
    })
}

fn name(rule: &str) -> &'static str {
    NAMES.into_iter().find(|name| *name == rule).unwrap()
}

fn run(task: &str) -> &'static str {
    [INITIATE, FINALIZE].into_iter().find(|name| *name == task).unwrap()
}

pub fn who(subject: &Subject) -> Who {
    let number = |id: &str| id.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap();
    match subject {
        Subject::Account(_) => Who::Account,
        Subject::Opportunity(id) => Who::Deal(number(id)),
        Subject::Milestone(id) => Who::Milestone(number(id)),
        Subject::Action(_) | Subject::Risk(_) => panic!("no rule asks of {subject}"),
    }
}

pub fn subject(who: Who) -> Subject {
    match who {
        Who::Account => Subject::Account("acme".to_owned()),
        Who::Deal(id) => Subject::Opportunity(format!("d{id}")),
        Who::Milestone(slot) => Subject::Milestone(format!("ms-{slot}")),
    }
}
