//! A rubric: what a model says of a draft. The prompt is a file of the suite's, pinned by its hash, so that nobody
//! compares answers to two different questions; the answer is read strictly; several votes give a mean and how far they
//! lie apart; what it costs is kept apart. It must not know servers: whoever runs it hands in a [`Judge`].

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Chosen, Counts, Measure, Score};
use crate::produced::{Produced, Spent};
use crate::suite::Case;

/// Votes if a suite does not say.
const VOTES: u32 = 3;
/// The most votes on one run.
const MOST_VOTES: u32 = 9;
/// Bytes of a prompt's text.
const LONGEST_PROMPT: usize = 20_000;
/// Characters of the draft and of the material that are shown.
const MOST_SHOWN: usize = 40_000;
/// Bytes of an answer.
const LONGEST_ANSWER: usize = 16_000;

/// What the judge is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// The file of the prompt, from the suite's folder. It names `{{draft}}`, and may name `{{material}}` and
    /// `{{expected}}`.
    pub prompt: String,
    /// SHA-256 of that file, in lower-case hexadecimal digits.
    pub sha256: String,
    /// How often the judge is asked.
    #[serde(default = "votes")]
    pub votes: u32,
    /// The prompt's text; put in as the suite is read.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

fn votes() -> u32 {
    VOTES
}

/// Why a rubric or an answer to it is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RubricError {
    /// The prompt is another than the one that was pinned.
    #[error(
        "the rubric's prompt has the hash {actual}, and {pinned} is pinned; if the change is meant, pin the new one"
    )]
    OtherPrompt {
        /// The hash in the suite.
        pinned: String,
        /// The file's.
        actual: String,
    },
    /// The prompt does not show the draft, or is too long.
    #[error(
        "the rubric's prompt has to name {{{{draft}}}}, only {{{{draft}}}}, {{{{material}}}} and {{{{expected}}}} besides, and at most {LONGEST_PROMPT} bytes"
    )]
    Prompt,
    /// So many votes are not taken.
    #[error("a rubric takes 1 to {MOST_VOTES} votes")]
    Votes,
    /// The answer is not what was asked for.
    #[error("the judge's answer is not {{\"score\": 0 to 1, \"why\": \"...\"}}: {0}")]
    Answer(String),
}

/// What the judge says.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// From 0 to 1.
    pub score: f64,
    /// In a sentence.
    pub why: String,
}

/// A judge's reply and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// Its text.
    pub text: String,
    /// What it took.
    pub spent: Spent,
}

/// Whoever answers rubrics: a model, or a recording of one.
pub trait Judge {
    /// Why it did not answer; that is no score.
    type Error;

    /// Answers a question; `vote` counts from 1 and tells one asking from the next.
    fn ask(&self, question: &str, vote: u32) -> impl Future<Output = Result<Reply, Self::Error>> + Send;
}

/// What the votes came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Graded {
    /// The mean of the votes, as a score.
    pub score: Score,
    /// The sample variance of the votes; none from a single one.
    pub variance: Option<f64>,
    /// What the judge took, apart from what the agent took.
    pub spent: Spent,
}

impl Rubric {
    /// Takes the prompt's text in, if it is the one that was pinned.
    ///
    /// # Errors
    /// For another text, one without the draft, or too many votes.
    pub fn pin(&mut self, text: String) -> Result<(), RubricError> {
        let actual: String =
            Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        if actual != self.sha256 {
            return Err(RubricError::OtherPrompt { pinned: self.sha256.clone(), actual });
        }
        if !(1..=MOST_VOTES).contains(&self.votes) {
            return Err(RubricError::Votes);
        }
        let names: Option<Vec<&str>> =
            text.split("{{").skip(1).map(|rest| Some(rest.split_once("}}")?.0.trim())).collect();
        let fits = names.is_some_and(|names| {
            names.contains(&"draft")
                && names.iter().all(|name| ["draft", "material", "expected"].contains(name))
        });
        if !fits || text.len() > LONGEST_PROMPT {
            return Err(RubricError::Prompt);
        }
        self.text = text;
        Ok(())
    }

    /// The question about one run. What others wrote stands between marks that it cannot hold, since they are made
    /// from its hash.
    pub fn question(&self, case: &Case, produced: &Produced) -> String {
        let mut question = String::new();
        for (at, part) in self.text.split("{{").enumerate() {
            let Some((name, rest)) = part.split_once("}}").filter(|_| at > 0) else {
                question.push_str(part);
                continue;
            };
            let shown = match name.trim() {
                "draft" => drafts(produced),
                "material" => materials(case),
                _ => serde_json::to_string_pretty(&case.expect).unwrap_or_default(),
            };
            question.push_str(&fenced(&shown));
            question.push_str(rest);
        }
        question.push_str(
            "\nAnswer with nothing but JSON: {\"score\": a number from 0 to 1, \"why\": \"one sentence\"}\n",
        );
        question
    }

    /// Asks the judge as often as the rubric wants, one vote after the other.
    ///
    /// # Errors
    /// The judge's own, if it does not answer.
    pub async fn grade<J: Judge + Sync>(
        &self,
        chosen: &Chosen,
        case: &Case,
        produced: &Produced,
        judge: &J,
    ) -> Result<Graded, J::Error> {
        let question = self.question(case, produced);
        let (mut votes, mut spent) = (Vec::new(), Spent::default());
        for vote in 1..=self.votes {
            let reply = judge.ask(&question, vote).await?;
            spent = spent.plus(reply.spent);
            votes.push(read_answer(&reply.text));
        }
        let (score, variance) = of_votes(chosen, &votes);
        Ok(Graded { score, variance, spent })
    }
}

