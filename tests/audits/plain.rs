//! The sample files, read plainly: their spellings of numbers, days and bodies brought to one each. It shares no code with
//! the program.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

/// One row of a member list that says something.
#[derive(Debug, Clone)]
pub struct Member {
    pub number: String,
    pub body: String,
    pub joined: Option<NaiveDate>,
    pub left: Option<NaiveDate>,
    pub reason: String,
    pub status: String,
    pub prefectural: Option<(String, NaiveDate, Option<NaiveDate>)>,
    pub national: Option<(NaiveDate, Option<NaiveDate>)>,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    pub id: String,
    pub kind: String,
    pub by_proxy: bool,
    pub number: String,
    pub body: String,
    pub applied: Option<NaiveDate>,
    pub effective: Option<NaiveDate>,
    pub approved: Option<NaiveDate>,
    pub cancelled: Option<NaiveDate>,
    pub status: String,
    pub reason: String,
    pub note: String,
}

/// The master: names of bodies, by tier.
pub struct Bodies {
    by_name: BTreeMap<(String, String), String>,
    codes: Vec<String>,
}

type Line = BTreeMap<String, String>;

/// The lines of a CSV file of the samples, by heading; none of them has a quotation mark.
pub fn lines(path: &Path) -> Vec<Line> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode(&bytes).0.into_owned(),
    };
    assert!(!text.contains('"'), "{} has quotation marks", path.display());
    let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let headings = rows.next().expect("headings");
    rows.map(|row| headings.iter().cloned().zip(row).collect()).collect()
}

/// Full-width letters and digits as ASCII, without blanks.
fn narrow(text: &str) -> String {
    let one = |c: char| match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !c.is_whitespace()).map(one).collect()
}

/// A registration number without its dress and leading zeros; `None` when it is no number.
pub fn number(text: &str) -> Option<String> {
    let text = narrow(text);
    let digits = text.trim_start_matches('第').trim_end_matches('号').trim_start_matches('0').to_owned();
    (!digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit())).then_some(digits)
}

/// A day in any spelling of the samples: `Some(None)` for a blank, `None` for what is no day.
fn day(text: &str) -> Option<Option<NaiveDate>> {
    let text = narrow(text);
    if text.is_empty() {
        return Some(None);
    }
    let era = [('令', 2018), ('R', 2018), ('平', 1988), ('H', 1988), ('昭', 1925), ('S', 1925)];
    let base = era.iter().find(|(mark, _)| text.starts_with(*mark)).map_or(0, |(_, base)| *base);
    let text = text.replace('元', "1");
    let parts: Vec<i32> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect();
    let (year, month, of_month) = match parts[..] {
        [whole] if whole > 10_000_000 => (whole / 10_000, whole / 100 % 100, whole % 100),
        [year, month, of_month] => (base + year, month, of_month),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year, month.try_into().ok()?, of_month.try_into().ok()?).map(Some)
}

impl Bodies {
    pub fn read(path: &Path) -> Self {
        let mut out = Self { by_name: BTreeMap::new(), codes: Vec::new() };
        for line in lines(path) {
            let code = line["医師会コード"].clone();
            let aliases = line["別名"].split(['|', '、', ';', '／']).map(str::to_owned);
            let names = [line["名称"].clone(), line["略称"].clone()].into_iter().chain(aliases);
            for name in names.filter(|name| !name.is_empty()) {
                out.by_name.insert((line["階層"].clone(), plain(&name)), code.clone());
            }
            out.codes.push(code);
        }
        out
    }

    fn local(&self, line: &Line) -> Option<String> {
        let code = narrow(line.get("郡市区等医師会コード").map_or("", String::as_str));
        if self.codes.contains(&code) {
            return Some(code);
        }
        self.named("郡市区等", &line["郡市区等医師会名"])
    }

    fn named(&self, tier: &str, name: &str) -> Option<String> {
        self.by_name.get(&(tier.to_owned(), plain(name))).cloned()
    }
}

fn plain(name: &str) -> String {
    narrow(name).trim_end_matches("医師会").to_owned()
}

/// The rows of a member list that can be read; what R13 rejects is left out.
pub fn members(path: &Path, bodies: &Bodies) -> Vec<Member> {
    lines(path).iter().filter_map(|line| member(line, bodies)).collect()
}

fn member(line: &Line, bodies: &Bodies) -> Option<Member> {
    let (joined, left) = (day(&line["郡市区等入会日"])?, day(&line["郡市区等退会日"])?);
    if joined.is_some() && left.is_some() && left < joined {
        return None;
    }
    let body = bodies.local(line)?;
    let upper = |tier: &str| -> Option<(NaiveDate, Option<NaiveDate>)> {
        let joined = day(&line[&format!("{tier}入会日")]).flatten()?;
        Some((joined, day(&line[&format!("{tier}退会日")]).flatten()))
    };
    let above = bodies.named("都道府県", &line["都道府県医師会名"]).unwrap_or_else(|| format!("P{}", &body[..2]));
    Some(Member {
        number: number(&line["医籍登録番号"])?,
        joined,
        left,
        reason: line["退会理由"].clone(),
        status: line["会員状態"].clone(),
        prefectural: upper("都道府県").map(|(joined, left)| (above, joined, left)),
        national: upper("日医"),
        body,
    })
}

/// The applications of a file.
pub fn applications(path: &Path, bodies: &Bodies) -> Vec<Filed> {
    let one = |line: &Line| {
        let date = |heading: &str| day(&line[heading]).flatten();
        Some(Filed {
            id: line["申請番号"].clone(),
            kind: line["申請種別"].clone(),
            by_proxy: line["申請者区分"] == "代理",
            number: number(&line["医籍登録番号"])?,
            body: bodies.named("郡市区等", &line["対象医師会"])?,
            applied: date("申請日"),
            effective: date("適用日"),
            approved: date("承認日"),
            cancelled: date("取消日"),
            status: line["状態"].clone(),
            reason: line["退会理由"].clone(),
            note: line["備考"].trim().to_owned(),
        })
    };
    lines(path).iter().filter_map(one).collect()
}
