//! The run loop: finds accounts with waiting tasks, drafts them side by side, one at a time per account.
//!
//! ```text
//! look ─► accounts with pending tasks ─► draft (bounded) ─► take in ─► look again
//!   ├───► notices that wait ─► one round of the dispatcher at a time
//!   └───► accounts whose instant has come ─► tick ─► take in
//! ```
//!
//! It has no state that matters: what waits is in the journals, so it can be killed at any moment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use infohub::hub::Glance;
use infohub::ids::AccountSlug;
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::dispatch::{Dispatcher, News, Outgoing};
use crate::drafting::{DraftError, Draftsman};
use crate::intake::{Orchestrator, TakeError, Taken};
use crate::step::{Input, Step};
use crate::task::{Task, TaskId};
use crate::wakes::Wakes;

/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How the loop runs.
#[derive(Clone)]
pub struct Work {
    /// Accounts that are worked on at the same time.
    pub concurrency: usize,
    /// End when nothing waits any more, instead of looking again.
    pub until_idle: bool,
    /// How long to wait before looking again.
    pub pause: Duration,
    /// The clock.
    pub clock: Clock,
    /// Who sends notices; without one they wait.
    pub dispatcher: Option<Arc<Dispatcher>>,
}

/// What the loop tells while it runs.
#[derive(Debug)]
pub enum Told {
    /// A task is being drafted.
    Started {
        /// The account.
        account: AccountSlug,
        /// The task.
        task: Box<Task>,
    },
    /// An input was taken in.
    Took {
        /// The account.
        account: AccountSlug,
        /// The task, if it came from one.
        task: Option<TaskId>,
        /// What followed.
        taken: Taken,
    },
    /// An account cannot be worked on until a person does something.
    Blocked {
        /// The account, or the folder's name.
        account: String,
        /// Why.
        why: String,
    },
    /// Time alone brought an account something.
    Woke {
        /// The account.
        account: AccountSlug,
        /// What followed.
        taken: Taken,
    },
    /// Something happened to messages to people.
    Sent(News),
}

/// What the loop did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tasks whose draft was taken in, whatever became of it.
    pub tasks: usize,
    /// Accounts that could not be worked on.
    pub blocked: usize,
    /// Whether it was stopped before it was idle.
    pub stopped: bool,
}

/// Runs until idle or stopped. Tasks that are under way when `stop` comes may finish their present step.
pub async fn work(
    orchestrator: Arc<Orchestrator>,
    draftsman: Arc<Draftsman>,
    how: Work,
    stop: CancellationToken,
    tell: UnboundedSender<Told>,
) -> Summary {
    let mut shift = Shift {
        orchestrator,
        draftsman,
        how,
        stop,
        tell,
        at_work: JoinSet::new(),
        round: None,
        busy: BTreeSet::new(),
        set_aside: BTreeSet::new(),
        blocked: BTreeSet::new(),
        wakes: Wakes::default(),
        summary: Summary::default(),
    };
    shift.run().await;
    Summary { blocked: shift.blocked.len(), ..shift.summary }
}

/// One run of the loop.
struct Shift {
    orchestrator: Arc<Orchestrator>,
    draftsman: Arc<Draftsman>,
    how: Work,
    stop: CancellationToken,
    tell: UnboundedSender<Told>,
    at_work: JoinSet<Done>,
    /// The round of the dispatcher that is under way; it is one of those at work.
    round: Option<tokio::task::Id>,
    busy: BTreeSet<AccountSlug>,
    /// Accounts that could not be worked on; they are tried again after a pause, and not at all until idle.
    set_aside: BTreeSet<AccountSlug>,
    /// Accounts that were told to be blocked, by reason, so that each is told once.
    blocked: BTreeSet<(String, String)>,
    /// When time alone will bring accounts something, as the last look found it.
    wakes: Wakes,
    summary: Summary,
}

/// What has ended.
enum Done {
    /// One account's turn.
    Account { account: AccountSlug, result: Result<usize, String> },
    /// A round of the dispatcher.
    Round,
}

