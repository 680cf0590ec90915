//! One material folded once: its words with their places, and where each word occurs. It must not know
//! what a quote is looked up for.

use std::collections::HashMap;

use infohub::evidence::LineRange;
use tools::material::{Line, LineKind, Material};

use super::fold::Folded;
use super::words::words;

/// The words of a material in order; kept apart from the material, whose lines it points into.
#[derive(Debug)]
pub(super) struct Index {
    text: String,
    words: Vec<Word>,
    /// For each line of the material the byte at which the part that is read starts.
    offsets: Vec<u32>,
    ids: HashMap<String, u32>,
    /// Places of word `id`: `places[starts[id]..starts[id + 1]]`.
    starts: Vec<u32>,
    places: Vec<u32>,
}

/// A word and its place: in the folded text, and in a line of the material.
#[derive(Debug, Clone, Copy)]
struct Word {
    id: u32,
    at: u32,
    end: u32,
    line: u32,
    from: u32,
    to: u32,
}

/// Which part of a line is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// All of it.
    Whole,
    /// What is said, without the time and name in front.
    Said,
}

impl View {
    /// The part, and where in the line it starts.
    fn of(self, line: &Line) -> (&str, usize) {
        match self {
            Self::Whole => (&line.text, 0),
            Self::Said => {
                let said = line.said();
                (said, line.text.rfind(said).unwrap_or(0))
            }
        }
    }
}

impl Index {
    pub(super) fn of(material: &Material, view: View) -> Self {
        let mut index = Self {
            text: String::new(),
            words: Vec::new(),
            offsets: Vec::new(),
            ids: HashMap::new(),
            starts: Vec::new(),
            places: Vec::new(),
        };
        let mut folded = Folded::default();
        for (number, line) in (0u32..).zip(&material.lines) {
            let (part, offset) = view.of(line);
            folded.set(part);
            index.offsets.push(narrow(offset));
            index.add(&folded, number, narrow(offset));
        }
        index.post();
        index
    }

