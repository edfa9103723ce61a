//! The programs of the golden cases once more, through the macro.
#![allow(deprecated, reason = "the macro's warnings come as deprecations, and a case has one on purpose")]

gatewright::gateway!("golden/cases/storefront.gw");
gatewright::gateway!("golden/cases/parameters.gw");
gatewright::gateway!("golden/cases/bodies.gw");
gatewright::gateway!("golden/cases/orders.gw");
gatewright::gateway!("golden/cases/schedule.gw");
