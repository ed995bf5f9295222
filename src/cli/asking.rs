//! Where a running service is asked: as it is stated, or where it listens.

use std::net::SocketAddr;

use anyhow::bail;

pub(super) use crate::http::asking::get;
use crate::http::asking::reachable;

/// `http://host:port` of the service, from what is stated or from where it listens.
pub(super) fn base(stated: Option<&str>, listen: Option<SocketAddr>) -> anyhow::Result<String> {
    match (stated, listen) {
        (Some(url), _) => Ok(url.trim_end_matches('/').to_owned()),
        (None, Some(listen)) => Ok(format!("http://{}", reachable(listen))),
        (None, None) => bail!("http.listen is empty, so nobody can be asked; set it, or give --url"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_is_what_is_stated_or_where_the_service_listens() {
        let listen = |text: &str| Some(text.parse().unwrap());
        for (stated, listen, asked) in [
            (Some("http://a:1/"), None, "http://a:1"),
            (None, listen("0.0.0.0:9600"), "http://127.0.0.1:9600"),
            (None, listen("[::]:9600"), "http://[::1]:9600"),
            (None, listen("10.0.0.1:1"), "http://10.0.0.1:1"),
        ] {
            assert_eq!(base(stated, listen).unwrap(), asked);
        }
        assert!(base(None, None).unwrap_err().to_string().contains("--url"));
    }
}
