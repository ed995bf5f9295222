//! Between an instance and ClickHouse: whole requests and whole answers, one after the other.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{Act, Gate, Line, thousandths};

/// A request or an answer.
struct Message {
    head: String,
    body: Vec<u8>,
    /// As it came, head and framing too.
    raw: Vec<u8>,
    /// Without a length: it ends where the connection does.
    until_closed: bool,
}

pub async fn talk(mut client: TcpStream, server: SocketAddr, gate: &Gate) -> io::Result<()> {
    let mut rest = Vec::new();
    while let Some(mut request) = read(&mut client, &mut rest, true).await? {
        gate.delay().await;
        if gate.line() == Line::Denied {
            request.raw = of_a_stranger(&request);
        }
        let act = gate.spring(kind(&request));
        if !answer(&mut client, server, gate, &request, act).await? {
            break;
        }
    }
    Ok(())
}

/// False when the connection is over.
async fn answer(
    client: &mut TcpStream,
    server: SocketAddr,
    gate: &Gate,
    request: &Message,
    act: Option<Act>,
) -> io::Result<bool> {
    let Some(act) = act else { return deliver(client, gate, &exchange(server, request).await?).await };
    match act {
        Act::KillBefore => {
            gate.signal("KILL").await;
            gate.note();
            Ok(false)
        }
        Act::KillAfter => {
            let _ = exchange(server, request).await;
            gate.signal("KILL").await;
            gate.note();
            Ok(false)
        }
        Act::LoseBefore => {
            gate.note();
            Ok(false)
        }
        Act::LoseAfter => {
            let done = exchange(server, request).await;
            gate.note();
            done.map(|_| false)
        }
        Act::Stop | Act::StopHeld => {
            gate.signal("STOP").await;
            gate.note();
            if matches!(act, Act::StopHeld) {
                gate.until_released().await;
            }
            deliver(client, gate, &exchange(server, request).await?).await
        }
        Act::Answer(bytes) => {
            client.write_all(&bytes).await?;
            gate.note();
            Ok(true)
        }
        Act::Pretend(bytes) => {
            exchange(server, request).await?;
            client.write_all(&bytes).await?;
            gate.note();
            Ok(true)
        }
        Act::Never => {
            gate.note();
            while client.read(&mut [0; 1024]).await? > 0 {}
            Ok(false)
        }
        Act::CutRequest(_) | Act::CutAnswer(_) | Act::CutAtRow => cut(client, server, gate, request, &act).await,
        Act::Late(ms) => {
            gate.note();
            tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
            deliver(client, gate, &exchange(server, request).await?).await
        }
        Act::Code(_) => Ok(false),
    }
}

async fn cut(
    client: &mut TcpStream,
    server: SocketAddr,
    gate: &Gate,
    request: &Message,
    act: &Act,
) -> io::Result<bool> {
    if let Act::CutRequest(share) = act {
        let mut upstream = TcpStream::connect(server).await?;
        upstream.write_all(&request.raw[..thousandths(request.raw.len(), *share)]).await?;
        gate.note();
        return Ok(false);
    }
    let whole = exchange(server, request).await?;
    let is_in_order = matches!(act, Act::CutAtRow);
    let part = match act {
        Act::CutAnswer(share) => whole.raw[..thousandths(whole.raw.len(), *share)].to_vec(),
        _ => ending_at_a_row(&whole),
    };
    client.write_all(&part).await?;
    gate.note();
    Ok(is_in_order)
}

