//! Section 11 from the material: paid work and what it hands over. What it costs is nobody's business here: the
//! section is shared.

use infohub::plan::sections::professional_services::{Deliverable, Engagement, ProfessionalServicesPatch};

use super::day::days;
use super::desk::Desk;
use super::fresh::fresh;
use super::guard;
use super::news::News;
use super::passage::Passage;
use super::progress;
use super::topic::Topic;
use super::words::{opens, words};

/// So many entries a list has at most.
const MOST: usize = 12;

pub(super) fn draft(desk: &Desk<'_>) -> ProfessionalServicesPatch {
    let plan = &desk.plan.professional_services;
    let services = || desk.reading.under(Topic::Services);
    let handed = desk.reading.under(Topic::Deliverables).filter(|passage| !guard::names_money(&passage.raw));
    let labelled = services().filter(|passage| is_deliverable(passage) && !guard::names_money(&passage.raw));
    let engagements = services().filter(|passage| !is_deliverable(passage) && passage.label.is_some());
    let mut engagements = fresh(&plan.engagements, engagements.filter_map(engagement), MOST);
    let mut deliverables = fresh(&plan.deliverables, labelled.chain(handed).map(deliverable), MOST);
    let news = News::of(desk);
    news.update(desk, &plan.engagements, &mut engagements, |engagement, stated| {
        engagement.status = stated.status.or(engagement.status);
        engagement.ends = stated.moved_to.or(engagement.ends);
    });
    news.update(desk, &plan.deliverables, &mut deliverables, |deliverable, stated| {
        deliverable.status = stated.status.or(deliverable.status);
        deliverable.due_date = stated.moved_to.or(deliverable.due_date);
    });
    ProfessionalServicesPatch { engagements, deliverables }
}

fn is_deliverable(passage: &Passage<'_>) -> bool {
    passage.label.as_deref().is_some_and(|label| opens(&words(label), &["deliverable*", "hands over"]))
}

/// `Integration workshop: 2026-03-02 to 2026-03-06 (done)`, `Engagement: migration of the archive`
fn engagement(passage: &Passage<'_>) -> Option<Engagement> {
    let days = days(&passage.words);
    let span = match days.as_slice() {
        [(_, starts), (_, ends)] if starts <= ends => Some((*starts, *ends)),
        _ => None,
    };
    let general = ["engagement", "professional services", "service", "project"];
    let label = passage.label.as_deref().filter(|label| !general.contains(&label.to_lowercase().as_str()));
    let states = progress::of_label(passage);
    let text = match label.filter(|_| states.is_none()) {
        // What follows the name is when it is done and what it costs.
        Some(label) if span.is_some() => label.to_owned(),
        _ if guard::names_money(&passage.raw) => return None,
        Some(_) => passage.full(),
        None => passage.text.clone(),
    };
    Some(Engagement {
        id: Default::default(),
        engagement: text,
        status: states.or_else(|| progress::of_bracket(&passage.text)),
        starts: span.map(|(starts, _)| starts),
        ends: span.map(|(_, ends)| ends),
        evidence: vec![passage.cite()],
        review: None,
    })
}

fn deliverable(passage: &Passage<'_>) -> Deliverable {
    let status = progress::of_label(passage).or_else(|| progress::of_bracket(&passage.text));
    let text = passage.text.split_once(", due ").map_or(passage.text.as_str(), |(text, _)| text);
    Deliverable {
        id: Default::default(),
        deliverable: text.to_owned(),
        engagement: None,
        due_date: days(&passage.words).into_iter().next().map(|(_, day)| day),
        status,
        evidence: vec![passage.cite()],
        review: None,
    }
}
