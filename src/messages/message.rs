//! Messages by code, with their words filled in.

use super::accounts::ACCOUNTS;
use super::asked::ASKED;
use super::backups::BACKUPS;
use super::catalogue::CATALOGUE;
use super::doctor::DOCTOR;
use super::entry::Entry;
use super::giving::GIVING;
use super::incidents::INCIDENTS;
use super::jobs::JOBS;
use super::lang::Lang;
use super::meetings::MEETINGS;
use super::persons::PERSONS;
use super::publish::PUBLISH;
use super::purge::PURGE;
use super::serving::SERVING;
use super::today::TODAY;

/// Message and remedy of a code in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What is wrong.
    pub text: String,
    /// What to do about it; may be empty.
    pub remedy: String,
}

/// The message of a code. An unknown code (a defect that a test guards against) shows the detail alone.
pub fn message(code: &str, lang: Lang, detail: &str) -> Message {
    let Some(entry) = entries().find(|entry| entry.code == code) else {
        return Message { text: detail.to_string(), remedy: String::new() };
    };
    let (text, remedy) = match lang {
        Lang::Ja => entry.ja,
        Lang::En => entry.en,
    };
    Message { text: text.replace("{}", detail), remedy: remedy.replace("{}", detail) }
}

/// The message of a code whose text leaves several words open, `{0}` or `{}` being the first.
pub fn message_of(code: &str, lang: Lang, words: &[String]) -> Message {
    let empty = message(code, lang, words.first().map_or("", String::as_str));
    let filled = |text: String| {
        let numbered = words.iter().enumerate();
        numbered.fold(text, |text, (nth, word)| text.replace(&format!("{{{nth}}}"), word))
    };
    Message { text: filled(empty.text), remedy: filled(empty.remedy) }
}

/// All codes of the catalogue.
pub fn codes() -> impl Iterator<Item = &'static str> {
    entries().map(|entry| entry.code)
}

