//! Exports of a world as text: the layouts mamis-members-wide and mamis-applications, UTF-8 with BOM, one spelling for
//! everything. No cell holds a comma or a quotation mark.

use std::fmt::Write;

use chrono::NaiveDate;

use super::World;
use super::shown::{SynthApplication, SynthRow, SynthStay};
use crate::domain::application::{ApplicationKind, ApplicationStatus, Filer};
use crate::domain::day::day_number;
use crate::domain::enrolment::SourceStatus;
use crate::domain::person::Sex;

/// Headings of a member export, in the order of the cells.
pub fn member_headings() -> &'static [&'static str] {
    &[
        "医籍登録番号",
        "氏名",
        "氏名カナ",
        "性別",
        "生年月日",
        "卒業年月",
        "施設名",
        "施設業務",
        "郡市区等医師会コード",
        "郡市区等医師会名",
        "郡市区等会員区分",
        "郡市区等入会希望日",
        "郡市区等入会日",
        "郡市区等退会日",
        "都道府県医師会名",
        "都道府県会員区分",
        "都道府県入会日",
        "都道府県退会日",
        "日医会員区分",
        "日医入会日",
        "日医退会日",
        "退会理由",
        "会員状態",
        "最終更新日時",
    ]
}

/// Headings of an application history, in the order of the cells.
pub fn application_headings() -> &'static [&'static str] {
    &[
        "申請番号",
        "申請種別",
        "申請者区分",
        "医籍登録番号",
        "氏名",
        "対象医師会コード",
        "対象医師会",
        "申請日",
        "適用日",
        "承認日",
        "取消日",
        "状態",
        "変更後会員区分",
        "退会理由",
        "備考",
    ]
}

impl World {
    /// The association master.
    pub fn associations_csv(&self) -> String {
        self.bodies.csv()
    }

    /// Hands over the lines of a member export, the headings first.
    ///
    /// # Errors
    /// Whatever `line` returns.
    pub fn each_member_line<E>(&self, export: NaiveDate, mut line: impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        line(&headings(member_headings()))?;
        let mut text = String::new();
        for physician in 0..self.n_physicians() {
            for row in self.rows(physician, export) {
                text.clear();
                self.write_member(&mut text, physician, &row, export);
                line(&text)?;
            }
        }
        Ok(())
    }

    /// Hands over the lines of an application history, the headings first.
    ///
    /// # Errors
    /// Whatever `line` returns.
    pub fn each_application_line<E>(
        &self,
        export: NaiveDate,
        mut line: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        line(&headings(application_headings()))?;
        let mut text = String::new();
        for filing in 0..self.n_filings() {
            for row in self.applications(filing, export) {
                text.clear();
                self.write_application(&mut text, &row, export);
                line(&text)?;
            }
        }
        Ok(())
    }

    /// Whether the application history of a day has any row: one without is not written, for it would be refused.
    pub fn has_applications(&self, export: NaiveDate) -> bool {
        (0..self.n_filings()).any(|filing| !self.applications(filing, export).is_empty())
    }

    // Writing to a text cannot fail.
    fn write_member(&self, out: &mut String, physician: usize, row: &SynthRow, export: NaiveDate) {
        let (texts, sex, born_on) = self.description(physician, export);
        let sex = match sex {
            Sex::Male => "男",
            Sex::Female => "女",
            Sex::Unknown => "",
        };
        let local = &row.local;
        let _ = write!(
            out,
            "{},{},{},{sex},{},{},{},{},{},{},{},{},{},{}",
            self.number(physician),
            texts.name,
            texts.kana,
            date(born_on),
            texts.graduated,
            texts.facility,
            texts.duty,
            self.code(local.body),
            self.name_on(local.body, local.left_on, export),
            local.class.label(),
            date(row.wished_on),
            date(local.joined_on),
            date(local.left_on),
        );
        let _ = match &row.prefectural {
            Some(stay) => write!(out, ",{},{}", self.name_on(stay.body, stay.left_on, export), stay_cells(stay)),
            None => write!(out, ",,,,"),
        };
        let _ = match &row.national {
            Some(stay) => write!(out, ",{}", stay_cells(stay)),
            None => write!(out, ",,,"),
        };
        let status = match row.status {
            SourceStatus::Active => "在籍",
            SourceStatus::Withdrawn => "退会",
            SourceStatus::Pending => "申請中",
            SourceStatus::Unknown => "",
        };
        let _ = write!(out, ",{},{status},{export} 18:00:00\r\n", row.reason.label());
    }

    fn write_application(&self, out: &mut String, row: &SynthApplication, export: NaiveDate) {
        let (texts, _, _) = self.description(row.physician, export);
        let kind = match row.kind {
            ApplicationKind::Joining => "入会",
            ApplicationKind::Withdrawal => "退会",
            ApplicationKind::ClassChange => "区分変更",
            ApplicationKind::Other => "施設変更",
        };
        let status = match row.status {
            ApplicationStatus::Approved => "承認済",
            ApplicationStatus::Cancelled => "退会取消",
            ApplicationStatus::Pending | ApplicationStatus::Unknown => "申請中",
        };
        let filer = match row.filer {
            Filer::Proxy => "代理",
            Filer::Person | Filer::Unknown => "本人",
        };
        let _ = write!(
            out,
            "{},{kind},{filer},{},{},{},{},{},{},{},{},{status},{},{},{}\r\n",
            row.number,
            self.number(row.physician),
            texts.name,
            self.code(row.body),
            self.name_on(row.body, row.effective_on, export),
            date(row.applied_on),
            date(row.effective_on),
            date(row.approved_on),
            date(row.cancelled_on),
            row.class.map_or("", crate::domain::class::NationalClass::label),
            row.reason.label(),
            row.note,
        );
    }

    /// The name of a body on the day that a row speaks of: its last day when that has passed, else the export day.
    fn name_on(&self, body: u16, last: Option<NaiveDate>, export: NaiveDate) -> String {
        let day = last.map_or(export, |last| last.min(export));
        self.bodies.all[usize::from(body)].full_name(day_number(day))
    }
}

fn headings(cells: &[&str]) -> String {
    format!("\u{feff}{}\r\n", cells.join(","))
}

fn date(day: Option<NaiveDate>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}

fn stay_cells(stay: &SynthStay) -> String {
    format!("{},{},{}", stay.class.label(), date(stay.joined_on), date(stay.left_on))
}
