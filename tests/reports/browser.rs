//! A headless Chromium that opens files: asked over the pipe of its debugging protocol, so that a page is looked at as it
//! is, without anything added to it.
//!
//! Start reading at [`Browser::start`].

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::skipping::{AXE, CHROMIUM};

/// No sandbox: it is refused to root, and only pages of the test are opened. Nothing is looked up on a network.
const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    // A page out of the cache of going back tells nobody that it is there.
    "--disable-features=BackForwardCache",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
];

/// The browser reads its third and writes its fourth descriptor; one that hangs is ended.
const START: &str = "exec timeout 300 \"$@\" 3<&0 4>&1 </dev/null >/dev/null";

/// Width of the window, height, and whether a finger moves it.
#[derive(Debug, Clone, Copy)]
pub struct Screen(u32, u32, bool);

pub const DESK: Screen = Screen(1280, 900, false);
/// A desk whose letters are twice as large.
pub const LARGE: Screen = Screen(640, 450, false);
pub const PHONE: Screen = Screen(390, 844, true);

/// An element of each look (colours of the text and of all that lies behind it, size, weight) in which a text stands.
const LOOKS: &str = "{ include: [...new Map([...document.body.querySelectorAll('*')].reverse()
    .filter((one) => [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()))
    .map((one) => {
        const { color, fontSize, fontWeight } = getComputedStyle(one);
        const look = [color, fontSize, fontWeight];
        for (let behind = one; behind; behind = behind.parentElement) look.push(getComputedStyle(behind).backgroundColor);
        return [look.join(), one];
    })).values()] }";

/// What axe-core has against a page: the rule, and the first element that breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: String,
    pub element: String,
}

/// A running browser with one page.
pub struct Browser {
    child: Child,
    // Given up first when the browser is ended.
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    session: Value,
    n_asked: u64,
    /// Pages that have come so far.
    n_loaded: u64,
    /// The name of the file that came last, and whether all of it is there.
    downloaded: (String, bool),
    axe: String,
    profile: TempDir,
}

