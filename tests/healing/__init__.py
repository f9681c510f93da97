"""Calls that lose their worker, their hub, their store, their path or their packets, and go on."""
