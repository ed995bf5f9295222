//! What is refused is said in the reader's language, wherever it is asked.

use crate::{
    served::{Served, state},
    town::Town,
};

const WRONG: [(&str, &str); 46] = [
    ("/figures/K05a?mnth=2021-06", "没有名为“mnth”的参数；是 month 吗"),
    ("/figures/K05a", "统计哪一时段"),
    ("/figures/K05a?month=2021-6", "“2021-6”不是月份；请写成 2021-06"),
    ("/figures/K05a?quarter=2021-Q5", "“2021-Q5”不是季度"),
    ("/figures/K05a?year=21", "“21”不是年份"),
    ("/figures/K05a?month=2021-06&year=2021", "统计时段给了两次"),
    ("/figures/K05a?month=2021-06&month=2021-07", "month 给了两次"),
    ("/figures/K05a?from=yesterday&to=2021-07-01", "from 的“yesterday”既不是日期"),
    ("/figures/K05a?from=2021-07-01&to=2021-06-01", "统计时段是空的"),
    ("/figures/K05a?month=2021-06&as-of=soon", "as-of 的“soon”"),
    ("/figures/K05a?month=2021-06&due-by=soon", "due-by 的“soon”"),
    ("/figures/K05a?month=2021-06&known-by=2021-07-01", "只有命令行能做"),
    ("/figures/K05a?month=2021-06&timezone=Asia/Shangai", "是 Asia/Shanghai 吗"),
    ("/figures/K05a?month=2021-06&group-by=twon", "没有名为“twon”的维度；是 town 吗"),
    ("/figures/K05a?month=2021-06&group-by=town,town", "group-by 中 town 出现两次"),
    ("/figures/K05a?month=2021-06&compare=yoi", "对比方式；是 yoy 吗"),
    ("/figures/K05a?month=2021-06&stream=gird", "业务流；是 grid 吗"),
    ("/figures/K05a?month=2021-06&only=unti%3Dx", "是 unit 吗"),
    ("/figures/K05a?month=2021-06&only=unit", "请写“维度=值”"),
    ("/figures/K05a?month=2021-06&only=month%3D2021-06", "请用 from 和 to"),
    ("/figures/K05a?month=2021-06&assessed=maybe", "assessed 只能是 true 或 false"),
    ("/figures/closur?month=2021-06", "没有指标“closur”；是 closure 吗"),
    ("/figures/closure?month=2021-06&convention=shanghia", "closure 没有名为“shanghia”的口径；是 shanghai 吗"),
    ("/figures/closure/cases?month=2021-06", "清单只列一种口径的案件"),
    ("/figures/K17c/cases?month=2021-06", "K17c 是两个数之差"),
    ("/figures/K01/cases?month=2021-06&part=not-met", "K01 是件数"),
    ("/figures/K05a/cases?month=2021-06&part=not-mett", "是 not-met 吗"),
    ("/figures/K05a/cases?month=2021-06&sort=deu", "没有名为“deu”的排序；是 due 吗"),
    ("/figures/K05a/cases?month=2021-06&desc=down", "desc 只能是 true 或 false"),
    ("/figures/K05a/cases?month=2021-06&columns=case,unti", "没有名为“unti”的列；是 unit 吗"),
    ("/figures/K05a/cases?month=2021-06&columns=case,case", "columns 中 case 出现两次"),
    ("/figures/K05a/cases?month=2021-06&limit=0", "limit 要写 1 以上的整数"),
    ("/figures/K05a/cases?month=2021-06&limit=1001", "limit 要写 1 到 1000 的整数"),
    ("/figures/K05a/cases?month=2021-06&after=next-0.x", "另一版本"),
    ("/figures/K05a/cases?month=2021-06&after=next-1.x", "after 与给出时不同"),
    ("/figures/K05a/cases?month=2021-06&after=G1", "after 与给出时不同"),
    ("/overview?month=2021-06&convention=cary", "两率口径；是 carry 吗"),
    ("/wall?month=2021-06&every=often", "every 要写秒数"),
    ("/words/calendar?year=1999", "1999 年没有放假通知"),
    ("/words/due?start=2021-03-06&limit=1&unit=WORK_DAY", "“2021-03-06”不是时刻"),
    ("/words/due?start=2021-03-06T10:00&limit=0&unit=WORK_HOUR", "可以是 0"),
    ("/words/due?start=2021-03-06T10:00&limit=1&unit=WORK_DAY&windows=12:00-08:00", "“12:00-08:00”不是作息"),
    ("/reports/month/2021-06/0/compare?with=x", "with 要写另一版的版次号"),
    ("/running/quarantine?state=wating", "没有名为“wating”的状态；是 waiting 吗"),
    ("/running/quarantine?after=x", "“x”不是消息的位置"),
    ("/running/quarantine?from=soon", "from 的“soon”"),
];

