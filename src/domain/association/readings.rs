//! Readings of the kanji that names of places are made of, so that a name typed in kana finds the body that may be meant.
//!
//! The master has no readings. This is a help for messages: what is not in the table is not suggested, and nothing is ever
//! taken by its reading (R12).

/// A kanji and its readings in names of places, hardened ones (川 → がわ) among them.
const READINGS: &str = "\
一 いち ひと いっ|二 に ふた|三 さん み みつ|四 し よ よつ|五 ご い いつ|六 ろく む|七 しち なな|八 はち や やつ はっ|九 きゅう く ここの|十 じゅう と とお|千 せん ち|万 まん|百 ひゃく もも|\
上 かみ うえ うわ じょう あげ|下 しも した か しも げ|中 なか ちゅう|東 ひがし とう あずま|西 にし せい さい|南 みなみ なん|北 きた ほく ほっ|左 さ|右 う|内 うち|外 そと|前 まえ|奥 おく|本 もと ほん|元 もと|\
大 おお だい たい|小 こ お しょう|高 たか こう|長 なが ちょう|新 しん にい あら あたら|古 ふる こ|広 ひろ|深 ふか|浅 あさ|遠 とお|近 ちか|平 ひら たいら へい|丸 まる|美 み|善 ぜん よし|吉 よし きち|\
川 かわ がわ せん|河 かわ こう が|山 やま さん ざん|田 た だ でん|野 の や|原 はら わら ばら げん|島 しま じま とう|崎 さき ざき|埼 さい さき|沢 さわ ざわ|谷 や たに がや だに|津 つ づ|浦 うら|浜 はま ばま|海 うみ かい あま み|\
池 いけ|沼 ぬま|湖 こ みずうみ|江 え こう|泉 いずみ せん|水 みず すい|滝 たき だき|瀬 せ|渡 わたり わたら|橋 はし ばし|宮 みや ぐう|寺 てら でら じ|神 かみ じん しん こう かん|社 やしろ|城 しろ じょう き ぎ|倉 くら ぐら|蔵 くら ぞう|\
木 き ぎ もく|林 はやし ばやし りん|森 もり|松 まつ|竹 たけ|梅 うめ|桜 さくら|杉 すぎ|柏 かしわ|栗 くり|桑 くわ|藤 ふじ とう|荻 おぎ|萩 はぎ|蕨 わらび|草 くさ そう|花 はな|菊 きく|葉 は ば|稲 いね いな|米 よね こめ|麦 むぎ|\
石 いし せき|岩 いわ がん|砂 すな さ|土 つち ど|金 かね かな きん|銀 ぎん|玉 たま|鉄 てつ|火 ひ|日 ひ にち|月 つき|星 ほし|光 ひかり こう|風 かぜ|雲 くも|雨 あめ|雪 ゆき|霞 かすみ|春 はる かす|夏 なつ|秋 あき|冬 ふゆ|\
白 しら しろ はく|黒 くろ|赤 あか|青 あお|緑 みどり|紫 むらさき|鳥 とり|鶴 つる|鴨 かも|鷹 たか|鷲 わし|鳩 はと はと|馬 うま ま ば|牛 うし|鹿 しか か|熊 くま|亀 かめ|猿 さる|犬 いぬ|狭 さ はざ せま|\
和 わ かず|光 こう ひかり|与 よ|越 こし ごえ えつ ごし|戸 と ど こ|所 ところ しょ|飯 いい はん|能 のう の|行 ぎょう ゆき なめ|秩 ちち|父 ぶ|児 こ|玉 だま|羽 は わ ばね|生 う せい お いく|入 いる いり いり|間 ま あいだ|\
加 か|須 す|久 く ひさ|喜 き|幸 さち さっ こう|手 て|槻 つき|鳩 はと|鴻 こう|巣 す|朝 あさ|霞 がすみ|志 し|座 ざ|富 ふ とみ|士 じ し|見 み|毛 け もう|呂 ろ|坂 さか ざか|鶴 づる|嵐 らん|寄 より|居 い|比 ひ|企 き|\
足 あし|立 たち だち たて りっ|横 よこ|瀬 ぜ|相 さ あい|模 がみ|府 ふ|調 ちょう|布 ふ|町 まち ちょう|田 だ|武 む たけ ぶ|蔵 さし|鷹 たか|多 た|摩 ま|国 くに こく|分 ぶん ぶ|八 はち|王 おう|子 こ し ね|品 しな|港 みなと|\
渋 しぶ|目 め|黒 ぐろ|世 せ よ|杉 すぎ|並 なみ|豊 とよ|島 しま|荒 あら|板 いた|練 ねり|馬 ま|葛 かつ くず|飾 しか|戸 ど|船 ふな|市 いち し|習 なら|志 し|成 なり|佐 さ|倉 くら|銚 ちょう|館 たて かん だて|茂 も|原 ばら|\
前 まえ|橋 ばし|崎 さき|太 おお た|伊 い|勢 せ|桐 きり|宇 う|都 つ と|宮 のみや|栃 とち|佐 さ|水 み|土 つち|浦 うら|名 な|古 ご|屋 や|岡 おか|京 きょう|阪 さか|奈 な|良 ら よし|福 ふく|井 い|静 しず|岐 ぎ|阜 ふ|\
口 くち ぐち こう|取 とり|根 ね|曽 そ|我 が|恵 え|住 すみ ずみ|塚 つか づか|窪 くぼ|堀 ほり|洗 あらい|磐 いわ|磯 いそ|安 あ やす あん|房 ふさ ぼう|総 そう ふさ|常 つね とこ じょう|陸 りく|甲 こう か|信 しん|州 しゅう|尾 お|張 はり|知 ち|愛 あい|媛 ひめ|香 か|徳 とく|鳴 なる|門 と かど もん|仙 せん|台 だい|盛 もり|形 がた|潟 がた|札 さっ|幌 ぽろ|函 はこ|旭 あさひ|青 あお|弘 ひろ|郡 こおり ぐん|区 く|村 むら そん|県 けん|道 どう みち|熊 くま|長 なが|児 ご|崎 ざき|分 いた|佐 さ|賀 が|沖 おき|縄 なわ|条 じょう|丁 ちょう|第 だい";

