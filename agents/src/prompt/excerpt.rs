//! Which lines of the material a prompt shows when there is room for so many characters: all of them if
//! they fit, else the material that the task is about and the passages that fit its sections best.
//! It must not know templates.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use infohub::evidence::LineRange;
use infohub::plan::SectionKey;
use tools::material::{Library, Line, Material};

use super::{Excerpt, LeftOut};

/// Characters of one line; the rest of a longer one is left to the tools.
const LONGEST_LINE: usize = 1_000;
/// Passages that are ranked.
const PASSAGES: usize = 400;
/// The share of the room that the material in focus may take, in hundredths.
const FOCUS_SHARE: usize = 60;

/// What was chosen.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) text: String,
    pub(super) included: Vec<Excerpt>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Chooses lines for a task that writes these sections.
pub(super) fn choose(library: &Library, sections: &[SectionKey], focus: Option<&str>, room: usize) -> Chosen {
    let mut choice = Choice { room, lines: BTreeMap::new() };
    if !library.materials().all(|material| choice.take(material, 0, usize::MAX)) {
        choice = Choice { room, lines: BTreeMap::new() };
        if let Some(material) = focus.and_then(|path| library.get(path)) {
            choice.take_up_to(material, room * FOCUS_SHARE / 100);
        }
        for hit in library.search(&query(sections), PASSAGES) {
            if let Some(material) = library.get(&hit.path) {
                let from = material.lines.partition_point(|line| line.number < hit.line);
                let to = material.lines.partition_point(|line| line.number <= hit.last_line);
                choice.take(material, from, to);
            }
        }
        // Where the search finds little, the newest material fills what room there is.
        let mut newest: Vec<&Material> = library.materials().collect();
        newest.sort_by(|left, right| right.date.cmp(&left.date).then(left.path.cmp(&right.path)));
        for material in newest {
            choice.take_up_to(material, usize::MAX);
        }
    }
    choice.finish(library)
}

/// Words by which passages for a section are found.
fn query(sections: &[SectionKey]) -> String {
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
    words.collect::<Vec<_>>().join(" ")
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

    fn finish(self, library: &Library) -> Chosen {
        let mut chosen = Chosen::default();
        let none = BTreeSet::new();
        for material in library.materials() {
            let taken = self.lines.get(&material.path).unwrap_or(&none);
            if taken.len() < material.lines.len() {
                let lines = material.lines.len() - taken.len();
                chosen.left_out.push(LeftOut { source: material.path.clone(), lines });
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
