//! Which lines of the material a prompt shows when there is room for so many characters: all of them if
//! they fit, else the material that the task is about and the passages that fit it best, newer before older.
//! What is not shown is told with its reason.
//! It must not know templates.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use infohub::evidence::LineRange;
use infohub::plan::SectionKey;
use jiff::civil::Date;
use tools::material::{Library, Line, Material};

use super::{Excerpt, LeftOut, WhyLeftOut};
use crate::charter::MaterialView;

/// Characters of one line; the rest of a longer one is left to the tools.
const LONGEST_LINE: usize = 1_000;
/// Passages that are ranked.
const PASSAGES: usize = 400;
/// The share of the room that the material in focus may take, in hundredths.
const FOCUS_SHARE: usize = 60;
/// Days in which half of a passage's advantage of being new is gone.
const HALF_LIFE_DAYS: f64 = 90.0;

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) text: String,
    pub(super) included: Vec<Excerpt>,
    pub(super) left_out: Vec<LeftOut>,
}

/// What a task wants of the material.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// The sections that it writes.
    pub(super) sections: &'a [SectionKey],
    /// What its charter says of the material.
    pub(super) view: &'a MaterialView,
    /// The material that it was started for.
    pub(super) focus: Option<&'a str>,
}

/// Chooses lines for a task: the material in focus first, then passages by how well they fit and how new they
/// are, then the newest material as far as room goes.
pub(super) fn choose(library: &Library, wanted: Wanted<'_>, room: usize) -> Chosen {
    let seen: Vec<(&Material, Option<WhyLeftOut>)> = declared(library, wanted);
    let open: Vec<&Material> =
        seen.iter().filter(|(_, left_out)| left_out.is_none()).map(|(material, _)| *material).collect();
    let mut choice = Choice { room, lines: BTreeMap::new() };
    if !open.iter().all(|material| choice.take(material, 0, usize::MAX)) {
        choice = Choice { room, lines: BTreeMap::new() };
        if let Some(material) = open.iter().find(|material| Some(material.path.as_str()) == wanted.focus) {
            let whole = choice.take(material, 0, usize::MAX);
            if !whole {
                choice.take_up_to(material, room * FOCUS_SHARE / 100);
            }
        }
        for (material, from, to) in ranked(library, &open, wanted) {
            choice.take(material, from, to);
        }
        // Where the search finds little, the newest material fills what room there is.
        for material in newest_first(&open) {
            choice.take_up_to(material, usize::MAX);
        }
    }
    let mut chosen = choice.finish(&seen);
    let unread = library.skipped().map(|skipped| LeftOut {
        source: skipped.path,
        lines: 0,
        why: WhyLeftOut::Unread(skipped.reason.to_string()),
    });
    chosen.left_out.extend(unread);
    chosen
}

/// All material in the order of paths, each with the reason why the task is not to see it, if there is one.
fn declared<'a>(library: &'a Library, wanted: Wanted<'_>) -> Vec<(&'a Material, Option<WhyLeftOut>)> {
    let MaterialView { from, newest, .. } = wanted.view;
    let within = |path: &str| from.is_empty() || from.iter().any(|folder| is_below(path, folder));
    let in_focus = |path: &str| wanted.focus == Some(path);
    let candidates: Vec<&Material> = library.materials().filter(|entry| within(&entry.path)).collect();
    let newest: Option<BTreeSet<&str>> = newest.map(|most| {
        newest_first(&candidates).into_iter().take(most).map(|entry| entry.path.as_str()).collect()
    });
    let reason = |path: &str| {
        if in_focus(path) {
            None
        } else if !within(path) {
            Some(WhyLeftOut::Undeclared)
        } else if newest.as_ref().is_some_and(|newest| !newest.contains(path)) {
            Some(WhyLeftOut::Older)
        } else {
            None
        }
    };
    library.materials().map(|entry| (entry, reason(&entry.path))).collect()
}

/// Whether the material lies in a folder of `materials/`.
fn is_below(path: &str, folder: &str) -> bool {
    let inside = path.strip_prefix("materials/").unwrap_or(path);
    inside.strip_prefix(folder.trim_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}

fn newest_first<'a>(materials: &[&'a Material]) -> Vec<&'a Material> {
    let mut newest = materials.to_vec();
    newest.sort_by(|left, right| right.date.cmp(&left.date).then(left.path.cmp(&right.path)));
    newest
}

/// Passages with their places, best first: how well they fit, times how new their material is.
fn ranked<'a>(
    library: &Library,
    open: &[&'a Material],
    wanted: Wanted<'_>,
) -> Vec<(&'a Material, usize, usize)> {
    let today = open.iter().filter_map(|material| material.date).max();
    let query = query(wanted.sections, &wanted.view.about);
    let mut passages: Vec<(f64, &Material, usize, usize)> = Vec::new();
    for hit in library.search(&query, PASSAGES) {
        let Some(material) = open.iter().find(|material| material.path == hit.path) else { continue };
        let from = material.lines.partition_point(|line| line.number < hit.line);
        let to = material.lines.partition_point(|line| line.number <= hit.last_line);
        passages.push((hit.score * freshness(material.date, today), material, from, to));
    }
    // The search's own order decides between equals, and the sort is stable.
    passages.sort_by(|left, right| right.0.total_cmp(&left.0));
    passages.into_iter().map(|(_, material, from, to)| (material, from, to)).collect()
}

