//! From an endpoint's handler to a route of axum: all that holds for every request stands around the handler here, so
//! that it holds in a router that is merged into another program as well.
//!
//! In order: an id, a line in the log, the path's values, the body within its bounds, the handler within its deadline,
//! a panic kept to its request, and the headers that every answer carries.

mod body;
mod pattern;
mod report;

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use tokio::time::{Instant, timeout_at};

use crate::answer::Answer;
use crate::call::{Call, Opening, REQUEST_ID};
use crate::config::Runtime;
use crate::error::Error;
use crate::input::Violation;
use crate::server::LONGEST;
#[cfg(test)]
pub(crate) use pattern::decode;
use pattern::{Mismatch, Pattern};
use report::Report;

/// Says whether an answer has all that its endpoint promises, or a null that a failure made.
const COMPLETED: HeaderName = HeaderName::from_static("gateway-completed");

/// How long past its deadline an endpoint may take to put together what its calls left. Calls end at the deadline itself.
const GRACE: Duration = Duration::from_millis(50);

/// How one endpoint is served, as the gateway's file declares it.
#[derive(Debug)]
pub struct Endpoint {
    /// Its name, for the log.
    pub name: &'static str,
    /// Its method; None for any.
    pub method: Option<Method>,
    /// Its whole path: `/users/{id}`, `/files/{path..}`.
    pub path: &'static str,
    /// How long it may take, from when its body is there.
    pub timeout: Duration,
    /// Bytes that its body may have; 0 where it takes none.
    pub body_limit: usize,
    /// Calls to upstreams that one request may make.
    pub max_calls: u32,
}

/// An `async fn(&Services, &Call) -> Result<Answer, Error>`.
pub trait Handle<'a, S: 'a>: Fn(&'a S, &'a Call) -> Self::Future {
    /// What it returns.
    type Future: Future<Output = Result<Answer, Error>> + Send + 'a;
}

impl<'a, S: 'a, H, F> Handle<'a, S> for H
where
    H: Fn(&'a S, &'a Call) -> F,
    F: Future<Output = Result<Answer, Error>> + Send + 'a,
{
    type Future = F;
}

/// An endpoint with its handler, ready for [`router`].
pub struct Route {
    endpoint: &'static Endpoint,
    timeout: Duration,
    body_limit: usize,
    handler: Arc<dyn Handler>,
}

impl Route {
    /// Another time than the endpoint's own: one that was read when the gateway started.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Another bound on the body than the endpoint's own: one that was read when the gateway started.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Route").field("endpoint", self.endpoint).finish_non_exhaustive()
    }
}

/// An endpoint's handler with its services, whatever their type.
trait Handler: Send + Sync {
    fn handle(&self, call: Call) -> Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>>;
}

struct WithServices<S, H> {
    services: Arc<S>,
    handle: H,
}

impl<S, H> Handler for WithServices<S, H>
where
    S: Send + Sync + 'static,
    H: for<'a> Handle<'a, S> + Clone + Send + Sync + 'static,
{
    fn handle(&self, call: Call) -> Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>> {
        let (services, handle) = (Arc::clone(&self.services), self.handle.clone());
        Box::pin(async move { handle(&services, &call).await })
    }
}

/// Puts an endpoint and its handler together.
pub fn route<S, H>(endpoint: &'static Endpoint, services: &Arc<S>, handle: H) -> Route
where
    S: Send + Sync + 'static,
    H: for<'a> Handle<'a, S> + Clone + Send + Sync + 'static,
{
    let handler = Arc::new(WithServices { services: Arc::clone(services), handle });
    Route { endpoint, timeout: endpoint.timeout, body_limit: endpoint.body_limit, handler }
}

/// Makes the routes of a gateway one router, to be served or to be merged or nested in another. A host's own route at the
/// path of one of these has to give a value in it the same name, as axum wants it.
pub fn router(runtime: &Runtime, routes: impl IntoIterator<Item = Route>) -> Router {
    let (mut paths, mut names) = (BTreeMap::<String, Vec<Route>>::new(), BTreeMap::new());
    for route in routes {
        paths.entry(Pattern::of(route.endpoint.path).for_router(&mut names)).or_default().push(route);
    }
    paths.into_iter().fold(Router::new(), |router, (path, routes)| router.route(&path, methods(runtime, routes)))
}

/// All methods of one path. What is not among them is 405, with the list of those that are.
fn methods(runtime: &Runtime, routes: Vec<Route>) -> MethodRouter {
    let (any_method, named): (Vec<Route>, Vec<Route>) =
        routes.into_iter().partition(|route| route.endpoint.method.is_none());
    let fallback = if let Some(route) = any_method.into_iter().next() {
        any(serve(runtime, route))
    } else {
        let runtime = runtime.clone();
        MethodRouter::new().fallback(async move |request: Request| {
            let error = Error::request(StatusCode::METHOD_NOT_ALLOWED, "this path has no such method");
            refuse(&runtime, &request, &error)
        })
    };
    named.into_iter().fold(fallback, |methods, route| {
        let method = route.endpoint.method.clone().unwrap_or_default();
        match MethodFilter::try_from(method) {
            Ok(filter) => methods.merge(on(filter, serve(runtime, route))),
            Err(_) => methods,
        }
    })
}

/// A route as a handler of axum.
fn serve(
    runtime: &Runtime,
    route: Route,
) -> impl Fn(Request) -> Pin<Box<dyn Future<Output = Response> + Send>> + Clone + Send + Sync + 'static {
    let served = Arc::new(Served { pattern: Pattern::of(route.endpoint.path), runtime: runtime.clone(), route });
    move |request| {
        let served = Arc::clone(&served);
        Box::pin(async move { served.answer(request).await })
    }
}

