//! The program that shows pages, and a browser that keeps one cookie.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::cli::program::{NOW, Office};
use crate::cli::samples::Sample;
use crate::store::home::Home;

/// Longer than everything here takes where the machine has other work.
const PATIENCE: Duration = Duration::from_secs(60);

pub const PASSWORD: &str = "asagao no hana ga saku";
pub const SECOND: &str = "fuji no yama ni yuki";

/// Where pages are shown, at a free port, with further settings. Nobody must have a second factor unless these say so: it has tests
/// of its own.
pub fn settings(more: &str) -> String {
    let factor = if more.contains("second_factor") { "" } else { "second_factor = \"none\"\n" };
    format!("[web]\naddress = \"127.0.0.1:0\"\n{factor}{more}")
}

/// An office with bodies and members of one day.
pub fn office(home: Home, more: &str) -> Office {
    let office = Office::on(home);
    std::fs::create_dir_all(office.data()).expect("a folder can be made");
    office.save("kaiin-data/kaiin.toml", settings(more));
    office.import(&Sample::cases().files[0].display().to_string());
    office
}

/// Adds an account with a password of its own choice, as after the first login.
pub fn add(office: &Office, login: &str, rights: &str) {
    let first = first(office, login, rights);
    let site = Site::start(office);
    let mut browser = site.browser();
    assert_eq!(browser.log_in(login, &first).status, 303);
    let reply = browser.change_password(&first, PASSWORD);
    assert_eq!(reply.status, 303, "{}", reply.body);
}

/// Adds an account; its first password.
pub fn first(office: &Office, login: &str, rights: &str) -> String {
    let added = office.json(&format!("account add {login} {rights}"));
    added["password"].as_str().expect("it is drawn").to_string()
}

/// A program that shows pages; ended when dropped.
pub struct Site {
    child: Child,
    pub address: SocketAddr,
    told: Arc<Mutex<String>>,
}

impl Site {
    pub fn start(office: &Office) -> Self {
        Self::start_at(office, NOW)
    }

    /// At another time.
    pub fn start_at(office: &Office, now: &str) -> Self {
        Self::of("web", office, now)
    }

    /// The program that also keeps the clock.
    pub fn serving(office: &Office) -> Self {
        Self::of("serve", office, NOW)
    }

    fn of(command: &str, office: &Office, now: &str) -> Self {
        let mut program = office.program();
        program.arg(command).env("KAIIN_NOW", now).env("KAIIN_LOG", "trace");
        let mut child =
            program.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program can be started");
        let mut lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
        let told = Arc::new(Mutex::new(String::new()));
        let mut all = String::new();
        let address = lines.by_ref().map(|line| line.expect("a line")).find_map(|line| {
            all.push_str(&line);
            let (_, rest) = line.split_once("http://")?;
            rest.trim_end_matches('/').parse().ok()
        });
        let kept = Arc::clone(&told);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut told = kept.lock().expect("no test panics in here");
                told.push_str(&line);
                told.push('\n');
            }
        });
        Self { child, address: address.unwrap_or_else(|| panic!("no address: {all}")), told }
    }

    pub fn browser(&self) -> Browser {
        Browser { address: self.address, cookie: String::new(), headers: Vec::new() }
    }

    /// Somebody who is logged in with [`PASSWORD`].
    #[track_caller]
    pub fn entered(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let reply = browser.log_in(login, PASSWORD);
        assert_eq!(reply.status, 303, "{}", reply.body);
        browser
    }

    /// Ends it as a service manager does; its exit code.
    pub fn terminate(&mut self) -> Option<i32> {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill can be started").success());
        self.child.wait().expect("the child was started here").code()
    }

    /// All that it has logged so far.
    pub fn log(&self) -> String {
        self.told.lock().expect("no test panics in there").clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // One that has ended cannot be killed any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug, Clone)]
pub struct Browser {
    pub address: SocketAddr,
    pub cookie: String,
    /// Lines that every request has beside the usual ones.
    pub headers: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// Values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        let all = self.all(name);
        assert_eq!(all.len(), 1, "{name}: {}", self.head);
        all[0]
    }

    /// The hidden field of the session.
    #[track_caller]
    pub fn csrf(&self) -> String {
        let (_, rest) = self.body.split_once("name=\"csrf\" value=\"").expect("a form of the session");
        rest.split('"').next().expect("a value").to_string()
    }
}

impl Browser {
    pub fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, None)
    }

    /// The bytes of a file.
    #[track_caller]
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        let Self { address, cookie, .. } = self;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n");
        let (status, head, bytes) = talk_bytes(*address, head.as_bytes());
        assert_eq!(status, 200, "{head}");
        bytes
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send("POST", path, Some(&pairs.join("&")))
    }

    pub fn log_in(&mut self, login: &str, password: &str) -> Reply {
        self.post("/login", &[("login", login), ("password", password), ("next", "/")])
    }

    pub fn change_password(&mut self, present: &str, new: &str) -> Reply {
        let csrf = self.get("/password").csrf();
        self.post("/password", &[("csrf", &csrf), ("present", present), ("new", new), ("again", new)])
    }

    pub fn send(&mut self, method: &str, path: &str, form: Option<&str>) -> Reply {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        if !self.cookie.is_empty() {
            head.push_str(&format!("Cookie: {}\r\n", self.cookie));
        }
        self.headers.iter().for_each(|line| head.push_str(&format!("{line}\r\n")));
        let body = form.map_or(String::new(), |form| {
            let length = form.len();
            head.push_str(&format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n"));
            form.to_string()
        });
        let reply = talk(self.address, format!("{head}\r\n{body}").as_bytes());
        for line in reply.all("set-cookie") {
            self.keep(line);
        }
        reply
    }

    /// Keeps a cookie in place of the one of its name, or forgets it.
    fn keep(&mut self, line: &str) {
        let pair = line.split(';').next().expect("never empty");
        let name = pair.split('=').next().expect("never empty");
        let kept = self.cookie.split("; ").filter(|other| !other.is_empty() && other.split('=').next() != Some(name));
        let new = (!line.contains("Max-Age=0")).then_some(pair);
        self.cookie = kept.chain(new).collect::<Vec<_>>().join("; ");
    }
}

/// Sends bytes and reads the whole answer, which is a text.
pub fn talk(address: SocketAddr, request: &[u8]) -> Reply {
    let (status, head, body) = talk_bytes(address, request);
    Reply { status, head, body: String::from_utf8(body).expect("an answer in UTF-8") }
}

/// Sends bytes and reads the whole answer: status, head, and what follows. A server may answer, and close, before it has read
/// everything.
pub fn talk_bytes(address: SocketAddr, request: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time is one");
    // It may have been closed at the other end meanwhile; what was answered before is still there.
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let mut piece = [0; 16_384];
    while let Ok(n) = stream.read(&mut piece) {
        if n == 0 {
            break;
        }
        bytes.extend_from_slice(&piece[..n]);
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(&bytes)));
    let body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).expect("a head in UTF-8");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.trim_end().into(), body)
}

pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
