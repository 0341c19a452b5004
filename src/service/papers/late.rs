//! Late and backdated changes, with the figures given out that they change (E5).

use anyhow::Result;

use super::cells::numbered;
use super::context::PaperContext;
use crate::domain::audit::late::ChangeKind;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column};
use crate::domain::table_check::TableCheck;
use crate::service::audit::{ChangedFigure, LateFinding, of_paper};

/// One row for each figure that a late exit or entry of the period changes.
pub(super) fn changes(paper: &PaperContext<'_>) -> Result<Vec<Block>> {
    let audit = of_paper::late(&paper.ask())?;
    let changing: Vec<&LateFinding> = audit.findings.iter().filter(|one| !one.figures.is_empty()).collect();
    let silent = audit.findings.len() - changing.len();
    let people = paper.people()?;
    let columns = vec![
        Column::number("number", "No.", 2),
        Column::text("kind", "区分", 3),
        Column::centred("day", "退会日・入会日", 5),
        Column::text("association", "郡市区等医師会", 6),
        Column::text("name", "氏名", 8),
        Column::centred("learnt_on", "判明した日", 5),
        Column::number("lag_days", "遅れ日数", 3),
        Column::centred("as_of", "基準日", 5).in_group("変わる数字"),
        Column::text("given_out", "公表", 3).in_group("変わる数字"),
        Column::number("before", "公表時", 3).in_group("変わる数字"),
        Column::number("now", "今", 3).in_group("変わる数字"),
        Column::text("filer", "申請者", 3).in_group("申請"),
        Column::centred("approved_on", "承認日", 5).in_group("申請"),
    ];
    let rows = numbered(changing.iter().flat_map(|one| one.figures.iter().map(move |figure| (*one, figure))).map(
        |(one, figure)| {
            let stay = &one.change.stay;
            let mut cells = vec![
                Cell::text(one.change.kind.label()),
                Cell::Date(one.change.day),
                paper.body_name(stay.association),
                people.name(stay.physician),
                Cell::Date(one.change.learnt_on),
                Cell::Count(one.change.lag_days),
            ];
            cells.extend(figure_cells(figure).into_iter().chain(filed(one)));
            cells
        },
    ));
    let bodies = changing.iter().flat_map(|one| one.figures.iter().map(|_| Some(one.change.stay.association)));
    let rows = paper.coded(rows, bodies);
    let n_of = |kind| changing.iter().filter(|one| one.change.kind == kind).count();
    let notes = vec![
        format!(
            "期間内のファイルで初めて分かった退会等 {} 件・入会等 {} 件が、それより前に公表した数字を変える（退会等は退会・転出・死亡、入会等は入会・転入）。",
            n_of(ChangeKind::Exit),
            n_of(ChangeKind::Entry)
        ),
        format!("日付の後に分かったが、公表した数字を変えないもの {silent} 件は載せない。"),
        "公表時と今は、その医師会の会員数。月末：その月末に及ぶ出力があったもの。固定：取ってあるスナップショット。定例：月次の紙。"
            .to_string(),
    ];
    let title = "公表後に判明した退会等・入会等".to_string();
    Ok(vec![paper.table("late-changes", title, columns, rows, notes, TableCheck::default())])
}

fn figure_cells(figure: &ChangedFigure) -> [Cell; 4] {
    let ways: Vec<&str> = figure.day.ways.iter().map(|way| way.label()).collect();
    [Cell::Date(figure.day.as_of), Cell::text(ways.join("・")), Cell::Count(figure.before), Cell::Count(figure.now)]
}

/// Who filed it, or approved the adjustment that tells it, and when it was approved, as far as known.
fn filed(one: &LateFinding) -> [Cell; 2] {
    if let Some(approver) = &one.approver {
        return [Cell::text(format!("調整 {approver}")), Cell::Blank];
    }
    let application = one.application.as_ref();
    [
        Cell::text(application.map_or("", |filed| filed.filer.label())),
        Cell::date(application.and_then(|filed| filed.approved_on)),
    ]
}
