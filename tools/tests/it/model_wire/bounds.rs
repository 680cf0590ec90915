//! The bound on questions under way at once.

use tokio::task::JoinSet;

use super::*;

#[tokio::test]
async fn no_more_questions_are_under_way_than_allowed() {
    let silent = fine().with_fault(WireFault::SilentAfter(0));
    let server = ScriptedServer::start_with(vec![silent]).await.unwrap();
    let mut settings = settings(&server.base_url());
    settings.concurrency = 3;
    let client = ModelClient::new(&settings, None).unwrap();
    let cancel = CancellationToken::new();
    let mut questions = JoinSet::new();
    for _ in 0..12 {
        let (client, cancel) = (client.clone(), cancel.clone());
        questions.spawn(async move { client.ask(&question(), &cancel).await });
    }
    while server.requests().len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A fourth would come at once; time for it to show is given generously.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.requests().len(), 3);
    cancel.cancel();
    while let Some(outcome) = questions.join_next().await {
        assert_eq!(outcome.unwrap().unwrap_err().fault, Fault::Cancelled);
    }
}

#[tokio::test]
async fn a_permit_comes_back_after_every_outcome() {
    let answers = vec![error(400, "no"), fine().with_fault(WireFault::CutAfter(1)), fine()];
    let server = ScriptedServer::start_with(answers).await.unwrap();
    let mut settings = settings(&server.base_url());
    settings.concurrency = 1;
    let client = ModelClient::new(&settings, None).unwrap();
    let cancel = CancellationToken::new();
    assert!(client.ask(&question(), &cancel).await.is_err());
    assert_eq!(client.ask(&question(), &cancel).await.unwrap().attempts.len(), 2);
    assert_eq!(client.ask(&question(), &cancel).await.unwrap().attempts.len(), 1);
}
