//! What every door shares: state, answers, error pages, addresses.
