//! Whether verdicts are right: identical prompts are not told apart, worse ones are, and what cannot be told is said.

use std::collections::BTreeMap;

use evals::baseline::{self, Unfit};
use evals::compare::Comparison;
use evals::report::Summary;
use evals::score::Direction;
use evals::stats::Verdict;
use jiff::Timestamp;

use crate::logs::{Agent, Log, break_one, log};

const AGENT: Agent = Agent { skill: 0.75, clusters: 20, repeats: 1, suite: 1, luck: 1 };

fn compare(before: &Log, after: &Log) -> Comparison {
    Comparison::of(before.run(), after.run())
}

/// How many of the seeds bring each verdict on a run of another skill.
fn verdicts(skill: f64, seeds: std::ops::Range<u64>) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for suite in seeds {
        let before = log(Agent { suite, luck: 1, ..AGENT });
        let after = log(Agent { skill, suite, luck: 2, ..AGENT });
        *seen.entry(format!("{:?}", compare(&before, &after).verdict())).or_default() += 1;
    }
    seen
}

/// The drop of the mean F1, from many cases.
fn drop_of_f1(skill: f64) -> f64 {
    let before = log(Agent { clusters: 1000, ..AGENT });
    let after = log(Agent { skill, clusters: 1000, luck: 2, ..AGENT });
    let found = compare(&before, &after);
    -found.scorers.iter().find(|one| one.scorer == "action_f1").unwrap().difference.value
}

#[test]
fn an_identical_prompt_is_called_no_different() {
    let hundreds: Vec<usize> = (0..3)
        .map(|at| {
            verdicts(AGENT.skill, at * 100..(at + 1) * 100).get("NoDifferenceShown").copied().unwrap_or(0)
        })
        .collect();
    println!(
        "identical prompts, 92 cases in 20 clusters, five scorers: no difference in {hundreds:?} of 100 seeds each"
    );
    assert!(hundreds.iter().all(|same| *same >= 95), "{hundreds:?}");
}

#[test]
fn a_worse_prompt_is_called_worse() {
    let mut power = Vec::new();
    for skill in [0.72, 0.68, 0.62, 0.55, 0.48] {
        let seen = verdicts(skill, 0..100);
        let worse = seen.get("Worse").copied().unwrap_or(0);
        println!("F1 lower by {:.3}: called worse in {worse} of 100 ({seen:?})", drop_of_f1(skill));
        power.push(worse);
    }
    assert!(power.is_sorted() && power[4] >= 98, "{power:?}");
}

#[test]
fn the_same_log_differs_in_nothing() {
    let one = log(AGENT);
    let found = compare(&one, &one);
    assert_eq!(found.verdict(), Verdict::NoDifferenceShown);
    assert!(found.differs.is_empty() && found.changed.is_empty() && found.lost().is_empty());
    assert!(found.scorers.iter().all(|scorer| scorer.p == 1.0 && scorer.difference.value == 0.0));
}

#[test]
fn the_order_of_lines_and_a_resumed_run_change_nothing() {
    let whole = log(Agent { repeats: 3, ..AGENT });
    let mut resumed = whole.clone();
    let mut broken = whole.clone();
    break_one(&mut broken, "meeting-007");
    resumed.lines.reverse();
    resumed.lines.splice(0..0, broken.lines.iter().filter(|line| line.case == "meeting-007").cloned());
    assert_eq!(Summary::of(whole.run()), Summary::of(resumed.run()));
}

#[test]
fn a_regression_is_a_shown_loss_beyond_the_margin() {
    let before = log(AGENT);
    let mut after = log(Agent { skill: 0.5, luck: 2, ..AGENT });
    let regressions = |after: &Log| -> Vec<String> {
        compare(&before, after).regressions().map(|scorer| scorer.scorer.clone()).collect()
    };
    assert!(regressions(&after).contains(&"action_f1".to_owned()));
    after.header.margins.insert("action_f1".into(), 0.9);
    assert!(!regressions(&after).contains(&"action_f1".to_owned()));
    // It finds more and so writes more, which is a loss of its own, within its margin.
    let better = Comparison::of(after.run(), before.run());
    let verdict = |scorer: &str| better.scorers.iter().find(|one| one.scorer == scorer).unwrap().verdict;
    assert_eq!((verdict("action_f1"), verdict("answer_tokens")), (Verdict::Better, Verdict::Worse));
    assert_eq!(better.regressions().count(), 0);
}

#[test]
fn what_is_not_in_both_runs_is_told() {
    let before = log(AGENT);
    let mut after = log(Agent { luck: 2, ..AGENT });
    after.lines.retain(|line| line.case != "meeting-003");
    break_one(&mut after, "meeting-004");
    after.header.suite_hash = "other".into();
    let changed = after.lines.iter_mut().find(|line| line.case == "meeting-005").unwrap();
    changed.hash.expected = "something else".into();
    after.header.prompts.insert("meeting_notes".into(), "changed".into());
    after.header.scorers.insert("new_scorer".into(), Direction::MoreIsBetter);
    let found = compare(&before, &after);
    assert_eq!(
        (found.changed.as_slice(), found.common),
        (["meeting-005".to_owned()].as_slice(), before.lines.len() - 2)
    );
    assert_eq!(found.only_before, ["meeting-003"]);
    assert_eq!((found.before.errored, found.after.errored), (0, 1));
    assert_eq!(found.scorers_of_one, ["new_scorer"]);
    let differs: Vec<&str> = found.differs.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(differs, ["suite_hash", "prompts.meeting_notes"]);
    let f1 = found.scorers.iter().find(|scorer| scorer.scorer == "action_f1").unwrap();
    assert_eq!(f1.only_before, ["meeting-004"]);
    assert_eq!(f1.difference.cases, before.lines.len() - 3);
}

#[test]
fn five_clusters_show_nothing_and_the_report_says_so() {
    let before = log(Agent { clusters: 5, ..AGENT });
    let after = log(Agent { clusters: 5, skill: 0.01, luck: 2, ..AGENT });
    assert_eq!(compare(&before, &after).verdict(), Verdict::TooFewClusters);
    let notes: Vec<String> = Summary::of(after.run()).notes.iter().map(ToString::to_string).collect();
    assert!(notes[0].starts_with("5 clusters only"), "{notes:?}");
}

#[test]
fn only_whole_runs_become_baselines() {
    let bless =
        |log: &Log, why: &str| baseline::bless(&log.header, &log.lines, "ada", why, Timestamp::UNIX_EPOCH);
    let good = log(Agent { repeats: 2, ..AGENT });
    let note = bless(&good, " the new minutes prompt ").unwrap();
    assert_eq!((note.why.as_str(), note.cases), ("the new minutes prompt", 92));
    assert_eq!(bless(&good, " "), Err(Unfit::NoReason));
    let mut broken = good.clone();
    break_one(&mut broken, "meeting-001");
    assert!(matches!(bless(&broken, "why"), Err(Unfit::Errored { number: 1, .. })));
    let mut short = good.clone();
    short.lines.pop();
    assert!(matches!(bless(&short, "why"), Err(Unfit::Unfinished { runs: 1, repeats: 2, .. })));
    assert_eq!(baseline::log_path("meeting-notes").unwrap(), "evals/baselines/meeting-notes.jsonl");
    assert!(baseline::log_path("../etc").is_err() && baseline::notes_path("").is_err());
}
