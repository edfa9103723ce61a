//! Where a service is: `http://host:port`, perhaps with a path that all its operations stand under.

use std::fmt;
use std::str::FromStr;

use axum::http::Uri;
use axum::http::uri::{Authority, PathAndQuery, Scheme};

/// Where a service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end, so that an operation's path follows it.
    base: String,
}

impl Address {
    /// The whole address of something below this one. None where it is too long or has what an address can't.
    pub(super) fn join(&self, path_and_query: &str) -> Option<Uri> {
        let path = if self.base.is_empty() {
            PathAndQuery::try_from(path_and_query)
        } else {
            PathAndQuery::try_from(format!("{}{path_and_query}", self.base))
        };
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path.ok()?)
            .build()
            .ok()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('#') {
            return Err("has a fragment, which an address can't have");
        }
        let parts = text.parse::<Uri>().map_err(|_| "is not an address such as `http://host:8080`")?.into_parts();
        let scheme = parts.scheme.ok_or("has no scheme: it has to begin with `http://` or `https://`")?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err("begins with neither `http://` nor `https://`");
        }
        if scheme == Scheme::HTTPS && !cfg!(feature = "tls") {
            return Err("begins with `https://`, and this gateway was built without the feature `tls`");
        }
        let authority = parts.authority.ok_or("has no host")?;
        if authority.as_str().contains('@') {
            return Err("has a name or password in it, which would end up in logs");
        }
        if authority.host().is_empty() {
            return Err("has no host");
        }
        if authority.as_str().len() > authority.host().len() && authority.port_u16().is_none_or(|port| port == 0) {
            return Err("has a port that is no number from 1 to 65535");
        }
        let path = parts.path_and_query.ok_or("has no host")?;
        if path.query().is_some() {
            return Err("has a query, which an address can't have");
        }
        Ok(Self { scheme, authority, base: path.path().trim_end_matches('/').to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_perhaps_a_path() {
        for (text, joined) in [
            ("http://localhost:9001", "http://localhost:9001/users/7?a=b"),
            ("http://localhost:9001/", "http://localhost:9001/users/7?a=b"),
            ("http://[::1]:80/api/v1/", "http://[::1]:80/api/v1/users/7?a=b"),
        ] {
            let address: Address = text.parse().expect(text);
            assert_eq!(address.join("/users/7?a=b").expect("an address").to_string(), joined);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "localhost:9001",
            "localhost",
            "/users",
            "ftp://localhost",
            "http://",
            "http:///users",
            "http://a b",
            "http://user:pass@localhost",
            "http://localhost?x=1",
            "http://localhost#x",
            "http://localhost:99999",
            "http://localhost:",
            "http://:80",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
