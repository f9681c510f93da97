"""What tests share: the store they run against, the network they run in."""
