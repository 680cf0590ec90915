//! News of milestones: reached, moved, cancelled. It must not know which milestones a plan has.

use std::sync::LazyLock;

use jiff::civil::Date;

use super::super::words::{alike, content};
use super::due::{self, Due};
use super::lexicon::Lexicon;
use super::quote;
use super::script::{Script, Utterance};
use super::{FoundMilestone, MilestoneNews};

/// A meeting gives at most so much news.
const MOST: usize = 30;
/// Two texts with this share of words in common say the same.
const SAME: usize = 60;
/// The name of a milestone has at most so many words.
const LONGEST_NAME: usize = 9;

/// What milestones are called.
static MILESTONES: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "milestone*|go-live|go live|kickoff|kick-off|kick off|pilot|trial|rollout|roll-out|roll out|cutover|migration|launch|\
        release|training|workshop|sign-off|signoff|acceptance|evaluation|integration|upgrade|testnet|fork|deployment|hardfork|\
        phase one|phase two|phase 1|phase 2|beta|audit|onboarding|poc|proof of concept|uat|first public working draft",
    )
});
/// It is reached.
static REACHED: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "is done|is complete|is completed|is finished|has been completed|was completed|has finished|went live|is live|are live|\
        has gone live|have gone live|is signed off|was signed off|has been reached|is reached|has been released|was released|\
        is in production|has been delivered|was delivered|is now live|are now live|has been launched|has launched",
    )
});
/// It has another date.
static MOVED: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "moves to|moved to|is moved to|has moved to|has been moved to|was moved to|slips to|slipped to|has slipped to|is now|\
        will now be|is postponed to|is postponed until|was postponed to|has been postponed to|has been postponed until|\
        is delayed to|is delayed until|was delayed to|has been delayed until|pushed to|pushed back to|pushed out to|\
        is rescheduled to|has been rescheduled to|is set for|is planned for|is scheduled for|brought forward to",
    )
});
/// It will not happen.
static CANCELLED: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::of(
        "is cancelled|is canceled|has been cancelled|has been canceled|was cancelled|was canceled|is called off|\
        has been called off|was called off|will not happen|won't happen|is dropped|has been dropped|was dropped|is off the table|\
        are cancelled|are canceled",
    )
});

/// The news of milestones in a meeting, in its order.
pub(super) fn milestones(script: &Script<'_>, held_on: Option<Date>) -> Vec<FoundMilestone> {
    let mut kept: Vec<(Vec<String>, FoundMilestone)> = Vec::new();
    for utterance in script.utterances.iter().filter(|utterance| !utterance.asks()) {
        let Some(found) = news(script, held_on, utterance) else { continue };
        let words = content(&found.name);
        let new = !kept.iter().any(|(other, known)| known.news == found.news && alike(other, &words, SAME));
        if new && kept.len() < MOST {
            kept.push((words, found));
        }
    }
    kept.into_iter().map(|(_, found)| found).collect()
}

fn news(script: &Script<'_>, held_on: Option<Date>, utterance: &Utterance<'_>) -> Option<FoundMilestone> {
    let all = &utterance.wording.words;
    let cancelled = CANCELLED.find(all).map(|place| (place, MilestoneNews::Cancelled));
    let moved = || {
        let place = MOVED.find(all)?;
        let rest = utterance.wording.text.get(all.get(place.end)?.from..)?;
        let due: Due = due::due(rest, held_on)?;
        Some((place, MilestoneNews::Moved(due)))
    };
    let reached = || REACHED.find(all).map(|place| (place, MilestoneNews::Reached));
    let (place, news) = cancelled.or_else(moved).or_else(reached)?;
    let first = clause_start(utterance, place.start);
    let subject = all.get(first..place.start).filter(|subject| MILESTONES.has(subject))?;
    let unsure = all[..place.end]
        .iter()
        .any(|word| ["if", "when", "once", "until", "not", "unless"].contains(&word.low.as_str()));
    if unsure || subject.len() > LONGEST_NAME {
        return None;
    }
    let name = utterance.wording.text.get(subject.first()?.from..subject.last()?.to)?.to_owned();
    let evidence = quote::cite(script, &utterance.said, utterance.rows)?;
    Some(FoundMilestone { name, news, evidence })
}

/// Where the clause begins whose verb stands there.
fn clause_start(utterance: &Utterance<'_>, verb: usize) -> usize {
    let (all, text) = (&utterance.wording.words, &utterance.wording.text);
    let parts = |at: &usize| {
        let between = text.get(all[at - 1].to..all[*at].from).unwrap_or_default();
        between.contains([',', '.', ';', ':', '?', '!'])
            || ["that", "and", "but"].contains(&all[at - 1].low.as_str())
    };
    (1..verb).rev().find(parts).unwrap_or(0)
}
