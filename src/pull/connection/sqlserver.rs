//! SQL Server. Without TLS: its driver has it by libraries that are not in this program.

use std::future::ready;

use futures_util::{StreamExt as _, TryStreamExt as _};
use tiberius::{AuthMethod, Client, Config, EncryptionLevel, QueryItem, error::Error};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt as _};

use super::{
    CONNECT_WITHIN, RowStream,
    sqlserver_cell::{cell, column},
};
use crate::{
    feed::import::GivenCell,
    pull::{
        error::{PullError, without_values},
        table::DbColumn,
        task::{DatabaseKind, PullDatabase},
    },
};

pub(super) struct SqlServer {
    line: Client<Compat<TcpStream>>,
}

impl SqlServer {
    pub(super) async fn open(database: &PullDatabase, password: &str) -> Result<Self, PullError> {
        let mut config = Config::new();
        config.host(&database.host);
        config.port(database.port());
        config.database(&database.database);
        config.authentication(AuthMethod::sql_server(&database.user, password));
        config.application_name("tongguan pull");
        config.encryption(EncryptionLevel::NotSupported);
        config.readonly(true);
        config.handshake_timeout(Some(CONNECT_WITHIN));
        config.lossy_utf16_decoding(true);
        let line = TcpStream::connect((database.host.as_str(), database.port())).await;
        let line = line.map_err(|error| PullError::Away(error.to_string()))?;
        line.set_nodelay(true).map_err(|error| PullError::Away(error.to_string()))?;
        let line = Client::connect(config, line.compat_write()).await.map_err(|error| of(&error))?;
        Ok(Self { line })
    }

    pub(super) async fn columns(&mut self, statement: &str, kind: DatabaseKind) -> Result<Vec<DbColumn>, PullError> {
        let mut said = self.line.simple_query(statement).await.map_err(|error| of(&error))?;
        let columns = said.columns().await.map_err(|error| of(&error))?.unwrap_or_default();
        let columns = columns.iter().map(|said| column(kind, said)).collect();
        said.into_results().await.map_err(|error| of(&error))?;
        Ok(columns)
    }

    pub(super) async fn one(&mut self, statement: &str) -> Result<Option<String>, PullError> {
        let said = self.line.simple_query(statement).await.map_err(|error| of(&error))?;
        let row = said.into_row().await.map_err(|error| of(&error))?;
        let first = row.as_ref().and_then(|row| row.cells().next());
        Ok(first.and_then(|(_, value)| match cell(value) {
            GivenCell::Text(text) => Some(text),
            _ => None,
        }))
    }

    pub(super) async fn rows(&mut self, statement: &str) -> Result<RowStream<'_>, PullError> {
        let said = self.line.simple_query(statement).await.map_err(|error| of(&error))?;
        let cells = |item| match item {
            QueryItem::Row(row) => Some(row.cells().map(|(_, value)| cell(value)).collect()),
            QueryItem::Metadata(_) => None,
        };
        Ok(said.map_err(|error| of(&error)).try_filter_map(move |item| ready(Ok(cells(item)))).boxed())
    }
}

fn of(error: &Error) -> PullError {
    match error {
        Error::Server(said) => match said.code() {
            // Who we are, which database, what is asked of it, and what is not there.
            102 | 105 | 156 | 170 | 207 | 208 | 229 | 230 | 911 | 916 | 1033 | 4060 | 4104 | 8156 | 18452 | 18456
            | 18470 => PullError::Refused(format!("{} ({})", said.message(), said.code())),
            // A deadlock, no room, a restart.
            701 | 802 | 1205 | 1222 | 3960 | 6005 | 10928 | 10929 | 17142 | 40197 | 40501 | 40613 => {
                PullError::Away(format!("{} ({})", without_values(said.message()), said.code()))
            }
            code => PullError::Broken(format!("{} ({code})", without_values(said.message()))),
        },
        Error::Io { message, .. } => PullError::Away(message.clone()),
        Error::Tls(_) => PullError::Refused("the server demands TLS, which is not spoken (docs/pull.md)".to_owned()),
        // One byte that is no text of its code page ends the whole answer.
        Error::Encoding(_) | Error::Utf8 | Error::Utf16 | Error::Conversion(_) => PullError::Broken(
            "a text is not valid in its code page; write CAST(column AS nvarchar(4000)) in the query".to_owned(),
        ),
        _ => PullError::Away("the connection is out of step".to_owned()),
    }
}
