//! An edit that was made on an older text, as when an editor held the file open for a while, is brought forward:
//! the base is looked up, and what both sides changed is merged item by item.

use super::hand_edit::{BrokenFile, Reading, Written, last_line_of};
use super::merge::{Clashes, merge};
use super::{BookFile, HubError, InfoHub, Register, value};
use crate::ids::ItemId;
use crate::plan::Plan;
use crate::registers::Registers;
use crate::yaml::{self, YamlError};

impl InfoHub {
    /// Merges each edited file that is behind with what came after it; gives those that cannot be merged.
    pub(super) fn bring_forward(
        &self,
        reading: &Reading<'_>,
        written: &mut Written,
    ) -> Result<Vec<BrokenFile>, HubError> {
        let mut broken = Vec::new();
        let made_on: Vec<_> = written.edited.iter().map(|(file, edited)| (*file, edited.made_on)).collect();
        for (file, made_on) in made_on {
            let merged = match file {
                BookFile::Plan => self.plan_forward(reading, written, made_on),
                BookFile::Register(register) => self.register_forward(reading, written, register, made_on),
            };
            match merged {
                Ok(()) => {}
                Err(HubError::Yaml(error)) => broken.push(BrokenFile { file, error: *error }),
                Err(error) => return Err(error),
            }
        }
        Ok(broken)
    }

    fn plan_forward(
        &self,
        reading: &Reading<'_>,
        written: &mut Written,
        version: u64,
    ) -> Result<(), HubError> {
        let Some(kept) = reading.kept.filter(|kept| version < kept.plan.plan.version) else { return Ok(()) };
        let path = reading.path(BookFile::Plan)?;
        let file = path.as_str();
        let Some(base) = self.read_version(reading.folder, version)? else {
            let message = format!("plan.version says {version}, which is not in the history");
            return Err(YamlError::whole(file, message).into());
        };
        let base: Plan = yaml::read(file, &base)?;
        let merged = merge(&value(&base), &value(&written.plan), &value(&*kept.plan)).map_err(|clashes| {
            let newest = kept.plan.plan.version;
            let said =
                format!("the edit was made on version {version}, and version {newest} changed the same");
            clash(file, written, BookFile::Plan, &said, "take the newest text from csp_history", &clashes)
        })?;
        let merged: Plan =
            serde_json::from_value(merged).map_err(|error| YamlError::whole(file, error.to_string()))?;
        let registers = std::mem::take(&mut written.plan.registers);
        written.plan = Plan { registers, ..merged };
        Ok(())
    }

    /// A revision of 0 is a file that began without us: its base is empty, so nothing of ours counts as taken out.
    fn register_forward(
        &self,
        reading: &Reading<'_>,
        written: &mut Written,
        register: Register,
        revision: u64,
    ) -> Result<(), HubError> {
        let newest = reading.files.registers.get(&register).map_or(0, |written| written.record);
        let Some(kept) = reading.kept.filter(|_| revision < newest) else { return Ok(()) };
        let path = reading.path(BookFile::Register(register))?;
        let file = path.as_str();
        let mut base = Registers::default();
        if revision > 0 {
            let text = self.register_text(reading.slug, reading.folder, register, revision, None);
            let text = text.map_err(|error| match error {
                HubError::RegisterLost { record, .. } => {
                    let message = format!(
                        "revision says {record}, and no such text is in the journal; the last is {newest}"
                    );
                    YamlError::whole(file, message).into()
                }
                other => other,
            })?;
            register.read(file, text.as_bytes(), &mut base)?;
        }
        let side = |registers: &Registers| register.value(reading.slug, 0, registers);
        let merged = merge(&side(&base), &side(&written.plan.registers), &side(&kept.plan.registers));
        let merged = merged.map_err(|clashes| {
            let said =
                format!("the edit was made on revision {revision}, and revision {newest} changed the same");
            let from = "keep your text aside, take the newest with `csp plan restore`,";
            clash(file, written, BookFile::Register(register), &said, from, &clashes)
        })?;
        let taken = register.take(merged, &mut written.plan.registers);
        taken.map_err(|error| YamlError::whole(file, error.to_string()).into())
    }
}

/// Tells what both sides changed, at the line of the last such item.
fn clash(
    file: &str,
    written: &Written,
    part: BookFile,
    said: &str,
    from: &str,
    clashes: &Clashes,
) -> YamlError {
    let message = format!("{said}: {}", clashes.join(", "));
    let ids: Vec<ItemId> =
        clashes.iter().filter_map(|place| place.rsplit('.').next()?.parse().ok()).collect();
    let text = written.edited.get(&part).map(|edited| &edited.text);
    let place = text.and_then(|text| Some((text, last_line_of(text, &ids)?)));
    let error = match place {
        Some((text, (line, column))) => YamlError::at(file, text, line, column, message),
        None => YamlError::whole(file, message),
    };
    error.hinting(Some(format!("{from} and make the edit again")))
}
