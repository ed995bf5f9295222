//! A question and its answer: what can be asked of the figures, read from words and checked, and what is told for it. Whoever has a
//! command line or an address puts the words into [`Terms`], and writes what is told; here nobody knows a flag or HTTP.

#![warn(missing_docs)]

mod asked;
mod group_names;
mod hours;
mod instant;
mod limit;
mod listing;
mod moment;
mod next;
mod only;
pub mod quarantine;
pub mod span;
mod terms;
mod told;
pub mod unclear;

pub use self::{
    asked::{Asked, can_list, check_dimensions, figures},
    group_names::GroupNames,
    hours::hours,
    instant::{instant, zone},
    limit::limit,
    listing::{LIST_PARAMETERS, ListTerms, row_limit},
    moment::Moment,
    next::NextPage,
    only::{check_only, check_stream},
    terms::{PARAMETERS, Terms, against, dimension, flag, only},
    told::{Told, told, told_of, total},
};
