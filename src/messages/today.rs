//! What `kaiin` alone says (今月やること). Lines of remedies are commands as one types them.

use super::entry::{Entry, catalogue};

catalogue! { TODAY
    "TDY-001" { "このデータフォルダは、控えから戻したものです。控えの後に配ったものを確かめるまで、配布は止まっています" / "kaiin restore --confirm --reason \"確かめたこと\"" / "this data folder was restored from a backup; nothing is sent until somebody has looked what left after it" / "kaiin restore --confirm --reason TEXT" }
    "TDY-002" { "受け取り口の {1} 件が、答えを待っています（{0}）" / "kaiin import {2}" / "files of the inbox that wait for an answer: {1} ({0})" / "kaiin import {2}" }
    "TDY-003" { "受け取り口で拒否されたファイルが {1} 件あります（{0}）。直して置き直し、済んだものは消してください" / "kaiin import --dry-run {2}" / "files that the inbox refused: {1} ({0}); mend them, put them back, and remove what is done with" / "kaiin import --dry-run {2}" }
    "TDY-004" { "受け取り口に、まだ取り込まれていないファイルが {1} 件あります（{0}）。次の鐘で取り込みます" / "kaiin jobs tick" / "files in the inbox that the next ring takes in: {1} ({0})" / "kaiin jobs tick" }
    "TDY-005" { "受け取り口のファイル {1} 件が、1日を過ぎても取り込まれていません（{0}）。kaiin serve が動いているかを確かめてください" / "kaiin jobs tick" / "files that have lain in the inbox for more than a day: {1} ({0}); check that kaiin serve runs" / "kaiin jobs tick" }
    "TDY-010" { "{0} の会員一覧がまだありません。{1} から {2} までの日に出力し、取り込んでください" / "kaiin import members_{3}.csv" / "there is no export for {0} yet; make one on a day from {1} to {2} and take it in" / "kaiin import members_{3}.csv" }
    "TDY-011" { "会員一覧を、まだ一つも取り込んでいません" / "kaiin import members_{0}.csv" / "no export of members was taken in yet" / "kaiin import members_{0}.csv" }
    "TDY-030" { "資料を作れなかった月があります（{0}）。直せば、次の鐘で作ります" / "kaiin jobs run monthly-papers {1}" / "months could not be made ({0}); the next ring makes them once that is mended" / "kaiin jobs run monthly-papers {1}" }
    "TDY-031" { "一部の資料を作れなかった月があります（{0}）。直せば、次の鐘で作ります" / "kaiin jobs run monthly-papers {1}" / "some papers of months could not be made ({0}); the next ring makes them once that is mended" / "kaiin jobs run monthly-papers {1}" }
    "TDY-032" { "出力を待っている月があります（{0}）。{2} から {3} までの出力を取り込むか、今あるもので作ってください" / "kaiin jobs release {1} --reason \"理由\"" / "months wait for an export ({0}); take in one of {2} to {3}, or make them of what there is" / "kaiin jobs release {1} --reason TEXT" }
    "TDY-033" { "時間を過ぎても作られていない月があります（{0}）。kaiin serve が動いているかを確かめてください" / "kaiin jobs tick" / "months are not made although their time has come ({0}); check that kaiin serve runs" / "kaiin jobs tick" }
    "TDY-034" { "作った後に、内容の変わった月があります（要改定: {0}）" / "kaiin jobs rerun {1} --reason \"理由\"" / "papers of months say something else by now ({0})" / "kaiin jobs rerun {1} --reason TEXT" }
    "TDY-035" { "終えられなかった仕事があります（{}）" / "kaiin jobs list --last 1" / "jobs could not be finished ({})" / "kaiin jobs list --last 1" }
    "TDY-050" { "第{0}回の配布に、届いたかどうか分からないものが {1} 件あります。配布先に確かめ、届いていなければ --not-arrived としてください" / "kaiin publish settle {0} {2} --arrived --by 氏名 --reason \"確かめたこと\"" / "of distribution {0} nobody can say whether it arrived: {1}; ask the recipient, and say --not-arrived where it did not" / "kaiin publish settle {0} {2} --arrived --by NAME --reason TEXT" }
    "TDY-051" { "第{0}回の配布に、配布できなかったものが {1} 件あります" / "kaiin publish send {0}" / "of distribution {0} could not be sent: {1}" / "kaiin publish send {0}" }
    "TDY-052" { "第{0}回の配布は承認済みで、{1} 件をまだ配っていません" / "kaiin publish send {0}" / "distribution {0} is approved, and not sent yet: {1}" / "kaiin publish send {0}" }
    "TDY-053" { "第{0}回の配布（{1} 現在、{2} 件、作成 {3}）が、承認を待っています" / "kaiin publish show {0}\nkaiin publish approve {0} --by 氏名" / "distribution {0} ({1}, papers: {2}, made by {3}) waits for its approval" / "kaiin publish show {0}\nkaiin publish approve {0} --by NAME" }
    "TDY-054" { "ほかに、終わっていない配布が {0} 回あります" / "kaiin publish list" / "other distributions that are not finished: {0}" / "kaiin publish list" }
    "TDY-060" { "{0} の{1}: 会議のフォルダに、直すところが {3} か所あります" / "kaiin meeting check {2}" / "{1} of {0}: there are faults in its folder ({3})" / "kaiin meeting check {2}" }
    "TDY-061" { "{0} の{1}: 資料をまだ作っていません" / "kaiin meeting check {2}\nkaiin meeting build {2} --as-of {3}" / "{1} of {0}: its pack is not made yet" / "kaiin meeting check {2}\nkaiin meeting build {2} --as-of {3}" }
    "TDY-062" { "{0} の{1}: 資料を作った後に、会議のフォルダのファイルが変わりました" / "kaiin meeting build {2} --as-of {3}" / "{1} of {0}: files of its folder changed after its pack was made" / "kaiin meeting build {2} --as-of {3}" }
    "TDY-063" { "{0} の{1}: 資料は {4} に知っていたことで作ってあり、その後に {5} の出力を取り込みました" / "kaiin meeting build {2} --as-of {3}" / "{1} of {0}: its pack is made of what was known on {4}, and an export of {5} was taken in since" / "kaiin meeting build {2} --as-of {3}" }
    "TDY-070" { "今、することはありません" / "" / "there is nothing to do now" / "" }
    "TDY-071" { "次は、{0}（日本時間）に {1} の資料を作ります。要る会員一覧はあります" / "" / "the papers of {1} are made next, at {0} in Japan; the export that they need is there" / "" }
    "TDY-072" { "次は、{0}（日本時間）に {1} の資料を作ります。それまでに、{2} から {3} までの日の会員一覧が要ります" / "" / "the papers of {1} are made next, at {0} in Japan; they need an export of a day from {2} to {3}" / "" }
    "TDY-073" { "次の会議は {0} の{1}。資料はできています（第{2}版、{3} 現在）" / "" / "the next meeting is {1} of {0}; its pack is made (edition {2}, as of {3})" / "" }
    "TDY-074" { "次は、{0}（日本時間）に {1} の資料を作ります" / "" / "the papers of {1} are made next, at {0} in Japan" / "" }
    "TDY-080" { "まず、見本で、取込みから会議資料までを見る" / "kaiin demo" / "first look at a sample, from the import to the papers of a meeting" / "kaiin demo" }
    "TDY-081" { "医師会マスタと、MAMIS から出力した会員一覧を取り込む（ファイル名の日付は出力した日）" / "kaiin import associations.csv members_{0}.csv" / "take in the master of associations and an export of members (its name tells the day of the export)" / "kaiin import associations.csv members_{0}.csv" }
    "TDY-082" { "その日の会員数を数える" / "kaiin count --as-of {0} --by tier,association,class" / "count the members of a day" / "kaiin count --as-of {0} --by tier,association,class" }
}
