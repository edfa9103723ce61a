//! One rule after the other, on small bodies.

use super::*;

/// Something of every kind.
const SHOP: &str = r#"
type UserId = Int(1..)
type OrderId = Int(1..)
enum Status { placed, paid, "in-transit" moving }
type Address { street: String, "post-code" post_code: String }
type User { id: UserId, name: String, nick: String?, age: Int?, address: Address, tags: [String], scores: {String: Int}, extra: Json, since: Time }
type Item { sku: String, count: Int, price: Decimal, weight: Float, parts: [Item] }
type Order { id: OrderId, owner: UserId, status: Status, items: [Item](1..=5), note: String?, gifts: [Item]?, spare: [Item?] }
type NewOrder { owner: UserId, items: [NewItem](1..=5), note: String?, urgent: Bool = false }
type NewItem { sku: String, count: Int(1..), price: Decimal }

service Users at "http://users:80" {
    GET "/users/{id}" user(id: UserId) -> User
    GET "/users" all(page: Int = 1, size: Int(1..=50)?, query "s" status: Status?) -> [User]
    GET "/raw/{id}" raw(id: Int) -> Json
    POST "/log" log(body: Json)
}

service Orders at "http://orders:80" {
    GET "/orders/{id}" order(id: OrderId) -> Order
    GET "/find/{id}" find(id: OrderId) -> Order? { absent [404] }
    POST "/orders" create(body: NewOrder) -> Order
    GET "/items" items(skus: [String](1..=20)) -> [Item]
}
"#;

const HEAD: &str = r#"POST "/t/{id}" t(id: UserId, order_id: OrderId, n: Int, m: Int?, s: String, f: Float, d: Decimal, u: Uuid, b: Bool, at: Time)"#;

/// Codes and places of the errors of a body.
#[track_caller]
fn fails(body: &str, wanted: &[(Code, &str)]) {
    let found = errors(&program(SHOP, HEAD, body));
    let wanted: Vec<(Code, String)> = wanted.iter().map(|(code, text)| (*code, (*text).to_owned())).collect();
    assert_eq!(found, wanted, "{body}");
}

#[track_caller]
fn gives(value: &str, wanted: &str) {
    assert_eq!(answer_of(SHOP, HEAD, &format!("respond {value}")), wanted, "{value}");
}

#[test]
fn selections() {
    gives(
        "{ u: Users.user(id) { name, address { street } } }",
        "{ u: bind user = call0(id) in { name: user.name, address: bind address = user.address in { street: address.street } } }",
    );
    gives("Users.user(id).address.street", "call0(id).address.street");
    gives("Users.all() { id }.id", "map all_item in map user in call1(1, null, null): { id: user.id }: all_item.id");
    gives(
        "Orders.find(order_id) { items { sku } }",
        "present find = call5(order_id): { items: map item in find.items: { sku: item.sku } }",
    );
    gives(
        "Orders.order(order_id).spare { sku }",
        "map spare_item in call4(order_id).spare: present spare_item_2 = spare_item: { sku: spare_item_2.sku }",
    );
    gives(
        "Orders.order(order_id).gifts[..2] { sku }",
        "present gifts = present gifts = call4(order_id).gifts: gifts[..2]: map gift in gifts: { sku: gift.sku }",
    );
    gives(
        "Users.user(id).extra { a, b: .c.d }",
        "bind extra = call0(id).extra in { a: extra.a, b: present c = extra.c: c.d }",
    );
    gives("Users.user(id).extra[\"x-y\"]", "call0(id).extra.x-y");
    gives("Users.user(id).scores[s]", "call0(id).scores[s]");
    gives("Users.user(id).tags[0]", "call0(id).tags[0]");
    gives("Users.user(id) { text: \"{.name} {s}\" }", "bind user = call0(id) in { text: \"{user.name} {s}\" }");
}

