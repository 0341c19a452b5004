//! Texts about a server and the machines that watch over it.

use super::entry::{Entry, catalogue};

catalogue! { SERVING
    "CFG-010" { "答える場所の書き方が違います" / "127.0.0.1:9464 のように、番号のアドレスとポートを書いてください" / "this is no address to listen at" / "write an address in numbers with its port, such as 127.0.0.1:9464" }
    "CFG-011" { "{} は、ほかの機械からも聞ける場所です" / "127.0.0.1:9464 のように、この機械の中のアドレスにしてください。ほかの機械に答えるなら、metrics_beyond_this_machine = true も書いてください（だれでも聞けます）" / "other machines can ask at {}" / "use an address of this machine such as 127.0.0.1:9464; to answer others, also write metrics_beyond_this_machine = true (anybody can ask then)" }
    "CFG-012" { "{} は、ほかの機械から届く場所です（画面は暗号化しません）" / "127.0.0.1:8080 のように、この機械の中のアドレスにして、前に TLS の代理サーバーを置いてください。閉じたネットワークの中の別の機械に代理サーバーがあるなら、beyond_this_machine = true も書いてください" / "other machines reach {}, and pages are not encrypted" / "use an address of this machine such as 127.0.0.1:8080 with a TLS proxy before it; where the proxy is another machine of a closed network, also write beyond_this_machine = true" }
    "ENV-060" { "監視プログラムに答える場所を使えません（{}）" / "ほかのプログラム（もう一つの kaiin serve など）が使っていないか確かめ、設定の [serve] metrics を別のポートにしてください" / "nobody can listen at the address for metrics ({})" / "see whether another program (perhaps another kaiin serve) uses it, and give [serve] metrics another port" }
    "ENV-061" { "鐘の仕事が、{} から終わっていません" / "kaiin jobs list と kaiin serve のログで、長くかかっているか、失敗し続けているかを確かめてください" / "no ring of the bell was done since {}" / "see kaiin jobs list and the log of kaiin serve: a ring takes long, or each one fails" }
    "ENV-062" { "台帳が、1秒以内に答えません" / "ディスクかデータベースの込み具合を見て、kaiin doctor で確かめてください" / "the store does not answer within a second" / "look at the load of the disk or database, and run kaiin doctor" }
    "ENV-063" { "systemd の単位に書けない名前です（{}）" / "改行などのない、UTF-8 の名前のフォルダを使ってください" / "no unit of systemd can name this path ({})" / "use a folder whose name is UTF-8 without line ends and the like" }
}
