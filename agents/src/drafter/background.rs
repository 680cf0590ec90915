//! Section 1 from the material: who the company is, why it acts, which outcomes it wants.

use infohub::plan::sections::Statement;
use infohub::plan::sections::background::{BackgroundPatch, ContextKind, ContextPoint};

use super::block::Kind;
use super::cue;
use super::desk::Desk;
use super::fresh::fresh;
use super::guard;
use super::outcomes;
use super::passage::Passage;
use super::topic::Topic;
use super::words::{find, opens, words};
use super::{stated, statement};

/// So many entries a list has at most; a plan that says everything is read by nobody.
const MOST: usize = 8;

pub(super) fn draft(desk: &Desk<'_>) -> BackgroundPatch {
    let plan = &desk.plan.background;
    BackgroundPatch {
        company: fresh(&plan.company, company(desk), MOST),
        context: fresh(&plan.context, context(desk), MOST),
        outcomes: outcomes::draft(desk),
        internal_notes: fresh(&plan.internal_notes, internal_notes(desk), MOST),
    }
}

fn company(desk: &Desk<'_>) -> Vec<Statement> {
    let told = desk.reading.under(Topic::Company).map(statement);
    let described =
        desk.reading.under(Topic::Challenges).filter(|passage| describes(desk, passage)).map(statement);
    let recorded = [
        ("account.industry", "Industry"),
        ("account.employees", "Employees"),
        ("account.country", "Country"),
    ];
    let recorded = recorded.iter().filter_map(|(field, name)| {
        let (value, evidence) = desk.fact(field)?;
        Some(stated(format!("{name}: {value}"), evidence))
    });
    let details = ["Company", "Industry", "Location"].into_iter().flat_map(|label| {
        desk.reading.details(label).map(move |(block, value)| {
            let evidence = block.cite();
            stated(format!("{label}: {value}"), evidence)
        })
    });
    told.chain(described).chain(recorded).chain(details).collect()
}

/// Whether a sentence under `Challenge` says who the company is rather than what troubles it.
fn describes(desk: &Desk<'_>, passage: &Passage<'_>) -> bool {
    let is_told = |name: &String| {
        let name: Vec<String> = words(name).into_iter().map(|word| word.low).collect();
        let found = find(&passage.words, &name.join(" "));
        // One word may stand between: `Acme Corporation is`.
        let is_so = |at: usize| passage.words.get(at..).is_some_and(|rest| opens(rest, cue::BEING));
        !name.is_empty() && found.is_some_and(|name| is_so(name.end) || is_so(name.end + 1))
    };
    let told = passage.has(cue::DESCRIBES) || desk.names.iter().any(is_told);
    told && !passage.has(cue::PAIN) && !passage.has(cue::WISH)
}

fn context(desk: &Desk<'_>) -> Vec<ContextPoint> {
    let headed = desk.reading.statements().filter_map(|passage| Some((passage, kind(passage)?)));
    let headed =
        headed.filter(|(passage, _)| !passage.under(Topic::Challenges) || is_challenge(desk, passage));
    let mut points: Vec<ContextPoint> = headed.map(|(passage, kind)| point(passage, kind)).collect();
    if points.is_empty() {
        // A story may tell its challenge as one pain or wish: then that is the context as well.
        let untold: Vec<_> =
            desk.reading.under(Topic::Challenges).filter(|passage| !describes(desk, passage)).collect();
        let telling = |passage: &&&Passage<'_>| {
            [cue::PAIN, cue::WISH, cue::TROUBLE].iter().any(|phrases| passage.has(phrases))
        };
        let first = untold.iter().find(telling).or(untold.first());
        points.extend(first.map(|passage| point(passage, Some(ContextKind::Challenge))));
    }
    points
}

fn point(passage: &Passage<'_>, kind: Option<ContextKind>) -> ContextPoint {
    ContextPoint {
        id: Default::default(),
        text: passage.full(),
        kind,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// What the headings say that the point is; nothing more exact if they name two kinds at once.
fn kind(passage: &Passage<'_>) -> Option<Option<ContextKind>> {
    let kinds = [
        (Topic::Priorities, ContextKind::Priority),
        (Topic::WhyNow, ContextKind::WhyNow),
        (Topic::Challenges, ContextKind::Challenge),
    ];
    let mut named = kinds.into_iter().filter(|(topic, _)| passage.under(*topic)).map(|(_, kind)| kind);
    let first = named.next()?;
    if named.next().is_none() {
        return Some(Some(first));
    }
    Some(passage.has(&["priority", "goal", "aim"]).then_some(ContextKind::Priority))
}

/// Whether a sentence under `Challenge` is best placed here: in a list each entry is a challenge, in prose
/// only what says so, and what section 3 takes is no less true there.
fn is_challenge(desk: &Desk<'_>, passage: &Passage<'_>) -> bool {
    let elsewhere = [cue::PAIN, cue::WISH, cue::TOOL, cue::LIMIT].iter().any(|phrases| passage.has(phrases));
    let told = passage.block.kind == Kind::Item || passage.has(cue::TROUBLE);
    told && !elsewhere && !describes(desk, passage)
}

/// What was noted about prices and competitors; the list is internal.
pub(super) fn internal_notes(desk: &Desk<'_>) -> Vec<Statement> {
    let commercial = desk.reading.passages.iter().filter(|passage| {
        let noted = passage.under(Topic::Internal) || passage.is_loose();
        noted
            && guard::is_commercial(&passage.words)
            && passage.is_statement()
            && passage.is_provable()
            && !guard::holds_a_place(passage)
    });
    commercial.map(statement).collect()
}
