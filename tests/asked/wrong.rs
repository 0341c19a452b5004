//! Every field wrong in every way: each is told beside its field, and nothing typed is lost.

use kaiin::messages::Lang;
use kaiin::service::asked::{AskedText, Field, Viewer};
use rstest::rstest;

use super::site::Site;
use crate::cli::samples::Sample;

#[rstest]
#[case::no_such_day("on=2025-02-29", Field::On, "ASK-001", "2025年2月は28日まで")]
#[case::no_such_month("on=令和7年13月", Field::On, "ASK-001", "13月はありません")]
#[case::year_zero("on=令和0年1月1日", Field::On, "ASK-001", "令和0年はありません")]
#[case::era_over("on=平成99年1月1日", Field::On, "ASK-001", "平成は2019年4月30日まで")]
#[case::month_without_day("on=2025-12", Field::On, "ASK-001", "日がありません")]
#[case::no_day_at_all("on=いつか", Field::On, "ASK-001", "いつか")]
#[case::script("on=<script>", Field::On, "ASK-001", "<script>")]
#[case::known_is_no_day("known=きのうの夜", Field::Known, "ASK-002", "きのうの夜")]
#[case::known_ahead("on=2025-12-01&known=2026-03-01", Field::Known, "ASK-003", "まだ来ていない")]
#[case::both_swapped("on=2025-12-31&known=2099-12-31", Field::Known, "ASK-003", "2099-12-31")]
#[case::known_before_everything("on=2025-12-01&known=2020-01-01", Field::Known, "ASK-004", "2025-09-30")]
#[case::known_after_the_newest("on=2025-12-01&known=2026-01-15", Field::Known, "ASK-005", "2025-12-31")]
#[case::known_four("known=2025-09-30&known=2025-10-31&known=2025-11-30&known=2025-12-31", Field::Known, "ASK-006", "4")]
#[case::known_twice("known=2025-12-31&known=R7.12.31", Field::Known, "ASK-007", "二度")]
#[case::tier("tier=市", Field::Tier, "ASK-010", "市")]
#[case::prefecture("prefecture=99", Field::Prefecture, "ASK-011", "99")]
#[case::prefecture_name("prefecture=さいたま府", Field::Prefecture, "ASK-011", "さいたま府")]
#[case::body("body=ほげ医師会", Field::Body, "ASK-012", "ほげ医師会")]
#[case::near("body=浦話", Field::Body, "ASK-012", "浦話")]
#[case::code("body=11-999", Field::Body, "ASK-012", "11-999")]
#[case::class("class=丙", Field::Class, "ASK-014", "丙")]
#[case::by("by=血液型", Field::By, "ASK-015", "血液型")]
#[case::tier_of_another_body("body=11-001&tier=national", Field::Tier, "ASK-016", "浦和")]
#[case::prefecture_of_another_body("body=P11&prefecture=11&tier=日医", Field::Tier, "ASK-016", "埼玉県")]
#[case::national_body_of_a_prefecture("body=JMA&prefecture=11", Field::Prefecture, "ASK-017", "日医")]
#[case::strange("asof=2025-12-01", Field::Whole, "ASK-018", "asof")]
#[case::twice("on=2025-12-01&on=2025-12-02", Field::Whole, "ASK-019", "on")]
#[case::page("on=2025-12-01&page=0", Field::Page, "ASK-023", "0")]
#[case::page_far_away("on=2025-12-01&body=11-001&page=999", Field::Page, "ASK-023", "999")]
#[case::page_beyond_numbers("on=2025-12-01&page=99999999999999999999999", Field::Page, "ASK-023", "9999")]
fn fault_stands_beside_its_field(#[case] query: &str, #[case] field: Field, #[case] code: &str, #[case] said: &str) {
    let site = Site::of(&Sample::saitama());
    let viewer = Viewer::of_everything();
    let faults = site.faults(query, &viewer);
    let fault = faults.iter().find(|fault| fault.field == field).unwrap_or_else(|| panic!("{faults:?}"));
    assert_eq!(fault.code, code);
    assert!(fault.text(Lang::Ja).contains(said), "{}", fault.text(Lang::Ja));
    for lang in [Lang::Ja, Lang::En] {
        assert!(!fault.remedy(lang).is_empty() && !fault.text(lang).contains('{'), "{}", fault.text(lang));
    }
    let page = site.page(query, &viewer);
    assert!(page.contains(code), "the page tells the code");
    assert!(!page.contains("<script>"), "what was typed is text");
}

#[test]
fn several_fields_are_wrong_at_once_and_keep_what_was_typed() {
    let site = Site::of(&Sample::saitama());
    let query = "on=2025-02-29&known=夕べ&tier=村&prefecture=琉球&body=浦話&class=丁&by=星座&by=class&number=XYZ";
    let faults = site.faults(query, &Viewer::of_everything());
    let fields: Vec<Field> = faults.iter().map(|fault| fault.field).collect();
    let all = [Field::On, Field::Known, Field::Tier, Field::Prefecture, Field::Body, Field::Class, Field::By];
    assert_eq!(fields, all);
    let page = site.page(query, &Viewer::of_everything());
    for value in ["2025-02-29", "夕べ", "村", "琉球", "浦話", "丁", "星座", "XYZ"] {
        assert!(page.contains(&format!("value=\"{value}\"")), "{value} is still there");
    }
    assert!(page.contains("value=\"class\" checked"), "what was right is still ticked");
    for id in ["on", "known-1", "tier", "prefecture", "body", "class", "by"] {
        assert!(page.contains(&format!("id=\"{id}-wrong\"")), "the fault of {id} stands beside it");
        assert!(page.contains(&format!("{id}-wrong\"")), "and is tied to it");
    }
}

#[test]
fn suggestions_are_made() {
    let site = Site::of(&Sample::saitama());
    let reading = site.faults("body=うらわ", &Viewer::of_everything());
    assert!(reading[0].text(Lang::Ja).contains("浦和（11-001）"), "a reading is answered with the body");
    let fault = &site.faults("body=川越", &Viewer::of_everything())[0];
    assert!(fault.text(Lang::Ja).contains("のことではありませんか"), "{}", fault.text(Lang::Ja));
    assert!(fault.text(Lang::En).contains("meant"), "{}", fault.text(Lang::En));
}

#[test]
fn nothing_asked_is_a_form() {
    let site = Site::of(&Sample::saitama());
    assert!(AskedText::of_query("").is_empty());
    let page = site.page("", &Viewer::of_everything());
    assert!(page.contains("<form") && !page.contains("答えの番号 <strong"));
    assert!(page.contains("<option value=\"浦和（11-001）\">"), "bodies are suggested");
    // What is suggested is understood.
    assert_eq!(site.answer("on=2025-12-01&body=浦和（11-001）"), site.answer("on=2025-12-01&body=11-001"));
}
