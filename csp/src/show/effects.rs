//! What followed from an input, in plain words with the reasons.

use infohub::facts::FactChange;
use infohub::plan::{Diff, Gap, Happened};
use infohub::registers::links::Followed;
use orchestrator::rules::{Explanation, Outcome};
use orchestrator::step::Effect;

use super::screen::Screen;
use super::words::{count, spaced, wrap};

/// How far effects are indented.
const INDENT: &str = "  ";
/// Where the words begin, after the one that says what kind of effect it is.
const COLUMN: usize = 13;

/// Effects as lines: what was learnt, what the rules said, what happened to tasks and plan, what is left to do.
pub fn effects(effects: &[Effect], screen: &Screen) -> String {
    let mut sorted: Vec<_> = effects.iter().collect();
    sorted.sort_by_key(|effect| rank(effect));
    sorted.into_iter().map(|effect| one(effect, screen)).collect::<Vec<_>>().join("\n")
}

fn rank(effect: &Effect) -> u8 {
    match effect {
        Effect::FactsChanged { .. } | Effect::NothingNew | Effect::Ignored { .. } => 0,
        Effect::NotFired { .. } | Effect::PassedOver { .. } | Effect::Looked { .. } => 1,
        Effect::RuleFired { .. }
        | Effect::TaskStarted { .. }
        | Effect::TaskOrdered { .. }
        | Effect::AlreadyPending { .. } => 2,
        Effect::PlanChanged { .. }
        | Effect::Followed { .. }
        | Effect::LeftOut { .. }
        | Effect::AlreadyThere { .. } => 3,
        Effect::TaskDone { .. }
        | Effect::TaskFailed { .. }
        | Effect::TaskRestarted { .. }
        | Effect::TaskCancelled { .. }
        | Effect::ReviewLapsed { .. }
        | Effect::ReviewClosed { .. } => 4,
        Effect::HealthChanged { .. }
        | Effect::GateClosed { .. }
        | Effect::GateOpened { .. }
        | Effect::GateOverridden { .. }
        | Effect::HeldByGate { .. }
        | Effect::Agreed { .. }
        | Effect::HandoffOffered { .. }
        | Effect::HandoffWithdrawn { .. }
        | Effect::HandoffChanged { .. }
        | Effect::CommitmentAnswered { .. }
        | Effect::HandoffFollowUp { .. }
        | Effect::NotReady { .. } => 5,
        Effect::ReviewOpened { .. } | Effect::ReviewReminded { .. } | Effect::ReviewEscalated { .. } => 6,
        Effect::Noticed { .. }
        | Effect::Silenced { .. }
        | Effect::NobodyHas { .. }
        | Effect::Told { .. }
        | Effect::NotTold { .. }
        | Effect::Held { .. } => 7,
    }
}

fn one(effect: &Effect, screen: &Screen) -> String {
    let paint = screen.paint;
    match effect {
        Effect::FactsChanged { changes } => told(screen, "facts", &facts(changes)),
        Effect::NothingNew => {
            told(screen, "facts", "nothing new: this was known, or is older than what is known")
        }
        Effect::TaskStarted { task, rule, action, why } => {
            let fired = with_reasons(
                &told(screen, &paint.good("rule fired"), &format!("{rule}: {action}")),
                why,
                screen,
            );
            format!("{fired}\n{}", told(screen, "task", &format!("{task} waits for its agent")))
        }
        Effect::AlreadyPending { task, rule, why } => {
            let text = format!("{rule}: the same work already waits as {task}");
            with_reasons(&told(screen, "rule fired", &text), why, screen)
        }
        Effect::NotFired { rule, subject, why } => silent(rule, &subject.to_string(), why, screen),
        Effect::PlanChanged { diff, questions } => {
            told(screen, &paint.good("plan"), &changed(diff, *questions))
        }
        Effect::Followed { changes } => told(screen, "followed", &followed(changes)),
        Effect::LeftOut { items } => told(
            screen,
            "left out",
            &format!("{} that a person had turned down before", count(*items, "item")),
        ),
        Effect::AlreadyThere { items } => {
            told(screen, "left out", &format!("{} that stand in the plan already", count(*items, "item")))
        }
        Effect::NotReady { gaps } => told(screen, &paint.waiting("not ready"), &lacking(gaps)),
        Effect::Ignored { why } => told(screen, &paint.faint("ignored"), why),
        Effect::RuleFired { .. }
        | Effect::PassedOver { .. }
        | Effect::Looked { .. }
        | Effect::HealthChanged { .. }
        | Effect::GateClosed { .. }
        | Effect::GateOpened { .. }
        | Effect::GateOverridden { .. }
        | Effect::HeldByGate { .. }
        | Effect::Agreed { .. }
        | Effect::HandoffOffered { .. }
        | Effect::HandoffWithdrawn { .. }
        | Effect::HandoffChanged { .. }
        | Effect::CommitmentAnswered { .. }
        | Effect::HandoffFollowUp { .. }
        | Effect::NobodyHas { .. } => governed(effect, screen),
        of_task => task_effect(of_task, screen),
    }
}

