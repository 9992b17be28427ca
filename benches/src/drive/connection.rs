//! One kept HTTP/1.1 connection: a request goes out as it is, an answer with a stated length comes back.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Result;

/// A connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The head of an answer: where its body begins and ends.
struct Head {
    start: usize,
    end: usize,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends a request and gives the body of its answer.
    ///
    /// # Errors
    /// Where the answer is not a 200 with a stated length.
    pub async fn ask(&mut self, request: &[u8]) -> Result<&[u8]> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let mut head = None;
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if head.is_none() {
                head = read_head(&self.buffer)?;
            }
            if let Some(Head { start, end }) = head
                && self.buffer.len() >= end
            {
                return Ok(&self.buffer[start..end]);
            }
        }
    }

    /// The head of the last answer, as text.
    pub fn head(&self) -> String {
        let end = find(&self.buffer, b"\r\n\r\n").unwrap_or(0);
        String::from_utf8_lossy(&self.buffer[..end]).into_owned()
    }
}

fn read_head(buffer: &[u8]) -> Result<Option<Head>> {
    let Some(end) = find(buffer, b"\r\n\r\n") else { return Ok(None) };
    let head = &buffer[..end];
    if !head.starts_with(b"HTTP/1.1 200") {
        return Err(format!("the answer is: {}", String::from_utf8_lossy(buffer)).into());
    }
    let length = head.split(|byte| *byte == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(15)?;
        name.eq_ignore_ascii_case(b"content-length:").then_some(value)
    });
    let length: usize = length
        .and_then(|value| std::str::from_utf8(value).ok()?.trim().parse().ok())
        .ok_or("the answer does not state its length")?;
    let start = end + 4;
    Ok(Some(Head { start, end: start + length }))
}

fn find(buffer: &[u8], what: &[u8]) -> Option<usize> {
    buffer.windows(what.len()).position(|window| window == what)
}
