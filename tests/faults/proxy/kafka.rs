//! Between an instance and a broker: frames of Kafka's protocol, of which only the head is understood.

use std::{collections::HashMap, io, net::SocketAddr, sync::Mutex};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{Act, Gate, thousandths};

/// Number, name, and the version from which on the answer is "flexible".
const APIS: &[(i16, &str, i16)] = &[
    (1, "fetch", 12),
    (2, "list offsets", 6),
    (3, "metadata", 9),
    (8, "commit", 8),
    (9, "offsets", 6),
    (10, "coordinator", 3),
    (11, "join", 6),
    (12, "heartbeat", 4),
    (13, "leave", 4),
    (14, "sync", 4),
];

/// What was asked, by correlation id: the request's kind and version, and what shall become of its answer.
type Asked = Mutex<HashMap<[u8; 4], (i16, i16, Option<Act>)>>;

pub async fn talk(client: TcpStream, server: SocketAddr, gate: &Gate) -> io::Result<()> {
    let upstream = TcpStream::connect(server).await?;
    upstream.set_nodelay(true)?;
    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), upstream.into_split());
    let asked = Asked::default();
    tokio::select! {
        ended = requests(from_client, to_server, gate, &asked) => ended,
        ended = answers(from_server, to_client, gate, &asked) => ended,
    }
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, gate: &Gate, asked: &Asked) -> io::Result<()> {
    while let Some(frame) = frame(&mut from).await? {
        gate.delay().await;
        let number = |at: usize| i16::from_be_bytes([frame[at], frame[at + 1]]);
        let (api, version) = (number(4), number(6));
        let act = APIS.iter().find(|(one, ..)| *one == api).and_then(|(_, kind, _)| gate.spring(kind));
        let act = match act {
            Some(Act::KillBefore) => {
                gate.signal("KILL").await;
                gate.note();
                return Ok(());
            }
            Some(Act::LoseBefore) => {
                gate.note();
                return Ok(());
            }
            Some(Act::CutRequest(share)) => {
                to.write_all(&frame[..thousandths(frame.len(), share)]).await?;
                gate.note();
                return Ok(());
            }
            Some(Act::Stop | Act::StopHeld) => {
                gate.signal("STOP").await;
                gate.note();
                None
            }
            Some(Act::Never) => {
                gate.note();
                return std::future::pending().await;
            }
            for_the_answer => for_the_answer,
        };
        asked.lock().unwrap().insert([frame[8], frame[9], frame[10], frame[11]], (api, version, act));
        to.write_all(&frame).await?;
    }
    Ok(())
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, gate: &Gate, asked: &Asked) -> io::Result<()> {
    while let Some(mut frame) = frame(&mut from).await? {
        let of = asked.lock().unwrap().remove(&[frame[4], frame[5], frame[6], frame[7]]);
        if let Some((api, version, Some(act))) = of {
            match act {
                Act::KillAfter => gate.signal("KILL").await,
                Act::Late(ms) => tokio::time::sleep(std::time::Duration::from_millis(ms)).await,
                Act::CutAnswer(share) => to.write_all(&frame[..thousandths(frame.len(), share)]).await?,
                Act::Code(code) => put_code(&mut frame, api, version, code),
                _ => {}
            }
            gate.note();
            if !matches!(act, Act::Late(_) | Act::Code(_)) {
                return Ok(());
            }
        }
        gate.delay().await;
        gate.write(&mut to, &frame).await?;
    }
    Ok(())
}

/// With its length.
async fn frame(from: &mut OwnedReadHalf) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if from.read_exact(&mut length).await.is_err() {
        return Ok(None);
    }
    let size = u32::from_be_bytes(length) as usize;
    if !(8..=256 << 20).contains(&size) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut frame = length.to_vec();
    frame.resize(4 + size, 0);
    from.read_exact(&mut frame[4..]).await?;
    Ok(Some(frame))
}

/// Where each answer has its error: mostly behind the correlation id and the time to throttle.
fn put_code(frame: &mut [u8], api: i16, version: i16, code: i16) {
    let is_flexible = APIS.iter().any(|(one, _, from)| *one == api && version >= *from);
    let head = 8 + usize::from(is_flexible);
    let at = match api {
        // Of the first partition of the first topic: counts, the topic's name, the partition's number.
        8 if is_flexible => frame.get(head + 5).map(|length| head + 6 + usize::from(*length) - 1 + 1 + 4),
        8 => frame.get(head + 9).map(|length| head + 10 + usize::from(*length) + 4 + 4),
        // At its end.
        9 => Some(frame.len() - 2 - usize::from(is_flexible)),
        _ => Some(head + 4),
    };
    if let Some(at) = at.filter(|at| at + 2 <= frame.len()) {
        frame[at..at + 2].copy_from_slice(&code.to_be_bytes());
    }
}
