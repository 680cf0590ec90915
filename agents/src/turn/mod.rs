//! One turn of an agent as a machine: it asks for what it needs and never does it. So a turn can be
//! stored between any two steps, replayed, and tested without a network. It must not know clocks, servers,
//! stores or rules.
//!
//! ```text
//!            Start                       Reply(text) ─► answer ─► draft ─┬─► Done(draft)
//! begin ──► step ──► Ask(request) ──────►│                               ├─► Ask (once, with the reasons)
//!                       ▲                │                               └─► Failed(reasons)
//!                       │                Reply(calls) ─► Call(requests)
//!                       └──────────────────── Results(texts) ◄──┘
//! ```

mod failure;
mod messages;
mod tool;

#[cfg(test)]
mod tests;

use infohub::plan::{Plan, SectionKey};
use serde::{Deserialize, Serialize};
use tools::model::{Content, Message, ModelFailure, ModelReply, ModelRequest, OutputSchema, ToolCall, Usage};

use crate::answer::{self, Reason};
use crate::charter::{ModelSettings, Sight};
use crate::draft::Draft;
use crate::evidence::Sources;
use crate::schema::Shape;

pub use failure::Failure;
pub use tool::{Tool, ToolRequest, ToolResult, carry_out};

/// What a turn is about; all of it is kept with the turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TurnSpec {
    /// The task's id: items that the turn adds get their ids from it.
    pub seed: String,
    /// What the agent is told in every task.
    pub system: String,
    /// The task.
    pub user: String,
    /// The schema that the server is asked to keep, if it keeps any.
    pub schema: Option<OutputSchema>,
    /// The sections that the task may write.
    pub sections: Vec<SectionKey>,
    /// What the agent may look at with tools; empty for a server that has no tools.
    pub tools: Vec<Sight>,
    /// Settings of the model for this task.
    pub model: ModelSettings,
    /// The bounds.
    pub limits: TurnLimits,
}

/// The bounds of a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnLimits {
    /// Times that the model may call tools instead of answering.
    pub rounds: u32,
    /// Tool calls over all rounds.
    pub calls: u32,
    /// Bytes of tool results over all rounds.
    pub result_bytes: usize,
}

impl Default for TurnLimits {
    fn default() -> Self {
        Self { rounds: 4, calls: 12, result_bytes: 24 << 10 }
    }
}

/// What an answer is checked against; the same values at each step of a turn.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The plan that the task was rendered from.
    pub plan: &'a Plan,
    /// The shape of the task's answers.
    pub shape: &'a Shape,
    /// Material and facts.
    pub sources: Sources<'a>,
}

/// What a turn takes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Begin.
    Start,
    /// What became of the last question.
    Reply(Result<ModelReply, ModelFailure>),
    /// What the tools found, for each request.
    Results(Vec<ToolResult>),
}

/// What a turn wants next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// An answer to this question.
    Ask(Box<ModelRequest>),
    /// These tools called.
    Call(Vec<ToolRequest>),
    /// Nothing: here is the draft.
    Done(Box<Draft>),
    /// Nothing: it failed.
    Failed(Box<Failure>),
}

/// A turn between two steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    spec: TurnSpec,
    messages: Vec<Message>,
    state: State,
    rounds: u32,
    calls: u32,
    result_bytes: usize,
    asked_again: bool,
    /// What held of the first answer, while the second one is awaited.
    kept: Option<Draft>,
    usage: Usage,
}

/// What a turn waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Start,
    Reply,
    /// Results for these calls.
    Results(Vec<String>),
    Over,
}

impl Turn {
    /// A turn that has not begun.
    pub fn begin(spec: TurnSpec) -> Self {
        let system = Message::System { text: spec.system.clone() };
        let user = Message::User { text: spec.user.clone() };
        Self {
            spec,
            messages: vec![system, user],
            state: State::Start,
            rounds: 0,
            calls: 0,
            result_bytes: 0,
            asked_again: false,
            kept: None,
            usage: Usage::default(),
        }
    }

    /// Takes in what happened and says what is wanted next.
    pub fn step(&mut self, input: Input, ground: &Ground<'_>) -> Step {
        let state = std::mem::replace(&mut self.state, State::Over);
        match (state, input) {
            (State::Start, Input::Start) => self.ask(),
            (State::Reply, Input::Reply(Ok(reply))) => self.replied(reply, ground),
            (State::Reply, Input::Reply(Err(failure))) => self.end(Failure::Model(failure)),
            (State::Results(wanted), Input::Results(results)) => {
                self.take_results(&wanted, &results);
                self.ask()
            }
            (_, _) => self.end(Failure::OutOfTurn),
        }
    }

