use proptest::prelude::*;
use serde_json::{Value, json};
use tools::model::Fault;

use super::*;
use crate::evidence::Folds;
use crate::sample::{CALL, NOTES, facts, plan, tallowmere};
use crate::schema::{Bounds, Profile, Scope};

const SECTIONS: [SectionKey; 2] = [SectionKey::Background, SectionKey::Stakeholders];
const TRUE_QUOTE: &str = "Bring the time per booking from 11 minutes to 3 minutes";
const FALSE_QUOTE: &str = "The customer wants everything to be ten times faster by tomorrow";

fn spec() -> TurnSpec {
    TurnSpec {
        seed: "task-1".into(),
        system: "system".into(),
        user: "user".into(),
        schema: Some(shape().asked("t", Profile::Strict, Bounds::default())),
        sections: SECTIONS.to_vec(),
        tools: vec![Sight::Material, Sight::Plan],
        model: ModelSettings { max_tokens: 500, temperature: Some(0.0) },
        limits: TurnLimits { rounds: 2, calls: 3, result_bytes: 2_000 },
    }
}

fn shape() -> Shape {
    Shape::compose(&SECTIONS, Scope::Fresh).unwrap()
}

fn reply(content: Content) -> Input {
    let usage = Some(Usage { prompt: 100, completion: 10, cached: 0 });
    Input::Reply(Ok(ModelReply {
        content,
        usage,
        model: "m".into(),
        attempts: Vec::new(),
        elapsed_ms: 1,
        cost: None,
    }))
}

fn says(value: &Value) -> Input {
    reply(Content::Text(value.to_string()))
}

fn calls(calls: &[(&str, &str, &str)]) -> Input {
    let call = |(id, name, arguments): &(&str, &str, &str)| ToolCall {
        id: (*id).into(),
        name: (*name).into(),
        arguments: (*arguments).into(),
    };
    reply(Content::Calls(calls.iter().map(call).collect()))
}

fn fails(fault: Fault) -> Input {
    Input::Reply(Err(ModelFailure { fault, attempts: Vec::new(), elapsed_ms: 1, cost: None }))
}

fn answer(items: &[(&str, &str)]) -> Value {
    let items: Vec<_> = items
        .iter()
        .map(|(text, quote)| json!({"outcome": text, "evidence": [{"source": NOTES, "quote": quote}]}))
        .collect();
    json!({"sections": {"background": {"outcomes": {"upsert": items}}, "stakeholders": null}, "questions": []})
}

/// The turn through these inputs, stored and read back before each step; a line for each step.
fn run(spec: TurnSpec, inputs: Vec<Input>) -> (Vec<String>, Turn) {
    let (library, facts, folds, plan, shape) = (tallowmere(), facts(), Folds::default(), plan(), shape());
    let ground = Ground {
        plan: &plan,
        shape: &shape,
        sources: Sources { library: &library, facts: &facts, folds: &folds },
    };
    let mut turn = Turn::begin(spec);
    let mut script = vec![Input::Start];
    script.extend(inputs);
    let mut told = Vec::new();
    for input in script {
        let stored = serde_json::to_string(&turn).unwrap();
        turn = serde_json::from_str(&stored).unwrap();
        let mut step = turn.step(input, &ground);
        if let Step::Call(requests) = &step {
            told.push(format!("call {}", requests.len()));
            let results = requests.iter().map(|request| carry_out(request, &ground)).collect();
            step = turn.step(Input::Results(results), &ground);
        }
        told.push(match &step {
            Step::Ask(request) => {
                format!("ask {} with {} tools", request.messages.len(), request.tools.len())
            }
            Step::Call(_) => unreachable!("results are followed by a question"),
            Step::Done(draft) => {
                let texts: Vec<_> =
                    draft.patch.upserts().map(|(_, _, item)| item.text().to_owned()).collect();
                format!("done {texts:?}, {} questions", draft.patch.questions.len())
            }
            Step::Failed(failure) => format!("failed: {failure}"),
        });
    }
    (told, turn)
}

fn check(inputs: Vec<Input>, expected: &[&str]) {
    let (told, _) = run(spec(), inputs);
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (told, expected) in told.iter().zip(expected) {
        assert!(told.starts_with(expected), "{told:?} is not {expected:?}");
    }
}

#[test]
fn a_good_answer_is_a_draft() {
    check(
        vec![says(&answer(&[("Fast", TRUE_QUOTE)]))],
        &["ask 2 with 3 tools", "done [\"Fast\"], 0 questions"],
    );
}

