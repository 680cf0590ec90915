//! Two runs of a suite, compared: what differs between them, and for each scorer the paired difference with its
//! interval, its verdict, and whether it is a regression. It must not know files or how this is shown.
//!
//! Only cases that both runs have, and that said the same in both, are compared; the others are named. All scorers
//! together are held to one chance of error (Holm); the slices by tag are there to look at, and have no verdicts.

mod headers;
mod scorer;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use headers::{HeaderChange, Origin};
pub use scorer::{CaseChange, PooledComparison, ScorerComparison};

use crate::log::{Header, Line};
use crate::score::Direction;
use crate::stats::{CaseScore, Estimate, Latest, Verdict, case_scores, holm, pair};
use crate::suite::CaseHash;

/// A run as its log has it.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The log's first line.
    pub header: &'a Header,
    /// The other lines, in the order in which they were appended.
    pub lines: &'a [Line],
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The earlier run, as the baseline.
    pub before: Origin,
    /// The later one.
    pub after: Origin,
    /// What their headers have different.
    pub differs: Vec<HeaderChange>,
    /// Cases that are compared.
    pub common: usize,
    /// Cases of the same id that give or expect something else by now.
    pub changed: Vec<String>,
    /// Cases that only the earlier run has.
    pub only_before: Vec<String>,
    /// Cases that only the later run has.
    pub only_after: Vec<String>,
    /// Scorers that only one of them has.
    pub scorers_of_one: Vec<String>,
    /// The scorers that both have.
    pub scorers: Vec<ScorerComparison>,
    /// The same by tag, without verdicts.
    pub slices: Vec<Slice>,
}

/// The cases of one tag.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// The tag.
    pub tag: String,
    /// Each scorer's difference, after less before; not corrected for the number of slices.
    pub differences: Vec<SliceDifference>,
}

/// A scorer's difference within a slice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliceDifference {
    /// The scorer.
    pub scorer: String,
    /// After less before.
    pub difference: Estimate,
}

impl Comparison {
    /// Of a run with an earlier one.
    pub fn of(before: Run<'_>, after: Run<'_>) -> Self {
        let (earlier, later) = (Latest::of(before.lines), Latest::of(after.lines));
        let (old, new) = (hashes(&earlier), hashes(&later));
        let of_one = |one: &Hashes<'_>, other: &Hashes<'_>| -> Vec<String> {
            one.keys().filter(|case| !other.contains_key(*case)).map(ToString::to_string).collect()
        };
        let both_have = old.iter().filter_map(|(case, hash)| Some((*case, *hash, *new.get(case)?)));
        let (alike, changed): (Vec<_>, Vec<_>) = both_have.partition(|(_, old, new)| old == new);
        let alike: BTreeSet<&str> = alike.into_iter().map(|(case, ..)| case).collect();
        let both = |name: &&String| before.header.scorers.contains_key(*name);
        let scorers = after.header.scorers.keys().filter(both);
        let sides: Vec<Sides<'_>> =
            scorers.map(|scorer| Sides::of(scorer, after.header, (&earlier, &later), &alike)).collect();
        Self {
            before: Origin::of(before.header, &earlier),
            after: Origin::of(after.header, &later),
            differs: headers::changes(before.header, after.header),
            common: alike.len(),
            changed: changed.into_iter().map(|(case, ..)| case.to_owned()).collect(),
            only_before: of_one(&old, &new),
            only_after: of_one(&new, &old),
            scorers_of_one: headers::scorers_of_one(before.header, after.header),
            slices: slices(&sides),
            scorers: judged(&sides, after.header),
        }
    }

    /// The scorers that lost more than their margin, and are shown to have.
    pub fn regressions(&self) -> impl Iterator<Item = &ScorerComparison> {
        self.scorers.iter().filter(|scorer| scorer.regression)
    }

    /// The cases that lost in at least one scorer.
    pub fn lost(&self) -> BTreeSet<&str> {
        let scorers = self.scorers.iter();
        let lost = scorers.flat_map(|scorer| scorer.changes.iter().take(scorer.worsened));
        lost.map(|change| change.case.as_str()).collect()
    }

    /// All scorers that count together: worse if one is, else better if one is.
    pub fn verdict(&self) -> Verdict {
        let has = |verdict| self.scorers.iter().any(|scorer| scorer.counts && scorer.verdict == verdict);
        [Verdict::Worse, Verdict::Better, Verdict::NoDifferenceShown]
            .into_iter()
            .find(|verdict| has(*verdict))
            .unwrap_or(Verdict::TooFewClusters)
    }
}

/// What each case of a run said.
type Hashes<'a> = BTreeMap<&'a str, &'a CaseHash>;

fn hashes<'a>(latest: &Latest<'a>) -> Hashes<'a> {
    latest.lines().map(|line| (line.case.as_str(), &line.hash)).collect()
}

/// A scorer's cases in both runs, of those that said the same in both.
struct Sides<'a> {
    scorer: &'a str,
    direction: Direction,
    before: Vec<CaseScore<'a>>,
    after: Vec<CaseScore<'a>>,
}

impl<'a> Sides<'a> {
    fn of(
        scorer: &'a str,
        header: &Header,
        (before, after): (&Latest<'a>, &Latest<'a>),
        alike: &BTreeSet<&str>,
    ) -> Self {
        let direction = header.scorers.get(scorer).copied().unwrap_or(Direction::MoreIsBetter);
        let scores = |latest| {
            let mut scores = case_scores(latest, scorer);
            scores.retain(|score| alike.contains(score.case));
            scores
        };
        Self { scorer, direction, before: scores(before), after: scores(after) }
    }

    fn tagged(&self, tag: &str) -> Self {
        let of = |scores: &[CaseScore<'a>]| -> Vec<CaseScore<'a>> {
            scores.iter().filter(|score| score.tags.iter().any(|one| one == tag)).cloned().collect()
        };
        Self {
            scorer: self.scorer,
            direction: self.direction,
            before: of(&self.before),
            after: of(&self.after),
        }
    }
}

/// Every scorer's comparison, with the p values corrected for all of them.
fn judged(sides: &[Sides<'_>], header: &Header) -> Vec<ScorerComparison> {
    let mut found: Vec<_> = sides
        .iter()
        .filter_map(|side| {
            ScorerComparison::of(side.scorer, side.direction, &pair(&side.before, &side.after))
        })
        .collect();
    let corrected = holm(&found.iter().map(|one| one.p).collect::<Vec<_>>());
    for (scorer, corrected) in found.iter_mut().zip(corrected) {
        scorer.judge(corrected, header.margins.get(&scorer.scorer).copied());
    }
    found
}

/// The slices of all tags that cases of the later run have.
fn slices(sides: &[Sides<'_>]) -> Vec<Slice> {
    let tags: BTreeSet<&String> =
        sides.iter().flat_map(|side| &side.after).flat_map(|score| score.tags).collect();
    let differences = |tag: &str| {
        sides
            .iter()
            .map(|side| side.tagged(tag))
            .filter_map(|side| {
                let difference = scorer::difference(side.direction, &pair(&side.before, &side.after))?;
                Some(SliceDifference { scorer: side.scorer.to_owned(), difference })
            })
            .collect()
    };
    tags.into_iter().map(|tag| Slice { tag: tag.clone(), differences: differences(tag) }).collect()
}
