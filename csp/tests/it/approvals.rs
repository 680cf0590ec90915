//! Who decides on drafts and by when, the customer's review and the gate before Stage 4, as people meet them; and that
//! one calendar counts for all.

use crate::stage::{ACCOUNT, STARTS, Stage};

/// The review that waits.
fn waiting(stage: &Stage) -> String {
    let list = stage.csp(&["review", "list", "--json"]).ends(0).json();
    list["reviews"][0]["review"].as_str().unwrap_or_else(|| panic!("{list}")).to_owned()
}

/// Puts more into csp.toml.
fn configure(stage: &Stage, more: &str) {
    let config = stage.read("csp.toml");
    stage.write("csp.toml", format!("{config}\n{more}"));
}

/// Mira is away, and Jonas, the AE, stands in for her.
fn away(stage: &Stage, from: &str, to: &str) {
    let team = stage.read("team.yaml");
    let away =
        format!("    manager: priya\n    away:\n      - {{from: {from}, to: {to}, delegate: jonas}}\n");
    let with = team.replacen("    manager: priya\n", &away, 1);
    assert_ne!(team, with);
    stage.write("team.yaml", with);
}

#[test]
fn whoever_may_not_decide_is_told_who_may() {
    let stage = Stage::drafted();
    let id = waiting(&stage);
    let before = stage.tree();
    for command in [
        vec!["review", "accept", &id],
        vec!["review", "reject", &id, "--reason", "old figures"],
        vec!["review", "accept", &id, "--now", "2026-02-05"],
    ] {
        let refused = stage.csp(&[&command[..], &["--as", "jonas"]].concat()).ends(3);
        let expected = "'jonas' may not decide on this: section 3 (current_state) takes sa, sa_manager or ca_manager; \
                        mira, priya or oskar may";
        assert!(refused.err.contains(expected), "{}", refused.err);
    }
    let text = stage.csp(&["review", "edit", &id, "--print"]).ok();
    stage.write("draft.yaml", text.replace("1,850", "1,900"));
    stage.csp(&["review", "edit", &id, "--file", "draft.yaml", "--as", "jonas"]).ends(3);
    std::fs::remove_file(stage.root().join("draft.yaml")).unwrap();
    assert_eq!(stage.tree(), before);
    stage.csp(&["review", "accept", &id, "--as", "priya"]).ok();
}

#[test]
fn roles_are_set_for_sections_and_agents() {
    let stage = Stage::drafted();
    let id = waiting(&stage);
    configure(&stage, "[review.approvers]\nsa.current_state = [\"ae\"]\nalways = []");
    let refused = stage.csp(&["review", "accept", &id, "--as", "mira"]).ends(3);
    assert!(refused.err.contains("section 3 (current_state) takes ae; jonas may"), "{}", refused.err);
    stage.csp(&["review", "accept", &id, "--as", "jonas"]).ok();
}

#[test]
fn nobody_lets_in_what_they_had_drafted_themselves() {
    let stage = Stage::sample();
    stage.csp(&["emit", STARTS, "--now", "2026-02-04"]).ok();
    let tasks = stage.csp(&["task", "list", "--json"]).json();
    let ruled = tasks["tasks"][0]["task"]["id"].as_str().unwrap().to_owned();
    stage.csp(&["task", "cancel", &ruled, "--reason", "by hand", "--as", "mira"]).ok();
    let now = ["--now", "2026-02-04T10:00:00Z"];
    stage.csp(&[&["task", "start", "sa.initiate_csp", ACCOUNT, "--as", "mira"][..], &now].concat()).ok();
    stage.csp(&[&["work", "--until-idle"][..], &now].concat()).ok();
    let id = waiting(&stage);
    let shown = stage.csp(&[&["review", "show", &id][..], &now].concat()).ok();
    assert!(shown.contains("mira had it drafted, and so cannot let it in."), "{shown}");
    let own = stage.csp(&["review", "accept", &id, "--as", "mira"]).ends(3);
    assert!(
        own.err.contains("nobody lets in what they had drafted themselves; priya or oskar may"),
        "{}",
        own.err
    );
    let asked = stage.csp(&[&["inbox", "--as", "priya"][..], &now].concat()).ok();
    assert!(asked.contains("review: mira asked for sa.initiate_csp"), "her manager is asked: {asked}");
    stage.csp(&["review", "accept", &id, "--as", "priya"]).ok();
}

