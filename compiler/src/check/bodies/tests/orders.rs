//! The orders of the shop, as far as this version goes: guards, spreads, a fan-out.

use super::*;

const ORDERS: &str = r#"
gateway Shop {
    listen "0.0.0.0:8080"
    timeout 2s
}

type UserId = Int(1..)
type OrderId = Int(1..)

enum Status { placed, paid, shipped, .. }

type Line { product_id: Int, quantity: Int(1..) }
type Order { id: OrderId, user_id: UserId, lines: [Line](1..=100), total: Decimal, status: Status, placed_at: Time }
type NewOrder { lines: [Line](..=100), note: String(..=500)? }
type Level { available: Int, restocked_at: Time? }
type User { id: UserId, name: String, email: String }

service Users at "http://localhost:9002" {
    GET "/users/{id}" user(id: UserId) -> User
}

service Stock at "http://localhost:9003" {
    GET "/levels/{product}" level(product: Int) -> Level { timeout 50ms }
}

service Orders at "http://localhost:9004" {
    GET "/orders/{id}" order(id: OrderId) -> Order? { absent [404], timeout 300ms }
    GET "/orders" by_user(user: UserId, query "page[size]" size: Int = 20) -> [Order]
    POST "/orders" create(body: NewOrder, header "Idempotency-Key" key: Uuid) -> Order { relay [409, 422] }
}

group "/v1" {
    public

    endpoint GET "/orders/{id}" order_page(id: OrderId, user: UserId) {
        let order = Orders.order(id) else 404 "no such order"
        check order.user_id == user else 404 "no such order"

        respond {
            ...order { id, total, placed_at },
            buyer: Users.user(order.user_id)? { name },
            lines: order.lines {
                quantity,
                stock: Stock.level(.product_id)? at most 4 at once,
            },
            open: order.status in [Status.placed, Status.paid],
        }
    }

    endpoint POST "/orders" create_order(body: NewOrder, header "Idempotency-Key" key: Uuid) {
        let order = Orders.create(body, key)
        respond 201 order { id, status } with header "Location" = "/v1/orders/{order.id}"
    }

    endpoint GET "/users/{user}/orders" orders(user: UserId) {
        respond Orders.by_user(user)[..10] { id, total }
    }
}
"#;

#[test]
fn one_order_in_the_core_language() {
    let (endpoints, _) = right(ORDERS);
    let page = &endpoints[0];
    let [Statement::Require { value, item, refusal, .. }, Statement::Check { condition, .. }] = &page.statements[..]
    else {
        panic!("{:?}", page.statements)
    };
    assert_eq!(shown(value, page), "call2(id)");
    assert_eq!((page.local_names[item.0].as_str(), refusal.status), ("order", 404));
    assert_eq!(shown(condition, page), "(order.user_id Equal user)");
    assert_eq!(
        shown(answer(page), page),
        "{ id: order.id, total: order.total, placed_at: order.placed_at, \
         buyer: present user_2 = call0(order.user_id)?: { name: user_2.name }, \
         lines: map line in order.lines: { quantity: line.quantity, stock: call1(line.product_id)? } at most 4, \
         open: (order.status in [variant 2 0, variant 2 1]) }"
    );
}

#[test]
fn the_proof_of_one_order() {
    let (endpoints, _) = right(ORDERS);
    let proof = &endpoints[0].proof;
    // One order, its buyer, and a level for each of 100 lines; the buyer beside four levels.
    assert_eq!((proof.calls, proof.calls_at_once), (102, 5));
    assert_eq!(proof.time, None);
}

#[test]
fn the_time_of_a_fan_out_is_told_in_rounds() {
    let text = ORDERS.replace("timeout 2s", "timeout 1s");
    assert_eq!(errors(&text), [(Code::GW0604, "timeout 1s".to_owned())]);
    let (endpoints, _) = right(&ORDERS.replace("at most 4", "at most 50"));
    assert_eq!(endpoints[0].proof.calls_at_once, 51);
}

#[test]
fn a_created_order() {
    let (endpoints, _) = right(ORDERS);
    let page = &endpoints[1];
    let Outcome::Respond { status: 201, body: Some(body), with } = &page.outcome else { panic!("{:?}", page.outcome) };
    assert_eq!(shown(body, page), "{ id: order.id, status: order.status }");
    assert_eq!(shown(&with[0].value, page), "\"/v1/orders/{order.id}\"");
    assert_eq!((with[0].name.as_str(), with[0].cookie), ("location", false));
    let list = &endpoints[2];
    assert_eq!(shown(answer(list), list), "map order in call3(user, 20)[..10]: { id: order.id, total: order.total }");
}