#[test]
fn spreads_and_omits() {
    gives(
        "Users.user(id).address { ... }",
        "bind address = call0(id).address in { street: address.street, post-code: address.post_code }",
    );
    gives(
        "Users.user(id).address { zip: .post_code, ... }",
        "bind address = call0(id).address in { zip: address.post_code, street: address.street }",
    );
    gives(
        "{ n, ...Users.user(id).address }",
        "bind address = call0(id).address in { n: n, street: address.street, post-code: address.post_code }",
    );
    gives("{ n, ...Users.user(id) { name } }", "bind user = call0(id) in { n: n, name: user.name }");
    gives(
        "{ ...Orders.find(order_id) { id, note } }",
        "bind find = present find = call5(order_id): { id: find.id, note: find.note } in { id: present find_2 = find: find_2.id, note: present find_2 = find: find_2.note }",
    );
    gives(
        "Users.user(id).address omit { post_code }",
        "bind address = call0(id).address in { street: address.street }",
    );
    gives(
        "Users.user(id) { id, address } omit { address.street }",
        "bind user = bind user = call0(id) in { id: user.id, address: user.address } in { id: user.id, address: bind address = user.address in { post-code: address.post_code } }",
    );
    gives(
        "Users.all()[..2] omit { name, nick, age, address, tags, scores, extra, since }",
        "map user in call1(1, null, null)[..2]: { id: user.id }",
    );
    fails("respond { n, ...Users.user(id), name: s }", &[(Code::GW0508, "name")]);
    fails("respond { id: n, name: s, ...Users.user(id) }", &[(Code::GW0508, "...Users.user(id)")]);
    fails("respond { n, n }", &[(Code::GW0508, "n")]);
    fails("respond { ...n }", &[(Code::GW0339, "...n")]);
    fails("respond { ...Users.all() }", &[(Code::GW0339, "...Users.all()")]);
    fails("respond Users.user(id).address omit { zip }", &[(Code::GW0251, "zip")]);
    fails("respond Users.user(id).address omit { street, street }", &[(Code::GW0508, "street")]);
    fails("respond Users.raw(n) omit { a }", &[(Code::GW0331, "Users.raw(n)")]);
}

#[test]
fn names() {
    fails("respond { x: idd }", &[(Code::GW0250, "idd")]);
    fails("respond { x: zzzzzz }", &[(Code::GW0250, "zzzzzz")]);
    fails("respond Users.user(id) { n }", &[(Code::GW0252, "n")]);
    fails("respond Users.user(id) { n: .n }", &[(Code::GW0252, ".n")]);
    fails("respond Users.user(id) { x: name }", &[(Code::GW0252, "name")]);
    fails("respond Users.user(id) { x: \"{name}\" }", &[(Code::GW0252, "name")]);
    fails("respond Users.user(id) { zzz }", &[(Code::GW0251, "zzz")]);
    fails("respond Users.user(id).adress.street", &[(Code::GW0251, "adress")]);
    fails("let n = 1 respond { n }", &[(Code::GW0253, "n")]);
    fails("let n = s respond { n: n { x } }", &[(Code::GW0253, "n")]);
    fails("let x = y let y = 1 respond { x, y }", &[(Code::GW0258, "y")]);
    fails("respond { x: Status.gone }", &[(Code::GW0255, "gone")]);
    fails("respond { x: Stats.paid }", &[(Code::GW0254, "Stats")]);
    fails("respond { x: Status }", &[(Code::GW0259, "Status")]);
    fails("respond { x: Users }", &[(Code::GW0259, "Users")]);
    fails("respond { x: Users.user }", &[(Code::GW0259, "Users.user")]);
    fails("respond { x: .name }", &[(Code::GW0257, ".name")]);
    fails("respond { x: user(id) }", &[(Code::GW0256, "user")]);
    fails("respond { x: env(s) }", &[(Code::GW0256, "env")]);
    fails("respond { x: s.frobnicate() }", &[(Code::GW0256, "frobnicate")]);
    // Each once, and nothing that follows from it.
    fails("let x = idd respond { a: x.b, c: x + 1, d: x { e }, f: \"{x}\" }", &[(Code::GW0250, "idd")]);
}

