//! All errors are told at once, each on its own token.

gatewright::gateway! {
    gateway Shop { tiemout 2s }

    type User { id: Int name: String }

    service Users at "http://localhost:9002" {
        GET "/users/{id}" user(id: UserId) -> User
    }

    endpoint GET "/users/{id}" user(id: Int) {
        public
        respond { user: Users.user(id) { name }, greeting: "Hello, {nobody.name}" }
    }
}

fn main() {}
