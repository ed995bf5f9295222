//! A database of one test's own, dropped at its end, whether the test passes or not.

use std::time::Duration;

use clickhouse::{RowOwned, RowRead};
use tongguan::{
    domain::case::Case,
    store::{Store, cases, client::Address, migrate},
};

pub struct Scratch {
    pub store: Store,
    address: Address,
}

impl Scratch {
    /// Migrated and empty.
    pub async fn new(purpose: &str) -> Self {
        crate::own::adopt();
        let url = std::env::var("TONGGUAN__CLICKHOUSE__URL").unwrap_or_else(|_| "http://127.0.0.1:18123".to_owned());
        let address = Address {
            url,
            tls: tongguan::tls::Files::default(),
            database: format!("kpi_test_{purpose}_{:08x}", rand::random::<u32>()),
            user: "default".to_owned(),
            password: String::new(),
            insert_timeout: Duration::from_secs(30),
            lookup_timeout: Duration::from_secs(30),
            query_timeout: Duration::from_secs(30),
        };
        let scratch = Self { store: Store::new(address.clone()).unwrap(), address };
        migrate::migrate(&scratch.store).await.expect("ClickHouse must be there for this test");
        scratch
    }

    pub fn url(&self) -> &str {
        &self.address.url
    }

    pub fn database(&self) -> &str {
        &self.address.database
    }

    pub async fn insert(&self, cases: impl Iterator<Item = &Case>, generation: u32) {
        cases::insert(&self.store, cases::encode(cases, generation)).await.unwrap();
    }

    pub async fn rows<T: RowOwned + RowRead>(&self, sql: &str) -> Vec<T> {
        self.store.fetch_all(self.store.query(sql)).await.unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let address = self.address.clone();
        // The test's own runtime cannot wait in a destructor.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let store = Store::new(address).unwrap();
            runtime.block_on(async {
                for database in ["{{database}}_mart", "{{database}}"] {
                    let _ = store.execute(&format!("DROP DATABASE IF EXISTS {database} SYNC")).await;
                }
            });
        });
        let _ = dropping.join();
    }
}
