//! rustc can't point into a `.gw` file: the message says where.

gatewright::gateway!("misspelt_field.gw");

fn main() {
    let _ = shop::Shop::builder().from_env().map(|shop| shop.build());
}