#[test]
fn what_is_not_built_yet() {
    for (value, place) in [("now()", "now()"), ("client.ip", "client")] {
        fails(&format!("respond {{ x: {value} }}"), &[(Code::GW0901, place)]);
    }
    fails("respond { x: [...Users.all()] }", &[(Code::GW0364, "[...Users.all()]")]);
    fails("respond { x: match s { a => 1, else => 2 } }", &[(Code::GW0901, "match s { a => 1, else => 2 }")]);
}

#[test]
fn calls() {
    gives("Users.all(size: 5)", "call1(1, 5, null)");
    gives("Users.all(2, m, Status.paid)", "call1(2, m, variant 2 1)");
    gives("Users.user(7)", "call0(7)");
    fails("respond Users.user()", &[(Code::GW0505, "user()")]);
    fails("respond Users.user(id, n)", &[(Code::GW0505, "n")]);
    fails("respond Users.user(id, id: id)", &[(Code::GW0505, "id")]);
    fails("respond Users.all(page: 1, n)", &[(Code::GW0505, "n")]);
    fails("respond Users.all(pgae: 1)", &[(Code::GW0260, "pgae")]);
    fails("respond Users.user(0)", &[(Code::GW0333, "0")]);
    fails("respond Users.user(\"7\")", &[(Code::GW0330, "\"7\"")]);
    fails("respond Users.user(n)", &[(Code::GW0330, "n")]);
    fails("respond Users.user(order_id)", &[(Code::GW0330, "order_id")]);
    fails("respond Users.raw(m)", &[(Code::GW0501, "m")]);
    fails("respond Users.usr(id)", &[(Code::GW0254, "usr")]);
    fails("respond User.user(id)", &[(Code::GW0259, "User")]);
    fails("respond Userz.user(id)", &[(Code::GW0254, "Userz")]);
    fails("respond { x: Users.log(s) }", &[(Code::GW0506, "Users.log(s)")]);
    fails("respond Users.user(id) { name }.name?", &[(Code::GW0503, "?")]);
    fails("respond Orders.items([])", &[(Code::GW0507, "[]")]);
    fails("respond Orders.items(Users.user(id).tags)", &[(Code::GW0605, "Users.user(id).tags")]);
    fails("respond Orders.items(Users.user(id).tags[..20])", &[(Code::GW0507, "Users.user(id).tags[..20]")]);
    gives("Orders.items(Orders.order(order_id).items.sku)", "call7(map item in call4(order_id).items: item.sku)");
    gives("Orders.items([s, \"b\"])", "call7([s, \"b\"])");
    gives("Users.raw(id)", "call2(id)");
}

#[test]
fn bodies_that_are_sent() {
    gives(
        "Orders.create({ owner: id, items: [{ sku: s, count: 2, price: 1 }] })",
        "call6({ owner: id, items: [{ sku: s, count: 2, price: 1 }] })",
    );
    gives(
        "Orders.create({ owner: id, note: null, items: Orders.order(order_id).items { sku, count: 1, price } })",
        "call6({ owner: id, note: null, items: map item in call4(order_id).items: { sku: item.sku, count: 1, price: item.price } })",
    );
    fails("respond Orders.create({ owner: id })", &[(Code::GW0342, "{ owner: id }")]);
    fails("respond Orders.create({ owner: id, items: [{ sku: s, count: 0, price: 1 }] })", &[(Code::GW0333, "0")]);
    fails("respond Orders.create({ owner: id, items: [], x: 1 })", &[(Code::GW0507, "[]")]);
    fails("respond Orders.create({ owner: n, items: [{ sku: s, count: 1, price: 1 }] })", &[(Code::GW0330, "n")]);
    let body = "let _ = Users.log({ a: n, b: [s], c: null }) respond 204";
    right(&program(SHOP, HEAD, body));
}

