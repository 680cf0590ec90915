//! The extractive drafter on whole accounts: the sample, real case studies, hostile text. Here: what these share.

mod case_studies;
mod hostile;
mod real;
mod sample;
mod tasks;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use agents::drafter::{DraftTask, Errand};
use agents::evidence::{Folds, Sources, judge};
use infohub::evidence::Evidence;
use infohub::facts::AccountFile;
use infohub::occasion::Occasion;
use infohub::plan::SectionKey::{self, *};
use infohub::plan::{Patch, Plan, apply};
use infohub::team::Team;
use tools::material::{Library, Line, Readers, Shelf, ShelfError, ShelfFile};

const INITIATE: &[SectionKey] = &[Background, Stakeholders, CurrentState];
const DEVELOP: &[SectionKey] = &[TechnicalActivities, TechnicalEvaluation];
const FINALIZE: &[SectionKey] = &[
    Background,
    Stakeholders,
    CurrentState,
    TechnicalActivities,
    TechnicalEvaluation,
    AdoptionJourney,
    Handoff,
    Risks,
];

/// Nothing is known of what started a task.
static NOTHING: LazyLock<Occasion> = LazyLock::new(Occasion::default);

/// A task that fills these sections.
fn fill(sections: &[SectionKey]) -> DraftTask<'_> {
    DraftTask { errand: Errand::Fill, sections, occasion: &NOTHING, today: None, seed: "task" }
}

/// A folder of this machine as an account's shelf.
struct Folder(PathBuf);

impl Folder {
    fn walk(&self, folder: &Path, files: &mut Vec<ShelfFile>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.walk(&path, files);
            } else {
                let len = path.metadata().unwrap().len();
                let name = path.strip_prefix(&self.0).unwrap().to_str().unwrap().to_owned();
                files.push(ShelfFile { path: name, len, modified: None });
            }
        }
    }
}

impl Shelf for Folder {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let mut files = Vec::new();
        self.walk(&self.0, &mut files);
        Ok(files)
    }
    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        fs::read(self.0.join(path)).map_err(ShelfError::Io)
    }
}

pub fn library(folder: &Path) -> Library {
    Library::load(&Folder(folder.to_owned()), &Readers::default()).unwrap()
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub fn sample_team() -> Team {
    infohub::yaml::read("team.yaml", &fs::read_to_string(root().join("csp/sample/team.yaml")).unwrap())
        .unwrap()
}

pub(super) fn empty_plan(account: &str) -> Plan {
    let meta = serde_json::json!({"schema": 1, "version": 1, "account": account, "lifecycle": "initiate",
        "status": "draft", "last_updated": "2026-01-01T00:00:00Z"});
    Plan::new(serde_json::from_value(meta).unwrap())
}

/// The patch as a person would read it: one line an item, one a question.
fn told(patch: &Patch) -> String {
    let mut lines = Vec::new();
    let mut place = String::new();
    for (section, list, item) in patch.upserts() {
        if place != format!("{section}.{list}") {
            place = format!("{section}.{list}");
            lines.push(format!("{place}:"));
        }
        let mut fields = item.to_value();
        let fields = fields.as_object_mut().unwrap();
        let text = item.text();
        fields.retain(|name, value| {
            !["id", "evidence", "review"].contains(&name.as_str()) && value.as_str() != Some(text)
        });
        let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        lines.push(format!("  - {text}{}{}", if fields.is_empty() { "" } else { "   " }, fields.join(" ")));
        for evidence in item.evidence() {
            lines.push(format!("      [{evidence}]"));
        }
    }
    lines.extend(
        patch.questions.iter().map(|question| format!("? {}: {}", question.section, question.question)),
    );
    lines.join("\n")
}

/// Letters and digits only: how a quote is compared here, so that only words count.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every quote stands in the lines that it names, every CRM value is the one that is known, and every value of an
/// item is what the plan says with the patch.
fn verify(patch: &Patch, library: &Library, facts: &AccountFile, plan: &Plan) {
    let after = apply(plan, patch).unwrap().0;
    let folds = Folds::default();
    let sources = Sources { library, facts, folds: &folds };
    for (section, list, item) in patch.upserts() {
        assert!(!item.evidence().is_empty(), "{section}.{list}: {}", item.text());
        for evidence in item.evidence() {
            let verdict = judge(evidence, (section, list), &sources, &after);
            assert!(verdict.holds(), "{evidence} {verdict}");
            match evidence {
                Evidence::Quote { source, lines, quote } => {
                    let lines = lines.unwrap();
                    // A quote may run over the names that stand between the lines of a transcript.
                    let lines_text = |of: fn(&Line) -> &str| -> String {
                        let lines = library.lines(source, lines.first, lines.last);
                        lines.iter().map(|line| folded(of(line))).collect()
                    };
                    let texts = [lines_text(|line| line.text.as_str()), lines_text(Line::said)];
                    assert!(
                        texts.iter().any(|text| text.contains(&folded(quote))),
                        "{evidence}\n{texts:?}\n{}",
                        folded(quote)
                    );
                    let whole_line = library
                        .lines(source, lines.first, lines.last)
                        .iter()
                        .any(|line| [&line.text, line.said()].map(folded).contains(&folded(quote)));
                    // Cells of a table count as words.
                    let words = quote.split(|c: char| !c.is_alphanumeric() && !".'’-/".contains(c));
                    let words = words.filter(|word| word.contains(char::is_alphanumeric)).count();
                    assert!(whole_line || words >= 8, "{evidence}");
                }
                // Worked out again by the check above.
                Evidence::Calculation(_) => {}
                Evidence::Item { item, field, value } => {
                    let (_, _, known) = after.item(item).unwrap();
                    assert_eq!(known.said(field).as_ref(), Some(value), "{evidence}");
                }
                Evidence::Crm { field, value, as_of } => {
                    let known = facts.known();
                    assert!(
                        known.iter().any(|(f, v, t)| f == field && v == value && Some(*t) == *as_of),
                        "{evidence}"
                    );
                }
            }
        }
    }
}
