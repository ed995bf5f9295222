//! A file on its way in: from the form to the disk, piece by piece, so that its size takes no memory.

use std::{
    io::{self, Write as _},
    sync::Arc,
};

use axum::extract::multipart::{Field, Multipart, MultipartError};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;

use super::{
    desk::{UploadBusy, UploadDesk},
    kept::{UploadAbout, fresh},
};
use crate::{
    ask::unclear::{STREAM, Unclear, ensure, no_such},
    http::{
        auth::Visitor,
        page::{site::Site, upload::streams},
    },
};

/// Of a field that is no file.
const FIELD_MAX: usize = 4 * 1024;
const NAME_CHARS: usize = 120;
/// Pieces on their way to the disk.
const AHEAD: usize = 8;

/// Why a file was not taken.
#[derive(Debug)]
pub(super) enum UploadRefusal {
    /// The form is none of ours.
    Strange,
    NoFile,
    Empty,
    TooLarge,
    NoStream(Unclear),
    Busy(UploadBusy),
    /// It broke off on its way.
    Broken,
    Disk(io::Error),
}

impl From<MultipartError> for UploadRefusal {
    fn from(_: MultipartError) -> Self {
        Self::Broken
    }
}

impl From<io::Error> for UploadRefusal {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// The fields before the file say what it is.
#[derive(Debug, Default)]
struct Said {
    csrf: String,
    stream: String,
    named: String,
}

/// Takes the file; nothing of it stays where it is refused. The rest of a form that is refused is read and let go, so that the answer arrives.
pub(super) async fn receive(
    site: &Site,
    desk: &Arc<UploadDesk>,
    visitor: &Visitor,
    mut form: Multipart,
) -> Result<UploadAbout, UploadRefusal> {
    let taken = taken(site, desk, visitor, &mut form).await;
    if taken.is_err() {
        while let Ok(Some(mut field)) = form.next_field().await {
            while let Ok(Some(_)) = field.chunk().await {}
        }
    }
    taken
}

async fn taken(
    site: &Site,
    desk: &Arc<UploadDesk>,
    visitor: &Visitor,
    form: &mut Multipart,
) -> Result<UploadAbout, UploadRefusal> {
    let mut said = Said::default();
    while let Some(mut field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "csrf" => said.csrf = short(&mut field).await?,
            "stream" => said.stream = short(&mut field).await?,
            "named" => said.named = short(&mut field).await?,
            "file" => {
                let checked = check(site, desk, visitor, &said);
                if let Err(refusal) = checked {
                    drain(&mut field).await;
                    return Err(refusal);
                }
                let Ok(_place) = desk.coming.try_acquire() else {
                    drain(&mut field).await;
                    return Err(UploadRefusal::Busy(UploadBusy::Coming));
                };
                return stored(desk, visitor, said, &mut field).await;
            }
            _ => drain(&mut field).await,
        }
    }
    check(site, desk, visitor, &said)?;
    Err(UploadRefusal::NoFile)
}

async fn drain(field: &mut Field<'_>) {
    while let Ok(Some(_)) = field.chunk().await {}
}

fn check(site: &Site, desk: &UploadDesk, visitor: &Visitor, said: &Said) -> Result<(), UploadRefusal> {
    if !site.auth.is_csrf(visitor, &said.csrf) {
        return Err(UploadRefusal::Strange);
    }
    let names: Vec<&str> = streams(site).map(|stream| stream.name.as_str()).collect();
    ensure(names.contains(&said.stream.as_str()), || no_such(STREAM, &said.stream, &names))
        .map_err(UploadRefusal::NoStream)?;
    desk.room(&visitor.name).map_err(UploadRefusal::Busy)
}

async fn short(field: &mut Field<'_>) -> Result<String, UploadRefusal> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() + chunk.len() <= FIELD_MAX {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

async fn stored(
    desk: &Arc<UploadDesk>,
    visitor: &Visitor,
    said: Said,
    field: &mut Field<'_>,
) -> Result<UploadAbout, UploadRefusal> {
    let id = format!("{:032x}", rand::random::<u128>());
    let file_name = field.file_name().unwrap_or_default().chars().filter(|letter| !letter.is_control());
    let file_name: String = file_name.take(NAME_CHARS).collect();
    desk.folder.make(&id)?;
    let mut coming = Coming { desk, id: &id, is_here: false };
    match written(desk, &id, field).await {
        // A browser sends an empty part where no file was chosen.
        Ok((0, _)) => Err(if file_name.is_empty() { UploadRefusal::NoFile } else { UploadRefusal::Empty }),
        Ok((bytes, sha256)) => {
            coming.is_here = true;
            Ok(UploadAbout {
                id: id.clone(),
                owner: visitor.name.clone(),
                file_name,
                bytes,
                sha256,
                at: (desk.now)().0,
                stream: said.stream,
                named: said.named,
                ..UploadAbout::default()
            })
        }
        Err(refusal) => {
            drain(field).await;
            Err(refusal)
        }
    }
}

/// Nothing stays of a file that does not come to its end, also where whoever sends it is gone and nobody waits here any more.
struct Coming<'a> {
    desk: &'a UploadDesk,
    id: &'a str,
    is_here: bool,
}

impl Drop for Coming<'_> {
    fn drop(&mut self) {
        if !self.is_here {
            self.desk.folder.forget(self.id);
        }
    }
}

/// Its bytes, and SHA-256 of them.
async fn written(desk: &UploadDesk, id: &str, field: &mut Field<'_>) -> Result<(u64, String), UploadRefusal> {
    let (pieces, mut coming) = mpsc::channel::<bytes::Bytes>(AHEAD);
    let path = desk.folder.data(id);
    let writer = tokio::task::spawn_blocking(move || -> io::Result<String> {
        let (mut file, mut hash) = (fresh(&path)?, Sha256::new());
        while let Some(piece) = coming.blocking_recv() {
            hash.update(&piece);
            file.write_all(&piece)?;
        }
        file.sync_all()?;
        Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
    });
    let mut bytes = 0_u64;
    let read = loop {
        match field.chunk().await {
            Ok(Some(piece)) => {
                bytes += piece.len() as u64;
                if bytes > desk.bytes_max {
                    break Err(UploadRefusal::TooLarge);
                }
                // The disk refuses: the writer says why.
                if pieces.send(piece).await.is_err() {
                    break Ok(());
                }
            }
            Ok(None) => break Ok(()),
            Err(_) => break Err(UploadRefusal::Broken),
        }
    };
    drop(pieces);
    let hash = writer.await.map_err(io::Error::other)?;
    read?;
    Ok((bytes, hash?))
}
