//! The lines under titles: dates, rules, unit, head. No table is printed without them. And the same for programs: which
//! figures a paper is about.

use anyhow::Result;

use super::context::PaperContext;
use crate::domain::association::Tier;
use crate::domain::cell::LabelledText;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::metric::Metric;
use crate::domain::printed_figure::Figure;
use crate::domain::printed_number::signed_count;
use crate::messages::Lang;

impl PaperContext<'_> {
    /// What holds for a whole section.
    pub(super) fn section_basis(&self) -> Vec<LabelledText> {
        let mut basis = vec![
            LabelledText::new("基準日", era_date(self.as_of.0)),
            LabelledText::new("知識時点", short_era_date(self.vintage.known_at.0)),
            LabelledText::new("区分", self.firmness()),
            LabelledText::new("退会日の扱い", self.vintage.rule.label()),
        ];
        basis.extend(self.area.name.as_ref().map(|name| LabelledText::new("範囲", name.clone())));
        basis
    }

    /// How firm the figures are: 予定 and 不完全 come before 速報, 確報 and 改定 (R7).
    fn firmness(&self) -> String {
        let coverage = self.coverage(self.as_of.0);
        let firmness = match (coverage.complete, coverage.future) {
            (false, _) => format!("不完全（出力が及ばない：{}）", coverage.sentence(Lang::Ja)),
            (true, true) => "予定".to_string(),
            (true, false) => self.status.label().to_string(),
        };
        if self.draft { format!("下書き・{firmness}") } else { firmness }
    }

    /// A table of figures on the as-of day.
    pub(super) fn basis_on_day(&self, unit: &str) -> Vec<LabelledText> {
        vec![
            LabelledText::new("基準日", era_date(self.as_of.0)),
            LabelledText::new("知識時点", short_era_date(self.vintage.known_at.0)),
            LabelledText::new("退会日の扱い", self.vintage.rule.label()),
            LabelledText::new("単位", unit),
        ]
    }

    /// The members of a tier on the as-of day, as a figure that tables may share.
    pub(super) fn members(&self, tier: Tier) -> Figure {
        Figure::new(Metric::Memberships.id(), self.as_of.0, self.vintage.known_at.0).of_tier(tier)
    }

    /// What an audit counts in the period of the paper, as a figure that a summary and its list share.
    pub(super) fn cases(&self, metric: Metric) -> Figure {
        Figure::new(metric.id(), self.period.to, self.vintage.known_at.0).since(self.opened_on())
    }

    /// A table about the period of the paper (R18).
    pub(super) fn basis_of_period(&self, unit: &str) -> Vec<LabelledText> {
        vec![
            LabelledText::new(
                "期間",
                format!("{}～{}", short_era_date(self.period.from), short_era_date(self.period.to)),
            ),
            LabelledText::new("知識時点", short_era_date(self.vintage.known_at.0)),
            LabelledText::new("退会日の扱い", self.vintage.rule.label()),
            LabelledText::new("単位", unit),
        ]
    }

    /// What adjustments add to the local memberships of the as-of day, where any hold.
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(super) fn adjustment_note(&self) -> Result<Option<String>> {
        let n = self.vintage.basis().adjustments;
        let sum: i64 = self
            .vintage
            .adjusted(&[self.as_of.0], |body| body.tier == Tier::Local && self.keeps(body))?
            .into_iter()
            .sum();
        // Of an area only what concerns it: which adjustments those are, the sum alone tells.
        Ok((n > 0 && (self.area.code.is_none() || sum != 0)).then(|| match self.area.code {
            None => format!("うち調整による増減 {} 人（郡市区等、調整 {n} 件）。", signed_count(sum)),
            Some(_) => format!("うち調整による増減 {} 人（郡市区等）。", signed_count(sum)),
        }))
    }

    /// The lines of R6 and R13, adjustments, and sources that are older than the rest (R3).
    ///
    /// # Errors
    /// When the timeline cannot be read.
    pub(super) fn source_notes(&self, not_shown: i64) -> Result<Vec<String>> {
        let basis = self.vintage.basis();
        let mut notes = Vec::new();
        if not_shown != 0 {
            notes.push(format!("うち最新の出力に記載のない会員 {not_shown} 人（会員として数えている）。"));
        }
        // A rejected row may be of no body that can be read, so it is told of all exports.
        if basis.rejected_rows != 0 {
            let whose = if self.area.code.is_none() { "" } else { "全出力の" };
            let (rows, active) = (basis.rejected_rows, basis.rejected_active_rows);
            notes.push(format!("{whose}取込不可 {rows} 行（うち在籍 {active}）は含まない。"));
        }
        if !self.area.unreported.is_empty() {
            notes.push(format!("どの出力にも現れない都道府県（{}）は含まない。", self.area.unreported.join("、")));
        }
        notes.extend(self.adjustment_note()?);
        notes.extend(
            basis.older_sources.iter().map(|(name, day)| format!("{name} の出力は {} まで。", short_era_date(*day))),
        );
        Ok(notes)
    }
}
