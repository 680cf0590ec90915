//! Real material: each published case study is an account of its own. One event drafts sections 1 to 3, and
//! every quote in every plan stands in its source, by a check that shares no code with the runtime's.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use infohub::evidence::Evidence;
use infohub::ids::AccountSlug;
use infohub::plan::{Plan, SectionKey};
use orchestrator::drafting::{Draftsman, Hand};
use orchestrator::step::Input;
use orchestrator::work::{Clock, Told, Work, work};
use tokio_util::sync::CancellationToken;
use tools::crm;
use tools::material::Readers;

use crate::office::{self, now};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_quote_in_every_plan_stands_in_its_source() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/material/case-studies");
    if !source.is_dir() {
        println!("SKIPPED: no case studies at {}", source.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let accounts = shelve(&source, folder.path());
    let orchestrator = Arc::new(office::open(folder.path()));
    for (slug, _) in &accounts {
        orchestrator.take(slug, &Input::Event(Box::new(stage_2(slug))), now()).unwrap();
    }
    let clock: Clock = Arc::new(now);
    let how = Work {
        concurrency: 2,
        until_idle: true,
        pause: std::time::Duration::from_millis(20),
        clock,
        dispatcher: None,
    };
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let draftsman = Arc::new(Draftsman::new(Hand::Extractive, Readers::default()));
    let summary = work(Arc::clone(&orchestrator), draftsman, how, CancellationToken::new(), tell).await;
    told.close();
    while let Some(told) = told.recv().await {
        if let Told::Blocked { account, why } = told {
            panic!("{account}: {why}");
        }
    }
    assert_eq!((summary.tasks, summary.blocked), (accounts.len(), 0));

    let (mut quotes, mut items, mut questions, mut filled) = (0, 0, 0, [0; 3]);
    for (slug, page) in &accounts {
        let plan = orchestrator.load(slug).unwrap().plan.expect("each account has a plan").plan;
        quotes += check_quotes(slug, &plan, page);
        items += plan.items().count();
        questions += plan.questions.len();
        for (count, key) in filled.iter_mut().zip(SectionKey::ALL) {
            *count += usize::from(plan.items().any(|(section, _, _)| section == key));
        }
        assert!(orchestrator.hub().verify(slug).unwrap().is_empty());
    }
    println!(
        "{} case studies: {items} items with {quotes} quotes, all in their sources; {questions} questions; plans with section 1, 2, 3 begun: {filled:?}",
        accounts.len()
    );
    assert!(
        filled.iter().all(|count| count * 2 > accounts.len()),
        "most plans have something in each section: {filled:?}"
    );
}

/// Puts each case study into an account's materials; gives the accounts and their pages.
fn shelve(source: &Path, root: &Path) -> Vec<(AccountSlug, String)> {
    let mut pages: Vec<PathBuf> =
        std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    pages
        .into_iter()
        .filter(|folder| folder.join("index.html").is_file())
        .map(|folder| {
            let page = std::fs::read_to_string(folder.join("index.html")).unwrap();
            let name = crm::slug(folder.file_name().unwrap().to_str().unwrap()).unwrap();
            let target = root.join(format!("infohub/{name}/materials/discovery"));
            std::fs::create_dir_all(&target).unwrap();
            std::fs::write(target.join("case-study.html"), &page).unwrap();
            (AccountSlug::new(name).unwrap(), page)
        })
        .collect()
}

fn stage_2(slug: &AccountSlug) -> infohub::event::Event {
    let json = format!(
        r#"{{"specversion":"1.0","id":"e-1","source":"crm","type":"opportunity.changed","subject":"{slug}","time":"2026-01-15T10:00:00Z","data":{{"opportunity":{{"id":"006-{slug}","stage":"Stage 2","arr":250000,"currency":"USD"}}}}}}"#
    );
    infohub::event::Event::parse(&json).unwrap()
}

/// Every quote, with nothing but letters and digits left, stands in the page with its tags taken out.
fn check_quotes(slug: &AccountSlug, plan: &Plan, page: &str) -> usize {
    let page = bare(&untagged(page));
    let mut quotes = 0;
    for (section, list, item) in plan.items() {
        assert!(!item.evidence().is_empty(), "{slug} {section}.{list} {} cites nothing", item.id());
        for evidence in item.evidence() {
            let Evidence::Quote { source, lines, quote } = evidence else { continue };
            assert_eq!(source, "materials/discovery/case-study.html");
            assert!(lines.is_some(), "{slug}: {quote}");
            assert!(page.contains(&bare(quote)), "{slug} {section}.{list}: not in the source: {quote}");
            quotes += 1;
        }
    }
    quotes
}

/// The text between tags and shortcodes, entities decoded as far as these pages use them.
fn untagged(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = rest[at..].split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    for (entity, character) in
        [("&nbsp;", " "), ("&amp;", "&"), ("&quot;", "\""), ("&#39;", "'"), ("&rsquo;", "’")]
    {
        text = text.replace(entity, character);
    }
    text
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
