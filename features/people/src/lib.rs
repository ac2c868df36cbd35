//! Accounts, roles, requests for one's own data.
