//! Real meetings whose minutes list their actions and decisions, where they are at hand: how much of that is found by
//! rule, and whether each quote stands in its source. To read what is found: SHOW_FOUND=1 cargo test -p agents --test it
//! -- --nocapture gold. Other meetings of the same form: GOLD_MEETINGS=their folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use agents::drafter::meeting::{Findings, find};
use agents::evidence::{Folds, Sources, Verdict};
use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use pathfinding::kuhn_munkres::kuhn_munkres;
use pathfinding::matrix::Matrix;
use rust_stemmers::{Algorithm, Stemmer};
use serde::Deserialize;
use tools::material::{Library, Material, Readers, Shelf, ShelfError, ShelfFile, read};

/// A found and a written item are one from this F1 of their content words.
const MATCH: f64 = 0.5;
/// Items of which less stands in the transcript cannot be found by anybody.
const RECOVERABLE: f64 = 0.5;
/// Fewer words of a quote may stand in any meeting.
const FEWEST_QUOTED: usize = 8;
/// A time and a speaker's name have at most so many words.
const LONGEST_PREFIX: usize = 8;

#[derive(Deserialize)]
struct Meeting {
    id: String,
    date: Option<String>,
    transcript_text_unmarked: String,
    gold: Gold,
}

#[derive(Deserialize)]
struct Gold {
    actions: Vec<Item>,
    decisions: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    text: String,
    #[serde(default)]
    owner_norm: Vec<String>,
    recoverable: Option<f64>,
}

/// Counts of one kind of item.
#[derive(Default, Clone, Copy)]
struct Tally {
    matched: usize,
    found: usize,
    gold: usize,
    owners_right: usize,
    owners: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.matched += other.matched;
        self.found += other.found;
        self.gold += other.gold;
        self.owners_right += other.owners_right;
        self.owners += other.owners;
    }

    #[allow(clippy::cast_precision_loss, reason = "a few hundred items")]
    fn f1(self) -> f64 {
        if self.found + self.gold == 0 {
            0.0
        } else {
            2.0 * self.matched as f64 / (self.found + self.gold) as f64
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "a few hundred items")]
    fn told(self) -> String {
        let share = |part: usize, all: usize| if all == 0 { 0.0 } else { part as f64 / all as f64 };
        format!(
            "recall {:.2}  precision {:.2}  F1 {:.3}  ({} matched, {} found, {} written)  owners {}/{}",
            share(self.matched, self.gold),
            share(self.matched, self.found),
            self.f1(),
            self.matched,
            self.found,
            self.gold,
            self.owners_right,
            self.owners
        )
    }
}

/// What was measured on all meetings.
#[derive(Default)]
struct Measured {
    tallies: BTreeMap<(&'static str, String), Tally>,
    quotes: usize,
    invented: Vec<String>,
}

impl Measured {
    fn take(&mut self, file: &Path, stems: &Stems) {
        let meeting: Meeting = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let held_on = meeting.date.as_deref().and_then(|date| date.parse().ok());
        let findings = find(&material(&meeting), held_on, &[]);
        let (account, facts, folds) = (OneFile::library(&meeting), facts(), Folds::default());
        let sources = Sources { library: &account, facts: &facts, folds: &folds };
        for quote in evidence(&findings) {
            self.quotes += 1;
            let passes = matches!(sources.judge(quote), Verdict::Verified { .. } | Verdict::Repaired { .. });
            let invented = !passes || is_invented(quote, &meeting.transcript_text_unmarked);
            self.invented.extend(invented.then(|| format!("{quote:?}")));
        }
        show(&meeting, &findings);
        let actions = actions(&meeting, &findings, stems);
        let decisions = decisions(&meeting, &findings, stems);
        for (kind, tally) in [("actions", actions), ("decisions", decisions)] {
            for group in [source(&meeting.id), "all"] {
                self.tallies.entry((kind, group.to_owned())).or_default().add(tally);
            }
        }
    }

