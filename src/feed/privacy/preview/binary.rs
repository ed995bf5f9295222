//! Messages that are no text: what format the first bytes name, and those of them that cannot be part of a name.

use std::fmt::Write as _;

const FIRST: usize = 16;

/// First bytes by which an operator sees what the feeder did.
const FORMATS: [(&[u8], &str); 7] = [
    (&[0x1F, 0x8B], "gzip"),
    (&[0x28, 0xB5, 0x2F, 0xFD], "zstd"),
    (&[0x04, 0x22, 0x4D, 0x18], "lz4"),
    (&[0xFF, 0xFE], "UTF-16"),
    (&[0xFE, 0xFF], "UTF-16"),
    (&[0xAC, 0xED, 0x00, 0x05], "Java serialization"),
    (&[0x00], "schema registry framing"),
];

/// `None` for text. Of the first bytes only control bytes are shown: any other may be a letter in some encoding.
pub(super) fn told(bytes: &[u8]) -> Option<String> {
    let first = &bytes[..bytes.len().min(FIRST)];
    let format = FORMATS.iter().find(|(magic, _)| first.starts_with(magic));
    if format.is_none() && !first.iter().any(|byte| is_control(*byte)) {
        return None;
    }
    let name = format.map_or("", |(_, name)| name);
    let mut told = format!("‹不是文本，{}字节{}{name}›", bytes.len(), if name.is_empty() { "" } else { "，" });
    for byte in first {
        // Writing to a String cannot fail.
        let _ = if is_control(*byte) { write!(told, " {byte:02x}") } else { write!(told, " ··") };
    }
    Some(told)
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n')
}
