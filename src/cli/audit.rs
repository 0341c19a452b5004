//! `kaiin audit`.

use std::collections::HashMap;
use std::fmt::Write;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use super::context::Context;
use super::dates::date_arg;
use super::output;
use crate::domain::as_of::{AsOf, Period, month_end, month_start};
use crate::domain::association::Associations;
use crate::domain::audit::AuditSeverity;
use crate::domain::difference::{DifferenceCause, DifferenceTerms, Sign};
use crate::domain::ids::AssociationId;
use crate::error::{Detail, Failure};
use crate::messages::{Lang, message};
use crate::service::audit;
use crate::service::audit::{AuditKind, AuditRequest, Audited, DifferenceAudit, LinePeople};
use crate::service::keep::export::write_file;
use crate::service::keep::handed_out::HandedFile;
use crate::service::keep::steadily;
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindArg {
    /// 退会（六つの状態、遅れ、取消し・変更、最新の出力に記載のない会員）
    #[value(alias = "退会")]
    Withdrawals,
    /// 遅れて分かった退会・さかのぼった入会と、それが変える公表済みの数字
    #[value(aliases = ["遅れ", "遅れて分かった異動"])]
    Late,
    /// 代理申請（理由、根拠、所在不明の会員の再出現）
    #[value(aliases = ["代理", "代理申請"])]
    Proxy,
    /// 異動（県内、県外、転出後未入会、不要な退会入会、兼務）
    #[value(alias = "異動")]
    Transfers,
    /// 三層の整合（上位だけの会員、退会の連動）
    #[value(aliases = ["三層", "三層の整合", "階層"])]
    Tiers,
    /// MAMISの表示との差異
    #[value(aliases = ["差異", "MAMISとの差異", "MAMISの表示との差異"])]
    MamisDifference,
    /// 申請（保留、承認漏れ、退会取消、会員一覧との食い違い）
    #[value(aliases = ["申請", "退会申請"])]
    Applications,
    /// 調整（効いている調整、出力との食い違い）
    #[value(alias = "調整")]
    Adjustments,
    /// 別の医籍登録番号の同一人物の候補
    #[value(aliases = ["同一人物", "同一人物の候補"])]
    SamePersons,
}

