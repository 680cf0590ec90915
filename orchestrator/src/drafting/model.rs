//! A draft by a model: renders the prompt, drives the turn, and keeps each reply before it is used.
//!
//! ```text
//! begin ─► go on ─► a question ─► the model ─► keep the reply ─► go on ─► … ─► the draft
//! └─ a thread that may block ─┘  └─ async ─┘  └─ a thread that may block ──────────────┘
//! ```

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use agents::charter::{Charters, ModelSettings, Task as AgentTask};
use agents::prompt::{self, RenderError, RenderOptions, Rendered};
use agents::schema::{Bounds, Profile, SchemaError, Scope, Shape};
use agents::turn::{Ground, Input, Step, Turn, TurnLimits, TurnSpec, carry_out};
use infohub::plan::{Plan, SectionKey};
use tokio_util::sync::CancellationToken;
use tools::model::{Fault, ModelClient, ModelFailure, ModelReply, ModelRequest, OutputSchema, SchemaMode};

use super::{Checked, Desk, DraftError, Draftsman, Order};
use crate::runs::{self, Answer, Exchange, Run};

/// A model with what it is asked by; clones share all of it.
#[derive(Clone)]
pub struct ModelHand {
    client: ModelClient,
    charters: Arc<Charters>,
    budget: Budget,
    /// Composing a shape costs as much as a whole task, so each is made once.
    shapes: Arc<Mutex<Shapes>>,
}

/// By task and scope.
type Shapes = HashMap<(String, Scope), Arc<Shape>>;

/// How many tokens one question may take.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Tokens of system and user text together.
    pub prompt: usize,
    /// Tokens of the answer; a task's own limit holds if it is lower.
    pub answer: u32,
}

/// What would be sent for a task, for people who tune prompts.
#[derive(Debug)]
pub struct Prompt {
    /// The texts, and what went into them.
    pub rendered: Rendered,
    /// The schema that the server is asked to keep; `None` for a server that keeps none.
    pub schema: Option<OutputSchema>,
}

impl ModelHand {
    /// A hand that keeps to the budget.
    pub fn new(client: ModelClient, charters: Arc<Charters>, budget: Budget) -> Self {
        Self { client, charters, budget, shapes: Arc::default() }
    }

    fn shape(&self, run: &str, sections: &[SectionKey], scope: Scope) -> Result<Arc<Shape>, SchemaError> {
        let key = (run.to_owned(), scope);
        let known = self.shapes.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(shape) = known {
            return Ok(shape);
        }
        let shape = Arc::new(Shape::compose(sections, scope)?);
        self.shapes.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&shape));
        Ok(shape)
    }
}

/// Renders a task's prompt and schema as a server with this way of taking schemas gets them.
pub fn prompt(
    charters: &Charters,
    task: &AgentTask<'_>,
    account: &prompt::Account<'_>,
    shape: &Shape,
    mode: SchemaMode,
    budget: Budget,
) -> Result<Prompt, RenderError> {
    let profile = match mode {
        SchemaMode::Strict => Profile::Strict,
        SchemaMode::PlainSchema => Profile::Bounded,
        SchemaMode::JsonObject | SchemaMode::None => Profile::Plain,
    };
    let answer_form = match profile {
        Profile::Strict => "JSON of the given schema.".to_owned(),
        // A server that makes a grammar of the schema does not show it to the model.
        Profile::Bounded | Profile::Plain => {
            format!("one JSON object with these fields and nothing else:\n{}", shape.outline())
        }
    };
    // The material that the task was started for comes before all others.
    let focus = account.occasion.material.as_deref();
    let options = RenderOptions { tokens: budget.prompt, answer_form: &answer_form, focus };
    let rendered = prompt::render(charters, task, account, &options)?;
    let bounds = Bounds::within(budget.answer.min(task.task.model.max_tokens));
    let name = task.to_string().replace('.', "_");
    let schema = (profile != Profile::Plain).then(|| shape.asked(&name, profile, bounds));
    Ok(Prompt { rendered, schema })
}

/// Whether the plan has items that a draft can change.
pub fn scope_of(plan: &Plan) -> Scope {
    if plan.items().next().is_some() { Scope::Existing } else { Scope::Fresh }
}

/// A turn on its way, with all that its steps are checked against.
struct Work {
    order: Order,
    desk: Desk,
    shape: Arc<Shape>,
    turn: Turn,
    run: Run,
}

/// A question that no earlier attempt at the run has asked.
struct Question {
    asked: String,
    request: ModelRequest,
}

/// How far a turn comes without the model.
enum Next {
    /// To a question.
    Ask(Box<Work>, Question),
    /// To its end.
    Done(Box<Checked>),
}