/// Whether a name can be read as some kana, in hiragana. ケ and ヶ between kanji are が.
pub(super) fn reads_as(name: &str, kana: &str) -> bool {
    let Some(first) = name.chars().next() else { return kana.is_empty() };
    let rest = &name[first.len_utf8()..];
    if let Some(left) = kana.strip_prefix(first)
        && reads_as(rest, left)
    {
        return true;
    }
    let of_small_ke: &[&str] = if matches!(first, 'ヶ' | 'ケ' | 'け' | 'ゖ') { &["が", "け"] } else { &[] };
    of_kanji(first)
        .chain(of_small_ke.iter().copied())
        .any(|reading| kana.strip_prefix(reading).is_some_and(|left| reads_as(rest, left)))
}

fn of_kanji(kanji: char) -> impl Iterator<Item = &'static str> {
    let entries = READINGS.split('|').filter(move |entry| entry.starts_with(kanji));
    entries.flat_map(|entry| entry.split(' ').skip(1))
}

/// Whether a text is hiragana and long enough to be the reading of a name.
pub(super) fn is_reading(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("浦和", "うらわ")]
    #[case("川越市", "かわごえし")]
    #[case("大宮", "おおみや")]
    #[case("草加", "そうか")]
    #[case("八ヶ浜", "はちがはま")]
    #[case("さいたま市", "さいたまし")]
    fn name_is_read_from_its_kanji(#[case] name: &str, #[case] kana: &str) {
        assert!(is_reading(kana) && reads_as(name, kana));
    }

    #[rstest]
    #[case("浦和", "うら")]
    #[case("浦和", "かわごえ")]
    #[case("浦和", "")]
    #[case("鬱蒼", "うっそう")]
    fn other_kana_are_no_reading(#[case] name: &str, #[case] kana: &str) {
        assert!(!reads_as(name, kana));
    }

    /// A table that is cut wrongly would read nothing, and nobody would miss it.
    #[test]
    fn every_entry_is_a_kanji_with_readings_in_hiragana() {
        for entry in READINGS.split('|') {
            let mut parts = entry.split(' ');
            assert_eq!(parts.next().map(|kanji| kanji.chars().count()), Some(1), "{entry}");
            assert!(parts.clone().next().is_some(), "{entry} has no reading");
            assert!(parts.all(|reading| reading.chars().all(|c| ('ぁ'..='ゖ').contains(&c))), "{entry}");
        }
    }
}
