//! A relay in the test: keeps every message before it answers, and can hold its answers back.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex},
};

/// The relay. Clones are the same one.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    inner: Arc<(Mutex<Kept>, Condvar)>,
}

#[derive(Default)]
struct Kept {
    messages: Vec<(String, Vec<u8>)>,
    /// From this message on, none is answered.
    hold_after: usize,
}

impl Sink {
    pub fn start() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let kept = Kept { hold_after: usize::MAX, ..Kept::default() };
        let sink = Sink { port: listener.local_addr().unwrap().port(), inner: Arc::new((Mutex::new(kept), Condvar::new())) };
        let relay = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let relay = relay.clone();
                // A line that breaks ends its thread; that is what some tests are about.
                std::thread::spawn(move || relay.serve(stream).ok());
            }
        });
        sink
    }

    /// Answers no message after that many, until [`Sink::release`].
    pub fn hold_after(&self, count: usize) {
        self.inner.0.lock().unwrap().hold_after = count;
    }

    pub fn release(&self) {
        self.hold_after(usize::MAX);
        self.inner.1.notify_all();
    }

    /// Waits until so many messages have arrived, answered or not.
    pub fn wait_for(&self, count: usize) {
        let kept = self.inner.0.lock().unwrap();
        drop(self.inner.1.wait_while(kept, |kept| kept.messages.len() < count).unwrap());
    }

    /// Waits until so many different people have a message.
    pub fn wait_for_people(&self, count: usize) {
        let kept = self.inner.0.lock().unwrap();
        drop(self.inner.1.wait_while(kept, |kept| by_person(&kept.messages).len() < count).unwrap());
    }

    /// The messages of each person, in the order of arrival.
    pub fn by_person(&self) -> HashMap<String, Vec<Vec<u8>>> {
        by_person(&self.inner.0.lock().unwrap().messages)
    }

    fn keep(&self, to: &str, message: Vec<u8>) {
        let mut kept = self.inner.0.lock().unwrap();
        kept.messages.push((to.to_owned(), message));
        let place = kept.messages.len();
        self.inner.1.notify_all();
        drop(self.inner.1.wait_while(kept, |kept| place > kept.hold_after).unwrap());
    }

    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let mut out = stream;
        let mut to = String::new();
        write!(out, "220 sink\r\n")?;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.get(..4).unwrap_or_default() {
                "RCPT" => {
                    to = line.trim().trim_start_matches("RCPT TO:<").trim_end_matches('>').to_owned();
                    write!(out, "250 ok\r\n")?;
                }
                "DATA" => {
                    write!(out, "354 go on\r\n")?;
                    let message = body(&mut lines)?;
                    self.keep(&to, message);
                    write!(out, "250 kept\r\n")?;
                }
                "QUIT" => return write!(out, "221 bye\r\n"),
                _ => write!(out, "250 ok\r\n")?,
            }
        }
    }
}

fn by_person(messages: &[(String, Vec<u8>)]) -> HashMap<String, Vec<Vec<u8>>> {
    let mut people: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    for (to, message) in messages {
        people.entry(to.clone()).or_default().push(message.clone());
    }
    people
}

fn body(lines: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(body);
        }
        body.extend_from_slice(&line);
    }
}
