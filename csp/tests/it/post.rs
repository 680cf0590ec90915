//! A mail server on this machine that takes everything.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// It lives as long as the test's process.
pub struct MailServer {
    pub port: u16,
    told: Receiver<Vec<String>>,
}

impl MailServer {
    /// Takes letters for as long as some come.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = tell.send(talk(stream.unwrap()));
            }
        });
        Self { port, told }
    }

    /// The next letter's lines, waited for.
    pub fn letter(&self) -> Vec<String> {
        self.told.recv_timeout(Duration::from_secs(60)).unwrap()
    }

    /// The letters that came since the last time, by their lines. A letter is told of a moment after its sender
    /// has gone, so one that just came is waited for.
    pub fn letters(&self) -> Vec<Vec<String>> {
        std::iter::from_fn(|| self.told.recv_timeout(Duration::from_millis(300)).ok()).collect()
    }
}

fn talk(mut stream: TcpStream) -> Vec<String> {
    let mut got = Vec::new();
    let reading = BufReader::new(stream.try_clone().unwrap());
    stream.write_all(b"220 here\r\n").unwrap();
    let mut in_letter = false;
    for line in reading.lines() {
        let Ok(line) = line else { break };
        got.push(line.clone());
        let reply = match line.as_str() {
            "." => "250 taken",
            _ if in_letter => continue,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 yes",
        };
        in_letter = line == "DATA";
        if stream.write_all(format!("{reply}\r\n").as_bytes()).is_err() || line == "QUIT" || line == "." {
            break;
        }
    }
    got
}
