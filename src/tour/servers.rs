//! Starts every sample application on its own loopback port, and ends them.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::expenses::{self, Report};
use super::tickets::{self, Order};
use super::{calendar, receipts};

/// How long open connections may take to finish when the servers are stopped; what is left then is cut off.
const FAREWELL: Duration = Duration::from_secs(2);

/// A list that an application adds to and a test reads.
#[derive(Debug)]
pub(super) struct Shelf<T>(Arc<Mutex<Vec<T>>>);

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Shelf(Arc::clone(&self.0))
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Shelf(Arc::default())
    }
}

impl<T> Shelf<T> {
    /// A list is whole after every push, so one left behind by a panic still serves.
    pub(super) fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The running sample applications. Dropping it ends them too.
#[derive(Debug)]
pub struct Servers {
    origins: BTreeMap<String, String>,
    reports: Shelf<Report>,
    orders: Shelf<Order>,
    tasks: JoinSet<std::io::Result<()>>,
    /// Its end tells every server to stop.
    running: watch::Sender<()>,
}

/// Starts all applications, each on a free port of 127.0.0.1.
pub async fn serve() -> std::io::Result<Servers> {
    let reports = Shelf::default();
    let orders = Shelf::default();
    let applications: [(&str, Router); 4] = [
        ("calendar", calendar::router()),
        ("receipts", receipts::router()),
        ("expenses", expenses::router(reports.clone())),
        ("tickets", tickets::router(orders.clone())),
    ];
    let (running, stopped) = watch::channel(());
    let mut origins = BTreeMap::new();
    let mut tasks = JoinSet::new();
    for (name, router) in applications {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        origins.insert(
            name.to_owned(),
            format!("http://{}", listener.local_addr()?),
        );
        let mut stopped = stopped.clone();
        tasks.spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move {
                    // Nothing is ever sent: this returns when the sender is gone.
                    while stopped.changed().await.is_ok() {}
                })
                .await
        });
    }
    Ok(Servers {
        origins,
        reports,
        orders,
        tasks,
        running,
    })
}

impl Servers {
    /// Origins by name: `calendar`, `receipts`, `expenses`, `tickets`.
    pub fn origins(&self) -> BTreeMap<String, String> {
        self.origins.clone()
    }

    /// What was submitted to the expense tool, oldest first.
    pub fn reports(&self) -> Vec<Report> {
        self.reports.lock().clone()
    }

    /// What was bought in the ticket shop, oldest first.
    pub fn orders(&self) -> Vec<Order> {
        self.orders.lock().clone()
    }

    /// Ends the applications: open answers are finished, for at most two seconds.
    pub async fn stop(self) {
        let Servers {
            mut tasks, running, ..
        } = self;
        drop(running);
        let all = async { while tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, all).await.is_err() {
            tasks.shutdown().await;
        }
    }
}