#[test]
fn null() {
    gives(
        "{ a: m or 0, b: Users.user(id)?.name or \"x\", c: m == null }",
        "{ a: (m or 0), b: (present user = call0(id)?: user.name or \"x\"), c: (m Equal null) }",
    );
    gives("{ a: if b then null else n }", "{ a: if b then null else n }");
    gives("{ a: null != m }", "{ a: (m NotEqual null) }");
    fails("respond { a: m + 1 }", &[(Code::GW0501, "m")]);
    fails("respond { a: m < 1 }", &[(Code::GW0501, "m")]);
    fails("respond { a: m == 1 }", &[(Code::GW0501, "m")]);
    fails("respond { a: m in [1] }", &[(Code::GW0501, "m")]);
    fails("respond { a: \"{m}\" }", &[(Code::GW0501, "m")]);
    fails("respond { a: n or 0 }", &[(Code::GW0502, "n")]);
    fails("respond { a: n == null }", &[(Code::GW0502, "n")]);
    fails("respond { a: null or 1 }", &[(Code::GW0502, "null")]);
    fails("let x = n else 404 respond { x }", &[(Code::GW0502, "n")]);
    fails("check m else 404 respond { m }", &[(Code::GW0335, "m")]);
    fails("check Users.user(id).nick == \"a\" else 404 respond 204", &[(Code::GW0501, "Users.user(id).nick")]);
    fails("respond { x: m or null }", &[(Code::GW0502, "null")]);
    fails("respond { x: m or s }", &[(Code::GW0336, "s")]);
}

#[test]
fn narrowing() {
    let body = "check m != null else 404 respond { a: m + 1 }";
    gives_with(body, "{ a: (m_found Add 1) }");
    let body = "let o = Orders.find(order_id) else 404 check o.note != null && o.note != \"\" else 409 respond { n: o.note + \"!\" }";
    gives_with(body, "{ n: (note Add \"!\") }");
    let body =
        "let user = Users.user(id)? check user.nick != null else 404 respond { a: user.nick + \"\", b: user.name }";
    gives_with(body, "{ a: (nick Add \"\"), b: present user_2 = user: user_2.name }");
}

#[track_caller]
fn gives_with(body: &str, wanted: &str) {
    assert_eq!(answer_of(SHOP, HEAD, body), wanted, "{body}");
}

