//! A warning of the compiler is a warning of rustc: here it is denied, so that it can be seen.
#![deny(deprecated)]

gatewright::gateway! {
    gateway Shop {}

    type Unused { id: Int }

    endpoint GET "/ping" ping() {
        public
        respond { ok: true }
    }
}

fn main() {
    drop(shop::Shop::builder().build());
}
