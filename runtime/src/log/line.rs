//! The lines of the log: what each says, and in which order.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Bytes of a path or a reason that a line keeps.
const LONGEST: usize = 1_024;

/// One request.
#[derive(Serialize)]
pub(crate) struct Answered<'a> {
    pub(crate) time: String,
    pub(crate) endpoint: Option<&'a str>,
    pub(crate) method: &'a str,
    /// As it came, still percent-encoded, without its query: values of a query may be private.
    pub(crate) path: Cow<'a, str>,
    /// Absent when the client left before there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    pub(crate) ms: f64,
    pub(crate) request_id: &'a str,
    pub(crate) trace_id: &'a str,
    pub(crate) completed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Cow<'a, str>>,
    pub(crate) calls: &'a [Call],
}

/// One call to an upstream.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    pub(crate) outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    pub(crate) ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// Fields that came otherwise than declared and were put right by their `else`, with how often.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) drifted: Vec<Drift>,
}

/// One field that came otherwise than declared.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Drift {
    pub(crate) field: &'static str,
    pub(crate) why: String,
    pub(crate) times: usize,
}

/// An unsafe call that outlived its request, and so is not in that request's line.
#[derive(Serialize)]
pub(crate) struct LateCall<'a> {
    pub(crate) time: String,
    pub(crate) event: &'static str,
    pub(crate) request_id: &'a str,
    pub(crate) call: &'a Call,
}

/// Something that happened to the server as a whole.
#[derive(Serialize)]
pub(crate) struct Happened<'a> {
    pub(crate) time: String,
    pub(crate) event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Cow<'a, str>>,
}

/// A duration for the log: milliseconds, to the microsecond.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// The beginning of a text, where it is too long for a line.
pub(crate) fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(LONGEST);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}

/// This moment, as RFC 3339 in UTC with milliseconds.
pub(crate) fn now() -> String {
    timestamp(SystemTime::now())
}

/// A moment as RFC 3339 in UTC with milliseconds.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", since.subsec_millis())
}

/// Days since 1970 as year, month, day. Counts in eras of 400 years that begin on the first of March, so that the leap
/// day is the last of its year (Hinnant's algorithm).
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_rfc_3339() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399, "2000-02-28T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"),
            (4_107_542_400, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(timestamp(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "ä".repeat(2_000);
        let cut = bounded(&text);
        assert!(cut.len() <= LONGEST + '…'.len_utf8());
        assert!(cut.ends_with('…'));
    }
}
