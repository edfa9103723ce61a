//! The body of a request: its content type, its grammar, and then its type.

use http::{HeaderMap, header};

use super::Input;
use super::checker::BodyScanner;
use super::violations::Rejection;
use crate::json::{Broken, Scanner, duplicate_keys};

/// The most keys that appear twice that are listed.
const MOST_DUPLICATES: usize = 16;

impl Input<'_> {
    /// The body, checked by `take`.
    pub fn body<T, F>(&mut self, take: F) -> Option<T>
    where
        F: FnOnce(&mut BodyScanner<'_>) -> Option<T>,
    {
        let body = self.body_optional(take)?;
        self.violations.note_none(body, "body", "is missing")
    }

    /// The body, checked by `take`; none where the client sent none.
    pub fn body_optional<T, F>(&mut self, take: F) -> Option<Option<T>>
    where
        F: FnOnce(&mut BodyScanner<'_>) -> Option<T>,
    {
        if self.source.body.is_empty() {
            return Some(None);
        }
        if !is_json(self.source.headers) {
            self.refusal = Some(Rejection::UnsupportedMediaType);
            return None;
        }
        match self.check_body(take) {
            Ok(value) => value.map(Some),
            Err(broken) => {
                let offset = broken.offset().unwrap_or_default();
                self.refusal = Some(Rejection::Malformed { offset, why: broken.why().to_owned() });
                None
            }
        }
    }

    /// Checks the grammar of the whole body first, so that what follows only has to look at types.
    fn check_body<T, F>(&mut self, take: F) -> Result<Option<T>, Broken>
    where
        F: FnOnce(&mut BodyScanner<'_>) -> Option<T>,
    {
        let mut scan = Scanner::new(self.source.body)?;
        scan.skip()?;
        scan.finish()?;
        let doubled = duplicate_keys(self.source.body, MOST_DUPLICATES);
        let mut body = BodyScanner::new(Scanner::new(self.source.body)?, &mut self.violations);
        for steps in &doubled {
            body.note_duplicate(steps);
        }
        let value = take(&mut body);
        Ok(if doubled.is_empty() { value } else { None })
    }
}

/// Whether the content type is `application/json` or `application/….+json`, in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(value)), None) = (lines.next().map(|line| line.to_str()), lines.next()) else { return false };
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let subtype = essence.strip_prefix("application/").unwrap_or_default();
    let json = subtype == "json" || subtype.strip_suffix("+json").is_some_and(|name| !name.is_empty());
    json && parts.all(|part| match part.strip_prefix("charset=") {
        Some(charset) => charset.trim_matches('"') == "utf-8",
        None => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types() {
        let accepted = |value: &'static str| {
            is_json(&HeaderMap::from_iter([(header::CONTENT_TYPE, http::HeaderValue::from_static(value))]))
        };
        for value in ["application/json", "Application/JSON; charset=\"UTF-8\"", "application/merge-patch+json"] {
            assert!(accepted(value), "{value}");
        }
        for value in ["", "text/json", "application/jsonp", "application/+json", "application/json; charset=latin1"] {
            assert!(!accepted(value), "{value}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
