//! What people and programs are told of runs and comparisons. It must not know how either is made.

use evals::compare::{Comparison, Run};
use evals::log::{Header, Log};
use evals::report::{Summary, figures, rows};
use evals::stats::{Latest, Verdict};
use serde_json::{Value, json};

use super::trial::errored;
use crate::show::screen::Screen;
use crate::show::table::Table;
use crate::show::words::{count, wrap};

/// Broken runs that are named.
const MOST_NAMED: usize = 5;

/// A log as the statistics take it.
pub fn of(log: &Log) -> Run<'_> {
    Run { header: &log.header, lines: &log.lines }
}

/// A run, summed up.
pub fn summary(log: &Log, screen: &Screen) {
    let summary = Summary::of(of(log));
    let Header { suite, drafter, .. } = &log.header;
    let repeats = if summary.repeats > 1 { format!(", {} repeats", summary.repeats) } else { String::new() };
    screen.line(&format!(
        "{}  {}, {}{repeats}, by {drafter}",
        screen.paint.strong(suite),
        count(summary.origin.cases, "case"),
        count(summary.clusters, "cluster"),
    ));
    let mut table = Table::new(&["scorer", "mean", "95% interval", "pooled", "cases", "failed"]);
    for row in rows::of_run(&summary) {
        table.row(vec![row.scorer, row.mean, row.interval, row.pooled, row.cases, row.failed]);
    }
    screen.line(&table.render(screen));
    for pass in &summary.passes {
        screen.line(&format!(
            "of {}: one passes all thresholds {}, all pass {}",
            count(usize::try_from(pass.k).unwrap_or(usize::MAX), "run"),
            figures::value(Some(&pass.any)),
            figures::value(Some(&pass.all)),
        ));
    }
    screen.line(&format!("took {}", figures::spent(&summary.spent)));
    if summary.judged.calls > 0 {
        screen.line(&format!("judging took {}", figures::spent(&summary.judged)));
    }
    for note in &summary.notes {
        screen.line(&wrap(
            &format!("{} ", screen.paint.waiting("note:")),
            "  ",
            &note.to_string(),
            screen.width,
        ));
    }
    let broken = errored(log);
    for (case, why) in broken.iter().take(MOST_NAMED) {
        screen.line(&wrap(
            &format!("{} ", screen.paint.bad("no score:")),
            "  ",
            &format!("{case}: {why}"),
            screen.width,
        ));
    }
    if broken.len() > MOST_NAMED {
        screen.line(&format!("and {} more", broken.len() - MOST_NAMED));
    }
}

/// The same for programs.
pub fn summary_value(log: &Log) -> Value {
    let summary = Summary::of(of(log));
    json!({
        "header": log.header, "summary": summary,
        "errored": errored(log).into_iter().map(|(case, why)| json!({ "case": case, "why": why })).collect::<Vec<_>>(),
    })
}

/// Two runs side by side.
pub fn comparison(comparison: &Comparison, screen: &Screen) {
    let Comparison { before, after, common, .. } = comparison;
    screen.line(&format!(
        "\n{} with the run of {} by {}: {} alike in both",
        screen.paint.strong("compared"),
        before.began,
        before.drafter,
        count(*common, "case"),
    ));
    if !comparison.changed.is_empty() {
        let cases = count(comparison.changed.len(), "case");
        let text = format!(
            "{cases} changed since, in what they give or expect, and are left out: {}; where only expectations changed, `csp eval score` scores the earlier log again",
            comparison.changed.join(", ")
        );
        screen.line(&wrap(&format!("{} ", screen.paint.waiting("note:")), "  ", &text, screen.width));
    }
    for (which, cases) in [("before", &comparison.only_before), ("now", &comparison.only_after)] {
        if !cases.is_empty() {
            screen.line(&format!("only {which}: {}", cases.join(", ")));
        }
    }
    let (prompts, others): (Vec<_>, Vec<_>) =
        comparison.differs.iter().partition(|change| change.what.starts_with("prompts."));
    for change in others {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        screen.line(&format!(
            "differs: {} was {}, is {}",
            change.what,
            said(&change.before),
            said(&change.after)
        ));
    }
    if !prompts.is_empty() {
        let tasks: Vec<_> =
            prompts.iter().filter_map(|change| change.what.strip_prefix("prompts.")).collect();
        screen.line(&wrap("differs: ", "  ", &format!("the prompts of {}", tasks.join(", ")), screen.width));
    }
    let mut table = Table::new(&["scorer", "before", "after", "difference", "95% interval", "p", "verdict"]);
    for (row, scorer) in rows::of_comparison(comparison).into_iter().zip(&comparison.scorers) {
        let verdict = if scorer.regression { screen.paint.bad(&row.verdict) } else { row.verdict };
        table.row(vec![row.scorer, row.before, row.after, row.difference, row.interval, row.p, verdict]);
    }
    screen.line(&table.render(screen));
    let verdict = comparison.verdict();
    let words = figures::verdict(verdict);
    screen.line(&format!(
        "{} of {}",
        match verdict {
            Verdict::Worse => screen.paint.bad(words),
            Verdict::Better => screen.paint.good(words),
            Verdict::NoDifferenceShown | Verdict::TooFewClusters => words.to_owned(),
        },
        after.suite
    ));
}

/// Whether a run has a case that a threshold of the suite failed.
pub fn fails(log: &Log) -> bool {
    Latest::of(&log.lines).lines().any(|line| line.passed() == Some(false))
}
