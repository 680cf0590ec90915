//! Any sequence of faults: a call ends in time, counts every attempt, and answers only with an answer.

use proptest::prelude::*;

use super::*;

/// The faults that can follow one another in any order, and the one answer that is fine.
fn any_answer() -> impl Strategy<Value = ScriptedAnswer> {
    let half = json!({"content": "{\"a\": 1"});
    prop_oneof![
        2 => Just(fine()),
        1 => (400_u16..600).prop_map(|status| error(status, SECRET_WORDS)),
        1 => (0_usize..400).prop_map(|bytes| fine().with_fault(WireFault::CutAfter(bytes))),
        1 => Just(fine().with_fault(WireFault::Reset)),
        1 => Just(ScriptedAnswer::finished("length", &half)),
        1 => any::<Vec<u8>>().prop_map(|body| ScriptedAnswer::raw(200, "application/json", body)),
        1 => "[0-9]{1,2}|soon|-1".prop_map(|wait| {
            error(429, "slow down").with_header("retry-after-ms", &wait)
        }),
    ]
}

/// Whether an answer is whole on the wire: a cut behind the last byte cuts nothing.
fn is_whole(answer: &ScriptedAnswer) -> bool {
    let uncut = match answer.fault {
        None => true,
        Some(WireFault::CutAfter(bytes)) => bytes >= answer.body.len(),
        Some(_) => false,
    };
    uncut && answer.status == 200 && answer.body == fine().body
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_call_ends_in_an_answer_or_a_named_fault(
        answers in proptest::collection::vec(any_answer(), 1..6)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let script = answers.clone();
        let call = runtime.block_on(call(script));
        let attempts = match &call.outcome {
            Ok(reply) => &reply.attempts,
            Err(failure) => &failure.attempts,
        };
        prop_assert_eq!(attempts.len(), call.requests);
        prop_assert!((1..=4).contains(&attempts.len()));
        prop_assert!(attempts.iter().map(|attempt| attempt.number).eq(1..=attempts.len() as u32));
        let last = &answers[(attempts.len() - 1).min(answers.len() - 1)];
        prop_assert_eq!(call.outcome.is_ok(), is_whole(last));
        prop_assert_eq!(attempts.last().unwrap().fault.is_none(), call.outcome.is_ok());
    }
}
