//! Writes values as YAML in one plain style: block form, two spaces, quotes where they are needed.
//!
//! It knows values; it must not know the text that they replace.

use serde::Serialize;
use serde_json::{Map, Value};

use super::read::MAX_DEPTH;
use super::scalar::{self, Quotes};

/// Longer keys cannot be read back: YAML bounds what stands before a colon.
const LONGEST_KEY: usize = 512;
/// One level of indentation.
pub(super) const STEP: usize = 2;

/// Why a value cannot be written as YAML that reads back as the same value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// The value's own serialization failed.
    #[error("value cannot be written: {0}")]
    Value(String),
    /// The value is nested deeper than the reader accepts.
    #[error("value is nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// A key is longer than the reader accepts.
    #[error("key is longer than {LONGEST_KEY} bytes: {0:?}...")]
    LongKey(String),
}

/// Writes a value as one YAML document that `read` gives back as it was.
///
/// The value passes through JSON's model, so a float that is not finite becomes null.
///
/// # Errors
/// When the value does not serialize, or what it holds could not be read back.
pub fn emit<T: Serialize + ?Sized>(value: &T) -> Result<String, EmitError> {
    let value = serde_json::to_value(value).map_err(|error| EmitError::Value(error.to_string()))?;
    Writer::new(Style::default()).document(&value)
}

/// Whether texts may span lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Blocks {
    /// Long texts and texts of several lines become block scalars.
    #[default]
    Allowed,
    /// Every text stays on its line, so that no comment below can be drawn into it.
    Avoided,
}

/// Whether fields that hold null are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Nulls {
    /// As `key: null`.
    #[default]
    Written,
    /// Left out, as absence means the same.
    LeftOut,
}

/// The style of what is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    pub blocks: Blocks,
    pub nulls: Nulls,
    pub lists: Lists,
}

/// Where the dashes of a list stand below its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Lists {
    /// One step to the right of the key.
    #[default]
    Indented,
    /// In the column of the key.
    Flush,
}

/// What follows a key or a dash: the rest of its line, then lines of its own.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parts {
    pub inline: String,
    pub lines: String,
}

/// What a value stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    Key,
    Dash,
}

/// Appends values to a text; columns are counted from 0.
pub(super) struct Writer {
    out: String,
    style: Style,
    depth: usize,
}

impl Writer {
    pub(super) fn new(style: Style) -> Self {
        Self { out: String::new(), style, depth: 0 }
    }

    /// A whole document.
    pub(super) fn document(mut self, value: &Value) -> Result<String, EmitError> {
        match value {
            Value::Object(fields) if self.shows(fields) => self.fields(fields, 0)?,
            Value::Array(items) if !items.is_empty() => self.items(items, 0)?,
            value => {
                self.scalar(value, 0)?;
                self.out.push('\n');
            }
        }
        Ok(self.out)
    }

    /// `key: value` with all its lines, indented by `column`.
    pub(super) fn entry(mut self, key: &str, value: &Value, column: usize) -> Result<String, EmitError> {
        self.field(key, value, column)?;
        Ok(self.out)
    }

    /// `- value` with all its lines, the dash at `column`.
    pub(super) fn item(mut self, value: &Value, column: usize) -> Result<String, EmitError> {
        self.items(std::slice::from_ref(value), column)?;
        Ok(self.out)
    }

    /// A value behind a key or dash that stands at `column` already, ending at the line's end.
    pub(super) fn parts(mut self, value: &Value, behind: Behind, column: usize) -> Result<Parts, EmitError> {
        match value {
            Value::Object(fields) if self.shows(fields) => self.fields(fields, column + STEP)?,
            Value::Array(items) if !items.is_empty() => {
                let column = match behind {
                    Behind::Key => self.dash_column(column),
                    Behind::Dash => column + STEP,
                };
                self.items(items, column)?;
            }
            value => {
                self.scalar(value, column)?;
                let end = self.out.find('\n').unwrap_or(self.out.len());
                let mut lines = self.out.split_off(end);
                if !lines.is_empty() {
                    lines.remove(0);
                    lines.push('\n');
                }
                return Ok(Parts { inline: self.out, lines });
            }
        }
        Ok(Parts { inline: String::new(), lines: self.out })
    }

    /// A value on one line between brackets and commas.
    pub(super) fn flow(mut self, value: &Value) -> Result<String, EmitError> {
        self.flow_value(value)?;
        Ok(self.out)
    }

    /// `key: value` for between braces.
    pub(super) fn flow_entry(mut self, key: &str, value: &Value) -> Result<String, EmitError> {
        self.flow_field(key, value)?;
        Ok(self.out)
    }

