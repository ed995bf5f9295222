//! Where a request comes from, as far as it can be believed.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap, header};

use super::range::AddressRange;
use crate::http::peer::{Peer, PeerCertificate};

const FORWARDED_FOR: &str = "x-forwarded-for";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_HOST: &str = "x-forwarded-host";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Of the reader: what a proxy says that is listed, else of the connection.
    pub address: IpAddr,
    /// The connection is that of a listed proxy.
    pub is_proxy: bool,
    /// The reader's browser speaks TLS, with us or with the proxy.
    pub is_secure: bool,
    /// As the browser calls us.
    pub host: String,
    /// What whoever speaks TLS with us has shown.
    pub certificate: Option<PeerCertificate>,
}

impl Arrival {
    pub fn of(headers: &HeaderMap, extensions: &Extensions, proxies: &[AddressRange]) -> Self {
        let peer = extensions.get::<Peer>();
        let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address).to_canonical();
        let is_proxy = proxies.iter().any(|range| range.has(address));
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let forwarded = |name: &str| if is_proxy { text(name) } else { "" };
        let host = match forwarded(FORWARDED_HOST) {
            "" => text(header::HOST.as_str()),
            host => host,
        };
        let tls = peer.and_then(|peer| peer.tls);
        Self {
            address: if is_proxy { reader(headers, address, proxies) } else { address },
            is_proxy,
            // What a proxy says of the browser's part of the way counts before what we see of its own.
            is_secure: match forwarded(FORWARDED_PROTO) {
                "" => tls.is_some(),
                protocol => protocol.eq_ignore_ascii_case("https"),
            },
            host: host.to_ascii_lowercase(),
            certificate: tls.and_then(|tls| tls.certificate),
        }
    }

    /// Whether a change comes from a page of ours. A browser says one of the two; what says neither is no browser that was led here.
    pub fn is_same_origin(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
        let origin = text("origin").is_none_or(|origin| {
            let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            host.is_some_and(|host| host.eq_ignore_ascii_case(&self.host))
        });
        site && origin
    }

    /// A page elsewhere can give its own name our address (DNS rebinding); then the browser calls us by that name.
    pub fn is_called_by_this_machines_name(&self) -> bool {
        let name = match self.host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => &self.host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name.is_empty() || name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// The last address that no proxy of ours has.
fn reader(headers: &HeaderMap, proxy: IpAddr, proxies: &[AddressRange]) -> IpAddr {
    let all = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let said: Vec<&str> = all.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut nearest = proxy;
    for text in said.into_iter().rev() {
        let Ok(address) = text.parse::<IpAddr>() else { return nearest };
        nearest = address.to_canonical();
        if !proxies.iter().any(|range| range.has(nearest)) {
            return nearest;
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::peer::PeerTls;

    fn arrival(peer: &str, headers: &[(&'static str, &str)]) -> (Arrival, HeaderMap) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(Peer { address: peer.parse().unwrap(), tls: None });
        (Arrival::of(&map, &extensions, &["10.0.0.0/24".parse().unwrap()]), map)
    }

    #[test]
    fn the_browser_speaks_tls_where_the_proxy_says_so_or_else_where_we_do() {
        for (peer, tls, proto, is_secure) in [
            ("192.0.2.7", false, None, false),
            ("192.0.2.7", true, None, true),
            ("192.0.2.7", true, Some("http"), true),
            ("192.0.2.7", false, Some("https"), false),
            ("10.0.0.1", true, None, true),
            ("10.0.0.1", true, Some("http"), false),
            ("10.0.0.1", false, Some("https"), true),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(proto) = proto {
                headers.insert(FORWARDED_PROTO, proto.parse().unwrap());
            }
            let mut extensions = Extensions::new();
            let tls = tls.then_some(PeerTls { certificate: None });
            extensions.insert(Peer { address: peer.parse().unwrap(), tls });
            let arrival = Arrival::of(&headers, &extensions, &["10.0.0.0/24".parse().unwrap()]);
            assert_eq!(arrival.is_secure, is_secure, "{peer} {tls:?} {proto:?}");
        }
    }

    #[test]
    fn only_a_listed_proxy_is_believed() {
        let said = [
            ("host", "inside:9601"),
            ("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.0.0.9"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "Town.example"),
        ];
        let (by_proxy, _) = arrival("10.0.0.1", &said);
        let of = |address: &str| address.parse::<IpAddr>().unwrap();
        assert_eq!(
            (by_proxy.address, by_proxy.is_secure, by_proxy.host.as_str()),
            (of("192.0.2.7"), true, "town.example")
        );
        let (by_other, _) = arrival("10.0.1.1", &said);
        assert_eq!(
            (by_other.address, by_other.is_secure, by_other.host.as_str()),
            (of("10.0.1.1"), false, "inside:9601")
        );
        assert!(by_proxy.is_proxy && !by_other.is_proxy);
        let (nonsense, _) = arrival("10.0.0.1", &[("x-forwarded-for", "6.6.6.6, <script>")]);
        assert_eq!(nonsense.address, of("10.0.0.1"));
    }

    #[test]
    fn a_change_comes_from_our_own_page() {
        for (headers, is_own) in [
            (&[][..], true),
            (&[("sec-fetch-site", "same-origin"), ("origin", "http://town:9601")], true),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("origin", "http://evil.example")], false),
            (&[("origin", "http://town:9602")], false),
            (&[("origin", "http://town:9601.evil.example")], false),
            (&[("origin", "null")], false),
        ] {
            let with_host: Vec<_> = [("host", "town:9601")].iter().chain(headers).copied().collect();
            let (arrival, map) = arrival("192.0.2.7", &with_host);
            assert_eq!(arrival.is_same_origin(&map), is_own, "{headers:?}");
        }
    }

    #[test]
    fn this_machine_has_few_names() {
        for (host, is_ours) in [
            ("127.0.0.1:9601", true),
            ("localhost", true),
            ("LOCALHOST:9601", true),
            ("[::1]:9601", true),
            ("", true),
            ("evil.example:9601", false),
            ("127.0.0.1.evil.example", false),
            ("10.0.0.1:9601", false),
        ] {
            let (arrival, _) = arrival("127.0.0.1", &[("host", host)]);
            assert_eq!(arrival.is_called_by_this_machines_name(), is_ours, "{host}");
        }
    }
}
