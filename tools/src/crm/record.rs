//! What is kept of a CRM's records. Must not know any vendor's names for them.

use infohub::facts::Tier;
use infohub::number::{Currency, Number};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// The records of one export, and what of it was left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CrmBatch {
    /// The records, in the order of the export.
    pub records: Vec<CrmRecord>,
    /// What was left out, with the first place where it was met.
    pub skipped: Vec<Skipped>,
    /// How many values stood in fields that no plan uses.
    pub unmapped: usize,
}

impl CrmBatch {
    /// Kinds of complaints beyond this many are not told one by one.
    const SKIPPED: usize = 1_000;

    /// Adds the records of another export of the same system.
    pub fn append(&mut self, other: Self) {
        self.records.extend(other.records);
        self.skipped.extend(other.skipped);
        self.unmapped += other.unmapped;
    }

    /// Notes that something was left out; the same reason again only counts.
    pub(super) fn skip(&mut self, place: String, reason: String) {
        if let Some(known) = self.skipped.iter_mut().find(|known| known.reason == reason) {
            known.times += 1;
        } else if self.skipped.len() < Self::SKIPPED {
            self.skipped.push(Skipped { place, reason, times: 1 });
        }
    }

    /// The accounts among the records.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.records.iter().filter_map(|record| match record {
            CrmRecord::Account(account) => Some(account),
            _ => None,
        })
    }

    /// The opportunities among the records.
    pub fn opportunities(&self) -> impl Iterator<Item = &Opportunity> {
        self.records.iter().filter_map(|record| match record {
            CrmRecord::Opportunity(opportunity) => Some(opportunity),
            _ => None,
        })
    }
}

/// Something in an export that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Where it was first met, such as `line 4, CloseDate`.
    pub place: String,
    /// Why it was left out.
    pub reason: String,
    /// How often.
    pub times: usize,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CrmRecord {
    /// A company that is or may become a customer.
    Account(Account),
    /// A deal.
    Opportunity(Opportunity),
    /// A person at an account.
    Contact(Contact),
    /// The company whose CRM this is.
    Organization(Organization),
}

/// What every record says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The id in the CRM, or the reference by which an export without ids names the record.
    pub id: String,
    /// Where it stands in the export.
    pub place: String,
    /// When it was last changed, if the export tells.
    pub modified: Option<Timestamp>,
    /// The instant up to which its facts are known to hold.
    pub as_of: Timestamp,
    /// Whether it is deleted in the CRM, or no longer current in the export.
    pub deleted: bool,
}

/// A company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Its identity and age.
    #[serde(flatten)]
    pub seen: Seen,
    /// The company's name.
    pub name: Option<String>,
    /// Its industry in the CRM's words.
    pub industry: Option<String>,
    /// What it is to the seller: prospect, customer, partner.
    pub relation: Option<String>,
    /// How it is served, such as enterprise.
    pub tier: Option<Tier>,
    /// The sales region.
    pub region: Option<String>,
    /// The country of its address.
    pub country: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// How many people work there.
    pub employees: Option<u32>,
    /// Its IANA time zone.
    pub time_zone: Option<String>,
    /// The id of whoever owns it.
    pub owner: Option<String>,
    /// The id of the company that it belongs to.
    pub parent: Option<String>,
}

/// A deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opportunity {
    /// Its identity and age.
    #[serde(flatten)]
    pub seen: Seen,
    /// The id of its account.
    pub account: Option<String>,
    /// The deal's name.
    pub name: Option<String>,
    /// The sales stage in the CRM's words.
    pub stage: Option<String>,
    /// The deal's whole amount.
    pub amount: Option<Number>,
    /// The annual recurring revenue, where the CRM has a field for it.
    pub arr: Option<Number>,
    /// The ISO code of the currency of both.
    pub currency: Option<Currency>,
    /// The day on which it is expected to close, or closed.
    pub close_date: Option<Date>,
    /// What kind of deal: new business, renewal.
    pub deal_type: Option<String>,
    /// Whether it is over.
    pub closed: Option<bool>,
    /// Whether it was won.
    pub won: Option<bool>,
    /// The id of whoever owns it.
    pub owner: Option<String>,
}

/// A person at an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// Its identity and age.
    #[serde(flatten)]
    pub seen: Seen,
    /// The id of the account.
    pub account: Option<String>,
    /// The person's whole name.
    pub name: Option<String>,
    /// The person's job.
    pub title: Option<String>,
    /// The person's department.
    pub department: Option<String>,
    /// The person's address.
    pub email: Option<String>,
    /// The id of whoever owns the contact.
    pub owner: Option<String>,
}

/// The company whose CRM this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organization {
    /// Its identity and age.
    #[serde(flatten)]
    pub seen: Seen,
    /// Its name.
    pub name: Option<String>,
    /// Its country.
    pub country: Option<String>,
    /// The IANA time zone that its users share.
    pub time_zone: Option<String>,
    /// The ISO code of the currency that amounts are in where a record does not say.
    pub currency: Option<Currency>,
}

impl CrmRecord {
    /// What the record says of itself.
    pub fn seen(&self) -> &Seen {
        match self {
            Self::Account(record) => &record.seen,
            Self::Opportunity(record) => &record.seen,
            Self::Contact(record) => &record.seen,
            Self::Organization(record) => &record.seen,
        }
    }
}
