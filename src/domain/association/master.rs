//! From the rows of a master to bodies that are checked.

use super::MasterRow;
use super::check::check_map;
use super::directory::Associations;
use super::fault::MasterError;
use super::gather::{Places, gather};
use super::tree::check_tree;

impl Associations {
    /// Brings the rows of a master to bodies, orders and checks them. The order of rows does not matter.
    ///
    /// # Errors
    /// [`MasterError`] with what contradicts the rest, and the index of its row in `rows`.
    pub fn new(rows: Vec<MasterRow>) -> Result<Self, MasterError> {
        Self::gathered(rows).map(|(all, _)| all)
    }

    /// As [`Self::new`], and the master is a tree (R30): local bodies under their prefecture, prefectures under the national
    /// body. Masters that were taken in before this was asked are read without it.
    ///
    /// # Errors
    /// [`MasterError`] with what contradicts the rest, and the index of its row in `rows`.
    pub fn tree(rows: Vec<MasterRow>) -> Result<Self, MasterError> {
        let (all, places) = Self::gathered(rows)?;
        check_tree(&all, &places)?;
        Ok(all)
    }

    fn gathered(rows: Vec<MasterRow>) -> Result<(Self, Places), MasterError> {
        let (bodies, places) = gather(rows)?;
        let all = Self::indexed(bodies);
        check_map(&all, &places)?;
        Ok((all, places))
    }
}
