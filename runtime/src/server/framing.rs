//! What hyper doesn't tell of a request's head: both a `Content-Length` and a `Transfer-Encoding`, a `#` in the target,
//! lines that end in a bare LF. Each is read in two ways by two programs, and so a way past one of them.
//!
//! This follows the bytes that hyper reads, head by head, and leaves a finding for each. It never changes a byte and frames
//! bodies only to know where the next head begins; where hyper rejects a message, what it finds doesn't matter.

use std::collections::VecDeque;

/// Bytes of one line that are looked at; hyper rejects a head long before.
const LONGEST_LINE: usize = 128 * 1024;

/// What is wrong with one head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// Both lengths: `Content-Length` and `Transfer-Encoding`.
    TwoLengths,
    /// A `#` in its first line.
    Fragment,
    /// A line that ends without CR.
    BareLineFeed,
}

/// Follows the bytes of one connection.
#[derive(Debug, Default)]
pub(super) struct Framing {
    phase: Phase,
    line: Vec<u8>,
    head: Head,
    /// One for each head that has ended and that no request was made of yet.
    findings: VecDeque<Option<Finding>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Phase {
    /// Between messages.
    #[default]
    Between,
    FirstLine,
    Fields,
    /// So many bytes that are no head.
    Body(u64),
    ChunkSize,
    /// The rest of a chunk with its line end.
    Chunk(u64),
    Trailers,
    /// No more heads to find here: another protocol, or nonsense that hyper rejects.
    Off,
}

#[derive(Debug, Default)]
struct Head {
    finding: Option<Finding>,
    length: Option<u64>,
    encoded: bool,
}

impl Framing {
    /// Whether a head has begun and not ended.
    pub(super) fn is_in_head(&self) -> bool {
        matches!(self.phase, Phase::FirstLine | Phase::Fields)
    }

    /// What was found in the head of the request that hyper made next.
    pub(super) fn next_finding(&mut self) -> Option<Finding> {
        self.findings.pop_front().flatten()
    }

    /// Follows the next bytes.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            match self.phase {
                Phase::Off => return,
                Phase::Between if matches!(first, b'\r' | b'\n') => bytes = rest,
                Phase::Between => self.phase = Phase::FirstLine,
                Phase::Body(left) => bytes = self.pass(bytes, left, Phase::Body, Phase::Between),
                Phase::Chunk(left) => bytes = self.pass(bytes, left, Phase::Chunk, Phase::ChunkSize),
                Phase::FirstLine | Phase::Fields | Phase::ChunkSize | Phase::Trailers => bytes = self.take_line(bytes),
            }
        }
    }

    /// Passes over bytes that are no head; gives what follows them.
    fn pass<'a>(&mut self, bytes: &'a [u8], left: u64, more: fn(u64) -> Phase, over: Phase) -> &'a [u8] {
        let here = usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len()));
        let left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
        self.phase = if left == 0 { over } else { more(left) };
        bytes.get(here..).unwrap_or_default()
    }

    /// Takes bytes up to the end of the line; gives what follows it.
    fn take_line<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
            self.keep(bytes);
            return &[];
        };
        let (line, rest) = bytes.split_at(end);
        self.keep(line);
        let line = std::mem::take(&mut self.line);
        if self.phase != Phase::Off {
            self.read_line(&line);
        }
        self.line = line;
        self.line.clear();
        rest.get(1..).unwrap_or_default()
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.line.len() + bytes.len() > LONGEST_LINE {
            self.phase = Phase::Off;
            self.line = Vec::new();
        } else {
            self.line.extend_from_slice(bytes);
        }
    }

    fn read_line(&mut self, line: &[u8]) {
        let text = line.strip_suffix(b"\r");
        match (self.phase, text.unwrap_or(line)) {
            (Phase::FirstLine, b"PRI * HTTP/2.0") => self.phase = Phase::Off,
            (Phase::FirstLine, text_line) => {
                self.head = Head::default();
                self.note(text_line.contains(&b'#'), Finding::Fragment);
                self.note(text.is_none(), Finding::BareLineFeed);
                self.phase = Phase::Fields;
            }
            (Phase::Fields, b"") => {
                self.note(text.is_none(), Finding::BareLineFeed);
                self.end_head();
            }
            (Phase::Fields, field) => {
                self.note(text.is_none(), Finding::BareLineFeed);
                self.read_field(field);
            }
            (Phase::ChunkSize, size) => self.phase = chunk(size),
            (Phase::Trailers, b"") => self.phase = Phase::Between,
            _ => {}
        }
    }

    fn read_field(&mut self, field: &[u8]) {
        let mut parts = field.splitn(2, |byte| *byte == b':');
        let (name, value) = (parts.next().unwrap_or_default().trim_ascii(), parts.next().unwrap_or_default());
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value.trim_ascii()).ok();
            self.head.length = value.and_then(|value| value.parse().ok()).or(Some(0));
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            self.head.encoded = true;
        }
        self.note(self.head.encoded && self.head.length.is_some(), Finding::TwoLengths);
    }

    fn end_head(&mut self) {
        self.findings.push_back(self.head.finding);
        self.phase = match self.head.length {
            _ if self.head.encoded => Phase::ChunkSize,
            Some(length) if length > 0 => Phase::Body(length),
            _ => Phase::Between,
        };
    }

    fn note(&mut self, found: bool, finding: Finding) {
        if found {
            self.head.finding.get_or_insert(finding);
        }
    }
}

