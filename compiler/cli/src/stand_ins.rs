//! Stand-ins for services that are not there yet: files that answer requests, on a free loopback port.

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

use crate::failure::{Failure, Outcome};
use crate::settings;

/// One request that a file answers.
#[derive(Debug)]
struct Route {
    method: Method,
    path: String,
    file: PathBuf,
}

/// Serves the stand-ins of one variable until the program ends; gives the address to put into the variable.
pub(crate) async fn serve(base: &Path, answers: &BTreeMap<String, String>) -> Outcome<String> {
    let answered = answers.iter().map(|(request, file)| route(base, request, file)).collect::<Outcome<Vec<_>>>()?;
    let told = |why: std::io::Error| Failure::new(format!("can't serve the stand-ins: {why}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(told)?;
    let address = listener.local_addr().map_err(told)?;
    let router = Router::new().fallback(answer).with_state(Arc::new(answered));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}"))
}

/// Reads `GET /quote` and finds its file.
fn route(base: &Path, request: &str, file: &str) -> Outcome<Route> {
    let file = base.join(file);
    let words = request.split_once(' ').filter(|(_, path)| path.starts_with('/'));
    let (method, path) = words.ok_or_else(|| {
        Failure::new(format!("{}: `{request}` is no request; write it as \"GET /path\"", settings::FILE))
    })?;
    let method = method.parse().map_err(|_| Failure::new(format!("{}: `{method}` is no method", settings::FILE)))?;
    if !file.is_file() {
        return Err(Failure::new(format!("{}: there is no file `{}`", settings::FILE, file.display())));
    }
    Ok(Route { method, path: path.to_owned(), file })
}

async fn answer(State(routes): State<Arc<Vec<Route>>>, method: Method, uri: Uri) -> Response {
    let found = routes.iter().find(|route| route.method == method && matches(&route.path, uri.path()));
    let Some(route) = found else {
        return (StatusCode::NOT_FOUND, format!("no stand-in answers {method} {}\n", uri.path())).into_response();
    };
    // Read anew each time: edit the file, ask again.
    match fs::read(&route.file) {
        Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(why) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{}: {why}\n", route.file.display())).into_response(),
    }
}

/// Whether a path fits a pattern, in which `{name}` stands for any one segment.
fn matches(pattern: &str, path: &str) -> bool {
    let mut pieces = path.split('/');
    let same = pattern.split('/').all(|wanted| {
        pieces.next().is_some_and(|piece| wanted == piece || (wanted.starts_with('{') && wanted.ends_with('}')))
    });
    same && pieces.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_any_one_segment() {
        assert!(matches("/users/{id}", "/users/7"));
        assert!(matches("/quote", "/quote"));
        assert!(!matches("/users/{id}", "/users/7/orders"));
        assert!(!matches("/users/{id}/orders", "/users/7"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let why = |request| route(Path::new("."), request, "none.json").unwrap_err().message().to_owned();
        assert!(why("/quote").contains("is no request"));
        assert!(why("GET /quote").contains("there is no file"));
    }
}
