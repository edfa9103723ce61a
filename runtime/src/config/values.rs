//! The text of a setting as what it means.

use std::time::Duration;

/// Somewhere to listen: `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`.
pub(super) fn listen(text: &str) -> Result<String, &'static str> {
    let (host, port) = text.rsplit_once(':').ok_or("has no port: it has to be such as `0.0.0.0:8080`")?;
    if host.is_empty() || (host.contains(':') && !host.starts_with('[')) {
        return Err("has no host: it has to be such as `0.0.0.0:8080`");
    }
    port.parse::<u16>().map_err(|_| "has a port that is no number up to 65535")?;
    Ok(text.to_owned())
}

/// A duration: `200ms`, `2s`, `1m30s`, `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, &'static str> {
    const WRONG: &str = "is no duration such as `200ms` or `1m30s`";
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let (number, behind) = split(rest, |c: char| !c.is_ascii_digit());
        let (unit, behind) = split(behind, |c: char| c.is_ascii_digit());
        let number: u64 = number.parse().map_err(|_| WRONG)?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            _ => return Err(WRONG),
        };
        let part = number.checked_mul(milliseconds).map(Duration::from_millis).ok_or(WRONG)?;
        total = total.checked_add(part).ok_or(WRONG)?;
        rest = behind;
    }
    if total.is_zero() { Err(WRONG) } else { Ok(total) }
}

/// A number of bytes: `512`, `64kib`, `2mb`.
pub(super) fn bytes(text: &str) -> Result<usize, &'static str> {
    const WRONG: &str = "is no number of bytes such as `64kib` or `2mb`";
    let (number, unit) = split(text, |c: char| !c.is_ascii_digit());
    let factor = match unit {
        "" | "b" => 1,
        "kb" => 1_000,
        "kib" => 1 << 10,
        "mb" => 1_000_000,
        "mib" => 1 << 20,
        "gb" => 1_000_000_000,
        "gib" => 1 << 30,
        _ => return Err(WRONG),
    };
    number.parse::<usize>().ok().and_then(|number| number.checked_mul(factor)).ok_or(WRONG)
}

fn split(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(stop).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read() {
        assert_eq!(duration("200ms"), Ok(Duration::from_millis(200)));
        assert_eq!(duration("1m30s"), Ok(Duration::from_secs(90)));
        for wrong in ["", "0s", "5", "s", "5 s", "-5s", "5d", "1.5s", "99999999999999999999s", "18446744073709551615h"]
        {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(bytes("64kib"), Ok(65_536));
        assert_eq!(bytes("2mb"), Ok(2_000_000));
        assert_eq!(bytes("512"), Ok(512));
        for wrong in ["", "kib", "-1", "5 kib", "5tb", "99999999999999999999gib"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_place_to_listen_has_a_host_and_a_port() {
        for sound in ["0.0.0.0:8080", "[::]:80", "localhost:0"] {
            assert!(listen(sound).is_ok(), "{sound}");
        }
        for wrong in ["", "8080", ":8080", "::1", "localhost:", "localhost:x", "localhost:70000"] {
            assert!(listen(wrong).is_err(), "{wrong}");
        }
    }
}