impl Shift {
    async fn run(&mut self) {
        loop {
            if self.stop.is_cancelled() {
                self.summary.stopped = true;
                break;
            }
            let (waiting, outgoing) = self.look().await;
            self.dispatch(self.settled(outgoing, &waiting));
            let nothing = waiting.is_empty() && self.at_work.is_empty();
            for account in waiting {
                self.make_room().await;
                if self.stop.is_cancelled() {
                    break;
                }
                self.begin(account);
            }
            if nothing && self.how.until_idle {
                break;
            }
            self.wait(nothing).await;
            if nothing {
                self.set_aside.clear();
            }
        }
        while let Some(done) = self.at_work.join_next().await {
            self.finished(done);
        }
    }

    /// The accounts that have something to do and are not being worked on, and what is to be sent.
    async fn look(&mut self) -> (Vec<AccountSlug>, Vec<Outgoing>) {
        let orchestrator = Arc::clone(&self.orchestrator);
        let known: Vec<_> = self.busy.union(&self.set_aside).cloned().collect();
        let (busy, aside) = (self.busy.clone(), self.set_aside.clone());
        let looked = tokio::task::spawn_blocking(move || Look::at(&orchestrator, &busy, &aside)).await;
        let Look { mut waiting, outgoing, wakes, trouble } = looked.unwrap_or_else(|error| Look {
            trouble: vec![("infohub".to_owned(), error.to_string())],
            ..Look::default()
        });
        wakes.into_iter().for_each(|(account, at)| self.wakes.set(&account, at));
        waiting.extend(self.woken(&waiting));
        let still = |account: &str| trouble.iter().any(|(name, _)| name == account);
        // What is tried again now, or later, stays blocked until it has gone well.
        let open = |account: &str| known.iter().chain(&waiting).any(|slug| slug.as_str() == account);
        self.blocked.retain(|(account, _)| still(account) || open(account));
        for (account, why) in trouble {
            self.block(account, why);
        }
        (waiting, outgoing)
    }

    /// The accounts whose instant has come, besides those that are worked on anyway.
    fn woken(&self, waiting: &[AccountSlug]) -> Vec<AccountSlug> {
        let known: BTreeSet<&AccountSlug> = waiting.iter().chain(&self.busy).chain(&self.set_aside).collect();
        let due = self.wakes.due((self.how.clock)());
        due.filter(|account| !known.contains(account)).cloned().collect()
    }

    /// Notices that nothing can make pointless that is about to be taken in, as an edit by hand can that has lain
    /// there since yesterday. Of an account that is being drafted for they go out; a run that ends tells people last.
    fn settled(&self, mut outgoing: Vec<Outgoing>, waiting: &[AccountSlug]) -> Vec<Outgoing> {
        let last = self.how.until_idle && !waiting.is_empty();
        let held = |account: &AccountSlug| last || waiting.contains(account);
        outgoing.retain(|outgoing| !held(&outgoing.account));
        outgoing
    }

    /// Begins a round of the dispatcher, if there is something to look at and none is under way.
    fn dispatch(&mut self, outgoing: Vec<Outgoing>) {
        let Some(dispatcher) = self.how.dispatcher.clone() else { return };
        if self.round.is_some() || !dispatcher.is_due(&outgoing, (self.how.clock)()) {
            return;
        }
        let (orchestrator, clock) = (Arc::clone(&self.orchestrator), Arc::clone(&self.how.clock));
        let (stop, tell) = (self.stop.clone(), self.tell.clone());
        let round = self.at_work.spawn(async move {
            // Nobody listening is no reason to stop sending.
            let tell = move |news| drop(tell.send(Told::Sent(news)));
            dispatcher.round(&orchestrator, outgoing, &clock, &stop, &tell).await;
            Done::Round
        });
        self.round = Some(round.id());
    }

    fn block(&mut self, account: String, why: String) {
        if self.blocked.insert((account.clone(), why.clone())) {
            self.say(Told::Blocked { account, why });
        }
    }

    /// Waits until another account may be begun.
    async fn make_room(&mut self) {
        while self.at_work.len() >= self.how.concurrency.max(1) + usize::from(self.round.is_some()) {
            let Some(done) = self.at_work.join_next().await else { return };
            self.finished(done);
        }
    }

