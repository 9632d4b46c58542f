//! A wire to PostgreSQL that can be cut and mended, or carries nothing for a while.

use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A wire to the server that tests share.
pub(crate) struct Wire {
    pub(crate) port: u16,
    cut: CancellationToken,
    carries: watch::Sender<bool>,
    laying: tokio::task::JoinHandle<()>,
}

impl Wire {
    /// At that port, or at a free one.
    pub(crate) async fn lay(port: u16, target: PgConnectOptions) -> Wire {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = CancellationToken::new();
        let cutting = cut.clone();
        let carries = watch::Sender::new(true);
        let carried = carries.subscribe();
        let laying = tokio::spawn(async move {
            while let Some(Ok((client, _))) = cutting.run_until_cancelled(listener.accept()).await {
                let carry = carry(client, target.clone(), carried.clone());
                tokio::spawn(cutting.clone().run_until_cancelled_owned(carry));
            }
        });
        Wire { port, cut, carries, laying }
    }

    /// Every connection breaks, and none is let in. The port.
    pub(crate) async fn cut(self) -> u16 {
        self.cut.cancel();
        self.laying.await.unwrap();
        self.port
    }

    /// Connections stay open, and nothing arrives: not even that one of the ends has gone.
    pub(crate) fn hang(&self) {
        self.carries.send_replace(false);
    }

    /// What was said meanwhile arrives.
    pub(crate) fn carry_on(&self) {
        self.carries.send_replace(true);
    }
}

async fn carry(client: TcpStream, target: PgConnectOptions, carries: watch::Receiver<bool>) {
    let port = target.get_port();
    let folder = target.get_socket().map(|folder| folder.join(format!(".s.PGSQL.{port}")));
    let (from_client, to_client) = client.into_split();
    // Either end may go first.
    match folder {
        Some(path) => {
            let (from_server, to_server) = UnixStream::connect(path).await.unwrap().into_split();
            tokio::select! {
                () = pump(from_client, to_server, carries.clone()) => {}
                () = pump(from_server, to_client, carries) => {}
            }
        }
        None => {
            let server = TcpStream::connect((target.get_host(), port)).await.unwrap();
            let (from_server, to_server) = server.into_split();
            tokio::select! {
                () = pump(from_client, to_server, carries.clone()) => {}
                () = pump(from_server, to_client, carries) => {}
            }
        }
    }
}

async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut carries: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await.unwrap_or_default();
        if carries.wait_for(|carries| *carries).await.is_err() || read == 0 {
            return;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
