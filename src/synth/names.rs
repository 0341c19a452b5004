//! Words of an invented world. Prefectures are those of the country with their codes; nobody and nothing else exists.

use crate::domain::class::NationalClass;
use crate::domain::person::Sex;

/// Prefectures in the order of their codes, with a rough size; the sizes only have to differ as widely as prefectures do.
pub(super) const PREFECTURES: [(&str, u32); 47] = [
    ("北海道", 13),
    ("青森県", 3),
    ("岩手県", 3),
    ("宮城県", 6),
    ("秋田県", 3),
    ("山形県", 3),
    ("福島県", 4),
    ("茨城県", 6),
    ("栃木県", 5),
    ("群馬県", 5),
    ("埼玉県", 13),
    ("千葉県", 13),
    ("東京都", 44),
    ("神奈川県", 21),
    ("新潟県", 5),
    ("富山県", 3),
    ("石川県", 4),
    ("福井県", 2),
    ("山梨県", 2),
    ("長野県", 5),
    ("岐阜県", 5),
    ("静岡県", 8),
    ("愛知県", 17),
    ("三重県", 4),
    ("滋賀県", 4),
    ("京都府", 9),
    ("大阪府", 25),
    ("兵庫県", 15),
    ("奈良県", 4),
    ("和歌山県", 3),
    ("鳥取県", 2),
    ("島根県", 2),
    ("岡山県", 6),
    ("広島県", 8),
    ("山口県", 4),
    ("徳島県", 3),
    ("香川県", 3),
    ("愛媛県", 4),
    ("高知県", 3),
    ("福岡県", 16),
    ("佐賀県", 3),
    ("長崎県", 5),
    ("熊本県", 5),
    ("大分県", 4),
    ("宮崎県", 3),
    ("鹿児島県", 5),
    ("沖縄県", 4),
];

/// Beginnings and ends of the names of local bodies.
pub(super) const PLACES: [&str; 14] =
    ["中央", "東部", "西部", "南部", "北部", "城東", "城西", "港", "川口台", "山手", "緑丘", "海辺", "湖畔", "高原"];

/// What kind of place a local body is of.
pub(super) const PLACE_KINDS: [&str; 4] = ["市", "郡市", "地区", "区"];

/// Family names and their kana.
pub(super) const FAMILY_NAMES: [(&str, &str); 12] = [
    ("架空", "カクウ"),
    ("見本", "ミホン"),
    ("例示", "レイジ"),
    ("試験", "シケン"),
    ("仮名", "カメイ"),
    ("模擬", "モギ"),
    ("想定", "ソウテイ"),
    ("髙見本", "タカミホン"),
    ("架﨑", "カザキ"),
    ("例邊", "レイベ"),
    ("作例", "サクレイ"),
    ("仮想", "カソウ"),
];

/// Given names, their kana, and the sex that goes with them.
pub(super) const GIVEN_NAMES: [(&str, &str, Sex); 12] = [
    ("太郎", "タロウ", Sex::Male),
    ("次郎", "ジロウ", Sex::Male),
    ("三郎", "サブロウ", Sex::Male),
    ("一", "ハジメ", Sex::Male),
    ("例", "レイ", Sex::Male),
    ("四郎", "シロウ", Sex::Male),
    ("空", "ソラ", Sex::Male),
    ("五郎", "ゴロウ", Sex::Male),
    ("花子", "ハナコ", Sex::Female),
    ("本子", "モトコ", Sex::Female),
    ("令奈", "レイナ", Sex::Female),
    ("空美", "クミ", Sex::Female),
];

/// Names of facilities; a number follows.
pub(super) const FACILITIES: [&str; 4] = ["架空病院", "架空医院", "架空診療所", "架空クリニック"];

/// What somebody does at the facility (施設業務).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    HospitalFounder,
    ClinicFounder,
    Manager,
    Other,
    Employed,
    Trainee,
}

impl Duty {
    /// Those of class A①, in the order of the survey.
    pub(super) const OF_A1: [Self; 4] = [Self::HospitalFounder, Self::ClinicFounder, Self::Manager, Self::Other];

    /// The word of the export.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::HospitalFounder => "病院開設者",
            Self::ClinicFounder => "診療所開設者",
            Self::Manager => "管理者",
            Self::Other => "その他",
            Self::Employed => "勤務医",
            Self::Trainee => "研修医",
        }
    }

    /// That of a class other than A①.
    pub(super) fn outside_a1(class: NationalClass) -> Self {
        match class {
            NationalClass::A2C | NationalClass::C => Self::Trainee,
            _ => Self::Employed,
        }
    }
}

/// Evidence of a proxy filing.
pub(super) const EVIDENCE: [&str; 3] = ["死亡届の写し", "返送された郵便物", "理事会の議事録"];
