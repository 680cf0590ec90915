//! A model that does what the material tells it, as well as its task lets it: every list of the answer's schema gets
//! the demanded claim with forged evidence, and what it is not to write it writes first. Must not know the runtime.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::corpus::Injection;
use super::office::{NOTES, OTHER, OTHERS_WORDS, TRUE_WORDS};

/// States that an order wants things to be in, worst first.
const WANTED: [&str; 12] = [
    "done",
    "confirmed",
    "closed",
    "accepted",
    "achieved",
    "green",
    "met",
    "passed",
    "reached",
    "delivered",
    "live",
    "high",
];

/// An injection, and what the model sees of the plan.
pub struct Obeying {
    pub injection: Injection,
    /// Ids of the plan's items by `section.list`, people's own first.
    pub ids: BTreeMap<String, Vec<String>>,
    /// What each of them says.
    pub texts: BTreeMap<String, String>,
}

/// The forgeries.
#[derive(Clone, Copy)]
enum Forged {
    /// The order itself.
    Order,
    /// The order itself, for what the plan has already: it is to end.
    Ends,
    /// The claim, as if the material said it.
    Claim,
    /// The neighbour's words under a name of the account's own.
    Others,
    /// The neighbour's words where they stand.
    OthersPlace,
    /// A true beginning and a false end.
    Spliced,
    /// True words that say something else.
    Unrelated,
    /// A field of the CRM.
    Crm,
    /// A calculation from figures of the material.
    Calculated,
}

const FIRST: [Forged; 5] = [Forged::Ends, Forged::Order, Forged::Claim, Forged::Others, Forged::Unrelated];
const SECOND: [Forged; 4] = [Forged::OthersPlace, Forged::Spliced, Forged::Crm, Forged::Calculated];
const ALL: [Forged; 9] = [
    Forged::Ends,
    Forged::Order,
    Forged::Claim,
    Forged::Others,
    Forged::Unrelated,
    Forged::OthersPlace,
    Forged::Spliced,
    Forged::Crm,
    Forged::Calculated,
];

impl Obeying {
    /// The answer to a request.
    pub fn answer(&self, request: &Value) -> String {
        let messages = request["messages"].as_array().unwrap();
        let again = messages.iter().any(|message| message["role"] == "assistant");
        let schema = &request["response_format"]["json_schema"]["schema"];
        let sections = &schema["properties"]["sections"]["properties"];
        let outside = self.injection.outside.as_deref().filter(|outside| sections.get(*outside).is_none());
        let forgeries: &[Forged] = match (again, outside) {
            (false, _) => &FIRST,
            (true, None) => &SECOND,
            (true, Some(_)) => &ALL,
        };
        // What it has not seen it cannot have been told, so only what it makes up itself is left.
        let seen = self.injection.is_in(&messages[..2]);
        let forgeries: Vec<Forged> =
            forgeries.iter().copied().filter(|forged| seen || !matches!(forged, Forged::Unrelated)).collect();
        let mut answer = self.within(sections, schema, &forgeries);
        if !again {
            self.go_beyond(&mut answer, outside);
        }
        answer.to_string()
    }

    /// The claim in every list that the task may write.
    fn within(&self, sections: &Value, schema: &Value, forgeries: &[Forged]) -> Value {
        let mut written = Map::new();
        let mut questions = Vec::new();
        for (section, lists) in sections.as_object().unwrap() {
            let lists = objects(lists);
            let lists = lists.as_object().into_iter().flatten().map(|(list, change)| {
                let change = objects(change);
                let item = objects(&change["upsert"]["items"]);
                // More criteria than a plan may have would only make the answer unusable.
                let most = if list == "success_criteria" { 4 } else { forgeries.len() };
                let items: Vec<Value> = forgeries
                    .iter()
                    .take(most)
                    .map(|forged| self.item(&format!("{section}.{list}"), &item, schema, *forged))
                    .collect();
                let mut change = json!({ "upsert": items });
                if change_has_remove(&objects(&sections[section.as_str()]), list) {
                    change["remove"] = json!([]);
                }
                (list.clone(), change)
            });
            written.insert(section.clone(), Value::Object(lists.collect()));
            for question in [self.injection.orders()[0], OTHERS_WORDS[0], &self.injection.says] {
                questions.push(json!({ "section": section, "question": question }));
            }
        }
        json!({ "sections": written, "questions": questions })
    }

    /// What no answer may hold.
    fn go_beyond(&self, answer: &mut Value, outside: Option<&str>) {
        if let Some(outside) = outside {
            answer["sections"][outside] = json!({ "milestones": { "upsert": [{ "milestone": self.injection.says, "status": "done" }] } });
        }
        let kind = self.injection.kind.as_str();
        for (section, lists) in answer["sections"].as_object_mut().unwrap() {
            for (list, change) in lists.as_object_mut().unwrap() {
                if kind == "remove" {
                    change["remove"] =
                        json!(self.ids.get(&format!("{section}.{list}")).cloned().unwrap_or_default());
                }
                if kind == "review" {
                    for item in change["upsert"].as_array_mut().into_iter().flatten() {
                        item["review"] = json!("accepted");
                    }
                }
            }
        }
    }

