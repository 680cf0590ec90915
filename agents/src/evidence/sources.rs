//! Judges evidence against one account: its material and its CRM facts. It must not know plans.

use infohub::evidence::{Evidence, LineRange};
use infohub::facts::AccountFile;
use tools::material::{Library, LineKind, Material};

use super::cells::Cells;
use super::find::{Found, Quote, find};
use super::fold::fold;
use super::index::{Index, Run};
use super::words::is_negation;
use super::{FEWEST_WORDS, Folds, Verdict, crm};

/// Up to this much text is searched whole for a quote that its material does not have.
const WHOLE_SEARCH: usize = 4 << 20;
/// Passages that are looked at where there is more.
const PASSAGES: usize = 24;
/// A negation this many words before a quote is taken to belong to it.
const NEGATION_REACH: usize = 3;
/// A quote of more characters is not looked for.
const LONGEST_QUOTE: usize = 20_000;

/// What an account's evidence can be checked against.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The account's material.
    pub library: &'a Library,
    /// The account's CRM facts.
    pub facts: &'a AccountFile,
    /// Where folded material is kept between tasks.
    pub folds: &'a Folds,
}

/// Where a quote was found in one material.
struct Place {
    lines: LineRange,
    quote: String,
    exact: bool,
    whole_field: bool,
}

impl Sources<'_> {
    /// Compares a piece of evidence with its source. The plan is none of them: [`judge`](super::judge) knows it.
    pub fn judge(&self, evidence: &Evidence) -> Verdict {
        match evidence {
            Evidence::Quote { source, lines, quote } => self.judge_quote(source, *lines, quote),
            Evidence::Crm { field, value, .. } => crm::judge(self.facts, field, value),
            Evidence::Item { .. } => Verdict::ItemUnknown { item_exists: false },
            Evidence::Calculation(_) => Verdict::InputFails { input: 1, why: super::InputFault::NoItem },
        }
    }

    /// Reads the cells of a material, if it is a table.
    pub(crate) fn cells<T>(&self, source: &str, read: impl FnOnce(&Cells) -> T) -> Option<T> {
        let material = self.library.get(source)?;
        self.folds.get(material).cells(material).map(read)
    }

    fn judge_quote(&self, source: &str, hint: Option<LineRange>, text: &str) -> Verdict {
        let material = self.library.get(source);
        let not_found = Verdict::NotFound { source_exists: material.is_some() };
        if text.len() > LONGEST_QUOTE {
            return not_found;
        }
        let quote = Quote::of(text);
        let weight = quote.weight();
        let place = material.and_then(|material| self.place(&quote, hint, material));
        let is_order = |place: &Place| {
            material.is_some_and(|material| self.folds.get(material).ordered(material).touches(place.lines))
        };
        match place {
            Some(place) if is_order(&place) => Verdict::GivesOrders,
            Some(place) if weight < FEWEST_WORDS && !(place.exact && place.whole_field) => {
                Verdict::TooWeak { words: weight }
            }
            Some(Place { lines, quote, exact: true, .. }) => Verdict::Verified { lines, quote },
            Some(Place { lines, quote, .. }) => Verdict::Repaired { lines, quote },
            // So few words stand in many materials by chance.
            None if weight < FEWEST_WORDS => not_found,
            None => self.elsewhere(&quote, text, source).unwrap_or(not_found),
        }
    }

    /// The other material in which the quote stands.
    fn elsewhere(&self, quote: &Quote, text: &str, source: &str) -> Option<Verdict> {
        let found = |material: &Material| {
            let place = self.place(quote, None, material)?;
            Some(Verdict::Misattributed { source: material.path.clone(), lines: place.lines })
        };
        if self.library.text_bytes() <= WHOLE_SEARCH {
            return self.library.materials().filter(|material| material.path != source).find_map(found);
        }
        let mut paths: Vec<String> = Vec::new();
        for hit in self.library.search(text, PASSAGES) {
            if hit.path != source && !paths.contains(&hit.path) {
                paths.push(hit.path);
            }
        }
        paths.iter().filter_map(|path| self.library.get(path)).find_map(found)
    }

    fn place(&self, quote: &Quote, hint: Option<LineRange>, material: &Material) -> Option<Place> {
        let views = self.folds.get(material);
        let mut near = None;
        for index in &views.views {
            match find(quote, index) {
                Some(Found::Exact(runs)) => return exact_place(quote, hint, &runs, index, material),
                // A run that leaves a negation behind is not nearly the same, whatever else it has.
                Some(Found::Near(run)) if near.is_none() && with_negation(run, index, material).is_none() => {
                    near = Some(Place {
                        lines: index.lines(run, material),
                        quote: index.source(run, material),
                        exact: false,
                        whole_field: false,
                    });
                }
                _ => {}
            }
        }
        near
    }
}

