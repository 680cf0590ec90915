//! Section 12 from the material: stages that somebody named, moments that somebody wrote down as such, friction. What
//! the customer feels is not drafted.

use infohub::evidence::Evidence;
use infohub::plan::sections::customer_journey::{
    CustomerJourneyPatch, FrictionPoint, JourneyStage, MomentOfTruth,
};

use super::block::Kind;
use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::passage::Passage;
use super::topic::Topic;
use super::words::{find, words};

/// So many entries a list has at most.
const MOST: usize = 10;
/// Something happened that decided how the customer sees us.
const MOMENT: &[&str] = &["went live", "first time that", "moment of truth"];

pub(super) fn draft(desk: &Desk<'_>) -> CustomerJourneyPatch {
    let plan = &desk.plan.customer_journey;
    let headed = desk.reading.under(Topic::Moments);
    let said = desk.reading.statements().filter(|passage| passage.is_loose() && passage.has(MOMENT));
    let moments = headed.chain(said).map(moment);
    let friction = desk.reading.under(Topic::Friction).map(friction);
    CustomerJourneyPatch {
        stages: fresh(&plan.stages, stages(desk), MOST),
        moments_of_truth: fresh(&plan.moments_of_truth, moments, MOST),
        friction_points: fresh(&plan.friction_points, friction, MOST),
    }
}

/// `Stage: onboarding since 2026-05-01` under the heading of the journey; elsewhere it is the stage of a deal.
fn stages(desk: &Desk<'_>) -> Vec<JourneyStage> {
    let labelled = ["Stage", "Journey stage"].into_iter().flat_map(|label| desk.reading.details(label));
    let labelled = labelled.filter(|(block, _)| block.topics.contains(&Topic::Journey));
    let labelled = labelled.map(|(block, value)| stage(&value, block.cite()));
    let listed = desk.reading.under(Topic::Journey).filter(|passage| passage.block.kind == Kind::Item);
    let dated = listed.filter(|passage| !days(&passage.words).is_empty());
    labelled.chain(dated.map(|passage| stage(&passage.text, passage.cite()))).collect()
}

fn stage(text: &str, evidence: Evidence) -> JourneyStage {
    let words = words(text);
    let since = find(&words, "since").and_then(|range| words.get(range.start)).map(|word| word.from);
    JourneyStage {
        id: Default::default(),
        stage: text[..since.unwrap_or(text.len())].trim().to_owned(),
        since: days(&words).into_iter().next().map(|(_, day)| day),
        evidence: vec![evidence],
        review: None,
    }
}

fn moment(passage: &Passage<'_>) -> MomentOfTruth {
    MomentOfTruth {
        id: Default::default(),
        moment: passage.full(),
        date: days(&passage.words).into_iter().next().map(|(_, day)| day),
        outcome: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// `Exports time out on Mondays. Resolution: nightly export` gives friction and resolution.
fn friction(passage: &Passage<'_>) -> FrictionPoint {
    let part = |label: &str| {
        let (_, rest) = passage.text.split_once(label)?;
        Some(rest.trim_end_matches('.').trim().to_owned()).filter(|rest| !rest.is_empty())
    };
    let resolution = part("Resolution: ").or_else(|| part("resolution: "));
    let end = ["; resolution: ", " Resolution: "].iter().find_map(|label| passage.text.find(label));
    FrictionPoint {
        id: Default::default(),
        friction: passage.text[..end.unwrap_or(passage.text.len())].to_owned(),
        impact: None,
        resolution,
        evidence: vec![passage.cite()],
        review: None,
    }
}
