//! Lives under a policy, one line each.
