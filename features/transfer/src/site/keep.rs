//! Keeps rows that nothing uses yet, byte for byte, with the definition of their table.

use std::sync::Arc;

use gp_kernel::Result;
use gp_sqldump::TableDef;
use gp_store::Conn;
use sha2::{Digest as _, Sha256};

use super::survey::position;
use crate::{
    rows::{Batch, OwnedRow},
    store::kept,
};

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
        let columns = if table.columns.is_empty() {
            columns.to_vec()
        } else {
            table.columns.iter().map(|c| c.name.clone()).collect()
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

    /// Keeps rows of a batch as tuples, in the order of the table's columns, however their statement named them.
    pub async fn put(&mut self, tx: &mut Conn, batch: &Batch, rows: &[&OwnedRow]) -> Result<()> {
        let as_it_is = batch.columns.is_empty() || batch.columns[..] == self.columns[..];
        let order: Vec<Option<usize>> = self.columns.iter().map(|name| position(&batch.columns, name)).collect();
        let tuple = |row: &&OwnedRow| {
            if as_it_is {
                row.tuple()
            } else {
                row.tuple_of(order.iter().copied())
            }
        };
        let rows: Vec<Vec<u8>> = rows.iter().map(tuple).collect();
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
