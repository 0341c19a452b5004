//! The record of a person: who she is, and the tables of her history.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;

use super::exported::exported;
use super::found::{Found, found};
use super::history::{adjustments, applications, findings, stays_and_classes};
use super::sight::Sight;
use super::tables::{NOTHING, Places, day_text};
use crate::domain::association::Tier;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::day_words::in_both_calendars;
use crate::domain::document::{Column, Row, Table};
use crate::domain::gaiji::characters;
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::person::Person;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::store::Description;

/// Everything that is known of a person, as far as it is in sight.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRecord {
    /// The number that stays, as addresses name it.
    pub physician: PhysicianId,
    /// 氏名, exactly as it came.
    pub name: String,
    /// 知識時点.
    pub known_at: NaiveDate,
    /// Who she is.
    pub facts: Vec<LabelledText>,
    /// Her history, in reading order.
    pub tables: Vec<Table>,
    /// Whether nothing is left out for want of rights.
    pub is_whole: bool,
}

/// The record of whom an id means; `None` where there is no such person, or nothing of her is in sight.
///
/// # Errors
/// When the store or the timeline cannot be read, or an import was stored meanwhile.
pub async fn person_record(
    workspace: &Workspace,
    vintage: &Vintage,
    sight: &Sight,
    id: Option<PhysicianId>,
) -> Result<Option<PersonRecord>> {
    let Some(found) = found(workspace, vintage, sight, id).await? else { return Ok(None) };
    let places = Places::of(vintage);
    let described = Described::read(workspace, vintage, sight, &found).await?;
    let [stays, classes, transfers] = stays_and_classes(workspace, vintage, sight, &found, &places).await?;
    let tables = vec![
        stays,
        classes,
        transfers,
        exported(workspace, vintage, &found, &places).await?,
        applications(&found, &places),
        adjustments(&found, &places),
        findings(workspace, vintage, sight, &found, &places).await?,
        described.table(&places),
    ];
    let facts = facts(workspace, vintage, &found, &described).await?;
    workspace.check_head(&vintage.store_head).await?;
    Ok(Some(PersonRecord {
        physician: found.physician,
        name: described.name(),
        known_at: vintage.known_at.0,
        facts,
        tables,
        is_whole: sight.is_whole(),
    }))
}

/// What describes her.
struct Described {
    /// The newest that may be shown.
    newest: Option<Description>,
    /// Whether it comes from a source that tells of bodies in sight only: then it may say where she works.
    is_own: bool,
    /// All that such sources said.
    own: Vec<Description>,
}

impl Described {
    async fn read(workspace: &Workspace, vintage: &Vintage, sight: &Sight, found: &Found) -> Result<Self> {
        let all = workspace.store.descriptions(&found.numbers, vintage.known_at).await?;
        // Where a description comes from would tell of stays elsewhere, unless its source tells of nothing else: that is asked of the
        // source, whoever is looked at.
        let outside = vintage.associations.of_tier(Tier::Local).filter(|body| !sight.has(body.id));
        let outside: Vec<AssociationId> = outside.map(|body| body.id).collect();
        let foreign: BTreeSet<SourceId> = workspace.store.sources_telling_of(&outside).await?.into_iter().collect();
        let own: Vec<Description> = all.iter().filter(|one| !foreign.contains(&one.source)).cloned().collect();
        let is_hers = |one: &&Description| one.physician == found.physician;
        let newest = |all: &[Description]| all.iter().rfind(is_hers).or(all.last()).cloned();
        Ok(match newest(&own) {
            Some(one) => Self { newest: Some(one), is_own: true, own },
            None => Self { newest: newest(&all), is_own: false, own },
        })
    }

    fn name(&self) -> String {
        self.newest.as_ref().map_or(String::new(), |one| one.person.texts().name)
    }