#[test]
fn who_stands_in_is_shown_told_and_decides() {
    let stage = Stage::sample();
    away(&stage, "2026-02-04", "2026-02-10");
    stage.csp(&["emit", STARTS, "--now", "2026-02-04"]).ok();
    let now = ["--now", "2026-02-04T09:30:00Z"];
    stage.csp(&[&["work", "--until-idle"][..], &now].concat()).ok();
    let list = stage.csp(&[&["review", "list"][..], &now].concat()).ok();
    assert!(list.contains("jonas for mira until 2026-02-10") && list.contains("2026-02-09"), "{list}");
    let id = waiting(&stage);
    let shown = stage.csp(&[&["review", "show", &id][..], &now].concat()).ok();
    for expected in [
        "mira is asked to decide, by 2026-02-09 18:00 Europe/Berlin.",
        "jonas stands in for mira until 2026-02-10.",
        "Who may too: jonas, priya, oskar.",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let inbox = stage.csp(&[&["inbox", "--as", "jonas"][..], &now].concat()).ok();
    assert!(inbox.contains("review: SA Agent initiates CSP"), "{inbox}");
    stage.csp(&["review", "accept", &id, "--as", "jonas", "--now", "2026-02-11"]).ends(3);
    let told = stage.csp(&["review", "accept", &id, "--as", "jonas", "--now", "2026-02-10"]).ok();
    assert!(told.contains("accepted in the place of mira"), "{told}");
}

#[test]
fn what_nobody_decides_on_is_reminded_of_escalated_and_lapses() {
    let stage = Stage::sample();
    configure(
        &stage,
        "[review]\ndue = \"1 day\"\nexpires = \"5 days\"\n[review.sa]\nbackground = \"review\"",
    );
    stage.csp(&["emit", STARTS, "--now", "2026-02-04"]).ok();
    let work = |now: &str| stage.csp(&["work", "--until-idle", "--now", now]).ok();
    work("2026-02-04T09:30:00Z");
    let id = waiting(&stage);
    let shown = stage.csp(&["review", "show", &id, "--now", "2026-02-04T09:30:00Z"]).ok();
    assert!(shown.contains("Undecided, it lapses on 2026-02-09 18:00 Europe/Berlin."), "{shown}");
    let inbox = |person: &str, now: &str| stage.csp(&["inbox", "--as", person, "--all", "--now", now]).ok();
    // Each is told when the office opens after its day is over, and once.
    work("2026-02-05T17:00:00Z");
    work("2026-02-06T08:30:00Z");
    work("2026-02-06T08:40:00Z");
    let told = inbox("mira", "2026-02-06T09:00:00Z");
    assert_eq!(told.matches("The draft still waits for you").count(), 1, "{told}");
    work("2026-02-06T17:00:00Z");
    work("2026-02-09T08:30:00Z");
    let told = inbox("priya", "2026-02-09T09:00:00Z");
    assert_eq!(told.matches("escalation: SA Agent initiates CSP").count(), 1, "{told}");
    work("2026-02-09T17:00:00Z");
    stage.csp(&["review", "accept", &id, "--as", "mira", "--now", "2026-02-09T17:00:00Z"]).ends(4);
    let task = stage.csp(&["task", "show", &id]).ok();
    assert!(task.contains("lapsed on 2026-02-09 17:00Z: nobody decided on its draft in time"), "{task}");
    stage.csp(&["plan", "show", ACCOUNT]).ends(4);
    stage.csp(&["task", "retry", &id, "--as", "mira", "--now", "2026-02-10"]).ok();
    work("2026-02-10T09:00:00Z");
    assert_eq!(waiting(&stage), id);
}

#[test]
fn nothing_is_told_of_a_draft_that_was_decided_on_overnight() {
    let stage = Stage::drafted();
    let id = waiting(&stage);
    stage.csp(&["review", "accept", &id, "--as", "mira", "--now", "2026-02-04T05:00:00Z"]).ok();
    let worked = stage.csp(&["work", "--until-idle", "--now", "2026-02-04T09:00:00Z"]).ok();
    assert!(!worked.contains("told by"), "neither the rule's task nor the review: {worked}");
}

#[test]
fn contradictions_between_policy_and_people_are_found() {
    let check = |config: &str, code: i32, expected: &str| {
        let stage = Stage::sample();
        configure(&stage, config);
        let team = stage.read("team.yaml").replace("roles: [delivery]", "roles: []");
        stage.write("team.yaml", team);
        let checked = stage.csp(&["check"]).ends(code);
        let text = format!("{}{}", checked.out, checked.err).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(expected), "{expected}: {text}");
    };
    check("", 0, "nothing is wrong");
    let lines = "[review.approvers]\nalways = []\nrisks = [\"delivery\"]";
    check(lines, 1, "nobody in team.yaml may let in section 10 (risks): it takes delivery");
    let named = "[review.approvers]\nrisks = [\"owner\", \"delivery\"]";
    check(named, 0, "it names the role delivery, which nobody in team.yaml has");
}

