"""The ledger and the accounts, on a real store."""