    fn begin(&mut self, account: AccountSlug) {
        self.busy.insert(account.clone());
        let bench = Bench {
            orchestrator: Arc::clone(&self.orchestrator),
            draftsman: Arc::clone(&self.draftsman),
            clock: Arc::clone(&self.how.clock),
            stop: self.stop.clone(),
            tell: self.tell.clone(),
        };
        self.at_work.spawn(async move {
            let result = bench.account(&account).await;
            Done::Account { account, result }
        });
    }

    /// Waits until all accounts are done, or until the pause has ended, before the next look: a look reads
    /// every account's last record.
    async fn wait(&mut self, nothing: bool) {
        let pause = tokio::time::sleep(self.pause());
        tokio::pin!(pause);
        while nothing || !self.at_work.is_empty() {
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = &mut pause, if nothing || !self.how.until_idle => return,
                Some(done) = self.at_work.join_next() => self.finished(done),
            }
        }
    }

    /// Until the next look: the pause, or less if an account's instant comes before its end.
    fn pause(&self) -> Duration {
        let ahead = self.wakes.next().map(|at| at.duration_since((self.how.clock)()));
        let ahead = ahead.and_then(|ahead| Duration::try_from(ahead).ok()).filter(|ahead| !ahead.is_zero());
        ahead.map_or(self.how.pause, |ahead| ahead.min(self.how.pause))
    }

    fn finished(&mut self, done: Result<Done, tokio::task::JoinError>) {
        match done {
            Ok(Done::Round) => self.round = None,
            Ok(Done::Account { account, result }) => {
                self.busy.remove(&account);
                match result {
                    Ok(tasks) => {
                        self.blocked.retain(|(blocked, _)| blocked != account.as_str());
                        self.summary.tasks += tasks;
                    }
                    Err(why) => {
                        self.block(account.to_string(), why);
                        self.set_aside.insert(account);
                    }
                }
            }
            Err(error) => {
                self.round = self.round.filter(|round| *round != error.id());
                self.block("a worker".to_owned(), error.to_string());
            }
        }
    }

    fn say(&self, told: Told) {
        // Nobody listening is no reason to stop working.
        let _ = self.tell.send(told);
    }
}

/// What one account's turn needs.
struct Bench {
    orchestrator: Arc<Orchestrator>,
    draftsman: Arc<Draftsman>,
    clock: Clock,
    stop: CancellationToken,
    tell: UnboundedSender<Told>,
}

impl Bench {
    /// Works off all that waits in the account: an edit by hand first, then its tasks in order. What others bring
    /// while the last task is drafted is found by the next look.
    async fn account(&self, slug: &AccountSlug) -> Result<usize, String> {
        let mut tasks = 0;
        let mut glance = self.tick(slug).await?;
        while !self.stop.is_cancelled() {
            let Some(task) = self.next(slug, glance).await? else { break };
            let _ = self.tell.send(Told::Started { account: slug.clone(), task: Box::new(task.clone()) });
            let input =
                match self.draftsman.draft(&self.orchestrator, slug, &task, &self.clock, &self.stop).await {
                    Ok(drafted) => Input::Drafted(Box::new(drafted)),
                    Err(DraftError::Stopped) => break,
                    Err(DraftError::Failed(why)) => {
                        Input::Failed { task: task.id.clone(), draft: task.draft, why }
                    }
                    Err(DraftError::Blocked(why)) => return Err(why),
                };
            let pending = self.take(slug, Some(task.id), input).await?;
            tasks += 1;
            if !pending {
                break;
            }
            glance = self.glance(slug).await?;
        }
        Ok(tasks)
    }

    /// Lets time take effect if the account's instant has come; an edit by hand that lies there comes before it.
    /// Gives the account as it is then.
    async fn tick(&self, slug: &AccountSlug) -> Result<Glance<Step>, String> {
        let mut glance = self.glance(slug).await?;
        if glance.plan_touched {
            self.take(slug, None, Input::HandEdit).await?;
            glance = self.glance(slug).await?;
        }
        let rules = self.orchestrator.rules_id();
        let due = glance.last.as_ref().and_then(|step| step.state.due_at(rules));
        if due.is_some_and(|at| at <= (self.clock)()) {
            let taken = self.taken(slug, Input::Tick).await?;
            if taken.record.is_some() {
                let _ = self.tell.send(Told::Woke { account: slug.clone(), taken });
            }
            glance = self.glance(slug).await?;
        }
        Ok(glance)
    }

