//! Addresses of services: `http` or `https`, a host, perhaps a port and a prefix, and nothing else.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::settings;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::model::Config;
use crate::syntax::ast::{Address, Text};

/// The address, written or from the environment.
pub(super) fn check(address: &Address, diagnostics: &mut Diagnostics) -> Option<Config<String>> {
    match address {
        Address::Text(text) => match read(text) {
            Ok(address) => Some(Config::Literal(address)),
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                None
            }
        },
        Address::Source(call) => settings::env_text(call, read, diagnostics),
    }
}

fn read(text: &Text) -> Result<String, Diagnostic> {
    parse(&text.value).map_err(|(why, note)| {
        let diagnostic = Diagnostic::new(Code::GW0808, "this is no address of a service", text.span, why);
        let diagnostic = diagnostic.note(note);
        if text.value.contains("://") || text.value.is_empty() || text.value.starts_with('/') {
            return diagnostic;
        }
        let better = format!("http://{}", text.value);
        match parse(&better) {
            Ok(_) => diagnostic.suggest(format!("write `{better}`"), text.span, format!("\"{better}\"")),
            Err(_) => diagnostic,
        }
    })
}

type Fault = (&'static str, &'static str);

const FORM: &str = "such as `\"http://users:8080\"` or `\"https://example.com/api\"`";

/// The address without a `/` at its end, so that a path can follow.
fn parse(address: &str) -> Result<String, Fault> {
    let rest = address
        .strip_prefix("http://")
        .or_else(|| address.strip_prefix("https://"))
        .ok_or(("`http://` or `https://` is expected", FORM))?;
    if address.contains(['?', '#']) {
        return Err(("has a query or a fragment", "a query parameter is declared by the operation that sends it"));
    }
    let (authority, prefix) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    if authority.contains('@') {
        return Err((
            "has credentials",
            "they would stand in the program's text; pass them as a header of the operation",
        ));
    }
    check_authority(authority)?;
    check_prefix(prefix)?;
    Ok(address.trim_end_matches('/').to_owned())
}

fn check_authority(authority: &str) -> Result<(), Fault> {
    let (host, port) = if authority.starts_with('[') {
        let end = authority.find(']').ok_or(("the host is broken", FORM))?;
        let (host, port) = authority.split_at(end + 1);
        (host, if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or(("the port is broken", FORM))?) })
    } else {
        authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)))
    };
    if let Some(port) = port {
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !port.parse::<u16>().is_ok_and(|port| port > 0) {
            return Err(("the port is broken", "a port is a number from 1 to 65535"));
        }
    }
    if is_host(host) { Ok(()) } else { Err(("the host is broken", FORM)) }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    if host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return host.parse::<Ipv4Addr>().is_ok();
    }
    host.len() <= 253
        && host.trim_end_matches('.').split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
}

fn check_prefix(prefix: &str) -> Result<(), Fault> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
    if !prefix.bytes().all(plain) {
        return Err(("the prefix is broken", "letters, digits and `-._~!$&'()*+,;=:@`, as HTTP has it"));
    }
    let segments = prefix.trim_matches('/');
    let dots = segments.split('/').any(|segment| matches!(segment, "." | ".."));
    if dots || prefix.contains("//") {
        return Err(("the prefix is broken", "it has no empty, `.` or `..` segments"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn addresses_have_scheme_host_and_little_else() {
        for right in [
            "http://localhost:9001",
            "https://example.com/api/v1",
            "http://10.0.0.1",
            "http://[::1]:80",
            "http://my_service",
        ] {
            assert_eq!(parse(right).as_deref(), Ok(right));
        }
        assert_eq!(parse("http://a/b/").as_deref(), Ok("http://a/b"));
        let wrong = [
            "",
            "http://",
            "ftp://a",
            "localhost:80",
            "http://a:0",
            "http://a:99999",
            "http://a:",
            "http://u:p@a",
            "http://a?b",
            "http://a#b",
            "http://a/../b",
            "http://a//b",
            "http://a b",
            "http://[::1",
            "http://999.1.1.1",
            "http://a..b",
            "http://a/%2e",
        ];
        for wrong in wrong {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
