//! CloudEvents out of a text: one object, an array, or one after another (NDJSON). Every event is read before
//! any is given back, and every fault is told with its place. It must not take events in.

use std::collections::BTreeSet;
use std::fmt;

use infohub::event::{Event, EventError};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::fault::{Fault, Faults};
use crate::show::snippet::{line_column, snippet};

/// The most events in one text.
const MOST_EVENTS: usize = 100_000;
/// The most faults that are told at once.
const MOST_FAULTS: usize = 20;

/// A text that events are read from, with the name that errors give it.
#[derive(Clone, Copy)]
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

/// Reads all events of the text.
pub fn read(file: &str, text: &str) -> Result<Vec<Event>, Faults> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Source { file, text };
    let slices = source.slices()?;
    let mut events = Vec::new();
    let mut faults = Vec::new();
    for (start, slice) in slices {
        match Event::parse(slice) {
            Ok(event) => events.push(event),
            Err(error) if faults.len() < MOST_FAULTS => faults.push(source.misread(start, slice, &error)),
            Err(_) => {}
        }
    }
    match Faults::any(faults) {
        Some(faults) => Err(faults),
        None if events.is_empty() => Err(Fault::refused(format!("{file}: there is no event in it"))
            .help("an event is a CloudEvent in JSON; see `csp emit --help`")
            .into()),
        None => Ok(events),
    }
}

impl<'a> Source<'a> {
    /// Each event's place and text, with the JSON of all of them checked.
    fn slices(self) -> Result<Vec<(usize, &'a str)>, Fault> {
        let mut slices = Vec::new();
        let mut at = self.skip_blanks(0);
        if self.text[at..].starts_with('[') {
            self.array(at, &mut slices)?;
            return Ok(slices);
        }
        while at < self.text.len() {
            let end = self.value(at)?;
            self.push(&mut slices, at, end)?;
            at = self.skip_blanks(end);
        }
        Ok(slices)
    }

