//! Connections that stall, break or are never made, and calls that are called off.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

#[tokio::test]
async fn slow_first_byte_is_a_timeout() {
    let slow = fine().after(Duration::from_secs(10));
    let call = call_with(vec![slow], |settings| settings.limits.first_byte_ms = 200).await;
    let timed_out = Fault::TimedOut { limit: TimeLimit::FirstByte, limit_ms: 200 };
    call.assert_fault(&timed_out, 2);
    assert!(call.took < Duration::from_secs(5));
}

#[tokio::test]
async fn slow_first_byte_beyond_the_total_limit_is_a_timeout() {
    let slow = fine().after(Duration::from_secs(10));
    let call = call_with(vec![slow], |settings| settings.limits.total_ms = 200).await;
    let timed_out = Fault::TimedOut { limit: TimeLimit::Total, limit_ms: 200 };
    call.assert_fault(&timed_out, 1);
    assert!(call.failure().is_transient());
    assert!(call.took < Duration::from_secs(5));
}

#[tokio::test]
async fn silence_mid_body_is_a_timeout() {
    let silent = fine().with_fault(WireFault::SilentAfter(20));
    let call = call_with(vec![silent], |settings| settings.limits.silence_ms = 200).await;
    let timed_out = Fault::TimedOut { limit: TimeLimit::Silence, limit_ms: 200 };
    call.assert_fault(&timed_out, 2);
    assert_eq!(call.failure().attempts[0].status, Some(200));
}

#[tokio::test]
async fn cut_stream_is_a_lost_connection() {
    let call = call(vec![fine().with_fault(WireFault::CutAfter(20))]).await;
    let fault = &call.failure().fault;
    let Fault::ConnectionLost { stage: LossStage::Body, received_bytes: 20, .. } = fault else {
        panic!("{fault:?}");
    };
    assert_eq!(call.requests, 2);
}

#[tokio::test]
async fn cut_stream_that_heals_ends_in_an_answer() {
    let call = call(vec![fine().with_fault(WireFault::CutAfter(0)), fine()]).await;
    assert_eq!(call.reply().attempts.len(), 2);
}

#[tokio::test]
async fn reset_connection_is_lost_before_the_response() {
    let call = call(vec![fine().with_fault(WireFault::Reset)]).await;
    let fault = &call.failure().fault;
    assert!(matches!(fault, Fault::ConnectionLost { stage: LossStage::Request, .. }), "{fault:?}");
    assert_eq!(call.requests, 2);
}

#[tokio::test]
async fn connection_refused_is_tried_again_and_told() {
    let server = ScriptedServer::start(|_| fine()).await.unwrap();
    let base_url = server.base_url();
    server.stop().await;
    let client = ModelClient::new(&settings(&base_url), None).unwrap();
    let failure = client.ask(&question(), &CancellationToken::new()).await.unwrap_err();
    assert!(matches!(failure.fault, Fault::ConnectionLost { stage: LossStage::Connect, .. }), "{failure:?}");
    assert_eq!(failure.attempts.len(), 4);
    assert!(failure.to_string().contains("refused"), "{failure}");
}

#[tokio::test]
async fn cancel_during_the_call_ends_it() {
    let call = cancelled_call(fine().after(Duration::from_secs(10))).await;
    call.assert_fault(&Fault::Cancelled, 1);
}

#[tokio::test]
async fn cancel_during_back_off_ends_it() {
    let busy = error(503, "overloaded").with_header("retry-after", "10");
    let call = cancelled_call(busy).await;
    assert_eq!(call.failure().fault, Fault::Cancelled);
    assert_eq!(call.failure().attempts.len(), 1);
    assert_eq!(call.requests, 1);
}

async fn cancelled_call(answer: ScriptedAnswer) -> Call {
    let server = ScriptedServer::start_with(vec![answer]).await.unwrap();
    let client = ModelClient::new(&settings(&server.base_url()), None).unwrap();
    let cancel = CancellationToken::new();
    let started = Instant::now();
    let request = question();
    let (outcome, ()) = tokio::join!(client.ask(&request, &cancel), async {
        while server.requests().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    });
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    let requests = server.requests().len();
    Call { outcome, requests, took }
}

#[tokio::test]
async fn a_cancelled_call_never_starts() {
    let server = ScriptedServer::start(|_| fine()).await.unwrap();
    let client = ModelClient::new(&settings(&server.base_url()), None).unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    let failure = client.ask(&question(), &cancel).await.unwrap_err();
    assert_eq!(failure.fault, Fault::Cancelled);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_behind_https_is_told_and_not_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = settings(&format!("https://{}/v1", listener.local_addr().unwrap()));
    let client = match ModelClient::new(&settings, None) {
        Ok(client) => client,
        // A machine without root certificates must say so when the client is made, not later.
        Err(error) => return assert!(matches!(error, ClientError::Tls(_)), "{error:?}"),
    };
    let (request, cancel) = (question(), CancellationToken::new());
    let (outcome, ()) = tokio::join!(client.ask(&request, &cancel), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        // What is left unread would turn the answer into a reset.
        stream.read_buf(&mut Vec::with_capacity(4_096)).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let failure = outcome.unwrap_err();
    let fault = &failure.fault;
    assert!(matches!(fault, Fault::ConnectionLost { stage: LossStage::Tls, .. }), "{fault:?}");
    assert_eq!(failure.attempts.len(), 1);
}
