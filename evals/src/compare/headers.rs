//! What two runs have different in their headers. It must not know scores.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use crate::log::Header;
use crate::stats::Latest;

/// Where a run's figures come from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// The suite.
    pub suite: String,
    /// Its hash.
    pub suite_hash: String,
    /// Who drafted.
    pub drafter: String,
    /// The workspace's git revision.
    pub git: Option<String>,
    /// When the run began.
    pub began: Timestamp,
    /// Cases in the log.
    pub cases: usize,
    /// Runs that broke and so have no score.
    pub errored: usize,
}

/// Something that differs between two headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderChange {
    /// What, as `drafter`, `prompts.sa` or `settings.temperature`.
    pub what: String,
    /// In the earlier run.
    pub before: Option<String>,
    /// In the later one.
    pub after: Option<String>,
}

impl Origin {
    pub(crate) fn of(header: &Header, latest: &Latest<'_>) -> Self {
        Self {
            suite: header.suite.clone(),
            suite_hash: header.suite_hash.clone(),
            drafter: header.drafter.clone(),
            git: header.git.clone(),
            began: header.began,
            cases: latest.cases().len(),
            errored: latest.errored().count(),
        }
    }
}

/// All that differs but the time; the scorers are told apart.
pub(super) fn changes(before: &Header, after: &Header) -> Vec<HeaderChange> {
    let named = |header: &Header| {
        [
            ("suite", Some(header.suite.clone())),
            ("suite_hash", Some(header.suite_hash.clone())),
            ("drafter", Some(header.drafter.clone())),
            ("csp", Some(header.csp.clone())),
            ("git", header.git.clone()),
            ("repeats", Some(header.repeats.to_string())),
        ]
    };
    let mut found: Vec<HeaderChange> = named(before)
        .into_iter()
        .zip(named(after))
        .filter(|((_, old), (_, new))| old != new)
        .map(|((what, before), (_, after))| HeaderChange { what: what.to_owned(), before, after })
        .collect();
    found.extend(of_maps("prompts", &before.prompts, &after.prompts));
    found.extend(of_maps("settings", &before.settings, &after.settings));
    found.extend(of_maps("margins", &texts(&before.margins), &texts(&after.margins)));
    found
}

fn texts(margins: &BTreeMap<String, f64>) -> BTreeMap<String, String> {
    margins.iter().map(|(name, margin)| (name.clone(), margin.to_string())).collect()
}

fn of_maps(
    prefix: &str,
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<HeaderChange> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| HeaderChange {
            what: format!("{prefix}.{name}"),
            before: before.get(name).cloned(),
            after: after.get(name).cloned(),
        })
        .collect()
}

/// The scorers that only one of the headers names.
pub(super) fn scorers_of_one(before: &Header, after: &Header) -> Vec<String> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) =
        (before.scorers.keys().collect(), after.scorers.keys().collect());
    old.symmetric_difference(&new).map(|name| (*name).clone()).collect()
}
