//! `playbooks/templates/csp.yaml`: which sections a plan needs in which phase, and the text that a new
//! plan starts from. It must not know where the file lies or who starts plans.

use serde::Deserialize;

use crate::facts::Tier;
use crate::plan::{Lifecycle, Plan, SectionKey};
use crate::yaml::{self, YamlError};

/// The line that parts the two documents.
const SEPARATOR: &str = "---";

/// Why a file cannot serve as a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// One of the two documents does not read.
    #[error(transparent)]
    Yaml(#[from] YamlError),
    /// There is no second document.
    #[error("{0}: has one document; the skeleton of a plan follows after a line of three dashes")]
    NoSkeleton(String),
    /// There are more than two documents.
    #[error("{file}:{line}: a third document begins; a template has two")]
    ThirdDocument {
        /// The file.
        file: String,
        /// The line of the dashes.
        line: usize,
    },
    /// An entry that would never count.
    #[error("{file}: entry {entry} of `required` names no section")]
    Nothing {
        /// The file.
        file: String,
        /// Which one, counted from 1.
        entry: usize,
    },
}

/// What new plans start from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    required: Vec<Requirement>,
    skeleton: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Demands {
    required: Vec<Requirement>,
}

/// Sections that are required from a phase on, for all accounts or for those of some tiers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Requirement {
    phase: Lifecycle,
    #[serde(default)]
    tiers: Option<Vec<Tier>>,
    sections: Vec<SectionKey>,
}

impl Template {
    /// Reads a template; `file` is only what errors call it.
    pub fn parse(file: &str, text: &str) -> Result<Self, TemplateError> {
        let documents = split(file, text)?;
        let demands: Demands = yaml::read(file, documents.demands)?;
        let empty = demands.required.iter().position(|requirement| requirement.sections.is_empty());
        if let Some(at) = empty {
            return Err(TemplateError::Nothing { file: file.to_owned(), entry: at + 1 });
        }
        check_skeleton(file, &documents)?;
        Ok(Self { required: demands.required, skeleton: documents.skeleton.to_owned() })
    }

    /// The sections that a plan needs in this phase, in the order of their numbers. What an earlier phase
    /// needs stays needed; demands on a tier do not hold for an account whose tier is not known.
    pub fn required(&self, phase: Lifecycle, tier: Option<Tier>) -> Vec<SectionKey> {
        let holds = |requirement: &&Requirement| {
            let meant = |tiers: &Vec<Tier>| tier.is_some_and(|tier| tiers.contains(&tier));
            requirement.phase <= phase && requirement.tiers.as_ref().is_none_or(meant)
        };
        let mut sections: Vec<_> =
            self.required.iter().filter(holds).flat_map(|demand| demand.sections.iter().copied()).collect();
        sections.sort();
        sections.dedup();
        sections
    }

    /// The text that a new csp.yaml starts from, without its `plan` block; comments and all.
    pub fn skeleton(&self) -> &str {
        &self.skeleton
    }
}

struct Documents<'a> {
    demands: &'a str,
    skeleton: &'a str,
    /// Lines of the file in front of the skeleton; the last of them holds the dashes.
    lines_before: usize,
}

fn split<'a>(file: &str, text: &'a str) -> Result<Documents<'a>, TemplateError> {
    let mut documents = None;
    let (mut from, mut has_content) = (0, false);
    for (row, line) in text.split_inclusive('\n').zip(1..) {
        let to = from + row.len();
        let row = row.trim_end();
        if row == SEPARATOR && documents.is_some() {
            return Err(TemplateError::ThirdDocument { file: file.to_owned(), line });
        }
        // Dashes in front of all content only open the first document.
        if row == SEPARATOR && has_content {
            documents = Some(Documents { demands: &text[..from], skeleton: &text[to..], lines_before: line });
        }
        has_content |= !row.is_empty() && !row.starts_with('#') && row != SEPARATOR;
        from = to;
    }
    documents.ok_or_else(|| TemplateError::NoSkeleton(file.to_owned()))
}

