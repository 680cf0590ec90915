//! A case on a scratch account: its material and plan laid down, its events taken in by the real rules, its tasks
//! drafted by the real agents, each draft checked and committed. It must not know suites' files, scorers or logs.
//!
//! All cases of one repeat share an InfoHub in memory, one account each, so nothing is composed twice.

use std::sync::Arc;

use agents::draft::Draft;
use infohub::event::{Event, EventError};
use infohub::hub::{FACTS, HubError, InfoHub, PLAN};
use infohub::ids::{AccountSlug, NameError};
use infohub::store::{MemoryStore, PathError, Store, StoreError};
use infohub::yaml::{self, EmitError};
use jiff::{SignedDuration, Timestamp};
use orchestrator::drafting::{DraftError, Draftsman, Hand};
use orchestrator::intake::{Orchestrator, TakeError};
use orchestrator::runs::{self, Answer, Run};
use orchestrator::step::{Decision, Effect, Input, Verdict};
use orchestrator::task::Task;
use orchestrator::work::Clock;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tools::material::Readers;
use tools::model::{Content, Message};

use crate::produced::{End, Produced, Spent, TaskOutcome};
use crate::suite::{Case, CaseTask};

/// Tasks of one case that are drafted; a rule that starts more is astray.
const MOST_TASKS: usize = 20;

