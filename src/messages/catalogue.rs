//! The catalogue: code, Japanese and English, each with message and remedy.

use super::Entry;

macro_rules! catalogue {
    ($($code:literal { $ja:literal / $ja_remedy:literal / $en:literal / $en_remedy:literal })*) => {
        pub(super) const CATALOGUE: &[Entry] = &[
            $(Entry { code: $code, ja: ($ja, $ja_remedy), en: ($en, $en_remedy) },)*
        ];
    };
}

catalogue! {
    "IMP-001" { "医籍登録番号が数字ではありません" / "医籍登録番号を数字（例 123456）に直してください" / "the registration number is not a number" / "write the registration number in digits, such as 123456" }
    "IMP-002" { "入会日が日付ではありません" / "入会日を 2025-04-01 や 令和7年4月1日 の形に直してください" / "the joining day is not a date" / "write it as 2025-04-01 or 令和7年4月1日" }
    "IMP-003" { "退会日が日付ではありません" / "退会日を 2025-04-01 や 令和7年4月1日 の形に直してください" / "the withdrawal day is not a date" / "write it as 2025-04-01 or 令和7年4月1日" }
    "IMP-004" { "退会日が入会日より前です" / "入会日と退会日のどちらが正しいか届出で確かめて直してください" / "the withdrawal day is before the joining day" / "check both days against the application" }
    "IMP-005" { "医師会がマスタにありません" / "医師会コードか医師会名を直すか、医師会マスタに名称・別名を加えてください" / "no such association in the master" / "mend the code or name, or add the name or an alias to the master" }
    "IMP-006" { "同じ名称の医師会が複数あります" / "医師会コードを入れてください" / "several associations have this name" / "give the code of the association" }
    "IMP-007" { "申請番号がありません" / "申請番号を入れてください" / "the application number is missing" / "fill it in" }
    "IMP-008" { "同じ申請番号・医籍登録番号・医師会・種別の行が食い違っています" / "どちらが正しいか確かめ、一行だけ残してください" / "two rows of one application disagree" / "keep the right one" }
    "IMP-009" { "調整番号がありません" / "重ならない番号を付けてください（例 2025-001）" / "the adjustment number is missing" / "give it a number of its own, such as 2025-001" }
    "IMP-010" { "同じ人の同じ調整番号が二つの行にあります" / "一方の番号を変えてください" / "one adjustment number of one person stands on two rows" / "change one of them" }
    "IMP-011" { "調整種別が分かりません" / "退会・在籍確認・在籍なし・在籍追加・入会日訂正・退会取消・区分訂正・同一人物・確認済 から選んでください" / "the kind of adjustment is not understood" / "choose one of the nine kinds" }
    "IMP-012" { "調整の理由がありません" / "なぜ調整するかを書いてください" / "an adjustment has no reason" / "say why" }
    "IMP-013" { "調整の承認者がありません" / "承認した人を書いてください" / "an adjustment has no approver" / "name who approved it" }
    "IMP-014" { "調整の日付がないか、日付ではありません" / "新しい日付を 2025-04-01 や 令和7年4月1日 の形で書いてください" / "the day of the adjustment is missing or not a date" / "write it as 2025-04-01 or 令和7年4月1日" }
    "IMP-015" { "調整の会員区分がないか、対応表にありません" / "A①・A②(B)・A②(C)・B・C のどれかを書いてください" / "the class of the adjustment is missing or not known" / "give A①, A②(B), A②(C), B or C" }
    "IMP-016" { "統合元番号がないか、医籍登録番号と同じです" / "使わなくなる方の医籍登録番号を統合元番号に書いてください" / "the number that is given up is missing or the same" / "give the other registration number" }
    "IMP-017" { "要確認コードが分かりません" / "FND-002 のように、要確認事項の番号を書いてください" / "the code of the finding is not known" / "give a code such as FND-002" }
    "IMP-018" { "対象入会日が日付ではありません" / "会員一覧の入会日を 2025-04-01 の形で書くか、空けてください" / "the joining day of the stay is not a date" / "write it as 2025-04-01, or leave it blank" }
    "IMP-019" { "調整の状態が分かりません" / "有効・取消のどちらかにするか、空けてください" / "the state of the adjustment is not understood" / "it should be 有効, 取消 or blank" }
    "IMP-020" { "調整の対象の人が会員一覧に一度も出ていません" / "医籍登録番号を確かめてください。会員一覧にない人は在籍追加だけができます" / "the person has never been in a member list" / "check the number; only 在籍追加 is possible for others" }
    "IMP-101" { "卒業年月がありません" / "MAMISで卒業年月を補ってください（会員数には含みます）" / "the graduation month is missing" / "complete it in MAMIS (the member counts)" }
    "IMP-102" { "施設業務がありません" / "MAMISで施設業務を補ってください（会員数には含みます）" / "the kind of work is missing" / "complete it in MAMIS (the member counts)" }
    "IMP-103" { "生年月日が日付ではありません" / "生年月日を直してください（年齢は不明として数えます）" / "the birth date is not a date" / "mend it (the age counts as unknown)" }
    "IMP-104" { "入会希望日が日付ではありません" / "入会希望日を直してください（会員数は入会日で数えます）" / "the wished joining day is not a date" / "mend it (counts use the joining day)" }
    "IMP-105" { "会員状態が読み取れません" / "在籍・退会・申請中のいずれかか確かめてください" / "the member state is not understood" / "it should be 在籍, 退会 or 申請中" }
    "IMP-106" { "外字（私用領域の文字）があります" / "正しい漢字に直せるか確かめてください。文字はそのまま保存しました" / "a private-use character is present" / "check whether a proper character exists; it was kept as it is" }
    "IMP-107" { "会員区分が対応表にありません" / "kaiin reports copy 用語表 で用語表を手元に写し、[classes] にこの区分を加えて、もう一度取り込んでください。それまで「不明」として数えます" / "the class is in no mapping table" / "copy the words with kaiin reports copy vocabulary, add it under [classes] and import again; it counts as unknown until then" }
    "IMP-108" { "医師会コードと医師会名が別の医師会を指しています" / "どちらが正しいか確かめてください。コードの医師会で数えます" / "code and name of the association disagree" / "check which is right; the code was used" }
    "IMP-109" { "医籍登録番号が6桁を超えています" / "番号を確かめてください" / "the registration number has more than six digits" / "check the number" }
    "IMP-110" { "入会日がないのに退会日があります" / "申請の取下げか入会日の入力漏れか確かめてください" / "a withdrawal day without a joining day" / "check whether the joining day is missing" }
    "IMP-111" { "都道府県医師会名がなく、郡市区等医師会の上位から補いました" / "都道府県医師会名を入れてください" / "the prefectural association was blank and was taken from the tree" / "fill in the name" }
    "IMP-112" { "退会理由が対応表にありません" / "kaiin reports copy 用語表 で用語表を手元に写し、[reasons] にこの理由を加えて、もう一度取り込んでください。それまで「その他」とします" / "the withdrawal reason is in no mapping table" / "copy the words with kaiin reports copy vocabulary, add it under [reasons] and import again; it is kept as other until then" }
    "IMP-113" { "CP932（Shift_JIS）にない文字があります" / "CP932のCSVや古いシステムでは文字が失われます。文字はそのまま保存しました。氏名の文字の一覧で確かめてください" / "a character is not in CP932 (Shift_JIS)" / "CP932 files and old systems lose it; it was kept as it is. See the list of characters" }
    "IMP-114" { "互換漢字があります（神 U+FA19、塚 U+FA10 など）" / "ほかのシステムで別の字に変わることがあります。文字はそのまま保存しました。届出の字と合っているか確かめてください" / "a compatibility ideograph is present (such as U+FA19)" / "other systems may replace it; it was kept as it is. Check it against the application" }
    "IMP-115" { "異体字セレクタがあります" / "ほかのシステムで字形が変わることがあります。文字はそのまま保存しました。届出の字と合っているか確かめてください" / "a variation selector is present" / "other systems may show another form; it was kept as it is. Check it against the application" }
    "IMP-116" { "氏名に半角カナがあります" / "漢字か全角で入力されるべき氏名か確かめてください" / "the name holds half-width kana" / "check whether the name should be in kanji or full-width kana" }
    "IMP-117" { "氏名がありません" / "MAMISで氏名を補ってください（会員数には含みます）" / "the name is blank" / "complete it in MAMIS (the member counts)" }
    "IMP-118" { "性別が読み取れません" / "男・女のいずれかか確かめてください（不明として数えます）" / "the sex is not understood" / "it should be 男 or 女 (it counts as unknown)" }
    "IMP-119" { "生年月日が出力日より後です" / "生年月日を確かめてください（会員数には含みます）" / "the birth date is after the export day" / "check it (the member counts)" }
    "IMP-120" { "出力日の年齢が20歳未満か110歳を超えています" / "生年月日を確かめてください（会員数には含みます）" / "the age on the export day is under 20 or over 110" / "check the birth date (the member counts)" }
    "IMP-121" { "生年月日が入会日より後です" / "生年月日と入会日を確かめてください（会員数には含みます）" / "the birth date is after the joining day" / "check both (the member counts)" }
    "IMP-122" { "卒業年月が未来か、20歳になる前です" / "卒業年月と生年月日を確かめてください（会員数には含みます）" / "the graduation month lies in the future or before the 20th birthday" / "check it and the birth date (the member counts)" }
    "IMP-123" { "入会日が1900年より前か、出力日の2年より先です" / "入会日を確かめてください（日付のとおりに数えます）" / "the joining day is before 1900 or more than two years ahead" / "check it (it is counted as it stands)" }
    "IMP-124" { "退会日が1900年より前か、出力日の2年より先です" / "退会日を確かめてください（日付のとおりに数えます）" / "the withdrawal day is before 1900 or more than two years ahead" / "check it (it is counted as it stands)" }
    "IMP-125" { "退会日が 9999年12月31日 です（退会日なしとして読みました）" / "退会の予定がなければ、退会日を空欄にしてください" / "the withdrawal day is 9999-12-31 (read as no withdrawal day)" / "leave the cell blank where nobody leaves" }
    "IMP-126" { "入会日が卒業年月より前です" / "入会日と卒業年月を確かめてください（日付のとおりに数えます）" / "the joining day is before the graduation month" / "check both (the days are counted as they stand)" }
    "IMP-127" { "会員状態が出力日の日付と合いません（在籍なのに退会日がある・入会日がない、退会なのに退会日がない、申請中や空欄なのに日付では在籍）" / "会員状態と入会日・退会日のどちらが正しいか確かめてください（日付のとおりに数えます）" / "the member state contradicts the dates on the export day" / "check which is right (the days are counted)" }
    "IMP-128" { "申請番号が、別の人の申請に使われている番号です（別の申請として扱いました）" / "もう一つの行は {} です。番号の使い回しなら、することはありません。医籍登録番号の誤りなら、誤った行を取消にしてください" / "the number of the application stands for somebody else (kept as another application)" / "the other row is {}; where numbers are used again there is nothing to do; where the person is wrong, cancel the wrong row" }
    "IMP-129" { "調整番号が、別の人の調整に使われている番号です（別の調整として扱いました）" / "もう一つの行は {} です。番号の使い回しなら、することはありません。医籍登録番号の誤りなら、誤った行を取消にしてください" / "the number of the adjustment stands for somebody else (kept as another adjustment)" / "the other row is {}; where numbers are used again there is nothing to do; where the person is wrong, cancel the wrong row" }
    "IMP-130" { "表計算ソフトで数式と見なされる文字列があります" / "= + - @ で始まる文字列です。意図したものか確かめてください。文字はそのまま保存しました" / "a text that a spreadsheet takes for a formula" / "it begins with = + - or @; check whether it is meant. It was kept as it is" }
    "IMP-131" { "同じ内容の行が二つあります（1人として数えました）" / "重複した行を消してください" / "a row is repeated in every cell (counted once)" / "remove the double row" }
    "IMP-132" { "卒業年月が読み取れません" / "卒業年月を 2009-03 や 平成21年3月 の形に直してください（会員数には含みます）" / "the graduation month is not understood" / "write it as 2009-03 or 平成21年3月 (the member counts)" }
    "IMP-150" { "申請種別が対応表にありません（その他として扱いました）" / "kaiin reports copy 用語表 で用語表を手元に写し、[application_kinds] にこの種別を加えて、もう一度取り込んでください" / "the kind of application is in no mapping table (kept as other)" / "copy the words with kaiin reports copy vocabulary, add it under [application_kinds] and import again" }
    "IMP-151" { "申請の状態が対応表にありません（効果なしとしました）" / "kaiin reports copy 用語表 で用語表を手元に写し、[application_statuses] にこの状態を加えて、もう一度取り込んでください" / "the state of the application is in no mapping table (no effect)" / "copy the words with kaiin reports copy vocabulary, add it under [application_statuses] and import again" }
    "IMP-152" { "申請の日付が日付ではありません" / "示したセルを直してください（その日付はないものとしました）" / "a day of the application is not a date" / "mend that cell (it was left out)" }
    "IMP-153" { "承認済みの申請に適用日がありません（効果なしとしました）" / "適用日を補ってください" / "an approved application has no effective day (no effect)" / "complete it" }
    "IMP-154" { "代理申請に根拠の備考がありません" / "死亡診断書などの根拠を備考に書いてください" / "a proxy filing without a note about its evidence" / "write the evidence into 備考" }
    "IMP-155" { "承認済みの区分変更に、対応表にある会員区分がありません（効果なしとしました）" / "変更後会員区分を補ってください" / "an approved change of class has no known class (no effect)" / "complete it" }
    "IMP-140" { "会員区分が、医師会の区分の体系ではこの日に使われていません" / "会員区分を直すか、手元の会員区分の体系（class-schemes.toml）の期間を確かめてください。日医の区分の表記としては読みました" / "the class scheme of the association does not use this word on the day" / "mend the class, or the days in class-schemes.toml; it was read as a national spelling" }
    "IMP-141" { "会員区分の体系（class-schemes.toml）に、マスタにない医師会か都道府県があります" / "手元の class-schemes.toml の bodies・prefectures に書いたコードか、医師会マスタを直してください" / "a class scheme names an association or a prefecture that is not in the master" / "mend the codes under bodies or prefectures in class-schemes.toml, or the master" }
    "IMP-142" { "見出しより上の行は読み飛ばしました" / "人の行なら、見出しの下に移してください" / "rows above the headings were passed over" / "move them below the headings if they are about people" }
    "IMP-143" { "合計などの行は読み飛ばしました（人として数えません）" / "人の行なら、医籍登録番号と医師会を入れてください" / "lines with a total were passed over (nobody is counted for them)" / "give number and association if they are about people" }
    "IMP-144" { "曜日が日付と合いません（日付で読みました）" / "日付と曜日のどちらが正しいか届出で確かめてください" / "the weekday is not that of the date (the date was read)" / "check both against the application" }
    "IMP-145" { "効かない調整があります" / "示した行の医籍登録番号・医師会・対象入会日・日付を直し、調整ファイルをもう一度取り込んでください" / "an adjustment has no effect" / "mend number, association and days of that row, and take the file in again" }
    "IMP-146" { "死亡による退会の調整が、ほかの医師会の在籍を残しています" / "残っている医師会についても、退会の行を調整ファイルに加えてください" / "an adjustment for a death leaves stays in other associations open" / "add a row of 退会 for each of them" }
    "IMP-201" { "ファイルが空です" / "MAMISからもう一度出力してください" / "the file is empty" / "export it again" }
    "IMP-202" { "見出しだけで、行がありません" / "出力の条件を確かめて、もう一度出力してください" / "the file has headings and no rows" / "check the filter of the export and export again" }
    "IMP-203" { "CSVでもExcelでもないファイルです（{}）" / "Excelでは「CSV UTF-8（コンマ区切り）」か「Excelブック（.xlsx）」を選んで保存してください" / "this is neither a CSV file nor an Excel workbook ({})" / "save it as CSV UTF-8 or as an Excel workbook (.xlsx)" }
    "IMP-204" { "文字コードが UTF-8 でも CP932（Shift_JIS）でもありません" / "ファイルが途中で切れていないか確かめ、もう一度出力してください" / "the bytes are neither UTF-8 nor CP932" / "check that the file is complete, and export it again" }
    "IMP-205" { "引用符（\"）が閉じていません" / "示したセルの引用符を直すか、もう一度出力してください" / "a quotation mark is never closed" / "mend the quotation marks of that cell, or export again" }
    "IMP-206" { "セルが大きすぎます（32,767文字を超えています）" / "示したセルを確かめてください。引用符の閉じ忘れのことがあります" / "a cell is larger than 32,767 characters" / "look at that cell; a quotation mark may be missing" }
    "IMP-207" { "セルの数が見出しと合いません（{}）" / "示した行を確かめるか、もう一度出力してください。ファイルが途中で切れていることがあります" / "the number of cells differs from the headings ({})" / "look at that row, or export again; the file may be cut off" }
    "IMP-208" { "必要な見出しがありません：{}" / "見出しを直すか、kaiin layouts add-heading 項目=今の見出し で、今の見出しを読めるようにしてください（例 kaiin layouts add-heading 郡市区等入会日=入会年月日）" / "required headings are missing: {}" / "mend the headings, or have the present ones read with kaiin layouts add-heading FIELD=HEADING" }
    "IMP-209" { "どのレイアウトにも合わない見出しです：{} …" / "会員一覧・医師会マスタ・申請履歴・調整のファイルを指定してください。見出しが変わったのなら、kaiin layouts list で項目を見て、kaiin layouts add-heading 項目=今の見出し で加えてください" / "the headings fit no layout: {} …" / "give a member export, a master, applications or adjustments; where headings have changed, see kaiin layouts list and add them with kaiin layouts add-heading" }
    "IMP-210" { "同じ項目の見出しが二つあります：{}" / "どちらかの列を消してください" / "two columns carry one field: {}" / "remove one of them" }
    "IMP-211" { "取り込めない行が多すぎます（{}）。何も保存していません" / "多い理由から順に直し、もう一度取り込んでください。様式か医師会マスタが違うことがあります" / "too many rows are rejected ({}); nothing was stored" / "mend the commonest reason first; the layout or the master may be the wrong one" }
    "IMP-212" { "前回までの在籍者のうち多くがこの出力に見えません（{}）。何も保存していません" / "出力が途中で切れていないか確かめてください。正しければ --accept-drop --reason \"理由\" を付けてください" / "too many members of the previous export are missing ({}); nothing was stored" / "check that the export is complete; if it is, use --accept-drop --reason \"…\"" }
    "IMP-213" { "この出力は、取込済みの最新の出力より前の日付です（{}）" / "新しい出力から順に戻して取り込むことはできません。日付を確かめてください" / "this export is older than the newest one ({})" / "exports are taken in by day; check the date" }
    "IMP-214" { "出力日が分かりません" / "ファイル名に日付を入れる（例 {}）か、--known-at で指定してください" / "the export day is not known" / "put it into the file name, such as {}, or give --known-at" }
    "IMP-215" { "医師会マスタがまだ取り込まれていません" / "先に医師会マスタのファイルを取り込んでください（見出しの見本は kaiin init で作れます）" / "no association master has been taken in" / "import the master first; kaiin init writes an empty one" }
    "IMP-216" { "医師会マスタに誤りがあります：{}" / "示したセルを直してください" / "the association master is wrong: {}" / "mend that cell" }
    "IMP-217" { "取り込めない行があるため、何も保存していません（{}）" / "示した行を直して、ファイル全体をもう一度取り込んでください（調整のファイルと --atomic では、一行でも取り込めなければ保存しません）" / "some rows are rejected, so nothing was stored ({})" / "mend those rows and take the whole file in again (files of adjustments, and --atomic, are all or nothing)" }
    "IMP-218" { "新しい医師会マスタに、会員のいる医師会がありません：{}" / "マスタに医師会を戻してください。合併・廃止は有効終了日で表します" / "the new master lacks associations that have members: {}" / "put them back; mergers are expressed by the last valid day" }
    "IMP-219" { "出力日が未来の日付です（{}）" / "日付を確かめてください" / "the export day lies in the future ({})" / "check the day" }
    "IMP-224" { "前回から会員区分が変わった会員が多すぎます（{}）。何も保存していません" / "会員区分の列がずれていないか、書き方が変わっていないか確かめてください。正しければ --accept-drop --reason \"理由\" を付けてください" / "too many members changed class since the previous export ({}); nothing was stored" / "check the class column; if it is right, add --accept-drop --reason" }
    "IMP-225" { "前回の在籍者のうち退会日の過ぎた者が多すぎます（{}）。何も保存していません" / "退会日の列がずれていないか確かめてください。年度末の退会など正しければ --accept-drop --reason \"理由\" を付けてください" / "too many members of the previous export have left ({}); nothing was stored" / "check the withdrawal column; if it is right, add --accept-drop --reason" }
    "IMP-226" { "同じ日付の前のファイルにあった {} 件が、このファイルにありません。何も保存していません" / "同じ日付のファイルは置き換えになります。追加なら前の行も含めるか、新しい日付を付けてください。取り下げるなら --accept-drop --reason \"理由\" を付けてください" / "{} entries of the earlier file of this day are not in this one; nothing was stored" / "a file of the same day takes the place of the first: include its rows or give a newer day; to drop them add --accept-drop --reason" }
    "IMP-220" { "同じ医師会コードが二つの行にあります（{}）" / "どちらかの行のコードを直すか、行を消してください" / "one code stands on two rows ({})" / "mend the code of one of them, or remove the row" }
    "IMP-221" { "上位コードの医師会がマスタにありません（{}）" / "上位コードを直すか、その医師会の行を加えてください" / "the parent code is not in the master ({})" / "mend the parent code, or add the row of that association" }
    "IMP-222" { "上位コードをたどると元の医師会に戻ります（{}）" / "上位コードを直してください" / "the parent codes form a circle ({})" / "mend the parent code" }
    "IMP-223" { "上位コードがありません（{}）" / "上位の医師会のコードを入れてください。空欄にできるのは日本医師会だけです" / "the parent code is missing ({})" / "give the code of the association above; only the national one has none" }
    "IMP-230" { "ブックにパスワードがかかっています" / "Excelで開き、「ファイル」「情報」「ブックの保護」でパスワードを外して保存してください" / "the workbook is locked with a password" / "open it in Excel, remove the password and save it" }
    "IMP-231" { "古い形式かバイナリ形式のExcelファイルです（{}）" / "Excelで開き、「Excelブック（.xlsx）」か「CSV UTF-8（コンマ区切り）」で保存してください" / "this is an old or binary Excel file ({})" / "open it in Excel and save it as an Excel workbook (.xlsx) or CSV UTF-8" }
    "IMP-232" { "Excelファイルが壊れているか、途中で切れています（{}）" / "Excelで開けるか確かめて保存し直すか、もう一度出力してください" / "the workbook is damaged or cut off ({})" / "see whether Excel opens it and save it again, or export again" }
    "IMP-233" { "Excelブックではありません（{}）" / "ZIPは展開して中のファイルを、ほかの形式は「Excelブック（.xlsx）」で保存したものを指定してください" / "this is no Excel workbook ({})" / "unpack a ZIP file first; save other formats as an Excel workbook (.xlsx)" }
    "IMP-234" { "読めるシートがありません {}" / "会員一覧などのシートを表示し、保存し直してください" / "the workbook has no sheet that can be read {}" / "show the sheet with the list and save the workbook again" }
    "IMP-235" { "取り込めそうなシートが二つ以上あります：{}" / "取り込むシートだけを残すか、ほかを非表示にして保存してください" / "several sheets could be meant: {}" / "keep the one that is meant, or hide the others, and save" }
    "IMP-236" { "Excelファイルの中身が大きすぎます（{}）" / "いらないシートや書式を消して保存し直すか、「CSV UTF-8（コンマ区切り）」で保存してください" / "the workbook inflates to too much ({})" / "remove sheets and formats that are not needed, or save it as CSV UTF-8" }
    "IMP-237" { "セルがエラーか、計算されていない数式です（{}）" / "Excelで開いて保存し直すか、示したセルの数式を直すか、正しい値を入れてください" / "a cell shows an error, or its formula was never worked out ({})" / "open and save it in Excel, mend the formula of that cell, or type the value" }
    "IMP-238" { "セルに制御文字（NUL か 0x1F）があります" / "示したセルを消して入力し直してください" / "a cell holds a control character (NUL or 0x1F)" / "clear that cell and type it again" }
    "IMP-239" { "タブ区切りのファイルです" / "Excelでは「CSV UTF-8（コンマ区切り）」か「Excelブック（.xlsx）」を選んで保存してください" / "the file is divided by tabs" / "save it as CSV UTF-8 or as an Excel workbook (.xlsx)" }
    "IMP-240" { "同じ医師会コードの有効期間が重なっています（{}）" / "前の行の有効終了日を、次の行の有効開始日の前日にしてください" / "the spans of one code share days ({})" / "let the earlier row end on the day before the later one begins" }
    "IMP-241" { "有効終了日が有効開始日より前です（{}）" / "どちらの日が正しいか確かめて直してください" / "the last valid day is before the first ({})" / "check both days" }
    "IMP-242" { "同じ医師会コードの有効期間の間に空きがあります（{}）" / "次の行の有効開始日を、前の行の有効終了日の翌日にしてください" / "there are days between the spans of one code ({})" / "let the later row begin on the day after the earlier one ends" }
    "IMP-243" { "同じ医師会コードの行で階層か都道府県コードが違います（{}）" / "同じ医師会なら揃えてください。別の医師会なら別のコードにしてください" / "rows of one code differ in tier or prefecture ({})" / "make them agree, or give the other association a code of its own" }
    "IMP-244" { "後継コードの医師会がマスタにありません（{}）" / "後継コードを直すか、その医師会の行を加えてください" / "the successor code is not in the master ({})" / "mend the code, or add the row of that association" }
    "IMP-245" { "後継の医師会の階層か都道府県が違います（{}）" / "同じ階層・同じ都道府県の医師会のコードを入れてください" / "the successor is of another tier or prefecture ({})" / "give an association of the same tier and prefecture" }
    "IMP-246" { "後継コードがあるのに有効終了日がありません（{}）" / "その医師会の最後の行に有効終了日を入れてください。名称だけの変更なら後継コードは要りません" / "a successor code without a last valid day ({})" / "give the last valid day on the last row of the association; a rename needs no successor" }
    "IMP-247" { "後継コードをたどると元の医師会に戻ります（{}）" / "後継コードを直してください" / "the successor codes form a circle ({})" / "mend the successor code" }
    "IMP-248" { "有効終了日の翌日に、後継の医師会がありません（{}）" / "後継の医師会の有効開始日を翌日以前にし、有効終了日を確かめてください" / "the successor does not exist on the day after the last valid day ({})" / "let it begin by that day, and check its own last day" }
    "IMP-249" { "この行の期間に、上位の医師会が存在しない日があります（{}）" / "上位の医師会の有効期間か、この行の有効期間を直してください" / "the association above does not exist on all days of this row ({})" / "mend the span of either" }
    "IMP-250" { "引用符（\"）が {} 行目にまたがり、その間の行が一つのセルに入っています" / "メモ帳などで開いて示した行の引用符を直すか、もう一度出力してください。行番号はテキストとして開いたときのものです" / "a quotation mark reaches over lines {}, and the rows between them are inside one cell" / "open the file in a text editor and mend the quotation marks of those lines, or export again" }
    "IMP-251" { "ファイル名に違う日付が二つ以上あります（{}）" / "どちらが出力日かを --known-at で指定するか、ファイル名の日付を一つにしてください" / "several dates stand in the file name ({})" / "say with --known-at which is the export day, or leave one of them in the name" }
    "IMP-252" { "出力日が1990年より前です（{}）" / "ファイル名の日付を直すか、--known-at で正しい出力日を指定してください" / "the export day is before 1990 ({})" / "mend the date in the file name, or give the right day with --known-at" }
    "IMP-253" { "都道府県コードが上位の医師会と合いません（{}）" / "示したセルを上位の医師会と同じ都道府県コード（01～47）に直してください" / "the prefecture code is not that of the association above ({})" / "give the prefecture code of the association above (01 to 47)" }
    "IMP-254" { "上位コードが別の都道府県の医師会です（{}）" / "上位コードをその都道府県の医師会のコードに直してください" / "the association above is of another prefecture ({})" / "give the code of the association of this prefecture" }
    "IMP-255" { "上位の医師会の階層が合いません（{}）" / "郡市区等の上位は都道府県か郡市区等、都道府県の上位は日本医師会です。上位コードか階層を直してください" / "the association above is of a tier that does not fit ({})" / "local ones stand under a prefectural or local one, prefectural ones under the national one; mend parent code or tier" }
    "IMP-256" { "同じ都道府県に同じ名称の医師会が同じ時期に二つあります（{}）" / "どちらかの名称か略称を直すか、有効開始日・有効終了日で時期を分けてください" / "two associations of one prefecture have one name at one time ({})" / "mend one of the names, or keep them apart by their valid days" }
    "IMP-257" { "日本医師会、または同じ都道府県の医師会が二つあります（{}）" / "示した行の階層か都道府県コードを直すか、行を消してください" / "there are two national associations, or two of one prefecture ({})" / "mend tier or prefecture code of that row, or remove it" }

    "WHY-001" { "{0}年{1}月は{2}日までです" / "" / "month {1} of {0} has {2} days" / "" }
    "WHY-002" { "{0}月はありません（月は12月までです）" / "" / "there is no month {0}" / "" }
    "WHY-003" { "{0}は{1}年{2}月{3}日に始まりました" / "" / "{0} began on {1}-{2}-{3}" / "" }
    "WHY-004" { "{0}は{1}年{2}月{3}日までです" / "" / "{0} ended on {1}-{2}-{3}" / "" }
    "WHY-005" { "その日は{0}曜日です" / "" / "that day is a {1}" / "" }
    "WHY-006" { "年と月だけで、日がありません" / "" / "it is a year and a month without a day" / "" }
    "WHY-007" { "年が2桁では、西暦か元号か分かりません" / "" / "a year of two digits does not say its era" / "" }
    "WHY-008" { "年が1868年から2200年までにありません" / "" / "the year is not between 1868 and 2200" / "" }
    "WHY-009" { "Excelの日付の通し番号です（{0}）。セルの表示形式を「日付」にして保存し直してください" / "" / "this is a serial number of Excel ({0}); format the cell as a date and save again" / "" }
    "WHY-010" { "時刻の後の時間帯が分かりません" / "" / "the time zone behind the time of day is not understood" / "" }
    "WHY-011" { "テキストの {0} 行目で開き、{1} 行目の終わりまで閉じていません" / "" / "it opens in line {0} of the text and is not closed up to its end, line {1}" / "" }
    "WHY-012" { "使われていない列: {0}" / "このどれかが必要な見出しの列なら、その見出しを直してください" / "columns that are not used: {0}" / "if one of them is the column that is missing, mend its heading" }
    "WHY-013" { "「{0}」のことではありませんか" / "" / "was \"{0}\" meant?" / "" }
    "WHY-014" { "取り込めない行の写しと直し方: {0}" / "" / "the rows with their remedies: {0}" / "" }
    "WHY-015" { "まだ在籍になっている医師会: {0}" / "" / "associations in which the stay goes on: {0}" / "" }
    "WHY-016" { "マスタにないコード: {0}" / "" / "code that is not in the master: {0}" / "" }
    "WHY-017" { "その医師会に、この人の在籍がありません" / "" / "the person has no stay in that association" / "" }
    "WHY-018" { "対象入会日の在籍がありません（この医師会の入会日: {0}）" / "" / "no stay began on that joining day (joining days in the association: {0})" / "" }
    "WHY-019" { "日付が在籍と合わないか、すでにそのとおりになっています（この医師会の入会日: {0}）" / "" / "its day does not fit the stay, or nothing is left to change (joining days in the association: {0})" / "" }
    "WHY-020" { "CSVでもExcelブックでもなく、ウェブページ（HTMLやXML）の形のファイルです" / "Excelで開き、「Excelブック（.xlsx）」か「CSV UTF-8（コンマ区切り）」として保存し直してください" / "this is a web page (HTML or XML), neither a CSV file nor an Excel workbook" / "open it in Excel and save it as an Excel workbook (.xlsx) or as CSV UTF-8" }
    "WHY-021" { "コンマではなく、セミコロン（;）で区切られています" / "Excelで開き「CSV UTF-8（コンマ区切り）」として保存し直すか、一行目に sep=; と書いてください" / "cells are divided by semicolons, not by commas" / "save it as CSV UTF-8 (comma separated), or write sep=; into a first line of its own" }

    "IMP-270" { "ファイルの中の最終更新日時が、出力日より後です（{}）" / "ファイル名の日付が違うのかもしれません。正しい出力日を --known-at で指定してください（この日で正しければ、この日を指定してください）" / "the newest 最終更新日時 in the file is after the export day ({})" / "the date in the file name may be wrong; give the right export day with --known-at (or this one, if it is right)" }
    "IMP-271" { "ファイルの中の最終更新日時が、出力日より45日を超えて前です（{}）" / "ファイル名の日付が違うのかもしれません。正しい出力日を --known-at で指定してください（この日で正しければ、この日を指定してください）" / "the newest 最終更新日時 in the file is more than 45 days before the export day ({})" / "the date in the file name may be wrong; give the right export day with --known-at (or this one, if it is right)" }
    "IMP-273" { "同じ出力日の前のファイルより人数が少ないファイルです（{}）" / "会員がそろっているか確かめてください。このファイルに置き換えてよければ、--accept-change --reason で理由を付けてください" / "the file shows fewer people than the one of the same day that it would replace ({})" / "check that everybody is in it; if it should take the place of the other, give --accept-change --reason" }
    "IMP-274" { "作成済みの資料の数字が変わります（{}）" / "内容を確かめてください。取り込んでよければ、--accept-change --reason で理由を付け、示した資料を作り直して配布先に知らせてください" / "figures of papers that have been made would change ({})" / "check the file; to take it in, give --accept-change --reason, then make the papers named anew and tell who received them" }
    "IMP-275" { "最後の行の終わりに改行がありません。途中で切れたファイルかもしれません（{}行目）" / "MAMISからもう一度出力して比べてください。全部そろっていれば、--accept-change --reason で理由を付けてください" / "the last line has no line end, unlike the others; the file may be cut off (row {})" / "export it again and compare; if it is complete, give --accept-change --reason" }
    "IMP-276" { "行の数に比べて人数が少なすぎます（{}）" / "医籍登録番号の列がずれたり同じ番号が続いたりしていないか確かめてください。正しければ、--accept-change --reason で理由を付けてください" / "there are far fewer people than rows ({})" / "check whether the registration numbers are shifted or repeated; if they are right, give --accept-change --reason" }
    "IMP-277" { "受け取り口では、名前が .csv か .xlsx で終わるファイルだけを取り込みます（{}）" / "Excelで開き、「CSV UTF-8（コンマ区切り）」か「Excelブック（.xlsx）」として保存し直して置いてください（.zip は展開して、中のファイルを置いてください）" / "the inbox takes in files that end in .csv or .xlsx only ({})" / "open it in Excel, save it as CSV UTF-8 or as an Excel workbook (.xlsx), and put that there" }
    "IMP-278" { "同じ内容を、出力日 {0} として取り込んでいます（{1}）" / "その日付が誤りなら、先に取り消してください: {2}" / "the same content was taken in as of {0} ({1})" / "if that day was wrong, take it back first: {2}" }
    "IMP-279" { "{0} 現在の会員数: 郡市区等 {1} → {2}、都道府県 {3} → {4}、日本医師会 {5} → {6}（何も保存していません）" / "これで正しければ: {7}" / "members on {0}: local {1} → {2}, prefectural {3} → {4}, national {5} → {6} (nothing was stored)" / "if this is right: {7}" }
    "IMP-300" { "同じ医籍登録番号の行が多すぎます（1,000行を超えています）" / "番号の列が同じ番号で埋められていないか確かめて、正しい番号に直してください。番号のない人にまとめて一つの番号を付けると、一人として数えられます" / "one registration number stands on too many rows (over 1,000)" / "see whether the column was filled down with one number, and give the right numbers; people who share a number count as one" }
    "IMP-301" { "一つの行のセルが多すぎます（16,384列を超えています）" / "示した行を確かめてください。改行が失われて、行がつながっていることがあります" / "a row has too many cells (over 16,384)" / "look at that row; its line ends may have been lost" }
    "IMP-302" { "行が多すぎます（4,000,000行を超えています）" / "ファイルを間違えていないか確かめるか、都道府県ごとに分けて出力してください" / "there are too many rows (over 4,000,000)" / "check that it is the right file, or export prefecture by prefecture" }
    "IMP-303" { "医師会マスタとしては大きすぎます（{}）" / "ファイルを間違えていないか確かめてください。医師会マスタは一つの医師会・期間につき一行です" / "this is too large for an association master ({})" / "check that it is the right file; a master has one row for each association and span" }
    "IMP-280" { "取り込んだものに「{}」はありません" / "kaiin import --list で、番号かファイル名を確かめてください" / "nothing called {} was taken in" / "look up id or file name with kaiin import --list" }
    "IMP-281" { "すでに取り消されています（{}）" / "することはありません。kaiin import --list で確かめられます" / "it was taken back already ({})" / "nothing to do; kaiin import --list shows it" }
    "IMP-282" { "同じ源のより新しい取込みがあります（{}）" / "示したものを、初めのものから順に取り消してください。いちばん新しいものだけが取り消せます" / "newer imports of the same source stand ({})" / "take those named back first, in their order; only the newest can be taken back" }
    "IMP-283" { "この医師会マスタを取り消すと、会員のいる医師会がなくなります（{}）" / "取り消さずに、直した医師会マスタを取り込んでください" / "without this association master, bodies that have members would be gone ({})" / "take in a mended master in its place" }
    "IMP-284" { "「{}」に当たる取込みがいくつもあります" / "kaiin import --list にある番号で指定してください" / "several imports are called {}" / "give the id that kaiin import --list shows" }
    "IMP-285" { "この取込みは取り消せません。前の版のプログラムで、同じ日のほかのファイルと置き換えたものです" / "正しいファイルを同じ出力日で取り込んでください。それがこのファイルと置き換わります" / "this import cannot be taken back: an older version of the program put it in the place of another file of its day" / "take in the right file under the same export day; it takes the place of this one" }
    "IMP-286" { "理由が空です" / "--reason に、なぜ取り消すか・取り込むかを書いてください" / "the reason is empty" / "say why with --reason" }
    "IMP-287" { "確認を待っています: {}" / "そばの「….理由.txt」に、前後の会員数と、答える指定があります" / "waits for an answer: {}" / "the text beside it tells the members before and after, and the command that answers" }
    "IMP-290" { "受け取り口で、同じ源の前のファイル {} が待っています。先にこれを取り込むと、そのファイルは古いものとして断られます" / "そのファイルを先に片付けてください（取り込むか、いらなければ消す）。待たずに取り込んでよければ、--accept-change --reason で理由を付けてください" / "an earlier file of this source waits in the inbox: {}; after this one it would be refused as older" / "settle that file first (take it in, or remove it if it is not needed); to go ahead without it, give --accept-change --reason" }
    "IMP-292" { "{0}（{1} 現在）: 郡市区等 {2} → {3}、都道府県 {4} → {5}、日本医師会 {6} → {7}。変わる資料: {8}" / "" / "{0} (as of {1}): local {2} → {3}, prefectural {4} → {5}, national {6} → {7}; papers concerned: {8}" / "" }
    "IMP-293" { "取り消していません" / "これで正しければ: {0}" / "nothing was taken back" / "if this is right: {0}" }
    "IMP-294" { "同じ医籍登録番号が、生年月日も氏名カナも違う人の行にあります（{} 行）" / "医籍登録番号の列が、Excel の連続コピーなどで書き換わっていないか確かめてください。正しければ、--accept-change --reason で理由を付けてください" / "one registration number stands on rows of different people (rows: {})" / "check whether a spreadsheet has filled the column of numbers; if they are right, give --accept-change --reason" }
    "IMP-295" { "マスタにある医師会のうち、会員が一人もいないものがあります（{}）。途中で切れたか、絞り込まれたファイルかもしれません" / "MAMISからもう一度出力して比べてください。全部そろっていれば、--accept-change --reason で理由を付けてください（一部の医師会だけの出力なら、--source で源の名前を分けられます）" / "bodies of the master have no member in this file ({}); it may be cut off or filtered" / "export it again and compare; if it is complete, give --accept-change --reason (an export of some bodies may have a source of its own: --source)" }
    "IMP-296" { "列の同じ値が、不自然に長く続いています（{}行目）" / "その列が、Excel の連続コピーなどで書き換わっていないか、元の出力と比べてください。正しければ、--accept-change --reason で理由を付けてください" / "one value goes on for an unlikely number of rows (column and rows: {})" / "compare with the export itself whether a spreadsheet has filled the column; if it is right, give --accept-change --reason" }
    "IMP-297" { "会員状態と日付の合わない行が多すぎます（{}）" / "会員状態か日付の列がずれたり、同じ値で埋まったりしていないか確かめてください。正しければ、--accept-change --reason で理由を付けてください" / "the state of too many rows contradicts their days ({})" / "check whether the columns of state or days are shifted or filled; if they are right, give --accept-change --reason" }
    "IMP-291" { "{0} には手を付けていません（{1} が先です）" / "{1} が片付いたら、もう一度指定してください" / "{0} was not dealt with ({1} comes first)" / "give it again once {1} is settled" }

    "FND-001" { "入会日の訂正（同じ在籍として扱いました）" / "届出の入会日と合っているか確かめてください" / "corrected joining day (kept as one stay)" / "check it against the application" }
    "FND-002" { "同じ医師会に重なる在籍が二つあります（1人として数えました）" / "どちらかの行を訂正してください" / "two overlapping stays in one association (counted once)" / "correct one of the rows" }
    "FND-003" { "退会日が消えました（在籍に戻しました）" / "退会取消か訂正か確かめてください" / "the withdrawal day vanished (the stay is open again)" / "find out whether the withdrawal was cancelled" }
    "FND-004" { "退会日が変わりました" / "届出の退会日と合っているか確かめてください" / "the withdrawal day moved" / "check it against the application" }
    "FND-005" { "在籍のまま消えた（会員として数え続けています）" / "退会・転出・番号訂正のどれか確かめてください" / "vanished while a member (still counted)" / "find out whether it is a withdrawal, a move or a corrected number" }
    "FND-006" { "上位の医師会の欄が空欄になりました（前の内容で数えています）" / "上位の退会か入力漏れか確かめてください" / "cells of an upper tier became blank (what was known still counts)" / "find out whether it is a withdrawal or an omission" }
    "FND-007" { "行によって上位の医師会の内容が異なります" / "在籍中の郡市区等医師会の行の内容で数えました。もう一方を訂正してください" / "rows disagree about an upper tier" / "the row of the present local association was used; correct the other one" }
    "FND-008" { "会員区分が対応表にありません（不明として数えました）" / "kaiin reports copy 用語表 で用語表を手元に写し、[classes] にこの区分を加えて、もう一度取り込んでください" / "the class is in no mapping table (counted as unknown)" / "copy the words with kaiin reports copy vocabulary, add it under [classes] and import again" }
    "FND-009" { "会員区分の変更（適用日は推定）" / "区分変更の適用日を届出で確かめてください" / "the class changed (day estimated)" / "check the day against the application" }
    "FND-010" { "同じ医籍登録番号に別人の可能性があります" / "生年月日と氏名カナを確かめてください" / "one registration number may belong to two persons" / "check birth date and kana name" }
    "FND-011" { "同じ在籍が複数の行にあります（1人として数えました）" / "重複した行を消してください" / "one stay stands on several rows (counted once)" / "remove the double rows" }
    "FND-030" { "在籍の期間が医師会の有効期間の外にあります（会員として数えません）" / "廃止された医師会や、まだない医師会の行です。後継の医師会か、医師会マスタの有効開始日・有効終了日を確かめてください" / "the stay lies outside the days of its association (not counted)" / "check which association it belongs to, and the valid days in the master" }

    "FND-012" { "退会日が申請だけにあります（申請の適用日で数えました）" / "会員一覧に退会日が入るか、次の出力で確かめてください" / "a withdrawal stands in the application only (counted by its day)" / "see whether the next export shows it" }
    "FND-013" { "退会日が申請の適用日と異なります（会員一覧で数えました）" / "届出と会員一覧のどちらが正しいか確かめ、MAMISか調整ファイルで直してください" / "withdrawal day and application differ (the export counts)" / "find out which is right, and mend it in MAMIS or the adjustment file" }
    "FND-014" { "承認済みの申請に当たる在籍が会員一覧にありません" / "医籍登録番号と対象医師会を確かめてください" / "no stay fits an approved application" / "check number and association" }
    "FND-015" { "取り消された退会が会員一覧に残っています（会員一覧で数えました）" / "MAMISの退会日を消すか、調整ファイルで退会取消としてください" / "a cancelled withdrawal is still shown (the export counts)" / "remove it in MAMIS, or cancel it in the adjustment file" }
    "FND-016" { "入会日が申請の適用日と異なります（会員一覧で数えました）" / "届出と会員一覧のどちらが正しいか確かめてください" / "joining day and application differ (the export counts)" / "find out which is right" }
    "FND-017" { "承認済みの区分変更が会員一覧にありません（会員一覧で数えました）" / "会員一覧の会員区分を確かめてください" / "an approved change of class is not shown (the export counts)" / "check the class in the member list" }
    "FND-018" { "調整に当たる在籍がないか、日付が前後しています（調整は効いていません）" / "調整ファイルの医籍登録番号・医師会・対象入会日・日付を確かめてください" / "no stay fits an adjustment, or its days are reversed (it has no effect)" / "check number, association and days in the adjustment file" }
    "FND-019" { "調整の後の出力が調整と異なります（出力で数えました）" / "出力が正しければ調整を取り消し、調整が正しければ新しい日付の調整ファイルで出し直してください" / "an export after an adjustment says something else (the export counts)" / "revoke the adjustment, or file it again with a newer day" }
    "FND-020" { "別の医籍登録番号の同一人物かもしれません" / "本人と確かめられたら、調整ファイルに 同一人物 として入れてください" / "two numbers may be one person" / "if confirmed, enter them as 同一人物 in the adjustment file" }
    "FND-021" { "上位の医師会の会員なのに、下位の医師会の在籍がありません" / "退会・異動の途中か、届出の漏れか確かめてください" / "a member of an upper tier without the tier below" / "find out whether a move is under way or a form is missing" }
    "FND-023" { "二つの出力元が同じ在籍について異なる内容を示しています（新しい出力で数えました）" / "どちらが正しいか届出で確かめ、誤っている方をMAMISで直してください。直せないときは、調整ファイルで正しい内容を決めるか、確認済としてください" / "two sources say different things about one stay (the newer export counts)" / "find out which is right and mend the other in MAMIS; else decide it in the adjustment file" }
    "FND-024" { "古い方の出力元が、新しい出力にある変更をまだ示していません（新しい出力で数えました）" / "古い方の出力元の新しい会員一覧を取り込んでください。それでも残れば要確認になります" / "the older source does not yet show a change that the newer export shows (the newer one counts)" / "take in a newer member list of the older source" }
    "FND-025" { "申請番号が別の人の申請にも使われています（別の申請として扱いました）" / "番号の使い回しなら、することはありません。医籍登録番号の誤りなら、誤った行を取消にしてください" / "the number of an application stands for somebody else as well (two applications)" / "where numbers are used again there is nothing to do; where the person is wrong, cancel the wrong row" }
    "FND-026" { "調整番号が別の人の調整にも使われています（別の調整として扱いました）" / "番号の使い回しなら、することはありません。医籍登録番号の誤りなら、誤った行を取消にしてください" / "the number of an adjustment stands for somebody else as well (two adjustments)" / "where numbers are used again there is nothing to do; where the person is wrong, cancel the wrong row" }
    "FND-022" { "一つの在籍に、承認済みの退会申請が二つあります（先に分かった方で数えました）" / "届出を確かめ、誤った申請をMAMISで取り消してください" / "two approved withdrawals for one stay (the one learnt first counts)" / "find out which is right, and cancel the other in MAMIS" }
    "FND-028" { "印字できない文字を 〓 にしました" / "gaiji.toml に代わりの文字を書くか、MAMISで正しい漢字に直してください" / "a character that cannot be printed stands as 〓" / "name what is meant in gaiji.toml, or mend it in MAMIS" }

    "AUD-001" { "退会（承認済・過去）" / "することはありません" / "a withdrawal, approved and past" / "nothing to do" }
    "AUD-002" { "退会予定（承認済・未来）" / "退会日までは会員として数えます。することはありません" / "a withdrawal, approved and ahead" / "nothing to do; the member counts until the day" }
    "AUD-003" { "退会の保留（申請中で、適用日は先か不明）" / "適用日を確かめ、それまでに承認するか、取り下げてもらってください" / "a withdrawal that waits for approval" / "approve it by its day, or have it withdrawn" }
    "AUD-004" { "退会の承認漏れ（申請中のまま適用日を過ぎた）" / "MAMISで承認するか、本人に確かめて取り下げてもらってください。承認までは会員として数えています" / "a withdrawal whose day has passed without approval" / "approve it in MAMIS, or have it withdrawn; the member counts until then" }
    "AUD-005" { "退会取消" / "再入会としては数えません。することはありません" / "a withdrawal that was taken back" / "nothing to do; it is no re-join" }
    "AUD-006" { "死亡" / "することはありません" / "a withdrawal by death" / "nothing to do" }
    "AUD-010" { "公表した数字を変える、遅れて分かった退会・転出・死亡" / "示した基準日の数字を改定するか決め、配布先に知らせてください" / "a withdrawal learnt late, which changes figures that were given out" / "decide whether to revise the figures named, and tell who received them" }
    "AUD-011" { "遅れて分かった退会・転出・死亡（公表した数字は変わらない）" / "することはありません" / "a withdrawal learnt late, which changes no figure given out" / "nothing to do" }
    "AUD-012" { "公表した数字を変える、さかのぼった入会" / "示した基準日の数字を改定するか決め、配布先に知らせてください" / "a backdated entry, which changes figures that were given out" / "decide whether to revise the figures named, and tell who received them" }
    "AUD-013" { "さかのぼった入会（公表した数字は変わらない）" / "することはありません" / "a backdated entry, which changes no figure given out" / "nothing to do" }
    "AUD-020" { "代理申請が認められない理由の退会" / "本人の申請に直してもらうか、代理の理由を確かめてください。代理申請を認める理由は、設定（kaiin.toml）の [audit] proxy_reasons で変えられます" / "a withdrawal filed by proxy for a reason that does not allow it" / "have the member file it, or check the reason; allowed ones stand in audit.proxy_reasons" }
    "AUD-021" { "代理申請に根拠の備考がない" / "死亡診断書などの根拠を確かめ、MAMISの備考に書いてください" / "a proxy filing without a note of its evidence" / "look for the evidence and note it in MAMIS" }
    "AUD-022" { "所在不明で退会した会員が、再び見える" / "本人に連絡し、所在不明の退会が正しかったか確かめてください" / "a member who left as missing is seen again" / "contact the member and check the withdrawal" }
    "AUD-023" { "代理申請（理由と根拠あり）" / "することはありません" / "a proxy filing with reason and evidence" / "nothing to do" }
    "AUD-030" { "異動（退会日と入会日が続いている）" / "することはありません" / "a transfer whose days meet" / "nothing to do" }
    "AUD-031" { "異動の間に会員でない日がある" / "退会日と入会日のどちらが正しいか、両方の医師会に確かめてください" / "a transfer with days of no membership between" / "check both days with both associations" }
    "AUD-032" { "異動の間に両方の会員である日がある" / "退会日と入会日のどちらが正しいか、両方の医師会に確かめてください" / "a transfer with days of two memberships" / "check both days with both associations" }
    "AUD-033" { "異動の退会日と入会日が同じ日（両方で数える）" / "退会日を入会日の前日にできるか確かめてください" / "a transfer that leaves and enters on one day (counted in both)" / "see whether the withdrawal can be dated a day earlier" }
    "AUD-034" { "転出後未入会（90日を過ぎても入会が見えない）" / "転出先の医師会に入会したか、本人か転出先に確かめてください" / "moved away, and entered nowhere within 90 days" / "ask the member or the other association" }
    "AUD-035" { "転出後未入会の待ち（90日たっていない）" / "90日を過ぎても入会が見えなければ確かめてください" / "moved away; 90 days have not passed" / "ask when 90 days have passed" }
    "AUD-036" { "同じ医師会の不要な退会・入会" / "異動届で足りたか確かめ、退会と入会を取り消せるなら取り消してください" / "a needless withdrawal and entry in one association" / "see whether both can be cancelled in favour of a notice of change" }
    "AUD-037" { "兼務となる入会" / "することはありません" / "an entry beside another association" / "nothing to do" }
    "AUD-038" { "組織変更（合併・分割）" / "することはありません" / "a reorganisation" / "nothing to do" }
    "AUD-039" { "組織変更の後、後継の医師会に見えない会員" / "後継の医師会に入会漏れがないか確かめてください" / "after a reorganisation no successor shows the member" / "check with the successor association" }
    "AUD-040" { "異動の間、上位の医師会だけの会員（90日以内）" / "異動の日付を確かめてください" / "a member of an upper tier only, for up to 90 days of a move" / "check the days of the move" }
    "AUD-041" { "下位の医師会を退会し、上位の医師会が続いている" / "上位の退会の届出が漏れていないか確かめてください" / "left below, and the upper tier goes on" / "check whether the withdrawal above was forgotten" }
    "AUD-042" { "上位の医師会の退会が、下位の退会より遅い" / "上位の退会日を下位の退会日に合わせるか確かめてください" / "the upper tier was left later than the one below" / "check whether the days should agree" }
    "AUD-043" { "下位の医師会の在籍なしに始まった、上位の医師会の在籍" / "下位の入会日と上位の入会日を届出で確かめてください" / "an upper tier that began without the one below" / "check both joining days" }
    "AUD-044" { "上位の医師会の退会が、下位の退会より早い" / "続けて退会したものなら、日付が合うか確かめてください" / "the upper tier was left earlier than the one below" / "if they belong together, check the days" }
    "AUD-045" { "90日を超えて、上位の医師会だけの会員だった" / "下位の入会日と退会日を届出で確かめてください" / "a member of an upper tier only, for more than 90 days" / "check the days below" }
    "AUD-050" { "退会承認済・退会日未到来（MAMISは数えない）" / "退会日まで会員として数えます。することはありません" / "withdrawal approved and ahead (MAMIS does not count it)" / "nothing to do" }
    "AUD-051" { "入会承認済・入会日未到来（MAMISは数える）" / "入会日から会員として数えます。することはありません" / "join approved and ahead (MAMIS counts it)" / "nothing to do" }
    "AUD-052" { "在籍のまま最新の出力に見えない" / "退会・転出・番号訂正のどれか確かめてください。会員として数えています" / "in force, and the newest export does not show it" / "find out why; it still counts" }
    "AUD-053" { "申請・調整による差（出力に反映されていない）" / "次の出力に反映されたか確かめてください" / "through an application or adjustment that the export does not reflect" / "see whether the next export shows it" }
    "AUD-054" { "廃止・新設前の医師会の行" / "医師会マスタの有効期間か、MAMISの所属を直してください" / "a row of an association that is not there" / "mend the master or the association in MAMIS" }
    "AUD-055" { "どの項でも説明できない差（プログラムの誤り）" / "会員数にはそのまま使えません。この一覧とともに担当者に知らせてください" / "nothing explains the difference: a fault of the program" / "do not use the figure; report it together with this list" }
    "AUD-056" { "会員状態と日付の不一致" / "会員状態と入会日・退会日のどちらが正しいか確かめ、MAMISで直してください。直るまで日付のとおりに数えます" / "the member state contradicts the days" / "find out which is right and mend it in MAMIS; until then the days count" }
    "AUD-057" { "同じ医師会に二重に載っている行" / "二つの行のどちらが正しいか確かめ、余分な行をMAMISで消してください。会員数には一人だけ入っています" / "one person shown twice in one association" / "find out which row is right and remove the other in MAMIS; the person counts once" }
    "AUD-060" { "効いている調整" / "出力が直ったら、調整を取り消してください" / "an adjustment that holds" / "revoke it once the exports are right" }

    "QRY-001" { "知識時点 {} は、最初の出力より前の日です" / "最初の出力日以後の日を --known-at に指定してください" / "{} is before the first export" / "give a --known-at that is not before the first export" }
    "QRY-002" { "--known-at の日が、最新の出力日より後です（指定 > 最新の出力日: {}）" / "最新の出力日までの日を指定するか、新しい出力を取り込んでください" / "--known-at is after the newest export (given > newest: {})" / "give a day up to the newest export, or import a newer one" }
    "QRY-003" { "会員一覧がまだ取り込まれていません（台帳: {}）" / "kaiin import で会員一覧を取り込むか、--data の指定を確かめてください" / "no member export has been taken in (store: {})" / "take one in with kaiin import, or check --data" }
    "QRY-004" { "{} は、医師会マスタにありません" / "医師会は名称（例 浦和）かコード（例 11-001）、都道府県は名称（例 埼玉県）かコード（例 11）で指定してください" / "{} is not in the association master" / "give an association by its name or code, such as 11-001; a prefecture by its name or code, such as 11" }
    "QRY-005" { "{} では集計できません" / "使えるものから選び、コンマで区切って書いてください（例 --by 医師会,区分）" / "cannot count by {}" / "choose from those, divided by commas, such as --by association,class" }
    "QRY-006" { "{} は日付ではありません" / "2025-12-01、R7.12.1、令和7年12月1日 の形で書いてください（月は 2025-12）" / "{} is not a date" / "write 2025-12-01, R7.12.1 or 令和7年12月1日 (a month as 2025-12)" }
    "QRY-007" { "期間が逆です（{}）" / "始まりを終わりより前にしてください" / "the span is reversed ({})" / "let it begin before it ends" }
    "QRY-009" { "--class {} という会員区分はありません" / "使えるものから選んでください" / "--class {} is no class" / "choose one of those" }
    "QRY-010" { "その日の会員を伝える出力がありません（{}）" / "右の日（出力で分かる最初の日）以後を指定してください" / "no export tells of the members of that day ({})" / "give a day that is not before the second one" }
    "QRY-011" { "{} の会員は、知識時点までのどの出力にも現れません" / "その医師会の会員一覧を取り込むか、後の知識時点にしてください" / "no export up to known-at tells of any member of {}" / "take in its member list, or choose a later known-at" }
    "QRY-012" { "{} は時刻ではありません" / "2026-01-05T06:00:00+09:00 の形で書いてください" / "{} is not an instant" / "write it as 2026-01-05T06:00:00+09:00" }
    "QRY-013" { "{0}のことではありませんか" / "名称かコードを、そのとおりに書いてください" / "was one of these meant: {0}?" / "give its name or code as it stands there" }
    "QRY-014" { "{} に当たる医師会が二つ以上あります" / "コードで指定してください" / "{} names several associations" / "give the code of the one that is meant" }
    "QRY-015" { "使えるもの: {0}" / "この中から、そのとおりに書いてください" / "choose from: {1}" / "give one of these as it stands there" }
    "QRY-016" { "医師会の階層が --tier と合いません（{}）" / "--tier を外すか、その階層の医師会を指定してください" / "the association is of another tier ({})" / "leave out --tier, or give an association of that tier" }
    "RPT-001" { "帳票「{}」はありません" / "名前か表題のとおりに書いてください。一覧は kaiin reports list で見られます" / "there is no report {}" / "give the name or the title; kaiin reports list shows them" }
    "RPT-002" { "基準日 {} には出力が及びません。不完全な数字は公表できません" / "もっと後の基準日にするか、--draft で下書きを作ってください" / "the exports do not reach back to {}; an incomplete figure is not published" / "choose a later day, or make a draft with --draft" }
    "RPT-003" { "合計が内訳と合いません（{}）" / "その表か定義を kaiin reports copy で手元に写し（例 kaiin reports copy clinics_by_association）、数か内訳を直してください" / "a total differs from its parts ({})" / "copy the table or the definition with kaiin reports copy, and mend the figures or the parts" }
    "RPT-004" { "資料の表「{}」の医師会がマスタと合いません" / "ほかの県では、kaiin reports copy meeting-gunshi-kaicho と、kaiin reports copy clinics_by_association などで会議資料の定義と表を手元に写し、その県の医師会の行に直してください" / "the table {} does not fit the association master" / "elsewhere, copy the pack and its tables with kaiin reports copy, and give the rows of your own bodies" }
    "JOB-001" { "仕事 {} はありません" / "monthly-papers を指定してください" / "there is no job {}" / "the only job is monthly-papers" }
    "JOB-002" { "{} は月ではありません" / "2025-12 の形で書いてください" / "{} is not a month" / "write it as 2025-12" }
    "JOB-003" { "「{0}」は予定の書き方ではありません" / "秒 分 時 日 月 曜日 の6項目を、半角の空白で区切って書いてください。毎月5日の6時は 0 0 6 5 * *、毎月末日の6時は 0 0 6 L * *、毎月第1月曜日の6時は 0 0 6 * * MON#1、10分ごとは 0 */10 * * * * です" / "\"{0}\" is no schedule ({1})" / "write six fields divided by blanks, second minute hour day month weekday: 0 0 6 5 * * is the 5th of every month at six, 0 0 6 L * * its last day, 0 0 6 * * MON#1 its first Monday, 0 */10 * * * * every ten minutes" }
    "JOB-004" { "仕事を終えられませんでした（{}）" / "理由を直すと、次の鐘でもう一度行います" / "a job could not be finished ({})" / "mend the reason; the next ring tries again" }
    "JOB-005" { "「{0}」は、毎月ちょうど一度になりません（たとえば {1} は {2} 回）" / "毎月一度になるように書いてください。5日の6時は 0 0 6 5 * *、末日は 0 0 6 L * *、第1月曜日は 0 0 6 * * MON#1 です（日と曜日を両方書くと「どちらかの日」になります。29日から31日は、ない月があります）" / "\"{0}\" does not come true exactly once in every month (in {1}, for example, {2} times)" / "write 0 0 6 5 * * for the 5th at six, 0 0 6 L * * for the last day, 0 0 6 * * MON#1 for the first Monday (a day and a weekday together mean either of them; not every month has days 29 to 31)" }
    "JOB-006" { "「{0}」は、最初に受け持つ月にできません" / "1990-01 から 2099-12 までの月を、2025-12 の形で書いてください。行を消すと、最初の会員一覧の月から始めます" / "\"{0}\" cannot be the first month" / "write a month from 1990-01 to 2099-12 like 2025-12, or remove the line to begin with the month of the first export" }
    "JOB-007" { "{0} は作成済みです（第{1}版、知識時点 {2}、ファイル {3}）: {4}" / "作り直すときは kaiin jobs rerun {0} --reason \"理由\" を実行してください（今の版は残ります）" / "{0} is made already (version {1}, known at {2}, files: {3}): {4}" / "to make it once more run kaiin jobs rerun {0} --reason TEXT; this version stays" }
    "JOB-008" { "{} は、まだ作れません。月末以後の日付の会員一覧がありません" / "月末以後の日付の会員一覧を取り込んでから、もう一度実行してください" / "{} cannot be made yet: there is no member list of its last day or later" / "take one in and run it again" }
    "JOB-009" { "{} はまだ作成済みではないので、作り直すものがありません" / "まだの月は kaiin jobs run monthly-papers {}、待っている月や一部失敗の月は kaiin jobs release {} --reason \"理由\" で作ります" / "{} is not done, so there is nothing to make once more" / "make it with kaiin jobs run monthly-papers {}; one that waits or has failed with kaiin jobs release {} --reason TEXT" }
    "JOB-010" { "同じ源の前のファイル（{}）を待っています" / "そのファイルが片付くと取り込みます" / "waits for an earlier file of its source ({})" / "it is taken in once that file is settled" }
    "JOB-011" { "フォルダの中のファイルは取り込みません（{} 個）" / "フォルダから出して、受け取り口（inbox）に直接置いてください" / "files in a folder are not taken in ({})" / "put them into the inbox itself" }
    "JOB-012" { "Excel で開かれています（{}）" / "閉じると、次の鐘で取り込みます" / "is open in Excel ({})" / "it is taken in at the next ring once it is closed" }
    "JOB-013" { "Excel のロックファイル {} が残っています" / "だれも開いていなければ、そのロックファイルを消してください。次の鐘で取り込みます" / "a lock file of Excel is left behind: {}" / "if nobody has the workbook open, remove that lock file; it is taken in at the next ring" }
    "JOB-014" { "まだ書き込みの途中です" / "終わると、次の鐘で取り込みます" / "is still being written" / "it is taken in at the next ring once it is done" }
    "JOB-015" { "{0} は、{1} から {2} までの日付の会員一覧を待っています" / "その日付の会員一覧を取り込むか、受け取り口（inbox）に置くと作ります。締切に間に合わなかったときは kaiin jobs release {0} --reason \"理由\" で、今ある出力から作れます" / "{0} waits for a member list dated {1} to {2}" / "take in a member list of those days or put it into the inbox; if it came too late, kaiin jobs release {0} --reason TEXT makes the month from what there is" }
    "JOB-016" { "一部の報告を作れませんでした（{}）" / "作れた報告はそのままです。理由を直すと、次の鐘で足りないものだけを作ります。締切の後の出力や調整で直すときは kaiin jobs release 期間 --reason \"理由\" で、月全体を次の版に作ります" / "some papers could not be made ({})" / "those that were made stay; mend the reason and the next ring makes what is missing. Where it is mended by a later export or adjustment, kaiin jobs release PERIOD --reason TEXT makes the whole month as its next version" }
    "JOB-017" { "{} は待っていないので、解くものがありません" / "作成済みの月を作り直すのは kaiin jobs rerun {} --reason \"理由\"、締切の前に速報を作るのは kaiin jobs run monthly-papers {} です" / "{} does not wait, so there is nothing to release" / "kaiin jobs rerun {} --reason TEXT makes a month that is done once more, kaiin jobs run monthly-papers {} a preliminary one before its cut-off" }
    "JOB-018" { "{0} は、最初の会員一覧より前の月なので、受け持ちから外しました（{1} か月）" / "何もしなくてかまいません。要る月は kaiin jobs release 期間 --reason \"理由\" で作れます" / "{0}: before the first member list, so no longer waited for (months: {1})" / "nothing need be done; kaiin jobs release PERIOD --reason TEXT makes such a month" }
    "JOB-019" { "理由がありません" / "--reason \"理由\" に、なぜかを書いてください（台帳に残ります）" / "there is no reason" / "say why with --reason TEXT; the ledger keeps it" }
    "JOB-020" { "この台帳の帳票は、別のデータフォルダに書かれています（{}）。ここでは作りません" / "そのデータフォルダで実行してください。これからはここに書くなら、そこの papers と snapshots を写してから、kaiin jobs move-here --reason \"理由\" を実行してください" / "papers of this ledger are written in another data folder ({}); none are made here" / "run this there. To write them here from now on, copy its papers and snapshots and run kaiin jobs move-here --reason TEXT" }
    "JOB-021" { "これからはこのデータフォルダに帳票を書きます（これまで: {0}）。台帳にあって、ここにない月のフォルダ: {1}" / "ここにないフォルダがあれば、前のデータフォルダの papers と snapshots を写してください。写さないと、その月の訂正版は前の版と比べられません" / "papers are written in this data folder from now on (before: {0}); folders of the ledger that are not here: {1}" / "copy papers and snapshots of the former data folder where some are not here; without them a corrected edition of such a month has nothing to be compared with" }
    "JOB-022" { "この機械の時計が、取り込み済みのファイルより前を指しています（{}）。何もしていません" / "時計を合わせてください（kaiin serve は合った時計に気づいて続けます）。日付の誤ったファイルを取り込んでいたときは、kaiin import --take-back で取り消してください" / "the clock of this machine is behind the files that were taken in ({}); nothing was done" / "set the clock (kaiin serve notices and goes on). If a file with a wrong date was taken in, take it back with kaiin import --take-back" }
    "JOB-023" { "{} は締切の前に作成済みになっています。作ったとき、この機械の時計が進んでいました" / "締切の後に、kaiin jobs rerun {} --reason \"理由\" で作り直してください（今の版は残ります）" / "{} is done although its time has not come: the clock was ahead when it was made" / "make it once more after its time with kaiin jobs rerun {} --reason TEXT; this version stays" }
    "JOB-030" { "取り込みましたが、taken に移せません（{}）。もう一度取り込むことはありません" / "受け取り口と taken に書き込めるようにしてください。次の鐘で移します。手で消してもかまいません" / "was taken in and cannot be moved to taken ({}); it is not taken in again" / "make the inbox and taken writable and it is moved at the next ring, or remove it by hand" }
    "JOB-031" { "前に取り込んだファイルで、その後取り消されたか、別のファイルに置き換わっています（{}）" / "もう一度取り込むなら、kaiin import で指定してください。いらなければ消してください" / "was taken in before, and was taken back or replaced since ({})" / "to take it in once more, give it to kaiin import; else remove it" }
    "JOB-032" { "受け取り口を最後まで処理できませんでした（{}）。月の資料は、今ある分で進めています" / "原因を取り除くと、次の鐘で続きを取り込みます。残りのファイルはそのままです" / "the inbox could not be dealt with to its end ({}); months went on with what there is" / "once the cause is gone the next ring goes on; the remaining files are as they were" }
    "JOB-033" { "ディスクかデータベースの障害のため、取り込んでいません" / "障害がなくなると、次の鐘で取り込みます" / "was not taken in, because the disk or the database refuses" / "it is taken in at the next ring once that is over" }
    "JOB-034" { "ほかの場所へ移せないので、受け取り口に残っています（{}）" / "受け取り口とその中のフォルダに書き込めるようにしてください" / "cannot be moved and stays in the inbox ({})" / "make the inbox and its folders writable" }
    "JOB-035" { "要改定（{1}、{2} から）: {3}" / "kaiin jobs rerun {0} --reason \"理由\" で作り直し、配布先に知らせてください" / "to be revised ({1}, since {2}): {3}" / "make it once more with kaiin jobs rerun {0} --reason TEXT, and tell who received it" }
    "RPT-006" { "表の数が合わないため、書き出しませんでした（{}）" / "帳票: 表 / 行 / 列: 実際 ≠ あるべき数 です。ファイルではなくプログラムの誤りです。この文を担当者に送ってください。急ぐときは --draft で下書きを作り、一覧の該当者を確かめられます" / "figures of the paper do not agree, so nothing was written ({})" / "paper: table / row / column: found ≠ expected; this is a fault of the program, not of a file: report this text, or make a draft with --draft and look at its lists" }
    "RPT-007" { "{} に当てはまる代議員定数の規則がありません" / "kaiin reports copy seats で代議員定数の規則を手元に写し、その日の規則を加えてください" / "no rule for delegates holds ({})" / "copy the rules with kaiin reports copy seats, and add one for that day" }
    "RPT-008" { "{} の会員は、知識時点までのどの出力にも現れません" / "その医師会の会員一覧を取り込むか、後の知識時点にしてください" / "no export up to known-at tells of any member of {}" / "take in its member list, or choose a later known-at" }
    "RPT-009" { "CP932にない文字があるため、書き出しませんでした（{}）" / "ファイル・行・文字を示しました。--format csv か xlsx を使うか、元の文字を直してください" / "a character is not in CP932, so nothing was written ({})" / "file, line and character are named; use --format csv or xlsx, or mend the character at the source" }
    "RPT-020" { "出力先のフォルダ {} に書き込む権限がありません。何も書き出していません" / "--out に自分の書けるフォルダ（デスクトップなど）を指定するか、フォルダの管理者に書き込みの権限をもらってください" / "no right to write to the folder {}; nothing was written" / "give a folder of your own with --out, or ask for the right to write to this one" }
    "RPT-021" { "出力先 {} はフォルダではありません（同じ名前のファイルがあります）。何も書き出していません" / "--out に別の名前のフォルダを指定するか、その名前のファイルを移してください" / "{} is no folder (a file has that name); nothing was written" / "give another folder with --out, or move the file away" }
    "RPT-022" { "出力先のフォルダ {} を作れません。その場所（ドライブや共有フォルダ）がないか、名前に使えない文字があります" / "ドライブや共有フォルダにつながっているか、--out の綴りを確かめてください" / "the folder {} cannot be made; the place is not there, or the name cannot be used" / "check the drive or share, and the spelling of --out" }
    "RPT-023" { "出力先のフォルダ {} に書けませんでした。何も書き出していません" / "そのフォルダのファイルを Excel などで開いていれば閉じ、共有フォルダにつながっているか確かめてください" / "the folder {} could not be written; nothing was written" / "close its files where a program has them open, and check that the share is connected" }
    "RPT-026" { "外部配布用に載せられない内容があるため、書き出しませんでした（{}）" / "プログラムの誤りです。この一行を添えて知らせてください。内部の会議には --variant internal で作れます" / "an external paper would tell of people one by one, so nothing was written ({})" / "this is a defect; please report it with this line. For the office itself, use --variant internal" }
    "RPT-025" { "保存してある帳票が、作った後で変えられています（{}）" / "作った帳票は書き直しません。そのフォルダを別の場所に移してから、もう一度作ってください（手を入れた版を残すなら、名前を変えて別の場所へ）" / "a kept paper was changed after it was made ({})" / "papers are never written again: move its folder elsewhere and make the paper anew" }
    "SNP-001" { "固定した在籍が、取った後で変えられています（{}）" / "公表した帳票は別に保存してあり、変わりません。バックアップに同じフォルダ（データフォルダの snapshots/snapshot={}）があれば戻してください。なければ、そのフォルダを消さずに別の場所へ移し、同じ --as-of と --known-at で kaiin snapshot take を行ってください。取り込んだ内容が同じなら、同じ番号・同じ数字になります" / "a snapshot has been changed since it was taken ({})" / "papers are kept elsewhere and have not changed. Put the folder (snapshots/snapshot={} in the data folder) back from a backup; without one, move it elsewhere, do not delete it, and run kaiin snapshot take with the same --as-of and --known-at. The same files give the same id and figures" }
    "SNP-004" { "固定した在籍 {0} が、取った後で変えられています（{1}）" / "公表した帳票は別に保存してあり、変わりません。バックアップに同じフォルダがあれば戻し、kaiin snapshot verify で確かめてください。なければ、そのフォルダを消さずに別の場所へ移し、kaiin snapshot take --as-of {2} --known-at {3} で取り直してください。取り込んだ内容が同じなら、同じ番号・同じ数字になります。誰がこのフォルダに書けるかも確かめてください" / "the snapshot {0} has been changed since it was taken ({1})" / "papers are kept elsewhere and have not changed. Put the folder back from a backup and run kaiin snapshot verify; without one, move it elsewhere, do not delete it, and run kaiin snapshot take --as-of {2} --known-at {3}. The same files give the same id and figures. Check who can write to that folder" }
    "FNT-001" { "どの書体にもない文字があります（{}）" / "外字なら、MAMISで正しい漢字に直してください。文字・節・行を示しました" / "no font has a character ({})" / "mend the character at the source; section and row are named" }
    "FNT-002" { "印字できない文字があるため、作りませんでした（{}）" / "kaiin reports copy gaiji で外字の表を手元に写し、対応する文字を書くか、MAMISで正しい漢字に直してください。--strict-characters を外せば 〓 で印字します" / "characters that cannot be printed: the paper was not made ({})" / "copy the table with kaiin reports copy gaiji and name what is meant, or mend it in MAMIS; without --strict-characters 〓 is printed" }
    "FNT-003" { "印字できない文字を 〓 にしました（{}）" / "kaiin reports copy gaiji で外字の表を手元に写し、その文字の代わりに印字する文字を書いてから、もう一度作ってください" / "characters that cannot be printed stand as 〓 ({})" / "copy the table with kaiin reports copy gaiji, name what is printed for them, and make the paper again" }
    "SNP-002" { "固定した在籍に「{}」はないか、一つに決まりません" / "kaiin snapshot list に出る番号を、ほかと区別できるところまで書いてください" / "no snapshot, or several, are called {}" / "look up the id with kaiin snapshot list" }
    "SNP-003" { "退会日の扱いの違うものは比べられません（{}）" / "同じ扱いで固定したものを選んでください" / "snapshots that count the withdrawal day otherwise cannot be compared ({})" / "choose two that were taken with the same rule" }
    "FLW-001" { "期首と異動が期末に合いません（{}）" / "プログラムの誤りです。この一行を添えて、開発者に知らせてください" / "opening and movements do not make the closing ({})" / "this is a defect; please report it with this line" }
    "QRY-008" { "--tier {} という階層はありません" / "使えるものから選んでください" / "--tier {} is no tier" / "choose one of those" }
    "ENV-001" { "別の kaiin がこのデータフォルダに書き込んでいます" / "終わるのを待って、もう一度実行してください" / "another kaiin is writing to this data folder" / "wait until it has finished and try again" }
    "ENV-002" { "ディスクに空きがありません（{}）" / "空きを作ってから、もう一度実行してください。途中までの内容は保存していません" / "the disk is full ({})" / "make room and try again; nothing half-done was stored" }
    "ENV-003" { "読み書きする権限がありません（{}）" / "ファイルを Excel などで開いていれば閉じ、ファイルとフォルダの権限を確かめてください" / "permission denied ({})" / "close the file if a program has it open, and check the permissions of file and folder" }
    "ENV-004" { "データベースの誤り（{}）" / "ディスクの空きと、データフォルダに書き込めるかを確かめて、もう一度実行してください。途中までの内容は保存していません。続くときは、この表示を kaiin を動かしている担当者に見せてください" / "database error ({})" / "check the disk and the permissions of the data folder and try again; nothing half-done was stored. If it goes on, show this to whoever runs kaiin" }
    "ENV-005" { "ファイルがありません" / "ファイル名（.csv や .xlsx まで）と場所を確かめてください。Windows では * でまとめて指定できません" / "no such file" / "check name and folder; on Windows * does not stand for several files" }
    "ENV-006" { "ファイルを読み書きできません（{}）" / "ほかの人が Excel で開いていないか、ディスクに空きがあるか確かめてください" / "cannot read or write a file ({})" / "check that nobody has it open and that the disk has room" }
    "ENV-007" { "読み込みの間にファイルが変わりました" / "書き込みが終わってから、もう一度実行してください" / "the file changed while it was read" / "wait until it is written and try again" }
    "ENV-008" { "ほかの処理とぶつかりました（{}）。何も保存していません" / "もう一度実行してください" / "another transaction got in the way ({}); nothing was stored" / "run it again" }
    "ENV-009" { "データベースにつながりません（{}）" / "KAIIN_STORE_URL か設定の store.url と、サーバーが動いているかを確かめてください" / "the database cannot be reached ({})" / "check KAIIN_STORE_URL or store.url, and whether the server is running" }
    "ENV-010" { "ファイルではなくフォルダです" / "フォルダの中のファイルを指定してください" / "this is a folder" / "give the files in it" }
    "ENV-055" { "ファイルではなく、パイプかソケットです。待たずに読むのをやめました" / "読ませたいファイルそのもの（出力なら保存したもの）を指定してください" / "this is a pipe or a socket, not a file; it was not waited for" / "give the file itself; save an export first" }
    "ENV-056" { "ファイルではなく、端末などの装置です" / "読ませたいファイルそのもの（出力なら保存したもの）を指定してください" / "this is a device such as a terminal, not a file" / "give the file itself; save an export first" }
    "ENV-057" { "手で書くファイルとしては大きすぎます（4 MBを超えています）" / "ファイルを間違えていないか確かめてください" / "this is larger than any file that people write by hand (over 4 MB)" / "check that it is the right file" }
    "ENV-011" { "場所の途中に、フォルダでないものがあります" / "--out や --data には、ファイルではなくフォルダを指定してください" / "a part of the place is no folder" / "give a folder with --out and --data" }
    "ENV-012" { "書き込む権限がありません（{}）" / "その場所に書き込めるようにするか、書き込める利用者で実行してください（Excel などで開いていれば閉じてください）。数えるだけなら、読む権限で足ります" / "no right to write ({})" / "allow this user to write there, or run it as one who may (close it if a program has it open); counting needs the right to read only" }
    "ENV-013" { "データフォルダに台帳がありません（{}）" / "--data の指定か、実行しているフォルダを確かめてください。初めてなら、kaiin import で医師会マスタと会員一覧を取り込んでください。何も作っていません" / "there is no store in the data folder ({})" / "check --data and the folder that you are in; the first time, take in master and member list with kaiin import. Nothing was made" }
    "ENV-020" { "鍵のファイル {} が、ふつうのファイルではありません（リンクなど）。何も変えていません" / "それを別の場所へ移してから、もう一度実行してください。鍵のファイルは kaiin が作ります" / "the lock file {} is no ordinary file (a link, for example); nothing was changed" / "move it elsewhere and run this again; kaiin makes the lock file itself" }
    "ENV-040" { "データベースのサーバーが暗号化（TLS）に対応していません（{}）" / "サーバーで TLS を有効にしてください（PostgreSQL の ssl = on）。守られた回線だけを通るときは、承知のうえでアドレスに ?sslmode=disable を付けると、暗号化せずにつなぎます。何も送っていません" / "the database server does not encrypt ({})" / "switch TLS on at the server (ssl = on in PostgreSQL). Where the way is protected otherwise, ?sslmode=disable in the address connects in the clear, knowingly. Nothing was sent" }
    "ENV-041" { "データベースのサーバーの証明書を確かめられません。発行元が信頼できるものの中にありません（{}）" / "発行元（CA）の証明書をこの機械に登録するか、アドレスに ?sslrootcert=ファイル（PEM形式）を付けてください。思い当たらないときは、つなぎ先が本物かを確かめてください" / "the certificate of the database server cannot be trusted: nobody whom this machine trusts has issued it ({})" / "install the certificate of its issuer (CA) on this machine, or name its PEM file with ?sslrootcert=FILE in the address. If you did not expect this, check that it is the right server" }
    "ENV-042" { "データベースのサーバーの証明書は、別の名前のものです（{}）" / "証明書にある名前でつなぐように KAIIN_STORE_URL か store.url を直すか、その名前を含む証明書をサーバーに入れてください。名前を確かめないときは ?sslmode=verify-ca です。思い当たらないときは、つなぎ先が本物かを確かめてください" / "the certificate of the database server is that of another name ({})" / "use a name of the certificate in KAIIN_STORE_URL or store.url, or give the server a certificate with this name; ?sslmode=verify-ca does not compare the name. If you did not expect this, check that it is the right server" }
    "ENV-043" { "データベースのサーバーの証明書は、期限が切れているか、まだ始まっていません（{}）" / "この機械の日付と時刻を確かめ、正しければサーバーの証明書を新しくしてください" / "the certificate of the database server has expired or is not valid yet ({})" / "check date and time of this machine; if they are right, renew the certificate of the server" }
    "ENV-044" { "信頼する証明書のファイルを読めないか、証明書がありません（{}）" / "アドレスの sslrootcert に、発行元（CA）の証明書（PEM形式、-----BEGIN CERTIFICATE----- で始まるもの）のファイルを指定し、読む権限を確かめてください" / "the file with the certificates to be trusted cannot be read, or holds none ({})" / "name the PEM file of the issuer (it has a line -----BEGIN CERTIFICATE-----) with sslrootcert in the address, and check the right to read it" }
    "ENV-045" { "データベースのサーバーは、暗号化していない接続を断りました（{}）" / "アドレスの sslmode を verify-full にしてください（?sslmode=verify-full）。同じ機械へは、書かなければ暗号化しません" / "the database server refuses connections that are not encrypted ({})" / "write ?sslmode=verify-full in the address; connections to the same machine are not encrypted unless it says so" }
    "ENV-046" { "データベースのサーバーと暗号化した接続を結べません（{}）" / "サーバーが TLS 1.2 以上で、発行元（CA）の証明書そのものでない証明書を使っているか、利用者の証明書（sslcert と sslkey）を求めていないかを、サーバーの担当者と確かめてください" / "no encrypted connection to the database server could be made ({})" / "check with whoever runs the server that it speaks TLS 1.2 or newer, that its certificate is not that of the issuer (CA) itself, and whether it asks for a client certificate (sslcert and sslkey)" }
    "ENV-047" { "書き込みの途中でデータベースとの接続が切れ、その間に別の kaiin が書き始めました。終わっていなかった分は保存していません" / "別の kaiin が終わるのを待って、もう一度実行してください。kaiin serve は次の鐘で続けます" / "the connection broke while this was writing, and another kaiin has taken over; what was not finished is not stored" / "wait until it has finished and run it again; kaiin serve goes on at its next ring" }
    "ENV-048" { "データベースとの接続が切れました（{}）。終わっていなかった分は保存していません" / "サーバーが動いているかを確かめて、もう一度実行してください。kaiin serve は次の鐘で続けます" / "the connection to the database was lost ({}); what was not finished is not stored" / "check whether the server is running and run it again; kaiin serve goes on at its next ring" }
    "ENV-030" { "数えるためのファイルが壊れているか読めないので、台帳から作り直しました（{}）" / "数字は台帳のとおりで、することはありません。何度も出るときは、ディスクの故障と、誰がこのフォルダに書けるかを確かめてください" / "a file for counting was damaged or could not be read, and was made anew from the store ({})" / "the figures are those of the store, and nothing need be done. If it happens again, check the disk and who can write to that folder" }
    "STO-001" { "写し先の台帳は空ではありません（{}）" / "空のデータベースか、新しいデータフォルダを指定してください。何も写していません" / "the target is not empty ({})" / "give an empty database or a new data folder; nothing was copied" }
    "STO-002" { "写し元と写し先が同じ台帳です（{}）" / "別の台帳を --to に指定してください" / "source and target are one store ({})" / "give another store with --to" }
    "STO-003" { "写しが元と合いません（{}）" / "この写しを使わず、開発者に知らせてください" / "the copy differs from its source ({})" / "do not use the copy; report this to the developers" }
    "STO-005" { "写す元の台帳 {} には何もありません" / "データフォルダか接続先を確かめてください" / "the source {} holds nothing" / "check the data folder or the address" }
    "STO-004" { "台帳の指定 {} が分かりません" / "sqlite、postgres、または postgres:// で始まるアドレスを指定してください" / "{} names no store" / "give sqlite, postgres, or an address that begins with postgres://" }
    "STO-006" { "台帳は、より新しい版の kaiin で作られています" / "新しい版の kaiin を使ってください（kaiin --version で版が分かります）。何も変えていません" / "the store was made by a newer version of kaiin" / "use the newer program (kaiin --version tells which this is); nothing was changed" }
    "STO-007" { "台帳は古い版のままで、読む権限しかありません" / "書き込める利用者で、新しい版の kaiin を一度実行してください" / "the store is of an older version and may only be read" / "run the new kaiin once as somebody who may write" }
    "STO-010" { "台帳がないか空なのに、前の台帳から作ったものが残っています（{}）" / "何も作らず、何も変えていません。台帳をバックアップから戻すか、--data や KAIIN_STORE_URL（設定の store.url）の指定を確かめてください。台帳をサーバーへ移したのなら kaiin store copy で写せます。初めからやり直すなら、データフォルダの snapshots、timeline、papers、inbox/taken を別の場所へ移してから、もう一度実行してください" / "the store is missing or empty, yet what an earlier one was made into is still there ({})" / "nothing was made or changed. Put the store back from a backup, or check --data and KAIIN_STORE_URL (store.url); a store that moves to a server is copied with kaiin store copy. To begin anew, move snapshots, timeline, papers and inbox/taken out of the data folder, and run this again" }
    "STO-011" { "{} は、今の台帳のものではありません（バックアップから kaiin.sqlite だけを戻したときに起こります）" / "読むと台帳が壊れるので、何も読まず、何も変えていません。戻した台帳を使うなら、このファイルと、同じ名前で -shm が付くファイルを、消さずに別の場所へ移してから、もう一度実行してください。戻す前の台帳を使うなら、元の kaiin.sqlite をこのファイルの隣に戻してください" / "{} is not of this store (as when kaiin.sqlite alone was put back from a backup)" / "reading it would damage the store, so nothing was read or changed. To use the store that was put back, move this file, and that of the same name with -shm, elsewhere without deleting them, and run this again; to use the one before, put its kaiin.sqlite back beside this file" }
    "STO-016" { "台帳 kaiin.sqlite がないか空なのに、その続きの {} が残っています" / "台帳の中身の一部は、このファイルにしかないことがあります。何も変えていません。kaiin.sqlite を元の場所かバックアップから戻してください。戻せないときは、このファイルを消さずに別の場所へ移し、担当者に渡してください" / "the store kaiin.sqlite is missing or empty, and what goes on from it is still there ({})" / "a part of the store may be in this file alone. Nothing was changed. Put kaiin.sqlite back from where it is or from a backup; if that cannot be done, move this file elsewhere, do not delete it, and give it to whoever runs kaiin" }
    "SYN-001" { "都道府県コード {} はありません" / "01～47 を , で区切るか、all を指定してください" / "there is no prefecture {}" / "give codes from 1 to 47 divided by commas, or all" }
    "SYN-002" { "指定が範囲の外です（{}）" / "示した範囲の数を指定してください" / "a number is outside its range ({})" / "give one within the range" }
    "SYN-003" { "--files-from {} は期間の外です" / "--from から --to までの月を指定してください" / "--files-from {} is outside the span" / "give a month from --from to --to" }
    "SYN-004" { "目標の数にできません（{}）" / "目標ファイルの示した項目を直してください" / "a target cannot be met ({})" / "mend that key of the target file" }
    "SYN-005" { "台帳が空ではありません（{}）。架空のデータは空の台帳にだけ入れます" / "--data に新しいデータフォルダを指定してください。何も書いていません" / "the store is not empty ({}); invented facts go into an empty one only" / "give a new data folder with --data; nothing was written" }
    "SYN-006" { "出力先がありません" / "--out でフォルダを指定してください（すべてを台帳に入れるときは --fill）" / "there is nowhere to write to" / "give a folder with --out, or --fill to put everything into the store" }
    "SYN-007" { "最後の月 {} はまだ終わっていません" / "終わった月を --to に指定してください" / "the last month, {}, has not ended" / "give a month that has ended with --to" }
    "CFG-001" { "設定に誤りがあります（{} 件）" / "示した行を直して、もう一度実行してください（どの設定も、kaiin init が書く kaiin.toml の見本にあります）" / "the settings are wrong (faults: {})" / "mend that line and run it again; kaiin init writes an example" }
    "CFG-002" { "定義ファイルに誤りがあります（{} 件）" / "示したファイルの行を直し、kaiin reports check で確かめてください" / "definitions are wrong (faults: {})" / "mend the lines named, and prove them with kaiin reports check" }
    "CFG-003" { "「{}」というレイアウトはありません" / "使えるものから選ぶか、--layout を外してください（見出しから判断します）" / "there is no layout {}" / "choose one of those, or leave out --layout" }
    "CFG-004" { "設定の jobs.reports に、ない帳票があります（{}）" / "kaiin reports list で名前を確かめて直してください。直るまで、その帳票だけを作れません" / "jobs.reports of the settings names reports that no definition makes ({})" / "see kaiin reports list and mend the name; until then only that report is not made" }

    "DEF-001" { "ファイルの書き方の誤りです（{0}）" / "その行の前後で、引用符 \" と [ ] と = が半角で揃っているか確かめてください" / "this is not TOML ({0})" / "look for quotation marks, brackets and = around that line" }
    "DEF-002" { "「{0}」という項目はありません（ここに書ける項目: {1}）" / "項目名の綴りを直すか、その行を消してください" / "there is no key \"{0}\" (keys that can stand here: {1})" / "mend the name of the key, or remove the line" }
    "DEF-003" { "項目「{0}」がありません" / "この行から始まるまとまりに「{0} = …」の行を加えてください" / "the key \"{0}\" is missing" / "add a line \"{0} = …\" to what begins on that line" }
    "DEF-004" { "文字コードが UTF-8 ではありません" / "メモ帳で開き、「名前を付けて保存」で文字コードに UTF-8 を選んで保存してください" / "the file is not UTF-8" / "open it in an editor and save it as UTF-8" }
    "DEF-005" { "ファイルを読めません（{0}）" / "ほかの人が開いていないか、ファイルとフォルダの権限を確かめてください" / "the file cannot be read ({0})" / "check that nobody has it open, and the permissions of file and folder" }
    "DEF-006" { "「{0}」という定義はないので、読まれません（定義の名前: {1}）" / "ファイル名を直してください。新しい帳票なら、kind = \"report\" の行を加えてください" / "there is no definition \"{0}\", so nobody reads it (names of definitions: {1})" / "mend the file name; a new report needs a line kind = \"report\"" }
    "DEF-007" { "ファイル名の終わりが .toml ではないので、読まれません" / "名前を「{0}」に直してください（Windows で終わりの .txt が見えないときは、エクスプローラーの「表示」で「ファイル名拡張子」を選びます）" / "the file name does not end in .toml, so nobody reads it" / "rename it to \"{0}\"" }
    "DEF-008" { "定義のフォルダ「{0}」がありません" / "設定の definitions を直すか、フォルダを作ってください" / "there is no folder of definitions \"{0}\"" / "mend the key definitions of the settings, or make the folder" }
    "DEF-009" { "置く場所が違うので、読まれません" / "定義のフォルダの「{0}」に移してください" / "the file lies in the wrong folder, so nobody reads it" / "move it to \"{0}\" in the folder of definitions" }
    "DEF-010" { "文字を書く項目です（{0}）" / "引用符で囲んで書いてください（例 \"JMA\"）" / "a text is wanted here ({0})" / "write it between quotation marks, such as \"JMA\"" }
    "DEF-011" { "整数を書く項目です（{0}）" / "引用符やコンマを付けず、半角の数字で書いてください（例 500）" / "a whole number is wanted here ({0})" / "write digits without quotation marks or commas, such as 500" }
    "DEF-012" { "日付を書く項目です（{0}）" / "引用符で囲み、ある日付を書いてください（例 \"2025-04-01\"）" / "a day is wanted here ({0})" / "write a day that exists between quotation marks, such as \"2025-04-01\"" }
    "DEF-013" { "true か false を書く項目です（{0}）" / "引用符を付けずに true か false と書いてください" / "true or false is wanted here ({0})" / "write true or false without quotation marks" }
    "DEF-014" { "並びを書く項目です（{0}）" / "[ ] で囲み、コンマで区切って書いてください（例 [\"病院\", \"診療所\"]）" / "a list is wanted here ({0})" / "write it between brackets, divided by commas" }
    "DEF-015" { "項目のまとまりを書く所です（{0}）" / "kaiin reports show 名前 で見られる見本の同じ所と比べ、[ ] か { } の書き方を直してください" / "a table of keys is wanted here ({0})" / "compare it with the shipped one (kaiin reports show NAME), and mend the brackets" }
    "DEF-016" { "データベースのアドレスではありません" / "postgres://利用者@サーバー/データベース の形で書いてください" / "this is not the address of a database" / "write it as postgres://user@host/database" }
    "DEF-017" { "ここに書けない値です（{0}）" / "kaiin reports show 名前 で見られる見本の同じ所と比べて直してください" / "this value cannot stand here ({0})" / "compare it with the shipped one (kaiin reports show NAME)" }
    "DEF-018" { "設定ファイルがありません" / "--config のファイル名と場所を確かめてください" / "there is no such file of settings" / "check name and folder after --config" }
    "DEF-020" { "「{0}」は使えません（使えるもの: {1}）" / "使えるものから選んでください" / "\"{0}\" cannot be used here (choose from: {1})" / "choose one of those" }
    "DEF-021" { "「{0}」が二度出てきます" / "一方を消すか、別の名前にしてください" / "\"{0}\" stands twice" / "remove one of them, or give it another name" }
    "DEF-022" { "中身がありません" / "一つ以上書いてください" / "there is nothing in it" / "write at least one entry" }
    "DEF-023" { "「{0}」が「{1}」と「{2}」の両方にあります" / "どちらか一方だけに書いてください" / "\"{0}\" stands under both {1} and {2}" / "keep it under one of them" }
    "DEF-024" { "出典がありません" / "どの資料の、いつのものかを source に書いてください（出典のない数字は印刷しません）" / "the source is missing" / "say in source which document it is, and of when; a figure without a source is not printed" }
    "DEF-025" { "{0} は使えません（{1} 以上）" / "{1} 以上の整数にしてください" / "{0} cannot be used here (at least {1})" / "give a whole number of at least {1}" }
    "DEF-026" { "{0} は使えません（{1} から {2} まで）" / "{1} から {2} までの整数にしてください" / "{0} cannot be used here ({1} to {2})" / "give a whole number from {1} to {2}" }
    "DEF-027" { "「{0}」は都道府県コードではありません" / "01（北海道）から 47（沖縄県）までの2桁で書いてください（分母の全国は 00）" / "\"{0}\" is no prefecture code" / "give two digits from 01 to 47 (00 for the whole country in denominators)" }
    "DEF-028" { "日付が逆です（{0} より {1} が前です）" / "どちらの日付が正しいか確かめて直してください" / "the days are reversed ({1} is before {0})" / "check which day is right" }
    "DEF-029" { "期間が重なっています（{0} に当てはまるものが二つあります）" / "前の to を、次の from の前日にしてください" / "the spans overlap (two entries hold on {0})" / "let the earlier one end on the day before the next begins" }
    "DEF-030" { "期間に空きがあります（{0} に当てはまるものがありません）" / "次の from を前の to の翌日にするか、間の規則を加えてください" / "there is a gap between the spans (no entry holds on {0})" / "let the next one begin on the day after the earlier one ends, or add what held between" }
    "DEF-031" { "{0} のどれもありません" / "どれか一つを書いてください" / "none of {0} is given" / "give one of them" }
    "DEF-032" { "{0} が二つ以上あります" / "どれか一つだけを残してください" / "more than one of {0} is given" / "keep one of them" }
    "DEF-040" { "医師会・都道府県・医師会の種別は列にできません" / "rows に書き、columns から消してください" / "bodies, prefectures and kinds of body cannot be columns" / "put them into rows, and take them out of columns" }
    "DEF-041" { "日本医師会は一つなので、医師会別の行になりません" / "rows = \"prefecture\"（都道府県別）にしてください" / "there is one national body, so it has no rows by body" / "use rows = \"prefecture\"" }
    "DEF-042" { "都道府県ごとの小計は、医師会別の表だけにあります" / "subtotals の行を消すか、rows = \"association\" にしてください" / "only bodies are summed up by prefecture" / "remove subtotals, or use rows = \"association\"" }
    "DEF-043" { "指標「{0}」には専用の表があり、この表には並べられません" / "metrics から消し、その指標を載せた部品を parts に加えてください（kaiin reports show movements などが見本です）" / "the metric {0} has a table of its own and cannot stand beside these rows" / "take it out of metrics, and add the part that prints it to parts" }
    "DEF-044" { "指標「{0}」は、分母が都道府県別なので、都道府県別の表だけに載せられます" / "rows = \"prefecture\" にするか、metrics から消してください" / "the metric {0} needs rows by prefecture, as its denominators are" / "use rows = \"prefecture\", or take it out of metrics" }
    "DEF-045" { "指標「{0}」は、都道府県医師会か日本医師会の表だけに載せられます" / "tier を prefectural か national にするか、metrics から消してください" / "the metric {0} is about the prefectural or the national tier" / "change tier, or take it out of metrics" }
    "DEF-047" { "表「{0}」は、parts にないので印刷されません" / "parts に \"table:{0}\" を加えるか、表を消してください" / "the table {0} is not printed, as parts does not name it" / "add \"table:{0}\" to parts, or remove the table" }
    "DEF-050" { "見出し「{0}」の列がありません（{1} が使います）" / "表の見出しを直すか、{1} の項目を今の見出しに合わせてください" / "there is no column \"{0}\" ({1} asks for it)" / "mend the heading, or what {1} says" }
    "DEF-051" { "「{0}」の列が数字ではありません" / "コンマや単位を付けず、半角の数字で書いてください" / "the column \"{0}\" is not a number here" / "write digits without commas or units" }
    "DEF-052" { "表にない医師会があります（{0}）" / "足りない医師会の行を表に加えてください" / "the table leaves out bodies ({0})" / "add their rows to the table" }
    "DEF-060" { "医師会マスタに「{0}」はありません" / "コードか名称を直すか、その医師会を医師会マスタに加えて取り込んでください" / "\"{0}\" is not in the association master" / "mend the code or name, or add the body to the master and take it in" }
    "DEF-061" { "「{0}」は、ここに書く階層（{1}）の医師会ではありません" / "その階層の医師会のコードにしてください" / "\"{0}\" is not of the tier that is wanted here ({1})" / "give the code of a body of that tier" }
    "DEF-062" { "指標「{0}」の単位は {1} で、この表の単位（unit）と違います" / "unit を指標に合わせる（実人数なら heads、延べなら memberships）か、metrics から消してください" / "the metric {0} is counted in {1}, which is not the unit of this table" / "change unit (heads or memberships), or take it out of metrics" }
    "DEF-065" { "「{0}」は一つの文字ではありません" / "文字を一つだけ書くか、U+E000 のように番号で書いてください" / "\"{0}\" is not one character" / "write one character, or its code such as U+E000" }
    "DEF-066" { "どの書体にもない文字です（{0}）" / "印字できる文字を to に書いてください（ふつうの漢字など）" / "no font has this character ({0})" / "give a character that can be printed" }
    "DEF-067" { "「{0}」は、帳票の数字や見出しに使う文字です" / "外字（U+E000～U+F8FF）や、まれな漢字だけを from に書いてください" / "\"{0}\" is a letter that figures and headings are made of" / "name only private characters (U+E000 to U+F8FF) and rare ones under from" }
    "DEF-099" { "「{0}」のことではありませんか" / "" / "was \"{0}\" meant?" / "" }

    "USE-001" { "指定に誤りがあります" / "使い方は {} で見られます" / "wrong arguments" / "see {}" }
    "USE-101" { "{0} がありません" / "{0} を付けてください（{1}）" / "{0} is missing" / "add {0}" }
    "USE-102" { "{0} に「{1}」は使えません（使えるもの: {2}）" / "使えるものから選んでください" / "{0} cannot be \"{1}\" (choose from: {2})" / "choose one of those" }
    "USE-103" { "{0} の後に何もありません" / "{0} の後に値を書いてください" / "{0} has no value" / "write one after {0}" }
    "USE-104" { "「{0}」という指定はありません" / "綴りを直すか、消してください" / "there is no argument \"{0}\"" / "mend its spelling, or leave it out" }
    "USE-105" { "「{0}」という命令はありません" / "命令は英字で、そのとおりに書いてください" / "there is no command \"{0}\"" / "mend its spelling" }
    "USE-106" { "命令がありません（使えるもの: {0}）" / "使えるものから選んでください" / "the command is missing (choose from: {0})" / "choose one of those" }
    "USE-107" { "{0} と {1} は一緒に使えません" / "どちらか一方を消してください" / "{0} cannot stand beside {1}" / "leave out one of them" }
    "USE-108" { "{0} が二度あります" / "一方を消してください" / "{0} is given twice" / "leave out one of them" }
    "USE-109" { "{0} に「{1}」は使えません" / "半角の数字など、説明にある形で書いてください" / "{0} cannot be \"{1}\"" / "write it as the help says" }
    "USE-110" { "指定を読めません（{0}）" / "綴りと順を確かめてください" / "the arguments are not understood ({0})" / "check their spelling and order" }
    "USE-111" { "{0} には {1} が要ります" / "{1} を付けてください" / "{0} needs {1}" / "add {1}" }
    "USE-112" { "「{0}」が何の指定か分かりません" / "値の前に、どの指定かを書いてください" / "it is not clear what \"{0}\" is for" / "write the name of the argument before its value" }
    "USE-113" { "「{0}」という命令はありません（使えるもの: {1}）" / "使えるものから選んでください" / "there is no command \"{0}\" (choose from: {1})" / "choose one of those" }
    "USE-114" { "日まで書く所です" / "月末なら {0}（{1}）と書いてください" / "a day is wanted here" / "for the end of the month write {0} ({1})" }
    "USE-116" { "{0} がありません" / "{0} を付けてください" / "{0} is missing" / "add {0}" }
    "USE-117" { "「{0}」という指定はありません（使えるもの: {1}）" / "使えるものから選ぶか、消してください" / "there is no argument \"{0}\" (choose from: {1})" / "choose one of those, or leave it out" }
    "USE-118" { "写せる定義に「{}」はありません" / "名前か表題のとおりに書いてください。一覧は kaiin reports copy で見られます" / "there is no definition {} to be copied" / "give the name or the title; kaiin reports copy lists them" }
    "USE-119" { "すでにあるので、写しませんでした（{}）" / "そのファイルを直してください。付属のものと取り替えるなら、そのファイルを別の名前にしてから、もう一度実行してください。付属の内容は kaiin reports show で見られます" / "the file is there already, so nothing was copied ({})" / "edit that file; to have the shipped one, rename it first and run this again. kaiin reports show prints the shipped one" }
    "USE-120" { "「{}」は、項目=見出し の形ではありません" / "項目、半角の =、ファイルにある見出しの順に、間を空けずに書いてください（例 郡市区等入会日=入会年月日）" / "\"{}\" is not FIELD=HEADING" / "write the field, = and the heading of the file, such as local_joined_on=入会年月日" }
    "USE-121" { "「{}」という項目はありません" / "今の見出しか項目名を書いてください。レイアウトごとの項目は kaiin layouts list 名前 で見られます" / "there is no field {}" / "give a heading that it has or its name; kaiin layouts list NAME shows them" }
    "USE-122" { "その見出しは、ほかの項目のものです（{}）" / "一つの見出しを二つの項目に使うことはできません。項目を確かめてください。ほかのレイアウトに加えるなら --layout で名前を指定してください" / "another field has that heading ({})" / "one heading cannot carry two fields; check the field, or name the layout with --layout" }
    "USE-123" { "見出しがないか、改行などが入っています（{}）" / "= の後に、ファイルにある見出しをそのまま書いてください" / "the heading is blank or holds a control character ({})" / "write the heading of the file after =" }
    "USE-124" { "項目と見出しが逆のようです（{0}）" / "= の左に項目、右に新しい見出しを書いてください" / "field and heading seem to be reversed ({0})" / "write the field before = and the new heading after it" }
    "USE-125" { "「{0}」は、命令の後に書きます" / "命令から書いてください（例 kaiin {1} {0} …）" / "\"{0}\" belongs after a command" / "begin with the command, as in kaiin {1} {0} …" }
    "BUG-001" { "プログラムの誤りです：{}" / "この表示を添えて開発者に知らせてください" / "a defect of the program: {}" / "report this text to the developers" }
}
