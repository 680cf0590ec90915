//! WebVTT transcripts: what was said, by whom, on which line. Must not know meetings.

use super::{Draft, Line, LineKind, speech};

/// Reads a transcript; a file without its header line is read all the same.
pub(super) fn read(text: &str) -> Draft {
    let mut lines = Vec::new();
    let mut block = Block::Between;
    let mut speaker: Option<String> = None;
    for (row, number) in text.lines().zip(1u32..) {
        let row = row.trim();
        block = block.after(row);
        match block {
            Block::Timing => speaker = None,
            Block::Payload => {
                let said = voiced(row, &mut speaker);
                if said.chars().any(char::is_alphanumeric) {
                    lines.push(spoken(number, said, speaker.as_ref()));
                }
            }
            Block::Between | Block::Aside | Block::Identifier => {}
        }
    }
    speech::attribute_unnamed(&mut lines);
    Draft { lines, ..Draft::default() }
}

/// Where in a transcript a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Between,
    /// Header, note, style or region: nobody says it.
    Aside,
    Identifier,
    Timing,
    Payload,
}

impl Block {
    fn after(self, row: &str) -> Self {
        let starts_aside = ["WEBVTT", "NOTE", "STYLE", "REGION"].iter().any(|word| {
            row.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        });
        match self {
            _ if row.is_empty() => Self::Between,
            Self::Aside => Self::Aside,
            Self::Timing | Self::Payload => Self::Payload,
            Self::Between | Self::Identifier if row.contains("-->") => Self::Timing,
            Self::Between if starts_aside => Self::Aside,
            Self::Between => Self::Identifier,
            // Rows that follow an identifier without a time are not a cue.
            Self::Identifier => Self::Aside,
        }
    }
}

fn spoken(number: u32, said: String, speaker: Option<&String>) -> Line {
    let mut line = Line::new(number, LineKind::Speech, said);
    line.speaker = speaker.cloned();
    line
}

/// The row without its tags; a `<v Name>` among them names who speaks from here on.
fn voiced(row: &str, speaker: &mut Option<String>) -> String {
    let mut said = String::with_capacity(row.len());
    let mut rest = row;
    while let Some(at) = rest.find('<') {
        said.push_str(&rest[..at]);
        let Some((tag, after)) = rest[at + 1..].split_once('>') else {
            rest = &rest[at..];
            break;
        };
        if let Some(name) = voice(tag) {
            *speaker = Some(name);
        }
        rest = after;
    }
    said.push_str(rest);
    unescape(said.trim())
}

/// The name in a voice tag, with or without classes: `v Ann`, `v.loud Ann`.
fn voice(tag: &str) -> Option<String> {
    let rest = tag.strip_prefix('v')?;
    let (classes, name) = rest.split_once([' ', '\t'])?;
    let name = unescape(name.trim());
    ((classes.is_empty() || classes.starts_with('.')) && !name.is_empty()).then_some(name)
}

/// The six character references that the format knows.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (name, character)| text.replace(name, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(u32, Option<&str>, &str)]) {
        let draft = read(text);
        let lines: Vec<(u32, Option<&str>, &str)> = draft
            .lines
            .iter()
            .map(|line| (line.number, line.speaker.as_deref(), line.text.as_str()))
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn cues_become_speech() {
        check(
            "WEBVTT - call\n\nNOTE\nnobody says this\n\n1\n00:00.000 --> 00:02.000 align:start\n<v Ann Bell>We <i>lose</i> R&amp;D time</v>\nevery week\n\n00:02.000 --> 00:03.000\n<v.loud Bob>OK\n",
            &[
                (8, Some("Ann Bell"), "We lose R&D time"),
                (9, Some("Ann Bell"), "every week"),
                (12, Some("Bob"), "OK"),
            ],
        );
    }

    #[test]
    fn names_in_front_of_the_words_are_speakers() {
        check(
            "00:01 --> 00:02\nAnn Bell: we start\n\n00:02 --> 00:03\nDeadline: Friday\n\n00:03 --> 00:04\nAnn Bell: and end\n",
            &[
                (2, Some("Ann Bell"), "Ann Bell: we start"),
                (5, None, "Deadline: Friday"),
                (8, Some("Ann Bell"), "Ann Bell: and end"),
            ],
        );
    }

    #[test]
    fn a_label_in_what_is_said_stays() {
        let draft = read(
            "WEBVTT\n\n00:01 --> 00:02\n<v Ann>Friday: we ship</v>\n\n00:02 --> 00:03\nBob: yes\nBob: no\n",
        );
        let said: Vec<&str> = draft.lines.iter().map(Line::said).collect();
        assert_eq!(said, ["Friday: we ship", "yes", "no"]);
    }

    #[test]
    fn broken_cues_do_no_harm() {
        check(
            "WEBVTT\n\nno time here\njust rows\n\n00:01 --> \n<v\n<unclosed text\n",
            &[(7, None, "<v"), (8, None, "<unclosed text")],
        );
        check("", &[]);
    }
}
