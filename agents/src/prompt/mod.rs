//! A task's prompt for one account: its templates with the account's facts, plan and material put in as
//! fenced data, within a budget of tokens. It must not know models, conversations or where files are.
//!
//! ```text
//! Task (charter) ─┐
//! facts, plan  ───┼─► inputs, blocks ─► templates ─► Rendered { system, user, what was left out }
//! material ───────┘        ▲
//!                          └── budget: what the rest of the prompt leaves
//! ```

mod blocks;
mod excerpt;
pub mod fence;
mod inputs;
mod source;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use infohub::evidence::LineRange;
use infohub::facts::AccountFile;
use infohub::occasion::Occasion;
use infohub::plan::Plan;
use infohub::team::Team;
use minijinja::Value;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tools::material::Library;

use crate::charter::{Charters, Sight, Task};
pub(crate) use blocks::section_lines;
pub(crate) use excerpt::shown;

use blocks::Blocks;
use fence::Fence;

/// Characters that a token stands for: four in plain prose, but a prompt of paths, figures and line numbers
/// was measured at three.
const CHARS_PER_TOKEN: usize = 3;
/// What the fence around the material takes.
const FENCE_CHARS: usize = 80;
/// The most bytes that a rendered template may have besides its blocks.
const MOST_BYTES: usize = 256 << 10;

/// What a prompt is rendered from.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    /// What the CRM says.
    pub facts: &'a AccountFile,
    /// The plan as it is.
    pub plan: &'a Plan,
    /// The material.
    pub library: &'a Library,
    /// The people on our side.
    pub team: &'a Team,
    /// What started the task.
    pub occasion: &'a Occasion,
}

/// How a prompt is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions<'a> {
    /// The most tokens that system and user text may have together.
    pub tokens: usize,
    /// What the prompt says of the answer's form.
    pub answer_form: &'a str,
    /// The material that the task was started for; it comes first.
    pub focus: Option<&'a str>,
}

/// A prompt, and what went into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// What the agent is told in every task.
    pub system: String,
    /// The task.
    pub user: String,
    /// The material that is shown.
    pub included: Vec<Excerpt>,
    /// The material that found no room.
    pub left_out: Vec<LeftOut>,
    /// SHA-256 of both texts.
    pub prompt_hash: String,
    /// SHA-256 of the templates, to tell one wording from another across accounts.
    pub template_hash: String,
    /// Roughly how many tokens both texts have.
    pub tokens_estimate: usize,
}

/// Lines of a material that are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The material.
    pub source: String,
    /// The lines, in order.
    pub lines: Vec<LineRange>,
}

/// Lines of a material that are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The material.
    pub source: String,
    /// How many of its lines; 0 if none could be read.
    pub lines: usize,
    /// Why.
    pub why: WhyLeftOut,
}

/// Why material is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyLeftOut {
    /// The budget was taken up by what fits the task better or is newer.
    NoRoom,
    /// The task takes the newest few only.
    Older,
    /// The task does not look into its folder.
    Undeclared,
    /// It could not be read.
    Unread(String),
}

impl fmt::Display for WhyLeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoom => f.write_str("no room within the budget"),
            Self::Older => f.write_str("older than the newest that the task takes"),
            Self::Undeclared => f.write_str("the task does not look into its folder"),
            Self::Unread(reason) => write!(f, "not read: {reason}"),
        }
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lines {
            0 => write!(f, "{}: {}", self.source, self.why),
            1 => write!(f, "{}: 1 line, {}", self.source, self.why),
            lines => write!(f, "{}: {lines} lines, {}", self.source, self.why),
        }
    }
}

/// Why a prompt cannot be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// A required input has no value in this account.
    #[error("{task} needs {name} ({from}), which is not known; {remedy}")]
    MissingInput {
        /// The task.
        task: String,
        /// The input.
        name: String,
        /// Where it comes from.
        from: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// An input's value is not of its type.
    #[error("{task}: {name} ({from}) is not usable: {reason}")]
    BadInput {
        /// The task.
        task: String,
        /// The input.
        name: String,
        /// Where it comes from.
        from: String,
        /// Why.
        reason: String,
    },
    /// The template failed, or would do too much work.
    #[error("failed to render {task}: {reason}")]
    Template {
        /// The task.
        task: String,
        /// What the template engine says.
        reason: String,
    },
    /// The prompt is over its budget without a single line of material.
    #[error(
        "the prompt of {task} takes {tokens} tokens without any material, {limit} are allowed; raise the model's context or shorten the prompt"
    )]
    NoRoom {
        /// The task.
        task: String,
        /// How many it takes.
        tokens: usize,
        /// How many are allowed.
        limit: usize,
    },
}

