//! Meetings that others wrote minutes of, as a suite: the transcript without the minutes' own lines is the material,
//! what the minutes list is wanted. It must not know folders: each meeting comes as the text of its JSON file.

use infohub::event::{CompanyNews, OpportunityChanged};
use infohub::ids::AccountSlug;
use infohub::occasion::Occasion;
use infohub::registers::action_tracker::Due;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;

use super::{Case, CaseMaterial, CaseTask, Expect, RECOVERABLE, Suite, WantedAction, WantedDecision};
use crate::score::{Chosen, Scorer};

/// The task that takes down a meeting.
pub const TASK: &str = "meeting_notes.extract_meeting";
/// The day of a meeting that has none.
const NO_DAY: Date = jiff::civil::date(2000, 1, 1);
/// People of one meeting that the plan knows.
const MOST_ATTENDEES: usize = 100;

/// Why a file is no meeting.
#[derive(Debug, thiserror::Error)]
pub enum MeetingError {
    /// It does not have the form.
    #[error("read '{file}' as a meeting with id, transcript_text_unmarked and gold")]
    Form {
        /// The file.
        file: String,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// Its id makes no account's name.
    #[error("make a case of '{file}'")]
    Name {
        /// The file.
        file: String,
        /// What is wrong.
        source: infohub::ids::NameError,
    },
    /// Two files have one id.
    #[error("keep '{file}' apart: another meeting has its id '{id}' already")]
    Twice {
        /// The file.
        file: String,
        /// The id.
        id: String,
    },
}

/// A meeting as it is kept; what is not named here is not needed.
#[derive(Debug, Deserialize)]
struct Meeting {
    id: String,
    #[serde(default)]
    date: Option<String>,
    #[serde(default)]
    series: Option<String>,
    #[serde(default)]
    attendees: Vec<String>,
    transcript_text_unmarked: String,
    gold: Gold,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Gold {
    actions: Vec<Item>,
    decisions: Vec<Item>,
}

#[derive(Debug, Deserialize)]
struct Item {
    text: String,
    #[serde(default)]
    owner_norm: Vec<String>,
    #[serde(default)]
    due: Option<String>,
    /// The share of its words that stand in the text; without it nobody counted.
    #[serde(default)]
    recoverable: Option<f64>,
}

impl Item {
    /// What cannot be found is not wanted.
    fn is_kept(&self) -> bool {
        self.recoverable.unwrap_or(0.0) >= RECOVERABLE
    }
}

/// A suite of the given meetings: file name and text of each.
///
/// # Errors
/// The first file that is no meeting.
pub fn suite<'f>(
    name: &str,
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
) -> Result<Suite, MeetingError> {
    let mut cases: Vec<Case> = Vec::new();
    for (file, text) in files {
        let meeting: Meeting = serde_json::from_str(text)
            .map_err(|source| MeetingError::Form { file: file.to_owned(), source })?;
        let case = case(meeting).map_err(|source| MeetingError::Name { file: file.to_owned(), source })?;
        if cases.iter().any(|known| known.id == case.id) {
            return Err(MeetingError::Twice { file: file.to_owned(), id: case.id });
        }
        cases.push(case);
    }
    let about =
        "What minutes list, found in what was said; the minutes' own lines are taken out of the text.";
    Ok(Suite { name: name.to_owned(), about: about.to_owned(), scorers: scorers(), cases })
}

/// Minutes are not exhaustive, so precision is a lower bound; it is told all the same.
fn scorers() -> Vec<Chosen> {
    let never = [Scorer::InventedQuotes, Scorer::MisattributedQuotes, Scorer::PlaceholderText];
    let always = [Scorer::SchemaValidity, Scorer::SectionRights];
    let told = [
        Scorer::ActionPrecision,
        Scorer::ActionRecall,
        Scorer::ActionF1,
        Scorer::DecisionPrecision,
        Scorer::DecisionRecall,
        Scorer::DecisionF1,
        Scorer::OwnerAccuracy,
        Scorer::DueAccuracy,
        Scorer::SupportedClaims,
        Scorer::OrphanNumbers,
        Scorer::OrphanDates,
        Scorer::OrphanNames,
        Scorer::Latency,
        Scorer::Tokens,
        Scorer::Cost,
    ];
    let chosen = told.into_iter().map(Chosen::from);
    let never = never.into_iter().map(|scorer| Chosen { at_most: Some(0.0), ..Chosen::from(scorer) });
    let always = always.into_iter().map(|scorer| Chosen { at_least: Some(1.0), ..Chosen::from(scorer) });
    chosen.chain(never).chain(always).collect()
}

fn case(meeting: Meeting) -> Result<Case, infohub::ids::NameError> {
    let id = AccountSlug::new(slug(&meeting.id))?.to_string();
    let day: Option<Date> = meeting.date.as_deref().and_then(|date| date.parse().ok());
    let source = source(&meeting.id);
    // Speech with times is text, minutes are Markdown.
    let ending = if source == "ami" { "txt" } else { "md" };
    let path = format!("materials/meetings/{}.{ending}", meeting.id);
    let name = Some(Some(format!("Meeting {}", meeting.id)));
    let company = CompanyNews { name, ..CompanyNews::default() };
    let occasion = Occasion { material: Some(path.clone()), day, ..Occasion::default() };
    Ok(Case {
        // The meetings of a series are about one thing and by the same people.
        cluster: meeting.series.clone().map(|series| format!("{source}-{series}")),
        tags: vec![source.to_owned()],
        today: day.unwrap_or(NO_DAY),
        material: vec![CaseMaterial { path, text: meeting.transcript_text_unmarked, file: None }],
        plan: Some(plan(&id, &meeting.attendees, day.unwrap_or(NO_DAY))),
        plan_file: None,
        crm: Some(OpportunityChanged { account: Some(company), opportunity: None }),
        events: Vec::new(),
        task: Some(CaseTask { run: TASK.to_owned(), occasion }),
        expect: expected(&meeting.gold),
        id,
    })
}

/// A plan that knows who took part, as that of an account would: without it nobody could be named as an owner.
fn plan(account: &str, attendees: &[String], day: Date) -> String {
    let mut names: Vec<&str> =
        attendees.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let people = names.iter().take(MOST_ATTENDEES).enumerate();
    let people =
        people.map(|(nth, name)| json!({ "id": format!("sh-{nth:04x}"), "name": name, "side": "customer" }));
    let plan = json!({
        "plan": {
            "schema": 1, "version": 1, "account": account, "lifecycle": "initiate", "status": "draft",
            "last_updated": format!("{day}T00:00:00Z"),
        },
        "stakeholders": { "people": people.collect::<Vec<_>>() },
    });
    // JSON is YAML, and nobody edits this one.
    plan.to_string()
}

fn expected(gold: &Gold) -> Expect {
    let actions = gold.actions.iter().filter(|item| item.is_kept()).map(|item| WantedAction {
        text: item.text.clone(),
        owners: item.owner_norm.clone(),
        due: item.due.as_deref().and_then(day_in).map(Due::On),
        recoverable: item.recoverable,
    });
    let decisions = gold.decisions.iter().filter(|item| item.is_kept());
    let decisions =
        decisions.map(|item| WantedDecision { text: item.text.clone(), recoverable: item.recoverable });
    Expect { actions: Some(actions.collect()), decisions: Some(decisions.collect()), ..Expect::default() }
}

/// The day that a due date names in full, as `due 27 Jul 2022` or `2022-07-27`; "on Monday" names none by itself.
fn day_in(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ',').collect();
    if let Some(day) = words.iter().find_map(|word| word.parse().ok()) {
        return Some(day);
    }
    words.windows(3).find_map(|words| {
        let [day, month, year] = words else { return None };
        let month = month.get(..3)?.to_lowercase();
        let month = MONTHS.iter().position(|known| *known == month)?;
        Date::new(year.parse().ok()?, i8::try_from(month + 1).ok()?, day.parse().ok()?).ok()
    })
}

