//! The catalogue of figures (統計項目): every number on paper has its one definition here.
//!
//! A table names the metrics it prints; their definition sentences stand under it. This module says what a figure *is*;
//! it neither counts nor prints. Start reading at [`Metric`].

use super::association::Tier;
use super::comparison::Comparison;
use super::fault::Fault;
use super::grouping::Dimension;
use super::unit::Unit;

/// How a figure is rounded; there is no third way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// An integer as counted.
    None,
    /// One decimal, half up, each cell on its own (`domain::rounding`).
    TenthHalfUp,
}

/// Where a figure comes from, beside the exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricSource {
    /// Exports, applications and adjustments as known at the 知識時点.
    Register,
    /// These and an outside denominator with a source of its own.
    Denominator,
    /// These and a dated rule for delegates.
    SeatRule,
}

/// What one figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Machine name, as in report definitions.
    pub id: &'static str,
    /// Heading as printed.
    pub name: &'static str,
    /// Unit.
    pub unit: Unit,
    /// What a rate is taken of; `None` for counts.
    pub base: Option<&'static str>,
    /// Rounding.
    pub rounding: Rounding,
    /// Source.
    pub source: MetricSource,
    /// The ruling of docs/rules.md that decides what it is; empty where none had to.
    pub rule: &'static str,
    /// The sentence that is printed under the table.
    pub sentence: &'static str,
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident = $id:literal $label:literal $unit:ident $base:expr, $source:ident $rule:literal,
        $sentence:literal;)*) => {
        /// A figure of the catalogue; a closed list, so that a name that does not exist fails when it is read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric { $($(#[$doc])* $name,)* }

        impl Metric {
            /// All metrics.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What the figure is.
            pub fn definition(self) -> Definition {
                match self {
                    $(Self::$name => Definition {
                        id: $id,
                        name: $label,
                        unit: Unit::$unit,
                        base: $base,
                        rounding: match Unit::$unit {
                            Unit::Percent => Rounding::TenthHalfUp,
                            _ => Rounding::None,
                        },
                        source: MetricSource::$source,
                        rule: $rule,
                        sentence: $sentence,
                    },)*
                }
            }

            /// The metric of a machine name.
            pub fn from_id(id: &str) -> Option<Self> {
                match id { $($id => Some(Self::$name),)* _ => None }
            }
        }
    };
}