#[test]
fn operators() {
    gives(
        "{ a: n + 1, b: d + n, c: f * 2, d: n / 2, e: -n, f: d - 1.5, g: s + \"x\" }",
        "{ a: (n Add 1), b: (d Add n), c: (f Multiply 2), d: (n Divide 2), e: -n, f: (d Subtract 1.5), g: (s Add \"x\") }",
    );
    gives(
        "{ a: n == 1 && !(f < 2.5) || b, b: id == 3, c: u == \"123e4567-e89b-12d3-a456-426614174000\" }",
        "{ a: (((n Equal 1) && !(f Less 2.5)) || b), b: (id Equal 3), c: (u Equal \"123e4567-e89b-12d3-a456-426614174000\") }",
    );
    gives(
        "{ a: n < d, b: at < \"2026-01-01T00:00:00Z\" }",
        "{ a: ((n Add 0) Less d), b: (at Less \"2026-01-01T00:00:00Z\") }",
    );
    gives(
        "{ a: n in [1, 2], b: s in Users.user(id).tags, c: n in [] }",
        "{ a: (n in [1, 2]), b: (s in call0(id).tags), c: false }",
    );
    gives(
        "{ a: Orders.order(order_id).status in [Status.paid, Status.moving] }",
        "{ a: (call4(order_id).status in [variant 2 1, variant 2 2]) }",
    );
    gives("{ a: 1 + 2 * 3, b: -5, c: \"a\" + \"b\" }", "{ a: 7, b: -5, c: \"ab\" }");
    fails("respond { a: d * f }", &[(Code::GW0332, "f")]);
    fails("respond { a: n * f }", &[(Code::GW0332, "f")]);
    fails("respond { a: s - 1 }", &[(Code::GW0332, "s")]);
    fails("respond { a: s + n }", &[(Code::GW0332, "n")]);
    fails("respond { a: id + order_id }", &[(Code::GW0332, "order_id")]);
    fails("respond { a: s < \"b\" }", &[(Code::GW0332, "s")]);
    fails("respond { a: n == s }", &[(Code::GW0337, "s")]);
    fails("respond { a: id == order_id }", &[(Code::GW0337, "order_id")]);
    fails("respond { a: Users.raw(n) == 1 }", &[(Code::GW0337, "Users.raw(n)")]);
    fails("respond { a: Users.user(id) == 1 }", &[(Code::GW0337, "Users.user(id)")]);
    fails("respond { a: n in s }", &[(Code::GW0337, "s")]);
    fails("respond { a: u == \"x\" }", &[(Code::GW0337, "\"x\"")]);
    fails("respond { a: Orders.order(order_id).status == \"paid\" }", &[(Code::GW0337, "\"paid\"")]);
    fails("respond { a: 9223372036854775807 + 1 }", &[(Code::GW0334, "9223372036854775807 + 1")]);
    fails("respond { a: 99999999999999999999 }", &[(Code::GW0334, "99999999999999999999")]);
    fails("respond { a: n % 0 }", &[(Code::GW0334, "0")]);
    fails("respond { a: d / 0.0 }", &[(Code::GW0334, "0.0")]);
    fails("respond { a: n && b }", &[(Code::GW0335, "n")]);
    fails("respond { a: !n }", &[(Code::GW0335, "n")]);
    fails("respond { a: if n then 1 else 2 }", &[(Code::GW0335, "n")]);
    fails("respond { a: if b then 1 else s }", &[(Code::GW0336, "s")]);
    fails("respond { a: if b then { x: 1 } else { y: 1 } }", &[(Code::GW0336, "{ y: 1 }")]);
    fails("respond { a: [1, s] }", &[(Code::GW0336, "s")]);
    fails("respond { a: \"{Users}\" }", &[(Code::GW0259, "Users")]);
}

#[test]
fn joins() {
    gives(
        "{ a: if b then 1 else d, b: if b then 1 else 1.5, c: [1, 2.5], d: if b then n else id }",
        "{ a: if b then 1 else d, b: if b then 1 else 1.5, c: [1, 2.5], d: if b then n else id }",
    );
    gives(
        "{ a: Users.user(id)? { name } or { name: \"x\" } }",
        "{ a: (present user = call0(id)?: { name: user.name } or { name: \"x\" }) }",
    );
    gives(
        "{ a: (Users.user(id)?.address or { street: s, \"post-code\": s }).street }",
        "{ a: (present user = call0(id)?: user.address or { street: s, post-code: s }).street }",
    );
}

#[test]
fn places_in_lists() {
    fails("respond { a: n[0] }", &[(Code::GW0340, "n")]);
    fails("respond { a: Users.all()[s] }", &[(Code::GW0340, "s")]);
    fails("respond { a: Users.all()[m] }", &[(Code::GW0501, "m")]);
    fails("respond { a: Users.user(id).scores[1] }", &[(Code::GW0340, "1")]);
    fails("respond { a: Users.raw(n)[0] }", &[(Code::GW0340, "0")]);
    fails("respond { a: Users.all()[-1] }", &[(Code::GW0341, "-1")]);
    fails("respond { a: Users.all()[5..2] }", &[(Code::GW0341, "5..2")]);
    fails("respond { a: Users.all()[..0] }", &[(Code::GW0341, "0")]);
    fails("respond { a: s[..2] }", &[(Code::GW0340, "s")]);
    fails("respond { a: Users.user(id).scores.x }", &[(Code::GW0331, "x")]);
    fails("respond { a: s.x }", &[(Code::GW0331, "x")]);
    fails("respond { a: Users.user(id).scores { x } }", &[(Code::GW0331, "Users.user(id).scores")]);
    gives(
        "{ a: Users.all()[..=4], b: Users.all()[n..], c: Users.all()[1..n] }",
        "{ a: call1(1, null, null)[..5], b: call1(1, null, null)[n..], c: call1(1, null, null)[1..n] }",
    );
}