impl From<KindArg> for AuditKind {
    fn from(arg: KindArg) -> Self {
        match arg {
            KindArg::Withdrawals => Self::Withdrawals,
            KindArg::Late => Self::Late,
            KindArg::Proxy => Self::Proxy,
            KindArg::Transfers => Self::Transfers,
            KindArg::Tiers => Self::Tiers,
            KindArg::MamisDifference => Self::MamisDifference,
            KindArg::Applications => Self::Applications,
            KindArg::Adjustments => Self::Adjustments,
            KindArg::SamePersons => Self::SamePersons,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AuditFormat {
    Table,
    Csv,
    Json,
    Xlsx,
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// 監査の種類
    #[arg(value_enum, value_name = "KIND", ignore_case = true)]
    kind: KindArg,
    /// 期間の始まり（省略時は最新の出力の月の初日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    from: Option<NaiveDate>,
    /// 期間の終わり（省略時は最新の出力の月の末日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    to: Option<NaiveDate>,
    /// 基準日（省略時は知識時点）。tiers では、期間がなければこの日だけを見る
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: Option<NaiveDate>,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// この都道府県の医師会だけ（名称かコード、例 埼玉県、11）
    #[arg(long, value_name = "CODE|NAME", conflicts_with = "association")]
    prefecture: Option<String>,
    /// この医師会とその下の医師会だけ（名称かコード、例 浦和、11-001）
    #[arg(long, value_name = "CODE|NAME")]
    association: Option<String>,
    /// 出力の形。氏名と医籍登録番号は csv・json・xlsx だけに入り、画面には出さない
    #[arg(long, value_enum, ignore_case = true)]
    format: Option<AuditFormat>,
    /// 書き出すファイル（xlsx では必ず指定する）
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) async fn run(context: &Context, args: &AuditArgs) -> Result<ExitCode> {
    let format = format(context, args)?;
    let (vintage, request, audited, people) = steadily(&context.workspace, async || {
        let vintage = Vintage::open(&context.workspace, args.known_at).await?;
        let request = request(args, &vintage)?;
        let audited = audit::run(&context.workspace, &vintage, &request).await?;
        let people = match (format, &args.out) {
            (AuditFormat::Table, _) => None,
            // Names and numbers belong into a file or another program, never on a screen.
            (_, None) if std::io::stdout().is_terminal() => None,
            _ => Some(audit::people(&context.workspace, &vintage, &audited).await?),
        };
        context.workspace.check_head(&vintage.store_head).await?;
        Ok((vintage, request, audited, people))
    })
    .await?;
    let n_persons = people.as_ref().map(HashMap::len);
    let bytes = match format {
        AuditFormat::Json => Some(json_of(&audited, &request, &vintage, people.as_ref())?),
        AuditFormat::Csv => Some(audit::csv(&audited, &vintage, people.as_ref())?),
        AuditFormat::Xlsx => Some(audit::workbook(&audited, &request, &vintage, &people.unwrap_or_default())?),
        AuditFormat::Table => None,
    };
    match bytes {
        Some(bytes) => write(context, args, &bytes, n_persons)?,
        None => table(&audited, &vintage, context.lang),
    }
    if let Some(path) = &args.out {
        eprintln!("{}", path.display());
    }
    if audited.needs_person && matches!(format, AuditFormat::Csv | AuditFormat::Xlsx) {
        eprintln!(
            "{}",
            match context.lang {
                Lang::Ja => "人が確かめて決める事項があります（終了コード 1）",
                Lang::En => "there are findings that need a person (exit code 1)",
            }
        );
    }
    Ok(if audited.needs_person { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The format asked for; a workbook is no text for standard output, and a table none for a file.
fn format(context: &Context, args: &AuditArgs) -> Result<AuditFormat> {
    let format = match args.format {
        _ if context.json => AuditFormat::Json,
        Some(format) => format,
        None => AuditFormat::Table,
    };
    match (format, &args.out) {
        (AuditFormat::Xlsx, None) => Err(wrong("USE-111", "--format xlsx", "--out <FILE>").into()),
        (AuditFormat::Table, Some(_)) => Err(wrong("USE-111", "--out", "--format csv, json, xlsx").into()),
        _ => Ok(format),
    }
}

fn wrong(code: &'static str, given: &str, needed: &str) -> Failure {
    let words = [given, needed].map(str::to_string).to_vec();
    Failure::wrong_arguments("kaiin audit --help", Detail::of_words(code, words))
}

fn request(args: &AuditArgs, vintage: &Vintage) -> Result<AuditRequest> {
    let as_of = args.as_of.unwrap_or(vintage.known_at.0);
    // An adjustment may be dated ahead of the exports; the month that people look at is that of their newest list.
    let month = vintage.exported_on;
    let only_day = args.as_of.filter(|_| args.kind == KindArg::Tiers && args.from.is_none() && args.to.is_none());
    let period = Period {
        from: args.from.or(only_day).unwrap_or_else(|| month_start(month)),
        to: args.to.or(only_day).unwrap_or_else(|| month_end(month)),
    };
    if period.to < period.from {
        return Err(Failure::usage("QRY-007", format!("{} – {}", period.from, period.to)).into());
    }
    let area = match (&args.prefecture, &args.association) {
        (Some(code), _) => Area::Prefecture(code.clone()),
        (None, Some(body)) => Area::Association(body.clone()),
        (None, None) => Area::All,
    };
    Ok(AuditRequest { kind: args.kind.into(), as_of: AsOf(as_of), period, area })
}

fn write(context: &Context, args: &AuditArgs, bytes: &[u8], n_persons: Option<usize>) -> Result<()> {
    if n_persons.is_some() {
        let file = args.out.as_ref().map(|path| HandedFile::at(path, bytes));
        let what = format!("audit {}", AuditKind::from(args.kind).code());
        context.hands_out(&what, n_persons, file.into_iter().collect());
    }
    match &args.out {
        Some(path) => write_file(path, bytes, context.workspace.readers())?,
        None => output::bytes(bytes),
    }
    Ok(())
}

fn json_of(
    audited: &Audited,
    request: &AuditRequest,
    vintage: &Vintage,
    people: Option<&LinePeople>,
) -> Result<Vec<u8>> {
    let findings: Vec<Value> = audited.lines.iter().map(|line| line.object(&vintage.associations, people)).collect();
    let mut bytes = serde_json::to_vec(&json!({
        "audit": audited.kind.code(),
        "from": request.period.from,
        "to": request.period.to,
        "as_of": request.as_of.0,
        "known_at": vintage.known_at.0,
        "head": vintage.head,
        "needs_person": audited.needs_person,
        "terms": terms(audited, &vintage.associations),
        "findings": findings,
    }))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The law of R15: over all bodies, then of each.
fn terms(audited: &Audited, associations: &Associations) -> Option<Value> {
    let audit = audited.terms.as_ref()?;
    let by_body = audit.bodies.iter().map(|(id, terms)| {
        let mut object = terms_object(terms);
        object.insert("association".into(), code(associations, Some(*id)).into());
        Value::Object(object)
    });
    let by_body: Vec<Value> = by_body.collect();
    let mut terms = terms_object(&audit.total);
    terms.insert("export_day".into(), json!(audit.export_day));
    terms.insert("by_association".into(), Value::Array(by_body));
    Some(Value::Object(terms))
}

fn terms_object(terms: &DifferenceTerms) -> Map<String, Value> {
    // Hardly any day has rows of bodies that are not there; the keys of all others are always there.
    let is_told = |cause: &DifferenceCause| *cause != DifferenceCause::BodyNotThere || terms.figure(*cause) != 0;
    let causes = DifferenceCause::ALL.into_iter().filter(is_told);
    let figures = causes.map(|cause| (cause.term().key, terms.figure(cause)));
    let (first, last) = (("source_count", terms.source_count), ("ours", terms.ours));
    std::iter::once(first).chain(figures).chain([last]).map(|(key, value)| (key.to_string(), json!(value))).collect()
}

fn code(associations: &Associations, id: Option<AssociationId>) -> String {
    id.and_then(|id| associations.get(id)).map_or(String::new(), |body| body.code.clone())
}

/// The findings on a screen, without anything that names a person, and how many of each severity.
fn table(audited: &Audited, vintage: &Vintage, lang: Lang) {
    if audited.lines.is_empty() {
        say!("{}", if lang == Lang::Ja { "※件数 0 件" } else { "no findings" });
    } else {
        let headings = match lang {
            Lang::Ja => ["No.", "コード", "重要度", "内容", "医師会", "相手", "日付", "日付2", "判明", "日数", "補足"],
            Lang::En => {
                ["no", "code", "severity", "finding", "body", "other", "date", "date2", "learnt", "days", "detail"]
            }
        };
        let rows: Vec<Vec<String>> =
            audited.lines.iter().zip(1..).map(|(line, n)| row(line, n, vintage, lang)).collect();
        let right = [true, false, false, false, false, false, false, false, false, true, false];
        output::table(&headings.map(String::from), &rows, &right);
        say!("");
        say!("{}", sums(audited, lang));
        say!(
            "{}",
            match lang {
                Lang::Ja => "氏名と医籍登録番号は画面に出しません。--format csv --out 一覧.csv で見られます",
                Lang::En => "names and numbers are not shown here; write them with --format csv --out list.csv",
            }
        );
    }
    if let Some(audit) = &audited.terms {
        say!("");
        say!("{}", law(audit, lang));
    }
}

fn row(line: &audit::AuditLine, n: usize, vintage: &Vintage, lang: Lang) -> Vec<String> {
    let finding = &line.finding;
    let day = |day: Option<NaiveDate>| day.map_or(String::new(), |day| day.to_string());
    let severity = finding.code.severity();
    let associations = &vintage.associations;
    let body = |id: Option<AssociationId>, day: Option<NaiveDate>| {
        let name = id.map_or("", |id| associations.short_name_on(id, day.unwrap_or(vintage.known_at.0)));
        format!("{} {name}", code(associations, id)).trim().to_string()
    };
    vec![
        n.to_string(),
        finding.code.code().to_string(),
        if lang == Lang::Ja { severity.label().to_string() } else { severity.code().to_string() },
        message(finding.code.code(), lang, "").text,
        body(finding.association, finding.before),
        body(finding.other, finding.after),
        day(finding.before),
        day(finding.after),
        day(finding.learnt_on),
        finding.days.map_or(String::new(), |days| days.to_string()),
        finding.detail.clone(),
    ]
}

fn sums(audited: &Audited, lang: Lang) -> String {
    let n =
        |severity: AuditSeverity| audited.lines.iter().filter(|line| line.finding.code.severity() == severity).count();
    let parts = AuditSeverity::ALL.map(|severity| match lang {
        Lang::Ja => format!("{} {} 件", severity.label(), n(severity)),
        Lang::En => format!("{} {}", severity.code(), n(severity)),
    });
    parts.join(if lang == Lang::Ja { "、" } else { ", " })
}

/// The law with all its terms, each with its sign and the number of its persons where that is not the term itself.
fn law(audit: &DifferenceAudit, lang: Lang) -> String {
    let terms = &audit.total;
    let mut out = match lang {
        Lang::Ja => format!("会員数 {} ＝ MAMISの表示 {}", terms.ours, terms.source_count),
        Lang::En => format!("ours {} = source {}", terms.ours, terms.source_count),
    };
    for cause in DifferenceCause::ALL {
        let effect = terms.effect_of(cause);
        let term = cause.term();
        let (name, plus, minus) = match lang {
            Lang::Ja => (term.metric.name(), "＋", "－"),
            Lang::En => (term.english, "+", "-"),
        };
        let sign = if effect < 0 || term.sign == Sign::Minus { minus } else { plus };
        // Contradictions have two signs, and some change nothing.
        let n = audit.people.iter().filter(|person| person.cause == cause).count();
        let n_rows = match lang {
            _ if cause != DifferenceCause::Contradiction || n == 0 => String::new(),
            Lang::Ja => format!("（{n} 件）"),
            Lang::En => format!(" ({n} rows)"),
        };
        // Writing into a String cannot fail.
        let _ = write!(out, " {sign} {name} {}{n_rows}", effect.unsigned_abs());
    }
    out
}
