"""Attacks by members with clients of their own, and by strangers; every one of them has to fail."""