async fn exchange(server: SocketAddr, request: &Message) -> io::Result<Message> {
    let mut upstream = TcpStream::connect(server).await?;
    upstream.set_nodelay(true)?;
    upstream.write_all(&request.raw).await?;
    let answer = read(&mut upstream, &mut Vec::new(), false).await?;
    answer.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

async fn deliver(client: &mut TcpStream, gate: &Gate, answer: &Message) -> io::Result<bool> {
    gate.delay().await;
    gate.write(client, &answer.raw).await?;
    Ok(!answer.until_closed)
}

fn of_a_stranger(request: &Message) -> Vec<u8> {
    let is_user = |line: &&str| !line.to_ascii_lowercase().starts_with("x-clickhouse-user:");
    let lines: Vec<&str> = request.head.trim_end().split("\r\n").filter(is_user).collect();
    let head = format!("{}\r\nX-ClickHouse-User: nobody\r\n\r\n", lines.join("\r\n"));
    [head.as_bytes(), &request.raw[request.head.len()..]].concat()
}

/// None at the end of the connection. `rest` is what was read beyond.
async fn read(from: &mut TcpStream, rest: &mut Vec<u8>, is_request: bool) -> io::Result<Option<Message>> {
    let mut raw = std::mem::take(rest);
    let head_end = loop {
        if let Some(at) = find(&raw, b"\r\n\r\n") {
            break at + 4;
        }
        if from.read_buf(&mut raw).await? == 0 {
            return if raw.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
    };
    let head = String::from_utf8_lossy(&raw[..head_end]).into_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.split("\r\ncontent-length:").nth(1).and_then(|rest| rest.split("\r\n").next());
    let (mut body, mut until_closed) = (Vec::new(), false);
    let end = if lower.contains("\r\ntransfer-encoding: chunked") {
        let mut at = head_end;
        loop {
            let line = loop {
                match find(&raw[at..], b"\r\n") {
                    Some(end) => break at + end,
                    None => more(from, &mut raw).await?,
                }
            };
            let size =
                std::str::from_utf8(&raw[at..line]).ok().and_then(|text| usize::from_str_radix(text.trim(), 16).ok());
            let size = size.ok_or(io::ErrorKind::InvalidData)?;
            let (from_at, end) = (line + 2, line + 2 + size + 2);
            while raw.len() < end {
                more(from, &mut raw).await?;
            }
            body.extend_from_slice(&raw[from_at..end - 2]);
            at = end;
            if size == 0 {
                break at;
            }
        }
    } else if let Some(length) = length.and_then(|text| text.trim().parse::<usize>().ok()) {
        while raw.len() < head_end + length {
            more(from, &mut raw).await?;
        }
        body.extend_from_slice(&raw[head_end..head_end + length]);
        head_end + length
    } else if is_request {
        head_end
    } else {
        until_closed = true;
        while from.read_buf(&mut raw).await? > 0 {}
        body.extend_from_slice(&raw[head_end..]);
        raw.len()
    };
    *rest = raw.split_off(end);
    Ok(Some(Message { head, body, raw, until_closed }))
}

async fn more(from: &mut TcpStream, raw: &mut Vec<u8>) -> io::Result<()> {
    if from.read_buf(raw).await? == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// By the words of our own statements.
fn kind(request: &Message) -> &'static str {
    let head = request.head.split(' ').nth(1).unwrap_or_default().replace("%20", " ").replace('+', " ");
    let body = String::from_utf8_lossy(&request.body[..request.body.len().min(4096)]);
    let inserts = |table: &str| head.contains("INSERT INTO") && head.contains(&format!(".{table} FORMAT"));
    for table in ["events", "quarantine", "cases"] {
        if inserts(table) {
            return table;
        }
    }
    let words: &[(&str, &str)] = &[
        ("case_id IN (JSONExtract", "look-up"),
        ("HAVING sum(in_ledger)", "sweep"),
        (".rebuilds FINAL", "generation"),
        (".schema_migrations", "schema"),
    ];
    words.iter().find(|(word, _)| body.contains(word) || head.contains(word)).map_or("other", |(_, kind)| kind)
}

/// An answer of somebody's: `own` has the head that ClickHouse's have.
pub fn page(status: &str, code: Option<u32>, body: &str) -> Vec<u8> {
    let own = code.map_or(String::new(), |code| {
        format!("X-ClickHouse-Server-Display-Name: it\r\nX-ClickHouse-Exception-Code: {code}\r\n")
    });
    let kind = if code.is_some() { "text/plain; charset=UTF-8" } else { "text/html" };
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{own}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body.as_bytes()].concat()
}

/// The answer with half of its rows, as if there were no more: RowBinaryWithNamesAndTypes.
fn ending_at_a_row(answer: &Message) -> Vec<u8> {
    let rows = rows(&answer.body).unwrap_or_default();
    let end = rows.get(rows.len().saturating_sub(1) / 2).copied().unwrap_or(answer.body.len());
    let body = &answer.body[..end];
    let keep = |line: &&str| {
        let lower = line.to_ascii_lowercase();
        !lower.starts_with("content-length") && !lower.starts_with("transfer-encoding") && !line.is_empty()
    };
    let head: Vec<&str> = answer.head.split("\r\n").filter(keep).collect();
    let framing = format!("\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len());
    [head.join("\r\n").as_bytes(), framing.as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

/// Where the head ends, and each row.
fn rows(body: &[u8]) -> Option<Vec<usize>> {
    let mut at = 0;
    let columns = varint(body, &mut at)?;
    let text = |at: &mut usize| -> Option<String> {
        let length = varint(body, at)?;
        let bytes = body.get(*at..*at + length)?;
        *at += length;
        Some(String::from_utf8_lossy(bytes).into_owned())
    };
    for _ in 0..columns {
        text(&mut at)?;
    }
    let types = (0..columns).map(|_| text(&mut at)).collect::<Option<Vec<_>>>()?;
    let mut ends = vec![at];
    while at < body.len() {
        for of in &types {
            skip(body, &mut at, of)?;
        }
        ends.push(at);
    }
    Some(ends)
}

fn skip(body: &[u8], at: &mut usize, of: &str) -> Option<()> {
    let inner = |outer: &str| of.strip_prefix(outer).and_then(|rest| rest.strip_suffix(')'));
    if let Some(inner) = inner("Nullable(") {
        let is_null = *body.get(*at)? == 1;
        *at += 1;
        return if is_null { Some(()) } else { skip(body, at, inner) };
    }
    if let Some(inner) = inner("LowCardinality(") {
        return skip(body, at, inner);
    }
    *at += match of {
        "String" => varint(body, at)?,
        "UInt8" | "Int8" | "Bool" => 1,
        "Int32" | "UInt32" => 4,
        _ if of.starts_with("DateTime64") || of.ends_with("Int64") => 8,
        _ => return None,
    };
    (*at <= body.len()).then_some(())
}

fn varint(body: &[u8], at: &mut usize) -> Option<usize> {
    let (mut value, mut shift) = (0usize, 0);
    loop {
        let byte = *body.get(*at)?;
        *at += 1;
        value |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}
