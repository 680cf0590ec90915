//! Colours that mean something, or none at all. Whoever makes one says whether a terminal wants them.

use owo_colors::Style;

/// The few ways in which text stands out.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    on: bool,
}

impl Paint {
    /// Colours if `on`, else plain text.
    pub fn new(on: bool) -> Self {
        Self { on }
    }

    /// Whether anything is coloured.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// A heading, or the name of what this is about.
    pub fn strong(self, text: &str) -> String {
        self.style(text, Style::new().bold())
    }

    /// What one reads only when looking for it.
    pub fn faint(self, text: &str) -> String {
        self.style(text, Style::new().dimmed())
    }

    /// What went well.
    pub fn good(self, text: &str) -> String {
        self.style(text, Style::new().green())
    }

    /// What waits for a person.
    pub fn waiting(self, text: &str) -> String {
        self.style(text, Style::new().yellow())
    }

    /// What went wrong.
    pub fn bad(self, text: &str) -> String {
        self.style(text, Style::new().red().bold())
    }

    fn style(self, text: &str, style: Style) -> String {
        if self.on { style.style(text).to_string() } else { text.to_owned() }
    }
}
