//! The shipped mappings of Shanghai's city-grid platform, with an invented export; and lists in an event's data.

use super::{
    documents::{hold_events, read},
    *,
};

const TASKS: &str = "tests/fixtures/import/citygrid/tasks.csv";
const SOLVING: &str = "tests/fixtures/import/citygrid/solving.csv";

fn shipped(name: &str, data: &str) -> Ran {
    import(&read(&format!("config/sources/{name}.toml")), read(data))
}

#[test]
fn grid_cases_of_the_task_table_become_snapshots_with_their_child_rows() {
    let ran = shipped("citygrid", TASKS);
    hold_events(&ran, "tests/fixtures/import/citygrid/grid.txt");
    assert_eq!((ran.summary.rejected, ran.summary.filtered), (1, 9));
    let reason = "not listed in values.status";
    assert!(ran.rejects.contains(reason) && ran.rejects.contains("2103A0000006"), "{}", ran.rejects);
}

#[test]
fn hotline_tickets_of_the_same_table_go_to_their_own_stream_with_what_the_citizen_said() {
    let mapping = mapping(&read("config/sources/citygrid-hotline.toml"));
    assert_eq!(mapping.stream(), "hotline");
    let ran = shipped("citygrid-hotline", TASKS);
    hold_events(&ran, "tests/fixtures/import/citygrid/hotline.txt");
    assert_eq!((ran.summary.rejected, ran.summary.filtered), (0, 12));
}

#[test]
fn child_rows_polled_apart_become_partial_snapshots() {
    let ran = shipped("citygrid-solving", SOLVING);
    hold_events(&ran, "tests/fixtures/import/citygrid/solving.txt");
    assert_eq!(ran.summary.rejected, 0);
    assert!(ran.events.iter().all(|event| event["data"]["partial"] == true && event["data"]["status"].is_null()));
}

#[test]
fn the_two_mappings_of_the_task_table_read_the_platforms_codes_alike() {
    let shared = ["[values.status]", "[values.solving]", "[values.light]", "[values.streets]", "[time]"];
    let (grid, hotline) = (read("config/sources/citygrid.toml"), read("config/sources/citygrid-hotline.toml"));
    for section in shared {
        let body = |text: &str| {
            let lines = text.split(&format!("{section}\n")).nth(1).unwrap().lines();
            let kept: Vec<String> = lines
                .take_while(|line| !line.starts_with('['))
                .filter(|line| line.contains(" = "))
                .map(Into::into)
                .collect();
            assert!(!kept.is_empty(), "{section}");
            kept.into_iter().filter(|line| !line.starts_with('#')).collect::<Vec<_>>()
        };
        assert_eq!(body(&grid), body(&hotline), "{section}");
    }
}

fn listing(elements: &str) -> String {
    format!(
        "stream = \"grid\"\nsource = \"urn:test\"\ntimezone = \"Asia/Shanghai\"\n[time]\nformats = [\"%Y-%m-%d\"]\n\
         [case]\nid = \"id\"\n[[event]]\ntype = \"case.snapshot.v1\"\ntime = \"at\"\ndata.partial = {{ value = true }}\n{elements}"
    )
}

#[test]
fn each_section_makes_an_element_where_its_columns_are_filled() {
    let text = listing(
        "[[event.data.assignments]]\nunit = \"first\"\nrole = { value = \"lead\" }\n\
         [[event.data.assignments]]\nunit = \"second\"\nrole = { value = \"support\" }\n",
    );
    let ran = import(&text, "id,at,first,second\n1,2021-03-01,A,B\n2,2021-03-01,,B\n3,2021-03-01,,\n");
    let units: Vec<Value> = ran.events.iter().map(|event| event["data"]["assignments"].clone()).collect();
    let (lead, support) = (r#"{"unit":"A","role":"lead"}"#, r#"{"unit":"B","role":"support"}"#);
    let wanted = [format!("[{lead},{support}]"), format!("[{support}]"), "null".to_owned()];
    assert_eq!(units, wanted.map(|text| serde_json::from_str::<Value>(&text).unwrap()));
}

#[test]
fn a_list_that_cannot_be_right_is_refused_with_its_place() {
    let header = "id,at,u\n";
    let without_unit = refusal(&listing("[[event.data.assignments]]\nid = \"u\"\n"), header);
    assert!(without_unit.contains("event[1].data.assignments[1]: needs unit"), "{without_unit}");
    let misspelt = refusal(&listing("[[event.data.assignments]]\nunit = \"u\"\nunits = \"u\"\n"), header);
    assert!(misspelt.contains("event[1].data.assignments[1].units") && misspelt.contains("unit_name"), "{misspelt}");
    let no_list = refusal(&listing("[event.data.assignments]\nunit = \"u\"\n"), header);
    assert!(no_list.contains("is no list"), "{no_list}");
}

#[test]
fn a_snapshot_without_a_status_is_rejected_unless_it_is_partial() {
    let text = listing("").replace("data.partial = { value = true }", "data.partial = { column = \"part\" }");
    let ran = import(&text, "id,at,part\n1,2021-03-01,yes\n2,2021-03-01,no\n3,2021-03-01,\n");
    assert_eq!((ran.events.len(), ran.summary.rejected), (1, 2));
    assert!(ran.rejects.contains("/data/status: required, unless the row is partial"), "{}", ran.rejects);
}
