//! Finds every contradiction in a charter and tells it with its place. It must not know accounts.

use std::collections::BTreeMap;

use infohub::plan::SectionKey;
use infohub::yaml::{YamlError, nearest, read};
use minijinja::Environment;
use serde_saphyr::Spanned;

use super::file::{CharterFile, InputFile, TaskFile};
use super::{BLOCKS, Charter, Input, InputSource, MaterialView, Sight, TaskCharter};

/// Characters of a template.
const LONGEST_TEMPLATE: usize = 20_000;
/// Tasks of one agent, and inputs of one task.
const MOST: usize = 50;
/// Tokens that one answer may take.
const MOST_TOKENS: u32 = 100_000;

/// A place in a file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
}

impl Place {
    fn of<T>(file: &str, value: &Spanned<T>) -> Self {
        let number = |number: u64| u32::try_from(number).ok().filter(|number| *number > 0);
        let location = value.referenced;
        Self { file: file.to_owned(), line: number(location.line()), column: number(location.column()) }
    }

    /// An error at this place.
    pub(super) fn fault(&self, message: impl Into<String>) -> YamlError {
        YamlError {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            message: message.into(),
            snippet: None,
            hint: None,
        }
    }
}

/// Compiles a partial; it may use the blocks only, since it does not know whose inputs there are.
pub(super) fn partial(
    file: &str,
    name: &str,
    text: &str,
    templates: &mut Environment<'static>,
) -> Vec<YamlError> {
    let place = Place { file: file.to_owned(), line: None, column: None };
    if text.len() > LONGEST_TEMPLATE {
        return vec![place.fault(format!("has {} bytes, more than {LONGEST_TEMPLATE}", text.len()))];
    }
    if let Err(error) = templates.add_template_owned(name.to_owned(), text.to_owned()) {
        let line = error.line().and_then(|line| u32::try_from(line).ok());
        return vec![Place { line, ..place }.fault(compile_message(&error))];
    }
    let unknown = unknown_names(name, &BLOCKS.map(str::to_owned), templates);
    unknown
        .into_iter()
        .map(|name| {
            let found = find(text, 1, &name);
            let place =
                Place { file: file.to_owned(), line: found.map(|at| at.0), column: found.map(|at| at.1) };
            place.fault(format!("'{name}' is not one of {}", BLOCKS.join(", ")))
        })
        .collect()
}

/// Reads a charter, compiles its templates, and gives it back with the place of its agent.
pub(super) fn charter(
    file: &str,
    text: &str,
    templates: &mut Environment<'static>,
) -> Result<(Charter, Place), Vec<YamlError>> {
    let raw: CharterFile = read(file, text).map_err(|error| vec![error])?;
    let mut check = Check { file, text, errors: Vec::new(), context: &raw.context };
    let may_write = check.sections(&raw.may_write);
    check.template(&format!("{}.system", raw.agent.value), &raw.system, &[], templates);
    if raw.csp_tasks.is_empty() || raw.csp_tasks.len() > MOST {
        check.errors.push(Place::of(file, &raw.agent).fault(format!("an agent has 1 to {MOST} tasks")));
    }
    let mut tasks = BTreeMap::new();
    for (key, task) in &raw.csp_tasks {
        if !is_name(key) {
            let message = format!("task '{key}' is not named with a-z, 0-9 and '_'");
            check.errors.push(Place::of(file, task).fault(message));
        }
        let name = format!("{}.{key}", raw.agent.value);
        tasks.insert(key.clone(), check.task(&name, &task.value, &may_write, templates));
    }
    let Check { errors, .. } = check;
    if !errors.is_empty() {
        return Err(errors);
    }
    let place = Place::of(file, &raw.agent);
    let CharterFile { agent, role, system, context, .. } = raw;
    Ok((Charter { agent: agent.value, role, system: system.value, may_write, context, tasks }, place))
}

/// One file while it is checked.
struct Check<'a> {
    file: &'a str,
    text: &'a str,
    errors: Vec<YamlError>,
    context: &'a [Sight],
}

