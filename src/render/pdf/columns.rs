//! Column widths: what the report asks for, corrected by what the cells need.
//!
//! Each column starts with its share of the width. Columns whose cells need more take it from columns that
//! have room. When the cells do not fit, texts may be condensed, then the type gets smaller; the caller turns
//! the sheet when even that is not enough. Pure arithmetic on lengths.

use super::scalar::count;

/// White space at the left and right of a cell.
pub(super) const PADDING: f32 = 4.5;

/// Tables that need less than this part of the width are set narrower, so that the eye does not have to cross
/// an empty field between a name and its number.
const NARROW_TABLE: f32 = 0.62;

/// The least width of a narrow table, as part of the width of the text.
const NARROWEST_TABLE: f32 = 0.5;

/// Type sizes and what texts must put up with, from the best to the last choice.
const CHOICES: [(f32, Ease); 8] = [
    (9.2, Ease::Natural),
    (9.2, Ease::AsWeighted),
    (8.6, Ease::Natural),
    (8.6, Ease::AsWeighted),
    (8.6, Ease::Condensed),
    (8.0, Ease::Condensed),
    (7.5, Ease::Condensed),
    (7.0, Ease::Condensed),
];

/// What a column needs, in em.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ColumnNeed {
    /// Width the report asks for.
    pub weight: f32,
    /// Widest number or date; these are never wrapped and not willingly condensed.
    pub rigid: f32,
    /// Widest text.
    pub soft: f32,
    /// Longest part of the heading that cannot be broken.
    pub heading: f32,
}

/// How much room texts get.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ease {
    /// Every text on one line, not condensed.
    Natural,
    /// As wide as the report asked; longer texts are condensed or wrapped.
    AsWeighted,
    /// Texts condensed.
    Condensed,
}

/// Decided widths.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ColumnPlan {
    /// Type size.
    pub size: f32,
    /// Widths from left to right, paddings included.
    pub widths: Vec<f32>,
    /// Height of rows as a part of the usual height, at most 1.
    pub tightness: f32,
}

impl ColumnPlan {
    /// Left edges of the columns.
    pub fn lefts(&self) -> Vec<f32> {
        let mut x = 0.0;
        let step = |width: &f32| {
            let left = x;
            x += width;
            left
        };
        self.widths.iter().map(step).collect()
    }

    /// Width of the table.
    pub fn total(&self) -> f32 {
        self.widths.iter().sum()
    }
}

/// Decides widths for a table, or `None` when the cells cannot be set legibly in `available` points.
pub(super) fn plan(needs: &[ColumnNeed], available: f32) -> Option<ColumnPlan> {
    CHOICES.iter().find_map(|(size, ease)| {
        let lower: Vec<f32> = needs.iter().map(|need| lower_bound(*need, *ease) * size + 2.0 * PADDING).collect();
        let target = table_width(needs, &lower, *size, available);
        let widths = solve(&shares(needs, target), &lower)?;
        Some(ColumnPlan { size: *size, widths, tightness: 1.0 })
    })
}

/// Decides widths for a table that is set several times side by side: every text on one line, in a type that is not smaller
/// than that of other tables.
pub(super) fn beside_each_other(needs: &[ColumnNeed], available: f32) -> Option<ColumnPlan> {
    let (size, ease) = CHOICES[0];
    let lower: Vec<f32> = needs.iter().map(|need| lower_bound(*need, ease) * size + 2.0 * PADDING).collect();
    let widths = solve(&shares(needs, available), &lower)?;
    Some(ColumnPlan { size, widths, tightness: 1.0 })
}

/// Decides widths for a table that fits nowhere: small type, numbers condensed as well.
pub(super) fn last_resort(needs: &[ColumnNeed], available: f32) -> ColumnPlan {
    let size = 7.0;
    let lower: Vec<f32> = needs.iter().map(|need| lower_bound(*need, Ease::Condensed) * size + 2.0 * PADDING).collect();
    let total: f32 = lower.iter().sum();
    ColumnPlan { size, widths: lower.iter().map(|width| width / total * available).collect(), tightness: 1.0 }
}

fn lower_bound(need: ColumnNeed, ease: Ease) -> f32 {
    let wanted = need.soft.min(need.weight.max(4.0));
    let soft = match ease {
        Ease::Natural => need.soft,
        Ease::AsWeighted => wanted,
        Ease::Condensed => wanted * 0.7,
    };
    let heading = if ease == Ease::Condensed { need.heading * 0.75 } else { need.heading };
    need.rigid.max(soft).max(heading)
}

fn table_width(needs: &[ColumnNeed], lower: &[f32], size: f32, available: f32) -> f32 {
    let wanted = needs.iter().zip(lower).map(|(need, lower)| lower.max(need.weight * size + 2.0 * PADDING));
    let wanted: f32 = wanted.sum();
    if wanted < available * NARROW_TABLE { (wanted * 1.1).max(available * NARROWEST_TABLE) } else { available }
}

fn shares(needs: &[ColumnNeed], target: f32) -> Vec<f32> {
    let paddings = 2.0 * PADDING * count(needs.len());
    let weights: f32 = needs.iter().map(|need| need.weight.max(1.0)).sum();
    needs.iter().map(|need| need.weight.max(1.0) / weights * (target - paddings) + 2.0 * PADDING).collect()
}

/// Raises shares to their lower bounds at the cost of columns with room; `None` when there is not enough room.
fn solve(shares: &[f32], lower: &[f32]) -> Option<Vec<f32>> {
    let pairs = || shares.iter().zip(lower);
    let lack: f32 = pairs().map(|(share, lower)| (lower - share).max(0.0)).sum();
    let room: f32 = pairs().map(|(share, lower)| (share - lower).max(0.0)).sum();
    if lack > room {
        return None;
    }
    let taken = if room > 0.0 { lack / room } else { 0.0 };
    Some(pairs().map(|(share, lower)| if share < lower { *lower } else { share - (share - lower) * taken }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(weight: f32, rigid: f32, soft: f32) -> ColumnNeed {
        ColumnNeed { weight, rigid, soft, heading: 2.0 }
    }

    #[test]
    fn needy_column_takes_from_columns_with_room() {
        let needs = [need(20.0, 0.0, 6.0), need(2.0, 9.0, 0.0), need(20.0, 0.0, 6.0)];
        let plan = plan(&needs, 487.0).expect("there is room");
        assert!(plan.widths[1] >= 9.0 * plan.size + 2.0 * PADDING - 0.01);
        assert!((plan.total() - 487.0).abs() < 0.1);
    }

    #[test]
    fn small_table_is_set_narrower() {
        let plan = plan(&[need(12.0, 0.0, 10.0), need(4.0, 3.0, 0.0)], 487.0).expect("there is room");
        assert!(plan.total() < 487.0 * NARROW_TABLE);
    }

    #[test]
    fn too_many_numbers_are_refused() {
        assert_eq!(plan(&[need(3.0, 8.0, 0.0); 12], 487.0), None);
        assert!((last_resort(&[need(3.0, 8.0, 0.0); 12], 487.0).total() - 487.0).abs() < 0.1);
    }
}
