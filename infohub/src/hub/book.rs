//! The files of an account's book: csp.yaml and the registers beside it, how each reads and what it says.
//! It must not know the store or the journal.

use std::fmt;

use schemars::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::PLAN;
use crate::ids::AccountSlug;
use crate::plan::SectionKey;
use crate::registers::{ActionTrackerFile, BriefingFile, DecisionLogFile, Registers, RiskRegisterFile};
use crate::yaml::{self, YamlError};

/// One file of the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BookFile {
    /// csp.yaml.
    Plan,
    /// A register.
    Register(Register),
}

impl BookFile {
    /// All of them, the plan first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Plan).chain(Register::ALL.into_iter().map(Self::Register))
    }

    /// Its place from the account's folder.
    pub fn path(self) -> &'static str {
        match self {
            Self::Plan => PLAN,
            Self::Register(register) => register.file(),
        }
    }

    /// Its name alone.
    pub fn name(self) -> &'static str {
        let path = self.path();
        path.rsplit_once('/').map_or(path, |(_, name)| name)
    }
}

impl fmt::Display for BookFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What stands above the entries of a register's file.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub account: AccountSlug,
    pub revision: u64,
}

macro_rules! registers {
    ($( $(#[$meta:meta])* $name:ident $field:ident $form:ident $file:literal $opening:literal ),* $(,)?) => {
        /// A register by its file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Register {
            $( $(#[$meta])* $name, )*
        }

        impl Register {
            /// All of them, in the order of their keys.
            pub const ALL: [Self; 4] = [$(Self::$name),*];

            /// The key under which patches and sections know it.
            pub fn key(self) -> SectionKey {
                match self { $( Self::$name => SectionKey::$name, )* }
            }

            /// Its file, from the account's folder.
            pub fn file(self) -> &'static str {
                match self { $( Self::$name => $file, )* }
            }

            /// The schema of its file.
            pub fn schema(self) -> Schema {
                match self { $( Self::$name => schemars::schema_for!($form), )* }
            }

            /// What a new file of this kind opens with.
            pub(super) fn opening(self) -> &'static str {
                match self { $( Self::$name => $opening, )* }
            }

            /// Reads its file; the entries come into `registers`.
            pub(super) fn read(
                self,
                file: &str,
                bytes: &[u8],
                registers: &mut Registers,
            ) -> Result<Head, YamlError> {
                match self { $(
                    Self::$name => {
                        let form: $form = yaml::read_bytes(file, bytes)?;
                        let head = Head { account: form.account.clone(), revision: form.revision };
                        registers.$field = form.register();
                        Ok(head)
                    }
                )* }
            }

            /// What its file says, as a value.
            pub(super) fn value(self, account: &AccountSlug, revision: u64, registers: &Registers) -> Value {
                match self { $(
                    Self::$name => super::value(&$form::of(account.clone(), revision, &registers.$field)),
                )* }
            }

            /// The other way: the entries of a value that [`Self::value`] could have made.
            pub(super) fn take(self, value: Value, registers: &mut Registers) -> Result<(), serde_json::Error> {
                match self { $(
                    Self::$name => registers.$field = serde_json::from_value::<$form>(value)?.register(),
                )* }
                Ok(())
            }

            /// Whether both hold the same entries in it.
            pub(super) fn is_same(self, one: &Registers, other: &Registers) -> bool {
                match self { $( Self::$name => one.$field == other.$field, )* }
            }
        }
    };
}

registers! {
    /// decision_log.yaml.
    DecisionLog decision_log DecisionLogFile "decision_log.yaml"
        "# What was decided, by whom and why. Leave the id of a new entry out; `revision` is kept by the runtime.\n",
    /// risk_register.yaml.
    RiskRegister risk_register RiskRegisterFile "risk_register.yaml"
        "# Every risk with its history; section 10 of the plan names the same ones. Leave the id of a new entry out;\n# `revision` and `history` are kept by the runtime.\n",
    /// action_tracker.yaml.
    ActionTracker action_tracker ActionTrackerFile "action_tracker.yaml"
        "# Who does what by when. Leave the id of a new entry out; `revision` is kept by the runtime.\n",
    /// briefing.yaml.
    Briefing briefing BriefingFile "briefing.yaml"
        "# What to say in the next business review, and the words of reminders. Leave the id of a new entry out;\n# `revision` is kept by the runtime.\n",
}

impl Register {
    /// The register with this key, if it is a register's.
    pub fn of(key: SectionKey) -> Option<Self> {
        Self::ALL.into_iter().find(|register| register.key() == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keys_and_openings_fit_together() {
        let slug = AccountSlug::new("acme").unwrap();
        for register in Register::ALL {
            assert_eq!(register.file(), format!("{}.yaml", register.key()));
            assert_eq!(Register::of(register.key()), Some(register));
            let mut registers = Registers::default();
            let text = format!("{}account: acme\n", register.opening());
            let head = register.read("a.yaml", text.as_bytes(), &mut registers).unwrap();
            assert_eq!((head.account, head.revision), (slug.clone(), 0));
            let value = register.value(&slug, 3, &registers);
            assert_eq!(value["revision"], 3);
            register.take(value, &mut registers).unwrap();
            assert_eq!(registers, Registers::default());
        }
        assert_eq!(Register::of(SectionKey::Risks), None);
        assert_eq!(BookFile::all().count(), 5);
        assert_eq!(BookFile::Plan.name(), "csp.yaml");
    }
}