/// 1 for the newest material, halfway down to one half after three months, one half for what has no date.
fn freshness(date: Option<Date>, newest: Option<Date>) -> f64 {
    let (Some(date), Some(newest)) = (date, newest) else { return 0.5 };
    let days = f64::from(date.until(newest).map_or(0, |span| span.get_days()));
    0.5 + 0.5 * (-days / HALF_LIFE_DAYS).exp2()
}

/// Words by which passages for a section are found.
fn query(sections: &[SectionKey], about: &[String]) -> String {
    let words = sections.iter().map(|section| match section {
        SectionKey::Background => "company priority challenge goal outcome target baseline why now",
        SectionKey::Stakeholders => "role head director owner responsible team sponsor",
        SectionKey::CurrentState => "current tools process pain problem manual constraint today want",
        SectionKey::TechnicalActivities => "work done planned blocked integration setup",
        SectionKey::TechnicalEvaluation => "evaluation success criteria pilot test measure access timeline",
        SectionKey::AdoptionJourney => "phase milestone rollout go-live due date owner",
        SectionKey::Initiatives => "initiative next days quarter",
        SectionKey::ValueTracking => "usage active users metric measured adoption",
        SectionKey::Handoff => "promised commit send open item meeting weekly",
        SectionKey::Risks => "risk concern delay depends mitigation",
        SectionKey::ProfessionalServices => "services engagement deliverable",
        SectionKey::CustomerJourney => "experience friction moment journey",
        SectionKey::VoiceOfCustomer => "feedback score survey said",
        SectionKey::DecisionLog => "decided decision agreed resolved approved chose",
        SectionKey::RiskRegister => "risk concern delay blocker mitigation worried",
        SectionKey::ActionTracker => "action will next step owner due follow up send",
        SectionKey::Briefing => "review result progress value milestone due",
    });
    // The task's own words come first: a query is read up to a bound.
    about.iter().map(String::as_str).chain(words).collect::<Vec<_>>().join(" ")
}

/// The lines taken so far, by material and place.
struct Choice {
    room: usize,
    lines: BTreeMap<String, BTreeSet<usize>>,
}

impl Choice {
    /// Takes all lines between two places, if all of them fit.
    fn take(&mut self, material: &Material, from: usize, to: usize) -> bool {
        let to = to.min(material.lines.len());
        let taken = self.lines.get(&material.path);
        let new: Vec<usize> =
            (from..to).filter(|at| !taken.is_some_and(|taken| taken.contains(at))).collect();
        let lines = new.iter().filter_map(|at| material.lines.get(*at));
        let header = if taken.is_none() { header(material).len() } else { 0 };
        let cost = header + lines.map(|line| shown(line).len() + 1).sum::<usize>();
        let fits = cost <= self.room;
        if fits && !new.is_empty() {
            self.room -= cost;
            self.lines.entry(material.path.clone()).or_default().extend(new);
        }
        fits
    }

    /// Takes lines from the beginning while they fit.
    fn take_up_to(&mut self, material: &Material, most: usize) {
        let kept = self.room;
        for at in 0..material.lines.len() {
            if kept - self.room >= most || !self.take(material, at, at + 1) {
                break;
            }
        }
    }

    fn finish(self, materials: &[(&Material, Option<WhyLeftOut>)]) -> Chosen {
        let mut chosen = Chosen::default();
        let none = BTreeSet::new();
        for (material, reason) in materials {
            let taken = self.lines.get(&material.path).unwrap_or(&none);
            if taken.len() < material.lines.len() {
                let lines = material.lines.len() - taken.len();
                let why = reason.clone().unwrap_or(WhyLeftOut::NoRoom);
                chosen.left_out.push(LeftOut { source: material.path.clone(), lines, why });
            }
            if !taken.is_empty() {
                chosen.text.push_str(&header(material));
                let lines = taken.iter().filter_map(|at| material.lines.get(*at));
                lines.clone().for_each(|line| {
                    let _ = writeln!(chosen.text, "{}", shown(line));
                });
                chosen
                    .included
                    .push(Excerpt { source: material.path.clone(), lines: ranges(taken, material) });
            }
        }
        chosen
    }
}

/// Neighbouring lines as ranges, by the numbers that people see.
fn ranges(taken: &BTreeSet<usize>, material: &Material) -> Vec<LineRange> {
    let mut ranges: Vec<(usize, LineRange)> = Vec::new();
    for at in taken {
        let Some(number) = material.lines.get(*at).map(|line| line.number) else { continue };
        match ranges.last_mut() {
            Some((last, range)) if *last + 1 == *at => {
                *last = *at;
                range.last = number;
            }
            _ => ranges.push((*at, LineRange { first: number, last: number })),
        }
    }
    ranges.into_iter().map(|(_, range)| range).collect()
}

fn header(material: &Material) -> String {
    let date = material.date.map(|date| format!(" ({date})")).unwrap_or_default();
    format!("## {}{date}\n", material.path)
}

/// A line with its number, and who says it where the text does not.
pub(crate) fn shown(line: &Line) -> String {
    let text: String = line.text.chars().take(LONGEST_LINE).collect();
    let more = if text.len() < line.text.len() { "…" } else { "" };
    match &line.speaker {
        Some(speaker) if line.said() == line.text => format!("{} {speaker}| {text}{more}", line.number),
        _ => format!("{}| {text}{more}", line.number),
    }
}

#[cfg(test)]
mod tests;
