//! All routes: who may open what. Another page is another line here, and one in `nav` if it is to be told of.

use std::sync::LazyLock;

use anyhow::Result;
use axum::http::header;
use axum::response::IntoResponse;

use super::answer::Answer;
use super::factor::{OFFER, PICTURE};
use super::frame::STYLE;
use super::kept_forms::AGAIN;
use super::login::CODE;
use super::nav::{ACCOUNT, ADJUSTMENTS, FACTOR, FILES, MEETINGS, OPENED, PERSON, PERSONS, QUESTION};
use super::route::Verb::{Get, Post};
use super::route::{Asked, Route};
use super::{
    adjusting, again, asking, distributions, factor, giving, login, meetings, own, papers, password, person, received,
    start,
};
use crate::domain::access::Need;
use crate::domain::account::Stage;

/// All routes.
pub(super) static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    vec![
        Route::open(Get, "/style.css", |asked| Box::pin(style(asked))),
        Route::open(Get, "/login", |asked| Box::pin(login::show(asked))),
        Route::open(Post, "/login", |asked| Box::pin(login::send(asked))),
        Route::open(Get, CODE, |asked| Box::pin(login::ask_code(asked))),
        Route::open(Post, CODE, |asked| Box::pin(login::send_code(asked))),
        Route::of(Post, "/logout", Need::Login, |visit| Box::pin(login::leave(visit))).from(Stage::FirstPassword),
        Route::of(Get, "/password", Need::Login, |visit| Box::pin(password::show(visit))).from(Stage::FirstPassword),
        Route::of(Post, "/password", Need::Login, |visit| Box::pin(password::send(visit))).from(Stage::FirstPassword),
        Route::of(Get, FACTOR, Need::Login, |visit| Box::pin(factor::show(visit))).from(Stage::WithoutFactor),
        Route::of(Post, FACTOR, Need::Login, |visit| Box::pin(factor::set_up(visit))).from(Stage::WithoutFactor),
        Route::of(Post, OFFER, Need::Login, |visit| Box::pin(factor::offer(visit))).from(Stage::WithoutFactor),
        Route::of(Get, PICTURE, Need::Login, |visit| Box::pin(factor::picture(visit))).from(Stage::WithoutFactor),
        Route::of(Get, QUESTION, Need::Numbers, |visit| Box::pin(asking::show(visit))),
        Route::of(Get, "/question.csv", Need::Numbers, |visit| Box::pin(asking::csv(visit))),
        Route::of(Get, "/question.xlsx", Need::Numbers, |visit| Box::pin(asking::workbook(visit))),
        Route::of(Get, PERSON, Need::Persons, |visit| Box::pin(person::show(visit))),
        Route::of(Post, PERSON, Need::Persons, |visit| Box::pin(person::look_for(visit))),
        Route::of(Get, PERSONS, Need::Persons, |visit| Box::pin(person::list(visit))),
        Route::of(Get, ACCOUNT, Need::Login, |visit| Box::pin(own::account(visit))),
        Route::of(Post, ACCOUNT, Need::Login, |visit| Box::pin(own::end_others(visit))),
        Route::of(Get, OPENED, Need::Administer, |visit| Box::pin(own::opened(visit))),
        Route::of(Get, FILES, Need::Make, |visit| Box::pin(giving::list::show(visit))),
        Route::giving(FILES, Need::Make, |visit, upload| Box::pin(giving::receive::send(visit, upload))),
        Route::of(Post, "/files/ask", Need::Make, |visit| Box::pin(giving::receive::ask(visit))),
        Route::of(Get, "/files/check", Need::Make, |visit| Box::pin(giving::decide::show(visit))),
        Route::of(Post, "/files/check", Need::Make, |visit| Box::pin(giving::decide::again(visit))),
        Route::of(Post, "/files/headings", Need::Make, |visit| Box::pin(giving::headings::say(visit))),
        Route::of(Post, "/files/take", Need::Make, |visit| Box::pin(giving::decide::take(visit))),
        Route::of(Get, "/files/rejects.xlsx", Need::Make, |visit| Box::pin(giving::decide::rejects(visit))).patient(),
        Route::of(Get, "/files/back", Need::Make, |visit| Box::pin(giving::back::show(visit))).patient(),
        Route::of(Post, "/files/back", Need::Make, |visit| Box::pin(giving::back::take(visit))).patient(),
        Route::of(Get, ADJUSTMENTS, Need::Make, |visit| Box::pin(adjusting::show(visit))),
        Route::of(Get, "/adjustments/new", Need::Make, |visit| Box::pin(adjusting::show_new(visit))),
        Route::of(Post, "/adjustments/new", Need::Make, |visit| Box::pin(adjusting::send(visit))),
        Route::of(Get, "/adjustments/back", Need::Make, |visit| Box::pin(adjusting::show_back(visit))),
        Route::of(Post, "/adjustments/back", Need::Make, |visit| Box::pin(adjusting::send_back(visit))),
        Route::of(Get, MEETINGS, Need::Make, |visit| Box::pin(meetings::show(visit))),
        Route::of(Post, MEETINGS, Need::Make, |visit| Box::pin(meetings::make(visit))),
        Route::of(Get, "/meetings/one", Need::Make, |visit| Box::pin(meetings::show_one(visit))),
        Route::of(Get, "/meetings/file", Need::Make, |visit| Box::pin(meetings::file(visit))),
        Route::of(Get, "/meetings/pack", Need::Make, |visit| Box::pin(meetings::pack(visit))),
        Route::giving("/meetings/files", Need::Make, |visit, upload| Box::pin(meetings::put(visit, upload))),
        Route::of(Post, "/meetings/remove", Need::Make, |visit| Box::pin(meetings::remove(visit))),
        Route::of(Post, "/meetings/build", Need::Make, |visit| Box::pin(meetings::build(visit))).patient(),
        Route::of(Get, "/papers", Need::Numbers, |visit| Box::pin(papers::show(visit))),
        Route::of(Get, "/papers/file", Need::Numbers, |visit| Box::pin(papers::send(visit))),
        Route::of(Get, "/received", Need::Numbers, |visit| Box::pin(received::show(visit))),
        Route::of(Get, "/received/file", Need::Numbers, |visit| Box::pin(received::send(visit))),
        Route::of(Get, "/distributions", Need::Desk, |visit| Box::pin(distributions::show(visit))),
        Route::of(Get, "/distributions/file", Need::Desk, |visit| Box::pin(distributions::file(visit))),
        Route::of(Get, "/distributions/lacking", Need::Desk, |visit| Box::pin(distributions::lacking(visit))),
        Route::of(Post, "/distributions/prepare", Need::Make, |visit| Box::pin(distributions::prepare(visit))),
        Route::of(Post, "/distributions/approve", Need::Approve, |visit| Box::pin(distributions::approve(visit))),
        Route::of(Post, "/distributions/withdraw", Need::Desk, |visit| Box::pin(distributions::withdraw(visit))),
        Route::of(Post, "/distributions/send", Need::Make, |visit| Box::pin(distributions::send(visit))),
        Route::of(Post, "/distributions/settle", Need::Make, |visit| Box::pin(distributions::settle(visit))),
        Route::of(Get, AGAIN, Need::Login, |visit| Box::pin(again::show(visit))),
        Route::of(Get, "/", Need::Login, |visit| Box::pin(start::show(visit))),
    ]
});

