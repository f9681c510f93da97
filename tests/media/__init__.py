"""The SFU."""
