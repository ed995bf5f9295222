//! What the page needs of the pipeline and of the readers of files to try other rules.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::{
    cli::setup::{Setup, rules_of},
    config::{ConfigError, Problem, policy},
    http::page::{WhatifDoor, WhatifFault, WhatifFuture, WhatifOrder, WhatifProgress},
    pipeline::{refold::RefoldTally, scratch::ScratchFold},
    report::whatif::{self, WhatifTold},
};

/// A trial that is under way ends at `stop`, and drops its database.
pub fn door(setup: &Setup, stop: CancellationToken) -> anyhow::Result<WhatifDoor> {
    let (live, retry, streams) = (setup.store()?, setup.retry(), setup.streams.clone());
    let run = move |order: WhatifOrder, progress: Arc<WhatifProgress>| -> WhatifFuture {
        let fold = ScratchFold {
            live: live.clone(),
            selection: order.asked.selection(),
            rules: rules_of(&streams, &order.limits),
            retry: retry.clone(),
        };
        let (live, stop) = (live.clone(), stop.clone());
        Box::pin(async move {
            let reached = |tally: &RefoldTally| progress.reached(tally.cases, tally.events);
            let answer = |scratch| async move { Ok(whatif::told(&live, &scratch, &order.asked).await?) };
            let answered: anyhow::Result<WhatifTold> = fold.ask(stop.cancelled_owned(), reached, answer).await;
            answered.map_err(|error| format!("{error:#}"))
        })
    };
    let cases_max = setup.settings.page.whatif_cases_max;
    Ok(WhatifDoor::new(Arc::clone(&setup.limits), cases_max, read, run))
}

fn read(text: &str) -> Result<crate::domain::policy::Policy, Vec<WhatifFault>> {
    policy::of_text("规则文件 rule file", text).map_err(|error| match error {
        ConfigError::Invalid(problems) => problems.into_iter().map(fault).collect(),
        ConfigError::NotToml(problem) => vec![fault(problem)],
        other => vec![fault(Problem::new("规则文件 rule file", other.to_string(), "tongguan policy check FILE"))],
    })
}

fn fault(Problem { place, what, remedy, .. }: Problem) -> WhatifFault {
    WhatifFault { place, what, remedy }
}