metrics! {
    /// Memberships in force (会員数).
    Memberships = "memberships" "会員数" Memberships None, Register "R1",
        "会員数は、基準日に在籍する者を医師会ごとに一人と数えた延べ数（兼務はそれぞれの医師会で数える）。";
    /// Distinct persons (実人数).
    Heads = "heads" "実人数" Heads None, Register "R1",
        "実人数は、基準日に在籍する者を、いくつの医師会に属しても一度だけ数えた数。";
    /// Share of the total of the table (構成割合).
    Share = "share" "構成割合" Percent Some("表の合計"), Register "",
        "構成割合は、表の合計に対する百分率。端数処理のため合計が100にならない場合がある。";
    /// Difference to the month before (前月比).
    MonthChange = "change-month" "前月比" Difference None, Register "R18",
        "前月比は、1か月前の同じ日（月末は月末）との差。";
    /// Rate of the change to the month before.
    MonthRate = "rate-month" "前月比率" Percent Some("1か月前の数"), Register "R18",
        "前月比率は、前月比の1か月前の数に対する百分率。";
    /// Difference to the year before (前年同月比).
    YearChange = "change-year" "前年同月比" Difference None, Register "R18",
        "前年同月比は、1年前の同じ日（月末は月末）との差。";
    /// Rate of the change to the year before.
    YearRate = "rate-year" "前年同月比率" Percent Some("1年前の数"), Register "R18",
        "前年同月比率は、前年同月比の1年前の数に対する百分率。";
    /// Difference to the end of the last fiscal year (対前年度末).
    FiscalChange = "change-fiscal-year" "対前年度末" Difference None, Register "R18",
        "対前年度末は、直前の3月31日との差。";
    /// Rate of the change to the end of the last fiscal year.
    FiscalRate = "rate-fiscal-year" "対前年度末率" Percent Some("直前の3月31日の数"), Register "R18",
        "対前年度末率は、対前年度末の直前の3月31日の数に対する百分率。";
    /// Difference to the line above in a series of month ends (前月末比).
    MonthEndChange = "change-month-end" "前月末比" Difference None, Register "R18",
        "前月末比は、前の月の末日との差。";
    /// Difference to the line above in a series of years (対前年).
    SurveyChange = "change-survey" "対前年" Difference None, Register "R18",
        "対前年は、前の年の同じ日（月末は月末）との差。";
    /// Rate of the change to the line above in a series.
    SeriesRate = "rate-series" "増減率" Percent Some("上の行の数"), Register "R18",
        "増減率は、上の行との差の、上の行の数に対する百分率。";
    /// Difference of closing and opening (増減).
    PeriodChange = "change-period" "増減" Difference None, Register "R16",
        "増減は、期末と期首の差。";
    /// The count of the year before (前年).
    YearBefore = "year-before" "前年" Memberships None, Register "R18",
        "前年は、1年前の同じ日（月末は月末）の数。";
    /// Members of local bodies who are members of the prefectural tier (都道府県入会者).
    AlsoPrefectural = "also-prefectural" "都道府県医師会員" Heads None, Register "",
        "都道府県医師会員は、郡市区等医師会の会員のうち、同じ日にいずれかの都道府県医師会の会員である者。";
    /// Members of local bodies who are national members (日医入会者).
    AlsoNational = "also-national" "日医会員" Heads None, Register "",
        "日医会員は、郡市区等医師会の会員のうち、同じ日に日本医師会の会員である者。";
    /// Share of local members in the prefectural tier (都道府県入会率).
    PrefecturalRate = "prefectural-rate" "都道府県入会率" Percent Some("郡市区等医師会の実人数"), Register "",
        "都道府県入会率は、郡市区等医師会の実人数に対する都道府県医師会員の百分率。";
    /// Share of local members in the national tier (日医入会率).
    NationalRate = "national-rate" "日医入会率" Percent Some("郡市区等医師会の実人数"), Register "",
        "日医入会率は、郡市区等医師会の実人数に対する日医会員の百分率。";
    /// Share of physicians who are members (組織率).
    OrganisationRate = "organisation-rate" "組織率" Percent Some("医師数"), Denominator "",
        "組織率は、医師数に対する実人数の百分率。医師数の出典と日付は注に記す。";
    /// Delegates by rule (代議員定数).
    Seats = "seats" "代議員定数" Seats None, SeatRule "R23",
        "代議員定数は、基準日の会員数を規則に当てはめた数。基準日が規則の定める日（12月1日）でなければ見込み。";
    /// Members until the next seat.
    UntilNextSeat = "until-next-seat" "次の1人まで" Difference None, SeatRule "",
        "次の1人までは、定数が1人増えるまでに要する会員の増。";
    /// Members until a seat is lost.
    UntilSeatLoss = "until-seat-loss" "1人減まで" Difference None, SeatRule "",
        "1人減までは、定数が1人減る会員の減。最低数の所は …。";
    /// Memberships at the start of a period (期首).
    Opening = "opening" "期首" Memberships None, Register "R16",
        "期首は、期間の前日の会員数。";
    /// Entries that are no transfer (入会).
    Joined = "joined" "入会" Memberships None, Register "R16",
        "入会は、期間に会員となった者のうち転入でない者。入会日に計上する。";
    /// Entries that follow an exit elsewhere, whatever its reason (転入). How it differs from 異動 of the audit: docs/rules.md, R20.
    MovedIn = "moved-in" "転入" Memberships None, Register "R20",
        "転入は、他の医師会での退会日（退会理由を問わない）と90日以内に組み合わさる入会日の者。都道府県は都道府県をまたぐものに限り、日医にはない。";
    /// Exits that are neither transfer nor death (退会).
    Left = "left" "退会" Memberships None, Register "R32",
        "退会は、期間に会員でなくなった者のうち転出でも死亡でもない者。会員でなくなった最初の日に計上する。";
    /// Exits to another body (転出).
    MovedOut = "moved-out" "転出" Memberships None, Register "R20",
        "転出は、期間に会員でなくなった者のうち、他の医師会の入会日と90日以内に組み合わさるか、理由が転出の者。";
    /// Deaths (死亡).
    Died = "died" "死亡" Memberships None, Register "R16",
        "死亡は、期間に会員でなくなった者のうち、理由が死亡の者。";
    /// Changes of class (区分変更).
    ClassChanged = "class-changed" "区分変更" Difference None, Register "R16",
        "区分変更は、在籍したまま会員区分の変わった者の増減。新しい区分の最初の日に計上し、医師会の計では 0 になる。";
    /// Mergers and divisions (組織変更).
    Reorganised = "reorganised" "組織変更" Difference None, Register "R16",
        "組織変更は、医師会の合併・分割・廃止による増減。";
    /// What only adjustments explain (訂正).
    Corrected = "corrected" "訂正" Difference None, Register "R16",
        "訂正は、調整によってのみ生じる増減。";
    /// All entries, in the sentence above the tables of movements (R32).
    Entries = "entries" "入会・転入 計" Memberships None, Register "R32",
        "入会・転入 計は、入会と転入の和。";
    /// All exits, in the same sentence (R32).
    Exits = "exits" "退会・転出・死亡 計" Memberships None, Register "R32",
        "退会・転出・死亡 計は、退会と転出と死亡の和。";
    /// Memberships at the end of a period (期末).
    Closing = "closing" "期末" Memberships None, Register "R16",
        "期末は、期間の末日の会員数で、期首に増減を加えた数に等しい。";
    /// Change of a past figure between two known-at (改定).
    Revision = "revision" "改定" Difference None, Register "R17",
        "改定は、同じ基準日の会員数の、前の知識時点からの変化。理由は一人ごとに一つ。";
    /// What MAMIS shows on the day of an export (R15).
    MamisShown = "mamis-shown" "MAMISの表示" Memberships None, Register "R15",
        "MAMISの表示は、出力の行のうち会員状態が在籍のもの。";
    /// Approved withdrawals whose day has not passed.
    WithdrawalsAhead = "withdrawals-ahead" "退会日未到来" Memberships None, Register "R15",
        "退会日未到来は、会員状態が退会で、退会日を過ぎていない者。MAMISは承認された時点で除く。";
    /// Approved joins whose day has not come.
    JoinsAhead = "joins-ahead" "入会日未到来" Memberships None, Register "R15",
        "入会日未到来は、会員状態が在籍で、入会日の来ていない者。MAMISは承認された時点で加える。";
    /// Rows of bodies that are not there on the day.
    BodiesNotThere = "bodies-not-there" "廃止等の医師会" Memberships None, Register "R15",
        "廃止等の医師会は、廃止された、またはまだ設けられていない医師会の在籍の行。";
    /// Stays in force that the export no longer shows.
    NotShown = "not-shown" "出力に見えない" Memberships None, Register "R15",
        "出力に見えない者は、退会日のないまま出力から消えた者。";
    /// What applications and adjustments change.
    ByCorrections = "by-corrections" "申請・調整" Difference None, Register "R15",
        "申請・調整は、出力に反映されていない申請と調整による増減。";
    /// Rows whose state contradicts their days.
    StateContradictions = "state-contradictions" "会員状態と日付の不一致" Difference None, Register "R15",
        "会員状態と日付の不一致は、会員状態が入会日・退会日と食い違う者。日付のとおりに数え、一覧に一人ずつ示す。在籍だが退会日の来ていない者は、どちらでも会員なので差は 0。";
    /// Second rows of persons shown twice in one body.
    DoubleRows = "double-rows" "二重の行" Memberships None, Register "R15",
        "二重の行は、同じ者が同じ医師会に二度載っているときの二つ目の行。会員数には一度だけ数える。";
    /// Our memberships less what MAMIS shows, on the day of an export: the terms of the law together (MAMIS差異).
    MamisDifference = "mamis-difference" "MAMIS差異" Difference None, Register "R15",
        "MAMIS差異は、会員数からMAMISの表示を引いた数。理由は一人ごとに一覧にある。";
    /// What no term of the law explains.
    Remainder = "remainder" "残差" Difference None, Register "R15",
        "残差は、どの項でも説明できない差。0 でなければならない。";
    /// Withdrawals of the period that end a membership.
    CountedWithdrawals = "counted-withdrawals" "届出の件数" Cases None, Register "R22",
        "届出の件数は、退会日が期間にある承認済の退会・転出・死亡の件数。合併・分割で閉じた在籍は含まない。";
    /// Withdrawals that figures do not count: nobody approved them, or they were taken back.
    OpenWithdrawals = "open-withdrawals" "未承認・取消しの退会" Cases None, Register "R22",
        "未承認・取消しの退会は、会員数に影響しない退会の申請の件数。";
    /// What the audit of filings by others finds.
    ProxyFindings = "proxy-findings" "代理申請の要確認" Cases None, Register "",
        "代理申請の要確認は、理由か根拠の足りない代理申請の件数。両方が足りないものは、それぞれに数える。";
    /// Breaks of tier inclusion that share a day with the period.
    TierBreaks = "tier-breaks" "三層の食い違い" Cases None, Register "R21",
        "三層の食い違いは、期間に一日でも、下位の在籍を欠いて上位に在籍した者の件数。";
    /// Movements of persons of a kind, by whichever of their two dates lies in the period.
    Transfers = "transfers" "異動の件数" Cases None, Register "R20",
        "異動の件数は、退会日か入会日が期間にある移動の件数。";
    /// Those of them that are pairs of an exit and an entry elsewhere.
    PairedTransfers = "paired-transfers" "県内異動・県外異動 計" Cases None, Register "R20",
        "県内異動・県外異動 計は、異動の件数のうち、退会と他の医師会への入会が組になったもの。";
}

