//! The streams that come with the program, and the choice of those that are used.

use super::super::{ConfigError, Problem, problem};

/// Name and file; in the order in which people read them.
pub const SHIPPED: [(&str, &str); 12] = [
    ("hotline", super::HOTLINE),
    ("grid", include_str!("../../../config/streams/grid.toml")),
    ("environment", include_str!("../../../config/streams/environment.toml")),
    ("petitions", include_str!("../../../config/streams/petitions.toml")),
    ("mediation", include_str!("../../../config/streams/mediation.toml")),
    ("proposals", include_str!("../../../config/streams/proposals.toml")),
    ("disclosure", include_str!("../../../config/streams/disclosure.toml")),
    ("lawsuits", include_str!("../../../config/streams/lawsuits.toml")),
    ("legal_services", include_str!("../../../config/streams/legal_services.toml")),
    ("hazards", include_str!("../../../config/streams/hazards.toml")),
    ("police_calls", include_str!("../../../config/streams/police_calls.toml")),
    ("outreach", include_str!("../../../config/streams/outreach.toml")),
];

const ALL: &str = "all";

/// `all`, or names with commas between them. Nobody waits for topics of streams that a town does not have.
pub(super) fn chosen(names: &str) -> Result<Vec<(&'static str, &'static str)>, ConfigError> {
    if names.trim() == ALL {
        return Ok(SHIPPED.to_vec());
    }
    let (mut chosen, mut problems) = (Vec::new(), Vec::new());
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        match SHIPPED.iter().find(|(known, _)| *known == name) {
            Some(stream) => chosen.push(*stream),
            None => {
                let known = SHIPPED.map(|(known, _)| known).join(", ");
                let remedy = format!("write `{ALL}`, or some of {known}");
                problems.push(Problem::new(
                    "streams.built_in",
                    format!("there is no built-in stream `{name}`"),
                    remedy,
                ));
            }
        }
    }
    problem::none_of(problems)?;
    Ok(chosen)
}