#[test]
fn evidence_that_fails_is_asked_for_once_more() {
    let both = answer(&[("Fast", TRUE_QUOTE), ("Faster", FALSE_QUOTE)]);
    let first = "ask 2 with 3 tools";
    check(
        vec![says(&both), says(&answer(&[("Fast", TRUE_QUOTE)]))],
        &[first, "ask 4 with 3 tools", "done [\"Fast\"], 0 questions"],
    );
    // Not mended: the item goes, and leaves a question.
    check(vec![says(&both), says(&both)], &[first, "ask 4", "done [\"Fast\"], 1 questions"]);
    // The second answer is worse: what held in the first one stays.
    let held = "done [\"Fast\"], 1 questions";
    check(vec![says(&both), says(&json!({"sections": {}}))], &[first, "ask 4", held]);
    check(vec![says(&both), reply(Content::Text("sorry".into()))], &[first, "ask 4", held]);
    check(
        vec![says(&both), fails(Fault::Truncated { partial_chars: 9, usage: None })],
        &[first, "ask 4", held],
    );
    // A server that is away says nothing of the answer.
    let away = fails(Fault::Unavailable { status: 503, retry_after_ms: None });
    check(
        vec![says(&both), away],
        &[first, "ask 4", "failed: the model gave no answer: server is unavailable"],
    );
}

#[test]
fn the_second_question_holds_the_reasons() {
    let (_, turn) = run(spec(), vec![says(&answer(&[("Faster", FALSE_QUOTE)]))]);
    let Some(Message::User { text }) = turn.messages().last() else { panic!("no question") };
    assert!(text.contains("background.outcomes bo-") && text.contains("ask a question"), "{text}");
    assert!(turn.asked_again());
    assert_eq!(turn.usage(), Usage { prompt: 100, completion: 10, cached: 0 });
}

#[test]
fn an_unusable_answer_twice_is_a_failure() {
    let first = "ask 2 with 3 tools";
    let bad = || reply(Content::Text("{\"sections\": ".into()));
    check(
        vec![bad(), bad()],
        &[first, "ask 4", "failed: the answer was unusable twice: the answer is not JSON"],
    );
    let outside = json!({"sections": {"risks": {"risks": {"upsert": []}}}});
    check(
        vec![says(&outside), says(&outside)],
        &[first, "ask 4", "failed: the answer was unusable twice: section 'risks' is not one to write here"],
    );
    check(vec![says(&outside), says(&answer(&[("Fast", TRUE_QUOTE)]))], &[first, "ask 4", "done [\"Fast\"]"]);
}

#[test]
fn each_outcome_of_the_model_comes_through() {
    for (fault, told) in [
        (
            Fault::Truncated { partial_chars: 9, usage: None },
            "cut off at the token limit after 9 characters (attempts: 0); raise max_tokens",
        ),
        (Fault::Refused { text: "no".into(), usage: None }, "model refused to answer"),
        (Fault::Empty { usage: None }, "answer is empty"),
        (Fault::ContextOverflow { prompt_tokens: Some(9_000), limit: Some(8_192) }, "exceeds the context"),
        (Fault::TimedOut { limit: tools::model::TimeLimit::Total, limit_ms: 10 }, "no answer within"),
    ] {
        let (steps, _) = run(spec(), vec![fails(fault)]);
        assert!(
            steps[1].starts_with("failed: the model gave no answer: ") && steps[1].contains(told),
            "{steps:?}"
        );
    }
}

