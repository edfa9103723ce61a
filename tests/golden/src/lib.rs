//! Generated code of every case in `cases`, a module each. `UPDATE=1` writes it anew.

#[rustfmt::skip]
pub mod bodies;
#[rustfmt::skip]
pub mod computed;
#[rustfmt::skip]
pub mod fans;
#[rustfmt::skip]
pub mod flows;
#[rustfmt::skip]
pub mod lists;
#[rustfmt::skip]
pub mod methods;
#[rustfmt::skip]
pub mod names;
#[rustfmt::skip]
pub mod nulls;
#[rustfmt::skip]
pub mod orders;
#[rustfmt::skip]
pub mod parameters;
#[rustfmt::skip]
pub mod schedule;
#[rustfmt::skip]
pub mod storefront;
#[rustfmt::skip]
pub mod texts;
#[rustfmt::skip]
pub mod values;
