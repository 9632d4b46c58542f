//! A stream whose peer has to take what is sent to it: an answer that nobody takes is given up, as a request that does not
//! arrive is. Slow is not still: as long as so many bytes go in so long a time, it may last.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;
use tokio_util::sync::WaitForCancellationFutureOwned;

use super::connections::Connection;
use super::limits::Pace;

/// The stream of a connection that counts.
pub(super) struct Taken<S> {
    stream: S,
    connection: Connection,
    given_up: Pin<Box<WaitForCancellationFutureOwned>>,
    pace: Pace,
    /// Something is to be sent that the peer did not take at once.
    waiting: Option<Waiting>,
    /// Makes the stream end at once, without waiting until the peer has taken the rest.
    abort: fn(&S),
}

struct Waiting {
    taken: usize,
    until: Pin<Box<Sleep>>,
}

impl<S> Taken<S> {
    pub(super) fn new(stream: S, connection: Connection, pace: Pace, abort: fn(&S)) -> Self {
        let given_up = Box::pin(connection.given_up().cancelled_owned());
        Taken { stream, connection, given_up, pace, waiting: None, abort }
    }

    /// Fails once the connection has to make room for another.
    fn is_wanted(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.given_up.as_mut().poll(context).is_pending() {
            return Ok(());
        }
        (self.abort)(&self.stream);
        Err(io::ErrorKind::ConnectionAborted.into())
    }
}

impl<S: Unpin> Taken<S> {
    fn poll_taken(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        self.is_wanted(context)?;
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), context) {
            let bytes = written?;
            self.connection.moved();
            if let Some(waiting) = &mut self.waiting {
                waiting.taken = waiting.taken.saturating_add(bytes);
                if waiting.taken >= self.pace.bytes {
                    self.waiting = None;
                }
            }
            return Poll::Ready(Ok(bytes));
        }
        let within = self.pace.within;
        let begin = || Waiting { taken: 0, until: Box::pin(tokio::time::sleep(within)) };
        ready!(self.waiting.get_or_insert_with(begin).until.as_mut().poll(context));
        (self.abort)(&self.stream);
        metrics::counter!("vekha_connections_given_up_total", "why" => "slow").increment(1);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taken<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.is_wanted(context)?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            this.connection.moved();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taken<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().poll_taken(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().poll_taken(context, |stream, context| stream.poll_write_vectored(context, slices))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(context))?;
        // Flushed when there is nothing left to write: all of it was taken.
        this.waiting = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
    use tokio::time::Instant;

    use super::*;
    use crate::http::connections::Connections;

    const WITHIN: Duration = Duration::from_millis(500);
    const PACE: Pace = Pace { within: WITHIN, bytes: 1_024 };
    const KERNEL: usize = 64;

    /// A stream that the kernel keeps little of, and its peer.
    fn pair() -> (Taken<DuplexStream>, DuplexStream) {
        let (stream, peer) = tokio::io::duplex(KERNEL);
        let connection = Connections::new(2).admit(std::net::Ipv4Addr::LOCALHOST.into(), false).unwrap();
        (Taken::new(stream, connection, PACE, |_| ()), peer)
    }

    async fn sent(stream: &mut Taken<DuplexStream>, bytes: usize) -> Result<(), io::ErrorKind> {
        let sent = async {
            stream.write_all(&vec![7; bytes]).await?;
            stream.flush().await
        };
        sent.await.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn an_answer_that_nobody_takes_is_given_up() {
        let (mut stream, _peer) = pair();
        let began = Instant::now();
        assert_eq!(sent(&mut stream, 100 * KERNEL).await, Err(io::ErrorKind::TimedOut));
        assert!(began.elapsed() >= WITHIN);
    }

    #[tokio::test]
    async fn who_takes_a_byte_now_and_then_does_not_keep_it() {
        let (mut stream, mut peer) = pair();
        let drips = tokio::spawn(async move {
            let mut now_and_then = tokio::time::interval(WITHIN / 100);
            loop {
                now_and_then.tick().await;
                if peer.read_u8().await.is_err() {
                    return;
                }
            }
        });
        assert_eq!(sent(&mut stream, 100_000).await, Err(io::ErrorKind::TimedOut));
        drips.abort();
    }

    #[tokio::test]
    async fn a_slow_line_gets_all_of_a_long_answer_however_long_it_takes() {
        const LONG: usize = 400 * KERNEL;
        let (mut stream, mut peer) = pair();
        let began = Instant::now();
        let slowly = tokio::spawn(async move {
            let mut taken = 0;
            let mut some = [0; KERNEL];
            let mut now_and_then = tokio::time::interval(WITHIN / 100);
            while taken < LONG {
                now_and_then.tick().await;
                taken += peer.read(&mut some).await.unwrap();
            }
            peer
        });
        assert_eq!(sent(&mut stream, LONG).await, Ok(()));
        let _peer = slowly.await.unwrap();
        assert!(began.elapsed() > WITHIN * 3);
    }

    #[tokio::test]
    async fn between_answers_nothing_is_to_be_taken() {
        let (mut stream, mut peer) = pair();
        let mut all = [0; KERNEL * 2];
        let mut long_after = tokio::time::interval(WITHIN * 2);
        for _ in 0..3 {
            long_after.tick().await;
            let (written, read) = tokio::join!(sent(&mut stream, KERNEL * 2), peer.read_exact(&mut all));
            assert_eq!((written, read.unwrap()), (Ok(()), KERNEL * 2));
        }
    }

    #[tokio::test]
    async fn one_that_has_to_make_room_ends_at_once() {
        let table = Connections::new(1);
        let (stream, _peer) = tokio::io::duplex(KERNEL);
        let here = std::net::Ipv4Addr::LOCALHOST.into();
        let mut stream = Taken::new(stream, table.admit(here, false).unwrap(), PACE, |_| ());
        let reading = async { stream.read_u8().await.map_err(|error| error.kind()) };
        let crowding = async { table.admit(here, false) };
        let (read, newcomer) = tokio::join!(reading, crowding);
        assert_eq!(read, Err(io::ErrorKind::ConnectionAborted));
        assert!(newcomer.is_some());
    }
}
