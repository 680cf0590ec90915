//! Precision, recall and F1 of the actions and decisions that a draft enters. A case that wants none has no value:
//! minutes are not exhaustive, so what is found besides is not wrong; it still counts where cases are pooled, as it
//! does for the precision of others. It must not know how items are matched.

use super::look::{Entry, Look};
use super::matching::Matching;
use super::{Counts, Measure};

/// What a share of the matched items is taken of.
#[derive(Clone, Copy)]
enum Share {
    Found,
    Wanted,
    Both,
}

pub(super) fn action_precision(look: &Look<'_>) -> Measure {
    actions(look, Share::Found)
}

pub(super) fn action_recall(look: &Look<'_>) -> Measure {
    actions(look, Share::Wanted)
}

pub(super) fn action_f1(look: &Look<'_>) -> Measure {
    actions(look, Share::Both)
}

pub(super) fn decision_precision(look: &Look<'_>) -> Measure {
    decisions(look, Share::Found)
}

pub(super) fn decision_recall(look: &Look<'_>) -> Measure {
    decisions(look, Share::Wanted)
}

pub(super) fn decision_f1(look: &Look<'_>) -> Measure {
    decisions(look, Share::Both)
}

fn actions(look: &Look<'_>, share: Share) -> Measure {
    let Some(wanted) = look.wanted_actions() else { return Measure::nothing() };
    let wanted: Vec<&str> = wanted.iter().map(|action| action.text.as_str()).collect();
    measure(look.matched_actions(), &look.found_actions(), &wanted, share)
}

fn decisions(look: &Look<'_>, share: Share) -> Measure {
    let Some(wanted) = look.wanted_decisions() else { return Measure::nothing() };
    let wanted: Vec<&str> = wanted.iter().map(|decision| decision.text.as_str()).collect();
    measure(look.matched_decisions(), &look.found_decisions(), &wanted, share)
}

fn measure(matching: &Matching, found: &[&Entry<'_>], wanted: &[&str], share: Share) -> Measure {
    let missed = || {
        let missing = (0..wanted.len()).filter(|at| !matching.pairs.iter().any(|(_, column)| column == at));
        missing.map(|at| format!("not found: \"{}\"", wanted[at]))
    };
    let unasked = || {
        let beyond = (0..found.len()).filter(|at| !matching.pairs.iter().any(|(row, _)| row == at));
        beyond.map(|at| format!("not among what is wanted: \"{}\"", found[at].item.text()))
    };
    let matched = matching.pairs.len();
    let (hits, of, why) = match share {
        Share::Found => (matched, matching.found, unasked().collect()),
        Share::Wanted => (matched, matching.wanted, missed().collect()),
        Share::Both => {
            (2 * matched, matching.found + matching.wanted, missed().chain(unasked()).collect::<Vec<_>>())
        }
    };
    let measure = Measure::share(hits, of, why);
    if matching.wanted > 0 {
        return measure;
    }
    let counts = measure.counts.filter(|counts: &Counts| counts.of > 0.0);
    Measure { value: None, counts, why: measure.why }
}
