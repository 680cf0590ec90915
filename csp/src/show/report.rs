//! Reports for people: short lines under short headings, the worst first.

use infohub::ids::AccountSlug;
use infohub::plan::Light;
use orchestrator::health::Standing;
use orchestrator::radar::Blip;
use orchestrator::report::{AccountDigest, Dated, Digest, HealthLine, Qbr};

use super::screen::Screen;
use super::words::{count, wrap};

/// Where the words of a line begin, after its heading.
const COLUMN: usize = 11;
/// How many dated things are listed under one heading.
const MOST_LISTED: usize = 8;

/// The digest of a portfolio.
pub fn digest(digest: &Digest, screen: &Screen) -> String {
    let paint = screen.paint;
    let week = format!("Week of {} to {}, seen on {}", digest.week.first, digest.week.last, digest.today);
    let of = |wanted| {
        let standing =
            |account: &&AccountDigest| account.health.as_ref().map(|health| health.standing) == wanted;
        digest.accounts.iter().filter(standing).count()
    };
    let late: usize = digest.accounts.iter().map(|account| account.overdue.len()).sum();
    let reviews: usize = digest.accounts.iter().map(|account| account.reviews.len()).sum();
    let total = format!(
        "{}: {} at risk, {} to be watched, {} healthy, {} without a plan; {late} overdue, {} to decide",
        count(digest.accounts.len(), "account"),
        of(Some(Standing::AtRisk)),
        of(Some(Standing::Watch)),
        of(Some(Standing::Healthy)),
        of(None),
        count(reviews, "review"),
    );
    let mut parts = vec![format!("{}\n{total}", paint.strong(&week))];
    parts.extend(digest.accounts.iter().map(|one| account(one, screen)));
    parts.join("\n\n")
}

fn account(account: &AccountDigest, screen: &Screen) -> String {
    let name = account.name.as_deref().unwrap_or(account.account.as_str());
    let mut lines = vec![format!("{} ({})", screen.paint.strong(name), account.account)];
    let mut add = |heading: &str, text: &str| lines.push(told(heading, text, screen));
    match &account.health {
        Some(health) => add("health", &health_line(health, screen)),
        None => add("health", "no plan yet"),
    }
    for (heading, dated) in [("overdue", &account.overdue), ("due", &account.due)] {
        dated.iter().take(MOST_LISTED).for_each(|item| add(heading, &dated_line(item)));
        if dated.len() > MOST_LISTED {
            add(heading, &format!("and {} more", dated.len() - MOST_LISTED));
        }
    }
    for review in &account.reviews {
        let since = review.since.map(|day| format!(", since {day}")).unwrap_or_default();
        add("to review", &format!("{}{since}", review.review));
    }
    account.failed.iter().for_each(|task| add("failed", task));
    account.risks.iter().for_each(|blip| add("risk", &risk_line(blip, screen)));
    if account.open_questions > 0 {
        let first = account.questions.first().map(String::as_str).unwrap_or_default();
        add("questions", &format!("{} open; first: {first}", account.open_questions));
    }
    account.changed.iter().for_each(|line| add("changed", line));
    if account.changed.is_empty() {
        add("changed", "nothing this week");
    }
    lines.join("\n")
}

/// A heading and its words, wrapped under one another. Colours take no room, so they are only put on whole words.
fn told(heading: &str, text: &str, screen: &Screen) -> String {
    let first = format!("  {heading:<COLUMN$}");
    wrap(&first, &" ".repeat(first.len()), text, screen.width)
}

fn health_line(health: &HealthLine, screen: &Screen) -> String {
    let paint = screen.paint;
    let standing = match health.standing {
        Standing::AtRisk => paint.bad("at risk"),
        Standing::Watch => paint.waiting("watch"),
        Standing::Healthy => paint.good("healthy"),
    };
    let complete = if health.complete { "complete" } else { "incomplete" };
    let why = if health.why.is_empty() { String::new() } else { format!(": {}", health.why.join("; ")) };
    format!("{standing}, {complete}{why}")
}

fn dated_line(item: &Dated) -> String {
    let owner = item.owner.as_deref().map_or_else(|| "nobody".to_owned(), ToOwned::to_owned);
    format!("{} {} ({}; {owner})", item.due, item.what, item.id)
}

fn risk_line(blip: &Blip, screen: &Screen) -> String {
    let rating = match blip.rating {
        Some(Light::Red) => screen.paint.bad("red"),
        Some(Light::Amber) => screen.paint.waiting("amber"),
        Some(Light::Green) => screen.paint.good("green"),
        None => "not rated".to_owned(),
    };
    let mut remarks = vec![blip.id.to_string()];
    remarks.extend(blip.unmitigated.then(|| "no mitigation".to_owned()));
    remarks.extend(blip.drafted.then(|| "drafted".to_owned()));
    if let (true, Some(days)) = (blip.is_forgotten(), blip.quiet_days) {
        remarks.push(format!("untouched for {days} days"));
    }
    let news = match (blip.is_new, blip.changes.last()) {
        (true, _) => "; new this week".to_owned(),
        (false, Some(change)) => format!("; {}, since {}", change.change, change.cause),
        (false, None) => String::new(),
    };
    format!("{rating}: {} ({}){news}", blip.risk, remarks.join(", "))
}

/// The preparation of a business review.
pub fn qbr(account: &AccountSlug, prepared: &Qbr, screen: &Screen) -> String {
    let paint = screen.paint;
    let day = prepared.review_on.map_or_else(|| "no day set".to_owned(), |day| day.to_string());
    let mut lines = vec![paint.strong(&format!("Business review of {account}: {day}")), String::new()];
    lines.push(paint.strong("To say"));
    if prepared.points.is_empty() {
        lines.push("  Nothing is prepared; the quarterly refresh writes talking points.".to_owned());
    }
    for point in &prepared.points {
        let drafted = if point.drafted { " (drafted)" } else { "" };
        lines.push(wrap("  - ", "    ", &format!("{}{drafted}", point.point), screen.width));
        for (id, text) in &point.about {
            lines.push(paint.faint(&wrap(
                "      about ",
                "        ",
                &format!("{text} ({id})"),
                screen.width,
            )));
        }
    }
    lines.extend([String::new(), paint.strong("Value so far (section 8)")]);
    if prepared.value.is_empty() {
        lines.push("  Section 8 tracks nothing yet.".to_owned());
    }
    for line in &prepared.value {
        let drafted = if line.drafted { " (drafted)" } else { "" };
        let on = line.on.map(|day| format!(", {day}")).unwrap_or_default();
        let text = format!("{}: {}{on}{drafted}", line.what, line.stands);
        lines.push(wrap("  - ", "    ", &text, screen.width));
    }
    lines.join("\n")
}