    fn all(&self, kind: &'static str) -> f64 {
        self.tallies[&(kind, "all".to_owned())].f1()
    }
}

#[test]
fn what_minutes_list_is_found_in_what_was_said() {
    let others = std::env::var_os("GOLD_MEETINGS").map(PathBuf::from);
    let are_known = others.is_none();
    let known = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/material/gold");
    let folder = others.unwrap_or_else(known);
    let Ok(files) = fs::read_dir(&folder) else {
        println!("SKIPPED: no real meetings at {}", folder.display());
        return;
    };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let (stems, start) = (Stems::default(), Instant::now());
    let mut measured = Measured::default();
    for file in &files {
        measured.take(file, &stems);
    }
    for ((kind, group), tally) in &measured.tallies {
        println!("{kind:9} {group:9} {}", tally.told());
    }
    let (quotes, invented) = (measured.quotes, measured.invented.len());
    println!(
        "{} meetings, {quotes} quotes, {invented} invented, {} ms",
        files.len(),
        start.elapsed().as_millis()
    );
    assert!(measured.invented.is_empty(), "{:#?}", measured.invented);
    if are_known {
        // Floors well under what is reached, so that only a loss of quality fails.
        assert!(measured.all("decisions") > 0.45, "decisions: {:.3}", measured.all("decisions"));
        assert!(measured.all("actions") > 0.22, "actions: {:.3}", measured.all("actions"));
    }
}

fn material(meeting: &Meeting) -> Material {
    read(&path(meeting), meeting.transcript_text_unmarked.as_bytes(), &Readers::default()).unwrap()
}

/// Where the meeting would be kept: minutes are Markdown, speech with times is text.
fn path(meeting: &Meeting) -> String {
    let extension = if source(&meeting.id) == "AMI" { "txt" } else { "md" };
    format!("materials/meetings/{}.{extension}", meeting.id)
}

/// An account with one meeting.
struct OneFile<'a>(&'a Meeting);

impl OneFile<'_> {
    fn library(meeting: &Meeting) -> Library {
        Library::load(&OneFile(meeting), &Readers::default()).unwrap()
    }
}

impl Shelf for OneFile<'_> {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let len = self.0.transcript_text_unmarked.len() as u64;
        Ok(vec![ShelfFile { path: path(self.0), len, modified: None }])
    }
    fn read(&self, _: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        Ok(self.0.transcript_text_unmarked.clone().into_bytes())
    }
}

fn facts() -> AccountFile {
    AccountFile::new(AccountSlug::new("meetings").unwrap())
}

fn source(id: &str) -> &'static str {
    match id.split('-').next().unwrap_or_default() {
        "ami" => "AMI",
        "acde" => "Ethereum",
        "jsonld" => "JSON-LD",
        _ => "W3C",
    }
}

fn actions(meeting: &Meeting, findings: &Findings, stems: &Stems) -> Tally {
    let found: Vec<&str> = findings.actions.iter().map(|action| action.text.as_str()).collect();
    let (mut tally, pairs) = tally(&found, &meeting.gold.actions, stems);
    for (found, gold) in pairs {
        if gold.owner_norm.is_empty() {
            continue;
        }
        tally.owners += 1;
        let owner = findings.actions[found].owner.as_deref().unwrap_or_default().to_lowercase();
        let right = gold.owner_norm.iter().any(|name| {
            name.to_lowercase()
                .split_whitespace()
                .any(|part| owner.split_whitespace().any(|word| word == part))
        });
        tally.owners_right += usize::from(right);
    }
    tally
}

fn decisions(meeting: &Meeting, findings: &Findings, stems: &Stems) -> Tally {
    let found: Vec<&str> = findings.decisions.iter().map(|decision| decision.text.as_str()).collect();
    tally(&found, &meeting.gold.decisions, stems).0
}

/// The best one-to-one matching of what was found to what was written.
fn tally<'g>(found: &[&str], gold: &'g [Item], stems: &Stems) -> (Tally, Vec<(usize, &'g Item)>) {
    let gold: Vec<&Item> =
        gold.iter().filter(|item| item.recoverable.unwrap_or(0.0) >= RECOVERABLE).collect();
    let mut tally = Tally { found: found.len(), gold: gold.len(), ..Tally::default() };
    if found.is_empty() || gold.is_empty() {
        return (tally, Vec::new());
    }
    let left: Vec<BTreeSet<String>> = found.iter().map(|text| stems.content(text)).collect();
    let right: Vec<BTreeSet<String>> = gold.iter().map(|item| stems.content(&item.text)).collect();
    let columns = right.len().max(left.len());
    let likeness = |row: usize, column: usize| right.get(column).map_or(0.0, |gold| f1(&left[row], gold));
    #[allow(clippy::cast_possible_truncation, reason = "a share of one")]
    let weight = |row, column| {
        let likeness = likeness(row, column);
        if likeness >= MATCH { 1_000 + (likeness * 10.0) as i64 } else { 0 }
    };
    let weights = Matrix::from_fn(left.len(), columns, |(row, column)| weight(row, column));
    let (_, chosen) = kuhn_munkres(&weights);
    let pairs: Vec<(usize, &Item)> = chosen
        .into_iter()
        .enumerate()
        .filter(|(row, column)| likeness(*row, *column) >= MATCH)
        .map(|(row, column)| (row, gold[column]))
        .collect();
    tally.matched = pairs.len();
    (tally, pairs)
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen words")]
fn f1(left: &BTreeSet<String>, right: &BTreeSet<String>) -> f64 {
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    2.0 * left.intersection(right).count() as f64 / (left.len() + right.len()) as f64
}

struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }
}