/// A route with all it needs for a request.
struct Served {
    pattern: Pattern,
    runtime: Runtime,
    route: Route,
}

impl Served {
    async fn answer(&self, request: Request) -> Response {
        let opening = Opening::of(request.headers(), self.runtime.log.clone());
        let report = Report::new(Some(self.route.endpoint.name), &request, &opening);
        let journal = Arc::clone(&opening.journal);
        let outcome = contain_panic(self.handle(request, opening)).await;
        let (mut response, error) = match outcome {
            Ok(answer) => (finished(answer, journal.is_completed()), None),
            Err(error) => (error.to_response(Some(journal.request_id())), Some(error)),
        };
        set_request_id(&mut response, journal.request_id());
        report.end(response.status().as_u16(), error.as_ref());
        response
    }

    async fn handle(&self, request: Request, opening: Opening) -> Result<Answer, Error> {
        let path = self.pattern.values(request.uri().path()).map_err(|mismatch| match mismatch {
            Mismatch::Other => not_found(),
            Mismatch::Encoding(name) => violation(name, "is not percent-encoded UTF-8"),
            Mismatch::Slash(name) => violation(name, "must have no escaped slash"),
        })?;
        let (parts, body) = request.into_parts();
        let body = body::read(body, self.route.body_limit, self.runtime.limits.body).await?;
        let deadline = Instant::now() + self.route.timeout.min(LONGEST);
        let call = Call::new(parts, path, body, opening, deadline);
        match timeout_at(deadline + GRACE, self.route.handler.handle(call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::deadline()),
        }
    }
}

/// An endpoint's own answer, and whether it is all it promises. What lacks something, or is no success, is for this one
/// request only.
fn finished(answer: Answer, completed: bool) -> Response {
    let mut response = answer.into_response();
    let success = response.status().is_success();
    let headers = response.headers_mut();
    headers.insert(COMPLETED, HeaderValue::from_static(if completed { "true" } else { "false" }));
    if !completed || (!success && !headers.contains_key(CACHE_CONTROL)) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn set_request_id(response: &mut Response, id: &str) {
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
}

fn violation(name: &str, why: &str) -> Error {
    Error::violations(vec![Violation { at: name.to_owned(), why: why.to_owned() }])
}

/// There is nothing at this path.
pub(crate) fn not_found() -> Error {
    Error::request(StatusCode::NOT_FOUND, "there is nothing at this path")
}

/// Answers a request that reaches no endpoint, with an id and a line in the log like any other.
pub(crate) fn refuse<B>(runtime: &Runtime, request: &axum::http::Request<B>, error: &Error) -> Response {
    let opening = Opening::of(request.headers(), runtime.log.clone());
    let report = Report::new(None, request, &opening);
    let mut response = error.to_response(Some(opening.journal.request_id()));
    set_request_id(&mut response, opening.journal.request_id());
    report.end(response.status().as_u16(), Some(error));
    response
}

/// A panic ends its own request and no other.
async fn contain_panic(work: impl Future<Output = Result<Answer, Error>>) -> Result<Answer, Error> {
    let mut work = pin!(work);
    std::future::poll_fn(move |context| {
        // What the panic left half done is dropped with the request and seen by nobody.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => {
                let reason = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let reason = reason.or_else(|| panic.downcast_ref::<String>().cloned());
                Poll::Ready(Err(Error::panic(reason.unwrap_or_else(|| "a panic without words".to_owned()))))
            }
        }
    })
    .await
}
