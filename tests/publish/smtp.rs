//! A mail server of the tests, which does as it is told: it may break off, be silent or say no at any point of any connection.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;

/// When something else than usual happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Greeting,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// When the first bytes of a mail have come.
    Content,
    /// When all of it has come.
    Dot,
}

/// What happens then.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// The connection is closed without an answer.
    Close,
    /// Nothing is said any more until the other side goes.
    Silence,
    /// This is said in place of the usual answer.
    Say(&'static str),
}

/// A mail that came whole, down to the dot.
#[derive(Debug, Clone)]
pub struct Letter {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
    /// Whether the server said no to it after it had it whole.
    pub is_refused: bool,
}

#[derive(Default)]
struct Book {
    script: BTreeMap<usize, (Point, Act)>,
    n_connections: usize,
    letters: Vec<Letter>,
    logins: Vec<String>,
}

/// How the server speaks TLS: it turns a connection into one.
pub type Tls = Arc<dyn Fn(TcpStream) -> Box<dyn Talk> + Send + Sync>;

/// Something that can be read and written.
pub trait Talk: Read + Write + Send {}
impl<T: Read + Write + Send> Talk for T {}

/// What a server offers.
#[derive(Clone, Default)]
pub struct Offers {
    /// Whether it asks for a login.
    pub auth: bool,
    /// TLS from the first byte.
    pub tls: Option<Tls>,
    /// TLS when it is asked for it.
    pub start_tls: Option<Tls>,
}

pub struct Server {
    pub port: u16,
    book: Arc<Mutex<Book>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server that takes every mail.
    pub fn start() -> Self {
        Self::offering(Offers::default())
    }

    /// A server whose connections of some numbers, from 1, go otherwise.
    pub fn with(script: impl IntoIterator<Item = (usize, Point, Act)>) -> Self {
        let server = Self::start();
        server.script(script);
        server
    }

    pub fn offering(offers: Offers) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let (book, is_over) = (Arc::<Mutex<Book>>::default(), Arc::new(AtomicBool::new(false)));
        let (of_thread, over) = (book.clone(), is_over.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), book, offers) = (stream, of_thread.clone(), offers.clone()) else { continue };
                // Whoever hangs must not keep the others waiting.
                std::thread::spawn(move || drop(serve(stream, &book, &offers)));
            }
        });
        Self { port, book, is_over, thread: Some(thread) }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().expect("nobody panics while it is held")
    }

    /// What connections, counted from now on from 1, do otherwise.
    pub fn script(&self, script: impl IntoIterator<Item = (usize, Point, Act)>) {
        let mut book = self.book();
        let n = book.n_connections;
        book.script = script.into_iter().map(|(nth, point, act)| (n + nth, (point, act))).collect();
    }

    pub fn n_connections(&self) -> usize {
        self.book().n_connections
    }

    /// The mails that came whole.
    pub fn letters(&self) -> Vec<Letter> {
        self.book().letters.clone()
    }

    /// How many mails to an address came whole and were not refused: those that its owner may see.
    pub fn n_taken(&self, address: &str) -> usize {
        self.letters().iter().filter(|one| !one.is_refused && one.to == [address]).count()
    }

    /// What was said to log in.
    pub fn logins(&self) -> Vec<String> {
        self.book().logins.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Why a connection goes no further.
struct Over;

impl From<std::io::Error> for Over {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

struct Connection<'s> {
    talk: BufReader<Box<dyn Talk>>,
    act: Option<(Point, Act)>,
    book: &'s Mutex<Book>,
}

fn serve(stream: TcpStream, book: &Mutex<Book>, offers: &Offers) -> Result<(), Over> {
    let act = {
        let mut book = book.lock().expect("nobody panics while it is held");
        book.n_connections += 1;
        let nth = book.n_connections;
        book.script.get(&nth).copied()
    };
    let raw = stream.try_clone()?;
    let talk: Box<dyn Talk> = match &offers.tls {
        Some(tls) => tls(stream),
        None => Box::new(stream),
    };
    let mut one = Connection { talk: BufReader::new(talk), act, book };
    one.answer(Point::Greeting, "220 test server")?;
    let mut start_tls = offers.start_tls.clone();
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let line = one.line()?;
        let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match word.as_str() {
            "EHLO" => {
                let auth = if offers.auth && start_tls.is_none() { "250-AUTH PLAIN LOGIN\r\n" } else { "" };
                let tls = if start_tls.is_some() { "250-STARTTLS\r\n" } else { "" };
                one.answer(Point::Ehlo, &format!("250-test\r\n{auth}{tls}250 SIZE 50000000"))?;
            }
            "STARTTLS" => {
                let Some(tls) = start_tls.take() else { return Ok(()) };
                one.say("220 go ahead")?;
                one.talk = BufReader::new(tls(raw.try_clone()?));
            }
            "AUTH" => {
                one.book.lock().expect("it is whole").logins.push(line.clone());
                one.answer(Point::Auth, "235 welcome")?;
            }
            "MAIL" => {
                from = address(&line);
                to.clear();
                one.answer(Point::Mail, "250 sender ok")?;
            }
            "RCPT" => {
                to.push(address(&line));
                one.answer(Point::Rcpt, "250 recipient ok")?;
            }
            "DATA" => {
                one.answer(Point::Data, "354 go on")?;
                one.content(&from, &to)?;
            }
            "QUIT" => {
                one.say("221 bye")?;
                return Ok(());
            }
            _ => one.say("500 what?")?,
        }
    }
}

impl Connection<'_> {
    fn line(&mut self) -> Result<String, Over> {
        let mut line = String::new();
        if self.talk.read_line(&mut line)? == 0 {
            return Err(Over);
        }
        Ok(line.trim_end().to_string())
    }

    fn say(&mut self, text: &str) -> Result<(), Over> {
        self.talk.get_mut().write_all(format!("{text}\r\n").as_bytes())?;
        Ok(self.talk.get_mut().flush()?)
    }

    /// The usual answer, or what is to happen here.
    fn answer(&mut self, point: Point, usual: &str) -> Result<(), Over> {
        match self.act {
            Some((at, act)) if at == point => self.act(act),
            _ => self.say(usual),
        }
    }

    fn act(&mut self, act: Act) -> Result<(), Over> {
        match act {
            Act::Close => Err(Over),
            Act::Say(text) => self.say(text),
            Act::Silence => {
                let _ = self.talk.read_to_end(&mut Vec::new());
                Err(Over)
            }
        }
    }

    /// A mail to its dot.
    fn content(&mut self, from: &str, to: &[String]) -> Result<(), Over> {
        if let Some((Point::Content, act)) = self.act {
            self.talk.fill_buf()?;
            return self.act(act);
        }
        let mut bytes = Vec::new();
        loop {
            let mut line = Vec::new();
            if self.talk.read_until(b'\n', &mut line)? == 0 {
                return Err(Over);
            }
            if line == b".\r\n" {
                break;
            }
            bytes.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let is_refused = matches!(self.act, Some((Point::Dot, Act::Say(text))) if text.starts_with(['4', '5']));
        let letter = Letter { from: from.into(), to: to.to_vec(), bytes, is_refused };
        self.book.lock().expect("it is whole").letters.push(letter);
        self.answer(Point::Dot, "250 2.0.0 queued as TEST-1")
    }
}

/// What stands between the angle brackets.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_string()
}
