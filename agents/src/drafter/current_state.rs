//! Section 3 from the material: tools, pains, limits and figures of today; what is wanted instead.

use infohub::plan::sections::Statement;
use infohub::plan::sections::current_state::{CurrentStatePatch, Metric};

use super::cue;
use super::desk::Desk;
use super::figure::{Figure, figures};
use super::fresh::fresh;
use super::statement;
use super::topic::Topic;

/// So many entries a list has at most.
const MOST: usize = 10;

pub(super) fn draft(desk: &Desk<'_>) -> CurrentStatePatch {
    let plan = &desk.plan.current_state;
    let figures = figures(desk);
    let told = |topic, phrases: &'static [&'static str]| told(desk, topic, phrases);
    CurrentStatePatch {
        tools: fresh(&plan.tools, told(Topic::Tools, cue::TOOL), MOST),
        pains: fresh(&plan.pains, told(Topic::Pains, cue::PAIN), MOST),
        constraints: fresh(&plan.constraints, told(Topic::Limits, cue::LIMIT), MOST),
        baseline_metrics: fresh(
            &plan.baseline_metrics,
            figures.iter().filter_map(|f| metric(f, &f.today)),
            MOST,
        ),
        desired_state: fresh(&plan.desired_state, told(Topic::Desired, cue::WISH), MOST),
        target_metrics: fresh(
            &plan.target_metrics,
            figures.iter().filter_map(|f| metric(f, &f.wanted)),
            MOST,
        ),
    }
}

/// What stands under the heading, then what customers say in such words where no heading speaks.
fn told(desk: &Desk<'_>, topic: Topic, phrases: &[&str]) -> Vec<Statement> {
    let headed = desk.reading.under(topic);
    let said = desk.reading.statements().filter(|passage| {
        (passage.is_loose() || passage.under(Topic::Challenges))
            && passage.has(phrases)
            && !desk.is_ours(passage)
    });
    let said = said.filter(|passage| earlier_kinds(topic).iter().all(|earlier| !passage.has(earlier)));
    headed.chain(said).map(statement).collect()
}

/// A sentence with phrases of several kinds goes to the first of them: pains, wishes, limits, tools.
fn earlier_kinds(topic: Topic) -> &'static [&'static [&'static str]] {
    match topic {
        Topic::Pains => &[],
        Topic::Desired => &[cue::PAIN],
        Topic::Limits => &[cue::PAIN, cue::WISH],
        _ => &[cue::PAIN, cue::WISH, cue::LIMIT],
    }
}

fn metric(figure: &Figure, value: &Option<String>) -> Option<Metric> {
    Some(Metric {
        id: Default::default(),
        metric: figure.name.clone(),
        value: Some(value.clone()?),
        as_of: None,
        evidence: vec![figure.evidence.clone()],
        review: None,
    })
}
