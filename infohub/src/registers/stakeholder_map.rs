//! `stakeholder_map.md`: section 2 as a page for people on our side, by side of the table. Derived from the plan and from
//! nothing else, so a page that says the same as the last plan's is nobody's own work. Must not know where it is kept.

use std::fmt::Write;

use crate::plan::sections::stakeholders::{Stakeholder, Stance};
use crate::plan::{Level, Plan, Side};

/// The page's file name.
pub const STAKEHOLDER_MAP: &str = "stakeholder_map.md";

/// The page; `None` while section 2 names nobody.
pub fn stakeholder_map(plan: &Plan) -> Option<String> {
    let people = &plan.stakeholders.people;
    if people.is_empty() {
        return None;
    }
    let mut page = format!(
        "# Stakeholder map: {}\n\nInternal. Made from section 2 of csp.yaml whenever that changes: change it there. A page that \
         people changed by hand is left as it is.\n",
        plan.plan.account
    );
    let sides = [
        (Some(Side::Customer), "The customer's side"),
        (Some(Side::Ours), "Our side"),
        (Some(Side::Partner), "Partners"),
        (None, "Side not known"),
    ];
    for (side, heading) in sides {
        let mut here = people.iter().filter(|person| person.side == side).peekable();
        if here.peek().is_some() {
            page += &format!("\n## {heading}\n");
            here.for_each(|person| entry(&mut page, person));
        }
    }
    Some(page)
}

fn entry(page: &mut String, person: &Stakeholder) {
    let role = person.role.as_deref().map(|role| format!(", {}", plain(role))).unwrap_or_default();
    let drafted = if person.review.is_some() { " (drafted, not accepted yet)" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(page, "\n### {}{role}{drafted}\n", plain(&person.name));
    let mut line = |what: &str, text: Option<String>| {
        if let Some(text) = text {
            let _ = writeln!(page, "- {what}: {}", plain(&text));
        }
    };
    line("Priorities", person.priorities.clone());
    line("We speak", person.cadence.clone());
    line("Stance (internal)", person.stance.map(|stance| stance_word(stance).to_owned()));
    line("Influence (internal)", person.influence.map(|level| level_word(level).to_owned()));
    line("Notes (internal)", person.notes.clone());
    let _ = writeln!(page, "- In csp.yaml: {}", person.id);
}

fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::Champion => "champion",
        Stance::Supporter => "supporter",
        Stance::Neutral => "neutral",
        Stance::Sceptic => "sceptic",
        Stance::Blocker => "blocker",
    }
}

fn level_word(level: Level) -> &'static str {
    match level {
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
    }
}

/// Words from meetings stay words: one line, and nothing in it is a heading, a link or HTML.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '~' | '&') {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(people: &serde_json::Value) -> Option<String> {
        let plan = json!({ "plan": { "schema": 1, "version": 3, "account": "acme", "lifecycle": "develop",
            "status": "draft", "last_updated": "2026-01-15T10:00:00Z" }, "stakeholders": { "people": people } });
        stakeholder_map(&serde_json::from_value(plan).unwrap())
    }

    #[test]
    fn people_stand_by_side_with_what_is_internal_marked() {
        let page = map(&json!([
            { "id": "sh-1", "name": "Otto Pohl", "side": "ours", "role": "SA" },
            { "id": "sh-2", "name": "Ines Roy", "side": "customer", "priorities": "Fewer returns", "stance": "champion",
              "review": "drafted" },
            { "id": "sh-3", "name": "# <b>Zoe\n\n## x" }
        ]))
        .unwrap();
        let lines: Vec<_> = page.lines().skip(4).filter(|line| !line.is_empty()).collect();
        let expected = [
            "## The customer's side",
            "### Ines Roy (drafted, not accepted yet)",
            "- Priorities: Fewer returns",
            "- Stance (internal): champion",
            "- In csp.yaml: sh-2",
            "## Our side",
            "### Otto Pohl, SA",
            "- In csp.yaml: sh-1",
            "## Side not known",
            "### \\# \\<b\\>Zoe \\#\\# x",
            "- In csp.yaml: sh-3",
        ];
        assert_eq!(lines, expected);
        assert_eq!(map(&json!([])), None);
    }
}
