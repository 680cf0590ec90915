//! Section 10 from the material: risks that somebody called so, with the mitigation if one is written beside.
//! Likelihood and impact are judgements, and are left to people.

use std::rc::Rc;

use infohub::plan::sections::risks::{Risk, RiskStatus, RisksPatch};

use super::block::Block;
use super::cue;
use super::desk::Desk;
use super::fresh::fresh;
use super::passage::Passage;
use super::topic::Topic;
use super::words::{alike, content, find};
use crate::sentence::{clean, labelled};

/// So many risks are drafted at most.
const MOST: usize = 12;
/// Fewer words are the name of a worry and not a risk.
const FEWEST_WORDS: usize = 5;
/// Two risks with this share of words in common are one.
const SAME: usize = 70;
/// The label of the words on what is done about a risk.
const MITIGATION: &str = "mitigation";

pub(super) fn draft(desk: &Desk<'_>) -> RisksPatch {
    let said = desk.reading.statements().filter(|passage| passage.is_loose());
    let said = said.filter_map(|passage| Some(risk(passage, following(passage)?)));
    let risks: Vec<Risk> = headed(desk).into_iter().chain(said.collect::<Vec<_>>()).collect();
    let known = &desk.plan.risks.risks;
    let mut change = fresh(known, risks.iter().cloned(), MOST);
    change.upsert.extend(known.iter().filter_map(|known| mitigated(known, &risks)));
    RisksPatch { risks: change }
}

/// A known risk with the mitigation that the material states for it, where the plan has none.
fn mitigated(known: &Risk, told: &[Risk]) -> Option<Risk> {
    let words = content(&known.risk);
    let is_same = |risk: &&Risk| risk.mitigation.is_some() && alike(&content(&risk.risk), &words, SAME);
    let told = told.iter().filter(|_| known.mitigation.is_none()).find(is_same)?;
    let mut risk = known.clone();
    risk.mitigation = told.mitigation.clone();
    let new = told.evidence.iter().filter(|cited| !known.evidence.contains(cited)).cloned();
    risk.evidence.extend(new.collect::<Vec<_>>());
    Some(risk)
}

/// The risks under their heading; a sentence on mitigation belongs to the risk in whose paragraph, or under which, it stands.
fn headed(desk: &Desk<'_>) -> Vec<Risk> {
    let mut risks: Vec<(&Rc<Block<'_>>, Risk)> = Vec::new();
    for passage in desk.reading.under(Topic::Risks) {
        let mitigation = labelled(&passage.raw).filter(|(label, _)| label.eq_ignore_ascii_case(MITIGATION));
        match (mitigation, risks.last_mut()) {
            (Some((_, text)), Some((block, risk))) if stands_by(block, &passage.block) => {
                risk.mitigation = Some(clean(text));
                risk.evidence.push(passage.cite());
            }
            _ => risks.push((&passage.block, risk(passage, passage.full()))),
        }
    }
    risks.into_iter().map(|(_, risk)| risk).collect()
}

/// Whether a block is the other one, or follows on its next line.
fn stands_by(block: &Rc<Block<'_>>, next: &Rc<Block<'_>>) -> bool {
    let follows = block.source == next.source && block.lines.last + 1 == next.lines.first;
    Rc::ptr_eq(block, next) || follows
}

fn risk(passage: &Passage<'_>, text: String) -> Risk {
    Risk {
        id: Default::default(),
        risk: text,
        rating: None,
        likelihood: None,
        impact: None,
        mitigation: None,
        owner: None,
        status: Some(RiskStatus::Open),
        register: None,
        evidence: vec![passage.cite()],
        review: None,
    }
}

/// What somebody says the risk is; the whole sentence where the rest of it is not one by itself.
fn following(passage: &Passage<'_>) -> Option<String> {
    let end = cue::RISK.iter().find_map(|phrase| find(&passage.words, phrase))?.end;
    let count = passage.words.len();
    if count - end < FEWEST_WORDS {
        return Some(passage.text.clone());
    }
    Some(passage.slice(end..count).to_owned())
}