/// The style sheet; its address tells its content, so that it may be kept for good.
async fn style(_: Asked) -> Result<Answer> {
    let kept = "public, max-age=31536000, immutable";
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, kept)];
    Ok((headers, STYLE).into_response().into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::nav::PLACES;
    use super::super::route::Gate;
    use super::*;
    use crate::domain::access::{Access, AccessArea, LentRight, Role, TierSet};
    use crate::domain::account::{Account, FactorRule};
    use crate::domain::association::Tier;
    use crate::written::day;

    /// All kinds of accounts: role × area × tiers × persons × lent.
    fn accounts() -> Vec<Access> {
        let areas =
            [AccessArea::Everywhere, AccessArea::Prefecture("11".into()), AccessArea::Association("11-001".into())];
        let lent = LentRight { area: AccessArea::Prefecture("13".into()), until: day("2026-03-31"), persons: true };
        let mut out = Vec::new();
        for role in Role::ALL {
            for area in &areas {
                for tiers in [&Tier::ALL[..], &Tier::ALL[..2], &Tier::ALL[..1]] {
                    for persons in [false, true] {
                        for lent in [vec![], vec![lent.clone()]] {
                            out.extend(Access::new(role, area.clone(), TierSet::of(tiers), persons, lent));
                        }
                    }
                }
            }
        }
        out
    }

    /// What is declared, told a second time and without [`Access::may`].
    fn is_allowed(need: Need, role: Role, persons: bool) -> bool {
        match need {
            Need::Nothing | Need::Login | Need::Numbers => true,
            Need::Persons => persons,
            Need::Desk => [Role::Maker, Role::Approver].contains(&role),
            Need::Make => role == Role::Maker,
            Need::Approve => role == Role::Approver,
            Need::Administer => role == Role::Administrator,
        }
    }

    #[test]
    fn every_account_may_open_what_is_declared_and_nothing_else() {
        let accounts = accounts();
        assert_eq!(accounts.len(), Role::ALL.len() * (3 + 2 + 2) * 2 * 2);
        for need in Need::ALL {
            let declared = Route::of(Get, "/of-test", need, |_| unreachable!("it is not called"));
            for route in ROUTES.iter().chain([&declared]) {
                for access in &accounts {
                    let expected = match is_allowed(route.need(), access.role(), access.persons()) {
                        true => Gate::Pass,
                        false => Gate::Refused,
                    };
                    assert_eq!(route.gate(Some((access, Stage::Ready))), expected, "{} {access:?}", route.name());
                }
            }
            assert_eq!(declared.gate(None), Gate::LogIn, "{need:?}: a page for accounts is shown to nobody else");
        }
    }

    /// What nobody may open without an account, told once more: a page that joins it is looked at twice.
    #[test]
    fn pages_for_anybody_are_these() {
        let open: Vec<String> = ROUTES.iter().filter(|route| route.gate(None) == Gate::Pass).map(Route::name).collect();
        assert_eq!(open, ["GET /style.css", "GET /login", "POST /login", "GET /login/code", "POST /login/code"]);
    }

    /// What an account may open before it is ready, in every role and whatever else it may.
    #[test]
    fn accounts_that_are_not_ready_open_these() {
        let password = ["POST /logout", "GET /password", "POST /password"];
        let factor =
            ["GET /second-factor", "POST /second-factor", "POST /second-factor/offer", "GET /second-factor/code.svg"];
        for (stage, expected, gate) in [
            (Stage::FirstPassword, password.to_vec(), Gate::ChangePassword),
            (Stage::WithoutFactor, [&password[..], &factor[..]].concat(), Gate::SetUpFactor),
        ] {
            for access in &accounts() {
                for route in ROUTES.iter().filter(|route| route.gate(None) != Gate::Pass) {
                    let expected = if expected.contains(&route.name().as_str()) { Gate::Pass } else { gate };
                    assert_eq!(route.gate(Some((access, stage))), expected, "{} {stage:?} {access:?}", route.name());
                }
            }
        }
    }

    /// The roles that must have a second factor, told once more.
    #[test]
    fn second_factor_is_asked_of_two_roles() {
        for access in accounts() {
            let must = [Role::Approver, Role::Administrator].contains(&access.role());
            let of = |factor: bool, first: bool| {
                let at = "2026-02-01T00:00:00Z".parse().expect("an instant");
                let second_factor_at = factor.then_some(at);
                let (login, name, access) = ("a".into(), "a".into(), access.clone());
                let (must_change, disabled_at) = (first, None);
                Account { login, name, access, must_change, made_at: at, disabled_at, second_factor_at }
            };
            let expected = if must { Stage::WithoutFactor } else { Stage::Ready };
            assert_eq!(of(false, false).stage(FactorRule::ByRole), expected);
            assert_eq!(of(true, false).stage(FactorRule::ByRole), Stage::Ready);
            assert_eq!(of(false, false).stage(FactorRule::Nobody), Stage::Ready);
            assert_eq!(of(false, true).stage(FactorRule::ByRole), Stage::FirstPassword);
        }
    }

    #[test]
    fn routes_are_declared_once_and_places_are_routes() {
        let names: BTreeSet<String> = ROUTES.iter().map(Route::name).collect();
        assert_eq!(names.len(), ROUTES.len());
        for (href, label, need) in PLACES {
            let route = ROUTES.iter().find(|route| route.verb() == Get && route.path() == *href);
            assert_eq!(route.map(Route::need), Some(*need), "{label}");
        }
    }
}