#[test]
fn tools_give_fenced_data() {
    let (told, turn) = run(
        spec(),
        vec![
            calls(&[
                ("1", "search_material", r#"{"query": "autumn peak depot"}"#),
                (
                    "2",
                    "read_lines",
                    r#"{"path": "materials/discovery/2026-01-12.md", "first": 12, "last": 13}"#,
                ),
                ("3", "read_section", r#"{"section": "background"}"#),
            ]),
            says(&answer(&[("Fast", TRUE_QUOTE)])),
        ],
    );
    assert_eq!(told[1..], ["call 3", "ask 6 with 0 tools", "done [\"Fast\"], 0 questions"]);
    let texts: Vec<&str> = turn
        .messages()
        .iter()
        .filter_map(|message| match message {
            Message::Tool { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert!(
        texts[0].starts_with("<data-") && texts[0].contains(&format!("## {CALL}\n6 Jana Okafor| The board")),
        "{}",
        texts[0]
    );
    assert!(texts[1].contains("12| - Dispatchers") && texts[1].contains("13| - About 4%"), "{}", texts[1]);
    assert_eq!(texts[2], "nothing was found");
}

#[test]
fn calls_that_make_no_sense_are_answered_and_bounded() {
    let (told, turn) = run(
        spec(),
        vec![calls(&[
            ("1", "delete_everything", "{}"),
            ("2", "read_lines", r#"{"path": "a", "first": 3, "last": 1}"#),
            ("3", "search_material", r#"{"query": "x", "limit": 9}"#),
            ("4", "read_section", r#"{"section": "budget"}"#),
            ("5", "search_material", "not json"),
        ])],
    );
    assert_eq!(told[1], "ask 8 with 3 tools");
    assert_eq!(turn.messages().len(), 8);
    let search = || calls(&[("1", "search_material", r#"{"query": "depot"}"#)]);
    check(
        vec![search(), search(), search(), search()],
        &[
            "ask",
            "call 1",
            "ask 4 with 3",
            "call 1",
            "ask 6 with 0",
            "ask 8 with 0",
            "failed: the model called tools 3 times",
        ],
    );
}

#[test]
fn results_are_cut_to_the_room_there_is() {
    let mut small = spec();
    small.limits.result_bytes = 200;
    let read = || {
        calls(&[("1", "read_lines", &format!(r#"{{"path": "{NOTES}", "first": 1, "last": 4000000000}}"#))])
    };
    let (told, turn) = run(small, vec![read()]);
    assert_eq!(told[2], "ask 4 with 0 tools");
    let Some(Message::Tool { text, .. }) = turn.messages().last() else { panic!("no result") };
    assert!(text.len() < 300, "{text}");
}

#[test]
fn what_was_not_asked_for_is_a_failure() {
    check(vec![Input::Start], &["ask", "failed: the turn was given"]);
    check(vec![Input::Results(Vec::new())], &["ask", "failed: the turn was given"]);
    check(vec![says(&answer(&[])), says(&answer(&[]))], &["ask", "done []", "failed: the turn was given"]);
}

/// Anything that a server, a model or a driver may come up with.
fn any_input() -> impl Strategy<Value = Input> {
    prop_oneof![
        1 => Just(Input::Start),
        2 => "\\PC{0,60}".prop_map(|text| reply(Content::Text(text))),
        3 => Just(says(&answer(&[("Faster", FALSE_QUOTE), ("Fast", TRUE_QUOTE)]))),
        2 => Just(says(&json!({"sections": {"risks": {}}}))),
        4 => ("[a-z_]{1,8}|search_material|read_lines", "\\PC{0,30}|\\{\"query\": \"depot\"\\}")
            .prop_map(|(name, arguments)| calls(&[("1", &name, &arguments), ("1", "read_section", "{}")])),
        1 => Just(fails(Fault::Empty { usage: None })),
        2 => "\\PC{0,9000}".prop_map(|text| Input::Results(vec![ToolResult { call_id: "1".into(), text }])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_turn_ends_whatever_comes(inputs in prop::collection::vec(any_input(), 0..24)) {
        let (library, facts, folds, plan, shape) = (tallowmere(), facts(), Folds::default(), plan(), shape());
        let sources = Sources { library: &library, facts: &facts, folds: &folds };
        let ground = Ground { plan: &plan, shape: &shape, sources };
        let mut turn = Turn::begin(spec());
        let mut asked = 0;
        let mut over = false;
        for input in std::iter::once(Input::Start).chain(inputs) {
            let step = turn.step(input, &ground);
            prop_assert!(!over || matches!(&step, Step::Failed(failure) if **failure == Failure::OutOfTurn));
            match step {
                Step::Ask(request) => {
                    asked += 1;
                    let text: usize = request.messages.iter().map(|message| format!("{message:?}").len()).sum();
                    prop_assert!(text < 100_000);
                }
                Step::Call(requests) => prop_assert!(requests.len() <= 3),
                Step::Done(draft) => {
                    over = true;
                    for (_, _, item) in draft.patch.upserts() {
                        prop_assert!(!item.evidence().is_empty());
                        prop_assert!(item.evidence().iter().all(|evidence| sources.judge(evidence).holds()));
                    }
                }
                Step::Failed(_) => over = true,
            }
        }
        // The first question, one for each round of calls and one beyond, and the second question.
        prop_assert!(asked <= 2 + spec().limits.rounds + 1, "{asked}");
    }
}
