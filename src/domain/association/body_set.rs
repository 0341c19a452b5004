//! A set of bodies: what a question, a paper or an audit is about.

use super::{Association, Associations, Tier};

/// Bodies of a master, by their place in official order. The set belongs to the master that it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodySet(Vec<bool>);

impl BodySet {
    /// The bodies that `keep` accepts.
    pub fn of(associations: &Associations, keep: impl FnMut(&Association) -> bool) -> Self {
        Self(associations.iter().map(keep).collect())
    }

    /// All bodies.
    pub fn all(associations: &Associations) -> Self {
        Self(vec![true; associations.len()])
    }

    /// The body with this place; none where no body has it.
    pub fn one(associations: &Associations, rank: Option<usize>) -> Self {
        Self((0..associations.len()).map(|other| Some(other) == rank).collect())
    }

    /// Whether the body at a place is in it.
    pub fn has(&self, rank: usize) -> bool {
        self.0.get(rank).copied().unwrap_or(false)
    }

    /// Places of the bodies in it, ascending.
    pub fn ranks(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(rank, _)| rank)
    }

    /// The bodies in it with their places, in official order.
    pub fn bodies<'a>(&'a self, associations: &'a Associations) -> impl Iterator<Item = (usize, &'a Association)> {
        associations.iter().enumerate().filter(|(rank, _)| self.has(*rank))
    }

    /// Whether no body is missing.
    pub fn is_everything(&self) -> bool {
        self.0.iter().all(|is_in| *is_in)
    }

    /// Whether no body is in it.
    pub fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// Those of a tier.
    #[must_use]
    pub fn of_tier(&self, associations: &Associations, tier: Tier) -> Self {
        self.only(associations, |body| body.tier == tier)
    }

    /// Those among them that `keep` accepts.
    #[must_use]
    pub fn only(&self, associations: &Associations, keep: impl Fn(&Association) -> bool) -> Self {
        Self(associations.iter().enumerate().map(|(rank, body)| self.has(rank) && keep(body)).collect())
    }

    /// The same with those that `add` accepts.
    #[must_use]
    pub fn with(&self, associations: &Associations, add: impl Fn(&Association) -> bool) -> Self {
        Self(associations.iter().enumerate().map(|(rank, body)| self.has(rank) || add(body)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::{local, with_top};

    #[test]
    fn sets_are_narrowed_and_widened_by_what_the_master_says() {
        let rows = vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", ""], &[])];
        let master = Associations::new(with_top(rows)).expect("sound");
        let all = BodySet::all(&master);
        assert!(all.is_everything() && !all.is_empty());
        assert_eq!(all.ranks().count(), master.len());
        let local = all.of_tier(&master, Tier::Local);
        let codes: Vec<&str> = local.bodies(&master).map(|(_, body)| body.code.as_str()).collect();
        assert_eq!(codes, ["11-001", "11-002"]);
        let one = local.only(&master, |body| body.code == "11-002");
        assert_eq!(one, BodySet::one(&master, master.iter().position(|body| body.code == "11-002")));
        assert_eq!(one.with(&master, |body| body.tier != Tier::Local).ranks().count(), master.len() - 1);
        assert!(BodySet::one(&master, None).is_empty() && !one.has(master.len()));
    }
}
