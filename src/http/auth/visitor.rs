//! Who asks, for as long as one request is answered.

use std::{net::IpAddr, sync::Arc};

use super::role::AuthRole;
use crate::store::kpi::Dimension;

#[derive(Clone, Debug)]
pub struct Visitor {
    pub kind: VisitorKind,
    /// Empty: nobody by name.
    pub name: String,
    pub address: IpAddr,
    /// Whose cases a case worker sees.
    pub own: Vec<(Dimension, Vec<String>)>,
    /// What a form of his has to bring along.
    pub csrf: String,
    /// The id of the session that it belongs to, where there is one.
    pub session: String,
    pub must_change: bool,
    /// What is asked for lists cases, or shows one.
    pub(super) asks_for_cases: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorKind {
    /// Not logged in.
    Nobody,
    Person(AuthRole),
    Wall,
    /// Whoever is at this machine, where there are no accounts.
    Everybody,
}

tokio::task_local! {
    /// Of the request that the task answers. What is spawned apart has none, and sees no case.
    static HERE: Arc<Visitor>;
}

pub async fn visiting<T>(visitor: Arc<Visitor>, work: impl Future<Output = T>) -> T {
    HERE.scope(visitor, work).await
}

pub fn visitor() -> Option<Arc<Visitor>> {
    HERE.try_with(Arc::clone).ok()
}

impl Visitor {
    pub fn role(&self) -> Option<AuthRole> {
        match self.kind {
            VisitorKind::Person(role) => Some(role),
            VisitorKind::Everybody => Some(AuthRole::Operator),
            VisitorKind::Nobody | VisitorKind::Wall => None,
        }
    }

    /// As the audit writes it.
    pub fn role_name(&self) -> &'static str {
        match self.kind {
            VisitorKind::Nobody => "",
            VisitorKind::Person(role) => role.name(),
            VisitorKind::Wall => "wall",
            VisitorKind::Everybody => "everybody",
        }
    }

    /// Sees some cases, and is not told of others whether there are any.
    fn is_narrowed(&self) -> bool {
        self.role().is_none_or(|role| role < AuthRole::Analyst)
    }
}

/// For a question whose answer lists cases: what they have to be of, any of it. Empty: nothing.
pub fn own_cases() -> Vec<(Dimension, Vec<String>)> {
    let none = || vec![(Dimension::Unit, Vec::new())];
    match visitor() {
        None => none(),
        Some(visitor) if !visitor.asks_for_cases || !visitor.is_narrowed() => Vec::new(),
        Some(visitor) if visitor.own.is_empty() => none(),
        Some(visitor) => visitor.own.clone(),
    }
}

/// Whether a case that stands so may be shown, by the same rule as the lists.
pub fn is_own_case(of: impl Fn(Dimension) -> String) -> bool {
    let own = own_cases();
    own.is_empty() || own.iter().any(|(dimension, values)| values.contains(&of(*dimension)))
}

/// Whether a case that there is not looks like one that may not be seen.
pub fn is_narrowed() -> bool {
    visitor().is_none_or(|visitor| visitor.is_narrowed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: VisitorKind, asks_for_cases: bool, units: &[&str]) -> Arc<Visitor> {
        let own = if units.is_empty() {
            Vec::new()
        } else {
            vec![(Dimension::Unit, units.iter().map(|unit| (*unit).to_owned()).collect())]
        };
        Arc::new(Visitor {
            kind,
            name: String::new(),
            address: IpAddr::from([127, 0, 0, 1]),
            own,
            csrf: String::new(),
            session: String::new(),
            must_change: false,
            asks_for_cases,
        })
    }

    #[tokio::test]
    async fn a_case_worker_sees_his_own_and_whoever_is_unknown_sees_none() {
        let worker = VisitorKind::Person(AuthRole::CaseWorker);
        let analyst = VisitorKind::Person(AuthRole::Analyst);
        let viewer = VisitorKind::Person(AuthRole::Viewer);
        for (visitor, sees_own, sees_others) in [
            (one(worker, true, &["MH-02"]), true, false),
            (one(worker, true, &[]), false, false),
            (one(viewer, true, &[]), false, false),
            (one(VisitorKind::Wall, true, &[]), false, false),
            (one(analyst, true, &[]), true, true),
            (one(VisitorKind::Everybody, true, &[]), true, true),
        ] {
            let sees = |unit: &'static str| async move { is_own_case(|_| unit.to_owned()) };
            let told = format!("{visitor:?}");
            assert_eq!(visiting(Arc::clone(&visitor), sees("MH-02")).await, sees_own, "{told}");
            assert_eq!(visiting(visitor, sees("MH-03")).await, sees_others, "{told}");
        }
        assert!(!is_own_case(|_| "MH-02".to_owned()), "apart from any request");
        let figures = visiting(one(worker, false, &["MH-02"]), async { own_cases() }).await;
        assert!(figures.is_empty(), "figures are of all");
    }
}