/// What rules and time brought besides tasks.
fn governed(effect: &Effect, screen: &Screen) -> String {
    let paint = screen.paint;
    match effect {
        Effect::RuleFired { rule, action, why, .. } => {
            let line = told(screen, &paint.good("rule fired"), &format!("{rule}: {action}"));
            with_reasons(&line, why, screen)
        }
        Effect::PassedOver { rule, occasion, why, .. } => {
            told(screen, &paint.faint("passed over"), &format!("{rule}, {occasion}: {why}"))
        }
        Effect::Looked { .. } => told(screen, &paint.faint("time"), &effect.to_string()),
        Effect::HealthChanged { .. } => told(screen, "health", &effect.to_string()),
        Effect::GateClosed { .. } | Effect::HeldByGate { .. } => {
            told(screen, &paint.bad("gate"), &effect.to_string())
        }
        Effect::GateOpened { .. } => told(screen, &paint.good("gate"), &effect.to_string()),
        Effect::GateOverridden { .. } => told(screen, &paint.waiting("gate"), &effect.to_string()),
        Effect::Agreed { .. } => told(screen, &paint.good("agreed"), &effect.to_string()),
        Effect::NobodyHas { .. } => told(screen, &paint.waiting("not told"), &effect.to_string()),
        handoff => told(screen, &paint.good("handoff"), &handoff.to_string()),
    }
}

/// What happened to a task or to its review.
fn task_effect(effect: &Effect, screen: &Screen) -> String {
    let paint = screen.paint;
    match effect {
        Effect::TaskOrdered { task, by } => {
            told(screen, &paint.good("started"), &format!("{task} by {by}; it waits for its agent"))
        }
        Effect::TaskDone { task } => told(screen, &paint.good("task done"), task.as_str()),
        Effect::TaskFailed { task, why } => told(
            screen,
            &paint.bad("task failed"),
            &format!("{task}: {why}; `csp task retry {task}` starts it again"),
        ),
        Effect::TaskRestarted { task, why } => told(screen, "task again", &format!("{task}: {why}")),
        Effect::TaskCancelled { task, why } => told(screen, "cancelled", &format!("{task}: {why}")),
        Effect::ReviewOpened { review, in_plan } => {
            told(screen, &paint.waiting("to review"), &opened(review.as_str(), *in_plan))
        }
        Effect::ReviewClosed { review, verdict } => told(screen, "reviewed", &format!("{review}: {verdict}")),
        Effect::ReviewReminded { .. } => told(screen, &paint.waiting("to review"), &effect.to_string()),
        Effect::ReviewEscalated { .. } => told(screen, &paint.bad("to review"), &effect.to_string()),
        Effect::ReviewLapsed { .. } => told(screen, &paint.bad("lapsed"), &effect.to_string()),
        Effect::Noticed { notice } => {
            told(screen, &paint.good("to tell"), &format!("{}: {}", notice.to, notice.title))
        }
        Effect::Silenced { notice, to, why } => {
            told(screen, "not told", &format!("{to} need not be told any more ({notice}): {why}"))
        }
        other => told(screen, "", &other.to_string()),
    }
}

fn with_reasons(line: &str, why: &Explanation, screen: &Screen) -> String {
    format!("{line}\n{}", reasons(why, screen))
}

/// A rule that did not fire: one line where one test decides, else all tests.
fn silent(rule: &str, subject: &str, why: &Explanation, screen: &Screen) -> String {
    let kind = screen.paint.faint("rule silent");
    let mut tests = Vec::new();
    leaves(why, &mut tests);
    if let ([test], Outcome::False | Outcome::Unknown) = (tests.as_slice(), why.outcome) {
        return told(screen, &kind, &format!("{rule}: {}", found(test).unwrap_or(&test.text)));
    }
    let again = match why.outcome {
        Outcome::True => ": it has fired for this, and fires again once it has been false",
        Outcome::Incomparable => ": it cannot be decided until a person mends what cannot be compared",
        Outcome::False | Outcome::Unknown => "",
    };
    format!("{}\n{}", told(screen, &kind, &format!("{rule}, for {subject}{again}")), reasons(why, screen))
}