/// The group that the meeting is of, by the first part of its id.
fn source(id: &str) -> &str {
    id.split('-').next().unwrap_or_default()
}

/// The id as an account's name.
fn slug(id: &str) -> String {
    let letters = id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    letters.take(63).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const MEETING: &str = r#"{"id": "ami-ES9001a", "date": "2021-03-04", "series": "ES9001", "attendees": ["Ann", "Ann", " "],
        "transcript_text_unmarked": "Ann: I send the plan.\n",
        "gold": {"actions": [{"text": "send the plan", "owner_norm": ["Ann"], "due": "due 27 Jul 2022", "recoverable": 1.0},
                             {"text": "think", "recoverable": 0.2}],
                 "decisions": [{"text": "never counted"}]}}"#;

    #[test]
    fn a_meeting_becomes_a_case() {
        let suite = suite("meetings", [("a.json", MEETING)]).unwrap();
        let case = &suite.cases[0];
        assert_eq!(
            (case.id.as_str(), case.cluster(), case.today),
            ("ami-es9001a", "ami-ES9001", date(2021, 3, 4))
        );
        assert_eq!(case.material[0].path, "materials/meetings/ami-ES9001a.txt");
        let actions = case.expect.actions.as_ref().unwrap();
        assert_eq!(actions.len(), 1, "what cannot be found is not wanted");
        assert_eq!(actions[0].due, Some(Due::On(date(2022, 7, 27))));
        assert_eq!(case.expect.decisions.as_deref(), Some(&[][..]));
        let plan = case.plan().unwrap().unwrap();
        assert_eq!(plan.stakeholders.people[0].name, "Ann");
    }

    #[test]
    fn two_meetings_have_two_ids() {
        let error = suite("m", [("a.json", MEETING), ("b.json", MEETING)]).unwrap_err().to_string();
        assert!(error.contains("b.json") && error.contains("ami-es9001a"), "{error}");
        assert!(matches!(suite("m", [("a.json", "{}")]), Err(MeetingError::Form { .. })));
    }

    #[test]
    fn only_a_full_day_is_a_day() {
        for (text, day) in [
            ("due 27 Jul 2022", Some(date(2022, 7, 27))),
            ("by 2022-07-27", Some(date(2022, 7, 27))),
            ("on Monday", None),
            ("32 Jul 2022", None),
            ("", None),
        ] {
            assert_eq!(day_in(text), day, "{text}");
        }
    }
}
