//! What must hold between the cells of a finished table before it is printed.
//!
//! A builder declares it with the table; the publish gate asks `Table::failed_checks` and prints nothing while one is
//! left. What several tables say of one figure is compared by `claim`. This module knows neither where a figure came from
//! nor how it is drawn; it never repairs one.

use super::printed_figure::{Figure, PrintedFigure};

/// The promises of one table. The default promises nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableCheck {
    /// Keys of columns whose body rows add up to each subtotal below them and to the total.
    pub additive: Vec<String>,
    /// Identities that hold in every row.
    pub identities: Vec<Identity>,
    /// The figure that the list must be as long as, where no table prints it.
    pub listed: Option<Listed>,
    /// Which figures its cells are, for those that other tables may print too.
    pub claims: Vec<PrintedFigure>,
    /// Whether the office wrote the table itself: whom it names is the word of the office, in papers for others too.
    pub is_of_office: bool,
}

impl TableCheck {
    /// Columns that add up downwards.
    pub fn additive<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self { additive: keys.into_iter().map(str::to_string).collect(), ..Self::default() }
    }

    /// The same promises, and which figures the cells of rows are: `columns` names those of a row, by the keys of their
    /// columns.
    pub fn claiming(
        mut self,
        rows: impl IntoIterator<Item = (usize, Figure)>,
        columns: impl Fn(&Figure) -> Vec<(String, Figure)>,
    ) -> Self {
        for (row, figure) in rows {
            self.claims
                .extend(columns(&figure).into_iter().map(|(key, figure)| PrintedFigure::cell(row, &key, figure)));
        }
        self
    }

    /// The same promises and one identity more.
    pub fn with(mut self, identity: Identity) -> Self {
        self.identities.push(identity);
        self
    }
}

/// A column that the others of a row add up to, such as 期末 = 期首 + 入会 − 退会.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Key of the column with the sum.
    pub sum: String,
    /// Keys that are added.
    pub plus: Vec<String>,
    /// Keys that are taken away.
    pub minus: Vec<String>,
}

impl Identity {
    /// `sum` = all of `plus` − all of `minus`.
    pub fn new<'k>(
        sum: &str,
        plus: impl IntoIterator<Item = &'k str>,
        minus: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let owned = |key: &str| key.to_string();
        Self {
            sum: sum.to_string(),
            plus: plus.into_iter().map(owned).collect(),
            minus: minus.into_iter().map(owned).collect(),
        }
    }
}

/// A figure elsewhere that counts the body rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The figure.
    pub figure: i64,
    /// Where it stands, in words.
    pub what: String,
}