#[test]
fn guards_and_answers() {
    fails("check b else 200 respond 204", &[(Code::GW0509, "200")]);
    fails("reject 302", &[(Code::GW0509, "302")]);
    fails("respond 404 { a: 1 }", &[(Code::GW0510, "404")]);
    fails("respond 204 { a: 1 }", &[(Code::GW0510, "{ a: 1 }")]);
    fails("redirect 300 \"/a\"", &[(Code::GW0511, "300")]);
    fails("redirect 302 \"{s}\"", &[(Code::GW0512, "\"{s}\"")]);
    fails("redirect 302 \"/{s}\"", &[(Code::GW0512, "\"/{s}\"")]);
    fails("redirect 302 \"https://a.com{s}\"", &[(Code::GW0512, "\"https://a.com{s}\"")]);
    fails("redirect 302 \"//a.com\"", &[(Code::GW0512, "\"//a.com\"")]);
    right(&program(SHOP, HEAD, "redirect 302 \"/{n}\""));
    right(&program(SHOP, HEAD, "redirect 302 \"https://a.com/{s}\""));
    right(&program(SHOP, HEAD, "if b then redirect 302 \"/a\" else reject 404 \"why\""));
    right(&program(
        SHOP,
        HEAD,
        "if b then respond 201 { n } with header \"X-A\" = m, cookie \"c\" = s else respond 202",
    ));
    fails("respond 204 with header \"X A\" = 1", &[(Code::GW0513, "\"X A\"")]);
    fails("respond 204 with header \"Transfer-Encoding\" = s", &[(Code::GW0513, "\"Transfer-Encoding\"")]);
    fails("respond 204 with header \"X-Request-Id\" = s", &[(Code::GW0513, "\"X-Request-Id\"")]);
    fails("respond 204 with header \"Set-Cookie\" = s", &[(Code::GW0513, "\"Set-Cookie\"")]);
    fails("respond 204 with header \"X-A\" = s, header \"x-a\" = s", &[(Code::GW0513, "\"x-a\"")]);
    fails("redirect 302 \"/a\" with header \"Location\" = s", &[(Code::GW0513, "\"Location\"")]);
    fails("respond 204 with header \"X-A\" = Users.all()", &[(Code::GW0514, "Users.all()")]);
    fails("if n then respond 204 else respond 204", &[(Code::GW0335, "n")]);
}

#[test]
fn types_that_are_written() {
    right(&program(SHOP, HEAD, "let x: Int = n let y: Decimal = 1 let z: [Int] = [] respond { x, y, z }"));
    fails("let x: Int = s respond { x }", &[(Code::GW0330, "s")]);
    fails("let x: Strin = s respond { x }", &[(Code::GW0204, "Strin")]);
    let head = HEAD.replace("at: Time)", "at: Time) -> Address");
    assert_eq!(errors(&program(SHOP, &head, "respond { street: s, \"post-code\": s }")), []);
    assert_eq!(errors(&program(SHOP, &head, "respond { street: s }")), [(Code::GW0342, "{ street: s }".to_owned())]);
    assert_eq!(errors(&program(SHOP, &head, "respond Users.user(id)?.address")).len(), 1);
    assert_eq!(
        errors(&program(SHOP, &head, "respond { street: n, \"post-code\": s }")),
        [(Code::GW0330, "n".to_owned())]
    );
}

