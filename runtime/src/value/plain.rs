//! The values of the language as serde sees them, for typed clients and for code that people write.
//!
//! `Decimal`, `Float` and `Json` go through the raw values of `serde_json`, so that they keep their digits there; other
//! formats get what that makes of them.

use std::borrow::Cow;

use bytes::Bytes;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Date, Decimal, Float, Path, Time, Url, Uuid};
use crate::json::{self, Json, Scanner};

macro_rules! as_text {
    ($($value:ty),*) => {$(
        impl Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(D::Error::custom)
            }
        }
    )*};
}

as_text!(Time, Date, Uuid, Url, Path);

macro_rules! as_number {
    ($($value:ty),*) => {$(
        impl Serialize for $value {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $value {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let raw = Box::<RawValue>::deserialize(deserializer)?;
                if !json::is_number(raw.get()) {
                    return Err(D::Error::custom("expected a number"));
                }
                Self::from_digits(raw.get()).map_err(D::Error::custom)
            }
        }
    )*};
}

as_number!(Decimal, Float);

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = String::from_utf8_lossy(self.raw().as_bytes()).into_owned();
        RawValue::from_string(text).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let text = Bytes::copy_from_slice(raw.get().as_bytes());
        let read = json::read(&text, |scan: &mut Scanner<'_>| scan.json());
        read.map(|read| read.value).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        price: Decimal,
        rating: Float,
        at: Time,
        day: Date,
        id: Uuid,
        home: Url,
        file: Path,
        any: Json,
        none: Option<Decimal>,
    }

    #[test]
    fn what_is_read_is_written_as_it_came() {
        let text = r#"{"price":1.50,"rating":1E2,"at":"2026-01-31T12:00:00+01:00","day":"2026-01-31","id":"67E55044-10b1-426f-9247-bb680e5fe0c8","home":"https://a","file":"a/b","any":{"x": 1e400},"none":null}"#;
        let all: All = serde_json::from_str(text).expect("all of it");
        assert_eq!(serde_json::to_string(&all).expect("JSON"), text);
    }

    #[test]
    fn what_breaks_a_type_is_refused() {
        assert!(serde_json::from_str::<Decimal>("\"1\"").is_err());
        assert!(serde_json::from_str::<Float>("1e400").is_err());
        assert!(serde_json::from_str::<Time>("\"2026-01-31\"").is_err());
        assert!(serde_json::from_str::<Json>(r#"{"a":1,"a":2}"#).is_err());
    }
}
