//! Generated code of every case in `cases`, a module each. `UPDATE=1` writes it anew.

#[rustfmt::skip]
pub mod orders;
#[rustfmt::skip]
pub mod storefront;
