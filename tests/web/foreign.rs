//! Nobody is shown what is not theirs: random accounts open random addresses over HTTP, and in no answer stands a body or a person
//! of others. What belongs to whom is read from the exports themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::site::{Browser, PASSWORD, Reply, Site, first, settings};
use crate::asked::chance::{Chance, times};
use crate::cli::samples::Sample;

/// Accounts: login, rights, and whose numbers and whose persons they may see, as beginnings of codes.
const ACCOUNTS: [(&str, &str, &[&str], &[&str]); 9] = [
    ("zenbu", "--role reader --everywhere --persons", &[""], &[""]),
    ("ken11", "--role reader --prefecture 11 --persons", &["11-"], &["11-", "P11"]),
    ("suuji11", "--role approver --prefecture 11", &["11-"], &[]),
    ("gun13", "--role maker --prefecture 13 --tiers local --persons", &["13-"], &["13-"]),
    ("hitotsu", "--role reader --association 11-030 --persons", &["11-030"], &["11-030"]),
    ("suuji", "--role reader --association 13-002", &["13-002"], &[]),
    ("kari", "--role reader --association 26-001 --persons", &["26-001", "11-"], &["26-001"]),
    ("karimei", "--role maker --association 26-001 --persons", &["26-001", "13-002"], &["26-001", "13-002"]),
    ("kanri", "--role administrator --association 13-001", &["13-001"], &[]),
];

/// What the exports say.
struct World {
    /// Code and name of each local body.
    bodies: Vec<(String, String)>,
    /// Bodies of each number (医籍登録番号).
    persons: BTreeMap<String, BTreeSet<String>>,
    numbers: Vec<String>,
}

impl World {
    fn of(sample: &Sample) -> Self {
        let all = lines(&sample.files[0], ["医師会コード", "名称"]);
        let code_of = |name: &str| all.iter().find(|[_, other]| other == name).map(|[code, _]| code.clone());
        let mut persons: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for file in &sample.files[1..] {
            for [number, code, above] in lines(file, ["医籍登録番号", "郡市区等医師会コード", "都道府県医師会名"])
            {
                // Exports write a number with and without what stands before it.
                let number = number.trim_start_matches('0').to_string();
                persons.entry(number).or_default().extend([Some(code), code_of(&above)].into_iter().flatten());
            }
        }
        let bodies = all.into_iter().filter(|[code, _]| code.contains('-')).map(Into::into).collect();
        // Shorter ones are found among days and counts.
        persons.retain(|number, _| number.len() > 4);
        let numbers = persons.keys().cloned().collect();
        Self { bodies, persons, numbers }
    }

    /// What of others stands in a text, but for what was asked.
    fn foreign(&self, text: &str, asked: &str, (numbers, persons): (&[&str], &[&str])) -> Option<String> {
        let is_of = |area: &[&str], code: &str| area.iter().any(|beginning| code.starts_with(beginning));
        let body = self.bodies.iter().filter(|(code, _)| !is_of(numbers, code) && !asked.contains(code));
        let mut told = body.filter(|(code, name)| text.contains(code) || text.contains(name));
        if let Some((code, name)) = told.next() {
            return Some(format!("{code} {name}"));
        }
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !asked.contains(word));
        let whose = words.filter_map(|word| self.persons.get_key_value(word));
        let mut others = whose.filter(|(_, bodies)| !bodies.iter().any(|code| is_of(persons, code)));
        others.next().map(|(number, bodies)| format!("{number} of {bodies:?}"))
    }
}

/// Some columns of a file.
fn lines<const N: usize>(path: &Path, columns: [&str; N]) -> Vec<[String; N]> {
    let text = std::fs::read_to_string(path).expect("the sample can be read");
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heads = lines.next().expect("a heading");
    let at = columns.map(|name| heads.iter().position(|head| *head == name).expect("the column is there"));
    lines.map(|cells| at.map(|place| cells[place].to_string())).collect()
}

/// An address, and what is sent to it.
struct Asked {
    path: String,
    form: Option<String>,
}

