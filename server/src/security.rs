//! The rules that hold for every request before anything else: where a change may come from, who the client is, and the headers of
//! every answer.

use crate::plain::plain_page;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use model::{Refusal, actor::Client};
use std::net::{IpAddr, SocketAddr};

/// The address of the console: scheme, host and port, never a path. Links and the origin rule take it from here, never from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads `https://provost.example` or `http://localhost:3000`, with or without a slash at the end.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub fn parse(text: &str) -> Result<BaseUrl, String> {
        let wrong = |why: &str| Err(format!("The base URL {text:?} {why}. Write it like https://provost.example"));
        let Ok(uri) = text.parse::<http::Uri>() else { return wrong("is not an address") };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return wrong("has no scheme or host") };
        if !matches!(scheme, "http" | "https") {
            return wrong("is neither http nor https");
        }
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() || text.contains('#') {
            return wrong("holds more than scheme, host and port");
        }
        let host = authority.host().to_ascii_lowercase();
        let default_port = if scheme == "https" { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != default_port).map(|port| format!(":{port}")).unwrap_or_default();
        Ok(BaseUrl(format!("{scheme}://{host}{port}")))
    }

    /// The origin, as a browser writes it into `Origin`.
    pub fn origin(&self) -> &str {
        &self.0
    }

    /// The host's name, without the port.
    pub fn host(&self) -> &str {
        let authority = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        authority.rsplit_once(':').filter(|(host, _)| !host.ends_with(':')).map_or(authority, |(host, _)| host)
    }

    /// Is the console reached over https?
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

