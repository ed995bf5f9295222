//! (b) The figures of a month's report, and the report itself.

use tongguan::report::figures::{self, ReportScope};

use super::{
    bench::{Bench, MONTH, ZONE},
    rounds::{beside, head, show},
};

pub async fn measure(bench: &Bench) {
    head("a month's report", "report month", "its figures");
    for (name, is_past) in [("as of now", false), ("as of a past instant", true)] {
        let scope = ReportScope { period: bench.period(MONTH, is_past), zone: ZONE.to_owned(), stream: None };
        let mut words = vec!["report", "month", "2021-06"];
        if is_past {
            words.extend(["--as-of", MONTH.1]);
        }
        let gather = async || figures::gather(&bench.store, &scope).await.unwrap().len();
        let mut gathered = 0;
        let (command, figures) =
            beside(bench.rounds, async || bench.run(&words), gather, |(), figures| gathered = figures).await;
        show(&format!("{name} ({gathered} figures)"), &command, &figures);
    }
}
