//! What a person did to csp.yaml and the registers between two steps: nothing, an edit to take in, or something
//! that does not read and is left alone until it is mended. Several edited files are one edit.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::present::{Found, Present};
use super::{Account, BookFile, Files, HubError, InfoHub, KeptPlan, Register};
use crate::ids::{AccountSlug, ItemId};
use crate::journal::Hash;
use crate::plan::{Diff, Meta, Plan, SCHEMA_VERSION};
use crate::registers::Registers;
use crate::store::StorePath;
use crate::yaml::{self, YamlError};

/// The state of the files against the journal.
#[derive(Debug)]
pub enum Edit {
    /// They are as they were written.
    None,
    /// A person changed some; the change becomes a step of its own.
    Adopt(Box<HandEdit>),
    /// These, at least one, do not read, are gone, or contradict the journal. They are left alone and the plan waits.
    Broken(Vec<BrokenFile>),
}

/// A file that stands in the way of changing the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenFile {
    /// Which one.
    pub file: BookFile,
    /// What is wrong with it.
    pub error: YamlError,
}

/// A person's edit, read and checked.
#[derive(Debug)]
pub struct HandEdit {
    /// The plan as the person wants it, with ids for new items and on the newest version.
    pub plan: Plan,
    /// What it changes.
    pub diff: Diff,
    /// What the files themselves say, before ids and merging.
    pub(super) as_written: Plan,
    /// The files that were edited.
    pub(super) edited: BTreeMap<BookFile, Edited>,
}

/// One edited file.
#[derive(Debug)]
pub(super) struct Edited {
    /// Its text.
    pub text: Arc<str>,
    /// The version or revision that it says it was made on.
    pub made_on: u64,
}

impl HandEdit {
    /// The files that were edited.
    pub fn files(&self) -> impl Iterator<Item = BookFile> {
        self.edited.keys().copied()
    }
}

impl<P> Account<P> {
    /// The error that stands in the way of changing the plan, if there is one.
    pub fn broken_edit(&self) -> Option<&YamlError> {
        match &self.edit {
            Edit::Broken(files) => files.first().map(|file| &file.error),
            Edit::None | Edit::Adopt(_) => None,
        }
    }
}

impl InfoHub {
    /// Reads a register that waits for a first plan, and counts its items.
    pub fn check_waiting(&self, slug: &AccountSlug, register: Register) -> Result<usize, HubError> {
        let folder = self.folder(slug)?;
        let file = BookFile::Register(register);
        let reading = Reading { slug, folder: &folder, files: &Files::default(), kept: None };
        let mut registers = Registers::default();
        match self.present(&folder)?.get(file) {
            None => {}
            Some(Found::Unreadable(error)) => return Err(error.clone().into()),
            Some(Found::Bytes(bytes, _)) => {
                reading.read_register(register, reading.path(file)?.as_str(), bytes, &mut registers)?;
            }
        }
        let lists = registers.parts().into_iter().flat_map(|part| part.lists());
        Ok(lists.map(|(_, items)| items.len()).sum())
    }

    /// What a person made of the files since the record.
    pub(super) fn edit(
        &self,
        slug: &AccountSlug,
        folder: &StorePath,
        files: &Files,
        present: &Present,
        kept: Option<&KeptPlan>,
    ) -> Result<Edit, HubError> {
        let touched = present.touched(files);
        if touched.is_empty() {
            return Ok(Edit::None);
        }
        let reading = Reading { slug, folder, files, kept };
        let (written, mut broken) = reading.read(present, &touched)?;
        let Some(mut written) = written.filter(|_| broken.is_empty()) else {
            return Ok(Edit::Broken(broken));
        };
        let as_written = written.plan.clone();
        broken.extend(reading.doubled(&written)?);
        if broken.is_empty() {
            written.plan.assign_ids(&written.seed(slug), kept.map(|kept| &*kept.plan));
            broken = self.bring_forward(&reading, &mut written)?;
        }
        if broken.is_empty() {
            broken.extend(reading.doubled(&written)?);
        }
        if !broken.is_empty() {
            return Ok(Edit::Broken(broken));
        }
        let Written { plan, edited } = written;
        let diff = match kept {
            Some(kept) => Diff::between(&kept.plan, &plan),
            None => Diff::between(&Plan::new(plan.plan.clone()), &plan),
        };
        Ok(Edit::Adopt(Box::new(HandEdit { plan, diff, as_written, edited })))
    }
}

/// What an edit is read against.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub slug: &'a AccountSlug,
    pub folder: &'a StorePath,
    pub files: &'a Files,
    pub kept: Option<&'a KeptPlan>,
}

/// The plan that the files say, touched and untouched ones together.
pub(super) struct Written {
    pub plan: Plan,
    pub edited: BTreeMap<BookFile, Edited>,
}

impl Written {
    /// What the ids of new items are made from: who wrote what.
    fn seed(&self, slug: &AccountSlug) -> String {
        let hashes = self.edited.values().map(|edited| Hash::of(edited.text.as_bytes()).to_string());
        format!("hand/{slug}/{}", hashes.collect::<Vec<_>>().join("/"))
    }
}

