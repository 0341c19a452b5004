//! `kaiin account`: who may open pages.

use std::io::{BufRead, IsTerminal, Read};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::context::Context;
use super::dates::date_arg;
use super::output;
use crate::clock::tokyo_day;
use crate::domain::access::{AccessArea, LentRight, Role, TierSet};
use crate::domain::account::Account;
use crate::domain::association::{Associations, Tier};
use crate::domain::mail::Secret;
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::accounts::{Accounts, AreaWish, Enabling, Hashing, LoginName, NewAccount, Reset};

/// Bytes that are read of a password; what is longer is refused by its letters.
const MOST_BYTES: u64 = 4_096;

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// 加える（はじめのパスワードを一度だけ示す。最初のログインで変える）
    Add(AddArgs),
    /// 使えなくする（ログインしていれば、すぐに切れる）
    Disable {
        /// ログイン名
        login: String,
    },
    /// パスワードを新しくし、二要素認証を外す（ログインはすべて切れ、次のログインで変える）
    Reset {
        /// ログイン名
        login: String,
        #[command(flatten)]
        password: PasswordArgs,
        /// 止めたアカウントを、また使えるようにする
        #[arg(long)]
        enable: bool,
    },
    /// ほかの都道府県か医師会の分も見られるようにする（取決め）
    #[command(group = ArgGroup::new("what").required(true).args(["prefecture", "association"]))]
    Lend {
        /// ログイン名
        login: String,
        /// 都道府県（コードか名称）
        #[arg(long, value_name = "CODE|NAME")]
        prefecture: Option<String>,
        /// 医師会とその下（コードか名称）
        #[arg(long, value_name = "CODE|NAME")]
        association: Option<String>,
        /// 取決めの最後の日（その日まで見られる）
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        until: NaiveDate,
        /// 数だけでなく名簿も
        #[arg(long)]
        persons: bool,
    },
    /// 一覧
    List,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("area").required(true).args(["everywhere", "prefecture", "association"]))]
