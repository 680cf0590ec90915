//! Figures with a name: from sentences, from `name: value` lines, from tables. Two values for one figure are
//! a question and not a choice. It must not know sections.

use std::rc::Rc;

use infohub::evidence::Evidence;
use infohub::plan::SectionKey;

use super::block::{Block, Kind};
use super::desk::Desk;
use super::passage::Passage;
use super::quantity::quantities;
use super::shift::shift;
use super::topic::Topic;
use super::words::{Word, alike, content, has, words};

/// So many figures are compared with one another at most.
const MOST: usize = 200;
/// Two names with this share of words in common name one figure.
const SAME_NAME: usize = 80;

/// A figure: what is measured, its value today, the value that is wanted.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) name: String,
    pub(super) today: Option<String>,
    pub(super) wanted: Option<String>,
    pub(super) evidence: Evidence,
    /// Where it stands, for questions.
    place: String,
}

/// The figures of an account; of one that is given several values only the first.
pub(super) fn figures(desk: &Desk<'_>) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    for figure in all(desk) {
        if !figures.iter().any(|known| same_name(known, &figure)) {
            figures.push(figure);
        }
    }
    figures
}

/// Asks which value holds, for each figure that the material gives several values of today.
pub(super) fn ask_which_holds(desk: &mut Desk<'_>) {
    let all = all(desk);
    for (at, figure) in all.iter().enumerate() {
        let Some(today) = &figure.today else { continue };
        let other = all[..at].iter().find(|known| same_name(known, figure));
        let Some((known, Some(before))) = other.map(|known| (known, &known.today)) else { continue };
        if content(before) != content(today) {
            let question = format!(
                "The material gives two values of today for \"{}\": {before} ({}) and {today} ({}). Which one holds?",
                known.name, known.place, figure.place
            );
            desk.ask(SectionKey::CurrentState, question);
        }
    }
    for passage in ambiguous(desk) {
        desk.ask(SectionKey::CurrentState, passage);
    }
}

fn all(desk: &Desk<'_>) -> Vec<Figure> {
    let sentences = desk.reading.statements().filter(|passage| !desk.is_ours(passage)).filter_map(moved);
    let lines = desk.reading.under(Topic::Figures).filter_map(valued);
    sentences.chain(lines).chain(tables(&desk.reading.blocks)).take(MOST).collect()
}

fn same_name(left: &Figure, right: &Figure) -> bool {
    alike(&content(&left.name), &content(&right.name), SAME_NAME)
}

fn moved(passage: &Passage<'_>) -> Option<Figure> {
    let shift = shift(passage)?;
    Some(Figure {
        name: shift.metric?,
        today: shift.baseline,
        wanted: shift.target,
        evidence: passage.cite(),
        place: passage.place(),
    })
}

/// `Length of the meeting: 50 minutes`
fn valued(passage: &Passage<'_>) -> Option<Figure> {
    let name = passage.label.clone()?;
    let found = measures(passage);
    let [value] = found.as_slice() else { return None };
    Some(Figure {
        name,
        today: Some(passage.slice(value.clone()).to_owned()),
        wanted: None,
        evidence: passage.cite(),
        place: passage.place(),
    })
}

/// The quantities of a line, apart from those in brackets, which only explain.
fn measures(passage: &Passage<'_>) -> Vec<std::ops::Range<usize>> {
    let bracket = passage.text.find('(').unwrap_or(passage.text.len());
    quantities(&passage.words).into_iter().filter(|range| passage.words[range.start].from < bracket).collect()
}

/// Questions about lines that name a figure and give several values for it.
fn ambiguous(desk: &Desk<'_>) -> Vec<String> {
    let lines = desk
        .reading
        .under(Topic::Figures)
        .filter(|passage| measures(passage).len() > 1 && shift(passage).is_none());
    lines
        .filter_map(|passage| {
            Some(format!(
                "Which value of today holds for \"{}\"? {} gives several: {}",
                passage.label.as_ref()?,
                passage.place(),
                passage.text
            ))
        })
        .collect()
}

/// The rows of tables that have a column for today and, perhaps, one for the target.
fn tables(blocks: &[Rc<Block<'_>>]) -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut columns: Option<Columns> = None;
    for block in blocks {
        if block.kind != Kind::Row || block.topics.contains(&Topic::Internal) {
            columns = None;
            continue;
        }
        let cells: Vec<&str> = block.text.trim().trim_matches('|').split('|').map(str::trim).collect();
        match &columns {
            Some(columns) => figures.extend(columns.figure(&cells, block)),
            None => columns = Some(Columns::of(&cells)),
        }
    }
    figures
}

/// Which column of a table holds what.
struct Columns {
    today: Option<usize>,
    wanted: Option<usize>,
}

impl Columns {
    fn of(header: &[&str]) -> Self {
        let named = |names: &[&str]| {
            let is = |cell: &&str| has(&words(cell), names);
            header.iter().skip(1).position(is).map(|at| at + 1)
        };
        Self {
            today: named(&["today", "baseline", "current", "now", "value", "as is"]),
            wanted: named(&["target", "goal", "wanted", "to be"]),
        }
    }

    fn figure(&self, cells: &[&str], block: &Block<'_>) -> Option<Figure> {
        let cell = |at: Option<usize>| {
            let text = cells.get(at?)?;
            let figure =
                |words: &[Word]| words.iter().any(|word| word.low.starts_with(|c: char| c.is_ascii_digit()));
            figure(&words(text)).then(|| (*text).to_owned())
        };
        let (today, wanted) = (cell(self.today), cell(self.wanted));
        let name = cells.first().filter(|name| !name.is_empty() && (today.is_some() || wanted.is_some()))?;
        Some(Figure {
            name: (*name).to_owned(),
            today,
            wanted,
            evidence: block.cite(),
            place: format!("{}:{}", block.source, block.lines.first),
        })
    }
}