fn drawn(chance: &mut Chance, world: &World) -> Asked {
    let (code, _) = chance.one_of(&world.bodies).clone();
    let number = chance.one_of(&world.numbers).clone();
    let known = ["", "&known=2025-10-31", "&known=2025-12-31"];
    let known = *chance.one_of(&known);
    let key = chance.below(world.numbers.len() + 20);
    let get = |path: String| Asked { path, form: None };
    match chance.below(12) {
        0 => get(format!("/person?key={key}{known}")),
        1 => get(format!("/persons?keys={key}.{}.{}&of=3", key + 1, key + 7)),
        2 => Asked { path: "/person".into(), form: Some(number) },
        3 => {
            let others = ["/", "/account", "/opened", "/received", "/papers", "/distributions", "/files", "/meetings"];
            get((*chance.one_of(&others)).into())
        }
        4 => {
            let file = ["/papers/file?paper=", "/received/file?paper=", "/distributions/file?number=1&paper="];
            get(format!("{}{number:0>40}&file=1", chance.one_of(&file)))
        }
        _ => {
            let path = *chance.one_of(&["/question", "/question", "/question.csv"]);
            let mut query = format!("{path}?on={}{known}", chance.day("2025-08-01", 200));
            if chance.is(60) {
                query.push_str(&format!("&body={code}"));
            }
            if chance.is(20) {
                query.push_str(&format!("&body={}", chance.one_of(&world.bodies).0));
            }
            if chance.is(30) {
                query.push_str(&format!("&prefecture={}", chance.one_of(&["11", "13", "26"])));
            }
            if chance.is(20) {
                query.push_str(&format!("&tier={}", chance.one_of(&["local", "prefectural", "national", "x"])));
            }
            if chance.is(30) {
                let by = ["association", "prefecture", "class", "sex", "association,class", "kind"];
                query.push_str(&format!("&by={}", chance.one_of(&by)));
            }
            if chance.is(15) {
                query.push_str(&format!("&page={}", chance.below(4)));
            }
            get(query)
        }
    }
}

fn send(browser: &mut Browser, asked: &Asked) -> Reply {
    match &asked.form {
        None => browser.get(&asked.path),
        Some(text) => {
            let csrf = browser.get("/account").csrf();
            browser.post(&asked.path, &[("csrf", &csrf), ("text", text)])
        }
    }
}

#[test]
fn no_answer_holds_a_body_or_a_person_of_others() {
    let sample = Sample::three_prefectures();
    let (office, _) = sample.taken_in();
    office.save("kaiin-data/kaiin.toml", settings("logins_per_account = 100\nlogins_per_address = 1000\n"));
    let firsts = ACCOUNTS.map(|(login, rights, ..)| (login, first(&office, login, rights)));
    office.json("account lend kari --prefecture 11 --until 2026-03-31");
    office.json("account lend karimei --association 13-002 --until 2026-03-31 --persons");
    let site = Site::start(&office);
    let mut browsers = firsts.map(|(login, first)| {
        let mut browser = site.browser();
        assert_eq!(browser.log_in(login, &first).status, 303);
        assert_eq!(browser.change_password(&first, PASSWORD).status, 303);
        browser
    });
    let world = World::of(&sample);
    let mut chance = Chance::new(20_261_130);
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    let mut n_with_persons = 0;
    for _ in 0..times(300) {
        let who = chance.below(ACCOUNTS.len());
        let asked = drawn(&mut chance, &world);
        let reply = send(&mut browsers[who], &asked);
        *statuses.entry(reply.status).or_default() += 1;
        let (login, _, numbers, persons) = ACCOUNTS[who];
        let text = format!("{}\n{}", reply.head, reply.body);
        let sent = format!("{} {}", asked.path, asked.form.as_deref().unwrap_or_default());
        assert!([200, 303, 400, 403, 404].contains(&reply.status), "{login} {sent}: {text}");
        if let Some(told) = world.foreign(&text, &sent, (numbers, persons)) {
            panic!("{login} {sent}: {told} is told: {text}");
        }
        n_with_persons += usize::from(world.foreign(&text, &sent, (&[""], &[])).is_some());
    }
    let n = |status: u16| statuses.get(&status).copied().unwrap_or_default();
    assert!(n(200) > 60 && n(403) > 60 && n(404) > 20 && n_with_persons > 10, "{statuses:?} {n_with_persons}");
}