    /// The next task, once an edit by hand is taken in; one that does not read blocks the account.
    async fn next(&self, slug: &AccountSlug, mut glance: Glance<Step>) -> Result<Option<Task>, String> {
        if glance.plan_touched {
            self.take(slug, None, Input::HandEdit).await?;
            let (orchestrator, account) = (Arc::clone(&self.orchestrator), slug.clone());
            let broken = move || match orchestrator.load(&account) {
                Ok(account) => account.broken_edit().map(ToString::to_string),
                Err(error) => Some(error.to_string()),
            };
            if let Some(why) = tokio::task::spawn_blocking(broken).await.map_err(|error| error.to_string())? {
                return Err(why);
            }
            glance = self.glance(slug).await?;
        }
        Ok(glance.last.and_then(|step| step.state.pending().next().cloned()))
    }

    async fn glance(&self, slug: &AccountSlug) -> Result<Glance<Step>, String> {
        let (orchestrator, account) = (Arc::clone(&self.orchestrator), slug.clone());
        let glance = tokio::task::spawn_blocking(move || orchestrator.glance(&account)).await;
        glance.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }

    /// Takes the input in, and says whether a task waits afterwards.
    async fn take(&self, slug: &AccountSlug, task: Option<TaskId>, input: Input) -> Result<bool, String> {
        let taken = self.taken(slug, input).await?;
        let pending = taken.pending;
        if taken.record.is_some() || task.is_some() {
            let _ = self.tell.send(Told::Took { account: slug.clone(), task, taken });
        }
        Ok(pending)
    }

    async fn taken(&self, slug: &AccountSlug, input: Input) -> Result<Taken, String> {
        let orchestrator = Arc::clone(&self.orchestrator);
        let (account, now) = (slug.clone(), (self.clock)());
        let taken = tokio::task::spawn_blocking(move || orchestrator.take(&account, &input, now)).await;
        let taken: Result<Taken, TakeError> = taken.map_err(|error| error.to_string())?;
        taken.map_err(|error| error.to_string())
    }
}

/// What a look at all accounts finds.
#[derive(Default)]
struct Look {
    /// Accounts with waiting tasks or an edit to take in.
    waiting: Vec<AccountSlug>,
    /// What is to be sent, of all accounts: a person's budget is one for all.
    outgoing: Vec<Outgoing>,
    /// When time alone will bring each of them something.
    wakes: Vec<(AccountSlug, Option<Timestamp>)>,
    /// What stands in the way of others.
    trouble: Vec<(String, String)>,
}

impl Look {
    fn at(
        orchestrator: &Orchestrator,
        busy: &BTreeSet<AccountSlug>,
        set_aside: &BTreeSet<AccountSlug>,
    ) -> Self {
        let (accounts, errors) = match orchestrator.hub().accounts() {
            Ok(found) => found,
            Err(error) => {
                let trouble = vec![(infohub::hub::ROOT.to_owned(), error.to_string())];
                return Self { trouble, ..Self::default() };
            }
        };
        let trouble = errors.iter().map(|error| (error.to_string(), error.to_string())).collect();
        let mut look = Self { trouble, ..Self::default() };
        for account in accounts.into_iter().filter(|account| !set_aside.contains(account)) {
            look.one(orchestrator, account, busy);
        }
        look
    }

    fn one(&mut self, orchestrator: &Orchestrator, account: AccountSlug, busy: &BTreeSet<AccountSlug>) {
        match orchestrator.glance(&account) {
            Ok(glance) => {
                let wake = glance.last.as_ref().and_then(|step| step.state.due_at(orchestrator.rules_id()));
                self.wakes.push((account.clone(), wake));
                let state = glance.last.map(|step| step.state).unwrap_or_default();
                let pending = state.pending().next().is_some() || glance.plan_touched;
                if !state.outbox.waiting.is_empty() {
                    self.outgoing.push(Outgoing { account: account.clone(), waiting: state.outbox.waiting });
                }
                if pending && !busy.contains(&account) {
                    self.waiting.push(account);
                }
            }
            // Whoever is at work there tells it.
            Err(_) if busy.contains(&account) => {}
            Err(error) => self.trouble.push((account.to_string(), error.to_string())),
        }
    }
}