/// A plan of 4 February that is carried out.
fn executing() -> Stage {
    let stage = Stage::drafted();
    let id = waiting(&stage);
    stage.csp(&["review", "accept", &id, "--as", "mira", "--now", "2026-02-04"]).ok();
    let path = "infohub/veldhaven-logistics/success_plan/csp.yaml";
    let text = stage.read(path);
    let text = text.replace("lifecycle: initiate", "lifecycle: execute");
    stage.write(path, text);
    stage.csp(&["work", "--until-idle", "--now", "2026-02-04"]).ok();
    stage
}

#[test]
fn the_customers_review_is_shown_and_its_owner_is_reminded() {
    let stage = executing();
    let health = stage.csp(&["health", ACCOUNT, "--now", "2026-02-05"]).ok();
    let health: Vec<&str> = health.split_whitespace().collect();
    let expected = "Implementation: the customer reviews the plan next by 2026-02-18, last never. Bi-weekly: Track progress.";
    assert!(health.join(" ").contains(expected), "{health:?}");
    let why = stage.csp(&["why", ACCOUNT, "customer_review_due", "--now", "2026-02-05"]).ok();
    assert!(why.contains("Will fire at 2026-02-13"), "the 15th is a Sunday: {why}");
    let fired = |now: &str| {
        let worked = stage.csp(&["work", "--until-idle", "--now", now]).ok();
        (worked.contains("customer_review_due: "), worked.contains("customer_review_overdue: "))
    };
    assert_eq!(fired("2026-02-13T09:00:00Z"), (true, false));
    assert_eq!(fired("2026-02-18T12:00:00Z"), (false, false));
    assert_eq!(fired("2026-02-19T09:00:00Z"), (false, true));
    assert_eq!(fired("2026-02-25T09:00:00Z"), (false, false));
    let late = stage.csp(&["health", ACCOUNT, "--now", "2026-02-19"]).ok();
    assert!(late.contains("was to by 2026-02-18 and has not"), "{late}");
    let answer = stage.csp(&["health", ACCOUNT, "--now", "2026-02-19", "--json"]).ends(0).json();
    assert_eq!(answer["customer_review"]["phase"], "implementation", "{answer}");
    let why = stage.csp(&["why", ACCOUNT, "customer_review_overdue", "--now", "2026-02-20"]).ok();
    assert!(why.contains("read CSP.customer_review_due = 2026-02-18"), "{why}");
}

