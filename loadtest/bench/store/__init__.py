"""Benches of the ledger in a real store: what a booking costs, and how late timers are."""
