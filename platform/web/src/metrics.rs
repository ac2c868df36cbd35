//! What the program tells its operator in figures, in the form that Prometheus reads, at a listener of its own: readers never
//! meet it. What must never be here: an address, a search or anything else that says what somebody read.

use std::{future::Future, time::Duration};

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};
use gp_kernel::Result;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use tokio::net::TcpListener;

use crate::app::App;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Class {
    /// `2xx` and so on.
    class: &'static str,
}

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of a running program.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// By the first digit of the status.
    answers: [Counter; 5],
    seconds: Histogram,
    hits: Gauge,
    made: Gauge,
    bytes: Gauge,
    changes: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("guidepost");
        // From a tenth of a millisecond to 6.5 seconds.
        let seconds = Histogram::new(exponential_buckets(0.0001, 2.0, 17));
        let answers = Family::<Class, Counter>::default();
        let (hits, made, bytes, changes) = (Gauge::default(), Gauge::default(), Gauge::default(), Gauge::default());
        registry.register("answers", "Answers by the class of their status", answers.clone());
        registry.register_with_unit(
            "answer",
            "Time from a request to its answer",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register(
            "pages_kept_hits",
            "Answers that were pages kept in memory",
            hits.clone(),
        );
        registry.register("pages_made", "Pages that were made", made.clone());
        registry.register_with_unit("pages_kept", "Pages kept in memory", Unit::Bytes, bytes.clone());
        registry.register("changes", "Position of the change feed", changes.clone());
        let answers = CLASSES.map(|class| answers.get_or_create_owned(&Class { class }));
        Self {
            registry,
            answers,
            seconds,
            hits,
            made,
            bytes,
            changes,
        }
    }
}

impl Metrics {
    /// Counts an answer.
    pub(crate) fn count(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.answers[class].inc();
        self.seconds.observe(took.as_secs_f64());
    }
}

/// The figures as text.
pub fn metrics_text(app: &App) -> String {
    let metrics = &app.metrics;
    let (hits, made) = app.pages.counts();
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    metrics.hits.set(number(hits));
    metrics.made.set(number(made));
    metrics.bytes.set(number(app.pages.bytes()));
    metrics.changes.set(app.db.kept().position());
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = encode(&mut text, &metrics.registry);
    text
}

/// Answers `/metrics` until `ended` is done.
///
/// # Errors
/// When the listener is lost.
pub async fn serve_metrics(
    listener: TcpListener,
    app: App,
    ended: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let router = Router::new().route("/metrics", get(answer)).with_state(app);
    Ok(axum::serve(listener, router).with_graceful_shutdown(ended).await?)
}

async fn answer(State(app): State<App>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], metrics_text(&app))
}