/// Refuses a change that does not come from a page of this console (spec §8). The browser says so in `Sec-Fetch-Site`, an older one in
/// `Origin`; one that says neither is refused too.
pub async fn only_from_here(State(base): State<BaseUrl>, request: Request, next: Next) -> Response {
    if is_read(request.method()) || comes_from_here(request.headers(), &base) {
        return next.run(request).await;
    }
    plain_page(&Refusal::ForeignForm { open: base.origin().to_owned() }, request.headers())
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn comes_from_here(headers: &HeaderMap, base: &BaseUrl) -> bool {
    let one = |name: &str| {
        let mut values = headers.get_all(name).iter();
        (values.next().map(HeaderValue::as_bytes), values.next().is_none())
    };
    match (one("sec-fetch-site"), one("origin")) {
        ((_, false), _) | (_, (_, false)) => false,
        ((Some(site), _), _) => matches!(site, b"same-origin" | b"none"),
        ((None, _), (Some(origin), _)) => origin == base.origin().as_bytes(),
        ((None, _), (None, _)) => false,
    }
}

/// The headers of every answer. What an inner layer has set stays: a page's content policy, an asset's caching.
pub async fn headers(State(base): State<BaseUrl>, request: Request, next: Next) -> Response {
    let holds_secret = request.uri().path().starts_with("/enroll");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if holds_secret {
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(WITHOUT_PATH));
    }
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if base.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// The address of an enrollment link is a secret: not even requests to this host carry it, so that it stands in no log of a proxy.
/// The origin alone still goes along, which keeps the `Origin` of a form.
const WITHOUT_PATH: &str = "strict-origin";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`: that would turn the Origin of a form into `null`.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Where a request comes from: the connection's address or, behind trusted proxies, the right-most hop that is none of them.
pub fn client(request: &Request, proxies: &[IpNet]) -> Client {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_canonical());
    let address = peer.map(|peer| client_address(peer, request.headers(), proxies));
    let address = address.map(|address| address.map_or_else(|| UNKNOWN.to_owned(), |address| address.to_string()));
    Client { address: address.unwrap_or_default() }
}

/// The client of whom a trusted proxy said nothing that can be read. Never the proxy itself, which may be this machine.
const UNKNOWN: &str = "unknown";

fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Option<IpAddr> {
    let trusted = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut client = peer;
    let lines: Vec<&[u8]> = headers.get_all("x-forwarded-for").iter().map(HeaderValue::as_bytes).collect();
    for hop in lines.iter().flat_map(|line| line.split(|byte| *byte == b',')).rev() {
        if !trusted(&client) {
            break;
        }
        client = hop_address(hop)?;
    }
    Some(client)
}

/// The address in one hop: alone, or with a port as some proxies write it (`192.0.2.1:443`, `[2001:db8::1]:443`).
fn hop_address(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let alone = || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).parse::<IpAddr>().ok();
    let address = text.parse::<SocketAddr>().map(|socket| socket.ip()).ok().or_else(alone)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    fn base() -> BaseUrl {
        BaseUrl::parse("https://provost.example").expect("a base URL")
    }

    #[test]
    fn a_change_comes_from_a_page_of_this_console_or_is_refused() {
        let ours: [&[_]; 4] = [
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://provost.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://provost.example")],
        ];
        for sent in ours {
            assert!(comes_from_here(&headers(sent), &base()), "{sent:?}");
        }
        let foreign: [&[_]; 7] = [
            &[],
            &[("origin", "null")],
            &[("origin", "http://provost.example")],
            &[("origin", "https://provost.example.evil.example")],
            &[("sec-fetch-site", "same-site"), ("origin", "https://provost.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("referer", "https://provost.example/users")],
        ];
        for sent in foreign {
            assert!(!comes_from_here(&headers(sent), &base()), "{sent:?}");
        }
    }

    #[test]
    fn a_doubled_origin_is_refused() {
        let mut doubled = headers(&[("origin", "https://provost.example")]);
        doubled.append("origin", HeaderValue::from_static("https://provost.example"));
        assert!(!comes_from_here(&doubled, &base()));
    }

    #[test]
    fn the_base_url_is_an_origin_and_nothing_more() {
        assert_eq!(BaseUrl::parse("https://Provost.Example:443/").map(|base| base.0).as_deref(), Ok("https://provost.example"));
        assert_eq!(BaseUrl::parse("http://localhost:3000").map(|base| base.0).as_deref(), Ok("http://localhost:3000"));
        for bad in
            ["", "provost.example", "ftp://a.example", "https://a.example/path", "https://u@a.example", "https://a.example?x"]
        {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_client_is_the_right_most_hop_that_is_not_a_trusted_proxy() {
        let proxies = ["10.0.0.0/8".parse().expect("a network"), "::1/128".parse().expect("a network")];
        let client = |peer: &str, forwarded: &'static str| {
            let sent = if forwarded.is_empty() { headers(&[]) } else { headers(&[("x-forwarded-for", forwarded)]) };
            client_address(peer.parse().expect("an address"), &sent, &proxies)
                .map_or("unknown".to_owned(), |found| found.to_string())
        };
        assert_eq!(client("203.0.113.9", "198.51.100.1"), "203.0.113.9", "nobody may speak for others unasked");
        assert_eq!(client("10.0.0.2", "198.51.100.1"), "198.51.100.1");
        assert_eq!(client("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.7"), "198.51.100.1");
        assert_eq!(client("::1", "2001:db8::17"), "2001:db8::17");
        assert_eq!(client("10.0.0.2", "198.51.100.1:4711"), "198.51.100.1");
        assert_eq!(client("10.0.0.2", "[2001:db8::17]:4711, 10.0.0.7:80"), "2001:db8::17");
        assert_eq!(
            client("10.0.0.2", "198.51.100.1, rubbish"),
            "unknown",
            "what a proxy wrote and nobody can read is not the proxy"
        );
        assert_eq!(client("10.0.0.2", ""), "10.0.0.2");
    }

    #[test]
    fn a_byte_that_is_no_text_hides_neither_the_client_nor_the_hops_to_its_right() {
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        let client = |forwarded: &'static [u8]| {
            let mut sent = HeaderMap::new();
            sent.insert("x-forwarded-for", HeaderValue::from_bytes(forwarded).expect("a header"));
            client_address("10.0.0.2".parse().expect("an address"), &sent, &proxies).map(|found| found.to_string())
        };
        assert_eq!(client(b"\xff, 198.51.100.1").as_deref(), Some("198.51.100.1"));
        assert_eq!(client(b"198.51.100.1, \xff"), None);
    }
}