pub(super) struct AddArgs {
    /// ログイン名（半角の英小文字・数字・. _ -、2〜40文字）
    login: String,
    /// 画面に出す氏名（なければログイン名）
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// 役割
    #[arg(long, value_enum)]
    role: RoleArg,
    /// すべての医師会
    #[arg(long)]
    everywhere: bool,
    /// 都道府県（コードか名称）
    #[arg(long, value_name = "CODE|NAME")]
    prefecture: Option<String>,
    /// 医師会とその下（コードか名称）
    #[arg(long, value_name = "CODE|NAME")]
    association: Option<String>,
    /// 階層（なければ、範囲で見られるすべて）
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TIER")]
    tiers: Vec<TierArg>,
    /// 数だけでなく名簿も
    #[arg(long)]
    persons: bool,
    #[command(flatten)]
    password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(super) struct PasswordArgs {
    /// パスワードを標準入力の一行目から読む（なければ無作為に決めて示す）
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleArg {
    /// 見る
    #[value(alias = "閲覧")]
    Reader,
    /// 見る、作る
    #[value(alias = "作成")]
    Maker,
    /// 見る、承認する
    #[value(alias = "承認")]
    Approver,
    /// 見る、アカウントを管理する
    #[value(alias = "管理")]
    Administrator,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum TierArg {
    #[value(alias = "郡市区等")]
    Local,
    #[value(alias = "都道府県")]
    Prefectural,
    #[value(aliases = ["日本医師会", "日医"])]
    National,
}

pub(super) async fn run(context: &Context, command: &AccountCommand) -> Result<ExitCode> {
    let workspace = &context.workspace;
    let accounts = Accounts::open(workspace.folder(), &workspace.config, workspace.clock, Hashing::usual()?).await?;
    let done = run_with(context, &accounts, command).await;
    accounts.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn run_with(context: &Context, accounts: &Accounts, command: &AccountCommand) -> Result<()> {
    match command {
        AccountCommand::Add(args) => add(context, accounts, args).await,
        AccountCommand::Disable { login } => {
            let login = LoginName::expect(login)?;
            accounts.disable(&login).await?;
            told(context, &login, "を止めました", "disabled", None)
        }
        AccountCommand::Reset { login, password, enable } => {
            let login = LoginName::expect(login)?;
            let enabling = if *enable { Enabling::Enable } else { Enabling::Refuse };
            let reset = accounts.reset(&login, password.read()?, enabling).await?;
            told_reset(context, &login, reset)
        }
        AccountCommand::Lend { login, prefecture, association, until, persons } => {
            let login = LoginName::expect(login)?;
            let wish = wish(prefecture.as_ref(), association.as_ref());
            let right = accounts.lend(&context.workspace, &login, &wish, (*until, *persons)).await?;
            let masters = context.workspace.store.associations().await?;
            if context.json {
                return output::json(&json!({ "login": login.as_str(), "lent": lent_json(&right) }));
            }
            let what = area_text(&right.area, &masters, context);
            match context.lang {
                Lang::Ja => say!("{}: {what} を {until} まで見られます", login.as_str()),
                Lang::En => say!("{}: {what} through {until}", login.as_str()),
            }
            Ok(())
        }
        AccountCommand::List => list(context, accounts).await,
    }
}

async fn add(context: &Context, accounts: &Accounts, args: &AddArgs) -> Result<()> {
    let login = LoginName::expect(&args.login)?;
    let tiers: Vec<Tier> = args.tiers.iter().map(|tier| tier.tier()).collect();
    let new = NewAccount {
        login: login.clone(),
        name: args.name.clone().unwrap_or_default(),
        role: args.role.role(),
        area: wish(args.prefecture.as_ref(), args.association.as_ref()),
        tiers: Some(TierSet::of(&tiers)).filter(|tiers| !tiers.is_empty()),
        persons: args.persons,
    };
    let drawn = accounts.add(&context.workspace, new, args.password.read()?).await?;
    told(context, &login, "を加えました", "was added", drawn)
}

/// What was done, and the password that was drawn: this is the only time that it is shown.
fn told(context: &Context, login: &LoginName, ja: &str, en: &str, drawn: Option<Secret>) -> Result<()> {
    let login = login.as_str();
    if context.json {
        return output::json(&json!({ "login": login, "password": drawn.as_ref().map(Secret::reveal) }));
    }
    match context.lang {
        Lang::Ja => say!("アカウント {login} {ja}"),
        Lang::En => say!("account {login} {en}"),
    }
    if let Some(password) = drawn {
        match context.lang {
            Lang::Ja => {
                say!("はじめのパスワード: {}", password.reveal());
                say!(
                    "  この一度しか示しません。本人に、メールではない方法で伝えてください。最初のログインで変えることになります"
                );
            }
            Lang::En => {
                say!("first password: {}", password.reveal());
                say!(
                    "  it is shown this once; hand it over by other means than mail. It is changed at the first login"
                );
            }
        }
    }
    Ok(())
}

/// The same of an account that was set anew, and what became of its second factor.
fn told_reset(context: &Context, login: &LoginName, reset: Reset) -> Result<()> {
    let Reset { drawn, removed_factor } = reset;
    if context.json {
        return output::json(&json!({
            "login": login.as_str(),
            "password": drawn.as_ref().map(Secret::reveal),
            "second_factor_removed": removed_factor,
        }));
    }
    told(context, login, "のパスワードを新しくしました", "has a new password", drawn)?;
    match (context.lang, removed_factor) {
        (Lang::Ja, true) => {
            say!("二要素認証を外しました。スマートフォンの認証アプリの「kaiin」は消して、次のログインで設定し直します");
        }
        (Lang::En, true) => {
            say!("its second factor was removed; delete \"kaiin\" from the app and set it up again at the next login");
        }
        (_, false) => {}
    }
    Ok(())
}

async fn list(context: &Context, accounts: &Accounts) -> Result<()> {
    let all = accounts.list().await?;
    let masters = context.workspace.store.associations().await?;
    let today = tokyo_day(context.workspace.clock.now());
    if context.json {
        return output::json(&all.iter().map(account_json).collect::<Vec<_>>());
    }
    for account in &all {
        let (access, lang) = (&account.access, context.lang);
        let role = if lang == Lang::Ja { access.role().label() } else { access.role().code() };
        let of_tier = |tier: Tier| if lang == Lang::Ja { tier.label() } else { tier.code() };
        let tiers: Vec<&str> = access.tiers().iter().map(of_tier).collect();
        let area = area_text(access.area(), &masters, context);
        let state = match (account.disabled_at.is_some(), account.must_change, lang) {
            (true, _, Lang::Ja) => "（止めてある）",
            (true, _, Lang::En) => " (disabled)",
            (false, true, Lang::Ja) => "（パスワードをまだ変えていない）",
            (false, true, Lang::En) => " (first password)",
            (false, false, _) => "",
        };
        let factor = match (account.second_factor_at.is_some(), lang) {
            (true, Lang::Ja) => "  二要素認証",
            (true, Lang::En) => "  second factor",
            (false, _) => "",
        };
        say!(
            "{}  {}  {role}  {area}  {}  {}{factor}{state}",
            account.login,
            account.name,
            tiers.join(if lang == Lang::Ja { "・" } else { "," }),
            persons_text(access.persons(), lang)
        );
        for right in access.lent() {
            let (what, until) = (area_text(&right.area, &masters, context), right.until);
            let persons = persons_text(right.persons, lang);
            match (lang, today <= until) {
                (Lang::Ja, true) => say!("  取決め: {what}（{persons}）{until} まで"),
                (Lang::Ja, false) => say!("  取決め: {what}（{persons}）{until} で終わり"),
                (Lang::En, true) => say!("  lent: {what} ({persons}) through {until}"),
                (Lang::En, false) => say!("  lent: {what} ({persons}), ended {until}"),
            }
        }
    }
    if all.is_empty() {
        say!(
            "{}",
            if context.lang == Lang::Ja {
                "アカウントはありません。kaiin account add で加えます"
            } else {
                "no accounts; kaiin account add adds one"
            }
        );
    }
    Ok(())
}

fn wish(prefecture: Option<&String>, association: Option<&String>) -> AreaWish {
    match (prefecture, association) {
        (Some(word), _) => AreaWish::Prefecture(word.clone()),
        (None, Some(word)) => AreaWish::Association(word.clone()),
        (None, None) => AreaWish::Everywhere,
    }
}

fn persons_text(persons: bool, lang: Lang) -> &'static str {
    match (persons, lang) {
        (true, Lang::Ja) => "名簿も",
        (true, Lang::En) => "persons",
        (false, Lang::Ja) => "数だけ",
        (false, Lang::En) => "numbers only",
    }
}

/// An area by the name of today, with its code.
fn area_text(area: &AccessArea, associations: &Associations, context: &Context) -> String {
    let today = tokyo_day(context.workspace.clock.now());
    let named = area.name_on(associations, today);
    match (area, context.lang) {
        (AccessArea::Everywhere, Lang::Ja) => "すべて".into(),
        (AccessArea::Everywhere, Lang::En) => "everywhere".into(),
        (other, _) => named.map_or_else(|| other.code().to_string(), |name| format!("{name}（{}）", other.code())),
    }
}

/// The schema that scripts rely on.
fn account_json(account: &Account) -> Value {
    let access = &account.access;
    json!({
        "login": account.login,
        "name": account.name,
        "role": access.role().code(),
        "area": { "kind": access.area().kind(), "code": access.area().code() },
        "tiers": access.tiers().iter().map(Tier::code).collect::<Vec<_>>(),
        "persons": access.persons(),
        "lent": access.lent().iter().map(lent_json).collect::<Vec<_>>(),
        "must_change_password": account.must_change,
        "made_at": account.made_at,
        "disabled_at": account.disabled_at,
        "second_factor_at": account.second_factor_at,
    })
}

fn lent_json(right: &LentRight) -> Value {
    json!({
        "area": { "kind": right.area.kind(), "code": right.area.code() },
        "until": right.until,
        "persons": right.persons,
    })
}

impl PasswordArgs {
    /// The password that was handed over; `None` = one is drawn. Nothing that is typed by hand is read: it would be seen.
    fn read(&self) -> Result<Option<Secret>> {
        if !self.password_stdin {
            return Ok(None);
        }
        let input = std::io::stdin();
        let missing = || Failure::usage("ACC-009", "");
        if input.is_terminal() {
            return Err(missing().into());
        }
        let mut line = String::new();
        // What is no text is no password.
        std::io::BufReader::new(input.lock().take(MOST_BYTES)).read_line(&mut line).map_err(|_| missing())?;
        let password = line.trim_end_matches(['\r', '\n']);
        if password.is_empty() { Err(missing().into()) } else { Ok(Some(Secret::new(password.into()))) }
    }
}

impl RoleArg {
    fn role(self) -> Role {
        match self {
            Self::Reader => Role::Reader,
            Self::Maker => Role::Maker,
            Self::Approver => Role::Approver,
            Self::Administrator => Role::Administrator,
        }
    }
}

impl TierArg {
    fn tier(self) -> Tier {
        match self {
            Self::Local => Tier::Local,
            Self::Prefectural => Tier::Prefectural,
            Self::National => Tier::National,
        }
    }
}