fn entries() -> impl Iterator<Item = &'static Entry> {
    let tables = [
        CATALOGUE, ACCOUNTS, ASKED, PERSONS, MEETINGS, PUBLISH, JOBS, DOCTOR, BACKUPS, PURGE, SERVING, TODAY,
        INCIDENTS, GIVING,
    ];
    tables.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::audit::AuditCode;
    use crate::domain::finding::FindingCode;
    use crate::domain::problem::Problem;

    #[test]
    fn every_problem_and_finding_has_both_languages() {
        let codes = Problem::ALL
            .iter()
            .map(|problem| problem.code())
            .chain(FindingCode::ALL.iter().map(|finding| finding.code()))
            .chain(AuditCode::ALL.iter().map(|code| code.code()));
        for code in codes {
            let entry = entries().find(|entry| entry.code == code);
            let entry = entry.unwrap_or_else(|| panic!("{code} has no message"));
            for (text, remedy) in [entry.ja, entry.en] {
                assert!(!text.is_empty() && !remedy.is_empty(), "{code} lacks a text or a remedy");
            }
        }
    }

    /// Faults carry words, so that there is no list of them; their codes are read from where they are given.
    #[test]
    fn every_fault_has_its_text_and_every_text_its_fault() {
        let of_source = |source: &'static str, start: &str| -> BTreeSet<&'static str> {
            source.split('"').filter(|part| part.starts_with(start)).collect()
        };
        let mut given = of_source(include_str!("../domain/fault.rs"), "DEF-0");
        given.extend(of_source(include_str!("../domain/value_kind.rs"), "DEF-0"));
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("DEF-")).collect();
        assert_eq!(given, written);
        let mut of_meetings = of_source(include_str!("../domain/meeting/fault.rs"), "MTG-");
        of_meetings.extend(of_source(include_str!("../service/meetings/calendar.rs"), "MTG-07"));
        let told = codes().filter(|code| code.starts_with("MTG-") && *code > "MTG-009").collect();
        assert_eq!(of_meetings, told);
        for code in written.into_iter().chain(of_meetings) {
            let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message_of(code, lang, &["①", "②", "③"].map(String::from)));
            assert!(!ja.text.contains('{') && !en.remedy.contains('{'), "{code} leaves a word open");
            for word in ['①', '②', '③'] {
                assert_eq!(ja.text.contains(word), en.text.contains(word), "{code} says {word} in one language only");
            }
        }
    }

    /// Codes of backups are given in a few files; each is read from where it is given.
    #[test]
    fn every_code_of_backups_has_its_texts_and_every_text_is_given() {
        let sources = [
            include_str!("../service/keep/restored.rs"),
            include_str!("../service/questions/backup/make.rs"),
            include_str!("../service/questions/backup/manifest.rs"),
            include_str!("../service/questions/backup/plan.rs"),
            include_str!("../service/questions/backup/proof.rs"),
            include_str!("../service/questions/backup/restore.rs"),
            include_str!("../service/questions/backup/room.rs"),
            include_str!("../service/questions/backup/unpacked.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("BAK-") && part.len() == 7).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("BAK-")).collect();
        assert_eq!(given, written);
        for code in written {
            for lang in [Lang::Ja, Lang::En] {
                let told = message_of(code, lang, &["①", "②"].map(String::from));
                let is_full = !told.text.is_empty() && !told.remedy.is_empty();
                assert!(is_full && !told.text.contains('{') && !told.remedy.contains('{'), "{code}");
            }
        }
    }

    /// The same of what is removed.
    #[test]
    fn every_code_of_purges_has_its_texts_and_every_text_is_given() {
        let sources = [
            include_str!("../service/purge/run.rs"),
            include_str!("../service/purge/raw_files.rs"),
            include_str!("../service/keep/removed_files.rs"),
            include_str!("../service/intake/import/removed.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("PRG-") && part.len() == 7).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("PRG-")).collect();
        assert_eq!(given, written);
    }

    /// The same of what is said about papers on their way.
    #[test]
    fn every_code_of_distributions_has_its_texts_and_every_text_is_given() {
        let sources = [
            include_str!("../domain/fault.rs"),
            include_str!("../domain/value_kind.rs"),
            include_str!("../service/keep/mail_server.rs"),
            include_str!("../service/publish/approve.rs"),
            include_str!("../service/publish/mailing.rs"),
            include_str!("../service/publish/manifest.rs"),
            include_str!("../service/publish/mark.rs"),
            include_str!("../service/publish/overview.rs"),
            include_str!("../service/publish/prepare.rs"),
            include_str!("../service/publish/proof.rs"),
            include_str!("../service/publish/recipients.rs"),
            include_str!("../service/publish/send.rs"),
            include_str!("../service/publish/settle.rs"),
            include_str!("../service/publish/words.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("PUB-") && part.len() == 7).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("PUB-")).collect();
        assert_eq!(given, written);
        for code in written {
            for lang in [Lang::Ja, Lang::En] {
                let told = message_of(code, lang, &["①"].map(String::from));
                let is_full = !told.text.is_empty() && !told.remedy.is_empty();
                assert!(is_full && !told.text.contains('{') && !told.remedy.contains('{'), "{code}");
            }
        }
    }

    /// What `kaiin doctor` says is told by codes, which are read from where they are given.
    #[test]
    fn everything_that_doctor_says_has_a_text_and_a_remedy_unless_it_is_well() {
        let sources = [
            include_str!("../service/doctor/clock.rs"),
            include_str!("../service/doctor/definitions.rs"),
            include_str!("../service/doctor/fonts.rs"),
            include_str!("../service/doctor/inbox.rs"),
            include_str!("../service/doctor/mail.rs"),
            include_str!("../service/doctor/mod.rs"),
            include_str!("../service/doctor/places.rs"),
            include_str!("../service/doctor/store.rs"),
            include_str!("../jobs/condition.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("DOC-")).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("DOC-")).collect();
        assert_eq!(given, written);
        for code in written {
            let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message_of(code, lang, &["①", "②", "③"].map(String::from)));
            assert_eq!(ja.remedy.is_empty(), en.remedy.is_empty(), "{code} has a remedy in one language only");
            assert!(!ja.text.contains('{') && !en.text.contains('{'), "{code} leaves a word open");
            for word in ['①', '②', '③'] {
                assert_eq!(ja.text.contains(word), en.text.contains(word), "{code} says {word} in one language only");
            }
        }
    }

    /// What `kaiin` alone says is told by codes, which are read from where they are given; each comes with the command to type.
    #[test]
    fn everything_to_do_has_its_texts_and_its_command() {
        let sources = [
            include_str!("../service/today/distributions.rs"),
            include_str!("../service/today/exports.rs"),
            include_str!("../service/today/inbox.rs"),
            include_str!("../service/today/look.rs"),
            include_str!("../service/today/next_meeting.rs"),
            include_str!("../jobs/to_do.rs"),
            include_str!("../cli/today.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("TDY-") && part.len() == 7).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("TDY-")).collect();
        assert_eq!(given, written);
        let words = ["①", "②", "③", "④", "⑤", "⑥"].map(String::from);
        for code in written {
            let [ja, en] = [Lang::Ja, Lang::En].map(|lang| message_of(code, lang, &words));
            for told in [&ja, &en] {
                assert!(!told.text.is_empty() && !told.text.contains('{') && !told.remedy.contains('{'), "{code}");
                assert!(told.remedy.lines().all(|line| line.starts_with("kaiin ")), "{code}: {}", told.remedy);
            }
            // What comes by itself (07…) needs no command.
            assert_eq!(ja.remedy.is_empty(), code.starts_with("TDY-07"), "{code}");
            let commands = |told: &Message| told.remedy.lines().count();
            assert_eq!(commands(&ja), commands(&en), "{code} has a command in one language only");
            for word in &words {
                assert_eq!(ja.text.contains(word), en.text.contains(word), "{code} says {word} in one language only");
                assert_eq!(ja.remedy.contains(word), en.remedy.contains(word), "{code} types {word} in one language");
            }
        }
    }

    /// The same of files that went astray.
    #[test]
    fn everything_that_is_said_of_incidents_has_its_texts() {
        let sources = [
            include_str!("../service/incident/persons.rs"),
            include_str!("../service/incident/resembling.rs"),
            include_str!("../cli/incident.rs"),
            include_str!("../cli/handed_out.rs"),
        ];
        let parts = sources.iter().flat_map(|source| source.split('"'));
        let given: BTreeSet<&str> = parts.filter(|part| part.starts_with("INC-")).collect();
        let written: BTreeSet<&str> = codes().filter(|code| code.starts_with("INC-")).collect();
        assert_eq!(given, written);
        for code in written {
            for lang in [Lang::Ja, Lang::En] {
                let told = message_of(code, lang, &["①".to_string()]);
                assert!(!told.text.is_empty() && !told.text.contains('{') && !told.remedy.contains('{'), "{code}");
                assert_eq!(told.remedy.is_empty(), code.starts_with("INC-01"), "{code}");
            }
        }
    }

    #[test]
    fn codes_stand_once() {
        let mut all: Vec<_> = codes().collect();
        all.sort_unstable();
        let n = all.len();
        all.dedup();
        assert_eq!(all.len(), n);
    }
}