impl Browser {
    /// Starts the browser that the environment names, with an empty profile.
    ///
    /// # Panics
    /// When it does not start, or axe-core cannot be read.
    #[must_use]
    pub fn start() -> Self {
        let named = |variable| PathBuf::from(std::env::var_os(variable).expect("it was asked for"));
        let axe = std::fs::read_to_string(named(AXE)).expect("axe-core can be read");
        let profile = tempfile::tempdir().expect("a folder");
        let told = File::create(profile.path().join("told")).expect("the folder can be written");
        let mut command = Command::new("sh");
        command.args(["-c", START, "sh"]).arg(named(CHROMIUM)).args(FLAGS);
        command.arg(format!("--user-data-dir={}", profile.path().join("profile").display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(told);
        let mut child = command.spawn().expect("a shell can be started");
        let requests = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("it was asked for"));
        let mut browser = Self {
            child,
            requests,
            answers,
            session: Value::Null,
            n_asked: 0,
            n_loaded: 0,
            downloaded: Default::default(),
            axe,
            profile,
        };
        browser.take_page();
        browser
    }

    fn take_page(&mut self) {
        let page = self.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let asked = json!({"targetId": page["targetId"], "flatten": true});
        self.session = self.ask("Target.attachToTarget", &asked)["sessionId"].take();
        self.ask("Page.enable", &json!({}));
    }

    /// Shows the page on another screen.
    #[track_caller]
    pub fn show_on(&mut self, Screen(width, height, mobile): Screen) {
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.ask("Emulation.setDeviceMetricsOverride", &screen);
    }

    /// Opens a file and waits until it is there.
    #[track_caller]
    pub fn open(&mut self, file: &Path) {
        self.visit(&format!("file://{}", file.display()));
    }

    /// Opens an address and waits until the page is there.
    #[track_caller]
    pub fn visit(&mut self, address: &str) {
        let before = self.n_loaded;
        let answer = self.ask("Page.navigate", &json!({"url": address}));
        assert_eq!(answer["errorText"], Value::Null, "{address}");
        self.wait_for_page_after(before);
    }

    /// Presses Enter on what has the focus, a link, a button or a field, and waits until the page is there that it leads to.
    #[track_caller]
    pub fn enter(&mut self) {
        let before = self.n_loaded;
        self.press_enter();
        self.wait_for_page_after(before);
    }

    fn press_enter(&mut self) {
        let key = json!({"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"});
        for kind in ["keyDown", "keyUp"] {
            let mut event = key.clone();
            event["type"] = kind.into();
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }

    /// Presses Enter on a link to a file that is kept, and waits until all of it is there: its name and its bytes.
    #[track_caller]
    pub fn download(&mut self) -> (String, Vec<u8>) {
        let folder = self.profile.path().join("downloads");
        let page = self.session.take();
        let allowed = json!({"behavior": "allow", "downloadPath": folder, "eventsEnabled": true});
        self.ask("Browser.setDownloadBehavior", &allowed);
        self.session = page;
        self.downloaded = Default::default();
        self.press_enter();
        while !self.downloaded.1 {
            self.next_message();
        }
        let name = self.downloaded.0.clone();
        let bytes = std::fs::read(folder.join(&name)).expect("the file is there");
        (name, bytes)
    }

    /// The page as it comes out of a printer, as a PDF.
    #[track_caller]
    pub fn print(&mut self) -> Vec<u8> {
        let printed = self.ask("Page.printToPDF", &json!({}));
        STANDARD.decode(printed["data"].as_str().expect("a PDF as text")).expect("it is base64")
    }

    /// Goes back to the page before and waits until it is there.
    #[track_caller]
    pub fn back(&mut self) {
        let before = self.n_loaded;
        let history = self.ask("Page.getNavigationHistory", &json!({}));
        let at = usize::try_from(history["currentIndex"].as_u64().expect("an index")).expect("not that many");
        let entry = history["entries"][at - 1]["id"].clone();
        self.ask("Page.navigateToHistoryEntry", &json!({"entryId": entry}));
        self.wait_for_page_after(before);
    }

    fn wait_for_page_after(&mut self, n_loaded: u64) {
        while self.n_loaded == n_loaded {
            self.next_message();
        }
        // A field that asks for the focus gets it with the first picture of the page, which a busy machine paints later.
        const WAITS: &str =
            "document.querySelector('[autofocus]') !== null && document.activeElement === document.body";
        for _ in 0..200 {
            if self.evaluate(WAITS) != Value::Bool(true) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(25));
        }
    }

    /// Lets pages run no script of their own from now on. Expressions are evaluated all the same, but for axe-core.
    #[track_caller]
    pub fn switch_scripts_off(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
    }

    /// Lets them run scripts again; a page that is there has run none.
    #[track_caller]
    pub fn switch_scripts_on(&mut self) {
        self.ask("Emulation.setScriptExecutionDisabled", &json!({"value": false}));
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn write(&mut self, text: &str) {
        self.ask("Input.insertText", &json!({"text": text}));
    }

    /// Chooses a file in a field for files: the window in which people do is none of the page.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, file: &Path) {
        let document = self.ask("DOM.getDocument", &json!({}));
        let found = self.ask("DOM.querySelector", &json!({"nodeId": document["root"]["nodeId"], "selector": selector}));
        self.ask("DOM.setFileInputFiles", &json!({"files": [file], "nodeId": found["nodeId"]}));
    }

    /// Goes on with the tabulator until an element that matches a selector has the focus.
    ///
    /// # Panics
    /// When none is reached.
    #[track_caller]
    pub fn tab_to(&mut self, selector: &str) {
        for _ in 0..200 {
            self.press("Tab", 9);
            if self.evaluate(&format!("document.activeElement.matches({selector:?})")) == true {
                return;
            }
        }
        panic!("no key leads to {selector}");
    }

    /// Keeps a picture of the whole page.
    #[track_caller]
    pub fn picture(&mut self, file: &Path) {
        let picture = self.ask("Page.captureScreenshot", &json!({"captureBeyondViewport": true}));
        let data = STANDARD.decode(picture["data"].as_str().expect("a picture as text")).expect("it is base64");
        std::fs::write(file, data).expect("the folder can be written");
    }

    /// The value of an expression in the page; of a promise, what it comes to.
    #[track_caller]
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let mut answer = self.ask("Runtime.evaluate", &asked);
        assert_eq!(answer["exceptionDetails"], Value::Null, "{answer}");
        answer["result"]["value"].take()
    }

