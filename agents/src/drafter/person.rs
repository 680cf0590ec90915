//! People as notes, pages and transcripts name them: name, title, organisation. It must not know what anybody
//! thinks of anybody.

/// Words that open a name and are no part of it.
const HONORIFICS: &[&str] =
    &["Dr", "Dr.", "Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Prof", "Prof.", "Sister", "Sir"];
/// Small words inside of names.
const PARTICLES: &[&str] =
    &["van", "von", "de", "der", "den", "la", "le", "du", "da", "di", "bin", "al", "ter"];
/// Words that a title ends with, or has in front of an `of`.
const TITLES: &[&str] = &[
    "Director",
    "Head",
    "Engineer",
    "Architect",
    "Manager",
    "CTO",
    "CEO",
    "CIO",
    "COO",
    "CFO",
    "Lead",
    "Officer",
    "VP",
    "President",
    "Developer",
    "Administrator",
    "Founder",
    "Cofounder",
    "Co-Founder",
    "Owner",
    "Chief",
    "Scientist",
    "Technologist",
    "Analyst",
    "Evangelist",
    "Specialist",
    "Expert",
    "Principal",
    "Leader",
    "Controller",
    "Consultant",
];
/// Verbs that tell who said something.
const SAYS: &[&str] = &["says ", "said ", "adds ", "explains ", "notes ", "recalls ", "Adds ", "Says "];
/// A name with a title has fewer characters.
const LONGEST_MENTION: usize = 240;
/// A list names at most so many people.
const LONGEST_LIST: usize = 60;
/// A title of more words is a clause.
const LONGEST_TITLE: usize = 12;

/// Somebody named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) organisation: Option<String>,
    /// What the text says of the person after name and title.
    pub(super) rest: Option<String>,
}

impl Mention {
    fn named(name: &str) -> Option<Self> {
        let name = bare_name(name)?;
        Some(Self { name, title: None, organisation: None, rest: None })
    }
}

/// What tells two mentions of one person.
pub(super) fn key(name: &str) -> String {
    bare_name(name).unwrap_or_else(|| name.trim().to_owned()).to_lowercase()
}

