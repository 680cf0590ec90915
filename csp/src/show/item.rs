//! One item of a plan for people: its words, its further fields, what it rests on.

use infohub::evidence::Evidence;
use infohub::plan::Item;
use serde_json::Value;

use super::screen::Screen;
use super::words::{day, spaced, wrap};

/// Fields that are shown in their own way, or not at all.
const OWN: [&str; 3] = ["id", "evidence", "review"];

/// The item as lines, each behind `indent`.
pub fn item(item: &dyn Item, indent: &str, screen: &Screen) -> String {
    let (paint, width) = (screen.paint, screen.width);
    let drafted = if item.review().is_some() { "[drafted]" } else { "" };
    let text = format!("{} {drafted} {}", item.text(), item.id());
    let text = wrap(&format!("{indent}• "), &format!("{indent}  "), &text, width);
    // Colours take no room, so they are put in after the text has been wrapped.
    let id = item.id().as_str();
    let text = match text.strip_suffix(id).filter(|_| !id.is_empty()) {
        Some(before) => {
            format!("{}{}", before.replace("[drafted]", &paint.waiting("[drafted]")), paint.faint(id))
        }
        None => text,
    };
    let mut lines = vec![text];
    let deeper = format!("{indent}      ");
    lines.extend(
        fields(item)
            .into_iter()
            .map(|(name, value)| wrap(&format!("{indent}    {}: ", spaced(&name)), &deeper, &value, width)),
    );
    lines.extend(item.evidence().iter().map(|evidence| {
        let text = wrap(&format!("{indent}    ← "), &deeper, &cited(evidence, item.text()), width);
        text.lines().map(|line| paint.faint(line)).collect::<Vec<_>>().join("\n")
    }));
    lines.join("\n")
}

/// Evidence in one line; words that stand above it already are not said again.
fn cited(evidence: &Evidence, text: &str) -> String {
    match evidence {
        Evidence::Quote { source, lines: Some(lines), quote } if same_words(quote, text) => {
            format!("{source}:{lines}, word for word")
        }
        other => self::evidence(other),
    }
}

fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// What an item says besides its main words, as name and text.
fn fields(item: &dyn Item) -> Vec<(String, String)> {
    let Value::Object(all) = item.to_value() else { return Vec::new() };
    let main =
        all.iter().find(|(_, value)| value.as_str() == Some(item.text())).map(|(name, _)| name.clone());
    let other =
        all.into_iter().filter(|(name, _)| !OWN.contains(&name.as_str()) && Some(name) != main.as_ref());
    other.map(|(name, value)| (name, plain(&value))).collect()
}

/// A value in words.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => spaced_word(text),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => object(fields),
    }
}

/// Money and owners read as people write them; anything else as name and value.
fn object(fields: &serde_json::Map<String, Value>) -> String {
    let text = |name: &str| fields.get(name).map(plain);
    if let (2, Some(amount), Some(currency)) = (fields.len(), text("amount"), text("currency")) {
        return format!("{amount} {currency}");
    }
    if let (2, Some(name), Some(side)) = (fields.len(), text("name"), text("side")) {
        return format!("{name} ({side})");
    }
    fields
        .iter()
        .map(|(name, value)| format!("{} {}", spaced(name), plain(value)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The words of a closed vocabulary are written with underscores; sentences never are.
fn spaced_word(text: &str) -> String {
    let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_word { spaced(text) } else { text.to_owned() }
}

/// Evidence in one line.
pub fn evidence(evidence: &Evidence) -> String {
    match evidence {
        Evidence::Quote { source, lines: Some(lines), quote } => format!("{source}:{lines} \"{quote}\""),
        Evidence::Quote { source, lines: None, quote } => format!("{source} \"{quote}\""),
        Evidence::Crm { field, value, as_of } => {
            let since = as_of.map(|at| format!(", as of {}", day(at))).unwrap_or_default();
            format!("CRM: {field} = {value}{since}")
        }
        Evidence::Item { item, field, value } => format!("plan: {item} {field} = {value}"),
        Evidence::Calculation(calculation) => format!("calculated: {calculation}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_read_as_words() {
        let check = |value: Value, expected: &str| assert_eq!(plain(&value), expected);
        check(json!("why_now"), "why now");
        check(json!("Why_now"), "Why_now");
        check(json!({"amount": 5, "currency": "USD"}), "5 USD");
        check(json!({"name": "Ann", "side": "customer"}), "Ann (customer)");
        check(json!(["a b", true]), "a b, yes");
    }
}
