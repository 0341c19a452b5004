//! Runs of increases or decreases (n年連続の増加): the words of captions, made from the numbers alone.

/// Which way figures went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Each is higher than the one before (増加).
    Up,
    /// Each is lower than the one before (減少).
    Down,
    /// The last two are the same (増減なし).
    Level,
}

/// How long figures have gone the way that they went last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streak {
    /// The way.
    pub direction: Direction,
    /// Steps in that direction without a break, at least 1.
    pub length: usize,
    /// Whether the figures end before the streak does: it may be longer.
    pub may_be_longer: bool,
}

/// The streak that ends with the last figure; `None` for fewer than two figures.
pub fn streak(figures: &[i64]) -> Option<Streak> {
    let way = |pair: &[i64]| match pair[1].cmp(&pair[0]) {
        std::cmp::Ordering::Greater => Direction::Up,
        std::cmp::Ordering::Less => Direction::Down,
        std::cmp::Ordering::Equal => Direction::Level,
    };
    let direction = way(figures.windows(2).last()?);
    let length = figures.windows(2).rev().take_while(|pair| way(pair) == direction).count();
    Some(Streak { direction, length, may_be_longer: length + 1 == figures.len() })
}

impl Streak {
    /// The words of a caption, such as 3年連続の増加; `unit` is 年 or か月. One step alone is no streak unless it may be
    /// longer, and then nothing is claimed: 増加.
    pub fn text(self, unit: &str) -> String {
        let way = match self.direction {
            Direction::Up => "増加",
            Direction::Down => "減少",
            Direction::Level => "増減なし",
        };
        match (self.length, self.may_be_longer) {
            (1, _) => way.to_string(),
            (n, false) => format!("{n}{unit}連続の{way}"),
            (n, true) => format!("少なくとも{n}{unit}連続の{way}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::known_start(&[5, 4, 5, 6], "2年連続の増加")]
    #[case::unknown_start(&[3, 4, 5], "少なくとも2年連続の増加")]
    #[case::decrease(&[3, 4, 3, 2], "2年連続の減少")]
    #[case::one_step(&[9, 4, 5], "増加")]
    #[case::first_step(&[5, 4], "減少")]
    #[case::level(&[5, 5], "増減なし")]
    #[case::level_twice(&[4, 5, 5, 5], "2年連続の増減なし")]
    fn caption_follows_the_figures(#[case] figures: &[i64], #[case] expected: &str) {
        assert_eq!(streak(figures).map(|streak| streak.text("年")).as_deref(), Some(expected));
    }

    #[test]
    fn one_figure_has_no_streak() {
        assert_eq!(streak(&[5]), None);
    }
}
