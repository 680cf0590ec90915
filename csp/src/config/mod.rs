//! `csp.toml`, typed: what cannot be meant is refused with its place. It must not read files or the
//! environment, and never holds a key, only the name of the variable that does.

mod attention;
mod file;
mod review;

use infohub::store::StorePath;
use orchestrator::drafting::Budget;
use orchestrator::policy::ReviewPolicy;
use orchestrator::rules::Vocabulary;
use toml::Spanned;
use tools::model::ModelSettings;

pub use attention::{Attention, CHAT_URL, PASSWORD};
pub use file::{Config, DrafterKind, Work};
use file::{Files, ModelTable, Stages};

use crate::fault::{Fault, Faults};
use crate::show::snippet::{line_column, snippet};

/// The file's name in a workspace.
pub const FILE: &str = "csp.toml";
/// The largest file that is read.
pub const MAX_BYTES: u64 = 64 << 10;
/// Below this many tokens a prompt has no room for material.
const LEAST_PROMPT: usize = 1_000;
/// Below this many tokens an answer has no room for a single item.
const LEAST_ANSWER: u32 = 200;
/// The most accounts that are worked on side by side; each holds one question to the model.
const MOST_AT_ONCE: usize = 64;

/// Everything that `csp.toml` says, checked.
#[derive(Debug)]
pub struct Settings {
    /// Who drafts.
    pub drafter: DrafterKind,
    /// How many tokens one question to a model may take.
    pub budget: Budget,
    /// The model server and the variable that holds its key.
    pub model: Option<(ModelSettings, Option<String>)>,
    /// The sales stages.
    pub stages: Vocabulary,
    /// Who lets drafts in.
    pub review: ReviewPolicy,
    /// The run loop.
    pub work: Work,
    /// When and how people are reached.
    pub attention: Attention,
    /// The people.
    pub team: StorePath,
    /// The rules.
    pub rules: StorePath,
    /// What new plans start from.
    pub template: StorePath,
    /// The agents' files.
    pub prompts: StorePath,
}

impl Settings {
    /// Reads the file's text. `agents` are the names that `[review]` may have.
    pub fn parse(file: &str, text: &str, agents: &[&str]) -> Result<Self, Faults> {
        let mut reading = Reading { file, text, faults: Vec::new() };
        let config: Config = toml::from_str(text).map_err(|error| {
            reading.fault(error.span().unwrap_or_default().start, error.message().trim_end())
        })?;
        reading.drafter(&config);
        let model = config.model.and_then(|table| reading.model(table));
        let stages = config.stages.map_or_else(Vocabulary::default, |table| reading.stages(table));
        let review = reading.review(config.review, agents);
        let work = config.work.map(|table| reading.work(&table)).unwrap_or_default();
        let attention = reading.attention(config.calendar, config.attention, config.channels);
        let paths = reading.paths(config.files);
        match (paths, Faults::any(reading.faults)) {
            (Some([team, rules, template, prompts]), None) => Ok(Self {
                drafter: config.drafter.kind,
                budget: Budget { prompt: config.drafter.prompt_tokens, answer: config.drafter.answer_tokens },
                model,
                stages,
                review,
                work,
                attention,
                team,
                rules,
                template,
                prompts,
            }),
            (_, Some(faults)) => Err(faults),
            (None, None) => Err(Fault::refused(format!("{file} does not read")).into()),
        }
    }

    /// What holds where the file cannot be read.
    pub fn fallback() -> Result<Self, Faults> {
        Self::parse(FILE, "", &[])
    }
}

/// A file on its way to settings; it goes on after a fault, to tell all of them.
struct Reading<'a> {
    file: &'a str,
    text: &'a str,
    faults: Vec<Fault>,
}

