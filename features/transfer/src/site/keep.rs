//! Keeps rows that nothing uses yet, byte for byte, with the definition of their table.

use std::sync::Arc;

use gp_kernel::Result;
use gp_sqldump::TableDef;
use gp_store::Conn;
use sha2::{Digest as _, Sha256};

use crate::store::kept;

/// The kept rows of one table, as they are being written.
pub(crate) struct Keeper {
    label: String,
    table: Arc<TableDef>,
    columns: Vec<String>,
    /// Rows kept from an earlier import.
    before: i64,
    rows: i64,
    digest: Sha256,
}

impl Keeper {
    /// Begins a table.
    pub async fn new(tx: &mut Conn, label: &str, table: Arc<TableDef>, columns: &[String]) -> Result<Self> {
        let columns = if columns.is_empty() {
            table.columns.iter().map(|c| c.name.clone()).collect()
        } else {
            columns.to_vec()
        };
        Ok(Self {
            label: label.to_owned(),
            before: kept::count(tx, label).await?,
            table,
            columns,
            rows: 0,
            digest: Sha256::new(),
        })
    }

    /// Keeps rows, as tuples.
    pub async fn put(&mut self, tx: &mut Conn, rows: Vec<Vec<u8>>) -> Result<()> {
        for row in &rows {
            self.digest.update(row);
            self.digest.update(b"\n");
        }
        let first = self.rows + 1;
        self.rows += i64::try_from(rows.len()).unwrap_or(0);
        kept::put(tx, &self.label, first, rows, self.before).await
    }

    /// Ends the table.
    pub async fn close(self, tx: &mut Conn) -> Result<()> {
        let digest: String = self.digest.finalize().iter().map(|b| format!("{b:02x}")).collect();
        let columns = serde_json::to_string(&self.columns).unwrap_or_default();
        kept::close(tx, &self.label, &self.table.definition, &columns, &digest, self.rows).await
    }
}