    fn array(self, open: usize, slices: &mut Vec<(usize, &'a str)>) -> Result<(), Fault> {
        let mut at = self.skip_blanks(open + 1);
        let mut more = !self.text[at..].starts_with(']');
        while more {
            let end = self.value(at)?;
            self.push(slices, at, end)?;
            at = self.skip_blanks(end);
            more = self.text[at..].starts_with(',');
            if more {
                at = self.skip_blanks(at + 1);
            } else if !self.text[at..].starts_with(']') {
                return Err(self.fault(at, "expected ',' or ']' after an event of the array"));
            }
        }
        let rest = self.skip_blanks(at + 1);
        if rest < self.text.len() {
            Err(self.fault(rest, "something stands after the array of events"))
        } else {
            Ok(())
        }
    }

    fn push(self, slices: &mut Vec<(usize, &'a str)>, at: usize, end: usize) -> Result<(), Fault> {
        if slices.len() >= MOST_EVENTS {
            return Err(self
                .fault(at, format!("more than {MOST_EVENTS} events in one file"))
                .help("split the file"));
        }
        slices.push((at, &self.text[at..end]));
        Ok(())
    }

    /// The end of the JSON value that begins at `at`.
    fn value(self, at: usize) -> Result<usize, Fault> {
        let mut stream = serde_json::Deserializer::from_str(&self.text[at..]).into_iter::<Strict>();
        match stream.next() {
            Some(Ok(Strict)) => Ok(at + stream.byte_offset()),
            Some(Err(error)) => Err(self.json_fault(at, &error)),
            None => Err(self.fault(at, "expected an event")),
        }
    }

    fn skip_blanks(self, from: usize) -> usize {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let blanks = self.text.as_bytes().iter().skip(from).take_while(|byte| blank(byte)).count();
        from + blanks
    }

    /// A well-formed JSON value that is no event.
    fn misread(self, start: usize, slice: &str, error: &EventError) -> Fault {
        let named = match error {
            EventError::Json(error) => return self.json_fault(start, error),
            EventError::SpecVersion(_) => Some("specversion"),
            EventError::Name(name) => Some(*name),
            EventError::Subject(_) => Some("subject"),
            EventError::Type(_) => Some("type"),
            EventError::Data { .. } => None,
        };
        let message = error.to_string();
        // The reader of `data` has no places; what it complains about stands between backticks.
        let blamed = message.split('`').nth(1).unwrap_or("data");
        let key = |name: &str| slice.find(&format!("\"{name}\""));
        let at = named.map_or_else(|| key(blamed).or_else(|| key("data")), key);
        self.fault(start + at.unwrap_or_default(), message)
    }

    /// A fault that JSON's reader found in the part of the text that begins at `start`.
    fn json_fault(self, start: usize, error: &serde_json::Error) -> Fault {
        let part = &self.text[start..];
        let above: usize =
            part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
        // The reader's column is the byte that it had read last.
        self.fault(start + above + error.column().saturating_sub(1), message.to_owned())
    }

    fn fault(self, at: usize, message: impl Into<String>) -> Fault {
        let (line, column) = line_column(self.text, at);
        Fault {
            snippet: snippet(self.text, line, column),
            ..Fault::refused(message).at(self.file, line, column)
        }
    }
}

/// Any JSON value in which no mapping has a key twice: the last one would silently win.
struct Strict;

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self, A::Error> {
        while values.next_element::<Self>()?.is_some() {}
        Ok(self)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format!("the key \"{key}\" stands here twice")));
            }
            seen.insert(key);
            entries.next_value::<Self>()?;
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EVENT: &str = r#"{"specversion":"1.0","id":"ID","source":"crm","type":"proposal.requested","subject":"acme","time":"2026-01-15T10:00:00Z"}"#;

    fn event(id: usize) -> String {
        EVENT.replace("ID", &id.to_string())
    }

    fn check(text: &str, expected: Result<usize, &str>) {
        let found = read("f", text).map(|events| events.len());
        let found = found.map_err(|faults| {
            faults.all().iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("\n")
        });
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn every_form_reads() {
        let pretty = EVENT.replace(',', ",\n  ");
        check(EVENT, Ok(1));
        check(&pretty, Ok(1));
        check(&format!("{}\n{}\n\n", event(1), event(2)), Ok(2));
        check(&format!("{pretty}\n{pretty}"), Ok(2));
        check(&format!(" [ {} , {} ] \n", event(1), event(2)), Ok(2));
        check(&format!("\u{feff}{EVENT}"), Ok(1));
    }

    #[test]
    fn faults_are_told_where_they_are() {
        check("", Err("f: there is no event in it"));
        check("[]", Err("f: there is no event in it"));
        check("[1", Err("f:1:3: expected ',' or ']' after an event of the array"));
        check(&format!("[{EVENT}] x"), Err("f:1:125: something stands after the array of events"));
        check(&format!("{EVENT}\n{{\"id\": }}"), Err("f:2:8: expected value"));
        check(
            &format!("{EVENT}\n{}", EVENT.replace("1.0", "2.0")),
            Err("f:2:2: specversion is '2.0'; only 1.0 is known"),
        );
        let tricky = EVENT.replace("acme", "../acme");
        check(
            &tricky,
            Err(
                "f:1:75: subject: account name '../acme' is not usable: take 1 to 63 of a-z, 0-9 and '-', starting with a letter or digit",
            ),
        );
        check(r#"{"specversion":"1.0","id":"1","id":"2"}"#, Err("f:1:34: the key \"id\" stands here twice"));
    }

    #[test]
    fn a_fault_in_the_data_is_told_at_the_field() {
        let text = EVENT.replace("proposal.requested", "opportunity.changed");
        let text = text.replace('}', ",\n\"data\":{\"opportunity\":{\"id\":\"1\",\n\"stadium\":\"x\"}}}");
        let faults = read("f", &text).unwrap_err();
        assert!(
            faults.all()[0]
                .message
                .starts_with("f:3:1: data of 'opportunity.changed': unknown field `stadium`"),
            "{faults:?}"
        );
    }

    #[test]
    fn two_faults_are_both_told() {
        let text = format!("{}\n{}\n{EVENT}", EVENT.replace("1.0", "2.0"), EVENT.replace("proposal", "x"));
        assert_eq!(read("f", &text).unwrap_err().all().len(), 2);
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read("f", &deep).is_err());
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in r#"[\[\]{},:"a1 \n\t\\é]{0,40}|\PC{0,60}"#) {
            let _ = read("f", &text);
        }

        #[test]
        fn an_event_cut_anywhere_is_a_fault_inside_the_text(cut in 1_usize..119) {
            let text = format!("{}\n{}", event(7), &EVENT[..cut.min(EVENT.len() - 1)]);
            let faults = read("f", &text).unwrap_err();
            prop_assert_eq!(faults.all()[0].place.as_ref().and_then(|place| place.line), Some(2));
        }
    }
}
