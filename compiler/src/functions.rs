//! The table of methods and functions of plain values: all that the compiler knows of each.
//!
//! A method is a line here and a function of the runtime's `value`. The checker finds it by what it is called on and by its name,
//! generated code calls it by [`Function::runtime`], and the reference lists it with its words and its example. Methods of lists
//! and maps, which take functions, are no part of it.

mod table;

pub use table::FUNCTIONS;

use crate::model::Scalar;

/// A method of plain values, or a function of none.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    /// The kinds of values that it is called on; none of a function.
    pub on: &'static [Scalar],
    /// Its name.
    pub name: &'static str,
    /// What it takes beside that value.
    pub params: &'static [Parameter],
    /// What it gives.
    pub gives: Gives,
    /// The function of `gatewright::codegen` that does it.
    pub runtime: &'static str,
    /// Whether its result can be beyond what fits, so that the gateway answers 500 with the place in the log.
    pub overflows: bool,
    /// Whether characters of its arguments may stand in what it gives.
    pub keeps_text: bool,
    /// What it does, in a line of the reference.
    pub docs: &'static str,
    /// A condition that holds, with `text`, `price`, `weight`, `count` and `at` as [`EXAMPLE_VALUES`] says.
    pub example: &'static str,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// A plain value.
    Plain(Scalar),
    /// Strings, one at least and at most so many.
    Strings(u32),
}

/// What a function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What fits.
    pub takes: Takes,
    /// The text of a parameter that may be left out.
    pub default: Option<&'static str>,
}

/// What fits a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A `String`, a `Path` or a `Url`.
    Text,
    /// The same, and one that is written out is not empty.
    SomeText,
    /// An `Int`; one that is written out is within the two.
    Int(i64, i64),
    /// A regular expression that is written out.
    Pattern,
}

/// The values that examples are about: name, type and text.
pub const EXAMPLE_VALUES: &[(&str, &str, &str)] = &[
    ("text", "String", "\"Ada Lovelace\""),
    ("price", "Decimal", "12.345"),
    ("weight", "Float", "0.625"),
    ("count", "Int", "-7"),
];

impl Function {
    /// The methods of that name, or functions of none: one for each number of arguments.
    pub fn named(on: Option<Scalar>, name: &str) -> impl Iterator<Item = &'static Self> + Clone {
        FUNCTIONS.iter().filter(move |function| function.is_on(on) && function.name == name)
    }

    /// Whether it is a method of that kind of value, or of none a function.
    pub fn is_on(&self, on: Option<Scalar>) -> bool {
        match on {
            Some(scalar) => self.on.contains(&scalar),
            None => self.on.is_empty(),
        }
    }

    /// It with its parameters, as the reference shows it: `.truncate(length, ending = "")`.
    pub fn signature(&self) -> String {
        let params: Vec<String> = self
            .params
            .iter()
            .map(|param| match param.default {
                Some(default) => format!("{} = {default:?}", param.name),
                None => param.name.to_owned(),
            })
            .collect();
        let dot = if self.on.is_empty() { "" } else { "." };
        format!("{dot}{}({})", self.name, params.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_and_a_number_of_arguments_mean_one_function() {
        let mut known = BTreeSet::new();
        for function in FUNCTIONS {
            let least = function.params.iter().filter(|param| param.default.is_none()).count();
            let kinds = if function.on.is_empty() { vec![None] } else { function.on.iter().map(Some).collect() };
            for (kind, arguments) in kinds
                .into_iter()
                .flat_map(|kind| (least..=function.params.len()).map(move |arguments| (kind, arguments)))
            {
                assert!(known.insert((kind, function.name, arguments)), "{}", function.signature());
            }
        }
    }

    #[test]
    fn what_may_be_left_out_stands_last() {
        for function in FUNCTIONS {
            let optional: Vec<bool> = function.params.iter().map(|param| param.default.is_some()).collect();
            assert!(optional.is_sorted(), "{}", function.signature());
        }
    }
}
