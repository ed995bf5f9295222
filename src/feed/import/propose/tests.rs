//! Headers of real and made-up platforms, and what is proposed for them.

use std::io::Cursor;

use super::*;
use crate::feed::import::{ImportError, Importer, Mapping, Streams, Summary};

fn looked(data: &str) -> ProposeTable {
    look(Cursor::new(data.as_bytes()), &ProposeWish::default(), &mut |_| {}).unwrap_or_else(|error| panic!("{error}"))
}

fn proposed(data: &str, stream: &str) -> Proposal {
    propose(&looked(data), ProposeFor { stream, timezone: "Asia/Shanghai", sheet: None })
}

/// A header and one row of a value that everything can be.
fn of_header(header: &str) -> Vec<(String, String)> {
    let row = vec!["2021-03-01 08:30:00"; header.split(',').count()].join(",");
    proposed(&format!("{header}\n{row}\n"), "hotline").choices.columns
}

fn chosen(columns: &[(String, String)]) -> Vec<&str> {
    columns.iter().map(|(_, meaning)| meaning.as_str()).collect()
}

fn tried(data: &str, text: &str) -> Summary {
    let mapping = Mapping::parse("proposed", text, Streams::Known(&["hotline", "grid"]));
    let mapping = mapping.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (mut rejects, mut sink) = (Vec::new(), |_: crate::feed::import::Outgoing<'_>| Ok(()));
    let ran: Result<Summary, ImportError<std::convert::Infallible>> =
        Importer::run(Cursor::new(data.as_bytes()), &mapping, &mut sink, &mut rejects, &mut |_| {});
    ran.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn events(summary: &Summary) -> Vec<(String, u64)> {
    summary.events.iter().map(|(kind, tally)| (kind.type_name(), tally.sent)).collect()
}

#[test]
fn columns_of_real_and_made_up_platforms_are_known() {
    for (header, meanings) in [
        (
            "工单编号,诉求类型,诉求来源,村居代码,受理时间,派单时间,承办单位,应办结日期,办结时间,状态",
            "case_id,kind,channel,place.community,accepted,dispatched,unit,due_at,closed,status",
        ),
        (
            "任务号,案件来源,案件属性,案件小类,所属街道,所属居委,发现时间,受理时间,立案时间,派遣时间,处置部门,处置完成时间,结案时间,处置时限,案件状态,问题描述,举报人,联系电话,地址",
            "case_id,channel,kind,category.name,place.town,place.community,reported,accepted,filed,dispatched,unit,submitted,closed,due_at,status,description,reporter.name,reporter.phone,place.address",
        ),
        ("GDBH,SLSJ,BJSJ,CBDW,DQZT,YQ", "case_id,accepted,closed,unit,status,"),
        ("gongdanbianhao,shoulishijian,banjieshijian,chengbandanwei", "case_id,accepted,closed,unit"),
        ("case_id,accepted_at,closed_at,unit,status,Notes", "case_id,accepted,closed,unit,status,"),
        // Part of the city grid's table: CREATETIME is the filing, because the acceptance has a column of its own.
        (
            "TASKID,DISCOVERTIME,PERCREATETIME,CREATETIME,ENDTIME,STATUS,INFOTYPENAME,EXECUTEDEPTCODE",
            "case_id,reported,accepted,filed,closed,status,kind,unit",
        ),
        ("12345工单编号,工单编号,区级受理时间,案件办结时间", "external_no,case_id,accepted,closed"),
        ("序号,工单号（必填）,受 理 时 间*,办结时间：,备注", ",case_id,accepted,closed,"),
        ("一级分类,二级分类,<script>,", ",,,"),
    ] {
        let header = header.trim_end_matches(',');
        let columns = of_header(header);
        let wanted: Vec<&str> = meanings.split(',').take(columns.len()).collect();
        assert_eq!(chosen(&columns), wanted, "{header}");
    }
}

#[test]
fn the_example_of_the_documents_is_imported_as_by_its_own_mapping() {
    let data = include_str!("../../../../tests/fixtures/import/columns/data.csv");
    let found = proposed(data, "hotline");
    assert!(found.choices.lacks().is_empty(), "{:?}", found.choices.lacks());
    // The test ticket, which the mapping by hand leaves out, is a row like any other here.
    let summary = tried(data, &found.choices.mapping());
    let counts = events(&summary);
    let count = |kind: &str| counts.iter().find(|(name, _)| name == kind).map_or(0, |(_, count)| *count);
    assert_eq!((summary.rejected, summary.cases), (0, 5));
    assert_eq!(count("case.accepted.v1"), 5);
    assert_eq!((count("case.dispatched.v1"), count("case.closed.v1"), count("case.voided.v1")), (3, 2, 1));
    assert_eq!(found.choices.values["channel"]["微信"], "WECHAT");
}

#[test]
fn a_known_platform_is_taken_as_its_own_file_has_it() {
    let text = include_str!("../../../../config/sources/citygrid.toml");
    let mapping = Mapping::parse("citygrid", text, Streams::Known(&["grid"])).unwrap();
    let header = mapping.columns.names().collect::<Vec<_>>().join(",");
    assert_eq!(proposed(&format!("{header},MORE\n"), "grid").known.unwrap().name, "citygrid");
    assert_eq!(proposed(&format!("{header},MORE\n"), "hotline").known.map(|known| known.name), None);
    // The real header of Boston, with a row.
    let boston = "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,CASE_STATUS,Department,REASON,TYPE,neighborhood,Source\n\
        101,01/02/2015 08:30:00 AM,01/20/2015 08:30:00 AM,01/05/2015 11:00:00 AM,Closed,PWDx,Sanitation,Missed,Roxbury,Self Service\n";
    assert_eq!(proposed(boston, "hotline").known.unwrap().name, "boston311");
    // For another stream by its names, and the half of a day is read.
    let by_names = proposed(boston, "grid");
    assert_eq!(by_names.choices.formats, ["%m/%d/%Y %I:%M:%S %p"]);
    assert_eq!(by_names.known, None);
}

#[test]
fn what_could_be_two_things_is_asked_and_nothing_is_tried_before() {
    let two = proposed("工单编号,受理时间,办结时间,结案时间\n1,2021-03-01,2021-03-02,2021-03-03\n", "hotline");
    assert_eq!(chosen(&two.choices.columns), ["case_id", "accepted", ASKED, ASKED]);
    assert_eq!(two.choices.lacks().len(), 2);
    assert!(two.notes.iter().any(|note| note.is_question() && note.told().0.contains("办结时间、结案时间")));
    // Both: the first filled counts.
    let mut both = two.choices.clone();
    both.columns[2].1 = "closed".to_owned();
    both.columns[3].1 = "closed".to_owned();
    assert!(both.lacks().is_empty());
    assert!(both.mapping().contains("time = { columns = [\"办结时间\", \"结案时间\"] }"));

    let slashes = proposed("工单编号,受理时间\n1,03/04/2021\n2,05/06/2021\n", "hotline");
    assert_eq!((slashes.choices.order.as_str(), slashes.choices.lacks()), (ASKED, vec![ProposeLack::Order]));
    let mut day = slashes.choices.clone();
    day.order = "day".to_owned();
    assert!(day.mapping().contains("formats = [\"%d/%m/%Y\"]"), "{}", day.mapping());
    let both = proposed("工单编号,受理时间\n1,25/06/2021\n2,06/25/2021\n", "hotline");
    assert!(both.notes.iter().any(|note| matches!(note, ProposeNote::BothOrders { .. })));

    let codes = proposed("工单编号,受理时间,办结时间,状态\n1,2021-03-01,2021-03-02,9\n", "hotline");
    assert_eq!(codes.choices.lacks(), [ProposeLack::Code { meaning: "status", code: "9".to_owned() }]);
    let nothing = proposed("甲,乙\n1,2\n", "hotline");
    assert_eq!(nothing.choices.lacks(), [ProposeLack::NoCaseId, ProposeLack::NoTime]);
}

#[test]
fn names_alone_are_not_believed() {
    let found = proposed("工单编号,受理时间,办理时限\n1,2021-03-01,5个工作日\n2,2021-03-01,3个工作日\n", "hotline");
    assert_eq!(chosen(&found.choices.columns), ["case_id", "accepted", ""]);
    assert!(found.notes.contains(&ProposeNote::NotTimes {
        column: "办理时限".to_owned(),
        meaning: "due_at",
        read: 0,
        of: 2
    }));
}

#[test]
fn the_header_is_found_under_titles_and_the_delimiter_and_the_encoding_by_themselves() {
    let text = "三月工单\n制表：张三\n\n工单编号;受理时间;承办单位\n1;2021-03-01 08:30;市容所\n2;2021/3/2;房管所\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    let table = look(Cursor::new(&bytes[..]), &ProposeWish::default(), &mut |_| {}).unwrap();
    assert_eq!((table.header_line, table.delimiter, table.how.encoding, table.rows), (4, Some(';'), "gb18030", 2));
    assert_eq!(table.first[0], (5, vec!["1".to_owned(), "2021-03-01 08:30".to_owned(), "市容所".to_owned()]));
    let found = propose(&table, ProposeFor { stream: "hotline", timezone: "Asia/Shanghai", sheet: None });
    assert_eq!(found.choices.formats, ["%Y-%m-%d %H:%M", "%Y/%m/%d"]);
    assert_eq!(tried(text, &found.choices.mapping()).cases, 2);

    // None of the names is known.
    let table = looked("列一,列二,列三\n1,2,3\n4,5,6\n");
    assert_eq!((table.header_line, table.rows), (1, 2));
    let wish = ProposeWish { header_line: Some(2), ..ProposeWish::default() };
    let table = look(Cursor::new("a,b\n工单编号,受理时间\n1,2021-03-01\n"), &wish, &mut |_| {}).unwrap();
    assert_eq!((table.header(), table.rows), (vec!["工单编号", "受理时间"], 1));
    for (data, why) in [("", "empty"), ("%PDF-1.4 x", "PDF"), ("1,2\n3,4\n", "looks like a header")] {
        let error = look(Cursor::new(data), &ProposeWish::default(), &mut |_| {}).unwrap_err();
        assert!(error.en.contains(why), "{data}: {error}");
    }
}

#[test]
fn a_mended_file_of_rejected_rows_has_the_columns_of_its_original() {
    let table =
        looked("\u{feff}import_line,import_column,import_reason,工单编号,受理时间\n7,受理时间,x,1,2021-03-01\n");
    assert!(table.is_rejects);
    assert_eq!(table.header(), ["工单编号", "受理时间"]);
    assert_eq!(table.first[0].1, ["1", "2021-03-01"]);
}

#[test]
fn hostile_names_of_columns_and_codes_are_names_and_codes() {
    let data = "工单编号,受理时间,办结时间,\"状态\"\"{x} } \\ ' \n\"\n1,2021-03-01,2021-03-02,\"已办结\"\"]\"\n2,2021-03-01,,\"办理中\\\"\n";
    let mut found = proposed(data, "hotline");
    assert_eq!(found.choices.columns[3].1, "", "it is called like nothing");
    found.choices.columns[3].1 = "status".to_owned();
    complete(&looked(data), &mut found.choices);
    let summary = tried(data, &found.choices.mapping());
    assert_eq!((summary.cases, summary.rejected), (2, 0), "{summary:?}");
    assert_eq!(events(&summary), [("case.accepted.v1".to_owned(), 2), ("case.closed.v1".to_owned(), 1)]);
}

#[test]
fn a_file_of_several_rows_a_case_is_said_to_be_one() {
    let steps = include_str!("../../../../tests/fixtures/import/steps/data.csv");
    let found = proposed(steps, "grid");
    assert!(
        found.notes.contains(&ProposeNote::Repeated { column: "案件编号".to_owned(), rows: 8 }),
        "{:?}",
        found.notes
    );
    let columns = include_str!("../../../../tests/fixtures/import/columns/data.csv");
    assert!(!proposed(columns, "hotline").notes.iter().any(|note| matches!(note, ProposeNote::Repeated { .. })));
    let verdicts = include_str!("../../../../tests/fixtures/import/verdicts/data.csv");
    assert_eq!(chosen(&proposed(verdicts, "hotline").choices.columns), ["case_id", "accepted", "closed", ""]);
}
