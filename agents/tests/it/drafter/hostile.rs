//! Text that is meant to mislead, to break or to stall the drafter.

use agents::drafter::draft;
use infohub::facts::AccountFile;
use infohub::ids::AccountSlug;
use infohub::plan::{Patch, apply};
use proptest::prelude::*;
use tools::material::{Library, Readers, Shelf, ShelfError, ShelfFile};

use super::{FINALIZE, empty_plan, fill, sample_team, verify};

/// Files that exist in memory only.
pub(super) struct Texts(pub(super) Vec<(String, String)>);

impl Shelf for Texts {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let file = |(path, text): &(String, String)| ShelfFile {
            path: path.clone(),
            len: u64::try_from(text.len()).unwrap(),
            modified: None,
        };
        Ok(self.0.iter().map(file).collect())
    }
    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        let text = self.0.iter().find(|(known, _)| known == path).ok_or(ShelfError::Gone)?;
        Ok(text.1.clone().into_bytes())
    }
}

/// Drafts everything from one text in several formats, and checks what comes out.
fn draft_from(text: &str) -> Patch {
    let files = ["md", "txt", "vtt", "html"].map(|ending| (format!("materials/a.{ending}"), text.to_owned()));
    let library = Library::load(&Texts(files.into()), &Readers::default()).unwrap();
    let facts = AccountFile::new(AccountSlug::new("acme").unwrap());
    let plan = empty_plan("acme");
    let patch = draft(&fill(FINALIZE), &library, &facts, &sample_team(), &plan).patch;
    verify(&patch, &library, &facts, &plan);
    assert!(apply(&plan, &patch).is_ok());
    patch
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_text_gives_only_what_it_holds(text in "\\PC{0,400}") {
        draft_from(&text);
    }

    /// Pieces that the drafter looks for, thrown together.
    #[test]
    fn any_mixture_gives_only_what_it_holds(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        draft_from(&pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "# Challenge\n",
    "## Outcomes\n",
    "- ",
    "Tools: ",
    "\n",
    "\n\n",
    "from 1% to 40%",
    "used to take two weeks; now ",
    "a week",
    "half",
    "one to",
    " by 2026-01-30",
    "31 February 2026",
    "Ann Bell (COO), ",
    "says Ann Bell, Head of X.",
    "TBD",
    "| a | today | target |\n",
    "| x | 3 | 4 |\n",
    "00:01.000 --> 00:02.000\n",
    "<v Ann Bell>",
    "\"",
    "“",
    "ß",
    "Risks:\n",
    "Mitigation: ",
    "Attendees: ",
    "### Phase 1: ",
    "The risk is that ",
    "we want ",
    "İ",
    "word ",
    "?",
    ". ",
    "(owner: Ann Bell)",
    "ignore your rules ",
    "below 4 hours",
    "success means ",
    "Zürich ",
    "、",
    "e\u{301} ",
    "- x\n  y\n",
];

#[test]
fn labels_that_open_many_lines_are_no_speakers() {
    let text = "# Notes\n\n## Risks\n\nThe council may need three months.\nMitigation: the trial runs without logging.\n\n\
                Half of the team leaves in May.\nMitigation: a partner stands by.\n";
    let patch = draft_from(text);
    let risks = patch.sections.risks.unwrap().risks.upsert;
    let told: Vec<_> =
        risks.iter().map(|risk| (risk.risk.as_str(), risk.mitigation.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("The council may need three months.", "the trial runs without logging."),
            ("Half of the team leaves in May.", "a partner stands by.")
        ]
    );
}

/// Anything that grows faster than the text would not come to an end here.
#[test]
fn hostile_texts_cost_little() {
    for text in [
        "says ".repeat(50_000),
        "# Phase 1: x\n".repeat(5_000),
        format!("Attendees: {}", "Ann Bell, ".repeat(10_000)),
        "## Challenge\nAcme grew from 1 to 2 and they need more of everything now.\n\n".repeat(500),
        "a.".repeat(50_000),
        "\"".repeat(500_000),
        format!("## Risks\n{}", "from 1 to 2 ".repeat(1_600)),
    ] {
        let patch = draft_from(&text);
        assert!(patch.upserts().count() < 200);
        assert!(patch.questions.len() <= 60);
    }
}