impl RenderError {
    /// Whether the same call may succeed later without anyone doing something: never.
    pub fn is_transient(&self) -> bool {
        false
    }
}

/// Roughly how many tokens a text has.
pub fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(CHARS_PER_TOKEN)
}

/// Renders a task for an account.
///
/// # Errors
/// A required input that is not known, a template that fails, or a budget that is too small.
pub fn render(
    charters: &Charters,
    task: &Task<'_>,
    account: &Account<'_>,
    options: &RenderOptions<'_>,
) -> Result<Rendered, RenderError> {
    let sees = |sight| task.charter.context.contains(&sight);
    let inputs = inputs::resolve(task, account)?;
    let mut blocks = Blocks {
        facts: if sees(Sight::Facts) { blocks::facts(account.facts) } else { String::new() },
        plan: if sees(Sight::Plan) {
            blocks::plan(account.plan, &task.task.sections, &task.task.reads)
        } else {
            String::new()
        },
        material: String::new(),
    };
    let templates = Templates { charters, task, inputs: &inputs, answer_form: options.answer_form };
    // The frame is rendered once without material, to know how much room that leaves.
    let (system, user) = templates.both(&blocks, &Fence::around(&blocks.all()))?;
    let taken = tokens(&system) + tokens(&user);
    let room = options.tokens.checked_sub(taken).ok_or_else(|| RenderError::NoRoom {
        task: task.to_string(),
        tokens: taken,
        limit: options.tokens,
    })?;
    let room = (room * CHARS_PER_TOKEN).saturating_sub(FENCE_CHARS);
    let chosen = if sees(Sight::Material) && templates.shows_material() {
        let wanted = excerpt::Wanted {
            sections: &task.task.sections,
            view: &task.task.material,
            focus: options.focus,
        };
        excerpt::choose(account.library, wanted, room)
    } else {
        excerpt::Chosen::default()
    };
    blocks.material = chosen.text;
    let (system, user) = templates.both(&blocks, &Fence::around(&blocks.all()))?;
    Ok(Rendered {
        prompt_hash: hash(&[&system, &user]),
        template_hash: templates.hash(),
        tokens_estimate: tokens(&system) + tokens(&user),
        included: chosen.included,
        left_out: chosen.left_out,
        system,
        user,
    })
}

/// One task's templates with all that does not depend on the budget.
struct Templates<'a> {
    charters: &'a Charters,
    task: &'a Task<'a>,
    inputs: &'a BTreeMap<String, inputs::Resolved>,
    answer_form: &'a str,
}

impl Templates<'_> {
    fn both(&self, blocks: &Blocks, fence: &Fence) -> Result<(String, String), RenderError> {
        let mut names: BTreeMap<String, Value> = BTreeMap::new();
        for (name, resolved) in self.inputs {
            names.insert(name.clone(), Value::from(resolved.shown(fence)));
        }
        names.insert("facts".into(), Value::from(fence.wrap("facts", &blocks.facts)));
        names.insert("plan".into(), Value::from(fence.wrap("plan", &blocks.plan)));
        names.insert("material".into(), Value::from(fence.wrap("material", &blocks.material)));
        names.insert("answer_form".into(), Value::from(self.answer_form));
        names.insert("fence".into(), Value::from(fence.name()));
        let names = Value::from(names);
        let system =
            self.one(&format!("{}.system", self.task.charter.agent), &names, self.answer_form.len())?;
        Ok((
            system,
            self.one(&self.task.to_string(), &names, blocks.all().iter().map(|text| text.len()).sum())?,
        ))
    }

    fn one(&self, name: &str, names: &Value, room: usize) -> Result<String, RenderError> {
        let fault = |reason: String| RenderError::Template { task: self.task.to_string(), reason };
        let template =
            self.charters.templates.get_template(name).map_err(|error| fault(error.to_string()))?;
        let mut text = Bounded { bytes: Vec::new(), most: MOST_BYTES + 2 * room };
        template.render_captured_to(names.clone(), &mut text).map_err(|error| fault(error.to_string()))?;
        let text = String::from_utf8(text.bytes).map_err(|error| fault(error.to_string()))?;
        Ok(without_gaps(&text))
    }

    fn shows_material(&self) -> bool {
        self.task.task.prompt.contains("material")
    }

    fn hash(&self) -> String {
        hash(&[&self.charters.partials, &self.task.charter.system, &self.task.task.prompt])
    }
}

/// Takes a template's output up to a bound.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            return Err(io::Error::other("the text grows beyond its bound"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Blocks that hold nothing leave empty lines behind; more than one in a row says nothing.
fn without_gaps(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            kept.push_str(line.trim_end());
            kept.push('\n');
        }
    }
    kept
}

fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
