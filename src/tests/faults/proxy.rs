//! A network that can be broken: it stands between a console and a server.

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What the network does with what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Passes everything on.
    Sound,
    /// Takes everything and passes nothing on; nobody is told.
    Silent,
    /// As sound until a client says COMMIT: from then on no answer comes back on that connection.
    SwallowsConfirmation,
}

/// What a client sends to end a transaction, in PostgreSQL's protocol.
const COMMIT: &[u8] = b"COMMIT\0";

pub struct Proxy {
    address: SocketAddr,
    network: Arc<watch::Sender<Network>>,
    cuts: Arc<watch::Sender<u32>>,
    swallowed: watch::Receiver<bool>,
}

impl Proxy {
    /// In front of the server of `url`.
    pub async fn before(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let network = Arc::new(watch::Sender::new(Network::Sound));
        let cuts = Arc::new(watch::Sender::new(0));
        let (swallow, swallowed) = watch::channel(false);
        let (server, state, cut, swallow) = (server(url), network.clone(), cuts.clone(), Arc::new(swallow));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, state, swallow) = (server.clone(), state.subscribe(), swallow.clone());
                let mut cut = cut.subscribe();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = cut.changed() => {}
                        () = join(client, &server, state, &swallow) => {}
                    }
                });
            }
        });
        Self { address, network, cuts, swallowed }
    }

    /// `url` by way of this network.
    pub fn url(&self, url: &str) -> String {
        url.replace(&server(url), &self.address.to_string())
    }

    pub fn becomes(&self, network: Network) {
        self.network.send_replace(network);
    }

    /// Ends every connection that there is.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Returns once a COMMIT was passed on whose answer is kept back.
    pub async fn swallowed(&mut self) {
        self.swallowed.wait_for(|swallowed| *swallowed).await.unwrap();
    }
}

/// `127.0.0.1:5432` of a connection string.
fn server(url: &str) -> String {
    let (_, rest) = url.split_once('@').unwrap();
    rest.split_once('/').unwrap().0.to_owned()
}

async fn join(client: TcpStream, server: &str, state: watch::Receiver<Network>, swallow: &watch::Sender<bool>) {
    // In a silent network a connection is made, as a balancer in front of a dead server makes it, and nothing comes of it.
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let committing = watch::Sender::new(false);
    tokio::select! {
        () = requests(from_client, to_server, state.clone(), &committing) => {}
        () = answers(from_server, to_client, state, committing.subscribe(), swallow) => {}
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<Network>,
    committing: &watch::Sender<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let network = heard(&mut state).await;
        let commits = buffer[..length].windows(COMMIT.len()).any(|part| part == COMMIT);
        if network == Network::SwallowsConfirmation && commits {
            committing.send_replace(true);
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<Network>,
    committing: watch::Receiver<bool>,
    swallow: &watch::Sender<bool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        heard(&mut state).await;
        if *committing.borrow() {
            swallow.send_replace(true);
        } else if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Waits while the network is silent.
async fn heard(state: &mut watch::Receiver<Network>) -> Network {
    let network = state.wait_for(|network| *network != Network::Silent).await;
    network.map_or(Network::Sound, |network| *network)
}
