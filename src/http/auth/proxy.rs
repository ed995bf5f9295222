//! Name and role that a trusted proxy sets. Whether it is one is asked before.

use axum::http::HeaderMap;

use super::{accounts::is_name, role::AuthRole};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyHeaders {
    pub name: String,
    /// Roles by name, separated by commas; others are of other programs.
    pub roles: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProxyFault {
    NoName,
    /// Two of one header: one of them may be the reader's own.
    Twice,
    NoRole,
}

impl ProxyHeaders {
    pub(super) fn person(&self, headers: &HeaderMap) -> Result<(String, AuthRole), ProxyFault> {
        let name = one(headers, &self.name)?.filter(|name| is_name(name)).ok_or(ProxyFault::NoName)?;
        let roles = one(headers, &self.roles)?.unwrap_or_default();
        let role = roles.split(',').filter_map(|role| AuthRole::from_name(role.trim())).max();
        Ok((name.to_owned(), role.ok_or(ProxyFault::NoRole)?))
    }
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ProxyFault> {
    let mut all = headers.get_all(name).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(ProxyFault::Twice);
    }
    Ok(first.and_then(|value| std::str::from_utf8(value.as_bytes()).ok()).map(str::trim))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_role_once_each() {
        let of = ProxyHeaders { name: "X-User".to_owned(), roles: "X-Roles".to_owned() };
        for (headers, wanted) in [
            (&[("x-user", "li.na"), ("x-roles", "analyst")][..], Ok("analyst")),
            (&[("x-user", "李娜"), ("x-roles", "mail, viewer ,operator,other")], Ok("operator")),
            (&[("x-user", "li.na"), ("x-roles", "Operator")], Err(ProxyFault::NoRole)),
            (&[("x-user", "li.na")], Err(ProxyFault::NoRole)),
            (&[("x-roles", "operator")], Err(ProxyFault::NoName)),
            (&[("x-user", ""), ("x-roles", "operator")], Err(ProxyFault::NoName)),
            (&[("x-user", "li na<script>"), ("x-roles", "operator")], Err(ProxyFault::NoName)),
            (&[("x-user", "li.na"), ("x-user", "root"), ("x-roles", "viewer")], Err(ProxyFault::Twice)),
            (&[("x-user", "li.na"), ("x-roles", "viewer"), ("x-roles", "operator")], Err(ProxyFault::Twice)),
            // What some servers take for the same header is another one here, and says nothing.
            (&[("x_user", "root"), ("x-roles", "operator")], Err(ProxyFault::NoName)),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            assert_eq!(of.person(&map).map(|(_, role)| role.name()), wanted, "{headers:?}");
        }
    }
}
