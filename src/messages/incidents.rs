//! What is said of a file that went astray. Sentences about persons (01…) need no remedy.

use super::entry::{Entry, catalogue};

catalogue! { INCIDENTS
    "INC-001" { "台帳にないファイルです。kaiin が作った・取り込んだ・配ったものと、一字でも違えばこうなります" / "内部の資料を書き換えたもの、監査の書き出し（audit --out）、ほかの機械や前の台帳のものかもしれません。中を見て、人数を数えてください" / "this file is not known: it is none that was made, taken in or sent, to the byte" / "it may be one that was changed, an audit that was written out, or one of another store; look into it and count" }
    "INC-002" { "このファイルを読めません（{}）" / "読める場所に写してから、もう一度実行してください" / "this file cannot be read ({})" / "copy it where it can be read, and ask again" }
    "INC-003" { "ファイルがないので、名前だけで探しました。同じ名前の、中身の違うものもありえます" / "ファイルが手元にあれば、その場所を指定してください（中身で確かめます）" / "there is no such file, so it was looked for by its name; others may have that name too" / "name the file itself where you have it: then its content is compared" }
    "INC-004" { "見られなかったものがあります（{}）。答えは、そのどれかにあるかもしれません" / "kaiin verify で確かめ、フォルダを元の場所に戻してから、もう一度実行してください" / "some things could not be looked at ({}); the answer may stand in one of them" / "see kaiin verify, put the folders back, and ask again" }
    "INC-005" { "この PDF の識別番号は {} と同じです。そこから書き換えたものです" / "kaiin incident にその帳票を指定すると、配布先が分かります" / "this PDF has the identity of {}: it was made of that one" / "ask about that one to see who has it" }
    "INC-006" { "{} と名前が同じです。中身は違います" / "中を見て、どちらが正しいかを確かめてください" / "it has the name of {}, and another content" / "look into both" }
    "INC-007" { "その名前のものは、台帳にありません" / "ファイルが手元にあれば、その場所を指定してください（中身で確かめます）" / "nothing of that name is known" / "name the file itself where you have it: then its content is compared" }
    "INC-010" { "氏名・医籍登録番号は載っていません（外部配布用）" / "" / "no names and no registration numbers stand in it (external)" / "" }
    "INC-011" { "表の氏名の欄を数えました（同姓同名は分けられないことがあります。自由記述の欄は数えていません）" / "" / "counted in the columns of names (persons of one name may be one or several; free texts are not counted)" / "" }
    "INC-012" { "取り込んだ行の数です。一人が何行にも載ることがあります" / "" / "the rows that were taken in; one person may have several" / "" }
    "INC-013" { "何人載っているかは分かりません。中を見て数えてください" / "" / "nobody can say how many stand in it; look into it and count" / "" }
    "INC-014" { "氏名・医籍登録番号は載っていません（台帳の中だけの番号で書いてあります）" / "" / "no names and no registration numbers stand in it: its numbers mean something in the store only" / "" }
    "INC-015" { "会員は載っていません（宛名だけです）" / "" / "no members stand in it, only addressees" / "" }
    "INC-016" { "会員は載っていません（医師会マスタです）" / "" / "no members stand in it: it is the master of associations" / "" }
    "INC-017" { "会議の資料です。事務局の表・文書・PDF に誰が載っているかは分かりません。中を見て数えてください" / "" / "a pack of a meeting: nobody can say who is named in tables, letters and PDF files of the office; look into it and count" / "" }
    "INC-018" { "会員は載っていません（目録です）" / "" / "no members stand in it: it is a manifest" / "" }
    "INC-019" { "書き出したときに数えました" / "" / "counted when it was written" / "" }
    "INC-020" { "持ち出しの記録に書けませんでした（{}）" / "データフォルダに書き込めるようにしてください。この命令で出したものは、日時と人を控えておいてください" / "what this command hands out could not be noted ({})" / "make the data folder writable, and note down when it was and who ran it" }
}
