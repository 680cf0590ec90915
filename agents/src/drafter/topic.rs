//! What a heading or a label announces. The table below is all that the drafter knows of how people
//! name the parts of their notes; a new way of naming one is a new phrase in it.

use std::ops::Range;

use super::words::{Word, find, words};

/// What stands under a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    /// For us alone: prices, competitors, opinions.
    Internal,
    Company,
    Priorities,
    WhyNow,
    Challenges,
    Outcomes,
    /// What was reached, in a story told afterwards.
    Impact,
    Tools,
    Pains,
    Limits,
    Figures,
    Desired,
    People,
    Activities,
    Criteria,
    Evaluation,
    Resources,
    Timeline,
    Phases,
    Milestones,
    Risks,
    Commitments,
    Cadence,
    OpenPoints,
    NextSteps,
    Initiatives,
    Services,
    Deliverables,
    Journey,
    Moments,
    Friction,
    Scores,
    Themes,
    Feedback,
    /// Known, and of no use to any section.
    Other,
}

/// Longest phrases first where one holds another: the words of a phrase are taken by the first that fits.
const NAMES: &[(Topic, &[&str])] = &[
    (
        Topic::Internal,
        &["for us only", "internal", "confidential", "commercial*", "pricing", "price*", "competit*"],
    ),
    (Topic::Services, &["professional services", "statement of work", "engagement*"]),
    (Topic::Deliverables, &["deliverable*"]),
    (Topic::Moments, &["moment of truth", "moments of truth"]),
    (Topic::Journey, &["customer journey", "journey stage*"]),
    (Topic::Friction, &["friction*"]),
    (Topic::Scores, &["nps", "csat", "satisfaction score*", "scores", "surveys", "survey results"]),
    (Topic::Themes, &["themes"]),
    (Topic::Feedback, &["voice of the customer", "customer feedback", "feedback", "what customers say"]),
    (
        Topic::Initiatives,
        &[
            "initiative*",
            "first 30 days",
            "days 0-30",
            "0-30 days",
            "days 30-90",
            "30-90 days",
            "days 90-180",
            "90-180 days",
            "after day 180",
            "next 90 days",
        ],
    ),
    (
        Topic::Outcomes,
        &["business outcome*", "outcomes they want", "outcome*", "goals", "goal", "objectives"],
    ),
    (
        Topic::Desired,
        &[
            "desired state",
            "where they want to be",
            "what good looks like",
            "target state",
            "future state",
            "vision",
            "to be state",
        ],
    ),
    (
        Topic::Company,
        &[
            "who they are",
            "about the company",
            "about the customer",
            "company",
            "customer background",
            "profile",
        ],
    ),
    (Topic::WhyNow, &["why now", "pressure", "compelling event", "urgency"]),
    (Topic::Priorities, &["priorit*", "strategy"]),
    (Topic::Pains, &["pain*", "what hurts", "frustrations"]),
    (Topic::Challenges, &["challenge*", "problem*"]),
    (Topic::Impact, &["impact", "results", "benefits"]),
    (Topic::Figures, &["baseline*", "figures", "metrics", "kpis", "numbers"]),
    (
        Topic::Tools,
        &[
            "tools",
            "systems",
            "tool landscape",
            "where they are today",
            "current state",
            "current setup",
            "as is",
        ],
    ),
    (Topic::Limits, &["constraint*", "limits", "limitations", "musts"]),
    (
        Topic::People,
        &["stakeholder*", "people", "who is who", "contacts", "attendees", "participants", "present"],
    ),
    (Topic::Activities, &["technical activit*", "technical work"]),
    (Topic::Criteria, &["success criteri*", "acceptance criteri*"]),
    (Topic::Milestones, &["milestone*"]),
    (Topic::Timeline, &["timeline", "schedule", "key dates"]),
    (Topic::Resources, &["resource*"]),
    (Topic::Evaluation, &["evaluation plan", "evaluation", "proof of concept", "trial plan", "poc"]),
    (Topic::Phases, &["adoption*", "phase*", "roll-out", "rollout", "roadmap"]),
    (Topic::Risks, &["risk*"]),
    (Topic::Commitments, &["commitment*", "promises"]),
    (Topic::Cadence, &["cadence", "rhythm", "regular meetings"]),
    (Topic::OpenPoints, &["open point*", "open question*", "open item*", "open issue*"]),
    (Topic::NextSteps, &["next step*", "action item*", "actions", "to do"]),
    (Topic::Other, &["solution*", "approach", "why"]),
];

/// A longer heading is a sentence; only the words that open it say what stands below.
const LONGEST_NAME: usize = 6;

/// What a heading announces; several things if it names several, and only `Internal` if it names that.
pub(super) fn topics(heading: &str) -> Vec<Topic> {
    let mut words = words(heading);
    let is_sentence = words.len() > LONGEST_NAME;
    let counts =
        |topic: Topic, range: &Range<usize>| !is_sentence || range.start == 0 || topic == Topic::Internal;
    let mut found = Vec::new();
    for (topic, names) in NAMES {
        let place = |words: &[Word]| {
            names.iter().filter_map(|name| find(words, name)).find(|range| counts(*topic, range))
        };
        while let Some(range) = place(&words) {
            words.drain(range);
            if !found.contains(topic) {
                found.push(*topic);
            }
        }
    }
    if found.contains(&Topic::Internal) {
        return vec![Topic::Internal];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_announce_topics() {
        let check = |heading: &str, expected: &[Topic]| assert_eq!(topics(heading), expected, "{heading}");
        check("## Challenge", &[Topic::Challenges]);
        check("**Priorities and pressure**", &[Topic::WhyNow, Topic::Priorities]);
        check("Outcomes they want", &[Topic::Outcomes]);
        check("Where they are today", &[Topic::Tools]);
        check("### Phase 1: Venlo chilled lanes", &[Topic::Phases]);
        check("Commercial (internal)", &[Topic::Internal]);
        check("Business challenges, internal view", &[Topic::Internal]);
        check("Why Kubernetes", &[Topic::Other]);
        check("Using the platform to provide tools for maintaining sites", &[]);
        check("Risks that came up on the day of the visit", &[Topic::Risks]);
        check("What we think of their people and of the price", &[Topic::Internal]);
        check("Discovery: Veldhaven Logistics", &[]);
        check("", &[]);
    }
}
