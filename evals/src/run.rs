//! Runs a suite's cases, several at once, within a budget, and tells each line as it ends. What is done with a line
//! (a log, a table) is the caller's; what a run begun earlier has finished need not be run again.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::log::{CaseResult, Line};
use crate::produced::{Produced, Spent};
use crate::score::Score;
use crate::scratch::Scratch;
use crate::suite::Case;

/// What scorers say of one run, and what that took.
pub type Verdict = Pin<Box<dyn Future<Output = (Vec<Score>, Spent)> + Send>>;
/// Has one run scored, of the repeat that is named. A scorer may have to ask a model, so it is waited for.
pub type Judge = Arc<dyn Fn(Arc<Case>, Arc<Produced>, u32) -> Verdict + Send + Sync>;
/// Where the time comes from.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How cases are run.
#[derive(Clone)]
pub struct How {
    /// Cases that are under way at once.
    pub concurrency: usize,
    /// What the run may take.
    pub budget: Budget,
    /// The clock.
    pub clock: Clock,
    /// The scorers.
    pub judge: Judge,
}

/// What a run may take; when it is reached no further case is begun.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Budget {
    /// Tokens of questions and answers together.
    pub tokens: Option<u64>,
    /// Money, in the currency of the model's prices.
    pub cost: Option<Decimal>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All cases were run.
    Finished,
    /// The budget was reached before.
    BudgetReached,
    /// It was called off.
    Stopped,
}

/// One run of one case that is to be made.
#[derive(Clone)]
pub struct Todo {
    /// The case.
    pub case: Arc<Case>,
    /// Counted from 1.
    pub repeat: u32,
}

/// All runs of a suite's cases that `done` does not have: each case `repeats` times, repeat after repeat. Of what
/// errored nothing is known, so it is run again.
pub fn todo(cases: &[Arc<Case>], repeats: u32, done: &[Line]) -> Vec<Todo> {
    let ran: BTreeSet<(&str, u32)> = done
        .iter()
        .filter(|line| matches!(line.result, CaseResult::Ran { .. }))
        .map(|line| (line.case.as_str(), line.repeat))
        .collect();
    (1..=repeats)
        .flat_map(|repeat| cases.iter().map(move |case| Todo { case: Arc::clone(case), repeat }))
        .filter(|todo| !ran.contains(&(todo.case.id.as_str(), todo.repeat)))
        .collect()
}

/// Runs what is to be made. `scratch` gives the place of a repeat's cases. Lines come in the order in which cases end.
pub async fn run(
    todo: Vec<Todo>,
    scratch: &(dyn Fn(u32) -> Arc<Scratch> + Sync),
    how: &How,
    stop: &CancellationToken,
    tell: &UnboundedSender<Line>,
) -> Ended {
    let mut under_way = JoinSet::new();
    let mut spent = Spent::default();
    let mut ended = Ended::Finished;
    for todo in todo {
        while under_way.len() >= how.concurrency.max(1) {
            settle(under_way.join_next().await, &mut spent, stop, tell);
        }
        // What ended meanwhile counts before the next is begun.
        while let Some(done) = under_way.try_join_next() {
            settle(Some(done), &mut spent, stop, tell);
        }
        if stop.is_cancelled() {
            ended = Ended::Stopped;
            break;
        }
        if how.budget.is_reached(spent) {
            ended = Ended::BudgetReached;
            break;
        }
        let (scratch, how, stop) = (scratch(todo.repeat), how.clone(), stop.clone());
        under_way.spawn(async move { one(&todo, &scratch, &how, &stop).await });
    }
    while let Some(done) = under_way.join_next().await {
        settle(Some(done), &mut spent, stop, tell);
    }
    if stop.is_cancelled() { Ended::Stopped } else { ended }
}

/// Tells a line that came. One that a stop broke off is no line: it is run when the run is gone on with.
fn settle(
    done: Option<Result<Line, tokio::task::JoinError>>,
    spent: &mut Spent,
    stop: &CancellationToken,
    tell: &UnboundedSender<Line>,
) {
    let Some(Ok(line)) = done else { return };
    match &line.result {
        CaseResult::Ran { spent: agent, judged, .. } => *spent = spent.plus(*agent).plus(*judged),
        CaseResult::Errored { .. } if stop.is_cancelled() => return,
        CaseResult::Errored { .. } => {}
    }
    // Nobody listening any more is not a fault of the run.
    let _ = tell.send(line);
}

async fn one(todo: &Todo, scratch: &Scratch, how: &How, stop: &CancellationToken) -> Line {
    let Todo { case, repeat } = todo;
    let result = match scratch.run(case, stop).await {
        Ok(produced) => {
            let (spent, produced) = (produced.spent(), Arc::new(produced));
            let (scores, judged) = (how.judge)(Arc::clone(case), Arc::clone(&produced), *repeat).await;
            let produced = Arc::try_unwrap(produced).unwrap_or_else(|shared| (*shared).clone());
            CaseResult::Ran { produced: Box::new(produced), scores, spent, judged }
        }
        Err(error) => CaseResult::Errored { why: error.to_string() },
    };
    Line {
        case: case.id.clone(),
        hash: case.hash(),
        repeat: *repeat,
        cluster: case.cluster().to_owned(),
        tags: case.tags.clone(),
        ended: (how.clock)(),
        result,
    }
}

impl Budget {
    fn is_reached(self, spent: Spent) -> bool {
        let tokens = spent.prompt_tokens.saturating_add(spent.answer_tokens);
        let cost = spent.cost.unwrap_or_default();
        self.tokens.is_some_and(|most| tokens >= most) || self.cost.is_some_and(|most| cost >= most)
    }
}
