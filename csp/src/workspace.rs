//! The workspace on disk: where it is, and its files read and checked, each when it is asked for. So a broken
//! rules file does not keep anybody from looking at a plan. It must not know commands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use infohub::facts::AccountFile;
use infohub::hub::{Account, InfoHub};
use infohub::ids::AccountSlug;
use infohub::store::{LocalStore, Store, StorePath};
use infohub::team::Team;
use infohub::template::Template;
use infohub::yaml;
use jiff::Timestamp;
use jiff::civil::Date;
use orchestrator::decide::day_of;
use orchestrator::shelf::AccountShelf;
use orchestrator::step::Step;
use tools::material::Library;

use crate::config::{self, Settings};
use crate::exit::Exit;
use crate::fault::{Fault, Faults};

/// The largest file of the workspace that is read.
const MAX_FILE: u64 = yaml::MAX_BYTES as u64;

/// An open workspace.
pub struct Workspace {
    /// Its folder.
    pub root: PathBuf,
    /// Its files.
    pub store: Arc<LocalStore>,
    /// Its accounts.
    pub hub: InfoHub,
    /// What `csp.toml` says.
    pub settings: Settings,
}

/// The nearest folder from `start` upwards that holds a `csp.toml`.
pub fn find(start: &Path) -> Option<PathBuf> {
    start.ancestors().find(|folder| folder.join(config::FILE).is_file()).map(Path::to_owned)
}

impl Workspace {
    /// Opens the workspace in the folder.
    pub fn open(root: PathBuf) -> Result<Self, Faults> {
        match Self::open_anyway(root)? {
            (workspace, None) => Ok(workspace),
            (_, Some(faults)) => Err(faults),
        }
    }

    /// Opens the workspace with default settings where `csp.toml` has faults, to look at all else.
    pub fn open_anyway(root: PathBuf) -> Result<(Self, Option<Faults>), Faults> {
        let store =
            Arc::new(LocalStore::open(&root).map_err(|error| Fault::from(error).ending(Exit::NotFound))?);
        let path = StorePath::new(config::FILE).map_err(Fault::from)?;
        let missing = || {
            Fault::not_found(format!("{} holds no {}, so it is no workspace", root.display(), config::FILE))
                .help("`csp init DIR` makes one")
        };
        let (settings, faults) = match text_of(&*store, &path, config::MAX_BYTES) {
            Ok(text) => {
                match Settings::parse(config::FILE, &text.ok_or_else(missing)?, crate::wire::AGENTS) {
                    Ok(settings) => (settings, None),
                    Err(faults) => (Settings::fallback()?, Some(faults)),
                }
            }
            Err(fault) => (Settings::fallback()?, Some(fault.into())),
        };
        let hub = InfoHub::new(Arc::clone(&store) as Arc<dyn Store>);
        Ok((Self { root, store, hub, settings }, faults))
    }

    /// The text of a file that must be there.
    pub fn text(&self, path: &StorePath) -> Result<String, Fault> {
        text_of(&*self.store, path, MAX_FILE)?.ok_or_else(|| {
            Fault::not_found(format!("{path} is missing")).help("`csp init` shows what it looks like")
        })
    }

    /// The people.
    pub fn team(&self) -> Result<Team, Faults> {
        let path = &self.settings.team;
        let team: Team = yaml::read(path.as_str(), &self.text(path)?).map_err(Fault::from)?;
        let faults = team.faults().into_iter().map(|fault| Fault::refused(format!("{path}: {fault}")));
        match Faults::any(faults.collect()) {
            Some(faults) => Err(faults),
            None => Ok(team),
        }
    }

    /// What new plans start from.
    pub fn template(&self) -> Result<Template, Fault> {
        let path = &self.settings.template;
        Ok(Template::parse(path.as_str(), &self.text(path)?)?)
    }

    /// The account, which must exist.
    pub fn account(&self, slug: &AccountSlug) -> Result<Account<Step>, Fault> {
        if !self.hub.exists(slug)? {
            return Err(self.no_account(slug));
        }
        Ok(self.hub.load(slug, None)?)
    }

    /// The named account, or all of them; folders with unusable names come back as faults.
    pub fn chosen(&self, named: Option<&AccountSlug>) -> Result<(Vec<AccountSlug>, Vec<Fault>), Fault> {
        let Some(slug) = named else {
            let (accounts, errors) = self.hub.accounts()?;
            return Ok((accounts, errors.into_iter().map(Fault::from).collect()));
        };
        if self.hub.exists(slug)? { Ok((vec![slug.clone()], Vec::new())) } else { Err(self.no_account(slug)) }
    }

    /// The day that an instant belongs to, in the account's time zone, else in that of `[calendar]`.
    pub fn day_of(&self, facts: &AccountFile, at: Timestamp) -> Date {
        day_of(facts, at, &self.settings.attention.calendar)
    }

    /// The account's material.
    pub fn library(&self, slug: &AccountSlug) -> Result<Library, Fault> {
        let shelf = AccountShelf::new(&self.hub, slug)?;
        Library::load(&shelf, &crate::wire::readers()).map_err(|error| Fault::of(Exit::Failed, &error))
    }

    /// What to say about an account that is not there, with the nearest one that is.
    fn no_account(&self, slug: &AccountSlug) -> Fault {
        let fault = Fault::not_found(format!("there is no account '{slug}'"));
        let Ok((accounts, _)) = self.hub.accounts() else { return fault };
        let names = accounts.iter().map(AccountSlug::as_str);
        match yaml::nearest(slug.as_str(), names) {
            Some(near) => fault.help(format!("did you mean '{near}'?")),
            None => fault.help("`csp account list` shows all accounts"),
        }
    }
}

/// The text of a file of the store, or nothing if there is none.
fn text_of(store: &dyn Store, path: &StorePath, limit: u64) -> Result<Option<String>, Fault> {
    let Some(bytes) = store.read(path, limit)? else { return Ok(None) };
    utf8(path.as_str(), bytes).map(Some)
}

/// Bytes as text, or the place of the first byte that is none.
pub fn utf8(file: &str, bytes: Vec<u8>) -> Result<String, Fault> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
        let (line, column) = crate::show::snippet::line_column(&before, before.len());
        Fault::refused("this byte is not UTF-8").at(file, line, column).help("save the file as UTF-8")
    })
}
