//! What people are told: held back at night, sent in the morning, dealt with, and sent on real connections.

use crate::post::MailServer;
use crate::stage::Stage;

const MORNING: &str = "2026-02-04T09:00:00Z";

#[test]
fn a_draft_at_night_is_told_in_the_morning_and_dealt_with() {
    // It was drafted at midnight.
    let stage = Stage::drafted();
    let held = stage.csp(&["inbox", "--as", "mira", "--held", "--now", "2026-02-04"]).ok();
    assert!(held.contains("until 2026-02-04 09:00 Europe/Berlin: quiet hours"), "{held}");
    assert!(stage.csp(&["inbox", "--as", "mira"]).ok().contains("Nothing in the inbox."));
    let worked = stage.csp(&["work", "--until-idle", "--now", MORNING]).ok();
    assert!(worked.contains("mira  told by inbox: [veldhaven-logistics] review: "), "{worked}");
    let inbox = stage.csp(&["inbox", "--as", "mira", "--json", "--now", MORNING]).json();
    let entries = inbox["inbox"].as_array().unwrap();
    let [entry, others @ ..] = &entries[..] else { panic!("{inbox}") };
    assert_eq!(entry["notice"]["kind"], "review", "what waits for a decision comes first: {inbox}");
    let id = entry["notice"]["id"].as_str().unwrap().to_owned();
    assert_eq!((entry["done"].as_bool(), inbox["held"].as_u64()), (Some(false), Some(0)));
    let again = stage.csp(&["work", "--until-idle", "--now", MORNING]).ok();
    assert!(!again.contains("told by"), "{again}");
    stage.csp(&["inbox", "done", &id[id.len() - 6..], "--as", "mira", "--now", MORNING]).ok();
    for other in others {
        let id = other["notice"]["id"].as_str().unwrap();
        stage.csp(&["inbox", "done", id, "--as", "mira", "--now", MORNING]).ok();
    }
    assert!(stage.csp(&["inbox", "--as", "mira"]).ok().contains("Nothing in the inbox."));
    assert!(stage.csp(&["inbox", "--as", "mira", "--all"]).ok().contains("done  [veldhaven"));
    stage.csp(&["inbox", "done", "ffff", "--as", "mira"]).ends(4);
    stage.csp(&["inbox", "--as", "nobody"]).ends(4);
}

#[test]
fn a_draft_that_was_decided_on_overnight_is_not_told() {
    let stage = Stage::drafted();
    let reviews = stage.csp(&["review", "list", "--json"]).json();
    let review = reviews["reviews"][0]["review"].as_str().unwrap();
    stage.csp(&["review", "accept", review, "--as", "mira", "--now", "2026-02-04T05:00:00Z"]).ok();
    let worked = stage.csp(&["work", "--until-idle", "--now", MORNING]).ok();
    assert!(!worked.contains("review: "), "{worked}");
    assert!(!stage.csp(&["inbox", "--as", "mira", "--all"]).ok().contains("review: "));
}

#[test]
fn a_letter_goes_out_and_a_secret_that_is_not_set_is_named() {
    let stage = Stage::drafted();
    let mail_server = MailServer::start();
    let port = mail_server.port;
    let path = stage.root().join("csp.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let mail = format!(
        "\n[channels.mail]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"plain\"\nfrom = \"csp@tideline.invalid\"\n"
    );
    std::fs::write(&path, format!("{text}{mail}")).unwrap();
    let worked = stage.csp(&["work", "--until-idle", "--now", MORNING]).ok();
    assert!(worked.contains("told by inbox, mail"), "{worked}");
    let letter = mail_server.letter().join("\n");
    for expected in ["RCPT TO:<mira@tideline.invalid>", "Message-ID: <nt-", "csp review show"] {
        assert!(letter.contains(expected), "{expected}: {letter}");
    }
    std::fs::write(&path, format!("{text}{mail}\n[channels.chat]\nurl_env = \"CSP_TEST_NOT_SET\"\n"))
        .unwrap();
    let refused = stage.csp(&["work", "--until-idle", "--now", MORNING]);
    assert!(refused.err.contains("CSP_TEST_NOT_SET, which is not set"), "{}", refused.err);
    refused.ends(5);
    let checked = stage.csp(&["check"]).ok();
    assert!(checked.contains("the chat's address from CSP_TEST_NOT_SET, which is not set here"), "{checked}");
}
