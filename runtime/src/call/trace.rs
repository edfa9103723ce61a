//! The trace that a request belongs to: W3C `traceparent`, continued from the client's or begun here.

use axum::http::{HeaderMap, HeaderValue};

/// Where an incoming request stands in its trace.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    /// 32 hexadecimal digits, lower case.
    id: String,
    /// Whether the caller records this trace.
    sampled: bool,
}

impl Trace {
    /// Continues the client's trace where its header is well formed, else begins one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all("traceparent").iter();
        let continued = match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok().and_then(Self::parse),
            _ => None,
        };
        continued.unwrap_or_else(Self::begin)
    }

    /// A trace of its own. It says that it isn't sampled: whoever records further down decides that for itself.
    pub(crate) fn begin() -> Self {
        Self { id: format!("{:032x}", fastrand::u128(1..)), sampled: false }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '-');
        let (version, id, parent, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let (flags, more) = rest.split_at_checked(2)?;
        // Version 00 has exactly four parts; a later one may have more, behind another dash.
        let whole = more.is_empty() || (version != "00" && more.starts_with('-'));
        let well_formed = whole
            && version != "ff"
            && [(version, 2), (id, 32), (parent, 16), (flags, 2)].iter().all(|(part, length)| is_hex(part, *length))
            && id.bytes().any(|byte| byte != b'0')
            && parent.bytes().any(|byte| byte != b'0');
        let flags = u8::from_str_radix(flags, 16).ok()?;
        well_formed.then(|| Self { id: id.to_owned(), sampled: flags & 1 == 1 })
    }

    /// The id, for the log.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The header for one call to an upstream: the same trace, a span of its own.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let span = fastrand::u64(1..);
        HeaderValue::try_from(format!("00-{}-{span:016x}-{:02x}", self.id, u8::from(self.sampled))).ok()
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_well_formed_header_is_continued() {
        let trace = Trace::parse(GOOD).expect("well formed");
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        let header = trace.header().expect("a header");
        let header = header.to_str().expect("ASCII");
        assert!(header.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && header.ends_with("-01"), "{header}");
        assert!(!header.contains("00f067aa0ba902b7"), "the span is our own");
        assert!(Trace::parse("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what").is_some());
    }

    #[test]
    fn any_other_begins_a_trace() {
        for text in [
            "",
            "00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        ] {
            assert!(Trace::parse(text).is_none(), "{text}");
        }
        let mut two = HeaderMap::new();
        two.append("traceparent", HeaderValue::from_static(GOOD));
        two.append("traceparent", HeaderValue::from_static(GOOD));
        assert_ne!(Trace::of(&two).id(), "4bf92f3577b34da6a3ce929d0e0e4736");
    }
}
