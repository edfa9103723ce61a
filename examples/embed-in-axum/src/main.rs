//! Serves the application on `127.0.0.1:8080`; `USERS_URL`, `CATALOG_URL` and `STOCK_URL` say where its services are.

use std::error::Error;

use embed_in_axum::{Customers, Shop, app};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let customers = Customers::builder().from_env()?.build()?;
    let shop = Shop::builder().from_env()?.build()?;

    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    axum::serve(listener, app(customers, &shop)).await?;
    Ok(())
}