impl Draftsman {
    pub(super) async fn by_model(
        self: &Arc<Self>,
        hand: &ModelHand,
        order: Order,
        stop: &CancellationToken,
    ) -> Result<Checked, DraftError> {
        let (draftsman, own) = (Arc::clone(self), hand.clone());
        let begun = move || draftsman.begin(&own, order).and_then(|work| draftsman.go_on(work, Input::Start));
        let mut next = tokio::task::spawn_blocking(begun).await??;
        loop {
            let (mut work, question) = match next {
                Next::Ask(work, question) => (work, question),
                Next::Done(checked) => return Ok(*checked),
            };
            let answer = hand.client.ask(&question.request, stop).await;
            if let Err(ModelFailure { fault: Fault::Cancelled, .. }) = &answer {
                return Err(DraftError::Stopped);
            }
            let draftsman = Arc::clone(self);
            let answered = move || {
                work.keep(question, &answer)?;
                draftsman.go_on(*work, Input::Reply(answer))
            };
            next = tokio::task::spawn_blocking(answered).await??;
        }
    }

    fn begin(&self, hand: &ModelHand, order: Order) -> Result<Work, DraftError> {
        let desk = self.desk(&order)?;
        let earlier = runs::read(order.orchestrator.hub(), &order.slug, &order.task.id, order.task.draft)?;
        let task = hand.charters.task(&order.task.run);
        let task =
            task.ok_or_else(|| DraftError::Failed(format!("no agent has a task '{}'", order.task.run)))?;
        let shape = hand.shape(&order.task.run, &desk.rights.sections, scope_of(&desk.plan));
        let shape = shape.map_err(|error| DraftError::Failed(error.to_string()))?;
        let supports = hand.client.settings().supports;
        let account = prompt::Account {
            facts: &desk.account.facts,
            plan: &desk.plan,
            library: &desk.library,
            team: &order.orchestrator.policy().team,
            occasion: &order.task.occasion,
        };
        let prompt = prompt(&hand.charters, &task, &account, &shape, supports.schema, hand.budget);
        let Prompt { rendered, schema } = prompt.map_err(|error| DraftError::Failed(error.to_string()))?;
        let mut run = Run::new(&order.task, &hand.client.settings().model, (order.clock)());
        run.plan_version = desk.plan.plan.version;
        run.prompt = Some(hand.charters.version(&task));
        run.left_out = rendered.left_out.iter().map(ToString::to_string).collect();
        // The replies of a run that was cut off are paid for already.
        run.exchanges = earlier.map(|earlier| earlier.exchanges).unwrap_or_default();
        let turn = Turn::begin(TurnSpec {
            seed: order.task.id.to_string(),
            system: rendered.system,
            user: rendered.user,
            schema,
            sections: desk.rights.sections.clone(),
            tools: if supports.tools { task.charter.context.clone() } else { Vec::new() },
            model: ModelSettings {
                max_tokens: task.task.model.max_tokens.min(hand.budget.answer),
                ..task.task.model
            },
            limits: TurnLimits::default(),
        });
        Ok(Work { order, desk, shape, turn, run })
    }

    /// Takes steps until the model has to be asked, or the turn is over and its record closed.
    fn go_on(&self, mut work: Work, mut input: Input) -> Result<Next, DraftError> {
        loop {
            let sources = self.sources(&work.desk);
            let ground = Ground { plan: &work.desk.plan, shape: &work.shape, sources };
            input = match work.turn.step(input, &ground) {
                Step::Ask(request) => {
                    let question = Question { asked: request.fingerprint(), request: *request };
                    match work.run.known_reply(&question.asked) {
                        Some(reply) => Input::Reply(Ok(reply.clone())),
                        None => return Ok(Next::Ask(Box::new(work), question)),
                    }
                }
                Step::Call(requests) => {
                    Input::Results(requests.iter().map(|request| carry_out(request, &ground)).collect())
                }
                Step::Done(draft) => {
                    return Ok(Next::Done(Box::new(work.order.finish(work.run, *draft)?)));
                }
                Step::Failed(failure) => {
                    let why = failure.to_string();
                    work.order.close(work.run, &why)?;
                    return Err(DraftError::Failed(why));
                }
            };
        }
    }
}

impl Work {
    /// Writes the answer into the run's record before anybody looks at it.
    fn keep(
        &mut self,
        question: Question,
        answer: &Result<ModelReply, ModelFailure>,
    ) -> Result<(), DraftError> {
        let Question { asked, request } = question;
        let answer = match answer {
            Ok(reply) => Answer::Reply(Box::new(reply.clone())),
            Err(failure) => Answer::Failure(Box::new(failure.clone())),
        };
        self.run.exchanges.push(Exchange { asked, request, answer });
        Ok(runs::write(self.order.orchestrator.hub(), &self.order.slug, &self.run)?)
    }
}
