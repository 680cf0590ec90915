//! A meeting's material as rows and utterances: who says what, under which topic. Text that orders software about is
//! left out here, so nobody after it sees any. It must not know what is looked for.

use infohub::evidence::LineRange;
use tools::material::{Format, Line, LineKind, Material};

use super::cue;
use super::wording::Wording;
use crate::orders::Ordered;
use crate::sentence::{sentences, without_mark};

/// A meeting has at most so many rows that are read; what lies beyond is left to people.
const MOST_ROWS: usize = 20_000;
/// A meeting of fewer sentences was not written down word for word.
const NOTES: usize = 40;
/// A longer row or sentence is nothing that anybody said.
const LONGEST: usize = 8_000;

/// A line of the material that holds words.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// What the line says, without time and name.
    pub(super) said: &'a str,
    pub(super) speaker: Option<&'a str>,
    pub(super) kind: LineKind,
    pub(super) number: u32,
    /// Whether it gives orders to software.
    pub(super) is_order: bool,
    /// Whether it carries the time at which it was said, as transcripts of speech do.
    is_timed: bool,
    /// The heading above it, by its row.
    pub(super) topic: Option<usize>,
}

/// A sentence that somebody said.
#[derive(Debug)]
pub(super) struct Utterance<'a> {
    pub(super) speaker: Option<&'a str>,
    /// The words as they stand in the source.
    pub(super) said: String,
    /// The words without fillers.
    pub(super) wording: Wording,
    /// First and last row that it stands in.
    pub(super) rows: (usize, usize),
    pub(super) topic: Option<usize>,
    /// How far into the meeting it was said, from 0 to 1.
    pub(super) place: f64,
}

impl Utterance<'_> {
    /// Whether it asks.
    pub(super) fn asks(&self) -> bool {
        self.said.trim_end_matches(['*', '"', ')', ' ']).ends_with('?')
    }
}

/// What was said in a meeting, in order.
#[derive(Debug)]
pub(super) struct Script<'a> {
    pub(super) source: &'a str,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) utterances: Vec<Utterance<'a>>,
}

impl<'a> Script<'a> {
    /// Reads a material as a meeting.
    pub(super) fn of(material: &'a Material) -> Self {
        let rows = rows(material);
        let utterances = utterances(&rows);
        Self { source: &material.path, rows, utterances }
    }

    /// Whether these are notes rather than a transcript: whoever wrote them down left the talk out.
    pub(super) fn is_notes(&self) -> bool {
        self.utterances.len() < NOTES
    }

    /// The heading above a row, without its marks and number.
    pub(super) fn heading(&self, topic: Option<usize>) -> &'a str {
        let row = topic.and_then(|at| self.rows.get(at));
        row.map_or("", |row| without_number(row.said))
    }

    /// The lines between two rows.
    pub(super) fn lines(&self, rows: (usize, usize)) -> LineRange {
        let number = |at: usize| self.rows.get(at).map_or(1, |row| row.number);
        LineRange { first: number(rows.0), last: number(rows.1) }
    }

    /// The next things that others say after an utterance, under the same topic.
    pub(super) fn replies(&self, at: usize) -> impl Iterator<Item = &Utterance<'a>> {
        let asked = self.utterances.get(at);
        let after = self.utterances.iter().skip(at + 1).take(5);
        after.filter(move |reply| {
            asked.is_some_and(|asked| reply.topic == asked.topic && reply.speaker != asked.speaker)
                && reply.speaker.is_some()
        })
    }
}

fn rows(material: &Material) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut topic = None;
    let ordered = Ordered::of(material);
    for line in material.lines.iter().take(MOST_ROWS) {
        let is_order =
            line.text.len() > LONGEST || ordered.touches(LineRange { first: line.number, last: line.number });
        let kind = kind(line);
        if matches!(kind, LineKind::Heading(_)) && !is_order && !names_a_speaker(line) {
            topic = Some(rows.len());
        }
        let speaker = line.speaker.as_deref();
        let is_timed =
            material.format == Format::WebVtt || (speaker.is_some() && opens_with_time(&line.text));
        rows.push(Row { said: line.said(), speaker, kind, number: line.number, is_order, is_timed, topic });
    }
    rows
}