/// Why a case could not be run; that says nothing of what the agent writes.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The case's id names no account.
    #[error(transparent)]
    Id(#[from] NameError),
    /// A path of its material leads elsewhere.
    #[error(transparent)]
    Path(#[from] PathError),
    /// An event does not read.
    #[error("event {number}: {source}")]
    Event {
        /// Counted from 1.
        number: usize,
        /// What is wrong.
        source: EventError,
    },
    /// The store in memory failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account does not load.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// What the CRM says of it does not go into a file.
    #[error(transparent)]
    Facts(#[from] EmitError),
    /// An input was not taken in.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// The plan or an event was refused, or a person is missing to start the task.
    #[error("{0}")]
    Refused(String),
    /// The server did not answer, or the run was called off.
    #[error("{0}")]
    Server(String),
    /// Nothing was started: no rule matched the case's events.
    #[error("no task was started: no rule matched the events")]
    NoTask,
}

/// Where the cases of one repeat are run.
pub struct Scratch {
    orchestrator: Arc<Orchestrator>,
    draftsman: Arc<Draftsman>,
    store: Arc<MemoryStore>,
}

impl Scratch {
    /// A scratch InfoHub under the policy of `governed`, drafted by `hand`.
    pub fn new(governed: &Orchestrator, hand: Hand, readers: Readers) -> Self {
        let store = Arc::new(MemoryStore::default());
        let hub = InfoHub::new(Arc::clone(&store) as Arc<dyn Store>);
        let orchestrator = Arc::new(governed.over(hub));
        Self { orchestrator, draftsman: Arc::new(Draftsman::new(hand, readers)), store }
    }

    /// Runs the case to its end and forgets its account.
    pub async fn run(&self, case: &Case, stop: &CancellationToken) -> Result<Produced, ScratchError> {
        let slug = AccountSlug::new(&case.id)?;
        let ran = self.play(case, &slug, stop).await;
        self.store.forget(&self.orchestrator.hub().folder(&slug)?);
        ran
    }

    async fn play(
        &self,
        case: &Case,
        slug: &AccountSlug,
        stop: &CancellationToken,
    ) -> Result<Produced, ScratchError> {
        let now = case.noon();
        self.lay_down(case, slug, now)?;
        for (at, _) in case.events.iter().enumerate() {
            let event = event(case, at, now)?;
            self.take(slug, &Input::Event(Box::new(event)), now)?;
        }
        let only = case.task.as_ref();
        if let Some(task) = only
            && self.next(slug, only)?.is_none()
        {
            self.start(task, slug, now)?;
        }
        let mut produced = Produced::default();
        while let Some(task) = self.next(slug, only)?.filter(|_| produced.tasks.len() < MOST_TASKS) {
            let outcome = self.draft(slug, &task, now, stop).await?;
            produced.tasks.push(outcome);
        }
        if produced.tasks.is_empty() { Err(ScratchError::NoTask) } else { Ok(produced) }
    }

    /// Puts the case's files where an account has them.
    fn lay_down(&self, case: &Case, slug: &AccountSlug, now: Timestamp) -> Result<(), ScratchError> {
        let folder = self.orchestrator.hub().folder(slug)?;
        for material in &case.material {
            self.store.replace(&folder.join(&material.path)?, material.text.as_bytes())?;
        }
        if case.crm.is_some() {
            let facts = yaml::emit(&case.facts()?)?;
            self.store.replace(&folder.join(FACTS)?, facts.as_bytes())?;
        }
        if let Some(plan) = &case.plan {
            let plan = renamed(plan, slug).map_err(ScratchError::Refused)?;
            self.store.replace(&folder.join(PLAN)?, plan.as_bytes())?;
            self.take(slug, &Input::HandEdit, now)?;
        }
        Ok(())
    }

    /// Starts the case's task, which no event of the case has started.
    fn start(&self, task: &CaseTask, slug: &AccountSlug, now: Timestamp) -> Result<(), ScratchError> {
        let people = &self.orchestrator.policy().team.people;
        let by = people.first().ok_or_else(|| ScratchError::Refused("team.yaml names nobody".to_owned()))?;
        let verdict = Verdict::Start { run: task.run.clone(), occasion: Box::new(task.occasion.clone()) };
        self.take(slug, &Input::Decision(Box::new(Decision { by: by.id.clone(), verdict })), now)
    }

    /// Takes an input in; one that is refused is an error here, since the case means it.
    fn take(&self, slug: &AccountSlug, input: &Input, now: Timestamp) -> Result<(), ScratchError> {
        let taken = self.orchestrator.take(slug, input, now)?;
        let ignored = taken.effects.iter().find_map(|effect| match effect {
            Effect::Ignored { why } => Some(why.clone()),
            _ => None,
        });
        ignored.map_or(Ok(()), |why| Err(ScratchError::Refused(why)))
    }

    /// The next task that waits; of a case that names its task, only that one, whoever started it.
    fn next(&self, slug: &AccountSlug, only: Option<&CaseTask>) -> Result<Option<Task>, ScratchError> {
        let account = self.orchestrator.load(slug)?;
        let Some(step) = account.last else { return Ok(None) };
        let is_meant = |task: &&Task| {
            only.is_none_or(|only| task.is_same_work(&only.run, &task.subject, &only.occasion))
        };
        Ok(step.state.pending().find(is_meant).cloned())
    }

    async fn draft(
        &self,
        slug: &AccountSlug,
        task: &Task,
        now: Timestamp,
        stop: &CancellationToken,
    ) -> Result<TaskOutcome, ScratchError> {
        let clock: Clock = Arc::new(move || now);
        let begun = Instant::now();
        let drafted = self.draftsman.draft_checked(&self.orchestrator, slug, task, &clock, stop).await;
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let run = runs::read(self.orchestrator.hub(), slug, &task.id, task.draft)?;
        let outcome = outcome(task, run.as_ref(), took);
        match drafted {
            Ok(checked) => {
                self.take(slug, &Input::Drafted(Box::new(checked.drafted.clone())), now)?;
                let Draft { checks, dropped, warnings, .. } = checked.draft;
                Ok(TaskOutcome { patch: checked.drafted.patch, checks, dropped, warnings, ..outcome })
            }
            Err(DraftError::Failed(why)) => {
                if let Some(fault) = run.as_ref().and_then(server_fault) {
                    return Err(ScratchError::Server(fault));
                }
                let failed = Input::Failed { task: task.id.clone(), draft: task.draft, why: why.clone() };
                self.take(slug, &failed, now)?;
                Ok(TaskOutcome { end: End::Failed { why }, ..outcome })
            }
            Err(DraftError::Blocked(why)) => Err(ScratchError::Refused(why)),
            Err(DraftError::Stopped) => Err(ScratchError::Server("the run was stopped".to_owned())),
        }
    }
}

/// The plan's text as the scratch account's own: several cases may begin with one plan.
fn renamed(text: &str, slug: &AccountSlug) -> Result<String, String> {
    let old = yaml::read_value(PLAN, text).map_err(|error| error.to_string())?;
    let mut new = old.clone();
    if let Some(account) = new.pointer_mut("/plan/account") {
        *account = slug.as_str().into();
    }
    yaml::rewrite(text, &old, &new).map(|written| written.text).map_err(|error| error.to_string())
}

/// The case's event as a CloudEvent; each a minute after the one before.
fn event(case: &Case, at: usize, now: Timestamp) -> Result<Event, ScratchError> {
    let time = now + SignedDuration::from_mins(i64::try_from(at).unwrap_or(0));
    case.event(at, &case.events[at], time).map_err(|source| ScratchError::Event { number: at + 1, source })
}

/// Whether the last question failed for a reason that says nothing of the model's writing.
fn server_fault(run: &Run) -> Option<String> {
    match &run.exchanges.last()?.answer {
        Answer::Failure(failure) if failure.fault.is_of_the_server() => Some(failure.to_string()),
        _ => None,
    }
}

/// What the run record says of a task; the draft is put in by the caller.
fn outcome(task: &Task, run: Option<&Run>, took: u64) -> TaskOutcome {
    let exchanges = run.map(|run| run.exchanges.as_slice()).unwrap_or_default();
    let mut spent = Spent::default();
    let (mut prompts, mut replies) = (Vec::new(), Vec::new());
    for exchange in exchanges {
        let (elapsed, usages, cost, reply) = match &exchange.answer {
            Answer::Reply(reply) => (reply.elapsed_ms, &reply.attempts, &reply.cost, said(&reply.content)),
            Answer::Failure(failure) => {
                (failure.elapsed_ms, &failure.attempts, &failure.cost, failure.to_string())
            }
        };
        let usages = usages.iter().filter_map(|attempt| attempt.usage);
        let (asked, answered) = usages
            .fold((0, 0), |(asked, answered), usage| (asked + usage.prompt, answered + usage.completion));
        spent = spent.plus(Spent {
            calls: 1,
            prompt_tokens: asked,
            answer_tokens: answered,
            cost: cost.as_ref().map(|cost| cost.amount),
            elapsed_ms: elapsed,
        });
        prompts.push(asked_text(&exchange.request.messages));
        replies.push(reply);
    }
    // Without a model the work is all our own; with one the server's time is what matters, also when replayed.
    if exchanges.is_empty() {
        spent.elapsed_ms = took;
    }
    TaskOutcome {
        run: task.run.clone(),
        end: End::Drafted,
        patch: infohub::plan::Patch::default(),
        checks: Vec::new(),
        dropped: Vec::new(),
        warnings: Vec::new(),
        prompts,
        replies,
        spent,
    }
}

/// What the messages say, each under its role.
fn asked_text(messages: &[Message]) -> String {
    let parts = messages.iter().map(|message| match message {
        Message::System { text } => format!("[system]\n{text}"),
        Message::User { text } => format!("[user]\n{text}"),
        Message::Assistant { text, calls } => {
            let calls: Vec<_> =
                calls.iter().map(|call| format!("{}({})", call.name, call.arguments)).collect();
            format!("[assistant]\n{}{}", text.as_deref().unwrap_or_default(), calls.join("\n"))
        }
        Message::Tool { text, .. } => format!("[tool]\n{text}"),
    });
    parts.collect::<Vec<_>>().join("\n\n")
}

fn said(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Calls(calls) => calls
            .iter()
            .map(|call| format!("{}({})", call.name, call.arguments))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}