impl Check<'_> {
    fn push<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        self.errors.push(Place::of(self.file, at).fault(message));
    }

    fn sections(&mut self, names: &[Spanned<String>]) -> Vec<SectionKey> {
        let mut sections = Vec::new();
        for name in names {
            match name.value.parse::<SectionKey>() {
                Ok(section) if sections.contains(&section) => {
                    self.push(name, format!("section '{section}' is named twice"));
                }
                Ok(section) => sections.push(section),
                Err(message) => {
                    let meant = nearest(&name.value, SectionKey::every().map(SectionKey::as_str));
                    let meant = meant.map(|meant| format!("; did you mean {meant}")).unwrap_or_default();
                    self.push(name, format!("{message}{meant}"));
                }
            }
        }
        sections
    }

    fn task(
        &mut self,
        name: &str,
        raw: &TaskFile,
        may_write: &[SectionKey],
        templates: &mut Environment<'static>,
    ) -> TaskCharter {
        let sections = self.sections(&raw.sections);
        for (section, at) in sections.iter().zip(&raw.sections) {
            if !may_write.contains(section) {
                self.push(at, format!("the task writes '{section}', which is not in may_write"));
            }
        }
        if raw.sections.is_empty() {
            self.push(&raw.prompt, "the task writes no section; name at least one under sections");
        }
        let reads = self.sections(&raw.reads);
        for (section, at) in reads.iter().zip(&raw.reads) {
            if sections.contains(section) {
                self.push(at, format!("the task writes '{section}' and sees it anyway"));
            }
        }
        if raw.model.value.max_tokens == 0 || raw.model.value.max_tokens > MOST_TOKENS {
            self.push(&raw.model, format!("max_tokens is 1 to {MOST_TOKENS}"));
        }
        if raw.model.value.temperature.is_some_and(|heat| !(0.0..=2.0).contains(&heat)) {
            self.push(&raw.model, "temperature is 0 to 2");
        }
        if let Some(view) = &raw.material {
            self.material(view);
        }
        let inputs = self.inputs(raw);
        // An input with a faulty source is still the prompt's to use.
        let known: Vec<String> = raw.inputs.iter().map(|input| input.name.value.clone()).collect();
        self.template(name, &raw.prompt, &known, templates);
        TaskCharter {
            name: raw.name.clone(),
            trigger: raw.trigger.clone(),
            sections,
            reads,
            by_hand: raw.by_hand,
            phase: raw.phase,
            material: raw.material.as_ref().map(|view| view.value.clone()).unwrap_or_default(),
            inputs,
            prompt: raw.prompt.value.clone(),
            model: raw.model.value,
        }
    }

    fn material(&mut self, view: &Spanned<MaterialView>) {
        let MaterialView { from, about, .. } = &view.value;
        if from.len() > MOST || about.len() > MOST {
            self.push(view, format!("from and about hold {MOST} entries at most"));
        }
        let is_folder = |folder: &str| {
            let parts = folder.trim_matches('/').split('/');
            parts.into_iter().all(|part| !part.is_empty() && !part.starts_with('.'))
        };
        if let Some(folder) = from.iter().find(|folder| !is_folder(folder)) {
            self.push(view, format!("'{folder}' is not a folder of materials, such as meetings"));
        }
    }

    fn inputs(&mut self, raw: &TaskFile) -> Vec<Input> {
        if raw.inputs.len() > MOST {
            self.push(&raw.prompt, format!("the task has more than {MOST} inputs"));
        }
        let mut inputs: Vec<Input> = Vec::new();
        for input in raw.inputs.iter().take(MOST) {
            let InputFile { name, kind, required, from } = input;
            if !is_name(&name.value) || BLOCKS.contains(&name.value.as_str()) {
                self.push(name, format!("'{}' is not usable as the name of an input", name.value));
            } else if inputs.iter().any(|known| known.name == name.value) {
                self.push(name, format!("there are two inputs '{}'", name.value));
            }
            match InputSource::parse(&from.value) {
                Ok(source) if !source.gives(*kind) => {
                    self.push(from, format!("'{}' does not give a value of this type", from.value));
                }
                Ok(source) => inputs.push(Input {
                    name: name.value.clone(),
                    kind: *kind,
                    required: *required,
                    from: source,
                }),
                Err(message) => self.push(from, message),
            }
        }
        inputs
    }

    /// Compiles a template and compares the names that it uses with those that it will be given.
    fn template(
        &mut self,
        name: &str,
        source: &Spanned<String>,
        known: &[String],
        templates: &mut Environment<'static>,
    ) {
        if source.value.len() > LONGEST_TEMPLATE {
            return self.push(source, format!("the template has more than {LONGEST_TEMPLATE} bytes"));
        }
        if let Err(error) = templates.add_template_owned(name.to_owned(), source.value.clone()) {
            return self.errors.push(self.inside(source, &error));
        }
        let allowed: Vec<String> =
            BLOCKS.iter().map(|block| (*block).to_owned()).chain(known.iter().cloned()).collect();
        for unknown in unknown_names(name, &allowed, templates) {
            let meant = nearest(&unknown, allowed.iter().map(String::as_str));
            let meant = meant.map(|meant| format!("; did you mean {meant}")).unwrap_or_default();
            let message = format!("'{unknown}' is neither an input nor one of {}{meant}", BLOCKS.join(", "));
            self.errors.push(self.at_word(source, &unknown).fault(message));
        }
        self.unused(name, source, known, templates);
        self.unseen(name, source, templates);
    }

    /// Inputs that the prompt does not use, and names in single braces, which would stay as they are.
    fn unused(
        &mut self,
        name: &str,
        source: &Spanned<String>,
        known: &[String],
        templates: &Environment<'_>,
    ) {
        let used = used_names(name, templates);
        for input in known.iter().filter(|input| !used.contains(input)) {
            let single = source.value.contains(&format!("{{{input}}}"));
            let message = if single {
                format!("'{{{input}}}' stays as it is; write {{{{ {input} }}}}")
            } else {
                format!("the prompt does not use the input '{input}'")
            };
            self.errors.push(self.at_word(source, input).fault(message));
        }
    }

    /// Blocks that the agent may not see.
    fn unseen(&mut self, name: &str, source: &Spanned<String>, templates: &Environment<'_>) {
        let used = used_names(name, templates);
        for (block, sight) in [("facts", Sight::Facts), ("plan", Sight::Plan), ("material", Sight::Material)]
        {
            if used.iter().any(|used| used == block) && !self.context.contains(&sight) {
                let message = format!("the prompt shows {block}, which context does not list");
                self.errors.push(self.at_word(source, block).fault(message));
            }
        }
    }

    /// A fault inside a template: the block scalar starts on the line above its text.
    fn inside(&self, source: &Spanned<String>, error: &minijinja::Error) -> YamlError {
        let place = Place::of(self.file, source);
        let first = place.line.map(|line| if self.is_block(line) { line + 1 } else { line });
        let line = first.zip(error.line()).map(|(first, line)| first + u32::try_from(line).unwrap_or(1) - 1);
        Place { line: line.or(place.line), column: None, ..place }.fault(compile_message(error))
    }

    fn is_block(&self, line: u32) -> bool {
        let row = self.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().trim_end();
        row.ends_with(['|', '>', '-', '+']) && row.contains(": ")
    }

    /// Where a word stands in a template; the template's beginning if it is not found there.
    fn at_word(&self, source: &Spanned<String>, word: &str) -> Place {
        let place = Place::of(self.file, source);
        let found = place.line.and_then(|line| find(self.text, line, word));
        found.map_or(place.clone(), |(line, column)| Place {
            line: Some(line),
            column: Some(column),
            ..place
        })
    }
}