#[test]
fn every_refusal_is_in_the_language_of_its_page_and_in_english_to_a_program() {
    let town = Town::without_topics();
    let served = Served::of(&town);
    for (address, words) in WRONG {
        served.refused(address, 400, &[words]);
    }
    let told = served.get("/figures/K05a.json?month=2021-06&stream=gird").1;
    assert!(told.contains("there is no stream `gird`; grid?"), "{told}");
    let told = served.get("/api/v1/figures/K05a?from=--soon&to=2021-07-01").1;
    assert!(told.contains("\"from `--soon` is neither"), "what was asked stays as it was written: {told}");
    let command = town.tongguan(&["kpi", "K05a", "--from", "2021-07-01", "--to", "2021-06-01"], &[]);
    assert_eq!(command.code, Some(2), "{command:?}");
    assert!(command.stderr.contains("--from 2021-07-01 is not before --to 2021-06-01"), "{command:?}");
    let command = town.tongguan(&["kpi", "explain", "K05a", "--month", "2021-06", "--csv"], &[]);
    assert_eq!(command.code, Some(2), "what only a command line gets wrong: {command:?}");
}

#[test]
fn a_figure_by_its_name_shows_each_of_its_conventions() {
    let town = Town::without_topics();
    let served = Served::of(&town);
    let told = served.json("/figures/closure.json?month=2021-06");
    let ids: Vec<&str> = told.as_array().unwrap().iter().map(|one| one["kpi"].as_str().unwrap()).collect();
    assert!(ids.len() > 1, "{told}");
    let page = served.page("/figures/closure?month=2021-06&stream=grid");
    for id in ids {
        assert!(page.contains(&format!("/figures/{id}?month=2021-06&#38;stream=grid")), "{id}: {page}");
    }
    let one = served.page("/figures/closure?month=2021-06&convention=shanghai");
    assert!(one.contains("其他口径"), "one convention is that figure: {one}");
}

#[test]
fn that_clickhouse_is_away_is_said_in_the_readers_language() {
    let town = Town::without_topics();
    let away = Served::with(&town, &[("CLICKHOUSE__URL", "http://127.0.0.1:9")]);
    for address in ["/figures/K05a?month=2021-06", "/reports/month/2021-06/1", "/cases/hotline/none"] {
        away.refused(address, 503, &["连不上 ClickHouse（http://127.0.0.1:9"]);
        let mark = if address.contains('?') { '&' } else { '?' };
        let english = away.get(&format!("{address}{mark}lang=en")).1;
        assert!(state(&english).contains("cannot reach ClickHouse"), "{english}");
    }
    for (address, is_asked_again) in [("/overview", true), ("/wall", true), ("/figures/K05a", false)] {
        let (head, page) = away.get(&format!("{address}?month=2021-06"));
        assert!(head.starts_with("HTTP/1.1 503"), "{address}: {head}");
        assert_eq!(page.contains("data-again=\"15\""), is_asked_again, "{address}: nobody may stand before it: {page}");
    }
}