#[test]
fn fan_outs() {
    fails("respond Users.all() { o: Orders.items([.name]) }", &[(Code::GW0601, "Orders.items([.name])")]);
    fails("respond Users.all() { id, o: Users.raw(n) at most 0 at once }", &[(Code::GW0602, "0")]);
    fails("respond { o: Users.raw(n) at most 2 at once }", &[(Code::GW0602, "o: Users.raw(n) at most 2 at once")]);
    fails("respond Users.all()[..2000] { o: Orders.items([.name]) }", &[(Code::GW0603, "Orders.items([.name])")]);
    // The same safe call for every element is one call.
    let (endpoints, _) = right(&program(SHOP, HEAD, "respond Users.all() { id, o: Users.raw(n) }"));
    assert_eq!(endpoints[0].proof.calls, 2);
    let (endpoints, _) = right(&program(SHOP, HEAD, "respond { a: Users.raw(n), b: Users.raw(n), c: Users.raw(1) }"));
    assert_eq!((endpoints[0].proof.calls, endpoints[0].proof.calls_at_once), (2, 2));
    gives_with(
        "respond Users.all() { id, o: Users.raw(n) }",
        "bind raw = call2(n) in map user in call1(1, null, null): { id: user.id, o: raw }",
    );
    // One behind a condition is not.
    fails("respond Users.all() { o: if b then Users.raw(n) else 0 }", &[(Code::GW0601, "Users.raw(n)")]);
    // Lists in lists multiply.
    let body = "respond Users.all()[..10] { o: Orders.items([.name])[..3] { r: Users.raw(.count) } at most 2 at once }";
    let (endpoints, _) = right(&program(SHOP, HEAD, body));
    assert_eq!((endpoints[0].proof.calls, endpoints[0].proof.calls_at_once), (1 + 10 + 30, 16));
    gives_with(
        body,
        "map user in call1(1, null, null)[..10]: { o: map item in call7([user.name])[..3]: { r: call2(item.count) } at most 2 } at most 8",
    );
    // A bound may come from a parameter's type.
    let head = HEAD.replace("n: Int,", "n: Int(0..=9),");
    assert_eq!(errors(&program(SHOP, &head, "respond Users.all()[..n] { o: Orders.items([.name]) }")), []);
}

#[test]
fn times_add_up_along_the_data_flow() {
    let shop = SHOP
        .replace("http://users:80\" {", "http://users:80\" {\n timeout 400ms")
        .replace("http://orders:80\" {", "http://orders:80\" {\n timeout 300ms");
    let proof = |body: &str| right(&program(&shop, HEAD, body)).0[0].proof.clone();
    assert_eq!(proof("respond { a: Users.user(id), b: Orders.order(order_id) }").time, Some(400));
    assert_eq!(proof("respond Users.user(Orders.order(order_id).owner)").time, Some(700));
    // Safe calls run ahead of guards; unsafe ones wait for them.
    assert_eq!(
        proof("check Orders.order(order_id).status == Status.paid else 404 respond Users.user(id)").time,
        Some(400)
    );
    assert_eq!(
        proof("check Orders.order(order_id).status == Status.paid else 404 let _ = Users.log(s) respond 204").time,
        Some(700)
    );
    // A branch starts when its condition is known, and the longer one counts.
    assert_eq!(
        proof("respond { a: if Orders.order(order_id).note == null then Users.raw(1) else Users.raw(2) }").time,
        Some(700)
    );
    assert_eq!(proof("respond { a: Orders.find(order_id).note or Users.user(id).name }").time, Some(700));
    assert_eq!(proof("respond { n }").time, Some(0));
    // Two rounds of two.
    assert_eq!(proof("respond Users.all()[..4] { r: Users.raw(.id) at most 2 at once }").time, Some(1200));
    let (endpoints, warnings) = right(&program(&shop, HEAD, "let x = Users.raw(n) respond 204"));
    assert_eq!(endpoints[0].proof.time, Some(400));
    assert!(warnings.iter().any(|it| it.code == Code::GW0515));
}
