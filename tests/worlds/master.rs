//! The association master of a world: 日医, two or three prefectures, two to four local bodies in each.

use super::draw::Draw;
use super::history::Tier;

/// One association and every name rows may use for it (R12).
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub code: String,
    pub tier: Tier,
    kind: &'static str,
    short_name: &'static str,
    alias: &'static str,
    parent: String,
    prefecture: &'static str,
    position: u32,
}

impl Body {
    /// Full name, short name, alias, each with and without 医師会.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names = vec![format!("{}医師会", self.short_name), self.short_name.to_owned()];
        if !self.alias.is_empty() {
            names.extend([self.alias.to_owned(), format!("{}医師会", self.alias)]);
        }
        names
    }

    fn csv_line(&self) -> String {
        let tier = match self.tier {
            Tier::Local => "郡市区等",
            Tier::Prefectural => "都道府県",
            Tier::National => "日本",
        };
        let short_name = if self.tier == Tier::National { "日医" } else { self.short_name };
        let Self { code, kind, alias, parent, prefecture, position, .. } = self;
        let name = format!("{}医師会", self.short_name);
        format!("{code},{tier},{kind},{name},{short_name},{alias},{parent},{prefecture},{position}\n")
    }
}

/// In official order.
#[derive(Debug, Clone)]
pub(super) struct Master {
    pub bodies: Vec<Body>,
}

/// Prefecture, its name, its regional bodies as (short name, alias), its university body.
type Region = (&'static str, &'static str, [(&'static str, &'static str); 3], &'static str);

const REGIONS: [Region; 3] = [
    ("11", "埼玉県", [("浦和", ""), ("川口市", "川口"), ("さいたま市与野", "与野")], "埼玉架空大学"),
    ("13", "東京都", [("架空区", ""), ("東京第2", "第二"), ("草花・八ケ浜", "草花八ケ浜")], "東京架空大学"),
    ("26", "京都府", [("京都第1", ""), ("岩槌", "岩槌区"), ("京都第10", "")], "京都架空大学"),
];

impl Master {
    pub(super) fn new(draw: &mut Draw) -> Self {
        let mut bodies = vec![national()];
        for region in &REGIONS[..draw.between(2, 3)] {
            bodies.push(prefectural(region));
            let n_regional = draw.between(1, 3);
            bodies.extend((0..n_regional).map(|nth| regional(region, nth)));
            bodies.push(university(region));
        }
        Self { bodies }
    }

    pub(super) fn body(&self, code: &str) -> &Body {
        self.bodies.iter().find(|body| body.code == code).expect("stories name bodies of this master only")
    }

    pub(super) fn locals(&self) -> Vec<&Body> {
        self.bodies.iter().filter(|body| body.tier == Tier::Local).collect()
    }

    /// The codes of the prefectural bodies, in official order.
    pub(super) fn prefectures(&self) -> Vec<String> {
        self.bodies.iter().filter(|body| body.tier == Tier::Prefectural).map(|body| body.code.clone()).collect()
    }

    /// The prefectural body above a local one.
    pub(super) fn parent(&self, code: &str) -> &str {
        &self.body(code).parent
    }

    /// UTF-8 with BOM, LF, as the samples write it.
    pub(super) fn csv(&self) -> Vec<u8> {
        let mut text = "\u{FEFF}医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順\n".to_owned();
        text.extend(self.bodies.iter().map(Body::csv_line));
        text.into_bytes()
    }
}

fn national() -> Body {
    Body {
        code: "JMA".to_owned(),
        tier: Tier::National,
        kind: "その他",
        short_name: "日本",
        alias: "",
        parent: String::new(),
        prefecture: "",
        position: 1,
    }
}

fn prefectural((prefecture, name, ..): &Region) -> Body {
    Body {
        code: format!("P{prefecture}"),
        tier: Tier::Prefectural,
        kind: "地域",
        short_name: name,
        alias: "",
        parent: "JMA".to_owned(),
        prefecture,
        position: prefecture.parse().expect("the codes above are numbers"),
    }
}

fn regional((prefecture, _, names, _): &Region, nth: usize) -> Body {
    let position = u32::try_from(nth + 1).expect("three names at most");
    Body {
        code: format!("{prefecture}-{position:03}"),
        tier: Tier::Local,
        kind: "地域",
        short_name: names[nth].0,
        alias: names[nth].1,
        parent: format!("P{prefecture}"),
        prefecture,
        position,
    }
}

fn university((prefecture, _, _, name): &Region) -> Body {
    Body {
        code: format!("{prefecture}-901"),
        tier: Tier::Local,
        kind: "大学",
        short_name: name,
        alias: "",
        parent: format!("P{prefecture}"),
        prefecture,
        position: 901,
    }
}
