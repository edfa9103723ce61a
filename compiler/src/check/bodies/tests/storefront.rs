//! The front page of the shop: four calls, one answer.

use super::*;
use crate::model::Bounds;

const STOREFRONT: &str = r#"
gateway Storefront {
    listen "0.0.0.0:8080"
    timeout 2s
}

type UserId = Int(1..)

type Product { id: Int, name: String, price: Decimal, stock: Int }
type Promo { title: String, image: Url, ends_at: Time }
type Profile { avatar: Url?, segment: String }
type User { id: UserId, name: String, profile: Profile }
type Line { product_id: Int, quantity: Int }
type Cart { lines: [Line], total: Decimal }

service Store at env("STORE_URL", "http://localhost:9001") {
    timeout 500ms

    GET "/products" products() -> [Product]
    GET "/marketing-promos" promos() -> [Promo]
}

service Users at env("USERS_URL", "http://localhost:9002") {
    GET "/users/{id}" user(id: UserId) -> User
    GET "/shopping-cart/{id}" cart(id: UserId) -> Cart
}

/// Everything the front page needs, in one call.
endpoint GET "/frontpage/{id_user}" frontpage(id_user: UserId) {
    public

    respond {
        products: Store.products() { id, name, price },
        promos: Store.promos()[..3] { title, image },
        user: Users.user(id_user) { name, avatar: .profile.avatar },
        cart: Users.cart(id_user)? { lines { product_id, quantity }, total },
    }
}
"#;

#[test]
fn the_front_page_in_the_core_language() {
    let (endpoints, warnings) = right(STOREFRONT);
    assert_eq!(warnings, []);
    let page = &endpoints[0];
    assert_eq!(
        shown(answer(page), page),
        "{ products: map product in call0(): { id: product.id, name: product.name, price: product.price }, \
         promos: map promo in call1()[..3]: { title: promo.title, image: promo.image }, \
         user: bind user = call2(id_user) in { name: user.name, avatar: user.profile.avatar }, \
         cart: present cart = call3(id_user)?: { lines: map line in cart.lines: \
         { product_id: line.product_id, quantity: line.quantity }, total: cart.total } }"
    );
}

#[test]
fn the_types_of_the_front_page() {
    let (endpoints, _) = right(STOREFRONT);
    let Ty::Built(fields) = &answer(&endpoints[0]).ty else { panic!("an object") };
    let keys: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["products", "promos", "user", "cart"]);
    assert!(
        matches!(&fields[0].ty, Ty::List(element, Bounds { min: 0, max: None }) if matches!(**element, Ty::Built(_)))
    );
    assert!(matches!(&fields[1].ty, Ty::List(_, Bounds { min: 0, max: Some(3) })));
    assert!(matches!(&fields[2].ty, Ty::Built(_)));
    assert!(matches!(&fields[3].ty, Ty::Optional(inner) if matches!(**inner, Ty::Built(_))));
}

#[test]
fn the_proof_of_the_front_page() {
    let (endpoints, _) = right(STOREFRONT);
    let proof = &endpoints[0].proof;
    assert_eq!((proof.time, proof.calls, proof.calls_at_once), (None, 4, 4));
    assert!(proof.buffered > 0);
}
