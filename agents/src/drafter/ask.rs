//! What a draft asks people: what its sections still lack, what the material leaves open, and which of two
//! values holds. One question a gap, put so that it can be answered without the plan at hand.

use infohub::ids::PersonId;
use infohub::occasion::Occasion;
use infohub::plan::sections::handoff::CommitmentStatus;
use infohub::plan::{Gap, Plan, Role, SectionKey, gaps as gaps_of};

use super::checklist;
use super::desk::Desk;
use super::figure;
use super::guard;
use super::passage::Passage;
use super::topic::Topic;
use crate::sentence::labelled;

/// So many questions a draft puts at most; nobody answers more in one go.
const MOST: usize = 40;
/// An item's text is shortened to this many characters in a question about it.
const LONGEST_SUBJECT: usize = 100;

/// The gaps of a section as the plan words them, as questions.
const QUESTIONS: &[(&str, &str)] = &[
    ("who the company is", "Who is the customer, and what does it do?"),
    ("business context", "What are the customer's priorities and challenges, and why does it act now?"),
    (
        "at least one business outcome",
        "Which business outcome does the customer want, and by which metric will it be judged?",
    ),
    ("a stakeholder on the customer's side", "Who matters on the customer's side, and in which role?"),
    ("a stakeholder on our side", "Who works for this account on our side?"),
    ("the tools in use", "Which tools and processes does the customer use today?"),
    ("what hurts today", "What hurts the customer today?"),
    (
        "a figure of today's state",
        "Which figure describes the customer's state today, and what is its value?",
    ),
    ("the desired state", "What does the customer want instead of today's state?"),
    ("at least one technical activity", "Which technical work is done, under way or planned?"),
    (
        "at least one success criterion",
        "By which criteria (one to five) will both sides judge the evaluation?",
    ),
    ("the steps of the evaluation", "In which steps is the evaluation done, and who does each?"),
    (
        "at least one adoption phase",
        "In which phases will the customer adopt the product, and what is each to reach?",
    ),
    ("at least one milestone", "Which milestones has the adoption, each with a day and an owner?"),
    ("the handoff checklist", "What must be so before the plan passes from the SA to the CA?"),
    ("the meeting cadence", "Which meetings will be held regularly, and how often?"),
    (
        "the risks, or one entry that says there are none known",
        "Which risks are known, or has somebody looked and found none?",
    ),
];

/// Asks about each gap that the plan has with the patch.
pub(super) fn gaps(desk: &mut Desk<'_>, after: &Plan, sections: &[SectionKey]) {
    for (section, question) in questions(&gaps_of(after, sections)) {
        if desk.questions.len() < MOST {
            desk.ask(section, question);
        }
    }
}

/// Asks whoever takes the plan over what becomes of each promise, and whether it is taken over.
pub(super) fn taking_over(desk: &mut Desk<'_>, after: &Plan, occasion: &Occasion) {
    let unanswered = |status| matches!(status, None | Some(CommitmentStatus::Open));
    let open: Vec<_> =
        after.handoff.commitments.iter().filter(|promise| unanswered(promise.status)).collect();
    for promise in open.into_iter().take(MOST / 2) {
        let by = promise.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        let text = shortened(&promise.commitment);
        desk.ask(
            SectionKey::Handoff,
            format!("What becomes of the commitment \"{text}\"{by}: accepted, renegotiated or declined?"),
        );
    }
    let named =
        |id: &PersonId| desk.team.person(id).map_or_else(|| id.to_string(), |person| person.name.clone());
    let owner = desk.plan.plan.owner.as_ref().and_then(|owner| owner.person.as_ref());
    let from = occasion.handed_over_by.as_ref().or(owner).map(named);
    let from = from.map(|name| format!(" from {name}")).unwrap_or_default();
    let sole = || desk.team.sole(Role::Ca).map(|person| person.name.clone());
    let to = occasion.taken_over_by.as_ref().map(named).or_else(sole);
    let to = to.unwrap_or_else(|| "which customer architect".to_owned());
    desk.ask(SectionKey::Handoff, format!("Who owns the plan from now on: does {to} take it over{from}?"));
}

/// Asks about points of the checklist on which the plan says nothing at all.
pub(super) fn empty_lists(desk: &mut Desk<'_>, after: &Plan) {
    for point in checklist::empty(after) {
        desk.ask(
            SectionKey::Handoff,
            format!("The plan has nothing for the point \"{point}\". Is that right?"),
        );
    }
}

/// Asks which value holds where the material gives several for one figure.
pub(super) fn contradictions(desk: &mut Desk<'_>, sections: &[SectionKey]) {
    if sections.contains(&SectionKey::CurrentState) {
        figure::ask_which_holds(desk);
    }
}

