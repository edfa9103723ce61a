//! A misspelt field is underlined, and nothing that uses the gateway is an error of its own.

gatewright::gateway! {
    gateway Shop {}

    type User { id: Int, name: String }

    service Users at "http://localhost:9002" {
        GET "/users/{id}" user(id: Int) -> User
    }

    endpoint GET "/users/{id}" user(id: Int) {
        public
        respond Users.user(id) { id, nane }
    }
}

async fn name(shop: &shop::Shop) -> Result<String, gatewright::Error> {
    let user: shop::types::User = shop.services().users.user(7).await?;
    Ok(user.name)
}

fn main() {
    let shop = shop::Shop::builder().users_url("http://localhost:9003").build();
    drop(shop.map(|shop| (shop.router(), name(&shop))));
}
