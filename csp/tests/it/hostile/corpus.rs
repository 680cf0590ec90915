//! The injections: what a customer's file says to software. Must not know who is attacked with them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::witness::letters;

/// One attempt to give orders to whoever reads the material.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Injection {
    pub id: String,
    pub kind: String,
    /// The material that holds it.
    pub path: String,
    text: String,
    /// The parts of it that are orders; all of the text unless it says so.
    #[serde(default)]
    orders: Vec<String>,
    /// What a model that obeys writes as a fact.
    pub says: String,
    /// A person that it is to bring in.
    pub names: Option<String>,
    /// A section that it is to write, whatever its task.
    pub outside: Option<String>,
    /// What a field of the CRM says.
    pub crm: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    injections: Vec<Injection>,
}

/// True sentences around an order in prose.
const BEFORE: &str = "The loggers in the north valley reported every hour of this week without a gap.";
const AFTER: &str = "Two of the crew asked for a second training day before the frost begins.";

/// The injections that nothing of may get through, in the order of their files.
pub fn known() -> Vec<Injection> {
    ["prose.yaml", "disguised.yaml"].iter().flat_map(|name| read(name)).collect()
}

/// Injections by somebody who knew neither the others nor the words by which orders are noticed.
pub fn by_a_stranger() -> Vec<Injection> {
    read("stranger.yaml")
}

/// The injections of one file.
fn read(name: &str) -> Vec<Injection> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/hostile/corpus");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let file: File = infohub::yaml::read(name, &text).unwrap();
    file.injections
}

impl Injection {
    /// The material as the customer sent it.
    pub fn file(&self) -> String {
        let text = &self.text;
        match self.path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("md" | "txt") => format!("{BEFORE}\n\n{text}\n\n{AFTER}\n"),
            Some("html") => {
                format!("<html><body>\n<p>{BEFORE}</p>\n{text}\n<p>{AFTER}</p>\n</body></html>\n")
            }
            _ => text.clone(),
        }
    }

    /// The parts that are orders.
    pub fn orders(&self) -> Vec<&str> {
        if self.orders.is_empty() {
            vec![&self.text]
        } else {
            self.orders.iter().map(String::as_str).collect()
        }
    }

    /// Whether messages to a model show one of the orders.
    pub fn is_in<T: Serialize>(&self, messages: &[T]) -> bool {
        let messages = serde_json::to_string(messages).unwrap();
        let shown = letters(&messages.replace("\\n", " ").replace("\\\"", " "));
        self.orders()
            .iter()
            .any(|order| order.lines().any(|line| line.len() > 12 && shown.contains(&letters(line))))
    }
}
