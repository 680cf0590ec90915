//! One HTML file that opens from disk: no request leaves it, which its own content security policy enforces.
//!
//! ```text
//! Summary, Comparison ─► view  (what the page says, with charts as coordinates) ─┐
//! lines, expectations ─► cases (a case's details as JSON, shown when opened) ────┴─► page.html, style.css, page.js
//! ```
//!
//! What customers and models wrote is untrusted: the template escapes all text, and the script only ever sets text.
//! It must not know how figures come about.

mod cases;
mod charts;
mod view;

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior};
use thiserror::Error;

use super::summary::Summary;
use crate::compare::{Comparison, Run};
use view::Page;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("page.js");

/// What the page is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The run.
    pub run: Run<'a>,
    /// The same, summed up.
    pub summary: &'a Summary,
    /// The comparison with an earlier run.
    pub comparison: Option<&'a Comparison>,
    /// What each case expects, as text for people, by the case's id; the log does not have it.
    pub expected: &'a BTreeMap<String, String>,
}

/// The page could not be made: its template and what it is given do not fit.
#[derive(Debug, Error)]
#[error("the page's template failed: {0}")]
pub struct HtmlError(#[from] minijinja::Error);

/// The whole page.
pub fn html(input: Input<'_>) -> Result<String, HtmlError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    environment.add_template("page.html", PAGE)?;
    let page = Page::of(input, STYLE, SCRIPT);
    Ok(environment.get_template("page.html")?.render(minijinja::value::Serde(&page))?)
}

/// Data for a script element: nothing in it can close the element or open a comment.
fn embedded(value: &impl serde::Serialize) -> String {
    // Types without maps of odd keys always serialize; an empty object would show as an empty case.
    let text = serde_json::to_string(value).unwrap_or_else(|_| "{}".into());
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
