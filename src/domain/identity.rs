//! Which numbers may be one person (同一人物): candidates only. A merge is confirmed by a person, as an adjustment.
//!
//! A registration number identifies a person (R11), but numbers are mistyped, and a person may be entered twice. The
//! comparison works on keys that the caller has folded (width, blanks); this module does not know spellings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::coded::coded;
use super::ids::{PhysicianId, RegistrationNumber};

/// A person as compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Surrogate id.
    pub physician: PhysicianId,
    /// The number.
    pub number: RegistrationNumber,
    /// Folded kana of the whole name; empty when not given.
    pub kana: String,
    /// Folded kana of the given name: what stays when a family name changes (旧姓).
    pub given_kana: String,
    /// Birth date.
    pub born_on: Option<NaiveDate>,
    /// Folded 卒業年月; empty when not given.
    pub graduated: String,
}

coded! {
    /// Why two numbers may be one person.
    ///
    /// The name says what is alike, and names nobody.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Likeness {
        /// Same kana name and birth date.
        NameAndBirth = "name_and_birth" / "氏名カナと生年月日が同じ",
        /// Same given name, birth date and 卒業年月, another family name (旧姓).
        GivenNameBirthAndGraduation = "given_name_birth_and_graduation" / "名・生年月日・卒業年月が同じで姓が違う",
        /// Numbers that differ in one digit or two swapped digits, and the same birth date or the same kana name.
        NearNumber = "near_number" / "番号が一字違いで、生年月日か氏名カナが同じ",
    }
}

/// Two numbers that may be one person; the first id is the smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// One of the two.
    pub physician: PhysicianId,
    /// The other.
    pub other: PhysicianId,
    /// The strongest reason.
    pub likeness: Likeness,
}

/// All pairs that may be one person, by ids. The order of `persons` does not matter.
pub fn candidates(persons: &[Description]) -> Vec<Candidate> {
    let mut found: BTreeMap<(PhysicianId, PhysicianId), Likeness> = BTreeMap::new();
    let mut note = |a: &Description, b: &Description, likeness: Likeness| {
        let pair = (a.physician.min(b.physician), a.physician.max(b.physician));
        if pair.0 != pair.1 {
            found.entry(pair).and_modify(|known| *known = likeness.min(*known)).or_insert(likeness);
        }
    };
    let by_name = groups(persons, |person| {
        (!person.kana.is_empty()).then_some((person.kana.clone(), String::new(), person.born_on?))
    });
    each_pair(&by_name, |a, b| note(a, b, Likeness::NameAndBirth));
    let by_given_name = groups(persons, |person| {
        let is_reported = !person.given_kana.is_empty() && !person.graduated.is_empty();
        is_reported.then_some((person.given_kana.clone(), person.graduated.clone(), person.born_on?))
    });
    each_pair(&by_given_name, |a, b| note(a, b, Likeness::GivenNameBirthAndGraduation));
    let by_number: BTreeMap<u32, &Description> = persons.iter().map(|person| (person.number.0, person)).collect();
    for (number, person) in &by_number {
        for near in near_numbers(*number).into_iter().filter(|near| near > number) {
            let Some(other) = by_number.get(&near) else { continue };
            let same_birth = person.born_on.is_some() && person.born_on == other.born_on;
            let same_name = !person.kana.is_empty() && person.kana == other.kana;
            if same_birth || same_name {
                note(person, other, Likeness::NearNumber);
            }
        }
    }
    found.into_iter().map(|((physician, other), likeness)| Candidate { physician, other, likeness }).collect()
}

type Key = (String, String, NaiveDate);

fn groups(persons: &[Description], key: impl Fn(&Description) -> Option<Key>) -> BTreeMap<Key, Vec<&Description>> {
    let mut out: BTreeMap<Key, Vec<&Description>> = BTreeMap::new();
    for person in persons {
        if let Some(key) = key(person) {
            out.entry(key).or_default().push(person);
        }
    }
    out
}

fn each_pair<'p>(groups: &BTreeMap<Key, Vec<&'p Description>>, mut each: impl FnMut(&'p Description, &'p Description)) {
    for group in groups.values() {
        for (i, a) in group.iter().enumerate() {
            group[i + 1..].iter().for_each(|b| each(a, b));
        }
    }
}

/// Numbers that a slip of the hand makes of a number: one digit changed, left out or added, two neighbours swapped.
fn near_numbers(number: u32) -> BTreeSet<u32> {
    let digits: Vec<u8> = number.to_string().into_bytes();
    let mut out = BTreeSet::new();
    let mut take = |digits: &[u8]| {
        let text: String = digits.iter().map(|digit| char::from(*digit)).collect();
        out.extend(text.parse::<u32>().ok().filter(|near| *near > 0 && *near != number));
    };
    for i in 0..digits.len() {
        for digit in b'0'..=b'9' {
            let mut changed = digits.clone();
            changed[i] = digit;
            take(&changed);
        }
        let mut left_out = digits.clone();
        left_out.remove(i);
        take(&left_out);
        if i + 1 < digits.len() {
            let mut swapped = digits.clone();
            swapped.swap(i, i + 1);
            take(&swapped);
        }
    }
    for i in 0..=digits.len() {
        for digit in b'0'..=b'9' {
            let mut added = digits.clone();
            added.insert(i, digit);
            take(&added);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: i64, number: u32, kana: &str, born: &str) -> Description {
        Description {
            physician: PhysicianId(id),
            number: RegistrationNumber(number),
            kana: kana.replace(' ', ""),
            given_kana: kana.split(' ').nth(1).unwrap_or_default().into(),
            born_on: born.parse().ok(),
            graduated: "2009-3".into(),
        }
    }

    fn likeness(persons: &[Description]) -> Vec<Likeness> {
        candidates(persons).iter().map(|candidate| candidate.likeness).collect()
    }

    #[test]
    fn same_name_and_birth_is_a_candidate_in_any_order() {
        let two =
            [person(1, 100_001, "シケン タロウ", "1980-01-01"), person(2, 555_555, "シケン タロウ", "1980-01-01")];
        let reversed: Vec<Description> = two.iter().rev().cloned().collect();
        assert_eq!(likeness(&two), [Likeness::NameAndBirth]);
        assert_eq!(candidates(&two), candidates(&reversed));
    }

    #[test]
    fn changed_family_name_is_found_by_given_name_birth_and_graduation() {
        let two = [person(1, 100_001, "シケン ハナ", "1980-01-01"), person(2, 555_555, "レイダイ ハナ", "1980-01-01")];
        assert_eq!(likeness(&two), [Likeness::GivenNameBirthAndGraduation]);
    }

    #[test]
    fn mistyped_number_is_found_and_strangers_are_not() {
        let two =
            [person(1, 123_456, "シケン ハナ", "1980-01-01"), person(2, 123_465, "レイダイ ジロウ", "1980-01-01")];
        assert_eq!(likeness(&two), [Likeness::NearNumber]);
        let strangers =
            [person(1, 123_456, "シケン ハナ", "1980-01-01"), person(2, 987_654, "シケン ハナ", "1981-01-01")];
        assert_eq!(likeness(&strangers), []);
        let unknown = [person(1, 123_456, "", ""), person(2, 987_654, "", "")];
        assert_eq!(likeness(&unknown), []);
    }
}
