//! Bodies that definitions name, held against an association master. Definitions are read before there is a master, so
//! this is asked apart from reading them.

use super::class_schemes::{self, class_schemes};
use super::error::{DefinitionError, kept};
use super::folder::DefinitionFolder;
use super::source::Source;
use super::statistics::{self, seats};
use crate::domain::association::{Associations, Tier};
use crate::domain::fault::Fault;
use crate::domain::seats::Electors;

/// Checks that the bodies whose delegates are counted (`seats.toml`) are in the master, and of the tier that the electors
/// ask for: a house that nobody knows would have no table, and nobody would miss it.
///
/// # Errors
/// [`DefinitionError`] naming each body that is unknown or of another tier, and what is wrong in the file itself.
pub fn check_seats(folder: &DefinitionFolder, associations: &Associations) -> Result<(), DefinitionError> {
    let text = statistics::seats_text(folder)?;
    let mut source = Source::new(statistics::SEATS, &text);
    for (nth, table) in seats(&text)?.iter().enumerate() {
        let key = format!("tables[{nth}].body");
        let tier = match table.electors {
            Electors::NationalByPrefecture => Tier::National,
            Electors::LocalByBody => Tier::Prefectural,
        };
        match associations.by_code(&table.body) {
            None => {
                let codes = associations.of_tier(tier).map(|body| body.code.clone()).collect();
                source.refuse(key, Fault::BodyNotInMaster(table.body.clone(), codes));
            }
            Some(body) if body.tier != tier => {
                source.refuse(key, Fault::BodyOfOtherTier(table.body.clone(), tier.code().into()));
            }
            Some(_) => {}
        }
    }
    source.done(())
}

/// Checks all definitions that name bodies: [`check_seats`], and the bodies and prefectures of class schemes.
///
/// # Errors
/// [`DefinitionError`] with everything that the master does not have.
pub fn check_bodies(folder: &DefinitionFolder, associations: &Associations) -> Result<(), DefinitionError> {
    let mut faults = Vec::new();
    kept(check_seats(folder, associations), &mut faults);
    let text = class_schemes::text(folder)?;
    let mut source = Source::new(class_schemes::FILE, &text);
    for (nth, scheme) in class_schemes(folder)?.schemes.iter().enumerate() {
        for (at, code) in scheme.bodies.iter().enumerate().filter(|(_, code)| associations.by_code(code).is_none()) {
            let codes = associations.iter().map(|body| body.code.clone()).collect();
            source.refuse(format!("schemes[{nth}].bodies[{at}]"), Fault::BodyNotInMaster(code.clone(), codes));
        }
        let has_body = |code: &String| associations.of_tier(scheme.tier).any(|body| body.prefecture == *code);
        for (at, code) in scheme.prefectures.iter().enumerate().filter(|(_, code)| !has_body(code)) {
            source
                .refuse(format!("schemes[{nth}].prefectures[{at}]"), Fault::BodyNotInMaster(code.clone(), Vec::new()));
        }
    }
    kept(source.done(()), &mut faults);
    if faults.is_empty() { Ok(()) } else { Err(DefinitionError { faults }) }
}