    /// Presses a key, named as in the events of pages, with its code on Windows.
    #[track_caller]
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.ask("Input.dispatchKeyEvent", &event);
        }
    }

    /// Everything that axe-core finds in the page. What it cannot judge counts as found, but for contrast: that of a cell
    /// that reaches under the next row stays undecided.
    ///
    /// Contrast takes longer than all other rules together, so of elements that look alike one is judged.
    #[track_caller]
    pub fn findings(&mut self) -> Vec<Finding> {
        let mut findings = self.run_axe("document", &json!({"rules": {"color-contrast": {"enabled": false}}}));
        findings.extend(self.run_axe(LOOKS, &json!({"runOnly": ["color-contrast"]})));
        findings
    }

    /// What axe-core finds by the rules that depend on the size of the screen.
    #[track_caller]
    pub fn findings_of_screen(&mut self) -> Vec<Finding> {
        self.run_axe("document", &json!({"runOnly": ["scrollable-region-focusable", "target-size"]}))
    }

    #[track_caller]
    fn run_axe(&mut self, context: &str, options: &Value) -> Vec<Finding> {
        // Its script is given to a page once.
        if self.evaluate("typeof axe") == "undefined" {
            let axe = std::mem::take(&mut self.axe);
            self.evaluate(&format!("{axe}; null"));
            self.axe = axe;
        }
        let found = self.evaluate(&format!(
            "axe.run({context}, {{ preload: false, ...{options} }}).then((said) => {{
                const unsure = said.incomplete.filter((rule) => rule.id !== 'color-contrast');
                return said.violations.concat(unsure).map((rule) => [rule.id, rule.nodes[0].html]);
            }})"
        ));
        let found: Vec<(String, String)> = serde_json::from_value(found).expect("pairs of texts");
        found.into_iter().map(|(rule, element)| Finding { rule, element }).collect()
    }

    #[track_caller]
    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.n_asked += 1;
        let mut request = json!({"id": self.n_asked, "method": method, "params": parameters});
        if self.session != Value::Null {
            request["sessionId"] = self.session.clone();
        }
        let requests = self.requests.as_mut().expect("the browser has not been ended");
        // What it says when it cannot take the request is told by the answer that does not come.
        let _ = requests.write_all(format!("{request}\0").as_bytes());
        loop {
            let mut message = self.next_message();
            if message["id"] == self.n_asked {
                assert_eq!(message["error"], Value::Null, "{method}");
                return message["result"].take();
            }
        }
    }

    #[track_caller]
    fn next_message(&mut self) -> Value {
        let mut message = Vec::new();
        self.answers.read_until(0, &mut message).expect("the pipe can be read");
        let Some((0, message)) = message.split_last() else {
            let told = std::fs::read_to_string(self.profile.path().join("told")).unwrap_or_default();
            panic!("the browser has ended: {told}");
        };
        let message: Value = serde_json::from_slice(message).expect("the browser answers in JSON");
        match message["method"].as_str() {
            Some("Page.loadEventFired") => self.n_loaded += 1,
            Some("Browser.downloadWillBegin") => {
                let name = message["params"]["suggestedFilename"].as_str().expect("a file has a name");
                self.downloaded = (name.to_string(), false);
            }
            Some("Browser.downloadProgress") => self.downloaded.1 |= message["params"]["state"] == "completed",
            _ => {}
        }
        message
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when nobody can ask it any more; its profile is removed afterwards.
        self.requests = None;
        let _ = self.child.wait();
    }
}