impl Reading<'_> {
    /// The file's path as errors call it.
    pub(super) fn path(&self, file: BookFile) -> Result<StorePath, HubError> {
        Ok(self.folder.join(file.path())?)
    }

    /// Reads the touched files over what is known; all that do not read are told.
    fn read(
        &self,
        present: &Present,
        touched: &[BookFile],
    ) -> Result<(Option<Written>, Vec<BrokenFile>), HubError> {
        let mut plan = self.kept.map(|kept| (*kept.plan).clone());
        let mut registers = plan.as_ref().map(|plan| plan.registers.clone()).unwrap_or_default();
        let (mut edited, mut broken) = (BTreeMap::new(), Vec::new());
        for file in touched.iter().copied() {
            let path = self.path(file)?;
            let made_on = match present.get(file) {
                None => Err(gone(path.as_str())),
                Some(Found::Unreadable(error)) => Err(error.clone()),
                Some(Found::Bytes(bytes, _)) => match file {
                    BookFile::Plan => self.read_plan(path.as_str(), bytes, &mut plan),
                    BookFile::Register(register) => {
                        self.read_register(register, path.as_str(), bytes, &mut registers)
                    }
                }
                .map(|made_on| (made_on, String::from_utf8_lossy(bytes))),
            };
            match made_on {
                Ok((made_on, text)) => {
                    edited.insert(file, Edited { text: text.as_ref().into(), made_on });
                }
                Err(error) => broken.push(BrokenFile { file, error }),
            }
        }
        let written = plan.map(|plan| Written { plan: Plan { registers, ..plan }, edited });
        Ok((written, broken))
    }

    /// Reads csp.yaml and gives the version that it was made on.
    fn read_plan(&self, file: &str, bytes: &[u8], into: &mut Option<Plan>) -> Result<u64, YamlError> {
        let plan: Plan = yaml::read_bytes(file, bytes)?;
        self.check_meta(&plan.plan).map_or(Ok(()), |fault| Err(YamlError::whole(file, fault)))?;
        let version = plan.plan.version;
        *into = Some(plan);
        Ok(version)
    }

    /// What the metadata may not say, whatever the rest says.
    fn check_meta(&self, meta: &Meta) -> Option<String> {
        let newest = self.kept.map_or(meta.version, |kept| kept.plan.plan.version);
        if meta.schema != SCHEMA_VERSION {
            Some(format!("plan.schema says {}, this version of csp reads {SCHEMA_VERSION}", meta.schema))
        } else if meta.account != *self.slug {
            Some(format!("plan.account says '{}', the folder says '{}'", meta.account, self.slug))
        } else if meta.version > newest {
            Some(format!(
                "plan.version says {}, the last version is {newest}: put it back to {newest}",
                meta.version
            ))
        } else {
            None
        }
    }

    /// Reads a register and gives the revision that it was made on; 0 if it says none.
    fn read_register(
        &self,
        register: Register,
        file: &str,
        bytes: &[u8],
        into: &mut Registers,
    ) -> Result<u64, YamlError> {
        let head = register.read(file, bytes, into)?;
        let newest = self.files.registers.get(&register).map_or(0, |written| written.record);
        let fault = if head.account != *self.slug {
            format!("account says '{}', the folder says '{}'", head.account, self.slug)
        } else if head.revision > newest {
            let last =
                if newest == 0 { "it has none yet".to_owned() } else { format!("the last is {newest}") };
            format!("revision says {}, {last}: put it back to {newest}", head.revision)
        } else {
            return Ok(head.revision);
        };
        Err(YamlError::whole(file, fault))
    }

    /// Ids that stand twice, over all files; told at the file that was edited last in their order.
    fn doubled(&self, written: &Written) -> Result<Option<BrokenFile>, HubError> {
        let doubled = written.plan.doubled_ids();
        if doubled.is_empty() {
            return Ok(None);
        }
        let mut edited = written.edited.iter().rev();
        let place =
            edited.find_map(|(file, edited)| Some((*file, edited, last_line_of(&edited.text, &doubled)?)));
        let ids: Vec<_> = doubled.iter().map(ToString::to_string).collect();
        let message = format!("two items have the same id: {}; leave new items' ids out", ids.join(", "));
        let (file, error) = match place {
            Some((file, edited, (line, column))) => {
                let path = self.path(file)?;
                (file, YamlError::at(path.as_str(), &edited.text, line, column, message))
            }
            None => {
                let file = written.edited.keys().next().copied().unwrap_or(BookFile::Plan);
                (file, YamlError::whole(self.path(file)?.as_str(), message))
            }
        };
        Ok(Some(BrokenFile { file, error }))
    }
}

fn gone(path: &str) -> YamlError {
    YamlError::whole(path, "the file is gone; `csp plan restore` brings the last version back")
}

/// Where the last of the lines is that give an item one of these ids, as line and column.
pub(super) fn last_line_of(text: &str, ids: &[ItemId]) -> Option<(u32, u32)> {
    let names = |line: &str| {
        let said = line.trim_start_matches([' ', '-']).strip_prefix("id:")?;
        let said = said.split(" #").next()?.trim().trim_matches(['"', '\'']);
        ids.iter().any(|id| id.as_str() == said).then(|| line.find("id:"))?
    };
    let mut rows: Vec<_> = text.lines().zip(1..).collect();
    rows.reverse();
    rows.into_iter().find_map(|(line, row)| Some((row, u32::try_from(names(line)? + 1).ok()?)))
}
