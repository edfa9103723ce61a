//! What every request of the server passes before the router: the screen, the bound on requests in hand, the health path.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::CONNECTION;
use axum::http::{HeaderValue, Request, Version};
use axum::response::Response;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tokio::sync::Semaphore;
use tower_service::Service;

use super::activity::{Activity, InFlight};
use super::screen::screen;
use crate::config::Runtime;
use crate::error::Error;
use crate::{health, route};

/// What all connections of a server share.
pub(super) struct Front {
    pub(super) router: Router,
    pub(super) runtime: Runtime,
    pub(super) health: Option<&'static str>,
    pub(super) in_flight: Semaphore,
    pub(super) draining: AtomicBool,
}

/// The requests of one connection.
#[derive(Clone)]
pub(super) struct Requests {
    pub(super) front: Arc<Front>,
    pub(super) activity: Arc<Activity>,
    pub(super) peer: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Requests {
    type Response = Response<Sent>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (mut in_flight, finding, number) = self.activity.begin();
        let (front, activity, peer) = (Arc::clone(&self.front), Arc::clone(&self.activity), self.peer);
        Box::pin(async move {
            let version = request.version();
            let screened = screen(&request, finding, &front.runtime.limits);
            let is_last = number >= front.runtime.limits.requests_per_connection || screened.is_err();
            let mut response = match screened {
                Ok(()) => front.answer(request, peer).await,
                Err(error) => route::refuse(&front.runtime, &request, &error),
            };
            if is_last {
                if version < Version::HTTP_2 {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                activity.worn_out.notify_one();
            }
            in_flight.progress();
            Ok(response.map(|body| Sent { body, in_flight }))
        })
    }
}

impl Front {
    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response {
        // Health is asked by machines that restart what doesn't answer: it answers under any load.
        if self.health == Some(request.uri().path()) {
            return health::answer(&request, self.draining.load(Ordering::Relaxed));
        }
        let Ok(_turn) = self.in_flight.try_acquire() else {
            return route::refuse(&self.runtime, &request, &Error::overload());
        };
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        match self.router.clone().call(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The body of an answer, which notes how far it is.
pub(super) struct Sent {
    body: Body,
    in_flight: InFlight,
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let poll = Pin::new(&mut self.body).poll_frame(context);
        if poll.is_pending() {
            self.in_flight.wait();
        }
        let frame = ready!(poll);
        self.in_flight.progress();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