/// Reads a judge's answer: JSON and nothing around it.
///
/// # Errors
/// For anything else.
pub fn read_answer(text: &str) -> Result<Answer, RubricError> {
    if text.len() > LONGEST_ANSWER {
        return Err(RubricError::Answer(format!("it has {} bytes", text.len())));
    }
    let answer: Answer =
        serde_json::from_str(text.trim()).map_err(|error| RubricError::Answer(error.to_string()))?;
    if !(0.0..=1.0).contains(&answer.score) {
        return Err(RubricError::Answer(format!("the score is {}", answer.score)));
    }
    Ok(answer)
}

/// The mean of the votes that read, and their variance. With fewer than half of them there is no value: what a judge
/// cannot say is nothing against the draft.
pub fn of_votes(chosen: &Chosen, votes: &[Result<Answer, RubricError>]) -> (Score, Option<f64>) {
    let read: Vec<&Answer> = votes.iter().filter_map(|vote| vote.as_ref().ok()).collect();
    let mut why: Vec<String> = votes
        .iter()
        .map(|vote| match vote {
            Ok(Answer { score, why }) => format!("{score}: {why}"),
            Err(error) => error.to_string(),
        })
        .collect();
    if read.is_empty() || read.len() * 2 < votes.len() {
        return (chosen.of(Measure { why, ..Measure::default() }), None);
    }
    #[allow(clippy::cast_precision_loss, reason = "a handful of votes")]
    let count = read.len() as f64;
    let mean = read.iter().map(|answer| answer.score).sum::<f64>() / count;
    let squares = read.iter().map(|answer| (answer.score - mean).powi(2)).sum::<f64>();
    let variance = (read.len() > 1).then(|| squares / (count - 1.0));
    if let Some(variance) = variance {
        why.insert(0, format!("{} votes, variance {variance:.4}", read.len()));
    }
    let measure = Measure { value: Some(mean), counts: None::<Counts>, why };
    (chosen.of(measure), variance)
}

fn drafts(produced: &Produced) -> String {
    let mut shown = String::new();
    for task in &produced.tasks {
        let patch = serde_json::to_string_pretty(&task.patch.sections).unwrap_or_default();
        let questions = serde_json::to_string_pretty(&task.patch.questions).unwrap_or_default();
        let _ = writeln!(shown, "{}\n{patch}\nquestions: {questions}", task.run);
    }
    shown
}

fn materials(case: &Case) -> String {
    case.material.iter().map(|held| format!("{}\n{}\n", held.path, held.text)).collect()
}

fn fenced(text: &str) -> String {
    let shown: String = text.chars().take(MOST_SHOWN).collect();
    let digest = Sha256::digest(shown.as_bytes());
    let mark: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("<<<{mark}\n{shown}\n{mark}>>>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Scorer;

    #[test]
    fn an_answer_is_json_and_nothing_else() {
        let check = |text: &str, reads: bool| assert_eq!(read_answer(text).is_ok(), reads, "{text}");
        check(r#"{"score": 0.5, "why": "half of it"}"#, true);
        check(" {\"score\": 1, \"why\": \"\"}\n", true);
        check(r#"{"score": 1.5, "why": "more"}"#, false);
        check(r#"{"score": 0.5}"#, false);
        check(r#"{"score": 0.5, "why": "", "confidence": 1}"#, false);
        check("```json\n{\"score\": 1, \"why\": \"\"}\n```", false);
        check("I would say 0.8", false);
        check(&format!(r#"{{"score": 1, "why": "{}"}}"#, "x".repeat(LONGEST_ANSWER)), false);
    }

    #[test]
    fn votes_give_a_mean_and_how_far_they_lie_apart() {
        let vote = |score| Ok(Answer { score, why: String::new() });
        let bad = || Err(RubricError::Answer("none".to_owned()));
        let chosen = Chosen { at_least: Some(0.5), ..Chosen::from(Scorer::Rubric) };
        let (score, variance) = of_votes(&chosen, &[vote(0.2), vote(0.4), vote(0.6)]);
        assert!((score.value.unwrap() - 0.4).abs() < 1e-12 && (variance.unwrap() - 0.04).abs() < 1e-12);
        assert_eq!(score.passed, Some(false));
        let (score, variance) = of_votes(&chosen, &[vote(0.9), bad()]);
        assert_eq!((score.value, variance), (Some(0.9), None));
        assert_eq!(of_votes(&chosen, &[vote(0.9), bad(), bad()]).0.value, None);
        assert_eq!(of_votes(&chosen, &[]).0.value, None);
    }

    #[test]
    fn the_prompt_is_pinned() {
        let text = "Judge {{draft}} by {{ material }}.";
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let rubric = |sha256: &str| Rubric {
            prompt: "p.md".into(),
            sha256: sha256.into(),
            votes: 3,
            text: String::new(),
        };
        assert_eq!(rubric(&hash).pin(text.into()), Ok(()));
        assert!(matches!(rubric("0").pin(text.into()), Err(RubricError::OtherPrompt { .. })));
        let other = "Judge {{plan}} and {{draft}}.";
        let hash: String = Sha256::digest(other).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(rubric(&hash).pin(other.into()), Err(RubricError::Prompt));
    }

    #[test]
    fn what_is_shown_cannot_end_its_own_fence() {
        let text = "inner text that says {{material}} and >>>";
        let fence = fenced(text);
        let mark = fence.lines().next().unwrap().trim_start_matches("<<<");
        assert!(!text.contains(mark) && fence.ends_with(&format!("{mark}>>>")));
    }
}
