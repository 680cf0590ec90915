//! A model server that answers from a script, over real HTTP on loopback; for tests and benchmarks.
//!
//! Small on purpose: it reads one request after another from a kept connection, asks the script, and
//! writes the answer or the fault. It must not know the client; nothing but bytes passes between
//! them.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use answer::{ScriptedAnswer, WireFault};

mod answer;

/// The largest head of a request that is read.
const MAX_HEAD_BYTES: usize = 64 << 10;

/// The largest body of a request that is read.
const MAX_BODY_BYTES: usize = 64 << 20;

/// How many requests are kept; the oldest go first.
const MAX_CAPTURED: usize = 2_000;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedRequest {
    /// Such as `POST`.
    pub method: String,
    /// Such as `/v1/chat/completions`.
    pub path: String,
    /// In order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// As it came over the wire.
    pub body: Vec<u8>,
}

/// A running server; dropping it stops it.
pub struct ScriptedServer {
    address: SocketAddr,
    captured: Arc<Mutex<VecDeque<Arc<CapturedRequest>>>>,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
}

/// What decides about each answer.
type Script = dyn Fn(&CapturedRequest) -> ScriptedAnswer + Send + Sync;

/// What every connection shares.
#[derive(Clone)]
struct Stage {
    script: Arc<Script>,
    captured: Arc<Mutex<VecDeque<Arc<CapturedRequest>>>>,
    stop: CancellationToken,
}

impl CapturedRequest {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl ScriptedServer {
    /// Starts a server that asks `script` for every answer.
    pub async fn start(
        script: impl Fn(&CapturedRequest) -> ScriptedAnswer + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let stage =
            Stage { script: Arc::new(script), captured: Arc::default(), stop: CancellationToken::new() };
        Ok(Self {
            address,
            captured: Arc::clone(&stage.captured),
            stop: stage.stop.clone(),
            serving: tokio::spawn(accept(listener, stage)),
        })
    }

    /// Starts a server that gives these answers one after the other and then repeats the last.
    pub async fn start_with(answers: Vec<ScriptedAnswer>) -> io::Result<Self> {
        let rest = Mutex::new(VecDeque::from(answers));
        Self::start(move |_| {
            let mut rest = locked(&rest);
            let next = if rest.len() > 1 { rest.pop_front() } else { rest.front().cloned() };
            next.unwrap_or_else(|| ScriptedAnswer::raw(500, "text/plain", "the script is empty"))
        })
        .await
    }

    /// What to put into the settings of a client.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The requests so far, oldest first, as far as they are kept.
    pub fn requests(&self) -> Vec<Arc<CapturedRequest>> {
        locked(&self.captured).iter().cloned().collect()
    }

    /// Stops accepting and answering, and waits until every connection is closed.
    pub async fn stop(mut self) {
        self.stop.cancel();
        // A connection that panicked in the script has already shown it; there is nothing to add.
        let _ = (&mut self.serving).await;
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(listener: TcpListener, stage: Stage) {
    let mut connections = JoinSet::new();
    while let Some(accepted) = stage.stop.run_until_cancelled(listener.accept()).await {
        while connections.try_join_next().is_some() {}
        if let Ok((stream, _)) = accepted {
            connections.spawn(converse(stream, stage.clone()));
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// Serves one connection; an error on it means that the client left, which is its right.
async fn converse(mut stream: TcpStream, stage: Stage) {
    let stop = stage.stop.clone();
    let _ = stop.run_until_cancelled(serve(&mut stream, &stage)).await;
}

async fn serve(stream: &mut TcpStream, stage: &Stage) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(16 << 10);
    while let Some(request) = read_request(stream, &mut buffer).await? {
        let request = Arc::new(request);
        keep(&stage.captured, &request);
        let answer = (stage.script)(&request);
        tokio::time::sleep(answer.delay).await;
        if !play(stream, &answer).await? {
            return Ok(());
        }
    }
    Ok(())
}

fn keep(captured: &Mutex<VecDeque<Arc<CapturedRequest>>>, request: &Arc<CapturedRequest>) {
    let mut captured = locked(captured);
    if captured.len() == MAX_CAPTURED {
        captured.pop_front();
    }
    captured.push_back(Arc::clone(request));
}

/// Writes an answer, or as much of it as its fault lets through; tells whether the connection lives.
async fn play(stream: &mut TcpStream, answer: &ScriptedAnswer) -> io::Result<bool> {
    let bytes = answer.bytes();
    let Some(fault) = answer.fault else {
        stream.write_all(&bytes).await?;
        return Ok(true);
    };
    let head = bytes.len() - answer.body.len();
    let kept = |body_bytes: usize| head + body_bytes.min(answer.body.len());
    match fault {
        WireFault::CutAfter(body_bytes) => {
            stream.write_all(&bytes[..kept(body_bytes)]).await?;
            stream.shutdown().await?;
        }
        WireFault::SilentAfter(body_bytes) => {
            stream.write_all(&bytes[..kept(body_bytes)]).await?;
            // The client's leaving ends the silence; whatever else it sends is not answered.
            while stream.read(&mut [0; 1024]).await? > 0 {}
        }
        WireFault::Reset => stream.set_zero_linger()?,
    }
    Ok(false)
}

/// The next request, or nothing when the client has closed the connection between two.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<CapturedRequest>> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if buffer.len() > MAX_HEAD_BYTES {
            return Err(io::Error::other("head of the request is too large"));
        }
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let mut request = parse_head(&buffer[..head_end])?;
    let length = request.header("content-length").unwrap_or("0").parse::<usize>();
    let length = length.ok().filter(|length| *length <= MAX_BODY_BYTES);
    let end = head_end + length.ok_or_else(|| io::Error::other("unusable content-length"))?;
    while buffer.len() < end {
        if stream.read_buf(buffer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    request.body = buffer[head_end..end].to_vec();
    buffer.drain(..end);
    Ok(Some(request))
}

fn parse_head(head: &[u8]) -> io::Result<CapturedRequest> {
    let text = std::str::from_utf8(head).map_err(io::Error::other)?;
    let mut lines = text.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path)) = (first.next(), first.next()) else {
        return Err(io::Error::other("first line of the request is not HTTP"));
    };
    let headers = lines.filter_map(|line| line.split_once(':'));
    Ok(CapturedRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(),
        body: Vec::new(),
    })
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A script that panicked has failed its test already; the queue behind it is still sound.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
