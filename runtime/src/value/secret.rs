//! Secrets are compared in a time that does not tell how much of them is alike: only how long they are can be told from it.

use std::borrow::Cow;

use subtle::{Choice, ConstantTimeEq};

use super::{Path, Url, Uuid};

/// A value that is held as text.
pub trait Secret {
    /// The text of values that are equal is equal.
    fn text(&self) -> Cow<'_, str>;
}

/// `left == right`
pub fn same<L: Secret + ?Sized, R: Secret + ?Sized>(left: &L, right: &R) -> bool {
    equal(left, right).into()
}

/// `value in list`: all of the list is looked at, wherever the value is in it.
pub fn among<L: Secret + ?Sized, R: Secret>(value: &L, list: &[R]) -> bool {
    list.iter().fold(Choice::from(0), |found, entry| found | equal(value, entry)).into()
}

fn equal<L: Secret + ?Sized, R: Secret + ?Sized>(left: &L, right: &R) -> Choice {
    left.text().as_bytes().ct_eq(right.text().as_bytes())
}

impl Secret for str {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Secret for String {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Secret for Url {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Secret for Path {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

impl Secret for Uuid {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.as_str().to_ascii_lowercase())
    }
}

impl<T: Secret + ?Sized> Secret for &T {
    fn text(&self) -> Cow<'_, str> {
        (**self).text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_equal_as_other_values_are() {
        assert!(same("abc", &"abc".to_owned()));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
        let (upper, lower) =
            ["67E55044-10b1-426f-9247-bb680e5fe0c8", "67e55044-10b1-426f-9247-bb680e5fe0c8"].map(Uuid::literal).into();
        assert!(same(&upper, &lower));
        assert!(same(&Url::literal("https://a"), &Url::literal("https://a")));
    }

    #[test]
    fn one_of_several_is_found() {
        assert!(among("b", &["a", "b", "c"]));
        assert!(!among("d", &["a", "b", "c"]) && !among::<_, String>("d", &[]));
    }
}