/// People write Markdown's headings into plain text files, too.
fn kind(line: &Line) -> LineKind {
    let marks = line.text.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading =
        (1..=6).contains(&marks) && line.text[marks..].starts_with(' ') && line.speaker.is_none();
    if is_heading { LineKind::Heading(u8::try_from(marks).unwrap_or(6)) } else { line.kind }
}

/// `[00:49] Ann: so`; in a chat's log, `[00:49] <ann> so`, each row is a sentence of its own.
fn opens_with_time(text: &str) -> bool {
    let time = text.trim_start().trim_start_matches(['[', '(']);
    let end = time.find([']', ')', ' ']).unwrap_or(time.len());
    let (time, rest) = time.split_at(end);
    let is_time = time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    is_time && !rest.trim_start_matches([']', ')', ' ', '\t']).starts_with('<')
}

/// Notes sometimes set the speaker's name in bold on a line of its own: `**Ann**:`.
fn names_a_speaker(line: &Line) -> bool {
    let text = line.text.trim();
    text.starts_with("**") && text.ends_with(':')
}

fn utterances<'a>(rows: &[Row<'a>]) -> Vec<Utterance<'a>> {
    let mut found: Vec<Utterance<'a>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if row.is_order || matches!(row.kind, LineKind::Heading(_) | LineKind::Meta | LineKind::Row) {
            continue;
        }
        let said = shown(row.said);
        for (nth, place) in sentences(&said).into_iter().enumerate() {
            let sentence = &said[place];
            match found.last_mut().filter(|last| nth == 0 && runs_on(last, row, rows, at)) {
                Some(last) => {
                    last.said.push(' ');
                    last.said.push_str(sentence);
                    last.rows.1 = at;
                }
                None => found.push(Utterance {
                    speaker: row.speaker.filter(|name| !cue::is_label(name)),
                    said: sentence.to_owned(),
                    wording: Wording::default(),
                    rows: (at, at),
                    topic: row.topic,
                    place: share(at, rows.len()),
                }),
            }
        }
    }
    for utterance in &mut found {
        utterance.wording = Wording::of(&utterance.said);
    }
    found
}

/// Whether a row goes on with the last sentence. Transcripts cut sentences at every breath; minutes do not.
fn runs_on(last: &Utterance<'_>, row: &Row<'_>, rows: &[Row<'_>], at: usize) -> bool {
    let open = !last.said.ends_with(['.', '?', '!', ':', '"', ')']) && last.said.len() < LONGEST;
    let same = last.speaker.is_some() && last.speaker == row.speaker && last.rows.1 + 1 == at;
    let timed = row.is_timed && rows.get(last.rows.1).is_some_and(|before| before.is_timed);
    open && same && timed
}

/// A row's words as a reader sees them: no marks of lists, no dots that carry on, links by their words.
fn shown(said: &str) -> String {
    let said = without_mark(said).trim_start_matches(['…', '.', ' ']);
    let mut text = String::with_capacity(said.len());
    let mut rest = said;
    while let Some((before, after)) = rest.split_once("](") {
        let Some((_, tail)) = after.split_once(')') else { break };
        match before.rsplit_once('[') {
            Some((lead, words)) => {
                text.push_str(lead);
                text.push_str(words);
            }
            None => text.push_str(before),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

fn without_number(heading: &str) -> &str {
    let heading = heading.trim_matches(['#', ' ', '*', '_', ':']);
    let end = heading.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(0);
    let (number, rest) = heading.split_at(end);
    if number.ends_with('.') || (end > 0 && rest.starts_with(' ') && number.contains('.')) {
        rest.trim()
    } else {
        heading
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few thousand rows")]
fn share(at: usize, all: usize) -> f64 {
    at as f64 / all.max(1) as f64
}
