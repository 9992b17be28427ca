//! A wire between a server and its database, for stories of what can happen to one.

use std::sync::Arc;

use stoa::kernel::db::DatabaseUrl;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::database::Database;

/// Puts a wire before a PostgreSQL, on which `carry` carries each connection from the client to the server; tells
/// the database's address over it.
pub async fn before<F>(db: &Database, carry: impl Fn(TcpStream, TcpStream) -> F + Send + 'static) -> DatabaseUrl
where
    F: Future<Output = ()> + Send + 'static,
{
    let DatabaseUrl::Postgres(url) = &db.url else { panic!("a server") };
    let mut url = url::Url::parse(url).expect("an address");
    let server = format!("{}:{}", url.host_str().unwrap_or("127.0.0.1"), url.port().unwrap_or(5432));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(listener.local_addr().expect("an address").port())).expect("a port");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.expect("the cluster");
            tokio::spawn(carry(client, server));
        }
    });
    DatabaseUrl::Postgres(url.to_string())
}

/// A wire that can fall silent: nothing comes over it, and nobody is told that it is so.
pub struct Silent {
    /// The database's address over this wire.
    pub url: DatabaseUrl,
    flow: Arc<watch::Sender<Flow>>,
}

/// How the connections of a wire stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Flow {
    held: bool,
    /// How often everything that was open was lost.
    losses: u32,
}

impl Silent {
    /// A wire that carries everything.
    pub async fn before(db: &Database) -> Self {
        let flow = Arc::new(watch::Sender::new(Flow::default()));
        let of_all = Arc::clone(&flow);
        let url = before(db, move |client, server| carry(client, server, of_all.subscribe())).await;
        Self { url, flow }
    }

    /// From now on nothing comes over, on connections that are open and on new ones.
    pub fn hold(&self) {
        self.flow.send_modify(|flow| flow.held = true);
    }

    /// Everything comes over that was held.
    pub fn resume(&self) {
        self.flow.send_modify(|flow| flow.held = false);
    }

    /// What is open stays silent for ever, and new connections are carried.
    pub fn forget(&self) {
        self.flow.send_modify(|flow| *flow = Flow { held: false, losses: flow.losses + 1 });
    }
}

/// Carries what both say until one of them ends.
async fn carry(mut client: TcpStream, mut server: TcpStream, mut flow: watch::Receiver<Flow>) {
    let losses = flow.borrow().losses;
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        let (said, to) = tokio::select! {
            read = client.read(&mut asked) => match read {
                Ok(length @ 1..) => (&asked[..length], &mut server),
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(length @ 1..) => (&answered[..length], &mut client),
                _ => return,
            },
        };
        // A connection that is lost waits here until the story ends.
        let whole = Flow { held: false, losses };
        if flow.wait_for(|flow| *flow == whole).await.is_err() || to.write_all(said).await.is_err() {
            return;
        }
    }
}