/// Asks for what the material itself marks as not known yet.
pub(super) fn placeholders(desk: &mut Desk<'_>, sections: &[SectionKey]) {
    let open = desk
        .reading
        .passages
        .iter()
        .filter(|passage| guard::holds_a_place(passage) && !passage.under(Topic::Internal));
    let open: Vec<_> = open.map(|passage| (section_of(passage), left_open(passage))).collect();
    for (section, question) in
        open.into_iter().filter(|(section, _)| sections.contains(section)).take(MOST / 2)
    {
        desk.ask(section, question);
    }
}

fn left_open(passage: &Passage<'_>) -> String {
    match labelled(&passage.raw) {
        Some((label, _)) => {
            format!("{label}: who or what is it? {} says that it is not known yet.", passage.place())
        }
        None => format!("What is missing in \"{}\" ({})?", passage.full(), passage.place()),
    }
}

fn section_of(passage: &Passage<'_>) -> SectionKey {
    match passage.block.topics.first() {
        Some(Topic::People) => SectionKey::Stakeholders,
        Some(Topic::Tools | Topic::Pains | Topic::Limits | Topic::Figures | Topic::Desired) => {
            SectionKey::CurrentState
        }
        Some(Topic::Activities | Topic::NextSteps) => SectionKey::TechnicalActivities,
        Some(Topic::Criteria | Topic::Evaluation | Topic::Resources | Topic::Timeline) => {
            SectionKey::TechnicalEvaluation
        }
        Some(Topic::Phases | Topic::Milestones) => SectionKey::AdoptionJourney,
        Some(Topic::Commitments | Topic::Cadence | Topic::OpenPoints) => SectionKey::Handoff,
        Some(Topic::Risks) => SectionKey::Risks,
        _ => SectionKey::Background,
    }
}

/// The gaps as questions; those about one item are one question.
fn questions(gaps: &[Gap]) -> Vec<(SectionKey, String)> {
    let mut about: Vec<(SectionKey, &str, Vec<String>)> = Vec::new();
    let mut questions = Vec::new();
    for gap in gaps {
        match gap.needs.split_once(": ") {
            None => questions.push((gap.section, missing(&gap.needs))),
            Some((what, subject)) => {
                let lacks = lacks(what);
                match about
                    .iter_mut()
                    .find(|(section, known, _)| (*section, *known) == (gap.section, subject))
                {
                    Some((_, _, all)) => all.push(lacks),
                    None => about.push((gap.section, subject, vec![lacks])),
                }
            }
        }
    }
    questions.extend(about.into_iter().map(|(section, subject, lacks)| {
        (section, format!("What is {} of \"{}\"?", listed(&lacks), shortened(subject)))
    }));
    questions
}

fn missing(needs: &str) -> String {
    match QUESTIONS.iter().find(|(gap, _)| *gap == needs) {
        Some((_, question)) => (*question).to_owned(),
        None => format!("The plan needs {needs}: what is it?"),
    }
}

/// `a baseline for the outcome` is `the baseline`.
fn lacks(what: &str) -> String {
    let thing = what.split(" for").next().unwrap_or(what);
    let bare = thing.strip_prefix("a ").or_else(|| thing.strip_prefix("an ")).unwrap_or(thing);
    format!("the {bare}")
}

fn listed(things: &[String]) -> String {
    match things.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn shortened(subject: &str) -> String {
    // The item's id in brackets at the end is for the plan's own lists.
    let text = subject.rsplit_once(" (").map_or(subject, |(text, _)| text);
    match text.char_indices().nth(LONGEST_SUBJECT) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use infohub::plan::Meta;

    use super::*;

    #[test]
    fn every_gap_of_an_empty_plan_has_its_question() {
        let meta: Meta = serde_json::from_str(
            r#"{"schema":1,"version":1,"account":"a","lifecycle":"initiate","status":"draft","last_updated":"2026-01-01T00:00:00Z"}"#,
        )
        .unwrap();
        let drafted = [1, 2, 3, 4, 5, 6, 9, 10].map(Some);
        let keys: Vec<_> =
            SectionKey::ALL.into_iter().filter(|key| drafted.contains(&key.number())).collect();
        let gaps = gaps_of(&Plan::new(meta), &keys);
        assert!(gaps.len() > 12, "{gaps:?}");
        for (_, question) in questions(&gaps) {
            assert!(QUESTIONS.iter().any(|(_, known)| *known == question), "{question}");
        }
    }

    #[test]
    fn gaps_of_one_item_are_one_question() {
        let gap = |needs: &str| Gap { section: SectionKey::Background, needs: needs.into() };
        let gaps = [
            gap("a metric for the outcome: Fewer calls (bo-1)"),
            gap("a target for the outcome: Fewer calls (bo-1)"),
        ];
        assert_eq!(
            questions(&gaps),
            [(SectionKey::Background, "What is the metric and the target of \"Fewer calls\"?".to_owned())]
        );
    }
}