impl Stems {
    fn content(&self, text: &str) -> BTreeSet<String> {
        let text = text.to_lowercase().replace('’', "'");
        let words =
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '\'').map(|word| word.trim_matches('\''));
        let told = words.filter(|word| word.len() > 1 || word.bytes().all(|byte| byte.is_ascii_digit()));
        told.filter(|word| !word.is_empty() && !SMALL.split_whitespace().any(|small| small == *word))
            .map(|word| self.0.stem(word).into_owned())
            .collect()
    }
}

/// Words without content, as retrieval usually counts them.
const SMALL: &str = "i me my myself we our ours ourselves you you're you've you'll you'd your yours yourself yourselves he \
    him his himself she she's her hers herself it it's its itself they them their theirs themselves what which who whom this \
    that that'll these those am is are was were be been being have has had having do does did doing a an the and but if or \
    because as until while of at by for with about against between into through during before after above below to from up \
    down in out on off over under again further then once here there when where why how all any both each few more most \
    other some such no nor not only own same so than too very can will just don don't should should've now couldn't didn't \
    doesn't hadn't hasn't haven't isn't mightn't mustn't needn't shan't shouldn't wasn't weren't won't wouldn't would could \
    also may might must shall";

fn evidence(findings: &Findings) -> impl Iterator<Item = &Evidence> {
    let actions = findings.actions.iter().map(|found| &found.evidence);
    let decisions = findings.decisions.iter().map(|found| &found.evidence);
    let risks = findings.risks.iter().map(|found| &found.evidence);
    let commitments = findings.commitments.iter().map(|found| &found.evidence);
    let changes = findings.stakeholder_changes.iter().map(|found| &found.evidence);
    let milestones = findings.milestones.iter().map(|found| &found.evidence);
    actions.chain(decisions).chain(risks).chain(commitments).chain(changes).chain(milestones)
}

/// Whether a quote is too short, or does not stand word for word on the lines that it names. Checked without the code
/// that made it: line by line, where only a line's time and speaker may be passed over.
fn is_invented(evidence: &Evidence, text: &str) -> bool {
    let Evidence::Quote { lines: Some(range), quote, .. } = evidence else { return true };
    let lines: Vec<&str> = text.lines().collect();
    let (first, last) = (range.first as usize, range.last as usize);
    let Some(lines) = first.checked_sub(1).and_then(|first| lines.get(first..last)) else { return true };
    let words: Vec<&str> = quote.split_whitespace().collect();
    let mut rest = words.as_slice();
    for (nth, line) in lines.iter().enumerate() {
        let most_skipped = if nth == 0 { usize::MAX } else { LONGEST_PREFIX };
        rest = after_line(rest, line, most_skipped).unwrap_or(rest);
    }
    words.len() < FEWEST_QUOTED || !rest.is_empty()
}

/// The words of a quote that are left after those that stand on a line without a gap, up to its end or the quote's.
fn after_line<'q>(words: &'q [&'q str], line: &str, most_skipped: usize) -> Option<&'q [&'q str]> {
    let said: Vec<&str> = line.split_whitespace().collect();
    (0..said.len()).take_while(|from| *from <= most_skipped).find_map(|from| {
        let run = words.len().min(said.len() - from);
        let same = |at: usize| match at {
            0 => said[from].ends_with(words[0]) || said[from].contains(words[0]) && words.len() == 1,
            at if at + 1 == words.len() => said[from + at].starts_with(words[at]),
            at => said[from + at] == words[at],
        };
        (run > 0 && (0..run).all(same)).then(|| &words[run..])
    })
}

fn show(meeting: &Meeting, findings: &Findings) {
    if std::env::var_os("SHOW_FOUND").is_none() {
        return;
    }
    println!("=== {}", meeting.id);
    for action in &findings.actions {
        println!("  action   [{}] {} {:?}", action.owner.as_deref().unwrap_or("-"), action.text, action.due);
    }
    for decision in &findings.decisions {
        println!("  decision {:?} {}", decision.standing, decision.text);
    }
    for risk in &findings.risks {
        println!("  risk     {}", risk.text);
    }
    for commitment in &findings.commitments {
        println!("  promise  {} -> {:?}: {}", commitment.by, commitment.to, commitment.text);
    }
    for change in &findings.stakeholder_changes {
        println!("  change   {} {:?}", change.person, change.change);
    }
    for milestone in &findings.milestones {
        println!("  news     {} {:?}", milestone.name, milestone.news);
    }
}