    fn shows(&self, fields: &Map<String, Value>) -> bool {
        fields.values().any(|value| self.shown(value))
    }

    fn shown(&self, value: &Value) -> bool {
        self.style.nulls == Nulls::Written || !value.is_null()
    }

    fn dash_column(&self, column: usize) -> usize {
        match self.style.lists {
            Lists::Indented => column + STEP,
            Lists::Flush => column,
        }
    }

    fn enter(&mut self) -> Result<(), EmitError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(EmitError::TooDeep) } else { Ok(()) }
    }

    /// Indents at the start of a line; behind `- ` there is nothing to indent.
    fn margin(&mut self, column: usize) {
        if self.out.is_empty() || self.out.ends_with('\n') {
            self.out.extend(std::iter::repeat_n(' ', column));
        }
    }

    fn key(&mut self, key: &str, quotes: Quotes) -> Result<(), EmitError> {
        let spelt = scalar::inline(key, quotes);
        if spelt.len() > LONGEST_KEY {
            return Err(EmitError::LongKey(key.chars().take(20).collect()));
        }
        self.out.push_str(&spelt);
        self.out.push(':');
        Ok(())
    }

    fn fields(&mut self, fields: &Map<String, Value>, column: usize) -> Result<(), EmitError> {
        self.enter()?;
        for (key, value) in fields {
            if self.shown(value) {
                self.field(key, value, column)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn field(&mut self, key: &str, value: &Value, column: usize) -> Result<(), EmitError> {
        self.margin(column);
        self.key(key, Quotes::Spare)?;
        match value {
            Value::Object(fields) if self.shows(fields) => {
                self.out.push('\n');
                self.fields(fields, column + STEP)
            }
            Value::Array(items) if !items.is_empty() => {
                self.out.push('\n');
                self.items(items, self.dash_column(column))
            }
            value => self.rest_of_line(value, column),
        }
    }

    fn items(&mut self, items: &[Value], column: usize) -> Result<(), EmitError> {
        self.enter()?;
        for value in items {
            self.margin(column);
            self.out.push('-');
            match value {
                Value::Object(fields) if self.shows(fields) => {
                    self.out.push(' ');
                    self.fields(fields, column + STEP)?;
                }
                Value::Array(items) if !items.is_empty() => {
                    self.out.push(' ');
                    self.items(items, column + STEP)?;
                }
                value => self.rest_of_line(value, column)?,
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn rest_of_line(&mut self, value: &Value, column: usize) -> Result<(), EmitError> {
        self.out.push(' ');
        self.scalar(value, column)?;
        self.out.push('\n');
        Ok(())
    }

    /// What is not a filled collection, without the end of its last line.
    fn scalar(&mut self, value: &Value, column: usize) -> Result<(), EmitError> {
        match value {
            Value::String(text) => self.text(text, column),
            value => self.flow_value(value)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str, column: usize) {
        let block = match self.style.blocks {
            Blocks::Allowed => scalar::block(text),
            Blocks::Avoided => None,
        };
        let Some(block) = block else {
            self.out.push_str(&scalar::inline(text, Quotes::Spare));
            return;
        };
        self.out.push_str(block.header);
        for line in block.lines {
            self.out.push('\n');
            if !line.is_empty() {
                self.margin(column + STEP);
                self.out.push_str(line);
            }
        }
    }

    fn flow_value(&mut self, value: &Value) -> Result<(), EmitError> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Number(number) => self.out.push_str(&number.to_string()),
            Value::String(text) => self.out.push_str(&scalar::inline(text, Quotes::SpareInFlow)),
            Value::Array(items) => self.flow_items(items)?,
            Value::Object(fields) => self.flow_fields(fields)?,
        }
        Ok(())
    }

    fn flow_items(&mut self, items: &[Value]) -> Result<(), EmitError> {
        self.enter()?;
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            self.flow_value(item)?;
        }
        self.out.push(']');
        self.depth -= 1;
        Ok(())
    }

    fn flow_fields(&mut self, fields: &Map<String, Value>) -> Result<(), EmitError> {
        self.enter()?;
        self.out.push('{');
        let mut first = true;
        for (key, value) in fields {
            if self.shown(value) {
                if !std::mem::take(&mut first) {
                    self.out.push_str(", ");
                }
                self.flow_field(key, value)?;
            }
        }
        self.out.push('}');
        self.depth -= 1;
        Ok(())
    }

    fn flow_field(&mut self, key: &str, value: &Value) -> Result<(), EmitError> {
        self.key(key, Quotes::SpareInFlow)?;
        self.out.push(' ');
        self.flow_value(value)
    }
}

#[cfg(test)]
pub(super) mod tests;