/// What a chunk's first line begins.
fn chunk(line: &[u8]) -> Phase {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let size = line.get(..digits).and_then(|digits| std::str::from_utf8(digits).ok());
    match size.and_then(|size| u64::from_str_radix(size, 16).ok()) {
        Some(0) => Phase::Trailers,
        Some(size) => Phase::Chunk(size.saturating_add(2)),
        None => Phase::Off,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in each head, however the bytes are cut.
    fn findings(bytes: &[u8]) -> Vec<Option<Finding>> {
        let mut whole = Framing::default();
        whole.feed(bytes);
        let mut single = Framing::default();
        for byte in bytes {
            single.feed(std::slice::from_ref(byte));
        }
        assert_eq!(whole.findings, single.findings);
        whole.findings.into()
    }

    #[test]
    fn sound_heads_are_sound() {
        let stream = b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\
            POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 26\r\n\r\nGET /#inside HTTP/1.1\n\n....\
            POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\n#\n\n\n#\r\n0\r\nA: b\r\n\r\n\
            GET / HTTP/1.1\r\n\r\n";
        assert_eq!(findings(stream), vec![None; 4]);
    }

    #[test]
    fn what_hyper_hides_is_found() {
        let two = Some(Finding::TwoLengths);
        assert_eq!(findings(b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), [two]);
        assert_eq!(findings(b"POST / HTTP/1.1\r\ntransfer-encoding:chunked\r\nCONTENT-LENGTH:5\r\n\r\n"), [two]);
        assert_eq!(findings(b"GET /a#b HTTP/1.1\r\n\r\n"), [Some(Finding::Fragment)]);
        assert_eq!(findings(b"GET / HTTP/1.1\n\r\n"), [Some(Finding::BareLineFeed)]);
        assert_eq!(findings(b"GET / HTTP/1.1\r\nA: b\n\r\n"), [Some(Finding::BareLineFeed)]);
        assert_eq!(findings(b"GET / HTTP/1.1\r\nA: b\r\n\n"), [Some(Finding::BareLineFeed)]);
        // The second of two requests on one connection.
        let second = b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /#x HTTP/1.1\r\n\r\n";
        assert_eq!(findings(second), [None, Some(Finding::Fragment)]);
    }

    #[test]
    fn http_2_is_another_protocol() {
        let mut framing = Framing::default();
        framing.feed(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assert!(!framing.is_in_head());
        assert_eq!(framing.next_finding(), None);
    }

    #[test]
    fn a_head_is_open_until_its_blank_line() {
        let mut framing = Framing::default();
        framing.feed(b"\r\n\r\n");
        assert!(!framing.is_in_head());
        framing.feed(b"G");
        assert!(framing.is_in_head());
        framing.feed(b"ET / HTTP/1.1\r\nA: b\r\n");
        assert!(framing.is_in_head());
        framing.feed(b"\r\n");
        assert!(!framing.is_in_head());
    }
}
