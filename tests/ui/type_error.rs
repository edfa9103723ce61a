//! rustc's own errors name the text of the gateway.

gatewright::gateway! {
    gateway Shop {}

    type User { id: Int, name: String }

    service Users at "http://localhost:9002" {
        GET "/users/{id}" user(id: Int) -> User
    }

    endpoint GET "/users/{id}" user(id: Int) {
        public
        respond Users.user(id) { id, name }
    }
}

async fn name(shop: &shop::Shop) -> Result<String, gatewright::Error> {
    let user = shop.services().users.user("seven").await?;
    Ok(user.nane)
}

fn main() {
    let _ = (shop::Shop::builder().build(), name);
}