/// What the facts say to a single test.
fn found(test: &Explanation) -> Option<&str> {
    test.found.as_deref().or_else(|| test.parts.first()?.found.as_deref())
}

/// A word for the kind, then the words, wrapped under one another.
fn told(screen: &Screen, kind: &str, text: &str) -> String {
    let bare = without_colours(kind).chars().count();
    let pad = " ".repeat(COLUMN.saturating_sub(bare).max(1));
    let indent = format!("{INDENT}{}", " ".repeat(COLUMN));
    // The colours take no room on the screen, so they are put in after the text has been wrapped.
    let wrapped = wrap(&indent, &indent, text, screen.width);
    let rest = wrapped.strip_prefix(indent.as_str()).unwrap_or(&wrapped);
    format!("{INDENT}{kind}{pad}{rest}")
}

fn without_colours(text: &str) -> String {
    let mut bare = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(|letter| *letter == 'm');
        } else {
            bare.push(letter);
        }
    }
    bare
}

fn facts(changes: &[FactChange]) -> String {
    let changes = changes.iter().map(|change| {
        let new = change.new.as_deref().unwrap_or("(cleared)");
        match &change.old {
            Some(old) => format!("{} = {new} (was {old})", change.field),
            None => format!("{} = {new}", change.field),
        }
    });
    changes.collect::<Vec<_>>().join(", ")
}

fn opened(review: &str, in_plan: bool) -> String {
    let place = if in_plan {
        "the draft is in the plan, each item marked as drafted"
    } else {
        "the draft waits outside the plan until a person lets it in"
    };
    format!("{place}; `csp review show {review}`")
}

fn changed(diff: &Diff, questions: usize) -> String {
    let of =
        |wanted: fn(&Happened) -> bool| diff.changes.iter().filter(|change| wanted(&change.happened)).count();
    let counted = [
        (of(|happened| matches!(happened, Happened::Added { .. })), "added"),
        (of(|happened| matches!(happened, Happened::Changed { .. })), "changed"),
        (of(|happened| matches!(happened, Happened::Removed { .. })), "removed"),
    ];
    let mut parts: Vec<String> = counted
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(number, "item")))
        .collect();
    if questions > 0 {
        parts.push(format!("{} asked", count(questions, "question")));
    }
    if parts.is_empty() {
        parts.push("metadata or comments changed".to_owned());
    }
    parts.join(", ")
}

/// The first consequences in full; `csp plan diff` shows them all.
fn followed(changes: &[Followed]) -> String {
    const MOST: usize = 3;
    let mut told: Vec<String> =
        changes.iter().take(MOST).map(|change| format!("{}, since {}", change.what, change.why)).collect();
    if changes.len() > MOST {
        told.push(format!("and {} more", changes.len() - MOST));
    }
    told.join("; ")
}

fn lacking(gaps: &[Gap]) -> String {
    let gaps = gaps.iter().map(|gap| format!("{} needs {}", spaced(gap.section.as_str()), gap.needs));
    format!("for the customer: {}", gaps.collect::<Vec<_>>().join("; "))
}

/// The tests of a condition, each with its answer and what was found.
pub fn reasons(why: &Explanation, screen: &Screen) -> String {
    let mut lines = Vec::new();
    leaves(why, &mut lines);
    let indent = format!("{INDENT}{}", " ".repeat(COLUMN));
    let lines = lines.into_iter().map(|leaf| {
        let mark = match leaf.outcome {
            Outcome::True => screen.paint.good("✓"),
            Outcome::False => screen.paint.faint("✗"),
            Outcome::Unknown | Outcome::Incomparable => screen.paint.waiting("?"),
        };
        let found = found(leaf).map(|found| format!(" — {found}")).unwrap_or_default();
        wrap(
            &format!("{indent}{mark} "),
            &format!("{indent}  "),
            &format!("{}{found}", leaf.text),
            screen.width,
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The single tests; one under a NOT is told with its NOT, or its answer would read the wrong way round.
fn leaves<'a>(why: &'a Explanation, found: &mut Vec<&'a Explanation>) {
    if why.parts.len() < 2 {
        found.push(why);
        return;
    }
    for part in &why.parts {
        leaves(part, found);
    }
}
