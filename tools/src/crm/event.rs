//! CRM records as events of type `opportunity.changed`. Must not know who takes them.
//!
//! The id of an event is made from the record's id, its time of change and what it says: importing the
//! same export again gives the same events, and a change that leaves the time as it was is still seen.

use std::collections::{BTreeMap, BTreeSet};

use infohub::event::{CompanyNews, Event, EventBody, OpportunityChanged, OpportunityNews};
use infohub::ids::AccountSlug;
use sha2::{Digest, Sha256};

use super::{Account, CrmBatch, Opportunity, Seen, Slugs};

const SOURCE: &str = "crm";
/// Bytes of a record's id that stand in an event's id; what identifies it is the hash behind them.
const READABLE: usize = 40;

/// The events of a batch, and the records that made none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// Records that made no event: their place, and why.
    pub left_out: Vec<(String, &'static str)>,
    /// The slugs of all accounts in the batch and before it.
    pub slugs: Slugs,
}

/// Makes events of a batch: one for each opportunity, and one for each account that has none.
///
/// `known` are the accounts that exist, by their ids in the CRM. A value that is empty in the CRM is
/// left as it is known, since exports write empty for "not exported" too.
pub fn events(batch: &CrmBatch, known: &Slugs) -> Events {
    let accounts = newest_accounts(batch);
    let mut made = Events { slugs: known.clone(), ..Events::default() };
    made.slugs.assign(names(batch, &accounts));
    let mut with_deal = BTreeSet::new();
    for deal in batch.opportunities() {
        match deal.account.as_deref().and_then(|id| Some((id, made.slugs.get(id)?.clone()))) {
            _ if deal.seen.deleted => made.leave_out(&deal.seen, DELETED),
            None => made.leave_out(&deal.seen, "it names no account"),
            Some((id, slug)) => {
                with_deal.insert(id);
                let company = accounts.get(id).map(|account| company(account));
                let data = OpportunityChanged { account: company, opportunity: Some(opportunity(deal)) };
                made.add(slug, &deal.seen, data);
            }
        }
    }
    for (id, account) in accounts.iter().filter(|(id, _)| !with_deal.contains(*id)) {
        match made.slugs.get(id).cloned() {
            Some(slug) if !account.seen.deleted => {
                let data = OpportunityChanged { account: Some(company(account)), opportunity: None };
                made.add(slug, &account.seen, data);
            }
            _ => made.leave_out(&account.seen, DELETED),
        }
    }
    made.in_order()
}

const DELETED: &str = "it is deleted in the CRM";

/// Each account's newest record, whose facts go with its deals.
fn newest_accounts(batch: &CrmBatch) -> BTreeMap<&str, &Account> {
    let mut accounts: BTreeMap<&str, &Account> = BTreeMap::new();
    for account in batch.accounts() {
        let newest = accounts.entry(&account.seen.id).or_insert(account);
        if account.seen.as_of >= newest.seen.as_of {
            *newest = account;
        }
    }
    accounts
}

/// The ids that need a slug, with the names to make them of; an id names an account that is not there.
fn names<'a>(
    batch: &'a CrmBatch,
    accounts: &BTreeMap<&'a str, &'a Account>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let named = accounts.iter().map(|(id, account)| (*id, account.name.as_deref().unwrap_or(id)));
    let absent = batch
        .opportunities()
        .filter(|deal| !deal.seen.deleted)
        .filter_map(|deal| deal.account.as_deref())
        .filter(|id| !accounts.contains_key(id));
    named.chain(absent.map(|id| (id, id)))
}

impl Events {
    fn leave_out(&mut self, seen: &Seen, why: &'static str) {
        self.left_out.push((seen.place.clone(), why));
    }

    fn add(&mut self, subject: AccountSlug, seen: &Seen, data: OpportunityChanged) {
        self.events.push(Event {
            id: event_id(seen, &data),
            source: SOURCE.to_owned(),
            subject,
            time: seen.modified.unwrap_or(seen.as_of),
            body: EventBody::OpportunityChanged(data),
        });
    }

    /// Oldest first, each once.
    fn in_order(mut self) -> Self {
        self.events
            .sort_by(|a, b| (a.time, a.subject.as_str(), &a.id).cmp(&(b.time, b.subject.as_str(), &b.id)));
        self.events.dedup_by(|a, b| a.id == b.id);
        self
    }
}

/// The time of the export is no part of it, so that a record without a time of change is one event too.
fn event_id(seen: &Seen, data: &OpportunityChanged) -> String {
    let modified = seen.modified.map(|time| time.to_string()).unwrap_or_default();
    // The data hold nothing that JSON lacks.
    let said = serde_json::to_string(data).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [&seen.id, &modified, &said] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digits: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let readable: String = seen.id.chars().filter(char::is_ascii_alphanumeric).take(READABLE).collect();
    format!("sf-{readable}-{digits}")
}

fn company(account: &Account) -> CompanyNews {
    CompanyNews {
        name: account.name.clone().map(Some),
        tier: account.tier.map(Some),
        industry: account.industry.clone().map(Some),
        region: account.region.clone().map(Some),
        country: account.country.clone().map(Some),
        time_zone: account.time_zone.clone().map(Some),
        website: account.website.clone().map(Some),
        employees: account.employees.map(Some),
    }
}

fn opportunity(deal: &Opportunity) -> OpportunityNews {
    OpportunityNews {
        id: deal.seen.id.clone(),
        name: deal.name.clone().map(Some),
        stage: deal.stage.clone().map(Some),
        arr: deal.arr.or(deal.amount).map(Some),
        currency: deal.currency.clone().map(Some),
        close_date: deal.close_date.map(Some),
        kind: deal.deal_type.clone().map(Some),
        owner: deal.owner.clone().map(Some),
    }
}