/// The occurrence that is meant: a whole field if the quote is short, else the one nearest to the lines
/// that were named.
fn exact_place(
    quote: &Quote,
    hint: Option<LineRange>,
    runs: &[Run],
    index: &Index,
    material: &Material,
) -> Option<Place> {
    let distance = |run: &Run| hint.map_or(0, |hint| index.lines(*run, material).first.abs_diff(hint.first));
    let is_whole = |run: &Run| fills_field(*run, index, material);
    let short = quote.weight() < FEWEST_WORDS;
    let whole = runs.iter().filter(|run| short && is_whole(run)).min_by_key(|run| distance(run));
    let run = *whole.or_else(|| runs.iter().min_by_key(|run| distance(run)))?;
    if let Some(longer) = with_negation(run, index, material).filter(|_| !short) {
        let quote = index.source(longer, material);
        return Some(Place { lines: index.lines(longer, material), quote, exact: false, whole_field: false });
    }
    Some(Place {
        lines: index.lines(run, material),
        quote: with_edges(quote, run, index, material),
        exact: true,
        whole_field: whole.is_some(),
    })
}

/// The run from the negation on that stands right before it in its sentence. A quote that leaves a "not"
/// off says the opposite of its source, so it is made longer.
fn with_negation(run: Run, index: &Index, material: &Material) -> Option<Run> {
    let mut longer = None;
    let mut first = run.first;
    let mut reach = NEGATION_REACH;
    while let Some(before) = first.checked_sub(1).filter(|_| reach > 0) {
        let gap = index.between(before);
        if gap.contains(['.', '!', '?', ';', ':', '|']) || index.breaks_block(before, material) {
            break;
        }
        (first, reach) = (before, reach - 1);
        if is_negation(index.word(first)) {
            // Another one may stand before it.
            reach = NEGATION_REACH;
            longer = Some(Run { first, last: run.last });
        }
    }
    longer
}

/// The source's spelling of a run, with the marks around it that the quote has as well.
fn with_edges(quote: &Quote, run: Run, index: &Index, material: &Material) -> String {
    let (before, after) = index.around(run, material);
    let (opening, closing) = quote.edges();
    let ending: String = after.chars().take(closing.chars().count()).collect();
    let start: String =
        before.chars().rev().take(opening.chars().count()).collect::<Vec<_>>().into_iter().rev().collect();
    let mut spelled = String::new();
    if !opening.is_empty() && fold(&start) == opening {
        spelled.push_str(&start);
    }
    spelled.push_str(&index.source(run, material));
    if !closing.is_empty() && fold(&ending) == closing {
        spelled.push_str(&ending);
    }
    spelled
}

/// Whether a run is a whole line, a whole cell of a table row, or all that follows a label.
fn fills_field(run: Run, index: &Index, material: &Material) -> bool {
    if index.fills_lines(run) {
        return true;
    }
    let range = index.lines(run, material);
    let [line] = material.lines_between(range.first, range.last) else { return false };
    let (before, after) = index.around(run, material);
    let edge = |text: &str, separators: &[char]| {
        let mut marks = text.chars().take_while(|c| !c.is_alphanumeric());
        text.chars().all(|c| !c.is_alphanumeric()) || marks.any(|c| separators.contains(&c))
    };
    let reversed: String = before.chars().rev().collect();
    let cell = &['|', ',', ';', '\t'];
    let is_cell = line.kind == LineKind::Row && edge(&reversed, cell) && edge(after, cell);
    is_cell || (edge(&reversed, &[':']) && edge(after, &[]))
}