    fn add(&mut self, folded: &Folded, line: u32, offset: u32) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let base = narrow(self.text.len());
        for range in words(&folded.text) {
            let word = folded.text.get(range.clone()).unwrap_or_default();
            let next = narrow(self.ids.len());
            let id = match self.ids.get(word) {
                Some(id) => *id,
                None => *self.ids.entry(word.to_owned()).or_insert(next),
            };
            let from = folded.from.get(range.start).copied().unwrap_or_default();
            let to = folded.to.get(range.end - 1).copied().unwrap_or_default();
            self.words.push(Word {
                id,
                at: base + narrow(range.start),
                end: base + narrow(range.end),
                line,
                from: offset + from,
                to: offset + to,
            });
        }
        self.text.push_str(&folded.text);
    }

    /// Sorts the places by word: counted first, so that two flat lists hold them all.
    fn post(&mut self) {
        self.starts = vec![0; self.ids.len() + 1];
        for word in &self.words {
            if let Some(count) = self.starts.get_mut(word.id as usize + 1) {
                *count += 1;
            }
        }
        for at in 1..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        let mut next = self.starts.clone();
        self.places = vec![0; self.words.len()];
        for (place, word) in (0u32..).zip(&self.words) {
            let slot = &mut next[word.id as usize];
            self.places[*slot as usize] = place;
            *slot += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// The id of a folded word, if the material has it.
    pub(super) fn id(&self, word: &str) -> Option<u32> {
        self.ids.get(word).copied()
    }

    /// The id of the word at a place.
    pub(super) fn at(&self, place: usize) -> Option<u32> {
        self.words.get(place).map(|word| word.id)
    }

    /// Where a word occurs, in order.
    pub(super) fn places(&self, id: u32) -> &[u32] {
        let bounds = self.starts.get(id as usize).zip(self.starts.get(id as usize + 1));
        bounds.and_then(|(from, to)| self.places.get(*from as usize..*to as usize)).unwrap_or_default()
    }

    /// The folded text of one word.
    pub(super) fn word(&self, place: usize) -> &str {
        self.folded(Run { first: place, last: place })
    }

    /// The folded text of a run, with all that stands between its words.
    pub(super) fn folded(&self, run: Run) -> &str {
        let bounds = self.words.get(run.first).zip(self.words.get(run.last));
        bounds
            .and_then(|(first, last)| self.text.get(first.at as usize..last.end as usize))
            .unwrap_or_default()
    }

    /// What stands between a word and the next one.
    pub(super) fn between(&self, place: usize) -> &str {
        let bounds = self.words.get(place).zip(self.words.get(place + 1));
        bounds.and_then(|(word, next)| self.text.get(word.end as usize..next.at as usize)).unwrap_or_default()
    }

    /// Whether the word after this one belongs to another list item, row or speech, and not to the same
    /// running text.
    pub(super) fn breaks_block(&self, place: usize, material: &Material) -> bool {
        let next = self.words.get(place + 1).and_then(|word| material.lines.get(word.line as usize));
        self.opens_line(place + 1) && next.is_none_or(|line| line.kind != LineKind::Text)
    }

    /// The lines that a run stands on.
    pub(super) fn lines(&self, run: Run, material: &Material) -> LineRange {
        let number = |place: usize| {
            let line = self.words.get(place).map_or(0, |word| word.line as usize);
            material.lines.get(line).map_or(1, |line| line.number)
        };
        let first = number(run.first);
        LineRange { first, last: number(run.last).max(first) }
    }

    /// The material's own spelling of a run, line breaks as spaces.
    pub(super) fn source(&self, run: Run, material: &Material) -> String {
        let Some((first, last)) = self.words.get(run.first).zip(self.words.get(run.last)) else {
            return String::new();
        };
        let lines = material.lines.get(first.line as usize..=last.line as usize).unwrap_or_default();
        let mut source = String::new();
        for (number, line) in (first.line..).zip(lines) {
            let from = if number == first.line { first.from as usize } else { self.view_start(number) };
            let to = if number == last.line { last.to as usize } else { line.text.len() };
            let part = line.text.get(from..to).unwrap_or_default().trim();
            if !source.is_empty() && !part.is_empty() {
                source.push(' ');
            }
            source.push_str(part);
        }
        source
    }

    /// What stands before a run and after it on its lines, in the material's own spelling.
    pub(super) fn around<'m>(&self, run: Run, material: &'m Material) -> (&'m str, &'m str) {
        let place = |place: usize| {
            let word = self.words.get(place)?;
            Some((*word, material.lines.get(word.line as usize)?))
        };
        let before = place(run.first).and_then(|(word, line)| line.text.get(..word.from as usize));
        let after = place(run.last).and_then(|(word, line)| line.text.get(word.to as usize..));
        (before.unwrap_or_default(), after.unwrap_or_default())
    }

    /// Whether a run begins with the first word of a line and ends with the last word of one.
    pub(super) fn fills_lines(&self, run: Run) -> bool {
        self.opens_line(run.first) && self.opens_line(run.last + 1)
    }

    /// Whether the word at a place is the first of its line; the end of the material opens one too.
    pub(super) fn opens_line(&self, place: usize) -> bool {
        let line = |place: usize| self.words.get(place).map(|word| word.line);
        place == 0 || line(place) != line(place - 1)
    }

    /// Where the part that is read starts on a line that a run passes through.
    fn view_start(&self, line: u32) -> usize {
        self.offsets.get(line as usize).map_or(0, |offset| *offset as usize)
    }
}

/// Neighbouring words, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: usize,
    pub(super) last: usize,
}

impl Run {
    pub(super) fn len(self) -> usize {
        self.last + 1 - self.first
    }
}

/// Materials are bounded far below 4 GiB, so nothing is ever cut here.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