impl Reading<'_> {
    fn fault(&self, offset: usize, message: impl Into<String>) -> Fault {
        let (line, column) = line_column(self.text, offset);
        Fault {
            snippet: snippet(self.text, line, column),
            ..Fault::refused(message).at(self.file, line, column)
        }
    }

    fn note(&mut self, offset: usize, message: impl Into<String>) {
        let fault = self.fault(offset, message);
        self.faults.push(fault);
    }

    fn drafter(&mut self, config: &Config) {
        let key = |name: &str| self.text.find(name).unwrap_or_default();
        if config.drafter.kind == DrafterKind::Model && config.model.is_none() {
            let fault = self.fault(key("[drafter]"), "the drafter is a model, and there is no [model] table");
            self.faults.push(
                fault.help("add a [model] table with base_url and model, or set kind = \"extractive\""),
            );
        }
        if config.drafter.prompt_tokens < LEAST_PROMPT {
            self.note(key("prompt_tokens"), format!("drafter.prompt_tokens must be {LEAST_PROMPT} or more"));
        }
        if config.drafter.answer_tokens < LEAST_ANSWER {
            self.note(key("answer_tokens"), format!("drafter.answer_tokens must be {LEAST_ANSWER} or more"));
        }
    }

    fn model(&mut self, table: Spanned<ModelTable>) -> Option<(ModelSettings, Option<String>)> {
        let offset = table.span().start;
        let (settings, key) = table.into_inner().settings();
        match settings.validated() {
            Ok(settings) => Some((settings, key)),
            Err(error) => {
                self.note(offset, error.to_string());
                None
            }
        }
    }

    fn stages(&mut self, table: Spanned<Stages>) -> Vocabulary {
        let offset = table.span().start;
        let Stages { path, off_path } = table.into_inner();
        Vocabulary::new(path, off_path).unwrap_or_else(|error| {
            self.note(offset, error.to_string());
            Vocabulary::default()
        })
    }

    fn agents<'k>(&mut self, named: impl Iterator<Item = &'k Spanned<String>>, known: &[&str]) {
        for agent in named.filter(|agent| !known.contains(&agent.get_ref().as_str())) {
            let fault = self.fault(agent.span().start, format!("there is no agent '{}'", agent.get_ref()));
            self.faults.push(fault.help(format!("agents are: {}", known.join(", "))));
        }
    }

    fn work(&mut self, table: &Spanned<Work>) -> Work {
        if !(1..=MOST_AT_ONCE).contains(&table.get_ref().concurrency) {
            self.note(table.span().start, format!("work.concurrency must be from 1 to {MOST_AT_ONCE}"));
        }
        *table.get_ref()
    }

    /// The places of team, rules, template and prompts.
    fn paths(&mut self, table: Option<Spanned<Files>>) -> Option<[StorePath; 4]> {
        let offset = table.as_ref().map_or(0, |table| table.span().start);
        let Files { team, rules, template, prompts } = table.map(Spanned::into_inner).unwrap_or_default();
        let named = [("team", team), ("rules", rules), ("template", template), ("prompts", prompts)];
        let paths = named.map(|(name, place)| match StorePath::new(place) {
            Ok(path) => Some(path),
            Err(error) => {
                self.note(offset, format!("files.{name}: {error}"));
                None
            }
        });
        let [Some(team), Some(rules), Some(template), Some(prompts)] = paths else { return None };
        Some([team, rules, template, prompts])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use infohub::plan::{Role, SectionKey};
    use orchestrator::approval::Part;

    fn check(text: &str, expected: Result<(), &str>) {
        let found = Settings::parse("csp.toml", text, &["sa"]);
        let found = found.map(drop).map_err(|faults| {
            faults.all().iter().map(|fault| fault.message.clone()).collect::<Vec<_>>().join("\n")
        });
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn defaults_and_full_files_read() {
        check("", Ok(()));
        check(
            "[review.sa]\nbackground = \"review\"\n[work]\nconcurrency = 2\n[files]\nteam = \"people.yaml\"",
            Ok(()),
        );
        check(
            "[drafter]\nkind = \"model\"\n[model]\nbase_url = \"http://127.0.0.1:8080/v1\"\nmodel = \"m\"",
            Ok(()),
        );
        check("[stages]\npath = [\"A\", \"B\"]\noff_path = [\"Lost\"]", Ok(()));
        check(
            "[calendar]\nopens = \"08:30\"\nweekend = [\"friday\"]\nholidays = [\"2026-12-25\"]\n[attention]\nmessages_a_day = 0\n\
             [channels.mail]\nhost = \"localhost\"\nsecurity = \"plain\"\nfrom = \"a@b.c\"\n[channels.chat]\nurl_env = \"CHAT\"",
            Ok(()),
        );
    }

    #[test]
    fn faults_have_their_place() {
        check(
            "[work]\nconcurency = 2",
            Err("csp.toml:2:1: unknown field `concurency`, expected `concurrency` or `pause_ms`"),
        );
        check("[work]\nconcurrency = 0", Err("csp.toml:1:1: work.concurrency must be from 1 to 64"));
        check(
            "\n[drafter]\nkind = \"model\"",
            Err("csp.toml:2:1: the drafter is a model, and there is no [model] table"),
        );
        check(
            "[drafter]\nprompt_tokens = 1",
            Err("csp.toml:2:1: drafter.prompt_tokens must be 1000 or more"),
        );
        check("[review.so]\nbackground = \"auto\"", Err("csp.toml:1:9: there is no agent 'so'"));
        check(
            "[files]\nteam = \"../team.yaml\"",
            Err("csp.toml:1:1: files.team: \"../team.yaml\" has a part `.` or `..`"),
        );
        check("[stages]\npath = [\"A\", \"A\"]", Err("csp.toml:1:1: the stage `A` is listed twice"));
    }

    #[test]
    fn approvers_and_deadlines_read_beside_the_gates() {
        let text = "[review]\ndue = \"2 business days\"\nexpires = \"1 month\"\n\
                    [review.approvers]\nalways = []\nrisks = [\"owner\", \"delivery\"]\nsa.risks = [\"ve\"]\n\
                    [review.sa]\nrisks = \"review\"";
        check(text, Ok(()));
        let policy = Settings::parse("csp.toml", text, &["sa"]).unwrap().review;
        let words = |roles: std::collections::BTreeSet<_>| {
            roles.iter().map(ToString::to_string).collect::<Vec<String>>().join(" ")
        };
        let of = |agent, section| {
            let part = Part { agent, section: Some(section), owner: Role::Ca };
            words(policy.approvers.of(part))
        };
        assert_eq!(of("sa", SectionKey::Risks), "ve");
        assert_eq!(of("ca", SectionKey::Risks), "ca delivery");
        assert_eq!(of("ca", SectionKey::Background), "ae ca", "what is not named stays as it is");
        assert_eq!(policy.times.due.to_string(), "2 business days");
        assert_eq!(policy.times.escalate.to_string(), "1 business day");
        assert_eq!(policy.gates["sa"].len(), 1);
        check(
            "[review]\ndue = \"soon\"",
            Err("csp.toml:2:7: review.due: 'soon' is no length of time such as 3 business days or 2 weeks"),
        );
        check(
            "[review.approvers]\nrisk = [\"sa\"]",
            Err("csp.toml:2:1: review.approvers: 'risk' is no section and no agent"),
        );
        check(
            "[review.approvers]\nrisks = [\"boss\"]",
            Err(
                "csp.toml:2:9: 'boss' is no role; say owner, sa, ae, ca, delivery, ve, sa_manager, ca_manager",
            ),
        );
        check("[review.approvers]\nrisks = \"sa\"", Err("csp.toml:2:9: say [\"sa\"]: it is a list"));
    }

    #[test]
    fn hours_budgets_and_channels_that_cannot_be_meant_have_their_place() {
        check(
            "[calendar]\nopens = \"18:00\"\ncloses = \"09:00\"",
            Err(
                "csp.toml:1:1: calendar: the office opens at 18:00:00 and closes at 09:00:00; it must close later than it opens",
            ),
        );
        check(
            "[attention]\nmessages_a_day = 51",
            Err("csp.toml:1:1: attention.messages_a_day must be from 0 to 50"),
        );
        check(
            "[channels.mail]\nhost = \"h\"\nfrom = \"a@b.c\"\nuser = \"u\"",
            Err("csp.toml:1:2: channels.mail needs user and password_env, or neither"),
        );
    }

    #[test]
    fn the_first_of_two_faults_does_not_hide_the_second() {
        check(
            "[review.so]\nrisks = \"auto\"\n[work]\nconcurrency = 99",
            Err("csp.toml:1:9: there is no agent 'so'\ncsp.toml:3:1: work.concurrency must be from 1 to 64"),
        );
    }
}
