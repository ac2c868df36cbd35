//! Servers beside each other, and servers whose database goes away.

mod limits;
mod lost_database;
mod tls;
mod two_servers;
mod wire;
