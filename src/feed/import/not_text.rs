//! What a file is, by its first bytes and not by its name.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Gzip,
    /// An .xlsx workbook is one too.
    Zip,
    Xls,
    Not(NotText),
}

/// What is not read here, and what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotText {
    Pdf,
    /// Many systems call a web page .xls.
    WebPage,
    Xml,
    Xlsb,
    OpenDocument,
    OtherArchive,
    SeveralFiles {
        count: usize,
    },
    PackedTwice,
    TooLargeInside,
    Encrypted,
}

/// Enough to tell.
pub(super) const HEAD: u64 = 512;

pub(super) fn kind(head: &[u8]) -> Kind {
    match head {
        [0x1f, 0x8b, ..] => Kind::Gzip,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Kind::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => Kind::Xls,
        [b'%', b'P', b'D', b'F', b'-', ..] => Kind::Not(NotText::Pdf),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => Kind::Not(NotText::OtherArchive),
        _ => match opening(head).as_str() {
            "<html" | "<!doc" | "<tabl" | "<head" | "<meta" | "<styl" => Kind::Not(NotText::WebPage),
            "<?xml" => Kind::Not(NotText::Xml),
            _ => Kind::Text,
        },
    }
}

/// The first five characters, without a byte-order mark and blanks.
fn opening(head: &[u8]) -> String {
    let head = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
    String::from_utf8_lossy(&head[..head.len().min(5)]).to_ascii_lowercase()
}

impl std::fmt::Display for NotText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SAVE: &str = "open it, save it as .xlsx or CSV (UTF-8), and import that";
        match self {
            Self::Pdf => f.write_str("a PDF, which has no rows: ask for the table behind it"),
            Self::WebPage => write!(f, "a web page, whatever its name says: {SAVE}"),
            Self::Xml => write!(f, "XML, whatever its name says: {SAVE}"),
            Self::Xlsb => write!(f, "an .xlsb workbook: {SAVE}"),
            Self::OpenDocument => write!(f, "an OpenDocument file: {SAVE}"),
            Self::OtherArchive => {
                f.write_str("an archive that is neither ZIP nor gzip: unpack it and import what is in it")
            }
            Self::SeveralFiles { count: 0 } => f.write_str("a ZIP archive without a file in it"),
            Self::SeveralFiles { count } => {
                write!(f, "a ZIP archive of {count} files: one is read, so unpack it and import each with its mapping")
            }
            Self::PackedTwice => f.write_str("packed twice: unpack it once"),
            Self::TooLargeInside => f.write_str("a packed workbook of more than 256 MiB: unpack it and import that"),
            Self::Encrypted => f.write_str("encrypted: save it without a password and import that"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_for_what_it_is() {
        for (head, wanted) in [
            (&b"PK\x03\x04...."[..], Kind::Zip),
            (b"\xD0\xCF\x11\xE0", Kind::Xls),
            (b"\x1f\x8b\x08", Kind::Gzip),
            (b"%PDF-1.4", Kind::Not(NotText::Pdf)),
            (b"\xEF\xBB\xBF <HTML><table>", Kind::Not(NotText::WebPage)),
            (b"<?xml version=\"1.0\"?><Workbook", Kind::Not(NotText::Xml)),
            (b"a,b\n", Kind::Text),
            (b"", Kind::Text),
        ] {
            assert_eq!(kind(head), wanted, "{head:?}");
        }
    }
}