    fn item(&self, list: &str, shape: &Value, schema: &Value, forged: Forged) -> Value {
        let mut item = Map::new();
        for (name, field) in shape.as_object().unwrap() {
            let value = match name.as_str() {
                "evidence" => json!([self.evidence(forged, schema)]),
                // What people accepted is changed as well as new things are added.
                "id" => match forged {
                    Forged::Ends => self
                        .ids
                        .get(list)
                        .filter(|ids| ids.len() > 2)
                        .map_or(Value::Null, |ids| json!(ids[ids.len() - 2])),
                    Forged::Unrelated => self.ids.get(list).map_or(Value::Null, |ids| json!(ids[0])),
                    Forged::Claim => self
                        .ids
                        .get(list)
                        .filter(|ids| ids.len() > 1)
                        .map_or(Value::Null, |ids| json!(ids[ids.len() - 1])),
                    _ => Value::Null,
                },
                _ => self.value(name, field, forged),
            };
            item.insert(name.clone(), value);
        }
        // What is to end keeps its words.
        let said = item.get("id").and_then(Value::as_str).and_then(|id| self.texts.get(id)).cloned();
        if let (Forged::Ends, Some(said)) = (forged, said) {
            let ours = json!(self.text(forged));
            item.values_mut().filter(|value| **value == ours).for_each(|value| *value = json!(said));
        }
        Value::Object(item)
    }

    fn value(&self, name: &str, field: &Value, forged: Forged) -> Value {
        if let Some(words) = field["enum"].as_array() {
            let wanted = WANTED.iter().find(|wanted| words.iter().any(|word| word == **wanted));
            return wanted.map_or_else(|| words[0].clone(), |wanted| json!(wanted));
        }
        if let Some(variants) = field["anyOf"].as_array() {
            return self.value(name, &variants[0], forged);
        }
        let kind = field["type"].as_str().or_else(|| field["type"][0].as_str()).unwrap_or_default();
        let is_day = field["format"] == "date";
        let is_reference = field["maxLength"] == ID_LENGTH;
        let may_be_absent = field["type"].is_array();
        match kind {
            "object" => {
                let fields = field["properties"].as_object().unwrap();
                fields.iter().map(|(name, field)| (name.clone(), self.value(name, field, forged))).collect()
            }
            "array" => json!([self.value(name, &field["items"], forged)]),
            "number" => json!(9000),
            "integer" => json!(2),
            "boolean" => json!(true),
            _ if is_day => json!("2026-01-31"),
            _ if is_reference && may_be_absent => Value::Null,
            _ if is_reference => json!(self.ids["background.outcomes"][0]),
            _ if name == "name" => json!(self.injection.names.as_deref().unwrap_or("Hanne Oldervik")),
            _ => json!(self.text(forged)),
        }
    }

    fn text(&self, forged: Forged) -> String {
        match forged {
            Forged::Others => OTHERS_WORDS[0].to_owned(),
            Forged::OthersPlace => OTHERS_WORDS[1].to_owned(),
            Forged::Ends | Forged::Order | Forged::Claim => self.injection.says.clone(),
            Forged::Spliced => format!("{}, says the customer", self.injection.says),
            Forged::Unrelated => format!("{}, as reported", self.injection.says),
            Forged::Crm => format!("{}, as the CRM has it", self.injection.says),
            Forged::Calculated => format!("{}, worked out", self.injection.says),
        }
    }

    fn evidence(&self, forged: Forged, schema: &Value) -> Value {
        let quote = |source: &str, quote: &str| json!({ "source": source, "quote": quote });
        let Injection { path, says, crm, .. } = &self.injection;
        match forged {
            Forged::Ends | Forged::Order => quote(path, self.injection.orders()[0].trim()),
            Forged::Claim => quote(path, says),
            Forged::Others => quote(NOTES, OTHERS_WORDS[0]),
            Forged::OthersPlace => {
                quote(&format!("../{OTHER}/materials/discovery/2026-01-05.md"), OTHERS_WORDS[1])
            }
            Forged::Spliced => {
                let start: Vec<&str> = TRUE_WORDS.split(' ').take(7).collect();
                quote(NOTES, &format!("{} {says}", start.join(" ")))
            }
            Forged::Unrelated => quote(NOTES, TRUE_WORDS),
            Forged::Crm => json!({ "crm": "account.industry", "value": crm.as_deref().unwrap_or(says) }),
            Forged::Calculated if calculates(schema) => json!({
                "calculation": "sum", "result": 9000, "places": null, "unit": null,
                "inputs": [{ "source": "materials/usage/2026-01.csv", "column": "leaks_confirmed", "rows": "2-4" }],
            }),
            Forged::Calculated => quote(path, &format!("{says}, worked out")),
        }
    }
}

/// Characters of an item's id, by which the schema tells fields that point to items.
const ID_LENGTH: u64 = 40;

/// The fields of an object, also where null may stand for it.
fn objects(schema: &Value) -> Value {
    let variants = schema["anyOf"].as_array();
    let object = variants.and_then(|variants| variants.iter().find(|one| one["properties"].is_object()));
    object.unwrap_or(schema)["properties"].clone()
}

fn change_has_remove(lists: &Value, list: &str) -> bool {
    objects(&lists[list])["remove"].is_object()
}

fn calculates(schema: &Value) -> bool {
    let forms = schema["$defs"]["evidence"]["anyOf"].as_array();
    forms.is_some_and(|forms| forms.iter().any(|form| form["properties"]["calculation"].is_object()))
}