/// The people of a list such as `Ann Bell (COO), Bob Dorn; ours: Cy Ekman (SA)`.
pub(super) fn listed(list: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for (at, c) in list.char_indices().chain([(list.len(), ',')]) {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if found.len() >= LONGEST_LIST => break,
            ',' | ';' if depth == 0 || at == list.len() => {
                let entry = list.get(start..at).unwrap_or_default();
                let entry = entry.rsplit_once(':').map_or(entry, |(_, entry)| entry);
                found.extend(with_title(entry.trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The person whom an entry of a list of people is about: `Ann Bell (COO): wants x`, `Ann Bell, COO`.
pub(super) fn entry(text: &str) -> Option<Mention> {
    let (head, rest) = match text.split_once(": ") {
        Some((head, rest)) => (head, Some(rest.trim().to_owned())),
        None => (text, None),
    };
    let mention = with_title(head.trim()).or_else(|| {
        let (name, title) = head.split_once(',')?;
        let title = title.trim();
        let fits = title.split_whitespace().count() <= LONGEST_TITLE && title.starts_with(char::is_uppercase);
        Some(Mention { title: fits.then(|| title.to_owned()), ..Mention::named(name)? })
    })?;
    Some(Mention { rest, ..mention })
}

/// `Ann Bell (COO)` or `Ann Bell`.
fn with_title(text: &str) -> Option<Mention> {
    match text.split_once('(') {
        Some((name, title)) => {
            let title = title.split(')').next().unwrap_or_default().trim();
            Some(Mention { title: (!title.is_empty()).then(|| title.to_owned()), ..Mention::named(name)? })
        }
        None => Mention::named(text),
    }
}

/// The people to whom a sentence attributes words: `says Ann Bell, Head of Planning at Acme`,
/// `says Head of Planning Ann Bell`.
pub(super) fn attributed(sentence: &str) -> Vec<Mention> {
    let after = |verb: &&str| {
        sentence
            .match_indices(*verb)
            .map(|(at, verb)| start_of(&sentence[at + verb.len()..]))
            .collect::<Vec<_>>()
    };
    SAYS.iter()
        .flat_map(after)
        .filter_map(|rest| name_then_title(rest).or_else(|| title_then_name(rest)))
        .collect()
}

/// As much of a text as a name and a title can have.
fn start_of(text: &str) -> &str {
    text.char_indices().nth(LONGEST_MENTION).map_or(text, |(end, _)| &text[..end])
}

fn name_then_title(rest: &str) -> Option<Mention> {
    let (name, rest) = rest.split_once(", ")?;
    let mention = Mention::named(name)?;
    let end = title_end(rest);
    let mut title = rest[..end].trim().trim_end_matches(',');
    for stop in [", who", ", which", ", whose", ", adding", ", and ", ", it "] {
        title = title.split(stop).next().unwrap_or(title);
    }
    let (title, organisation) = match title.split_once(" at ") {
        Some((title, organisation)) => (title, Some(organisation.trim().to_owned())),
        None => (title, None),
    };
    let title = ["a ", "an ", "the "].iter().find_map(|article| title.strip_prefix(article)).unwrap_or(title);
    let is_title = title.split(|c: char| !c.is_alphanumeric() && c != '-').any(names_a_post);
    let fits = is_title && title.split_whitespace().count() <= LONGEST_TITLE;
    fits.then(|| Mention { title: Some(title.trim().to_owned()), organisation, ..mention })
}

/// Where a title ends at the latest: at a mark that ends its clause; the point in `Acme.com` is none.
fn title_end(rest: &str) -> usize {
    let ends = |(at, c): (usize, char)| match c {
        '"' | '“' | ';' | '—' | ':' => true,
        '.' => !rest[at + 1..].starts_with(char::is_alphanumeric),
        _ => false,
    };
    rest.char_indices().find(|place| ends(*place)).map_or(rest.len(), |(at, _)| at)
}

fn names_a_post(word: &str) -> bool {
    TITLES.iter().any(|title| title.eq_ignore_ascii_case(word))
}

fn title_then_name(rest: &str) -> Option<Mention> {
    let end = rest.find(['.', ',', '"', '“', ';', '—', ':', '(']).unwrap_or(rest.len());
    let joins = ["of", "for", "and", "&", "the"];
    let run: Vec<&str> = rest[..end]
        .split_whitespace()
        .take_while(|word| {
            word.starts_with(char::is_uppercase) || joins.contains(word) || PARTICLES.contains(word)
        })
        .take(LONGEST_TITLE)
        .collect();
    let last = run.iter().rposition(|word| word.split('/').any(|part| TITLES.contains(&part)))?;
    // In `Director of Engineering Ann Bell` the last two words are the name, unless the run is so long that
    // nobody can tell.
    let split = match run.get(last + 1) {
        Some(word) if joins.contains(word) => {
            run.len().checked_sub(2).filter(|split| (last + 3..=last + 4).contains(split))?
        }
        _ => last + 1,
    };
    let mention = Mention::named(&run[split..].join(" "))?;
    Some(Mention { title: Some(run[..split].join(" ")), ..mention })
}

/// Two to four capitalised words, honorifics taken off.
fn bare_name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().skip_while(|word| HONORIFICS.contains(word)).collect();
    let is_name = |word: &&str| {
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
        letters && (word.starts_with(char::is_uppercase) || PARTICLES.contains(word))
    };
    let named = words.iter().all(is_name) && !words.iter().any(|word| TITLES.contains(word));
    ((2..=4).contains(&words.len()) && named).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mentions: &[Mention]) -> Vec<String> {
        let show = |m: &Mention| {
            format!(
                "{} | {} | {}",
                m.name,
                m.title.as_deref().unwrap_or("-"),
                m.organisation.as_deref().unwrap_or("-")
            )
        };
        mentions.iter().map(show).collect()
    }

    #[test]
    fn lists_are_taken_apart() {
        let list = "Ann Bell (COO, Benelux), Bob van Dorn; ours: Cy Ekman (SA), all of sales";
        assert_eq!(
            shown(&listed(list)),
            ["Ann Bell | COO, Benelux | -", "Bob van Dorn | - | -", "Cy Ekman | SA | -"]
        );
    }

    #[test]
    fn entries_say_more_than_a_name() {
        let check = |text: &str, expected: &str, rest: Option<&str>| {
            let mention = entry(text).unwrap();
            assert_eq!(shown(std::slice::from_ref(&mention)), [expected], "{text}");
            assert_eq!(mention.rest.as_deref(), rest);
        };
        check(
            "Dr. Ann Bell, Medical Director: wants beds",
            "Ann Bell | Medical Director | -",
            Some("wants beds"),
        );
        check("Ann Bell (COO): sponsor", "Ann Bell | COO | -", Some("sponsor"));
        check("Ann Bell, Director of Operations", "Ann Bell | Director of Operations | -", None);
        assert_eq!(entry("The planners, all of them: busy"), None);
    }

    #[test]
    fn attributions_name_title_and_organisation() {
        let check = |text: &str, expected: &[&str]| assert_eq!(shown(&attributed(text)), expected, "{text}");
        check(
            "\"It hurts,\" says Ann Bell, Senior Expert, Systems at Acme.",
            &["Ann Bell | Senior Expert, Systems | Acme"],
        );
        check(
            "\"x,\" says Director of Engineering Ann Bell. \"y\"",
            &["Ann Bell | Director of Engineering | -"],
        );
        check("\"x,\" says CTO/Cofounder Nils De Moor.", &["Nils De Moor | CTO/Cofounder | -"]);
        check("\"x,\" says Bell.", &[]);
        check("He says that Ann Bell, a friend, is right", &[]);
        check("Adds Ann Bell, and others too", &[]);
    }
}
