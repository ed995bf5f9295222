//! How the names of columns are spelt: the syllable of each character that stands in one. Pinyin and initials are both made of it.

#[rustfmt::skip]
const SYLLABLES: &[(&str, &str)] = &[
    ("an", "案"), ("ban", "办"), ("bao", "报"), ("bi", "闭"), ("bian", "编"), ("biao", "标"), ("bie", "别"),
    ("bu", "部"), ("cheng", "成承称程"), ("chu", "处"), ("chuang", "创"), ("ci", "次"), ("cun", "村"), ("da", "答"),
    ("dai", "代"), ("dan", "单"), ("dang", "当档"), ("dao", "到道"), ("deng", "登等"), ("di", "地"), ("dian", "电"),
    ("du", "度"), ("fa", "发"), ("fan", "反"), ("fang", "方访"), ("fen", "份分"), ("fou", "否"), ("fu", "复"),
    ("ge", "格"), ("gong", "工"), ("guan", "关"), ("gui", "归"), ("guo", "果"), ("hao", "号"), ("he", "合"),
    ("hua", "话"), ("hui", "回"), ("ji", "急机级记"), ("jian", "件建间"), ("jiao", "交"), ("jie", "截接结街解"),
    ("jin", "紧"), ("jing", "经"), ("ju", "举居"), ("juan", "卷"), ("jue", "决"), ("kuang", "况"), ("kui", "馈"),
    ("lai", "来"), ("lei", "类"), ("li", "理立"), ("lian", "联"), ("ma", "码"), ("man", "满"), ("men", "门"),
    ("miao", "描"), ("min", "民"), ("ming", "名"), ("nei", "内"), ("pai", "派"), ("pan", "判"), ("ping", "评"),
    ("qi", "期"), ("qian", "前签遣"), ("qing", "情"), ("qiu", "求"), ("qu", "区渠"), ("re", "热"), ("ren", "人任"),
    ("ri", "日"), ("rong", "容"), ("shang", "上"), ("she", "社"), ("shen", "身"), ("sheng", "生"), ("shi", "事市式时是"),
    ("shou", "受手收首"), ("shu", "属述"), ("su", "诉"), ("suo", "所"), ("tai", "态"), ("ti", "题"), ("tou", "投"),
    ("wai", "外"), ("wan", "完"), ("wang", "网"), ("wei", "位委"), ("wen", "问"), ("wu", "务"), ("xi", "息系细"),
    ("xian", "先现线限"), ("xiang", "乡详项"), ("xiao", "小"), ("xin", "信"), ("xing", "型姓性行"), ("yao", "要"),
    ("yi", "意"), ("ying", "应映"), ("yuan", "源"), ("ze", "责"), ("zhen", "镇"), ("zheng", "证"), ("zhi", "址止置"),
    ("zhu", "主"), ("zhuan", "转"), ("zhuang", "状"), ("zong", "综"),
];

/// `shoulishijian`; what is no Chinese character stays.
pub(super) fn spelt(name: &str) -> String {
    name.chars().map(syllable).collect()
}

/// `slsj`.
pub(super) fn initials(name: &str) -> String {
    name.chars().filter_map(|letter| syllable(letter).chars().next()).collect()
}

fn syllable(letter: char) -> String {
    let found = SYLLABLES.iter().find(|(_, letters)| letters.contains(letter));
    found.map_or_else(|| letter.to_string(), |(syllable, _)| (*syllable).to_owned())
}

#[cfg(test)]
mod tests {
    use super::{super::meaning::MEANINGS, *};

    #[test]
    fn every_name_has_its_pinyin_and_each_character_one() {
        for meaning in MEANINGS {
            for name in meaning.names {
                assert!(spelt(name).is_ascii(), "{name}: {}", spelt(name));
            }
        }
        let all: Vec<char> = SYLLABLES.iter().flat_map(|(_, letters)| letters.chars()).collect();
        assert!(all.iter().enumerate().all(|(at, letter)| !all[..at].contains(letter)), "one stands there twice");
    }

    #[test]
    fn initials_are_those_that_people_write() {
        for (name, short, long) in [
            ("工单编号", "gdbh", "gongdanbianhao"),
            ("受理时间", "slsj", "shoulishijian"),
            ("办结时间", "bjsj", "banjieshijian"),
            ("承办单位", "cbdw", "chengbandanwei"),
            ("12345编号", "12345bh", "12345bianhao"),
        ] {
            assert_eq!((initials(name), spelt(name)), (short.to_owned(), long.to_owned()));
        }
    }
}
