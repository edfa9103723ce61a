//! The programs of the golden cases once more, through the macro.

gatewright::gateway!("golden/cases/storefront.gw");
gatewright::gateway!("golden/cases/parameters.gw");
