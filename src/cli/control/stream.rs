//! Framing of an export between the running redraft and the command: chunks, each preceded by its length, then an
//! empty chunk and the answer. A stream that was cut off is thereby recognised: it has no answer.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use redraft::store::Store;
use tokio::io::AsyncWriteExt;
use tokio::net;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

use super::{Answer, MAX_ANSWER_BYTES};
use crate::cli::keep;

/// Longest chunk in bytes.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks waiting to be sent; beyond that the export waits.
const MAX_WAITING: usize = 4;
/// Time limit for sending a chunk. A slow connection takes seconds; a stopped command never reads.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

/// Sends an export of `store`, written on a blocking thread that holds `turn` until it ends.
pub(super) async fn send_export(
    stream: &mut net::UnixStream,
    store: Store,
    turn: OwnedSemaphorePermit,
) -> io::Result<()> {
    let (chunks, mut inbox) = mpsc::channel(MAX_WAITING);
    let work = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        keep::write_export(&store, Chunks { chunks, next: Vec::new() })
    });
    while let Some(chunk) = inbox.recv().await {
        send_chunk(stream, &chunk).await?;
    }
    end_stream(stream, &Answer::of(work.await.unwrap_or_else(|fault| Err(anyhow::Error::from(fault).into())))).await
}

/// Ends a stream with an answer. The stream may have been empty until then.
pub(super) async fn end_stream(stream: &mut net::UnixStream, answer: &Answer) -> io::Result<()> {
    send_chunk(stream, &[]).await?;
    timeout(TAKEN_WITHIN, stream.write_all(&serde_json::to_vec(answer)?)).await?
}

async fn send_chunk(stream: &mut net::UnixStream, chunk: &[u8]) -> io::Result<()> {
    let length = (chunk.len() as u32).to_be_bytes();
    timeout(TAKEN_WITHIN, async {
        stream.write_all(&length).await?;
        stream.write_all(chunk).await
    })
    .await?
}

/// Splits written bytes into chunks and queues them. Writing fails once the receiver is gone.
struct Chunks {
    chunks: mpsc::Sender<Vec<u8>>,
    next: Vec<u8>,
}

impl Chunks {
    fn hand_over(&mut self) -> io::Result<()> {
        let chunk = std::mem::take(&mut self.next);
        self.chunks.blocking_send(chunk).map_err(|_| receiver_gone())
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunks.is_closed() {
            return Err(receiver_gone());
        }
        let taken = bytes.len().min(CHUNK_BYTES - self.next.len());
        self.next.extend_from_slice(&bytes[..taken]);
        if self.next.len() == CHUNK_BYTES {
            self.hand_over()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.next.is_empty() { Ok(()) } else { self.hand_over() }
    }
}

fn receiver_gone() -> io::Error {
    io::Error::new(ErrorKind::BrokenPipe, "the receiver of the export is gone")
}

/// Reasons why an export was not received completely.
pub(super) enum Cut {
    /// The stream is not one of ours, or ended early.
    Stream(io::Error),
    /// The export cannot be written to its destination.
    Out(io::Error),
}

/// Writes a received export to `out`; returns the answer at its end.
pub(super) fn receive_export(stream: &mut impl Read, out: &mut impl Write) -> Result<Answer, Cut> {
    let mut chunk = Vec::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).map_err(Cut::Stream)?;
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 {
            break;
        }
        if length > CHUNK_BYTES {
            return Err(Cut::Stream(ErrorKind::InvalidData.into()));
        }
        chunk.resize(length, 0);
        stream.read_exact(&mut chunk).map_err(Cut::Stream)?;
        out.write_all(&chunk).map_err(Cut::Out)?;
    }
    out.flush().map_err(Cut::Out)?;
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).map_err(Cut::Stream)?;
    serde_json::from_slice(&answer).map_err(|error| Cut::Stream(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(chunks: &[&[u8]], answer: &str) -> Vec<u8> {
        let framed = chunks.iter().flat_map(|chunk| [&(chunk.len() as u32).to_be_bytes(), *chunk].concat());
        framed.chain(answer.bytes()).collect()
    }

    #[test]
    fn what_is_received_is_whole_or_refused() {
        let answer = "{\"exit_code\":0,\"words\":\"well\"}";
        let whole = framed(&[b"ab", b"c", b""], answer);
        let mut out = Vec::new();
        assert_eq!(receive_export(&mut &whole[..], &mut out).map_err(|_| ()).unwrap().words, "well");
        assert_eq!(out, b"abc");
        for end in 0..whole.len() {
            assert!(matches!(receive_export(&mut &whole[..end], &mut Vec::new()), Err(Cut::Stream(_))), "{end}");
        }
        let words = b"{\"exit_code\":1,\"words\":\"another version\"}";
        assert!(matches!(receive_export(&mut &words[..], &mut Vec::new()), Err(Cut::Stream(_))));
        assert!(matches!(receive_export(&mut &whole[..], &mut &mut [0_u8; 1][..]), Err(Cut::Out(_))));
    }

    #[test]
    fn chunks_have_a_limit_and_an_export_ends_when_nobody_takes_it() {
        let (chunks, mut inbox) = mpsc::channel(MAX_WAITING);
        let mut out = Chunks { chunks, next: Vec::new() };
        out.write_all(&vec![1; CHUNK_BYTES + 5]).unwrap();
        out.flush().unwrap();
        let lengths = [inbox.blocking_recv(), inbox.blocking_recv()].map(|chunk| chunk.unwrap().len());
        assert_eq!(lengths, [CHUNK_BYTES, 5]);
        drop(inbox);
        assert_eq!(out.write(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
    }
}