    fn table(&self, places: &Places<'_>) -> Table {
        // One alone stands above all tables.
        let changes = if self.own.len() > 1 { self.own.as_slice() } else { &[] };
        let rows = changes.iter().map(|one| {
            let texts = one.person.texts();
            let cells = [texts.name, texts.kana, texts.facility, texts.duty, texts.graduated];
            let mut row = vec![Cell::text(day_text(one.known_from))];
            row.extend(cells.into_iter().map(Cell::text));
            row.push(places.row(one.import, one.row));
            Row::body(row)
        });
        let columns = vec![
            Column::text("day", "出力の日", 8),
            Column::text("name", "氏名", 8),
            Column::text("kana", "カナ", 8),
            Column::text("facility", "施設名", 10),
            Column::text("duty", "施設業務", 6),
            Column::text("graduated", "卒業年月", 5),
            Column::text("source", "ファイルと行", 14),
        ];
        let rows = rows.collect();
        let mut table = places.table("descriptions", "氏名・施設などの移り変わり", columns, rows);
        table.notes.push(
            "このアカウントの範囲の医師会だけを伝える出力によるもの。ほかの範囲も伝える出力のものは示しません。".into(),
        );
        table
    }
}

async fn facts(
    workspace: &Workspace,
    vintage: &Vintage,
    found: &Found,
    described: &Described,
) -> Result<Vec<LabelledText>> {
    let numbers = workspace.store.persons(&found.numbers, vintage.known_at).await?;
    let number = |id: PhysicianId| numbers.iter().find(|one| one.physician == id).map(|one| one.number.to_string());
    let mut out = vec![LabelledText::new("医籍登録番号", number(found.physician).unwrap_or_default())];
    let others: Vec<String> =
        found.numbers.iter().filter(|id| **id != found.physician).filter_map(|id| number(*id)).collect();
    if !others.is_empty() {
        let text = format!("{}（同一人物として、上の番号に合わせています）", others.join("、"));
        out.push(LabelledText::new("ほかの番号", text));
    }
    if let Some(one) = &described.newest {
        out.extend(person_facts(&one.person, described.is_own));
    }
    out.push(LabelledText::new("知識時点", in_both_calendars(vintage.known_at.0)));
    Ok(out)
}

fn person_facts(person: &Person, tells_where: bool) -> Vec<LabelledText> {
    let texts = person.texts();
    let or_nothing = |text: String| if text.is_empty() { NOTHING.to_string() } else { text };
    let mut out = vec![
        LabelledText::new("氏名", or_nothing(texts.name.clone())),
        LabelledText::new("カナ", or_nothing(texts.kana)),
    ];
    let rare = rare_characters(&texts.name);
    if !rare.is_empty() {
        out.push(LabelledText::new("氏名の外字・異体字", rare.join("、")));
    }
    out.push(LabelledText::new("性別", person.sex.label()));
    out.push(LabelledText::new("生年月日", person.born_on.map_or(NOTHING.to_string(), in_both_calendars)));
    out.push(LabelledText::new("卒業年月", or_nothing(texts.graduated)));
    if tells_where {
        out.push(LabelledText::new("施設名", or_nothing(texts.facility)));
        out.push(LabelledText::new("施設業務", or_nothing(texts.duty)));
    }
    out
}

/// Characters of a name that other machines may show otherwise, with their code points: own characters (外字), compatibility forms,
/// variation selectors, and those beyond the basic plane.
fn rare_characters(name: &str) -> Vec<String> {
    let is_rare = |letter: char| {
        matches!(letter, '\u{E000}'..='\u{FAFF}' | '\u{FE00}'..='\u{FE0F}') || u32::from(letter) > 0xFFFF
    };
    let rare = characters(name).filter(|character| character.chars().any(is_rare));
    let told = |character: &str| {
        let points: Vec<String> = character.chars().map(|letter| format!("U+{:04X}", u32::from(letter))).collect();
        format!("{character}（{}）", points.join(" "))
    };
    rare.map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_characters_are_told_by_their_points() {
        assert_eq!(rare_characters("架空 髙子"), Vec::<String>::new());
        let told = rare_characters("𠮷辻\u{E0100}\u{E001}\u{FA19}");
        assert_eq!(told.len(), 4, "{told:?}");
        assert_eq!(told[0], "𠮷（U+20BB7）");
        assert!(told[1].ends_with("（U+8FBB U+E0100）"), "{told:?}");
    }
}
