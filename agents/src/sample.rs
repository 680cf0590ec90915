//! An account in memory for this crate's tests: a few invented materials and facts.

use infohub::facts::{AccountFile, Fact};
use infohub::ids::AccountSlug;
use infohub::plan::{Lifecycle, Meta, Plan, SCHEMA_VERSION, Status};
use jiff::Timestamp;
use tools::material::{Library, Readers, Shelf, ShelfError, ShelfFile};

/// Files in memory.
pub(crate) struct Pile(pub(crate) Vec<(String, String)>);

impl Shelf for Pile {
    fn files(&self) -> Result<Vec<ShelfFile>, ShelfError> {
        let file = |(path, text): &(String, String)| ShelfFile {
            path: path.clone(),
            len: text.len() as u64,
            modified: None,
        };
        Ok(self.0.iter().map(file).collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, ShelfError> {
        let file = self.0.iter().find(|(known, _)| known == path);
        file.map(|(_, text)| text.clone().into_bytes()).ok_or(ShelfError::Gone)
    }
}

/// A library of the given files.
pub(crate) fn library(files: &[(&str, &str)]) -> Library {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Library::load(&Pile(files), &Readers::default()).unwrap()
}

pub(crate) const NOTES: &str = "materials/discovery/2026-01-12.md";
pub(crate) const CALL: &str = "materials/meetings/2026-01-20.vtt";
pub(crate) const USAGE: &str = "materials/usage/2026-01.csv";

/// Notes, a call and a table about a company that does not exist.
pub(crate) fn tallowmere() -> Library {
    library(&[
        (NOTES, include_str!("sample/notes.md")),
        (CALL, include_str!("sample/call.vtt")),
        (USAGE, include_str!("sample/usage.csv")),
    ])
}

/// What the CRM says of it.
pub(crate) fn facts() -> AccountFile {
    let as_of: Timestamp = "2026-01-15T10:00:00Z".parse().unwrap();
    let mut facts = AccountFile::new(AccountSlug::new("tallowmere").unwrap());
    facts.facts.name = Some(Fact { value: Some("Tallowmere Freight".into()), as_of, confirmed: None });
    facts.facts.employees = Some(Fact { value: Some(1400), as_of, confirmed: None });
    let mut deal = infohub::facts::Opportunity::new("006A1".into());
    deal.name = Some(Fact { value: Some("Tallowmere platform".into()), as_of, confirmed: None });
    deal.stage = Some(Fact { value: Some("Stage 2".into()), as_of, confirmed: None });
    deal.arr = Some(Fact { value: Some(250_000.into()), as_of, confirmed: None });
    deal.currency = Some(Fact { value: Some("USD".to_owned().try_into().unwrap()), as_of, confirmed: None });
    deal.close_date = Some(Fact { value: Some("2026-06-30".parse().unwrap()), as_of, confirmed: None });
    facts.opportunities.push(deal);
    facts
}

/// A plan with nothing in it.
pub(crate) fn plan() -> Plan {
    Plan::new(Meta {
        schema: SCHEMA_VERSION,
        version: 3,
        account: AccountSlug::new("tallowmere").unwrap(),
        opportunity: Some("006A1".into()),
        lifecycle: Lifecycle::Initiate,
        status: Status::Draft,
        owner: None,
        last_updated: "2026-01-15T10:00:00Z".parse().unwrap(),
        last_customer_review: None,
        agreed: None,
    })
}