impl Metric {
    /// Machine name.
    pub fn id(self) -> &'static str {
        self.definition().id
    }

    /// Heading as printed.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// In what the figure is counted: memberships, heads, seats. `None` for one that has the unit of its table, as shares and
    /// changes have.
    pub fn counted_in(self) -> Option<Unit> {
        match self {
            Self::Share
            | Self::MonthChange
            | Self::MonthRate
            | Self::YearBefore
            | Self::YearChange
            | Self::YearRate
            | Self::FiscalChange
            | Self::FiscalRate
            | Self::MonthEndChange
            | Self::SurveyChange
            | Self::SeriesRate => None,
            // A physician is one, in however many bodies; so is a member who is held against the number of physicians.
            Self::Heads
            | Self::AlsoPrefectural
            | Self::AlsoNational
            | Self::PrefecturalRate
            | Self::NationalRate
            | Self::OrganisationRate => Some(Unit::Heads),
            Self::Seats => Some(Unit::Seats),
            Self::CountedWithdrawals
            | Self::OpenWithdrawals
            | Self::ProxyFindings
            | Self::TierBreaks
            | Self::Transfers
            | Self::PairedTransfers => Some(Unit::Cases),
            Self::Memberships
            | Self::UntilNextSeat
            | Self::UntilSeatLoss
            | Self::Opening
            | Self::Joined
            | Self::MovedIn
            | Self::Left
            | Self::MovedOut
            | Self::Died
            | Self::ClassChanged
            | Self::Reorganised
            | Self::Corrected
            | Self::Closing
            | Self::PeriodChange
            | Self::Revision
            | Self::MamisShown
            | Self::WithdrawalsAhead
            | Self::JoinsAhead
            | Self::BodiesNotThere
            | Self::NotShown
            | Self::ByCorrections
            | Self::StateContradictions
            | Self::DoubleRows
            | Self::MamisDifference
            | Self::Remainder
            | Self::Entries
            | Self::Exits => Some(Unit::Memberships),
        }
    }

    /// The day that the figure compares with.
    pub fn comparison(self) -> Option<Comparison> {
        match self {
            Self::MonthChange | Self::MonthRate => Some(Comparison::Month),
            Self::YearBefore | Self::YearChange | Self::YearRate | Self::SurveyChange => Some(Comparison::Year),
            Self::FiscalChange | Self::FiscalRate => Some(Comparison::FiscalYear),
            Self::MonthEndChange | Self::PeriodChange => Some(Comparison::MonthEnd),
            _ => None,
        }
    }

    /// Whether a table of the definitions may print it beside each of its rows. The others have tables of their own.
    pub fn fits_any_row(self) -> bool {
        matches!(
            self,
            Self::Memberships
                | Self::Heads
                | Self::Share
                | Self::MonthChange
                | Self::MonthRate
                | Self::YearBefore
                | Self::YearChange
                | Self::YearRate
                | Self::FiscalChange
                | Self::FiscalRate
        ) || self == Self::OrganisationRate
    }

    /// Whether the metric can stand beside rows of a dimension and tier, in a table that counts in a unit.
    ///
    /// # Errors
    /// Why not: it has a table of its own, needs rows by prefecture, is not about the local tier, or is counted in another
    /// unit than the table: 組織率 is of persons, and one of memberships would be above what it says.
    pub fn check(self, rows: Dimension, tier: Tier, unit: Unit) -> Result<(), Fault> {
        let id = self.id().to_string();
        if !self.fits_any_row() {
            return Err(Fault::MetricOfOwnTable(id));
        }
        if self == Self::OrganisationRate && rows != Dimension::Prefecture {
            return Err(Fault::MetricByPrefecture(id));
        }
        if self == Self::OrganisationRate && tier == Tier::Local {
            return Err(Fault::MetricOfUpperTier(id));
        }
        match self.counted_in().filter(|own| *own != unit) {
            Some(own) => Err(Fault::MetricOfOtherUnit(id, own.label().into())),
            None => Ok(()),
        }
    }
}