/// Line and column of the first whole word from a line on.
fn find(text: &str, from: u32, word: &str) -> Option<(u32, u32)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    (1u32..).zip(text.lines()).skip_while(|(number, _)| *number < from).find_map(|(number, line)| {
        line.match_indices(word).find_map(|(at, _)| {
            let before = line.get(..at)?.chars().next_back();
            let after = line.get(at + word.len()..)?.chars().next();
            let alone = !before.is_some_and(is_part) && !after.is_some_and(is_part);
            let column = line.get(..at)?.chars().count() + 1;
            alone.then(|| (number, u32::try_from(column).unwrap_or(1)))
        })
    })
}

fn used_names(template: &str, templates: &Environment<'_>) -> Vec<String> {
    let used = templates.get_template(template).map(|template| template.undeclared_variables(false));
    let mut used: Vec<String> = used.into_iter().flatten().collect();
    used.sort();
    used
}

fn unknown_names(template: &str, allowed: &[String], templates: &Environment<'_>) -> Vec<String> {
    let used = used_names(template, templates);
    used.into_iter().filter(|name| !allowed.contains(name)).collect()
}

fn compile_message(error: &minijinja::Error) -> String {
    format!("the template does not compile: {}", error.detail().unwrap_or("it is not understood"))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 60
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