/// With a `plan` block, the skeleton must read as a plan. The block takes the place of the dashes and
/// empty lines that of all before, so that errors point to the right line of the file.
fn check_skeleton(file: &str, documents: &Documents<'_>) -> Result<(), YamlError> {
    let placed = format!("{}{META}\n{}", "\n".repeat(documents.lines_before - 1), documents.skeleton);
    yaml::read::<Plan>(file, &placed).map(drop)
}

/// A `plan` block on one line, to read a skeleton with.
const META: &str = "plan: {schema: 1, version: 1, account: any, lifecycle: initiate, status: draft, last_updated: \"2026-01-01T00:00:00Z\"}";

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN: &str = include_str!("../../playbooks/templates/csp.yaml");
    const SMALL: &str = "required: [{phase: initiate, sections: [risks]}]\n---\n";

    fn numbers(phase: Lifecycle, tier: Option<Tier>) -> Vec<u8> {
        let template = Template::parse("csp.yaml", BUILT_IN).unwrap();
        template.required(phase, tier).into_iter().filter_map(SectionKey::number).collect()
    }

    #[test]
    fn phases_add_up_and_tiers_count_where_they_are_known() {
        assert_eq!(numbers(Lifecycle::Initiate, None), [1, 2, 3]);
        assert_eq!(numbers(Lifecycle::Develop, Some(Tier::Strategic)), [1, 2, 3, 4, 5]);
        assert_eq!(numbers(Lifecycle::Finalize, Some(Tier::Enterprise)), [1, 2, 3, 4, 5, 6, 10]);
        assert_eq!(numbers(Lifecycle::Finalize, Some(Tier::Strategic)), [1, 2, 3, 4, 5, 6, 7, 10]);
        assert_eq!(numbers(Lifecycle::Execute, None), [1, 2, 3, 4, 5, 6, 8, 9, 10]);
    }

    #[test]
    fn the_skeleton_names_each_section_and_keeps_its_comments() {
        let template = Template::parse("csp.yaml", BUILT_IN).unwrap();
        assert!(BUILT_IN.ends_with(template.skeleton()));
        for key in SectionKey::ALL {
            let heading = format!("\n# {}. ", key.number().unwrap());
            let text = format!("\n{}", template.skeleton());
            assert!(text.contains(&heading), "{heading:?}");
            assert!(text.contains(&format!("\n{key}:\n")), "{key}");
        }
    }

    #[test]
    fn what_a_team_fills_in_is_read_as_a_plan() {
        let filled = format!("{SMALL}handoff:\n  checklist:\n    - point: Contacts introduced\n");
        assert!(Template::parse("csp.yaml", &filled).is_ok());
        let opened = format!("# of ours\n---\n{SMALL}risks:\n");
        assert_eq!(Template::parse("csp.yaml", &opened).unwrap().skeleton(), "risks:\n");
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let check = |text: &str, expected: &str| {
            let error = Template::parse("t.yaml", text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check("required: []\n", "t.yaml: has one document");
        check("required: [{phase: sell, sections: [risks]}]\n---\n", "t.yaml:1:20: ");
        check("required: [{phase: initiate, sections: []}]\n---\n", "t.yaml: entry 1 of `required`");
        check("required: [{phase: initiate, sections: [budget]}]\n---\n", "t.yaml:1:41: ");
        check(&format!("{SMALL}risks:\n---\nx: 1\n"), "t.yaml:4: a third document");
        check(&format!("{SMALL}# why\nbudget:\n"), "t.yaml:4:1: ");
        check(&format!("{SMALL}risks:\n  risks:\n    - rsk: x\n"), "t.yaml:5:7: ");
        check(&format!("{SMALL}plan:\n"), "t.yaml:3:1: ");
    }
}