/// The sentences of metrics in one note, each once, in the order of the catalogue.
pub fn sentences(metrics: &[Metric]) -> String {
    Metric::ALL.iter().filter(|metric| metrics.contains(metric)).map(|metric| metric.definition().sentence).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_metric_is_defined_once() {
        let ids: BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.id()).collect();
        let names: BTreeSet<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        assert_eq!((ids.len(), names.len()), (Metric::ALL.len(), Metric::ALL.len()));
        for metric in Metric::ALL {
            let definition = metric.definition();
            assert_eq!(Metric::from_id(definition.id), Some(*metric));
            assert!(definition.sentence.starts_with(definition.name), "{}", definition.id);
            assert!(definition.sentence.ends_with('。'), "{}", definition.id);
            // A rate says what it is taken of, and nothing else is rounded.
            assert_eq!(definition.base.is_some(), definition.unit == Unit::Percent, "{}", definition.id);
            assert_eq!(definition.rounding == Rounding::TenthHalfUp, definition.unit == Unit::Percent);
            let is_ruling = |rule: &str| rule.strip_prefix('R').is_some_and(|number| number.parse::<u8>().is_ok());
            assert!(definition.rule.is_empty() || is_ruling(definition.rule), "{}", definition.id);
        }
        assert_eq!(Metric::from_id("membership"), None);
    }

    #[test]
    fn rate_of_physicians_needs_prefectures() {
        let check = |metric: Metric, rows| metric.check(rows, Tier::National, Unit::Heads);
        assert!(check(Metric::OrganisationRate, Dimension::Class).is_err());
        assert!(check(Metric::OrganisationRate, Dimension::Prefecture).is_ok());
        assert!(check(Metric::Opening, Dimension::Prefecture).is_err());
    }

    /// Every metric that fits a table of one unit either has the unit of its table, or is refused in the other one.
    #[test]
    fn metric_of_another_unit_is_refused() {
        for metric in Metric::ALL.iter().filter(|metric| metric.fits_any_row()) {
            let refused = [Unit::Memberships, Unit::Heads].map(|unit| {
                let found = metric.check(Dimension::Prefecture, Tier::National, unit);
                matches!(found, Err(Fault::MetricOfOtherUnit(..)))
            });
            let expected = match metric {
                Metric::Memberships => [false, true],
                Metric::Heads | Metric::OrganisationRate => [true, false],
                _ => [false, false],
            };
            assert_eq!(refused, expected, "{}", metric.id());
        }
    }
}