    /// What was said so far.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The tokens of all answers, as far as the server told.
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// Whether the model was asked a second time.
    pub fn asked_again(&self) -> bool {
        self.asked_again
    }

    fn ask(&mut self) -> Step {
        self.state = State::Reply;
        Step::Ask(Box::new(ModelRequest {
            messages: self.messages.clone(),
            tools: if self.may_call() { tool::specs(&self.spec.tools) } else { Vec::new() },
            schema: self.spec.schema.clone(),
            max_tokens: self.spec.model.max_tokens,
            temperature: self.spec.model.temperature,
            seed: None,
        }))
    }

    fn may_call(&self) -> bool {
        let TurnLimits { rounds, calls, result_bytes } = self.spec.limits;
        self.rounds < rounds && self.calls < calls && self.result_bytes < result_bytes
    }

    fn replied(&mut self, reply: ModelReply, ground: &Ground<'_>) -> Step {
        if let Some(usage) = reply.usage {
            self.usage.prompt += usage.prompt;
            self.usage.completion += usage.completion;
            self.usage.cached += usage.cached;
        }
        match reply.content {
            Content::Calls(calls) => self.called(calls),
            Content::Text(text) => self.answered(&text, ground),
        }
    }

    /// Calls that cannot be carried out are answered at once with the reason.
    fn called(&mut self, calls: Vec<ToolCall>) -> Step {
        if self.rounds > self.spec.limits.rounds {
            return self.end(Failure::OnlyCalls { rounds: self.rounds });
        }
        let mut requests = Vec::new();
        let mut refusals = Vec::new();
        for call in &calls {
            let tool =
                if self.may_call() { Tool::parse(call, &self.spec.tools) } else { Err(tool::NO_MORE.into()) };
            match tool {
                Ok(tool) => {
                    self.calls += 1;
                    requests.push(ToolRequest { call_id: call.id.clone(), tool });
                }
                Err(text) => refusals.push(Message::Tool { call_id: call.id.clone(), text }),
            }
        }
        self.rounds += 1;
        self.messages.push(Message::Assistant { text: None, calls });
        self.messages.extend(refusals);
        if requests.is_empty() {
            return self.ask();
        }
        self.state = State::Results(requests.iter().map(|request| request.call_id.clone()).collect());
        Step::Call(requests)
    }

    /// Every call gets an answer, since servers refuse a conversation that lacks one.
    fn take_results(&mut self, wanted: &[String], results: &[ToolResult]) {
        for call_id in wanted {
            let found = results.iter().find(|result| result.call_id == *call_id);
            let room = self.spec.limits.result_bytes.saturating_sub(self.result_bytes);
            let text = messages::tool_result(found.map(|result| result.text.as_str()), room);
            self.result_bytes += text.len();
            self.messages.push(Message::Tool { call_id: call_id.clone(), text });
        }
    }

    fn answered(&mut self, text: &str, ground: &Ground<'_>) -> Step {
        let task = answer::Task {
            shape: ground.shape,
            sections: &self.spec.sections,
            plan: ground.plan,
            seed: &self.spec.seed,
        };
        match answer::read(text, &task).map(|patch| Draft::of(patch, ground.plan, &ground.sources)) {
            Ok(draft) => {
                let reasons = draft.reasons();
                if reasons.is_empty() || self.asked_again {
                    return self.done(draft);
                }
                self.kept = Some(draft);
                self.ask_again(text, &reasons)
            }
            Err(reasons) if self.asked_again => self.end(Failure::Unusable { reasons }),
            Err(reasons) => self.ask_again(text, &reasons),
        }
    }

    fn ask_again(&mut self, text: &str, reasons: &[Reason]) -> Step {
        self.asked_again = true;
        self.messages.push(Message::Assistant { text: Some(messages::cut_answer(text)), calls: Vec::new() });
        self.messages.push(Message::User { text: messages::again(reasons) });
        self.ask()
    }

    /// A second answer that lost all that held in the first is no better than it.
    fn done(&mut self, draft: Draft) -> Step {
        let kept =
            self.kept.take().filter(|kept| draft.patch.changes_nothing() && !kept.patch.changes_nothing());
        Step::Done(Box::new(kept.unwrap_or(draft)))
    }

    /// What held in the first answer is not lost because the second one failed.
    fn end(&mut self, failure: Failure) -> Step {
        self.state = State::Over;
        let kept =
            self.kept.take().filter(|kept| !kept.patch.changes_nothing() && failure.leaves_first_answer());
        match kept {
            Some(draft) => Step::Done(Box::new(draft)),
            None => Step::Failed(Box::new(failure)),
        }
    }
}
