//! Markdown for a pull request: the verdict first, then figures, regressions and what it cost.
//! Cases' names and errors are other people's text, so they are written as code, where Markdown means nothing.
//! It must not know how figures come about.

use std::fmt::Write as _;

use super::figures;
use super::rows;
use super::summary::Summary;
use crate::compare::{Comparison, HeaderChange, ScorerComparison};
use crate::stats::Verdict;

/// Cases, changes or errors that a list names.
const MOST_NAMED: usize = 10;
/// Characters of one of them.
const LONGEST: usize = 160;

/// The report of a run, compared with an earlier one if there is one.
pub fn markdown(summary: &Summary, comparison: Option<&Comparison>) -> String {
    let mut text = format!("## Evals: {}\n\n", code(&summary.origin.suite));
    match comparison {
        Some(found) => compared(&mut text, found),
        None => scores(&mut text, summary),
    }
    passes(&mut text, summary);
    remarks(&mut text, summary);
    let _ = write!(text, "\nAgents: {}.", figures::spent(&summary.spent));
    if summary.judged.calls > 0 {
        let _ = write!(text, " Judge: {}.", figures::spent(&summary.judged));
    }
    text.push('\n');
    text
}

/// One sentence on what the comparison came to.
pub fn headline(found: &Comparison) -> String {
    let regressions: Vec<String> = found.regressions().map(|scorer| code(&scorer.scorer)).collect();
    let named = |verdict| -> Vec<String> {
        found
            .scorers
            .iter()
            .filter(|scorer| scorer.verdict == verdict)
            .map(|scorer| code(&scorer.scorer))
            .collect()
    };
    let (better, worse) = (named(Verdict::Better), named(Verdict::Worse));
    if !regressions.is_empty() {
        return format!("**Regression** in {}.", regressions.join(", "));
    }
    match (better.is_empty(), worse.is_empty()) {
        (true, true) if found.verdict() == Verdict::TooFewClusters => {
            "**Nothing can be shown**: too few clusters.".into()
        }
        (true, true) => "**No difference shown.**".into(),
        (false, true) => format!("**Better** in {}.", better.join(", ")),
        (true, false) => format!("**Worse within the margin** in {}.", worse.join(", ")),
        (false, false) => format!(
            "**Mixed**: better in {}, worse within the margin in {}.",
            better.join(", "),
            worse.join(", ")
        ),
    }
}

fn compared(text: &mut String, found: &Comparison) {
    let _ = writeln!(text, "{}\n", headline(found));
    text.push_str("| scorer | before | after | difference | 95% interval | p, corrected | verdict |\n|---|--:|--:|--:|--:|--:|---|\n");
    for compared in rows::of_comparison(found) {
        let _ = writeln!(text, "{}", row(&compared));
    }
    let _ = write!(text, "\n{} compared", figures::counted(wide(found.common), "case"));
    let beside = [
        ("changed between the runs and left out", found.changed.len()),
        ("only before", found.only_before.len()),
        ("only after", found.only_after.len()),
    ];
    for (what, number) in beside.iter().filter(|(_, number)| *number > 0) {
        let _ = write!(text, ", {number} {what}");
    }
    text.push_str(".\n");
    for scorer in found.regressions() {
        let _ = writeln!(text, "\nMost lost in {}: {}.", code(&scorer.scorer), changed_cases(scorer));
    }
    differs(text, &found.differs);
}

fn row(row: &rows::ComparedRow) -> String {
    let rows::ComparedRow { before, after, difference, interval, p, verdict, .. } = row;
    let mark = if verdict.ends_with("regression") { format!("**{verdict}**") } else { verdict.clone() };
    format!("| {} | {before} | {after} | {difference} | {interval} | {p} | {mark} |", code(&row.scorer))
}

fn changed_cases(scorer: &ScorerComparison) -> String {
    let told = scorer.changes.iter().take(scorer.worsened.min(MOST_NAMED));
    let told: Vec<String> = told
        .map(|change| {
            format!(
                "{} ({} → {})",
                code(&change.case),
                figures::figure(change.before),
                figures::figure(change.after)
            )
        })
        .collect();
    told.join(", ")
}

fn differs(text: &mut String, changes: &[HeaderChange]) {
    if changes.is_empty() {
        text.push_str("\nThe headers of both runs are the same.\n");
        return;
    }
    text.push_str("\nWhat differs: ");
    let side = |value: &Option<String>| {
        value.as_deref().map_or_else(|| "nothing".into(), |value| code(figures::short(value)))
    };
    let told = changes.iter().take(MOST_NAMED * 2);
    let told: Vec<String> = told
        .map(|change| {
            format!("{} from {} to {}", code(&change.what), side(&change.before), side(&change.after))
        })
        .collect();
    let _ = writeln!(text, "{}.", told.join("; "));
}

fn scores(text: &mut String, summary: &Summary) {
    text.push_str(
        "| scorer | mean | 95% interval | pooled | measured | failed |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for row in rows::of_run(summary) {
        let scorer = code(&row.scorer);
        let _ = writeln!(
            text,
            "| {scorer} | {} | {} | {} | {} | {} |",
            row.mean, row.interval, row.pooled, row.cases, row.failed
        );
    }
}

fn passes(text: &mut String, summary: &Summary) {
    let told: Vec<String> = summary
        .passes
        .iter()
        .map(|rate| {
            let (k, any, all) = (rate.k, figures::figure(rate.any.value), figures::figure(rate.all.value));
            format!("pass@{k} {any}, pass^{k} {all}")
        })
        .collect();
    if !told.is_empty() {
        let _ = writeln!(text, "\n{}.", told.join("; "));
    }
}

fn remarks(text: &mut String, summary: &Summary) {
    for note in &summary.notes {
        let _ = writeln!(text, "\n> {note}.");
    }
    for errored in summary.errored.iter().take(MOST_NAMED) {
        let _ = writeln!(text, "\n- {} broke: {}", code(&errored.case), code(&errored.why));
    }
}

/// Text as code in a table's cell, whatever is in it.
fn code(text: &str) -> String {
    let is_plain = |c: char| !c.is_control() && c != '`';
    let flat: String = text.chars().take(LONGEST).map(|c| if is_plain(c) { c } else { ' ' }).collect();
    format!("`{}`", flat.replace('|', "\\|"))
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