#[test]
fn a_proposal_asked_for_before_stage_4_waits_for_the_plan() {
    let stage = Stage::drafted();
    let open = stage.csp(&["gate", "proposal", ACCOUNT, "--now", "2026-02-05"]).ok();
    assert!(open.contains("No rule closes it now, but the plan is not complete:"), "{open}");
    let mut event: serde_json::Value =
        serde_json::from_str(&stage.read("events/08-veldhaven-proposal-requested.json")).unwrap();
    event["time"] = "2026-02-05T10:00:00Z".into();
    stage.write("asked.json", event.to_string());
    let told = stage.csp(&["emit", "asked.json", "--now", "2026-02-05T10:00:00Z"]).ok();
    assert!(told.contains("proposal_asked_early"), "{told}");
    let closed = stage.csp(&["gate", "proposal", ACCOUNT, "--now", "2026-02-06"]).ends(3);
    assert!(
        closed.out.contains("rule proposal_asked_early: Block proposal until CSP complete"),
        "{}",
        closed.out
    );
    let why = stage.csp(&["why", ACCOUNT, "proposal_asked_early", "--now", "2026-02-06"]).ok();
    assert!(why.contains("read Account.proposal_requested_on = 2026-02-05"), "{why}");
}

#[test]
fn one_calendar_counts_for_decisions_and_for_sending() {
    let stage = Stage::sample();
    configure(
        &stage,
        "[calendar]\nweekend = [\"friday\", \"saturday\"]\nholidays = [\"2026-02-08\"]\nopens = \"10:00\"\n\
         closes = \"16:00\"\ntime_zone = \"Asia/Dubai\"",
    );
    // Mira names no zone, so that the calendar's is hers; and the first thing to be told comes on a free Friday.
    let team = stage.read("team.yaml").replacen("    time_zone: Europe/Berlin\n", "", 1);
    stage.write("team.yaml", team);
    let rules = stage.read("automation.yaml");
    let weekly = "  weekly:\n    trigger: Weekly on Monday\n    when: CSP.exists\n    action: Look again\n    notification: Look again\n    notify: sa\n";
    stage.write("automation.yaml", format!("{rules}\n{weekly}"));
    stage.csp(&["emit", STARTS, "--now", "2026-02-06"]).ok();
    stage.csp(&["work", "--until-idle", "--now", "2026-02-06T08:00:00Z"]).ok();
    // Deadlines: Friday and Saturday are free, and so is Sunday, a holiday.
    let id = waiting(&stage);
    let shown = stage.csp(&["review", "show", &id, "--now", "2026-02-06T08:00:00Z"]).ok();
    assert!(shown.contains("mira is asked to decide, by 2026-02-11 16:00 Asia/Dubai."), "{shown}");
    // Sending: the same days and hours.
    let held = stage.csp(&["inbox", "--as", "mira", "--held", "--now", "2026-02-06T08:00:00Z"]).ok();
    assert!(held.contains("until 2026-02-09 10:00 Asia/Dubai"), "{held}");
    let early = stage.csp(&["work", "--until-idle", "--now", "2026-02-09T05:59:00Z"]).ok();
    assert!(!early.contains("told by"), "{early}");
    // Rules: their Monday begins when the same office opens.
    let why = stage.csp(&["why", ACCOUNT, "weekly", "--now", "2026-02-06T08:00:00Z"]).ok();
    assert!(why.contains("next comes 2026-02-09 10:00 Asia/Dubai"), "{why}");
    let opened = stage.csp(&["work", "--until-idle", "--now", "2026-02-09T06:00:00Z"]).ok();
    assert!(opened.contains("mira  told by inbox"), "{opened}");
}
