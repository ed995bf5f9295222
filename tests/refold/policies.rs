//! Two versions of a policy: the second gives a tenth of the time.

use crate::town::Town;

/// The file of a version that gives so many natural days from the dispatch to the answer.
pub fn policy(town: &Town, version: &str, days: u32) -> String {
    let path = town.folder.path().join(format!("policy-{version}.toml"));
    let rule = |stream: &str| {
        format!(
            "[[rules]]\nid = \"{stream}-{days}d\"\nmatch = {{ stream = \"{stream}\" }}\nstages = [{{ name = \"DISPOSE\", \
             start = \"dispatched\", stop = \"submitted\", limit = {{ n = {days}, unit = \"NATURAL_DAY\" }} }}]\n"
        )
    };
    let text = format!(
        "id = \"own\"\nversion = \"{version}\"\ntimezone = \"Asia/Shanghai\"\n\n{}\n{}",
        rule("hotline"),
        rule("grid")
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The setting that names the file.
pub fn under(file: &str) -> [(&'static str, &str); 1] {
    [("POLICY__FILE", file)]
}
