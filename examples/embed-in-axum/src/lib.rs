//! An axum application with two gateways in it, beside routes that are written by hand.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

gatewright::gateway! {
    // Who our customers are. The text is the same as in a `.gw` file; what is wrong with it is underlined here.

    gateway Customers {
        timeout 1s
    }

    type UserId = Int(1..)
    type User { id: UserId, name: String, email: String }
    type Order { id: Int, total: Decimal, shipped: Bool }

    service Users at env("USERS_URL", "http://localhost:9013") {
        /// One user.
        GET "/users/{id}" user(id: UserId) -> User
        GET "/orders" orders(user: UserId) -> [Order]
    }

    /// A customer, with the last orders; `orders` is null where they can't be had.
    endpoint GET "/customers/{id}" customer(id: UserId) {
        public

        respond {
            customer: Users.user(id) { id, name },
            orders: Users.orders(id)?[..3] { id, total },
        }
    }
}

gatewright::gateway!("shop.gw");

pub use customers::Customers;
pub use shop::Shop;

/// Every route of the application: its own, the customers' beside them, the shop's under `/shop`.
pub fn app(customers: Customers, shop: &Shop) -> Router {
    let gateways = customers.router();
    Router::new()
        .route("/", get(|| async { "a shop\n" }))
        .route("/greeting/{id}", get(greeting))
        .with_state(Arc::new(customers))
        .merge(gateways)
        .nest("/shop", shop.router())
}

/// A route of our own that calls one of the gateway's services: it has the same client, with its types.
async fn greeting(State(customers): State<Arc<Customers>>, Path(id): Path<i64>) -> Result<String, gatewright::Error> {
    let user = customers.services().users.user(id).await?;
    Ok(format!("Hello, {}!\n", user.name))
}
