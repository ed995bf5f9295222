//! The rejects file: each rejected row as it came, behind its line, the column and the reason.
//! Corrected, it can be imported with the same mapping: the columns in front are known and skipped.

use std::io::{self, Write};

use csv::{QuoteStyle, StringRecord, Writer, WriterBuilder};

use super::{fault::RowProblem, mapping::Layout};

/// The columns in front of the original ones; a file that begins with them is a rejects file.
pub(super) const LEAD: [&str; 3] = ["import_line", "import_column", "import_reason"];

/// Spreadsheets take a file without it for a file in the local encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub(super) struct Rejects<'w> {
    sink: Option<&'w mut dyn Write>,
    writer: Option<Writer<&'w mut dyn Write>>,
    delimiter: u8,
    quote: Option<u8>,
    language: RejectsIn,
}

/// Whom the reasons are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectsIn {
    Chinese,
    English,
}

impl<'w> Rejects<'w> {
    pub(super) fn new(sink: &'w mut dyn Write, layout: &Layout, language: RejectsIn) -> Self {
        Self { sink: Some(sink), writer: None, delimiter: layout.delimiter, quote: layout.quote, language }
    }

    /// `original` skips what is not the row's own: the columns in front, when a rejects file is itself imported.
    pub(super) fn write(
        &mut self,
        line: u64,
        problem: &RowProblem,
        record: &StringRecord,
        header: &[String],
        original: usize,
    ) -> io::Result<()> {
        let reason = self.fitting(&match self.language {
            RejectsIn::Chinese => problem.fault.in_chinese(),
            RejectsIn::English => problem.fault.to_string(),
        });
        let column = self.fitting(&problem.column);
        let writer = self.started(header.get(original..).unwrap_or_default())?;
        let line = line.to_string();
        let lead = [line.as_str(), &column, &reason];
        writer.write_record(lead.into_iter().chain(record.iter().skip(original)))?;
        Ok(())
    }

    /// Nothing is written, and no file made, before the first row is rejected.
    fn started(&mut self, header: &[String]) -> io::Result<&mut Writer<&'w mut dyn Write>> {
        if let Some(sink) = self.sink.take() {
            sink.write_all(BYTE_ORDER_MARK)?;
            let mut builder = WriterBuilder::new();
            builder.delimiter(self.delimiter).flexible(true);
            match self.quote {
                Some(quote) => builder.quote(quote),
                None => builder.quote_style(QuoteStyle::Never),
            };
            let mut writer = builder.from_writer(sink);
            writer.write_record(LEAD.into_iter().chain(header.iter().map(String::as_str)))?;
            self.writer = Some(writer);
        }
        self.writer.as_mut().ok_or_else(|| io::Error::other("the rejects file is closed"))
    }

    /// Where quotes are characters like any other, the delimiter must not stand in our own words.
    fn fitting(&self, text: &str) -> String {
        match self.quote {
            Some(_) => text.to_owned(),
            None => text.replace(char::from(self.delimiter), " "),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), Writer::flush)
    }
}
