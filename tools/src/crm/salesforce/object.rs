//! Which Salesforce object a record is, and its record from its fields. Must not know file kinds.

use super::Source;
use super::fields::{Fields, folded};
use crate::crm::{Account, Contact, CrmBatch, CrmRecord, Opportunity, Organization, Seen};

/// The objects that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Object {
    Account,
    Opportunity,
    Contact,
    Organization,
}

impl Object {
    /// The object of this name, whatever its case and number.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match folded(name).as_str() {
            "account" | "accounts" => Self::Account,
            "opportunity" | "opportunities" => Self::Opportunity,
            "contact" | "contacts" => Self::Contact,
            "organization" => Self::Organization,
            _ => return None,
        })
    }

    /// What the first characters of an id tell; they stand for the object in every org.
    pub(super) fn of_id(id: &str) -> Option<Option<Self>> {
        let is_id = matches!(id.len(), 15 | 18) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| match id.get(..3) {
            Some("001") => Some(Self::Account),
            Some("006") => Some(Self::Opportunity),
            Some("003") => Some(Self::Contact),
            Some("00D") => Some(Self::Organization),
            _ => None,
        })
    }
}

/// Adds the record that the fields make to the batch.
pub(super) fn add(
    batch: &mut CrmBatch,
    source: Source<'_>,
    object: Object,
    place: String,
    mut fields: Fields,
) {
    let Some(id) = fields.text(&["id", "referenceid"]) else {
        batch.skip(place, "it has no id".to_owned());
        return;
    };
    let seen = seen(id, place, &mut fields, source);
    let place = seen.place.clone();
    let record = match object {
        Object::Account => CrmRecord::Account(account(seen, &mut fields)),
        Object::Opportunity => CrmRecord::Opportunity(opportunity(seen, &mut fields)),
        Object::Contact => CrmRecord::Contact(contact(seen, &mut fields)),
        Object::Organization => CrmRecord::Organization(organization(seen, &mut fields)),
    };
    batch.unmapped += fields.unused();
    for (field, why) in fields.unusable {
        batch.skip(format!("{place}, {field}"), format!("the value of {field} is left out: {why}"));
    }
    batch.records.push(record);
}

fn seen(id: String, place: String, fields: &mut Fields, source: Source<'_>) -> Seen {
    // A table of versions says from when each held; its rows are old, not deleted.
    let version = fields.instant(&["fivetranstart"]);
    let modified =
        fields.instant(&["lastmodifieddate"]).or_else(|| fields.instant(&["systemmodstamp"])).or(version);
    let synced = fields.instant(&["fivetransynced"]);
    let superseded = version.is_none() && fields.flag(&["fivetranactive"]) == Some(false);
    let deleted = [fields.flag(&["isdeleted"]), fields.flag(&["fivetrandeleted"])].contains(&Some(true));
    Seen {
        id,
        place,
        modified,
        as_of: version.or(synced).or(modified).unwrap_or(source.as_of),
        deleted: deleted || superseded,
    }
}

fn account(seen: Seen, fields: &mut Fields) -> Account {
    Account {
        seen,
        name: fields.text(&["name"]),
        industry: fields.text(&["industry"]),
        relation: fields.text(&["type"]),
        tier: fields.tier(&["tier", "accounttier", "customertier", "segment"]),
        region: fields.text(&["region", "salesregion", "territory"]),
        country: fields.text(&["billingcountry", "billingcountrycode", "shippingcountry"]),
        website: fields.text(&["website"]),
        employees: fields.count(&["numberofemployees", "employees"]),
        time_zone: fields.text(&["timezone", "timezonesidkey"]),
        owner: fields.text(&["ownerid"]),
        parent: reference(fields, &["parentid"]),
    }
}

fn opportunity(seen: Seen, fields: &mut Fields) -> Opportunity {
    Opportunity {
        seen,
        account: reference(fields, &["accountid"]),
        name: fields.text(&["name"]),
        stage: fields.text(&["stagename", "stage"]),
        amount: fields.amount(&["amount"]),
        arr: fields.amount(&["arr", "annualrecurringrevenue"]),
        currency: fields.currency(&["currencyisocode", "currency"]),
        close_date: fields.date(&["closedate"]),
        deal_type: fields.text(&["type"]),
        closed: fields.flag(&["isclosed"]),
        won: fields.flag(&["iswon"]),
        owner: fields.text(&["ownerid"]),
    }
}

fn contact(seen: Seen, fields: &mut Fields) -> Contact {
    let parts = [fields.text(&["firstname"]), fields.text(&["lastname"])];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    Contact {
        seen,
        account: reference(fields, &["accountid"]),
        name: fields.text(&["name"]).or((!joined.is_empty()).then_some(joined)),
        title: fields.text(&["title"]),
        department: fields.text(&["department"]),
        email: fields.text(&["email"]),
        owner: fields.text(&["ownerid"]),
    }
}

fn organization(seen: Seen, fields: &mut Fields) -> Organization {
    Organization {
        seen,
        name: fields.text(&["name"]),
        country: fields.text(&["country"]),
        time_zone: fields.text(&["timezonesidkey"]),
        currency: fields.currency(&["defaultcurrencyisocode"]),
    }
}

/// An id, or a tree's reference to another record in it: `@AccountRef1`.
fn reference(fields: &mut Fields, names: &[&str]) -> Option<String> {
    fields.text(names).map(|id| id.strip_prefix('@').unwrap_or(&id).to_owned())
}
