//! Standard output, whose reader may go before the end: `tongguan … | head -1`. That is no error, and what a command does is done to its end.

use std::io::{self, ErrorKind, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

#[derive(Debug)]
pub struct Output<W> {
    inner: W,
    /// Whoever read it has gone: what comes now is for nobody.
    is_unread: bool,
}

impl<W: Write> Output<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, is_unread: false }
    }

    fn unless_unread<T>(&mut self, wrote: io::Result<T>, otherwise: T) -> io::Result<T> {
        match wrote {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.is_unread = true;
                Ok(otherwise)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_unread {
            return Ok(bytes.len());
        }
        let wrote = self.inner.write(bytes);
        self.unless_unread(wrote, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.is_unread {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_unread(flushed, ())
    }
}

/// Whether whoever read standard output has gone; for what writes seldom, and would not find out.
pub fn is_unread() -> bool {
    let stdout = io::stdout();
    let mut asked = [PollFd::new(&stdout, PollFlags::empty())];
    let found = poll(&mut asked, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
    found.is_ok() && asked[0].revents().intersects(PollFlags::ERR | PollFlags::HUP)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes one write, then fails.
    struct Once(ErrorKind, bool);

    impl Write for Once {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.1, true) { Err(self.0.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            if self.1 { Err(self.0.into()) } else { Ok(()) }
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_and_a_full_disk_is() {
        let mut gone = Output::new(Once(ErrorKind::BrokenPipe, false));
        for _ in 0..3 {
            gone.write_all(b"line\n").unwrap();
        }
        gone.flush().unwrap();
        let mut full = Output::new(Once(ErrorKind::StorageFull, false));
        full.write_all(b"line\n").unwrap();
        assert_eq!(full.write_all(b"line\n").unwrap_err().kind(), ErrorKind::StorageFull);
        assert_eq!(full.flush().unwrap_err().kind(), ErrorKind::StorageFull);
    }
}
