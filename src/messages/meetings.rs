//! The catalogue of what is wrong in the folder of a meeting.

use super::entry::{Entry, catalogue};

catalogue! { MEETINGS
    "MTG-001" { "会議のフォルダに誤りがあります（{} 件）" / "示したシートのセルを直して保存し、kaiin meeting check で確かめてください" / "the folder of the meeting has faults ({})" / "mend the cells named, save, and prove them with kaiin meeting check" }
    "MTG-002" { "会議のフォルダがもうあります（{}）" / "そのフォルダの会議.xlsx を直すか、フォルダの名前を変えてから、もう一度実行してください" / "there is a folder of the meeting already ({})" / "edit its workbook, or rename it and run the command again" }
    "MTG-003" { "会議のフォルダがありません（{}）" / "フォルダの名前と場所を確かめるか、kaiin meeting new で作ってください" / "there is no folder of a meeting at {}" / "check its name and place, or make one with kaiin meeting new" }
    "MTG-004" { "会議のフォルダのファイルが、資料を作ったときと違います（{}）" / "控えのファイルに戻すか、kaiin meeting build で訂正版を作ってください" / "files of the meeting are other than they were when the pack was made ({})" / "put back the files of then, or make another edition with kaiin meeting build" }
    "MTG-005" { "差し替える資料がまだありません（{}）" / "先に kaiin meeting build で PDF の資料を作ってください（--variant と --out も同じに）" / "there is no pack yet in which something could be replaced ({})" / "make the PDF of the pack first with kaiin meeting build (and the same --variant and --out)" }
    "MTG-006" { "「{}」は、作った資料か今の次第にありません" / "作った資料の資料番号を指定してください。番号が変わったときは、資料を作り直してください" / "there is no {} in the pack or in the agenda of now" / "name a number of the pack; where numbers changed, make the pack anew" }
    "MTG-007" { "「{}」は、作った資料と同じです" / "直したシートや PDF が、その資料番号のものか確かめてください" / "{} says what it said in the pack" / "check that the sheet or file you edited is the one of that number" }
    "MTG-010" { "「次第」のシートも、次第.csv もありません" / "kaiin meeting new で作ったフォルダを指定するか、ブックに「次第」のシートを作ってください" / "there is no sheet 次第 and no 次第.csv" / "name a folder made by kaiin meeting new, or add a sheet called 次第" }
    "MTG-011" { "ブックがいくつもあります（{}）" / "会議のブックを一つにするか、会議.xlsx という名前にしてください" / "there are several workbooks ({})" / "keep one, or call it 会議.xlsx" }
    "MTG-012" { "「{}」という名前のシートとファイルが二つあります" / "どちらかの名前を変えるか、消してください" / "two sheets or files are called {}" / "rename or remove one" }
    "MTG-013" { "表が大きすぎます（最大 {}）" / "会議で配る行と列だけにしてください" / "the table is too large (at most {})" / "keep the rows and columns that the meeting needs" }
    "MTG-014" { "セルが {} になっています" / "数式を直すか、値を書いてください" / "the cell shows {}" / "mend the formula, or write the value" }
    "MTG-015" { "数式の値が保存されていません" / "Excel で開いて保存し直してください" / "the value of a formula was not saved" / "open the workbook in Excel and save it again" }
    "MTG-016" { "文字として読めません（UTF-8 でも CP932 でもない）" / "Excel で「CSV UTF-8」として保存し直してください" / "the file is neither UTF-8 nor CP932" / "save it from Excel as CSV UTF-8" }
    "MTG-017" { "引用符（\"）が閉じていません" / "その行の \" を消すか、閉じてください" / "a quotation mark is never closed" / "remove it, or close it" }
    "MTG-018" { "「{0}」の曜日が違います（{1}曜日）" / "日付か曜日を直してください" / "\"{0}\" has another weekday ({1})" / "mend the day or the weekday" }
    "MTG-020" { "「{0}」という項目はありません（ここに書ける項目: {1}）" / "項目の言葉を直すか、その行を消してください" / "there is no word \"{0}\" here (words that can stand here: {1})" / "mend the word, or remove the row" }
    "MTG-021" { "「{0}」がありません" / "A列に {0}、B列に値を書いてください（例 {1}）" / "\"{0}\" is missing" / "write {0} in column A and its value in column B (such as {1})" }
    "MTG-022" { "「{}」が二度書かれています" / "どちらかの行を消してください" / "\"{}\" stands there twice" / "remove one of the rows" }
    "MTG-023" { "上の項目と表の間に、空の行がありません" / "見出しの行の上に、空の行を一つ入れてください" / "there is no empty row between the head and the table" / "put an empty row above the headings" }
    "MTG-024" { "「{0}」は書けません（書けるもの: {1}）" / "示した言葉のどれかにしてください" / "\"{0}\" cannot stand here (words that can: {1})" / "write one of the words shown" }
    "MTG-025" { "「{}」は日付として読めません" / "2026-01-22、R8.1.22、令和8年1月22日 のどれかの形で書いてください" / "\"{}\" is not a day" / "write it as 2026-01-22" }
    "MTG-026" { "「{}」の列がありません" / "見出しの行に、その列を加えてください" / "there is no column {}" / "add it to the row of headings" }
    "MTG-027" { "「{0}」という列はありません（書ける列: {1}）" / "見出しを直すか、その列を消してください" / "there is no column \"{0}\" (columns that can stand here: {1})" / "mend the heading, or remove the column" }
    "MTG-028" { "「{}」の列が二つあります" / "どちらかの見出しを変えてください" / "two columns are called {}" / "rename one" }
    "MTG-029" { "見出しのない列に値があります" / "見出しを書くか、値を消してください（表の横のメモは「注」に書けます）" / "there is a value in a column without a heading" / "give it a heading, or remove the value; remarks go beside 注" }
    "MTG-030" { "「{0}」に書かれた列「{1}」が、表の見出しにありません（見出し: {2}）" / "見出しと同じ言葉にしてください" / "{0} names a column \"{1}\" that the table does not have (headings: {2})" / "write it as in the headings" }
    "MTG-031" { "「{0}」の番号 {1} が二つあります" / "番号を直すか、空欄にしてください（空欄なら上から順に付きます）" / "two items of {0} have the number {1}" / "mend the number, or leave it blank: items are numbered in order" }
    "MTG-032" { "「{}」は議題の番号として読めません" / "1、2、3 のような数にするか、空欄にしてください" / "\"{}\" is not the number of an item" / "write 1, 2, 3, or leave it blank" }
    "MTG-033" { "件名がありません" / "件名を書くか、その行を空にしてください" / "the item has no 件名" / "write it, or empty the row" }
    "MTG-034" { "最初の議題に区分がありません" / "区分（協議事項、報告事項 など）を書いてください" / "the first item has no 区分" / "write 協議事項, 報告事項 or the like" }
    "MTG-035" { "「{0}」という帳票・シート・ファイルはありません（あるもの: {1}）" / "資料の欄の言葉を、帳票の表題・シート名・PDF の名前と同じにしてください" / "there is no report, sheet or file \"{0}\" (there are: {1})" / "write the title of a report, the name of a sheet, or the name of a PDF in the folder" }
    "MTG-036" { "「{}」という名前の帳票・シート・ファイルが、いくつもあります" / "シートかファイルの名前を変えてください" / "a report, a sheet or a file could be meant by \"{}\"" / "rename the sheet or the file" }
    "MTG-037" { "「{}」は、ほかの資料と並べて書けません" / "件数や枚数は、資料の欄に一つだけ書いてください（添付した PDF の枚数は自動で付きます）" / "\"{}\" cannot stand beside other papers" / "write a count alone; the sheets of attached PDF files are counted" }
    "MTG-038" { "「{}」が、二つの議題の資料になっています" / "どちらかの資料の欄を空にし、備考に「資料n参照」と書いてください" / "\"{}\" stands behind two items" / "empty one of the cells and refer to the other in 備考" }
    "MTG-039" { "「{}」のシートは非表示になっています" / "Excel で再表示して保存してください" / "the sheet {} is hidden" / "unhide it in Excel and save" }
    "MTG-040" { "「{}」は数として読めません" / "数だけを書いてください（1,153、２１、▲5、(4) は読めます。ないときは －）" / "\"{}\" is not a number" / "write a number (1,153, ▲5 and (4) are read; － for none)" }
    "MTG-041" { "{} は、0 以上の整数ではありません" / "数を直してください" / "{} is not a whole number from 0" / "mend the number" }
    "MTG-042" { "数がありません" / "0 なら 0、ないときは － と書いてください" / "the number is missing" / "write 0 for none counted, － for no number" }
    "MTG-043" { "書かれた合計 {0} が、計算した合計 {1} と違います" / "数か合計を直してください" / "the stated total {0} differs from the sum {1}" / "mend the numbers or the total" }
    "MTG-044" { "内訳の合計 {0} が、全体の合計 {1} と違います" / "内訳か数を直してください" / "the parts add up to {0}, the whole to {1}" / "mend the parts or the numbers" }
    "MTG-045" { "内数 {0} が、全体 {1} より大きくなっています" / "数を直してください（列の順が逆でないかも確かめてください）" / "the part {0} is larger than its whole {1}" / "mend the numbers; are the columns the other way round?" }
    "MTG-046" { "「{0}」という医師会は、この日のマスタにありません（似た名前: {1}）" / "名称を直すか、医師会マスタの別名に加えて取り込んでください" / "no body is called \"{0}\" on that day (names like it: {1})" / "mend the name, or add it to the aliases of the master and take that in" }
    "MTG-047" { "「{}」が二度出てきます" / "どちらかの行を消すか、正しい医師会にしてください" / "{} stands there twice" / "remove one of the rows, or name the other body" }
    "MTG-048" { "この表にない医師会があります（{}）" / "行を加えるか、一部の医師会だけの表なら、上に 対象 一部 と書いてください（ほかの県の医師会なら、次第に 都道府県 を書いてください）" / "bodies are missing in the table ({})" / "add them, or write 対象 一部 in the head for a table of some bodies (or 都道府県 in 次第, where they are of other prefectures)" }
    "MTG-049" { "一覧に合計の行があります" / "その行を消してください（件数は自動で付きます。数の合計が要るなら 形 表 にしてください）" / "the list has a row of totals" / "remove it: rows are counted; for sums use the shape 表" }
    "MTG-050" { "PDF が壊れています" / "元の文書から PDF を作り直してください" / "the PDF is damaged" / "make it anew from its document" }
    "MTG-051" { "PDF に、開くためのパスワードがかかっています" / "パスワードを外して保存し直してください" / "the PDF asks for a password" / "save it without the password" }
    "MTG-052" { "PDF に頁がありません" / "元の文書から PDF を作り直してください" / "the PDF has no pages" / "make it anew from its document" }
    "MTG-053" { "ファイルが大きすぎます（{}）" / "画像を小さくして PDF を作り直すか、いくつかに分けてください" / "the file is too large ({})" / "make it anew with smaller pictures, or split it" }
    "MTG-054" { "「{}」は綴じられません" / "PDF にして、その名前を書いてください（表なら、会議のブックのシートにしてください）" / "{} cannot be bound" / "save it as PDF and name that (or make it a sheet of the workbook)" }
    "MTG-060" { "このシートは、次第のどの議題の資料にもなっていません" / "使うなら、次第の「資料」に名前を書いてください" / "no item of 次第 uses this sheet" / "to use it, write its name under 資料" }
    "MTG-061" { "このファイルは、次第のどの議題の資料にもなっていません" / "使うなら、次第の「資料」に名前を書いてください" / "no item of 次第 uses this file" / "to use it, write its name under 資料" }
    "MTG-062" { "ブックが Excel で開かれています。最後に保存したものを読みました" / "直したところがあれば、保存してからもう一度実行してください" / "the workbook is open in Excel; what was saved last was read" / "save your changes and run the command again" }
    "MTG-063" { "A4 でない頁があります（{}）" / "そのままの大きさで綴じます。A4 で配るなら、PDF を作り直してください" / "pages are not A4 ({})" / "they are bound as they are; to hand out A4, make the PDF anew" }
    "MTG-064" { "氏名などの列があります（{}）" / "事務局の表は、外部配布用の資料にもそのまま載ります。載せないなら列を消してください" / "columns name people ({})" / "tables of the office stand in papers for others as they are; remove the columns to leave them out" }
    "MTG-065" { "ほかのブックは読んでいません（{}）" / "使うものを会議.xlsx という名前にし、ほかは別の場所に移してください" / "other workbooks were not read ({})" / "call the one to use 会議.xlsx and move the others away" }
    "MTG-066" { "PDF の記入欄や注釈のうち {} か所は、見た目が保存されていないため印刷されません" / "その PDF を開き、「PDF として印刷」で保存し直してください" / "fields or remarks of the PDF without a stored look will not be seen ({})" / "open it and print it to a new PDF" }
    "MTG-067" { "記入されていない所があります（{}）" / "○○ を実際の言葉に直してください" / "something was not filled in ({})" / "replace ○○ with the real words" }
    "MTG-070" { "会議の予定に、要る列がありません（{}）" / "1行目に、開催日 と 会議名 の見出しを書いてください" / "the calendar of meetings lacks a column ({})" / "write the headings 開催日 and 会議名 into its first row" }
    "MTG-071" { "会議の予定に、日付として読めない開催日があります（{}）" / "2026-01-22、R8.1.22、令和8年1月22日 のどれかの形で書いてください" / "a day in the calendar of meetings cannot be read ({})" / "write it as 2026-01-22" }
    "MTG-072" { "会議の予定に、会議名のない行があります（{}）" / "会議名を書くか、その行を消してください" / "a meeting of the calendar has no name ({})" / "write it, or remove the row" }
    "MTG-073" { "会議の予定に、同じ日の同じ会議が二度あります（{} 行目と）" / "どちらかの行を消してください" / "the calendar of meetings names one meeting twice ({} is the other row)" / "remove one of the rows" }
    "MTG-074" { "会議の予定を読めません（{}）" / "その場所に、開催日 と 会議名 の表を CSV か Excel で置いてください。場所は設定の jobs.meetings です" / "the calendar of meetings cannot be read ({})" / "put a table with 開催日 and 会議名 there, as CSV or workbook; jobs.meetings of the settings says where" }
    "MTG-075" { "会議の予定に、セルの数が見出しと違う行があります（{}）" / "余ったセルを消すか、足りないセルを補ってください" / "a row of the calendar of meetings has not as many cells as there are headings ({})" / "remove the cells that are too many, or add those that lack" }
    "WEB-080" { "その会議のフォルダはありません（{}）" / "「会議」の一覧から開き直してください" / "there is no folder of this meeting ({})" / "open it from the list of meetings" }
    "WEB-081" { "そのファイルはありません（{}）" / "会議の画面を開き直してください" / "there is no such file ({})" / "open the page of the meeting once more" }
    "WEB-082" { "会議の資料にならないファイルです（{}）。何も置いていません" / "Excelブック（.xlsx）、CSV、PDF のどれかを渡してください" / "no meeting is made from such a file ({}); nothing was put there" / "give a workbook (.xlsx), CSV or PDF files" }
    "WEB-083" { "会議の名前が書かれていません" / "理事会、郡市医師会長会議 などと書いてください" / "the meeting has no name" / "write how it is called" }
    "WEB-084" { "日付として読めません（{}）" / "R8.1.22、令和8年1月22日、2026-01-22 のように書いてください" / "this is no day ({})" / "write it as 2026-01-22 or R8.1.22" }
    "WEB-085" { "資料番号として読めません（{}）" / "1 から始まる数を書くか、空欄にしてください" / "this is no number of an item ({})" / "write a number from 1, or leave it empty" }
}
